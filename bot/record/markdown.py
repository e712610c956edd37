"""The record as Markdown that shows the very words, whatever they look like."""

import re
from collections.abc import Iterator
from functools import singledispatch

from bot.record.document import Block, Document, Heading, Item, Line, Quote, Table, Tale, Text

_MARKS = re.compile(r"([\\`*_\[\]<>~|&$])")
_STARTS = re.compile(r"(?m)^(\s*)([#+=-])")
_NUMBERED = re.compile(r"(?m)^(\s*\d{1,9})([.)])")


def words(text: str, indent: str = "") -> str:
    """Return text that is shown as it was written; new lines stay new lines."""
    escaped = _MARKS.sub(r"\\\1", text)
    escaped = _STARTS.sub(r"\1\\\2", escaped)
    escaped = _NUMBERED.sub(r"\1\\\2", escaped)
    paragraphs = [part.replace("\n", f"\\\n{indent}") for part in escaped.split("\n\n")]
    return f"\n\n{indent}".join(paragraphs)


def written(document: Document) -> str:
    """Write the whole document."""
    parts = [f"# {words(document.name)}"]
    if document.under:
        parts.append("\\\n".join(words(line) for line in document.under))
    parts += [f"**{words(part)}**" for part in (document.summary,) if part]
    parts += [words(part) for part in (document.note,) if part]
    parts += [written for block in document.blocks for written in _block(block)]
    return "\n\n".join(parts) + "\n"


@singledispatch
def _block(block: Block) -> Iterator[str]:
    raise TypeError(block)


@_block.register
def _heading(block: Heading) -> Iterator[str]:
    yield f"{'#' * (block.level + 1)} {words(block.text)}"
    if aside := "  \n".join(filter(None, (words(block.aside), _link(block.url)))):
        yield aside


@_block.register
def _text(block: Text) -> Iterator[str]:
    yield words(block.text)


@_block.register
def _item(block: Item) -> Iterator[str]:
    lines = [f"- {words(block.on)}: {words(block.what, '  ')}{_ref(block.ref)}"]
    lines += _facts(block.facts)
    lines += [f"  - {words(block.aside)}"] if block.aside else []
    lines += [f"  - {_link(block.url)}"] if block.url else []
    yield "\n".join(lines)


def _facts(facts: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"  - {words(label)}: {words(text, '    ')}" for label, text in facts]


@_block.register
def _quote(block: Quote) -> Iterator[str]:
    said = "\n".join(f"> {line}".rstrip() for line in words(block.what).split("\n"))
    by = ", ".join(filter(None, (words(block.by), words(block.on))))
    yield f"{said}\n>\n> — {by}{_ref(block.ref)}"
    if block.facts:
        yield "\n".join(f"- {words(label)}: {words(text, '  ')}" for label, text in block.facts)


@_block.register
def _line(block: Line) -> Iterator[str]:
    yield f"- {words(block.text, '  ')}{_gaps(block.gaps)}{_ref(block.ref)}"


@_block.register
def _tale(block: Tale) -> Iterator[str]:
    yield f"### {words(block.title)}{_ref(block.ref)}"
    yield "\n".join(
        f"- **{words(label)}:** {words(text, '  ')}{_gaps(gaps)}".rstrip()
        for label, text, gaps in block.parts
    )


@_block.register
def _table(block: Table) -> Iterator[str]:
    head, *rows = [f"| {' | '.join(map(words, row))} |" for row in (block.head, *block.rows)]
    yield "\n".join([head, f"|{'---|' * len(block.head)}", *rows])


def _gaps(gaps: tuple[str, ...]) -> str:
    return "".join(f" *\\[{words(gap)}\\]*" for gap in gaps)


def _ref(ref: str) -> str:
    return f" \\[{words(ref)}\\]" if ref else ""


def _link(url: str) -> str:
    return f"<{url}>" if url else ""
