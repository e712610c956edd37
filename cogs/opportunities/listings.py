"""The forms in which others publish openings: read row by row, and written back the same way.

`listings.json` of the public internship lists, tables from a spreadsheet, RSS and Atom. Nothing
here stops at a strange row: it becomes an error with its number, and what is strange about a
whole list is told as its drift. Only what is no list at all is refused.
"""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import IO, Any, Final, cast

from bot.errors import Refusal
from bot.face import cells
from bot.face.words import N_, _

from .drift import Drift, Unreadable
from .entry import Entry
from .fields import FIELDS, entry_of, record_of
from .json_lists import records_of
from .syndicated import syndicated
from .tables import rows_of

CHUNK: Final = 64 * 1024
_HTML: Final = re.compile(
    r"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|title)\b", re.I | re.S
)
_XML: Final = re.compile(r"\s*<(\?xml|rss|feed|rdf|!--)", re.I)


class Format(StrEnum):
    """What a list is written in."""

    LISTINGS = "listings"
    CSV = "csv"
    SYNDICATED = "rss"


FORMATS: Final = {
    Format.LISTINGS: N_("listings.json"),
    Format.CSV: N_("CSV table"),
    Format.SYNDICATED: N_("RSS or Atom"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a list: the opening it names, or what is wrong with it."""

    number: int
    entry: Entry | None
    error: str = ""


class Reading:
    """Reads one list, row by row; `drift` is whole once the rows are through."""

    def __init__(
        self,
        body: IO[bytes],
        *,
        today: date,
        most: int,
        format: Format | None = None,
        charset: str | None = None,
    ) -> None:
        self._body = body
        self._today = today
        self._most = most
        self._charset = charset
        self.drift = Drift()
        self.format = format

    def items(self) -> Iterator[Item]:
        """Yield every row. Raises Unreadable for what is no list, or one with too many rows."""
        body = self._body
        head = body.read(4096)
        body.seek(0)
        if not head.strip(b" \t\r\n\x00"):
            raise Unreadable(_("There is nothing in it."))
        encoding = encoding_of(body, head, self._charset)
        body.seek(0)
        shown = head.decode(encoding, "replace").lstrip("\ufeff")
        self.format = self.format or guess(shown)
        if _HTML.match(shown):
            raise Unreadable(
                _(
                    "That is a web page, not a list. Look for a link called *raw*, *RSS* or "
                    "*download*."
                )
            )
        if self.format is Format.SYNDICATED:
            yield from self._numbered(syndicated(body))
            return
        read = records_of if self.format is Format.LISTINGS else rows_of
        text = io.TextIOWrapper(cast(Any, body), encoding, "replace", newline="")
        try:
            yield from self._numbered(read(text))
        finally:
            text.detach()  # or it would close a file that is not its own

    def _numbered(self, records: Iterator[tuple[int, Any]]) -> Iterator[Item]:
        for number, record in records:
            self.drift.rows += 1
            if self.drift.rows > self._most:
                raise Unreadable(
                    _(
                        "The list has more than {most} rows. Whoever hosts me can allow more with "
                        "the setting `STINT_FEED_ROWS`."
                    ).format(most=f"{self._most:,}")
                )
            try:
                yield Item(number, entry_of(record, self._today, self.drift))
            except Refusal as error:
                yield Item(number, None, str(error))
        if not self.drift.rows:
            raise Unreadable(_("The list is empty."))


def guess(head: str) -> Format:
    """Return what a list is most likely written in, from how it begins."""
    start = head.lstrip()
    if start.startswith(("[", "{")):
        return Format.LISTINGS
    return Format.SYNDICATED if _XML.match(start) else Format.CSV


def encoding_of(body: IO[bytes], head: bytes, charset: str | None) -> str:
    """Return how the letters of a list are written, whatever its sender says."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return name
    if len(head) >= 8 and head[1:64:2].count(0) > len(head[1:64:2]) * 0.8:
        return "utf-16-le"
    if len(head) >= 8 and head[0:64:2].count(0) > len(head[0:64:2]) * 0.8:
        return "utf-16-be"
    if _is_utf8(body):
        return "utf-8"
    return charset if charset and _known(charset) else "cp1252"


def _is_utf8(body: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := body.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _known(charset: str) -> bool:
    """Say whether a charset is one for letters, and not one of Python's other tricks."""
    try:
        b" ".decode(charset)
    except (LookupError, ValueError):
        return False
    return True


def as_json(entries: Iterable[Entry]) -> bytes:
    """Write openings as `listings.json`."""
    rows = ",\n".join(" " + json.dumps(record_of(entry), ensure_ascii=False) for entry in entries)
    return f"[\n{rows}\n]\n".encode()


def as_csv(entries: Iterable[Entry]) -> bytes:
    """Write openings as a table for spreadsheets, with nothing in it that one would run."""
    rows = ([_cell(value) for value in record_of(entry).values()] for entry in entries)
    return cells.as_csv(FIELDS, rows, quoting=csv.QUOTE_MINIMAL)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(cast("list[str]", value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
