"""The record as data: all of it as JSON, and one row for each entry as a table."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from bot.face.cells import as_csv
from bot.record.brag import skills
from bot.record.drafting import bullets, stories
from bot.record.model import Record

COLUMNS = (
    "chapter",
    "entry",
    "day",
    "project",
    "what",
    "situation",
    "result",
    "learned",
    "skills",
    "people",
    "link",
    "said by",
    "role",
    "place",
    "kept from",
    "done",
)


def as_json(record: Record) -> bytes:
    """Return everything that was kept, word for word, and everything that was drafted from it."""
    told: dict[str, Any] = {
        "made on": record.made_on,
        "name": record.name,
        "part": record.part,
        "stays": [asdict(stay) for stay in record.stays],
        "entries": [asdict(entry) for entry in record.entries],
        "skills": [{"name": name, "since": on, "entries": n} for name, on, n in skills(record)],
        "drafts": {
            "bullets": [asdict(line) for line in bullets(record)],
            "stories": [asdict(one) for one in stories(record)],
        },
    }
    text = json.dumps(told, ensure_ascii=False, indent=1, default=date.isoformat)
    return text.encode("utf-8", "replace")


def as_table(record: Record) -> bytes:
    """Return a row for each entry, with nothing in it that a spreadsheet would run."""
    return as_csv(COLUMNS, (_row(entry) for entry in record.entries))


def _row(entry: Any) -> list[str]:
    return [
        entry.chapter.value,
        entry.ref,
        entry.on.isoformat(),
        entry.project,
        entry.what,
        entry.situation,
        entry.result,
        entry.learned,
        "; ".join(entry.skills),
        "; ".join(entry.people),
        entry.url,
        entry.said_by,
        entry.role,
        entry.place,
        entry.source,
        "yes" if entry.done else "no",
    ]
