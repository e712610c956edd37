"""What a phase brings to a member: one short card, three things to do, two steps near the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.clockwork.phases import Phase, Stage, StepKind, phase_spans, plan_back
from bot.clockwork.recurrence import to_utc
from bot.clockwork.zones import zone_info
from bot.face.words import N_
from bot.knowledge.packs import Packs
from bot.knowledge.week import week_for

MORNING = time(11)
"""After the check-in and after what others bring at ten, which go first."""
EVENING = time(20)
REMIND_AT = time(9)
MOST_UNANSWERED = 3
"""After so many cards in a row without a press the next ones only stand on `/me`."""
SATURDAY = 5
KIND = "playbook.card"
CALL = "playbook.call"
FIRST = ("checkin", "introduction")
"""Programmes of a cohort that go before a card: it leaves them their place in a day and a week."""


class CardState(StrEnum):
    """Where a card is: waiting, written, said, only on `/me`, or come to nothing."""

    WAITING = "waiting"
    WRITTEN = "written"
    SAID = "said"
    SHOWN = "shown"
    DROPPED = "dropped"


class Why(StrEnum):
    """What keeps or kept a card from being said."""

    BUDGET = "budget"
    CARD = "card"
    CLOSED = "closed"
    QUIET = "quiet"
    MUTED = "muted"
    PAUSED = "paused"
    MOVED = "moved"
    LATE = "late"
    HELD = "held"
    LEFT = "left"


WHYS: dict[Why, str] = {
    Why.BUDGET: N_("your messages were used up until its time was over"),
    Why.CARD: N_("you chose not to be written to"),
    Why.CLOSED: N_("my direct messages do not reach you"),
    Why.QUIET: N_("three cards in a row stayed without a press"),
    Why.MUTED: N_("you wanted no more of them"),
    Why.PAUSED: N_("you were paused"),
    Why.MOVED: N_("your stage or your dates changed"),
    Why.LATE: N_("its time had passed on the way"),
    Why.HELD: N_("your moderators had paused the cohort"),
    Why.LEFT: N_("you left"),
}


class DeedKind(StrEnum):
    """What a member did with one of the three: did it, made it a goal, asked to be reminded."""

    DONE = "done"
    GOAL = "goal"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do before the end, with words to do it."""

    title: str
    do: str
    why: str
    words: str
    area: str
    guide: str = "hand-over"


STEPS: dict[StepKind, Step] = {
    StepKind.TRANSITION_MEETING: Step(
        title=N_("Two weeks left: who takes it over?"),
        do=N_("Hold the transition meeting"),
        why=N_("Half an hour with whoever goes on with your work saves them a week of guessing."),
        words=N_(
            "Hi, my last day is {day}. Could we take 30 minutes this week to plan who takes over "
            "my work? I will bring a list: what is done, what stays open, what can be switched "
            "off. I would like to leave with one name for each."
        ),
        area="business",
    ),
    StepKind.HANDOVER_DOCUMENT: Step(
        title=N_("A week left: the hand-over page"),
        do=N_("Write the hand-over page, and have somebody try it"),
        why=N_("What only you know leaves with you. One page is enough, if somebody tried it."),
        words=N_(
            "Hi, I wrote a page so that my work can go on after {day}: what it does, how to run "
            "it, what is unfinished, whom to ask. Could you follow it for 20 minutes and tell me "
            "where you got stuck?"
        ),
        area="business",
    ),
}
"""The feedback that is due before the end is asked for by *feedback*."""

REFLECTS = (Phase.BEFORE, Phase.MIDPOINT, Phase.AFTER)
"""The phases whose card asks where somebody would like to go."""


@dataclass(frozen=True, slots=True)
class Window:
    """A card's name, unique for a member, and the days on which it may be said."""

    key: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class Card:
    """One card of one member; `actions` are those it named when it was written."""

    card_id: int
    member_id: int
    key: str
    opens_on: date
    closes_on: date
    state: CardState
    why: Why | None
    actions: tuple[str, ...]
    tries: int
    letter_id: int | None
    made_at: datetime
    said_at: datetime | None

    @property
    def window(self) -> Window:
        """Its name and its days."""
        return Window(self.key, self.opens_on, self.closes_on)


@dataclass(frozen=True, slots=True)
class Plan:
    """When a member is looked at next, and what they said to the cards so far."""

    member_id: int
    stage: Stage
    starts_on: date | None
    ends_on: date | None
    zone: str
    next_at: datetime | None
    muted: bool
    pressed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Deed:
    """Something a member did with one action of one period; the words stay though a pack goes."""

    deed_id: int
    member_id: int
    key: str
    action: str
    kind: DeedKind
    what: str
    at: datetime
    for_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ref:
    """What a button is about: an action of a member's period, on a card or on this week's page."""

    member_id: int
    key: str
    action: str
    on_card: bool

    def __str__(self) -> str:
        return f"{self.member_id}.{self.key}.{self.action}.{'c' if self.on_card else 'w'}"


def read_ref(subject: str) -> Ref | None:
    """Return what a button is about; None for anything else."""
    parts = subject.split(".")
    if len(parts) != 4 or not parts[0].isdecimal() or len(parts[0]) > 15:
        return None
    number, key, action, place = parts
    return Ref(int(number), key, action, place == "c")


@dataclass(frozen=True, slots=True)
class Thing:
    """One of the three as its member sees it."""

    ref: Ref
    do: str
    why: str
    guide: str | None
    done: bool = False
    goal: bool = False
    remind_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A card, or this week's three, with what has been done of it.

    `words` are words to copy for a step; `reflects` leads to the questions about a direction;
    `silent` says why no card comes as a message, where that can be changed with a press.
    """

    member_id: int
    title: str
    opening: str
    things: tuple[Thing, ...]
    may_goal: bool
    may_remind: bool
    words: str = ""
    reflects: bool = False
    silent: Why | None = None
    is_week: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """When somebody may be reminded of an action."""

    thing: Thing
    moments: tuple[datetime, ...]


def windows(
    packs: Packs, stage: Stage, starts_on: date | None, ends_on: date | None, today: date
) -> list[Window]:
    """Return the cards that are in their time on this day, the one that ends first ahead."""
    week = week_for(packs, stage, starts_on, ends_on, today)
    found: list[Window] = []
    if week.phase is not None or stage is Stage.LOOKING:
        found.append(Window(week.period, week.since, week.until))
    found += [one for one in steps(stage, starts_on, ends_on) if one.opens_on <= today]
    return sorted((one for one in found if today <= one.closes_on), key=lambda one: one.closes_on)


def steps(stage: Stage, starts_on: date | None, ends_on: date | None) -> list[Window]:
    """Return the windows of the steps before the end."""
    if starts_on is None or ends_on is None or stage in (Stage.LOOKING, Stage.FINISHED):
        return []
    return [
        Window(f"step-{step.kind.value}", step.on, ends_on)
        for step in plan_back(starts_on, ends_on)
        if step.kind in STEPS
    ]


def ahead(stage: Stage, starts_on: date | None, ends_on: date | None, today: date) -> list[Window]:
    """Return the cards whose time is yet to come."""
    if stage is Stage.LOOKING:
        monday = today + timedelta(days=7 - today.weekday())
        return [Window(f"week-{monday}", monday, monday + timedelta(days=6))]
    if starts_on is None or ends_on is None:
        return []
    phases = [
        Window(f"phase-{span.phase.value}", span.first_on, span.last_on)
        for span in phase_spans(starts_on, ends_on)
        if stage is not Stage.FINISHED or span.phase is Phase.AFTER
    ]
    every = [*phases, *steps(stage, starts_on, ends_on)]
    return [one for one in every if one.opens_on > today]


def step_of(key: str) -> StepKind | None:
    """Return the step of a card's name, if it is one."""
    kinds = {f"step-{kind.value}": kind for kind in STEPS}
    return kinds.get(key)


def phase_of(key: str) -> Phase | None:
    """Return the phase of a card's name, if it is one."""
    phases = {f"phase-{phase.value}": phase for phase in Phase}
    return phases.get(key)


def is_weekly(key: str) -> bool:
    """Say whether a card is one of those that come every week to somebody who looks."""
    return key.startswith("week-")


def unanswered(cards: Sequence[Card], pressed_at: datetime | None) -> int:
    """Count the cards that were said since the last press."""
    return sum(
        card.said_at is not None and (pressed_at is None or card.said_at > pressed_at)
        for card in cards
        if card.state in (CardState.WRITTEN, CardState.SAID)
    )


def rests(today: date, window: Window) -> bool:
    """Say whether it is a weekend, and the card has a working day of its own."""
    within = (window.opens_on + timedelta(days=n) for n in range(SATURDAY))
    has_others = any(day.weekday() < SATURDAY and day <= window.closes_on for day in within)
    return today.weekday() >= SATURDAY and has_others


def morning_of(day: date, zone: str) -> datetime:
    """Return the moment at which cards go out on a day."""
    return to_utc(day, MORNING, zone)


def in_the_day(now: datetime, zone: str) -> bool:
    """Say whether it is a time of day at which a card may come."""
    return MORNING <= now.astimezone(zone_info(zone)).time() < EVENING


def moments(zone: str, now: datetime) -> tuple[datetime, ...]:
    """Return three mornings to be reminded on: tomorrow, in three days, in a week."""
    today = now.astimezone(zone_info(zone)).date()
    return tuple(to_utc(today + timedelta(days=days), REMIND_AT, zone) for days in (1, 3, 7))
