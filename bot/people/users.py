"""A user: one person on Discord, whatever cohorts they are in."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Row, Text, delete, insert, select, update

from bot.storage.columns import Id, Moment, Wall, word
from bot.storage.database import Tx, table


class Inbox(StrEnum):
    """Whether direct messages reach a user."""

    UNKNOWN = "unknown"
    OPEN = "open"
    CLOSED = "closed"


users = table(
    "user",
    Column("user_id", Id, primary_key=True, autoincrement=False),
    Column("zone", Text, nullable=False),
    Column("quiet_from", Wall, nullable=False, server_default="22:00"),
    Column("quiet_to", Wall, nullable=False, server_default="08:00"),
    Column("locale", Text, nullable=False, server_default="en-US"),
    Column("dm_consent_at", Moment),
    Column("dm_channel_id", Id),
    word("inbox", Inbox, server_default="unknown"),
    Column("created_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class User:
    """What holds for a person everywhere: zone, quiet hours, language, consent to messages."""

    user_id: int
    zone: str
    quiet_from: time
    quiet_to: time
    locale: str
    dm_consent_at: datetime | None
    dm_channel_id: int | None
    inbox: Inbox
    created_at: datetime


def _user(row: Row[Any]) -> User:
    return User(**row._mapping)


async def get(tx: Tx, user_id: int) -> User | None:
    """Return the user, if Stint knows them."""
    row = (await tx.execute(select(users).where(users.c.user_id == user_id))).one_or_none()
    return _user(row) if row else None


async def ensure(tx: Tx, user_id: int, *, zone: str, locale: str, now: datetime) -> User:
    """Return the user, after making them known with this zone where they were not."""
    known = await get(tx, user_id)
    if known:
        return known
    await tx.execute(
        insert(users).values(user_id=user_id, zone=zone, locale=locale, created_at=now)
    )
    made = await get(tx, user_id)
    assert made is not None
    return made


async def change(tx: Tx, user_id: int, **values: Any) -> None:
    """Change what holds for the person everywhere, for example `zone` or `inbox`."""
    await tx.execute(update(users).where(users.c.user_id == user_id).values(**values))


async def erase(tx: Tx, user_id: int) -> None:
    """Forget the person: every row that hangs on them goes too, by the database's own cascade."""
    await tx.execute(delete(users).where(users.c.user_id == user_id))
