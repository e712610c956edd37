"""What happens once people were introduced: nudges, questions, silence, leaving, daily draws."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.clockwork.clock import Clock
from bot.delivery import budget, outbox
from bot.delivery.letters import LetterState
from bot.delivery.outbox import Place
from bot.delivery.quiet import wait
from bot.errors import NotAllowed, NotFound, Refusal
from bot.face.words import _
from bot.logs import incident
from bot.people import activity, cohorts, memberships
from bot.people.caller import Caller
from bot.people.memberships import Member
from bot.storage.database import Database, Tx

from .model import (
    ASK_AT,
    NO_POOL_BEFORE_END,
    PAUSE_AT,
    QUIET_AFTER,
    End,
    Entry,
    Group,
    GroupState,
    Part,
    Reach,
    Round,
    RoundState,
    Seat,
    Step,
    next_step,
    pairs_of,
    takes_messages,
)
from .rounds import Rounds
from .store import UNSENT, IntroductionStore
from .telling import Telling

WIDEST_ZONE = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Heard:
    """Who wrote in a thread since it was last looked at, and the newest message there."""

    users: dict[int, datetime]
    last_id: int


class Ear(Protocol):
    """Knows who wrote in one of our threads; never what."""

    async def heard(self, thread_id: int, after: int) -> Heard | None:
        """Return who wrote after a message, or None where the thread cannot be read."""
        ...


class Following:
    """Look after every group until its round is over."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        store: IntroductionStore,
        rounds: Rounds,
        telling: Telling,
        ear: Ear,
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._rounds = rounds
        self._telling = telling
        self._ear = ear

    async def work(self, now: datetime) -> None:
        """Do everything that is due, in the order in which one thing leads to another."""
        await self._welcome_back(now)
        await self._rounds.plan_ahead(now)
        await self._rounds.draw_due(now)
        await self._rounds.open_due(now)
        await self._note_arrivals(now)
        await self._take_apart(now)
        await self._follow(now)
        await self._close(now)
        await self._draw_pools(now)

    async def next_at(self, now: datetime) -> datetime | None:
        """Return when something is due next; for a clock that is driven by hand."""
        async with self._db.read() as tx:
            found = [await self._store.next_at(tx)]
            for round in await self._store.rounds_in(tx, RoundState.DUE, RoundState.NOTICED):
                found.append(round.retry_at or now)
            found += [
                round.closes_at
                for round in await self._store.rounds_in(tx, RoundState.OPEN)
                if round.closes_at > now
            ]
            for cohort_id in await self._store.cohorts_with_rounds(tx):
                cohort = await cohorts.require(tx, cohort_id)
                due = await self._rounds.upcoming(tx, cohort, now)
                ahead = due and due.at - timedelta(hours=24)
                if ahead and ahead > now:
                    found.append(ahead)
            groups = await self._store.opening(tx)
            letters = await self._store.arrived(tx, [group.key + "room" for group in groups])
        if any(row.state not in OPEN_LETTERS for row in letters.values()):
            found.append(now)
        return min((at for at in found if at is not None), default=None)

    async def _welcome_back(self, now: datetime) -> None:
        """Let those in again whose pause is over where they live."""
        async with self._db.read() as tx:
            back = await self._store.due_back(tx, (now + WIDEST_ZONE).date())
        if not back:
            return
        async with self._db.write() as tx:
            for member_id, until in back:
                member = await memberships.get(tx, member_id)
                if member is not None and until <= member.local_date(now):
                    await self._store.take_part(tx, member_id, Part.IN, now)

    # --- threads that opened, or did not

    async def _note_arrivals(self, now: datetime) -> None:
        """Note which threads are open, and which groups were never told."""
        async with self._db.read() as tx:
            groups = await self._store.opening(tx)
            letters = await self._store.arrived(tx, [group.key + "room" for group in groups])
        done = [g for g in groups if _done(letters.get(g.key + "room"))]
        if not done:
            return
        async with self._db.write() as tx:
            for group in done:
                letter = letters[group.key + "room"]
                if letter.state is LetterState.SENT:
                    await self._opened(tx, group, letter.channel_id, letter.ended_at or now)
                elif letter.state in UNSENT:
                    await self._store.reach(tx, group.group_id, Reach.NOBODY, letter.last_error)
                    await self.end(tx, group, End.UNSENT, now)

    async def _opened(self, tx: Tx, group: Group, thread_id: int, at: datetime) -> None:
        round = await self._store.round(tx, group.round_id)
        assert round is not None
        step, next_at = next_step(round, at, at)
        await self._store.change_group(
            tx,
            group.group_id,
            state=GroupState.OPEN,
            thread_id=thread_id,
            opened_at=at,
            step=step,
            next_at=next_at,
        )
        await self._store.reach(tx, group.group_id, Reach.THREAD)

    # --- steps

    async def _follow(self, now: datetime) -> None:
        async with self._db.read() as tx:
            groups = await self._store.to_follow(tx, now)
        for group in groups:
            try:
                heard = await self.listen(group)
                async with self._db.write() as tx:
                    await self._take_step(tx, group, heard, now)
            except Exception as error:
                incident(f"following introduction {group.group_id}", error)
                async with self._db.write() as tx:
                    later = now + timedelta(minutes=30)
                    await self._store.change_group(tx, group.group_id, next_at=later)

    async def listen(self, group: Group) -> Heard | None:
        """Return who wrote in a group's thread; None where that cannot be known."""
        if group.thread_id is None or not group.silent:
            return Heard({}, group.seen_id)
        return await self._ear.heard(group.thread_id, group.seen_id)

    async def _take_step(self, tx: Tx, seen: Group, heard: Heard | None, now: datetime) -> None:
        group = await self._note_heard(tx, seen, heard)
        round = await self._store.round(tx, seen.round_id)
        if group is None or round is None or group.next_at != seen.next_at:
            return
        people = await self._store.people(tx, [seat.member_id for seat in group.here])
        if group.step is Step.CLOSE:
            await self.end(tx, group, End.OVER, now, fair=heard is not None)
            return
        if group.step is Step.NUDGE:
            await self._nudge(tx, group, people, now)
        elif group.step is Step.QUIET and heard is not None:
            await self._break_silence(tx, group, people, now)
        elif group.step in (Step.MIDDLE, Step.LAST) and not group.met:
            await self._ask(tx, group, people, now)
        assert group.opened_at is not None and group.next_at is not None
        step, next_at = next_step(round, group.opened_at, max(now, group.next_at))
        await self._store.change_group(tx, group.group_id, step=step, next_at=next_at)

    async def _note_heard(self, tx: Tx, seen: Group, heard: Heard | None) -> Group | None:
        group = await self._store.group(tx, seen.group_id)
        if group is None or group.state is not GroupState.OPEN:
            return None
        if heard is None:
            return group
        people = await self._store.people(tx, [seat.member_id for seat in group.seats])
        for seat in group.silent:
            member = people.get(seat.member_id)
            at = heard.users.get(member.user_id) if member else None
            if at is not None:
                await self._store.change_seat(tx, group.group_id, seat.member_id, heard_at=at)
        if heard.last_id > group.seen_id:
            await self._store.change_group(tx, group.group_id, seen_id=heard.last_id)
        return await self._store.group(tx, group.group_id)

    async def _nudge(self, tx: Tx, group: Group, people: dict[int, Member], now: datetime) -> None:
        first = people.get(group.first_id or 0)
        seat = group.seat_of(first.member_id) if first else None
        if first is not None and seat is not None and seat.is_here and seat.heard_at is None:
            await self._telling.say(tx, group, "nudge", now, calling=[first], to=[first])

    async def _break_silence(
        self, tx: Tx, group: Group, people: dict[int, Member], now: datetime
    ) -> None:
        """Offer somebody else to those who wait, and ask the silent privately, once.

        Whose messages are used up for now is asked on `/me` alone.
        """
        silent = {seat.member_id for seat in group.silent}
        waiting = [member for number, member in people.items() if number not in silent]
        if not silent or group.met:
            return
        if waiting:
            await self._telling.say(tx, group, "quiet", now, to=waiting)
        asked = [people[number] for number in silent if number in people]
        used_up = await budget.without_room(tx, asked, now)
        for member in asked:
            if member.member_id not in used_up:
                await self._telling.privately(tx, group, member, "still_up", now)

    async def _ask(self, tx: Tx, group: Group, people: dict[int, Member], now: datetime) -> None:
        """Ask whether they met; at the end by name, but nobody who sleeps.

        Put off until they wake, it could take the place of that morning's check-in.
        """
        last = group.step is Step.LAST
        open_seats = [
            people[s.member_id] for s in group.here if not s.said and s.member_id in people
        ]
        calling = [member for member in open_seats if last and _is_awake(member, now)]
        kind = "last" if last else "middle"
        to = list(people.values())
        await self._telling.say(tx, group, kind, now, calling=calling, to=to)

    # --- the end of a group

    async def end(
        self, tx: Tx, group: Group, end: End, now: datetime, *, fair: bool = True
    ) -> None:
        """End a group, and count who missed it; `fair` says that it is known who wrote."""
        counts = fair and end in (End.OVER, End.QUIET) and not group.met
        for seat in group.here:
            told = seat.reach in (Reach.THREAD, Reach.MESSAGE)
            if seat.heard_at is not None:
                await self._store.note_participant(tx, seat.member_id, misses=0)
            elif counts and told:
                await self._missed(tx, group, seat, now)
        await self._store.change_group(
            tx, group.group_id, state=GroupState.ENDED, end=end, step=None, next_at=None
        )
        if end is not End.QUIET:
            await outbox.cancel(tx, group.key, now, "the introduction is over")

    async def _missed(self, tx: Tx, group: Group, seat: Seat, now: datetime) -> None:
        participant = await self._store.participant(tx, seat.member_id)
        member = await memberships.get(tx, seat.member_id)
        if participant is None or member is None:
            return
        misses = participant.misses + 1
        await self._store.change_seat(tx, group.group_id, seat.member_id, missed=True)
        await self._store.note_participant(tx, seat.member_id, misses=misses)
        if misses < ASK_AT or participant.part is not Part.IN:
            return
        if misses >= PAUSE_AT:
            await self._store.note_participant(
                tx, seat.member_id, part=Part.PAUSED, paused_until=None
            )
            await activity.note(tx, member, "introduction.paused", group.group_id, now)
        if takes_messages(member) and await budget.allows(tx, member, now):
            kind = "paused" if misses >= PAUSE_AT else "asking"
            await outbox.enqueue(
                tx,
                kind=f"introduction.{kind}",
                dedupe=f"introduction:{kind}:{group.group_id}:{member.member_id}",
                place=Place.user(member.user_id),
                now=now,
                cohort_id=group.cohort_id,
                member_id=member.member_id,
                subject={"member_id": member.member_id},
            )

    # --- those who stay behind

    async def still_on(self, group_id: int) -> bool:
        """Say whether a group may still be introduced, at the moment of sending."""
        async with self._db.read() as tx:
            group = await self._store.group(tx, group_id)
            if group is None or group.state is GroupState.ENDED or len(group.here) < 2:
                return False
            return not await self._store.broken(tx, group_id)

    async def gone(self, group_id: int, user_ids: set[int]) -> None:
        """Note that people have left the server after their group was decided."""
        now = self._clock()
        async with self._db.write() as tx:
            group = await self._store.group(tx, group_id)
            if group is None:
                return
            people = await self._store.people(tx, [seat.member_id for seat in group.here])
            for number, member in people.items():
                if member.user_id in user_ids:
                    await self._store.change_seat(tx, group_id, number, gone_at=now)

    async def _take_apart(self, now: datetime) -> None:
        """End the groups that cannot go on, whatever the reason, with the same words for each."""
        async with self._db.read() as tx:
            broken = await self._store.broken(tx)
        for group_id in broken:
            async with self._db.write() as tx:
                group = await self._store.group(tx, group_id)
                if group is not None and group.state is not GroupState.ENDED:
                    await self._take_one_apart(tx, group, now)

    async def _take_one_apart(self, tx: Tx, group: Group, now: datetime) -> None:
        round = await self._store.round(tx, group.round_id)
        assert round is not None
        ids = [seat.member_id for seat in group.here]
        eligible = await self._rounds.eligible(tx, replace(round, round_id=0), only=ids)
        stay = [number for number in ids if number in eligible.people]
        for number in ids:
            if number not in stay:
                await self._store.change_seat(tx, group.group_id, number, gone_at=now)
        minds = any(pair in eligible.apart for pair in pairs_of(stay))
        if len(stay) >= 2 and not minds:
            return
        left = await self._store.group(tx, group.group_id)
        assert left is not None
        await self.end(tx, left, End.APART, now)
        await self.to_pool(tx, round, stay, now)
        if group.state is GroupState.OPEN:
            people = await self._store.people(tx, stay)
            await self._telling.say(tx, left, "ended", now, to=list(people.values()))

    async def to_pool(self, tx: Tx, round: Round, ids: Sequence[int], now: datetime) -> bool:
        """Put members into the daily draw of their round, while there is time to meet."""
        if round.state is not RoundState.OPEN or now > round.ends_at - NO_POOL_BEFORE_END:
            return False
        await self._store.enter(tx, round.round_id, ids, Entry.WAITING, now)
        return True

    async def find_else(self, caller: Caller, group_id: int) -> datetime:
        """Give up on a silent introduction; return when the caller is drawn anew.

        Raises Refusal while it is too early, or when somebody wrote meanwhile.
        """
        now = self._clock()
        async with self._db.read() as tx:
            found = await self._store.group(tx, group_id)
        heard = await self.listen(found) if found and found.state is GroupState.OPEN else None
        async with self._db.write() as tx:
            member, group = await self.seat_of(tx, caller, group_id)
            group = await self._note_heard(tx, group, heard) or group
            round = await self._store.round(tx, group.round_id)
            seat = group.seat_of(member.member_id)
            if group.state is not GroupState.OPEN or round is None or not seat or not seat.is_here:
                raise Refusal(_("This introduction is over already. `/intro history` shows yours."))
            if group.opened_at is None or now < group.opened_at + QUIET_AFTER:
                raise Refusal(_("Give them three days; people are busy. Then this button works."))
            others = [each for each in group.silent if each.member_id != member.member_id]
            if not others or group.met:
                raise Refusal(_("Somebody has written or answered. Have a look in your thread."))
            if not await self.to_pool(tx, round, [member.member_id], now):
                raise Refusal(
                    _("This round is nearly over. The next one brings you somebody else.")
                )
            await self._store.change_seat(
                tx, group_id, member.member_id, heard_at=seat.heard_at or now, gone_at=now
            )
            await self._store.note_participant(tx, member.member_id, misses=0)
            left = await self._store.group(tx, group_id)
            if left is not None and len(left.here) < 2:
                await self.end(tx, left, End.QUIET, now)
            return round.pool_at or now

    async def seat_of(self, tx: Tx, caller: Caller, group_id: int) -> tuple[Member, Group]:
        """Return a group and the caller as its member. Raises NotAllowed for anyone else."""
        group = await self._store.group(tx, group_id)
        if group is None:
            raise NotFound(_("That introduction is gone. `/intro history` shows yours."))
        people = await self._store.people(tx, [seat.member_id for seat in group.seats])
        for member in people.values():
            if member.user_id == caller.user_id:
                return member, group
        raise NotAllowed(_("Only the people who were introduced here can answer that."))

    # --- the daily draw, and the end of a round

    async def _draw_pools(self, now: datetime) -> None:
        async with self._db.read() as tx:
            found = await self._store.rounds_in(tx, RoundState.OPEN)
        for round in found:
            if round.pool_at is not None and round.pool_at <= now:
                try:
                    await self._draw_pool(round, now)
                except Exception as error:
                    incident(f"the daily draw of round {round.round_id}", error)
                    async with self._db.write() as tx:
                        later = now + timedelta(minutes=30)
                        await self._store.change_round(tx, round.round_id, pool_at=later)

    async def _draw_pool(self, round: Round, now: datetime) -> None:
        async with self._db.read() as tx:
            cohort = await cohorts.require(tx, round.cohort_id)
            waiting = await self._store.entered(tx, round.round_id, Entry.WAITING)
            eligible = await self._rounds.eligible(tx, replace(round, round_id=0), only=waiting)
            groups = await self._store.groups_of(tx, round.round_id)
        again = {p for g in groups for p in pairs_of([seat.member_id for seat in g.seats])}
        late = now > round.ends_at - NO_POOL_BEFORE_END
        eligible = replace(eligible, apart=eligible.apart | again)
        found: Sequence[Sequence[int]] = ()
        if not late and len(eligible.people) >= 2:
            eligible = eligible.without(await self._rounds.absent(cohort, eligible))
            drawn = await self._rounds.match(replace(round, size=2), eligible)
            found = drawn.groups
        async with self._db.write() as tx:
            current = await self._store.round(tx, round.round_id)
            if current is None or current.state is not RoundState.OPEN:
                return
            fresh = await self._rounds.eligible(tx, replace(round, round_id=0), only=waiting)
            fresh = replace(fresh, apart=fresh.apart | again)
            good = [ids for ids in found if fresh.allows(ids)]
            await self._store.withdraw(
                tx, round.round_id, Entry.WAITING, [n for ids in good for n in ids]
            )
            await self._rounds.seat(tx, cohort, current, good, now, again=True)
            next_at = await self._rounds.next_pool(tx, cohort, now)
            await self._store.change_round(tx, round.round_id, pool_at=None if late else next_at)

    async def _close(self, now: datetime) -> None:
        """Close rounds whose groups are over, and hand the moderators the report."""
        async with self._db.read() as tx:
            found = await self._store.rounds_in(tx, RoundState.OPEN)
        for round in found:
            if now < round.closes_at:
                continue
            async with self._db.write() as tx:
                under_way = await self._store.groups_of(
                    tx, round.round_id, GroupState.OPENING, GroupState.OPEN
                )
                if under_way:
                    continue
                cohort = await cohorts.require(tx, round.cohort_id)
                await self._store.withdraw(tx, round.round_id, Entry.WAITING)
                await self._store.change_round(
                    tx, round.round_id, state=RoundState.CLOSED, pool_at=None
                )
                await self._telling.staff(tx, cohort, round, "report", now)


OPEN_LETTERS = (LetterState.PENDING, LetterState.SENDING, LetterState.HELD)


def _is_awake(member: Member, now: datetime) -> bool:
    return wait(now, member.zone, member.quiet_from, member.quiet_to) == now


def _done(letter: object) -> bool:
    return letter is not None and getattr(letter, "state", None) not in OPEN_LETTERS
