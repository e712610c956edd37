"""What joining, settings and a profile are made of."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.clockwork.phases import Phase, Stage, Step
from bot.face.words import N_
from bot.people.memberships import Member
from bot.people.profiles import Detail, Profile

ENROLMENT_KEPT_FOR = timedelta(days=14)
"""How long a begun enrolment waits for its last tap before it is forgotten."""

LIMITS: dict[Detail, int] = {
    Detail.TEAM: 80,
    Detail.COMPANY: 80,
    Detail.ROLE: 80,
    Detail.LEARNING: 500,
    Detail.INTERESTS: 300,
    Detail.UNDERSTAND: 500,
    Detail.LINKS: 300,
    Detail.HOURS: 100,
}

NAMES: dict[Detail, str] = {
    Detail.TEAM: N_("Team"),
    Detail.COMPANY: N_("Company"),
    Detail.ROLE: N_("Role"),
    Detail.LEARNING: N_("What I'm learning"),
    Detail.INTERESTS: N_("Interests"),
    Detail.UNDERSTAND: N_("Work I'd like to understand"),
    Detail.LINKS: N_("Links"),
    Detail.HOURS: N_("My working hours"),
}

STAGES: dict[Stage, str] = {
    Stage.LOOKING: N_("I'm looking for an internship"),
    Stage.STARTING: N_("Mine starts soon"),
    Stage.INTERNING: N_("I'm in my internship"),
    Stage.FINISHED: N_("I have finished"),
}

PHASES: dict[Phase, str] = {
    Phase.BEFORE: N_("before"),
    Phase.LAND: N_("land"),
    Phase.PLAN: N_("plan"),
    Phase.STRIDE: N_("stride"),
    Phase.MIDPOINT: N_("midpoint"),
    Phase.REACH: N_("reach"),
    Phase.CLOSE: N_("close"),
    Phase.LAST_WEEK: N_("last week"),
    Phase.AFTER: N_("after"),
}


class Tap(StrEnum):
    """Which of the three questions of an enrolment is open."""

    ZONE = "zone"
    REACH = "reach"
    DATES = "dates"


@dataclass(frozen=True, slots=True)
class Joining:
    """Somebody who is about to join: the question they are at, and what is known already."""

    member: Member
    tap: Tap
    now: datetime
    zones: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody who has just taken the last tap; `opened` says that a hello is on its way."""

    member: Member
    opened: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """How a member is reached, how much, and what others may read and ask."""

    member: Member
    profile: Profile
    now: datetime
    news: str = ""


Page = Joining | Joined | Settings
"""What a press on *Join*, or on anything behind it, leads to."""


@dataclass(frozen=True, slots=True)
class Dates:
    """A member's dates and what they mean today; `was` is the phase before a change."""

    member: Member
    phase: Phase | None
    was: Phase | None
    steps: tuple[Step, ...]
    today: date
    changed: bool


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone that was understood, or the ones that may have been meant."""

    zone: str | None
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A profile as one reader may see it; `lines` come from other features."""

    name: str
    user_id: int
    cohort_name: str
    profile: Profile | None
    lines: tuple[str, ...] = ()
    own: bool = False


def stage_on(day: date, starts_on: date | None, ends_on: date | None) -> Stage:
    """Return the stage that the dates suggest on that day."""
    if starts_on is None or ends_on is None:
        return Stage.INTERNING
    if day < starts_on:
        return Stage.STARTING
    return Stage.INTERNING if day <= ends_on else Stage.FINISHED
