"""Where someone stands in their programme: stage, phase, week, and what to ask for in time."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import Final, NamedTuple

from bot.errors import Refusal
from bot.face.dates import short_date
from bot.face.words import _

DAY = timedelta(days=1)
WEEK = 7
LONGEST = 2 * 366


class Stage(StrEnum):
    """What a member says of themselves at enrolment; prompts follow it."""

    LOOKING = "looking"
    STARTING = "starting"
    INTERNING = "interning"
    FINISHED = "finished"


class Phase(StrEnum):
    """What matters now; every day from four weeks before to thirteen after has exactly one."""

    BEFORE = "before"
    LAND = "land"
    PLAN = "plan"
    STRIDE = "stride"
    MIDPOINT = "midpoint"
    REACH = "reach"
    CLOSE = "close"
    LAST_WEEK = "last_week"
    AFTER = "after"


class Span(NamedTuple):
    """A phase with its first and last day, both included."""

    phase: Phase
    first_on: date
    last_on: date


class StepKind(StrEnum):
    """What is worth asking for while there is still time to get it."""

    SUBSTANTIAL_FEEDBACK = "substantial_feedback"
    PEER_FEEDBACK = "peer_feedback"
    TRANSITION_MEETING = "transition_meeting"
    HANDOVER_DOCUMENT = "handover_document"


class Step(NamedTuple):
    """One step of the back-planner and the day to take it."""

    kind: StepKind
    on: date


TWELVE_WEEKS: Final = {
    Phase.LAND: 1,
    Phase.PLAN: 2,
    Phase.STRIDE: 2,
    Phase.MIDPOINT: 1,
    Phase.REACH: 3,
    Phase.CLOSE: 2,
    Phase.LAST_WEEK: 1,
}
"""Weeks of each phase; a programme of another length keeps their shares."""

TWELVE_WEEKS_DAYS = WEEK * sum(TWELVE_WEEKS.values())
BEFORE_FOR = timedelta(weeks=4)
AFTER_FOR = timedelta(weeks=13)

DAYS_BEFORE_THE_END: Final = {
    StepKind.SUBSTANTIAL_FEEDBACK: 21,
    StepKind.PEER_FEEDBACK: 14,
    StepKind.TRANSITION_MEETING: 14,
    StepKind.HANDOVER_DOCUMENT: 7,
}
FIRST_STEP_DAY = 3


def check_dates(starts_on: date, ends_on: date) -> None:
    """Refuses a programme that ends before it starts, or whose year looks mistyped."""
    if ends_on < starts_on:
        raise Refusal(
            _("The last day, {ends}, is before the first day, {starts}. Swap them or fix one.")
            .format(starts=short_date(starts_on), ends=short_date(ends_on))
        )  # fmt: skip
    if _length(starts_on, ends_on) > LONGEST:
        raise Refusal(
            _("From {starts} to {ends} is more than two years. Check the year of both dates.")
            .format(starts=short_date(starts_on), ends=short_date(ends_on))
        )  # fmt: skip


def phase_spans(starts_on: date, ends_on: date) -> list[Span]:
    """The phases of a programme in order, without gaps: before, its own seven, after.

    Each lasts at least a day; a programme of less than a week is too short for all seven and
    leaves some out.
    """
    spans = [Span(Phase.BEFORE, starts_on - BEFORE_FOR, starts_on - DAY)]
    first = 0
    for phase, end in zip(TWELVE_WEEKS, _ends(_length(starts_on, ends_on)), strict=True):
        if end > first:
            spans.append(Span(phase, starts_on + first * DAY, starts_on + (end - 1) * DAY))
            first = end
    return [*spans, Span(Phase.AFTER, ends_on + DAY, ends_on + AFTER_FOR)]


def phase_on(day: date, starts_on: date, ends_on: date) -> Phase | None:
    """The phase of a day; None when the programme is further off than its before and after."""
    for phase, first_on, last_on in phase_spans(starts_on, ends_on):
        if first_on <= day <= last_on:
            return phase
    return None


def week_of(day: date, starts_on: date) -> int:
    """The programme week of a day: 1 from the first day on, -1 for the week before it, never 0."""
    weeks = (day - starts_on).days // WEEK
    return weeks + 1 if weeks >= 0 else weeks


def plan_back(starts_on: date, ends_on: date) -> list[Step]:
    """When to ask for feedback and hand over, counted back from the last day.

    Twelve weeks and longer ask 21, 14 and 7 days before the end; shorter programmes keep the
    share. Steps keep their order, never share a day and never come before day 3, so that a
    programme of a few days has room only for the first of them.
    """
    length = _length(starts_on, ends_on)
    share = min(length, TWELVE_WEEKS_DAYS)
    ideal = [length - _rounded(back * share) for back in DAYS_BEFORE_THE_END.values()]
    room = max(0, length - FIRST_STEP_DAY + 1)
    kinds = list(DAYS_BEFORE_THE_END)[:room]
    return [
        Step(kind, starts_on + (day - 1) * DAY)
        for kind, day in zip(kinds, _apart(ideal[: len(kinds)], length), strict=True)
    ]


def _apart(days: list[int], last: int) -> Iterator[int]:
    """The days moved as little as needed to be different, in order, within day 3 and the last."""
    taken = FIRST_STEP_DAY - 1
    for index, day in enumerate(days):
        taken = min(max(day, taken + 1), last - (len(days) - 1 - index))
        yield taken


def _ends(length: int) -> list[int]:
    """How many days of a programme are over at the end of each of its seven phases."""
    phases = len(TWELVE_WEEKS)
    ends = [_rounded(WEEK * weeks * length) for weeks in accumulate(TWELVE_WEEKS.values())]
    if length < phases:
        return ends
    for index in range(phases):
        earliest = ends[index - 1] + 1 if index else 1
        ends[index] = min(max(ends[index], earliest), length - (phases - 1 - index))
    return ends


def _rounded(days_of_twelve_weeks: int) -> int:
    """A share of 84 days in whole days, halves up."""
    return (2 * days_of_twelve_weeks + TWELVE_WEEKS_DAYS) // (2 * TWELVE_WEEKS_DAYS)


def _length(starts_on: date, ends_on: date) -> int:
    if ends_on < starts_on:
        raise ValueError("a programme ends on or after the day it starts")
    return (ends_on - starts_on).days + 1
