"""Who wants no contact with whom. It binds every feature, and the other is never told."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import (
    Column,
    Index,
    Text,
    UniqueConstraint,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.clockwork.breathing import breathing
from bot.storage.columns import Id, Moment
from bot.storage.database import Tx, table
from bot.storage.sealed import ring

stops = table(
    "contact_stop",
    Column("stop_id", Id, primary_key=True),
    Column("user_id", Id, nullable=False),
    Column("other_id", Id),
    # Holds when the other had themselves erased and comes back: a mark nobody can turn round.
    Column("other_mark", Text, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("user_id", "other_mark"),
    Index(None, "other_mark"),
    Index(None, "other_id"),
)


async def stop(tx: Tx, user_id: int, other_id: int, now: datetime) -> None:
    """Keep these two apart from now on, because `user_id` asked; asking twice changes nothing."""
    await allow(tx, user_id, other_id)
    await tx.execute(
        insert(stops).values(user_id=user_id, other_id=other_id, other_mark=_mark(other_id), at=now)
    )


async def allow(tx: Tx, user_id: int, other_id: int) -> None:
    """Take it back."""
    await tx.execute(
        delete(stops).where(stops.c.user_id == user_id, stops.c.other_mark == _mark(other_id))
    )


async def stopped_by(tx: Tx, user_id: int) -> list[int]:
    """Return whom the user wants no contact with, latest first."""
    rows = await tx.execute(
        select(stops.c.other_id)
        .where(stops.c.user_id == user_id, stops.c.other_id.is_not(None))
        .order_by(stops.c.stop_id.desc())
    )
    return list(rows.scalars())


async def may_meet(tx: Tx, one: int, other: int) -> bool:
    """Say whether two users may be brought together: neither of them asked for no contact."""
    either = or_(
        (stops.c.user_id == one) & (stops.c.other_mark == _mark(other)),
        (stops.c.user_id == other) & (stops.c.other_mark == _mark(one)),
    )
    return not (await tx.execute(select(func.count()).where(either))).scalar_one()


async def apart(tx: Tx, user_ids: Iterable[int]) -> set[frozenset[int]]:
    """Return every pair among these users that may not be brought together."""
    by_mark = {_mark(user_id): user_id async for user_id in breathing(user_ids)}
    here = set(by_mark.values())
    rows = await tx.execute(select(stops.c.user_id, stops.c.other_mark))
    return {
        frozenset((row.user_id, by_mark[row.other_mark]))
        for row in rows
        if row.user_id in here and row.other_mark in by_mark
    }


async def erase(tx: Tx, user_id: int) -> None:
    """Forget what the user asked for, and their number where others asked for it."""
    await tx.execute(delete(stops).where(stops.c.user_id == user_id))
    await tx.execute(update(stops).where(stops.c.other_id == user_id).values(other_id=None))


def _mark(user_id: int) -> str:
    return ring().mark(f"user {user_id}")
