"""Where somebody's words about themselves are kept. The only SQL about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Text,
    UniqueConstraint,
    delete,
    insert,
    select,
    update,
)

from bot.people.memberships import members
from bot.storage.columns import Id, word
from bot.storage.columns import Moment as At
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed

from .model import Moment, Said

answers = table(
    "competency_answer",
    Column("answer_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("competency", Text, nullable=False),
    word("moment", Moment),
    Column("answer", Sealed, nullable=False),
    Column("words", Sealed, nullable=False),
    Column("goal_id", Id),
    Column("at", At, nullable=False),
    UniqueConstraint("member_id", "competency", "moment"),
)
_SAID = select(
    answers.c.member_id,
    answers.c.competency,
    answers.c.moment,
    answers.c.answer,
    answers.c.words,
    answers.c.goal_id,
    answers.c.at,
).order_by(answers.c.answer_id)


class CompetencyStore:
    """Read and write what people say of themselves."""

    async def of(self, tx: Tx, member_ids: Sequence[int]) -> list[Said]:
        """Return everything these memberships said, oldest first."""
        rows = await tx.execute(_SAID.where(answers.c.member_id.in_(member_ids)))
        return [Said(**row._mapping) for row in rows]

    async def since(self, tx: Tx, member_id: int, at: datetime) -> list[Said]:
        """Return what a member said or changed from a moment on."""
        rows = await tx.execute(_SAID.where(answers.c.member_id == member_id, answers.c.at >= at))
        return [Said(**row._mapping) for row in rows]

    async def began(self, tx: Tx, member_id: int, moment: Moment) -> bool:
        """Say whether a member said anything at this moment."""
        row = await tx.execute(
            select(answers.c.answer_id)
            .where(answers.c.member_id == member_id, answers.c.moment == moment)
            .limit(1)
        )
        return row.first() is not None

    async def keep(
        self, tx: Tx, member_id: int, competency: str, moment: Moment, at: datetime, **values: Any
    ) -> int:
        """Keep what was said in place of what was said before; return its number."""
        row = await tx.execute(
            update(answers)
            .where(
                answers.c.member_id == member_id,
                answers.c.competency == competency,
                answers.c.moment == moment,
            )
            .values(at=at, **values)
            .returning(answers.c.answer_id)
        )
        if (known := row.scalar_one_or_none()) is not None:
            return int(known)
        new = {
            "member_id": member_id,
            "competency": competency,
            "moment": moment,
            "answer": "",
            "words": "",
            "at": at,
            **values,
        }
        made = await tx.execute(insert(answers).values(**new).returning(answers.c.answer_id))
        return int(made.scalar_one())

    async def remove(self, tx: Tx, member_id: int, competency: str, moment: Moment) -> None:
        """Forget what was said about one competency at one moment."""
        await tx.execute(
            delete(answers).where(
                answers.c.member_id == member_id,
                answers.c.competency == competency,
                answers.c.moment == moment,
            )
        )
