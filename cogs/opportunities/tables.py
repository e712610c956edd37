"""Tables from spreadsheets, in whichever way they were saved."""

import csv
from collections.abc import Iterator
from typing import IO, Any, Final

from bot.face.cells import revived
from bot.face.words import _

from .drift import Record, Unreadable
from .fields import NEEDED, known_as

LONGEST_LINE: Final = 1024 * 1024
MOST_COLUMNS: Final = 200


def rows_of(text: IO[str]) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a table as records; the number is the line in the file."""
    lines = (line.replace("\x00", "") for line in _lines(text))
    first = next(lines, "")
    while first and not first.strip():
        first = next(lines, "")
    before = 0
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        mark, first, before = first[4], next(lines, ""), 1
    else:
        mark = max((",", ";", "\t", "|"), key=first.count)
    table = csv.reader(_chained(first, lines), delimiter=mark)
    try:
        header = _header(next(table, list[str]()))
        for cells in table:
            if any(cell.strip() for cell in cells):
                yield table.line_num + before, _record(header, cells)
    except csv.Error as error:
        raise Unreadable(
            _("Line {line} is not a row of a table I can read. Save it as CSV again.").format(
                line=table.line_num + before
            )
        ) from error


def _lines(text: IO[str]) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise Unreadable(_("That is not a table: one of its lines does not end."))
        yield line


def _chained(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip().lstrip("\ufeff") for cell in cells[:MOST_COLUMNS]]
    known = {known_as(name) for name in names}
    lacking = [name for name in NEEDED if name not in known]
    if lacking:
        raise Unreadable(
            _("The first line of the table lacks these columns: {names}.").format(
                names=", ".join(f"`{name}`" for name in lacking)
            )
        )
    return names


def _record(header: list[str], cells: list[str]) -> Record:
    return {
        name: tamed
        for name, cell in zip(header, cells, strict=False)
        if name and (tamed := revived(cell.strip()))
    }
