"""The SQL about answers somebody gave to themselves."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from bot.knowledge.content import Moment
from bot.storage.database import Tx

from .model import Answer
from .store import answers

_STANDS = answers.c.deleted_at.is_(None)


def _answer(row: Row[Any]) -> Answer:
    return Answer(**row._mapping)


class AnswerStore:
    """Read and write answers."""

    async def save(
        self,
        tx: Tx,
        member_id: int,
        question: str,
        on: date,
        *,
        moment: Moment,
        asked: str,
        text: str,
    ) -> int:
        """Keep an answer; a second one on the same day takes the place of the first."""
        same = (
            answers.c.member_id == member_id,
            answers.c.question == question,
            answers.c.on == on,
        )
        known = await tx.execute(select(answers.c.answer_id).where(*same))
        answer_id = known.scalar_one_or_none()
        if answer_id is not None:
            await tx.execute(
                update(answers).where(*same).values(asked=asked, text=text, deleted_at=None)
            )
            return answer_id
        made = await tx.execute(
            insert(answers)
            .values(
                member_id=member_id, question=question, on=on, moment=moment, asked=asked, text=text
            )
            .returning(answers.c.answer_id)
        )
        return made.scalar_one()

    async def get(self, tx: Tx, answer_id: int, member_ids: Sequence[int]) -> Answer | None:
        """Return an answer, deleted or not, if one of these memberships gave it."""
        row = await tx.execute(
            select(answers).where(
                answers.c.answer_id == answer_id, answers.c.member_id.in_(member_ids)
            )
        )
        found = row.one_or_none()
        return _answer(found) if found else None

    async def latest(self, tx: Tx, member_id: int, questions: Sequence[str]) -> dict[str, Answer]:
        """Return the newest answer to each of these questions."""
        rows = await tx.execute(
            select(answers)
            .where(answers.c.member_id == member_id, answers.c.question.in_(questions), _STANDS)
            .order_by(answers.c.on)
        )
        return {row.question: _answer(row) for row in rows}

    async def of(
        self, tx: Tx, member_id: int, limit: int | None = None, offset: int = 0
    ) -> list[Answer]:
        """Return a member's answers, newest first."""
        wanted = (
            select(answers)
            .where(answers.c.member_id == member_id, _STANDS)
            .order_by(answers.c.on.desc(), answers.c.answer_id)
        )
        if limit is not None:
            wanted = wanted.limit(limit).offset(offset)
        return [_answer(row) for row in await tx.execute(wanted)]

    async def number(self, tx: Tx, member_id: int) -> int:
        """Count a member's answers."""
        row = await tx.execute(
            select(func.count()).where(answers.c.member_id == member_id, _STANDS)
        )
        return row.scalar_one()

    async def change(self, tx: Tx, answer_id: int, **values: Any) -> None:
        """Change an answer."""
        await tx.execute(update(answers).where(answers.c.answer_id == answer_id).values(**values))
