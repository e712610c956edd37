"""What somebody finds: one page of openings, what they saved, what they follow."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from .model import Filter, Posting

ROWS: Final = 6
"""Openings on one page: a phone's screen, and within Discord's forty components."""
MOST_FOUND: Final = 1_000
"""So many are counted and can be paged through; whoever finds more looks for something narrower."""
MOST_FOLLOWS: Final = 10
MOST_SEARCHES: Final = 300
"""Searches of a member whose old pages still turn; the one not used for longest goes first."""
MOST_TYPED: Final = 100
MOST_TOLD: Final = 20
NEWS_FOR: Final = timedelta(days=14)
"""What opened longer ago is no news, even to somebody who was away."""
SETTLED: Final = timedelta(minutes=1)
"""What opened within this time may still be on its way into the database."""


class Sort(StrEnum):
    """What comes first: what is new, or what closes soon."""

    NEW = "n"
    CLOSING = "d"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search. `total` is at most `MOST_FOUND` + 1, which stands for *more*."""

    search_id: int
    wanted: Filter
    sort: Sort
    postings: tuple[Posting, ...]
    page: int
    total: int
    saved: frozenset[int]
    anything: bool
    zone: str
    today: date

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return pages(min(self.total, MOST_FOUND))


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One page of what a member saved, the nearest deadline first."""

    cohort_id: int
    postings: tuple[Posting, ...]
    page: int
    total: int
    zone: str
    today: date

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return pages(self.total)


@dataclass(frozen=True, slots=True)
class Follow:
    """A search that goes on by itself; everything opened before `told_at` was told."""

    follow_id: int
    member_id: int
    wanted: Filter
    told_at: datetime
    told_on: date | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Following:
    """What a member follows, and whether they let themselves be written to."""

    cohort_id: int
    follows: tuple[Follow, ...]
    by_message: bool
    morning_at: datetime


@dataclass(frozen=True, slots=True)
class News:
    """Openings that came since a member heard last; `more` of them are only in the list."""

    cohort_id: int
    postings: tuple[Posting, ...]
    more: int
    zone: str
    today: date


@dataclass(frozen=True, slots=True)
class Opened:
    """What has to be known of a new opening to tell whom it concerns."""

    posting_id: int
    words: str
    suggested_by: int | None


def pages(rows: int) -> int:
    """Return how many pages so many rows take, at least one."""
    return max(1, -(-rows // ROWS))


def as_text(wanted: Filter) -> str:
    """Return a filter as it is kept, the same for the same filter."""
    return json.dumps(wanted.as_json(), sort_keys=True, separators=(",", ":"))


def as_filter(kept: str) -> Filter:
    """Read a filter that was kept."""
    return Filter.of(json.loads(kept))


def digest(wanted: Filter) -> str:
    """Return what tells one filter from another, without saying what it is."""
    return hashlib.blake2s(as_text(wanted).encode(), digest_size=12).hexdigest()
