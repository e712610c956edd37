"""An opening somebody can apply to: what is known of it, where it came from, whether it stands."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from bot.clockwork.phrases import read_date
from bot.clockwork.recurrence import to_utc
from bot.face.words import N_
from bot.people.cohorts import Cohort
from bot.people.memberships import Delivery, Member
from bot.people.users import Inbox

from .entry import MOST_COMPANY as MOST_COMPANY
from .entry import MOST_TITLE as MOST_TITLE
from .entry import NO_DEADLINE, Entry, clean
from .entry import Sound as Sound

UNDO_FOR: Final = timedelta(minutes=10)
VERIFY_AFTER: Final = timedelta(days=30)
"""How long a posting is believed before a moderator is asked whether it still stands."""
ANSWER_WITHIN: Final = timedelta(days=7)
"""How long the moderators have to say that a posting still stands, before it is closed."""
KEEP_DECLINED: Final = timedelta(days=90)
VOTES_TO_HIDE: Final = 3
REMIND_DAYS: Final = (7, 1)
"""How many days before its deadline somebody who saved a posting hears of it."""
MORNING: Final = time(9)
MOST_FEATURED: Final = 3
"""How many postings stand out in a cohort's channel a day, unless it chose another number."""
FEATURED_CHOICES: Final = (1, 2, 3, 5, 10)
LONG_QUEUE: Final = 50
"""From so many on, the queue is a list to filter rather than one suggestion after another."""
MOST_ROWS: Final = 50
PAGE: Final = 10
MOST_SUGGESTED: Final = 10
"""How many suggestions of one member may wait at a time."""

MOST_TAGS: Final = 5
MOST_TAG: Final = 20
"""Discord's limits for the tags of a forum post: five of them, twenty characters each."""


class PostingState(StrEnum):
    """Whether a posting waits for a moderator, can be found, is in doubt, is over or unwanted."""

    QUEUED = "queued"
    OPEN = "open"
    HIDDEN = "hidden"
    CLOSED = "closed"
    DECLINED = "declined"


class Source(StrEnum):
    """Who brought a posting."""

    MODERATOR = "moderator"
    SUGGESTION = "suggestion"
    FEED = "feed"
    IMPORT = "import"


class Why(StrEnum):
    """Why a posting is closed, hidden or declined."""

    NOTHING = ""
    MODERATOR = "moderator"
    DEADLINE = "deadline"
    UNVERIFIED = "unverified"
    VOTES = "votes"
    UPSTREAM = "upstream"


class Result(StrEnum):
    """What became of one entry that was brought from outside."""

    NEW = "new"
    UPDATED = "updated"
    SAME = "same"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


CATEGORIES: Final = (
    "Software",
    "Data & AI",
    "Hardware",
    "Security",
    "Design",
    "Product",
    "Quant & Finance",
    "Research",
    "Other",
)
SPONSORSHIP: Final = {
    "Offers Sponsorship": N_("offers visa sponsorship"),
    "Does Not Offer Sponsorship": N_("no visa sponsorship"),
    "U.S. Citizenship is Required": N_("US citizenship needed"),
    "Other": "",
}
"""The public lists' own words for visa and work permit, and how we say them."""
DEGREES: Final = ("Associate's", "Bachelor's", "Master's", "MBA", "PhD")

CLOSED_BECAUSE: Final = {
    Why.NOTHING: "",
    Why.MODERATOR: N_("a moderator closed it"),
    Why.DEADLINE: N_("its deadline has passed"),
    Why.UNVERIFIED: N_("nobody could say that it still stands"),
    Why.VOTES: N_("members found it closed"),
    Why.UPSTREAM: N_("the list it came from says that it is closed"),
}

_REMOTE = re.compile(r"\bremote\b|\bwork from home\b|\bwfh\b", re.I)


@dataclass(frozen=True, slots=True)
class Offer:
    """An opening in the words somebody typed, none of them looked at yet."""

    link: str
    company: str
    title: str
    places: str = ""
    deadline: str = ""

    def entry(self, today: date) -> Entry:
        """Read it. Raises Refusal for a deadline that is no day."""
        return Entry(
            company_name=self.company,
            title=self.title,
            url=self.link,
            locations=split(self.places),
            deadline_on=read_deadline(self.deadline, today),
        )


@dataclass(frozen=True, slots=True)
class Details:
    """What may be said of an opening beyond the first form, as somebody typed it."""

    terms: str = ""
    category: str = ""
    sponsorship: str = ""
    degrees: str = ""
    tags: str = ""

    def added_to(self, entry: Entry) -> Entry:
        """Return an entry with these details in place of its own."""
        return replace(
            entry,
            terms=split(self.terms, ",;|\n"),
            category=self.category,
            sponsorship=self.sponsorship,
            degrees=split(self.degrees, ",;|\n"),
            tags=split(self.tags, ",;|\n"),
        )


def split(text: str, marks: str = ";|\n") -> tuple[str, ...]:
    """Return the parts of what was typed in one field. A comma may stand inside a place."""
    for mark in marks[1:]:
        text = text.replace(mark, marks[0])
    return tuple(filter(None, (part.strip() for part in text.split(marks[0]))))


def read_deadline(text: str, today: date) -> date | None:
    """Return the day somebody typed, None for an open one. Raises Refusal for anything else."""
    wanted = text.strip()
    if wanted.casefold() in NO_DEADLINE:
        return None
    return read_date(wanted, today)


@dataclass(frozen=True, slots=True)
class Posting:
    """An opening as a server keeps it."""

    posting_id: int
    guild_id: int
    cohort_id: int | None
    source: Source
    feed_id: int | None
    outside_id: str
    batch_id: int | None
    company_name: str
    title: str
    url: str
    canonical: str
    twin_key: str
    locations: tuple[str, ...]
    terms: tuple[str, ...]
    sponsorship: str
    category: str
    degrees: tuple[str, ...]
    tags: tuple[str, ...]
    deadline_on: date | None
    date_posted: datetime | None
    date_updated: datetime | None
    state: PostingState
    why: Why
    reason: str
    suggested_by: int | None
    featured_at: datetime | None
    verified_at: datetime
    asked_at: datetime | None
    made_at: datetime
    closed_at: datetime | None

    @property
    def active(self) -> bool:
        """Say whether it can be applied to, as the public lists put it."""
        return self.state is PostingState.OPEN

    @property
    def name(self) -> str:
        """Return company and title on one line."""
        return f"{self.company_name} – {self.title}"

    @property
    def remote(self) -> bool:
        """Say whether one of its places is no place."""
        return is_remote(self.locations)

    @property
    def since(self) -> datetime:
        """Return when it was posted, there or here: what its age is counted from."""
        return self.date_posted or self.made_at

    @property
    def entry(self) -> Entry:
        """Return it as a form or a list would bring it."""
        return Entry(
            **{name: getattr(self, name) for name in ENTRY_FIELDS},
            active=self.active,
            outside_id=self.outside_id,
        )

    def stands_on(self, day: date) -> bool:
        """Say whether somebody can still apply on a day."""
        return self.active and (self.deadline_on is None or self.deadline_on >= day)

    def forum_tags(self) -> list[str]:
        """Return the forum tags it would like, the most telling first; Discord takes five."""
        wanted = [self.category, *self.terms, *map(short_place, self.locations), *self.tags]
        if self.remote:
            wanted.insert(1, "Remote")
        kept: dict[str, str] = {}
        for text in wanted:
            tag = clean(text, MOST_TAG)
            if tag and tag.casefold() not in kept:
                kept[tag.casefold()] = tag
        return list(kept.values())[:MOST_TAGS]


ENTRY_FIELDS: Final = (
    "company_name",
    "title",
    "url",
    "locations",
    "terms",
    "sponsorship",
    "category",
    "degrees",
    "tags",
    "deadline_on",
    "date_posted",
    "date_updated",
)
"""What an entry and a posting share by name."""


def is_remote(locations: Iterable[str]) -> bool:
    """Say whether one of these places is no place."""
    return any(_REMOTE.search(place) for place in locations)


def short_place(place: str) -> str:
    """Return a place as a tag: the town without what follows, "Remote" for any kind of remote."""
    if _REMOTE.search(place):
        return "Remote"
    return place.partition(",")[0].strip()


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody looks for; empty words do not matter."""

    text: str = ""
    term: str = ""
    place: str = ""
    remote: bool = False
    category: str = ""
    sponsorship: str = ""
    degree: str = ""
    open_only: bool = True
    source: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what differs from looking for everything, to keep it in a row."""
        empty = asdict(Filter())
        return {name: value for name, value in asdict(self).items() if value != empty[name]}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Filter":
        """Read a filter that was kept; unknown words of another version are left out."""
        known = {name: value for name, value in kept.items() if name in cls.__slots__}
        return cls(**known)

    @property
    def empty(self) -> bool:
        """Say whether it lets everything through."""
        return not set(self.as_json()) - {"open_only"}

    @property
    def mark(self) -> str:
        """Return a short word that differs for different filters."""
        said = json.dumps(self.as_json(), sort_keys=True).encode()
        return hashlib.blake2s(said, digest_size=4).hexdigest()

    def fits(self, posting: "Posting | Entry") -> bool:
        """Say whether a posting is one of those looked for, word by word."""
        places = " · ".join(posting.locations)
        words = " ".join(
            (posting.company_name, posting.title, places, *posting.terms, *posting.tags)
        ).casefold()
        return (
            all(word in words for word in self.text.casefold().split())
            and _within(self.term, posting.terms)
            and (not self.place or self.place.casefold() in places.casefold())
            and (not self.remote or is_remote(posting.locations))
            and (not self.category or self.category.casefold() == posting.category.casefold())
            and (
                not self.sponsorship
                or self.sponsorship.casefold() == posting.sponsorship.casefold()
            )
            and _within(self.degree, posting.degrees)
        )


def _within(wanted: str, words: Iterable[str]) -> bool:
    return not wanted or wanted.casefold() in (word.casefold() for word in words)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an entry: its posting, the first one it repeats, or why it was not taken.

    `twin_id` is a posting of the same company, title and term under another link.
    """

    result: Result
    reason: str = ""
    posting_id: int | None = None
    twin_id: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One pasted line: what was read from it, or what is wrong with it."""

    number: int
    sound: Sound | None
    error: str = ""
    twin: Posting | None = None

    @property
    def name(self) -> str:
        """Return company and title, as far as they were read."""
        return f"{self.sound.entry.company_name} – {self.sound.entry.title}" if self.sound else ""


class BatchState(StrEnum):
    """Whether pasted rows are looked at, posted, or taken back."""

    PREVIEW = "preview"
    POSTED = "posted"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that were pasted together, and are posted and taken back together."""

    batch_id: int
    guild_id: int
    cohort_id: int
    user_id: int | None
    text: str
    state: BatchState
    made_at: datetime
    posted_at: datetime | None

    def can_undo(self, now: datetime) -> bool:
        """Say whether it can still be taken back."""
        posted = self.state is BatchState.POSTED and self.posted_at is not None
        return posted and self.posted_at is not None and now < self.posted_at + UNDO_FOR


def reminder_at(deadline_on: date, days: int, zone: str) -> datetime:
    """Return the morning on which somebody who lives there hears of a deadline."""
    return to_utc(deadline_on - timedelta(days), MORNING, zone)


def somewhere_today(now: datetime) -> date:
    """Return the day it still is where it becomes late last: no deadline has passed before that."""
    return (now - timedelta(hours=12)).date()


def takes_messages(member: Member) -> bool:
    """Say whether direct messages are welcome and known to arrive."""
    return member.delivery is Delivery.DM and member.inbox is not Inbox.CLOSED


@dataclass(frozen=True, slots=True)
class StaffPage:
    """One posting as a moderator sees it.

    `twin` is the first that looks like it, `link` where it stands in a channel or else its own,
    `on` the day on which it stands out, `free_on` the next day with room for one that does.
    """

    posting: Posting
    cohort: Cohort
    now: datetime
    today: date
    link: str = ""
    twin: Posting | None = None
    on: date | None = None
    free_on: date | None = None
    a_day: int = MOST_FEATURED
    has_channel: bool = False
    just_made: bool = False
    news: str = ""

    @property
    def can_undo(self) -> bool:
        """Say whether it was posted so lately that it can vanish."""
        by_itself = self.posting.source is Source.MODERATOR and self.posting.batch_id is None
        return by_itself and self.now < self.posting.made_at + UNDO_FOR


@dataclass(frozen=True, slots=True)
class MemberPage:
    """One posting as a member sees it."""

    posting: Posting
    member: Member
    now: datetime
    saved: bool = False
    silenced: bool = False
    reminded: bool = False
    tracks: bool = False
    news: str = ""


@dataclass(frozen=True, slots=True)
class BatchPage:
    """Pasted rows: what would be posted, what is wrong with the others, or what was posted."""

    batch: Batch
    cohort: Cohort
    rows: tuple[Row, ...]
    posted: tuple[Posting, ...]
    now: datetime
    news: str = ""

    @property
    def good(self) -> list[Row]:
        """The rows that can be posted."""
        return [row for row in self.rows if row.sound is not None and not row.error]

    @property
    def bad(self) -> list[Row]:
        """The rows that cannot."""
        return [row for row in self.rows if row.error]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """What waits for a moderator: one suggestion, or above fifty a filtered list."""

    cohort: Cohort
    waiting: int
    matching: int
    filter: Filter
    latest_id: int
    shown: tuple[Posting, ...]
    now: datetime
    twin: Posting | None = None
    suggested_by: str = ""
    categories: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    single: bool = False
    news: str = ""

    @property
    def seen(self) -> str:
        """Return a short word for what is shown: the latest of it, and how it was filtered."""
        return f"{self.latest_id}-{self.filter.mark}"

    @property
    def as_list(self) -> bool:
        """Say whether it is too much to look at one by one."""
        return self.waiting > LONG_QUEUE and not self.single


@dataclass(frozen=True, slots=True)
class DoubtPage:
    """What may be over: postings a moderator is asked about."""

    cohort: Cohort
    shown: tuple[Posting, ...]
    total: int
    now: datetime
    news: str = ""
