"""What a member can do with a challenge."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.clockwork.clock import Clock
from bot.delivery import outbox
from bot.errors import NotFound, Refusal
from bot.face.escape import one_line
from bot.face.words import N_, _, ngettext
from bot.knowledge.content import Challenge, Section
from bot.knowledge.packs import Packs
from bot.knowledge.week import area_of, phase_for
from bot.people import activity, cohorts, memberships, profiles
from bot.people.activity import Visibility
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.contributions import ExportPart, HelpLine, Line, News
from bot.people.memberships import Member, MemberState
from bot.people.profiles import Detail
from bot.people.record import Chapter, Entry
from bot.people.requests import KeepEntry, MakeGoal, RemindMe, Requests
from bot.storage.database import Database, Tx

from .model import PAGE_SIZE, SHARED, History, Kept, Page, Row, State, moments, monday
from .store import ChallengeStore

HERE = (MemberState.JOINED, MemberState.PAUSED)
REASON = N_("You chose to get everything in {cohort}; this is the week's small challenge.")
SHARED_REASON = N_("A member of {cohort} shared a small step they took.")


class ChallengeService:
    """Decide; then keep what was decided."""

    help = (HelpLine("/challenge", N_("One small step this week that nobody asked for.")),)

    def __init__(
        self, db: Database, clock: Clock, store: ChallengeStore, packs: Packs, requests: Requests
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._packs = packs
        self._requests = requests

    # --- this week's

    async def show(self, caller: Caller) -> Page:
        """Return this week's challenge of the caller."""
        now = self._clock()
        async with self._db.write() as tx:
            member = await memberships.of(tx, caller)
            return await self._page(tx, member, await self.of_this_week(tx, member, now))

    async def open(self, caller: Caller, member_id: int) -> Page:
        """Return this week's challenge of one of the caller's memberships."""
        now = self._clock()
        async with self._db.write() as tx:
            member = await self._mine(tx, caller, member_id)
            kept = await self._pressed(tx, await self.of_this_week(tx, member, now), now)
            return await self._page(tx, member, kept)

    async def get(self, caller: Caller, challenge_id: int) -> Page:
        """Return one of the caller's challenges, of whichever week."""
        async with self._db.read() as tx:
            return await self._page(tx, *await self._own(tx, caller, challenge_id))

    async def of_this_week(self, tx: Tx, member: Member, now: datetime) -> Kept:
        """Return the week's challenge, after choosing one where there was none."""
        week_on = monday(member.local_date(now))
        kept = await self._store.of_week(tx, member.member_id, week_on)
        if kept is not None:
            return kept
        turn = _first_turn(member, week_on)
        chosen = await self._choose(tx, member, turn, now)
        return await self._store.add(tx, member.member_id, week_on, chosen.id, turn, chosen.do)

    async def _choose(
        self, tx: Tx, member: Member, turn: int, now: datetime, *, but: Sequence[str] = ()
    ) -> Challenge:
        today = member.local_date(now)
        phase = phase_for(member.stage, member.starts_on, member.ends_on, today)
        done = await self._store.names_done(tx, member.member_id)
        return self._packs.challenge(phase, member.stage, turn, done=[*done, *but])

    def _read(self, name: str) -> Challenge | None:
        every = (each for one in self._packs.challenges for each in one.challenges)
        return next((each for each in every if each.id == name), None)

    async def another(self, caller: Caller, challenge_id: int) -> Page:
        """Choose another one for the week it belongs to, while that week lasts."""
        now = self._clock()
        async with self._db.write() as tx:
            member, kept = await self._own(tx, caller, challenge_id)
            if self._is_now(member, kept) and kept.state is not State.DONE:
                turn = kept.turn + 1
                chosen = await self._choose(tx, member, turn, now)
                if chosen.id == kept.name:
                    chosen = await self._choose(tx, member, turn, now, but=[kept.name])
                kept = await self._store.change(
                    tx,
                    challenge_id,
                    name=chosen.id,
                    turn=turn,
                    what=chosen.do,
                    state=State.OPEN,
                    goal=False,
                    remind_at=None,
                )
            return await self._page(tx, member, await self._pressed(tx, kept, now))

    async def finish(self, caller: Caller, challenge_id: int) -> Page:
        """Mark it done, for nobody else; doing so again changes nothing."""
        now = self._clock()
        async with self._db.write() as tx:
            member, kept = await self._own(tx, caller, challenge_id)
            if kept.state is not State.DONE:
                kept = await self._store.change(tx, challenge_id, state=State.DONE, done_at=now)
                await activity.note(tx, member, "challenge.done", challenge_id, now)
            return await self._page(tx, member, await self._pressed(tx, kept, now))

    async def undo(self, caller: Caller, challenge_id: int) -> Page:
        """Open it again, whether it was done or skipped."""
        now = self._clock()
        async with self._db.write() as tx:
            member, kept = await self._own(tx, caller, challenge_id)
            if kept.state is not State.OPEN:
                word = "challenge.undone" if kept.state is State.DONE else "challenge.resumed"
                kept = await self._store.change(tx, challenge_id, state=State.OPEN, done_at=None)
                await activity.note(tx, member, word, challenge_id, now)
            return await self._page(tx, member, await self._pressed(tx, kept, now))

    async def skip(self, caller: Caller, challenge_id: int) -> Page:
        """Leave this week out."""
        now = self._clock()
        async with self._db.write() as tx:
            member, kept = await self._own(tx, caller, challenge_id)
            if kept.state is State.OPEN:
                kept = await self._store.change(tx, challenge_id, state=State.SKIPPED)
                await activity.note(tx, member, "challenge.skipped", challenge_id, now)
            return await self._page(tx, member, await self._pressed(tx, kept, now))

    async def let_come(self, caller: Caller, member_id: int, *, come: bool) -> Page:
        """Have no challenges any more, or have them again."""
        now = self._clock()
        async with self._db.write() as tx:
            member = await self._mine(tx, caller, member_id)
            if await self._store.stopped(tx, member_id) is come:
                await self._store.set(tx, member_id, stopped=not come)
                word = "challenge.started" if come else "challenge.stopped"
                await activity.note(tx, member, word, None, now)
            kept = await self.of_this_week(tx, member, now)
            return await self._page(tx, member, await self._pressed(tx, kept, now))

    async def want_none(self, tx: Tx, member: Member, now: datetime) -> None:
        """Bring this member no more challenges."""
        await self._store.set(tx, member.member_id, stopped=True)
        await activity.note(tx, member, "challenge.stopped", None, now)

    # --- what may come of it

    async def make_goal(self, caller: Caller, challenge_id: int) -> Page:
        """Make a goal of it; a second press makes no second one."""
        now = self._clock()
        async with self._db.write() as tx:
            member, kept = await self._own(tx, caller, challenge_id)
            if not kept.goal:
                found = self._read(kept.name)
                area = area_of(self._packs, found.guide if found else None)
                await self._requests.issue(tx, MakeGoal(member, kept.what, area), now)
                kept = await self._store.change(tx, challenge_id, goal=True)
            return await self._page(tx, member, await self._pressed(tx, kept, now))

    async def offer(self, caller: Caller, challenge_id: int) -> tuple[Kept, tuple[datetime, ...]]:
        """Return when the caller may be reminded."""
        async with self._db.read() as tx:
            member, kept = await self._own(tx, caller, challenge_id)
            return kept, moments(member.zone, self._clock())

    async def remind(self, caller: Caller, challenge_id: int, at: datetime) -> Kept:
        """Have the caller reminded; the same moment again changes nothing.

        Raises Refusal for a moment that has passed.
        """
        now = self._clock()
        async with self._db.write() as tx:
            member, kept = await self._own(tx, caller, challenge_id)
            if at <= now:
                raise Refusal(_("That moment has passed. Press *Remind me* again for later ones."))
            if kept.remind_at != at:
                await self._requests.issue(tx, RemindMe(member, kept.what, at), now)
                kept = await self._store.change(tx, challenge_id, remind_at=at)
            return await self._pressed(tx, kept, now)

    async def keep(self, caller: Caller, challenge_id: int) -> None:
        """Keep it in the caller's journal. Raises Refusal before it is done."""
        async with self._db.write() as tx:
            member, kept = await self._own(tx, caller, challenge_id)
            if kept.state is not State.DONE:
                raise Refusal(_("Keep it when it is done. Press *Done* first."))
            entry = KeepEntry(member, kept.what, "work", source=f"challenge {challenge_id}")
            await self._requests.issue(tx, entry, self._clock())

    async def preview(self, caller: Caller, challenge_id: int) -> Page:
        """Return what sharing would say, and where. Raises Refusal when it cannot be shared."""
        async with self._db.read() as tx:
            page = await self._page(tx, *await self._own(tx, caller, challenge_id))
        return _may_share(page)

    async def share(self, caller: Caller, challenge_id: int) -> Page:
        """Let the cohort read that it was done; a second press tells nobody twice."""
        now = self._clock()
        async with self._db.write() as tx:
            member, kept = await self._own(tx, caller, challenge_id)
            page = _may_share(await self._page(tx, member, kept))
            assert page.channel_id is not None
            sent = await outbox.enqueue(
                tx,
                kind=SHARED,
                dedupe=f"challenge:{challenge_id}:shared",
                place=outbox.Place.channel(page.channel_id),
                now=now,
                cohort_id=member.cohort_id,
                member_id=member.member_id,
                subject={"challenge_id": challenge_id},
                counts=False,
            )
            if sent:
                kept = await self._store.change(tx, challenge_id, shared_at=now)
                at = Visibility.COHORT
                await activity.note(tx, member, "challenge.shared", challenge_id, now, at)
            return replace(page, kept=kept)

    async def history(self, caller: Caller, member_id: int, page: int = 0) -> History:
        """Return one page of what the caller did."""
        async with self._db.read() as tx:
            member = await self._mine(tx, caller, member_id)
            count = await self._store.done_count(tx, member_id)
            pages = max(1, -(-count // PAGE_SIZE))
            page = min(max(page, 0), pages - 1)
            found = await self._store.done_page(tx, member_id, PAGE_SIZE, page * PAGE_SIZE)
        rows = tuple(
            Row(one.challenge_id, one.what, _done_on(member, one), one.shared_at is not None)
            for one in found
        )
        return History(rows, page, pages, member_id)

    # --- messages

    async def for_letter(self, challenge_id: int) -> Page | None:
        """Return the challenge of a card; None when there is nothing to say any more."""
        async with self._db.read() as tx:
            page = await self._letter_page(tx, challenge_id)
        if page is None or page.stopped or page.kept.state is not State.OPEN or not page.is_now:
            return None
        return page

    async def shared(self, challenge_id: int) -> Page | None:
        """Return what was shared; None when it is not done any more."""
        async with self._db.read() as tx:
            page = await self._letter_page(tx, challenge_id)
        return page if page and page.kept.state is State.DONE and page.kept.shared_at else None

    async def _letter_page(self, tx: Tx, challenge_id: int) -> Page | None:
        kept = await self._store.find(tx, challenge_id)
        member = await memberships.get(tx, kept.member_id) if kept else None
        return await self._page(tx, member, kept) if kept and member else None

    # --- who and what

    async def _mine(self, tx: Tx, caller: Caller, member_id: int) -> Member:
        member = await memberships.get(tx, member_id)
        if member is None or member.user_id != caller.user_id or member.state not in HERE:
            raise NotFound(_("That is not yours, or it is gone. `/challenge` shows yours."))
        return member

    async def _own(self, tx: Tx, caller: Caller, challenge_id: int) -> tuple[Member, Kept]:
        mine = {m.member_id: m for m in await memberships.of_user(tx, caller.user_id)}
        kept = await self._store.get(tx, mine, challenge_id)
        if kept is None or mine[kept.member_id].state not in HERE:
            raise NotFound(_("That is not yours, or it is gone. `/challenge` shows yours."))
        return mine[kept.member_id], kept

    async def _pressed(self, tx: Tx, kept: Kept, now: datetime) -> Kept:
        return await self._store.change(tx, kept.challenge_id, pressed_at=now)

    def _is_now(self, member: Member, kept: Kept) -> bool:
        return kept.week_on == monday(member.local_date(self._clock()))

    async def _page(self, tx: Tx, member: Member, kept: Kept) -> Page:
        cohort = await cohorts.require(tx, member.cohort_id)
        found = self._read(kept.name)
        challenge = found if found and found.do == kept.what else None
        guide = challenge.guide if challenge else None
        is_now = self._is_now(member, kept)
        return Page(
            kept=kept,
            challenge=challenge,
            member_name=member.name,
            stopped=await self._store.stopped(tx, member.member_id),
            is_now=is_now,
            may_change=is_now and kept.state is not State.DONE,
            may_goal=self._requests.accepts(MakeGoal) and not kept.goal,
            may_remind=self._requests.accepts(RemindMe),
            may_keep=self._requests.accepts(KeepEntry),
            channel_id=cohort.checkins_id or cohort.announcements_id,
            guide=guide if guide in self._packs.guides else None,
            done=await self._store.done_count(tx, member.member_id),
        )

    # --- what other cards and files show

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Show the week's challenge on `/me` until it is done, skipped or stopped."""
        if await self._store.stopped(tx, member.member_id):
            return []
        week_on = monday(member.local_date(now))
        kept = await self._store.of_week(tx, member.member_id, week_on)
        if kept is not None and kept.state is not State.OPEN:
            return []
        what = (
            kept.what
            if kept
            else (await self._choose(tx, member, _first_turn(member, week_on), now)).do
        )
        text = _("This week's challenge: {what}").format(what=what)
        return [Line(text, _("Look at it"), "challenges.show", str(member.member_id), order=60)]

    async def in_week(self, tx: Tx, member: Member, since: datetime, now: datetime) -> list[News]:
        """Say which challenge the member did, to nobody but them."""
        return [
            News(Section.WINS, _("Challenge: {what}").format(what=one_line(kept.what)))
            for kept in await self._store.of(tx, [member.member_id])
            if kept.state is State.DONE and kept.done_at and since < kept.done_at <= now
        ]

    async def digest(self, tx: Tx, cohort: Cohort, since: datetime, now: datetime) -> list[News]:
        """Add what members shared to the cohort's week."""
        return [
            News(
                Section.WINS,
                _("{name} took a step nobody asked for: {what}").format(
                    name=one_line(name, 60), what=one_line(kept.what, 150)
                ),
                order=60,
            )
            for kept, name in await self._store.shared_since(tx, cohort.cohort_id, since, now)
        ]

    async def record(self, tx: Tx, user_id: int) -> list[Entry]:
        """Add what was done to the user's record."""
        found: list[Entry] = []
        for member in await memberships.of_user(tx, user_id):
            profile = await profiles.of_member(tx, member.member_id)
            found += [
                Entry(
                    Chapter.CHALLENGES,
                    f"challenge {kept.challenge_id}",
                    _done_on(member, kept),
                    kept.what,
                    role=profile.texts.get(Detail.ROLE, ""),
                    place=profile.texts.get(Detail.COMPANY, "") or member.cohort_name,
                )
                for kept in await self._store.of(tx, [member.member_id])
                if kept.state is State.DONE
            ]
        return found

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add every challenge that was looked at to the user's export."""
        names = {m.member_id: m.cohort_name for m in await memberships.of_user(tx, user_id)}
        rows: list[dict[str, Any]] = [
            {
                "cohort": names[kept.member_id],
                "week": kept.week_on.isoformat(),
                "challenge": kept.what,
                "state": kept.state.value,
                "done": kept.done_at.isoformat() if kept.done_at else "",
                "shared": kept.shared_at.isoformat() if kept.shared_at else "",
            }
            for kept in await self._store.of(tx, list(names))
        ]
        return [ExportPart("challenges", _("Challenges"), rows)]

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept and who reads it."""
        mine = [m.member_id for m in await memberships.of_user(tx, user_id)]
        number = len(await self._store.of(tx, mine))
        line = ngettext(
            "The challenge of {n} week, and whether you did it. Only you read it; what you shared, "
            "your cohort too.",
            "The challenges of {n} weeks, and which you did. Only you read it; what you shared, "
            "your cohort too.",
            number,
        )
        return [line.format(n=number)] if number else []


def _first_turn(member: Member, week_on: date) -> int:
    """Return a turn that differs from week to week and between members."""
    return week_on.toordinal() // 7 + member.member_id


def _done_on(member: Member, kept: Kept) -> date:
    return member.local_date(kept.done_at) if kept.done_at else kept.week_on


def _may_share(page: Page) -> Page:
    if page.kept.state is not State.DONE:
        raise Refusal(_("Share it when it is done. Press *Done* first."))
    if page.channel_id is None:
        raise Refusal(_("Your cohort has no channel to share in."))
    return page
