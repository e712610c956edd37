"""What introductions are about: rounds, groups of people who meet, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.face.words import N_
from bot.matching.model import Person, Reasons, Weights
from bot.people.cohorts import Cohort
from bot.people.likeness import likeness
from bot.people.memberships import Delivery, Member
from bot.people.profiles import Detail, Profile
from bot.people.users import Inbox

KIND = "introduction"
"""The programme's name in the schedules, and how the kinds of its letters begin."""
GRACE = timedelta(hours=72)
"""Nobody loses a partner because the bot was away over a weekend."""
NOTICE = timedelta(hours=24)
NUDGE_AFTER = timedelta(hours=24)
QUIET_AFTER = timedelta(hours=72)
CLOSES_BEFORE = NOTICE + timedelta(hours=1)
"""A round is over before the notice of the next one."""
ASKS_BEFORE = CLOSES_BEFORE + timedelta(hours=24)
USUAL_LENGTH = timedelta(days=14)
SHORTEST = timedelta(days=4)
NO_POOL_BEFORE_END = timedelta(hours=48)
RETRY = timedelta(minutes=5)
ASK_AT, PAUSE_AT = 2, 3
"""Missed introductions after which somebody is asked, and after which they are paused."""
MOST_AVOIDED = 25
SIZES = (2, 3, 4, 5)
MOST_TRIES = 3


class Part(StrEnum):
    """Whether a member takes part in introductions."""

    IN = "in"
    PAUSED = "paused"
    OUT = "out"


class RoundState(StrEnum):
    """How far a round is: announced, drawn, waiting for a moderator, due, under way, over."""

    NOTICED = "noticed"
    DRAWN = "drawn"
    HELD = "held"
    DUE = "due"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


AHEAD = (RoundState.NOTICED, RoundState.DRAWN, RoundState.HELD)
"""Rounds of which nobody has been told whom they meet."""


class Entry(StrEnum):
    """What a round holds about somebody who is in no group."""

    SKIPPED = "skipped"
    LEFT_OUT = "left_out"
    UNMATCHED = "unmatched"
    WAITING = "waiting"


class GroupState(StrEnum):
    """How far a group is: planned in a preview, its thread opening, meeting, over."""

    PLANNED = "planned"
    OPENING = "opening"
    OPEN = "open"
    ENDED = "ended"


class Step(StrEnum):
    """What is next to look after in a group."""

    NUDGE = "nudge"
    QUIET = "quiet"
    MIDDLE = "middle"
    LAST = "last"
    CLOSE = "close"


class End(StrEnum):
    """Why a group is over."""

    NOT_YET = ""
    OVER = "over"
    QUIET = "quiet"
    APART = "apart"
    UNSENT = "unsent"


class Reach(StrEnum):
    """How somebody was told whom they meet."""

    WAITING = "waiting"
    THREAD = "thread"
    MESSAGE = "message"
    NOBODY = "nobody"


class Said(StrEnum):
    """What somebody answered to *did you meet?*"""

    NOTHING = ""
    YES = "yes"
    NOT_YET = "not_yet"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Settings:
    """How a cohort is introduced: groups of how many, held for approval or not, what counts."""

    size: int = 2
    hold: bool = False
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True)
class Participant:
    """A member's part in introductions, in all rounds."""

    member_id: int
    part: Part
    paused_until: date | None
    misses: int
    trios: int
    trio_round: int
    left_out: int
    joined_at: datetime

    def takes_part(self, today: date) -> bool:
        """Say whether they are in on a day of theirs; a pause ends by itself."""
        if self.part is Part.PAUSED:
            return self.paused_until is not None and self.paused_until <= today
        return self.part is Part.IN


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a cohort, from its notice to its report."""

    round_id: int
    cohort_id: int
    number: int
    period: date
    state: RoundState
    seed: int
    size: int
    hold: bool
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    pool_at: datetime | None
    drawn_at: datetime | None
    approved_at: datetime | None
    opened_at: datetime | None
    retry_at: datetime | None

    @property
    def key(self) -> str:
        """Return how the dedupe keys of its letters begin."""
        return f"{KIND}:{self.round_id}:"

    @property
    def middle_at(self) -> datetime:
        """Return when people are first asked whether they met."""
        return self.starts_at + (self.ends_at - self.starts_at) / 2


@dataclass(frozen=True, slots=True)
class Seat:
    """One member in a group: how they were reached, whether they were heard, what they said."""

    group_id: int
    member_id: int
    reach: Reach
    why: str
    heard_at: datetime | None
    said: Said
    gone_at: datetime | None
    missed: bool

    @property
    def is_here(self) -> bool:
        """Say whether they are still in the group."""
        return self.gone_at is None


@dataclass(frozen=True, slots=True)
class Group:
    """People who are to meet; `again` says that it comes from the daily draw."""

    group_id: int
    round_id: int
    cohort_id: int
    state: GroupState
    again: bool
    first_id: int | None
    thread_id: int | None
    seen_id: int
    opened_at: datetime | None
    step: Step | None
    next_at: datetime | None
    end: End
    seats: tuple[Seat, ...] = ()

    @property
    def key(self) -> str:
        """Return how the dedupe keys of its letters begin."""
        return f"{KIND}:{self.round_id}:{self.group_id}:"

    @property
    def here(self) -> tuple[Seat, ...]:
        """Return the seats of those who are still in it."""
        return tuple(seat for seat in self.seats if seat.is_here)

    @property
    def silent(self) -> tuple[Seat, ...]:
        """Return the seats of those who neither wrote nor pressed anything."""
        return tuple(seat for seat in self.here if seat.heard_at is None)

    @property
    def met(self) -> bool:
        """Say whether they met: one yes is enough, whatever the others say."""
        return any(seat.said is Said.YES for seat in self.seats)

    @property
    def planned(self) -> bool:
        """Say whether somebody still means to meet."""
        return not self.met and any(seat.said is Said.NOT_YET for seat in self.seats)

    def seat_of(self, member_id: int) -> Seat | None:
        """Return a member's seat, if they have one here."""
        return next((seat for seat in self.seats if seat.member_id == member_id), None)


@dataclass(frozen=True, slots=True)
class Who:
    """A member as an introduction shows them to the others."""

    member: Member
    profile: Profile


@dataclass(frozen=True, slots=True)
class Introduction:
    """Everything the card of a group says."""

    round: Round
    group: Group
    people: tuple[Who, ...]
    starter: str
    moments: tuple[datetime, ...]
    now: datetime

    @property
    def first(self) -> Member | None:
        """Return who writes first."""
        return next(
            (w.member for w in self.people if w.member.member_id == self.group.first_id), None
        )

    def others(self, user_id: int) -> tuple[Who, ...]:
        """Return everyone but one of them."""
        return tuple(who for who in self.people if who.member.user_id != user_id)


@dataclass(frozen=True, slots=True)
class Mine:
    """What a member sees about their introductions now."""

    member: Member
    participant: Participant | None
    current: Introduction | None
    waiting_since: datetime | None
    pool_at: datetime | None
    next_at: datetime | None
    skipping: bool
    news: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """One line of a member's history: with whom, when, and what came of it."""

    group: Group
    names: tuple[str, ...]
    on: date
    is_open: bool


@dataclass(frozen=True, slots=True)
class Avoided:
    """Somebody a member wants not to be paired with."""

    avoid_id: int
    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A group in a preview, with the facts that speak for it."""

    group: Group
    names: tuple[str, ...]
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Preview:
    """A round as a moderator sees it before anybody else, one page of its groups."""

    cohort: Cohort
    round: Round | None
    settings: Settings
    plans: tuple[Plan, ...]
    groups: int
    unmatched: tuple[str, ...]
    skipping: int
    taking_part: int
    next_at: datetime | None
    has_channel: bool
    now: datetime
    page: int = 0
    pages: int = 1
    news: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a round, in people and without names."""

    cohort: Cohort
    round: Round
    met: int
    planned: int
    not_met: int
    no_reply: int
    rematched: int
    waiting: int
    skipped: int
    undelivered: Mapping[str, int]
    taking_part: int
    paused: int


NAMES: dict[Detail, str] = {
    Detail.TEAM: N_("Team"),
    Detail.COMPANY: N_("Company"),
    Detail.ROLE: N_("Role"),
    Detail.LEARNING: N_("Learning"),
    Detail.INTERESTS: N_("Interests"),
    Detail.UNDERSTAND: N_("Would like to understand"),
    Detail.LINKS: N_("Links"),
    Detail.HOURS: N_("Hours"),
}

WEIGHTS: dict[str, str] = {
    "other_team": N_("Another team"),
    "interests": N_("Shared interests"),
    "hours": N_("Overlapping hours"),
    "curiosity": N_("Work they'd like to understand"),
    "since_met": N_("Long since they met"),
}
"""What a cohort can tune, at most five: a form has no room for more."""


def weights_of(values: Mapping[str, int]) -> Weights:
    """Return the weights a cohort chose; what it did not choose stays usual."""
    known = {each.name for each in fields(Weights)}
    return Weights(**{name: value for name, value in values.items() if name in known})


def takes_messages(member: Member) -> bool:
    """Say whether direct messages are welcome and known to arrive."""
    return member.delivery is Delivery.DM and member.inbox is not Inbox.CLOSED


def person_of(
    who: Who, participant: Participant, number: int, now: datetime, *, left_out: int | None = None
) -> Person:
    """Return somebody as matching sees them, with what earlier rounds brought them."""
    return replace(
        likeness(who.member, who.profile, now),
        trios=participant.trios,
        trio_last_round=participant.trio_round == number - 1 and number > 1,
        left_out=participant.left_out if left_out is None else left_out,
    )


def next_step(round: Round, opened_at: datetime, after: datetime) -> tuple[Step, datetime]:
    """Return what is next to look after in a group, later than a moment."""
    last = max(round.ends_at, opened_at + timedelta(hours=1))
    close = max(round.closes_at, last + timedelta(hours=1))
    found = [
        (Step.NUDGE, opened_at + NUDGE_AFTER),
        (Step.QUIET, opened_at + QUIET_AFTER),
        (Step.MIDDLE, max(round.middle_at, opened_at + NUDGE_AFTER * 2)),
    ]
    ahead = sorted((step for step in found if after < step[1] < last), key=lambda one: one[1])
    if ahead:
        return ahead[0]
    return (Step.LAST, last) if last > after else (Step.CLOSE, close)


def pairs_of(ids: Sequence[int]) -> list[frozenset[int]]:
    """Return every two of these."""
    return [frozenset((one, other)) for n, one in enumerate(ids) for other in ids[n + 1 :]]
