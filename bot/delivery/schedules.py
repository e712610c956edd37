"""When things happen by themselves: a programme's rule, and each time it came true.

    schedule     "check-ins, Mondays at nine, where each member lives"
    occurrence   "Monday the 9th of March, in Toronto": once per schedule, zone and local date
    recipient    what that meant for one member: once per schedule, member and period

The period is the date the rule names (the Monday), the same wherever the member lives.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Row,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    insert,
    or_,
    select,
    text,
    update,
)

from bot.clockwork.recurrence import Weekly
from bot.delivery.quiet import monday
from bot.people import cohorts as cohorts_
from bot.people.cohorts import Cohort, cohorts
from bot.people.memberships import MemberState, members
from bot.people.users import users
from bot.storage.columns import Day, Flag, Id, Json, Moment, word
from bot.storage.database import Tx, table

AT_ONCE = datetime.fromtimestamp(0, UTC)
"""The next moment of a schedule that should be looked at again before anything else."""


class Scope(StrEnum):
    """Whose clock a schedule follows: the cohort's, or each member's own."""

    COHORT = "cohort"
    MEMBER = "member"


class OccurrenceState(StrEnum):
    """Whether an occurrence is about to be carried out, was, or was left out."""

    PLANNED = "planned"
    DONE = "done"
    SKIPPED = "skipped"


schedules = table(
    "schedule",
    Column("schedule_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("rule", Json, nullable=False),
    word("scope", Scope),
    Column("enabled", Flag, nullable=False, server_default="1"),
    Column("grace_seconds", Id, nullable=False),
    Column("since_at", Moment, nullable=False),
    Column("looked_at", Moment),
    Column("next_fire_at", Moment),
    UniqueConstraint("cohort_id", "kind"),
    Index(
        "ix_schedule_enabled_next_fire_at",
        "next_fire_at",
        sqlite_where=text("enabled = 1"),
    ),
)

occurrences = table(
    "occurrence",
    Column("occurrence_id", Id, primary_key=True),
    Column(
        "schedule_id", Id, ForeignKey(schedules.c.schedule_id, ondelete="CASCADE"), nullable=False
    ),
    Column("zone", Text, nullable=False),
    Column("on", Day, nullable=False),
    Column("due_at", Moment, nullable=False),
    word("state", OccurrenceState, server_default="planned"),
    Column("why", Text, nullable=False, server_default=""),
    UniqueConstraint("schedule_id", "zone", "on"),
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """One programme of a cohort: what, when, by whose clock, and how late is still worth it.

    Occurrences that were due by `since_at` (when it was made, changed, or the cohort went live)
    are none of its own.
    """

    schedule_id: int
    cohort_id: int
    kind: str
    rule: Weekly
    scope: Scope
    enabled: bool
    grace_seconds: int
    since_at: datetime
    looked_at: datetime | None
    next_fire_at: datetime | None

    @property
    def grace(self) -> timedelta:
        """How late an occurrence is still carried out."""
        return timedelta(seconds=self.grace_seconds)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time a schedule came true: the local date that names it, in one zone."""

    occurrence_id: int
    schedule_id: int
    cohort_id: int
    kind: str
    rule: Weekly
    scope: Scope
    zone: str
    on: date
    due_at: datetime
    state: OccurrenceState
    why: str


def _schedule(row: Row[Any]) -> Schedule:
    values: dict[str, Any] = dict(row._mapping)
    values["rule"] = Weekly.model_validate(values["rule"])
    return Schedule(**values)


def _occurrence(row: Row[Any]) -> Occurrence:
    values: dict[str, Any] = dict(row._mapping)
    values["rule"] = Weekly.model_validate(values["rule"])
    return Occurrence(**values)


async def set_schedule(
    tx: Tx,
    cohort: Cohort,
    kind: str,
    rule: Weekly,
    scope: Scope,
    *,
    grace: timedelta,
    now: datetime,
    enabled: bool = True,
) -> Schedule:
    """Set when a programme happens in a cohort, and have the planner look at it at once.

    A new or changed rule begins now: what it would have done earlier is not made up for. Saving
    the same again changes nothing.

    `grace` is how late it is still carried out after the bot was away. For whatever follows the
    members' clocks it should be at least 26 hours, the widest jump between two zones: someone
    who moves from one end of the date line to the other is asked, not lost.
    """
    known = await find(tx, cohort.cohort_id, kind)
    values: dict[str, Any] = {
        "rule": rule.model_dump(mode="json"),
        "scope": scope,
        "enabled": enabled,
        "grace_seconds": int(grace.total_seconds()),
        "next_fire_at": AT_ONCE,
    }
    if known is None:
        statement = insert(schedules).values(
            cohort_id=cohort.cohort_id, kind=kind, since_at=now, **values
        )
    else:
        same = (known.rule, known.scope, known.enabled) == (rule, scope, enabled)
        begins = {} if same else {"since_at": now, "looked_at": None}
        statement = (
            update(schedules)
            .where(schedules.c.schedule_id == known.schedule_id)
            .values(**values, **begins)
        )
    return _schedule((await tx.execute(statement.returning(schedules))).one())


async def get(tx: Tx, schedule_id: int) -> Schedule | None:
    """Return the schedule of that number, if there is one."""
    row = await tx.execute(select(schedules).where(schedules.c.schedule_id == schedule_id))
    found = row.one_or_none()
    return _schedule(found) if found else None


async def find(tx: Tx, cohort_id: int, kind: str) -> Schedule | None:
    """Return when a programme happens in a cohort, if it has been set."""
    row = await tx.execute(_OF_KIND, {"cohort_id": cohort_id, "kind": kind})
    found = row.one_or_none()
    return _schedule(found) if found else None


async def of_cohort(tx: Tx, cohort_id: int) -> list[Schedule]:
    """Return every schedule of a cohort, in the order in which they were made."""
    rows = await tx.execute(
        select(schedules)
        .where(schedules.c.cohort_id == cohort_id)
        .order_by(schedules.c.schedule_id)
    )
    return [_schedule(row) for row in rows]


async def due(tx: Tx, now: datetime) -> list[Schedule]:
    """Return the schedules that the planner has to look at."""
    rows = await tx.execute(_DUE, {"now": now})
    return [_schedule(row) for row in rows]


async def next_at(tx: Tx) -> datetime | None:
    """Return the earliest moment at which the planner has to look at a schedule."""
    rows = await tx.execute(_NEXT)
    return rows.scalar_one_or_none()


_OF_KIND = select(schedules).where(
    schedules.c.cohort_id == bindparam("cohort_id"), schedules.c.kind == bindparam("kind")
)
_DUE = (
    select(schedules)
    .where(schedules.c.enabled == text("1"), schedules.c.next_fire_at <= bindparam("now"))
    .order_by(schedules.c.next_fire_at, schedules.c.schedule_id)
)
_NEXT = (
    select(schedules.c.next_fire_at)
    .where(schedules.c.enabled == text("1"), schedules.c.next_fire_at.is_not(None))
    .order_by(schedules.c.next_fire_at)
    .limit(1)
)


async def change(tx: Tx, schedule_id: int, **values: Any) -> None:
    """Note what the planner found."""
    await tx.execute(
        update(schedules).where(schedules.c.schedule_id == schedule_id).values(**values)
    )


async def touch(tx: Tx, cohort_id: int) -> None:
    """Have the planner look again at once: dates, members or somebody's zone have changed."""
    await tx.execute(
        update(schedules).where(schedules.c.cohort_id == cohort_id).values(next_fire_at=AT_ONCE)
    )


async def touch_user(tx: Tx, user_id: int) -> None:
    """Have the planner look again at every cohort this user is in: they live elsewhere now."""
    mine = select(members.c.cohort_id).where(members.c.user_id == user_id)
    await tx.execute(
        update(schedules).where(schedules.c.cohort_id.in_(mine)).values(next_fire_at=AT_ONCE)
    )


async def zones_of(tx: Tx, cohort_id: int) -> list[str]:
    """Return every zone in which somebody of the cohort lives, taking part or pausing."""
    rows = await tx.execute(_ZONES, {"cohort_id": cohort_id})
    return sorted(rows.scalars())


_ZONES = (
    select(users.c.zone)
    .distinct()
    .join(members, members.c.user_id == users.c.user_id)
    .where(
        members.c.cohort_id == bindparam("cohort_id"),
        members.c.state.in_([MemberState.JOINED, MemberState.PAUSED]),
    )
)
_WHOLE = select(
    occurrences, schedules.c.cohort_id, schedules.c.kind, schedules.c.rule, schedules.c.scope
).join(schedules)
_FIRST = (
    _WHOLE.where(
        occurrences.c.schedule_id == bindparam("schedule_id"), occurrences.c.on == bindparam("on")
    )
    .order_by(occurrences.c.due_at)
    .limit(1)
)
_IN_ZONE = _FIRST.where(occurrences.c.zone == bindparam("zone"))


async def occurrence(
    tx: Tx, schedule_id: int, on: date, zone: str | None = None
) -> Occurrence | None:
    """Return the occurrence of that date, in that zone or wherever it came first."""
    known = {"schedule_id": schedule_id, "on": on, "zone": zone}
    rows = await tx.execute(_FIRST if zone is None else _IN_ZONE, known)
    row = rows.one_or_none()
    return _occurrence(row) if row else None


async def had_already(tx: Tx, schedule_id: int, on: date) -> bool:
    """Say whether a date has been dealt with, or its week has had what the schedule brings."""
    c = occurrences.c
    same_week = and_(c.on >= monday(on), c.on < monday(on) + timedelta(days=7))
    row = await tx.execute(
        select(c.occurrence_id)
        .where(
            c.schedule_id == schedule_id,
            or_(c.on == on, and_(same_week, c.state == OccurrenceState.DONE)),
        )
        .limit(1)
    )
    return row.first() is not None


async def occurrences_of(tx: Tx, schedule_id: int, *, count: int = 100) -> list[Occurrence]:
    """Return what a schedule came to, newest first."""
    rows = await tx.execute(
        _WHOLE.where(occurrences.c.schedule_id == schedule_id)
        .order_by(occurrences.c.due_at.desc(), occurrences.c.occurrence_id.desc())
        .limit(count)
    )
    return [_occurrence(row) for row in rows]


async def open_occurrence(
    tx: Tx, schedule: Schedule, zone: str, on: date, due_at: datetime
) -> Occurrence:
    """Return the occurrence of that zone and date, after noting it where it was not."""
    known = await occurrence(tx, schedule.schedule_id, on, zone)
    if known is None:
        await tx.execute(
            insert(occurrences).values(
                schedule_id=schedule.schedule_id, zone=zone, on=on, due_at=due_at
            )
        )
        known = await occurrence(tx, schedule.schedule_id, on, zone)
        assert known is not None
    return known


async def settle(tx: Tx, occurrence_id: int, state: OccurrenceState, why: str = "") -> None:
    """Note that an occurrence was carried out, or why it was left out."""
    await tx.execute(
        update(occurrences)
        .where(occurrences.c.occurrence_id == occurrence_id)
        .values(state=state, why=why)
    )


async def upcoming(
    tx: Tx, cohort: Cohort, now: datetime, count: int
) -> list[tuple[datetime, str, str | None]]:
    """Return what happens next in a cohort: moment, kind, and the zone where clocks differ."""
    skipped = set(await cohorts_.skipped(tx, cohort.cohort_id))
    found: list[tuple[datetime, str, str | None]] = []
    for schedule in await of_cohort(tx, cohort.cohort_id):
        if not schedule.enabled:
            continue
        own = schedule.scope is Scope.MEMBER
        for zone in await zones_of(tx, cohort.cohort_id) if own else [cohort.zone]:
            moment = now
            for _ in range(count + len(skipped)):
                on, moment = schedule.rule.next(moment, zone)
                if on not in skipped and in_span(cohort, on):
                    found.append((moment, schedule.kind, zone if own else None))
    return sorted(found, key=lambda each: (each[0], each[1], each[2] or ""))[:count]


def in_span(cohort: Cohort, on: date) -> bool:
    """Say whether a day lies between the cohort's first and last."""
    return (cohort.first_day is None or cohort.first_day <= on) and (
        cohort.last_day is None or on <= cohort.last_day
    )
