"""The message budget: how often the bot may speak to somebody without being asked.

Light is one ping a week, standard three a week and one a day, everything is everything. Days and
weeks are the member's own; a ping counts on the day on which it reaches them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from bot.clockwork.breathing import breathing, slices
from bot.clockwork.zones import zone_info
from bot.delivery.quiet import monday, wait
from bot.people.memberships import Member, Volume, members
from bot.people.users import users
from bot.storage.columns import Day, Id, Wall
from bot.storage.database import Tx, table

CHUNK = 500
A_DAY = 1
A_WEEK = 3
A_LIGHT_WEEK = 1
A_LOT = 1000

pings = table(
    "ping",
    Column(
        "member_id",
        Id,
        ForeignKey(members.c.member_id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column(
        "letter_id",
        Id,
        ForeignKey("letter.letter_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("local_on", Day, nullable=False),
    Column("week_on", Day, nullable=False),
    Index(None, "member_id", "week_on"),
    Index(None, "letter_id"),
)


@dataclass(frozen=True, slots=True)
class Ping:
    """One automatic ping for a member, on the local day on which it reaches them."""

    member_id: int
    letter_id: int
    local_on: date


def heard_on(member: Member, moment: datetime) -> date:
    """Return the member's day on which something sent at that moment reaches them."""
    heard = wait(moment, member.zone, member.quiet_from, member.quiet_to)
    return heard.astimezone(zone_info(member.zone)).date()


async def allows(tx: Tx, member: Member, moment: datetime) -> bool:
    """Say whether one more automatic ping at that moment fits what the member accepts."""
    return await left(tx, member, moment) > 0


async def left(tx: Tx, member: Member, moment: datetime) -> int:
    """Return how many more pings the member accepts in that week; none when the day had its one."""
    if member.volume is Volume.EVERYTHING:
        return A_LOT
    day = heard_on(member, moment)
    row = await tx.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((pings.c.local_on == day, 1), else_=0)), 0),
        ).where(pings.c.member_id == member.member_id, pings.c.week_on == monday(day))
    )
    in_week, on_day = row.one()
    if member.volume is Volume.LIGHT:
        return max(0, A_LIGHT_WEEK - in_week)
    return max(0, A_WEEK - in_week) if on_day < A_DAY else 0


def used_up(moment: datetime, zone: str) -> ColumnElement[bool]:
    """Return, for a statement over members of one zone, whether a ping then would be too many."""
    local = moment.astimezone(zone_info(zone))
    today, tomorrow = local.date(), local.date() + timedelta(days=1)
    night_began = and_(
        users.c.quiet_from > users.c.quiet_to,
        users.c.quiet_from <= literal(local.time().replace(second=0, microsecond=0), Wall()),
    )

    def too_many(day: date) -> ColumnElement[bool]:
        in_week = (
            select(func.count())
            .where(pings.c.member_id == members.c.member_id, pings.c.week_on == monday(day))
            .correlate(members)
            .scalar_subquery()
        )
        on_day = (
            select(func.count())
            .where(
                pings.c.member_id == members.c.member_id,
                pings.c.week_on == monday(day),
                pings.c.local_on == day,
            )
            .correlate(members)
            .scalar_subquery()
        )
        return or_(
            and_(members.c.volume == Volume.LIGHT, in_week >= A_LIGHT_WEEK),
            and_(members.c.volume == Volume.STANDARD, or_(on_day >= A_DAY, in_week >= A_WEEK)),
        )

    return case((night_began, too_many(tomorrow)), else_=too_many(today))


async def count(tx: Tx, pinged: Iterable[Ping]) -> None:
    """Count pings; the same letter counts once for a member."""
    rows = [
        {
            "member_id": ping.member_id,
            "letter_id": ping.letter_id,
            "local_on": ping.local_on,
            "week_on": monday(ping.local_on),
        }
        for ping in pinged
    ]
    async for chunk in breathing(slices(rows, CHUNK), 1):
        await tx.execute(insert(pings), chunk)


async def pinged(tx: Tx, letter_id: int, member_ids: Sequence[int]) -> frozenset[int]:
    """Return those of these members whose attention a letter took."""
    rows = await tx.execute(
        select(pings.c.member_id).where(
            pings.c.letter_id == letter_id, pings.c.member_id.in_(member_ids)
        )
    )
    return frozenset(rows.scalars())


async def forget(tx: Tx, letters: Sequence[int]) -> None:
    """Give the pings of letters back that reached nobody."""
    if letters:
        await tx.execute(delete(pings).where(pings.c.letter_id.in_(letters)))


async def move(tx: Tx, letter_id: int, member_id: int, day: date) -> None:
    """Count a ping on the day on which it really reaches the member."""
    await tx.execute(
        update(pings)
        .where(pings.c.letter_id == letter_id, pings.c.member_id == member_id)
        .values(local_on=day, week_on=monday(day))
    )
