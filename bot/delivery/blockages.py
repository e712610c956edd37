"""Places of a cohort where the bot may not write any more, and how it comes back by itself.

A cohort one of whose channels is gone or closed to us is blocked: what it would say is held. Every
six hours, or when somebody changes a channel or role, one held letter is tried; when it goes
through, the cohort is live again and the rest follows.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Column, ForeignKey, Select, Text, delete, func, insert, select, update

from bot.delivery import outbox
from bot.delivery.letters import Letter, LetterState, letters
from bot.people.cohorts import Cohort, CohortState, cohorts
from bot.storage.columns import Id, Moment
from bot.storage.database import Tx, table

PROBE_EVERY = timedelta(hours=6)

blockages = table(
    "blockage",
    Column(
        "cohort_id",
        Id,
        ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("order_key", Text, primary_key=True),
    Column("probe_at", Moment, nullable=False),
)


def is_channel_of(cohort: Cohort, channel_id: int) -> bool:
    """Say whether the cohort was set up to use this channel."""
    return any(
        value == channel_id
        for name, value in asdict(cohort).items()
        if name.endswith("_id") and name not in ("cohort_id", "guild_id")
    )


async def block(tx: Tx, cohort: Cohort, reason: str) -> None:
    """Block a cohort and hold everything it was about to say.

    What a closed one says about its end goes on: people are told by message too.
    """
    if cohort.state is CohortState.CLOSED:
        return
    await tx.execute(
        update(cohorts)
        .where(cohorts.c.cohort_id == cohort.cohort_id, cohorts.c.state == CohortState.LIVE)
        .values(state=CohortState.BLOCKED, blocked_reason=reason)
    )
    await outbox.hold(tx, cohort.cohort_id)


async def watch(tx: Tx, cohort_id: int, order_key: str, now: datetime) -> None:
    """Try a place again in six hours."""
    await _forget(tx, cohort_id, order_key)
    await tx.execute(
        insert(blockages).values(
            cohort_id=cohort_id, order_key=order_key, probe_at=now + PROBE_EVERY
        )
    )


async def probe(tx: Tx, now: datetime) -> None:
    """Let one held letter go to every blocked place whose time has come."""
    rows = await tx.execute(_due().where(blockages.c.probe_at <= now))
    for row in rows.all():
        await tx.execute(
            update(letters)
            .where(letters.c.letter_id == row.letter_id)
            .values(state=LetterState.PENDING, not_before=now)
        )
        await watch(tx, row.cohort_id, row.order_key, now)


def _due() -> Any:
    b = blockages.c
    return (
        select(b.cohort_id, b.order_key, func.min(letters.c.letter_id).label("letter_id"))
        .join(cohorts, cohorts.c.cohort_id == b.cohort_id)
        .join(
            letters,
            (letters.c.cohort_id == b.cohort_id) & (letters.c.order_key == b.order_key),
        )
        .where(cohorts.c.state == CohortState.BLOCKED, letters.c.state == LetterState.HELD)
        .group_by(b.cohort_id, b.order_key)
    )


async def next_at(tx: Tx) -> datetime | None:
    """Return when the next blocked place is tried."""
    row = await tx.execute(_next())
    return row.scalar_one_or_none()


@cache
def _next() -> Select[Any]:
    waiting = _due().subquery()
    return select(func.min(blockages.c.probe_at)).join(
        waiting,
        (waiting.c.cohort_id == blockages.c.cohort_id)
        & (waiting.c.order_key == blockages.c.order_key),
    )


async def went_through(tx: Tx, letter: Letter) -> None:
    """A letter reached its place: if that was blocked it no longer is, nor its cohort."""
    if letter.cohort_id is None or not await _forget(tx, letter.cohort_id, letter.order_key):
        return
    others = select(blockages.c.order_key).where(blockages.c.cohort_id == letter.cohort_id)
    if (await tx.execute(others)).first() is None:
        live = (
            update(cohorts)
            .where(cohorts.c.cohort_id == letter.cohort_id, cohorts.c.state == CohortState.BLOCKED)
            .values(state=CohortState.LIVE, blocked_reason=None)
            .returning(cohorts.c.cohort_id)
        )
        if (await tx.execute(live)).first():
            await outbox.release(tx, letter.cohort_id)


async def _forget(tx: Tx, cohort_id: int, order_key: str) -> bool:
    rows = await tx.execute(
        delete(blockages)
        .where(blockages.c.cohort_id == cohort_id, blockages.c.order_key == order_key)
        .returning(blockages.c.order_key)
    )
    return rows.first() is not None


async def try_again(tx: Tx, guild_id: int, now: datetime) -> None:
    """Somebody changed a channel or a role of the server: try its blocked places at once."""
    here = select(cohorts.c.cohort_id).where(cohorts.c.guild_id == guild_id)
    await tx.execute(update(blockages).where(blockages.c.cohort_id.in_(here)).values(probe_at=now))
