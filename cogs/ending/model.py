"""What the end of a cohort is: closing, who is told what and when, what everybody may choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.clockwork.recurrence import to_utc
from bot.people.cohorts import Cohort, CohortState
from bot.people.memberships import Member

KEPT_FOR = (120, 150, 180)
"""Days for which records stay, of which a moderator chooses."""
KEEP_USUALLY = 180
REOPEN_FOR = timedelta(days=14)
AT = time(10)
"""When a day's announcement goes out, by the cohort's clock."""
AHEAD = timedelta(days=7)
REMIND_AHEAD = timedelta(days=14)
"""How long before the last day a moderator reads that closing exists."""
PAGE = 20
MOST_COHORTS = 25
STILL_WORTH_SAYING = timedelta(hours=24)
"""How old a message may be that waited while a cohort was closed, and goes out after all."""


class CallKind(StrEnum):
    """What everybody of a cohort is told about its end."""

    BEFORE = "before"
    CLOSED = "closed"
    FIRST = "first"
    LAST = "last"
    REOPENED = "reopened"


NOTICE = {CallKind.FIRST: timedelta(days=14), CallKind.LAST: timedelta(days=3)}
"""How long before anything is deleted these two have reached everybody."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A cohort that was closed: since when, and until which day its records stay.

    `was` is the state to go back to. `erased` counts the records that went at the end.
    """

    ending_id: int
    cohort_id: int
    was: CohortState
    keep_days: int
    closed_at: datetime
    delete_on: date
    erased: int
    reopened_at: datetime | None
    finished_at: datetime | None

    def may_reopen(self, now: datetime) -> bool:
        """Say whether it can still be taken back as if nothing had happened."""
        return self.finished_at is None and now <= self.reopen_until

    @property
    def reopen_until(self) -> datetime:
        """Until when it can be taken back."""
        return self.closed_at + REOPEN_FOR

    def call_on(self, kind: CallKind) -> date:
        """Return the day on which everybody is told once more before records go."""
        return self.delete_on - NOTICE[kind]


@dataclass(frozen=True, slots=True)
class Call:
    """One announcement to a cohort: a post in its channel, and a letter to whoever wants letters.

    `posted_at` is when the channel had it; `done_at` when everybody's letter was written.
    """

    call_id: int
    cohort_id: int
    ending_id: int | None
    kind: CallKind
    key: str
    letter_id: int | None
    began_at: datetime
    posted_at: datetime | None
    next_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a member chose: to stay as an alum, and whether they may be asked to mentor."""

    alum: bool = False
    may_mentor: bool = False
    no_letters: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What closing a cohort would do, counted before it is done."""

    cohort: Cohort
    now: datetime
    keep_days: int
    delete_on: date
    reopen_until: datetime
    by_letter: int
    by_mention: int
    by_channel: int
    waiting: int
    programmes: Sequence[str]

    @property
    def days_left(self) -> int:
        """How many days are left until the last one; negative when it has passed."""
        last_day = self.cohort.last_day
        return (last_day - self.cohort.local_date(self.now)).days if last_day else 0

    @property
    def has_begun(self) -> bool:
        """Say whether the first day has come."""
        first_day = self.cohort.first_day
        return first_day is None or first_day <= self.cohort.local_date(self.now)


@dataclass(frozen=True, slots=True)
class ClosedPage:
    """A closed cohort as its moderators see it."""

    cohort: Cohort
    ending: Ending
    now: datetime
    would_mentor: int

    @property
    def may_reopen(self) -> bool:
        """Say whether *Reopen* is offered."""
        return self.ending.may_reopen(self.now)


@dataclass(frozen=True, slots=True)
class AlumniPage:
    """Alumni who said that they may be asked to mentor, some at a time."""

    cohort: Cohort
    names: Sequence[tuple[str, int]]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class OwnPage:
    """What a member may choose about their record, and until when it stays without a choice."""

    member: Member
    cohort: Cohort
    ending: Ending | None
    choice: Choice
    stays_until: date | None
    can_get_record: bool
    others: int
    """How many other cohorts they are in, which *Delete everything* would reach too."""


@dataclass(frozen=True, slots=True)
class CallPage:
    """What an announcement says, to everybody in a channel or to one person."""

    kind: CallKind
    cohort: Cohort
    ending: Ending | None
    stays_until: date | None
    mentions: Sequence[int] = ()


def moment(on: date, zone: str) -> datetime:
    """Return when a day's announcement goes out."""
    return to_utc(on, AT, zone)
