"""How people hear of openings: a post in the channel, a note to one, a card for the staff."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.clockwork.recurrence import to_utc
from bot.delivery import letters, outbox
from bot.delivery.letters import Letter, LetterState
from bot.delivery.outbox import NewLetter, Place
from bot.people import cohorts, memberships
from bot.people.cohorts import Cohort
from bot.storage.database import Tx

from .model import MORNING, Batch, Posting, takes_messages
from .store import Ask, PostingStore

STAFF_WAITS = timedelta(days=7)
MIDNIGHT = time(0)


class Telling:
    """Write the letters about postings; nothing here sends."""

    def __init__(self, store: PostingStore) -> None:
        self._store = store

    # --- in the channel

    async def stand_out(
        self, tx: Tx, cohort: Cohort, posting: Posting, on: date, now: datetime
    ) -> None:
        """Post an opening in the cohort's channel: now, or on the morning of its day."""
        assert cohort.opportunities_id is not None
        today = on <= cohort.local_date(now)
        posting_id, cohort_id = posting.posting_id, cohort.cohort_id
        letter_id = await outbox.enqueue(
            tx,
            kind="opportunity.post",
            dedupe=f"opportunity:{posting_id}:{cohort_id}:post:{int(now.timestamp())}",
            place=Place.channel(cohort.opportunities_id),
            now=now,
            due_at=now if today else to_utc(on, MORNING, cohort.zone),
            cohort_id=cohort_id,
            subject={"posting_id": posting_id},
            action="post",
            counts=False,
        )
        await self._store.feature(tx, posting_id, cohort_id, on, letter_id)

    async def stand_back(self, tx: Tx, posting_id: int, now: datetime) -> None:
        """Do not post an opening that is still to be posted."""
        for cohort_id, letter in (await self.posts(tx, posting_id)).items():
            if letter.state in (LetterState.PENDING, LetterState.HELD):
                await outbox.cancel(tx, letter.dedupe, now)
                await self._store.unfeature(tx, posting_id, cohort_id)

    async def posts(self, tx: Tx, posting_id: int) -> dict[int, Letter]:
        """Return the letters that post an opening, by their cohort."""
        found: dict[int, Letter] = {}
        for cohort_id, (_on, letter_id) in (await self._store.features_of(tx, posting_id)).items():
            letter = await letters.get(tx, letter_id) if letter_id else None
            if letter is not None:
                found[cohort_id] = letter
        return found

    async def link(self, tx: Tx, posting: Posting) -> str:
        """Return the address of an opening's own message, or of the opening itself."""
        for letter in (await self.posts(tx, posting.posting_id)).values():
            if letter.message_id is not None:
                where = f"{posting.guild_id}/{letter.channel_id}/{letter.message_id}"
                return f"https://discord.com/channels/{where}"
        return f"<{posting.url}>"

    async def renew(
        self, tx: Tx, posting_ids: Sequence[int], now: datetime, *, moved: bool = False
    ) -> None:
        """Redraw these openings where they stand; say so too when they opened or closed."""
        for posting_id in await self._store.featured_of(tx, posting_ids):
            for cohort_id, letter in (await self.posts(tx, posting_id)).items():
                if letter.message_id is None or letter.channel_id is None:
                    continue
                await self._redraw(tx, letter, posting_id, cohort_id, now)
                if moved:
                    await self._say(tx, letter.channel_id, posting_id, cohort_id, now)

    async def _redraw(
        self, tx: Tx, letter: Letter, posting_id: int, cohort_id: int, now: datetime
    ) -> None:
        await outbox.enqueue(
            tx,
            kind="opportunity.renew",
            dedupe=await self._anew(tx, f"opportunity:{posting_id}:{cohort_id}:renew:", now),
            place=Place.channel(letter.channel_id or 0),
            now=now,
            cohort_id=cohort_id,
            subject={"posting_id": posting_id},
            depends_on=letter.letter_id,
            action="edit",
            counts=False,
        )

    async def _say(
        self, tx: Tx, channel_id: int, posting_id: int, cohort_id: int, now: datetime
    ) -> None:
        await outbox.enqueue(
            tx,
            kind="opportunity.word",
            dedupe=await self._anew(tx, f"opportunity:{posting_id}:{cohort_id}:word:", now),
            place=Place.channel(channel_id),
            now=now,
            cohort_id=cohort_id,
            subject={"posting_id": posting_id},
            counts=False,
        )

    async def _anew(self, tx: Tx, prefix: str, now: datetime) -> str:
        """Return a key for a letter that says how things are now, in place of one that waits."""
        await outbox.cancel(tx, prefix, now, "something newer is said")
        return prefix + secrets.token_hex(6)

    async def together(self, tx: Tx, cohort: Cohort, batch: Batch, now: datetime) -> None:
        """Post several openings as one silent message."""
        if cohort.opportunities_id is None or not cohort.runs:
            return
        await outbox.enqueue(
            tx,
            kind="opportunity.batch",
            dedupe=batch_key(batch.batch_id),
            place=Place.channel(cohort.opportunities_id),
            now=now,
            cohort_id=cohort.cohort_id,
            subject={"batch_id": batch.batch_id},
            action="post",
            counts=False,
        )

    async def take_back(self, tx: Tx, cohort: Cohort, batch: Batch, now: datetime) -> None:
        """Take back the message of several openings."""
        await outbox.cancel(tx, batch_key(batch.batch_id), now, "taken back")
        found = await outbox.result(tx, batch_key(batch.batch_id))
        if found is None or found.state not in (LetterState.SENT, LetterState.SENDING):
            return
        await outbox.enqueue(
            tx,
            kind="opportunity.undone",
            dedupe=f"{batch_key(batch.batch_id)}:undone",
            place=Place.channel(found.channel_id or cohort.opportunities_id or 0),
            now=now,
            cohort_id=cohort.cohort_id,
            subject={"batch_id": batch.batch_id},
            depends_on=found.letter_id,
            action="edit",
            counts=False,
        )

    # --- to one person

    async def answer(self, tx: Tx, posting: Posting, now: datetime) -> None:
        """Tell whoever suggested an opening what became of it, if they take messages."""
        if posting.suggested_by is None:
            return
        member = await memberships.get(tx, posting.suggested_by)
        if member is None or not takes_messages(member):
            return
        await outbox.enqueue(
            tx,
            kind="opportunity.answer",
            dedupe=f"opportunity:{posting.posting_id}:answer:{int(now.timestamp())}",
            place=Place.user(member.user_id),
            now=now,
            cohort_id=member.cohort_id,
            member_id=member.member_id,
            subject={"posting_id": posting.posting_id},
            counts=False,
        )

    async def deadlines(self, tx: Tx, due: Sequence[tuple[Ask, int]], now: datetime) -> None:
        """Remind people of deadlines they saved, so many days before, if they take messages."""
        await outbox.enqueue_all(
            tx, [_deadline(ask, days, now) for ask, days in due if takes_messages(ask.member)], now
        )

    async def no_post(
        self, tx: Tx, letter: Letter, code: int | None, why: str, now: datetime
    ) -> None:
        """Give the day of a posting back that could not be posted, and tell the staff why."""
        cohort = await cohorts.get(tx, letter.cohort_id or 0)
        if cohort is None:
            return
        posting_id = int(letter.subject.get("posting_id", 0))
        if posting_id:
            await self._store.unfeature(tx, posting_id, cohort.cohort_id)
        key = f"opportunity:unposted:{letter.letter_id}"
        await self.staff(tx, cohort, "unposted", key, now, posting_id=posting_id, why=why)

    # --- to the staff

    async def staff_of(self, tx: Tx, guild_id: int, cohort_id: int | None) -> Cohort | None:
        """Return the cohort whose staff looks after a posting: its own, or the newest that runs."""
        here = [c for c in await cohorts.of_guild(tx, guild_id) if c.runs and c.staff_id]
        own = [cohort for cohort in here if cohort.cohort_id == cohort_id]
        return next(iter(own or here), None)

    async def staff(
        self,
        tx: Tx,
        cohort: Cohort,
        kind: str,
        dedupe: str,
        now: datetime,
        **subject: int | str,
    ) -> None:
        """Tell the moderators something, once for each key."""
        if cohort.staff_id is None:
            return
        await outbox.enqueue(
            tx,
            kind=f"opportunity.{kind}",
            dedupe=dedupe,
            place=Place.channel(cohort.staff_id),
            now=now,
            expires_at=now + STAFF_WAITS,
            cohort_id=cohort.cohort_id,
            subject=subject,
            counts=False,
        )


def batch_key(batch_id: int) -> str:
    """Return the key of the one message of several openings."""
    return f"opportunity:batch:{batch_id}"


def _deadline(ask: Ask, days: int, now: datetime) -> NewLetter:
    member, on = ask.member, ask.deadline_on
    return NewLetter(
        kind="opportunity.deadline",
        dedupe=f"opportunity:{ask.posting_id}:{on}:{days}:{member.member_id}",
        place=Place.user(member.user_id),
        due_at=now,
        expires_at=to_utc(on + timedelta(1), MIDNIGHT, member.zone),
        cohort_id=member.cohort_id,
        member_id=member.member_id,
        subject={"posting_id": ask.posting_id, "deadline_on": on.isoformat()},
        priority=4,
        counts=False,
    )
