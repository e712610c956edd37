"""Who gets which card when: once each, in the way they chose, never past what they agreed to.

A card waits from the first day of its phase until its last. On each of its days it is said if
there is room among the member's messages; what is over before it could go is let go with its
reason. Whoever is not written to finds the same three things on `/me`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.clockwork.clock import Clock
from bot.clockwork.recurrence import to_utc
from bot.delivery import budget, letters, outbox, schedules
from bot.delivery.letters import Letter, LetterState, PlaceKind
from bot.delivery.outbox import NewLetter, Place
from bot.delivery.quiet import monday, wait
from bot.delivery.schedules import Scope
from bot.delivery.troubles import gone
from bot.knowledge.packs import Packs
from bot.knowledge.week import Week, week_for
from bot.people import cohorts, memberships
from bot.people.memberships import Delivery, Member, MemberState, Volume
from bot.people.users import Inbox
from bot.storage.database import Database, Tx

from .model import (
    CALL,
    FIRST,
    KIND,
    MORNING,
    MOST_UNANSWERED,
    Card,
    CardState,
    Plan,
    Why,
    Window,
    ahead,
    in_the_day,
    is_weekly,
    morning_of,
    rests,
    step_of,
    unanswered,
    windows,
)
from .store import PlaybookStore

AT_ONCE = 100
DAY = timedelta(days=1)
REMINDED_BEFORE = timedelta(hours=12)
"""How long before its end a check-in reminds."""
ON_THEIR_WAY = (LetterState.PENDING, LetterState.SENDING, LetterState.HELD)
COME_AGAIN = (Why.MOVED, Why.BUDGET, Why.PAUSED, Why.LEFT)
"""What was never said for one of these is said when its time comes again."""
PAUSING = "they are pausing"


@dataclass(frozen=True, slots=True)
class Programme:
    """A cohort's own programme that goes before a card, and where its clock hangs."""

    kind: str
    schedule: schedules.Schedule
    zone: str | None
    open_for: timedelta

    def days(self, member: Member, now: datetime, *, reminds: bool) -> list[date]:
        """Return the days on which it will ping the member next; `reminds`: perhaps to remind."""
        rule, zone = self.schedule.rule, self.zone or member.zone
        found = [rule.next(now, zone).at]
        opened = rule.latest(now, zone) if reminds and self.kind == "checkin" else None
        if opened is not None and now < (reminder := opened.at + self.open_for - REMINDED_BEFORE):
            found.append(wait(reminder, member.zone, member.quiet_from, member.quiet_to))
        return [member.local_date(at) for at in found]


class PlaybookRounds:
    """Look at each member when something begins for them, and say at most one card a day."""

    def __init__(self, db: Database, clock: Clock, store: PlaybookStore, packs: Packs) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._packs = packs

    async def sweep(self, now: datetime) -> None:
        """Plan for who is new or moved, and look at whose morning has come."""
        async with self._db.read() as tx:
            moved = await self._store.unplanned(tx, 1)
            due = await self._store.due(tx, now, 1)
        while moved:
            async with self._db.write() as tx:
                moved = await self._store.unplanned(tx, AT_ONCE)
                await self._store.plan_anew(tx, [(one, _first_look(one, now)) for one in moved])
        if due:
            async with self._db.write() as tx:
                await self._look_at_all(tx, await self._store.due(tx, now, AT_ONCE), now)

    async def next_moment(self, now: datetime) -> datetime | None:
        """Return when somebody's phase begins next, or their next morning with a card waiting."""
        async with self._db.read() as tx:
            return await self._store.next_at(tx)

    async def _look_at_all(self, tx: Tx, due: list[tuple[Plan, Member]], now: datetime) -> None:
        cards = await self._store.cards_of(tx, [member.member_id for _plan, member in due])
        before: dict[int, list[Programme]] = {}
        new: list[NewLetter] = []
        told: dict[str, Card] = {}
        users: set[int] = set()
        for plan, member in due:
            if not in_the_day(now, member.zone):
                await self._later(tx, member, now)
                continue
            if member.cohort_id not in before:
                before[member.cohort_id] = await _programmes(tx, member.cohort_id)
            look = _Look(tx, self._store, plan, member, before[member.cohort_id], now)
            mine = await self._bring_up_to_date(look, cards[member.member_id])
            waiting = [card for card in mine if card.state is CardState.WAITING]
            if waiting and member.user_id not in users:
                card = await look.choose(waiting, mine)
                if card is not None:
                    users.add(member.user_id)
                    assert look.way is not None
                    letter = _letter(member, card, look.way, now)
                    new.append(letter)
                    told[letter.dedupe] = card
            await self._next(look)
        written = await outbox.enqueue_all(tx, new, now)
        for dedupe, card in told.items():
            await self._store.change(
                tx,
                card.card_id,
                state=CardState.WRITTEN,
                why=None,
                tries=card.tries + 1,
                letter_id=written[dedupe],
                said_at=now,
                actions=self._named(due, card, now),
            )

    def _named(self, due: list[tuple[Plan, Member]], card: Card, now: datetime) -> list[str]:
        step = step_of(card.key)
        if step is not None:
            return [step.value]
        member = next(one for _plan, one in due if one.member_id == card.member_id)
        return [action.id for action in self._week(member, now).actions]

    def _week(self, member: Member, now: datetime) -> Week:
        today = member.local_date(now)
        return week_for(self._packs, member.stage, member.starts_on, member.ends_on, today)

    async def _later(self, tx: Tx, member: Member, now: datetime) -> None:
        today = member.local_date(now)
        early = member.local(now).time() < MORNING
        day = today if early else today + DAY
        await self._store.set_plan(tx, member, next_at=morning_of(day, member.zone))

    # --- what becomes of cards as days go by

    async def _bring_up_to_date(self, look: "_Look", known: list[Card]) -> list[Card]:
        """Settle what was written, let go what is over, and add what has begun."""
        member, today = look.member, look.today
        dates = member.stage, member.starts_on, member.ends_on
        open_now = {one.key: one for one in windows(self._packs, *dates, today)}
        to_come = {one.key for one in ahead(*dates, today)}
        mine: list[Card] = []
        for card in known:
            kept = await look.settle(card, open_now, to_come)
            if kept is not None:
                mine.append(kept)
        have = {card.key for card in mine}
        for window in open_now.values():
            if window.key not in have and not _unwanted(member, window):
                mine.append(await self._store.add(look.tx, member.member_id, window, look.now))
        order = list(open_now)
        last = len(order)
        return sorted(mine, key=lambda one: order.index(one.key) if one.key in open_now else last)

    async def _next(self, look: "_Look") -> None:
        """Come back tomorrow while something waits or is on its way, else when something begins."""
        member, today = look.member, look.today
        cards = (await self._store.cards_of(look.tx, [member.member_id]))[member.member_id]
        busy = any(card.state in (CardState.WAITING, CardState.WRITTEN) for card in cards)
        dates = member.stage, member.starts_on, member.ends_on
        begins = [one.opens_on for one in ahead(*dates, today)]
        day = today + DAY if busy or look.chosen else min(begins, default=None)
        next_at = morning_of(day, member.zone) if day else None
        await self._store.set_plan(look.tx, member, next_at=next_at)

    async def undelivered(
        self, tx: Tx, letter: Letter, code: int | None, why: str, now: datetime
    ) -> None:
        """Say it in the member's own private thread where there is one, else leave it on `/me`."""
        number = int(letter.subject["card_id"])
        member = await memberships.get(tx, letter.member_id) if letter.member_id else None
        card = await self._store.card(tx, [letter.member_id or 0], number)
        if member is None or card is None:
            return
        room = _room(member)
        if letter.place.kind is PlaceKind.USER and room is not None and not gone(code):
            instead = _letter(member, card, Way(room), letter.due_at)
            written = await outbox.enqueue_all(tx, [instead], now)
            await self._store.change(
                tx, number, letter_id=written.get(instead.dedupe), tries=card.tries + 1
            )
        else:
            await self._store.change(tx, number, state=CardState.SHOWN, why=Why.CLOSED)

    async def left(self, tx: Tx, member: Member, now: datetime) -> None:
        """Let everything go that waits for somebody who left."""
        await self._store.drop_waiting(tx, member.member_id, Why.LEFT)

    async def mute(self, tx: Tx, member: Member, now: datetime) -> None:
        """Send this member no more cards; what is worth doing stays on `/me`."""
        await self._store.set_plan(tx, member, muted=True)


@dataclass(frozen=True, slots=True)
class Way:
    """Where a card goes; in the week's thread only a mention stands, and a button to read it."""

    place: Place
    thread_id: int | None = None


def _first_look(member: Member, now: datetime) -> datetime:
    """Return a moment soon; on the day they joined somebody has heard enough."""
    today = member.local_date(now)
    joined_on = member.local_date(member.joined_at) if member.joined_at else today
    next_at = morning_of(max(today, joined_on + DAY), member.zone)
    if next_at > now:
        return next_at
    return now if in_the_day(now, member.zone) else morning_of(today + DAY, member.zone)


def _room(member: Member) -> Place | None:
    """Return the member's own private thread, where they agreed to one and it is open."""
    if not member.side_thread or member.side_thread_id is None:
        return None
    return Place.channel(member.side_thread_id)


def _letter(member: Member, card: Card, way: Way, now: datetime) -> NewLetter:
    over = to_utc(card.closes_on + DAY, time(), member.zone)
    return NewLetter(
        kind=KIND if way.thread_id is None else CALL,
        dedupe=f"playbook:{card.card_id}:{card.tries}",
        place=way.place,
        due_at=wait(now, member.zone, member.quiet_from, member.quiet_to),
        expires_at=over,
        cohort_id=member.cohort_id,
        member_id=member.member_id,
        depends_on=way.thread_id,
        subject={"card_id": card.card_id},
        priority=7,
    )


@dataclass
class _Look:
    """One look at one member."""

    tx: Tx
    store: PlaybookStore
    plan: Plan
    member: Member
    programmes: list[Programme]
    now: datetime
    chosen: bool = False
    way: Way | None = None

    @property
    def today(self) -> date:
        return self.member.local_date(self.now)

    async def settle(
        self, card: Card, open_now: dict[str, Window], to_come: set[str]
    ) -> Card | None:
        """Return a card as it is by now; None when it is forgotten because its time comes again."""
        if card.state is CardState.WRITTEN:
            card = await self._arrived(card)
        window = open_now.get(card.key)
        if card.state is CardState.DROPPED and window is not None and card.why in COME_AGAIN:
            return await self._change(card, state=CardState.WAITING, why=None, window=window)
        if card.state is not CardState.WAITING:
            return card
        if window is not None:
            return card if card.window == window else await self._change(card, window=window)
        if card.key in to_come:
            await self.store.remove(self.tx, card.card_id)
            return None
        over = self.today > card.closes_on
        why = (card.why or Why.BUDGET) if over else Why.MOVED
        return await self._change(card, state=CardState.DROPPED, why=why)

    async def _arrived(self, card: Card) -> Card:
        """Find out what became of a letter that was written."""
        letter = await letters.get(self.tx, card.letter_id) if card.letter_id else None
        if letter is not None and letter.state in ON_THEIR_WAY:
            return card
        if letter is None or letter.state is LetterState.SENT:
            return await self._change(card, state=CardState.SAID)
        if letter.state is LetterState.CANCELLED and letter.last_error == PAUSING:
            return await self._change(card, state=CardState.WAITING, why=Why.PAUSED, said_at=None)
        if letter.state is LetterState.DEAD:
            return await self._change(card, state=CardState.SHOWN, why=Why.CLOSED)
        late = letter.state is LetterState.EXPIRED
        why = Why.LATE if late else Why.MUTED if self.plan.muted else Why.HELD
        return await self._change(card, state=CardState.DROPPED, why=why, said_at=None)

    async def _change(self, card: Card, *, window: Window | None = None, **values: object) -> Card:
        if window is not None:
            values = {**values, "opens_on": window.opens_on, "closes_on": window.closes_on}
        return await self.store.change(self.tx, card.card_id, **values)

    async def choose(self, waiting: list[Card], mine: list[Card]) -> Card | None:
        """Return the card to say now, after noting what keeps each of the others."""
        self.way = await self._way()
        only_shown = self._only_shown(mine)
        for card in waiting:
            if only_shown is not None:
                await self._change(card, state=CardState.SHOWN, why=only_shown)
            elif self.member.state is MemberState.PAUSED:
                await self._change(card, why=Why.PAUSED)
            elif not self.chosen and await self._has_room(card, waiting):
                self.chosen = True
                return card
            else:
                await self._change(card, why=Why.BUDGET)
        return None

    def _only_shown(self, mine: list[Card]) -> Why | None:
        if self.plan.muted:
            return Why.MUTED
        if self.way is None:
            return Why.CLOSED if self.member.delivery is Delivery.DM else Why.CARD
        if unanswered(mine, self.plan.pressed_at) >= MOST_UNANSWERED:
            return Why.QUIET
        return None

    async def _way(self) -> Way | None:
        """Return how a card reaches the member, as they chose it."""
        member = self.member
        if member.delivery is Delivery.DM and member.inbox is not Inbox.CLOSED:
            return Way(Place.user(member.user_id))
        if (room := _room(member)) is not None and member.delivery is not Delivery.CARD:
            return Way(room)
        if member.delivery is Delivery.THREAD:
            thread = await letters.latest_thread(self.tx, member.cohort_id, letters.WEEK_THREAD)
            if thread is not None and thread.depends_on is not None:
                return Way(Place.thread_of(thread.depends_on), thread.letter_id)
        return None

    async def _has_room(self, card: Card, waiting: list[Card]) -> bool:
        if rests(self.today, card.window):
            return False
        left = await budget.left(self.tx, self.member, self.now)
        if left <= self._reserved(left, waiting):
            return False
        if budget.heard_on(self.member, self.now) > card.closes_on:
            return False
        midnight = to_utc(self.today, time(), self.member.zone)
        return not await self.store.said_to_user(self.tx, self.member.user_id, midnight)

    def _reserved(self, left: int, waiting: list[Card]) -> int:
        """Return how many pings of this week belong to what comes first; today's takes the day.

        The check-in's one reminder comes first as well, unless a card could then never be said.
        """
        if self.member.volume is Volume.EVERYTHING:
            return 0
        sunday = monday(self.today) + timedelta(days=6)
        now_or_never = sum(card.closes_on <= sunday for card in waiting)
        days = self._taken(sunday, reminds=True)
        if now_or_never > left - len(days):
            days = self._taken(sunday, reminds=False)
        return budget.A_WEEK if self.today in days else len(days)

    def _taken(self, sunday: date, *, reminds: bool) -> list[date]:
        return [
            day
            for one in self.programmes
            if one.kind != "checkin" or self.member.checkins
            for day in one.days(self.member, self.now, reminds=reminds)
            if day <= sunday
        ]


def _unwanted(member: Member, window: Window) -> bool:
    """Say whether a card is more than a member accepts: weekly ones come from standard on."""
    return is_weekly(window.key) and member.volume is Volume.LIGHT


async def _programmes(tx: Tx, cohort_id: int) -> list[Programme]:
    cohort = await cohorts.require(tx, cohort_id)
    return [
        Programme(
            one.kind,
            one,
            None if one.scope is Scope.MEMBER else cohort.zone,
            timedelta(hours=cohort.open_hours),
        )
        for one in await schedules.of_cohort(tx, cohort_id)
        if one.kind in FIRST and one.enabled
    ]
