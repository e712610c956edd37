"""How people hear of each other: a private thread for each group, or else a direct message."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.clockwork.breathing import breathing
from bot.delivery import budget, outbox
from bot.delivery.letters import Letter, PlaceKind
from bot.delivery.outbox import NewLetter, Place
from bot.delivery.quiet import wait
from bot.face.words import N_, _
from bot.people import cohorts
from bot.people.cohorts import Cohort
from bot.people.memberships import Member
from bot.storage.database import Tx

from .model import GRACE, Group, GroupState, Reach, Round, next_step, takes_messages
from .store import IntroductionStore

A_DAY = timedelta(hours=24)
NO_CHANNEL = N_("there is no channel for introductions")


class Telling:
    """Write the letters of groups; nothing here sends."""

    def __init__(self, store: IntroductionStore) -> None:
        self._store = store

    async def everyone(
        self, tx: Tx, cohort: Cohort, round: Round, groups: Sequence[Group], now: datetime
    ) -> None:
        """Write what introduces the people of these groups to each other."""
        ids = [seat.member_id for group in groups for seat in group.seats]
        people = await self._store.people(tx, ids)
        if cohort.introductions_id is None:
            for group in groups:
                await self.by_message(tx, cohort, round, group, _(NO_CHANNEL), now)
            return
        hall_id = cohort.introductions_id
        opening = [self._room(cohort, hall_id, group, now) async for group in breathing(groups)]
        written = await outbox.enqueue_all(tx, opening, now)
        used_up = await budget.without_room(tx, people.values(), now)
        tomorrow = await budget.without_room(tx, people.values(), now + A_DAY)
        letters: list[NewLetter] = []
        async for group in breathing(groups):
            room_id = written.get(group.key + "room")
            if room_id is None:
                continue
            here = [people[seat.member_id] for seat in group.seats if seat.member_id in people]
            awake = [m for m in here if m.member_id not in used_up and _awake(m, now) == now]
            letters.append(self._welcome(cohort, room_id, group, awake, now))
            for member in here:
                if member in awake:
                    continue
                late = member.member_id in used_up
                if not (late and member.member_id in tomorrow):
                    at = _awake(member, now + A_DAY if late else now)
                    letters.append(self._call(cohort, room_id, group, member, at, now))
        await outbox.enqueue_all(tx, letters, now)

    def _room(self, cohort: Cohort, channel_id: int, group: Group, now: datetime) -> NewLetter:
        return NewLetter(
            kind="introduction.room",
            dedupe=group.key + "room",
            place=Place.channel(channel_id),
            due_at=now,
            expires_at=now + GRACE,
            cohort_id=cohort.cohort_id,
            subject={"group_id": group.group_id},
            action="thread",
            priority=3,
            counts=False,
        )

    def _welcome(
        self, cohort: Cohort, room_id: int, group: Group, awake: list[Member], now: datetime
    ) -> NewLetter:
        ids = [member.member_id for member in awake]
        return NewLetter(
            kind="introduction.welcome",
            dedupe=group.key + "welcome",
            place=Place.thread_of(room_id),
            due_at=now,
            expires_at=now + GRACE,
            cohort_id=cohort.cohort_id,
            subject={"group_id": group.group_id, "mentions": ids},
            priority=3,
            counts=bool(ids),
            pings=tuple(ids),
        )

    def _call(
        self,
        cohort: Cohort,
        room_id: int,
        group: Group,
        member: Member,
        at: datetime,
        now: datetime,
    ) -> NewLetter:
        return NewLetter(
            kind="introduction.call",
            dedupe=f"{group.key}call:{member.member_id}",
            place=Place.thread_of(room_id),
            due_at=at,
            expires_at=now + GRACE,
            cohort_id=cohort.cohort_id,
            member_id=member.member_id,
            subject={"group_id": group.group_id, "mentions": [member.member_id]},
        )

    async def by_message(
        self, tx: Tx, cohort: Cohort, round: Round, group: Group, why: str, now: datetime
    ) -> None:
        """Introduce a group by direct messages, where no thread can be had; tell the staff."""
        people = await self._store.people(tx, [seat.member_id for seat in group.here])
        for member in people.values():
            values = {"reach": Reach.NOBODY, "why": _("takes no direct messages")}
            if takes_messages(member):
                values = {"reach": Reach.MESSAGE, "why": ""}
                await self.privately(tx, group, member, "direct", now, expires_at=now + GRACE)
            await self._store.change_seat(tx, group.group_id, member.member_id, **values)
        step, next_at = next_step(round, now, now)
        await self._store.change_group(
            tx, group.group_id, state=GroupState.OPEN, opened_at=now, step=step, next_at=next_at
        )
        await self.staff(tx, cohort, round, "note", now, why=why)

    async def privately(
        self,
        tx: Tx,
        group: Group,
        member: Member,
        kind: str,
        now: datetime,
        *,
        expires_at: datetime | None = None,
        **subject: int | str,
    ) -> None:
        """Write one member a direct message about a group, if they take any."""
        if not takes_messages(member):
            return
        await outbox.enqueue(
            tx,
            kind=f"introduction.{kind}",
            dedupe=f"{group.key}{kind}:{member.member_id}",
            place=Place.user(member.user_id),
            now=now,
            expires_at=expires_at or now + GRACE,
            cohort_id=group.cohort_id,
            member_id=member.member_id,
            subject={"group_id": group.group_id, **subject},
        )

    async def say(
        self,
        tx: Tx,
        group: Group,
        kind: str,
        now: datetime,
        *,
        calling: Sequence[Member] = (),
        to: Sequence[Member] = (),
    ) -> None:
        """Say something in a group's thread, calling some of them if their day allows it.

        Where there is no thread it goes to `to` as direct messages.
        """
        if group.thread_id is None:
            for member in to:
                await self.privately(tx, group, member, kind, now)
            return
        used_up = await budget.without_room(tx, calling, now)
        called = [member for member in calling if member.member_id not in used_up]
        due_at = max((_awake(member, now) for member in called), default=now)
        await outbox.enqueue(
            tx,
            kind=f"introduction.{kind}",
            dedupe=group.key + kind,
            place=Place.channel(group.thread_id),
            now=now,
            due_at=due_at,
            expires_at=now + GRACE,
            cohort_id=group.cohort_id,
            subject={
                "group_id": group.group_id,
                "mentions": [member.member_id for member in called],
            },
            counts=bool(called),
            pings=[member.member_id for member in called],
        )

    async def staff(
        self, tx: Tx, cohort: Cohort, round: Round, kind: str, now: datetime, *, why: str = ""
    ) -> None:
        """Tell the moderators something about a round, once for each reason."""
        if cohort.staff_id is None:
            return
        await outbox.enqueue(
            tx,
            kind=f"introduction.{kind}",
            dedupe=f"{round.key}{kind}:{why}",
            place=Place.channel(cohort.staff_id),
            now=now,
            expires_at=now + GRACE,
            cohort_id=cohort.cohort_id,
            subject={"round_id": round.round_id, "why": why},
            counts=False,
        )

    # --- when a letter reached nobody

    async def no_room(
        self, tx: Tx, letter: Letter, code: int | None, why: str, now: datetime
    ) -> None:
        """Introduce by direct message those for whom no thread could be opened."""
        group = await self._store.group(tx, int(letter.subject["group_id"]))
        round = await self._store.round(tx, group.round_id) if group else None
        if group is None or round is None or group.state is GroupState.ENDED:
            return
        cohort = await cohorts.require(tx, group.cohort_id)
        await outbox.cancel(tx, group.key, now, why)
        await self.by_message(tx, cohort, round, group, why, now)

    async def no_thread(
        self, tx: Tx, letter: Letter, code: int | None, why: str, now: datetime
    ) -> None:
        """Say by direct message what could not be said in a thread: locked, removed, or closed."""
        group = await self._store.group(tx, int(letter.subject["group_id"]))
        if group is None or letter.place.kind is PlaceKind.USER:
            return
        kind = letter.kind.partition(".")[2]
        people = await self._store.people(tx, _for_whom(group, letter, kind))
        for member in people.values():
            await self.privately(tx, group, member, "direct" if kind == "call" else kind, now)

    async def no_message(
        self, tx: Tx, letter: Letter, code: int | None, why: str, now: datetime
    ) -> None:
        """Note in the report that somebody was not reached, and why."""
        await self._store.change_seat(
            tx,
            int(letter.subject["group_id"]),
            letter.member_id or 0,
            reach=Reach.NOBODY,
            why=why,
        )


def _for_whom(group: Group, letter: Letter, kind: str) -> list[int]:
    """Return for whom something was, that was to be said in a group's thread."""
    if kind == "call":
        return [letter.member_id or 0]
    if kind == "nudge":
        return [group.first_id or 0]
    silent = {seat.member_id for seat in group.silent} if kind == "quiet" else set[int]()
    return [seat.member_id for seat in group.here if seat.member_id not in silent]


def _awake(member: Member, moment: datetime) -> datetime:
    return wait(moment, member.zone, member.quiet_from, member.quiet_to)
