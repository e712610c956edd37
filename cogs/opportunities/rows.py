"""Rows pasted from a spreadsheet: each is read by itself, and says what is wrong with it."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.errors import Refusal
from bot.face.words import _

from .model import MOST_ROWS, Details, Entry, Offer, Row, Sound

COLUMNS: Final = {
    "link": "link",
    "url": "link",
    "application link": "link",
    "apply": "link",
    "company": "company",
    "company_name": "company",
    "company name": "company",
    "employer": "company",
    "title": "title",
    "role": "title",
    "position": "title",
    "job title": "title",
    "places": "places",
    "place": "places",
    "location": "places",
    "locations": "places",
    "city": "places",
    "deadline": "deadline",
    "due": "deadline",
    "closes": "deadline",
    "term": "terms",
    "terms": "terms",
    "study term": "terms",
    "season": "terms",
    "category": "category",
    "visa": "sponsorship",
    "sponsorship": "sponsorship",
    "work permit": "sponsorship",
    "degree": "degrees",
    "degrees": "degrees",
    "tags": "tags",
}
"""What the first line may call a column."""
USUAL: Final = ("company", "title", "places", "deadline", "terms", "category")
"""What stands in the cells beside the link, where no first line says so."""

_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)\S+", re.I)


def read_rows(text: str, today: date) -> tuple[Row, ...]:
    """Read what was pasted. Raises Refusal when there is nothing, or too much of it."""
    lines = _cells(text)
    if not lines:
        raise Refusal(_("There is nothing in it yet. Copy some rows and paste them here."))
    header, lines = _header(lines)
    if not lines:
        raise Refusal(_("There is only the line with the names of the columns."))
    if len(lines) > MOST_ROWS:
        raise Refusal(
            _("Those are {n} rows; I take up to {most} at a time.").format(
                n=len(lines), most=MOST_ROWS
            )
        )
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for number, cells in lines:
        try:
            sound = _read(header, cells, today)
            if sound.canonical in seen:
                raise Refusal(
                    _("This is the opening of row {row} again.").format(row=seen[sound.canonical])
                )
            seen[sound.canonical] = number
            rows.append(Row(number, sound))
        except Refusal as problem:
            rows.append(Row(number, None, str(problem)))
    return tuple(rows)


def _cells(text: str) -> list[tuple[int, list[str]]]:
    """Return the cells of each line that has any, with its number."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = next((each for each in ("\t", ";", ",") if each in _LINK.sub("", first)), "\t")
    found: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=mark), start=1):
            if any(cell.strip() for cell in cells):
                found.append((number, [cell.strip() for cell in cells]))
    except csv.Error:
        raise Refusal(_("I cannot tell the columns apart. Copy the cells again.")) from None
    return found


def _header(
    lines: list[tuple[int, list[str]]],
) -> tuple[list[str] | None, list[tuple[int, list[str]]]]:
    named = [COLUMNS.get(cell.casefold(), "") for cell in lines[0][1]]
    if "link" in named and not any(_LINK.match(cell) for cell in lines[0][1]):
        return named, lines[1:]
    return None, lines


def _read(header: list[str] | None, cells: Sequence[str], today: date) -> Sound:
    names = header or _guess(cells)
    found: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        if name and not found.get(name):
            found[name] = cell
    offer = Offer(*(found.get(name, "") for name in ("link", "company", "title")))
    entry: Entry = Offer(
        offer.link, offer.company, offer.title, found.get("places", ""), found.get("deadline", "")
    ).entry(today)
    names_of_details = ("terms", "category", "sponsorship", "degrees", "tags")
    details = Details(*(found.get(name, "") for name in names_of_details))
    return details.added_to(entry).checked(today)


def _guess(cells: Sequence[str]) -> list[str]:
    """Name the cells of a line without names: the link where it is, the others in order."""
    usual = iter(USUAL)
    linked = False
    names: list[str] = []
    for cell in cells:
        if not linked and _LINK.match(cell):
            linked = True
            names.append("link")
        else:
            names.append(next(usual, ""))
    return names
