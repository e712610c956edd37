"""What time does to openings: deadlines are told, doubtful ones asked about, dead ones closed."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from bot.clockwork.clock import Clock
from bot.delivery import outbox
from bot.people.cohorts import Cohort
from bot.storage.database import Database, Tx

from .model import (
    ANSWER_WITHIN,
    MORNING,
    REMIND_DAYS,
    VERIFY_AFTER,
    Posting,
    PostingState,
    Why,
    reminder_at,
    somewhere_today,
)
from .store import Ask, PostingStore
from .telling import Telling

WEEK_BEFORE, DAY_BEFORE = REMIND_DAYS
AT_ONCE = 500
LONGEST_REMINDER = timedelta(days=max(REMIND_DAYS) + 1)


class Hygiene:
    """Look through the openings as time passes."""

    def __init__(self, db: Database, clock: Clock, store: PostingStore, telling: Telling) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._telling = telling

    async def sweep(self, now: datetime) -> None:
        """Every minute: tell deadlines. Every hour: ask about what may be over, and close it."""
        await self.remind(now)
        if now.minute == 0:
            await self.ask(now)
            await self.close(now)
            async with self._db.write() as tx:
                await self._store.purge(tx, now)

    # --- deadlines

    async def remind(self, now: datetime) -> None:
        """Remind those who saved a posting, on their own morning, once for each of both days."""
        first_on, last_on = _near(now)
        async with self._db.read() as tx:
            waiting = await self._store.next_reminders(tx, first_on, last_on)
        zones = {
            zone
            for zone, on, week, day in waiting
            if any(at <= now for at in _moments(zone, on, week, day))
        }
        for zone in sorted(zones):
            async with self._db.write() as tx:
                asks = await self._store.to_remind(tx, zone, first_on, last_on)
                week = [ask for ask in asks if _due(ask, ask.week_before_on, WEEK_BEFORE, now)]
                day = [ask for ask in asks if _due(ask, ask.day_before_on, DAY_BEFORE, now)]
                await self._store.reminded(tx, week, "week_before_on")
                await self._store.reminded(tx, day, "day_before_on")
                near = {(ask.member.member_id, ask.posting_id) for ask in day}
                due = [(ask, DAY_BEFORE) for ask in day]
                due += [
                    (ask, WEEK_BEFORE)
                    for ask in week
                    if (ask.member.member_id, ask.posting_id) not in near
                ]
                still = [
                    (ask, n) for ask, n in due if ask.member.local_date(now) <= ask.deadline_on
                ]
                await self._telling.deadlines(tx, still, now)

    async def next_at(self, now: datetime) -> datetime | None:
        """Return the next moment at which somebody is reminded."""
        first_on, last_on = _near(now)
        async with self._db.read() as tx:
            waiting = await self._store.next_reminders(tx, first_on, last_on)
        moments = [
            at
            for zone, on, week, day in waiting
            for at in _moments(zone, on, week, day)
            if at > now
        ]
        return min(moments, default=None)

    # --- what may be over

    async def ask(self, now: datetime) -> None:
        """Ask each server's moderators, on a morning, about what may be over."""
        before_on, unverified_since = somewhere_today(now), now - VERIFY_AFTER
        async with self._db.read() as tx:
            guilds = await self._store.guilds_in_doubt(tx, before_on, unverified_since)
        for guild_id in guilds:
            async with self._db.write() as tx:
                cohort = await self._telling.staff_of(tx, guild_id, None)
                if cohort is None or not await self._morning(tx, cohort, now):
                    continue
                ids = await self._store.doubtful(tx, guild_id, before_on, unverified_since)
                await self._store.move_many(tx, ids, asked_at=now)
                await self._telling.staff(
                    tx, cohort, "verify", _card_key(cohort, now), now, count=len(ids)
                )

    async def _morning(self, tx: Tx, cohort: Cohort, now: datetime) -> bool:
        """Say whether a cohort's staff may be asked: it is past nine, and the first time today."""
        if cohort.local(now).time() < MORNING:
            return False
        return await outbox.result(tx, _card_key(cohort, now)) is None

    async def close(self, now: datetime) -> None:
        """Close what the moderators were asked about a week ago and did not answer."""
        while True:
            async with self._db.write() as tx:
                late = await self._store.asked_before(tx, now - ANSWER_WITHIN, AT_ONCE)
                for why, found in _by_reason(late, somewhere_today(now)):
                    ids = [posting.posting_id for posting in found]
                    await self._store.move_many(
                        tx, ids, state=PostingState.CLOSED, why=why, closed_at=now, asked_at=None
                    )
                    for posting_id in await self._store.featured_of(tx, ids):
                        await self._telling.stand_back(tx, posting_id, now)
                    await self._telling.renew(tx, ids, now, moved=True)
            if len(late) < AT_ONCE:
                return


def _due(ask: Ask, heard_on: date | None, days: int, now: datetime) -> bool:
    """Say whether somebody is to hear of a deadline by now, and did not yet."""
    on = ask.deadline_on
    return heard_on != on and reminder_at(on, days, ask.member.zone) <= now


def _near(now: datetime) -> tuple[date, date]:
    """Return the first and last deadline of which anybody anywhere may hear now."""
    return somewhere_today(now), (now + LONGEST_REMINDER + timedelta(days=1)).date()


def _moments(zone: str, on: date, week: bool, day: bool) -> list[datetime]:
    """Return when somebody in a zone is to hear of a deadline, without what they heard."""
    moments: list[datetime] = []
    if not week:
        moments.append(reminder_at(on, WEEK_BEFORE, zone))
    if not day:
        moments.append(reminder_at(on, DAY_BEFORE, zone))
    return moments


def _by_reason(postings: Sequence[Posting], today: date) -> Iterable[tuple[Why, Iterable[Posting]]]:
    def why(posting: Posting) -> Why:
        if posting.state is PostingState.HIDDEN:
            return Why.VOTES
        late = posting.deadline_on is not None and posting.deadline_on < today
        return Why.DEADLINE if late else Why.UNVERIFIED

    return groupby(sorted(postings, key=why), why)


def _card_key(cohort: Cohort, now: datetime) -> str:
    on = cohort.local_date(now)
    return f"opportunity:verify:{cohort.cohort_id}:{on}"
