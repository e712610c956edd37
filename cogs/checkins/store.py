"""Where check-ins are kept. The only SQL about them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Row,
    Select,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    type_coerce,
    update,
)

from bot.delivery.letters import letters
from bot.delivery.recipients import REACHED, Outcome, recipients
from bot.delivery.schedules import schedules
from bot.people.activity import Visibility, activity, week_from
from bot.people.cohorts import CohortState, cohorts
from bot.people.memberships import Delivery, MemberState, Stage, members
from bot.storage.columns import Day, Flag, Id, Moment, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed

from .model import KIND, NUDGE_BEFORE, Answer, Blocker, Nudge, Round, Source

rounds = table(
    "checkin_round",
    Column("round_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column(
        "schedule_id", Id, ForeignKey(schedules.c.schedule_id, ondelete="CASCADE"), nullable=False
    ),
    Column("period", Day, nullable=False),
    Column("mentioned", Id, nullable=False, server_default="0"),
    Column("opened_at", Moment, nullable=False),
    UniqueConstraint("schedule_id", "period"),
    Index(None, "cohort_id", "period"),
)

answers = table(
    "checkin",
    Column("checkin_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("period", Day, nullable=False),
    Column("progress", Sealed, nullable=False),
    Column("win", Sealed, nullable=False),
    Column("blocker", Sealed, nullable=False),
    Column("focus", Sealed, nullable=False),
    Column("confidence", Id),
    Column("late", Flag, nullable=False, server_default="0"),
    word("source", Source),
    word("visibility", Visibility, server_default="me"),
    Column("answered_at", Moment, nullable=False),
    Column("edited_at", Moment),
    UniqueConstraint("member_id", "period"),
)

blockers = table(
    "checkin_blocker",
    Column("blocker_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("checkin_id", Id, ForeignKey(answers.c.checkin_id, ondelete="CASCADE"), nullable=False),
    Column("text", Sealed, nullable=False),
    Column("anonymous", Flag, nullable=False),
    Column("raised_at", Moment, nullable=False),
    UniqueConstraint("checkin_id"),
    Index(None, "member_id"),
)

helps = table(
    "checkin_help",
    Column("help_id", Id, primary_key=True),
    Column(
        "blocker_id",
        Id,
        ForeignKey(blockers.c.blocker_id, ondelete="CASCADE"),
        nullable=False,
    ),
    Column("user_id", Id),
    Column("name", Sealed, nullable=False),
    Column("text", Sealed, nullable=False),
    Column("at", Moment, nullable=False),
    Column("read_at", Moment),
    Index(None, "blocker_id"),
    Index(None, "user_id"),
)


wants = and_(members.c.checkins == true(), members.c.stage != Stage.FINISHED)
"""Which members are asked: those who kept check-ins switched on and are not done yet."""


def _answer(row: Row[Any]) -> Answer:
    return Answer(**row._mapping)


class CheckinStore:
    """Read and write check-ins."""

    async def open_round(
        self, tx: Tx, cohort_id: int, schedule_id: int, period: date, now: datetime
    ) -> Round:
        """Return the week's round, after opening it where nobody has."""
        wanted = select(rounds).where(
            rounds.c.schedule_id == schedule_id, rounds.c.period == period
        )
        row = (await tx.execute(wanted)).one_or_none()
        if row is None:
            made = (
                insert(rounds)
                .values(cohort_id=cohort_id, schedule_id=schedule_id, period=period, opened_at=now)
                .returning(rounds)
            )
            row = (await tx.execute(made)).one()
        return Round(**row._mapping)

    async def round(self, tx: Tx, round_id: int) -> Round | None:
        """Return the round of that number, if there is one."""
        row = (await tx.execute(select(rounds).where(rounds.c.round_id == round_id))).one_or_none()
        return Round(**row._mapping) if row else None

    async def latest_round(self, tx: Tx, cohort_id: int) -> Round | None:
        """Return the newest round of a cohort."""
        row = await tx.execute(
            select(rounds)
            .where(rounds.c.cohort_id == cohort_id)
            .order_by(rounds.c.period.desc())
            .limit(1)
        )
        found = row.one_or_none()
        return Round(**found._mapping) if found else None

    async def mention(self, tx: Tx, round_id: int, number: int) -> None:
        """Count members that the round's threads mention."""
        await tx.execute(
            update(rounds)
            .where(rounds.c.round_id == round_id)
            .values(mentioned=rounds.c.mentioned + number)
        )

    async def save(self, tx: Tx, member_id: int, period: date, **values: Any) -> Answer:
        """Keep the answer of a week, in place of an earlier one."""
        known = await self.of_period(tx, member_id, period)
        if known is None:
            statement = insert(answers).values(member_id=member_id, period=period, **values)
        else:
            kept = ("late", "answered_at", "source")
            fresh = {key: value for key, value in values.items() if key not in kept}
            statement = (
                update(answers)
                .where(answers.c.checkin_id == known.checkin_id)
                .values(edited_at=values["answered_at"], **fresh)
            )
        return _answer((await tx.execute(statement.returning(answers))).one())

    async def of_period(self, tx: Tx, member_id: int, period: date) -> Answer | None:
        """Return the member's answer of a week."""
        row = await tx.execute(
            select(answers).where(answers.c.member_id == member_id, answers.c.period == period)
        )
        found = row.one_or_none()
        return _answer(found) if found else None

    async def before(self, tx: Tx, member_id: int, period: date) -> Answer | None:
        """Return the member's latest answer from before that week."""
        row = await tx.execute(
            select(answers)
            .where(answers.c.member_id == member_id, answers.c.period < period)
            .order_by(answers.c.period.desc())
            .limit(1)
        )
        found = row.one_or_none()
        return _answer(found) if found else None

    async def get(self, tx: Tx, checkin_id: int, member_ids: Sequence[int]) -> Answer | None:
        """Return the answer, if it belongs to one of these memberships."""
        row = await tx.execute(
            select(answers).where(
                answers.c.checkin_id == checkin_id, answers.c.member_id.in_(member_ids)
            )
        )
        found = row.one_or_none()
        return _answer(found) if found else None

    async def find(self, tx: Tx, checkin_id: int) -> Answer | None:
        """Return the answer, whoever it belongs to; for messages that quote it with consent."""
        row = await tx.execute(select(answers).where(answers.c.checkin_id == checkin_id))
        found = row.one_or_none()
        return _answer(found) if found else None

    async def of_member(self, tx: Tx, member_id: int) -> list[Answer]:
        """Return every answer of a member, newest first."""
        rows = await tx.execute(
            select(answers)
            .where(answers.c.member_id == member_id)
            .order_by(answers.c.period.desc())
        )
        return [_answer(row) for row in rows]

    async def show_to(self, tx: Tx, checkin_id: int, visibility: Visibility) -> None:
        """Note who may read an answer."""
        await tx.execute(
            update(answers).where(answers.c.checkin_id == checkin_id).values(visibility=visibility)
        )

    async def neutral_periods(self, tx: Tx, member_id: int) -> dict[date, Outcome]:
        """Return the weeks in which a member was paused or the cohort left it out."""
        rows = await tx.execute(
            select(recipients.c.period, recipients.c.outcome)
            .join(schedules, schedules.c.schedule_id == recipients.c.schedule_id)
            .where(
                recipients.c.member_id == member_id,
                schedules.c.kind == KIND,
                recipients.c.outcome.in_([Outcome.PAUSED, Outcome.SKIPPED]),
            )
        )
        return {period: outcome for period, outcome in rows}

    async def asked_periods(self, tx: Tx, member_id: int) -> list[date]:
        """Return the weeks in which a member was asked, oldest first."""
        rows = await tx.execute(
            select(recipients.c.period)
            .join(schedules, schedules.c.schedule_id == recipients.c.schedule_id)
            .where(
                recipients.c.member_id == member_id,
                schedules.c.kind == KIND,
                recipients.c.outcome.in_(REACHED),
            )
            .order_by(recipients.c.period)
        )
        return list(rows.scalars())

    async def streaks(self, tx: Tx, cohort_id: int, member_id: int | None = None) -> dict[int, int]:
        """Return how many weeks in a row each member has answered, for all of them at once.

        Pauses and skipped weeks neither count nor break; the newest week breaks nothing yet.
        """
        r, a, s = recipients.c, answers.c, schedules.c
        newest = (
            select(func.max(rounds.c.period))
            .where(rounds.c.cohort_id == cohort_id)
            .scalar_subquery()
        )
        missed = (
            select(r.member_id, func.max(r.period).label("period"))
            .select_from(
                recipients.join(schedules, s.schedule_id == r.schedule_id).outerjoin(
                    answers, and_(a.member_id == r.member_id, a.period == r.period)
                )
            )
            .where(
                s.cohort_id == cohort_id,
                s.kind == KIND,
                r.outcome.in_(REACHED),
                a.checkin_id.is_(None),
                r.period < newest,
            )
            .group_by(r.member_id)
        )
        if member_id is not None:
            missed = missed.where(r.member_id == member_id)
        last = missed.subquery()
        counted = (
            select(a.member_id, func.count())
            .select_from(
                answers.join(members, members.c.member_id == a.member_id).outerjoin(
                    last, last.c.member_id == a.member_id
                )
            )
            .where(
                members.c.cohort_id == cohort_id,
                (last.c.period.is_(None)) | (a.period > last.c.period),
            )
            .group_by(a.member_id)
        )
        if member_id is not None:
            counted = counted.where(a.member_id == member_id)
        return {member: number for member, number in await tx.execute(counted)}

    async def answered(self, tx: Tx, cohort_id: int, period: date) -> tuple[int, int]:
        """Return how many answered a week's check-in, and how many of them late."""
        row = await tx.execute(
            select(func.count(), func.coalesce(func.sum(answers.c.late), 0))
            .join(members, members.c.member_id == answers.c.member_id)
            .where(members.c.cohort_id == cohort_id, answers.c.period == period)
        )
        number, late = row.one()
        return int(number), int(late)

    async def to_nudge(self, tx: Tx, now: datetime) -> list[Nudge]:
        """Return who has not answered a check-in that closes within twelve hours.

        Only members asked by direct message who were not reminded before.
        """
        rows = await tx.execute(_to_nudge(), _by(now))
        return [
            Nudge(
                row.member_id, row.schedule_id, row.period, datetime.fromtimestamp(row.closes, UTC)
            )
            for row in rows
        ]

    async def next_nudge_at(self, tx: Tx, now: datetime) -> datetime | None:
        """Return the next moment at which a check-in comes within twelve hours of its end."""
        row = await tx.execute(_next_nudge(), _by(now))
        at = row.scalar_one_or_none()
        return None if at is None else datetime.fromtimestamp(at, UTC)

    async def shared_wins(
        self, tx: Tx, cohort_id: int, since: datetime, until: datetime, limit: int
    ) -> tuple[list[tuple[str, str]], int]:
        """Return who shared which win with a cohort in a span, and how many there are in all.

        A win that was edited afterwards is left out: nobody agreed to those words.
        """
        a = activity.c
        rows = await tx.execute(
            select(members.c.name, answers.c.win, func.count().over().label("number"))
            .select_from(activity)
            .join(answers, answers.c.checkin_id == a.subject_id)
            .join(members, members.c.member_id == a.member_id)
            .where(
                a.cohort_id == cohort_id,
                a.word == "win.shared",
                a.week_on >= week_from(since),
                a.at >= since,
                a.at < until,
                or_(answers.c.edited_at.is_(None), answers.c.edited_at <= a.at),
                members.c.state.in_([MemberState.JOINED, MemberState.PAUSED]),
            )
            .order_by(a.activity_id)
            .limit(limit)
        )
        found = rows.all()
        return [(row.name, row.win) for row in found], found[0].number if found else 0

    async def answered_since(self, tx: Tx, member_id: int, since: datetime) -> list[Answer]:
        """Return what a member answered since then, oldest first."""
        rows = await tx.execute(
            select(answers)
            .where(answers.c.member_id == member_id, answers.c.answered_at >= since)
            .order_by(answers.c.period)
        )
        return [_answer(row) for row in rows]

    async def raise_blocker(
        self, tx: Tx, member_id: int, checkin_id: int, text: str, anonymous: bool, now: datetime
    ) -> Blocker | None:
        """Keep a blocker that is brought to the mentors; None when this answer's one was before."""
        known = select(blockers.c.blocker_id).where(blockers.c.checkin_id == checkin_id)
        if (await tx.execute(known)).one_or_none():
            return None
        row = await tx.execute(
            insert(blockers)
            .values(
                member_id=member_id,
                checkin_id=checkin_id,
                text=text,
                anonymous=anonymous,
                raised_at=now,
            )
            .returning(*blockers.c[BLOCKER])
        )
        return Blocker(**row.one()._mapping)

    async def blocker(self, tx: Tx, blocker_id: int) -> Blocker | None:
        """Return the blocker of that number, if there is one."""
        row = await tx.execute(_whole_blocker().where(blockers.c.blocker_id == blocker_id))
        found = row.one_or_none()
        return Blocker(**found._mapping) if found else None

    async def add_help(
        self, tx: Tx, blocker_id: int, user_id: int, name: str, text: str, now: datetime
    ) -> int:
        """Keep what somebody answered to a blocker."""
        row = await tx.execute(
            insert(helps)
            .values(blocker_id=blocker_id, user_id=user_id, name=name, text=text, at=now)
            .returning(helps.c.help_id)
        )
        return int(row.scalar_one())

    async def help(self, tx: Tx, help_id: int) -> tuple[Blocker, str, str] | None:
        """Return a blocker with who answered it and what they said."""
        row = await tx.execute(
            select(helps.c.blocker_id, helps.c.name, helps.c.text).where(helps.c.help_id == help_id)
        )
        found = row.one_or_none()
        blocker = await self.blocker(tx, found.blocker_id) if found else None
        return (blocker, found.name, found.text) if found and blocker else None

    async def helps_of(self, tx: Tx, member_id: int) -> list[tuple[str, str]]:
        """Return the answers to a member's blockers, newest first: who and what."""
        rows = await tx.execute(
            select(helps.c.name, helps.c.text)
            .join(blockers, blockers.c.blocker_id == helps.c.blocker_id)
            .where(blockers.c.member_id == member_id)
            .order_by(helps.c.help_id.desc())
        )
        return [(row.name, row.text) for row in rows]

    async def unread_helps(self, tx: Tx, member_id: int) -> int:
        """Return how many answers to their blockers a member has not opened yet."""
        row = await tx.execute(
            select(func.count())
            .select_from(helps.join(blockers))
            .where(blockers.c.member_id == member_id, helps.c.read_at.is_(None))
        )
        return int(row.scalar_one())

    async def mark_helps_read(self, tx: Tx, member_id: int, now: datetime) -> None:
        """Note that a member has seen the answers to their blockers."""
        mine = select(blockers.c.blocker_id).where(blockers.c.member_id == member_id)
        await tx.execute(
            update(helps)
            .where(helps.c.blocker_id.in_(mine), helps.c.read_at.is_(None))
            .values(read_at=now)
        )

    async def forget_helper(self, tx: Tx, user_id: int, cohort_id: int | None = None) -> None:
        """Take a person out of the answers they gave; the answers stay with who asked."""
        theirs = [helps.c.user_id == user_id]
        if cohort_id is not None:
            here = (
                select(blockers.c.blocker_id)
                .join(members, members.c.member_id == blockers.c.member_id)
                .where(members.c.cohort_id == cohort_id)
            )
            theirs.append(helps.c.blocker_id.in_(here))
        await tx.execute(update(helps).where(*theirs).values(user_id=None, name=""))

    async def turnout(
        self, tx: Tx, cohort_id: int, since_on: date, until_on: date
    ) -> tuple[int, int]:
        """Count the members who were asked in these days, and those of them who answered that."""
        asked = (
            select(recipients.c.member_id)
            .join(schedules, schedules.c.schedule_id == recipients.c.schedule_id)
            .where(
                schedules.c.cohort_id == cohort_id,
                schedules.c.kind == KIND,
                recipients.c.period >= since_on,
                recipients.c.period <= until_on,
                recipients.c.outcome.in_(REACHED),
            )
        )
        answered = asked.join(
            answers,
            (answers.c.member_id == recipients.c.member_id)
            & (answers.c.period == recipients.c.period),
        )
        found: list[int] = []
        for people in (asked, answered):
            row = await tx.execute(
                people.with_only_columns(func.count(recipients.c.member_id.distinct()))
            )
            found.append(row.scalar_one())
        return found[0], found[1]

    async def goals(self, tx: Tx, member_id: int) -> tuple[int, int, int]:
        """Return how many goals a member made, reached and let go, from the activity log."""
        rows = await tx.execute(
            select(activity.c.word, func.count())
            .where(
                activity.c.member_id == member_id,
                activity.c.word.in_(["goal.made", "goal.done", "goal.dropped", "goal.reopened"]),
            )
            .group_by(activity.c.word)
        )
        n = {word: number for word, number in rows}
        done = n.get("goal.done", 0)
        dropped = n.get("goal.dropped", 0)
        again = n.get("goal.reopened", 0)
        return max(0, n.get("goal.made", 0) - done - dropped + again), done, dropped


BLOCKER = ("blocker_id", "member_id", "text", "anonymous", "raised_at")


def _whole_blocker() -> Select[Any]:
    return select(*blockers.c[BLOCKER])


def _by(now: datetime) -> dict[str, Any]:
    """Return what the questions about nudges have to know of a moment."""
    return {"moment": int(now.timestamp()), "since": (now - timedelta(days=8)).date()}


@cache
def _to_nudge() -> Select[Any, Any, Any, int]:
    """Return the statement that finds whom to nudge; it is asked every minute."""
    r, a, s, c = recipients.c, answers.c, schedules.c, cohorts.c
    moment = bindparam("moment", type_=Id)
    closes = type_coerce(r.due_at, Id) + c.open_hours * 3600
    key = (
        literal("checkin:", Text)
        + cast(r.schedule_id, Text)
        + ":"
        + type_coerce(r.period, Text)
        + ":m"
        + cast(r.member_id, Text)
        + ":nudge"
    )
    return (
        select(r.member_id, r.schedule_id, r.period, closes.label("closes"))
        .select_from(
            recipients.join(schedules, s.schedule_id == r.schedule_id)
            .join(cohorts, c.cohort_id == s.cohort_id)
            .join(members, members.c.member_id == r.member_id)
            .outerjoin(answers, and_(a.member_id == r.member_id, a.period == r.period))
        )
        .where(
            s.kind == KIND,
            r.period >= bindparam("since"),
            r.outcome == Outcome.ASKED,
            closes > moment,
            closes - int(NUDGE_BEFORE.total_seconds()) <= moment,
            a.checkin_id.is_(None),
            members.c.delivery == Delivery.DM,
            members.c.state == MemberState.JOINED,
            c.state == CohortState.LIVE,
            ~exists().where(letters.c.dedupe == key),
        )
    )


@cache
def _next_nudge() -> Select[Any]:
    r, s, c = recipients.c, schedules.c, cohorts.c
    nudged = type_coerce(r.due_at, Id) + c.open_hours * 3600 - int(NUDGE_BEFORE.total_seconds())
    return (
        select(func.min(nudged))
        .select_from(
            recipients.join(schedules, s.schedule_id == r.schedule_id).join(
                cohorts, c.cohort_id == s.cohort_id
            )
        )
        .where(
            s.kind == KIND,
            r.period >= bindparam("since"),
            r.outcome == Outcome.ASKED,
            nudged > bindparam("moment", type_=Id),
        )
    )
