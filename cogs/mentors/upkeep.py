"""What happens to mentoring by itself: pauses end, silence is asked about, places become free."""

from datetime import datetime, timedelta

from bot.clockwork.zones import zone_info
from bot.people import users
from bot.storage.database import Database, Tx
from cogs.mentors.model import ANSWER_WITHIN, QUIET_AFTER, Ending, MentorState, Side
from cogs.mentors.pairs import Pairs
from cogs.mentors.store import MentorStore
from cogs.mentors.telling import may_meet, tell

AHEAD = timedelta(hours=14)
"""So far ahead of UTC is the first place on earth where a day begins."""


class Upkeep:
    """Looked at every minute; whatever was done is not done again."""

    def __init__(self, db: Database, store: MentorStore) -> None:
        self._db = db
        self._store = store
        self._pairs = Pairs(store)

    async def sweep(self, now: datetime) -> None:
        """Do whatever is due by now."""
        if now.minute and not await self._is_due(now):
            return
        async with self._db.write() as tx:
            await self._free(tx, now)
            await self._ask(tx, now)
            if not now.minute:
                await self._come_back(tx, now)
                await self._part(tx, now)

    async def _is_due(self, now: datetime) -> bool:
        async with self._db.read() as tx:
            active_at, asked_at = await self._store.next_quiet(tx)
        silent = active_at is not None and active_at + QUIET_AFTER <= now
        return silent or (asked_at is not None and asked_at + ANSWER_WITHIN <= now)

    async def next_moment(self, now: datetime) -> datetime | None:
        """Return when somebody is asked next, or a place becomes free."""
        async with self._db.read() as tx:
            active_at, asked_at = await self._store.next_quiet(tx)
        found = [active_at and active_at + QUIET_AFTER, asked_at and asked_at + ANSWER_WITHIN]
        return min((at for at in found if at and at > now), default=None)

    async def _come_back(self, tx: Tx, now: datetime) -> None:
        for mentor in await self._store.due_back(tx, (now + AHEAD).date()):
            user = await users.get(tx, mentor.user_id)
            until = mentor.paused_until
            if user and until and until <= now.astimezone(zone_info(user.zone)).date():
                await self._store.change_mentor(
                    tx, mentor.mentor_id, state=MentorState.ACTIVE, paused_until=None
                )

    async def _ask(self, tx: Tx, now: datetime) -> None:
        """Ask both, after ninety quiet days, whether it goes on.

        The week to answer counts from when the later of the two is told.
        """
        for pairing in await self._store.gone_quiet(tx, now - QUIET_AFTER):
            pair = await self._pairs.whole(tx, pairing)
            told = [now]
            if pair is not None and await may_meet(tx, pair):
                for side in Side:
                    at = await tell(tx, pair, side, "mentors.still", now, f"{now:%Y%m%d}")
                    told += [at] if at else []
            await self._store.change_pairing(tx, pairing.pairing_id, asked_at=max(told))

    async def _free(self, tx: Tx, now: datetime) -> None:
        """Free the place of whoever did not answer for a week."""
        for pairing in await self._store.unanswered(tx, now - ANSWER_WITHIN):
            pair = await self._pairs.whole(tx, pairing)
            if pair is not None:
                await self._pairs.end(tx, pair, Ending.QUIET, now)

    async def _part(self, tx: Tx, now: datetime) -> None:
        """End pairings of two of whom one wants no contact; nobody is told."""
        for pairing in await self._store.all_open(tx):
            pair = await self._pairs.whole(tx, pairing)
            if pair is not None and not await may_meet(tx, pair):
                await self._pairs.end(tx, pair, Ending.APART, now)
