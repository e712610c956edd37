"""What a reminder is: words that come back at a moment, once or by a rule."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from pydantic import TypeAdapter

from bot.clockwork.recurrence import to_utc
from bot.clockwork.when import Meaning, Once, Repeating

WHAT_LIMIT = 1000
WHEN_LIMIT = 100
MOST_OPEN = 200
"""Reminders one person may have waiting at a time."""
MOST_ASKED = 10
"""Reminders of one person that were read back to them and not saved yet."""
A_PAGE = 5
LATE_AFTER = timedelta(minutes=5)
AN_HOUR = timedelta(hours=1)
KEPT_ASKED = timedelta(days=7)
KEPT_OVER = timedelta(days=90)

_MEANINGS: Final[TypeAdapter[list[Once | Repeating]]] = TypeAdapter(list[Meaning])


class ReminderState(StrEnum):
    """Where a reminder is: read back, waiting for its moment, said, or over."""

    ASKED = "asked"
    WAITING = "waiting"
    DUE = "due"
    DONE = "done"
    CANCELLED = "cancelled"


OPEN = (ReminderState.WAITING, ReminderState.DUE)


class Way(StrEnum):
    """How a reminder reaches its member, by what they agreed to."""

    DM = "dm"
    ROOM = "room"
    THREAD = "thread"
    PANEL = "panel"


@dataclass(frozen=True, slots=True)
class Reminder:
    """Words, and when they come.

    `next_at` is when the rule (or the one moment) comes next, `snoozed_at` when it was put off to,
    `wake_at` the sooner of them. `told_at` is the moment for which it was last said, `done_at` the
    one that its member marked done. `zone` is the clock it goes by.
    """

    reminder_id: int
    member_id: int
    what: str
    said: str
    meanings: list[Once | Repeating]
    zone: str
    state: ReminderState
    next_at: datetime | None
    snoozed_at: datetime | None
    wake_at: datetime | None
    told_at: datetime | None
    done_at: datetime | None
    changed_at: datetime
    made_at: datetime

    @property
    def meaning(self) -> Once | Repeating:
        """What it was decided to mean."""
        return self.meanings[0]

    @property
    def repeats(self) -> bool:
        """Say whether it comes again by itself."""
        return bool(self.meanings) and isinstance(self.meaning, Repeating)

    @property
    def is_said(self) -> bool:
        """Say whether it was said and neither done nor put off since."""
        return self.told_at is not None and self.done_at is None and self.snoozed_at is None

    def follows(self) -> bool:
        """Say whether it moves with its member: a rule for which no place was named."""
        return isinstance(self.meaning, Repeating) and self.meaning.zone is None

    def after(self, moment: datetime) -> datetime | None:
        """Return when the rule comes next after a moment; None for one that comes once."""
        if not isinstance(self.meaning, Repeating):
            return None
        return self.meaning.rule.next(moment, self.zone).at

    def latest(self, now: datetime) -> datetime:
        """Return the last moment missed, of a rule that missed several."""
        assert self.wake_at is not None
        if not isinstance(self.meaning, Repeating) or self.wake_at == self.snoozed_at:
            return self.wake_at
        missed = list(self.meaning.rule.between(self.wake_at, now, self.zone))
        return missed[-1].at if missed else self.wake_at


@dataclass(frozen=True, slots=True)
class ReminderPage:
    """A reminder as its member sees it."""

    reminder: Reminder
    zone: str
    way: Way
    now: datetime
    trouble: str = ""
    note: str = ""

    @property
    def is_late(self) -> bool:
        """Say whether it is said noticeably after its moment."""
        told = self.reminder.told_at
        return told is not None and self.now - told > LATE_AFTER


@dataclass(frozen=True, slots=True)
class ReminderList:
    """One page of somebody's open reminders."""

    reminders: list[Reminder]
    total: int
    page: int
    zone: str
    way: Way

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return max(1, -(-self.total // A_PAGE))


def packed(meanings: list[Once | Repeating]) -> Any:
    """Return meanings as plain values."""
    return _MEANINGS.dump_python(meanings, mode="json")


def unpacked(values: Any) -> list[Once | Repeating]:
    """Read meanings from plain values."""
    return _MEANINGS.validate_python(values)


def first_moment(meaning: Once | Repeating, now: datetime, home: str) -> datetime:
    """Return when it comes first; for a single moment by the law its zone has today."""
    if isinstance(meaning, Repeating):
        return meaning.next(now, home)
    if meaning.wall is None:
        return meaning.at
    return to_utc(meaning.wall.date(), meaning.wall.time(), meaning.zone or home)
