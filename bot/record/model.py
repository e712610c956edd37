"""What a record is made of, and the forms in which somebody takes it with them."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from bot.people.record import Chapter, Entry

OWN = (Chapter.WORK, Chapter.PROJECT, Chapter.COURSEWORK)
"""The chapters about what somebody made themselves."""
HEARD = (Chapter.FEEDBACK, Chapter.KUDOS)
"""The chapters in other people's words."""


class Form(StrEnum):
    """A form of the record; PDF is the one to begin with."""

    PDF = "pdf"
    DOCX = "docx"
    MARKDOWN = "markdown"
    RESUME = "resume"
    JSON = "json"
    CSV = "csv"


ENDINGS: dict[Form, str] = {
    Form.PDF: ".pdf",
    Form.DOCX: ".docx",
    Form.MARKDOWN: ".md",
    Form.RESUME: "-resume.json",
    Form.JSON: ".json",
    Form.CSV: ".csv",
}


@dataclass(frozen=True, slots=True)
class Stay:
    """Where somebody was, as what, and from when to when, as far as they said."""

    place: str
    role: str = ""
    first_on: date | None = None
    last_on: date | None = None
    links: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Everything somebody did, oldest first. `part` names what it was cut down to, if it was."""

    name: str
    made_on: date
    stays: tuple[Stay, ...]
    entries: tuple[Entry, ...]
    part: str = ""

    def of(self, *chapters: Chapter) -> tuple[Entry, ...]:
        """Return what stands in these chapters."""
        return tuple(entry for entry in self.entries if entry.chapter in chapters)

    def filename(self, form: Form) -> str:
        """Return what the file is called."""
        part = f"-{self.part}" if self.part else ""
        return f"stint-record-{self.made_on.isoformat()}{part}{ENDINGS[form]}"


@dataclass(frozen=True, slots=True)
class Made:
    """A file that is ready to be handed out."""

    filename: str
    content: bytes


def told_once(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Put entries in the order of time, each thing once.

    What was kept in the journal from somewhere else takes the place of where it came from, if that
    is the same deed or the journal tells more; what somebody else said stays in their words, and is
    said by whom the place it came from names.
    """
    by_ref = {entry.ref: entry for entry in entries}
    left_out: set[str] = set()
    quoted: dict[str, Entry] = {}
    for entry in entries:
        first = by_ref.get(entry.source) if entry.source else None
        if first is None:
            continue
        if first.chapter not in OWN and not _adds(entry):
            left_out.add(entry.ref)
        elif first.chapter not in HEARD:
            left_out.add(first.ref)
        elif entry.said_by:
            left_out.add(first.ref)
            quoted[entry.ref] = _quoted(entry, first)
    kept = [quoted.get(entry.ref, entry) for entry in entries if entry.ref not in left_out]
    said = {(_same(entry.what), entry.chapter) for entry in kept if entry.ref.startswith("journal")}
    return tuple(
        sorted(
            (
                entry
                for entry in kept
                if entry.ref.startswith("journal")
                or entry.chapter not in OWN
                or (_same(entry.what), entry.chapter) not in said
            ),
            key=lambda entry: (entry.on, entry.chapter, _numbered(entry.ref)),
        )
    )


def _quoted(entry: Entry, first: Entry) -> Entry:
    return replace(
        entry,
        said_by=first.said_by,
        situation=first.situation,
        learned=entry.learned or first.learned,
        result=entry.result or first.result,
    )


def _adds(entry: Entry) -> bool:
    return bool(entry.result or entry.learned or entry.skills or entry.project)


def _same(text: str) -> str:
    return " ".join(text.casefold().split())


def _numbered(ref: str) -> tuple[str, int]:
    name, _space, number = ref.rpartition(" ")
    return name, int(number) if number.isdecimal() else 0


def packed(record: Record, form: Form, most: int, locale: str) -> Iterator[bytes]:
    """Write down what the process that makes the file has to know, an entry at a time."""
    asked = {"form": form, "most": most, "locale": locale, "name": record.name}
    stays = [asdict(stay) for stay in record.stays]
    yield _line({**asked, "made_on": record.made_on, "part": record.part, "stays": stays})
    for entry in record.entries:
        yield _line(asdict(entry))


def _line(told: dict[str, Any]) -> bytes:
    return json.dumps(told, default=_iso).encode() + b"\n"


def unpacked(lines: Iterable[bytes]) -> tuple[Record, Form, int, str]:
    """Read what was asked for."""
    asked, *entries = map(json.loads, lines)
    read = Record(
        name=asked["name"],
        made_on=date.fromisoformat(asked["made_on"]),
        stays=tuple(map(_stay, asked["stays"])),
        entries=tuple(map(_entry, entries)),
        part=asked["part"],
    )
    return read, Form(asked["form"]), asked["most"], asked["locale"]


def _iso(value: Any) -> str:
    return value.isoformat()


def _stay(told: dict[str, Any]) -> Stay:
    days: dict[str, Any] = {
        name: date.fromisoformat(told[name]) if told[name] else None
        for name in ("first_on", "last_on")
    }
    return Stay(**told | days)


def _entry(told: dict[str, Any]) -> Entry:
    read: dict[str, Any] = {
        "chapter": Chapter(told["chapter"]),
        "on": date.fromisoformat(told["on"]),
        "skills": tuple(told["skills"]),
        "people": tuple(told["people"]),
    }
    return Entry(**told | read)


def texts_changed(entry: Entry, change: Callable[[str], str]) -> Entry:
    """Return the entry with `change` done to each of its texts."""
    changed: dict[str, Any] = {}
    for field in fields(entry):
        value: Any = getattr(entry, field.name)
        if type(value) is str:
            changed[field.name] = change(value)
    for name, several in (("skills", entry.skills), ("people", entry.people)):
        changed[name] = tuple(text for each in several if (text := change(each)))
    return replace(entry, **changed)


def halves(record: Record) -> list[Record]:
    """Cut a record that is too long for one file: by year, else by chapter, else in the middle."""
    years = sorted({entry.on.year for entry in record.entries})
    chapters = [chapter for chapter in Chapter if record.of(chapter)]
    if len(years) > 1:
        cut = {str(year): [e for e in record.entries if e.on.year == year] for year in years}
    elif len(chapters) > 1:
        cut = {chapter.value: list(record.of(chapter)) for chapter in chapters}
    else:
        middle = len(record.entries) // 2
        cut = {"1": list(record.entries[:middle]), "2": list(record.entries[middle:])}
    return [
        replace(record, entries=tuple(entries), part="-".join(filter(None, (record.part, name))))
        for name, entries in cut.items()
    ]
