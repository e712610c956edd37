"""Dates the way people write them: "24 Dec", "next monday", "in 2 weeks", "until friday"."""

import calendar
import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Final

from bot.clockwork.echo import echo
from bot.clockwork.recurrence import months_later
from bot.errors import Refusal
from bot.face.words import _

WEEK: Final = 7
FURTHEST_YEARS: Final = 50

MONTHS: Final = {
    name: number
    for number in range(1, 13)
    for full in [calendar.month_name[number].lower()]
    for name in {full, full[:3], "sept" if number == 9 else full}
}
WEEKDAYS: Final = {
    name: number
    for number, (full, *short) in enumerate(
        [
            ("monday", "mon"),
            ("tuesday", "tue", "tues"),
            ("wednesday", "wed", "weds"),
            ("thursday", "thu", "thur", "thurs"),
            ("friday", "fri"),
            ("saturday", "sat"),
            ("sunday", "sun"),
        ]
    )
    for name in (full, *short)
}
NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
NAMED: Final = {
    "today": 0,
    "tonight": 0,
    "now": 0,
    "tomorrow": 1,
    "tmr": 1,
    "tmrw": 1,
    "day after tomorrow": 2,
    "fortnight": 14,
    "yesterday": -1,
    "day before yesterday": -2,
}
UNITS: Final = {
    "d": "day", "day": "day", "days": "day",
    "w": "week", "wk": "week", "wks": "week", "week": "week", "weeks": "week",
    "fortnight": "fortnight", "fortnights": "fortnight",
    "m": "month", "mo": "month", "month": "month", "months": "month",
    "y": "year", "yr": "year", "yrs": "year", "year": "year", "years": "year",
}  # fmt: skip

_LEAD = re.compile(r"^(?:until|untill|till|til|by|on|for|from|starting|due|the|in|after)\s+")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})?")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}|\d{2}))?")
_WEEKDAY_FIRST = re.compile(r"^(?:{})\s+(?=.*\d)".format("|".join(WEEKDAYS)))
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s*(?:of\s+)?([a-z]+)\s*(\d{4})?")
_MONTH_DAY = re.compile(r"([a-z]+)\s*(\d{1,2})(?:st|nd|rd|th)?(?:\s+(\d{4}))?")
_AHEAD = re.compile(r"(?:(\d{1,3})|([a-z]+))\s*([a-z]+?)(?:\s+(ago|from now|from today|time))?")
_WEEKDAY = re.compile(r"(?:(next|this|coming|last)\s+)?([a-z]+)(?:\s+(next week))?")
_WALL = re.compile(r"(\d{1,2})(?:[:.h](\d{2})?)?\s*(am|pm|a|p)?(?:\s*o'?clock)?")


def read_date(text: str, today: date, *, nearest: bool = False) -> date:
    """The day someone means, seen from `today` where they live; a refusal says what to type.

    A date without its year is the next one to come; with `nearest`, the one closest to today,
    which is what people mean when they say when something began.
    """
    wanted = _plain(text)
    for read in (_named, _relative, _weekday, _written):
        try:
            found = read(wanted, today, nearest)
        except (ValueError, OverflowError):
            raise Refusal(_no_such_day(text)) from None
        if found is not None:
            return _not_too_far(found, today)
    raise Refusal(
        _(
            "I could not read {text} as a date. "
            "Type it like 2026-12-24, 24 Dec, tomorrow, next monday or in 2 weeks."
        ).format(text=_quoted(text))
    )


def read_wall(text: str) -> time:
    """The time of day someone means ("9", "9am", "21:30"); a refusal says what to type."""
    wanted = text.strip().casefold()
    if wanted in ("noon", "midday"):
        return time(12)
    if wanted == "midnight":
        return time(0)
    if shown := _WALL.fullmatch(wanted):
        hour, minute, half = int(shown[1]), int(shown[2] or 0), shown[3]
        if half and 1 <= hour <= 12:
            return _wall_or_refuse(hour % 12 + (12 if half[0] == "p" else 0), minute, text)
        if not half:
            return _wall_or_refuse(hour, minute, text)
    raise Refusal(_no_such_time(text))


def _wall_or_refuse(hour: int, minute: int, text: str) -> time:
    if hour > 23 or minute > 59:
        raise Refusal(_no_such_time(text))
    return time(hour, minute)


def _named(text: str, today: date, nearest: bool) -> date | None:
    if text in NAMED:
        return today + timedelta(NAMED[text])
    if text == "next week":
        return today + timedelta(WEEK - today.weekday())
    if text == "next month":
        return months_later(today.replace(day=1), 1)
    if text in ("end of month", "end of the month", "end of this month"):
        return months_later(today.replace(day=1), 1) - timedelta(1)
    return None


def _relative(text: str, today: date, nearest: bool) -> date | None:
    """A number of days, weeks, months or years away; months keep the day where they can."""
    said = _AHEAD.fullmatch(text)
    if not said:
        return None
    digits, word, unit_word, direction = said.groups()
    count = int(digits) if digits else NUMBERS.get(word)
    unit = UNITS.get(unit_word)
    if count is None or unit is None:
        return None
    count = -count if direction == "ago" else count
    steps: dict[str, Callable[[], date]] = {
        "day": lambda: today + timedelta(count),
        "week": lambda: today + timedelta(weeks=count),
        "fortnight": lambda: today + timedelta(weeks=2 * count),
        "month": lambda: months_later(today, count),
        "year": lambda: months_later(today, 12 * count),
    }
    return steps[unit]()


def _weekday(text: str, today: date, nearest: bool) -> date | None:
    """ "friday" is the next to come; "next friday" is the one in next week; "this", this week's."""
    said = _WEEKDAY.fullmatch(text)
    weekday = WEEKDAYS.get(said[2]) if said else None
    if said is None or weekday is None:
        return None
    monday = today - timedelta(today.weekday())
    if said[1] == "next" or said[3]:
        return monday + timedelta(WEEK + weekday)
    if said[1] == "last":
        return today - timedelta((today.weekday() - weekday - 1) % WEEK + 1)
    if said[1] == "this" and weekday >= today.weekday():
        return monday + timedelta(weekday)
    return today + timedelta((weekday - today.weekday() - 1) % WEEK + 1)


def _written(text: str, today: date, nearest: bool) -> date | None:
    text = _WEEKDAY_FIRST.sub("", text)
    if iso := _ISO.fullmatch(text):
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    if dotted := _DOTTED.fullmatch(text):
        return _in_year(int(dotted[1]), int(dotted[2]), dotted[3], today, nearest)
    if slashed := _SLASHED.fullmatch(text):
        day, month = _told_apart(int(slashed[1]), int(slashed[2]))
        return _in_year(day, month, slashed[3], today, nearest)
    if (said := _DAY_MONTH.fullmatch(text)) and said[2] in MONTHS:
        return _in_year(int(said[1]), MONTHS[said[2]], said[3], today, nearest)
    if (said := _MONTH_DAY.fullmatch(text)) and said[1] in MONTHS:
        return _in_year(int(said[2]), MONTHS[said[1]], said[3], today, nearest)
    return None


def _told_apart(first: int, second: int) -> tuple[int, int]:
    """Day and month of 13/4 or 4/13; 3/4 means two things, and guessing could cost a month."""
    if first <= 12 and second <= 12 and first != second:
        raise Refusal(
            _(
                "{first}/{second} can be {first} {second_name} or {second} {first_name}. "
                "Write the month as a word."
            ).format(
                first=first,
                second=second,
                first_name=_month_name(first),
                second_name=_month_name(second),
            )
        )
    return (second, first) if first <= 12 < second else (first, second)


def _in_year(day: int, month: int, year: str | None, today: date, nearest: bool) -> date:
    """The date in the year said, or without one in the year that fits (29 Feb waits for it)."""
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    date(2000, month, day)  # a leap year: whatever fails here is no day in any year
    years = range(today.year - 8, today.year + 9)
    days = [date(y, month, day) for y in years if day <= calendar.monthrange(y, month)[1]]
    if nearest:
        return min(days, key=lambda found: abs(found - today))
    return next(found for found in days if found >= today)


def _not_too_far(found: date, today: date) -> date:
    if abs(found.year - today.year) > FURTHEST_YEARS:
        raise Refusal(
            _("{date} is very far away. Check the year, or type it like 2026-12-24.").format(
                date=found.isoformat()
            )
        )
    return found


def _no_such_day(text: str) -> str:
    return _(
        "There is no such day as {text}. Check the day and the month, or type it like 2026-12-24."
    ).format(text=_quoted(text))


def _no_such_time(text: str) -> str:
    return _("I could not read {text} as a time. Type it like 09:00, 9am or 21:30.").format(
        text=_quoted(text)
    )


def _month_name(month: int) -> str:
    return calendar.month_name[month]


def _plain(text: str) -> str:
    """Lower case, single spaces, no commas, no "until", "by" or "in" before the date."""
    wanted = " ".join(text[:100].casefold().replace(",", " ").replace("'", "").split())
    wanted = wanted.rstrip("!?")
    while (shorter := _LEAD.sub("", wanted)) != wanted:
        wanted = shorter
    return wanted


def _quoted(text: str) -> str:
    shown = echo(text)
    return f'"{shown}"' if shown else _("that")
