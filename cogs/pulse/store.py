"""Where pulses are kept: answers without an author, a day or an order. The only SQL about them.

Answers and marks stand in tables without a rowid, under random keys; what is sealed in them tells
neither when it was written nor how long it is. Small pulses are written anew each time something
comes to them, so that even the place within a page of the file says nothing.
"""

import secrets
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Row,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.people.cohorts import cohorts
from bot.storage.columns import Day, Id, Moment, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Undated, ring

from .model import SHUFFLED_UP_TO, USUAL, Answer, Item, Pulse, PulseState

pulses = table(
    "pulse",
    Column("pulse_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("opened_on", Day, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("threshold", Id, nullable=False),
    word("state", PulseState, server_default="open"),
    Column("counted", Id, nullable=False, server_default="0"),
    Index(None, "cohort_id", "state"),
    Index(None, "state", "closes_at"),
)

answers = table(
    "pulse_answer",
    Column("pulse_id", Id, ForeignKey(pulses.c.pulse_id, ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    word("item", Item),
    Column("answer", Undated, nullable=False),
    with_rowid=False,
)

marks = table(
    "pulse_mark",
    Column("pulse_id", Id, ForeignKey(pulses.c.pulse_id, ondelete="CASCADE"), primary_key=True),
    Column("mark", Text, primary_key=True),
    with_rowid=False,
)

wishes = table(
    "pulse_wish",
    Column(
        "cohort_id",
        Id,
        ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("threshold", Id, nullable=False),
)


def _pulse(row: Row[Any]) -> Pulse:
    return Pulse(**row._mapping)


def mark_of(pulse_id: int, user_id: int) -> str:
    """Return what says that somebody has answered, and leads back to nobody without the key.

    It outlives leaving and being erased: whoever comes back does not answer twice.
    """
    return ring().mark(f"pulse {pulse_id} user {user_id}")


class PulseStore:
    """Read and write pulses."""

    async def open(
        self, tx: Tx, cohort_id: int, on: date, closes_at: datetime, threshold: int
    ) -> Pulse:
        """Open a pulse."""
        row = await tx.execute(
            insert(pulses)
            .values(cohort_id=cohort_id, opened_on=on, closes_at=closes_at, threshold=threshold)
            .returning(pulses)
        )
        return _pulse(row.one())

    async def get(self, tx: Tx, pulse_id: int) -> Pulse | None:
        """Return the pulse of that number, if there is one."""
        row = await tx.execute(select(pulses).where(pulses.c.pulse_id == pulse_id))
        found = row.one_or_none()
        return _pulse(found) if found else None

    async def latest(self, tx: Tx, cohort_id: int, *states: PulseState) -> Pulse | None:
        """Return a cohort's newest pulse in one of these states, or in any."""
        wanted = select(pulses).where(pulses.c.cohort_id == cohort_id)
        if states:
            wanted = wanted.where(pulses.c.state.in_(states))
        row = (await tx.execute(wanted.order_by(pulses.c.pulse_id.desc()).limit(1))).one_or_none()
        return _pulse(row) if row else None

    async def over(self, tx: Tx, now: datetime) -> list[Pulse]:
        """Return the open pulses whose time is over."""
        rows = await tx.execute(
            select(pulses).where(pulses.c.state == PulseState.OPEN, pulses.c.closes_at <= now)
        )
        return [_pulse(row) for row in rows]

    async def next_at(self, tx: Tx) -> datetime | None:
        """Return when an open pulse next closes."""
        row = await tx.execute(
            select(func.min(pulses.c.closes_at)).where(pulses.c.state == PulseState.OPEN)
        )
        return row.scalar_one_or_none()

    async def threshold(self, tx: Tx, cohort_id: int) -> int:
        """Return from how many answers on a cohort's next pulse is shown."""
        row = await tx.execute(select(wishes.c.threshold).where(wishes.c.cohort_id == cohort_id))
        return row.scalar_one_or_none() or USUAL

    async def set_threshold(self, tx: Tx, cohort_id: int, threshold: int) -> None:
        """Keep from how many answers on the next pulse is shown."""
        await tx.execute(delete(wishes).where(wishes.c.cohort_id == cohort_id))
        await tx.execute(insert(wishes).values(cohort_id=cohort_id, threshold=threshold))

    async def marked(self, tx: Tx, pulse_id: int, mark: str) -> bool:
        """Say whether a mark was written."""
        row = await tx.execute(
            select(marks.c.pulse_id).where(marks.c.pulse_id == pulse_id, marks.c.mark == mark)
        )
        return row.first() is not None

    async def mark(self, tx: Tx, pulse: Pulse, batch: Collection[str]) -> None:
        """Write the marks of several people at once, in the order of the marks themselves."""
        rows = [{"pulse_id": pulse.pulse_id, "mark": mark} for mark in sorted(batch)]
        await tx.execute(insert(marks), rows)
        await tx.execute(
            update(pulses)
            .where(pulses.c.pulse_id == pulse.pulse_id)
            .values(counted=pulses.c.counted + len(rows))
        )

    async def add(self, tx: Tx, pulse_id: int, new: Iterable[Answer]) -> None:
        """Keep answers among the others of the pulse; no place in the file tells them apart."""
        number = select(func.count()).where(answers.c.pulse_id == pulse_id)
        few = (await tx.execute(number)).scalar_one() <= SHUFFLED_UP_TO
        before = await self.said(tx, pulse_id) if few else []
        await self._write(tx, pulse_id, [*before, *new], anew=few)

    async def shuffle(self, tx: Tx, pulse_id: int) -> None:
        """Write all answers of a pulse anew, in another order."""
        await self._write(tx, pulse_id, await self.said(tx, pulse_id), anew=True)

    async def _write(self, tx: Tx, pulse_id: int, every: list[Answer], *, anew: bool) -> None:
        if anew:
            await self.forget_answers(tx, pulse_id)
        secrets.SystemRandom().shuffle(every)
        keys = sorted(secrets.token_hex(16) for _one in every)
        rows = [
            {"pulse_id": pulse_id, "key": key, "item": item, "answer": text}
            for key, (item, text) in zip(keys, every, strict=True)
        ]
        if rows:
            await tx.execute(insert(answers), rows)

    async def said(self, tx: Tx, pulse_id: int) -> list[Answer]:
        """Return every answer of a pulse, by its random key."""
        rows = await tx.execute(
            select(answers.c.item, answers.c.answer)
            .where(answers.c.pulse_id == pulse_id)
            .order_by(answers.c.key)
        )
        return [(row.item, row.answer) for row in rows]

    async def forget_answers(self, tx: Tx, pulse_id: int) -> None:
        """Forget what was said."""
        await tx.execute(delete(answers).where(answers.c.pulse_id == pulse_id))

    async def close(self, tx: Tx, pulse: Pulse, state: PulseState) -> Pulse:
        """Close a pulse; who answered is not needed any more."""
        await tx.execute(delete(marks).where(marks.c.pulse_id == pulse.pulse_id))
        row = await tx.execute(
            update(pulses)
            .where(pulses.c.pulse_id == pulse.pulse_id)
            .values(state=state, counted=0)
            .returning(pulses)
        )
        return _pulse(row.one())
