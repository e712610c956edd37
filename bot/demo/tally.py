"""What became of everyone, week by week, and whether the figures add up."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Fate(StrEnum):
    """What one week meant for one member; exactly one of these."""

    ANSWERED = "answered"
    LATE = "late"
    SILENT = "silent"
    PAUSED = "paused"
    UNDELIVERED = "undelivered"
    LEFT = "left"


ASKED = (Fate.ANSWERED, Fate.LATE, Fate.SILENT)


@dataclass(frozen=True)
class Line:
    """One member's week."""

    name: str
    period: date
    fate: Fate
    nudged: bool = False
    why: str = ""


@dataclass(frozen=True)
class Week:
    """One week of the table."""

    number: int
    period: date
    fates: Counter[Fate]
    nudged: int
    why: tuple[str, ...]

    @property
    def asked(self) -> int:
        """How many were asked, whatever they made of it."""
        return sum(self.fates[fate] for fate in ASKED)

    @property
    def members(self) -> int:
        """How many members the columns speak of."""
        return sum(self.fates.values())


def weeks_of(lines: Iterable[Line]) -> list[Week]:
    """Put the lines together, one row for each week."""
    found: dict[date, list[Line]] = {}
    for line in lines:
        found.setdefault(line.period, []).append(line)
    return [
        Week(
            number,
            period,
            Counter(line.fate for line in found[period]),
            sum(line.nudged for line in found[period]),
            tuple(f"{line.name}: {line.why}" for line in found[period] if line.why),
        )
        for number, period in enumerate(sorted(found), 1)
    ]


def mistakes(lines: Sequence[Line], members: int) -> list[str]:
    """Name whatever does not add up: someone twice, someone missing, someone nudged for nothing."""
    twice = [
        key for key, times in Counter((one.name, one.period) for one in lines).items() if times > 1
    ]
    found = [f"{name} stands twice in the week of {period}" for name, period in twice]
    found += [
        f"the week of {week.period} speaks of {week.members} members, not {members}"
        for week in weeks_of(lines)
        if week.members != members
    ]
    found += [
        f"{line.name} was nudged in the week of {line.period} without being asked"
        for line in lines
        if line.nudged and line.fate not in ASKED
    ]
    return found


COLUMNS = ("asked", "answered", "late", "silent", "nudged", "paused", "undelivered", "left")


def table(weeks: Sequence[Week]) -> str:
    """Draw the table: a row for each week, a sum below."""
    rows: list[tuple[str, ...]] = [("week", "of", *COLUMNS, "why not delivered")]
    for week in weeks:
        rows.append(
            (str(week.number), f"{week.period:%d %b}", *map(str, _figures(week)), *_reasons(week))
        )
    sums = [sum(column) for column in zip(*map(_figures, weeks), strict=True)] or [0] * len(COLUMNS)
    rows.append(("sum", "", *map(str, sums), ""))
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]) - 1)]
    return "\n".join(
        "  ".join(
            [*(cell.rjust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]
        ).rstrip()
        for row in rows
    )


def _figures(week: Week) -> tuple[int, ...]:
    counted = {"asked": week.asked, "nudged": week.nudged}
    return tuple(counted[name] if name in counted else week.fates[Fate(name)] for name in COLUMNS)


def _reasons(week: Week) -> tuple[str]:
    return ("; ".join(week.why),)
