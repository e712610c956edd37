"""What a check-in is: one answer a week, private until its member decides otherwise."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.clockwork.phases import Phase
from bot.clockwork.recurrence import Weekly
from bot.face.words import N_
from bot.knowledge.content import Prompt
from bot.people.activity import Visibility
from bot.people.memberships import Member

KIND = "checkin"
"""The programme's name in the schedules."""
LEAST_OPEN, DEFAULT_OPEN, MOST_OPEN = 48, 72, 120
"""Hours for which a check-in counts as on time."""
NUDGE_BEFORE = timedelta(hours=12)
THREAD_HOLDS = 900
"""Members mentioned in one thread, below the thousand that Discord lets into it."""
NAMES_AT_ONCE = 50
PROGRESS_LIMIT = 4000
TEXT_LIMIT = 1000
PRIVATE_MARK = "private:"
"""A line that begins with this stays out of notes for others."""

CONFIDENCE = (
    ("5", N_("5 · On top of it")),
    ("4", N_("4 · Going well")),
    ("3", N_("3 · So-so")),
    ("2", N_("2 · Unsure")),
    ("1", N_("1 · Quite lost")),
)

MANAGER_QUESTIONS: dict[Phase, str] = {
    Phase.BEFORE: N_("Is there anything worth reading before I start?"),
    Phase.LAND: N_("How and when will my work be evaluated?"),
    Phase.PLAN: N_("What would make this project a success for you?"),
    Phase.STRIDE: N_("Is there something you would do differently in how I work?"),
    Phase.MIDPOINT: N_("How am I doing compared with where you expect me to be by now?"),
    Phase.REACH: N_("Who outside the team should I talk to?"),
    Phase.CLOSE: N_("What must be finished and written down before I go?"),
    Phase.LAST_WEEK: N_("May I name you as a reference?"),
    Phase.AFTER: N_("May I stay in touch?"),
}


class Source(StrEnum):
    """How an answer came in."""

    FORM = "form"
    SHORT = "short"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a member said in one week; empty texts where they left something out.

    `period` is the date that names the week: the day of the schedule's rule.
    """

    checkin_id: int
    member_id: int
    period: date
    progress: str
    win: str
    blocker: str
    focus: str
    confidence: int | None
    late: bool
    source: Source
    visibility: Visibility
    answered_at: datetime
    edited_at: datetime | None

    @property
    def told_win(self) -> str:
        """The win without the lines that its member marked as private."""
        return for_others(self.win)


@dataclass(frozen=True, slots=True)
class Words:
    """An answer as it was typed."""

    progress: str
    win: str = ""
    blocker: str = ""
    focus: str = ""
    confidence: int | None = None
    source: Source = Source.FORM


@dataclass(frozen=True, slots=True)
class Window:
    """When one week's check-in is open for one member.

    It is on time from `opens_at` to `closes_at` and taken late until `next_at`.
    """

    period: date
    week: int
    opens_at: datetime
    closes_at: datetime
    next_at: datetime

    def is_late(self, now: datetime) -> bool:
        """Say whether an answer now would be marked as late."""
        return now > self.closes_at


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a member sees around this week's check-in."""

    member: Member
    window: Window
    answer: Answer | None
    before: Answer | None
    streak: int
    prompt: Prompt

    @property
    def last_focus(self) -> str:
        """What the member wanted to do this week, in last week's words."""
        return self.before.focus if self.before else ""


@dataclass(frozen=True, slots=True)
class Round:
    """One week's check-in of a cohort: its card in the channel and the threads below it."""

    round_id: int
    cohort_id: int
    schedule_id: int
    period: date
    mentioned: int
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Blocker:
    """A blocker that a member brought to the mentors, in words they saw before."""

    blocker_id: int
    member_id: int
    text: str
    anonymous: bool
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class Nudge:
    """Somebody who may be reminded once, and until when that makes sense."""

    member_id: int
    schedule_id: int
    period: date
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Week:
    """One line of a member's history: what a period came to."""

    period: date
    week: int
    answer: Answer | None
    paused: bool


@dataclass(frozen=True, slots=True)
class History:
    """A member's weeks, newest first, with the figures of the chart."""

    weeks: tuple[Week, ...]
    streak: int
    goals_open: int
    goals_done: int
    goals_dropped: int
    page: int = 0


def window(rule: Weekly, member: Member, open_hours: int, now: datetime) -> Window | None:
    """Return the check-in a member would answer now: the latest that came, or the first to come.

    Returns None when the rule never comes true.
    """
    due = rule.latest(now, member.zone)
    started = member.starts_on
    if due is None or (started is not None and due.on < started - timedelta(days=6)):
        due = rule.next(now, member.zone)
    after = rule.next(due.at, member.zone)
    return Window(
        period=due.on,
        week=week_number(due.on, started),
        opens_at=due.at,
        closes_at=due.at + timedelta(hours=open_hours),
        next_at=after.at,
    )


def week_number(period: date, starts_on: date | None) -> int:
    """Return which week of the member's own programme it is, 1 for the first, 0 before it."""
    if starts_on is None:
        return 1
    monday = starts_on - timedelta(days=starts_on.weekday())
    return max(0, (period - monday).days // 7 + 1)


def for_others(text: str) -> str:
    """Leave out the lines that a member marked as private."""
    lines = [line for line in text.splitlines() if not line.lower().startswith(PRIVATE_MARK)]
    return "\n".join(lines).strip()
