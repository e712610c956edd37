"""Cells of a table that a spreadsheet shows and does not run."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_RUNS = re.compile(r"[\t\r]|[\s\u200b\ufeff]*'*[\s\u200b\ufeff]*[=+\-@＝＋－＠]")
"""How a cell begins that a spreadsheet would run, or would without its apostrophe."""


def neutral(cell: str) -> str:
    """Return a cell that no spreadsheet runs: what looks like a formula gets an apostrophe."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def revived(cell: str) -> str:
    """Take that apostrophe off again."""
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell[1:]) else cell


def as_csv(
    names: Sequence[str], rows: Iterable[Sequence[str]], *, quoting: int = csv.QUOTE_ALL
) -> bytes:
    """Write a table that every spreadsheet opens with its letters right and nothing running."""
    file = io.StringIO(newline="")
    table = csv.writer(file, quoting=quoting)  # pyright: ignore[reportArgumentType]
    table.writerow(names)
    for row in rows:
        table.writerow([neutral(cell) for cell in row])
    return file.getvalue().encode("utf-8-sig")
