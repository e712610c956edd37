"""Draws a member's weeks as a picture, and says the same figures in words.

Nothing in a picture is told by colour alone: late answers are rings, pauses are hatched, a week
without a number is a short stroke. The picture's text is large because phones show it small.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import Final

from bot.face import ink
from bot.face.ink import CARD, EDGE, QUIET, TEXT, WIDE, Chart
from bot.face.words import _

LOWEST, HIGHEST = 1, 5
ALT_LENGTH: Final = 1024
LABEL_LENGTH: Final = 10

WIDTH, HEIGHT = 1000, 600
LEFT, RIGHT, TOP, BOTTOM = 72, 964, 126, 394
GRID, PAUSED = "#3a3c42", "#5d616b"
SMALL_DOT: Final = 7
LINE, DONE = "#56b4e9", "#e69f00"


@dataclass(frozen=True)
class WeekPoint:
    """One week: how confident someone felt (1 to 5), or that they said nothing about it."""

    label: str
    confidence: int | None
    late: bool = False
    paused: bool = False


@dataclass(frozen=True)
class GoalTally:
    """How many goals are open, done, and let go."""

    open: int = 0
    done: int = 0
    dropped: int = 0

    @property
    def total(self) -> int:
        """All goals there have been."""
        return self.open + self.done + self.dropped


def confidence_chart(points: Sequence[WeekPoint], goals: GoalTally) -> Chart:
    """A member's confidence week by week, with what became of their goals beneath."""
    return Chart(
        svg=_Drawing(points, goals).svg(),
        alt=_alt(points, goals)[:ALT_LENGTH],
        figures_text=_figures(points, goals),
    )


# The same in words


def _alt(points: Sequence[WeekPoint], goals: GoalTally) -> str:
    numbers = [(point.label, point.confidence) for point in points if point.confidence is not None]
    if not numbers:
        nothing = _("No confidence has been noted yet.")
        return f"{nothing} {_goals_line(goals)}"
    (first_week, first), (last_week, last) = numbers[0], numbers[-1]
    if len(numbers) == 1:
        said = _("Confidence in one week, {week}: {number} of 5.").format(
            week=last_week, number=last
        )
        return f"{said} {_goals_line(goals)}"
    low_week, low = min(numbers, key=lambda one: one[1])
    high_week, high = max(numbers, key=lambda one: one[1])
    said = _(
        "Line of my confidence from 1 to 5 over {n} weeks: {first} in {first_week}, "
        "{last} in {last_week}, lowest {low} in {low_week}, highest {high} in {high_week}."
    ).format(
        n=len(points),
        first=first,
        first_week=first_week,
        last=last,
        last_week=last_week,
        low=low,
        low_week=low_week,
        high=high,
        high_week=high_week,
    )
    return f"{said} {_goals_line(goals)}"


def _figures(points: Sequence[WeekPoint], goals: GoalTally) -> str:
    weeks = " · ".join(f"{point.label}: {_figure(point)}" for point in points)
    heading = _("Confidence, 1 to 5")
    nothing = _("nothing yet")
    return f"{heading}: {weeks or nothing}\n{_goals_line(goals)}"


def _figure(point: WeekPoint) -> str:
    if point.paused and point.confidence is None:
        return _("paused")
    if point.confidence is None:
        return "–"
    return (
        _("{number} (late)").format(number=point.confidence)
        if point.late
        else str(point.confidence)
    )


def _goals_line(goals: GoalTally) -> str:
    if not goals.total:
        return _("Goals: none yet.")
    return _("Goals: {done} done, {open} open, {dropped} let go.").format(
        done=goals.done, open=goals.open, dropped=goals.dropped
    )


# The picture


@dataclass(frozen=True)
class _Drawing:
    points: Sequence[WeekPoint]
    goals: GoalTally

    def svg(self) -> str:
        parts = [*self._frame(), *self._weeks(), *self._legend(), *self._goals()]
        return ink.sheet(WIDTH, HEIGHT, _PATTERNS, *parts)

    @cached_property
    def _slot(self) -> float:
        return (RIGHT - LEFT) / max(len(self.points), 1)

    @cached_property
    def _radius(self) -> float:
        return max(5.0, min(11.0, self._slot / 3))

    def _x(self, week: int) -> float:
        return LEFT + self._slot * (week + 0.5)

    @cached_property
    def _answered(self) -> list[tuple[int, WeekPoint, float]]:
        return [
            (week, point, _y(point.confidence))
            for week, point in enumerate(self.points)
            if point.confidence is not None
        ]

    def _frame(self) -> Iterator[str]:
        yield ink.text(36, 62, _("Your confidence, week by week"), size=32, bold=True)
        scale = _("1 quite lost · 5 on top of it")
        yield ink.text(RIGHT, 62, scale, size=22, anchor="end", fill=QUIET)
        for step in range(LOWEST, HIGHEST + 1):
            yield ink.stroke(LEFT, _y(step), RIGHT, _y(step), GRID, 2)
            yield ink.text(LEFT - 18, _y(step) + 9, str(step), size=24, anchor="end", fill=QUIET)

    def _weeks(self) -> Iterator[str]:
        if not self._answered:
            yield self._invitation()
        yield from self._pauses()
        yield from self._line()
        for week, point in enumerate(self.points):
            if point.confidence is None and not point.paused:
                yield ink.stroke(self._x(week) - 7, BOTTOM, self._x(week) + 7, BOTTOM, QUIET, 4)
        for week, point, y in self._answered:
            yield _dot(self._x(week), y, self._radius, hollow=point.late)
        yield from self._numbers()
        yield from self._labels()

    def _invitation(self) -> str:
        middle = (LEFT + RIGHT) / 2
        words = _("Your next check-in can put a point here.")
        return ink.text(middle, _y(3) - 14, words, size=26, anchor="middle", fill=QUIET)

    def _pauses(self) -> Iterator[str]:
        for paused, weeks in groupby(enumerate(self.points), key=lambda one: one[1].paused):
            if paused:
                span = [week for week, _point in weeks]
                left = self._x(span[0]) - self._slot / 2
                width = self._slot * len(span)
                yield (
                    f'<rect x="{left:.1f}" y="{TOP}" width="{width:.1f}" height="{BOTTOM - TOP}" '
                    'fill="url(#paused)"/>'
                )

    def _line(self) -> Iterator[str]:
        for (one, _a, from_y), (two, _b, to_y) in pairwise(self._answered):
            dashes = "" if two == one + 1 else ' stroke-dasharray="4 12"'
            yield ink.stroke(self._x(one), from_y, self._x(two), to_y, LINE, 5, dashes)

    def _numbers(self) -> Iterator[str]:
        """Every point's number while there is room, only the newest one's otherwise."""
        shown = self._answered if self._slot > 44 else self._answered[-1:]
        for week, point, y in shown:
            number = str(point.confidence)
            above = y - self._radius - 12
            yield ink.text(self._x(week), above, number, size=24, anchor="middle", bold=True)

    def _labels(self) -> Iterator[str]:
        longest = max((len(_clipped(point.label)) for point in self.points), default=1)
        every = -(-(longest * 15 + 14) // int(max(self._slot, 1)))
        last = len(self.points) - 1
        for week, point in enumerate(self.points):
            if week == last or (week % every == 0 and last - week >= every):
                yield ink.text(
                    self._x(week), BOTTOM + 40, _clipped(point.label), anchor="middle", fill=QUIET
                )

    def _legend(self) -> Iterator[str]:
        """Explains the signs that stand in this picture, and no others."""
        x, y = LEFT, BOTTOM + 88
        for sign, words in self._signs():
            yield f'<g transform="translate({x} {y})">{sign}</g>'
            yield ink.text(x + 34, y + 8, words, size=22, fill=QUIET)
            x += 72 + round(len(words) * WIDE * 22)

    def _signs(self) -> Iterator[tuple[str, str]]:
        if any(point.late for _week, point, _y in self._answered):
            yield _dot(10, 0, 9), _("in time")
            yield _dot(10, 0, 9, hollow=True), _("late")
        if any(point.confidence is None and not point.paused for point in self.points):
            yield ink.stroke(2, 0, 18, 0, QUIET, 4), _("no number")
        if any(point.paused for point in self.points):
            look = f'fill="url(#paused)" stroke="{PAUSED}"'
            yield f'<rect x="0" y="-10" width="22" height="20" rx="3" {look}/>', _("paused")

    def _goals(self) -> Iterator[str]:
        y = 524
        yield ink.stroke(36, y - 16, WIDTH - 36, y - 16, EDGE, 2)
        yield ink.text(36, y + 40, _("Goals"), size=26, bold=True)
        if not self.goals.total:
            yield ink.text(160, y + 40, _("none yet"), size=24, fill=QUIET)
            return
        x = 160
        for look, words in self._tally():
            yield f'<rect x="{x}" y="{y + 18}" width="26" height="26" rx="6" {look}/>'
            yield ink.text(x + 40, y + 40, words)
            x += 92 + round(len(words) * WIDE * 24)

    def _tally(self) -> Iterator[tuple[str, str]]:
        goals = self.goals
        if goals.done:
            yield f'fill="{DONE}"', _("{n} done").format(n=goals.done)
        if goals.open:
            words = _("{n} open").format(n=goals.open)
            yield f'fill="none" stroke="{TEXT}" stroke-width="3"', words
        if goals.dropped:
            words = _("{n} let go").format(n=goals.dropped)
            yield f'fill="url(#dropped)" stroke="{QUIET}" stroke-width="2"', words


_HATCH = (
    '<pattern id="{name}" width="{every}" height="{every}" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="{thick}" height="{every}" fill="{fill}"/></pattern>'
)
_PATTERNS = (
    "<defs>"
    + _HATCH.format(name="paused", every=14, thick=4, fill=PAUSED)
    + _HATCH.format(name="dropped", every=8, thick=3, fill=QUIET)
    + "</defs>"
)


def _y(confidence: int) -> float:
    return BOTTOM - (BOTTOM - TOP) * (confidence - LOWEST) / (HIGHEST - LOWEST)


def _clipped(label: str) -> str:
    return label if len(label) <= LABEL_LENGTH else f"{label[: LABEL_LENGTH - 1]}…"


def _dot(x: float, y: float, radius: float, hollow: bool = False) -> str:
    fill, edge = (CARD, LINE) if hollow else (LINE, CARD)
    width = max(3, round(radius / 3)) if hollow or radius > SMALL_DOT else 0
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" stroke="{edge}" '
        f'stroke-width="{width}"/>'
    )
