"""The SQL about people somebody met."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, select, update

from bot.storage.database import Tx

from .model import Person
from .store import people

_STANDS = people.c.deleted_at.is_(None)


def _person(row: Row[Any]) -> Person:
    values = dict(row._mapping)
    return Person(**json.loads(values.pop("words")), **values)


def _packed(name: str, met: str, about: str) -> str:
    return json.dumps({"name": name, "met": met, "about": about}, ensure_ascii=False)


class PersonStore:
    """Read and write people."""

    async def add(
        self, tx: Tx, member_id: int, name: str, met: str, about: str, **values: Any
    ) -> Person:
        """Keep somebody."""
        row = await tx.execute(
            insert(people)
            .values(member_id=member_id, words=_packed(name, met, about), **values)
            .returning(people)
        )
        return _person(row.one())

    async def get(self, tx: Tx, person_id: int, member_ids: Sequence[int]) -> Person | None:
        """Return somebody, deleted or not, if they stand in one of these journals."""
        found = await self._people(
            tx, people.c.person_id == person_id, people.c.member_id.in_(member_ids)
        )
        return found[0] if found else None

    async def rename(self, tx: Tx, person_id: int, name: str, met: str, about: str) -> None:
        """Change who it is, where they met and what about."""
        await self.change(tx, person_id, words=_packed(name, met, about))

    async def change(self, tx: Tx, person_id: int, **values: Any) -> None:
        """Change what is noted about somebody."""
        await tx.execute(update(people).where(people.c.person_id == person_id).values(**values))

    async def of(
        self, tx: Tx, member_id: int, limit: int | None = None, offset: int = 0
    ) -> list[Person]:
        """Return whom a member met: the nearest day to say hello first, then the newest."""
        return await self._people(
            tx, people.c.member_id == member_id, _STANDS, limit=limit, offset=offset
        )

    async def number(self, tx: Tx, member_id: int) -> int:
        """Count whom a member met."""
        row = await tx.execute(select(func.count()).where(people.c.member_id == member_id, _STANDS))
        return row.scalar_one()

    async def due(
        self, tx: Tx, member_id: int, since: date, until: date, limit: int = 10
    ) -> list[Person]:
        """Return those whose day to say hello came between two days."""
        return await self._people(
            tx,
            people.c.member_id == member_id,
            people.c.touch_on >= since,
            people.c.touch_on <= until,
            _STANDS,
            limit=limit,
        )

    async def to_write(self, tx: Tx, member_id: int) -> list[Person]:
        """Return those about whom a member wants a note that has not gone out."""
        return await self._people(
            tx, people.c.member_id == member_id, people.c.note_at.is_not(None), _STANDS
        )

    async def members_due(self, tx: Tx, now: datetime) -> list[int]:
        """Return the members for whom a note is due."""
        rows = await tx.execute(
            select(people.c.member_id).distinct().where(people.c.note_at <= now, _STANDS)
        )
        return list(rows.scalars())

    async def next_note_at(self, tx: Tx, now: datetime) -> datetime | None:
        """Return when the next note is due."""
        row = await tx.execute(
            select(people.c.note_at)
            .where(people.c.note_at > now, _STANDS)
            .order_by(people.c.note_at)
            .limit(1)
        )
        return row.scalar_one_or_none()

    async def write_no_more(self, tx: Tx, member_id: int) -> None:
        """Send a member no note about anybody."""
        await tx.execute(
            update(people).where(people.c.member_id == member_id).values(writes=False, note_at=None)
        )

    async def _people(
        self, tx: Tx, *which: ColumnElement[bool], limit: int | None = None, offset: int = 0
    ) -> list[Person]:
        wanted = (
            select(people)
            .where(*which)
            .order_by(people.c.touch_on.is_(None), people.c.touch_on, people.c.person_id.desc())
        )
        if limit is not None:
            wanted = wanted.limit(limit).offset(offset)
        return [_person(row) for row in await tx.execute(wanted)]
