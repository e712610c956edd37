"""Where introductions are kept. The only SQL about them."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Row,
    Select,
    Text,
    UniqueConstraint,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from bot.clockwork.breathing import breathing, slices
from bot.delivery.letters import LetterState, letters
from bot.delivery.schedules import schedules
from bot.matching.model import History, Meeting
from bot.people.activity import activity, week_from
from bot.people.cohorts import CohortState, cohorts
from bot.people.contact import stops
from bot.people.memberships import Member, MemberState, as_member, members, whole
from bot.people.users import users
from bot.storage.columns import Day, Flag, Id, Json, Moment, word
from bot.storage.database import Tx, table
from bot.storage.sealed import ring

from .model import (
    KIND,
    Avoided,
    End,
    Entry,
    Group,
    GroupState,
    Part,
    Participant,
    Reach,
    Round,
    RoundState,
    Said,
    Seat,
    Settings,
    Step,
    weights_of,
)

settings = table(
    "introduction_setting",
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), primary_key=True),
    Column("size", Id, nullable=False, server_default="2"),
    Column("hold", Flag, nullable=False, server_default="0"),
    Column("weights", Json, nullable=False, server_default="{}"),
)

participants = table(
    "introduction_member",
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), primary_key=True),
    word("part", Part),
    Column("paused_until", Day),
    Column("misses", Id, nullable=False, server_default="0"),
    Column("trios", Id, nullable=False, server_default="0"),
    Column("trio_round", Id, nullable=False, server_default="0"),
    Column("left_out", Id, nullable=False, server_default="0"),
    Column("joined_at", Moment, nullable=False),
)

avoids = table(
    "introduction_avoid",
    Column("avoid_id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey(users.c.user_id, ondelete="CASCADE"), nullable=False),
    Column("other_id", Id),
    # Holds when the other had themselves erased and comes back: a mark nobody can turn round.
    Column("other_mark", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("user_id", "other_mark"),
    Index(None, "other_id"),
    Index(None, "other_mark"),
)

rounds = table(
    "introduction_round",
    Column("round_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("number", Id, nullable=False),
    Column("period", Day, nullable=False),
    word("state", RoundState),
    Column("seed", Id, nullable=False),
    Column("size", Id, nullable=False),
    Column("hold", Flag, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("pool_at", Moment),
    Column("drawn_at", Moment),
    Column("approved_at", Moment),
    Column("opened_at", Moment),
    Column("retry_at", Moment),
    UniqueConstraint("cohort_id", "number"),
    Index(None, "cohort_id", "period"),
    Index(None, "state", "starts_at"),
)

entries = table(
    "introduction_entry",
    Column("round_id", Id, ForeignKey(rounds.c.round_id, ondelete="CASCADE"), primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), primary_key=True),
    word("entry", Entry, primary_key=True),
    Column("at", Moment, nullable=False),
    Index(None, "member_id"),
)

aparts = table(
    "introduction_apart",
    Column("round_id", Id, ForeignKey(rounds.c.round_id, ondelete="CASCADE"), primary_key=True),
    Column("one_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), primary_key=True),
    Column("apart_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), primary_key=True),
    Index(None, "one_id"),
    Index(None, "apart_id"),
)

groups = table(
    "introduction_group",
    Column("group_id", Id, primary_key=True),
    Column("round_id", Id, ForeignKey(rounds.c.round_id, ondelete="CASCADE"), nullable=False),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    word("state", GroupState),
    Column("again", Flag, nullable=False),
    Column("first_id", Id, ForeignKey(members.c.member_id, ondelete="SET NULL")),
    Column("thread_id", Id),
    Column("seen_id", Id, nullable=False, server_default="0"),
    Column("opened_at", Moment),
    word("step", Step, nullable=True),
    Column("next_at", Moment),
    word("end", End, server_default=""),
    Index(None, "round_id", "state"),
    Index(None, "cohort_id"),
    Index(None, "first_id"),
    Index(
        "ix_introduction_group_next_at",
        "next_at",
        sqlite_where=text("state = 'open'"),
    ),
)

seats = table(
    "introduction_seat",
    Column("group_id", Id, ForeignKey(groups.c.group_id, ondelete="CASCADE"), primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), primary_key=True),
    word("reach", Reach, server_default="waiting"),
    Column("why", Text, nullable=False, server_default=""),
    Column("heard_at", Moment),
    word("said", Said, server_default=""),
    Column("gone_at", Moment),
    Column("missed", Flag, nullable=False, server_default="0"),
    Index(None, "member_id"),
)

UNDER_WAY = (GroupState.OPENING, GroupState.OPEN)
CHUNK = 200


def _round(row: Row[Any]) -> Round:
    return Round(**row._mapping)


def _participant(row: Row[Any]) -> Participant:
    return Participant(**row._mapping)


class IntroductionStore:
    """Read and write introductions."""

    # --- how a cohort does it, and who takes part

    async def settings(self, tx: Tx, cohort_id: int) -> Settings:
        """Return how a cohort is introduced."""
        found = await tx.execute(select(settings).where(settings.c.cohort_id == cohort_id))
        row = found.one_or_none()
        return Settings(row.size, row.hold, weights_of(row.weights)) if row else Settings()

    async def choose(self, tx: Tx, cohort_id: int, values: Settings) -> None:
        """Keep how a cohort is introduced from its next round on."""
        await tx.execute(delete(settings).where(settings.c.cohort_id == cohort_id))
        row = {"size": values.size, "hold": values.hold, "weights": asdict(values.weights)}
        await tx.execute(insert(settings).values(cohort_id=cohort_id, **row))

    async def met_since(self, tx: Tx, cohort_id: int, since: datetime, until: datetime) -> int:
        """Count the groups of a cohort of which somebody said in that span that they met."""
        a = activity.c
        row = await tx.execute(
            select(func.count(func.distinct(a.subject_id))).where(
                a.cohort_id == cohort_id,
                a.word == "introduction.met",
                a.week_on >= week_from(since),
                a.at >= since,
                a.at < until,
            )
        )
        return row.scalar_one()

    async def participant(self, tx: Tx, member_id: int) -> Participant | None:
        """Return a member's part in introductions; None for those who never joined them."""
        found = await tx.execute(select(participants).where(participants.c.member_id == member_id))
        row = found.one_or_none()
        return _participant(row) if row else None

    async def take_part(
        self, tx: Tx, member_id: int, part: Part, now: datetime, until: date | None = None
    ) -> None:
        """Keep whether a member takes part; being back begins without misses."""
        values: dict[str, Any] = {"part": part, "paused_until": until}
        if part is Part.IN:
            values["misses"] = 0
        if await self.participant(tx, member_id) is None:
            await tx.execute(
                insert(participants).values(member_id=member_id, joined_at=now, **values)
            )
        else:
            await self.note_participant(tx, member_id, **values)

    async def note_participant(self, tx: Tx, member_id: int, **values: Any) -> None:
        """Note something about a participant."""
        await tx.execute(
            update(participants).where(participants.c.member_id == member_id).values(**values)
        )

    async def taking_part(self, tx: Tx, cohort_id: int) -> list[tuple[Member, Participant]]:
        """Return the joined members of a cohort who did not leave introductions, by number."""
        rows = await tx.execute(
            whole()
            .add_columns(*(c.label(f"p_{c.name}") for c in participants.c))
            .join(participants, participants.c.member_id == members.c.member_id)
            .where(
                members.c.cohort_id == cohort_id,
                members.c.state == MemberState.JOINED,
                participants.c.part != Part.OUT,
            )
            .order_by(members.c.member_id)
        )
        found: list[tuple[Member, Participant]] = []
        async for row in breathing(rows):
            values = dict(row._mapping)
            own = {c.name: values.pop(f"p_{c.name}") for c in participants.c}
            found.append((Member(**values), Participant(**own)))
        return found

    async def counted(self, tx: Tx, cohort_id: int) -> tuple[int, int]:
        """Return how many members of a cohort are in, and how many pause."""
        rows = await tx.execute(
            select(participants.c.part, func.count())
            .join(members, members.c.member_id == participants.c.member_id)
            .where(members.c.cohort_id == cohort_id, members.c.state == MemberState.JOINED)
            .group_by(participants.c.part)
        )
        found = {part: number for part, number in rows}
        return found.get(Part.IN, 0), found.get(Part.PAUSED, 0)

    async def due_back(self, tx: Tx, latest: date) -> list[tuple[int, date]]:
        """Return whose pause ends by a day, and when."""
        rows = await tx.execute(
            select(participants.c.member_id, participants.c.paused_until).where(
                participants.c.part == Part.PAUSED, participants.c.paused_until <= latest
            )
        )
        return [(row.member_id, row.paused_until) for row in rows]

    # --- who must not meet

    async def avoid(self, tx: Tx, user_id: int, other_id: int, name: str, now: datetime) -> None:
        """Never pair these two; doing so twice changes nothing."""
        mark = _mark(other_id)
        same = and_(avoids.c.user_id == user_id, avoids.c.other_mark == mark)
        await tx.execute(delete(avoids).where(same))
        await tx.execute(
            insert(avoids).values(
                user_id=user_id, other_id=other_id, other_mark=mark, name=name, at=now
            )
        )

    async def allow(self, tx: Tx, user_id: int, avoid_id: int) -> None:
        """Take it back."""
        await tx.execute(
            delete(avoids).where(avoids.c.user_id == user_id, avoids.c.avoid_id == avoid_id)
        )

    async def avoided_by(self, tx: Tx, user_id: int) -> list[Avoided]:
        """Return whom a user wants not to be paired with, latest first."""
        rows = await tx.execute(
            select(avoids.c.avoid_id, avoids.c.other_id, avoids.c.name)
            .where(avoids.c.user_id == user_id, avoids.c.other_id.is_not(None))
            .order_by(avoids.c.avoid_id.desc())
        )
        return [Avoided(row.avoid_id, row.other_id, row.name) for row in rows]

    async def avoiding(self, tx: Tx, user_ids: Iterable[int]) -> set[frozenset[int]]:
        """Return every pair among these users of whom one wants not to be paired."""
        by_mark = {_mark(user_id): user_id async for user_id in breathing(user_ids)}
        here = set(by_mark.values())
        rows = await tx.execute(select(avoids.c.user_id, avoids.c.other_mark))
        return {
            frozenset((row.user_id, by_mark[row.other_mark]))
            for row in rows
            if row.user_id in here and row.other_mark in by_mark
        }

    async def forget_avoided(self, tx: Tx, user_id: int) -> None:
        """Take a person's number and name out of what others noted."""
        await tx.execute(
            update(avoids).where(avoids.c.other_id == user_id).values(other_id=None, name="")
        )

    async def separate(self, tx: Tx, round_id: int, pairs: Iterable[frozenset[int]]) -> None:
        """Keep members apart in one round."""
        for one_id, apart_id in map(sorted, pairs):
            known = select(aparts).where(
                aparts.c.round_id == round_id,
                aparts.c.one_id == one_id,
                aparts.c.apart_id == apart_id,
            )
            if (await tx.execute(known)).one_or_none() is None:
                await tx.execute(
                    insert(aparts).values(round_id=round_id, one_id=one_id, apart_id=apart_id)
                )

    async def separated(self, tx: Tx, round_id: int) -> set[frozenset[int]]:
        """Return which members a moderator keeps apart in a round."""
        rows = await tx.execute(
            select(aparts.c.one_id, aparts.c.apart_id).where(aparts.c.round_id == round_id)
        )
        return {frozenset((row.one_id, row.apart_id)) for row in rows}

    # --- rounds

    async def add_round(self, tx: Tx, cohort_id: int, **values: Any) -> Round:
        """Begin a round, the next of its cohort."""
        last = select(func.coalesce(func.max(rounds.c.number), 0)).where(
            rounds.c.cohort_id == cohort_id
        )
        number = (await tx.execute(last)).scalar_one() + 1
        made = insert(rounds).values(cohort_id=cohort_id, number=number, **values)
        return _round((await tx.execute(made.returning(rounds))).one())

    async def round(self, tx: Tx, round_id: int) -> Round | None:
        """Return the round of that number, if there is one."""
        found = await tx.execute(select(rounds).where(rounds.c.round_id == round_id))
        row = found.one_or_none()
        return _round(row) if row else None

    async def change_round(self, tx: Tx, round_id: int, **values: Any) -> Round:
        """Change a round and return it as it is now."""
        made = update(rounds).where(rounds.c.round_id == round_id).values(**values)
        return _round((await tx.execute(made.returning(rounds))).one())

    async def rounds_in(
        self, tx: Tx, *states: RoundState, cohort_id: int | None = None
    ) -> list[Round]:
        """Return the rounds in these states, of cohorts that run, oldest first."""
        wanted = _rounds_in(states)
        if cohort_id is not None:
            wanted = wanted.where(rounds.c.cohort_id == cohort_id)
        return [_round(row) for row in await tx.execute(wanted)]

    async def latest(self, tx: Tx, cohort_id: int, *states: RoundState) -> Round | None:
        """Return the newest round of a cohort in one of these states."""
        found = await tx.execute(
            select(rounds)
            .where(rounds.c.cohort_id == cohort_id, rounds.c.state.in_(states))
            .order_by(rounds.c.number.desc())
            .limit(1)
        )
        row = found.one_or_none()
        return _round(row) if row else None

    async def of_period(self, tx: Tx, cohort_id: int, period: date) -> Round | None:
        """Return the round a schedule's date stands for, unless it was cancelled."""
        found = await tx.execute(
            select(rounds)
            .where(
                rounds.c.cohort_id == cohort_id,
                rounds.c.period == period,
                rounds.c.state != RoundState.CANCELLED,
            )
            .order_by(rounds.c.number.desc())
            .limit(1)
        )
        row = found.one_or_none()
        return _round(row) if row else None

    async def cohorts_with_rounds(self, tx: Tx) -> list[int]:
        """Return the cohorts that run and have introductions switched on."""
        rows = await tx.execute(
            select(schedules.c.cohort_id)
            .join(cohorts, cohorts.c.cohort_id == schedules.c.cohort_id)
            .where(
                schedules.c.kind == KIND,
                schedules.c.enabled == text("1"),
                cohorts.c.state.in_(RUNNING),
            )
        )
        return list(rows.scalars())

    # --- who is in no group

    async def enter(
        self, tx: Tx, round_id: int, member_ids: Iterable[int], entry: Entry, now: datetime
    ) -> None:
        """Note members in a round; noting twice changes nothing."""
        known = set(await self.entered(tx, round_id, entry))
        rows = [
            {"round_id": round_id, "member_id": member_id, "entry": entry, "at": now}
            for member_id in dict.fromkeys(member_ids)
            if member_id not in known
        ]
        async for chunk in _chunks(rows):
            await tx.execute(insert(entries), chunk)

    async def entered(self, tx: Tx, round_id: int, entry: Entry) -> dict[int, datetime]:
        """Return who is noted in a round, and since when."""
        rows = await tx.execute(
            select(entries.c.member_id, entries.c.at)
            .where(entries.c.round_id == round_id, entries.c.entry == entry)
            .order_by(entries.c.at, entries.c.member_id)
        )
        return {row.member_id: row.at for row in rows}

    async def withdraw(
        self, tx: Tx, round_id: int, entry: Entry, member_ids: Iterable[int] | None = None
    ) -> None:
        """Take members out of a round's notes, all or only these."""
        which = and_(entries.c.round_id == round_id, entries.c.entry == entry)
        if member_ids is None:
            await tx.execute(delete(entries).where(which))
            return
        async for chunk in _chunks(list(member_ids)):
            await tx.execute(delete(entries).where(which, entries.c.member_id.in_(chunk)))

    # --- groups

    async def add_groups(
        self,
        tx: Tx,
        round: Round,
        people: Sequence[Sequence[int]],
        state: GroupState,
        *,
        again: bool = False,
    ) -> list[int]:
        """Keep groups of members; return their numbers in the same order."""
        common = {"round_id": round.round_id, "cohort_id": round.cohort_id, "again": again}
        made = insert(groups).returning(groups.c.group_id, groups.c.first_id)
        numbers: list[int] = []
        async for some in _chunks(people):
            rows = [{"state": state, "first_id": first_of(round, ids), **common} for ids in some]
            # Nobody is in two of them, so each is known by who writes first.
            of = {row.first_id: row.group_id for row in await tx.execute(made, rows)}
            new = [of[row["first_id"]] for row in rows]
            taken = zip(new, some, strict=True)
            await tx.execute(
                insert(seats),
                [{"group_id": n, "member_id": member_id} for n, ids in taken for member_id in ids],
            )
            numbers += new
        return numbers

    async def drop_planned(self, tx: Tx, round_id: int) -> None:
        """Forget the groups of a preview."""
        await tx.execute(
            delete(groups).where(
                groups.c.round_id == round_id, groups.c.state == GroupState.PLANNED
            )
        )

    async def groups_of(self, tx: Tx, round_id: int, *states: GroupState) -> list[Group]:
        """Return a round's groups in these states, or all of them, by number."""
        wanted = [groups.c.round_id == round_id]
        if states:
            wanted.append(groups.c.state.in_(states))
        return await self._groups(tx, *wanted)

    async def group(self, tx: Tx, group_id: int) -> Group | None:
        """Return the group of that number, if there is one."""
        found = await self._groups(tx, groups.c.group_id == group_id)
        return found[0] if found else None

    async def of_member(self, tx: Tx, member_id: int, *states: GroupState) -> list[Group]:
        """Return the groups in which a member has a seat, newest first."""
        mine = select(seats.c.group_id).where(seats.c.member_id == member_id)
        wanted = [groups.c.group_id.in_(mine), groups.c.state.in_(states)]
        return list(reversed(await self._groups(tx, *wanted)))

    async def to_follow(self, tx: Tx, now: datetime) -> list[Group]:
        """Return the groups for which a step is due."""
        running = select(cohorts.c.cohort_id).where(cohorts.c.state.in_(RUNNING))
        return await self._groups(
            tx,
            groups.c.state == GroupState.OPEN,
            groups.c.next_at <= now,
            groups.c.cohort_id.in_(running),
        )

    async def opening(self, tx: Tx) -> list[Group]:
        """Return the groups whose thread is on its way."""
        return await self._groups(tx, groups.c.state == GroupState.OPENING)

    async def _groups(self, tx: Tx, *wanted: Any) -> list[Group]:
        rows = await tx.execute(select(groups).where(*wanted).order_by(groups.c.group_id))
        found = {row.group_id: Group(**row._mapping) async for row in breathing(rows)}
        own: dict[int, list[Seat]] = {}
        async for chunk in _chunks(list(found)):
            taken = await tx.execute(
                select(seats).where(seats.c.group_id.in_(chunk)).order_by(seats.c.member_id)
            )
            async for row in breathing(taken):
                own.setdefault(row.group_id, []).append(Seat(**row._mapping))
        return [
            replace(group, seats=tuple(own.get(number, ())))
            async for number, group in breathing(found.items())
        ]

    async def change_group(self, tx: Tx, group_id: int, **values: Any) -> None:
        """Change a group."""
        await tx.execute(update(groups).where(groups.c.group_id == group_id).values(**values))

    async def hurry(self, tx: Tx, round_id: int, now: datetime) -> None:
        """Have a round's open groups closed at once: another round begins."""
        await tx.execute(
            update(groups)
            .where(groups.c.round_id == round_id, groups.c.state == GroupState.OPEN)
            .values(step=Step.CLOSE, next_at=now)
        )

    async def change_seat(self, tx: Tx, group_id: int, member_id: int, **values: Any) -> None:
        """Change a member's seat in a group."""
        await tx.execute(
            update(seats)
            .where(seats.c.group_id == group_id, seats.c.member_id == member_id)
            .values(**values)
        )

    async def reach(self, tx: Tx, group_id: int, reach: Reach, why: str = "") -> None:
        """Note how everybody of a group was reached."""
        await tx.execute(
            update(seats).where(seats.c.group_id == group_id).values(reach=reach, why=why)
        )

    async def people(self, tx: Tx, member_ids: Iterable[int]) -> dict[int, Member]:
        """Return whole members by number."""
        found: dict[int, Member] = {}
        async for chunk in _chunks(sorted(set(member_ids))):
            rows = await tx.execute(whole().where(members.c.member_id.in_(chunk)))
            found.update({row.member_id: as_member(row) async for row in breathing(rows)})
        return found

    async def history(self, tx: Tx, cohort_id: int, number: int) -> History:
        """Return who was introduced to whom before, and how many rounds ago that was."""
        one, other = seats.alias("one"), seats.alias("other")
        rows = await tx.execute(
            select(one.c.member_id, other.c.member_id, func.max(rounds.c.number))
            .select_from(
                groups.join(rounds, rounds.c.round_id == groups.c.round_id)
                .join(one, one.c.group_id == groups.c.group_id)
                .join(
                    other,
                    and_(
                        other.c.group_id == groups.c.group_id,
                        other.c.member_id > one.c.member_id,
                    ),
                )
            )
            .where(groups.c.cohort_id == cohort_id, groups.c.opened_at.is_not(None))
            .group_by(one.c.member_id, other.c.member_id)
        )
        meetings = [Meeting(a, b, max(1, number - met)) async for a, b, met in breathing(rows)]
        return History(tuple(meetings))

    async def broken(self, tx: Tx, group_id: int | None = None) -> list[int]:
        """Return the groups under way that cannot go on as they are, or whether this one is.

        Somebody has left, paused or was erased, or two of them may not meet any more.
        """
        wanted = _broken()
        if group_id is not None:
            wanted = wanted.where(groups.c.group_id == group_id)
        return list((await tx.execute(wanted)).scalars())

    async def arrived(self, tx: Tx, keys: Sequence[str]) -> dict[str, Row[Any]]:
        """Return what became of letters, by their dedupe key: state, channel, moment, reason."""
        c = letters.c
        found: dict[str, Row[Any]] = {}
        async for chunk in _chunks(keys):
            rows = await tx.execute(
                select(c.dedupe, c.state, c.channel_id, c.ended_at, c.last_error).where(
                    c.dedupe.in_(chunk)
                )
            )
            found.update({row.dedupe: row for row in rows})
        return found

    async def next_at(self, tx: Tx) -> datetime | None:
        """Return when a group or a daily draw next needs something."""
        found = (await tx.execute(_next())).one()
        return min((at for at in found if at is not None), default=None)


RUNNING = (CohortState.LIVE, CohortState.PAUSED, CohortState.BLOCKED)
UNSENT = (LetterState.DEAD, LetterState.EXPIRED, LetterState.CANCELLED)


@cache
def _rounds_in(states: tuple[RoundState, ...]) -> Select[Any]:
    """Return the statement that finds rounds in these states; it is asked every minute."""
    return (
        select(rounds)
        .join(cohorts, cohorts.c.cohort_id == rounds.c.cohort_id)
        .where(rounds.c.state.in_(states), cohorts.c.state.in_(RUNNING))
        .order_by(rounds.c.round_id)
    )


@cache
def _broken() -> Select[Any]:
    """Return the statement that finds groups that cannot go on; it is asked every minute."""
    one, other = seats.alias("one"), seats.alias("other")
    first, second = members.alias("first"), members.alias("second")
    inside = and_(one.c.group_id == groups.c.group_id, one.c.gone_at.is_(None))
    absent = (
        exists()
        .where(
            inside,
            first.c.member_id == one.c.member_id,
            participants.c.member_id == one.c.member_id,
            or_(first.c.state != MemberState.JOINED, participants.c.part != Part.IN),
        )
        .correlate(groups)
    )
    alone = (
        select(func.count()).select_from(one).where(inside).correlate(groups).scalar_subquery() < 2
    )
    unwilling = (
        exists()
        .where(
            inside,
            other.c.group_id == groups.c.group_id,
            other.c.gone_at.is_(None),
            first.c.member_id == one.c.member_id,
            second.c.member_id == other.c.member_id,
            or_(
                exists().where(
                    avoids.c.user_id == first.c.user_id, avoids.c.other_id == second.c.user_id
                ),
                exists().where(
                    stops.c.user_id == first.c.user_id, stops.c.other_id == second.c.user_id
                ),
            ),
        )
        .correlate(groups)
    )
    return select(groups.c.group_id).where(
        groups.c.state.in_(UNDER_WAY), or_(absent, alone, unwilling)
    )


@cache
def _next() -> Select[Any, Any]:
    """Return the statement that finds the next moments of groups and of daily draws."""
    running = select(cohorts.c.cohort_id).where(cohorts.c.state.in_(RUNNING))
    step = select(func.min(groups.c.next_at)).where(
        groups.c.state == GroupState.OPEN, groups.c.cohort_id.in_(running)
    )
    pool = select(func.min(rounds.c.pool_at)).where(
        rounds.c.state == RoundState.OPEN,
        rounds.c.cohort_id.in_(running),
        exists().where(entries.c.round_id == rounds.c.round_id, entries.c.entry == Entry.WAITING),
    )
    return select(step.scalar_subquery(), pool.scalar_subquery())


def first_of(round: Round, ids: Sequence[int]) -> int:
    """Return who writes first: by turns, so that it is not always the same person."""
    return sorted(ids)[(round.number + sum(ids)) % len(ids)]


def _mark(user_id: int) -> str:
    return ring().mark(f"user {user_id}")


def _chunks(items: Sequence[Any]) -> AsyncGenerator[Sequence[Any]]:
    return breathing(slices(items, CHUNK), 1)
