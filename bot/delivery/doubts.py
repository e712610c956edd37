"""After a backup was put back: what it still wants to say may have been said already."""

from datetime import datetime

from sqlalchemy import func, update

from bot.delivery.letters import LetterState, letters
from bot.storage.database import Tx


async def doubt(tx: Tx, now: datetime) -> int:
    """Have every open letter that was due looked for on Discord before it is sent; count them."""
    rows = await tx.execute(
        update(letters)
        .where(
            letters.c.state.in_((LetterState.PENDING, LetterState.SENDING)),
            letters.c.due_at <= now,
        )
        .values(
            ambiguous_at=func.coalesce(letters.c.ambiguous_at, now),
            first_attempt_at=func.coalesce(letters.c.first_attempt_at, letters.c.due_at),
        )
        .returning(letters.c.letter_id)
    )
    return len(rows.all())
