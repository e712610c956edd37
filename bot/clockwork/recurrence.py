"""When "Mondays at nine" is: a wall time in a zone, found every week through clock changes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.clockwork.zones import known_zone, zone_choices, zone_info

__all__ = ["Due", "Weekly", "known_zone", "to_utc", "zone_choices"]

SECOND = timedelta(seconds=1)
WEEK = 7


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


class Weekly(BaseModel):
    """A rule like "every second Monday at 09:00", which keeps its wall time all year.

    It begins on the first such weekday on or after `anchor` and returns every `every` weeks.
    The rule knows no zone, so that one rule can reach each member where they live.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weekday: Annotated[int, Field(ge=0, le=6)]
    at: time
    every: Annotated[int, Field(ge=1, le=52)] = 1
    anchor: date

    @field_validator("at")
    @classmethod
    def _on_the_wall(cls, at: time) -> time:
        if at.tzinfo is not None:
            raise ValueError("a wall time carries no zone")
        return at.replace(microsecond=0, fold=0)

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

    def next(self, after: datetime, zone: str) -> Due:
        """The first occurrence strictly later than `after`."""
        return self._from(after.astimezone(zone_info(zone)).date() - _MARGIN, after, zone)

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

    def _first_later_than(self, day: date) -> date:
        first = self.starts_on
        if day < first:
            return first
        step = WEEK * self.every
        return first + timedelta(((day - first).days // step + 1) * step)


_MARGIN = timedelta(days=2)
"""A date and its moment can lie a day apart where a zone leaves a whole day out."""
