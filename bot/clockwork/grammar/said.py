"""What a phrase says, piece by piece, and the rules that read it off the words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum

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
    next_week: int = 0
    """1 is the week after this one."""
    today: bool = False
    same_time: bool = False
    clock: Clock | None = None
    part: str = ""
    shade: str = ""
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


Reader = Callable[[Pieces, re.Match[str]], None]


class Rules(list[tuple[str, Reader]]):
    """One part of the grammar: what its words look like, and what each of them says."""

    def __call__(self, pattern: str) -> Callable[[Reader], Reader]:
        """Read what fits the pattern, up to the end of a word; earlier ones are tried first."""

        def register(reader: Reader) -> Reader:
            self.append((rf"(?:{pattern})(?![\w:]|[.]\d)", reader))
            return reader

        return register
