"""Applications as a table: read from whatever a spreadsheet saved, and written for one."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING

from bot.clockwork.phrases import read_date, read_wall
from bot.errors import Refusal
from bot.face.cells import as_csv, revived
from bot.face.words import _

from .model import (
    MOST_APPLICATIONS,
    NOTE_LIMIT,
    STATUSES,
    Entry,
    Facts,
    Status,
    checked,
    told_apart,
)

if TYPE_CHECKING:
    from _csv import Reader as Table

MOST_BYTES = 1024 * 1024
MOST_ROWS = MOST_APPLICATIONS
MOST_CELL = 20_000

COLUMNS = ("company", "title", "url", "status", "since", "deadline", "interview", "steps", "notes")
"""What is written, and read back as it was."""

OTHER_NAMES: dict[str, str] = {
    "company name": "company",
    "employer": "company",
    "organisation": "company",
    "organization": "company",
    "role": "title",
    "position": "title",
    "job title": "title",
    "job": "title",
    "link": "url",
    "job link": "url",
    "posting": "url",
    "stage": "status",
    "state": "status",
    "date": "since",
    "status since": "since",
    "last update": "since",
    "due": "deadline",
    "apply by": "deadline",
    "closing date": "deadline",
    "interview date": "interview",
    "applied": "applied on",
    "date applied": "applied on",
    "applied date": "applied on",
    "application date": "applied on",
    "history": "steps",
    "note": "notes",
    "comment": "notes",
    "comments": "notes",
}
"""Other names of columns, as people and trackers write them."""

KNOWN = (*COLUMNS, "applied on")

OTHER_STATUSES: dict[str, Status] = {
    "wishlist": Status.SAVED,
    "to apply": Status.SAVED,
    "bookmarked": Status.SAVED,
    "sent": Status.APPLIED,
    "submitted": Status.APPLIED,
    "oa": Status.ASSESSMENT,
    "assessment": Status.ASSESSMENT,
    "test": Status.ASSESSMENT,
    "interviewing": Status.INTERVIEW,
    "interviews": Status.INTERVIEW,
    "phone screen": Status.INTERVIEW,
    "offer received": Status.OFFER,
    "offered": Status.OFFER,
    "offer accepted": Status.ACCEPTED,
    "offer declined": Status.DECLINED,
    "offer rejected": Status.DECLINED,
    "turned down": Status.REJECTED,
    "withdrew": Status.WITHDRAWN,
    "ghosted": Status.NO_REPLY,
    "no response": Status.NO_REPLY,
    "no answer": Status.NO_REPLY,
}

MOST_PARAGRAPHS = 50
_SEPARATOR = re.compile(r'^"?sep=(.)"?\r?\n', re.IGNORECASE)
_STEP = re.compile(r"(\d{4}-\d\d-\d\d)\s+(.+)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file says: the rows that can be used, a sentence for each other, unknown columns."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]
    ignored: tuple[str, ...]


# Reading


def read(content: bytes, today: date) -> Sheet:
    """Read a file. Raises Refusal when it is no table of applications at all."""
    text = _text(content)
    mark = _SEPARATOR.match(text)
    skipped = 1 if mark else 0
    text = text[mark.end() :] if mark else text
    delimiter = mark[1] if mark else _delimiter(text)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [_column(cell) for cell in next(table, list[str]())]
        _check(names)
        lines = list(_rows(table, skipped))
    except csv.Error as error:
        raise Refusal(
            _("Line {line}: this is not a table I can read. Save it as CSV again.").format(
                line=table.line_num + skipped
            )
        ) from error
    if len(lines) > MOST_ROWS:
        raise Refusal(
            _("The file has {n} rows; I take up to {most}.").format(n=len(lines), most=MOST_ROWS)
        )
    if not lines:
        raise Refusal(_("There is no row in that file, only the line with the names."))
    entries, problems = _entries(names, lines, today)
    ignored = tuple(name for name in names if name and name not in KNOWN)
    return Sheet(tuple(entries), tuple(problems), ignored)


def _rows(table: "Table", skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that says something, with the line on which it begins."""
    begins = table.line_num + 1
    for cells in table:
        if any(map(str.strip, cells)):
            yield begins + skipped, cells
        begins = table.line_num + 1


def _text(content: bytes) -> str:
    """Return the file's text, in whichever of the usual ways a spreadsheet saved it."""
    if content.startswith(b"PK\x03\x04"):
        raise Refusal(_("That is a whole workbook. In your spreadsheet, save the sheet as CSV."))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[1:2] == b"\0":
        encodings = ["utf-16-le"]
    elif content[:1] == b"\0":
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refusal(_("That is not a text file. In your spreadsheet, save it as CSV."))


def _delimiter(text: str) -> str:
    first = text.lstrip().partition("\n")[0]
    return max((",", ";", "\t", "|"), key=first.count)


def _column(cell: str) -> str:
    name = " ".join(cell.replace("_", " ").casefold().split())
    return OTHER_NAMES.get(name, name)


def _check(names: Sequence[str]) -> None:
    missing = [name for name in ("company", "title") if name not in names]
    if missing:
        raise Refusal(
            _(
                "The first line has to name the columns; I miss: {missing}. The others are "
                "optional: {others}."
            ).format(
                missing=", ".join(f"`{name}`" for name in missing),
                others=", ".join(f"`{name}`" for name in KNOWN if name not in missing),
            )
        )
    twice = next((name for name in KNOWN if names.count(name) > 1), None)
    if twice:
        raise Refusal(_("The column `{name}` is there twice.").format(name=twice))


def _entries(
    names: Sequence[str], lines: Iterable[tuple[int, list[str]]], today: date
) -> tuple[list[Entry], list[str]]:
    entries: list[Entry] = []
    problems: list[str] = []
    seen: dict[tuple[str, str, str], int] = {}
    for line, cells in lines:
        try:
            entry = _entry(names, line, cells, today)
            first = seen.setdefault(told_apart(entry.facts), line)
            if first != line:
                raise Refusal(_("the same as line {first}.").format(first=first))
            entries.append(entry)
        except Refusal as problem:
            problems.append(_("Line {line}: {problem}").format(line=line, problem=problem))
    return entries, problems


def _entry(names: Sequence[str], line: int, cells: Sequence[str], today: date) -> Entry:
    if any(len(cell) > MOST_CELL for cell in cells):
        raise Refusal(_("a cell is longer than {n} characters.").format(n=MOST_CELL))
    row = {name: revived(cell.strip()) for name, cell in zip(names, cells, strict=False)}
    deadline = _day(row, "deadline", today)
    facts = checked(Facts(row["company"], row.get("title", ""), row.get("url", ""), deadline))
    on, wall = _interview(row.get("interview", ""), today)
    return Entry(
        line=line,
        company=facts.company,
        title=facts.title,
        url=facts.url,
        deadline_on=deadline,
        interview_on=on,
        interview_wall=wall,
        steps=_steps(row, today),
        notes=_notes(row.get("notes", "")),
    )


def _day(row: Mapping[str, str], name: str, today: date) -> date | None:
    typed = row.get(name, "")
    if not typed:
        return None
    return _read(name, typed, lambda: read_date(typed, today, nearest=True))


def _read(name: str, typed: str, read: Callable[[], date]) -> date:
    try:
        return read()
    except Refusal as problem:
        raise Refusal(f"`{name}`: {problem}") from problem


def _interview(typed: str, today: date) -> tuple[date | None, time | None]:
    if not typed:
        return None, None
    day, _space, wall = typed.replace("T", " ").partition(" ")
    if re.fullmatch(r"\d{1,2}:\d\d(:00)?", wall):
        return _read("interview", day, lambda: read_date(day, today)), read_wall(wall[:5])
    return _read("interview", typed, lambda: read_date(typed, today, nearest=True)), None


def _steps(row: Mapping[str, str], today: date) -> tuple[tuple[Status, date], ...]:
    """Return the steps as they were written, or those that status and days tell of."""
    if row.get("steps"):
        return _written_steps(row["steps"], today)
    status = _status(row.get("status", ""), Status.SAVED)
    since, sent = _day(row, "since", today), _day(row, "applied on", today)
    day = min(since or sent or today, today)
    if not row.get("status") and sent:
        status = Status.APPLIED
    if sent is None or status in (Status.SAVED, Status.APPLIED):
        return ((status, min(sent, today) if sent and status is Status.APPLIED else day),)
    return (Status.APPLIED, min(sent, day)), (status, day)


def _written_steps(text: str, today: date) -> tuple[tuple[Status, date], ...]:
    steps: list[tuple[Status, date]] = []
    for part in re.split(r"[;\n|]+", text):
        if not part.strip():
            continue
        said = _STEP.fullmatch(part.strip())
        if said is None:
            raise Refusal(_("`steps` is a list like “2026-03-02 Applied; 2026-03-20 Interview”."))
        day = read_date(said[1], today)
        if day > today or (steps and day < steps[-1][1]):
            raise Refusal(_("`steps`: {day} is not in order.").format(day=day.isoformat()))
        steps.append((_status(said[2], None), day))
    if not steps:
        raise Refusal(_("`steps` is a list like “2026-03-02 Applied; 2026-03-20 Interview”."))
    return tuple(steps)


def _status(typed: str, otherwise: Status | None) -> Status:
    if not typed and otherwise is not None:
        return otherwise
    wanted = " ".join(typed.replace("_", " ").casefold().split())
    for status, label in STATUSES.items():
        if wanted in (status.value.replace("_", " "), label.casefold(), _(label).casefold()):
            return status
    if wanted in OTHER_STATUSES:
        return OTHER_STATUSES[wanted]
    raise Refusal(
        _("“{typed}” is none of {statuses}.").format(
            typed=typed[:40], statuses=", ".join(_(label) for label in STATUSES.values())
        )
    )


def _notes(cell: str) -> tuple[str, ...]:
    """Return a cell's paragraphs as notes, or all of it as one where they are too many."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", cell.replace("\r\n", "\n"))]
    lines = [part for part in parts if part]
    if any(len(line) > NOTE_LIMIT for line in lines):
        raise Refusal(_("a note is longer than {n} characters.").format(n=NOTE_LIMIT))
    if len(lines) > MOST_PARAGRAPHS:
        raise Refusal(_("`notes` has more than {n} paragraphs.").format(n=MOST_PARAGRAPHS))
    return tuple(lines)


# Writing


def written(entries: Iterable[Entry]) -> bytes:
    """Return the file for a spreadsheet; no cell of it can run as a formula."""
    return as_csv(COLUMNS, (_cells(entry) for entry in entries))


def _cells(entry: Entry) -> list[str]:
    status, since = entry.steps[-1]
    wall = f" {entry.interview_wall:%H:%M}" if entry.interview_wall else ""
    return [
        entry.company,
        entry.title,
        entry.url,
        STATUSES[status],
        since.isoformat(),
        entry.deadline_on.isoformat() if entry.deadline_on else "",
        f"{entry.interview_on.isoformat()}{wall}" if entry.interview_on else "",
        "; ".join(f"{day.isoformat()} {STATUSES[step]}" for step, day in entry.steps),
        "\n\n".join(entry.notes),
    ]
