"""How a week's check-in reaches everyone: the card, its threads, and each member their own way."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from bot.clockwork.clock import Clock
from bot.clockwork.recurrence import to_utc
from bot.delivery import budget, outbox, recipients
from bot.delivery.letters import WEEK_THREAD
from bot.delivery.outbox import Letter, NewLetter, Place
from bot.delivery.quiet import wait
from bot.delivery.recipients import Outcome
from bot.delivery.schedules import Occurrence
from bot.delivery.troubles import gone
from bot.face.words import _
from bot.people import cohorts, memberships
from bot.people.cohorts import Cohort
from bot.people.memberships import Delivery, Member
from bot.storage.database import Database, Tx

from .model import NAMES_AT_ONCE, NUDGE_BEFORE, THREAD_HOLDS, Round
from .service import letter_key, wants_messages
from .store import CheckinStore


class CheckinRounds:
    """Open a week, ask everyone once, remind once, and fall back where a message is refused."""

    def __init__(self, db: Database, clock: Clock, store: CheckinStore) -> None:
        self._db = db
        self._clock = clock
        self._store = store

    async def fire(
        self, tx: Tx, cohort: Cohort, occurrence: Occurrence, members: list[Member], now: datetime
    ) -> None:
        """Write what asks these members; the card and its thread come with the first of them."""
        opened = await self._store.open_round(
            tx, cohort.cohort_id, occurrence.schedule_id, occurrence.on, now
        )
        threads = _Threads(tx, self._store, cohort, occurrence, opened, now)
        await threads.ensure(0)
        by_message = [m for m in members if wants_messages(m)]
        in_thread = [
            m
            for m in members
            if m.delivery is Delivery.THREAD or (m.delivery is Delivery.DM and m not in by_message)
        ]
        await self._ask(tx, cohort, occurrence, by_message, now)
        await threads.call(in_thread)

    async def _ask(
        self, tx: Tx, cohort: Cohort, occurrence: Occurrence, members: list[Member], now: datetime
    ) -> None:
        asked = {
            letter_key(occurrence.schedule_id, occurrence.on, member) + "ask": member
            for member in members
        }
        written = await outbox.enqueue_all(
            tx,
            [
                NewLetter(
                    kind="checkin.ask",
                    dedupe=key,
                    place=Place.user(member.user_id),
                    due_at=occurrence.due_at,
                    expires_at=occurrence.due_at + timedelta(hours=cohort.open_hours),
                    cohort_id=cohort.cohort_id,
                    member_id=member.member_id,
                    subject={"period": occurrence.on.isoformat()},
                    priority=4,
                )
                for key, member in asked.items()
            ],
            now,
        )
        pairs = [(asked[key].member_id, letter_id) for key, letter_id in written.items()]
        await recipients.link(tx, occurrence.schedule_id, occurrence.on, pairs)

    async def undelivered(
        self, tx: Tx, letter: Letter, code: int | None, why: str, now: datetime
    ) -> None:
        """Ask in the week's thread whom a direct message did not reach, unless they are gone."""
        member = await memberships.get(tx, letter.member_id) if letter.member_id else None
        opened = await self._store.latest_round(tx, letter.cohort_id) if letter.cohort_id else None
        if member is None or opened is None:
            return
        cohort = await cohorts.require(tx, member.cohort_id)
        key = f"checkin:{opened.schedule_id}:{opened.period}:thread:0"
        thread = None if gone(code) else await outbox.result(tx, key)
        if thread is None or letter.subject.get("period") != opened.period.isoformat():
            await recipients.mark(tx, Outcome.UNDELIVERED, why, letters=[letter.letter_id])
            return
        card = await outbox.result(tx, key.replace(":thread:", ":card:"))
        assert card is not None
        sent = await outbox.enqueue(
            tx,
            kind="checkin.call",
            dedupe=letter_key(opened.schedule_id, opened.period, member) + "instead",
            place=Place.thread_of(card.letter_id),
            now=now,
            cohort_id=cohort.cohort_id,
            depends_on=thread.letter_id,
            expires_at=letter.expires_at,
            pings=[member.member_id],
        )
        if sent:
            await recipients.link(tx, opened.schedule_id, opened.period, [(member.member_id, sent)])
            instead = _("closed to direct messages, asked in the thread")
            await recipients.mark(tx, Outcome.ASKED, instead, letters=[sent])

    async def remind(self, now: datetime) -> None:
        """Remind once, privately, who has not answered twelve hours before the check-in closes."""
        async with self._db.read() as tx:
            late = await self._store.to_nudge(tx, now)
        if not late:
            return
        async with self._db.write() as tx:
            for nudge in late:
                member = await memberships.get(tx, nudge.member_id)
                if member is None or not wants_messages(member):
                    continue
                if not await budget.allows(tx, member, now):
                    continue
                await outbox.enqueue(
                    tx,
                    kind="checkin.nudge",
                    dedupe=letter_key(nudge.schedule_id, nudge.period, member) + "nudge",
                    place=Place.user(member.user_id),
                    now=now,
                    expires_at=nudge.closes_at,
                    cohort_id=member.cohort_id,
                    member_id=member.member_id,
                    subject={"period": nudge.period.isoformat()},
                )

    async def next_reminder(self, now: datetime) -> datetime | None:
        """Return when somebody's check-in next comes within twelve hours of its end."""
        async with self._db.read() as tx:
            return await self._store.next_nudge_at(tx, now)

    async def called(self, letter: Letter) -> list[Member]:
        """Return whom a message in the thread mentions: those still here who have not answered."""
        async with self._db.read() as tx:
            return await recipients.of_letter(tx, letter.letter_id)

    async def card(self, letter: Letter) -> tuple[Cohort, Round] | None:
        """Return the cohort and the week behind a card or a thread."""
        async with self._db.read() as tx:
            opened = await self._store.round(tx, int(letter.subject["round_id"]))
            cohort = await cohorts.get(tx, opened.cohort_id) if opened else None
        return (cohort, opened) if cohort and opened else None


class _Threads:
    """The card of a week and the threads below it, at most 900 mentioned members in each."""

    def __init__(
        self,
        tx: Tx,
        store: CheckinStore,
        cohort: Cohort,
        occurrence: Occurrence,
        opened: Round,
        now: datetime,
    ) -> None:
        self._tx = tx
        self._store = store
        self._cohort = cohort
        self._occurrence = occurrence
        self._round = opened
        self._now = now

    async def ensure(self, number: int) -> tuple[int, int] | None:
        """Return the letters of a card and its thread; write them where they are missing."""
        if self._cohort.checkins_id is None:
            return None
        key = f"checkin:{self._occurrence.schedule_id}:{self._occurrence.on}"
        card = await self._letter(
            f"{key}:card:{number}", "checkin.card", Place.channel(self._cohort.checkins_id), number
        )
        thread = await self._letter(
            f"{key}:thread:{number}",
            WEEK_THREAD,
            Place.channel(self._cohort.checkins_id),
            number,
            depends_on=card,
            action="thread",
        )
        wall = self._occurrence.rule.at
        opens = to_utc(self._occurrence.on, wall, self._cohort.zone)
        closes = opens + timedelta(hours=self._cohort.open_hours)
        await outbox.enqueue(
            self._tx,
            kind="checkin.closing",
            dedupe=f"{key}:closing:{number}",
            place=Place.thread_of(card),
            now=self._now,
            due_at=closes - NUDGE_BEFORE,
            expires_at=closes,
            cohort_id=self._cohort.cohort_id,
            subject={"round_id": self._round.round_id, "closes": int(closes.timestamp())},
            depends_on=thread,
            counts=False,
        )
        return card, thread

    async def _letter(
        self,
        dedupe: str,
        kind: str,
        place: Place,
        number: int,
        depends_on: int | None = None,
        action: Literal["send", "thread"] = "send",
    ) -> int:
        known = await outbox.result(self._tx, dedupe)
        if known:
            return known.letter_id
        made = await outbox.enqueue(
            self._tx,
            kind=kind,
            dedupe=dedupe,
            place=place,
            now=self._now,
            cohort_id=self._cohort.cohort_id,
            subject={"round_id": self._round.round_id, "number": number},
            depends_on=depends_on,
            action=action,
            counts=False,
            priority=3,
        )
        assert made is not None
        return made

    async def call(self, members: list[Member]) -> None:
        """Mention these members, fifty to a message, each thread filled before the next."""
        waiting = sorted(members, key=lambda member: member.member_id)
        filled = self._round.mentioned
        while waiting:
            number, room = filled // THREAD_HOLDS, THREAD_HOLDS - filled % THREAD_HOLDS
            here, waiting = waiting[:room], waiting[room:]
            letters = await self.ensure(number)
            if letters is None:
                return
            await self._mention(letters, here)
            filled += len(here)
        if members:
            await self._store.mention(self._tx, self._round.round_id, len(members))

    async def _mention(self, letters: tuple[int, int], members: list[Member]) -> None:
        card, thread = letters
        key = f"checkin:{self._occurrence.schedule_id}:{self._occurrence.on}:call:"
        groups = {
            key + str(group[0].member_id): (moment, group)
            for moment, group in _in_groups(members, self._occurrence.due_at)
        }
        open_for = timedelta(hours=self._cohort.open_hours)
        written = await outbox.enqueue_all(
            self._tx,
            [
                NewLetter(
                    kind="checkin.call",
                    dedupe=dedupe,
                    place=Place.thread_of(card),
                    due_at=moment,
                    expires_at=self._occurrence.due_at + open_for,
                    cohort_id=self._cohort.cohort_id,
                    depends_on=thread,
                    pings=tuple(member.member_id for member in group),
                )
                for dedupe, (moment, group) in groups.items()
            ],
            self._now,
        )
        pairs = [(m.member_id, written[dedupe]) for dedupe in written for m in groups[dedupe][1]]
        await recipients.link(self._tx, self._occurrence.schedule_id, self._occurrence.on, pairs)


def _in_groups(members: list[Member], due_at: datetime) -> Iterator[tuple[datetime, list[Member]]]:
    """Return who is mentioned together: the same minute, after everyone's own quiet hours."""
    by_moment: dict[datetime, list[Member]] = {}
    for member in members:
        moment = wait(due_at, member.zone, member.quiet_from, member.quiet_to)
        by_moment.setdefault(moment, []).append(member)
    for moment, awake in sorted(by_moment.items()):
        for n in range(0, len(awake), NAMES_AT_ONCE):
            yield moment, awake[n : n + NAMES_AT_ONCE]
