"""What becomes of a letter after an attempt: the row, the people behind it, the cohort's staff."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.delivery import blockages, claims, outbox, undeliverable
from bot.delivery.letters import Action, Letter, LetterState, Place, PlaceKind
from bot.delivery.troubles import A_MINUTE, Meaning, Trouble, patience
from bot.logs import incident
from bot.people import cohorts as cohorts_
from bot.people import users
from bot.people.cohorts import Cohort
from bot.people.memberships import members
from bot.people.users import Inbox
from bot.storage.database import Tx

Handler = Callable[[Tx, Letter, int | None, str, datetime], Awaitable[None]]
"""A feature's fall-back: told the letter, Discord's code, the reason in words, and the moment."""

BLOCKED_KIND = "delivery.blocked"
MOST_FAULTS = 5
NO_ROOM = (Meaning.CROWDED, Meaning.BLOCKED, Meaning.GONE)
"""Without a private thread or a post a cohort goes on: its feature reaches people another way."""
NO_THREAD = (Meaning.ARCHIVED, Meaning.CROWDED)
"""A thread that cannot be woken: it is locked, or too many others are awake."""
GIVE_UP_AFTER = timedelta(days=7)
AN_HOUR = timedelta(hours=1)


class PostRoom:
    """Notes what an attempt led to, each in one transaction of the letter and all that follows."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}

    async def said(
        self, tx: Tx, letter: Letter, channel_id: int | None, message_id: int | None, now: datetime
    ) -> None:
        """It was said: keep where, and note that the person or place can be reached."""
        if not await claims.ack(tx, letter, channel_id, message_id, now):
            return
        await blockages.went_through(tx, letter)
        if letter.place.kind is PlaceKind.USER and channel_id is not None:
            await users.change(tx, letter.place.id, inbox=Inbox.OPEN, dm_channel_id=channel_id)

    async def nothing_to_say(self, tx: Tx, letter: Letter, now: datetime) -> None:
        """The renderer has nothing to say any more."""
        await claims.fail(tx, letter, LetterState.CANCELLED, "no longer needed", now)

    async def our_fault(self, tx: Tx, letter: Letter, error: Exception, now: datetime) -> None:
        """It could not be written: a fault of ours, tried a few times and then given up."""
        number = incident(f"writing letter {letter.letter_id} ({letter.kind})", error)
        note = f"incident {number}"
        if letter.attempts < MOST_FAULTS:
            retry_at = now + patience(letter.attempts + MOST_FAULTS)
            await claims.nack(tx, letter, retry_at, note, now, ambiguous=False, counted=True)
        else:
            await self._give_up(tx, letter, Trouble(Meaning.REFUSED, note), now)

    async def failed(
        self, tx: Tx, letter: Letter, channel_id: int | None, trouble: Trouble, now: datetime
    ) -> None:
        """It was not simply taken: wait, give up, fall back or block, as the answer means."""
        meaning = trouble.meaning
        if meaning in (Meaning.UNSURE, Meaning.UNREACHED):
            await self._later(tx, letter, trouble, now)
        elif meaning in (Meaning.WAIT, Meaning.BAN, Meaning.FATAL, Meaning.OPENING):
            wait = trouble.retry_after or A_MINUTE
            await self._put_back(tx, letter, trouble, now + wait, now, counted=False)
        elif meaning is Meaning.SAID and letter.action in (Action.SEND, Action.EDIT):
            await claims.ack(tx, letter, channel_id, None, now, "removed by somebody")
        elif meaning in NO_THREAD or (letter.may_fail and meaning in NO_ROOM):
            await self._give_up(tx, letter, trouble, now)
        elif meaning is Meaning.CLOSED:
            await users.change(tx, letter.place.id, inbox=Inbox.CLOSED, dm_channel_id=None)
            await self._give_up(tx, letter, trouble, now)
        elif meaning is Meaning.STRANGER:
            await self._stranger(tx, letter, trouble, now)
        elif meaning in (Meaning.GONE, Meaning.BLOCKED):
            await self._closed_place(tx, letter, channel_id, trouble, now)
        else:
            number = incident(f"sending letter {letter.letter_id} ({letter.kind})", trouble)
            trouble.note = f"{trouble.note} (incident {number})"
            await self._give_up(tx, letter, trouble, now)

    async def _later(self, tx: Tx, letter: Letter, trouble: Trouble, now: datetime) -> None:
        if letter.expires_at is None and now - letter.created_at > GIVE_UP_AFTER:
            await self._give_up(tx, letter, trouble, now)
        else:
            retry_at = now + patience(letter.attempts)
            await self._put_back(tx, letter, trouble, retry_at, now, counted=True)

    async def _put_back(
        self,
        tx: Tx,
        letter: Letter,
        trouble: Trouble,
        retry_at: datetime,
        now: datetime,
        *,
        counted: bool,
    ) -> None:
        await claims.nack(
            tx,
            letter,
            retry_at,
            trouble.note,
            now,
            ambiguous=trouble.meaning is Meaning.UNSURE,
            counted=counted,
            status=trouble.status,
            code=trouble.code,
        )

    async def _give_up(self, tx: Tx, letter: Letter, trouble: Trouble, now: datetime) -> None:
        """End the letter unsaid, and let its feature fall back to something else."""
        ended = await claims.fail(
            tx,
            letter,
            LetterState.DEAD,
            trouble.note,
            now,
            status=trouble.status,
            code=trouble.code,
        )
        handler = self.handlers.get(letter.kind)
        if ended and handler:
            why = undeliverable.plain(trouble.code, trouble.note)
            try:
                async with tx.begin_nested():
                    await handler(tx, letter, trouble.code, why, now)
            except Exception as error:
                incident(f"falling back from letter {letter.letter_id} ({letter.kind})", error)

    async def _stranger(self, tx: Tx, letter: Letter, trouble: Trouble, now: datetime) -> None:
        """The person is gone: nothing else of this server reaches them either."""
        await self._give_up(tx, letter, trouble, now)
        cohort = await self._cohort(tx, letter)
        if cohort is None or letter.place.kind is not PlaceKind.USER:
            return
        here = [each.cohort_id for each in await cohorts_.of_guild(tx, cohort.guild_id)]
        rows = await tx.execute(
            select(members.c.member_id).where(
                members.c.user_id == letter.place.id, members.c.cohort_id.in_(here)
            )
        )
        for member_id in rows.scalars().all():
            await outbox.cancel_for_member(tx, member_id, now, "they are gone")

    async def _closed_place(
        self,
        tx: Tx,
        letter: Letter,
        channel_id: int | None,
        trouble: Trouble,
        now: datetime,
    ) -> None:
        """A place is gone or closed to us: one of the cohort's own channels blocks the cohort."""
        cohort = await self._cohort(tx, letter)
        gone = trouble.meaning is Meaning.GONE
        if letter.place.kind is PlaceKind.USER and gone and letter.attempts < MOST_FAULTS:
            await users.change(tx, letter.place.id, dm_channel_id=None)
            await self._put_back(tx, letter, trouble, now, now, counted=True)
            return
        own = cohort is not None and (
            trouble.code == 10004
            or (channel_id is not None and blockages.is_channel_of(cohort, channel_id))
        )
        if not own or cohort is None:
            await self._give_up(tx, letter, trouble, now)
            return
        why = undeliverable.plain(trouble.code, trouble.note)
        if gone:
            await self._give_up(tx, letter, trouble, now)
            await outbox.end_at(tx, letter.order_key, trouble.note, now)
        else:
            await claims.shelve(tx, letter, trouble.note, status=trouble.status, code=trouble.code)
            await blockages.watch(tx, cohort.cohort_id, letter.order_key, now)
        await blockages.block(tx, cohort, why)
        await self._tell_staff(tx, cohort, letter, channel_id, why, now)

    async def _tell_staff(
        self,
        tx: Tx,
        cohort: Cohort,
        letter: Letter,
        channel_id: int | None,
        why: str,
        now: datetime,
    ) -> None:
        """Tell the cohort's staff once, where we still may; else one of its named contacts."""
        if cohort.staff_id is not None and cohort.staff_id != channel_id:
            place = Place.channel(cohort.staff_id)
        elif cohort.contacts:
            place = Place.user(cohort.contacts[0])
        else:
            return
        await outbox.enqueue(
            tx,
            kind=BLOCKED_KIND,
            dedupe=f"{BLOCKED_KIND}:{cohort.cohort_id}:{letter.order_key}:{now:%Y-%m-%d}",
            place=place,
            now=now,
            subject={"cohort": cohort.name, "channel_id": channel_id or 0, "why": why},
            priority=1,
            counts=False,
        )

    async def _cohort(self, tx: Tx, letter: Letter) -> Cohort | None:
        return None if letter.cohort_id is None else await cohorts_.get(tx, letter.cohort_id)
