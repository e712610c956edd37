"""The words that speak of time, and the patterns made of them."""

import re
from collections.abc import Iterable
from datetime import time
from typing import Final

from bot.clockwork.phrases import MONTHS, WEEKDAYS
from bot.clockwork.phrases import NUMBERS as COUNTED
from bot.clockwork.recurrence import LAST

WEEK: Final = 7
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
    "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "the": 1, "few": 3, "a few": 3,
    "three quarters of an": 0.75,
}  # fmt: skip
ORDINALS: Final = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "fifth": 5, "5th": 5, "last": LAST,
}  # fmt: skip
PARTS: Final = {
    "first thing": time(9), "morning": time(9), "lunchtime": time(12), "lunch": time(12),
    "afternoon": time(14), "eod": time(17), "end of day": time(17), "end of the day": time(17),
    "close of business": time(17), "cob": time(17), "evening": time(18), "night": time(20),
    "early morning": time(7), "mid morning": time(10), "late morning": time(11),
    "early afternoon": time(13), "mid afternoon": time(15), "late afternoon": time(16),
    "early evening": time(17), "late evening": time(21), "late night": time(22),
}  # fmt: skip
LATE: Final = ("lunch", "lunchtime", "afternoon", "evening", "night", "eod")
EDGES: Final = {
    "first": 1, "first day": 1, "beginning": 1, "start": 1, "middle": 15, "mid": 15,
    "last day": LAST, "end": LAST,
}  # fmt: skip
HOLIDAYS: Final = {
    "new years day": (1, 1), "halloween": (10, 31), "christmas eve": (12, 24),
    "christmas day": (12, 25), "christmas": (12, 25), "xmas": (12, 25), "boxing day": (12, 26),
    "new years eve": (12, 31), "new year eve": (12, 31), "nye": (12, 31),
}  # fmt: skip
SPELLINGS: Final = {
    "tomorrow": (
        "tmrw", "tmr", "tmw", "tomo", "tomorow", "tommorow", "tommorrow", "tomorro",
        "2moro", "2morrow", "2mrw",
    ),
    "tonight": ("tonite",),
    "tuesday": ("tuseday", "teusday"),
    "wednesday": ("wensday", "wednsday", "wendesday"),
    "thursday": ("thrusday", "thursady"),
    "saturday": ("saterday",),
    "february": ("febuary",),
    "next": ("nxt",),
    "around": ("about", "roughly", "approximately", "approx", "~"),
    "oclock": ("o clock",),
    "noon": ("12 noon",),
    "midnight": ("12 midnight",),
    "mid ": ("mid-",),
    "end of month": ("month end",),
    "every night": ("nightly",),
    "every other": ("every alternate",),
    "every mon wed fri": ("mwf",),
}  # fmt: skip
"""Other ways to write a word, typing errors among them."""

HOURS: Final = {word: int(n) for word, n in COUNTED.items() if n >= 1 and len(word) > 2}


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for one of the words, the longest that fits."""
    return "|".join(sorted(words, key=len, reverse=True))


WEEKDAY: Final = any_of(WEEKDAYS)
MONTH: Final = any_of(MONTHS)
NTH_WORD: Final = any_of(ORDINALS)
NUMBER: Final = any_of(NUMBERS)
UNIT: Final = any_of(UNITS)
PART: Final = any_of(PARTS)
EDGE: Final = any_of(EDGES)
HOLIDAY: Final = any_of(HOLIDAYS)
HOUR: Final = any_of(HOURS)
TO: Final = r"\s*(?:-|to|through|till|until)\s*"
AT: Final = r"(?:(?:(?:at|by|um)\s+)?around|at|by|um|@)\s*"
_FRACTION = r"[1-3]/[2-4](?:\s+of\s+an?)?"
NTH: Final = r"(\d{1,2})(?:st|nd|rd|th)"
AND: Final = r"\s*(?:and|&|\+|/|\s)\s*"
ITEM: Final = (
    rf"((?:\d+\s+)?{_FRACTION}|\d+(?:[.]\d+)?|(?<![a-z])(?:{NUMBER})(?![a-z]))"
    r"(\s+and\s+a\s+half)?"
    rf"\s*({UNIT})(?![a-z])(\s+and\s+a\s+(?:half|quarter))?"
)
AMOUNT: Final = rf"{ITEM}(?:\s*(?:and\s+)?{ITEM})*"
EVERY: Final = r"(?:every|each)\s*"
OF_MONTH: Final = r"(?:of|in)\s+(the|this|each|every|a|next)\s+month"

_SPELLED: Final = {typed: word for word, others in SPELLINGS.items() for typed in others}
_spelling = re.compile(rf"(?<!\w)(?:{any_of(_SPELLED)})(?!(?<=\w)\w)")
_comma = re.compile(rf"(?<![\d,])(\d{{1,3}}),(\d{{1,2}})(?=\s*(?:{UNIT})\b)")
_like = re.compile(r"\blike\s+(?=\d)")
_ish = re.compile(r"(?<![\w:.])(\d{1,2}(?:[:.]\d\d)?)\s?-?ish\b")
_lead = re.compile(r"^(?:please\s+)?(?:remind me\s+)?")


def plain(text: str) -> str:
    """Return what was typed, in one way of writing."""
    wanted = _comma.sub(r"\1.\2", text[:120].casefold())
    wanted = " ".join(wanted.replace(",", " ").split())
    wanted = wanted.replace("'", "").replace("\u2019", "")
    wanted = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", wanted).rstrip("!? ")
    if wanted.endswith(".") and not wanted[-2:-1].isdigit():
        wanted = wanted[:-1]
    wanted = _spelling.sub(lambda typed: _SPELLED[typed[0]], wanted)
    wanted = _like.sub("around ", _ish.sub(r"around \1", wanted))
    return _lead.sub("", wanted)


_half_hour = re.compile(rf"\bhalf\s+({HOUR}|1[0-2]|[1-9])(?![\w:./]|\s*(?:{UNIT})\b)")
_COUNT = rf"(\d+|{NUMBER})\s*({UNIT})?"
_or = re.compile(
    rf"\b(in|after|within)\s+(?:around\s+)?{_COUNT}\s*(?:-|\bto\b|\bor\b)\s*{_COUNT}\b"
)


def readings(wanted: str) -> list[str]:
    """Return what it can stand for: "half nine" is 8:30 or 9:30, "in 2-3 days" either.

    It is half past nine in Britain; half to nine in German, Dutch and the Nordic languages.
    """
    if shown := _half_hour.search(wanted):
        hour = HOURS.get(shown[1]) or int(shown[1])
        either = [f"half past {(hour - 2) % 12 + 1}", f"half past {hour}"]
    elif (shown := _or.search(wanted)) and (shown[3] or shown[5]):
        counts = ((shown[2], shown[3] or shown[5]), (shown[4], shown[5] or shown[3]))
        either = [f"{shown[1]} {count} {unit}" for count, unit in counts]
    else:
        return [wanted]
    return [wanted[: shown.start()] + one + wanted[shown.end() :] for one in either]
