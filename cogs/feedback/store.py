"""Where feedback is kept. The only SQL about feedback."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Row,
    Select,
    Text,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.clockwork.phases import Stage
from bot.knowledge.content import Aspect
from bot.people.activity import Visibility
from bot.people.cohorts import CohortState, cohorts
from bot.people.memberships import Member, MemberState, as_member, members, whole
from bot.people.users import users
from bot.storage.columns import Day, Flag, Id, Moment, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed, ring

from .model import (
    Ask,
    AskState,
    Feedback,
    Outside,
    OutsideState,
    Plan,
    Prompt,
    Role,
    Rung,
    Source,
)

WAITING = (AskState.OPEN, AskState.DECLINED)

asks = table(
    "feedback_ask",
    Column("ask_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("asker_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("asked_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    word("aspect", Aspect),
    Column("occasion", Sealed, nullable=False),
    Column("question", Sealed, nullable=False),
    # What tells one thing from another without being opened: asked twice, it is refused.
    Column("thing", Text, nullable=False),
    word("visibility", Visibility, server_default="me"),
    word("state", AskState, server_default="drafted"),
    Column("seed", Id, nullable=False, server_default="0"),
    Column("made_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("remind_at", Moment),
    Column("reminded_at", Moment),
    Column("expires_at", Moment),
    Column("ended_at", Moment),
    Index(None, "asker_id", "state"),
    Index(None, "asked_id", "state"),
    Index(None, "cohort_id"),
    Index(None, "state", "expires_at"),
    Index(None, "state", "remind_at"),
)

feedback = table(
    "feedback",
    Column("feedback_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("giver_id", Id, ForeignKey(members.c.member_id, ondelete="SET NULL")),
    Column("receiver_id", Id, ForeignKey(members.c.member_id, ondelete="SET NULL")),
    word("source", Source),
    word("role", Role, nullable=True),
    word("aspect", Aspect),
    word("visibility", Visibility, server_default="me"),
    *(
        Column(name, Sealed, nullable=False)
        for name in ("occasion", "happened", "saw", "changed", "keep", "focus")
    ),
    Column("at", Moment, nullable=False),
    Column("read_at", Moment),
    Index(None, "receiver_id", "at"),
    Index(None, "giver_id", "at"),
    Index(None, "cohort_id"),
)

outsides = table(
    "feedback_outside",
    Column("outside_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    word("role", Role),
    word("aspect", Aspect),
    Column("occasion", Sealed, nullable=False),
    Column("question", Sealed, nullable=False),
    Column("smaller", Sealed, nullable=False),
    word("rung", Rung, server_default="first"),
    word("state", OutsideState, server_default="open"),
    Column("asked_at", Moment, nullable=False),
    Column("next_at", Moment),
    Index(None, "member_id", "state"),
    Index(None, "state", "next_at"),
)

plans = table(
    "feedback_prompt",
    Column(
        "member_id",
        Id,
        ForeignKey(members.c.member_id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    word("stage", Stage),
    Column("starts_on", Day),
    Column("ends_on", Day),
    Column("zone", Text, nullable=False),
    word("next", Prompt, nullable=True),
    Column("next_at", Moment),
    word("shown", Prompt, nullable=True),
    Column("shown_until", Moment),
    Column("muted", Flag, nullable=False, server_default="0"),
    Index(None, "next_at"),
)


def _ask(row: Row[Any]) -> Ask:
    values = dict(row._mapping)
    values.pop("thing")
    return Ask(**values)


def _thing(asker: Member, asked: Member, aspect: Aspect, occasion: str) -> str:
    said = " ".join(occasion.casefold().split()).strip(" .!?")
    return ring().mark(f"feedback {asker.member_id} {asked.member_id} {aspect.value} {said}")


class FeedbackStore:
    """Read and write requests, feedback, questions to people outside, and prompts."""

    # --- requests

    async def draft(self, tx: Tx, asker: Member, asked: Member, at: datetime, **values: Any) -> Ask:
        """Keep a request that is not sent yet."""
        row = await tx.execute(
            insert(asks)
            .values(
                cohort_id=asker.cohort_id,
                asker_id=asker.member_id,
                asked_id=asked.member_id,
                thing=_thing(asker, asked, values["aspect"], values["occasion"]),
                made_at=at,
                **values,
            )
            .returning(asks)
        )
        return _ask(row.one())

    async def ask(self, tx: Tx, ask_id: int) -> Ask | None:
        """Return the request of that number, if there is one."""
        row = (await tx.execute(select(asks).where(asks.c.ask_id == ask_id))).one_or_none()
        return _ask(row) if row else None

    async def change_ask(self, tx: Tx, ask_id: int, **values: Any) -> Ask:
        """Change a request and return it as it is now."""
        row = await tx.execute(
            update(asks).where(asks.c.ask_id == ask_id).values(**values).returning(asks)
        )
        return _ask(row.one())

    async def reword(self, tx: Tx, ask: Ask, asker: Member, asked: Member, **values: Any) -> Ask:
        """Change the words of a request that is not sent yet."""
        thing = _thing(asker, asked, values.get("aspect", ask.aspect), values["occasion"])
        return await self.change_ask(tx, ask.ask_id, thing=thing, **values)

    async def remove_ask(self, tx: Tx, ask_id: int) -> None:
        """Forget a request that was never sent."""
        await tx.execute(
            delete(asks).where(asks.c.ask_id == ask_id, asks.c.state == AskState.DRAFTED)
        )

    async def asked_before(self, tx: Tx, ask_id: int) -> Ask | None:
        """Return the latest request of the same asker for the same thing that was sent."""
        thing = select(asks.c.thing).where(asks.c.ask_id == ask_id).scalar_subquery()
        row = await tx.execute(
            select(asks)
            .where(
                asks.c.thing == thing,
                asks.c.ask_id != ask_id,
                asks.c.state.not_in([AskState.DRAFTED, AskState.WITHDRAWN]),
            )
            .order_by(asks.c.ask_id.desc())
            .limit(1)
        )
        found = row.one_or_none()
        return _ask(found) if found else None

    async def open_for(self, tx: Tx, user_id: int) -> int:
        """Count the requests that wait for one person, in all their cohorts."""
        wanted = (
            select(func.count())
            .select_from(asks)
            .join(members, members.c.member_id == asks.c.asked_id)
            .where(
                members.c.user_id == user_id,
                asks.c.state.in_(WAITING),
                asks.c.ended_at.is_(None),
            )
        )
        return (await tx.execute(wanted)).scalar_one()

    async def asks_by(self, tx: Tx, member_ids: Sequence[int]) -> list[Ask]:
        """Return what these memberships asked for, newest first; drafts are left out."""
        return await self._asks(tx, asks.c.asker_id.in_(member_ids))

    async def asks_to(self, tx: Tx, member_ids: Sequence[int]) -> list[Ask]:
        """Return what these memberships were asked, newest first."""
        return await self._asks(tx, asks.c.asked_id.in_(member_ids))

    async def _asks(self, tx: Tx, which: ColumnElement[bool]) -> list[Ask]:
        rows = await tx.execute(
            select(asks)
            .where(which, asks.c.state != AskState.DRAFTED)
            .order_by(asks.c.ask_id.desc())
        )
        return [_ask(row) for row in rows]

    async def waiting_for(self, tx: Tx, member_id: int) -> list[Ask]:
        """Return the requests that wait for a member's answer, oldest first."""
        rows = await tx.execute(
            select(asks)
            .where(asks.c.asked_id == member_id, asks.c.state == AskState.OPEN)
            .order_by(asks.c.ask_id)
        )
        return [_ask(row) for row in rows]

    async def to_remind(self, tx: Tx, now: datetime) -> list[Ask]:
        """Return the open requests whose one reminder is due."""
        rows = await tx.execute(
            select(asks).where(
                asks.c.state == AskState.OPEN,
                asks.c.remind_at <= now,
                asks.c.reminded_at.is_(None),
            )
        )
        return [_ask(row) for row in rows]

    async def to_end(self, tx: Tx, now: datetime) -> list[Ask]:
        """Return the requests whose fourteen days are over."""
        rows = await tx.execute(
            select(asks).where(
                asks.c.state.in_(WAITING), asks.c.expires_at <= now, asks.c.ended_at.is_(None)
            )
        )
        return [_ask(row) for row in rows]

    async def forget_drafts(self, tx: Tx, before: datetime) -> None:
        """Forget requests that were begun and never sent."""
        await tx.execute(
            delete(asks).where(asks.c.state == AskState.DRAFTED, asks.c.made_at < before)
        )

    async def tally(self, tx: Tx, cohort_id: int) -> dict[str, int]:
        """Count a cohort's requests: asked, answered, run out. Declined is not told apart."""
        rows = await tx.execute(
            select(asks.c.state, asks.c.ended_at.is_(None), func.count())
            .where(asks.c.cohort_id == cohort_id, asks.c.state != AskState.DRAFTED)
            .group_by(asks.c.state, asks.c.ended_at.is_(None))
        )
        found = {"asked": 0, "answered": 0, "ran out": 0}
        for state, waits, number in rows:
            found["asked"] += number
            if state is AskState.ANSWERED:
                found["answered"] += number
            elif state is not AskState.WITHDRAWN and not waits:
                found["ran out"] += number
        return found

    # --- feedback

    async def add(self, tx: Tx, cohort_id: int, at: datetime, **values: Any) -> Feedback:
        """Keep feedback."""
        empty = dict.fromkeys(("occasion", "happened", "saw", "changed", "keep", "focus"), "")
        row = await tx.execute(
            insert(feedback)
            .values(**{**empty, **values}, cohort_id=cohort_id, at=at)
            .returning(feedback)
        )
        return Feedback(**row.one()._mapping)

    async def get(self, tx: Tx, feedback_id: int) -> Feedback | None:
        """Return the feedback of that number, if there is some."""
        row = await tx.execute(select(feedback).where(feedback.c.feedback_id == feedback_id))
        found = row.one_or_none()
        return Feedback(**found._mapping) if found else None

    async def got(self, tx: Tx, member_ids: Sequence[int]) -> list[Feedback]:
        """Return what these memberships were told, newest first."""
        return await self._feedback(tx, feedback.c.receiver_id.in_(member_ids))

    async def gave(self, tx: Tx, member_ids: Sequence[int]) -> list[Feedback]:
        """Return what these memberships told others, newest first."""
        return await self._feedback(tx, feedback.c.giver_id.in_(member_ids))

    async def _feedback(self, tx: Tx, which: ColumnElement[bool]) -> list[Feedback]:
        rows = await tx.execute(
            select(feedback).where(which).order_by(feedback.c.feedback_id.desc())
        )
        return [Feedback(**row._mapping) for row in rows]

    async def unread(self, tx: Tx, member_id: int) -> list[int]:
        """Return the numbers of what a member has not read yet, oldest first."""
        rows = await tx.execute(
            select(feedback.c.feedback_id)
            .where(feedback.c.receiver_id == member_id, feedback.c.read_at.is_(None))
            .order_by(feedback.c.feedback_id)
        )
        return list(rows.scalars())

    async def mark_read(self, tx: Tx, feedback_id: int, now: datetime) -> None:
        """Note that its receiver has read it."""
        await tx.execute(
            update(feedback)
            .where(feedback.c.feedback_id == feedback_id, feedback.c.read_at.is_(None))
            .values(read_at=now)
        )

    # --- people outside

    async def ask_outside(self, tx: Tx, member_id: int, at: datetime, **values: Any) -> Outside:
        """Keep a question to somebody who is not on Discord."""
        row = await tx.execute(
            insert(outsides).values(member_id=member_id, asked_at=at, **values).returning(outsides)
        )
        return Outside(**row.one()._mapping)

    async def outside(
        self, tx: Tx, outside_id: int, member_ids: Sequence[int] | None = None
    ) -> Outside | None:
        """Return a question, if it belongs to one of these memberships."""
        wanted = select(outsides).where(outsides.c.outside_id == outside_id)
        if member_ids is not None:
            wanted = wanted.where(outsides.c.member_id.in_(member_ids))
        row = (await tx.execute(wanted)).one_or_none()
        return Outside(**row._mapping) if row else None

    async def change_outside(self, tx: Tx, outside_id: int, **values: Any) -> Outside:
        """Change a question and return it as it is now."""
        row = await tx.execute(
            update(outsides)
            .where(outsides.c.outside_id == outside_id)
            .values(**values)
            .returning(outsides)
        )
        return Outside(**row.one()._mapping)

    async def outsides_of(self, tx: Tx, member_ids: Sequence[int]) -> list[Outside]:
        """Return the questions of these memberships, newest first."""
        rows = await tx.execute(
            select(outsides)
            .where(outsides.c.member_id.in_(member_ids))
            .order_by(outsides.c.outside_id.desc())
        )
        return [Outside(**row._mapping) for row in rows]

    async def outsides_due(self, tx: Tx, now: datetime) -> list[Outside]:
        """Return the open questions whose three working days are over."""
        rows = await tx.execute(
            select(outsides).where(outsides.c.state == OutsideState.OPEN, outsides.c.next_at <= now)
        )
        return [Outside(**row._mapping) for row in rows]

    # --- prompts

    async def unplanned(self, tx: Tx, limit: int = 50) -> list[Member]:
        """Return members whose prompts were never planned, or whose dates, stage or zone moved."""
        p = plans.c
        moved = or_(
            p.member_id.is_(None),
            p.stage != members.c.stage,
            p.starts_on.is_distinct_from(members.c.starts_on),
            p.ends_on.is_distinct_from(members.c.ends_on),
            p.zone != users.c.zone,
        )
        rows = await tx.execute(
            whole()
            .outerjoin(plans, p.member_id == members.c.member_id)
            .where(
                members.c.state == MemberState.JOINED,
                cohorts.c.state == CohortState.LIVE,
                moved,
            )
            .limit(limit)
        )
        return [as_member(row) for row in rows]

    async def plan(self, tx: Tx, member_id: int) -> Plan | None:
        """Return which prompts a member gets."""
        row = await tx.execute(select(plans).where(plans.c.member_id == member_id))
        found = row.one_or_none()
        return Plan(**found._mapping) if found else None

    async def set_plan(self, tx: Tx, member_id: int, **values: Any) -> None:
        """Keep which prompt comes next."""
        known = await tx.execute(
            update(plans).where(plans.c.member_id == member_id).values(**values)
        )
        if not known.rowcount:
            await tx.execute(insert(plans).values(member_id=member_id, **values))

    async def prompts_due(self, tx: Tx, now: datetime) -> list[Plan]:
        """Return the members whose next prompt has come."""
        rows = await tx.execute(
            select(plans)
            .join(members, members.c.member_id == plans.c.member_id)
            .where(plans.c.next_at <= now, members.c.state == MemberState.JOINED)
            .limit(200)
        )
        return [Plan(**row._mapping) for row in rows]

    # --- all of it

    async def next_at(self, tx: Tx) -> datetime | None:
        """Return the next moment at which something about feedback is due."""
        found = (await tx.execute(_next())).one()
        return min((at for at in found if at is not None), default=None)

    async def forget_alone(self, tx: Tx, member_ids: Sequence[int]) -> None:
        """Forget what would belong to nobody once these memberships are gone.

        What they told others stays with those; their own words on the occasion do not.
        """
        f = feedback.c
        ours, theirs = f.receiver_id.in_(member_ids), f.giver_id.in_(member_ids)
        await tx.execute(
            delete(feedback).where(
                or_(
                    and_(ours, or_(f.giver_id.is_(None), theirs)),
                    and_(theirs, f.receiver_id.is_(None)),
                )
            )
        )
        await tx.execute(update(feedback).where(ours).values(occasion=""))


@cache
def _next() -> Select[Any]:
    """Return the statement that finds the next moments; it is asked at every step of time."""
    wanted = (
        select(func.min(asks.c.remind_at)).where(
            asks.c.state == AskState.OPEN, asks.c.reminded_at.is_(None)
        ),
        select(func.min(asks.c.expires_at)).where(
            asks.c.state.in_(WAITING), asks.c.ended_at.is_(None)
        ),
        select(func.min(outsides.c.next_at)).where(outsides.c.state == OutsideState.OPEN),
        select(func.min(plans.c.next_at))
        .join(members, members.c.member_id == plans.c.member_id)
        .where(members.c.state == MemberState.JOINED),
    )
    return select(*(one.scalar_subquery() for one in wanted))
