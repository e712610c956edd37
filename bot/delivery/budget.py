"""The message budget: how often the bot may speak to somebody without being asked.

Light is one ping a week, standard three a week and one a day, everything is everything. Days and
weeks are the member's own; a ping counts on the day on which it reaches them. Whatever else would
like to be said leaves the week's check-in its place: its own day, and one ping of its week.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.clockwork.breathing import breathing, slices
from bot.clockwork.recurrence import to_utc
from bot.clockwork.zones import zone_info
from bot.delivery import schedules
from bot.delivery.quiet import monday, wait
from bot.delivery.schedules import Schedule, Scope
from bot.people import cohorts
from bot.people.cohorts import Cohort
from bot.people.memberships import Member, Volume, members
from bot.people.users import users
from bot.storage.columns import Day, Id, Wall
from bot.storage.database import Tx, table

CHUNK = 500
A_DAY = 1
A_WEEK = 3
A_LIGHT_WEEK = 1
A_LOT = 1000
FIRST = "checkin"
"""The programme before which nothing else goes."""

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
    """Say whether one more automatic ping fits, beside the check-in of that week."""
    room = await left(tx, member, moment)
    return room > 0 and not await crowded(tx, [member], moment)


async def without_room(tx: Tx, people: Iterable[Member], moment: datetime) -> frozenset[int]:
    """Return those for whom one more ping at that moment would be too many: `allows` for many."""
    everyone = list(people)
    by_zone: defaultdict[str, list[int]] = defaultdict(list)
    for member in everyone:
        by_zone[member.zone].append(member.member_id)
    found = set(await crowded(tx, everyone, moment))
    for zone, ids in by_zone.items():
        async for chunk in breathing(slices(ids, CHUNK), 1):
            rows = await tx.execute(_WITHOUT_ROOM, {"some": chunk, **at(moment, zone)})
            found.update(rows.scalars())
    return frozenset(found)


async def crowded(tx: Tx, people: Iterable[Member], moment: datetime) -> frozenset[int]:
    """Return those for whom one more ping at that moment would take their check-in's place."""
    asks = _Asks(tx, moment)
    found: set[int] = set()
    waiting: list[Member] = []
    async for member in breathing(people):
        ask_on = await asks.on(member)
        if ask_on is None:
            continue
        if member.volume is Volume.LIGHT or ask_on == heard_on(member, moment):
            found.add(member.member_id)
        else:
            waiting.append(member)
    async for chunk in breathing(slices(waiting, CHUNK), 1):
        heard = await _heard_in_week(tx, chunk, moment)
        found.update(m.member_id for m in chunk if heard[m.member_id] >= A_WEEK - 1)
    return frozenset(found)


class _Asks:
    """On which day of a moment's week members are still to be asked how it is going."""

    def __init__(self, tx: Tx, moment: datetime) -> None:
        self._tx, self._moment = tx, moment
        self._asking: dict[int, tuple[Schedule, Cohort] | None] = {}
        self._days: dict[Hashable, date | None] = {}

    async def on(self, member: Member) -> date | None:
        """Return the day; those who share a clock share it."""
        if not member.checkins or member.volume is Volume.EVERYTHING:
            return None
        number = member.cohort_id
        if number not in self._asking:
            self._asking[number] = await _asking(self._tx, number)
        asking = self._asking[number]
        clock = (number, member.zone, member.quiet_from, member.quiet_to)
        if clock not in self._days:
            self._days[clock] = _ask_on(member, *asking, self._moment) if asking else None
        return self._days[clock]


async def _heard_in_week(tx: Tx, people: Sequence[Member], moment: datetime) -> Counter[int]:
    """Count the pings of each in the week in which that moment reaches them."""
    weeks = {member.member_id: monday(heard_on(member, moment)) for member in people}
    rows = await tx.execute(
        select(pings.c.member_id, pings.c.week_on, func.count())
        .where(pings.c.member_id.in_(list(weeks)), pings.c.week_on.in_(set(weeks.values())))
        .group_by(pings.c.member_id, pings.c.week_on)
    )
    return Counter({number: n for number, week_on, n in rows if weeks[number] == week_on})


async def _asking(tx: Tx, cohort_id: int) -> tuple[Schedule, Cohort] | None:
    """Return a cohort's check-in, where it asks each member by their own clock."""
    schedule = await schedules.find(tx, cohort_id, FIRST)
    cohort = await cohorts.get(tx, cohort_id) if schedule else None
    if schedule is None or cohort is None or schedule.scope is not Scope.MEMBER:
        return None
    return (schedule, cohort) if schedule.enabled and cohort.runs else None


def _ask_on(member: Member, schedule: Schedule, cohort: Cohort, moment: datetime) -> date | None:
    """Return the day in the week of that moment on which a member is still to be asked."""
    week_on = monday(heard_on(member, moment))
    known = schedule.looked_at or schedule.since_at
    begun = to_utc(week_on - timedelta(days=1), time(), member.zone)
    due = schedule.rule.next(min(moment, max(known, begun)), member.zone)
    if heard_on(member, due.at) < week_on:
        due = schedule.rule.next(due.at, member.zone)
    if not schedules.in_span(cohort, due.on):
        return None
    ask_on = heard_on(member, due.at)
    return ask_on if monday(ask_on) == week_on else None


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


def at(moment: datetime, zone: str) -> dict[str, Any]:
    """Return what `USED_UP` has to know of a moment for members of one zone."""
    local = moment.astimezone(zone_info(zone))
    today, tomorrow = local.date(), local.date() + timedelta(days=1)
    return {
        "wall": local.time().replace(second=0, microsecond=0),
        "today": today,
        "week_of_today": monday(today),
        "tomorrow": tomorrow,
        "week_of_tomorrow": monday(tomorrow),
    }


def _used_up() -> ColumnElement[bool]:
    night_began = and_(
        users.c.quiet_from > users.c.quiet_to,
        users.c.quiet_from <= bindparam("wall", type_=Wall()),
    )

    def too_many(day: str) -> ColumnElement[bool]:
        in_week = (
            select(func.count())
            .where(
                pings.c.member_id == members.c.member_id,
                pings.c.week_on == bindparam(f"week_of_{day}"),
            )
            .correlate(members)
        )
        on_day = in_week.where(pings.c.local_on == bindparam(day)).scalar_subquery()
        in_week = in_week.scalar_subquery()
        return or_(
            and_(members.c.volume == Volume.LIGHT, in_week >= A_LIGHT_WEEK),
            and_(members.c.volume == Volume.STANDARD, or_(on_day >= A_DAY, in_week >= A_WEEK)),
        )

    return case((night_began, too_many("tomorrow")), else_=too_many("today"))


USED_UP = _used_up()
"""In a statement over members of one zone: whether a ping would be too many, `at` a moment."""
_WITHOUT_ROOM = (
    select(members.c.member_id)
    .join(users, users.c.user_id == members.c.user_id)
    .where(members.c.member_id.in_(bindparam("some", expanding=True)), USED_UP)
)


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
