"""Nudges to ask for feedback in time: by stage, by phase, and counted back from the last day."""

from datetime import datetime, timedelta

from bot.clockwork.clock import Clock
from bot.delivery import budget, outbox
from bot.face.words import _
from bot.people import memberships
from bot.people.contributions import Line
from bot.people.memberships import Member
from bot.storage.database import Database, Tx

from .model import (
    PROMPT_ASPECTS,
    PROMPT_SHOWN_FOR,
    PROMPT_STALE_AFTER,
    PROMPTS,
    Aspect,
    Plan,
    Prompt,
    next_planned,
    planned,
)
from .service import wants_messages
from .store import FeedbackStore


class PromptService:
    """Plan each member's prompts by their own stage and dates, and bring one at a time."""

    def __init__(self, db: Database, clock: Clock, store: FeedbackStore) -> None:
        self._db = db
        self._clock = clock
        self._store = store

    async def sweep(self, now: datetime) -> None:
        """Plan for members whose stage, dates or zone moved, and bring what is due."""
        async with self._db.read() as tx:
            moved = await self._store.unplanned(tx)
            due = await self._store.prompts_due(tx, now)
        if moved or due:
            async with self._db.write() as tx:
                for member in moved:
                    await self._plan(tx, member, now)
                for plan in await self._store.prompts_due(tx, now):
                    await self._bring(tx, plan, now)

    async def _plan(self, tx: Tx, member: Member, after: datetime) -> None:
        joined_on = member.local_date(member.joined_at or after)
        every = planned(member.stage, member.starts_on, member.ends_on, joined_on)
        prompt, at = next_planned(every, member.zone, after)
        await self._store.set_plan(
            tx,
            member.member_id,
            stage=member.stage,
            starts_on=member.starts_on,
            ends_on=member.ends_on,
            zone=member.zone,
            next=prompt,
            next_at=at,
        )

    async def _bring(self, tx: Tx, plan: Plan, now: datetime) -> None:
        member = await memberships.get(tx, plan.member_id)
        if member is None or plan.next is None or plan.next_at is None:
            return
        timely = now - plan.next_at <= PROMPT_STALE_AFTER and not plan.muted
        if timely:
            until = now + PROMPT_SHOWN_FOR
            await self._store.set_plan(tx, member.member_id, shown=plan.next, shown_until=until)
            await self._write(tx, member, plan.next, plan.next_at, now)
        await self._plan(tx, member, max(now, plan.next_at))

    async def _write(
        self, tx: Tx, member: Member, prompt: Prompt, at: datetime, now: datetime
    ) -> None:
        if not wants_messages(member) or not await budget.allows(tx, member, now):
            return
        await outbox.enqueue(
            tx,
            kind="feedback.prompt",
            dedupe=f"feedback:prompt:{member.member_id}:{prompt.value}:{at.date()}",
            place=outbox.Place.user(member.user_id),
            now=now,
            expires_at=now + timedelta(days=3),
            cohort_id=member.cohort_id,
            member_id=member.member_id,
            subject={"prompt": prompt.value},
            priority=6,
        )

    async def mute(self, tx: Tx, member: Member, now: datetime) -> None:
        """Bring this member no more prompts."""
        if await self._store.plan(tx, member.member_id) is None:
            await self._plan(tx, member, now)
        await self._store.set_plan(tx, member.member_id, muted=True, shown=None, shown_until=None)

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Keep the latest prompt on `/me` for ten days."""
        plan = await self._store.plan(tx, member.member_id)
        if plan is None or plan.shown is None or plan.shown_until is None:
            return []
        if plan.shown_until <= now:
            return []
        return [
            Line(
                _(PROMPTS[plan.shown]),
                _("Ask for it"),
                "feedback.start",
                PROMPT_ASPECTS.get(plan.shown, Aspect.DELIVERABLE).value,
                order=35,
            )
        ]
