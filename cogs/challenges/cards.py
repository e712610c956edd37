"""The weekly card, for those who chose to get everything."""

from datetime import datetime, time, timedelta

from bot.clockwork.clock import Clock
from bot.clockwork.phases import Stage
from bot.clockwork.recurrence import to_utc
from bot.delivery import budget, outbox
from bot.people.memberships import Member
from bot.people.users import Inbox
from bot.storage.database import Database, Tx

from .model import (
    CARD_AT,
    EVENING,
    KIND,
    MOST_UNANSWERED,
    State,
    card_at,
    monday,
    next_card_at,
)
from .service import ChallengeService
from .store import ChallengeStore

AT_ONCE = 100


class ChallengeCards:
    """Bring the week's challenge once, quieter for who does not respond."""

    def __init__(
        self, db: Database, clock: Clock, store: ChallengeStore, service: ChallengeService
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._service = service

    async def sweep(self, now: datetime) -> None:
        """Look at whose card is due, and at who is new or lives elsewhere by now."""
        async with self._db.read() as tx:
            due = await self._store.due(tx, now, 1)
        if due:
            async with self._db.write() as tx:
                for member, is_due in await self._store.due(tx, now, AT_ONCE):
                    if is_due:
                        await self._bring(tx, member, now)
                    next_at = next_card_at(now, member.zone)
                    await self._store.set(tx, member.member_id, next_at=next_at, zone=member.zone)

    async def next_moment(self, now: datetime) -> datetime | None:
        """Return when the next card is due."""
        async with self._db.read() as tx:
            return await self._store.next_at(tx)

    async def _bring(self, tx: Tx, member: Member, now: datetime) -> None:
        today = member.local_date(now)
        week_on = monday(today)
        joined_on = member.local_date(member.joined_at) if member.joined_at else None
        in_time = CARD_AT <= member.local(now).time() < EVENING and now >= card_at(
            week_on, member.zone
        )
        if not in_time or joined_on == today or member.inbox is Inbox.CLOSED:
            return
        if member.stage is Stage.FINISHED:
            return
        if await self._store.unanswered(tx, member.member_id) >= MOST_UNANSWERED:
            return
        kept = await self._service.of_this_week(tx, member, now)
        if kept.state is not State.OPEN or kept.told_at is not None:
            return
        if not await budget.allows(tx, member, now):
            return
        sunday_ends = to_utc(week_on + timedelta(days=7), time(), member.zone)
        await self._store.change(tx, kept.challenge_id, told_at=now)
        await outbox.enqueue(
            tx,
            kind=KIND,
            dedupe=f"challenge:{kept.challenge_id}:card",
            place=outbox.Place.user(member.user_id),
            now=now,
            expires_at=sunday_ends,
            cohort_id=member.cohort_id,
            member_id=member.member_id,
            subject={"challenge_id": kept.challenge_id},
            priority=8,
        )
