"""Where journals are kept: its tables, and the SQL about entries."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.knowledge.content import Moment as Asked
from bot.people.memberships import members
from bot.storage.columns import Day, Flag, Id, Json, Moment, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed, ring

from .model import (
    SOMEBODY,
    Entry,
    Kind,
    Look,
    Shelf,
    Sort,
    Topic,
    Use,
    Words,
    key,
    packed,
    spelled,
    unpacked,
)

CHUNK = 500

entries = table(
    "journal_entry",
    Column("entry_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    word("kind", Kind),
    Column("words", Sealed, nullable=False),
    Column("on", Day, nullable=False),
    Column("week_on", Day, nullable=False),
    Column("source", Text),
    Column("author_id", Id),
    Column("author", Sealed, nullable=False, server_default=""),
    Column("made_at", Moment, nullable=False),
    Column("deleted_at", Moment),
    UniqueConstraint("member_id", "source"),
    Index(None, "member_id", "on"),
    Index(None, "member_id", "entry_id"),
    Index(None, "author_id"),
    Index(None, "deleted_at"),
)
"""`author_id` is the user whose words it quotes, so that their name can go when they do. `words`
is everything somebody typed, sealed as one text, so that thousands open quickly."""

topics = table(
    "journal_topic",
    Column("topic_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    word("sort", Sort),
    Column("name", Sealed, nullable=False),
    Column("mark", Text, nullable=False),
    UniqueConstraint("member_id", "mark"),
)
"""Skills and projects. `mark` is the same for the same name, and leads back to nothing."""

links = table(
    "journal_entry_topic",
    Column(
        "entry_id",
        Id,
        ForeignKey(entries.c.entry_id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column(
        "topic_id",
        Id,
        ForeignKey(topics.c.topic_id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Index(None, "topic_id"),
)

looks = table(
    "journal_look",
    Column("look_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("words", Sealed, nullable=False),
    Column("hits", Json, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "member_id"),
    Index(None, "at"),
)
"""What was looked for, so that its pages can be turned; forgotten after a week."""

people = table(
    "journal_person",
    Column("person_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("words", Sealed, nullable=False),
    Column("met_on", Day, nullable=False),
    Column("touch_on", Day),
    Column("apart", Id, nullable=False, server_default="0"),
    Column("writes", Flag, nullable=False, server_default="0"),
    Column("note_at", Moment),
    Column("made_at", Moment, nullable=False),
    Column("deleted_at", Moment),
    Index(None, "member_id", "touch_on"),
    Index(None, "note_at"),
    Index(None, "deleted_at"),
)

answers = table(
    "journal_answer",
    Column("answer_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("question", Text, nullable=False),
    word("moment", Asked),
    Column("asked", Text, nullable=False),
    Column("text", Sealed, nullable=False),
    Column("on", Day, nullable=False),
    Column("deleted_at", Moment),
    UniqueConstraint("member_id", "question", "on"),
    Index(None, "member_id", "on"),
    Index(None, "deleted_at"),
)
"""`question` is its name in the packs, `asked` its words at the time."""

_ENTRY = (
    entries.c.entry_id,
    entries.c.member_id,
    entries.c.kind,
    entries.c.words,
    entries.c.author.label("said_by"),
    entries.c.on,
    entries.c.source,
    entries.c.made_at,
    entries.c.deleted_at,
)
_STANDS = entries.c.deleted_at.is_(None)
_SCAN = (
    select(entries.c.entry_id, entries.c.on, entries.c.words, entries.c.author.label("said_by"))
    .where(
        entries.c.member_id == bindparam("member"),
        entries.c.entry_id < bindparam("below"),
        _STANDS,
    )
    .order_by(entries.c.entry_id.desc())
    .limit(bindparam("limit", type_=Id))
)


def _entry(row: Any) -> Entry:
    values: dict[str, Any] = dict(row._mapping)
    values["words"] = unpacked(values["words"], values.pop("said_by"))
    return Entry(**values)


class EntryStore:
    """Read and write entries, and what they are sorted by."""

    async def add(
        self, tx: Tx, member_id: int, kind: Kind, words: Words, on: date, week_on: date, **more: Any
    ) -> int:
        """Keep an entry; return its number."""
        values = {"kind": kind, "words": packed(words), "on": on, "week_on": week_on, **more}
        values["author"] = words.said_by
        row = await tx.execute(
            insert(entries).values(member_id=member_id, **values).returning(entries.c.entry_id)
        )
        return row.scalar_one()

    async def change(self, tx: Tx, entry_id: int, **values: Any) -> None:
        """Change an entry."""
        if "words" in values:
            values["words"] = packed(values["words"])
        await tx.execute(update(entries).where(entries.c.entry_id == entry_id).values(**values))

    async def get(self, tx: Tx, entry_id: int, member_ids: Sequence[int]) -> Entry | None:
        """Return the entry, deleted or not, if it belongs to one of these memberships."""
        found = await self._entries(
            tx, entries.c.entry_id == entry_id, entries.c.member_id.in_(member_ids)
        )
        return found[0] if found else None

    async def from_source(self, tx: Tx, member_id: int, source: str) -> int | None:
        """Return the number of what was kept from there, deleted or not."""
        row = await tx.execute(
            select(entries.c.entry_id).where(
                entries.c.member_id == member_id, entries.c.source == source
            )
        )
        return row.scalar_one_or_none()

    async def on_shelf(self, tx: Tx, shelf: Shelf, size: int) -> list[Entry]:
        """Return one page of a shelf, newest first."""
        return await self._entries(
            tx, *self._on(shelf), limit=size, offset=max(shelf.page, 0) * size
        )

    async def counts(self, tx: Tx, member_id: int, topic_id: int = 0) -> dict[Kind, int]:
        """Count a member's entries of each kind, all or those about one thing."""
        wanted = select(entries.c.kind, func.count()).group_by(entries.c.kind)
        rows = await tx.execute(wanted.where(*self._on(Shelf(member_id, topic_id=topic_id))))
        return {kind: number for kind, number in rows}

    def _on(self, shelf: Shelf) -> list[ColumnElement[bool]]:
        which = [entries.c.member_id == shelf.member_id, _STANDS]
        if shelf.kind:
            which.append(entries.c.kind == shelf.kind)
        if shelf.topic_id:
            about = select(links.c.entry_id).where(links.c.topic_id == shelf.topic_id)
            which.append(entries.c.entry_id.in_(about))
        return which

    async def several(self, tx: Tx, member_id: int, ids: Sequence[int]) -> list[Entry]:
        """Return these entries of a member that still stand, in this order."""
        found = await self._entries(
            tx, entries.c.member_id == member_id, entries.c.entry_id.in_(ids), _STANDS
        )
        by_id = {entry.entry_id: entry for entry in found}
        return [by_id[each] for each in ids if each in by_id]

    async def since(self, tx: Tx, member_id: int, made_at: datetime, limit: int) -> list[Entry]:
        """Return what a member kept from a moment on, newest first."""
        return await self._entries(
            tx,
            entries.c.member_id == member_id,
            entries.c.made_at >= made_at,
            _STANDS,
            limit=limit,
        )

    async def latest_on(self, tx: Tx, member_id: int) -> date | None:
        """Return the day of a member's newest entry."""
        row = await tx.execute(
            select(func.max(entries.c.on)).where(entries.c.member_id == member_id, _STANDS)
        )
        return row.scalar_one_or_none()

    async def scan(
        self, tx: Tx, member_id: int, below: int, limit: int
    ) -> list[tuple[int, date, Words]]:
        """Return the words of entries with smaller numbers, the largest of them first."""
        rows = await tx.execute(_SCAN, {"member": member_id, "below": below, "limit": limit})
        return [(row.entry_id, row.on, unpacked(row.words, row.said_by)) for row in rows]

    async def _entries(
        self, tx: Tx, *which: ColumnElement[bool], limit: int | None = None, offset: int = 0
    ) -> list[Entry]:
        wanted = select(*_ENTRY).where(*which)
        wanted = wanted.order_by(entries.c.on.desc(), entries.c.entry_id.desc())
        if limit is not None:
            wanted = wanted.limit(limit).offset(offset)
        found = [_entry(row) for row in await tx.execute(wanted)]
        return await self._with_topics(tx, found)

    async def _with_topics(self, tx: Tx, found: Sequence[Entry]) -> list[Entry]:
        names: dict[int, dict[Sort, list[str]]] = {}
        ids = [entry.entry_id for entry in found]
        for start in range(0, len(ids), CHUNK):
            rows = await tx.execute(
                select(links.c.entry_id, topics.c.sort, topics.c.name)
                .join(topics, topics.c.topic_id == links.c.topic_id)
                .where(links.c.entry_id.in_(ids[start : start + CHUNK]))
                .order_by(links.c.topic_id)
            )
            for row in rows:
                names.setdefault(row.entry_id, {}).setdefault(row.sort, []).append(row.name)
        return [_named(entry, names.get(entry.entry_id, {})) for entry in found]

    async def bring_back(self, tx: Tx, entry_id: int) -> None:
        """Let a deleted entry stand again."""
        await self.change(tx, entry_id, deleted_at=None)

    # --- skills and projects

    async def sort_by(
        self, tx: Tx, member_id: int, entry_id: int, sort: Sort, names: Iterable[str]
    ) -> None:
        """Say which skills an entry shows, or which project it belongs to."""
        ids = [await self._topic(tx, member_id, sort, name) for name in names]
        of_sort = select(topics.c.topic_id).where(
            topics.c.member_id == member_id, topics.c.sort == sort
        )
        await tx.execute(
            delete(links).where(links.c.entry_id == entry_id, links.c.topic_id.in_(of_sort))
        )
        if ids:
            rows = [{"entry_id": entry_id, "topic_id": topic_id} for topic_id in dict.fromkeys(ids)]
            await tx.execute(insert(links), rows)
        await self._prune(tx, topics.c.member_id == member_id)

    async def _topic(self, tx: Tx, member_id: int, sort: Sort, name: str) -> int:
        mark = ring().mark(f"{member_id}:{sort}:{key(name)}")
        known = await tx.execute(
            select(topics.c.topic_id, topics.c.name).where(
                topics.c.member_id == member_id, topics.c.mark == mark
            )
        )
        found = known.one_or_none()
        if found is None:
            made = await tx.execute(
                insert(topics)
                .values(member_id=member_id, sort=sort, name=name, mark=mark)
                .returning(topics.c.topic_id)
            )
            return made.scalar_one()
        better = spelled(found.name, name)
        if better != found.name:
            await tx.execute(
                update(topics).where(topics.c.topic_id == found.topic_id).values(name=better)
            )
        return found.topic_id

    async def _prune(self, tx: Tx, *which: ColumnElement[bool]) -> None:
        used = exists(select(links.c.topic_id).where(links.c.topic_id == topics.c.topic_id))
        await tx.execute(delete(topics).where(*which, ~used))

    async def topic(self, tx: Tx, member_id: int, topic_id: int) -> Topic | None:
        """Return a skill or a project of a member."""
        row = await tx.execute(
            select(topics.c.topic_id, topics.c.sort, topics.c.name).where(
                topics.c.topic_id == topic_id, topics.c.member_id == member_id
            )
        )
        found = row.one_or_none()
        return Topic(**found._mapping) if found else None

    async def topics_of(self, tx: Tx, member_id: int, sort: Sort, limit: int) -> list[Topic]:
        """Return a member's skills or projects, the most used first, of these the newest."""
        return [use.topic for use in await self.uses(tx, member_id, sort, limit)]

    async def uses(self, tx: Tx, member_id: int, sort: Sort, limit: int) -> list[Use]:
        """Return how often and since when each skill was used, without the weeks."""
        number = func.count().label("number")
        rows = await tx.execute(
            select(
                topics.c.topic_id,
                topics.c.name,
                number,
                func.min(entries.c.on).label("first_on"),
                func.max(entries.c.on).label("last_on"),
            )
            .join(links, links.c.topic_id == topics.c.topic_id)
            .join(entries, entries.c.entry_id == links.c.entry_id)
            .where(topics.c.member_id == member_id, topics.c.sort == sort, _STANDS)
            .group_by(topics.c.topic_id, topics.c.name)
            .order_by(number.desc(), func.max(entries.c.on).desc(), topics.c.topic_id)
            .limit(limit)
        )
        return [
            Use(Topic(r.topic_id, sort, r.name, r.number), r.first_on, r.last_on, {}) for r in rows
        ]

    async def number_of(self, tx: Tx, member_id: int, sort: Sort) -> int:
        """Count a member's skills or projects."""
        used = exists(
            select(links.c.topic_id)
            .join(entries, entries.c.entry_id == links.c.entry_id)
            .where(links.c.topic_id == topics.c.topic_id, _STANDS)
        )
        row = await tx.execute(
            select(func.count()).where(topics.c.member_id == member_id, topics.c.sort == sort, used)
        )
        return row.scalar_one()

    async def weeks(self, tx: Tx, topic_ids: Sequence[int]) -> dict[int, dict[date, int]]:
        """Count the entries of each week for these skills."""
        rows = await tx.execute(
            select(links.c.topic_id, entries.c.week_on, func.count())
            .join(entries, entries.c.entry_id == links.c.entry_id)
            .where(links.c.topic_id.in_(topic_ids), _STANDS)
            .group_by(links.c.topic_id, entries.c.week_on)
        )
        found: dict[int, dict[date, int]] = {}
        for topic_id, week_on, number in rows:
            found.setdefault(topic_id, {})[week_on] = number
        return found

    async def about(self, tx: Tx, topic_ids: Sequence[int]) -> set[int]:
        """Return the numbers of the entries that belong to one of these skills or projects."""
        found: set[int] = set()
        for start in range(0, len(topic_ids), CHUNK):
            rows = await tx.execute(
                select(links.c.entry_id).where(
                    links.c.topic_id.in_(topic_ids[start : start + CHUNK])
                )
            )
            found.update(rows.scalars())
        return found

    async def names(self, tx: Tx, member_id: int, above: int, limit: int) -> list[tuple[int, str]]:
        """Return skills and projects with larger numbers, to look through."""
        rows = await tx.execute(
            select(topics.c.topic_id, topics.c.name)
            .where(topics.c.member_id == member_id, topics.c.topic_id > above)
            .order_by(topics.c.topic_id)
            .limit(limit)
        )
        return [(row.topic_id, row.name) for row in rows]

    # --- looking

    async def looked(
        self, tx: Tx, member_id: int, words: str, hits: Sequence[int], at: datetime
    ) -> int:
        """Keep what was looked for and found."""
        row = await tx.execute(
            insert(looks)
            .values(member_id=member_id, words=words, hits=list(hits), at=at)
            .returning(looks.c.look_id)
        )
        return row.scalar_one()

    async def look(self, tx: Tx, look_id: int, member_ids: Sequence[int]) -> Look | None:
        """Return a search of one of these memberships."""
        row = await tx.execute(
            select(looks).where(looks.c.look_id == look_id, looks.c.member_id.in_(member_ids))
        )
        found = row.one_or_none()
        if found is None:
            return None
        values: dict[str, Any] = dict(found._mapping)
        values["hits"] = tuple(values["hits"])
        return Look(**values)

    async def forget_author(self, tx: Tx, user_id: int, cohort_id: int | None = None) -> None:
        """Take somebody's name off the words of theirs that others kept, or one cohort's others."""
        theirs = [entries.c.author_id == user_id]
        if cohort_id is not None:
            here = select(members.c.member_id).where(members.c.cohort_id == cohort_id)
            theirs.append(entries.c.member_id.in_(here))
        await tx.execute(update(entries).where(*theirs).values(author=SOMEBODY, author_id=None))

    # --- what is over

    async def anything_over(self, tx: Tx, deleted: datetime, looked: datetime) -> bool:
        """Say whether something deleted or looked for has had its time."""
        known = {"deleted": deleted, "looked": looked}
        return bool((await tx.execute(_anything_over(), known)).scalar_one())

    async def purge(self, tx: Tx, deleted: datetime, looked: datetime) -> None:
        """Forget what was deleted, and what was looked for, before these moments."""
        for expired in (entries, people, answers):
            await tx.execute(delete(expired).where(expired.c.deleted_at < deleted))
        await tx.execute(delete(looks).where(looks.c.at < looked))
        await self._prune(tx)

    async def rows_of(self, tx: Tx, member_id: int) -> int:
        """Count everything a member keeps in their journal."""
        number = 0
        for kept in (entries, people, answers):
            row = await tx.execute(
                select(func.count()).where(
                    kept.c.member_id == member_id, kept.c.deleted_at.is_(None)
                )
            )
            number += row.scalar_one()
        return number


def _named(entry: Entry, names: dict[Sort, list[str]]) -> Entry:
    project = names.get(Sort.PROJECT, [""])[0]
    return Entry(
        entry.entry_id,
        entry.member_id,
        entry.kind,
        entry.words,
        entry.on,
        entry.source,
        entry.made_at,
        entry.deleted_at,
        project,
        tuple(names.get(Sort.SKILL, ())),
    )


@cache
def _anything_over() -> Select[Any]:
    """Return the question whether anything has had its time; it is asked every minute."""
    gone = [
        exists().where(kept.c.deleted_at < bindparam("deleted"))
        for kept in (entries, people, answers)
    ]
    return select(or_(*gone, exists().where(looks.c.at < bindparam("looked"))))
