"""When people work, and when all of them do: hours as somebody typed them, moments they share."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from bot.clockwork.recurrence import to_utc
from bot.clockwork.zones import zone_info

DAY: Final = timedelta(days=1)
LOOKED_AHEAD: Final = 10
SATURDAY: Final = 5
AT_LEAST: Final = timedelta(minutes=30)

_SPAN = re.compile(
    r"(?<![\d:])(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?\s*(?:-|–|—|to|until|till|bis)\s*"
    r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?(?![\d:])",
    re.IGNORECASE,
)


class Hours(NamedTuple):
    """The part of a working day, in its own zone; an end before the begin is the next day."""

    zone: str
    begin: time = time(9)
    end: time = time(17)

    def on(self, day: date) -> tuple[datetime, datetime]:
        """Return when work begins and ends on a day."""
        last = day if self.end > self.begin else day + DAY
        return to_utc(day, self.begin, self.zone), to_utc(last, self.end, self.zone)


def read_hours(text: str, zone: str) -> Hours:
    """Return the working hours somebody typed ("9-17:30", "8am to 4pm"), or nine to five."""
    found = _SPAN.search(text)
    if found is None:
        return Hours(zone)
    begin, end = _wall(*found.group(1, 2, 3)), _wall(*found.group(4, 5, 6))
    return Hours(zone) if begin is None or end is None else Hours(zone, begin, end)


def _wall(hour: str, minute: str | None, half: str | None) -> time | None:
    number = int(hour)
    if half:
        number = number % 12 + (12 if half.casefold() == "pm" else 0)
    minutes = int(minute or 0)
    return time(number, minutes) if number < 24 and minutes < 60 else None


def shared_moments(people: Sequence[Hours], after: datetime, count: int = 3) -> list[datetime]:
    """Return moments on working days when all of them work, each on another day, earliest first."""
    found: list[datetime] = []
    for begin, end in _overlaps(people, after):
        whole = _next_half_hour(begin)
        if whole + AT_LEAST <= end:
            found.append(whole)
        if len(found) == count:
            break
    return found


def _overlaps(people: Sequence[Hours], after: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield what everybody's working days have in common, by the first person's days."""
    first, *others = people
    today = after.astimezone(zone_info(first.zone)).date()
    for number in range(LOOKED_AHEAD):
        day = today + number * DAY
        spans = [first.on(day)] if day.weekday() < SATURDAY else []
        for other in others:
            theirs = [other.on(day + n * DAY) for n in (-1, 0, 1) if _works(day + n * DAY)]
            spans = [
                (max(b, begin), min(e, end))
                for b, e in spans
                for begin, end in theirs
                if max(b, begin) + AT_LEAST <= min(e, end)
            ]
        yield from ((max(begin, after), end) for begin, end in spans[:1])


def _works(day: date) -> bool:
    return day.weekday() < SATURDAY


def _next_half_hour(moment: datetime) -> datetime:
    whole = moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)
    return whole if whole == moment else whole + AT_LEAST
