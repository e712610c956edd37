"""A list that is read on schedule, and what became of each of its rows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from bot.people.cohorts import Cohort

from .drift import Drift
from .listings import Format
from .model import Filter, Outcome, PostingState, Result

CHECK_EVERY: Final = timedelta(hours=6)
"""How often a list is looked at; most of them change once or twice a day."""
SOON: Final = timedelta(minutes=5)
"""How soon a moderator cannot have a list read again."""
LONGEST_WAIT: Final = timedelta(days=1)
PAUSE_AT: Final = 5
"""Failures in a row after which a feed pauses itself."""
MOST_FEEDS: Final = 20
"""Feeds of one server."""
AT_ONCE: Final = 4
"""Lists that are read at the same time, each from another host."""
TRIAL_FOR: Final = timedelta(days=1)
"""How long a feed or a file waits for a moderator's word before it is forgotten."""
MOST_FILE: Final = 25 * 1024 * 1024
MOST_ATTACHED: Final = 8 * 1024 * 1024
MOST_REASONS: Final = 8
MOST_EXAMPLES: Final = 3


class FeedState(StrEnum):
    """Whether a feed is only looked at, read on schedule, or stopped."""

    TRIAL = "trial"
    ACTIVE = "active"
    PAUSED = "paused"


class Goes(StrEnum):
    """Where what a list brings goes: to the moderators' queue, or straight to the members."""

    QUEUE = "queue"
    OPEN = "open"

    @property
    def state(self) -> PostingState:
        """The state of a posting that goes there."""
        return PostingState.OPEN if self is Goes.OPEN else PostingState.QUEUED


@dataclass(slots=True)
class Tally:
    """What became of the rows of a list; the counts add up to `rows`.

    `over` are new ones that cannot be applied to any more, `left_out` those a filter did not want.
    """

    rows: int = 0
    new: int = 0
    over: int = 0
    updated: int = 0
    same: int = 0
    duplicate: int = 0
    rejected: int = 0
    left_out: int = 0
    twins: int = 0
    reasons: Counter[str] = field(default_factory=Counter[str])
    lines: dict[str, list[int]] = field(default_factory=dict[str, list[int]])

    def note(self, outcome: Outcome, number: int, active: bool = True) -> None:
        """Count one row."""
        self.rows += 1
        if outcome.result is Result.NEW:
            if active:
                self.new += 1
                self.twins += bool(outcome.reason)
            else:
                self.over += 1
            return
        kind = outcome.result.value
        setattr(self, kind, getattr(self, kind) + 1)
        if outcome.result in (Result.REJECTED, Result.DUPLICATE):
            self._explain(outcome.reason, number)

    def leave_out(self) -> None:
        """Count a row that the filter does not want."""
        self.rows += 1
        self.left_out += 1

    def _explain(self, reason: str, number: int) -> None:
        if reason not in self.reasons and len(self.reasons) >= MOST_REASONS * 4:
            reason = "…"
        self.reasons[reason] += 1
        examples = self.lines.setdefault(reason, [])
        if len(examples) < MOST_EXAMPLES:
            examples.append(number)

    def __add__(self, other: "Tally") -> "Tally":
        numbers = {name: getattr(self, name) + getattr(other, name) for name in COUNTED}
        both = Tally(**numbers, reasons=self.reasons + other.reasons)
        for lines in (self.lines, other.lines):
            for reason, numbers_of in lines.items():
                found = [*both.lines.get(reason, []), *numbers_of]
                both.lines[reason] = sorted(found)[:MOST_EXAMPLES]
        return both

    @property
    def brings(self) -> int:
        """How many rows change anything."""
        return self.new + self.over + self.updated

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values, to keep it."""
        numbers = {name: getattr(self, name) for name in COUNTED}
        reasons = dict(self.reasons.most_common(MOST_REASONS))
        return {**numbers, "reasons": reasons, "lines": {r: self.lines[r] for r in reasons}}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Tally":
        """Read one that was kept."""
        numbers = {name: kept.get(name, 0) for name in COUNTED}
        reasons = Counter[str](kept.get("reasons", {}))
        return cls(**numbers, reasons=reasons, lines=dict(kept.get("lines", {})))


COUNTED: Final = (
    "rows",
    "new",
    "over",
    "updated",
    "same",
    "duplicate",
    "rejected",
    "left_out",
    "twins",
)


@dataclass(frozen=True, slots=True)
class Report:
    """What reading a list came to; `aside` is the part that was sorted out before all else."""

    tally: Tally
    drift: Drift
    format: Format | None = None
    aside: Tally = field(default_factory=Tally)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values, to keep it."""
        return {
            "tally": self.tally.as_json(),
            "drift": self.drift.as_json(),
            "format": self.format.value if self.format else "",
            "aside": self.aside.as_json(),
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Report | None":
        """Read one that was kept, if there is one."""
        if not kept.get("tally"):
            return None
        known = Format(kept["format"]) if kept.get("format") else None
        tally, aside = Tally.of(kept["tally"]), Tally.of(kept.get("aside", {}))
        return cls(tally, Drift.of(kept.get("drift", {})), known, aside)


@dataclass(frozen=True, slots=True)
class Feed:
    """A list on the internet that a server reads."""

    feed_id: int
    guild_id: int
    cohort_id: int
    url: str
    host: str
    name: str
    format: Format | None
    goes: Goes
    filter: Filter
    state: FeedState
    etag: str
    last_modified: str
    failures: int
    next_at: datetime
    checked_at: datetime | None
    changed_at: datetime | None
    report: Report | None
    trouble: str
    made_at: datetime

    def after_failure(self, now: datetime, rest_for: timedelta | None) -> datetime:
        """Return when to try again after one more failure: later each time, never within a rest."""
        wait = min(CHECK_EVERY * 2**self.failures, LONGEST_WAIT)
        return now + max(wait, rest_for or timedelta(0))

    def next_check(self, now: datetime) -> datetime:
        """Return when to look again; feeds are spread so that not all ask at once."""
        return now + CHECK_EVERY + timedelta(minutes=self.feed_id * 7 % 30)


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What a moderator sees of one feed."""

    feed: Feed
    cohort: Cohort
    news: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """A file that a moderator looks at before what it lists is taken."""

    import_id: int
    guild_id: int
    cohort_id: int
    name: str
    report: Report
    done_at: datetime | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Export:
    """A file for a moderator to keep."""

    name: str
    content: bytes
    count: int
