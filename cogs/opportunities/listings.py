"""The forms in which others publish openings: read row by row, and written back the same way.

`listings.json` of the public internship lists, tables from a spreadsheet, RSS and Atom. Nothing
here stops at a strange row: it becomes an error with its number, and what is strange about a
whole list is told as its drift. Only what is no list at all is refused.
"""

import codecs
import csv
import importlib
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import IO, Any, Final, cast

from bot.clockwork.phrases import read_date
from bot.errors import Refusal
from bot.face.words import N_, _

from .entry import NO_DEADLINE, Entry

LONGEST_ROW: Final = 1024 * 1024
"""Characters of one row; a longer one is no opening."""
LARGEST_SYNDICATED: Final = 8 * 1024 * 1024
"""Bytes of RSS or Atom; they are read whole."""
LARGEST_OBJECT: Final = 16 * 1024 * 1024
"""Characters of JSON that is not a list but holds one; it is read whole."""
MOST_COLUMNS: Final = 200
MOST_NAMES: Final = 30
LONGEST_NAME: Final = 40
CHUNK: Final = 64 * 1024
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
NEWEST_YEAR: Final = 2100
OLDEST_YEAR: Final = 1990

Record = dict[str, Any]


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

FIELDS: Final = (
    "company_name",
    "title",
    "url",
    "locations",
    "terms",
    "sponsorship",
    "category",
    "degrees",
    "tags",
    "deadline",
    "date_posted",
    "date_updated",
    "active",
    "id",
)
"""The public lists' own field names, and the two we add: `deadline` and `tags`."""
NEEDED: Final = ("company_name", "title", "url")
EXPECTED: Final = (*NEEDED, "locations", "date_posted", "active")
MANY: Final = frozenset({"locations", "terms", "degrees", "tags"})
PASSED_OVER: Final = frozenset({"source", "company_url", "is_visible", "season"})
"""Fields that the lists have and an opening does not need."""

_ALIASES: Final = {
    "company_name": ("company", "employer", "organization", "organisation", "firm"),
    "title": ("role", "position", "job_title", "job", "role_title", "position_title", "name"),
    "url": (
        "link",
        "apply_link",
        "application_link",
        "apply_url",
        "application_url",
        "job_url",
        "apply",
        "application",
        "href",
    ),
    "locations": ("location", "place", "places", "city", "cities", "office"),
    "terms": ("term", "study_term", "start_term", "semester"),
    "sponsorship": ("visa", "visa_work_permit", "visa_sponsorship", "work_permit"),
    "category": ("field", "area", "discipline", "job_category"),
    "degrees": ("degree", "education", "level_of_study"),
    "tags": ("tag", "keywords", "skills", "labels"),
    "deadline": (
        "closes",
        "closing_date",
        "close_date",
        "apply_by",
        "due",
        "due_date",
        "application_deadline",
        "expires",
        "valid_through",
    ),
    "date_posted": ("posted", "date", "posted_on", "posted_at", "published", "date_added", "added"),
    "date_updated": ("updated", "updated_at", "last_updated", "modified"),
    "active": ("open", "is_open", "is_active", "status"),
    "id": ("uuid", "guid", "job_id", "posting_id", "listing_id"),
}
NAMES: Final = {name: name for name in FIELDS} | {
    alias: name for name, aliases in _ALIASES.items() for alias in aliases
}
_NO: Final = frozenset(
    {"false", "no", "n", "0", "closed", "inactive", "expired", "filled", "off", "🔒", "✗", "❌"}
)
_LISTS_UNDER: Final = ("listings", "jobs", "items", "results", "postings", "data", "opportunities")
_BLANK: Final = re.compile(r"[ \t\r\n]*")
_NOT_A_NAME: Final = re.compile(r"[^a-z0-9]+")
_PARTS: Final = re.compile(r"\s*[;|\n]\s*")
_HTML: Final = re.compile(
    r"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|title)\b", re.I | re.S
)
_XML: Final = re.compile(r"\s*<(\?xml|rss|feed|rdf|!--)", re.I)
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_DATE_FIRST: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]")
_ENTITY: Final = re.compile(rb"<!(DOCTYPE[^>]*\[|ENTITY)", re.I)


class Unreadable(Refusal):
    """This is no list of openings; the text says what it is and what to do."""


@dataclass(slots=True)
class Drift:
    """How a list differs from what we know: told to moderators, never a reason to stop.

    Counts by the name of the field: `unknown` ones, `missing` ones, `unread` values.
    """

    rows: int = 0
    unknown: Counter[str] = field(default_factory=Counter[str])
    missing: Counter[str] = field(default_factory=Counter[str])
    unread: Counter[str] = field(default_factory=Counter[str])
    examples: dict[str, str] = field(default_factory=dict[str, str])

    def note_unknown(self, name: str) -> None:
        """Count a field that nobody knows; of very many different ones only the first."""
        name = name[:LONGEST_NAME]
        if name in self.unknown or len(self.unknown) < MOST_NAMES:
            self.unknown[name] += 1

    def note_unread(self, name: str, value: object) -> None:
        """Count a value that could not be read, with the first one as an example."""
        self.unread[name] += 1
        self.examples.setdefault(name, str(value)[:LONGEST_NAME])

    def as_json(self) -> Record:
        """Return it as plain values, to hand it on or keep it."""
        return {
            "rows": self.rows,
            "unknown": dict(self.unknown.most_common(MOST_NAMES)),
            "missing": dict(self.missing),
            "unread": dict(self.unread),
            "examples": self.examples,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Drift":
        """Read one that was kept."""
        return cls(
            rows=kept.get("rows", 0),
            unknown=Counter(kept.get("unknown", {})),
            missing=Counter(kept.get("missing", {})),
            unread=Counter(kept.get("unread", {})),
            examples=dict(kept.get("examples", {})),
        )


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
            records = syndicated(body)
        else:
            text = io.TextIOWrapper(cast(Any, body), encoding, "replace", newline="")
            # The wrapper would close a file that is not its own.
            self._wrapper = text
            read = records_of if self.format is Format.LISTINGS else rows_of
            records = read(text)
        yield from self._numbered(records)

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


# --- listings.json


def records_of(text: IO[str]) -> Iterator[tuple[int, Any]]:
    """Yield what a JSON list holds, one at a time: it is never whole in memory."""
    window = Window(text)
    first = window.peek()
    if first == "[":
        yield from _elements(window)
    elif first == "{":
        yield from enumerate(_inside(window.rest()), 1)
    else:
        raise Unreadable(_("That is not JSON: it begins with {sign}.").format(sign=first[:1]))


class Window:
    """A piece of a long text that moves along as it is read."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self._decoder = json.JSONDecoder(strict=False, parse_constant=lambda _name: None)
        self._held = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """Return the next sign that is no blank, empty at the end."""
        while True:
            blank = _BLANK.match(self._held, self._at)
            assert blank is not None
            self._at = blank.end()
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def skip(self) -> None:
        """Step over one sign."""
        self._at += 1

    def value(self) -> Any:
        """Return the next value. Raises ValueError when there is none."""
        self.peek()
        while True:
            try:
                found, end = self._decoder.raw_decode(self._held, self._at)
            except ValueError:
                if len(self._held) - self._at > LONGEST_ROW or not self._more():
                    raise
                continue
            if end == len(self._held) and self._more():
                continue
            self._at = end
            return found

    def rest(self) -> str:
        """Return everything that is left. Raises Unreadable when that is too much."""
        rest = self._held[self._at :] + self._text.read(LARGEST_OBJECT)
        if len(rest) > LARGEST_OBJECT:
            raise Unreadable(
                _("That JSON is one object of more than {most} MB; a list may be larger.").format(
                    most=LARGEST_OBJECT // (1024 * 1024)
                )
            )
        return rest

    def _more(self) -> bool:
        chunk = "" if self._ended else self._text.read(CHUNK)
        self._ended = not chunk
        self._held = self._held[self._at :] + chunk
        self._at = 0
        return bool(chunk)


def _elements(window: Window) -> Iterator[tuple[int, Any]]:
    window.skip()
    number = 0
    while (sign := window.peek()) != "]":
        number += 1
        if not sign:
            raise _cut_short(number)
        try:
            found = window.value()
        except (ValueError, RecursionError) as error:
            raise _not_json(number) from error
        yield number, found
        if window.peek() == ",":
            window.skip()
        elif window.peek() not in ("]", ""):
            raise _not_json(number + 1)


def _inside(text: str) -> list[Any]:
    """Return the list that stands inside an object, under one of the usual names."""
    try:
        whole: Any = json.loads(text, strict=False, parse_constant=lambda _name: None)
    except (ValueError, RecursionError) as error:
        raise _not_json(1) from error
    for name in _LISTS_UNDER:
        found = whole.get(name)
        if isinstance(found, list):
            return cast("list[Any]", found)
    raise Unreadable(
        _("That JSON holds no list of openings. I look for a list, or for one called `listings`.")
    )


def _not_json(number: int) -> Unreadable:
    return Unreadable(
        _("That is not valid JSON: I could not read row {number}.").format(number=number)
    )


def _cut_short(number: int) -> Unreadable:
    return Unreadable(
        _("That JSON breaks off before row {number}; it is not whole.").format(number=number)
    )


# --- tables


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
    while line := text.readline(LONGEST_ROW):
        if len(line) == LONGEST_ROW:
            raise Unreadable(_("That is not a table: one of its lines does not end."))
        yield line


def _chained(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip().lstrip("\ufeff") for cell in cells[:MOST_COLUMNS]]
    known = {_name(name) for name in names}
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


def neutral(cell: str) -> str:
    """Return a cell that no spreadsheet runs: what looks like a formula gets an apostrophe."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def revived(cell: str) -> str:
    """Take that apostrophe off again."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


# --- RSS and Atom


def syndicated(body: IO[bytes]) -> Iterator[tuple[int, Any]]:
    """Yield the entries of RSS or Atom as records."""
    content = body.read(LARGEST_SYNDICATED + 1)
    if len(content) > LARGEST_SYNDICATED:
        raise Unreadable(
            _("That RSS or Atom is larger than {most} MB.").format(
                most=LARGEST_SYNDICATED // (1024 * 1024)
            )
        )
    if _ENTITY.search(content.replace(b"\0", b"")):
        raise Unreadable(_("That XML defines entities of its own, which no list needs."))
    # It takes a tenth of a second to load, which only those who read RSS shall pay.
    feedparser: Any = importlib.import_module("feedparser")
    stream = io.BytesIO(content)
    found = feedparser.parse(stream, sanitize_html=False, resolve_relative_uris=False)
    if not found.entries and not found.get("version"):
        raise Unreadable(_("That is neither RSS nor Atom."))
    publisher = str(found.feed.get("title", ""))
    for number, entry in enumerate(found.entries, 1):
        yield number, syndicated_record(dict(entry), publisher)


def syndicated_record(entry: Mapping[str, Any], publisher: str) -> Record:
    """Return an entry of RSS or Atom as a record; most put the company into the title."""
    title, company = split_title(_plain(entry.get("title")))
    company = _plain(entry.get("company") or entry.get("job_listing_company")) or company
    tags = [_plain(tag.get("term")) for tag in entry.get("tags", ())]
    record = {
        "company_name": company or _plain(entry.get("author")) or publisher,
        "title": title,
        "url": entry.get("link"),
        "locations": [_plain(entry.get("location") or entry.get("job_listing_location"))],
        "tags": tags,
        "deadline": entry.get("expired") or entry.get("deadline") or entry.get("closing_date"),
        "date_posted": entry.get("published") or entry.get("updated"),
        "date_updated": entry.get("updated"),
        "id": entry.get("id"),
    }
    return {name: value for name, value in record.items() if value}


def split_title(text: str) -> tuple[str, str]:
    """Return title and company of "Intern at Acme" and "Acme: Intern"."""
    title, at, company = text.rpartition(" at ")
    if at and 0 < len(company) <= 60:
        return title.strip(), company.strip()
    company, colon, title = text.partition(": ")
    if colon and 0 < len(company) <= 60 and title.strip():
        return title.strip(), company.strip()
    return text, ""


def _plain(value: object) -> str:
    return re.sub(r"<[^>]{0,500}>", "", str(value)).strip() if value else ""


# --- from a record to an entry, and back


def entry_of(record: Any, today: date, drift: Drift) -> Entry:
    """Return the opening of a record. Raises Refusal when it names none."""
    if not isinstance(record, dict):
        raise Refusal(_("It is not a record with fields."))
    values = _named(cast("dict[Any, Any]", record), drift)
    for name in EXPECTED:
        if values.get(name) in (None, "", []):
            drift.missing[name] += 1
    active = _is_active(values.get("active"))
    if cast("dict[Any, Any]", record).get("is_visible") is False:
        active = False
    return Entry(
        company_name=_text(values.get("company_name")),
        title=_text(values.get("title")),
        url=_text(values.get("url")),
        locations=_texts(values.get("locations"), "locations"),
        terms=_texts(values.get("terms"), "terms"),
        sponsorship=_text(values.get("sponsorship")),
        category=_text(values.get("category")),
        degrees=_texts(values.get("degrees"), "degrees"),
        tags=_texts(values.get("tags"), "tags"),
        deadline_on=_day(values.get("deadline"), today, drift),
        date_posted=_moment(values.get("date_posted"), "date_posted", today, drift),
        date_updated=_moment(values.get("date_updated"), "date_updated", today, drift),
        active=active,
        outside_id=_text(values.get("id")),
    )


def _named(record: Mapping[Any, Any], drift: Drift) -> Record:
    """Return the values by the names we know; a list's own name goes before an alias."""
    values: Record = {}
    for key, value in record.items():
        name = _name(str(key))
        if name is None:
            if str(key) not in PASSED_OVER:
                drift.note_unknown(str(key))
        elif name not in values or key == name:
            values[name] = value
    return values


def _name(key: str) -> str | None:
    return NAMES.get(key) or NAMES.get(_NOT_A_NAME.sub("_", key.casefold()).strip("_"))


def _text(value: object) -> str:
    """Return a value as text; a list of one is that one, a record is nothing we can read."""
    if isinstance(value, list):
        found = cast("list[object]", value)
        return _text(found[0]) if found else ""
    if value is None or isinstance(value, dict | bool):
        return ""
    return str(value)


def _texts(value: object, name: str) -> tuple[str, ...]:
    if isinstance(value, str):
        # Places have commas in them: "Toronto, ON".
        parts = _PARTS.split(value) if name == "locations" else re.split(r"\s*[;|,\n]\s*", value)
        return tuple(part for part in parts if part)
    if not isinstance(value, list):
        return tuple(filter(None, (_text(value),)))
    return tuple(filter(None, (_text(each) for each in cast("list[object]", value)[:200])))


def _is_active(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().casefold() not in _NO
    return value is None or bool(value)


def _moment(value: object, name: str, today: date, drift: Drift) -> datetime | None:
    """Return a moment written as seconds, milliseconds or text; what is none is noted."""
    if value is None or value == "":
        return None
    found = moment_of(value, today)
    if found is None:
        drift.note_unread(name, value)
    return found


def moment_of(value: object, today: date) -> datetime | None:
    """Return a moment however a list writes it, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        text = value.strip()[:64]
        if not _NUMBER.fullmatch(text):
            return _written(text, today)
        value = float(text)
    try:
        for _finer in range(2):  # milliseconds, microseconds
            value = value / 1000 if abs(value) >= 1e11 else value
        found = datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return found if OLDEST_YEAR <= found.year <= NEWEST_YEAR else None


def _written(text: str, today: date) -> datetime | None:
    for read in (_iso, parsedate_to_datetime, _phrase(today)):
        try:
            found = read(text)
        except (ValueError, TypeError, OverflowError, IndexError, Refusal):
            continue
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        if OLDEST_YEAR <= found.year <= NEWEST_YEAR:
            return found
    return None


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _phrase(today: date) -> Callable[[str], datetime]:
    def read(text: str) -> datetime:
        day = read_date(text, today, nearest=True)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)

    return read


def _day(value: object, today: date, drift: Drift) -> date | None:
    """Return a deadline: the day that is written, or the day of a moment in UTC."""
    if value is None or (isinstance(value, str) and value.strip().casefold() in NO_DEADLINE):
        return None
    if isinstance(value, str) and (dated := _DATE_FIRST.match(value.strip())):
        value = dated[1]
    found = moment_of(value, today)
    if found is None:
        drift.note_unread("deadline", value)
    return found.date() if found else None


def record_of(entry: Entry) -> Record:
    """Return an opening in the public lists' own field names."""
    return {
        "company_name": entry.company_name,
        "title": entry.title,
        "url": entry.url,
        "locations": list(entry.locations),
        "terms": list(entry.terms),
        "sponsorship": entry.sponsorship,
        "category": entry.category,
        "degrees": list(entry.degrees),
        "tags": list(entry.tags),
        "deadline": entry.deadline_on.isoformat() if entry.deadline_on else None,
        "date_posted": _seconds(entry.date_posted),
        "date_updated": _seconds(entry.date_updated),
        "active": entry.active,
        "id": entry.outside_id,
    }


def entry_kept(record: Record) -> Entry:
    """Read an opening that `record_of` wrote."""
    return Entry(
        company_name=record["company_name"],
        title=record["title"],
        url=record["url"],
        locations=tuple(record["locations"]),
        terms=tuple(record["terms"]),
        sponsorship=record["sponsorship"],
        category=record["category"],
        degrees=tuple(record["degrees"]),
        tags=tuple(record["tags"]),
        deadline_on=date.fromisoformat(record["deadline"]) if record["deadline"] else None,
        date_posted=_from_seconds(record["date_posted"]),
        date_updated=_from_seconds(record["date_updated"]),
        active=record["active"],
        outside_id=record["id"],
    )


def _seconds(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment else None


def _from_seconds(seconds: int | None) -> datetime | None:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds) if seconds else None


def as_json(entries: Iterable[Entry]) -> bytes:
    """Write openings as `listings.json`."""
    rows = ",\n".join(" " + json.dumps(record_of(entry), ensure_ascii=False) for entry in entries)
    return f"[\n{rows}\n]\n".encode()


def as_csv(entries: Iterable[Entry]) -> bytes:
    """Write openings as a table for spreadsheets, with nothing in it that one would run."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(FIELDS)
    for entry in entries:
        table.writerow([_cell(value) for value in record_of(entry).values()])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return neutral("; ".join(cast("list[str]", value)))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else neutral(str(value))
