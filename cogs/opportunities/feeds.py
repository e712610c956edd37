"""Lists that a server reads by itself: added by a moderator, read politely, stopped in time."""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from bot.clockwork.clock import Clock
from bot.errors import NotFound, Refusal
from bot.face.words import _
from bot.fetching.model import NotFetched, Page
from bot.logs import incident
from bot.people import cohorts
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.storage.database import Database, Tx

from .feed_model import (
    AT_ONCE,
    MOST_FEEDS,
    PAUSE_AT,
    SOON,
    TRIAL_FOR,
    Feed,
    FeedPage,
    FeedState,
    Goes,
    Report,
)
from .feed_store import FeedStore
from .intake import Origin
from .listings import Format
from .model import Filter, Source
from .rights import moderating
from .taking import Taking
from .telling import Telling

log = logging.getLogger(__name__)

DUE_AT_ONCE = 200


class Fetches(Protocol):
    """Brings pages from elsewhere, and says which addresses it would go to at all."""

    def check(self, url: str) -> str:
        """Return the address as it will be asked for. Raises NotFetched for one that will not."""
        ...

    async def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Page:
        """Bring a page. Raises NotFetched with the reason."""
        ...


class FeedService:
    """Add, look at, start, stop and remove feeds, and read them on schedule."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        store: FeedStore,
        taking: Taking,
        telling: Telling,
        fetcher: Fetches,
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._taking = taking
        self._telling = telling
        self._fetcher = fetcher
        self._at_it: set[int] = set()

    # --- by a moderator

    async def add(
        self, caller: Caller, url: str, format: Format | None, goes: Goes, wanted: Filter
    ) -> FeedPage:
        """Look at a list and say what it would bring; nothing is taken before a moderator says so.

        Raises Refusal for an address that cannot be read, or is read already.
        """
        async with self._db.read() as tx:
            cohort = await cohorts.managed_by(tx, caller)
            await self._check_room(tx, cohort)
        address = self._fetcher.check(url.strip())
        async with self._db.read() as tx:
            self._check_new(await self._store.by_url(tx, cohort.guild_id, address))
        now = self._clock()
        page = await self._fetcher.fetch(address)
        try:
            report = await self._look(page, _origin(cohort, None, goes), wanted, format, now)
        finally:
            page.close()
        host = address.split("/")[2]
        async with self._db.write() as tx:
            await self._check_room(tx, cohort)
            before = await self._store.by_url(tx, cohort.guild_id, address)
            self._check_new(before)
            if before is not None:
                await self._store.remove(tx, before.feed_id)
            feed = await self._store.add(
                tx,
                guild_id=cohort.guild_id,
                cohort_id=cohort.cohort_id,
                url=address,
                host=host,
                name=host,
                format=format or "",
                goes=goes,
                filters=wanted.as_json(),
                state=FeedState.TRIAL,
                next_at=now,
                report=report.as_json(),
                added_by=caller.user_id,
                made_at=now,
            )
        return FeedPage(feed, cohort)

    async def _check_room(self, tx: Tx, cohort: Cohort) -> None:
        if len(await self._store.of_guild(tx, cohort.guild_id)) >= MOST_FEEDS:
            raise Refusal(
                _(
                    "This server reads {n} feeds already. Remove one first: `/post feed list`."
                ).format(n=MOST_FEEDS)
            )

    def _check_new(self, before: Feed | None) -> None:
        if before is not None and before.state is not FeedState.TRIAL:
            raise Refusal(_("This server reads that list already: `/post feed list`."))

    async def _look(
        self, page: Page, origin: Origin, wanted: Filter, format: Format | None, now: datetime
    ) -> Report:
        if page.body is None:
            raise Refusal(_("That server sent nothing. Try again later."))
        return await self._taking.foresee(
            page.body, origin, wanted, now, format=format, charset=page.charset
        )

    async def all(self, caller: Caller) -> tuple[Cohort, list[Feed]]:
        """Return the feeds of the server."""
        async with self._db.read() as tx:
            cohort = await moderating(tx, caller)
            return cohort, await self._store.of_guild(tx, cohort.guild_id)

    async def look_at(self, caller: Caller, feed_id: int) -> FeedPage:
        """Show one feed."""
        async with self._db.read() as tx:
            return FeedPage(*await self._mine(tx, caller, feed_id))

    async def start(self, caller: Caller, feed_id: int) -> FeedPage:
        """Read a feed now and on schedule from here on."""
        now = self._clock()
        async with self._db.write() as tx:
            feed, cohort = await self._mine(tx, caller, feed_id)
            if feed.state is not FeedState.ACTIVE:
                await self._store.change(
                    tx, feed_id, state=FeedState.ACTIVE, failures=0, trouble="", next_at=now
                )
                await self._note(tx, cohort, caller, "feed started", feed, now)
        return await self.check_now(caller, feed_id)

    async def check_now(self, caller: Caller, feed_id: int) -> FeedPage:
        """Read a feed at once."""
        async with self._db.read() as tx:
            feed, cohort = await self._mine(tx, caller, feed_id)
        if feed.feed_id in self._at_it:
            return FeedPage(feed, cohort, _("I am reading it right now. Look again in a minute."))
        before = feed.checked_at
        if before is not None and self._clock() - before < SOON and not feed.failures:
            return FeedPage(feed, cohort, _("I read it a moment ago. Look again in some minutes."))
        await self._check(feed)
        async with self._db.read() as tx:
            feed, cohort = await self._mine(tx, caller, feed_id)
        news = feed.trouble or (_("Read just now.") if feed.checked_at != before else "")
        return FeedPage(feed, cohort, news)

    async def stop(self, caller: Caller, feed_id: int) -> FeedPage:
        """Read a feed no more, until it is started again."""
        now = self._clock()
        async with self._db.write() as tx:
            feed, cohort = await self._mine(tx, caller, feed_id)
            stopped = await self._store.change(tx, feed_id, state=FeedState.PAUSED, trouble="")
            await self._note(tx, cohort, caller, "feed stopped", feed, now)
        return FeedPage(stopped or feed, cohort, _("Stopped. What it brought stays."))

    async def remove(self, caller: Caller, feed_id: int) -> tuple[Feed, int]:
        """Forget a feed; return it, and how many of its openings stay."""
        now = self._clock()
        async with self._db.write() as tx:
            feed, cohort = await self._mine(tx, caller, feed_id)
            left = await self._store.count_from(tx, feed_id)
            await self._store.remove(tx, feed_id)
            if feed.state is not FeedState.TRIAL:
                await self._note(tx, cohort, caller, "feed removed", feed, now)
        return feed, left

    async def choices(self, caller: Caller, typed: str) -> list[Feed]:
        """Return the feeds that fit what somebody types."""
        async with self._db.read() as tx:
            cohort = await moderating(tx, caller)
            found = await self._store.of_guild(tx, cohort.guild_id)
        return [feed for feed in found if typed.casefold() in feed.url.casefold()]

    async def _mine(self, tx: Tx, caller: Caller, feed_id: int) -> tuple[Feed, Cohort]:
        """Return a feed of this moderator's server. Raises NotFound for any other."""
        feed = await self._store.get(tx, feed_id)
        if feed is None or feed.guild_id != caller.guild_id:
            await moderating(tx, caller)
            raise NotFound(_("That feed is gone. `/post feed list` shows what is there."))
        return feed, await cohorts.moderated(tx, caller, feed.cohort_id)

    async def _note(
        self, tx: Tx, cohort: Cohort, caller: Caller, action: str, feed: Feed, now: datetime
    ) -> None:
        await cohorts.log(tx, cohort.cohort_id, caller.user_id, action, feed.host, now)

    # --- by itself

    async def work(self, now: datetime) -> None:
        """Read every feed whose time has come, a few side by side."""
        async with self._db.read() as tx:
            due = await self._store.due(tx, now, DUE_AT_ONCE)
            stale = await self._store.stale(tx, now - TRIAL_FOR)
        if stale:
            async with self._db.write() as tx:
                await self._store.purge(tx, now - TRIAL_FOR)
        room = asyncio.Semaphore(AT_ONCE)

        async def one(feed: Feed) -> None:
            async with room:
                await self._check(feed)

        await asyncio.gather(*(one(feed) for feed in due))

    async def next_at(self, now: datetime) -> datetime | None:
        """Return when the next feed is read; for a clock that is driven by hand."""
        async with self._db.read() as tx:
            return await self._store.next_at(tx)

    async def _check(self, feed: Feed) -> None:
        """Read one feed; whatever goes wrong is noted with it."""
        if feed.feed_id in self._at_it:
            return
        self._at_it.add(feed.feed_id)
        try:
            await self._read(feed)
        except Refusal as refusal:
            await self._failed(feed, refusal)
        except Exception as error:
            number = incident("reading a feed", error)
            trouble = _("Something broke on my side. It is noted as `{id}`.").format(id=number)
            await self._failed(feed, Refusal(trouble))
        finally:
            self._at_it.discard(feed.feed_id)

    async def _read(self, feed: Feed) -> None:
        page = await self._fetcher.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
        try:
            now = self._clock()
            values: dict[str, Any] = {"checked_at": now, "failures": 0, "trouble": ""}
            if page.body is not None:
                report = await self._take(feed, page, now)
                values |= {
                    "report": report.as_json(),
                    "etag": page.etag,
                    "last_modified": page.last_modified,
                }
                if report.tally.brings:
                    values["changed_at"] = now
                log.info(
                    "read a feed from %s: %s rows, %s new, %s updated",
                    feed.host,
                    report.tally.rows,
                    report.tally.new,
                    report.tally.updated,
                )
        finally:
            page.close()
        async with self._db.write() as tx:
            await self._store.change(
                tx, feed.feed_id, next_at=feed.next_check(self._clock()), **values
            )

    async def _take(self, feed: Feed, page: Page, now: datetime) -> Report:
        assert page.body is not None
        async with self._db.read() as tx:
            cohort = await cohorts.require(tx, feed.cohort_id)
        origin = _origin(cohort, feed.feed_id, feed.goes)
        return await self._taking.take(
            page.body, origin, feed.filter, now, format=feed.format, charset=page.charset
        )

    async def _failed(self, feed: Feed, why: Refusal) -> None:
        """Note that a feed could not be read; after too many times, stop and tell the staff."""
        now = self._clock()
        rest = why.rest_for if isinstance(why, NotFetched) else None
        failures = feed.failures + 1
        stops = failures >= PAUSE_AT
        log.warning("could not read a feed from %s, %s in a row", feed.host, failures)
        async with self._db.write() as tx:
            changed = await self._store.change(
                tx,
                feed.feed_id,
                failures=failures,
                trouble=str(why)[:500],
                checked_at=now,
                next_at=feed.after_failure(now, rest),
                state=FeedState.PAUSED if stops and feed.state is FeedState.ACTIVE else feed.state,
            )
            cohort = await cohorts.get(tx, feed.cohort_id)
            if changed is not None and cohort is not None and stops:
                key = f"opportunity:feed:{feed.feed_id}:{int(now.timestamp())}"
                await self._telling.staff(tx, cohort, "feed", key, now, feed_id=feed.feed_id)

    async def of_letter(self, feed_id: int) -> Feed | None:
        """Return a feed for a letter about it."""
        async with self._db.read() as tx:
            return await self._store.get(tx, feed_id)

    async def paused(self, tx: Tx, cohort: Cohort) -> list[Feed]:
        """Return a cohort's feeds that stopped by themselves."""
        here = await self._store.of_guild(tx, cohort.guild_id)
        return [
            feed
            for feed in here
            if feed.cohort_id == cohort.cohort_id
            and feed.state is FeedState.PAUSED
            and feed.trouble
        ]


def _origin(cohort: Cohort, feed_id: int | None, goes: Goes) -> Origin:
    return replace(
        Origin(cohort.guild_id, Source.FEED),
        cohort_id=cohort.cohort_id,
        feed_id=feed_id,
        goes=goes.state,
    )
