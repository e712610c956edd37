"""What is no list at all, and how a list that is one differs from what we know."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.errors import Refusal

MOST_NAMES: Final = 30
LONGEST_NAME: Final = 40

Record = dict[str, Any]
"""A row of a list: what it says, by the names of its fields."""


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
