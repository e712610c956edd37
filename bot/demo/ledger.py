"""Figures by weeks, added up and drawn as a table for a terminal."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One week of a table, with a figure for each column."""

    number: int
    figures: Mapping[str, int]


def sums(rows: Sequence[Row], standing: Collection[str] = ()) -> Counter[str]:
    """Add the weeks up; what is `standing` is as in the last of them."""
    total = Counter[str]()
    for row in rows:
        total.update({name: n for name, n in row.figures.items() if name not in standing})
    if rows:
        total.update({name: rows[-1].figures[name] for name in standing})
    return total


def table(
    heads: Mapping[str, int],
    columns: Sequence[str],
    rows: Sequence[Row],
    standing: Collection[str] = (),
) -> str:
    """Draw what it is about, a row for each week, a sum below; `heads` stand above several."""
    total = sums(rows, standing)
    lines = [["week", *(name.replace("_", " ") for name in columns)]]
    lines += [[str(row.number), *(str(row.figures[name]) for name in columns)] for row in rows]
    lines.append(["sum", *(str(total[name]) for name in columns)])
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    body = [
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    ]
    return "\n".join([_heading(heads, widths), *body])


def _heading(heads: Mapping[str, int], widths: Sequence[int]) -> str:
    line, place = " " * widths[0], 1
    for name, count in heads.items():
        room = sum(widths[place : place + count]) + 2 * (count - 1)
        line += "  " + f" {name} ".center(room, "-")
        place += count
    return line
