"""How openings are found again among fifty thousand, and what members look for and follow.

`posting_find` has a short row for every opening that was ever open; looking through all of them
costs less than loading a few hundred whole ones, and nothing has to be kept in memory.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update

from bot.clockwork.breathing import slices
from bot.people.cohorts import CohortState, cohorts
from bot.people.memberships import Member, MemberState, as_member, members, whole
from bot.people.users import users
from bot.storage.database import Tx

from .found import MOST_FOUND, Follow, Opened, Sort, as_filter, as_text, digest
from .model import Entry, Filter, PostingState
from .store import finds, follows, postings, saves, searches
from .wording import words_of

FINDABLE = (PostingState.OPEN, PostingState.HIDDEN, PostingState.CLOSED)
CHUNK = 500
GLANCED_AT = 40
"""Openings among which companies and titles are looked for while somebody types."""
LATEST = 500
"""Openings whose categories and terms are offered while somebody types."""
MOST_NEWS = 1_000
"""Openings that are compared with what is followed at a time, the newest of them."""


class FindingStore:
    """Read and write what helps to find postings."""

    # --- the rows that are looked through

    async def note(self, tx: Tx, ids: Sequence[int]) -> None:
        """Write down how these postings are found as they are now, if they can be."""
        for some in slices(ids, CHUNK):
            await self._note(tx, some)

    async def _note(self, tx: Tx, ids: Sequence[int]) -> None:
        f, p = finds.c, postings.c
        before = await tx.execute(
            select(f.posting_id, f.state, f.opened_at).where(f.posting_id.in_(ids))
        )
        known = {row.posting_id: row for row in before}
        if known:
            await tx.execute(delete(finds).where(f.posting_id.in_(list(known))))
        rows = await tx.execute(
            select(
                p.posting_id,
                p.guild_id,
                p.state,
                p.company_name,
                p.title,
                p.locations,
                p.terms,
                p.sponsorship,
                p.category,
                p.degrees,
                p.tags,
                p.deadline_on,
                p.date_posted,
                p.verified_at,
                p.made_at,
            ).where(p.posting_id.in_(ids), p.state.in_(FINDABLE))
        )
        found = [_find(row, known.get(row.posting_id)) for row in rows]
        if found:
            await tx.execute(insert(finds), found)

    async def ids(
        self,
        tx: Tx,
        guild_id: int,
        beginnings: Sequence[str],
        *,
        today: date | None,
        sort: Sort = Sort.NEW,
        limit: int = MOST_FOUND + 1,
    ) -> list[int]:
        """Return the postings in whose words all of this stands, closed ones too without `today`.

        With it, only those that are open and whose deadline has not passed by that day.
        """
        f = finds.c
        looked = select(f.posting_id).where(f.guild_id == guild_id, *_said(beginnings))
        if today is not None:
            looked = looked.where(f.state == PostingState.OPEN, _stands(today))
        else:
            looked = looked.where(f.state.in_([PostingState.OPEN, PostingState.CLOSED]))
        if sort is Sort.CLOSING:
            looked = looked.order_by(f.deadline_on.is_(None), f.deadline_on)
        looked = looked.order_by(f.since_at.desc(), f.posting_id.desc()).limit(limit)
        return list((await tx.execute(looked)).scalars())

    async def named(
        self, tx: Tx, guild_id: int, beginnings: Sequence[str], today: date
    ) -> list[tuple[str, str]]:
        """Return company and title of the newest openings in whose words all of this stands."""
        rows = await tx.execute(
            select(postings.c.company_name, postings.c.title)
            .join(finds, finds.c.posting_id == postings.c.posting_id)
            .where(
                finds.c.guild_id == guild_id,
                finds.c.state == PostingState.OPEN,
                _stands(today),
                *_said(beginnings),
            )
            .order_by(finds.c.since_at.desc(), finds.c.posting_id.desc())
            .limit(GLANCED_AT)
        )
        return [(row.company_name, row.title) for row in rows]

    async def sorts(self, tx: Tx, guild_id: int) -> list[tuple[str, list[str]]]:
        """Return category and terms of the newest openings."""
        rows = await tx.execute(
            select(postings.c.category, postings.c.terms)
            .join(finds, finds.c.posting_id == postings.c.posting_id)
            .where(finds.c.guild_id == guild_id, finds.c.state == PostingState.OPEN)
            .order_by(finds.c.since_at.desc(), finds.c.posting_id.desc())
            .limit(LATEST)
        )
        return [(row.category, row.terms) for row in rows]

    # --- what somebody looked for

    async def search(self, tx: Tx, member_id: int, wanted: Filter) -> int | None:
        """Return the number under which a member's search is kept, if it is."""
        row = await tx.execute(
            select(searches.c.search_id).where(
                searches.c.member_id == member_id, searches.c.digest == digest(wanted)
            )
        )
        return row.scalar_one_or_none()

    async def keep_search(
        self, tx: Tx, member_id: int, wanted: Filter, now: datetime, most: int
    ) -> int:
        """Keep what a member looks for, and let go of what they looked for longest ago."""
        known = await self.search(tx, member_id, wanted)
        if known is not None:
            return known
        row = await tx.execute(
            insert(searches)
            .values(member_id=member_id, digest=digest(wanted), filter=as_text(wanted), at=now)
            .returning(searches.c.search_id)
        )
        made = int(row.scalar_one())
        old = (
            select(searches.c.search_id)
            .where(searches.c.member_id == member_id)
            .order_by(searches.c.search_id.desc())
            .offset(most)
        )
        await tx.execute(delete(searches).where(searches.c.search_id.in_(old)))
        return made

    async def searched(self, tx: Tx, search_id: int) -> tuple[int, Filter] | None:
        """Return who looked for something, and for what."""
        row = await tx.execute(
            select(searches.c.member_id, searches.c.filter).where(searches.c.search_id == search_id)
        )
        found = row.one_or_none()
        return (found.member_id, as_filter(found.filter)) if found else None

    async def has_searched(self, tx: Tx, member_ids: Sequence[int]) -> bool:
        """Say whether any of these members looked for something that is still kept."""
        row = await tx.execute(
            select(searches.c.search_id).where(searches.c.member_id.in_(member_ids)).limit(1)
        )
        return row.first() is not None

    # --- what somebody saved

    async def saved_ids(self, tx: Tx, member_id: int, among: Sequence[int]) -> frozenset[int]:
        """Return which of these postings a member saved."""
        rows = await tx.execute(
            select(saves.c.posting_id).where(
                saves.c.member_id == member_id, saves.c.posting_id.in_(among)
            )
        )
        return frozenset(rows.scalars())

    async def all_saved(self, tx: Tx, member_ids: Sequence[int]) -> Mapping[int, Set[int]]:
        """Return everything that each of these members saved."""
        rows = await tx.execute(
            select(saves.c.member_id, saves.c.posting_id).where(saves.c.member_id.in_(member_ids))
        )
        found: dict[int, set[int]] = {}
        for row in rows:
            found.setdefault(row.member_id, set()).add(row.posting_id)
        return found

    async def saved(
        self, tx: Tx, member_ids: Sequence[int], today: date, limit: int, offset: int = 0
    ) -> list[int]:
        """Return what somebody saved: what can be applied to first, by its deadline."""
        stands = (postings.c.state == PostingState.OPEN) & or_(
            postings.c.deadline_on.is_(None), postings.c.deadline_on >= today
        )
        rows = await tx.execute(
            select(postings.c.posting_id)
            .join(saves, saves.c.posting_id == postings.c.posting_id)
            .where(saves.c.member_id.in_(member_ids))
            .group_by(postings.c.posting_id)
            .order_by(
                stands.desc(),
                postings.c.deadline_on.is_(None),
                postings.c.deadline_on,
                func.max(saves.c.at).desc(),
                postings.c.posting_id,
            )
            .limit(limit)
            .offset(offset)
        )
        return list(rows.scalars())

    async def count_saved(self, tx: Tx, member_ids: Sequence[int]) -> int:
        """Return how many postings somebody saved."""
        counted = select(func.count(saves.c.posting_id.distinct())).where(
            saves.c.member_id.in_(member_ids)
        )
        return int((await tx.execute(counted)).scalar_one())

    async def closing(
        self, tx: Tx, member_id: int, today: date, until: date
    ) -> list[tuple[str, str, date]]:
        """Return company, title and deadline of what a member saved and closes by a day."""
        p = postings.c
        rows = await tx.execute(
            select(p.company_name, p.title, p.deadline_on)
            .join(saves, saves.c.posting_id == p.posting_id)
            .where(
                saves.c.member_id == member_id,
                p.state == PostingState.OPEN,
                p.deadline_on.between(today, until),
            )
            .order_by(p.deadline_on, p.posting_id)
        )
        return [(row.company_name, row.title, row.deadline_on) for row in rows]

    # --- what somebody follows

    async def follow(
        self,
        tx: Tx,
        member_id: int,
        wanted: Filter,
        now: datetime,
        told_on: date | None,
        told_at: datetime,
    ) -> None:
        """Keep a filter that goes on by itself; what opened before `told_at` is known."""
        await tx.execute(
            insert(follows).values(
                member_id=member_id,
                filter=as_text(wanted),
                told_at=told_at,
                told_on=told_on,
                made_at=now,
            )
        )

    async def follows_of(self, tx: Tx, *member_ids: int) -> list[Follow]:
        """Return what these members follow, oldest first."""
        found: list[Follow] = []
        for some in slices(member_ids, CHUNK):
            rows = await tx.execute(
                select(follows).where(follows.c.member_id.in_(some)).order_by(follows.c.follow_id)
            )
            found += [_follow(row) for row in rows]
        return found

    async def unfollow(self, tx: Tx, member_id: int, follow_id: int) -> bool:
        """End a follow; False when it is not there, or somebody else's."""
        gone = await tx.execute(
            delete(follows)
            .where(follows.c.member_id == member_id, follows.c.follow_id == follow_id)
            .returning(follows.c.follow_id)
        )
        return gone.scalar_one_or_none() is not None

    async def unfollow_all(self, tx: Tx, member_id: int) -> None:
        """End everything a member follows."""
        await tx.execute(delete(follows).where(follows.c.member_id == member_id))

    async def told(self, tx: Tx, member_ids: Sequence[int], **values: Any) -> None:
        """Note up to when, or on which day, members were told."""
        for chunk in slices(member_ids, CHUNK):
            await tx.execute(update(follows).where(follows.c.member_id.in_(chunk)).values(**values))

    async def zones(self, tx: Tx) -> list[str]:
        """Return where those live who follow something."""
        rows = await tx.execute(_following(users.c.zone).distinct())
        return list(rows.scalars())

    async def due_in(self, tx: Tx, zone: str, today: date, limit: int) -> list[Member]:
        """Return who in a zone follows something and was not looked at today."""
        due = (
            _following(follows.c.member_id)
            .where(
                users.c.zone == zone,
                or_(follows.c.told_on.is_(None), follows.c.told_on < today),
            )
            .distinct()
            .limit(limit)
        )
        ids = list((await tx.execute(due)).scalars())
        rows = await tx.execute(
            whole().where(members.c.member_id.in_(ids)).order_by(members.c.member_id)
        )
        return [as_member(row) for row in rows]

    async def opened(
        self, tx: Tx, guild_id: int, since: datetime, until: datetime, today: date
    ) -> list[tuple[datetime, Opened]]:
        """Return what opened in a server from one moment up to another, newest first."""
        f = finds.c
        rows = await tx.execute(
            select(f.opened_at, f.posting_id, f.words, postings.c.suggested_by)
            .join(postings, postings.c.posting_id == f.posting_id)
            .where(
                f.guild_id == guild_id,
                f.opened_at >= since,
                f.opened_at < until,
                f.state == PostingState.OPEN,
                _stands(today),
            )
            .order_by(f.opened_at.desc(), f.posting_id.desc())
            .limit(MOST_NEWS)
        )
        return [(row.opened_at, Opened(*row[1:])) for row in rows]


def _find(row: Any, before: Any) -> dict[str, Any]:
    entry = Entry(
        company_name=row.company_name,
        title=row.title,
        url="",
        locations=tuple(row.locations),
        terms=tuple(row.terms),
        sponsorship=row.sponsorship,
        category=row.category,
        degrees=tuple(row.degrees),
        tags=tuple(row.tags),
    )
    opened_at = before.opened_at if before else None
    was_over = before is not None and before.state is PostingState.CLOSED
    if row.state is PostingState.OPEN and (opened_at is None or was_over):
        opened_at = max(row.verified_at, row.made_at)
    posted_at = row.date_posted or row.made_at
    return {
        "guild_id": row.guild_id,
        "state": row.state,
        "since_at": min(posted_at, row.made_at),
        "posting_id": row.posting_id,
        "opened_at": opened_at,
        "deadline_on": row.deadline_on,
        "words": words_of(entry),
    }


def _said(beginnings: Iterable[str]) -> list[Any]:
    # They are letters and digits behind a sign, none of which means anything to LIKE.
    return [finds.c.words.like(f"%{beginning}%") for beginning in beginnings]


def _stands(today: date) -> Any:
    return or_(finds.c.deadline_on.is_(None), finds.c.deadline_on >= today)


def _follow(row: Row[Any]) -> Follow:
    values = dict(row._mapping)
    values["wanted"] = as_filter(values.pop("filter"))
    return Follow(**values)


def _following(*wanted: Any) -> Any:
    return (
        select(*wanted)
        .select_from(follows)
        .join(members, members.c.member_id == follows.c.member_id)
        .join(users, users.c.user_id == members.c.user_id)
        .join(cohorts, cohorts.c.cohort_id == members.c.cohort_id)
        .where(members.c.state == MemberState.JOINED, cohorts.c.state == CohortState.LIVE)
    )
