"""Which cohorts were closed, who was told what, what they chose; and the facts of a report."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Row,
    Table,
    Text,
    UniqueConstraint,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    type_coerce,
    update,
)

from bot.clockwork.phases import Stage
from bot.delivery import budget, outbox
from bot.delivery.letters import LetterState, PlaceKind, letters
from bot.people.cohorts import CohortState, cohorts
from bot.people.memberships import Delivery, Member, MemberState, as_member, members, whole
from bot.people.users import Inbox, users
from bot.storage.columns import Day, Flag, Id, Moment, word
from bot.storage.database import Tx, table
from cogs.ending.model import NOTICE, Call, CallKind, Choice, Ending

endings = table(
    "ending",
    Column("ending_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    word("was", CohortState),
    Column("keep_days", Id, nullable=False),
    Column("closed_at", Moment, nullable=False),
    Column("delete_on", Day, nullable=False),
    Column("erased", Id, nullable=False, server_default="0"),
    Column("reopened_at", Moment),
    Column("finished_at", Moment),
    Index(
        "uq_ending_open",
        "cohort_id",
        unique=True,
        sqlite_where=text("reopened_at IS NULL"),
    ),
    Index(None, "cohort_id"),
)

calls = table(
    "ending_call",
    Column("call_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("ending_id", Id, ForeignKey(endings.c.ending_id, ondelete="CASCADE")),
    word("kind", CallKind),
    Column("key", Text, nullable=False),
    Column("letter_id", Id, ForeignKey("letter.letter_id", ondelete="SET NULL")),
    Column("began_at", Moment, nullable=False),
    Column("posted_at", Moment),
    Column("next_at", Moment),
    Column("done_at", Moment),
    UniqueConstraint("cohort_id", "kind", "key"),
    Index(None, "ending_id"),
    Index(None, "letter_id"),
    Index(None, "next_at"),
)

notices = table(
    "ending_notice",
    Column(
        "call_id",
        Id,
        ForeignKey(calls.c.call_id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column(
        "member_id",
        Id,
        ForeignKey(members.c.member_id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("letter_id", Id, ForeignKey("letter.letter_id", ondelete="SET NULL")),
    Column("promised_on", Day),
    Column("told_at", Moment),
    Index(None, "member_id"),
    Index(None, "letter_id"),
    Index(None, "told_at"),
)

choices = table(
    "ending_choice",
    Column(
        "member_id",
        Id,
        ForeignKey(members.c.member_id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("alum", Flag, nullable=False, server_default="0"),
    Column("may_mentor", Flag, nullable=False, server_default="0"),
    Column("no_letters", Flag, nullable=False, server_default="0"),
    word("stage_before", Stage, nullable=True),
    Column("chosen_at", Moment, nullable=False),
)

cuts = table(
    "ending_cut",
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("cut", Text, nullable=False),
    Column("since_on", Day, nullable=False),
    Column("until_on", Day, nullable=False),
    Column("frozen_at", Moment, nullable=False),
    PrimaryKeyConstraint("cohort_id", "cut"),
)

facts = table(
    "ending_fact",
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("cut", Text, nullable=False),
    Column("figure", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("order", Id, nullable=False),
    Column("people", Id),
    Column("times", Id),
    Column("most", Id, nullable=False),
    PrimaryKeyConstraint("cohort_id", "cut", "figure"),
)

ALUM = exists().where(choices.c.member_id == members.c.member_id, choices.c.alum == text("1"))
NO_LETTERS = exists().where(
    choices.c.member_id == members.c.member_id, choices.c.no_letters == text("1")
)
BY_LETTER = and_(
    members.c.state == MemberState.JOINED,
    members.c.delivery == Delivery.DM,
    users.c.inbox != Inbox.CLOSED,
    ~NO_LETTERS,
)
BY_ROOM = and_(
    members.c.state == MemberState.JOINED,
    members.c.side_thread == text("1"),
    members.c.side_thread_id.is_not(None),
    ~NO_LETTERS,
    ~BY_LETTER,
)
"""Who has a private thread with the bot, and no direct messages."""
BY_MENTION = and_(
    members.c.state == MemberState.JOINED,
    members.c.delivery == Delivery.THREAD,
    ~NO_LETTERS,
    ~BY_ROOM,
)
WAYS = {Delivery.DM: or_(BY_LETTER, BY_ROOM), Delivery.THREAD: BY_MENTION}


def _ending(row: Row[Any]) -> Ending:
    return Ending(**row._mapping)


def _call(row: Row[Any]) -> Call:
    return Call(**row._mapping)


class EndingStore:
    """Remember how a cohort ends."""

    # --- the ending itself

    async def close(
        self,
        tx: Tx,
        cohort_id: int,
        was: CohortState,
        keep_days: int,
        delete_on: date,
        now: datetime,
    ) -> Ending:
        """Note that a cohort is closed."""
        row = await tx.execute(
            insert(endings)
            .values(
                cohort_id=cohort_id,
                was=was,
                keep_days=keep_days,
                delete_on=delete_on,
                closed_at=now,
            )
            .returning(endings)
        )
        return _ending(row.one())

    async def current(self, tx: Tx, cohort_id: int) -> Ending | None:
        """Return how a cohort is closed, unless it is open."""
        row = await tx.execute(
            select(endings).where(endings.c.cohort_id == cohort_id, endings.c.reopened_at.is_(None))
        )
        found = row.one_or_none()
        return _ending(found) if found else None

    async def get(self, tx: Tx, ending_id: int) -> Ending | None:
        """Return an ending, taken back or not."""
        row = await tx.execute(select(endings).where(endings.c.ending_id == ending_id))
        found = row.one_or_none()
        return _ending(found) if found else None

    async def unfinished(self, tx: Tx) -> list[Ending]:
        """Return the endings whose records have not all gone yet."""
        rows = await tx.execute(
            select(endings).where(endings.c.reopened_at.is_(None), endings.c.finished_at.is_(None))
        )
        return [_ending(row) for row in rows]

    async def change(self, tx: Tx, ending_id: int, **values: Any) -> None:
        """Change an ending: its day, how many went, that it was taken back or is over."""
        await tx.execute(update(endings).where(endings.c.ending_id == ending_id).values(**values))

    async def near_last_day(self, tx: Tx, on: date) -> list[int]:
        """Return the live cohorts whose last day comes within eight days of a day, or is today."""
        rows = await tx.execute(
            select(cohorts.c.cohort_id).where(
                cohorts.c.state == CohortState.LIVE,
                cohorts.c.last_day >= on - timedelta(days=1),
                cohorts.c.last_day <= on + timedelta(days=8),
            )
        )
        return list(rows.scalars())

    async def coming_last_days(self, tx: Tx, on: date) -> list[int]:
        """Return the live cohorts whose last day is still to come."""
        rows = await tx.execute(
            select(cohorts.c.cohort_id).where(
                cohorts.c.state == CohortState.LIVE, cohorts.c.last_day >= on
            )
        )
        return list(rows.scalars())

    # --- what everybody is told

    async def begin(
        self, tx: Tx, cohort_id: int, ending_id: int | None, kind: CallKind, key: str, now: datetime
    ) -> Call:
        """Note that everybody is to be told something."""
        row = await tx.execute(
            insert(calls)
            .values(
                cohort_id=cohort_id,
                ending_id=ending_id,
                kind=kind,
                key=key,
                began_at=now,
                next_at=now,
            )
            .returning(calls)
        )
        return _call(row.one())

    async def find_call(self, tx: Tx, cohort_id: int, kind: CallKind, key: str) -> Call | None:
        """Return an announcement that was begun, if it was."""
        row = await tx.execute(
            select(calls).where(
                calls.c.cohort_id == cohort_id, calls.c.kind == kind, calls.c.key == key
            )
        )
        found = row.one_or_none()
        return _call(found) if found else None

    async def call(self, tx: Tx, call_id: int) -> Call | None:
        """Return an announcement by its number."""
        row = await tx.execute(select(calls).where(calls.c.call_id == call_id))
        found = row.one_or_none()
        return _call(found) if found else None

    async def calls_of(self, tx: Tx, ending_id: int) -> dict[CallKind, Call]:
        """Return what was announced about an ending."""
        rows = await tx.execute(select(calls).where(calls.c.ending_id == ending_id))
        return {call.kind: call for call in map(_call, rows)}

    async def change_call(self, tx: Tx, call_id: int, **values: Any) -> None:
        """Note how far an announcement is."""
        await tx.execute(update(calls).where(calls.c.call_id == call_id).values(**values))

    async def due_calls(self, tx: Tx, now: datetime) -> list[Call]:
        """Return the announcements that some have not been told yet."""
        rows = await tx.execute(
            select(calls).where(calls.c.next_at <= now).order_by(calls.c.call_id)
        )
        return [_call(row) for row in rows]

    async def next_call_at(self, tx: Tx) -> datetime | None:
        """Return when an announcement goes on."""
        row = await tx.execute(select(func.min(calls.c.next_at)))
        return row.scalar_one_or_none()

    async def tell_silently(self, tx: Tx, call: Call, now: datetime) -> None:
        """Count those as told whom only the channel and their own card tell.

        They chose the card, pause, have left or never finished joining, closed their messages, want
        no letters about this, or are concerned no longer.
        """
        unconcerned = [ALUM] if call.kind in NOTICE else []
        if call.kind is CallKind.REOPENED:
            unconcerned = [~_heard(call.ending_id, CallKind.CLOSED)]
        silent = or_(~or_(*WAYS.values()), *unconcerned)
        await tx.execute(
            insert(notices).from_select(
                ["call_id", "member_id", "told_at"],
                select(literal(call.call_id, Id), members.c.member_id, literal(now, Moment()))
                .join(users, users.c.user_id == members.c.user_id)
                .where(members.c.cohort_id == call.cohort_id, silent, ~_noticed(call.call_id)),
            )
        )

    async def untold_zones(self, tx: Tx, call: Call) -> list[str]:
        """Return where those live who are still to be told."""
        rows = await tx.execute(
            select(users.c.zone)
            .distinct()
            .join(members, members.c.user_id == users.c.user_id)
            .where(members.c.cohort_id == call.cohort_id, ~_noticed(call.call_id))
        )
        return sorted(rows.scalars())

    async def untold(
        self, tx: Tx, call: Call, zone: str, by: Delivery, now: datetime, most: int
    ) -> list[Member]:
        """Return some of a zone who are still to be told, and whose day has room for it."""
        rows = await tx.execute(
            whole()
            .where(
                members.c.cohort_id == call.cohort_id,
                users.c.zone == zone,
                WAYS[by],
                ~_noticed(call.call_id),
                ~budget.USED_UP,
            )
            .order_by(members.c.member_id)
            .limit(most),
            budget.at(now, zone),
        )
        return [as_member(row) for row in rows]

    async def tell(
        self, tx: Tx, call_id: int, letters_of: Sequence[tuple[int, int | None]], now: datetime
    ) -> None:
        """Note which letter tells whom; without one it was told by the channel."""
        rows = [
            {
                "call_id": call_id,
                "member_id": member_id,
                "letter_id": letter_id,
                "told_at": None if letter_id else now,
            }
            for member_id, letter_id in letters_of
        ]
        if rows:
            await tx.execute(insert(notices), rows)

    async def tell_otherwise(self, tx: Tx, call_id: int, member_id: int, letter_id: int) -> None:
        """Note that another letter tells somebody whom the first one did not reach."""
        await tx.execute(
            update(notices)
            .where(notices.c.call_id == call_id, notices.c.member_id == member_id)
            .values(letter_id=letter_id, told_at=None)
        )

    async def unsettled(self, tx: Tx, now: datetime, patience: timedelta) -> bool:
        """Say whether an announcement has reached somebody of whom that is not noted."""
        for one, said in SAID:
            known = or_(one.c.letter_id.is_(None), _ended(one, now, patience))
            found = await tx.execute(select(one.c.call_id).where(said.is_(None), known).limit(1))
            if found.first():
                return True
        return False

    async def settle(self, tx: Tx, now: datetime, patience: timedelta) -> None:
        """Note when announcements reached people, or that they cannot.

        What a channel closed to us has kept for a while is as good as said.
        """
        given_up = type_coerce(letters.c.due_at, Id) + int(patience.total_seconds())
        for one, said in SAID:
            when = (
                select(func.coalesce(type_coerce(letters.c.ended_at, Id), given_up))
                .where(letters.c.letter_id == one.c.letter_id)
                .scalar_subquery()
            )
            await tx.execute(
                update(one)
                .where(said.is_(None), _ended(one, now, patience))
                .values({said.name: when})
            )
            await tx.execute(
                update(one)
                .where(said.is_(None), one.c.letter_id.is_(None))
                .values({said.name: now})
            )

    async def promise(self, tx: Tx, call_id: int, member_id: int, on: date) -> date:
        """Keep the day a letter names, the latest that was named; return it."""
        row = await tx.execute(
            select(notices.c.promised_on).where(
                notices.c.call_id == call_id, notices.c.member_id == member_id
            )
        )
        named = row.scalar_one_or_none()
        latest = max(on, named) if named else on
        await tx.execute(
            update(notices)
            .where(notices.c.call_id == call_id, notices.c.member_id == member_id)
            .values(promised_on=latest)
        )
        return latest

    async def promised(self, tx: Tx, ending_id: int, member_id: int) -> date | None:
        """Return the latest day that was named to a member."""
        row = await tx.execute(
            select(func.max(notices.c.promised_on))
            .join(calls, calls.c.call_id == notices.c.call_id)
            .where(notices.c.member_id == member_id, calls.c.ending_id == ending_id)
        )
        return row.scalar_one_or_none()

    async def told_by(self, tx: Tx, letter_id: int) -> list[int]:
        """Return the users a shared letter calls, as long as they take part."""
        rows = await tx.execute(
            select(members.c.user_id)
            .join(notices, notices.c.member_id == members.c.member_id)
            .where(notices.c.letter_id == letter_id, members.c.state == MemberState.JOINED)
            .order_by(members.c.member_id)
        )
        return list(rows.scalars())

    # --- what waits in a closed cohort

    async def waiting(self, tx: Tx, cohort_id: int) -> int:
        """Count the messages that would not go out any more."""
        row = await tx.execute(
            select(func.count()).where(
                letters.c.cohort_id == cohort_id,
                letters.c.state.in_([LetterState.PENDING, LetterState.HELD]),
                *(letters.c.kind.not_like(f"{kind}.%") for kind in outbox.AFTER_THE_END),
            )
        )
        return row.scalar_one()

    async def held_before(self, tx: Tx, cohort_id: int, moment: datetime) -> list[int]:
        """Return the held letters of a cohort that were due before a moment."""
        rows = await tx.execute(
            select(letters.c.letter_id).where(
                letters.c.cohort_id == cohort_id,
                letters.c.state == LetterState.HELD,
                letters.c.due_at < moment,
            )
        )
        return list(rows.scalars())

    async def held_for_nothing(self, tx: Tx, before: datetime) -> list[int]:
        """Return the closed cohorts that hold something from before a moment."""
        rows = await tx.execute(
            select(cohorts.c.cohort_id).where(
                cohorts.c.state == CohortState.CLOSED,
                exists().where(
                    letters.c.cohort_id == cohorts.c.cohort_id,
                    letters.c.state == LetterState.HELD,
                    letters.c.due_at < before,
                ),
            )
        )
        return list(rows.scalars())

    async def tell_again(self, tx: Tx, ending_id: int, member_id: int, now: datetime) -> None:
        """Have a member told once more what they had no need to hear before."""
        kinds = select(calls.c.call_id).where(
            calls.c.ending_id == ending_id, calls.c.kind.in_(list(NOTICE))
        )
        await tx.execute(
            delete(notices).where(notices.c.member_id == member_id, notices.c.call_id.in_(kinds))
        )
        await tx.execute(
            update(calls).where(calls.c.call_id.in_(kinds)).values(next_at=now, done_at=None)
        )

    # --- what they choose

    async def choice(self, tx: Tx, member_id: int) -> Choice:
        """Return what a member chose; nothing, to begin with."""
        row = await tx.execute(select(choices).where(choices.c.member_id == member_id))
        found = row.one_or_none()
        return Choice(found.alum, found.may_mentor, found.no_letters) if found else Choice()

    async def choose(self, tx: Tx, member_id: int, now: datetime, **values: Any) -> None:
        """Keep what a member chose."""
        known = await tx.execute(
            select(choices.c.member_id).where(choices.c.member_id == member_id)
        )
        if known.one_or_none() is None:
            await tx.execute(insert(choices).values(member_id=member_id, chosen_at=now, **values))
            return
        await tx.execute(
            update(choices).where(choices.c.member_id == member_id).values(chosen_at=now, **values)
        )

    async def stage_before(self, tx: Tx, member_id: int) -> Stage | None:
        """Return the stage somebody was in before they stayed as an alum."""
        row = await tx.execute(
            select(choices.c.stage_before).where(choices.c.member_id == member_id)
        )
        return row.scalar_one_or_none()

    async def reach(self, tx: Tx, cohort_id: int) -> tuple[int, int, int]:
        """Count who would be told by letter, by a mention, and by the channel alone."""
        here = (
            select(func.count())
            .select_from(members.join(users, users.c.user_id == members.c.user_id))
            .where(members.c.cohort_id == cohort_id)
        )
        found: list[int] = []
        for one in (*WAYS.values(), ~or_(*WAYS.values())):
            found.append((await tx.execute(here.where(one))).scalar_one())
        return found[0], found[1], found[2]

    async def count_mentors(self, tx: Tx, cohort_id: int) -> int:
        """Count the alumni who may be asked to mentor."""
        row = await tx.execute(
            select(func.count()).where(members.c.cohort_id == cohort_id, ALUM, _would_mentor())
        )
        return row.scalar_one()

    async def would_mentor(
        self, tx: Tx, cohort_id: int, limit: int, offset: int
    ) -> list[tuple[str, int]]:
        """Return alumni who may be asked to mentor: name and user, by name."""
        rows = await tx.execute(
            select(members.c.name, members.c.user_id)
            .where(members.c.cohort_id == cohort_id, ALUM, _would_mentor())
            .order_by(members.c.name, members.c.member_id)
            .limit(limit)
            .offset(offset)
        )
        return [(row.name, row.user_id) for row in rows]

    # --- when records go

    async def ripe(
        self, tx: Tx, ending: Ending, told: Sequence[Call], today: date, now: datetime, most: int
    ) -> list[Member]:
        """Return some whose record may go: no alum, told twice, and long enough ago."""
        heard = [
            exists().where(
                notices.c.call_id == call.call_id,
                notices.c.member_id == members.c.member_id,
                notices.c.told_at <= now - NOTICE[call.kind],
                or_(notices.c.promised_on.is_(None), notices.c.promised_on < today),
            )
            for call in told
        ]
        rows = await tx.execute(
            whole()
            .where(members.c.cohort_id == ending.cohort_id, ~ALUM, *heard)
            .order_by(members.c.member_id)
            .limit(most)
        )
        return [as_member(row) for row in rows]

    async def undecided(self, tx: Tx, cohort_id: int) -> int:
        """Count the records that still have to go."""
        row = await tx.execute(select(func.count()).where(members.c.cohort_id == cohort_id, ~ALUM))
        return row.scalar_one()

    async def begin_again(self, tx: Tx, cohort_id: int) -> None:
        """Give alumni their stage back: the cohort is open again, and so are their weeks."""
        before = (
            select(choices.c.stage_before)
            .where(choices.c.member_id == members.c.member_id)
            .scalar_subquery()
        )
        known = exists().where(
            choices.c.member_id == members.c.member_id, choices.c.stage_before.is_not(None)
        )
        await tx.execute(
            update(members)
            .where(
                members.c.cohort_id == cohort_id,
                members.c.stage == Stage.FINISHED,
                ALUM,
                known,
            )
            .values(stage=before)
        )

    async def alumni_finish(self, tx: Tx, cohort_id: int) -> None:
        """Have those who stay be finished, also when the cohort was open again in between."""
        await tx.execute(
            update(members)
            .where(members.c.cohort_id == cohort_id, ALUM)
            .values(stage=Stage.FINISHED)
        )


SAID = ((calls, calls.c.posted_at), (notices, notices.c.told_at))


def _ended(one: Table, now: datetime, patience: timedelta) -> ColumnElement[bool]:
    """Say whether the letter of a row has arrived, or will not."""
    over = letters.c.state.in_(
        [LetterState.SENT, LetterState.DEAD, LetterState.EXPIRED, LetterState.CANCELLED]
    )
    stuck = and_(
        letters.c.state == LetterState.HELD,
        letters.c.place == PlaceKind.CHANNEL,
        letters.c.due_at <= now - patience,
    )
    return exists().where(letters.c.letter_id == one.c.letter_id, or_(over, stuck))


def _noticed(call_id: int) -> ColumnElement[bool]:
    return exists().where(notices.c.call_id == call_id, notices.c.member_id == members.c.member_id)


def _heard(ending_id: int | None, kind: CallKind) -> ColumnElement[bool]:
    """Say whether a letter about an ending has reached a member."""
    return exists().where(
        notices.c.member_id == members.c.member_id,
        notices.c.call_id == calls.c.call_id,
        calls.c.ending_id == ending_id,
        calls.c.kind == kind,
        notices.c.letter_id == letters.c.letter_id,
        letters.c.state == LetterState.SENT,
    )


def _would_mentor() -> ColumnElement[bool]:
    return exists().where(
        choices.c.member_id == members.c.member_id, choices.c.may_mentor == text("1")
    )
