"""What happens to reminders by themselves: they come when they are due, each once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import cast

from bot.clockwork.breathing import breathing
from bot.clockwork.recurrence import to_utc
from bot.clockwork.when import Repeating
from bot.clockwork.zones import law_version, zone_info
from bot.delivery import letters, outbox
from bot.delivery.letters import OPEN as ON_ITS_WAY
from bot.delivery.letters import Letter
from bot.delivery.outbox import NewLetter, Place
from bot.delivery.quiet import wait
from bot.people import cohorts, memberships
from bot.people.memberships import Delivery, Member
from bot.people.users import Inbox
from bot.storage.database import Database, Tx

from .model import AN_HOUR, KEPT_ASKED, KEPT_OVER, Reminder, Way
from .store import ReminderStore, Told

AHEAD = timedelta(seconds=60)
"""Letters are written this long before their moment, so that they leave at its very second."""
CHUNK = 500
SOON = 2


class Rounds:
    """Claims what is due and writes its letters; nothing here sends."""

    def __init__(self, db: Database, store: ReminderStore) -> None:
        self._db = db
        self._store = store
        self._law_known = False

    async def sweep(self, now: datetime) -> None:
        """Write letters for what comes within the minute; now and then forget what is over."""
        if not self._law_known:
            await self.follow_the_law(law_version())
        async with self._db.read() as tx:
            if not await self._store.any_due(tx, now + AHEAD) and now.minute:
                return
        async with self._db.write() as tx:
            await self.claim(tx, now)
            if not now.minute:
                await self._store.purge(tx, now - KEPT_ASKED, now - KEPT_OVER)

    async def next_moment(self, now: datetime) -> datetime | None:
        """Return when the next reminder comes."""
        async with self._db.read() as tx:
            return await self._store.next_wake(tx)

    async def claim(self, tx: Tx, now: datetime) -> int:
        """Take everything due in one go: note it as said, reckon what comes next, write letters."""
        due = await self._store.due(tx, now + AHEAD)
        told: list[Told] = []
        said: list[tuple[Member, datetime, int]] = []
        async for one, member in breathing(due):
            assert one.wake_at is not None
            latest = one.latest(now)
            after = max(latest, now) if one.wake_at != one.snoozed_at else now
            told.append(Told(one.reminder_id, latest, self._next(one, after)))
            said.append((member, _heard(member, one.wake_at, now), one.reminder_id))
        await self._store.tell(tx, told, now)
        await self._write(tx, said, now)
        return len(told)

    def _next(self, one: Reminder, after: datetime) -> datetime | None:
        """Return the rule's next moment; one that was only put off keeps the one it had."""
        if one.wake_at == one.snoozed_at and one.next_at is not None and one.next_at > after:
            return one.next_at
        return one.after(after)

    async def _write(
        self, tx: Tx, said: Sequence[tuple[Member, datetime, int]], now: datetime
    ) -> None:
        """Write one letter for all that one member is told at one moment."""
        in_order = sorted(said, key=lambda each: (each[0].member_id, each[1]))
        due: list[NewLetter] = []
        for (_id, at), group in groupby(in_order, key=lambda each: (each[0].member_id, each[1])):
            theirs = list(group)
            ids = [reminder_id for _member, _at, reminder_id in theirs]
            letter = await self._letter(tx, theirs[0][0], ids, at, now)
            if letter is not None:
                due.append(letter)
        await outbox.enqueue_all(tx, due, now)

    async def _letter(
        self, tx: Tx, member: Member, ids: list[int], at: datetime, now: datetime
    ) -> NewLetter | None:
        way = way_to(member)
        if way is Way.DM:
            return _words(member, ids, at, Place.user(member.user_id))
        if way is Way.ROOM:
            room = await self._room(tx, member, now)
            return _words(member, ids, at, room) if room else None
        if way is Way.THREAD:
            return await self._call(tx, member, ids, at)
        return None

    async def _room(self, tx: Tx, member: Member, now: datetime) -> Place | None:
        """Return the member's own private thread, opened the first time it is needed."""
        if member.side_thread_id is not None:
            return Place.channel(member.side_thread_id)
        key = f"reminders:room:{member.member_id}"
        known = await outbox.result(tx, key)
        if known is not None and known.channel_id is not None:
            await memberships.change(tx, member.member_id, side_thread_id=known.channel_id)
            return Place.channel(known.channel_id)
        if known is not None:
            return Place.thread_of(known.letter_id) if known.state in ON_ITS_WAY else None
        cohort = await cohorts.get(tx, member.cohort_id)
        if cohort is None or cohort.checkins_id is None:
            return None
        room_id = await outbox.enqueue(
            tx,
            kind="reminders.room",
            dedupe=key,
            place=Place.channel(cohort.checkins_id),
            now=now,
            cohort_id=member.cohort_id,
            member_id=member.member_id,
            action="thread",
            priority=SOON,
            counts=False,
        )
        assert room_id is not None
        place = Place.thread_of(room_id)
        await outbox.enqueue(
            tx,
            kind="reminders.hello",
            dedupe=f"{key}:hello",
            place=place,
            now=now,
            cohort_id=member.cohort_id,
            member_id=member.member_id,
            priority=SOON,
            counts=False,
        )
        return place

    async def _call(self, tx: Tx, member: Member, ids: list[int], at: datetime) -> NewLetter | None:
        """Mention the member in the week's thread; what it is about only they are shown."""
        thread = await letters.latest_thread(tx, member.cohort_id, letters.WEEK_THREAD)
        if thread is None or thread.depends_on is None:
            return None
        return NewLetter(
            kind="reminders.call",
            dedupe=_key(ids, at),
            place=Place.thread_of(thread.depends_on),
            depends_on=thread.letter_id,
            due_at=at,
            cohort_id=member.cohort_id,
            member_id=member.member_id,
            subject={"ids": ids},
            priority=SOON,
            counts=False,
            any_hour=True,
        )

    async def undelivered(
        self, tx: Tx, letter: Letter, code: int | None, why: str, now: datetime
    ) -> None:
        """Say it in the member's private thread, where they agreed to one; `/me` has it anyway."""
        member = await memberships.get(tx, letter.member_id) if letter.member_id else None
        if member is None or not member.side_thread or ":instead" in letter.dedupe:
            return
        room = await self._room(tx, member, now)
        if room is None:
            return
        ids = numbers(letter)
        again = _words(member, ids, letter.due_at, room, instead=":instead")
        await outbox.enqueue_all(tx, [again], now)

    # --- clocks that change

    async def moved(self, tx: Tx, member: Member, now: datetime) -> None:
        """Let the member's rules go by the clock of where they live now.

        The day that comes next stays the next one: none is left out and none comes twice.
        """
        waiting = await self._store.of_members(tx, [member.member_id])
        moved: list[tuple[Reminder, str, datetime]] = []
        for one in waiting:
            if one.next_at and one.follows() and one.zone != member.zone:
                moved.append((one, member.zone, max(now, _same_day(one, member.zone))))
        await self._store.move(tx, moved)

    async def follow_the_law(self, version: str) -> None:
        """Reckon every moment anew once the zones' laws have a new edition."""
        async with self._db.read() as tx:
            known = await self._store.law(tx)
        self._law_known = True
        if known == version:
            return
        last = 0
        while known:
            async with self._db.write() as tx:
                some = await self._store.waiting(tx, last, CHUNK)
                moved = [
                    (one, one.zone, at)
                    async for one in breathing(some)
                    if one.next_at and (at := _same_day(one, one.zone)) != one.next_at
                ]
                await self._store.move(tx, moved)
            if len(some) < CHUNK:
                break
            last = some[-1].reminder_id
        async with self._db.write() as tx:
            await self._store.set_law(tx, version)


def way_to(member: Member) -> Way:
    """Return how words only for this member may reach them."""
    if member.delivery is Delivery.DM and member.inbox is not Inbox.CLOSED:
        return Way.DM
    if member.side_thread:
        return Way.ROOM
    return Way.THREAD if member.delivery is Delivery.THREAD else Way.PANEL


def numbers(letter: Letter) -> list[int]:
    """Return the reminders a letter is about."""
    return list(cast(list[int], letter.subject["ids"]))


def _words(
    member: Member, ids: list[int], at: datetime, place: Place, instead: str = ""
) -> NewLetter:
    return NewLetter(
        kind="reminders.due" if len(ids) == 1 else "reminders.several",
        dedupe=_key(ids, at) + instead,
        place=place,
        due_at=at,
        cohort_id=member.cohort_id,
        member_id=member.member_id,
        subject={"ids": ids},
        priority=SOON,
        counts=False,
        any_hour=True,
    )


def _heard(member: Member, at: datetime, now: datetime) -> datetime:
    """Return when it is said: what is late by hours does not wake anybody."""
    if now - at < AN_HOUR:
        return max(at, now)
    return wait(now, member.zone, member.quiet_from, member.quiet_to)


def _key(ids: list[int], at: datetime) -> str:
    """One letter for each reminder and moment; the first of several stands for them."""
    return f"reminder:{ids[0]}:{int(at.timestamp())}"


def _same_day(one: Reminder, zone: str) -> datetime:
    """Return the moment of the day that comes next, as a clock in that zone has it."""
    assert one.next_at is not None
    meaning = one.meaning
    if isinstance(meaning, Repeating):
        on = one.next_at.astimezone(zone_info(one.zone)).date()
        return to_utc(on, meaning.rule.at, zone)
    if meaning.wall is None:
        return one.next_at
    return to_utc(meaning.wall.date(), meaning.wall.time(), zone)
