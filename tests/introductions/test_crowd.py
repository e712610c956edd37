"""Five thousand people are introduced, and the bot goes on answering meanwhile."""

import asyncio
import gc
import random
import sys
import time
from collections import Counter, defaultdict
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import event, func, insert, select, update

from bot.delivery.letters import letters
from bot.matching.worker import Solver
from bot.people import cohorts
from bot.people.memberships import Delivery, MemberState, Volume, members
from bot.people.profiles import Detail, profiles
from bot.people.users import Inbox, users
from cogs.introductions.model import GroupState, Part, RoundState
from cogs.introductions.rounds import Rounds
from cogs.introductions.store import IntroductionStore, groups, participants, seats
from cogs.introductions.telling import Telling
from tests.bot.matching.crowds import ZONES, crowd
from tests.conftest import MONDAY

pytestmark = pytest.mark.slow

PEOPLE = 5000
FIRST = 10_000


class EverybodyIsHere:
    """A server nobody has left."""

    async def absent(self, guild_id, user_ids):
        return set()


@contextmanager
def watched(monkeypatch, db):
    """Note for how long each step computed before the loop had its turn, and every statement.

    Counts what this thread computes, whatever else the machine does.
    """
    held, asked = [], []
    run = asyncio.Handle._run

    def timed(handle):
        before = time.thread_time()
        run(handle)
        held.append(time.thread_time() - before)

    def note(*about):
        asked.append(about[2])

    with monkeypatch.context() as patched, ExitStack() as stack:
        patched.setattr(asyncio.Handle, "_run", timed)
        for engine in (db.reader.sync_engine, db.writer.sync_engine):
            event.listen(engine, "before_cursor_execute", note)
            stack.callback(event.remove, engine, "before_cursor_execute", note)
        yield held, asked


async def settled(db, cohort, now):
    """Everybody takes part, and has told what people tell: a team, interests, hours."""
    chance, people = random.Random(1), crowd(PEOPLE, first=FIRST)
    ids = [each.person_id for each in people]
    async with db.write() as tx:
        common = {"locale": "en-US", "inbox": Inbox.OPEN, "created_at": now}
        await tx.execute(
            insert(users),
            [{"user_id": n, "zone": chance.choice(ZONES), **common} for n in ids],
        )
        common = {
            "cohort_id": cohort.cohort_id,
            "state": MemberState.JOINED,
            "delivery": Delivery.DM,
            "volume": Volume.STANDARD,
            "starts_on": cohort.first_day,
            "ends_on": cohort.last_day,
            "joined_at": now,
        }
        await tx.execute(
            insert(members),
            [{"member_id": n, "user_id": n, "name": f"Intern {n}", **common} for n in ids],
        )
        await tx.execute(
            insert(participants),
            [{"member_id": n, "part": Part.IN, "joined_at": now} for n in ids],
        )
        shown = sorted({Detail.TEAM, Detail.INTERESTS, Detail.UNDERSTAND, Detail.HOURS})
        empty = dict.fromkeys((detail.value for detail in Detail), "")
        await tx.execute(
            insert(profiles),
            [
                {
                    **empty,
                    "member_id": each.person_id,
                    "team": each.team,
                    "role": next(iter(each.offers)),
                    "interests": ", ".join(sorted(each.interests)),
                    "understand": ", ".join(sorted(each.curious_about)),
                    "hours": "9-17",
                    "shown": shown,
                    "changed_at": now,
                }
                for each in people
            ],
        )


async def met(db):
    """Open every thread at once, and give the pairs of people who were introduced so far."""
    async with db.write() as tx:
        await tx.execute(
            update(groups).values(state=GroupState.OPEN, opened_at=MONDAY, thread_id=1)
        )
        rows = await tx.execute(select(seats.c.group_id, seats.c.member_id))
        pairs = defaultdict(set)
        for group_id, member_id in rows:
            pairs[group_id].add(member_id)
    return Counter(map(frozenset, pairs.values()))


async def test_two_rounds_of_five_thousand_are_decided_while_the_bot_goes_on(
    db, clock, cohort, capsys, monkeypatch, child_process
):
    async with db.write() as tx:
        cohort = await cohorts.change(tx, cohort.cohort_id, introductions_id=77)
    await settled(db, cohort, clock())
    store = IntroductionStore()
    house = Rounds(db, clock, store, Telling(store), EverybodyIsHere(), Solver().match)
    gc.freeze()  # as the bot does once everything is loaded

    for number in (1, 2):
        async with db.write() as tx:
            round = await house.begin_now(tx, cohort, clock())
            await store.change_round(tx, round.round_id, state=RoundState.DUE)
        began = time.perf_counter()
        with watched(monkeypatch, db) as (held, asked):
            await house.open_due(clock())
        took = time.perf_counter() - began
        pairs = await met(db)
        async with db.read() as tx:
            rows = await tx.execute(select(letters.c.kind, func.count()).group_by(letters.c.kind))
            written = {kind.removeprefix("introduction."): count for kind, count in rows}
        with capsys.disabled():
            sys.stdout.write(
                f"\nround {number}: {PEOPLE} people matched, {PEOPLE // 2} threads and welcomes "
                f"written in {took:.1f} s, {len(asked)} statements, loop held for at most "
                f"{max(held) * 1000:.1f} ms, {pairs.total() - len(pairs)} repeats\n"
            )
        assert {len(pair) for pair in pairs} == {2}
        assert pairs.total() == len(pairs) == number * PEOPLE // 2
        assert written["room"] == written["welcome"] == number * PEOPLE // 2
        assert len(asked) <= PEOPLE // 10
        clock.advance(days=14)
