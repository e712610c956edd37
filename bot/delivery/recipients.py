"""Who an occurrence was for, and what became of it for each of them: once per period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Text, bindparam, func, select, update

from bot.delivery.schedules import occurrences, schedules
from bot.people.memberships import Member, as_member, members, whole
from bot.storage.columns import Day, Id, Moment, word
from bot.storage.database import Tx, table


class Outcome(StrEnum):
    """What an occurrence meant for a member.

    `card` is seen only on the channel's card, as they chose; `bundled` waits on their next card
    or in `/me`, because their pings for the day or the week are used up.
    """

    ASKED = "asked"
    CARD = "card"
    PAUSED = "paused"
    SKIPPED = "skipped"
    BUNDLED = "bundled"
    UNDELIVERED = "undelivered"
    LEFT = "left"


REACHED = (Outcome.ASKED, Outcome.CARD, Outcome.BUNDLED, Outcome.UNDELIVERED)
"""Outcomes after which the same week asks nothing more, even when the rule moves to another day."""


recipients = table(
    "recipient",
    Column(
        "schedule_id",
        Id,
        ForeignKey(schedules.c.schedule_id, ondelete="CASCADE"),
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
    Column("period", Day, primary_key=True),
    Column(
        "occurrence_id",
        Id,
        ForeignKey(occurrences.c.occurrence_id, ondelete="CASCADE"),
        nullable=False,
    ),
    Column("due_at", Moment, nullable=False),
    word("outcome", Outcome),
    Column("why", Text, nullable=False, server_default=""),
    Column("letter_id", Id, ForeignKey("letter.letter_id", ondelete="SET NULL")),
    Index(None, "member_id"),
    Index(None, "occurrence_id"),
    Index(None, "letter_id"),
    Index(None, "schedule_id", "period", "outcome"),
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """What one period of a schedule meant for one member."""

    schedule_id: int
    member_id: int
    period: date
    occurrence_id: int
    due_at: datetime
    outcome: Outcome
    why: str
    letter_id: int | None


async def of_member(tx: Tx, schedule_id: int, member_id: int) -> list[Recipient]:
    """Return what a schedule meant for a member, oldest first."""
    rows = await tx.execute(
        select(recipients)
        .where(recipients.c.schedule_id == schedule_id, recipients.c.member_id == member_id)
        .order_by(recipients.c.period)
    )
    return [Recipient(**row._mapping) for row in rows]


async def of_period(tx: Tx, schedule_id: int, period: date) -> list[Recipient]:
    """Return what a period meant for everyone, in the order of their numbers."""
    rows = await tx.execute(
        select(recipients)
        .where(recipients.c.schedule_id == schedule_id, recipients.c.period == period)
        .order_by(recipients.c.member_id)
    )
    return [Recipient(**row._mapping) for row in rows]


async def tally(tx: Tx, schedule_id: int, period: date) -> dict[Outcome, int]:
    """Count a period's recipients by what became of it."""
    rows = await tx.execute(
        select(recipients.c.outcome, func.count())
        .where(recipients.c.schedule_id == schedule_id, recipients.c.period == period)
        .group_by(recipients.c.outcome)
    )
    return {outcome: number for outcome, number in rows}


async def of_letter(tx: Tx, letter_id: int) -> list[Member]:
    """Return the members a shared letter is for, in the order of their numbers.

    A renderer asks here whom to mention, so that no letter keeps a list of people of its own.
    """
    rows = await tx.execute(
        whole()
        .join(recipients, recipients.c.member_id == members.c.member_id)
        .where(recipients.c.letter_id == letter_id)
        .order_by(members.c.member_id)
    )
    return [as_member(row) for row in rows]


async def link(tx: Tx, schedule_id: int, period: date, pairs: Iterable[tuple[int, int]]) -> None:
    """Note which letter reaches which member: pairs of member and letter number."""
    values = [{"m": member_id, "l": letter_id} for member_id, letter_id in pairs]
    if not values:
        return
    await tx.execute(
        update(recipients)
        .where(
            recipients.c.schedule_id == schedule_id,
            recipients.c.period == period,
            recipients.c.member_id == bindparam("m"),
        )
        .values(letter_id=bindparam("l")),
        values,
    )


async def mark(
    tx: Tx,
    outcome: Outcome,
    why: str = "",
    *,
    letters: Sequence[int] = (),
    member_id: int | None = None,
    schedule_id: int | None = None,
    period: date | None = None,
) -> None:
    """Note what became of it, for everyone behind these letters or for one member's period."""
    values: dict[str, Any] = {"outcome": outcome, "why": why}
    if letters:
        wanted = recipients.c.letter_id.in_(letters)
        await tx.execute(update(recipients).where(wanted).values(**values))
    if member_id is not None:
        await tx.execute(
            update(recipients)
            .where(
                recipients.c.member_id == member_id,
                recipients.c.schedule_id == schedule_id,
                recipients.c.period == period,
            )
            .values(**values)
        )
