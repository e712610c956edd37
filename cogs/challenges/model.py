"""A challenge: one small step a week that nobody asked for."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.clockwork.recurrence import to_utc
from bot.clockwork.zones import zone_info
from bot.knowledge.content import Challenge

KIND = "challenge.card"
SHARED = "challenge.shared"
CARD_DAY = 2
"""Wednesday: far from the week's check-in, with days left to do it."""
CARD_AT = time(11)
EVENING = time(20)
REMIND_AT = time(9)
MOST_UNANSWERED = 3
"""After so many cards in a row without a press the next ones only stand on `/me`."""
PAGE_SIZE = 6


class State(StrEnum):
    """What became of a week's challenge."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Kept:
    """A member's challenge of one week; `what` are its words as they were then."""

    challenge_id: int
    member_id: int
    week_on: date
    name: str
    turn: int
    what: str
    state: State
    goal: bool
    remind_at: datetime | None
    told_at: datetime | None
    pressed_at: datetime | None
    done_at: datetime | None
    shared_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """A week's challenge as its member sees it.

    `challenge` is None once the pack it came from is gone; `channel_id` is where it could be
    shared; `guide` leads to more, where there is more to read.
    """

    kept: Kept
    challenge: Challenge | None
    member_name: str
    stopped: bool
    is_now: bool
    may_change: bool
    may_goal: bool
    may_remind: bool
    may_keep: bool
    channel_id: int | None
    guide: str | None
    done: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of what was done."""

    challenge_id: int
    what: str
    on: date
    shared: bool


@dataclass(frozen=True, slots=True)
class History:
    """One page of what a member did, newest first."""

    rows: tuple[Row, ...]
    page: int
    pages: int
    member_id: int


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def card_at(week_on: date, zone: str) -> datetime:
    """Return when a week's card goes out."""
    return to_utc(week_on + timedelta(days=CARD_DAY), CARD_AT, zone)


def next_card_at(now: datetime, zone: str) -> datetime:
    """Return when the next week's card may go out, later than now."""
    week_on = monday(now.astimezone(zone_info(zone)).date())
    this_week = card_at(week_on, zone)
    return this_week if this_week > now else card_at(week_on + timedelta(weeks=1), zone)


def moments(zone: str, now: datetime) -> tuple[datetime, ...]:
    """Return three mornings to be reminded on: tomorrow, in two days, in four."""
    today = now.astimezone(zone_info(zone)).date()
    return tuple(to_utc(today + timedelta(days=days), REMIND_AT, zone) for days in (1, 2, 4))
