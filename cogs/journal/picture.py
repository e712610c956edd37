"""The picture of a member's skills: a row for each, a dot for each week it was used in."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.face.dates import short_day
from bot.face.ink import EDGE, QUIET, TEXT, sheet, stroke, text
from bot.face.look import clip
from bot.face.words import _

from .model import Skills, Use, spread

WIDTH, LEFT, RIGHT = 1000, 330, 950
TOP, SLOT, FOOT = 118, 54, 66
MOST_COLUMNS = 16
DOT, FIRST = "#56b4e9", "#e69f00"
LARGEST, SMALLEST = 21.0, 9.0
LONGEST = 18


def drawn(skills: Skills) -> str:
    """Draw the most used skills over time."""
    shown = [use for use in skills.uses if use.weeks]
    columns = spread({week for use in shown for week in use.weeks}, MOST_COLUMNS)
    height = TOP + SLOT * max(len(shown), 1) + FOOT
    parts = [
        text(36, 60, _("Your skills over time"), size=32, bold=True),
        text(
            WIDTH - 36,
            60,
            _("number: entries · ring: the first"),
            size=22,
            anchor="end",
            fill=QUIET,
        ),
        *_rows(shown, columns),
        *_weeks(columns, height),
    ]
    return sheet(WIDTH, height, *parts)


def _x(column: int, columns: Sequence[date]) -> float:
    return LEFT + (RIGHT - LEFT) * (column + 0.5) / max(len(columns), 1)


def _rows(shown: Sequence[Use], columns: Sequence[date]) -> Iterator[str]:
    most = max((number for use in shown for number in _by_column(use, columns)), default=1)
    for row, use in enumerate(shown):
        y = TOP + SLOT * (row + 0.5)
        yield stroke(LEFT, y, RIGHT, y, EDGE, 2)
        yield text(36, y + 8, clip(use.topic.name, LONGEST), size=25)
        first = True
        for column, number in enumerate(_by_column(use, columns)):
            if number:
                yield from _dot(_x(column, columns), y, number / most, number, first=first)
                first = False


def _by_column(use: Use, columns: Sequence[date]) -> list[int]:
    ends = [*columns[1:], date.max]
    return [
        sum(number for week, number in use.weeks.items() if begin <= week < end)
        for begin, end in zip(columns, ends, strict=True)
    ]


def _dot(x: float, y: float, share: float, number: int, *, first: bool) -> Iterator[str]:
    """A dot with its number; the first of a row has a ring, which says that it began here."""
    radius = SMALLEST + (LARGEST - SMALLEST) * share**0.5
    if first:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius + 5:.1f}" fill="none" '
        yield f'stroke="{FIRST}" stroke-width="3"/>'
    yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{DOT}"/>'
    yield text(x, y + 8, str(number), size=22, anchor="middle", fill="#101114", bold=True)


def _weeks(columns: Sequence[date], height: int) -> Iterator[str]:
    wide = (RIGHT - LEFT) / max(len(columns), 1)
    every = max(1, -(-88 // int(wide)))
    y = height - FOOT + 34
    for column, begin in enumerate(columns):
        if column % every == 0:
            yield text(_x(column, columns), y, short_day(begin), 21, anchor="middle", fill=QUIET)
    yield text(36, y, _("week of"), size=21, fill=QUIET)
    if len(columns) > 1 and columns[1] - columns[0] > timedelta(weeks=1):
        weeks = (columns[1] - columns[0]).days // 7
        words = _("{n} weeks together").format(n=weeks)
        yield text(WIDTH - 36, 92, words, size=20, anchor="end", fill=TEXT)
