"""How often: every monday, the first friday of the month, daily."""

import re

from bot.clockwork.grammar.calendars import day_number, in_months, in_years, month_ahead, nth_in
from bot.clockwork.grammar.said import Impossible, Pieces, Rules, Trouble
from bot.clockwork.grammar.words import (
    AND,
    EDGE,
    EDGES,
    EVERY,
    MINUTES,
    MONTH,
    NTH,
    NTH_WORD,
    NUMBER,
    NUMBERS,
    OF_MONTH,
    ORDINALS,
    TO,
    UNIT,
    UNITS,
    WEEK,
    WEEKDAY,
)
from bot.clockwork.phrases import MONTHS, WEEKDAYS
from bot.clockwork.recurrence import nth_weekday

rule = Rules()


@rule(rf"(?:{EVERY})?(?:the\s+)?({NTH_WORD})\s+({WEEKDAY})\s+{OF_MONTH}")
def _nth_weekday_of_months(said: Pieces, shown: re.Match[str]) -> None:
    nth, weekday = ORDINALS[shown[1]], WEEKDAYS[shown[2]]
    if shown[3] in ("this", "next"):
        ahead = int(shown[3] == "next")
        said.once("day")
        said.days = (lambda today: nth_in(month_ahead(today, ahead), weekday, nth),)
        return
    said.once("repeat", "day")
    said.every, said.unit, said.nth, said.weekdays = 1, "month", nth, (weekday,)


@rule(rf"({NTH_WORD})\s+({WEEKDAY})\s+(?:of|in)\s+({MONTH})")
def _nth_weekday_of_a_month(said: Pieces, shown: re.Match[str]) -> None:
    nth, weekday, month = ORDINALS[shown[1]], WEEKDAYS[shown[2]], MONTHS[shown[3]]
    said.once("day")
    said.days = (lambda today: in_years(today, lambda y: nth_weekday(y, month, weekday, nth)),)


@rule(
    rf"(?:{EVERY})?(first|(?:first|last)\s+day)\s+{OF_MONTH}"
    rf"|({EDGE})\s+of\s+(every|each)\s+month"
)
def _edge_of_months(said: Pieces, shown: re.Match[str]) -> None:
    _month_day(said, EDGES[shown[1] or shown[3]], shown[2] or shown[4])


@rule(rf"(?:{EVERY})?(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th|\.)\s+(?:day\s+)?{OF_MONTH}")
def _day_of_months(said: Pieces, shown: re.Match[str]) -> None:
    _month_day(said, day_number(shown[1]), shown[2])


@rule(rf"(this|next)\s+month\s+(?:on\s+)?(?:the\s+)?{NTH}")
def _day_of_next_month(said: Pieces, shown: re.Match[str]) -> None:
    _month_day(said, day_number(shown[2]), shown[1])


def _month_day(said: Pieces, day: int, which: str) -> None:
    if which in ("this", "next"):
        first = int(which == "next")
        said.once("day")
        said.days = (lambda today: in_months(today, day, first, first + 1),)
        return
    said.once("repeat", "day")
    said.every, said.unit, said.month_day = 1, "month", day


@rule(rf"(?:{EVERY}({WEEKDAY})|(mon|monday))s?{TO}({WEEKDAY})s?")
def _from_day_to_day(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat", "day")
    first, last = WEEKDAYS[shown[1] or shown[2]], WEEKDAYS[shown[3]]
    said.every, said.unit = 1, "week"
    said.weekdays = tuple(sorted((first + n) % WEEK for n in range((last - first) % WEEK + 1)))


@rule(
    rf"{EVERY}(?:(other|second|2nd|\d+|{NUMBER})\s+)?({WEEKDAY})s?((?:{AND}(?:{WEEKDAY})s?(?![a-z]))*)"
)
def _every_weekday(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat", "day")
    said.every, said.unit = interval(shown[1]), "week"
    said.weekdays = listed(shown[2] + " " + shown[3])


@rule(rf"{EVERY}(first|third|fourth|fifth|last|1st|3rd|4th|5th)\s+({WEEKDAY})")
def _every_nth_weekday(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat", "day")
    said.every, said.unit = 1, "month"
    said.nth, said.weekdays = ORDINALS[shown[1]], (WEEKDAYS[shown[2]],)


@rule(rf"{EVERY}(?:week|work|working|business|school)\s?days?|(?:on\s+)?(?:weekdays|workdays)")
def _weekdays(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat", "day")
    said.every, said.unit, said.weekdays = 1, "week", (0, 1, 2, 3, 4)


@rule(rf"{EVERY}week-?ends?|weekends")
def _weekends(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat", "day")
    said.every, said.unit, said.weekdays = 1, "week", (5, 6)


@rule(rf"{EVERY}(morning|afternoon|evening|night|lunchtime)")
def _every_part(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat", "part")
    said.every, said.unit, said.part = 1, "day", shown[1]


@rule(rf"{EVERY}{NTH}")
def _every_month_day(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat", "day")
    said.every, said.unit, said.month_day = 1, "month", day_number(shown[1])


@rule(rf"{EVERY}(?:(other|second|2nd|\d+|{NUMBER})\s*)?({UNIT}|quarter)")
def _every_unit(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat")
    every = interval(shown[1])
    unit = UNITS.get(shown[2], "quarter")
    if unit in MINUTES:
        raise Impossible(Trouble.TOO_OFTEN if every else Trouble.NEVER)
    times = {"fortnight": 2, "quarter": 3, "year": 12}.get(unit, 1)
    said.every = every * times
    said.unit = {"fortnight": "week", "quarter": "month", "year": "month"}.get(unit, unit)


@rule(r"hourly|(?:twice|\w+ times)\s+(?:a|per|every|each)\s+(?:day|week|month|hour|minute)")
def _too_often(said: Pieces, shown: re.Match[str]) -> None:
    raise Impossible(Trouble.TOO_OFTEN)


@rule(r"(?:once\s+(?:a|per|every)\s+)(day|week|month|year)")
def _once_a_unit(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat")
    said.every = 12 if shown[1] == "year" else 1
    said.unit = "month" if shown[1] == "year" else shown[1]


@rule(r"daily|weekly|fortnightly|bi-?weekly|monthly|quarterly|yearly|annually")
def _adverb(said: Pieces, shown: re.Match[str]) -> None:
    said.once("repeat")
    said.every, said.unit = {
        "daily": (1, "day"), "weekly": (1, "week"), "monthly": (1, "month"),
        "quarterly": (3, "month"), "yearly": (12, "month"), "annually": (12, "month"),
    }.get(shown[0], (2, "week"))  # fmt: skip


_PLURAL = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days"


@rule(rf"{_PLURAL}(?:{AND}{_PLURAL})*")
def _plural(said: Pieces, shown: re.Match[str]) -> None:
    if "repeat" in said.found:
        said.once("day")
    else:
        said.once("repeat", "day")
        said.every, said.unit = 1, "week"
    said.weekdays = listed(shown[0])


def interval(word: str | None) -> int:
    """Return every how many: every other, every 3."""
    if word in (None, ""):
        return 1
    if word in ("other", "second", "2nd"):
        return 2
    every = int(word) if word.isdigit() else NUMBERS[word]
    if every != int(every):
        raise Impossible(Trouble.TOO_OFTEN)
    return int(every)


def listed(words: str) -> tuple[int, ...]:
    """Return the weekdays in a list of them."""
    found = re.findall(r"[a-z]+", words)
    names = (word if word in WEEKDAYS else word.removesuffix("s") for word in found)
    return tuple(dict.fromkeys(WEEKDAYS[name] for name in names if name in WEEKDAYS))
