"""Which openings a week's digest tells of."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from bot.storage.database import Tx

from .model import Posting, PostingState
from .store import as_posting, features, finds, posting_of, postings, saves


class WeeklyStore:
    """Read what opened and what closes soon."""

    async def fresh(
        self,
        tx: Tx,
        guild_id: int,
        cohort_id: int,
        since: datetime,
        until: datetime,
        after_on: date,
        limit: int,
    ) -> tuple[list[Posting], int]:
        """Return what opened in a span and does not close by a day, posted ones first; how many."""
        f = finds.c
        newest = (
            select(postings, func.count().over().label("number"))
            .join(finds, f.posting_id == postings.c.posting_id)
            .where(
                f.guild_id == guild_id,
                f.opened_at >= since,
                f.opened_at < until,
                f.state == PostingState.OPEN,
                or_(f.deadline_on.is_(None), f.deadline_on > after_on),
            )
        )
        return await self._found(tx, newest, cohort_id, f.opened_at.desc(), limit)

    async def closing(
        self, tx: Tx, guild_id: int, cohort_id: int, first_on: date, last_on: date, limit: int
    ) -> tuple[list[Posting], int]:
        """Return what closes between two days, posted ones first, then the soonest; how many."""
        p = postings.c
        soon = select(postings, func.count().over().label("number")).where(
            p.guild_id == guild_id,
            p.state == PostingState.OPEN,
            p.deadline_on >= first_on,
            p.deadline_on <= last_on,
        )
        return await self._found(tx, soon, cohort_id, p.deadline_on, limit)

    async def _found(
        self, tx: Tx, wanted: Select[Any], cohort_id: int, order: Any, limit: int
    ) -> tuple[list[Posting], int]:
        posted = and_(
            features.c.posting_id == postings.c.posting_id, features.c.cohort_id == cohort_id
        )
        rows = await tx.execute(
            wanted.outerjoin(features, posted)
            .order_by(features.c.posting_id.is_(None), order, postings.c.posting_id)
            .limit(limit)
        )
        found: list[Posting] = []
        number = 0
        for row in rows:
            values = dict(row._mapping)
            number = values.pop("number")
            found.append(posting_of(values))
        return found, number

    async def saved_until(
        self, tx: Tx, member_id: int, first_on: date, last_on: date
    ) -> list[Posting]:
        """Return what a member saved that closes between two days, the soonest first."""
        rows = await tx.execute(
            select(postings)
            .join(saves, saves.c.posting_id == postings.c.posting_id)
            .where(
                saves.c.member_id == member_id,
                postings.c.state == PostingState.OPEN,
                postings.c.deadline_on >= first_on,
                postings.c.deadline_on <= last_on,
            )
            .order_by(postings.c.deadline_on, postings.c.posting_id)
        )
        return [as_posting(row) for row in rows]
