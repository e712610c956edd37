"""What waits for a moderator: suggestions to answer, and postings that may be over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.clockwork.clock import Clock
from bot.errors import NotFound, Refusal
from bot.face.dates import short_date
from bot.face.words import _, ngettext
from bot.people import cohorts, memberships
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.contributions import Line
from bot.people.memberships import Member
from bot.storage.database import Database, Tx

from .model import (
    LONG_QUEUE,
    PAGE,
    DoubtPage,
    Filter,
    Posting,
    PostingState,
    QueuePage,
    Why,
    clean,
    takes_messages,
)
from .rights import moderated, moderating
from .service import named, noted
from .store import PostingStore
from .telling import Telling

MOST_REASON = 500
ANSWERS_FOR = timedelta(days=14)
"""How long an answer stands on the `/me` of somebody who takes no messages."""


class QueueService:
    """Have moderators decide, one by one or many at once."""

    def __init__(self, db: Database, clock: Clock, store: PostingStore, telling: Telling) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._telling = telling

    # --- moderators decide

    async def queue(self, caller: Caller, after: int = 0, news: str = "") -> QueuePage:
        """Show the next suggestion after one, or above fifty a filtered list."""
        async with self._db.read() as tx:
            cohort = await moderating(tx, caller)
            return await self._page(tx, caller, cohort, after, news)

    async def _page(
        self, tx: Tx, caller: Caller, cohort: Cohort, after: int = 0, news: str = ""
    ) -> QueuePage:
        guild_id = cohort.guild_id
        wanted = await self._store.look(tx, guild_id, caller.user_id)
        waiting, _latest = await self._store.count_queued(tx, guild_id, Filter())
        as_list = waiting > LONG_QUEUE
        wanted = wanted if as_list else Filter()
        matching, latest = await self._store.count_queued(tx, guild_id, wanted)
        limit = PAGE if as_list else 1
        shown = await self._store.queued(tx, guild_id, wanted, after=after, limit=limit)
        if not shown and after:
            shown = await self._store.queued(tx, guild_id, wanted, limit=limit)
        page = QueuePage(
            cohort=cohort,
            waiting=waiting,
            matching=matching,
            filter=wanted,
            latest_id=latest,
            shown=tuple(shown),
            now=self._clock(),
            news=news,
        )
        return await (self._choices if as_list else self._about)(tx, page)

    async def _about(self, tx: Tx, page: QueuePage) -> QueuePage:
        """Add what a moderator wants to know of one suggestion."""
        if not page.shown:
            return page
        posting = page.shown[0]
        member = await memberships.get(tx, posting.suggested_by) if posting.suggested_by else None
        twin = await self._store.twin_of(tx, posting.guild_id, posting.twin_key, posting.posting_id)
        return replace(page, twin=twin, suggested_by=member.name if member else "")

    async def _choices(self, tx: Tx, page: QueuePage) -> QueuePage:
        """Add the words by which a long list can be made shorter."""
        words = await self._store.queued_words(tx, page.cohort.guild_id)
        categories = sorted({category for category, _terms, _source in words if category})
        terms = sorted({term for _category, terms, _source in words for term in terms})
        sources = sorted({source for _category, _terms, source in words})
        return replace(
            page, categories=tuple(categories), terms=tuple(terms), sources=tuple(sources)
        )

    async def one(self, caller: Caller, posting_id: int) -> QueuePage:
        """Show one suggestion, wherever it stands in the queue."""
        async with self._db.read() as tx:
            posting, cohort = await moderated(tx, self._store, caller, posting_id)
            if posting.state is not PostingState.QUEUED:
                return await self._page(tx, caller, cohort, posting_id, _answered(posting))
            waiting, latest = await self._store.count_queued(tx, cohort.guild_id, Filter())
            page = QueuePage(
                cohort, waiting, 1, Filter(), latest, (posting,), self._clock(), single=True
            )
            return await self._about(tx, page)

    async def look_for(self, caller: Caller, **words: str | bool) -> QueuePage:
        """Narrow the list of what waits; an empty word widens it again."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort = await moderating(tx, caller)
            before = await self._store.look(tx, cohort.guild_id, caller.user_id)
            wanted = replace(before, **words) if words else Filter()  # pyright: ignore[reportArgumentType]
            await self._store.look_for(tx, cohort.guild_id, caller.user_id, wanted, now)
            return await self._page(tx, caller, cohort)

    async def approve(self, caller: Caller, posting_id: int) -> tuple[Posting | None, QueuePage]:
        """Open a suggestion; say thank you; return it with the next one.

        The posting is None when somebody else was faster; the page says so.
        """
        now = self._clock()
        async with self._db.write() as tx:
            posting, cohort = await moderated(tx, self._store, caller, posting_id)
            approved = await self._store.move(
                tx,
                posting_id,
                PostingState.QUEUED,
                state=PostingState.OPEN,
                verified_at=now,
            )
            if approved is None:
                return None, await self._page(tx, caller, cohort, posting_id, _answered(posting))
            await self._telling.answer(tx, approved, now)
            await noted(tx, cohort, caller, "approved", approved, now)
            news = _("Posted: {name}.").format(name=named(approved))
            return approved, await self._page(tx, caller, cohort, posting_id, news)

    async def decline(self, caller: Caller, posting_id: int, reason: str) -> QueuePage:
        """Say no to a suggestion, with a reason that goes to whoever made it."""
        now = self._clock()
        async with self._db.write() as tx:
            posting, cohort = await moderated(tx, self._store, caller, posting_id)
            declined = await self._store.move(
                tx,
                posting_id,
                PostingState.QUEUED,
                state=PostingState.DECLINED,
                why=Why.MODERATOR,
                reason=clean(reason, MOST_REASON) or None,
                closed_at=now,
            )
            if declined is None:
                return await self._page(tx, caller, cohort, posting_id, _answered(posting))
            await self._telling.answer(tx, declined, now)
            await noted(tx, cohort, caller, "declined", declined, now)
            news = _("Declined: {name}.").format(name=named(declined))
            return await self._page(tx, caller, cohort, posting_id, news)

    async def approve_all(self, caller: Caller, seen: str) -> QueuePage:
        """Open everything that matches the moderator's filter, as far as they have seen it."""
        return await self._all(caller, seen, PostingState.OPEN)

    async def decline_all(self, caller: Caller, seen: str) -> QueuePage:
        """Say no to everything that matches the moderator's filter."""
        return await self._all(caller, seen, PostingState.DECLINED)

    async def _all(self, caller: Caller, seen: str, state: PostingState) -> QueuePage:
        up_to, _dash, mark = seen.partition("-")
        now = self._clock()
        async with self._db.write() as tx:
            cohort = await moderating(tx, caller)
            wanted = await self._store.look(tx, cohort.guild_id, caller.user_id)
            if mark != wanted.mark or not up_to.isdecimal():
                news = _("You filtered it otherwise meanwhile. Look again.")
                return await self._page(tx, caller, cohort, news=news)
            opened = state is PostingState.OPEN
            values: dict[str, Any] = (
                {"verified_at": now} if opened else {"why": Why.MODERATOR, "closed_at": now}
            )
            moved = await self._store.move_queued(
                tx, cohort.guild_id, wanted, int(up_to), state=state, **values
            )
            await self._store.look_for(tx, cohort.guild_id, caller.user_id, Filter(), now)
            await self._answer_all(tx, [number for number, by in moved if by is not None], now)
            word = "approved" if opened else "declined"
            text = f"{len(moved)} openings"
            await cohorts.log(
                tx, cohort.cohort_id, caller.user_id, f"opportunities {word}", text, now
            )
            news = ngettext("{n} opening posted.", "{n} openings posted.", len(moved))
            if not opened:
                news = ngettext("{n} opening declined.", "{n} openings declined.", len(moved))
            return await self._page(tx, caller, cohort, news=news.format(n=len(moved)))

    async def _answer_all(self, tx: Tx, ids: Sequence[int], now: datetime) -> None:
        for posting in await self._store.several(tx, ids):
            await self._telling.answer(tx, posting, now)

    async def answer_of(self, posting_id: int, member_id: int) -> Posting | None:
        """Return an answered suggestion for the note to the one who made it."""
        async with self._db.read() as tx:
            posting = await self._store.get(tx, posting_id)
            if posting is None or posting.suggested_by != member_id:
                return None
            return None if posting.state is PostingState.QUEUED else posting

    # --- what may be over

    async def doubts(self, caller: Caller, after: int = 0, news: str = "") -> DoubtPage:
        """Show what members or the calendar say is over."""
        async with self._db.read() as tx:
            cohort = await moderating(tx, caller)
            return await self._doubts(tx, cohort, after, news)

    async def _doubts(self, tx: Tx, cohort: Cohort, after: int, news: str) -> DoubtPage:
        shown = await self._store.asked_about(tx, cohort.guild_id, after=after)
        if not shown and after:
            shown = await self._store.asked_about(tx, cohort.guild_id)
        total = await self._store.count_asked(tx, cohort.guild_id)
        return DoubtPage(cohort, tuple(shown), total, self._clock(), news)

    async def verify(self, caller: Caller, ids: Sequence[int]) -> DoubtPage:
        """Say that these still stand: they are open, and their votes are forgotten."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort, found = await self._in_doubt(tx, caller, ids)
            late = [p for p in found if p.deadline_on and p.deadline_on < cohort.local_date(now)]
            if len(late) == 1 and len(found) == 1:
                text = _(
                    "The deadline of **{name}**, {day}, has passed. Change it with `/post edit`."
                )
                day = late[0].deadline_on
                raise Refusal(text.format(name=named(late[0]), day=short_date(day) if day else ""))
            kept = [p for p in found if p not in late]
            await self._settle(
                tx, kept, now, state=PostingState.OPEN, why=Why.NOTHING, verified_at=now
            )
            for posting in kept:
                await noted(tx, cohort, caller, "verified", posting, now)
            n = len(kept)
            news = ngettext("{n} still stands.", "{n} still stand.", n).format(n=n)
            if late:
                n = len(late)
                text = ngettext(
                    "{n} has a deadline that has passed; change that with `/post edit`.",
                    "{n} have deadlines that have passed; change that with `/post edit`.",
                    n,
                )
                news = f"{news} {text.format(n=n)}"
            return await self._doubts(tx, cohort, 0, news)

    async def put_away(self, caller: Caller, ids: Sequence[int]) -> DoubtPage:
        """Say that these are over."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort, found = await self._in_doubt(tx, caller, ids)
            for posting in found:
                why = Why.VOTES if posting.why is Why.VOTES else Why.MODERATOR
                if posting.deadline_on and posting.deadline_on < cohort.local_date(now):
                    why = Why.DEADLINE
                await self._settle(
                    tx, [posting], now, state=PostingState.CLOSED, why=why, closed_at=now
                )
                await self._telling.stand_back(tx, posting.posting_id, now)
                await noted(tx, cohort, caller, "closed", posting, now)
            n = len(found)
            news = ngettext("{n} is closed.", "{n} are closed.", n).format(n=n)
            return await self._doubts(tx, cohort, 0, news)

    async def _in_doubt(
        self, tx: Tx, caller: Caller, ids: Sequence[int]
    ) -> tuple[Cohort, list[Posting]]:
        """Return those of these postings on which nobody decided meanwhile."""
        postings = await self._store.several(tx, ids)
        cohort = await moderating(tx, caller, postings[0] if postings else None)
        here = [p for p in postings if p.guild_id == cohort.guild_id]
        if not here:
            raise NotFound(_("That opening is not here any more."))
        asked = [
            p
            for p in here
            if p.state is PostingState.HIDDEN or (p.state is PostingState.OPEN and p.asked_at)
        ]
        if not asked and len(here) == 1:
            raise Refusal(
                _("Somebody decided on that already: it is {state}.").format(
                    state=_("open") if here[0].state is PostingState.OPEN else _("closed")
                )
            )
        return cohort, asked

    async def _settle(
        self, tx: Tx, postings: Sequence[Posting], now: datetime, **values: Any
    ) -> None:
        ids = [posting.posting_id for posting in postings]
        await self._store.move_many(tx, ids, asked_at=None, **values)
        await self._store.clear_votes(tx, ids)
        await self._telling.renew(tx, ids, now, moved=True)

    # --- what others show of it

    async def status(self, tx: Tx, cohort: Cohort, now: datetime) -> list[Line]:
        """Say on `/cohort status` what waits here."""
        lines: list[Line] = []
        waiting, _latest = await self._store.count_queued(tx, cohort.guild_id, Filter())
        if waiting:
            text = ngettext(
                "{n} suggested opening waits for approval.",
                "{n} suggested openings wait for approval.",
                waiting,
            )
            lines.append(
                Line(
                    text.format(n=waiting),
                    _("Look through"),
                    "posting.queue",
                    order=20,
                    urgent=True,
                )
            )
        doubts = await self._store.count_asked(tx, cohort.guild_id)
        if doubts:
            text = ngettext("{n} opening may be over.", "{n} openings may be over.", doubts)
            lines.append(
                Line(
                    text.format(n=doubts),
                    _("Check them"),
                    "posting.doubts",
                    order=25,
                    urgent=True,
                )
            )
        return lines

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Say on `/me` what became of a suggestion, to those who take no messages."""
        if takes_messages(member):
            return []
        declined = await self._store.declined_lately(tx, member.member_id, now - ANSWERS_FOR)
        return [
            Line(
                _("Your suggestion {name} was answered.").format(name=named(posting)),
                _("See the answer"),
                "opportunity.answer",
                str(posting.posting_id),
                order=70,
            )
            for posting in declined[:2]
        ]

    async def my_answer(self, caller: Caller, posting_id: int) -> Posting:
        """Show somebody what became of their own suggestion."""
        async with self._db.read() as tx:
            posting = await self._store.get(tx, posting_id)
            mine = await memberships.of_user(tx, caller.user_id)
            if posting is None or posting.suggested_by not in {m.member_id for m in mine}:
                raise NotFound(_("That suggestion is not here any more."))
            return posting


def _answered(posting: Posting) -> str:
    if posting.state is PostingState.DECLINED:
        return _("Another moderator declined that one meanwhile.")
    return _("Another moderator approved that one meanwhile.")
