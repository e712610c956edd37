"""Where reminders are kept. The only SQL about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Row,
    Text,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from bot.people.memberships import Member, MemberState, as_member, members, whole
from bot.storage.columns import Id, Json, Moment, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed

from .model import A_PAGE, OPEN, Reminder, ReminderState, packed, unpacked

reminders = table(
    "reminder",
    Column("reminder_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("what", Sealed, nullable=False),
    Column("said", Sealed, nullable=False),
    Column("meanings", Json, nullable=False),
    Column("zone", Text, nullable=False),
    word("state", ReminderState, server_default="asked"),
    Column("next_at", Moment),
    Column("snoozed_at", Moment),
    Column("wake_at", Moment),
    Column("told_at", Moment),
    Column("done_at", Moment),
    Column("changed_at", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Index(None, "member_id", "state"),
    Index(None, "state", "changed_at"),
    Index("ix_reminder_wake_at", "wake_at", sqlite_where=text("wake_at IS NOT NULL")),
)

zone_laws = table(
    "zone_law",
    Column("law_id", Id, primary_key=True, autoincrement=False),
    Column("version", Text, nullable=False),
)

_c = reminders.c
_TELL = (
    update(reminders)
    .where(_c.reminder_id == bindparam("number"))
    .values(
        state=bindparam("becomes"),
        told_at=bindparam("told"),
        next_at=bindparam("next"),
        wake_at=bindparam("next"),
        snoozed_at=None,
        done_at=None,
        changed_at=bindparam("now"),
    )
)
_MOVE = (
    update(reminders)
    .where(_c.reminder_id == bindparam("number"))
    .values(zone=bindparam("place"), next_at=bindparam("next"), wake_at=bindparam("wake"))
)


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder being said: for which moment, and when it comes next."""

    reminder_id: int
    at: datetime
    next_at: datetime | None


_WORDLESS = [column for column in reminders.c if column.name not in ("what", "said")]


def _reminder(row: Row[Any]) -> Reminder:
    """Read a row; where its words were not asked for, they are left closed."""
    values: dict[str, Any] = {"what": "", "said": "", **row._mapping}
    values["meanings"] = unpacked(values["meanings"])
    return Reminder(**values)


class ReminderStore:
    """Read and write reminders."""

    async def add(self, tx: Tx, member: Member, now: datetime, **values: Any) -> Reminder:
        """Keep a new reminder."""
        values["meanings"] = packed(values["meanings"])
        row = await tx.execute(
            insert(reminders)
            .values(member_id=member.member_id, made_at=now, changed_at=now, **values)
            .returning(reminders)
        )
        return _reminder(row.one())

    async def change(self, tx: Tx, reminder_id: int, now: datetime, **values: Any) -> Reminder:
        """Change a reminder."""
        if "meanings" in values:
            values["meanings"] = packed(values["meanings"])
        row = await tx.execute(
            update(reminders)
            .where(_c.reminder_id == reminder_id)
            .values(changed_at=now, **values)
            .returning(reminders)
        )
        return _reminder(row.one())

    async def get(self, tx: Tx, reminder_id: int) -> Reminder | None:
        """Return the reminder of that number, if there is one."""
        row = await tx.execute(select(reminders).where(_c.reminder_id == reminder_id))
        found = row.one_or_none()
        return _reminder(found) if found else None

    async def among(self, tx: Tx, ids: Sequence[int]) -> list[Reminder]:
        """Return those of these reminders that are still there, by the moment they are due for."""
        rows = await tx.execute(
            select(reminders).where(_c.reminder_id.in_(ids)).order_by(_c.told_at, _c.reminder_id)
        )
        return [_reminder(row) for row in rows]

    async def count_open(self, tx: Tx, member_id: int) -> int:
        """Count what a member has waiting or due."""
        wanted = select(func.count()).where(_c.member_id == member_id, _c.state.in_(OPEN))
        return (await tx.execute(wanted)).scalar_one()

    async def open_of(
        self, tx: Tx, member_id: int, page: int, size: int = A_PAGE
    ) -> list[Reminder]:
        """Return one page of what is due or waiting: what is due first, then by moment."""
        waits = case((_c.state == ReminderState.DUE, 0), else_=1)
        rows = await tx.execute(
            select(reminders)
            .where(_c.member_id == member_id, _c.state.in_(OPEN))
            .order_by(waits, func.coalesce(_c.wake_at, _c.told_at), _c.reminder_id)
            .limit(size)
            .offset(page * size)
        )
        return [_reminder(row) for row in rows]

    async def said_of(self, tx: Tx, member_id: int) -> list[Reminder]:
        """Return what was said and neither done nor put off since, oldest first."""
        rows = await tx.execute(
            select(reminders)
            .where(
                _c.member_id == member_id,
                _c.state.in_(OPEN),
                _c.told_at.is_not(None),
                _c.done_at.is_(None),
                _c.snoozed_at.is_(None),
            )
            .order_by(_c.told_at, _c.reminder_id)
        )
        return [_reminder(row) for row in rows]

    async def waking(self, tx: Tx, member_id: int, until: datetime) -> list[Reminder]:
        """Return what comes until then, soonest first."""
        rows = await tx.execute(
            select(reminders)
            .where(_c.member_id == member_id, _c.state.in_(OPEN), _c.wake_at <= until)
            .order_by(_c.wake_at, _c.reminder_id)
        )
        return [_reminder(row) for row in rows]

    async def of_members(self, tx: Tx, member_ids: Sequence[int]) -> list[Reminder]:
        """Return everything these memberships have, oldest first."""
        rows = await tx.execute(
            select(reminders).where(_c.member_id.in_(member_ids)).order_by(_c.reminder_id)
        )
        return [_reminder(row) for row in rows]

    async def drop_asked(self, tx: Tx, member_id: int, keep: int) -> None:
        """Forget what was read back and never saved, but for the newest."""
        newest = (
            select(_c.reminder_id)
            .where(_c.member_id == member_id, _c.state == ReminderState.ASKED)
            .order_by(_c.reminder_id.desc())
            .limit(keep)
        )
        await tx.execute(
            delete(reminders).where(
                _c.member_id == member_id,
                _c.state == ReminderState.ASKED,
                _c.reminder_id.not_in(newest),
            )
        )

    async def cancel_all(self, tx: Tx, member_id: int, now: datetime) -> None:
        """Let nothing of a member come any more."""
        await tx.execute(
            update(reminders)
            .where(_c.member_id == member_id, _c.state.in_(OPEN))
            .values(state=ReminderState.CANCELLED, wake_at=None, changed_at=now)
        )

    async def purge(self, tx: Tx, asked_before: datetime, over_before: datetime) -> None:
        """Forget what was never saved, and what has been over for long."""
        over = (ReminderState.DONE, ReminderState.CANCELLED)
        for states, before in (((ReminderState.ASKED,), asked_before), (over, over_before)):
            await tx.execute(delete(reminders).where(_c.state.in_(states), _c.changed_at < before))

    # --- what is due

    async def due(self, tx: Tx, until: datetime) -> list[tuple[Reminder, Member]]:
        """Return what wakes until then, with the members who take part and are not paused."""
        rows = await tx.execute(
            select(*_WORDLESS)
            .join(members, members.c.member_id == _c.member_id)
            .where(_c.wake_at <= until, members.c.state == MemberState.JOINED)
            .order_by(_c.wake_at, _c.reminder_id)
        )
        found = [_reminder(row) for row in rows]
        people = await self._members(tx, until)
        return [(one, people[one.member_id]) for one in found]

    async def _members(self, tx: Tx, until: datetime) -> dict[int, Member]:
        wanted = select(_c.member_id).where(_c.wake_at <= until)
        rows = await tx.execute(
            whole().where(members.c.member_id.in_(wanted), members.c.state == MemberState.JOINED)
        )
        return {row.member_id: as_member(row) for row in rows}

    async def any_due(self, tx: Tx, until: datetime) -> bool:
        """Say whether anything wakes until then."""
        first = await self.next_wake(tx)
        return first is not None and first <= until

    async def next_wake(self, tx: Tx) -> datetime | None:
        """Return when the next reminder of somebody who takes part comes."""
        row = await tx.execute(
            select(_c.wake_at)
            .join(members, members.c.member_id == _c.member_id)
            .where(_c.wake_at.is_not(None), members.c.state == MemberState.JOINED)
            .order_by(_c.wake_at)
            .limit(1)
        )
        return row.scalar_one_or_none()

    async def tell(self, tx: Tx, told: Sequence[Told], now: datetime) -> None:
        """Note what is being said and when it comes next."""
        if not told:
            return
        await tx.execute(
            _TELL,
            [
                {
                    "number": one.reminder_id,
                    "becomes": ReminderState.WAITING if one.next_at else ReminderState.DUE,
                    "told": one.at,
                    "next": one.next_at,
                    "now": now,
                }
                for one in told
            ],
        )

    async def move(self, tx: Tx, moved: Sequence[tuple[Reminder, str, datetime]]) -> None:
        """Let reminders go by another clock: each with its zone and its next moment there.

        What was let go stays away, and would come by the new clock if it were brought back.
        """
        if not moved:
            return
        await tx.execute(
            _MOVE,
            [
                {
                    "number": one.reminder_id,
                    "place": zone,
                    "next": next_at,
                    "wake": min(next_at, one.snoozed_at or next_at) if one.state in OPEN else None,
                }
                for one, zone, next_at in moved
            ],
        )

    async def waiting(self, tx: Tx, after_id: int, most: int) -> list[Reminder]:
        """Return what waits, by its number, from behind one number on."""
        rows = await tx.execute(
            select(*_WORDLESS)
            .where(_c.reminder_id > after_id, _c.state == ReminderState.WAITING)
            .order_by(_c.reminder_id)
            .limit(most)
        )
        return [_reminder(row) for row in rows]

    # --- the law

    async def law(self, tx: Tx) -> str:
        """Return by which edition of the zones' laws moments were reckoned last."""
        return (await tx.execute(select(zone_laws.c.version))).scalar_one_or_none() or ""

    async def set_law(self, tx: Tx, version: str) -> None:
        """Note by which edition moments are reckoned."""
        await tx.execute(delete(zone_laws))
        await tx.execute(insert(zone_laws).values(law_id=1, version=version))
