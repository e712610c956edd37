"""When "Mondays at nine" is: a wall time in a zone, found every week through clock changes."""

import calendar
from abc import abstractmethod
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.clockwork.zones import known_zone, zone_choices, zone_info

__all__ = [
    "LAST",
    "AnyRule",
    "Daily",
    "Due",
    "MonthDay",
    "MonthWeekday",
    "Weekdays",
    "Weekly",
    "known_zone",
    "months_later",
    "to_utc",
    "zone_choices",
]

SECOND = timedelta(seconds=1)
WEEK = 7
LAST = -1
"""The last day of a month, or the last Friday in it."""


class Due(NamedTuple):
    """One occurrence: the local date that names it, and the moment it happens."""

    on: date
    at: datetime


def to_utc(day: date, wall: time, zone: str) -> datetime:
    """The moment a clock on the wall of `zone` first shows `wall` on `day`.

    A time that the clock skips happens at the first moment that exists after it (02:30 becomes
    03:00; a whole day left out becomes the next midnight); a time shown twice, the first time.
    """
    tz = zone_info(zone)
    written = datetime.combine(day, wall, tz)
    moment = written.astimezone(UTC)
    if moment.astimezone(tz).replace(tzinfo=None) == written.replace(tzinfo=None):
        return moment
    return _end_of_gap(written.replace(fold=1).astimezone(UTC), moment, tz)


def _end_of_gap(before: datetime, after: datetime, tz: ZoneInfo) -> datetime:
    """The second at which the clock jumps, somewhere after `before` and no later than `after`."""
    jumped = after.astimezone(tz).utcoffset()
    low, high = 0, int((after - before) / SECOND)
    while high - low > 1:
        middle = (low + high) // 2
        if (before + middle * SECOND).astimezone(tz).utcoffset() == jumped:
            high = middle
        else:
            low = middle
    return before + high * SECOND


class Rule(BaseModel):
    """A wall time on the days that a rule names, from `anchor` on, without end.

    The rule knows no zone, so that one rule can reach each member where they live.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: time
    anchor: date

    @field_validator("at")
    @classmethod
    def _on_the_wall(cls, at: time) -> time:
        if at.tzinfo is not None:
            raise ValueError("a wall time carries no zone")
        return at.replace(microsecond=0, fold=0)

    @abstractmethod
    def dates(self, after: date) -> Iterator[date]:
        """The local dates of the rule later than `after`, without end."""

    def next(self, after: datetime, zone: str) -> Due:
        """The first occurrence strictly later than `after`."""
        return self._from(after.astimezone(zone_info(zone)).date() - _MARGIN, after, zone)

    def between(self, start: datetime, end: datetime, zone: str) -> Iterator[Due]:
        """The occurrences later than `start` and no later than `end`, in order."""
        due = self.next(start, zone)
        while due.at <= end:
            yield due
            due = self._from(due.on, start, zone)

    def _from(self, day: date, after: datetime, zone: str) -> Due:
        """The first occurrence dated later than `day` that happens later than `after`."""
        for on in self.dates(day):
            moment = to_utc(on, self.at, zone)
            if moment > after:
                return Due(on, moment)
        raise OverflowError("the calendar ends before this rule does")


class Weekly(Rule):
    """A rule like "every second Monday at 09:00", which keeps its wall time all year.

    It begins on the first such weekday on or after `anchor` and returns every `every` weeks.
    """

    weekday: Annotated[int, Field(ge=0, le=6)]
    every: Annotated[int, Field(ge=1, le=52)] = 1

    @property
    def starts_on(self) -> date:
        """The first date of the rule."""
        return self.anchor + timedelta((self.weekday - self.anchor.weekday()) % WEEK)

    def dates(self, after: date) -> Iterator[date]:
        """The local dates of the rule later than `after`, without end."""
        step = timedelta(WEEK * self.every)
        day = self._first_later_than(after)
        while True:
            yield day
            day += step

    def latest(self, at: datetime, zone: str) -> Due | None:
        """The last occurrence that has come by `at`; None while the rule has not begun."""
        step = timedelta(WEEK * self.every)
        day = self._first_later_than(at.astimezone(zone_info(zone)).date() + _MARGIN) - step
        while day >= self.anchor:
            moment = to_utc(day, self.at, zone)
            if moment <= at:
                return Due(day, moment)
            day -= step
        return None

    def _first_later_than(self, day: date) -> date:
        first = self.starts_on
        if day < first:
            return first
        step = WEEK * self.every
        return first + timedelta(((day - first).days // step + 1) * step)


class Daily(Rule):
    """A rule like "every third day at 08:00", counted from `anchor`."""

    kind: Literal["daily"] = "daily"
    every: Annotated[int, Field(ge=1, le=366)] = 1

    def dates(self, after: date) -> Iterator[date]:
        """The local dates of the rule later than `after`, without end."""
        gone = max(-1, (after - self.anchor).days // self.every)
        day = self.anchor + timedelta((gone + 1) * self.every)
        while True:
            yield day
            day += timedelta(self.every)


class Weekdays(Rule):
    """A rule like "Mondays and Thursdays at 17:00", in every `every`th week from the anchor's."""

    kind: Literal["weekdays"] = "weekdays"
    days: Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], Field(min_length=1)]
    every: Annotated[int, Field(ge=1, le=52)] = 1

    @field_validator("days")
    @classmethod
    def _in_order(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(set(days)))

    def dates(self, after: date) -> Iterator[date]:
        """The local dates of the rule later than `after`, without end."""
        after = max(after, self.anchor - timedelta(1))
        first = self.anchor - timedelta(self.anchor.weekday())
        monday = first + timedelta((after - first).days // (WEEK * self.every) * WEEK * self.every)
        while True:
            for weekday in self.days:
                if (day := monday + timedelta(weekday)) > after:
                    yield day
            monday += timedelta(WEEK * self.every)


class _Monthly(Rule):
    """One day in every `every`th month from the anchor's."""

    every: Annotated[int, Field(ge=1, le=60)] = 1

    def dates(self, after: date) -> Iterator[date]:
        """The local dates of the rule later than `after`, without end."""
        after = max(after, self.anchor - timedelta(1))
        month = self.anchor.year * 12 + self.anchor.month - 1
        gone = (after.year * 12 + after.month - 1 - month) // self.every
        month += max(0, gone) * self.every
        while True:
            day = self.day_in(month // 12, month % 12 + 1)
            if day is not None and day > after:
                yield day
            month += self.every

    @abstractmethod
    def day_in(self, year: int, month: int) -> date | None:
        """The rule's day in a month, where the month has it."""


class MonthDay(_Monthly):
    """A rule like "on the 31st": in a month that has no such day, on its last."""

    kind: Literal["month_day"] = "month_day"
    day: Annotated[int, Field(ge=LAST, le=31)]

    @field_validator("day")
    @classmethod
    def _a_day(cls, day: int) -> int:
        if day == 0:
            raise ValueError("months begin with day 1")
        return day

    def day_in(self, year: int, month: int) -> date:
        """The day itself, or the month's last."""
        length = calendar.monthrange(year, month)[1]
        return date(year, month, length if self.day == LAST else min(self.day, length))


class MonthWeekday(_Monthly):
    """A rule like "the first Friday" or "the last Friday"; a fifth only where there is one."""

    kind: Literal["month_weekday"] = "month_weekday"
    nth: Literal[1, 2, 3, 4, 5, -1]
    weekday: Annotated[int, Field(ge=0, le=6)]

    def day_in(self, year: int, month: int) -> date | None:
        """That weekday of the month, where the month has it."""
        return nth_weekday(year, month, self.weekday, self.nth)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The first, second, … or last Monday of a month; None where it has no fifth."""
    first, length = calendar.monthrange(year, month)
    days = range((weekday - first) % WEEK + 1, length + 1, WEEK)
    if nth == LAST:
        return date(year, month, days[-1])
    return date(year, month, days[nth - 1]) if nth <= len(days) else None


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or that month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


AnyRule = Annotated[Daily | Weekdays | MonthDay | MonthWeekday, Field(discriminator="kind")]
"""Every rule a member can have a reminder repeat by."""

_MARGIN = timedelta(days=2)
"""A date and its moment can lie a day apart where a zone leaves a whole day out."""
