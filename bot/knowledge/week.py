"""What a week is about for one person, by what they say of themselves and by their own dates."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.clockwork.phases import Phase, Stage, phase_on, phase_spans, week_of
from bot.knowledge.content import Action, Subject
from bot.knowledge.packs import Packs

AREAS = {
    Subject.NETWORK: "connection",
    Subject.ACROSS_TEAMS: "connection",
    Subject.DIRECTION: "direction",
    Subject.UNCERTAINTY: "direction",
    Subject.STUDIES: "studies",
    Subject.PORTFOLIO: "portfolio",
    Subject.RESUME: "portfolio",
    Subject.SKILLS: "technical",
    Subject.EXPERIENCE: "technical",
}
"""What a goal is about that comes of a guide on this; of any other it is how business is done."""


@dataclass(frozen=True, slots=True)
class Week:
    """What this week is about: three actions, where they come from, how far along it is.

    `period` names the time in which an action is done once: the phase, or else the week; `since`
    and `until` are its first and last day.
    """

    title: str
    emphasis: str
    actions: tuple[Action, ...]
    stage: Stage
    phase: Phase | None
    number: int | None
    period: str
    since: date
    until: date


def week_for(
    packs: Packs, stage: Stage, starts_on: date | None, ends_on: date | None, today: date
) -> Week:
    """Return what the week of this day is about."""
    phase = phase_for(stage, starts_on, ends_on, today)
    if phase is None or starts_on is None or ends_on is None:
        monday = today - timedelta(days=today.weekday())
        actions = packs.actions(None, stage, today)
        sunday = monday + timedelta(days=6)
        return Week("", "", actions, stage, None, None, f"week-{monday}", monday, sunday)
    span = next(one for one in phase_spans(starts_on, ends_on) if one.phase is phase)
    inside = phase not in (Phase.BEFORE, Phase.AFTER)
    guidance = packs.guidance(phase)
    return Week(
        guidance.title,
        guidance.emphasis,
        packs.actions(phase, stage, today, span.first_on),
        stage,
        phase,
        week_of(today, starts_on) if inside else None,
        f"phase-{phase.value}",
        span.first_on,
        span.last_on,
    )


def phase_for(
    stage: Stage, starts_on: date | None, ends_on: date | None, today: date
) -> Phase | None:
    """Return the phase that counts: what somebody says of themselves goes before their dates."""
    if stage is Stage.LOOKING or starts_on is None or ends_on is None:
        return None
    by_dates = phase_on(today, starts_on, ends_on)
    if stage is Stage.FINISHED and by_dates is not Phase.AFTER:
        return None
    return by_dates


def area_of(packs: Packs, guide: str | None) -> str:
    """Return what a goal is about that comes of this guide."""
    found = packs.guides.get(guide or "")
    subjects = found.subjects if found else ()
    return next((AREAS[one] for one in subjects if one in AREAS), "business")
