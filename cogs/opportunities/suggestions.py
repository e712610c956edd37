"""Openings that members pass on: they wait for a moderator, and nothing is known twice."""

from datetime import datetime
from typing import Any

from bot.clockwork.clock import Clock
from bot.errors import Refusal
from bot.face.words import _
from bot.people import activity, memberships
from bot.people.caller import Caller
from bot.people.memberships import Member
from bot.storage.database import Database, Tx

from .model import MOST_SUGGESTED, Offer, Posting, PostingState, Source, somewhere_today
from .service import named
from .store import PostingStore
from .telling import Telling


class SuggestionService:
    """Take what members suggest."""

    def __init__(self, db: Database, clock: Clock, store: PostingStore, telling: Telling) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._telling = telling

    async def suggest(self, caller: Caller, offer: Offer) -> Posting:
        """Put a member's suggestion into the queue. Raises Refusal when it is there already."""
        now = self._clock()
        async with self._db.write() as tx:
            member = await memberships.of(tx, caller)
            if await self._store.waiting_of(tx, member.member_id) >= MOST_SUGGESTED:
                text = _("{n} of your suggestions wait already. One more when they are answered.")
                raise Refusal(text.format(n=MOST_SUGGESTED))
            today = min(member.local_date(now), somewhere_today(now))
            sound = offer.entry(member.local_date(now)).checked(today)
            first = await self._store.by_canonical(tx, member.guild_id, sound.canonical)
            if first is not None:
                raise await self._known(tx, first)
            values: dict[str, Any] = {
                "guild_id": member.guild_id,
                "cohort_id": member.cohort_id,
                "source": Source.SUGGESTION,
                "canonical": sound.canonical,
                "twin_key": sound.twin_key,
                "state": PostingState.QUEUED,
                "suggested_by": member.member_id,
                "verified_at": now,
                "made_at": now,
            }
            (posting_id,) = await self._store.add_many(tx, [(sound.entry, values)])
            await activity.note(tx, member, "opportunity.suggested", posting_id, now)
            await self._tell_staff(tx, member, now)
            found = await self._store.get(tx, posting_id)
            assert found is not None
            return found

    async def _known(self, tx: Tx, first: Posting) -> Refusal:
        """Say kindly that an opening is here already."""
        name = named(first)
        if first.state is PostingState.OPEN:
            link = await self._telling.link(tx, first)
            text = _("Good find, and it is here already: **{name}** {link}")
            return Refusal(text.format(name=name, link=link))
        if first.state is PostingState.QUEUED:
            text = _("**{name}** was suggested already and waits for a moderator. Thank you.")
        else:
            text = _("**{name}** was here before, and the moderators took it down. Thank you.")
        return Refusal(text.format(name=name))

    async def _tell_staff(self, tx: Tx, member: Member, now: datetime) -> None:
        """Tell the staff, once a day, that something waits."""
        cohort = await self._telling.staff_of(tx, member.guild_id, member.cohort_id)
        if cohort is not None:
            on = cohort.local_date(now)
            key = f"opportunity:waiting:{cohort.cohort_id}:{on}"
            await self._telling.staff(tx, cohort, "waiting", key, now)
