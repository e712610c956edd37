"""The planner: turns rules into occurrences and recipients, each exactly once.

It only looks at schedules whose next moment has come. For every zone people live in it finds what
the rule named since it last looked. The newest is carried out if it is not too late; everything
older was missed and is noted as skipped, never sent. Looking again changes nothing: an occurrence
is unique by zone and date, and a member appears once per period wherever they live by then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    exists,
    insert,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.sql.dml import ReturningInsert

from bot.delivery import budget, schedules
from bot.delivery.quiet import monday
from bot.delivery.recipients import REACHED, Outcome, recipients
from bot.delivery.schedules import Occurrence, OccurrenceState, Schedule, Scope
from bot.logs import incident
from bot.people import cohorts as cohorts_
from bot.people.cohorts import Cohort, CohortState, skips
from bot.people.memberships import (
    Delivery,
    Member,
    MemberState,
    Stage,
    as_member,
    members,
    pauses,
    whole,
)
from bot.people.users import users
from bot.storage.columns import Day, Id, Moment, Word
from bot.storage.database import Tx

WIDEST_JUMP = timedelta(hours=26)
"""From the last zone to reach a wall time to the first: how far somebody's Monday can move."""

AFTER_A_FAULT = timedelta(minutes=5)
SILENT = (CohortState.DRAFT, CohortState.CLOSED)
STALE = "stale"
HOLIDAY = "holiday"


class Fire(Protocol):
    """A feature's part of a schedule: what to say, to whom."""

    async def fire(
        self, tx: Tx, cohort: Cohort, occurrence: Occurrence, members: list[Member], now: datetime
    ) -> str | None:
        """Write the letters of an occurrence; return why it is left out, if it is.

        By the cohort's clock `members` is empty. By the members' clocks they are exactly those
        newly asked (outcome asked or card), and it may be called again for the same period with
        others: in the next zone, or for someone who moved.
        """
        ...


@dataclass(frozen=True)
class Programme:
    """What a schedule's kind does, and which members want it (true for all who take part)."""

    act: Fire
    eligible: ColumnElement[bool]

    @cached_property
    def anyone_new(self) -> Select[Any]:
        """Return the question whether a period has members to meet, as `_Look` asks it."""
        return _new_members(self.eligible).limit(1)

    @cached_property
    def asking(self) -> ReturningInsert[Any, Any]:
        """Return the statement that notes for each new member whether they are asked."""
        outcome = _say(
            (_PAUSED, Outcome.PAUSED),
            (members.c.delivery == Delivery.CARD, Outcome.CARD),
            (budget.USED_UP, Outcome.BUNDLED),
            otherwise=Outcome.ASKED,
        )
        return _noting(self.eligible, outcome, literal("", Text))

    @cached_property
    def leaving_out(self) -> ReturningInsert[Any, Any]:
        """Return the statement that notes for each new member why nobody is asked."""
        outcome = _say((_PAUSED, Outcome.PAUSED), otherwise=Outcome.SKIPPED)
        return _noting(self.eligible, outcome, bindparam("left_out", type_=Text()))


def programme(act: Fire, eligible: ColumnElement[bool] | None = None) -> Programme:
    """Return a programme for everyone, or for the members for whom `eligible` holds."""
    return Programme(act, true() if eligible is None else eligible)


async def plan(tx: Tx, now: datetime, programmes: Mapping[str, Programme]) -> int:
    """Carry out what is due; return how many schedules were looked at.

    A fault in one schedule is an incident; it is tried again after a while, and the others go on.
    """
    due = await schedules.due(tx, now)
    for schedule in due:
        try:
            async with tx.begin_nested():
                await _look_at(tx, schedule, programmes.get(schedule.kind), now)
        except Exception as error:
            incident(f"planning {schedule.kind} of cohort {schedule.cohort_id}", error)
            await schedules.change(tx, schedule.schedule_id, next_fire_at=now + AFTER_A_FAULT)
    return len(due)


async def _look_at(tx: Tx, schedule: Schedule, programme: Programme | None, now: datetime) -> None:
    cohort = await cohorts_.require(tx, schedule.cohort_id)
    own_clocks = schedule.scope is Scope.MEMBER
    zones = await schedules.zones_of(tx, cohort.cohort_id) if own_clocks else []
    if programme is None or cohort.state in SILENT:
        await _leave_out(tx, schedule, cohort, zones, now)
        return
    look = _Look(tx, schedule, programme, cohort, now)
    for zone in zones if own_clocks else [cohort.zone]:
        for on, at, timely in look.since_last_time(zone):
            if own_clocks:
                await look.members(zone, on, at, timely=timely)
            else:
                await look.cohort_itself(zone, on, at, timely=timely)
    next_at = look.next_at({*zones, cohort.zone})
    await schedules.change(tx, schedule.schedule_id, looked_at=now, next_fire_at=next_at)


async def _leave_out(
    tx: Tx, schedule: Schedule, cohort: Cohort, zones: list[str], now: datetime
) -> None:
    """Pass over a cohort that says nothing; once it does, this moment counts as its beginning."""
    next_at = min(schedule.rule.next(now, zone).at for zone in {*zones, cohort.zone})
    await schedules.change(
        tx, schedule.schedule_id, since_at=now, looked_at=None, next_fire_at=next_at
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at one schedule."""

    tx: Tx
    schedule: Schedule
    programme: Programme
    cohort: Cohort
    now: datetime

    def since_last_time(self, zone: str) -> list[tuple[date, datetime, bool]]:
        """Return what the rule named in a zone since the last look; the last flag: carry it out."""
        seen_until = (self.schedule.looked_at or self.schedule.since_at) - WIDEST_JUMP
        start = max(self.schedule.since_at, seen_until)
        found = list(self.schedule.rule.between(start, self.now, zone))
        return [
            (due.on, due.at, due is found[-1] and self.now - due.at <= self.schedule.grace)
            for due in found
        ]

    def next_at(self, zones: set[str]) -> datetime | None:
        """Return when to look again."""
        due = min((self.schedule.rule.next(self.now, zone) for zone in zones), key=lambda d: d.at)
        last_day = self.cohort.last_day
        over = last_day is not None and due.on > last_day
        return None if over and self.schedule.scope is Scope.COHORT else due.at

    async def cohort_itself(self, zone: str, on: date, at: datetime, *, timely: bool) -> None:
        """Carry out an occurrence by the cohort's clock, once a week though its zone moved."""
        had = await schedules.had_already(self.tx, self.schedule.schedule_id, on)
        if had or not schedules.in_span(self.cohort, on):
            return
        opened = await schedules.open_occurrence(self.tx, self.schedule, zone, on, at)
        why = await self._why_not(on, timely)
        await self._settle(opened, [], why)

    async def members(self, zone: str, on: date, at: datetime, *, timely: bool) -> None:
        """Carry out an occurrence for those members of a zone who have not had this period."""
        met = self._met(zone, on, at)
        if (await self.tx.execute(self.programme.anyone_new, met)).first():
            opened = await schedules.open_occurrence(self.tx, self.schedule, zone, on, at)
            why = await self._why_not(on, timely)
            asked = await self._decide(opened, met, why)
            await self._settle(opened, asked, why)

    async def _why_not(self, on: date, timely: bool) -> str:
        """Return why nobody is asked on that date, if that is so."""
        if not timely:
            return STALE
        day = {"of_cohort": self.cohort.cohort_id, "named": on}
        return HOLIDAY if (await self.tx.execute(_A_DAY_OFF, day)).first() else ""

    async def _settle(self, opened: Occurrence, asked: list[Member], why: str) -> None:
        if not why and (asked or self.schedule.scope is Scope.COHORT):
            act = self.programme.act
            why = await act.fire(self.tx, self.cohort, opened, asked, self.now) or ""
        if opened.state is not OccurrenceState.DONE:
            state = OccurrenceState.SKIPPED if why else OccurrenceState.DONE
            await schedules.settle(self.tx, opened.occurrence_id, state, why)

    def _met(self, zone: str, on: date, at: datetime) -> dict[str, Any]:
        """Return what the programme's statements have to know of an occurrence."""
        return {
            "of_schedule": self.schedule.schedule_id,
            "of_cohort": self.cohort.cohort_id,
            "first_day": self.cohort.first_day,
            "last_day": self.cohort.last_day,
            "in_zone": zone,
            "named": on,
            "week_from": monday(on),
            "week_to": monday(on) + timedelta(days=7),
            "came_at": at,
        }

    async def _decide(self, opened: Occurrence, met: dict[str, Any], why: str) -> list[Member]:
        """Decide for all of them at once, in the database; return those who are asked."""
        known = {**met, "was_due_at": opened.due_at, "as_occurrence": opened.occurrence_id}
        if why:
            statement, known["left_out"] = self.programme.leaving_out, why
        else:
            statement = self.programme.asking
            known |= budget.at(max(opened.due_at, self.now), opened.zone)
        rows = await self.tx.execute(statement, known)
        asked = {row.member_id for row in rows if row.outcome in (Outcome.ASKED, Outcome.CARD)}
        return await self._whole(opened, asked) if asked else []

    async def _whole(self, opened: Occurrence, asked: set[int]) -> list[Member]:
        rows = await self.tx.execute(
            whole()
            .join(recipients, recipients.c.member_id == members.c.member_id)
            .where(
                recipients.c.occurrence_id == opened.occurrence_id,
                recipients.c.letter_id.is_(null()),
            )
            .order_by(members.c.member_id)
        )
        return [as_member(row) for row in rows if row.member_id in asked]


_NAMED = bindparam("named", type_=Day())
_CAME_AT = bindparam("came_at", type_=Moment())
_A_DAY_OFF = select(skips.c.on).where(
    skips.c.cohort_id == bindparam("of_cohort"), skips.c.on == _NAMED
)
_PAUSED = exists().where(
    pauses.c.member_id == members.c.member_id,
    pauses.c.from_on <= _NAMED,
    or_(pauses.c.to_on.is_(None), pauses.c.to_on > _NAMED),
)


def _new_members(eligible: ColumnElement[bool]) -> Select[Any]:
    """Return the statement for members of a zone whom a period has not met yet."""
    r = recipients.c
    met = exists().where(
        r.schedule_id == bindparam("of_schedule"),
        r.member_id == members.c.member_id,
        or_(
            r.period == _NAMED,
            and_(
                r.period >= bindparam("week_from"),
                r.period < bindparam("week_to"),
                r.outcome.in_(REACHED),
            ),
        ),
    )
    return (
        select(members.c.member_id)
        .join(users, users.c.user_id == members.c.user_id)
        .where(
            members.c.cohort_id == bindparam("of_cohort"),
            members.c.state.in_([MemberState.JOINED, MemberState.PAUSED]),
            users.c.zone == bindparam("in_zone"),
            members.c.joined_at <= _CAME_AT,
            _in_own_span(),
            eligible,
            ~met,
        )
    )


def _in_own_span() -> ColumnElement[bool]:
    """Return whether a day lies in a member's programme: their own dates while interning."""
    m = members.c
    first, last = bindparam("first_day", type_=Day()), bindparam("last_day", type_=Day())
    interning = m.stage == Stage.INTERNING
    first_on = case((and_(interning, m.starts_on.is_not(None)), m.starts_on), else_=first)
    last_on = case((and_(interning, m.ends_on.is_not(None)), m.ends_on), else_=last)
    return and_(
        or_(first_on.is_(None), first_on <= _NAMED), or_(last_on.is_(None), last_on >= _NAMED)
    )


def _noting(
    eligible: ColumnElement[bool], outcome: ColumnElement[Any], reason: ColumnElement[str]
) -> ReturningInsert[Any, Any]:
    """Return the statement that writes down what a period means for each new member."""
    r = recipients.c
    chosen = _new_members(eligible).with_only_columns(
        bindparam("of_schedule", type_=Id),
        members.c.member_id,
        _NAMED,
        bindparam("as_occurrence", type_=Id),
        bindparam("was_due_at", type_=Moment()),
        outcome,
        case((_PAUSED, literal("pause", Text)), else_=reason),
    )
    into = [r.schedule_id, r.member_id, r.period, r.occurrence_id, r.due_at, r.outcome, r.why]
    return insert(recipients).from_select(into, chosen).returning(r.member_id, r.outcome)


def _say(*cases: tuple[ColumnElement[bool], Outcome], otherwise: Outcome) -> ColumnElement[Any]:
    return case(
        *((when, literal(outcome, Word(Outcome))) for when, outcome in cases),
        else_=literal(otherwise, Word(Outcome)),
    )
