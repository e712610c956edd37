"""What is kept about somebody, and the file they take with them."""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from bot.people.contributions import ExportPart

WORD = "DELETE"
"""What somebody types to have everything deleted."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept about somebody, in sentences; `known` is false when that is nothing at all."""

    known: bool
    lines: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Somebody's whole record as one file."""

    filename: str
    content: bytes
    counts: tuple[tuple[str, int], ...]


def bundle(parts: Sequence[ExportPart], now: datetime) -> Bundle:
    """Put every part into a ZIP: all of it as JSON, and the same to read as Markdown."""
    day = now.date().isoformat()
    filled = [part for part in parts if part.rows]
    everything = {part.name: list(part.rows) for part in filled}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        whole = {"made_at": now.isoformat(), **everything}
        archive.writestr("record.json", json.dumps(whole, ensure_ascii=False, indent=1))
        archive.writestr("record.md", markdown(filled, day))
    counts = tuple((part.title, len(part.rows)) for part in filled)
    return Bundle(f"stint-export-{day}.zip", file.getvalue(), counts)


def markdown(parts: Sequence[ExportPart], day: str) -> str:
    """Write the parts so that they can be read without any program."""
    lines = [f"# Stint, {day}", ""]
    for part in parts:
        lines += [f"## {part.title}", ""]
        for row in part.rows:
            lines += [_line(name, value) for name, value in row.items() if value not in ("", None)]
            lines.append("")
    return "\n".join(lines)


def _line(name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        several = cast(Sequence[Any], value)
        inner = "".join(f"\n  - {_flat(each)}" for each in several)
        return f"- {name}:{inner}" if inner else f"- {name}: –"
    return f"- {name}: {_flat(value)}"


def _flat(value: object) -> str:
    """Keep a text of several lines inside its list item."""
    return str(value).replace("\n", "\n    ")
