"""An installation that is not new: a database on disk with cohorts, members and their Monday.

The bot's process finds it as it would find its own, with nothing running in the test's process
that touches the file meanwhile.
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.clockwork.recurrence import Weekly
from bot.delivery import schedules
from bot.delivery.schedules import Scope
from bot.people import cohorts
from bot.people.cohorts import CohortState
from bot.people.memberships import Delivery, MemberState, Volume, members
from bot.people.users import Inbox, users
from bot.storage.database import Database, Tx
from bot.storage.sealed import Keyring
from bot.storage.tables import everything
from bot.storage.upgrade import upgrade
from cogs.introductions.model import GRACE as A_WEEKEND
from cogs.introductions.model import KIND as INTRODUCTION
from cogs.introductions.model import Part
from cogs.introductions.model import Settings as Acquainting
from cogs.introductions.store import IntroductionStore, participants
from tests.wire import payloads
from tests.wire.payloads import Payload
from tests.wire.process import BotProcess
from tests.wire.server import Wire

GRACE = timedelta(hours=26)
MARK = re.compile(r"why\.ask:(\d+)")


@dataclass(frozen=True)
class Group:
    """One cohort on the wire: its server, its channel, and who chose which way to be reached.

    `inboxes` are the conversations that were opened when people joined, by their ids;
    `openings_id` is the channel for openings, if it has one.
    """

    guild_id: int
    channel_id: int
    by_message: Sequence[int] = ()
    in_thread: Sequence[int] = ()
    on_card: Sequence[int] = ()
    inboxes: Mapping[int, int] = field(default_factory=dict)
    openings_id: int | None = None


async def prepare(home: Path) -> Keyring:
    """Make the key and the database, as the first start would."""
    ring = Keyring.open(home / "stint.key", create=True)
    await upgrade(url_of(home))
    everything()
    return ring


async def settle(home: Path, groups: Sequence[Group], due_at: datetime) -> None:
    """Fill the database with live cohorts whose check-in is due at that moment, everywhere."""
    ring = await prepare(home)
    async with Database.open(url_of(home), ring) as db, db.write() as tx:
        for number, group in enumerate(groups, 1):
            await _cohort(tx, number, group, due_at)


async def _cohort(tx: Tx, number: int, group: Group, due_at: datetime) -> None:
    now = due_at - timedelta(days=8)
    cohort = await cohorts.add(
        tx,
        group.guild_id,
        f"Cohort {number}",
        now=now,
        zone="UTC",
        state=CohortState.LIVE,
        first_day=now.date(),
        last_day=(now + timedelta(weeks=12)).date(),
        announcements_id=group.channel_id,
        checkins_id=group.channel_id,
        opportunities_id=group.openings_id,
    )
    for delivery, people in (
        (Delivery.DM, group.by_message),
        (Delivery.THREAD, group.in_thread),
        (Delivery.CARD, group.on_card),
    ):
        await enrol(tx, cohort.cohort_id, people, delivery, now, group.inboxes)
    rule = Weekly(weekday=due_at.weekday(), at=due_at.time(), anchor=due_at.date())
    began = due_at - timedelta(minutes=1)
    await schedules.set_schedule(tx, cohort, "checkin", rule, Scope.MEMBER, grace=GRACE, now=began)


async def acquaint(home: Path, group: Group, due_at: datetime, size: int = 2) -> None:
    """Fill the database with one live cohort whose first round of introductions is due then.

    Its channel is the one for introductions, and everybody in the group takes part.
    """
    ring = await prepare(home)
    now = due_at - timedelta(days=8)
    async with Database.open(url_of(home), ring) as db, db.write() as tx:
        cohort = await cohorts.add(
            tx,
            group.guild_id,
            "Cohort",
            now=now,
            zone="UTC",
            state=CohortState.LIVE,
            first_day=now.date(),
            last_day=(now + timedelta(weeks=12)).date(),
            introductions_id=group.channel_id,
        )
        people = group.by_message
        await enrol(tx, cohort.cohort_id, people, Delivery.DM, now, group.inboxes)
        rows = await tx.execute(select(members.c.member_id))
        taking_part = {"part": Part.IN, "joined_at": now}
        await tx.execute(
            participants.insert(), [{"member_id": each, **taking_part} for each in rows.scalars()]
        )
        await IntroductionStore().choose(tx, cohort.cohort_id, Acquainting(size=size))
        rule = Weekly(weekday=due_at.weekday(), at=due_at.time(), every=2, anchor=due_at.date())
        began = due_at - timedelta(minutes=1)
        await schedules.set_schedule(
            tx, cohort, INTRODUCTION, rule, Scope.COHORT, grace=A_WEEKEND, now=began
        )


async def enrol(
    tx: Tx,
    cohort_id: int,
    people: Sequence[int],
    delivery: Delivery,
    now: datetime,
    inboxes: Mapping[int, int],
) -> None:
    """Make them members who accept everything and never sleep."""
    if not people:
        return
    known = set((await tx.execute(select(users.c.user_id))).scalars())
    common = {"zone": "UTC", "inbox": Inbox.OPEN, "created_at": now}
    awake = {"quiet_from": time(0), "quiet_to": time(0)}
    new = [
        {"user_id": each, "dm_channel_id": inboxes.get(each), **common, **awake}
        for each in people
        if each not in known
    ]
    if new:
        await tx.execute(users.insert(), new)
    await tx.execute(
        members.insert(),
        [
            {
                "cohort_id": cohort_id,
                "user_id": each,
                "name": f"Intern {each % 1000}",
                "state": MemberState.JOINED,
                "delivery": delivery,
                "volume": Volume.EVERYTHING,
                "joined_at": now,
            }
            for each in people
        ],
    )


def url_of(home: Path) -> str:
    return f"sqlite+aiosqlite:///{home / 'stint.db'}"


def mark(message: Payload) -> int:
    """The number of the letter that this message is."""
    tree = payloads.component_tree(message["components"])
    found = {int(m[1]) for each in tree if (m := MARK.match(each.get("custom_id") or ""))}
    assert len(found) == 1, "an automatic message says why it came"
    return found.pop()


class Outbox:
    """The letters as the database has them, read beside the bot."""

    def __init__(self, process: BotProcess) -> None:
        self._file = process.database

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as database:
            return database.execute(question, values).fetchall()

    def change(self, statement: str) -> None:
        """Make the past look different, while the bot is not running."""
        with closing(sqlite3.connect(self._file)) as database:
            database.execute(statement)
            database.commit()

    def letters(self, due_by: datetime) -> list[tuple[Any, ...]]:
        """Number, kind, state, channel, message and error of what was due by then."""
        return self.ask(
            "SELECT letter_id, kind, state, channel_id, message_id, last_error FROM letter "
            "WHERE due_at <= ? ORDER BY letter_id",
            int(due_by.timestamp()),
        )

    def open(self, due_by: datetime) -> int:
        """How many of those are still to be said."""
        ((count,),) = self.ask(
            "SELECT count(*) FROM letter "
            "WHERE due_at <= ? AND state IN ('pending', 'sending', 'held')",
            int(due_by.timestamp()),
        )
        return count


def servers(wire: Wire, count: int) -> list[tuple[int, int]]:
    """So many servers, each with a channel for its check-ins."""
    made = [wire.world.add_guild(f"Interns {number}") for number in range(1, count + 1)]
    return [(each, wire.world.add_channel(each, "check-ins")) for each in made]
