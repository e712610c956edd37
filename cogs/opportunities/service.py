"""What a moderator does with openings: post one or many, correct, close, let stand out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.clockwork.clock import Clock
from bot.clockwork.echo import echo
from bot.errors import NotFound, Refusal
from bot.face.dates import short_date, stamp
from bot.face.words import _
from bot.people import cohorts
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.storage.database import Database, Tx

from .intake import Intake, Origin
from .model import (
    CLOSED_BECAUSE,
    FEATURED_CHOICES,
    MOST_FEATURED,
    UNDO_FOR,
    Batch,
    BatchPage,
    BatchState,
    Details,
    Entry,
    Filter,
    Offer,
    Outcome,
    Posting,
    PostingState,
    Row,
    Sound,
    Source,
    StaffPage,
    Why,
    somewhere_today,
)
from .rights import gone, moderated, moderating
from .rows import read_rows
from .store import PostingStore
from .telling import Telling
from .wording import wanted

FURTHEST = 60
"""How many days ahead a place among those that stand out is looked for."""
STANDING = (PostingState.OPEN, PostingState.HIDDEN)
LISTED = (*STANDING, PostingState.CLOSED)


class PostingService:
    """Post, correct, close and feature openings; take what lists bring."""

    def __init__(self, db: Database, clock: Clock, store: PostingStore, telling: Telling) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._telling = telling
        self._intake = Intake(store, telling)

    # --- one opening

    async def may_post(self, caller: Caller) -> Cohort:
        """Return the cohort a moderator posts for. Raises NotAllowed for anybody else."""
        async with self._db.read() as tx:
            return await cohorts.managed_by(tx, caller)

    async def post(self, caller: Caller, offer: Offer) -> StaffPage:
        """Post an opening; members find it at once. Raises Refusal with what is wrong with it."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort = await cohorts.managed_by(tx, caller)
            sound = _read(offer, cohort, now)
            posting = await self._put(tx, cohort, sound, now)
            await noted(tx, cohort, caller, "posted", posting, now)
            return await self._page(tx, posting, cohort, just_made=True)

    async def _put(self, tx: Tx, cohort: Cohort, sound: Sound, now: datetime) -> Posting:
        """Keep a moderator's posting; what was declined before makes room for it."""
        before = await self._store.by_canonical(tx, cohort.guild_id, sound.canonical)
        if before is not None and before.state is not PostingState.DECLINED:
            raise await self._there_already(tx, before)
        values = _values(cohort, sound, now)
        if before is None:
            (posting_id,) = await self._store.add_many(tx, [(sound.entry, values)])
        else:
            posting_id = before.posting_id
            fresh = {**values, "why": Why.NOTHING, "reason": None, "suggested_by": None}
            await self._store.rewrite(tx, cohort.guild_id, [(posting_id, sound.entry, fresh)])
        return await self._require(tx, posting_id)

    async def _there_already(self, tx: Tx, first: Posting) -> Refusal:
        """Say where a server has this opening already."""
        name = named(first)
        if first.state is PostingState.QUEUED:
            text = _("**{name}** waits for approval already: `/post queue`.")
            return Refusal(text.format(name=name))
        link = await self._telling.link(tx, first)
        if first.state is PostingState.CLOSED:
            text = _(
                "**{name}** was here and is closed, because {why}: {link}\nTo have it back, open "
                "it again with `/post edit`."
            )
            why = _(CLOSED_BECAUSE[first.why]) or _("a moderator closed it")
            return Refusal(text.format(name=name, why=why, link=link))
        when = stamp(first.made_at, "D")
        text = _("**{name}** is posted already, since {when}: {link}")
        return Refusal(text.format(name=name, when=when, link=link))

    async def look_at(self, caller: Caller, posting_id: int, news: str = "") -> StaffPage:
        """Show a posting to a moderator."""
        async with self._db.read() as tx:
            posting, cohort = await moderated(tx, self._store, caller, posting_id)
            return await self._page(tx, posting, cohort, news=news)

    async def change(self, caller: Caller, posting_id: int, offer: Offer) -> StaffPage:
        """Correct the words of a posting."""

        def corrected(posting: Posting, today: date) -> Entry:
            typed = offer.entry(today)
            return replace(
                posting.entry,
                company_name=typed.company_name,
                title=typed.title,
                url=typed.url,
                locations=typed.locations,
                deadline_on=typed.deadline_on,
            )

        return await self._rewrite(caller, posting_id, corrected)

    async def detail(self, caller: Caller, posting_id: int, details: Details) -> StaffPage:
        """Say more about a posting."""
        return await self._rewrite(
            caller, posting_id, lambda posting, _today: details.added_to(posting.entry)
        )

    async def _rewrite(
        self, caller: Caller, posting_id: int, change: Callable[[Posting, date], Entry]
    ) -> StaffPage:
        now = self._clock()
        async with self._db.write() as tx:
            posting, cohort = await moderated(tx, self._store, caller, posting_id)
            today = cohort.local_date(now)
            entry = change(posting, today)
            same_day = entry.deadline_on == posting.deadline_on
            sound = replace(entry, active=not same_day and posting.active).checked(today)
            other = await self._store.by_canonical(tx, cohort.guild_id, sound.canonical)
            if other is not None and other.posting_id != posting_id:
                raise await self._there_already(tx, other)
            values: dict[str, Any] = {
                "canonical": sound.canonical,
                "twin_key": sound.twin_key,
                "verified_at": now,
                "asked_at": None,
            }
            await self._store.rewrite(tx, cohort.guild_id, [(posting_id, sound.entry, values)])
            await self._telling.renew(tx, [posting_id], now)
            await noted(tx, cohort, caller, "changed", posting, now)
            posting = await self._require(tx, posting_id)
            return await self._page(tx, posting, cohort, news=_("Saved."))

    async def close(self, caller: Caller, posting_id: int) -> StaffPage:
        """Close a posting: nobody finds it any more, and where it stands it says so."""
        now = self._clock()
        async with self._db.write() as tx:
            posting, cohort = await moderated(tx, self._store, caller, posting_id)
            closed = await self._store.move(
                tx,
                posting_id,
                *STANDING,
                state=PostingState.CLOSED,
                why=Why.MODERATOR,
                closed_at=now,
                asked_at=None,
            )
            if closed is None:
                return await self._page(tx, posting, cohort, news=_("It is closed already."))
            await self._after_closing(tx, closed, now)
            await noted(tx, cohort, caller, "closed", posting, now)
            return await self._page(tx, closed, cohort, news=_("Closed."))

    async def _after_closing(self, tx: Tx, posting: Posting, now: datetime) -> None:
        await self._telling.stand_back(tx, posting.posting_id, now)
        await self._telling.renew(tx, [posting.posting_id], now, moved=True)

    async def reopen(self, caller: Caller, posting_id: int) -> StaffPage:
        """Open a closed posting again."""
        now = self._clock()
        async with self._db.write() as tx:
            posting, cohort = await moderated(tx, self._store, caller, posting_id)
            if posting.deadline_on is not None and posting.deadline_on < cohort.local_date(now):
                raise Refusal(
                    _("Its deadline, {day}, has passed. Change that first with *Edit*.").format(
                        day=short_date(posting.deadline_on)
                    )
                )
            opened = await self._store.move(
                tx,
                posting_id,
                PostingState.CLOSED,
                PostingState.HIDDEN,
                state=PostingState.OPEN,
                why=Why.NOTHING,
                closed_at=None,
                asked_at=None,
                verified_at=now,
            )
            if opened is None:
                return await self._page(tx, posting, cohort, news=_("It is open already."))
            await self._store.clear_votes(tx, [posting_id])
            await self._telling.renew(tx, [posting_id], now, moved=True)
            await noted(tx, cohort, caller, "opened again", posting, now)
            return await self._page(tx, opened, cohort, news=_("Open again."))

    async def undo(self, caller: Caller, posting_id: int) -> str:
        """Take back a posting made within the last ten minutes; return its name."""
        now = self._clock()
        async with self._db.write() as tx:
            posting, cohort = await moderated(tx, self._store, caller, posting_id)
            if posting.source is not Source.MODERATOR or now >= posting.made_at + UNDO_FOR:
                raise Refusal(_("Ten minutes are over. *Close* it instead: that can be undone."))
            await self._telling.stand_back(tx, posting_id, now)
            if await self._store.features_of(tx, posting_id):
                raise Refusal(
                    _("It stands in the channel already. *Close* it: it says so there then.")
                )
            await self._store.remove(tx, [posting_id])
            await noted(tx, cohort, caller, "taken back", posting, now)
            return posting.name

    # --- what stands out

    async def feature(self, caller: Caller, posting_id: int) -> StaffPage:
        """Let a posting stand out in the cohort's channel, on the next day with room for it."""
        now = self._clock()
        async with self._db.write() as tx:
            posting, cohort = await moderated(tx, self._store, caller, posting_id)
            if cohort.opportunities_id is None:
                raise Refusal(
                    _(
                        "{name} has no channel for opportunities. Choose one with `/cohort edit`."
                    ).format(name=echo(cohort.name))
                )
            if not cohort.runs:
                raise Refusal(_("{name} is not live.").format(name=echo(cohort.name)))
            if not posting.stands_on(cohort.local_date(now)):
                raise Refusal(_("It is not open, so it cannot stand out."))
            if cohort.cohort_id in await self._store.features_of(tx, posting_id):
                return await self._page(tx, posting, cohort, news=_("It stands out already."))
            on = await self._free_on(tx, cohort, now)
            posting = await self._store.change(tx, posting_id, featured_at=now)
            await self._telling.stand_out(tx, cohort, posting, on, now)
            await noted(tx, cohort, caller, "featured", posting, now)
            return await self._page(tx, posting, cohort)

    async def unfeature(self, caller: Caller, posting_id: int) -> StaffPage:
        """Do not let a posting stand out after all, as long as it does not."""
        now = self._clock()
        async with self._db.write() as tx:
            posting, cohort = await moderated(tx, self._store, caller, posting_id)
            await self._telling.stand_back(tx, posting_id, now)
            left = await self._store.features_of(tx, posting_id)
            news = _("It stands in the channel already. *Close* it: it says so there then.")
            if cohort.cohort_id not in left:
                news = _("It stays out of the channel.")
                await noted(tx, cohort, caller, "not featured", posting, now)
            return await self._page(tx, posting, cohort, news=news)

    async def feature_again(self, caller: Caller, posting_id: int, cohort_id: int) -> StaffPage:
        """Try once more to post what could not be posted."""
        return await self.feature(replace(caller, cohort=str(cohort_id)), posting_id)

    async def _free_on(self, tx: Tx, cohort: Cohort, now: datetime) -> date:
        """Return the next day on which there is room for one more that stands out."""
        today = cohort.local_date(now)
        a_day = await self._a_day(tx, cohort)
        taken = await self._store.featured_days(tx, cohort.cohort_id, today)
        days = (today + timedelta(n) for n in range(FURTHEST))
        free = next((day for day in days if taken.get(day, 0) < a_day), None)
        if free is None:
            raise Refusal(_("The next sixty days are full. Let fewer stand out."))
        return free

    async def _a_day(self, tx: Tx, cohort: Cohort) -> int:
        return await self._store.featured_a_day(tx, cohort.cohort_id) or MOST_FEATURED

    async def choose_featured(self, caller: Caller, posting_id: int, number: int) -> StaffPage:
        """Change how many may stand out a day in a posting's cohort."""
        async with self._db.write() as tx:
            posting, cohort = await moderated(tx, self._store, caller, posting_id)
            if number in FEATURED_CHOICES:
                await self._store.choose_featured(tx, cohort.cohort_id, number)
            return await self._page(tx, posting, cohort, news=_("Changed, from the next one on."))

    # --- several rows

    async def paste(self, caller: Caller, text: str, batch_id: int | None = None) -> BatchPage:
        """Read pasted rows and show what would be posted; nothing is posted yet."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort = await cohorts.managed_by(tx, caller)
            read_rows(text, cohort.local_date(now))
            batch = None
            if batch_id is not None:
                batch = await self._store.move_batch(tx, batch_id, BatchState.PREVIEW, text=text)
                if batch is not None and batch.guild_id != cohort.guild_id:
                    raise gone()
            if batch is None:
                batch = await self._store.add_batch(
                    tx,
                    guild_id=cohort.guild_id,
                    cohort_id=cohort.cohort_id,
                    user_id=caller.user_id,
                    text=text,
                    made_at=now,
                )
            return await self._batch_page(tx, batch, cohort)

    async def look_at_batch(self, caller: Caller, batch_id: int) -> BatchPage:
        """Show pasted rows again."""
        async with self._db.read() as tx:
            batch, cohort = await self._batch(tx, caller, batch_id)
            return await self._batch_page(tx, batch, cohort)

    async def _batch(self, tx: Tx, caller: Caller, batch_id: int) -> tuple[Batch, Cohort]:
        batch = await self._store.batch(tx, batch_id)
        if batch is None or batch.guild_id != caller.guild_id:
            await moderating(tx, caller)
            raise NotFound(_("Those rows are gone. Paste them once more."))
        return batch, await cohorts.moderated(tx, caller, batch.cohort_id)

    async def _batch_page(self, tx: Tx, batch: Batch, cohort: Cohort, news: str = "") -> BatchPage:
        now = self._clock()
        rows: tuple[Row, ...] = ()
        if batch.state is BatchState.PREVIEW:
            found = read_rows(batch.text, cohort.local_date(now))
            rows = tuple([await self._beside(tx, cohort, row) for row in found])
        posted = await self._store.of_batch(tx, batch.batch_id)
        return BatchPage(batch, cohort, rows, tuple(posted), now, news)

    async def _beside(self, tx: Tx, cohort: Cohort, row: Row) -> Row:
        """Hold a row against what is there: the same is an error, a likely twin a warning."""
        if row.sound is None:
            return row
        first = await self._store.by_canonical(tx, cohort.guild_id, row.sound.canonical)
        if first is not None and first.state is not PostingState.DECLINED:
            return replace(row, error=str(await self._there_already(tx, first)))
        twin = await self._store.twin_of(tx, cohort.guild_id, row.sound.twin_key)
        return replace(row, twin=twin)

    async def post_rows(self, caller: Caller, batch_id: int) -> BatchPage:
        """Post every row without an error, as one silent message where there is a channel."""
        now = self._clock()
        async with self._db.write() as tx:
            batch, cohort = await self._batch(tx, caller, batch_id)
            preview = await self._batch_page(tx, batch, cohort)
            if batch.state is not BatchState.PREVIEW:
                return replace(preview, news=_("That was done already."))
            if not preview.good:
                raise Refusal(_("None of the rows can be posted yet. Press *Change the rows*."))
            for row in preview.good:
                assert row.sound is not None
                posting = await self._put(tx, cohort, row.sound, now)
                await self._store.change(tx, posting.posting_id, batch_id=batch_id)
            batch = await self._store.move_batch(
                tx, batch_id, BatchState.PREVIEW, state=BatchState.POSTED, posted_at=now
            )
            assert batch is not None
            await self._telling.together(tx, cohort, batch, now)
            count = len(preview.good)
            words = f"{count} rows"
            await cohorts.log(
                tx, cohort.cohort_id, caller.user_id, "opportunities posted", words, now
            )
            page = await self._batch_page(tx, batch, cohort)
            return replace(page, rows=tuple(preview.bad))

    async def undo_rows(self, caller: Caller, batch_id: int) -> BatchPage:
        """Take back rows that were posted within the last ten minutes."""
        now = self._clock()
        async with self._db.write() as tx:
            batch, cohort = await self._batch(tx, caller, batch_id)
            if batch.state is BatchState.UNDONE:
                return await self._batch_page(tx, batch, cohort, _("They are taken back already."))
            if not batch.can_undo(now):
                raise Refusal(_("Ten minutes are over. Close single ones with `/post close`."))
            posted = await self._store.of_batch(tx, batch_id)
            await self._telling.take_back(tx, cohort, batch, now)
            await self._store.remove(tx, [posting.posting_id for posting in posted])
            batch = await self._store.move_batch(
                tx, batch_id, BatchState.POSTED, state=BatchState.UNDONE
            )
            assert batch is not None
            words = f"{len(posted)} rows"
            await cohorts.log(
                tx, cohort.cohort_id, caller.user_id, "opportunities taken back", words, now
            )
            return await self._batch_page(tx, batch, cohort)

    async def batch_of_letter(self, batch_id: int) -> BatchPage | None:
        """Return what was posted together, for its message."""
        async with self._db.read() as tx:
            batch = await self._store.batch(tx, batch_id)
            cohort = await cohorts.get(tx, batch.cohort_id) if batch else None
            if batch is None or cohort is None:
                return None
            posted = tuple(await self._store.of_batch(tx, batch_id))
            return BatchPage(batch, cohort, (), posted, self._clock())

    # --- what lists bring

    async def accept(self, tx: Tx, origin: Origin, entry: Entry, now: datetime) -> Outcome:
        """Take one entry of a list, inside the caller's transaction."""
        return (await self.accept_many(tx, origin, [entry], now))[0]

    async def accept_many(
        self, tx: Tx, origin: Origin, entries: Iterable[Entry], now: datetime
    ) -> list[Outcome]:
        """Take entries of a list, inside the caller's transaction; a thousand at a time is well."""
        return await self._intake.take(tx, origin, entries, now)

    # --- finding

    async def choices(
        self, caller: Caller, typed: str, states: Sequence[PostingState] = LISTED
    ) -> list[Posting]:
        """Return postings whose company or title has what was typed, for moderators to choose."""
        async with self._db.read() as tx:
            cohort = await moderating(tx, caller)
            said = wanted(Filter(text=typed[:100]))
            return await self._store.choices(tx, cohort.guild_id, said, states)

    async def of_letter(self, posting_id: int) -> Posting | None:
        """Return a posting for a letter about it."""
        async with self._db.read() as tx:
            return await self._store.get(tx, posting_id)

    async def cohort_of_letter(self, cohort_id: int) -> Cohort | None:
        """Return a cohort for a letter to its staff."""
        async with self._db.read() as tx:
            return await cohorts.get(tx, cohort_id)

    async def _require(self, tx: Tx, posting_id: int) -> Posting:
        posting = await self._store.get(tx, posting_id)
        if posting is None:
            raise gone()
        return posting

    async def _page(
        self, tx: Tx, posting: Posting, cohort: Cohort, *, just_made: bool = False, news: str = ""
    ) -> StaffPage:
        now = self._clock()
        featured = await self._store.features_of(tx, posting.posting_id)
        has_channel = cohort.opportunities_id is not None
        return StaffPage(
            posting=posting,
            cohort=cohort,
            now=now,
            twin=await self._store.twin_of(
                tx, posting.guild_id, posting.twin_key, posting.posting_id
            ),
            link=await self._telling.link(tx, posting),
            on=featured[cohort.cohort_id][0] if cohort.cohort_id in featured else None,
            free_on=await self._free_on(tx, cohort, now) if has_channel else None,
            today=cohort.local_date(now),
            a_day=await self._a_day(tx, cohort),
            has_channel=has_channel,
            just_made=just_made,
            news=news,
        )


async def noted(
    tx: Tx, cohort: Cohort, caller: Caller, action: str, posting: Posting, now: datetime
) -> None:
    """Note what a moderator did with an opening, for the other moderators to see."""
    words, detail = f"opportunity {action}", f"{posting.company_name} – {posting.title}"
    await cohorts.log(tx, cohort.cohort_id, caller.user_id, words, detail, now)


def named(posting: Posting) -> str:
    """Return company and title so that they do nothing in a refusal."""
    return f"{echo(posting.company_name)} – {echo(posting.title)}"


def _read(offer: Offer, cohort: Cohort, now: datetime) -> Sound:
    today = cohort.local_date(now)
    return offer.entry(today).checked(min(today, somewhere_today(now)))


def _values(cohort: Cohort, sound: Sound, now: datetime) -> dict[str, Any]:
    return {
        "guild_id": cohort.guild_id,
        "cohort_id": cohort.cohort_id,
        "source": Source.MODERATOR,
        "canonical": sound.canonical,
        "twin_key": sound.twin_key,
        "state": PostingState.OPEN,
        "verified_at": now,
        "made_at": now,
    }
