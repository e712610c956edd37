"""Draws how many went which way, as bands from a first stage to where each of them stands.

Each way is one band through all columns: through a stage's bar, past it, or down to its end. Bands
never cross a bar they did not reach. Every end has its name and number beside it, so that no
colour is needed to read it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import Final

from bot.face.ink import EDGE, QUIET, long, sheet, stroke, text

WIDTH: Final = 760
LEFT, ENDS, BAR = 32, 514, 20
HEAD: Final = 168
TALLEST: Final = 440
THICKEST, THINNEST = 46.0, 2.5
LOOSE, BESIDE, SLOT = 20.0, 7.0, 46.0
"""Space above what left, between bands that end differently, and for the name of an end."""
BAND, FADE, STAGE = "#c3ccda", "#7f8796", "#e3e6eb"
GHOST: Final = "#34363c"
HEADING, LABEL = 23, 25


@dataclass(frozen=True)
class End:
    """Where bands end: its name and its colour."""

    label: str
    colour: str


@dataclass(frozen=True)
class Way:
    """So many went through these stages, by number, to this end."""

    stages: tuple[int, ...]
    end: int
    count: int

    @property
    def last(self) -> int:
        """The furthest stage."""
        return max(self.stages)


@dataclass(frozen=True)
class Flow:
    """What is drawn: stages from left to right, ends from top to bottom, and who went how."""

    title: str
    aside: str
    stages: Sequence[str]
    ends: Sequence[End]
    ways: Sequence[Way]
    invitation: str


def flow(drawn: Flow) -> str:
    """The drawing as SVG."""
    return _Drawing(drawn).svg() if drawn.ways else _empty(drawn)


@dataclass(frozen=True)
class _Slot:
    """Where a band stands in one column."""

    top: float
    thick: float

    @property
    def bottom(self) -> float:
        return self.top + self.thick


PAST, THROUGH, GONE = range(3)

Slots = dict[Way, _Slot]


@dataclass(frozen=True)
class _Column:
    """Where each band comes into a column and where it leaves it: a bar may turn their order."""

    comes: Slots
    leaves: Slots

    @property
    def tall(self) -> float:
        return max(slot.bottom for slot in self.leaves.values())


@dataclass(frozen=True)
class _Drawing:
    flow: Flow

    def svg(self) -> str:
        parts = [*_head(self.flow), *self._defs(), *self._bands(), *self._bars(), *self._names()]
        return sheet(WIDTH, self._height, *parts)

    # where things stand

    @cached_property
    def _used(self) -> list[int]:
        """The stages that anybody reached."""
        return sorted({stage for way in self.flow.ways for stage in way.stages})

    @cached_property
    def _ways(self) -> list[Way]:
        """The ways with their stages numbered by the columns that are drawn."""
        column = {stage: number for number, stage in enumerate(self._used)}
        return [
            Way(tuple(column[stage] for stage in way.stages), way.end, way.count)
            for way in self.flow.ways
        ]

    @cached_property
    def _last(self) -> int:
        """The column of the ends."""
        return len(self._used)

    def _x(self, column: int) -> float:
        return LEFT + (ENDS - LEFT) * column / self._last

    @cached_property
    def _columns(self) -> list[_Column]:
        """The columns, with bands as thick as fits into the height."""
        low, high = 0.0, THICKEST
        for _step in range(40):
            unit = (low + high) / 2
            fits = max(column.tall for column in self._laid_out(unit)) <= TALLEST
            low, high = (unit, high) if fits else (low, unit)
        return self._laid_out(low)

    @cached_property
    def _height(self) -> int:
        return round(HEAD + max(column.tall for column in self._columns) + 44)

    def _laid_out(self, unit: float) -> list[_Column]:
        found: list[_Column] = []
        for column in range(self._last):
            found.append(self._column(column, unit, found[-1].leaves if found else {}))
        ends = self._end_column(unit, found[-1].leaves)
        return [*found, _Column(ends, ends)]

    def _zone(self, way: Way, column: int) -> int:
        if column > way.last:
            return GONE
        return THROUGH if column in way.stages else PAST

    def _column(self, column: int, unit: float, before: Slots) -> _Column:
        """Who goes on stands above who leaves, so that bands seldom cross."""

        def came(way: Way) -> float:
            return before[way].top if way in before else 0.0

        def order(way: Way) -> tuple[float, ...]:
            zone = self._zone(way, column)
            if zone == GONE:
                return (zone, way.end, came(way))
            return (zone, *(self._zone(way, c) for c in range(column + 1, self._last)), way.end)

        leaving = sorted(self._ways, key=order)
        coming = sorted(
            leaving,
            key=lambda way: (
                (THROUGH, came(way)) if self._zone(way, column) == THROUGH else order(way)
            ),
        )
        return _Column(self._stack(coming, column, unit), self._stack(leaving, column, unit))

    def _stack(self, ways: Sequence[Way], column: int, unit: float) -> Slots:
        found: Slots = {}
        y = 0.0
        above: Way | None = None
        for way in ways:
            y += self._space(above, way, column) if above else 0.0
            found[way] = _Slot(y, max(way.count * unit, THINNEST))
            y = found[way].bottom
            above = way
        return found

    def _space(self, above: Way, below: Way, column: int) -> float:
        zone = self._zone(below, column)
        if self._zone(above, column) != zone:
            return LOOSE
        return BESIDE if zone == GONE and above.end != below.end else 0.0

    def _end_column(self, unit: float, before: Slots) -> Slots:
        found: Slots = {}
        y = 0.0
        ways = sorted(self._ways, key=lambda way: (way.end, before[way].top))
        for _end, several in groupby(ways, key=lambda way: way.end):
            group = list(several)
            thick = [max(way.count * unit, THINNEST) for way in group]
            room = max(sum(thick) + BESIDE * 2, SLOT)
            at = y + (room - sum(thick)) / 2
            for way, one in zip(group, thick, strict=True):
                found[way] = _Slot(at, one)
                at += one
            y += room
        return found

    # what is drawn

    def _defs(self) -> Iterator[str]:
        """The colours change from the band's to the end's while a band leaves a stage."""
        fades = "".join(
            f'<linearGradient id="to{number}"><stop offset="0" stop-color="{FADE}"/>'
            f'<stop offset=".7" stop-color="{end.colour}"/></linearGradient>'
            for number, end in enumerate(self.flow.ends)
        )
        yield f"<defs>{fades}</defs>"

    def _bands(self) -> Iterator[str]:
        """Those who left first, so that those who went on lie above them."""
        for number, end in reversed(list(enumerate(self.flow.ends))):
            left = [way for way in self._ways if way.end == number]
            if left:
                yield f'<g opacity=".66">{"".join(self._leaving(left, number, end))}</g>'
        yield f'<g opacity=".36">{"".join(self._going_on())}</g>'

    def _leaving(self, ways: Sequence[Way], number: int, end: End) -> Iterator[str]:
        for column in reversed(range(self._last)):
            for way in ways:
                if way.last <= column:
                    fill = f"url(#to{number})" if way.last == column else end.colour
                    yield self._ribbon(way, column, fill)

    def _going_on(self) -> Iterator[str]:
        for column in range(self._last):
            for way in self._ways:
                if way.last > column:
                    yield self._ribbon(way, column, BAND)

    def _ribbon(self, way: Way, column: int, fill: str) -> str:
        """A band from one column to the next, and straight through the first where no bar is.

        The thin edge of its own colour closes the seam to its neighbour.
        """
        from_, to = self._columns[column].leaves[way], self._columns[column + 1].comes[way]
        x1, x2 = self._x(column) + BAR, self._x(column + 1)
        x0 = x1 if column in way.stages else x1 - BAR
        middle = (x1 + x2) / 2
        a, b = HEAD + from_.top, HEAD + to.top
        c, d = HEAD + to.bottom, HEAD + from_.bottom
        return (
            f'<path d="M{x0:.1f} {a:.1f}L{x1:.1f} {a:.1f}'
            f"C{middle:.1f} {a:.1f} {middle:.1f} {b:.1f} {x2:.1f} {b:.1f}L{x2:.1f} {c:.1f}"
            f'C{middle:.1f} {c:.1f} {middle:.1f} {d:.1f} {x1:.1f} {d:.1f}L{x0:.1f} {d:.1f}Z" '
            f'fill="{fill}" stroke="{fill}" stroke-width=".8"/>'
        )

    def _bar(self, column: int) -> tuple[float, float]:
        slots = [s for way, s in self._columns[column].leaves.items() if column in way.stages]
        return min(s.top for s in slots), max(s.bottom for s in slots)

    def _bars(self) -> Iterator[str]:
        for column in range(self._last):
            top, bottom = self._bar(column)
            yield _bar(self._x(column), HEAD + top, bottom - top, STAGE)
        for _number, end, slots in self._end_groups():
            top, bottom = min(s.top for s in slots), max(s.bottom for s in slots)
            yield _bar(ENDS, HEAD + top, bottom - top, end.colour)

    def _end_groups(self) -> Iterator[tuple[int, End, list[_Slot]]]:
        for number, end in enumerate(self.flow.ends):
            slots = [s for way, s in self._columns[-1].comes.items() if way.end == number]
            if slots:
                yield sum(w.count for w in self._ways if w.end == number), end, slots

    def _names(self) -> Iterator[str]:
        stages = [self.flow.stages[stage] for stage in self._used]
        size = _fitting(stages)
        for column, stage in enumerate(stages):
            count = sum(way.count for way in self._ways if column in way.stages)
            yield text(self._x(column), 114, stage, size=size, fill=QUIET)
            yield text(self._x(column), 149, str(count), size=30, bold=True)
        for count, end, slots in self._end_groups():
            middle = HEAD + (min(s.top for s in slots) + max(s.bottom for s in slots)) / 2
            yield text(ENDS + BAR + 12, middle + 9, str(count), size=LABEL, bold=True)
            x = ENDS + BAR + 21 + long(str(count), LABEL) * 1.13
            yield text(x, middle + 9, end.label, size=LABEL)


def _head(drawn: Flow) -> Iterator[str]:
    yield text(LEFT, 60, drawn.title, size=30, bold=True)
    yield text(WIDTH - LEFT, 60, drawn.aside, size=23, anchor="end", fill=QUIET)


def _fitting(stages: Sequence[str]) -> int:
    """The size in which every stage's name fits above its column."""
    room = (ENDS - LEFT) / len(stages) - 10
    longest = max(long(stage, 1) for stage in stages)
    return min(HEADING, int(room / longest))


def _bar(x: float, y: float, height: float, colour: str) -> str:
    radius = min(6.0, height / 2)
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{BAR}" height="{height:.1f}" rx="{radius:.1f}" '
        f'fill="{colour}"/>'
    )


def _empty(drawn: Flow) -> str:
    """The stages to come, faintly, and an invitation."""
    xs = [LEFT + (ENDS - LEFT) * n / len(drawn.stages) for n in range(len(drawn.stages) + 1)]
    tall = [170.0, 120.0, 84.0, 56.0, 56.0]
    size = _fitting(drawn.stages)
    parts = [*_head(drawn)]
    for (x1, h1), (x2, h2) in pairwise(zip(xs, tall, strict=False)):
        middle = (x1 + x2 + BAR) / 2
        parts.append(
            f'<path d="M{x1 + BAR:.1f} {HEAD}C{middle:.1f} {HEAD} {middle:.1f} {HEAD} {x2:.1f} '
            f"{HEAD}L{x2:.1f} {HEAD + h2}C{middle:.1f} {HEAD + h2} {middle:.1f} {HEAD + h1} "
            f'{x1 + BAR:.1f} {HEAD + h1}Z" fill="{GHOST}" fill-opacity=".6"/>'
        )
    parts += [_bar(x, HEAD, h, EDGE) for x, h in zip(xs, tall, strict=False)]
    for x, stage in zip(xs, drawn.stages, strict=False):
        parts.append(text(x, 146, stage, size=size, fill=QUIET))
    parts.append(stroke(LEFT, HEAD + 206, WIDTH - LEFT, HEAD + 206, EDGE, 2))
    parts.append(text(LEFT, HEAD + 254, drawn.invitation, size=HEADING, fill=QUIET))
    return sheet(WIDTH, HEAD + 296, *parts)
