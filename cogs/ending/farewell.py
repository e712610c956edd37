"""How a cohort ends by itself: everybody is told in time, then records go, a few at a time.

That the end comes stands in the channel and on `/me`; nobody's messages are used up by it in the
week of the hand-over.

Nothing goes earlier than announced. The channel and each person have been told fourteen and three
days before, counted from when the words really reached them; after downtime the day moves. Each
step is one transaction that leaves a mark of what is done, so that it can break off anywhere.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.clockwork.clock import Clock
from bot.delivery import outbox
from bot.delivery.letters import PlaceKind
from bot.delivery.outbox import Letter, NewLetter
from bot.delivery.quiet import wait
from bot.people import cohorts, memberships
from bot.people.cohorts import Cohort, CohortState
from bot.people.contributions import Contributions
from bot.people.forgetting import forget_membership
from bot.people.memberships import Delivery, Member
from bot.people.users import Inbox
from bot.storage import whole
from bot.storage.database import Database, Tx
from cogs.ending.model import (
    AHEAD,
    NOTICE,
    REOPEN_FOR,
    Call,
    CallKind,
    CallPage,
    Ending,
    moment,
)
from cogs.ending.store import EndingStore

BREATH = 100
"""Letters written in one transaction."""
MOST_MENTIONED = 50
AT_ONCE = 5
"""Records that go in one transaction."""
AGAIN = timedelta(hours=1)
"""When to ask again whether somebody's day has room for a message."""
PATIENCE = timedelta(days=2)
"""How long a channel that is closed to us is waited for."""
LONGEST = timedelta(days=7)


class Farewell:
    """Tell everybody, wait, and let records go."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        store: EndingStore,
        hooks: Contributions,
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._hooks = hooks

    async def work(self, now: datetime) -> None:
        """Do everything that is due, in the order in which one thing leads to another."""
        await self._before_the_end(now)
        await self._notices(now)
        async with self._db.read() as tx:
            calls = await self._store.due_calls(tx, now)
        for call in calls:
            while await self._carry_on(call.call_id, now):
                pass
        await self._erase(now)
        if not now.minute:
            await self._tidy(now)

    async def next_at(self, now: datetime) -> datetime | None:
        """Return when something is due next; for a clock that is driven by hand."""
        async with self._db.read() as tx:
            found = [await self._store.next_call_at(tx)]
            for cohort_id in await self._store.coming_last_days(tx, now.date() - timedelta(1)):
                found.append(await self._before_at(tx, await cohorts.require(tx, cohort_id)))
            for ending in await self._store.unfinished(tx):
                cohort = await cohorts.require(tx, ending.cohort_id)
                calls = await self._store.calls_of(tx, ending.ending_id)
                found += [
                    moment(ending.call_on(kind), cohort.zone)
                    for kind in NOTICE
                    if kind not in calls
                ]
                over = moment(ending.delete_on + timedelta(days=1), cohort.zone)
                found.append(over if over > now else now + AGAIN)
        return min((max(at, now) for at in found if at is not None), default=None)

    # --- what begins

    async def _before_at(self, tx: Tx, cohort: Cohort) -> datetime | None:
        """Return when a cohort is told that its last day comes, unless it was."""
        if cohort.last_day is None:
            return None
        key = cohort.last_day.isoformat()
        if await self._store.find_call(tx, cohort.cohort_id, CallKind.BEFORE, key):
            return None
        on = cohort.last_day - AHEAD
        return moment(max(on, cohort.first_day or on), cohort.zone)

    async def _before_the_end(self, now: datetime) -> None:
        async with self._db.read() as tx:
            near = await self._store.near_last_day(tx, now.date())
            due = [each for each in near if await self._is_before(tx, each, now)]
        for cohort_id in due:
            async with self._db.write() as tx:
                if cohort := await self._is_before(tx, cohort_id, now):
                    assert cohort.last_day is not None
                    key = cohort.last_day.isoformat()
                    await self._store.begin(tx, cohort_id, None, CallKind.BEFORE, key, now)

    async def _is_before(self, tx: Tx, cohort_id: int, now: datetime) -> Cohort | None:
        cohort = await cohorts.require(tx, cohort_id)
        at = await self._before_at(tx, cohort)
        last_day = cohort.last_day
        if at is None or last_day is None or now < at or cohort.local_date(now) > last_day:
            return None
        return cohort

    async def _notices(self, now: datetime) -> None:
        """Begin the two announcements before records go; late, they move the day."""
        async with self._db.read() as tx:
            waiting = await self._store.unfinished(tx)
            due = [e.ending_id for e in waiting if await self._due_notice(tx, e, now)]
        for ending_id in due:
            async with self._db.write() as tx:
                ending = await self._store.get(tx, ending_id)
                kind = await self._due_notice(tx, ending, now) if ending else None
                if ending and kind:
                    cohort = await cohorts.require(tx, ending.cohort_id)
                    fair = cohort.local_date(now) + NOTICE[kind]
                    await self._not_before(tx, ending, cohort, fair, now)
                    key = str(ending_id)
                    await self._store.begin(tx, cohort.cohort_id, ending_id, kind, key, now)

    async def _due_notice(self, tx: Tx, ending: Ending, now: datetime) -> CallKind | None:
        """Return which of the two has to begin now: the second never before the first."""
        if ending.reopened_at is not None:
            return None
        begun = await self._store.calls_of(tx, ending.ending_id)
        kind = next((kind for kind in NOTICE if kind not in begun), None)
        if kind is None:
            return None
        cohort = await cohorts.require(tx, ending.cohort_id)
        return kind if now >= moment(ending.call_on(kind), cohort.zone) else None

    async def _not_before(
        self, tx: Tx, ending: Ending, cohort: Cohort, on: date, now: datetime
    ) -> None:
        """Move the day on which records go, where it would come sooner than announced."""
        if on > ending.delete_on:
            await self._store.change(tx, ending.ending_id, delete_on=on)
            await cohorts.log(tx, cohort.cohort_id, None, "deletion moved", on.isoformat(), now)

    # --- telling everybody

    async def _carry_on(self, call_id: int, now: datetime) -> bool:
        """Write some of the letters of an announcement; say whether there are more for now."""
        async with self._db.write() as tx:
            call = await self._store.call(tx, call_id)
            if call is None or call.next_at is None:
                return False
            cohort = await cohorts.require(tx, call.cohort_id)
            if await self._is_off(tx, call, cohort, now):
                await self._store.change_call(tx, call_id, next_at=None, done_at=now)
                return False
            if cohort.state in (CohortState.PAUSED, CohortState.BLOCKED):
                await self._store.change_call(tx, call_id, next_at=now + AGAIN)
                return False
            if call.letter_id is None and call.posted_at is None:
                await self._post(tx, call, cohort, now)
            if call.kind is CallKind.BEFORE:
                await self._store.change_call(tx, call_id, next_at=None, done_at=now)
                return False
            await self._store.tell_silently(tx, call, now)
            zones = await self._store.untold_zones(tx, call)
            written = sum([await self._write(tx, call, cohort, zone, now) for zone in zones])
            if not written:
                done = {"next_at": now + AGAIN} if zones else {"next_at": None, "done_at": now}
                await self._store.change_call(tx, call_id, **done)
            return bool(written)

    async def _is_off(self, tx: Tx, call: Call, cohort: Cohort, now: datetime) -> bool:
        """Say whether an announcement is true no longer."""
        if call.kind is CallKind.BEFORE:
            moved = cohort.last_day is None or call.key != cohort.last_day.isoformat()
            over = cohort.last_day is not None and cohort.local_date(now) > cohort.last_day
            return moved or over or not cohort.runs
        if call.kind is CallKind.REOPENED:
            return not cohort.runs or now - call.began_at > LONGEST
        ending = await self._store.get(tx, call.ending_id or 0)
        closed = cohort.state is CohortState.CLOSED
        return not closed or ending is None or bool(ending.reopened_at or ending.finished_at)

    async def _post(self, tx: Tx, call: Call, cohort: Cohort, now: datetime) -> None:
        if cohort.announcements_id is None:
            await self._store.change_call(tx, call.call_id, posted_at=now)
            return
        letter_id = await outbox.enqueue(
            tx,
            kind="ending.post",
            dedupe=f"ending:{call.call_id}:post",
            place=outbox.Place.channel(cohort.announcements_id),
            now=now,
            cohort_id=cohort.cohort_id,
            subject={"call_id": call.call_id},
            counts=False,
        )
        await self._store.change_call(tx, call.call_id, letter_id=letter_id)

    async def _write(self, tx: Tx, call: Call, cohort: Cohort, zone: str, now: datetime) -> int:
        """Write to some of those who live in a zone; return how many."""
        by_letter = await self._store.untold(tx, call, zone, Delivery.DM, now, BREATH)
        by_mention = await self._store.untold(tx, call, zone, Delivery.THREAD, now, MOST_MENTIONED)
        new = [self._letter(call, member, now) for member in by_letter]
        written = await outbox.enqueue_all(tx, new, now)
        told = [
            (member.member_id, written.get(letter.dedupe))
            for member, letter in zip(by_letter, new, strict=True)
        ]
        if by_mention:
            letter_id = await self._mention(tx, call, cohort, by_mention, now)
            told += [(member.member_id, letter_id) for member in by_mention]
        await self._store.tell(tx, call.call_id, told, now)
        return len(told)

    def _letter(self, call: Call, member: Member, now: datetime) -> NewLetter:
        """Write to somebody directly, or in the private thread they agreed to."""
        by_message = member.delivery is Delivery.DM and member.inbox is not Inbox.CLOSED
        room_id = None if by_message else member.side_thread_id
        way = outbox.Place.channel(room_id) if room_id else outbox.Place.user(member.user_id)
        return NewLetter(
            kind="ending.letter",
            dedupe=f"ending:{call.call_id}:m{member.member_id}:{int(now.timestamp())}",
            place=way,
            due_at=wait(now, member.zone, member.quiet_from, member.quiet_to),
            cohort_id=member.cohort_id,
            member_id=member.member_id,
            subject={"call_id": call.call_id},
        )

    async def came_back(
        self, tx: Tx, letter: Letter, code: int | None, why: str, now: datetime
    ) -> None:
        """Say in somebody's private thread what no direct message brings them any more."""
        member = await memberships.get(tx, letter.member_id or 0)
        call = await self._store.call(tx, int(letter.subject["call_id"]))
        to_person = letter.place.kind is PlaceKind.USER
        if member is None or call is None or not to_person:
            return
        if not member.side_thread or member.side_thread_id is None:
            return
        room = replace(
            self._letter(call, member, now),
            dedupe=f"ending:{call.call_id}:m{member.member_id}:room",
            place=outbox.Place.channel(member.side_thread_id),
        )
        written = await outbox.enqueue_all(tx, [room], now)
        if room.dedupe in written:
            number = written[room.dedupe]
            await self._store.tell_otherwise(tx, call.call_id, member.member_id, number)

    async def _mention(
        self, tx: Tx, call: Call, cohort: Cohort, people: Sequence[Member], now: datetime
    ) -> int | None:
        """Call those in the check-in channel who chose to be called there."""
        channel_id = cohort.checkins_id or cohort.announcements_id
        if channel_id is None:
            return None
        first = people[0].member_id
        return await outbox.enqueue(
            tx,
            kind="ending.mention",
            dedupe=f"ending:{call.call_id}:called{first}:{int(now.timestamp())}",
            place=outbox.Place.channel(channel_id),
            now=now,
            due_at=max(wait(now, each.zone, each.quiet_from, each.quiet_to) for each in people),
            cohort_id=cohort.cohort_id,
            subject={"call_id": call.call_id},
            pings=[each.member_id for each in people],
        )

    async def page(self, letter: Letter) -> CallPage | None:
        """Return what a letter says when it goes out; None when it is true no longer.

        The day it names is kept, and nothing of that person goes before.
        """
        now = self._clock()
        async with self._db.write() as tx:
            call = await self._store.call(tx, int(letter.subject["call_id"]))
            cohort = await cohorts.get(tx, letter.cohort_id or 0)
            if call is None or cohort is None or await self._is_off(tx, call, cohort, now):
                return None
            ending = await self._store.get(tx, call.ending_id) if call.ending_id else None
            number = letter.member_id or 0
            if call.kind in NOTICE and (await self._store.choice(tx, number)).alum:
                return None
            stays_until = await self._name_the_day(tx, call, cohort, ending, letter, now)
            called: Sequence[int] = ()
            if letter.kind != "ending.post" and letter.place.kind is not PlaceKind.USER:
                called = await self._store.told_by(tx, letter.letter_id)
                if not called:
                    return None
            return CallPage(call.kind, cohort, ending, stays_until, called)

    async def _name_the_day(
        self,
        tx: Tx,
        call: Call,
        cohort: Cohort,
        ending: Ending | None,
        letter: Letter,
        now: datetime,
    ) -> date | None:
        if ending is None:
            return None
        if call.kind not in NOTICE:
            return ending.delete_on
        fair = max(ending.delete_on, cohort.local_date(now) + NOTICE[call.kind])
        if letter.member_id is not None:
            return await self._store.promise(tx, call.call_id, letter.member_id, fair)
        await self._not_before(tx, ending, cohort, fair, now)
        return fair

    # --- letting go

    async def _erase(self, now: datetime) -> None:
        async with self._db.read() as tx:
            waiting = await self._store.unfinished(tx)
            news = await self._store.unsettled(tx, now, PATIENCE)
            zones = {e.ending_id: await cohorts.require(tx, e.cohort_id) for e in waiting}
        if news:
            async with self._db.write() as tx:
                await self._store.settle(tx, now, PATIENCE)
        gone = 0
        for ending in waiting:
            if zones[ending.ending_id].local_date(now) <= ending.delete_on:
                continue
            while went := await self._let_go(ending.ending_id, now):
                gone += went
        if gone:
            await whole.fold_log(self._db)

    async def _let_go(self, ending_id: int, now: datetime) -> int:
        """Erase some records whose time has come; return how many. With none left, it is over."""
        async with self._db.write() as tx:
            ending = await self._store.get(tx, ending_id)
            if ending is None or ending.reopened_at is not None:
                return 0
            cohort = await cohorts.require(tx, ending.cohort_id)
            today = cohort.local_date(now)
            calls = await self._store.calls_of(tx, ending_id)
            told = [calls[kind] for kind in NOTICE if kind in calls and _long_ago(calls[kind], now)]
            if today <= ending.delete_on or len(told) < len(NOTICE):
                return 0
            ripe = await self._store.ripe(tx, ending, told, today, now, AT_ONCE)
            for member in ripe:
                await forget_membership(tx, self._hooks, member)
            await self._store.change(tx, ending_id, erased=ending.erased + len(ripe))
            if not ripe and not await self._store.undecided(tx, cohort.cohort_id):
                await self._store.change(tx, ending_id, finished_at=now)
                await outbox.drop(tx, cohort.cohort_id, now)
                detail = f"records of {ending.erased} who did not stay"
                await cohorts.log(tx, cohort.cohort_id, None, "erased", detail, now)
            return len(ripe)

    async def _tidy(self, now: datetime) -> None:
        """Drop what a closed cohort holds and can never say."""
        async with self._db.read() as tx:
            held = await self._store.held_for_nothing(tx, now - REOPEN_FOR)
        for cohort_id in held:
            async with self._db.write() as tx:
                stale = await self._store.held_before(tx, cohort_id, now - REOPEN_FOR)
                await outbox.drop(tx, cohort_id, now, stale)


def _long_ago(call: Call, now: datetime) -> bool:
    """Say whether the channel had an announcement for as long as was promised."""
    return call.posted_at is not None and call.posted_at <= now - NOTICE[call.kind]
