"""What feedback is: an occasion, what somebody saw, what it changed; words and never scores."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.clockwork.phases import Phase, Stage, StepKind, phase_spans, plan_back
from bot.clockwork.recurrence import to_utc
from bot.clockwork.zones import zone_info
from bot.face.words import N_, _
from bot.knowledge.content import Aspect, Question
from bot.people.activity import Visibility
from bot.people.memberships import Member

MOST_OPEN = 3
"""Open requests that one person can have, whoever asks."""
REMIND_AFTER = 3
"""Working days in the calendar of whoever is asked."""
OPEN_FOR = timedelta(days=14)
DRAFT_KEPT_FOR = timedelta(days=7)
OCCASION_LIMIT = 200
QUESTION_LIMIT = 300
TEXT_LIMIT = 4000
PAGE_SIZE = 6
AT_TEN = time(10)
PROMPT_SHOWN_FOR = timedelta(days=10)
PROMPT_STALE_AFTER = timedelta(days=5)
LOOKING_EVERY = timedelta(weeks=4)
LOOKING_TIMES = 12
APART = timedelta(days=4)
"""A phase's prompt makes way for a step of the back-planner within so many days."""

ASPECTS: dict[Aspect, str] = {
    Aspect.DELIVERABLE: N_("Something I made"),
    Aspect.CONDUCT: N_("Professional conduct"),
    Aspect.TEAMWORK: N_("Working with the team"),
}
"""As the person says it whom the feedback is for."""

ABOUT: dict[Aspect, str] = {
    Aspect.DELIVERABLE: N_("Something they made"),
    Aspect.CONDUCT: N_("Professional conduct"),
    Aspect.TEAMWORK: N_("Working with the team"),
}
"""As the person says it who gives the feedback."""


class AskState(StrEnum):
    """How far a request is. Whoever asked sees a declined one as open until its time is over."""

    DRAFTED = "drafted"
    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Source(StrEnum):
    """Where feedback came from: it was asked for, given unasked, or noted from outside Discord."""

    ASKED = "asked"
    GIVEN = "given"
    LOGGED = "logged"


class Role(StrEnum):
    """Who said it, without a name."""

    MANAGER = "manager"
    MENTOR = "mentor"
    TEAMMATE = "teammate"
    OTHER = "other"


ROLES: dict[Role, str] = {
    Role.MANAGER: N_("My manager"),
    Role.MENTOR: N_("A mentor at work"),
    Role.TEAMMATE: N_("A teammate"),
    Role.OTHER: N_("Somebody else"),
}


class Rung(StrEnum):
    """The ladder for feedback that does not come, from the first question down."""

    FIRST = "first"
    SMALLER = "smaller"
    TEAMMATE = "teammate"
    SELF_REVIEW = "self_review"
    EVALUATION = "evaluation"

    @property
    def below(self) -> "Rung | None":
        """The next thing to try, while there is one."""
        rungs = list(Rung)
        place = rungs.index(self) + 1
        return rungs[place] if place < len(rungs) else None


class OutsideState(StrEnum):
    """What became of a question to somebody who is not on Discord."""

    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"
    LEFT = "left"


class Prompt(StrEnum):
    """A nudge to ask for feedback while there is time to use it."""

    BEFORE = "before"
    LAND = "land"
    PLAN = "plan"
    MIDPOINT = "midpoint"
    REACH = "reach"
    SUBSTANTIAL = "substantial_feedback"
    PEERS = "peer_feedback"
    TRANSITION = "transition_meeting"
    HANDOVER = "handover_document"
    LAST_WEEK = "last_week"
    LOOKING = "looking"


PROMPTS: dict[Prompt, str] = {
    Prompt.BEFORE: N_("Ask your future team what newcomers get wrong in the first days."),
    Prompt.LAND: N_("Ask how and when your work is evaluated. It is an easy question this week."),
    Prompt.PLAN: N_("Ask for your first feedback: one small thing somebody saw you do."),
    Prompt.MIDPOINT: N_(
        "Halfway. Write your own short review first, then ask where your manager sees it "
        "differently."
    ),
    Prompt.REACH: N_("Ask somebody outside your team what your work looks like from there."),
    Prompt.SUBSTANTIAL: N_(
        "Ask for substantial feedback now: there is still time to act on it before the end."
    ),
    Prompt.PEERS: N_("Ask two teammates for a few written lines before the final evaluation."),
    Prompt.TRANSITION: N_("Hold the transition meeting: who takes over what, and what is missing?"),
    Prompt.HANDOVER: N_("Have somebody try your hand-over document and say where they got stuck."),
    Prompt.LAST_WEEK: N_("Ask for one line on your work that you may quote, while it is fresh."),
    Prompt.LOOKING: N_("Have one person read an application of yours, with one precise question."),
}

PROMPT_ASPECTS: dict[Prompt, Aspect] = {
    Prompt.BEFORE: Aspect.CONDUCT,
    Prompt.LAND: Aspect.CONDUCT,
    Prompt.MIDPOINT: Aspect.CONDUCT,
    Prompt.SUBSTANTIAL: Aspect.CONDUCT,
    Prompt.PEERS: Aspect.TEAMWORK,
}
"""What each is about; the others are about something made."""

_BY_PHASE = {
    Phase.LAND: (Prompt.LAND, 2),
    Phase.PLAN: (Prompt.PLAN, 3),
    Phase.MIDPOINT: (Prompt.MIDPOINT, 0),
    Phase.REACH: (Prompt.REACH, 3),
    Phase.LAST_WEEK: (Prompt.LAST_WEEK, 0),
}
"""The prompt of a phase, and how many days into it."""

_BY_STEP = {
    StepKind.SUBSTANTIAL_FEEDBACK: Prompt.SUBSTANTIAL,
    StepKind.PEER_FEEDBACK: Prompt.PEERS,
}
"""The steps that ask for feedback; the playbook brings the others, with words to take them."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One member's request to another. It is over once `ended_at` is set."""

    ask_id: int
    cohort_id: int
    asker_id: int
    asked_id: int
    aspect: Aspect
    occasion: str
    question: str
    visibility: Visibility
    state: AskState
    seed: int
    made_at: datetime
    sent_at: datetime | None
    remind_at: datetime | None
    reminded_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None

    @property
    def waits(self) -> bool:
        """Say whether it still waits for an answer, as far as whoever asked can tell."""
        return self.ended_at is None and self.state in (AskState.OPEN, AskState.DECLINED)


@dataclass(frozen=True, slots=True)
class AskPage:
    """A request with both people; somebody who had themselves erased is None."""

    ask: Ask
    asker: Member
    asked: Member


@dataclass(frozen=True, slots=True)
class Words:
    """Feedback as it was typed: Situation, Behaviour, Impact, and two looks ahead."""

    happened: str
    saw: str
    changed: str = ""
    keep: str = ""
    focus: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody told a member about one occasion.

    `giver_id` is None for what was said outside Discord, and once the giver is gone; `receiver_id`
    once the receiver is. A quote from outside stands in `saw`, its speaker's role in `role`.
    """

    feedback_id: int
    cohort_id: int
    giver_id: int | None
    receiver_id: int | None
    source: Source
    role: Role | None
    aspect: Aspect
    visibility: Visibility
    occasion: str
    happened: str
    saw: str
    changed: str
    keep: str
    focus: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """Feedback with the names of both; None where that person is gone or was never here."""

    feedback: Feedback
    giver: Member | None
    receiver: Member | None
    mine: bool = True
    may_keep: bool = False
    may_make_goal: bool = False


@dataclass(frozen=True, slots=True)
class Outside:
    """A question to somebody who is not on Discord, and how far down the ladder it is."""

    outside_id: int
    member_id: int
    role: Role
    aspect: Aspect
    occasion: str
    question: str
    smaller: str
    rung: Rung
    state: OutsideState
    asked_at: datetime
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class OutsidePage:
    """A question to somebody outside, as its member sees it.

    `named` says whom the text is for, when it was meant for somebody who never joined.
    """

    outside: Outside
    member: Member
    not_joined: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """What is known before the form of a request opens."""

    member: Member
    other_id: int
    name: str
    inside: bool
    aspect: Aspect
    question: Question


class Shelf(StrEnum):
    """The parts of a member's list."""

    GOT = "got"
    GAVE = "gave"
    ASKED = "asked"
    WAITING = "waiting"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: what it says and the button that opens it."""

    title: str
    detail: str
    action: str
    subject: int


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a member's feedback."""

    shelf: Shelf
    rows: tuple[Row, ...]
    page: int
    pages: int
    counts: dict[Shelf, int]


@dataclass(frozen=True, slots=True)
class Reflection:
    """What a member heard about one aspect, oldest first, with how much there is of each."""

    aspect: Aspect
    heard: tuple[FeedbackPage, ...]
    counts: dict[Aspect, int]
    zone: str
    may_make_goal: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """A prompt and the day it is for."""

    prompt: Prompt
    on: date


@dataclass(frozen=True, slots=True)
class Plan:
    """Which prompt comes next for a member, and which one stands on `/me` just now."""

    member_id: int
    stage: Stage
    starts_on: date | None
    ends_on: date | None
    zone: str
    next: Prompt | None
    next_at: datetime | None
    shown: Prompt | None
    shown_until: datetime | None
    muted: bool


def after_working_days(
    moment: datetime, count: int, zone: str, off: Collection[date] = ()
) -> datetime:
    """Return ten in the morning, so many working days later in that zone's calendar."""
    day = moment.astimezone(zone_info(zone)).date()
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in off
    return to_utc(day, AT_TEN, zone)


def planned(
    stage: Stage, starts_on: date | None, ends_on: date | None, joined_on: date
) -> list[Planned]:
    """Return every prompt of a member's programme in order, at most one in four days or so."""
    if stage is Stage.LOOKING:
        first = joined_on + timedelta(weeks=1)
        return [Planned(Prompt.LOOKING, first + n * LOOKING_EVERY) for n in range(LOOKING_TIMES)]
    if stage is Stage.FINISHED or starts_on is None or ends_on is None:
        return []
    back = plan_back(starts_on, ends_on)
    steps = [Planned(_BY_STEP[step.kind], step.on) for step in back if step.kind in _BY_STEP]
    phases = [Planned(Prompt.BEFORE, starts_on - timedelta(weeks=1))]
    for span in phase_spans(starts_on, ends_on):
        if span.phase in _BY_PHASE:
            prompt, days = _BY_PHASE[span.phase]
            phases.append(Planned(prompt, min(span.first_on + timedelta(days), span.last_on)))
    free = [one for one in phases if all(abs(one.on - step.on) >= APART for step in back)]
    return sorted([*steps, *free], key=lambda one: one.on)


def next_planned(
    every: list[Planned], zone: str, after: datetime
) -> tuple[Prompt, datetime] | tuple[None, None]:
    """Return the next prompt after a moment: at ten, on Monday where it falls on a weekend."""
    for one in every:
        day = one.on + timedelta(days=max(0, 7 - one.on.weekday()) if one.on.weekday() > 4 else 0)
        at = to_utc(day, AT_TEN, zone)
        if at > after:
            return one.prompt, at
    return None, None


def bare(name: str) -> str:
    """Return a name without the signs that Discord would read as more than a name."""
    return "".join(sign for sign in name if sign not in "\\*_~`|[]<>@#\n").strip() or _("they")


def state_words(ask: Ask) -> str:
    """Say how far a request is, as whoever asked may know it."""
    if ask.waits:
        return _("open")
    words = {
        AskState.DRAFTED: _("not sent"),
        AskState.ANSWERED: _("answered"),
        AskState.WITHDRAWN: _("taken back"),
    }
    return words.get(ask.state, _("ran out"))


def parts_of(found: Feedback) -> Sequence[tuple[str, str]]:
    """Return the parts of feedback that have words in them, each with its name."""
    logged = found.source is Source.LOGGED
    every = (
        (_("Occasion"), found.occasion),
        (_("What happened"), found.happened),
        (_("What they said") if logged else _("What I saw"), found.saw),
        (_("What it changed"), found.changed),
        (_("Keep doing"), found.keep),
        (_("What I make of it") if logged else _("Focus on"), found.focus),
    )
    return [(label, text) for label, text in every if text]
