"""What somebody typed is kept, sealed, before it is looked at, and dropped once it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Row,
    Text,
    bindparam,
    delete,
    insert,
    select,
)

from bot.storage.columns import Id, Moment
from bot.storage.database import Database, Rider, Tx, table
from bot.storage.sealed import Sealed
from bot.storage.swift import SMALL

KEPT_FOR = timedelta(days=7)

drafts = table(
    "draft",
    Column("draft_id", Id, primary_key=True, autoincrement=False),
    Column("user_id", Id, nullable=False),
    Column("form", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("answers", Sealed, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "user_id"),
    Index(None, "at"),
)

seen = table(
    "interaction_seen",
    Column("interaction_id", Id, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Index(None, "at"),
)

_KEEP = insert(drafts)
_SEE = insert(seen)
_DROP = delete(drafts).prefix_with(SMALL).where(drafts.c.draft_id == bindparam("draft"))
_REPLACE = (
    delete(drafts)
    .prefix_with(SMALL)
    .where(drafts.c.draft_id == bindparam("replaced"), drafts.c.user_id == bindparam("writer"))
)
_KNOWN = select(seen.c.interaction_id).where(
    seen.c.interaction_id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as somebody sent it; `answers` is JSON, one text per field.

    `draft_id` is the id of the interaction that brought it.
    """

    draft_id: int
    user_id: int
    form: str
    subject: str
    title: str
    answers: str
    at: datetime


def _draft(row: Row[Any]) -> Draft:
    return Draft(**row._mapping)


async def keep(db: Database, draft: Draft, replaces: int | None = None) -> bool:
    """Keep what was typed. Return False when this very delivery was kept before.

    It takes the place of the draft from which its writer went on, if it `replaces` one.
    """
    return await db.write_together(_keep, (draft, replaces))


async def _keep(tx: Tx, brought: Sequence[tuple[Draft, int | None]]) -> Sequence[bool]:
    ids = [draft.draft_id for draft, _replaces in brought]
    known = set(await tx.scalars(_KNOWN, {"ids": ids}))
    new = {draft.draft_id: draft for draft, _replaces in brought if draft.draft_id not in known}
    if new:
        marks = [{"interaction_id": each, "at": draft.at} for each, draft in new.items()]
        rows = [{name: getattr(each, name) for name in Draft.__slots__} for each in new.values()]
        await tx.execute(_SEE, marks)
        await tx.execute(_KEEP, rows)
    if gone := [
        {"replaced": replaces, "writer": draft.user_id}
        for draft, replaces in brought
        if replaces is not None and draft.draft_id in new
    ]:
        await tx.execute(_REPLACE, gone)
    return [new.pop(draft_id, None) is not None for draft_id in ids]


async def get(tx: Tx, draft_id: int, user_id: int) -> Draft | None:
    """Return the user's own draft, if it is still there."""
    row = await tx.execute(
        select(drafts).where(drafts.c.draft_id == draft_id, drafts.c.user_id == user_id)
    )
    found = row.one_or_none()
    return _draft(found) if found else None


async def of_user(tx: Tx, user_id: int) -> list[Draft]:
    """Return what the user typed and has not saved, newest first."""
    rows = await tx.execute(
        select(drafts).where(drafts.c.user_id == user_id).order_by(drafts.c.at.desc())
    )
    return [_draft(row) for row in rows]


def dropping(draft_id: int) -> Rider:
    """Return what drops a draft, to ride along with the write that saves it."""
    return _DROP, {"draft": draft_id}


async def drop(tx: Tx, draft_id: int) -> None:
    """Drop a draft that was saved or thrown away."""
    await tx.execute(*dropping(draft_id))


def seeing(interaction_id: int, now: datetime) -> Rider:
    """Return what marks an interaction as handled; a second time it fails."""
    return _SEE, {"interaction_id": interaction_id, "at": now}


async def erase(tx: Tx, user_id: int) -> None:
    """Drop every draft of the user."""
    await tx.execute(delete(drafts).where(drafts.c.user_id == user_id))


async def purge(tx: Tx, now: datetime) -> None:
    """Drop drafts after a week and the marks of handled interactions after a day."""
    await tx.execute(delete(drafts).where(drafts.c.at < now - KEPT_FOR))
    await tx.execute(delete(seen).where(seen.c.at < now - timedelta(days=1)))
