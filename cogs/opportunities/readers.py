"""What members do with an opening they see: save it, track it, say that it is closed."""

from datetime import date, datetime, time, timedelta

from bot.clockwork.clock import Clock
from bot.clockwork.recurrence import to_utc
from bot.errors import Refusal
from bot.face.words import N_, _, ngettext
from bot.people import activity, memberships
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.contributions import Cut, CutKind, ExportPart, Figure
from bot.people.memberships import Member
from bot.people.requests import Requests, TrackOpening
from bot.storage.database import Database, Tx

from .model import (
    CLOSED_BECAUSE,
    REMIND_DAYS,
    VOTES_TO_HIDE,
    MemberPage,
    Posting,
    PostingState,
    Why,
    reminder_at,
    takes_messages,
)
from .rights import gone, taking_part
from .store import PostingStore
from .telling import Telling

WEEK_BEFORE, DAY_BEFORE = REMIND_DAYS


class ReaderService:
    """Save, track and doubt openings."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        store: PostingStore,
        telling: Telling,
        requests: Requests,
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._telling = telling
        self._requests = requests

    async def look_at(self, caller: Caller, posting_id: int) -> MemberPage:
        """Show an opening to a member."""
        async with self._db.read() as tx:
            posting, member = await self._both(tx, caller, posting_id)
            return await self._page(tx, posting, member)

    async def save(self, caller: Caller, posting_id: int) -> MemberPage:
        """Save an opening: it is on the member's list, and its deadline is not forgotten."""
        now = self._clock()
        async with self._db.write() as tx:
            posting, member = await self._both(tx, caller, posting_id)
            if await self._store.saved(tx, member.member_id, posting_id):
                return await self._page(tx, posting, member, _("You saved it already."))
            if posting.state is not PostingState.OPEN:
                raise _over(posting)
            await self._store.save(
                tx,
                member.member_id,
                posting_id,
                at=now,
                week_before_on=_heard(posting, WEEK_BEFORE, member, now),
                day_before_on=_heard(posting, DAY_BEFORE, member, now),
            )
            await activity.note(tx, member, "opportunity.saved", posting_id, now)
            return await self._page(tx, posting, member)

    async def unsave(self, caller: Caller, posting_id: int) -> MemberPage:
        """Take an opening off the member's list."""
        async with self._db.write() as tx:
            posting, member = await self._both(tx, caller, posting_id)
            await self._store.unsave(tx, member.member_id, posting_id)
            return await self._page(tx, posting, member, _("Not on your list any more."))

    async def track(self, caller: Caller, posting_id: int) -> MemberPage:
        """Put an opening among the member's applications. Nobody else sees that."""
        now = self._clock()
        async with self._db.write() as tx:
            posting, member = await self._both(tx, caller, posting_id)
            if not self._requests.accepts(TrackOpening):
                raise Refusal(_("Applications cannot be tracked here."))
            opening = TrackOpening(
                member=member,
                posting_id=posting_id,
                company=posting.company_name,
                title=posting.title,
                url=posting.url,
                deadline_on=posting.deadline_on,
            )
            await self._requests.issue(tx, opening, now)
            news = _("It is among your applications now, as *saved*. Only you see them.")
            return await self._page(tx, posting, member, news)

    async def doubt(self, caller: Caller, posting_id: int) -> MemberPage:
        """Say that an opening is closed; the third member hides it until a moderator looks."""
        now = self._clock()
        async with self._db.write() as tx:
            posting, member = await self._both(tx, caller, posting_id)
            if posting.state is PostingState.HIDDEN:
                news = _("Others said so too; a moderator looks at it.")
                return await self._page(tx, posting, member, news)
            if posting.state is not PostingState.OPEN:
                raise _over(posting)
            if not await self._store.vote(tx, member.member_id, posting_id, now):
                return await self._page(tx, posting, member, _("You said so already. Thank you."))
            await activity.note(tx, member, "opportunity.doubted", posting_id, now)
            if await self._store.count_votes(tx, posting_id) >= VOTES_TO_HIDE:
                posting = await self._hide(tx, posting, now)
            left = VOTES_TO_HIDE - await self._store.count_votes(tx, posting_id)
            news = _("Thank you. It is hidden now until a moderator has looked.")
            if left > 0:
                news = ngettext(
                    "Thank you. When {n} more member says so, it is hidden until a moderator "
                    "has looked.",
                    "Thank you. When {n} more members say so, it is hidden until a moderator "
                    "has looked.",
                    left,
                ).format(n=left)
            return await self._page(tx, posting, member, news)

    async def _hide(self, tx: Tx, posting: Posting, now: datetime) -> Posting:
        hidden = await self._store.change(
            tx, posting.posting_id, state=PostingState.HIDDEN, why=Why.VOTES, asked_at=now
        )
        await self._telling.renew(tx, [posting.posting_id], now)
        cohort = await self._telling.staff_of(tx, posting.guild_id, posting.cohort_id)
        if cohort is not None:
            key = f"opportunity:{posting.posting_id}:hidden:{int(now.timestamp())}"
            await self._telling.staff(tx, cohort, "hidden", key, now, posting_id=posting.posting_id)
        return hidden

    async def remind_again(self, caller: Caller, posting_id: int) -> MemberPage:
        """Tell a member of deadlines again, after they wanted to hear no more of them."""
        async with self._db.write() as tx:
            posting, member = await self._both(tx, caller, posting_id)
            await self._store.speak_again(tx, member.member_id)
            return await self._page(tx, posting, member, _("I will remind you again."))

    async def no_reminders(self, tx: Tx, member: Member, now: datetime) -> None:
        """Say no more of deadlines to a member."""
        await self._store.silence(tx, member.member_id, now)

    async def to_remind(
        self, posting_id: int, member_id: int, deadline_on: str
    ) -> tuple[Posting, Member] | None:
        """Return what a reminder is about, if the member still wants it and it still holds."""
        async with self._db.read() as tx:
            posting = await self._store.get(tx, posting_id)
            member = await memberships.get(tx, member_id)
            if posting is None or member is None or posting.state is not PostingState.OPEN:
                return None
            if posting.deadline_on is None or posting.deadline_on.isoformat() != deadline_on:
                return None
            if not await self._store.saved(tx, member_id, posting_id):
                return None
            if await self._store.silenced(tx, member_id):
                return None
            return posting, member

    async def _both(self, tx: Tx, caller: Caller, posting_id: int) -> tuple[Posting, Member]:
        """Return the posting and the membership with which somebody looks at it."""
        posting = await self._store.get(tx, posting_id)
        if posting is None or posting.state in (PostingState.QUEUED, PostingState.DECLINED):
            raise gone()
        return posting, await taking_part(tx, caller, posting)

    async def _page(self, tx: Tx, posting: Posting, member: Member, news: str = "") -> MemberPage:
        return MemberPage(
            posting=posting,
            member=member,
            now=self._clock(),
            saved=await self._store.saved(tx, member.member_id, posting.posting_id),
            silenced=await self._store.silenced(tx, member.member_id),
            reminded=takes_messages(member),
            tracks=self._requests.accepts(TrackOpening),
            news=news,
        )

    # --- what others show of it

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Return what somebody saved, suggested and doubted."""
        saved = [
            {"company": p.company_name, "title": p.title, "url": p.url, "saved": at.isoformat()}
            for at, p in await self._store.saved_by(tx, user_id)
        ]
        suggested = [
            {
                "company": p.company_name,
                "title": p.title,
                "url": p.url,
                "became": p.state.value,
                "reason": p.reason,
            }
            for p in await self._store.suggested_by(tx, user_id)
        ]
        doubted = [
            {"opening": number, "at": at.isoformat()}
            for at, number in await self._store.votes_of(tx, user_id)
        ]
        return [
            ExportPart("openings_saved", _("Openings you saved"), saved),
            ExportPart("openings_suggested", _("Openings you suggested"), suggested),
            ExportPart("openings_doubted", _("Openings you found closed"), doubted),
        ]

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say in words what is kept of somebody here."""
        sentences: list[str] = []
        saved = len(await self._store.saved_by(tx, user_id))
        if saved:
            text = ngettext(
                "{n} opening you saved; only you.", "{n} openings you saved; only you.", saved
            )
            sentences.append(text.format(n=saved))
        suggested = len(await self._store.suggested_by(tx, user_id))
        if suggested:
            text = ngettext(
                "{n} opening you suggested; the moderators saw your name, members do not.",
                "{n} openings you suggested; the moderators saw your name, members do not.",
                suggested,
            )
            sentences.append(text.format(n=suggested))
        doubted = len(await self._store.votes_of(tx, user_id))
        if doubted:
            text = ngettext(
                "{n} opening you found closed; nobody sees who said so.",
                "{n} openings you found closed; nobody sees who said so.",
                doubted,
            )
            sentences.append(text.format(n=doubted))
        return sentences

    async def erase(self, tx: Tx, user_id: int) -> None:
        """Take a moderator out of what they pasted and looked at; the rest goes by itself."""
        await self._store.forget(tx, user_id)

    async def figures(self, tx: Tx, cohort: Cohort, cut: Cut) -> list[Figure]:
        """Count the openings that came; they are no secret of anybody."""
        if cut.kind is CutKind.WEEK:
            return []
        since = to_utc(cut.since_on, time(), cohort.zone)
        until = to_utc(cut.until_on + timedelta(days=1), time(), cohort.zone)
        number = await self._store.posted(tx, cohort.guild_id, cohort.cohort_id, since, until)
        return [Figure("openings", N_("Openings posted"), number, public=True, order=50)]


def _heard(posting: Posting, days: int, member: Member, now: datetime) -> date | None:
    """Return the deadline whose reminder is over already when somebody saves a posting."""
    on = posting.deadline_on
    if on is None or reminder_at(on, days, member.zone) > now:
        return None
    return on


def _over(posting: Posting) -> Refusal:
    why = _(CLOSED_BECAUSE[posting.why])
    if posting.state is PostingState.HIDDEN or not why:
        return Refusal(_("It is hidden for the moment: a moderator looks whether it is closed."))
    return Refusal(_("It is closed: {why}.").format(why=why))
