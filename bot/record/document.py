"""A document without any form yet: headings, entries, quotations, tables, drafts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Heading:
    """Begins a part of the document; `level` 1 or 2, `aside` is said beside it in small."""

    text: str
    level: int = 1
    aside: str = ""
    url: str = ""
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of our own words; quiet ones explain."""

    text: str
    quiet: bool = False
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing somebody did: when, what, and what belongs to it by name."""

    on: str
    what: str
    facts: tuple[tuple[str, str], ...] = ()
    aside: str = ""
    ref: str = ""
    url: str = ""
    kind: str = "item"


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody else said, who, when and about what."""

    what: str
    by: str
    on: str
    facts: tuple[tuple[str, str], ...] = ()
    ref: str = ""
    kind: str = "quote"


@dataclass(frozen=True, slots=True)
class Line:
    """A drafted line, with a question for each thing it lacks."""

    text: str
    gaps: tuple[str, ...] = ()
    ref: str = ""
    kind: str = "line"


@dataclass(frozen=True, slots=True)
class Tale:
    """A drafted story: its parts by name, each with the questions it leaves open."""

    title: str
    parts: tuple[tuple[str, str, tuple[str, ...]], ...]
    ref: str = ""
    kind: str = "tale"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = "table"


Block = Heading | Text | Item | Quote | Line | Tale | Table


@dataclass(frozen=True, slots=True)
class Document:
    """Whose record it is, what stands below their name, and everything in it."""

    title: str
    name: str
    under: tuple[str, ...]
    summary: str
    note: str
    blocks: tuple[Block, ...] = field(default=())
    locale: str = "en"
    contents: str = ""
    """What the list of contents is called; empty where the document needs none."""
    page: str = ""
    """How pages are numbered: "{page} of {pages}"."""

    @property
    def sections(self) -> tuple[str, ...]:
        """The headings of the first level."""
        return tuple(b.text for b in self.blocks if isinstance(b, Heading) and b.level == 1)


KINDS = {
    "heading": Heading,
    "text": Text,
    "item": Item,
    "quote": Quote,
    "line": Line,
    "tale": Tale,
    "table": Table,
}


def read(told: Mapping[str, Any]) -> Document:
    """Return a document as it was told to another process."""
    blocks = tuple(KINDS[block["kind"]](**block) for block in told["blocks"])
    rest: dict[str, Any] = {**told, "blocks": blocks}
    return Document(**rest)
