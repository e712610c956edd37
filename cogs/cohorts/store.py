"""Where changes wait for *Save*, and which cards stand where."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Row, Text, delete, func, insert, select, update

from bot.people.cohorts import cohorts
from bot.storage.columns import Id, Json, Moment
from bot.storage.database import Tx, table
from cogs.cohorts.model import CHANGE_KEPT_FOR, Change

changes = table(
    "cohort_change",
    Column("change_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("values", Json, nullable=False),
    Column("made_at", Moment, nullable=False),
    Index(None, "cohort_id", "kind"),
    Index(None, "made_at"),
)

invites = table(
    "cohort_invite",
    Column("invite_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("channel_id", Id, nullable=False),
    Column("dedupe", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "cohort_id"),
)


def _change(row: Row[Any]) -> Change:
    return Change(**row._mapping)


class CohortStore:
    """Remember what is about to be saved, and where *Join* cards were posted."""

    async def propose(
        self, tx: Tx, cohort_id: int, kind: str, values: Mapping[str, Any], now: datetime
    ) -> Change:
        """Keep a change until somebody presses *Save*; the latest of its kind replaces others."""
        await tx.execute(
            delete(changes).where(changes.c.cohort_id == cohort_id, changes.c.kind == kind)
        )
        row = await tx.execute(
            insert(changes)
            .values(cohort_id=cohort_id, kind=kind, values=dict(values), made_at=now)
            .returning(changes)
        )
        return _change(row.one())

    async def proposed(self, tx: Tx, change_id: int) -> Change | None:
        """Return a change that waits, if it still does."""
        row = await tx.execute(select(changes).where(changes.c.change_id == change_id))
        found = row.one_or_none()
        return _change(found) if found else None

    async def latest(self, tx: Tx, cohort_id: int, kind: str) -> Change | None:
        """Return the change of one kind that waits in a cohort, if any."""
        row = await tx.execute(
            select(changes).where(changes.c.cohort_id == cohort_id, changes.c.kind == kind)
        )
        found = row.one_or_none()
        return _change(found) if found else None

    async def amend(self, tx: Tx, change_id: int, values: Mapping[str, Any]) -> None:
        """Replace what a waiting change would do."""
        await tx.execute(
            update(changes).where(changes.c.change_id == change_id).values(values=dict(values))
        )

    async def settle(self, tx: Tx, change_id: int) -> None:
        """Forget a change: it was saved, or cancelled."""
        await tx.execute(delete(changes).where(changes.c.change_id == change_id))

    async def purge(self, tx: Tx, now: datetime) -> None:
        """Forget changes that nobody saved."""
        await tx.execute(delete(changes).where(changes.c.made_at < now - CHANGE_KEPT_FOR))

    async def forget(self, tx: Tx, user_id: int) -> None:
        """Drop waiting imports that name a person; the file can be read again."""
        waiting = await tx.execute(select(changes).where(changes.c.kind == "import"))
        for change in map(_change, waiting.all()):
            if any(entry[0] == user_id for entry in change.values["entries"]):
                await self.settle(tx, change.change_id)

    async def add_invite(
        self, tx: Tx, cohort_id: int, channel_id: int, dedupe: str, now: datetime
    ) -> None:
        """Note that a *Join* card is posted."""
        await tx.execute(
            insert(invites).values(
                cohort_id=cohort_id, channel_id=channel_id, dedupe=dedupe, at=now
            )
        )

    async def invited(self, tx: Tx, cohort_id: int) -> list[tuple[int, str]]:
        """Return the cards that were posted, oldest first: channel and dedupe key."""
        rows = await tx.execute(
            select(invites.c.channel_id, invites.c.dedupe)
            .where(invites.c.cohort_id == cohort_id)
            .order_by(invites.c.invite_id)
        )
        return [(row.channel_id, row.dedupe) for row in rows]

    async def drop_invite(self, tx: Tx, dedupe: str) -> None:
        """Forget a card that is taken down."""
        await tx.execute(delete(invites).where(invites.c.dedupe == dedupe))

    async def count_invites(self, tx: Tx, cohort_id: int) -> int:
        """Return how often the card was posted."""
        counted = select(func.count()).where(invites.c.cohort_id == cohort_id)
        return (await tx.execute(counted)).scalar_one()
