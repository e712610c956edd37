"""Where feeds and files stand while they are read."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update

from bot.people.cohorts import CohortState, cohorts
from bot.storage.database import Tx

from .feed_model import Feed, FeedState, Goes, Import, Report
from .listings import Format
from .model import Filter, Posting, PostingState
from .store import as_posting, feeds, imports, postings

PAGE = 500
RUNNING = (CohortState.LIVE, CohortState.PAUSED, CohortState.BLOCKED)


def _feed(row: Row[Any]) -> Feed:
    values = dict(row._mapping)
    del values["added_by"]
    values["format"] = Format(values["format"]) if values["format"] else None
    values["goes"] = Goes(values["goes"])
    values["filter"] = Filter.of(values.pop("filters"))
    values["state"] = FeedState(values["state"])
    values["etag"] = values["etag"] or ""
    values["last_modified"] = values["last_modified"] or ""
    values["report"] = Report.of(values["report"])
    return Feed(**values)


def _import(row: Row[Any]) -> Import:
    values = dict(row._mapping)
    report = Report.of(values.pop("report"))
    assert report is not None
    return Import(**values, report=report)


_SEEN = [column for column in imports.c if column is not imports.c.packed]


class FeedStore:
    """Read and write feeds, and files before they are taken."""

    async def add(self, tx: Tx, **values: Any) -> Feed:
        """Keep a feed."""
        row = await tx.execute(insert(feeds).values(**values).returning(feeds))
        return _feed(row.one())

    async def get(self, tx: Tx, feed_id: int) -> Feed | None:
        """Return a feed."""
        row = (await tx.execute(select(feeds).where(feeds.c.feed_id == feed_id))).one_or_none()
        return _feed(row) if row else None

    async def by_url(self, tx: Tx, guild_id: int, url: str) -> Feed | None:
        """Return a server's feed of an address."""
        wanted = select(feeds).where(feeds.c.guild_id == guild_id, feeds.c.url == url)
        row = (await tx.execute(wanted)).one_or_none()
        return _feed(row) if row else None

    async def of_guild(self, tx: Tx, guild_id: int) -> list[Feed]:
        """Return a server's feeds, oldest first, without those that are only looked at."""
        rows = await tx.execute(
            select(feeds)
            .where(feeds.c.guild_id == guild_id, feeds.c.state != FeedState.TRIAL)
            .order_by(feeds.c.feed_id)
        )
        return [_feed(row) for row in rows]

    async def change(self, tx: Tx, feed_id: int, **values: Any) -> Feed | None:
        """Change a feed; None when it was removed meanwhile."""
        row = await tx.execute(
            update(feeds).where(feeds.c.feed_id == feed_id).values(**values).returning(feeds)
        )
        found = row.one_or_none()
        return _feed(found) if found else None

    async def remove(self, tx: Tx, feed_id: int) -> None:
        """Forget a feed; what it brought stays."""
        await tx.execute(delete(feeds).where(feeds.c.feed_id == feed_id))

    async def due(self, tx: Tx, now: datetime, limit: int) -> list[Feed]:
        """Return the feeds whose time has come, those that waited longest first."""
        rows = await tx.execute(
            select(feeds)
            .join(cohorts, cohorts.c.cohort_id == feeds.c.cohort_id)
            .where(
                feeds.c.state == FeedState.ACTIVE,
                feeds.c.next_at <= now,
                cohorts.c.state.in_(RUNNING),
            )
            .order_by(feeds.c.next_at)
            .limit(limit)
        )
        return [_feed(row) for row in rows]

    async def next_at(self, tx: Tx) -> datetime | None:
        """Return when the next feed's time comes."""
        row = await tx.execute(
            select(feeds.c.next_at)
            .join(cohorts, cohorts.c.cohort_id == feeds.c.cohort_id)
            .where(feeds.c.state == FeedState.ACTIVE, cohorts.c.state.in_(RUNNING))
            .order_by(feeds.c.next_at)
            .limit(1)
        )
        return row.scalar_one_or_none()

    async def count_from(self, tx: Tx, feed_id: int) -> int:
        """Return how many postings came from a feed and are still there to be found."""
        row = await tx.execute(
            select(func.count()).where(
                postings.c.feed_id == feed_id, postings.c.state == PostingState.OPEN
            )
        )
        return int(row.scalar_one())

    # --- files

    async def add_import(self, tx: Tx, **values: Any) -> Import:
        """Keep a file that was read."""
        row = await tx.execute(insert(imports).values(**values).returning(*_SEEN))
        return _import(row.one())

    async def import_of(self, tx: Tx, import_id: int) -> Import | None:
        """Return a file that was read, without its rows."""
        wanted = select(*_SEEN).where(imports.c.import_id == import_id)
        row = (await tx.execute(wanted)).one_or_none()
        return _import(row) if row else None

    async def packed(self, tx: Tx, import_id: int) -> str:
        """Return the rows of a file that was read."""
        row = await tx.execute(select(imports.c.packed).where(imports.c.import_id == import_id))
        return row.scalar_one_or_none() or ""

    async def finish_import(
        self, tx: Tx, import_id: int, report: dict[str, Any], now: datetime
    ) -> Import | None:
        """Note that a file was taken, and let go of its rows."""
        row = await tx.execute(
            update(imports)
            .where(imports.c.import_id == import_id, imports.c.done_at.is_(None))
            .values(report=report, done_at=now, packed="")
            .returning(*_SEEN)
        )
        found = row.one_or_none()
        return _import(found) if found else None

    async def remove_import(self, tx: Tx, import_id: int) -> None:
        """Forget a file."""
        await tx.execute(delete(imports).where(imports.c.import_id == import_id))

    async def purge(self, tx: Tx, before: datetime) -> None:
        """Forget feeds and files that nobody said yes to."""
        await tx.execute(
            delete(feeds).where(feeds.c.state == FeedState.TRIAL, feeds.c.made_at < before)
        )
        await tx.execute(delete(imports).where(imports.c.made_at < before))

    async def stale(self, tx: Tx, before: datetime) -> bool:
        """Say whether there is anything to forget."""
        trials = select(feeds.c.feed_id).where(
            feeds.c.state == FeedState.TRIAL, feeds.c.made_at < before
        )
        files = select(imports.c.import_id).where(imports.c.made_at < before)
        found = select(or_(trials.exists(), files.exists()))
        return bool((await tx.execute(found)).scalar_one())

    # --- to hand out

    async def pages(
        self, tx: Tx, guild_id: int, states: tuple[PostingState, ...]
    ) -> AsyncGenerator[list[Posting]]:
        """Yield a server's postings in these states, a page at a time."""
        after = 0
        while True:
            rows = await tx.execute(
                select(postings)
                .where(
                    postings.c.guild_id == guild_id,
                    postings.c.state.in_(states),
                    postings.c.posting_id > after,
                )
                .order_by(postings.c.posting_id)
                .limit(PAGE)
            )
            page = [as_posting(row) for row in rows]
            if not page:
                return
            after = page[-1].posting_id
            yield page
