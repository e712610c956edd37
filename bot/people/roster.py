"""The list of people a moderator expects in a cohort: it prefills, and never enrols anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Row,
    Text,
    UniqueConstraint,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.people.cohorts import cohorts
from bot.people.memberships import MemberState, members
from bot.storage.columns import Day, Id, Moment
from bot.storage.database import Tx, table

UNMATCHED_FOR = timedelta(days=14)
"""How long somebody who did not join stays on the list."""

rosters = table(
    "roster",
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), primary_key=True),
    Column("expected", Id, nullable=False),
    Column("imported_at", Moment, nullable=False),
)

rows = table(
    "roster_row",
    Column("row_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("discord_id", Id),
    Column("username", Text),
    Column("name", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("starts_on", Day),
    Column("ends_on", Day),
    Column("matched_at", Moment),
    UniqueConstraint("cohort_id", "discord_id"),
    UniqueConstraint("cohort_id", "username"),
    Index(None, "discord_id"),
    Index(None, "matched_at"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a roster file, by Discord id or by username, with what is known of them."""

    discord_id: int | None
    username: str | None
    name: str
    team: str = ""
    role: str = ""
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def key(self) -> int | str | None:
        """What tells this person from the others in the file."""
        return self.discord_id or self.username


@dataclass(frozen=True, slots=True)
class Expected(Entry):
    """A person on a cohort's list; `matched_at` is when they joined, if they did."""

    row_id: int = 0
    cohort_id: int = 0
    matched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many a moderator expected, how many joined, and how many are not on the list any more."""

    expected: int
    joined: int
    listed: int
    imported_at: datetime


def plain_username(text: str) -> str:
    """Return a username as Discord writes it: lower case, without @ and without #0."""
    return text.strip().removeprefix("@").removesuffix("#0").lower()


def _expected(row: Row[Any]) -> Expected:
    return Expected(**row._mapping)


async def find(tx: Tx, cohort_id: int, user_id: int, username: str = "") -> Expected | None:
    """Return what the roster knows of someone who is about to join, by id first, then by name."""
    mine = rows.c.discord_id == user_id
    if username:
        by_name = and_(rows.c.username == plain_username(username), rows.c.discord_id.is_(None))
        mine = or_(mine, by_name)
    found = await tx.execute(
        select(rows)
        .where(rows.c.cohort_id == cohort_id, mine)
        .order_by(rows.c.discord_id.is_(None))
        .limit(1)
    )
    row = found.one_or_none()
    return _expected(row) if row else None


async def mark_matched(tx: Tx, row_id: int, user_id: int, now: datetime) -> None:
    """Note that this person of the list joined; their row then stays."""
    await tx.execute(
        update(rows).where(rows.c.row_id == row_id).values(discord_id=user_id, matched_at=now)
    )


async def match_joined(tx: Tx, cohort_id: int, user_id: int, now: datetime) -> None:
    """Note that somebody joined whose Discord id the list names."""
    await tx.execute(
        update(rows)
        .where(
            rows.c.cohort_id == cohort_id,
            rows.c.discord_id == user_id,
            rows.c.matched_at.is_(None),
        )
        .values(matched_at=now)
    )


def _is_member() -> ColumnElement[bool]:
    return exists().where(
        members.c.cohort_id == rows.c.cohort_id,
        members.c.user_id == rows.c.discord_id,
        members.c.state.in_([MemberState.JOINED, MemberState.PAUSED]),
    )


async def turnout(tx: Tx, cohort_id: int) -> Turnout | None:
    """Return "143 of 180 joined" as numbers; None when no roster was imported."""
    found = await tx.execute(
        select(rosters.c.expected, rosters.c.imported_at).where(rosters.c.cohort_id == cohort_id)
    )
    head = found.one_or_none()
    if head is None:
        return None
    listed = select(func.count()).select_from(rows).where(rows.c.cohort_id == cohort_id)
    joined = (await tx.execute(listed.where(_is_member()))).scalar_one()
    total = (await tx.execute(listed)).scalar_one()
    return Turnout(head.expected, joined, total, head.imported_at)


async def missing(tx: Tx, cohort_id: int, limit: int, offset: int = 0) -> list[Expected]:
    """Return those of the list who have not joined, by name."""
    found = await tx.execute(
        select(rows)
        .where(rows.c.cohort_id == cohort_id, ~_is_member())
        .order_by(func.lower(rows.c.name), rows.c.row_id)
        .limit(limit)
        .offset(offset)
    )
    return [_expected(row) for row in found]


async def keys(tx: Tx, cohort_id: int) -> set[int | str]:
    """Return who is on the list already, by the id or the username their row names."""
    found = await tx.execute(
        select(rows.c.discord_id, rows.c.username).where(rows.c.cohort_id == cohort_id)
    )
    return {key for row in found for key in row if key is not None}


async def replace(tx: Tx, cohort_id: int, entries: Sequence[Entry], now: datetime) -> None:
    """Take a new list: who joined from the old one stays matched, everyone else makes room."""
    joined = await tx.execute(
        select(rows.c.discord_id, rows.c.username, rows.c.matched_at).where(
            rows.c.cohort_id == cohort_id, rows.c.matched_at.is_not(None)
        )
    )
    known = {
        key: row for row in joined for key in (row.discord_id, row.username) if key is not None
    }
    here = await tx.execute(select(members.c.user_id).where(members.c.cohort_id == cohort_id))
    enrolled = set(here.scalars())
    await tx.execute(delete(rows).where(rows.c.cohort_id == cohort_id))
    values: list[dict[str, Any]] = []
    taken: set[int] = set()
    for entry in entries:
        old = known.get(entry.key) if entry.key is not None else None
        discord_id = entry.discord_id or (old.discord_id if old else None)
        if discord_id in taken:
            continue
        if discord_id is not None:
            taken.add(discord_id)
        matched_at = old.matched_at if old else now if discord_id in enrolled else None
        values.append(
            {
                "cohort_id": cohort_id,
                "discord_id": discord_id,
                "username": entry.username,
                "name": entry.name,
                "team": entry.team,
                "role": entry.role,
                "starts_on": entry.starts_on,
                "ends_on": entry.ends_on,
                "matched_at": matched_at,
            }
        )
    if values:
        await tx.execute(insert(rows), values)
    await tx.execute(delete(rosters).where(rosters.c.cohort_id == cohort_id))
    await tx.execute(
        insert(rosters).values(cohort_id=cohort_id, expected=len(values), imported_at=now)
    )


async def sweep(tx: Tx, now: datetime) -> int:
    """Forget those who did not join within 14 days; return how many."""
    old = select(rosters.c.cohort_id).where(rosters.c.imported_at <= now - UNMATCHED_FOR)
    gone = await tx.execute(
        delete(rows).where(
            rows.c.cohort_id.in_(old), rows.c.matched_at.is_(None), ~_is_member_of_row()
        )
    )
    return gone.rowcount


def _is_member_of_row() -> ColumnElement[bool]:
    return rows.c.discord_id.in_(
        select(members.c.user_id).where(
            members.c.cohort_id == rows.c.cohort_id, members.c.state != MemberState.LEFT
        )
    ) & rows.c.discord_id.is_not(None)


async def of_user(tx: Tx, user_id: int) -> list[Expected]:
    """Return what the rosters of all cohorts say about a person."""
    found = await tx.execute(select(rows).where(rows.c.discord_id == user_id))
    return [_expected(row) for row in found]


async def erase(tx: Tx, user_id: int, cohort_id: int | None = None) -> None:
    """Forget the person on every list, or on one cohort's."""
    theirs = [rows.c.discord_id == user_id]
    if cohort_id is not None:
        theirs.append(rows.c.cohort_id == cohort_id)
    await tx.execute(delete(rows).where(*theirs))
