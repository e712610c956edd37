"""The words in a phrase about time: each found where it stands, none left over.

A phrase is read from its left end. Every piece says one thing (a day, a time of day, a rhythm, a
place's clock) and is said once; a word that belongs to no piece means that this is no time at all.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Final

from bot.clockwork.phrases import MONTHS, WEEKDAYS
from bot.clockwork.phrases import NUMBERS as COUNTED
from bot.clockwork.recurrence import LAST, months_later, nth_weekday
from bot.clockwork.zones import LOOSE, known_zone
from bot.errors import Refusal

WEEK: Final = 7
YEARS_AHEAD: Final = 9
"""How far a date without its year is looked for: 29 February can be eight years away."""

Days = Callable[[date], Iterator[date]]
"""From today on, the days that a piece can mean, soonest first."""


class Trouble(StrEnum):
    """Why a phrase that speaks of a time names none."""

    PAST = "past"
    NO_DAY = "no day"
    NO_CLOCK = "no clock"
    TOO_OFTEN = "too often"
    TOO_RARE = "too rare"
    NEVER = "never"
    TOO_FAR = "too far"
    NO_HOUR = "no hour"
    OTHER_WEEKDAY = "other weekday"
    NO_ZONE_TO_REPEAT = "no zone to repeat"


class Impossible(Exception):
    """It speaks of a time, but of none that can be."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(trouble)


class NoTime(Exception):
    """It does not speak of a time."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; not `sure` where it can be in the morning or in the evening."""

    at: time
    sure: bool


@dataclass(slots=True)
class Amount:
    """How far ahead."""

    months: int = 0
    days: int = 0
    minutes: float = 0


@dataclass(slots=True)
class Pieces:
    """What a phrase says."""

    amount: Amount | None = None
    days: tuple[Days, ...] = ()
    weekdays: tuple[int, ...] = ()
    next_weekday: bool = False
    next_week: bool = False
    today: bool = False
    same_time: bool = False
    clock: Clock | None = None
    part: str = ""
    zones: tuple[str, ...] = ()
    offset: timedelta | None = None
    every: int = 0
    unit: str = ""
    nth: int = 0
    month_day: int = 0
    at_said: bool = False
    bare_hour: bool = False
    found: set[str] = field(default_factory=set[str])

    def once(self, *names: str) -> None:
        """Take note of what is said now; said before, it is no time."""
        for name in names:
            if name in self.found:
                raise NoTime
            self.found.add(name)


UNITS: Final = {
    "s": "second", "sec": "second", "secs": "second", "second": "second", "seconds": "second",
    "m": "minute", "min": "minute", "mins": "minute", "minute": "minute", "minutes": "minute",
    "h": "hour", "hr": "hour", "hrs": "hour", "hour": "hour", "hours": "hour",
    "d": "day", "day": "day", "days": "day",
    "w": "week", "wk": "week", "wks": "week", "week": "week", "weeks": "week",
    "fortnight": "fortnight", "fortnights": "fortnight",
    "month": "month", "months": "month",
    "y": "year", "yr": "year", "yrs": "year", "year": "year", "years": "year",
}  # fmt: skip
MINUTES: Final = {"second": 1 / 60, "minute": 1, "hour": 60}
DAYS: Final = {"day": 1, "week": WEEK, "fortnight": 2 * WEEK}
MONTHS_IN: Final = {"month": 1, "year": 12}
NUMBERS: Final = COUNTED | {
    "half": 0.5, "half a": 0.5, "half an": 0.5, "quarter of an": 0.25, "a quarter of an": 0.25,
    "couple of": 2, "a couple of": 2, "a couple": 2, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "the": 1,
}  # fmt: skip
ORDINALS: Final = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "fifth": 5, "5th": 5, "last": LAST,
}  # fmt: skip
PARTS: Final = {
    "first thing": time(9), "morning": time(9), "lunchtime": time(12), "lunch": time(12),
    "afternoon": time(14), "eod": time(17), "end of day": time(17), "end of the day": time(17),
    "close of business": time(17), "cob": time(17), "evening": time(18), "night": time(20),
}  # fmt: skip
LATE: Final = ("lunch", "lunchtime", "afternoon", "evening", "night", "eod")

_W = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_M = "|".join(sorted(MONTHS, key=len, reverse=True))
_O = "|".join(ORDINALS)
_N = "|".join(sorted(NUMBERS, key=len, reverse=True))
_U = "|".join(sorted(UNITS, key=len, reverse=True))
_P = "|".join(sorted(PARTS, key=len, reverse=True))
_NTH = r"(\d{1,2})(?:st|nd|rd|th)"
_SEP = r"\s*(?:and|&|\+|/|\s)\s*"
_ITEM = (
    rf"(\d+(?:[.]\d+)?|(?<![a-z])(?:{_N})(?![a-z]))(\s+and\s+a\s+half)?"
    rf"\s*({_U})(?![a-z])(\s+and\s+a\s+(?:half|quarter))?"
)
_AMOUNT = rf"{_ITEM}(?:\s*(?:and\s+)?{_ITEM})*"
_EVERY = r"(?:every|each)\s*"
_OF_MONTH = r"(?:of|in)\s+(the|this|each|every|a|next)\s+month"

Reader = Callable[[Pieces, re.Match[str]], None]
_readers: list[tuple[str, Reader]] = []


def _piece(pattern: str) -> Callable[[Reader], Reader]:
    """Read what fits the pattern, up to the end of a word; earlier ones are tried first."""

    def register(reader: Reader) -> Reader:
        _readers.append((rf"(?:{pattern})(?![\w:]|[.]\d)", reader))
        return reader

    return register


@cache
def _compiled() -> list[tuple[re.Pattern[str], Reader]]:
    """Compiled for the first phrase, so that starting does not wait for it."""
    return [(re.compile(pattern), reader) for pattern, reader in _readers]


_lead = re.compile(r"^(?:please\s+)?(?:remind me\s+)?")
_filler = re.compile(r"(?:on|the|by|for|of|um|from|starting|with|-)\s+")
_gap = re.compile(r"\s*")
_dangling = re.compile(r"\b(?:on|the|at|by|for|of|in|um|from|and)$")


def find(text: str) -> Pieces:
    """Return what a phrase says. Raises NoTime where it says anything else."""
    wanted = _plain(text)
    said = Pieces()
    at = 0
    if not wanted or _dangling.search(wanted):
        raise NoTime
    while at < len(wanted):
        at = _next_piece(said, wanted, at)
        at = _gap.match(wanted, at).end()  # pyright: ignore[reportOptionalMemberAccess]
    if not said.found or said.found == {"zone"}:
        raise NoTime
    return said


def _next_piece(said: Pieces, wanted: str, at: int) -> int:
    for pattern, read in _compiled():
        if shown := pattern.match(wanted, at):
            read(said, shown)
            return shown.end()
    if filler := _filler.match(wanted, at):
        return filler.end()
    return _zone(said, wanted, at)


def _plain(text: str) -> str:
    wanted = " ".join(text[:120].casefold().replace(",", " ").split())
    wanted = wanted.replace("'", "").replace("\u2019", "")
    wanted = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", wanted).rstrip("!? ")
    if wanted.endswith(".") and not wanted[-2:-1].isdigit():
        wanted = wanted[:-1]
    return _lead.sub("", wanted)


# --- rhythms


@_piece(rf"(?:{_EVERY})?(?:the\s+)?({_O})\s+({_W})\s+{_OF_MONTH}")
def _nth_weekday_of_months(said: Pieces, shown: re.Match[str]) -> None:
    nth, weekday = ORDINALS[shown[1]], WEEKDAYS[shown[2]]
    if shown[3] in ("this", "next"):
        ahead = int(shown[3] == "next")
        said.once("day")
        said.days = (lambda today: _nth_in(_month(today, ahead), weekday, nth),)
        return
    said.once("repeat", "day")
    said.every, said.unit, said.nth, said.weekdays = 1, "month", nth, (weekday,)


@_piece(rf"({_O})\s+({_W})\s+(?:of|in)\s+({_M})")
def _nth_weekday_of_a_month(said: Pieces, shown: re.Match[str]) -> None:
    nth, weekday, month = ORDINALS[shown[1]], WEEKDAYS[shown[2]], MONTHS[shown[3]]
    said.once("day")
    said.days = (lambda today: _in_years(today, lambda y: nth_weekday(y, month, weekday, nth)),)


@_piece(rf"(?:{_EVERY})?last\s+day\s+{_OF_MONTH}|end\s+of\s+(?:every|each)\s+(month)")
def _last_day_of_months(said: Pieces, shown: re.Match[str]) -> None:
    if shown[1] in ("this", "next"):
        ahead = 1 + int(shown[1] == "next")
        said.once("day")
        said.days = (lambda today: iter([_end_of_month(today, ahead)]),)
        return
    said.once("repeat", "day")
    said.every, said.unit, said.month_day = 1, "month", LAST


@_piece(rf"(?:last\s+day|end)\s+of\s+({_M})")
def _last_day_of_a_month(said: Pieces, shown: re.Match[str]) -> None:
    month = MONTHS[shown[1]]
    said.once("day")
    said.days = (lambda today: _in_years(today, lambda y: _end_of_month(date(y, month, 1), 1)),)


@_piece(rf"(?:{_EVERY})?(?:the\s+)?{_NTH}\s+(?:day\s+)?{_OF_MONTH}")
def _day_of_months(said: Pieces, shown: re.Match[str]) -> None:
    day = _day_number(shown[1])
    if shown[2] in ("this", "next"):
        first = int(shown[2] == "next")
        said.once("day")
        said.days = (lambda today: _in_months(today, day, first, first + 1),)
        return
    said.once("repeat", "day")
    said.every, said.unit, said.month_day = 1, "month", day


@_piece(rf"{_EVERY}(?:(other|second|2nd|\d+|{_N})\s+)?({_W})s?((?:{_SEP}(?:{_W})s?(?![a-z]))*)")
def _every_weekday(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat", "day")
    said.every, said.unit = _interval(shown[1]), "week"
    said.weekdays = _listed(shown[2] + " " + shown[3])


@_piece(rf"{_EVERY}(first|third|fourth|fifth|last|1st|3rd|4th|5th)\s+({_W})")
def _every_nth_weekday(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat", "day")
    said.every, said.unit = 1, "month"
    said.nth, said.weekdays = ORDINALS[shown[1]], (WEEKDAYS[shown[2]],)


@_piece(
    rf"{_EVERY}(?:week|work|working|business|school)\s?days?|(?:on\s+)?(?:weekdays|workdays)"
    r"|(?:mon|monday)s?\s*(?:-|to|through|till|until)\s*(?:fri|friday)s?"
)
def _weekdays(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat", "day")
    said.every, said.unit, said.weekdays = 1, "week", (0, 1, 2, 3, 4)


@_piece(rf"{_EVERY}week-?ends?|weekends")
def _weekends(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat", "day")
    said.every, said.unit, said.weekdays = 1, "week", (5, 6)


@_piece(rf"{_EVERY}(morning|afternoon|evening|night|lunchtime)")
def _every_part(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat", "part")
    said.every, said.unit, said.part = 1, "day", shown[1]


@_piece(rf"{_EVERY}{_NTH}")
def _every_month_day(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat", "day")
    said.every, said.unit, said.month_day = 1, "month", _day_number(shown[1])


@_piece(rf"{_EVERY}(?:(other|second|2nd|\d+|{_N})\s*)?({_U}|quarter)")
def _every_unit(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat")
    every = _interval(shown[1])
    unit = UNITS.get(shown[2], "quarter")
    if unit in MINUTES:
        raise Impossible(Trouble.TOO_OFTEN if every else Trouble.NEVER)
    times = {"fortnight": 2, "quarter": 3, "year": 12}.get(unit, 1)
    said.every = every * times
    said.unit = {"fortnight": "week", "quarter": "month", "year": "month"}.get(unit, unit)


@_piece(r"hourly|(?:twice|\w+ times)\s+(?:a|per|every|each)\s+(?:day|week|month|hour|minute)")
def _too_often(said: Pieces, shown: re.Match[str]) -> None:
    raise Impossible(Trouble.TOO_OFTEN)


@_piece(r"(?:once\s+(?:a|per|every)\s+)(day|week|month|year)")
def _once_a_unit(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat")
    said.every = 12 if shown[1] == "year" else 1
    said.unit = "month" if shown[1] == "year" else shown[1]


@_piece(r"daily|weekly|fortnightly|bi-?weekly|monthly|quarterly|yearly|annually")
def _adverb(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat")
    said.every, said.unit = {
        "daily": (1, "day"), "weekly": (1, "week"), "monthly": (1, "month"),
        "quarterly": (3, "month"), "yearly": (12, "month"), "annually": (12, "month"),
    }.get(shown[0], (2, "week"))  # fmt: skip


_PLURAL = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days"


@_piece(rf"{_PLURAL}(?:{_SEP}{_PLURAL})*")
def _plural(said: Pieces, shown: re.Match[str]) -> None:
    if "repeat" in said.found:
        said.once("day")
    else:
        said.once("repeat", "day")
        said.every, said.unit = 1, "week"
    said.weekdays = _listed(shown[0])


# --- amounts


@_piece(rf"({_AMOUNT})\s+from(?=\s+(?!now|today))|({_AMOUNT})\s+after(?=\s)")
@_piece(
    rf"(?:in|after|within|\+)\s*(?:the\s+next\s+)?({_AMOUNT})(?:\s+time|\s+from\s+(?:now|today))?"
)
@_piece(rf"({_AMOUNT})\s+(?:from\s+(?:now|today)|hence)")
@_piece(rf"(?:^(?:for\s+)?)({_AMOUNT})(?:\s+time)?(?=$)")
def _ahead(said: Pieces, shown: re.Match[str]) -> None:
    said.once("amount")
    said.amount = _measured(shown[0])


@_piece(
    rf"(?:{_AMOUNT})\s+ago|(?:(?:the\s+)?day\s+before\s+)?yesterday"
    rf"|last\s+(?:night|week|month|year|{_W})"
)
def _gone(said: Pieces, shown: re.Match[str]) -> None:
    raise Impossible(Trouble.PAST)


@_piece(r"(?:right\s+)?now")
def _now(said: Pieces, shown: re.Match[str]) -> None:
    raise Impossible(Trouble.PAST)


# --- times of day

_HOURS: Final = {word: int(n) for word, n in COUNTED.items() if n >= 1 and len(word) > 2}
_H = "|".join(_HOURS)


@_piece(r"same\s+time|this\s+time")
def _same_time(said: Pieces, shown: re.Match[str]) -> None:
    said.once("clock")
    said.same_time = True


@_piece(r"(?:at\s+|by\s+|um\s+)?(noon|midday|12\s*noon|midnight)")
def _noon(said: Pieces, shown: re.Match[str]) -> None:
    said.once("clock")
    said.clock = Clock(time(0 if shown[1] == "midnight" else 12), True)
    if shown[1] == "midnight":
        said.part = said.part or "midnight"


@_piece(
    rf"(?:at\s+)?(?:a\s+)?(half|quarter|{_H}|twenty|\d{{1,2}})(?:\s*min(?:ute)?s?)?\s+(past|after|to|before|till)"
    rf"\s+(noon|midday|\d{{1,2}}|{_H})\s*(am|pm)?"
)
def _past(said: Pieces, shown: re.Match[str]) -> None:
    minutes = {"half": 30, "quarter": 15, "twenty": 20}.get(shown[1]) or _HOURS.get(shown[1])
    minutes = minutes or int(shown[1])
    noon = shown[3] in ("noon", "midday")
    hour = 12 if noon else _HOURS.get(shown[3]) or int(shown[3])
    whole = hour * 60 + (minutes if shown[2] in ("past", "after") else -minutes)
    _set_clock(said, whole // 60, whole % 60, shown[4], sure=noon)


@_piece(
    r"(at\s+|@\s*|by\s+|around\s+|um\s+)?(\d{1,2})[:.](\d{2})(?::\d{2})?(?!\.)\s*(am|pm|a|p|uhr|hrs|h)?"
)
def _clock(said: Pieces, shown: re.Match[str]) -> None:
    said.bare_hour = "." in shown[0] and not (shown[1] or shown[4])
    sure = shown[2].startswith("0") or shown[4] in ("uhr", "hrs", "h")
    half = shown[4] if shown[4] in ("am", "pm", "a", "p") else None
    _set_clock(said, int(shown[2]), int(shown[3]), half, sure=sure)


@_piece(r"(?:at\s+|@\s*|by\s+|around\s+|um\s+)?(\d{1,2})\s*(am|pm|a|p)")
def _half_day(said: Pieces, shown: re.Match[str]) -> None:
    _set_clock(said, int(shown[1]), 0, shown[2], sure=True)


@_piece(r"(at\s+|@\s*|by\s+|around\s+|um\s+)?(\d{1,2})\s?(?:h|uhr)\s?(\d{2})?")
def _hour_sign(said: Pieces, shown: re.Match[str]) -> None:
    _set_clock(said, int(shown[2]), int(shown[3] or 0), None, sure=True)


@_piece(r"(?:at\s+)?(\d{2})(\d{2})(?:\s?h(?:rs|ours)?)?(?=$|\s)")
def _four_digits(said: Pieces, shown: re.Match[str]) -> None:
    _set_clock(said, int(shown[1]), int(shown[2]), None, sure=True)


@_piece(rf"(at|@|by|around|um)\s*(\d{{1,2}}|{_H})(?:\s+oclock)?(?!\d*[/.\-]\d|\s*(?:{_M})\b)")
@_piece(rf"()(\d{{1,2}}|{_H})\s+oclock")
def _at_hour(said: Pieces, shown: re.Match[str]) -> None:
    _set_clock(said, _HOURS.get(shown[2]) or int(shown[2]), 0, None, sure=False)


@_piece(rf"(?:in\s+the\s+|at\s+|this\s+|around\s+)?({_P})")
def _part(said: Pieces, shown: re.Match[str]) -> None:
    if said.part != "midnight":
        said.once("part")
        said.part = shown[1]
    if shown[0].startswith("this"):
        said.once("day")
        said.today = True


# --- days


@_piece(r"today|tonight|tonite|this\s+(?:morning|afternoon|evening|night)")
def _today(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    said.today = True
    if shown[0] in ("tonight", "tonite"):
        said.part = "night"


@_piece(r"(?:the\s+)?day\s+after\s+(?:tomorrow|tmrw?)|overmorrow")
def _in_two_days(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    said.days = (lambda today: iter([today + timedelta(2)]),)


@_piece(r"tomorrow|tmrw?|tmw|tomorow|tommorow|tommorrow|2moro|2morrow|tomo")
def _tomorrow(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    said.days = (lambda today: iter([today + timedelta(1)]),)


@_piece(rf"({_W})\s+week")
def _a_week_later(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day", "amount")
    said.weekdays, said.amount = (WEEKDAYS[shown[1]],), Amount(days=WEEK)


@_piece(rf"(?:(next|nxt|this\s+coming|this|coming)\s+)?({_W})((?:{_SEP}(?:{_W})(?![a-z]))*)")
def _weekday(said: Pieces, shown: re.Match[str]) -> None:
    if shown[3] and "repeat" not in said.found and not shown[3].strip().startswith(("and", "&")):
        raise NoTime
    said.once("weekday")
    said.weekdays = _listed(shown[2] + " " + shown[3])
    said.next_weekday = shown[1] in ("next", "nxt")
    if len(said.weekdays) > 1 and "repeat" not in said.found:
        said.once("repeat")
        said.every, said.unit = 1, "week"


@_piece(r"next\s+week(?!end)")
def _next_week(said: Pieces, shown: re.Match[str]) -> None:
    said.once("next week")
    said.next_week = True


@_piece(r"next\s+(month|year)")
def _next_unit(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    if shown[1] == "month":
        said.days = (lambda today: iter([_month(today, 1)]),)
    else:
        said.days = (lambda today: iter([date(today.year + 1, 1, 1)]),)


@_piece(r"(?:at\s+)?(this|the|next)?\s*weekend")
def _weekend(said: Pieces, shown: re.Match[str]) -> None:
    said.once("weekday")
    said.weekdays, said.next_weekday = (5,), shown[1] == "next"


@_piece(r"(?:end\s+of|eo)\s?(?:(?:the|this)\s+)?(week|month|year|w|m|y)")
def _end_of_unit(said: Pieces, shown: re.Match[str]) -> None:
    unit = shown[1][0]
    if unit == "w":
        said.once("weekday")
        said.weekdays, said.part = (4,), said.part or "eod"
        return
    said.once("day")
    if unit == "m":
        said.days = (lambda today: iter([_end_of_month(today, 1), _end_of_month(today, 2)]),)
    else:
        said.days = (lambda today: iter([date(today.year, 12, 31), date(today.year + 1, 12, 31)]),)


@_piece(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:t|\s+(?:at\s+)?)(\d{1,2}):(\d{2})(?::\d{2})?(z)?(?!\s*[ap]m)"
)
def _iso_moment(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    _fixed(said, int(shown[1]), int(shown[2]), int(shown[3]))
    _set_clock(said, int(shown[4]), int(shown[5]), None, sure=True)
    if shown[6]:
        said.once("zone")
        said.zones = ("UTC",)


@_piece(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
def _iso(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    _fixed(said, int(shown[1]), int(shown[2]), int(shown[3]))


@_piece(r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4})|(\d{2})(?=\s|$))?")
def _dotted(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    said.days = (_dated(int(shown[1]), int(shown[2]), shown[3] or shown[4]),)


@_piece(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}|\d{2}))?")
def _slashed(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    one, two, year = int(shown[1]), int(shown[2]), shown[3]
    pairs = [(one, two), (two, one)] if one != two else [(one, two)]
    readings = [(day, month) for day, month in pairs if 1 <= month <= 12]
    if not readings:
        raise Impossible(Trouble.NO_DAY)
    if len(readings) == 1 or max(one, two) > 12:
        readings = readings[:1]
    said.days = tuple(_dated(day, month, year) for day, month in readings)


@_piece(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?\.?\s*(?:of\s+)?({_M})\.?(?![a-z])\s*(\d{{4}}(?!\s*(?:hrs|h)))?"
)
def _day_month(said: Pieces, shown: re.Match[str]) -> None:
    _date_said(said, int(shown[1]), MONTHS[shown[2]], shown[3])


@_piece(
    rf"({_M})\.?\s*(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]|\s?(?:am|pm|h|uhr))(?:\s+(\d{{4}})(?!\s*(?:hrs|h)))?"
)
def _month_day(said: Pieces, shown: re.Match[str]) -> None:
    _date_said(said, int(shown[2]), MONTHS[shown[1]], shown[3])


@_piece(rf"{_NTH}|(?<=the )(first|second|third|fourth|fifth)(?=$|\s+at\b)")
def _ordinal(said: Pieces, shown: re.Match[str]) -> None:
    day = _day_number(shown[1]) if shown[1] else ORDINALS[shown[2]]
    said.once("day")
    if said.unit == "month":
        said.month_day = day
    said.days = (lambda today: _in_months(today, day, 0, 13),)


@_piece(r"(\d{1,2})")
def _bare_hour(said: Pieces, shown: re.Match[str]) -> None:
    if int(shown[1]) > 24:
        raise NoTime
    said.bare_hour = True
    _set_clock(said, int(shown[1]), 0, None, sure=False)


# --- where

_SHIFT: Final = re.compile(r"(?:utc|gmt)\s?([+-])\s?(\d{1,2})(?::?(\d{2}))?(?=\s|$)")
_TIME: Final = re.compile(r"\s+(?:local\s+)?(?:time(?:zone)?|zone)$")
_LONGEST_PLACE: Final = 5


def _zone(said: Pieces, wanted: str, at: int) -> int:
    """Read a place's clock: "PST", "Berlin time", "in New York"."""
    if shift := _SHIFT.match(wanted, at):
        said.once("zone")
        minutes = int(shift[2]) * 60 + int(shift[3] or 0)
        if minutes > 14 * 60:
            raise Impossible(Trouble.NO_CLOCK)
        said.offset = timedelta(minutes=minutes if shift[1] == "+" else -minutes)
        return shift.end()
    start = at + (3 if wanted.startswith("in ", at) else 0)
    ends = [m.end() for m in re.finditer(r"\S+", wanted[start:])][:_LONGEST_PLACE]
    for end in reversed(ends):
        name = wanted[start : start + end]
        place = _TIME.sub("", name)
        if found := _zones_of(place):
            said.once("zone")
            said.zones = found
            return start + end
        if place != name and said.clock is not None:
            known_zone(place)  # it can only be a place: its refusal names the nearest
    raise NoTime


def _zones_of(place: str) -> tuple[str, ...]:
    if loose := LOOSE.get(place):
        return loose
    if len(place) < 3:
        return ()
    try:
        return (known_zone(place),)
    except Refusal:
        return ()


# --- what the pieces are made of


def _set_clock(said: Pieces, hour: int, minute: int, half: str | None, *, sure: bool) -> None:
    said.once("clock")
    if half is not None:
        if not 1 <= hour <= 12 or minute > 59:
            raise Impossible(Trouble.NO_CLOCK)
        hour = hour % 12 + (12 if half[0] == "p" else 0)
        sure = True
    if hour > 23 or minute > 59:
        raise Impossible(Trouble.NO_CLOCK)
    said.clock = Clock(time(hour, minute), sure or not 1 <= hour <= 12)


def _interval(word: str | None) -> int:
    if word in (None, ""):
        return 1
    if word in ("other", "second", "2nd"):
        return 2
    every = int(word) if word.isdigit() else NUMBERS[word]
    if every != int(every):
        raise Impossible(Trouble.TOO_OFTEN)
    return int(every)


def _listed(words: str) -> tuple[int, ...]:
    found = re.findall(r"[a-z]+", words)
    names = (word if word in WEEKDAYS else word.removesuffix("s") for word in found)
    return tuple(dict.fromkeys(WEEKDAYS[name] for name in names if name in WEEKDAYS))


def _measured(text: str) -> Amount:
    amount = Amount()
    for number, half, unit_word, tail in re.findall(_ITEM, text):
        count: float = float(number) if number[0].isdigit() else NUMBERS[number]
        count += 0.5 if half or tail.endswith("half") else 0.25 if tail else 0
        unit = UNITS[unit_word]
        if unit in MINUTES:
            amount.minutes += count * MINUTES[unit]
        elif unit in DAYS:
            days = count * DAYS[unit]
            amount.days += int(days)
            amount.minutes += (days - int(days)) * 24 * 60
        else:
            amount.months += int(count * MONTHS_IN[unit])
            amount.days += 15 if unit == "month" and count % 1 else 0
    return amount


def _day_number(digits: str) -> int:
    if not 1 <= int(digits) <= 31:
        raise Impossible(Trouble.NO_DAY)
    return int(digits)


def _date_said(said: Pieces, day: int, month: int, year: str | None) -> None:
    said.once("day")
    if said.unit == "month" and not year:
        said.month_day = day
    said.days = (_dated(day, month, year),)


def _fixed(said: Pieces, year: int, month: int, day: int) -> None:
    said.days = (_dated(day, month, str(year)),)


def _dated(day: int, month: int, year: str | None) -> Days:
    """A date in its year, or in the years to come; 31 June is in none."""
    try:
        date(2000, month, day)
        if year:
            on = date(int(year) + (2000 if len(year) == 2 else 0), month, day)
            return lambda today: iter([on])
    except ValueError:
        raise Impossible(Trouble.NO_DAY) from None
    return lambda today: _in_years(today, lambda y: _day_of(y, month, day))


def _day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_years(today: date, day_in: Callable[[int], date | None]) -> Iterator[date]:
    days = (day_in(year) for year in range(today.year, today.year + YEARS_AHEAD))
    return (day for day in days if day is not None and day >= today)


def _in_months(today: date, day: int, first: int, end: int) -> Iterator[date]:
    months = (_month(today, ahead) for ahead in range(first, end))
    days = (_day_of(month.year, month.month, day) for month in months)
    return (on for on in days if on is not None and on >= today)


def _nth_in(month: date, weekday: int, nth: int) -> Iterator[date]:
    day = nth_weekday(month.year, month.month, weekday, nth)
    return iter([day] if day else [])


def _month(day: date, ahead: int) -> date:
    return months_later(day.replace(day=1), ahead)


def _end_of_month(day: date, ahead: int) -> date:
    return _month(day, ahead) - timedelta(1)
