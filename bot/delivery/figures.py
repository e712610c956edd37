"""How delivery is doing, in numbers without people in them; for health checks and dashboards."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.delivery.letters import LetterState, beats, letters
from bot.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Figures:
    """Letters by what became of them, how late the oldest is, and when the bot was last alive."""

    letters: dict[str, int]
    late_for: float
    alive_at: datetime | None


async def figures(tx: Tx, now: datetime) -> Figures:
    """Count what is open and what ended."""
    c = letters.c
    states = await tx.execute(select(c.state, func.count()).group_by(c.state))
    counted = {state.value: 0 for state in LetterState}
    counted |= {state.value: number for state, number in states}
    oldest = await tx.execute(
        select(func.min(c.not_before)).where(c.state == LetterState.PENDING, c.not_before <= now)
    )
    due_at = oldest.scalar_one()
    return Figures(
        letters=counted,
        late_for=(now - due_at).total_seconds() if due_at else 0.0,
        alive_at=max((await beats(tx)).values(), default=None),
    )
