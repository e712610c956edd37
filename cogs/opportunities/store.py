"""Where openings are kept. The only SQL about them."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Row,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.clockwork.breathing import slices
from bot.delivery.letters import letters
from bot.people.cohorts import CohortState, cohorts
from bot.people.memberships import Member, MemberState, as_member, members, whole
from bot.people.users import users
from bot.storage.columns import Day, Id, Json, Moment, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed

from .model import (
    KEEP_DECLINED,
    PAGE,
    Batch,
    BatchState,
    Entry,
    Filter,
    Posting,
    PostingState,
    Source,
    Why,
)

batches = table(
    "posting_batch",
    Column("batch_id", Id, primary_key=True),
    Column("guild_id", Id, nullable=False),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("user_id", Id),
    Column("text", Sealed, nullable=False),
    word("state", BatchState, server_default="preview"),
    Column("made_at", Moment, nullable=False),
    Column("posted_at", Moment),
    Index(None, "made_at"),
    Index(None, "cohort_id"),
)

feeds = table(
    "feed",
    Column("feed_id", Id, primary_key=True),
    Column("guild_id", Id, nullable=False),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("format", Text, nullable=False, server_default=""),
    Column("goes", Text, nullable=False, server_default="queue"),
    Column("filters", Json, nullable=False, server_default="{}"),
    Column("state", Text, nullable=False, server_default="active"),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("failures", Id, nullable=False, server_default="0"),
    Column("next_at", Moment, nullable=False),
    Column("checked_at", Moment),
    Column("changed_at", Moment),
    Column("report", Json, nullable=False, server_default="{}"),
    Column("trouble", Text, nullable=False, server_default=""),
    Column("added_by", Id),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("guild_id", "url"),
    Index(None, "state", "next_at"),
    Index(None, "cohort_id"),
)

imports = table(
    "posting_import",
    Column("import_id", Id, primary_key=True),
    Column("guild_id", Id, nullable=False),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("packed", Text, nullable=False),
    Column("report", Json, nullable=False, server_default="{}"),
    Column("done_at", Moment),
    Column("made_at", Moment, nullable=False),
    Index(None, "cohort_id"),
    Index(None, "made_at"),
)
"""Files that a moderator looks at before what they list is taken; gone after a day."""

postings = table(
    "posting",
    Column("posting_id", Id, primary_key=True),
    Column("guild_id", Id, nullable=False),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="SET NULL")),
    word("source", Source),
    Column("feed_id", Id, ForeignKey(feeds.c.feed_id, ondelete="SET NULL")),
    Column("outside_id", Text, nullable=False, server_default=""),
    Column("mark", Text, nullable=False, server_default=""),
    Column("batch_id", Id, ForeignKey(batches.c.batch_id, ondelete="SET NULL")),
    Column("company_name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("canonical", Text, nullable=False),
    Column("twin_key", Text, nullable=False),
    Column("locations", Json, nullable=False, server_default="[]"),
    Column("terms", Json, nullable=False, server_default="[]"),
    Column("sponsorship", Text, nullable=False, server_default=""),
    Column("category", Text, nullable=False, server_default=""),
    Column("degrees", Json, nullable=False, server_default="[]"),
    Column("tags", Json, nullable=False, server_default="[]"),
    Column("deadline_on", Day),
    Column("date_posted", Moment),
    Column("date_updated", Moment),
    word("state", PostingState),
    word("why", Why, server_default=""),
    Column("reason", Sealed),
    Column("suggested_by", Id, ForeignKey(members.c.member_id, ondelete="SET NULL")),
    Column("featured_at", Moment),
    Column("verified_at", Moment, nullable=False),
    Column("asked_at", Moment),
    Column("made_at", Moment, nullable=False),
    Column("closed_at", Moment),
    UniqueConstraint("guild_id", "canonical"),
    Index(None, "guild_id", "state", "deadline_on"),
    Index(None, "guild_id", "state", "made_at"),
    Index(None, "guild_id", "twin_key"),
    Index(None, "feed_id", "outside_id"),
    Index(None, "state", "deadline_on"),
    Index(None, "state", "verified_at"),
    Index(None, "suggested_by"),
    Index(None, "cohort_id"),
    Index(None, "batch_id"),
)

saves = table(
    "posting_saved",
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), primary_key=True),
    Column(
        "posting_id", Id, ForeignKey(postings.c.posting_id, ondelete="CASCADE"), primary_key=True
    ),
    Column("at", Moment, nullable=False),
    Column("week_before_on", Day),
    Column("day_before_on", Day),
    Index(None, "posting_id"),
)

votes = table(
    "posting_vote",
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), primary_key=True),
    Column(
        "posting_id", Id, ForeignKey(postings.c.posting_id, ondelete="CASCADE"), primary_key=True
    ),
    Column("at", Moment, nullable=False),
    Index(None, "posting_id"),
)

features = table(
    "posting_feature",
    Column(
        "posting_id", Id, ForeignKey(postings.c.posting_id, ondelete="CASCADE"), primary_key=True
    ),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), primary_key=True),
    Column("on", Day, nullable=False),
    Column("letter_id", Id, ForeignKey(letters.c.letter_id, ondelete="SET NULL")),
    Index(None, "cohort_id", "on"),
    Index(None, "letter_id"),
)

silences = table(
    "posting_silence",
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), primary_key=True),
    Column("at", Moment, nullable=False),
)
"""Who wants no word of the deadlines they saved."""

settings = table(
    "posting_settings",
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), primary_key=True),
    Column("featured_a_day", Id, nullable=False),
)

follows = table(
    "posting_follow",
    Column("follow_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("filter", Sealed, nullable=False),
    Column("told_at", Moment, nullable=False),
    Column("told_on", Day),
    Column("made_at", Moment, nullable=False),
    Index(None, "member_id"),
)

searches = table(
    "posting_search",
    Column("search_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("digest", Text, nullable=False),
    Column("filter", Sealed, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("member_id", "digest"),
)
"""What a member looked for, so that *Later* under an old answer still knows."""

finds = table(
    "posting_find",
    Column("guild_id", Id, primary_key=True),
    word("state", PostingState, primary_key=True),
    Column("since_at", Moment, primary_key=True),
    Column(
        "posting_id", Id, ForeignKey(postings.c.posting_id, ondelete="CASCADE"), primary_key=True
    ),
    Column("opened_at", Moment),
    Column("deadline_on", Day),
    Column("words", Text, nullable=False),
    Index(None, "posting_id"),
    Index(None, "guild_id", "opened_at"),
    with_rowid=False,
)
"""What can be found, newest first, narrow enough to be looked through from end to end."""

looks = table(
    "posting_look",
    Column("guild_id", Id, primary_key=True),
    Column("user_id", Id, primary_key=True),
    Column("filter", Json, nullable=False),
    Column("at", Moment, nullable=False),
)
"""How a moderator has filtered the queue, for as long as they look at it."""


CHUNK = 500
A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)
STANDS = (PostingState.OPEN, PostingState.QUEUED, PostingState.HIDDEN)
LISTS = ("locations", "terms", "degrees", "tags")


Watcher = Callable[[Tx, Sequence[int]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Known:
    """What has to be known of a posting to tell whether an entry brings anything new."""

    posting_id: int
    canonical: str
    source: Source
    feed_id: int | None
    outside_id: str
    mark: str
    state: PostingState
    why: Why


class Ask(NamedTuple):
    """Somebody who is to hear of a deadline."""

    member: Member
    posting_id: int
    deadline_on: date
    week_before_on: date | None
    day_before_on: date | None


def as_posting(row: Row[Any]) -> Posting:
    """Read a posting from a whole row."""
    return posting_of(dict(row._mapping))


def posting_of(values: dict[str, Any]) -> Posting:
    """Read a posting from the values of a whole row."""
    values.pop("mark", None)
    values["reason"] = values["reason"] or ""
    for name in LISTS:
        values[name] = tuple(values[name])
    return Posting(**values)


def columns_of(entry: Entry) -> dict[str, Any]:
    """Return what a posting keeps of an entry's own words."""
    return {
        "company_name": entry.company_name,
        "title": entry.title,
        "url": entry.url,
        "locations": list(entry.locations),
        "terms": list(entry.terms),
        "sponsorship": entry.sponsorship,
        "category": entry.category,
        "degrees": list(entry.degrees),
        "tags": list(entry.tags),
        "deadline_on": entry.deadline_on,
        "date_posted": entry.date_posted,
        "date_updated": entry.date_updated,
    }


def _listed(column: Any, wanted: str) -> ColumnElement[bool]:
    """Say whether a list kept as JSON holds this very word, in whatever case."""
    return func.lower(column).contains(json.dumps(wanted.lower()), autoescape=True)


def _within(column: Any, wanted: str) -> ColumnElement[bool]:
    """Say whether a list kept as JSON holds something with this in it."""
    return func.lower(column).contains(json.dumps(wanted.lower())[1:-1], autoescape=True)


def matching(wanted: Filter) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter, for tables that are looked through from end to end."""
    p = postings.c
    found = [_says(each) for each in wanted.text.lower().split()]
    asked: list[tuple[str, Callable[[str], ColumnElement[bool]]]] = [
        (wanted.term, lambda term: _listed(p.terms, term)),
        (wanted.place, lambda place: _within(p.locations, place)),
        ("remote" if wanted.remote else "", lambda place: _within(p.locations, place)),
        (wanted.category, lambda category: func.lower(p.category) == category.lower()),
        (wanted.sponsorship, lambda words: func.lower(p.sponsorship) == words.lower()),
        (wanted.degree, lambda degree: _listed(p.degrees, degree)),
        (wanted.source, lambda source: p.source == Source(source)),
    ]
    return found + [condition(text) for text, condition in asked if text]


def _says(each: str) -> ColumnElement[bool]:
    p = postings.c
    return or_(
        func.lower(p.company_name).contains(each, autoescape=True),
        func.lower(p.title).contains(each, autoescape=True),
        *(_within(column, each) for column in (p.locations, p.terms, p.tags)),
    )


class PostingStore:
    """Read and write postings.

    `watchers` are told of every posting that is new, or whose words or state have changed.
    """

    def __init__(self) -> None:
        self.watchers: list[Watcher] = []

    # --- one posting

    async def add_many(self, tx: Tx, rows: Sequence[tuple[Entry, Mapping[str, Any]]]) -> list[int]:
        """Keep new postings; return their numbers in the same order."""
        if not rows:
            return []
        p = postings.c
        # Asked for them in order, SQLite would be given one at a time; their keys tell them apart.
        made = await tx.execute(
            insert(postings).returning(p.posting_id, p.guild_id, p.canonical),
            [{**columns_of(entry), **values} for entry, values in rows],
        )
        numbers = {(row.guild_id, row.canonical): row.posting_id for row in made}
        ids = [numbers[values["guild_id"], values["canonical"]] for _entry, values in rows]
        await self._tell(tx, ids)
        return ids

    async def rewrite(
        self, tx: Tx, guild_id: int, rows: Sequence[tuple[int, Entry, Mapping[str, Any]]]
    ) -> None:
        """Replace the words of postings."""
        for posting_id, entry, values in rows:
            await tx.execute(
                update(postings)
                .where(postings.c.posting_id == posting_id)
                .values(**columns_of(entry), **values)
            )
        await self._tell(tx, [number for number, _entry, _values in rows])

    async def _tell(self, tx: Tx, ids: Sequence[int]) -> None:
        for watcher in self.watchers:
            await watcher(tx, ids)

    async def get(self, tx: Tx, posting_id: int) -> Posting | None:
        """Return a posting."""
        row = await tx.execute(select(postings).where(postings.c.posting_id == posting_id))
        found = row.one_or_none()
        return as_posting(found) if found else None

    async def several(self, tx: Tx, ids: Sequence[int]) -> list[Posting]:
        """Return postings by their numbers, in that order; those that are gone are left out."""
        found: dict[int, Posting] = {}
        for chunk in slices(list(ids), CHUNK):
            rows = await tx.execute(select(postings).where(postings.c.posting_id.in_(chunk)))
            found.update({row.posting_id: as_posting(row) for row in rows})
        return [found[number] for number in ids if number in found]

    async def by_canonical(self, tx: Tx, guild_id: int, canonical: str) -> Posting | None:
        """Return what a server has under a key."""
        row = await tx.execute(
            select(postings).where(
                postings.c.guild_id == guild_id, postings.c.canonical == canonical
            )
        )
        found = row.one_or_none()
        return as_posting(found) if found else None

    async def twin_of(
        self, tx: Tx, guild_id: int, twin_key: str, but: int | None = None
    ) -> Posting | None:
        """Return the first posting of the same company, title and term that still stands."""
        row = await tx.execute(
            select(postings)
            .where(
                postings.c.guild_id == guild_id,
                postings.c.twin_key == twin_key,
                postings.c.state.in_(STANDS),
                postings.c.posting_id != (but or 0),
            )
            .order_by(postings.c.posting_id)
            .limit(1)
        )
        found = row.one_or_none()
        return as_posting(found) if found else None

    async def twins(self, tx: Tx, guild_id: int, keys: Sequence[str]) -> dict[str, int]:
        """Return the first standing posting for each of these twin keys."""
        found: dict[str, int] = {}
        for chunk in slices(keys, CHUNK):
            rows = await tx.execute(
                select(postings.c.twin_key, func.min(postings.c.posting_id).label("first"))
                .where(
                    postings.c.guild_id == guild_id,
                    postings.c.twin_key.in_(chunk),
                    postings.c.state.in_(STANDS),
                )
                .group_by(postings.c.twin_key)
            )
            found.update({row.twin_key: row.first for row in rows})
        return found

    async def known(
        self,
        tx: Tx,
        guild_id: int,
        feed_id: int | None,
        keys: Sequence[str],
        outside_ids: Sequence[str],
    ) -> list[Known]:
        """Return what a server has of these keys, or from this feed under these ids."""
        p = postings.c
        wanted = select(
            p.posting_id,
            p.canonical,
            p.source,
            p.feed_id,
            p.outside_id,
            p.mark,
            p.state,
            p.why,
        ).where(p.guild_id == guild_id)
        found: dict[int, Known] = {}
        conditions: list[ColumnElement[bool]] = [
            p.canonical.in_(chunk) for chunk in slices(keys, CHUNK)
        ]
        mine = p.feed_id == feed_id if feed_id is not None else p.feed_id.is_(None)
        conditions += [and_(mine, p.outside_id.in_(chunk)) for chunk in slices(outside_ids, CHUNK)]
        for condition in conditions:
            for row in await tx.execute(wanted.where(condition)):
                found[row.posting_id] = Known(**row._mapping)
        return list(found.values())

    async def change(self, tx: Tx, posting_id: int, **values: Any) -> Posting:
        """Change what is not a posting's own words, and return it."""
        row = await tx.execute(
            update(postings)
            .where(postings.c.posting_id == posting_id)
            .values(**values)
            .returning(postings)
        )
        found = as_posting(row.one())
        if "state" in values:
            await self._tell(tx, [posting_id])
        return found

    async def move(
        self, tx: Tx, posting_id: int, *states: PostingState, **values: Any
    ) -> Posting | None:
        """Change a posting that is in one of these states; None when somebody was faster."""
        row = await tx.execute(
            update(postings)
            .where(postings.c.posting_id == posting_id, postings.c.state.in_(states))
            .values(**values)
            .returning(postings)
        )
        found = row.one_or_none()
        if found and "state" in values:
            await self._tell(tx, [posting_id])
        return as_posting(found) if found else None

    async def move_many(self, tx: Tx, ids: Sequence[int], **values: Any) -> None:
        """Change many postings alike."""
        for chunk in slices(ids, CHUNK):
            await tx.execute(
                update(postings).where(postings.c.posting_id.in_(chunk)).values(**values)
            )
        if "state" in values:
            await self._tell(tx, ids)

    async def believe(self, tx: Tx, ids: Sequence[int], before: datetime, now: datetime) -> None:
        """Note that postings were seen to stand, where that was last noted before a moment."""
        for chunk in slices(ids, CHUNK):
            await tx.execute(
                update(postings)
                .where(postings.c.posting_id.in_(chunk), postings.c.verified_at < before)
                .values(verified_at=now, asked_at=None)
            )

    async def remove(self, tx: Tx, ids: Sequence[int]) -> None:
        """Remove postings without a trace."""
        for chunk in slices(ids, CHUNK):
            await tx.execute(delete(postings).where(postings.c.posting_id.in_(chunk)))

    async def featured_of(self, tx: Tx, ids: Sequence[int]) -> list[int]:
        """Return which of these stand out in a channel."""
        found: list[int] = []
        for chunk in slices(ids, CHUNK):
            rows = await tx.execute(
                select(features.c.posting_id).where(features.c.posting_id.in_(chunk)).distinct()
            )
            found += rows.scalars()
        return found

    async def choices(
        self,
        tx: Tx,
        guild_id: int,
        beginnings: Sequence[str],
        states: Sequence[PostingState],
        limit: int = 25,
    ) -> list[Posting]:
        """Return the newest postings in whose words all of this stands, state by state."""
        found: list[int] = []
        said = [finds.c.words.like(f"%{beginning}%") for beginning in beginnings]
        for state in states:
            rows = await tx.execute(
                select(finds.c.posting_id)
                .where(finds.c.guild_id == guild_id, finds.c.state == state, *said)
                .order_by(finds.c.since_at.desc(), finds.c.posting_id.desc())
                .limit(limit - len(found))
            )
            found += rows.scalars()
            if len(found) >= limit:
                break
        return await self.several(tx, found)

    # --- the queue

    def _queued(self, guild_id: int, wanted: Filter) -> list[ColumnElement[bool]]:
        p = postings.c
        return [p.guild_id == guild_id, p.state == PostingState.QUEUED, *matching(wanted)]

    async def queued(
        self, tx: Tx, guild_id: int, wanted: Filter, *, after: int = 0, limit: int = PAGE
    ) -> list[Posting]:
        """Return suggestions in the order they came."""
        rows = await tx.execute(
            select(postings)
            .where(*self._queued(guild_id, wanted), postings.c.posting_id > after)
            .order_by(postings.c.posting_id)
            .limit(limit)
        )
        return [as_posting(row) for row in rows]

    async def count_queued(self, tx: Tx, guild_id: int, wanted: Filter) -> tuple[int, int]:
        """Return how many suggestions match, and the number of the latest of them."""
        row = await tx.execute(
            select(func.count(), func.coalesce(func.max(postings.c.posting_id), 0)).where(
                *self._queued(guild_id, wanted)
            )
        )
        count, latest = row.one()
        return int(count), int(latest)

    async def queued_words(self, tx: Tx, guild_id: int) -> list[tuple[str, list[str], Source]]:
        """Return category, terms and source of everything that waits, to choose filters from."""
        p = postings.c
        rows = await tx.execute(
            select(p.category, p.terms, p.source)
            .where(p.guild_id == guild_id, p.state == PostingState.QUEUED)
            .distinct()
            .limit(500)
        )
        return [(row.category, row.terms, row.source) for row in rows]

    async def move_queued(
        self, tx: Tx, guild_id: int, wanted: Filter, up_to: int, **values: Any
    ) -> list[tuple[int, int | None]]:
        """Change every suggestion that matches; return their numbers and who suggested them."""
        rows = await tx.execute(
            update(postings)
            .where(*self._queued(guild_id, wanted), postings.c.posting_id <= up_to)
            .values(**values)
            .returning(postings.c.posting_id, postings.c.suggested_by)
        )
        moved = [(row.posting_id, row.suggested_by) for row in rows]
        await self._tell(tx, [posting_id for posting_id, _member_id in moved])
        return moved

    async def waiting_of(self, tx: Tx, member_id: int) -> int:
        """Return how many suggestions of a member wait."""
        row = await tx.execute(
            select(func.count()).where(
                postings.c.suggested_by == member_id, postings.c.state == PostingState.QUEUED
            )
        )
        return int(row.scalar_one())

    async def declined_lately(self, tx: Tx, member_id: int, since: datetime) -> list[Posting]:
        """Return a member's suggestions that were declined since a moment, latest first."""
        rows = await tx.execute(
            select(postings)
            .where(
                postings.c.suggested_by == member_id,
                postings.c.state == PostingState.DECLINED,
                postings.c.closed_at >= since,
            )
            .order_by(postings.c.closed_at.desc())
        )
        return [as_posting(row) for row in rows]

    async def suggested_by(self, tx: Tx, user_id: int) -> list[Posting]:
        """Return what a user suggested, oldest first."""
        rows = await tx.execute(
            select(postings)
            .join(members, members.c.member_id == postings.c.suggested_by)
            .where(members.c.user_id == user_id)
            .order_by(postings.c.posting_id)
        )
        return [as_posting(row) for row in rows]

    async def look(self, tx: Tx, guild_id: int, user_id: int) -> Filter:
        """Return how a moderator has filtered the queue."""
        row = await tx.execute(
            select(looks.c.filter).where(looks.c.guild_id == guild_id, looks.c.user_id == user_id)
        )
        found = row.scalar_one_or_none()
        return Filter.of(found) if found else Filter()

    async def look_for(
        self, tx: Tx, guild_id: int, user_id: int, wanted: Filter, now: datetime
    ) -> None:
        """Keep how a moderator filters the queue."""
        await tx.execute(
            delete(looks).where(looks.c.guild_id == guild_id, looks.c.user_id == user_id)
        )
        await tx.execute(
            insert(looks).values(
                guild_id=guild_id, user_id=user_id, filter=wanted.as_json(), at=now
            )
        )

    # --- pasted rows

    async def add_batch(self, tx: Tx, **values: Any) -> Batch:
        """Keep pasted rows."""
        row = await tx.execute(insert(batches).values(**values).returning(batches))
        return Batch(**row.one()._mapping)

    async def batch(self, tx: Tx, batch_id: int) -> Batch | None:
        """Return pasted rows."""
        row = await tx.execute(select(batches).where(batches.c.batch_id == batch_id))
        found = row.one_or_none()
        return Batch(**found._mapping) if found else None

    async def move_batch(
        self, tx: Tx, batch_id: int, before: BatchState, **values: Any
    ) -> Batch | None:
        """Change pasted rows that are in a state; None when somebody was faster."""
        row = await tx.execute(
            update(batches)
            .where(batches.c.batch_id == batch_id, batches.c.state == before)
            .values(**values)
            .returning(batches)
        )
        found = row.one_or_none()
        return Batch(**found._mapping) if found else None

    async def of_batch(self, tx: Tx, batch_id: int) -> list[Posting]:
        """Return what was posted together."""
        rows = await tx.execute(
            select(postings).where(postings.c.batch_id == batch_id).order_by(postings.c.posting_id)
        )
        return [as_posting(row) for row in rows]

    # --- who saved it, who says it is closed

    async def saved(self, tx: Tx, member_id: int, posting_id: int) -> bool:
        """Say whether a member saved a posting."""
        row = await tx.execute(
            select(saves.c.at).where(
                saves.c.member_id == member_id, saves.c.posting_id == posting_id
            )
        )
        return row.first() is not None

    async def save(self, tx: Tx, member_id: int, posting_id: int, **values: Any) -> None:
        """Save a posting."""
        await tx.execute(insert(saves).values(member_id=member_id, posting_id=posting_id, **values))

    async def unsave(self, tx: Tx, member_id: int, posting_id: int) -> None:
        """Save it no longer."""
        await tx.execute(
            delete(saves).where(saves.c.member_id == member_id, saves.c.posting_id == posting_id)
        )

    async def saved_by(self, tx: Tx, user_id: int) -> list[tuple[datetime, Posting]]:
        """Return what a user saved, oldest first."""
        rows = await tx.execute(
            select(postings, saves.c.at.label("saved_at"))
            .join(saves, saves.c.posting_id == postings.c.posting_id)
            .join(members, members.c.member_id == saves.c.member_id)
            .where(members.c.user_id == user_id)
            .order_by(saves.c.at)
        )
        found: list[tuple[datetime, Posting]] = []
        for row in rows:
            values = dict(row._mapping)
            at = values.pop("saved_at")
            values.pop("mark")
            values["reason"] = values["reason"] or ""
            values.update({name: tuple(values[name]) for name in LISTS})
            found.append((at, Posting(**values)))
        return found

    async def vote(self, tx: Tx, member_id: int, posting_id: int, now: datetime) -> bool:
        """Note that a member found it closed; False when they had said so already."""
        mine = exists().where(votes.c.member_id == member_id, votes.c.posting_id == posting_id)
        if (await tx.execute(select(mine))).scalar_one():
            return False
        await tx.execute(insert(votes).values(member_id=member_id, posting_id=posting_id, at=now))
        return True

    async def count_votes(self, tx: Tx, posting_id: int) -> int:
        """Return how many different people found it closed."""
        row = await tx.execute(
            select(func.count(members.c.user_id.distinct()))
            .select_from(votes)
            .join(members, members.c.member_id == votes.c.member_id)
            .where(votes.c.posting_id == posting_id)
        )
        return int(row.scalar_one())

    async def clear_votes(self, tx: Tx, ids: Sequence[int]) -> None:
        """Forget who found these closed."""
        for chunk in slices(ids, CHUNK):
            await tx.execute(delete(votes).where(votes.c.posting_id.in_(chunk)))

    async def votes_of(self, tx: Tx, user_id: int) -> list[tuple[datetime, int]]:
        """Return what a user found closed, and when."""
        rows = await tx.execute(
            select(votes.c.at, votes.c.posting_id)
            .join(members, members.c.member_id == votes.c.member_id)
            .where(members.c.user_id == user_id)
            .order_by(votes.c.at)
        )
        return [(row.at, row.posting_id) for row in rows]

    # --- what stands out

    async def featured_a_day(self, tx: Tx, cohort_id: int) -> int | None:
        """Return how many a cohort lets stand out a day, if it chose."""
        row = await tx.execute(
            select(settings.c.featured_a_day).where(settings.c.cohort_id == cohort_id)
        )
        return row.scalar_one_or_none()

    async def choose_featured(self, tx: Tx, cohort_id: int, number: int) -> None:
        """Keep how many a cohort lets stand out a day."""
        await tx.execute(delete(settings).where(settings.c.cohort_id == cohort_id))
        await tx.execute(insert(settings).values(cohort_id=cohort_id, featured_a_day=number))

    async def featured_days(self, tx: Tx, cohort_id: int, since: date) -> dict[date, int]:
        """Return how many stand out on each day from one on."""
        rows = await tx.execute(
            select(features.c.on, func.count().label("number"))
            .where(features.c.cohort_id == cohort_id, features.c.on >= since)
            .group_by(features.c.on)
        )
        return {row.on: row.number for row in rows}

    async def feature(
        self, tx: Tx, posting_id: int, cohort_id: int, on: date, letter_id: int | None
    ) -> None:
        """Let a posting stand out on a day, by a letter."""
        await tx.execute(
            insert(features).values(
                posting_id=posting_id, cohort_id=cohort_id, on=on, letter_id=letter_id
            )
        )

    async def unfeature(self, tx: Tx, posting_id: int, cohort_id: int) -> None:
        """Take a posting's day back."""
        await tx.execute(
            delete(features).where(
                features.c.posting_id == posting_id, features.c.cohort_id == cohort_id
            )
        )

    async def features_of(self, tx: Tx, posting_id: int) -> dict[int, tuple[date, int | None]]:
        """Return in which cohorts a posting stands out: the day, and the letter that posts it."""
        rows = await tx.execute(
            select(features.c.cohort_id, features.c.on, features.c.letter_id).where(
                features.c.posting_id == posting_id
            )
        )
        return {row.cohort_id: (row.on, row.letter_id) for row in rows}

    # --- what time does

    def _reminding(self, first_on: date, last_on: date, *wanted: Any) -> Any:
        return (
            select(*wanted)
            .select_from(saves)
            .join(postings, postings.c.posting_id == saves.c.posting_id)
            .join(members, members.c.member_id == saves.c.member_id)
            .join(users, users.c.user_id == members.c.user_id)
            .join(cohorts, cohorts.c.cohort_id == members.c.cohort_id)
            .where(
                postings.c.state == PostingState.OPEN,
                postings.c.deadline_on.between(first_on, last_on),
                members.c.state == MemberState.JOINED,
                cohorts.c.state.in_([CohortState.LIVE, CohortState.PAUSED, CohortState.BLOCKED]),
                or_(
                    saves.c.week_before_on.is_(None),
                    saves.c.week_before_on != postings.c.deadline_on,
                    saves.c.day_before_on.is_(None),
                    saves.c.day_before_on != postings.c.deadline_on,
                ),
                ~exists().where(silences.c.member_id == members.c.member_id),
            )
        )

    async def to_remind(self, tx: Tx, zone: str, first_on: date, last_on: date) -> list[Ask]:
        """Return who in a zone saved something with a deadline between two days."""
        rows = await tx.execute(
            self._reminding(
                first_on,
                last_on,
                saves.c.member_id,
                saves.c.posting_id,
                postings.c.deadline_on,
                saves.c.week_before_on,
                saves.c.day_before_on,
            ).where(users.c.zone == zone)
        )
        found = rows.all()
        people: dict[int, Member] = {}
        for chunk in slices(list({row.member_id for row in found}), CHUNK):
            named = await tx.execute(whole().where(members.c.member_id.in_(chunk)))
            people.update({member.member_id: member for member in map(as_member, named)})
        return [
            Ask(
                people[row.member_id],
                row.posting_id,
                row.deadline_on,
                row.week_before_on,
                row.day_before_on,
            )
            for row in found
        ]

    async def next_reminders(
        self, tx: Tx, first_on: date, last_on: date
    ) -> list[tuple[str, date, bool, bool]]:
        """Return zone and deadline of what is still to be said, and which of both was said."""
        week = saves.c.week_before_on == postings.c.deadline_on
        day = saves.c.day_before_on == postings.c.deadline_on
        rows = await tx.execute(
            self._reminding(
                first_on,
                last_on,
                users.c.zone,
                postings.c.deadline_on,
                func.coalesce(week, False).label("week"),
                func.coalesce(day, False).label("day"),
            ).distinct()
        )
        return [(row.zone, row.deadline_on, bool(row.week), bool(row.day)) for row in rows]

    async def reminded(self, tx: Tx, asks: Sequence[Ask], column: str) -> None:
        """Note in `week_before_on` or `day_before_on` which deadlines these have heard of."""
        if asks:
            await tx.execute(
                update(saves)
                .where(
                    saves.c.member_id == bindparam("whose"), saves.c.posting_id == bindparam("what")
                )
                .values({column: bindparam("heard_on")}),
                [
                    {
                        "whose": ask.member.member_id,
                        "what": ask.posting_id,
                        "heard_on": ask.deadline_on,
                    }
                    for ask in asks
                ],
            )

    async def silenced(self, tx: Tx, member_id: int) -> bool:
        """Say whether a member wants no word of deadlines."""
        row = await tx.execute(select(silences.c.at).where(silences.c.member_id == member_id))
        return row.first() is not None

    async def silence(self, tx: Tx, member_id: int, now: datetime) -> None:
        """Say no more of deadlines to a member."""
        await self.speak_again(tx, member_id)
        await tx.execute(insert(silences).values(member_id=member_id, at=now))

    async def speak_again(self, tx: Tx, member_id: int) -> None:
        """Tell a member of deadlines again."""
        await tx.execute(delete(silences).where(silences.c.member_id == member_id))

    def _doubtful(self, before_on: date, unverified_since: datetime) -> list[ColumnElement[bool]]:
        p = postings.c
        return [
            p.state == PostingState.OPEN,
            p.asked_at.is_(None),
            or_(p.deadline_on < before_on, p.verified_at <= unverified_since),
        ]

    async def guilds_in_doubt(
        self, tx: Tx, before_on: date, unverified_since: datetime
    ) -> list[int]:
        """Return the servers with open postings whose deadline or belief has run out."""
        rows = await tx.execute(
            select(postings.c.guild_id)
            .where(*self._doubtful(before_on, unverified_since))
            .distinct()
            .order_by(postings.c.guild_id)
        )
        return list(rows.scalars())

    async def doubtful(
        self, tx: Tx, guild_id: int, before_on: date, unverified_since: datetime
    ) -> list[int]:
        """Return a server's open postings nobody was asked about and that may be over."""
        rows = await tx.execute(
            select(postings.c.posting_id).where(
                postings.c.guild_id == guild_id, *self._doubtful(before_on, unverified_since)
            )
        )
        return list(rows.scalars())

    async def asked_before(self, tx: Tx, before: datetime, limit: int) -> list[Posting]:
        """Return postings whose moderators were asked before a moment and did not answer."""
        rows = await tx.execute(
            select(postings)
            .where(
                postings.c.state.in_([PostingState.OPEN, PostingState.HIDDEN]),
                postings.c.asked_at <= before,
            )
            .order_by(postings.c.posting_id)
            .limit(limit)
        )
        return [as_posting(row) for row in rows]

    async def asked_about(
        self, tx: Tx, guild_id: int, *, after: int = 0, limit: int = PAGE
    ) -> list[Posting]:
        """Return what a server's moderators were asked about and did not answer yet."""
        rows = await tx.execute(
            select(postings)
            .where(*self._asked(guild_id), postings.c.posting_id > after)
            .order_by(postings.c.posting_id)
            .limit(limit)
        )
        return [as_posting(row) for row in rows]

    def _asked(self, guild_id: int) -> list[ColumnElement[bool]]:
        p = postings.c
        return [
            p.guild_id == guild_id,
            or_(
                and_(p.state == PostingState.OPEN, p.asked_at.is_not(None)),
                p.state == PostingState.HIDDEN,
            ),
        ]

    async def count_asked(self, tx: Tx, guild_id: int) -> int:
        """Return about how many postings the moderators were asked and did not answer yet."""
        row = await tx.execute(select(func.count()).where(*self._asked(guild_id)))
        return int(row.scalar_one())

    async def purge(self, tx: Tx, now: datetime) -> None:
        """Forget previews that were not posted, declined suggestions and old looks at the queue."""
        await tx.execute(
            delete(batches).where(
                batches.c.state != BatchState.POSTED, batches.c.made_at < now - A_WEEK
            )
        )
        await tx.execute(
            update(batches)
            .where(batches.c.posted_at < now - A_DAY, batches.c.text != "")
            .values(text="")
        )
        await tx.execute(
            delete(postings).where(
                postings.c.state == PostingState.DECLINED,
                postings.c.source == Source.SUGGESTION,
                postings.c.closed_at < now - KEEP_DECLINED,
            )
        )
        await tx.execute(delete(looks).where(looks.c.at < now - A_WEEK))

    async def posted(
        self, tx: Tx, guild_id: int, cohort_id: int, since: datetime, until: datetime
    ) -> int:
        """Count the openings that came to a cohort, or to its whole server, and could be read."""
        c = postings.c
        row = await tx.execute(
            select(func.count()).where(
                c.guild_id == guild_id,
                c.state.in_([PostingState.OPEN, PostingState.HIDDEN, PostingState.CLOSED]),
                c.made_at >= since,
                c.made_at < until,
                or_(c.cohort_id == cohort_id, c.cohort_id.is_(None)),
            )
        )
        return row.scalar_one()

    async def forget(self, tx: Tx, user_id: int) -> None:
        """Take a user out of what they pasted, added and looked at."""
        await tx.execute(delete(looks).where(looks.c.user_id == user_id))
        await tx.execute(
            delete(batches).where(
                batches.c.user_id == user_id, batches.c.state == BatchState.PREVIEW
            )
        )
        await tx.execute(
            update(batches).where(batches.c.user_id == user_id).values(user_id=None, text="")
        )
        await tx.execute(update(feeds).where(feeds.c.added_by == user_id).values(added_by=None))
