"""Where goals are kept. The only SQL about goals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Row, bindparam, func, insert, select, update

from bot.people.activity import Visibility, activity, week_from
from bot.people.memberships import MemberState, members
from bot.storage.columns import Day, Id, Moment, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed

from .model import Area, Goal, GoalState, Note

goals = table(
    "goal",
    Column("goal_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("what", Sealed, nullable=False),
    Column("measure", Sealed, nullable=False),
    Column("first_step", Sealed, nullable=False),
    Column("target_on", Day),
    word("area", Area),
    word("visibility", Visibility, server_default="me"),
    word("state", GoalState, server_default="open"),
    Column("lesson", Sealed, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index(None, "member_id", "state"),
)

notes = table(
    "goal_note",
    Column("note_id", Id, primary_key=True),
    Column("goal_id", Id, ForeignKey(goals.c.goal_id, ondelete="CASCADE"), nullable=False),
    Column("text", Sealed, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "goal_id", "at"),
)


_ADD = insert(goals).returning(
    goals.c.goal_id, goals.c.visibility, goals.c.state, goals.c.made_at, goals.c.ended_at
)
_COUNT = (
    select(goals.c.state, func.count())
    .where(goals.c.member_id == bindparam("member"))
    .group_by(goals.c.state)
)
_OF_MEMBER = (
    select(goals)
    .where(goals.c.member_id == bindparam("member"))
    .order_by(goals.c.target_on.is_(None), goals.c.target_on, goals.c.goal_id)
    .limit(bindparam("limit", type_=Id))
    .offset(bindparam("offset", type_=Id))
)
_IN_STATE = _OF_MEMBER.where(goals.c.state == bindparam("state"))


def _goal(row: Row[Any]) -> Goal:
    return Goal(*row)  # the table's columns stand in the order of the model


class GoalStore:
    """Read and write goals."""

    async def add(self, tx: Tx, member_id: int, at: datetime, **values: Any) -> Goal:
        """Keep a new goal."""
        kept: dict[str, Any] = {"member_id": member_id, "made_at": at, "lesson": "", **values}
        row = (await tx.execute(_ADD, kept)).one()
        return Goal(**{**kept, **row._mapping})

    async def get(self, tx: Tx, goal_id: int, member_ids: Sequence[int]) -> Goal | None:
        """Return the goal, if it belongs to one of these memberships."""
        row = await tx.execute(
            select(goals).where(goals.c.goal_id == goal_id, goals.c.member_id.in_(member_ids))
        )
        found = row.one_or_none()
        return _goal(found) if found else None

    async def find(self, tx: Tx, goal_id: int) -> Goal | None:
        """Return the goal, whoever it belongs to; for messages that name it."""
        found = (await tx.execute(select(goals).where(goals.c.goal_id == goal_id))).one_or_none()
        return _goal(found) if found else None

    async def of(
        self, tx: Tx, member_id: int, state: GoalState | None, limit: int = 1000, offset: int = 0
    ) -> list[Goal]:
        """Return the member's goals in a state (in any, if None), nearest target first."""
        asked = {"member": member_id, "limit": limit, "offset": offset}
        if state is None:
            rows = await tx.execute(_OF_MEMBER, asked)
        else:
            rows = await tx.execute(_IN_STATE, {**asked, "state": state})
        return [_goal(row) for row in rows]

    async def counts(self, tx: Tx, member_id: int) -> dict[GoalState, int]:
        """Return how many goals a member has in each state."""
        rows = await tx.execute(_COUNT, {"member": member_id})
        return {state: number for state, number in rows}

    async def change(self, tx: Tx, goal_id: int, **values: Any) -> Goal:
        """Change a goal and return it as it is now."""
        row = await tx.execute(
            update(goals).where(goals.c.goal_id == goal_id).values(**values).returning(goals)
        )
        return _goal(row.one())

    async def shared(
        self, tx: Tx, cohort_id: int, since: datetime, until: datetime, limit: int
    ) -> tuple[list[tuple[str, str]], int]:
        """Return who shared which reached goal with a cohort in a span, and how many in all."""
        a = activity.c
        rows = await tx.execute(
            select(members.c.name, goals.c.what, func.count().over().label("number"))
            .select_from(activity)
            .join(goals, goals.c.goal_id == a.subject_id)
            .join(members, members.c.member_id == a.member_id)
            .where(
                a.cohort_id == cohort_id,
                a.word == "goal.shared",
                a.week_on >= week_from(since),
                a.at >= since,
                a.at < until,
                goals.c.state == GoalState.DONE,
                goals.c.visibility == Visibility.COHORT,
                members.c.state.in_([MemberState.JOINED, MemberState.PAUSED]),
            )
            .order_by(a.activity_id)
            .limit(limit)
        )
        found = rows.all()
        return [(row.name, row.what) for row in found], found[0].number if found else 0

    async def ended_since(self, tx: Tx, member_id: int, since: datetime) -> list[Goal]:
        """Return the goals a member reached since then, oldest first."""
        rows = await tx.execute(
            select(goals)
            .where(
                goals.c.member_id == member_id,
                goals.c.state == GoalState.DONE,
                goals.c.ended_at >= since,
            )
            .order_by(goals.c.ended_at, goals.c.goal_id)
        )
        return [_goal(row) for row in rows]

    async def add_note(self, tx: Tx, goal_id: int, text: str, at: datetime) -> None:
        """Keep a line of progress."""
        await tx.execute(insert(notes).values(goal_id=goal_id, text=text, at=at))

    async def notes_of(self, tx: Tx, goal_id: int, limit: int = 5) -> tuple[Note, ...]:
        """Return the latest lines of progress, newest first."""
        rows = await tx.execute(
            select(notes.c.text, notes.c.at)
            .where(notes.c.goal_id == goal_id)
            .order_by(notes.c.note_id.desc())
            .limit(limit)
        )
        return tuple(Note(row.text, row.at) for row in rows)
