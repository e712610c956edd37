"""Where kudos are kept. The only SQL about kudos."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.people.activity import activity, week_from
from bot.people.cohorts import cohorts
from bot.people.memberships import Member, as_member, members, whole
from bot.storage.columns import Id, Moment, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed

from .model import Kudos, KudosState

kudos = table(
    "kudos",
    Column("kudos_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("giver_id", Id, ForeignKey(members.c.member_id, ondelete="SET NULL")),
    Column("receiver_id", Id, ForeignKey(members.c.member_id, ondelete="SET NULL")),
    Column("text", Sealed, nullable=False),
    word("state", KudosState, server_default="sent"),
    Column("at", Moment, nullable=False),
    Index(None, "receiver_id", "state"),
    Index(None, "giver_id"),
    Index(None, "cohort_id"),
)


class KudosStore:
    """Read and write kudos."""

    async def add(self, tx: Tx, giver: Member, receiver: Member, text: str, at: datetime) -> Kudos:
        """Keep kudos."""
        row = await tx.execute(
            insert(kudos)
            .values(
                cohort_id=giver.cohort_id,
                giver_id=giver.member_id,
                receiver_id=receiver.member_id,
                text=text,
                at=at,
            )
            .returning(kudos)
        )
        return Kudos(**row.one()._mapping)

    async def get(self, tx: Tx, kudos_id: int) -> Kudos | None:
        """Return the kudos of that number, if there are some."""
        row = (await tx.execute(select(kudos).where(kudos.c.kudos_id == kudos_id))).one_or_none()
        return Kudos(**row._mapping) if row else None

    async def decide(self, tx: Tx, kudos_id: int, state: KudosState) -> Kudos:
        """Note what the receiver decided."""
        row = await tx.execute(
            update(kudos).where(kudos.c.kudos_id == kudos_id).values(state=state).returning(kudos)
        )
        return Kudos(**row.one()._mapping)

    async def undecided(self, tx: Tx, giver_id: int, receiver_id: int) -> int:
        """Count what one person sent another who has not looked at it yet."""
        wanted = select(func.count()).where(
            kudos.c.giver_id == giver_id,
            kudos.c.receiver_id == receiver_id,
            kudos.c.state == KudosState.SENT,
        )
        return (await tx.execute(wanted)).scalar_one()

    async def waiting(self, tx: Tx, member_id: int) -> list[Kudos]:
        """Return what a member has not decided on, oldest first."""
        rows = await tx.execute(
            select(kudos)
            .where(kudos.c.receiver_id == member_id, kudos.c.state == KudosState.SENT)
            .order_by(kudos.c.kudos_id)
        )
        return [Kudos(**row._mapping) for row in rows]

    async def got(self, tx: Tx, member_ids: Sequence[int]) -> list[Kudos]:
        """Return what these memberships were thanked for, newest first."""
        return await self._kudos(tx, kudos.c.receiver_id.in_(member_ids))

    async def gave(self, tx: Tx, member_ids: Sequence[int]) -> list[Kudos]:
        """Return what these memberships thanked others for, newest first."""
        return await self._kudos(tx, kudos.c.giver_id.in_(member_ids))

    async def _kudos(self, tx: Tx, which: ColumnElement[bool]) -> list[Kudos]:
        rows: Any = await tx.execute(select(kudos).where(which).order_by(kudos.c.kudos_id.desc()))
        return [Kudos(**row._mapping) for row in rows]

    async def shared(
        self, tx: Tx, cohort_id: int, since: datetime, until: datetime, limit: int
    ) -> tuple[list[Kudos], int]:
        """Return the kudos shared with a cohort in a span, and how many there are in all."""
        a = activity.c
        rows = await tx.execute(
            select(kudos, func.count().over().label("number"))
            .select_from(activity)
            .join(kudos, kudos.c.kudos_id == a.subject_id)
            .where(
                a.cohort_id == cohort_id,
                a.word == "kudos.shared",
                a.week_on >= week_from(since),
                a.at >= since,
                a.at < until,
                kudos.c.state == KudosState.SHARED,
                kudos.c.receiver_id.is_not(None),
            )
            .order_by(a.activity_id)
            .limit(limit)
        )
        found: list[Kudos] = []
        number = 0
        for row in rows:
            values = dict(row._mapping)
            number = values.pop("number")
            found.append(Kudos(**values))
        return found, number

    async def people(self, tx: Tx, member_ids: Sequence[int]) -> dict[int, Member]:
        """Return these members by their numbers."""
        rows = await tx.execute(whole().where(members.c.member_id.in_(member_ids)))
        return {row.member_id: as_member(row) for row in rows}

    async def count_since(self, tx: Tx, member_id: int, since: datetime) -> tuple[int, int]:
        """Return how often a member was thanked since then, and how often they thanked."""
        got = select(func.count()).where(kudos.c.receiver_id == member_id, kudos.c.at >= since)
        gave = select(func.count()).where(kudos.c.giver_id == member_id, kudos.c.at >= since)
        return (await tx.execute(got)).scalar_one(), (await tx.execute(gave)).scalar_one()

    async def forget_alone(self, tx: Tx, member_ids: Sequence[int]) -> None:
        """Forget what would belong to nobody once these memberships are gone."""
        ours, theirs = kudos.c.receiver_id.in_(member_ids), kudos.c.giver_id.in_(member_ids)
        await tx.execute(
            delete(kudos).where(
                or_(
                    and_(ours, or_(kudos.c.giver_id.is_(None), theirs)),
                    and_(theirs, kudos.c.receiver_id.is_(None)),
                )
            )
        )
