"""Who may answer a pulse, and when it is shown: after its end, from enough people on, or never."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.clockwork.clock import Clock
from bot.clockwork.recurrence import Weekly
from bot.delivery import outbox, schedules
from bot.delivery.schedules import Occurrence, Scope
from bot.errors import NotFound, Refusal
from bot.face.words import N_, _
from bot.people import cohorts, memberships
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.contributions import HelpLine, Line
from bot.people.memberships import Member, MemberState
from bot.storage import whole
from bot.storage.database import Database, Tx

from .model import (
    BATCH,
    EVERY_WEEKS,
    FEWEST,
    GOING,
    GRACE,
    KIND,
    MOST,
    OPEN_FOR,
    Answer,
    Desk,
    Item,
    Pulse,
    PulsePage,
    PulseState,
    Said,
    Waiting,
)
from .store import PulseStore, mark_of

HERE = (MemberState.JOINED, MemberState.PAUSED)
TEN = time(10)


class PulseService:
    """Decide; then keep what was decided, and nothing that leads back to anybody.

    Answers wait in memory, and who gave them, until there are five people: then both are written
    at once. Two copies of the file, whenever they were made, are so at least five people apart,
    and nobody is ever counted twice. The price: what waits is forgotten by a restart, and those
    people, at most four, are asked again. Whatever could remember them would tell who they are.
    """

    help = (
        HelpLine("/feedback pulse", N_("Say how it is going here, without your name.")),
        HelpLine("/cohort pulse", N_("Ask the cohort how it is going, anonymously."), staff=True),
    )

    def __init__(self, db: Database, clock: Clock, store: PulseStore) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._waiting: dict[int, Waiting] = {}
        self._one_by_one = asyncio.Lock()

    # --- answering

    async def look(self, caller: Caller) -> PulsePage | Said | None:
        """Return the open pulse of the caller's cohort, or what the last one said, or None."""
        async with self._db.read() as tx:
            member = await memberships.of(tx, caller)
            cohort = await cohorts.require(tx, member.cohort_id)
            pulse = await self._store.latest(
                tx, cohort.cohort_id, PulseState.OPEN, PulseState.SHOWN
            )
            if pulse is None:
                return None
            if pulse.state is PulseState.SHOWN:
                return await self._said(tx, pulse, cohort)
            return PulsePage(pulse, cohort, await self._answered(tx, pulse, caller.user_id))

    async def begin(self, caller: Caller, pulse_id: int) -> PulsePage:
        """Return a pulse whose form may open. Raises Refusal when it may not."""
        async with self._db.read() as tx:
            return await self._open(tx, caller, pulse_id)

    async def _open(self, tx: Tx, caller: Caller, pulse_id: int) -> PulsePage:
        pulse = await self._store.get(tx, pulse_id)
        if pulse is None:
            raise NotFound(_("That pulse is gone, or it was only a sample."))
        member = await memberships.find(tx, pulse.cohort_id, caller.user_id)
        if member is None or member.state not in HERE:
            raise Refusal(_("This is for members. Press *Join* on the card in your server first."))
        if pulse.state is not PulseState.OPEN or pulse.closes_at <= self._clock():
            raise Refusal(_("This pulse is closed. `/feedback pulse` shows what came of it."))
        if await self._answered(tx, pulse, caller.user_id):
            raise Refusal(
                _(
                    "You have answered this one. I do not know which answer is yours, so it cannot "
                    "be changed."
                )
            )
        return PulsePage(pulse, await cohorts.require(tx, pulse.cohort_id))

    async def _answered(self, tx: Tx, pulse: Pulse, user_id: int) -> bool:
        mark = mark_of(pulse.pulse_id, user_id)
        waiting = self._waiting.get(pulse.pulse_id, Waiting())
        return mark in waiting.marks or await self._store.marked(tx, pulse.pulse_id, mark)

    async def answer(self, caller: Caller, pulse_id: int, said: Sequence[Answer]) -> PulsePage:
        """Keep an answer, and forget whose it is."""
        async with self._one_by_one:
            page = await self.begin(caller, pulse_id)
            waiting = self._waiting.get(pulse_id, Waiting()).joined_by(
                mark_of(pulse_id, caller.user_id), [one for one in said if one[1]]
            )
            if len(waiting.marks) >= BATCH:
                async with self._db.write() as tx:
                    await self._store.add(tx, pulse_id, waiting.answers)
                    await self._store.mark(tx, page.pulse, waiting.marks)
                await whole.fold_log(self._db)
                waiting = Waiting()
            self._waiting[pulse_id] = waiting
        return page

    # --- showing

    async def results(self, caller: Caller, pulse_id: int, page: int = 0) -> Said:
        """Return what a cohort said, to its members and moderators, once it is closed.

        Raises NotFound before, and for ever when too few answered.
        """
        async with self._db.read() as tx:
            pulse = await self._store.get(tx, pulse_id)
            if pulse is None:
                raise NotFound(_("That pulse is gone, or it was only a sample."))
            cohort = await cohorts.require(tx, pulse.cohort_id)
            member = await memberships.find(tx, pulse.cohort_id, caller.user_id)
            inside = member is not None and member.state in HERE
            if not inside and not cohort.moderated_by(caller):
                raise NotFound(_("This is for the members and moderators of that cohort."))
            if pulse.state is not PulseState.SHOWN:
                raise NotFound(_("There is nothing to show of this pulse."))
            return await self._said(tx, pulse, cohort, page)

    async def _said(self, tx: Tx, pulse: Pulse, cohort: Cohort, page: int = 0) -> Said:
        every = await self._store.said(tx, pulse.pulse_id)
        going = [text for item, text in every if item is Item.GOING]
        return Said(
            pulse,
            cohort,
            {value: going.count(value) for value, _label in GOING},
            [text for item, text in every if item is Item.HELPS],
            [text for item, text in every if item is Item.CHANGE],
            page,
        )

    # --- by itself

    async def fire(
        self, tx: Tx, cohort: Cohort, occurrence: Occurrence, members: list[Member], now: datetime
    ) -> None:
        """Open a pulse on its day, unless one is open."""
        latest = await self._store.latest(tx, cohort.cohort_id)
        taken = latest and (latest.state is PulseState.OPEN or latest.opened_on == occurrence.on)
        if not taken:
            await self._start(tx, cohort, occurrence.on, now)

    async def _start(self, tx: Tx, cohort: Cohort, on: date, now: datetime) -> Pulse | None:
        channel_id = cohort.announcements_id or cohort.checkins_id
        if channel_id is None:
            return None
        threshold = await self._store.threshold(tx, cohort.cohort_id)
        pulse = await self._store.open(tx, cohort.cohort_id, on, now + OPEN_FOR, threshold)
        await self._post(tx, "card", pulse, channel_id, now, expires_at=pulse.closes_at)
        return pulse

    async def _post(
        self,
        tx: Tx,
        kind: str,
        pulse: Pulse,
        channel_id: int,
        now: datetime,
        expires_at: datetime | None = None,
    ) -> None:
        await outbox.enqueue(
            tx,
            kind=f"pulse.{kind}",
            dedupe=f"pulse:{pulse.pulse_id}:{kind}",
            place=outbox.Place.channel(channel_id),
            now=now,
            expires_at=expires_at,
            cohort_id=pulse.cohort_id,
            subject={"pulse_id": pulse.pulse_id},
            counts=False,
        )

    async def sweep(self, now: datetime) -> None:
        """Close what is over: show it where enough people answered, and forget it where not."""
        async with self._db.read() as tx:
            if not await self._store.over(tx, now):
                return
        async with self._one_by_one:
            async with self._db.write() as tx:
                closed = await self._store.over(tx, now)
                for pulse in closed:
                    await self._close(tx, pulse, now)
            for pulse in closed:
                self._waiting.pop(pulse.pulse_id, None)
        await whole.fold_log(self._db)

    async def _close(self, tx: Tx, pulse: Pulse, now: datetime) -> None:
        waiting = self._waiting.get(pulse.pulse_id, Waiting())
        people = pulse.counted + len(waiting.marks)
        enough = people >= max(pulse.threshold, FEWEST)
        if enough:
            await self._store.add(tx, pulse.pulse_id, waiting.answers)
            await self._store.shuffle(tx, pulse.pulse_id)
        else:
            await self._store.forget_answers(tx, pulse.pulse_id)
        state = PulseState.SHOWN if enough else PulseState.HIDDEN
        closed = await self._store.close(tx, pulse, state)
        cohort = await cohorts.require(tx, pulse.cohort_id)
        channel_id = cohort.announcements_id or cohort.checkins_id
        if channel_id is not None:
            await self._post(tx, "over", closed, channel_id, now)

    async def next_moment(self, now: datetime) -> datetime | None:
        """Return when a pulse next closes."""
        async with self._db.read() as tx:
            return await self._store.next_at(tx)

    async def letter_page(self, pulse_id: int) -> PulsePage | None:
        """Return a pulse for a message about it."""
        async with self._db.read() as tx:
            pulse = await self._store.get(tx, pulse_id)
            cohort = await cohorts.get(tx, pulse.cohort_id) if pulse else None
        return PulsePage(pulse, cohort) if pulse and cohort else None

    # --- for moderators

    async def desk(self, caller: Caller) -> Desk:
        """Return how a cohort's pulse is set. Raises NotAllowed for anyone but its moderators."""
        async with self._db.read() as tx:
            return await self._desk(tx, await cohorts.managed_by(tx, caller))

    async def _desk(self, tx: Tx, cohort: Cohort) -> Desk:
        schedule = await schedules.find(tx, cohort.cohort_id, KIND)
        on = schedule is not None and schedule.enabled
        next_at = schedule.rule.next(self._clock(), cohort.zone).at if schedule and on else None
        return Desk(
            cohort,
            await self._store.threshold(tx, cohort.cohort_id),
            on,
            await self._store.latest(tx, cohort.cohort_id),
            next_at,
        )

    async def start(self, caller: Caller, cohort_id: int) -> Desk:
        """Open a pulse now. Raises Refusal while one is open."""
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            if not cohort.runs:
                raise Refusal(_("{name} is not running.").format(name=cohort.name))
            if await self._store.latest(tx, cohort_id, PulseState.OPEN):
                raise Refusal(_("A pulse is open already."))
            now = self._clock()
            on = cohort.local_date(now)
            if await self._start(tx, cohort, on, now) is None:
                raise Refusal(_("Choose a channel for announcements first: `/cohort edit`."))
            await cohorts.log(tx, cohort_id, caller.user_id, "started a pulse", "", now)
            return await self._desk(tx, cohort)

    async def set_threshold(self, caller: Caller, cohort_id: int, threshold: int) -> Desk:
        """Set from how many answers on the next pulse is shown; an open one stays as it is."""
        if not FEWEST <= threshold <= MOST:
            raise Refusal(_("Choose from {least} to {most}.").format(least=FEWEST, most=MOST))
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            await self._store.set_threshold(tx, cohort_id, threshold)
            now = self._clock()
            await cohorts.log(tx, cohort_id, caller.user_id, "pulse", f"from {threshold}", now)
            return await self._desk(tx, cohort)

    async def repeat(self, caller: Caller, cohort_id: int, *, on: bool) -> Desk:
        """Have a pulse every four weeks, or no more by itself."""
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            now = self._clock()
            today = cohort.local_date(now)
            known = await schedules.find(tx, cohort_id, KIND)
            rule = Weekly(weekday=2, at=TEN, every=EVERY_WEEKS, anchor=today + timedelta(days=1))
            await schedules.set_schedule(
                tx,
                cohort,
                KIND,
                known.rule if known else rule,
                Scope.COHORT,
                grace=GRACE,
                now=now,
                enabled=on,
            )
            word = "switched on" if on else "switched off"
            await cohorts.log(tx, cohort_id, caller.user_id, word, KIND, now)
            return await self._desk(tx, cohort)

    # --- what other cards and files show

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Show an open pulse on `/me`, until it was answered."""
        pulse = await self._store.latest(tx, member.cohort_id, PulseState.OPEN)
        if pulse is None or await self._answered(tx, pulse, member.user_id):
            return []
        text = _("How is it going here? Anonymous, open until <t:{at}:d>").format(
            at=int(pulse.closes_at.timestamp())
        )
        return [Line(text, _("Look at it"), "pulse.look", str(member.cohort_id), order=28)]

    async def cloned(self, tx: Tx, old: Cohort, new: Cohort) -> None:
        """Show a new cohort's pulse from as many answers on as another one's."""
        threshold = await self._store.threshold(tx, old.cohort_id)
        await self._store.set_threshold(tx, new.cohort_id, threshold)

    async def status(self, tx: Tx, cohort: Cohort, now: datetime) -> list[Line]:
        """Say on `/cohort status` that a pulse is open; never how many have answered."""
        pulse = await self._store.latest(tx, cohort.cohort_id, PulseState.OPEN)
        if pulse is None:
            return []
        at = int(pulse.closes_at.timestamp())
        return [Line(_("A pulse is open until <t:{at}:f>.").format(at=at), order=61)]

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept of pulses, and why it cannot be handed out or deleted."""
        for member in await memberships.of_user(tx, user_id):
            if await self._store.latest(tx, member.cohort_id):
                return [
                    _(
                        "Answers to your cohort's anonymous pulse. I cannot tell which are yours, "
                        "so I can neither hand them out nor delete them."
                    )
                ]
        return []
