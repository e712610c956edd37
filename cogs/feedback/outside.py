"""Feedback from people who are not on Discord: words to copy, and a ladder when none comes."""

from datetime import datetime

from bot.clockwork.clock import Clock
from bot.delivery import budget, outbox
from bot.errors import NotFound, Refusal
from bot.face.words import _
from bot.knowledge.content import Aspect, Question
from bot.knowledge.packs import Packs
from bot.people import activity, cohorts, memberships
from bot.people.caller import Caller
from bot.people.contributions import Line
from bot.people.memberships import Member, MemberState
from bot.storage.database import Database, Tx

from .model import (
    REMIND_AFTER,
    ROLES,
    Outside,
    OutsidePage,
    OutsideState,
    Role,
    Rung,
    after_working_days,
)
from .service import wants_messages
from .store import FeedbackStore


class OutsideService:
    """Hand out words, ask after three working days, and know what to try next."""

    def __init__(self, db: Database, clock: Clock, store: FeedbackStore, packs: Packs) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._packs = packs

    async def begin(self, caller: Caller, aspect: Aspect) -> tuple[Member, Question]:
        """Return who asks, and a question for the form."""
        async with self._db.read() as tx:
            member = await memberships.of(tx, caller)
        return member, self._packs.question(aspect, member.phase(self._clock()))

    async def ask(
        self,
        caller: Caller,
        cohort_id: int,
        role: Role,
        aspect: Aspect,
        occasion: str,
        question: str,
        *,
        not_joined: bool = False,
    ) -> OutsidePage:
        """Keep the question and return the words to copy."""
        async with self._db.write() as tx:
            member = await memberships.find(tx, cohort_id, caller.user_id)
            if member is None or member.state is MemberState.LEFT:
                raise Refusal(_("You are not in that cohort any more."))
            now = self._clock()
            smaller = self._packs.question(aspect, member.phase(now)).smaller
            outside = await self._store.ask_outside(
                tx,
                member.member_id,
                now,
                role=role,
                aspect=aspect,
                occasion=occasion,
                question=question,
                smaller=smaller,
                next_at=await self._again_at(tx, member, now),
            )
            await activity.note(tx, member, "feedback.asked_outside", outside.outside_id, now)
            return OutsidePage(outside, member, not_joined)

    async def _again_at(self, tx: Tx, member: Member, now: datetime) -> datetime:
        off = await cohorts.skipped(tx, member.cohort_id)
        return after_working_days(now, REMIND_AFTER, member.zone, off)

    async def get(self, caller: Caller, outside_id: int) -> OutsidePage:
        """Return a question of the caller's."""
        async with self._db.read() as tx:
            return await self._own(tx, caller, outside_id)

    async def _own(self, tx: Tx, caller: Caller, outside_id: int) -> OutsidePage:
        mine = {m.member_id: m for m in await memberships.of_user(tx, caller.user_id)}
        found = await self._store.outside(tx, outside_id, list(mine))
        if found is None:
            raise NotFound(_("That question is gone. `/feedback outside` starts another one."))
        return OutsidePage(found, mine[found.member_id])

    async def no_answer(self, caller: Caller, outside_id: int, rung: Rung) -> OutsidePage:
        """Go one step down the ladder; a second press on the same card changes nothing.

        Below the last step there is nothing more to try, and that is said kindly.
        """
        async with self._db.write() as tx:
            page = await self._own(tx, caller, outside_id)
            if page.outside.rung is not rung or page.outside.state is OutsideState.ANSWERED:
                return page
            if rung.below is None:
                found = await self._store.change_outside(
                    tx, outside_id, state=OutsideState.LEFT, next_at=None
                )
                return OutsidePage(found, page.member)
            return await self._step(tx, page, rung.below)

    async def ask_teammate(self, caller: Caller, outside_id: int) -> OutsidePage:
        """Ask a teammate instead of whoever said no."""
        async with self._db.write() as tx:
            return await self._step(tx, await self._own(tx, caller, outside_id), Rung.TEAMMATE)

    async def _step(self, tx: Tx, page: OutsidePage, rung: Rung) -> OutsidePage:
        now = self._clock()
        found = await self._store.change_outside(
            tx,
            page.outside.outside_id,
            rung=rung,
            state=OutsideState.OPEN,
            asked_at=now,
            next_at=await self._again_at(tx, page.member, now),
        )
        return OutsidePage(found, page.member)

    async def refused(self, caller: Caller, outside_id: int) -> OutsidePage:
        """Note that they said no."""
        return await self._end(caller, outside_id, OutsideState.REFUSED)

    async def leave(self, caller: Caller, outside_id: int) -> OutsidePage:
        """Stop asking after it."""
        return await self._end(caller, outside_id, OutsideState.LEFT)

    async def _end(self, caller: Caller, outside_id: int, state: OutsideState) -> OutsidePage:
        async with self._db.write() as tx:
            page = await self._own(tx, caller, outside_id)
            if page.outside.state is OutsideState.ANSWERED:
                return page
            found = await self._store.change_outside(tx, outside_id, state=state, next_at=None)
            return OutsidePage(found, page.member)

    async def sweep(self, now: datetime) -> None:
        """Ask once for each step whether they answered; what is not asked stands on `/me`."""
        async with self._db.read() as tx:
            due = await self._store.outsides_due(tx, now)
        if not due:
            return
        async with self._db.write() as tx:
            for outside in await self._store.outsides_due(tx, now):
                await self._store.change_outside(tx, outside.outside_id, next_at=None)
                member = await memberships.get(tx, outside.member_id)
                if member and member.state is MemberState.JOINED:
                    await self._ask_after(tx, member, outside, now)

    async def _ask_after(self, tx: Tx, member: Member, outside: Outside, now: datetime) -> None:
        if not wants_messages(member) or not await budget.allows(tx, member, now):
            return
        await outbox.enqueue(
            tx,
            kind="feedback.outside",
            dedupe=f"feedback:outside:{outside.outside_id}:{outside.rung.value}:{int(outside.asked_at.timestamp())}",
            place=outbox.Place.user(member.user_id),
            now=now,
            cohort_id=member.cohort_id,
            member_id=member.member_id,
            subject={"outside_id": outside.outside_id, "rung": outside.rung.value},
        )

    async def due(self, outside_id: int, rung: str) -> OutsidePage | None:
        """Return a question for the message that asks after it, unless it has moved on."""
        async with self._db.read() as tx:
            found = await self._store.outside(tx, outside_id)
            member = await memberships.get(tx, found.member_id) if found else None
        if found is None or member is None or found.state is not OutsideState.OPEN:
            return None
        return OutsidePage(found, member) if found.rung.value == rung else None

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Ask on `/me` whether somebody outside has answered."""
        return [
            Line(
                _("{who}: have they answered you?").format(who=_(ROLES[one.role])),
                _("Say"),
                "feedback.rung",
                str(one.outside_id),
                order=25,
            )
            for one in await self._store.outsides_of(tx, [member.member_id])
            if one.state is OutsideState.OPEN and one.next_at is None
        ]
