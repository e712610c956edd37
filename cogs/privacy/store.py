"""What the bot did around somebody: the only SQL about traces."""

from typing import Any

from sqlalchemy import func, select

from bot.delivery.letters import letters
from bot.people.activity import activity
from bot.people.memberships import members
from bot.storage.database import Tx


class TraceStore:
    """Read what was sent to somebody and what they did."""

    async def letters_to(self, tx: Tx, user_id: int) -> list[dict[str, Any]]:
        """Return each message that was sent or is going to be: kind, moment, what became of it."""
        rows = await tx.execute(
            select(letters.c.kind, letters.c.due_at, letters.c.state)
            .where(letters.c.user_id == user_id)
            .order_by(letters.c.letter_id)
        )
        return [
            {"kind": row.kind, "due": row.due_at.isoformat(), "state": row.state.value}
            for row in rows
        ]

    async def deeds_of(self, tx: Tx, user_id: int) -> list[dict[str, Any]]:
        """Return what the user did, in order: words and moments."""
        rows = await tx.execute(
            select(activity.c.word, activity.c.at, activity.c.visibility)
            .join(members, members.c.member_id == activity.c.member_id)
            .where(members.c.user_id == user_id)
            .order_by(activity.c.activity_id)
        )
        return [
            {"what": row.word, "at": row.at.isoformat(), "visible to": row.visibility.value}
            for row in rows
        ]

    async def counts(self, tx: Tx, user_id: int) -> tuple[int, int]:
        """Return how many deeds and messages are kept about the user."""
        deeds = (
            select(func.count())
            .select_from(activity)
            .join(members, members.c.member_id == activity.c.member_id)
            .where(members.c.user_id == user_id)
        )
        sent = select(func.count()).where(letters.c.user_id == user_id)
        return (await tx.execute(deeds)).scalar_one(), (await tx.execute(sent)).scalar_one()
