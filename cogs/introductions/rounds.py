"""A round of introductions: announced a day ahead, drawn, shown to moderators, decided, opened."""

import asyncio
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.clockwork.breathing import breathing, collecting_later
from bot.clockwork.clock import Clock
from bot.clockwork.recurrence import Due, to_utc
from bot.delivery import budget, outbox, schedules
from bot.delivery.failpoints import reach
from bot.delivery.outbox import NewLetter, Place
from bot.delivery.schedules import Occurrence, Schedule
from bot.errors import NotFound
from bot.face.words import _
from bot.logs import incident
from bot.matching.model import History, Person, Weights
from bot.matching.model import Round as Drawn
from bot.people import cohorts, contact, profiles
from bot.people.cohorts import Cohort
from bot.people.memberships import Member
from bot.storage.database import Database, Tx

from .model import (
    AHEAD,
    ASKS_BEFORE,
    CLOSES_BEFORE,
    KIND,
    MOST_TRIES,
    NOTICE,
    RETRY,
    SHORTEST,
    USUAL_LENGTH,
    Entry,
    Group,
    GroupState,
    Participant,
    Round,
    RoundState,
    Who,
    pairs_of,
    person_of,
    takes_messages,
)
from .store import IntroductionStore
from .telling import Telling

A_DAY = timedelta(days=1)
MOST_SEED = 1_000_000
TOO_LATE = timedelta(minutes=10)
Pairs = frozenset[frozenset[int]]
NO_PAIRS: Pairs = frozenset()


class Presence(Protocol):
    """Knows who has left a server."""

    async def absent(self, guild_id: int, user_ids: Sequence[int]) -> set[int]:
        """Return which of these users are certainly not in the server any more."""
        ...


class Match(Protocol):
    """Draws groups, beside the bot."""

    async def __call__(
        self,
        people: Iterable[Person],
        weights: Weights | None = None,
        history: History | None = None,
        avoid: Pairs = frozenset(),
        size: int = 2,
        *,
        on: Any,
        seed: int,
    ) -> Drawn:
        """Return the best round."""
        ...


@dataclass(frozen=True, slots=True)
class Eligible:
    """Who may be matched at one moment, and who of them never with whom."""

    people: dict[int, tuple[Member, Participant]]
    apart: Pairs

    def without(self, user_ids: set[int]) -> "Eligible":
        """Leave out those who are gone from the server."""
        kept = {n: who for n, who in self.people.items() if who[0].user_id not in user_ids}
        return replace(self, people=kept)

    def allows(self, ids: Sequence[int]) -> bool:
        """Say whether these may be one group."""
        if not all(number in self.people for number in ids):
            return False
        return not any(pair in self.apart for pair in pairs_of(ids))


class Rounds:
    """Take a cohort's rounds from the notice to the last letter written."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        store: IntroductionStore,
        telling: Telling,
        presence: Presence,
        match: Match,
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._telling = telling
        self._presence = presence
        self._match = match

    # --- what the schedule says

    async def fire(
        self, tx: Tx, cohort: Cohort, occurrence: Occurrence, members: list[Member], now: datetime
    ) -> None:
        """Note that a round is due; the clock's next errand decides and opens it."""
        round = await self._store.of_period(tx, cohort.cohort_id, occurrence.on)
        if round is None:
            schedule = await schedules.get(tx, occurrence.schedule_id)
            assert schedule is not None
            due = Due(occurrence.on, occurrence.due_at)
            round = await self._begin(tx, cohort, schedule, due)
        if round.state not in AHEAD:
            return
        waits = round.hold and round.approved_at is None
        state = RoundState.HELD if waits else RoundState.DUE
        await self._store.change_round(tx, round.round_id, state=state)

    async def upcoming(self, tx: Tx, cohort: Cohort, now: datetime) -> Due | None:
        """Return when a cohort's next round is, if introductions are switched on."""
        schedule = await schedules.find(tx, cohort.cohort_id, KIND)
        if schedule is None or not schedule.enabled:
            return None
        skipped = set(await cohorts.skipped(tx, cohort.cohort_id))
        moment = now
        for _n in range(len(skipped) + 1):
            due = schedule.rule.next(moment, cohort.zone)
            if due.on not in skipped:
                return due if schedules.in_span(cohort, due.on) else None
            moment = due.at
        return None

    async def plan_ahead(self, now: datetime) -> None:
        """Announce the rounds of the next day, and call off what will not be."""
        async with self._db.read() as tx:
            planned = {
                cohort_id: await self._plan(tx, cohort_id, now)
                for cohort_id in await self._store.cohorts_with_rounds(tx)
            }
            ahead = await self._store.rounds_in(tx, *AHEAD)
        stale = [one for one in ahead if self._is_stale(one, planned.get(one.cohort_id), now)]
        known = {(r.cohort_id, r.period) for r in ahead if r not in stale}
        new = [
            (cohort_id, due)
            for cohort_id, due in planned.items()
            if due and (cohort_id, due.on) not in known and due.at - NOTICE <= now
        ]
        if stale or new:
            async with self._db.write() as tx:
                for round in stale:
                    await self.call_off(tx, round, now)
                for cohort_id, due in new:
                    await self._announce(tx, cohort_id, due, now)

    async def _plan(self, tx: Tx, cohort_id: int, now: datetime) -> Due | None:
        return await self.upcoming(tx, await cohorts.require(tx, cohort_id), now)

    def _is_stale(self, round: Round, due: Due | None, now: datetime) -> bool:
        if round.state is RoundState.HELD:
            return now >= round.closes_at
        if round.starts_at <= now:
            return now - round.starts_at > TOO_LATE
        return due is None or (due.on, due.at) != (round.period, round.starts_at)

    async def call_off(self, tx: Tx, round: Round, now: datetime) -> None:
        """Forget a round nobody was introduced in."""
        await self._store.drop_planned(tx, round.round_id)
        await self._store.change_round(tx, round.round_id, state=RoundState.CANCELLED)
        await outbox.cancel(tx, round.key, now, "the round was called off")

    async def _announce(self, tx: Tx, cohort_id: int, due: Due, now: datetime) -> None:
        if await self._store.of_period(tx, cohort_id, due.on) is not None:
            return
        cohort = await cohorts.require(tx, cohort_id)
        schedule = await schedules.find(tx, cohort_id, KIND)
        assert schedule is not None
        round = await self._begin(tx, cohort, schedule, due)
        taking = [m for m, p in await self._store.taking_part(tx, cohort_id) if _in(m, p, now)]
        welcome = [member for member in taking if takes_messages(member)]
        used_up = await budget.without_room(tx, welcome, now)
        notices = [
            NewLetter(
                kind="introduction.notice",
                dedupe=f"{round.key}notice:{member.member_id}",
                place=Place.user(member.user_id),
                due_at=now,
                expires_at=round.starts_at,
                cohort_id=cohort_id,
                member_id=member.member_id,
                subject={"round_id": round.round_id},
            )
            for member in welcome
            if member.member_id not in used_up
        ]
        if cohort.introductions_id is not None:
            notices.append(
                NewLetter(
                    kind="introduction.card",
                    dedupe=f"{round.key}card",
                    place=Place.channel(cohort.introductions_id),
                    due_at=now,
                    expires_at=round.starts_at,
                    cohort_id=cohort_id,
                    subject={"round_id": round.round_id},
                    counts=False,
                )
            )
        await outbox.enqueue_all(tx, notices, now)

    async def _begin(self, tx: Tx, cohort: Cohort, schedule: Schedule, due: Due) -> Round:
        after = schedule.rule.next(due.at, cohort.zone).at
        return await self._add(tx, cohort, due, after, RoundState.NOTICED)

    async def _add(
        self, tx: Tx, cohort: Cohort, due: Due, after: datetime, state: RoundState
    ) -> Round:
        chosen = await self._store.settings(tx, cohort.cohort_id)
        return await self._store.add_round(
            tx,
            cohort.cohort_id,
            period=due.on,
            state=state,
            seed=secrets.randbelow(MOST_SEED),
            size=chosen.size,
            hold=chosen.hold,
            starts_at=due.at,
            ends_at=after - ASKS_BEFORE,
            closes_at=after - CLOSES_BEFORE,
        )

    async def begin_now(self, tx: Tx, cohort: Cohort, now: datetime) -> Round:
        """Begin a round beside the schedule; it waits for a moderator's approval."""
        after = now + USUAL_LENGTH
        due = await self.upcoming(tx, cohort, now + SHORTEST)
        if due is not None:
            after = due.at
        on = cohort.local_date(now)
        return await self._add(tx, cohort, Due(on, now), after, RoundState.HELD)

    # --- drawing

    async def draw_due(self, now: datetime) -> None:
        """Draw what was announced and not drawn yet."""
        async with self._db.read() as tx:
            found = await self._store.rounds_in(tx, RoundState.NOTICED)
        for round in found:
            if round.retry_at is None or round.retry_at <= now:
                await self._or_later(round, self.draw(round.round_id))

    async def draw(self, round_id: int, seed: int | None = None) -> None:
        """Draw a round's groups anew, for the preview; nobody is told."""
        with collecting_later():
            await self._draw(round_id, seed)

    async def _draw(self, round_id: int, seed: int | None) -> None:
        async with self._db.read() as tx:
            round = await self._require(tx, round_id)
            cohort = await cohorts.require(tx, round.cohort_id)
        round = replace(round, seed=round.seed if seed is None else seed)
        async with self._db.read() as tx:
            eligible = await self.eligible(tx, round)
        eligible = eligible.without(await self.absent(cohort, eligible))
        drawn = await self.match(round, eligible)
        now = self._clock()
        async with self._db.write() as tx:
            current = await self._require(tx, round_id)
            if current.state not in AHEAD:
                return
            await self._store.drop_planned(tx, round_id)
            await self._store.add_groups(tx, current, drawn.groups, GroupState.PLANNED)
            await self._store.withdraw(tx, round_id, Entry.UNMATCHED)
            await self._store.enter(tx, round_id, drawn.unmatched, Entry.UNMATCHED, now)
            drawn_state = RoundState.DRAWN
            state = drawn_state if current.state is RoundState.NOTICED else current.state
            await self._store.change_round(
                tx, round_id, state=state, seed=round.seed, drawn_at=now, retry_at=None
            )
            if current.state is RoundState.NOTICED:
                await self._telling.staff(tx, cohort, current, "preview", now)

    async def eligible(self, tx: Tx, round: Round, only: Iterable[int] | None = None) -> Eligible:
        """Return who may be matched in a round now, all or only among these."""
        now = self._clock()
        out = {
            **await self._store.entered(tx, round.round_id, Entry.SKIPPED),
            **await self._store.entered(tx, round.round_id, Entry.LEFT_OUT),
        }
        wanted = None if only is None else set(only)
        people = {
            member.member_id: (member, participant)
            async for member, participant in breathing(
                await self._store.taking_part(tx, round.cohort_id)
            )
            if _in(member, participant, now)
            and member.member_id not in out
            and (wanted is None or member.member_id in wanted)
        }
        member_of = {member.user_id: number for number, (member, _p) in people.items()}
        never = await contact.apart(tx, member_of) | await self._store.avoiding(tx, member_of)
        apart = {frozenset(member_of[user_id] for user_id in pair) for pair in never}
        apart |= await self._store.separated(tx, round.round_id)
        return Eligible(people, frozenset(pair for pair in apart if len(pair) == 2))

    async def absent(self, cohort: Cohort, eligible: Eligible) -> set[int]:
        """Return which of them have left the server."""
        user_ids = [member.user_id for member, _p in eligible.people.values()]
        return await self._presence.absent(cohort.guild_id, user_ids)

    async def match(
        self, round: Round, eligible: Eligible, *, also_apart: Pairs = frozenset()
    ) -> Drawn:
        """Draw groups among these people."""
        ids = list(eligible.people)
        if len(ids) < 2:
            return Drawn((), (), tuple(ids), round.seed)
        async with self._db.read() as tx:
            texts = await profiles.of_members(tx, ids)
            history = await self._store.history(tx, round.cohort_id, round.number)
            chosen = await self._store.settings(tx, round.cohort_id)
        now = self._clock()
        people = [
            person_of(Who(member, texts[number]), participant, round.number, now)
            async for number, (member, participant) in breathing(eligible.people.items())
        ]
        return await self._match(
            people,
            chosen.weights,
            history,
            eligible.apart | also_apart,
            round.size,
            on=round.period,
            seed=round.seed,
        )

    # --- deciding

    async def open_due(self, now: datetime) -> None:
        """Decide and open every round that is due."""
        async with self._db.read() as tx:
            found = await self._store.rounds_in(tx, RoundState.DUE)
        for round in found:
            if round.retry_at is None or round.retry_at <= now:
                await self._or_later(round, self._open(round))

    async def _open(self, round: Round) -> None:
        with collecting_later():
            for number in range(MOST_TRIES):
                if await self._decide(round, last=number == MOST_TRIES - 1):
                    return

    async def _decide(self, round: Round, *, last: bool) -> bool:
        """Freeze who is in and write every letter, in one transaction.

        Returns False when somebody came, went or was kept apart while groups were being drawn.
        """
        async with self._db.read() as tx:
            cohort = await cohorts.require(tx, round.cohort_id)
            eligible = await self.eligible(tx, round)
            planned = await self._store.groups_of(tx, round.round_id, GroupState.PLANNED)
        gone = await self.absent(cohort, eligible)
        eligible = eligible.without(gone)
        kept = [ids for group in planned if eligible.allows(ids := _ids(group))]
        await asyncio.sleep(0)
        seated = {number for ids in kept for number in ids}
        rest = {n: who for n, who in eligible.people.items() if n not in seated}
        found, unmatched = await self._with_the_rest(round, eligible, kept, rest)
        now = self._clock()
        async with self._db.write() as tx:
            current = await self._require(tx, round.round_id)
            if current.state is not RoundState.DUE:
                return True
            fresh = (await self.eligible(tx, round)).without(gone)
            if fresh != eligible and not last:
                return False
            good = [ids async for ids in breathing(found) if fresh.allows(ids)]
            left = {n for ids in found for n in ids} - {n for ids in good for n in ids}
            left |= set(unmatched)
            waiting = [number for number in left if number in fresh.people]
            await self._freeze(tx, cohort, current, fresh, good, waiting, now)
            reach("while_deciding")
        reach("after_decide")
        return True

    async def _with_the_rest(
        self,
        round: Round,
        eligible: Eligible,
        kept: list[tuple[int, ...]],
        rest: dict[int, tuple[Member, Participant]],
    ) -> tuple[list[tuple[int, ...]], list[int]]:
        """Bring those together who lost their group, or let them join others they never met."""
        drawn = await self.match(round, replace(eligible, people=rest))
        await asyncio.sleep(0)
        met = await self._met(round, rest)
        new = [ids for ids in drawn.groups if met.isdisjoint(pairs_of(ids))]
        over = sorted(set(rest).difference(*new))
        found, unmatched = _make_room([*kept, *new], over, eligible, round.size, met)
        if unmatched:
            every = [*kept, *drawn.groups]
            found, unmatched = _make_room(every, drawn.unmatched, eligible, round.size, met)
        return found, unmatched

    async def _met(self, round: Round, rest: Collection[int]) -> Pairs:
        """Return whom those who are left over have met before this round, two by two."""
        if not rest:
            return NO_PAIRS
        async with self._db.read() as tx:
            history = await self._store.history(tx, round.cohort_id, round.number)
        return frozenset(
            frozenset((one, other))
            for one, other, _ago in history.meetings
            if one in rest or other in rest
        )

    async def _freeze(
        self,
        tx: Tx,
        cohort: Cohort,
        round: Round,
        eligible: Eligible,
        found: list[tuple[int, ...]],
        waiting: list[int],
        now: datetime,
    ) -> None:
        for before in await self._store.rounds_in(tx, RoundState.OPEN, cohort_id=cohort.cohort_id):
            await self._store.hurry(tx, before.round_id, now)
            await self._store.withdraw(tx, before.round_id, Entry.WAITING)
            await self._store.change_round(tx, before.round_id, closes_at=now)
        await self._store.drop_planned(tx, round.round_id)
        await self._store.withdraw(tx, round.round_id, Entry.UNMATCHED)
        await self._store.enter(tx, round.round_id, waiting, Entry.UNMATCHED, now)
        await self._store.enter(tx, round.round_id, waiting, Entry.WAITING, now)
        await self._remember(tx, round, eligible, found, waiting)
        opened = await self._store.change_round(
            tx,
            round.round_id,
            state=RoundState.OPEN,
            opened_at=now,
            pool_at=await self.next_pool(tx, cohort, now),
            retry_at=None,
        )
        await self.seat(tx, cohort, opened, found, now, again=False)
        for number in waiting:
            member, _participant = eligible.people[number]
            if takes_messages(member):
                await self._regret(tx, round, member, now)

    async def _remember(
        self,
        tx: Tx,
        round: Round,
        eligible: Eligible,
        found: list[tuple[int, ...]],
        waiting: list[int],
    ) -> None:
        """Note who was in the odd trio and who was left over, so that it is somebody else next."""
        for ids in found:
            if round.size == 2 and len(ids) == 3:
                for number in ids:
                    trios = eligible.people[number][1].trios + 1
                    await self._store.note_participant(
                        tx, number, trios=trios, trio_round=round.number
                    )
        for number, (_member, participant) in eligible.people.items():
            left_out = participant.left_out + 1 if number in waiting else 0
            if left_out != participant.left_out:
                await self._store.note_participant(tx, number, left_out=left_out)

    async def _regret(self, tx: Tx, round: Round, member: Member, now: datetime) -> None:
        await outbox.enqueue(
            tx,
            kind="introduction.unmatched",
            dedupe=f"{round.key}unmatched:{member.member_id}",
            place=Place.user(member.user_id),
            now=now,
            expires_at=round.closes_at,
            cohort_id=round.cohort_id,
            member_id=member.member_id,
            subject={"round_id": round.round_id},
        )

    async def seat(
        self,
        tx: Tx,
        cohort: Cohort,
        round: Round,
        found: Sequence[Sequence[int]],
        now: datetime,
        *,
        again: bool,
    ) -> None:
        """Keep groups and write what introduces their people."""
        numbers = await self._store.add_groups(tx, round, found, GroupState.OPENING, again=again)
        new = set(numbers)
        groups = await self._store.groups_of(tx, round.round_id, GroupState.OPENING)
        groups = [group for group in groups if group.group_id in new]
        await self._telling.everyone(tx, cohort, round, groups, now)

    async def next_pool(self, tx: Tx, cohort: Cohort, now: datetime) -> datetime:
        """Return when those who wait are drawn next: every day at the hour of the rounds."""
        schedule = await schedules.find(tx, cohort.cohort_id, KIND)
        local = cohort.local(now)
        wall = schedule.rule.at if schedule else local.time().replace(second=0, microsecond=0)
        return to_utc(local.date() + A_DAY, wall, cohort.zone)

    async def _or_later(self, round: Round, work: Any) -> None:
        """Do it; after a fault of ours try again in a while, and let other rounds go on."""
        try:
            await work
        except Exception as error:
            incident(f"introductions of round {round.round_id}", error)
            async with self._db.write() as tx:
                retry_at = self._clock() + RETRY
                await self._store.change_round(tx, round.round_id, retry_at=retry_at)

    async def _require(self, tx: Tx, round_id: int) -> Round:
        round = await self._store.round(tx, round_id)
        if round is None:
            raise NotFound(_("That round is gone."))
        return round


def _in(member: Member, participant: Participant, now: datetime) -> bool:
    return participant.takes_part(member.local_date(now))


def _ids(group: Group) -> tuple[int, ...]:
    return tuple(seat.member_id for seat in group.seats)


def _make_room(
    found: Sequence[tuple[int, ...]],
    unmatched: Sequence[int],
    eligible: Eligible,
    size: int,
    met: Pairs,
) -> tuple[list[tuple[int, ...]], list[int]]:
    """Let who is left over join a group, each a group of its own, where nobody minds.

    Whom they have met before they meet again only where nobody new has room.
    """
    groups, left = [tuple(ids) for ids in found], list[int]()
    for number in unmatched:
        fitting = [
            place
            for place, ids in enumerate(groups)
            if len(ids) <= size and eligible.allows((*ids, number))
        ]
        if not fitting:
            left.append(number)
            continue
        place = min(fitting, key=lambda at: (*_cost(number, groups[at], eligible, met), at))
        groups[place] = tuple(sorted((*groups[place], number)))
    return groups, left


def _cost(number: int, ids: Sequence[int], eligible: Eligible, met: Pairs) -> tuple[int, int]:
    """Return how many of a group somebody has met, then how often its people were in a trio."""
    again = sum(frozenset((number, other)) in met for other in ids)
    return again, sum(eligible.people[other][1].trios for other in ids)
