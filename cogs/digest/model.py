"""What a digest is: one issue a week, its sections, its pages, and a member's own week."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.face.words import N_
from bot.knowledge.content import Section
from bot.people.cohorts import Cohort
from bot.people.memberships import Delivery, Member, MemberState
from bot.people.users import Inbox

KIND: Final = "digest"
NOTICE: Final = timedelta(hours=24)
GRACE: Final = timedelta(hours=24)
TOO_LATE: Final = timedelta(minutes=10)
"""After so long the planner has passed over an issue: it would have acted in the same minute."""
HELD_FOR: Final = timedelta(hours=72)
A_WEEK: Final = timedelta(days=7)
FURTHEST: Final = timedelta(days=21)
"""How far back an issue looks when the ones before it did not go out."""
LATE_AFTER: Final = timedelta(hours=1)

NOTE_LIMIT: Final = 1000
MOST_NOTE: Final = 1400
MOST_NOTE_LINES: Final = 12
MOST_LINE: Final = 300
MOST_PAGES: Final = 3
PAGE_ROOM: Final = 3200
"""Characters of one message: below Discord's 4,000 so that the staff's card holds it whole."""
CAPS: Final = (12, 10, 8, 7, 6, 5, 4, 3, 2, 1)
"""How many lines of a section are shown; as many as fit on the pages."""


class IssueState(StrEnum):
    """Where an issue is on its way."""

    PLANNED = "planned"
    AHEAD = "ahead"
    HELD = "held"
    GOING = "going"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"


OPEN: Final = (IssueState.PLANNED, IssueState.AHEAD, IssueState.HELD)
OUT: Final = (IssueState.GOING, IssueState.SENT)


class Why(StrEnum):
    """Why an issue was left out; also the reason of its occurrence."""

    MODERATOR = "a moderator skipped it"
    HOLIDAY = "holiday"
    NOTHING = "nothing to say"
    STALE = "stale"
    OFF = "not scheduled any more"
    HELD = "nobody let it go"
    NO_CHANNEL = "no channel"
    DROPPED = "dropped while the cohort was paused"


WHYS: Final = {
    Why.MODERATOR: N_("A moderator skipped it."),
    Why.HOLIDAY: N_("The day is left out."),
    Why.NOTHING: N_("There was nothing to say, so nothing was posted."),
    Why.STALE: N_("I was offline at its time, and longer than a digest keeps."),
    Why.OFF: N_("It is not scheduled any more."),
    Why.HELD: N_("It waited for a moderator and grew too old."),
    Why.NO_CHANNEL: N_("The cohort has no channel to post it in."),
    Why.DROPPED: N_("It was dropped while the cohort was paused."),
}

COMES_BACK: Final = (Why.HOLIDAY, Why.OFF)
"""What can turn out otherwise before its time has come."""

USUAL_ORDER: Final = (
    Section.NOTE,
    Section.ACTIONS,
    Section.WINS,
    Section.OPPORTUNITIES,
    Section.CLOSING,
    Section.INTRODUCTIONS,
    Section.KUDOS,
)
"""The sections of a cohort's digest; a member's own week has others too."""

NAMES: Final = {
    Section.NOTE: N_("Your note"),
    Section.ACTIONS: N_("This phase's three actions"),
    Section.WINS: N_("Wins that were shared"),
    Section.OPPORTUNITIES: N_("New openings"),
    Section.CLOSING: N_("Openings that close soon"),
    Section.INTRODUCTIONS: N_("How many introductions met"),
    Section.KUDOS: N_("Thanks that were shared"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """How a cohort has its digests: by themselves or after a yes, and with which sections."""

    hold: bool = False
    sections: tuple[Section, ...] = USUAL_ORDER


@dataclass(frozen=True, slots=True)
class Issue:
    """One week's digest of a cohort. There is never a second one for the same week.

    `due_at` is None for one that no schedule asks for. `pages` is what was frozen when it went out.
    """

    digest_id: int
    cohort_id: int
    week_on: date
    period: date
    due_at: datetime | None
    state: IssueState
    why: str
    hold: bool
    sections: tuple[Section, ...]
    note: str
    pages: str | None
    version: int
    tries: int
    going_at: datetime | None
    composed_at: datetime | None
    sent_at: datetime | None
    channel_id: int | None
    message_id: int | None

    @property
    def is_out(self) -> bool:
        """Say whether it has gone out, or is on its way."""
        return self.state in OUT

    @property
    def key(self) -> str:
        """Return how the keys of its letters begin."""
        return f"digest:{self.cohort_id}:{self.week_on}:"

    @property
    def post_key(self) -> str:
        """Return how the keys of its pages begin, in this try."""
        return f"{self.key}post:{self.tries}:"


@dataclass(frozen=True, slots=True)
class Page:
    """One message of a digest: texts that are ready to be shown, one for each section."""

    title: str
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """What an issue says: its pages, and how many lines each section would have."""

    pages: tuple[Page, ...]
    counts: dict[Section, int]

    @property
    def says_something(self) -> bool:
        """Say whether it is worth a message."""
        return bool(self.pages)


@dataclass(frozen=True, slots=True)
class Desk:
    """An issue as moderators see it."""

    cohort: Cohort
    issue: Issue
    edition: Edition
    settings: Settings
    now: datetime
    news: str = ""

    @property
    def channel_id(self) -> int | None:
        """Return where it is posted."""
        return channel_of(self.cohort)


@dataclass(frozen=True, slots=True)
class Weekly:
    """When a member gets their own week as a message."""

    member_id: int
    weekday: int
    at: time
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Week:
    """A member's own week: what they did, what is next, and where the cohort's digest stands."""

    member: Member
    done: tuple[str, ...]
    ahead: tuple[str, ...]
    actions: tuple[str, ...]
    latest: Issue | None
    weekly: Weekly | None
    now: datetime


MOST_WEEK_LINES: Final = 6
USUAL_DAY: Final = 4
USUAL_AT: Final = time(16)
TIMES: Final = (time(8), time(12), time(16), time(18), time(20))
DONE: Final = (Section.WINS, Section.KUDOS, Section.INTRODUCTIONS)
"""Sections that tell, in a member's own week, what was; all others tell what is to come."""


def channel_of(cohort: Cohort) -> int | None:
    """Return where a cohort's digest is posted."""
    return cohort.announcements_id or cohort.checkins_id


def takes_messages(member: Member) -> bool:
    """Say whether direct messages are welcome and known to arrive."""
    joined = member.state is MemberState.JOINED
    return joined and member.delivery is Delivery.DM and member.inbox is not Inbox.CLOSED
