"""Where digests are kept. The only SQL about them."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Row,
    Text,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.delivery.schedules import schedules
from bot.knowledge.content import Section
from bot.people.cohorts import CohortState, cohorts
from bot.people.memberships import Member, members, whole
from bot.storage.columns import Day, Flag, Id, Json, Moment, Wall, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed

from .model import KIND, OUT, USUAL_ORDER, Issue, IssueState, Settings, Weekly

settings = table(
    "digest_setting",
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), primary_key=True),
    Column("hold", Flag, nullable=False, server_default="0"),
    Column("sections", Json, nullable=False),
)

issues = table(
    "digest",
    Column("digest_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("week_on", Day, nullable=False),
    Column("period", Day, nullable=False),
    Column("due_at", Moment),
    word("state", IssueState),
    Column("why", Text, nullable=False, server_default=""),
    Column("hold", Flag, nullable=False),
    Column("sections", Json, nullable=False),
    Column("note", Sealed, nullable=False),
    Column("pages", Sealed),
    Column("version", Id, nullable=False, server_default="0"),
    Column("tries", Id, nullable=False, server_default="0"),
    Column("going_at", Moment),
    Column("composed_at", Moment),
    Column("sent_at", Moment),
    Column("channel_id", Id),
    Column("message_id", Id),
    UniqueConstraint("cohort_id", "week_on"),
    Index(None, "state"),
)

weeklies = table(
    "digest_weekly",
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), primary_key=True),
    Column("weekday", Id, nullable=False),
    Column("at", Wall, nullable=False),
    Column("next_at", Moment, nullable=False),
    Index(None, "next_at"),
)
"""Who wants their own week as a message, and when."""

RUNS = (CohortState.LIVE, CohortState.PAUSED, CohortState.BLOCKED)


def _issue(row: Row[Any]) -> Issue:
    values = dict(row._mapping)
    values["sections"] = _sections(values["sections"])
    return Issue(**values)


def _sections(names: Sequence[str]) -> tuple[Section, ...]:
    known = set(USUAL_ORDER)
    return tuple(Section(name) for name in names if name in known)


class DigestStore:
    """Read and write digests."""

    # --- how a cohort has them

    async def settings(self, tx: Tx, cohort_id: int) -> Settings:
        """Return how a cohort has its digests."""
        rows = await tx.execute(select(settings).where(settings.c.cohort_id == cohort_id))
        row = rows.one_or_none()
        return Settings(row.hold, _sections(row.sections)) if row else Settings()

    async def choose(self, tx: Tx, cohort_id: int, chosen: Settings) -> None:
        """Keep how a cohort has its digests from now on."""
        await tx.execute(delete(settings).where(settings.c.cohort_id == cohort_id))
        values = {"hold": chosen.hold, "sections": list(chosen.sections)}
        await tx.execute(insert(settings).values(cohort_id=cohort_id, **values))

    async def cohorts_with_digests(self, tx: Tx) -> list[int]:
        """Return the cohorts that have a digest switched on."""
        rows = await tx.execute(
            select(schedules.c.cohort_id)
            .join(cohorts, cohorts.c.cohort_id == schedules.c.cohort_id)
            .where(
                schedules.c.kind == KIND, schedules.c.enabled.is_(True), cohorts.c.state.in_(RUNS)
            )
        )
        return list(rows.scalars())

    # --- issues

    async def add(
        self,
        tx: Tx,
        cohort_id: int,
        week_on: date,
        period: date,
        due_at: datetime | None,
        state: IssueState,
    ) -> Issue:
        """Begin a week's issue."""
        chosen = await self.settings(tx, cohort_id)
        row = await tx.execute(
            insert(issues)
            .values(
                cohort_id=cohort_id,
                week_on=week_on,
                period=period,
                due_at=due_at,
                state=state,
                hold=chosen.hold,
                sections=list(chosen.sections or USUAL_ORDER),
                note="",
            )
            .returning(issues)
        )
        return _issue(row.one())

    async def get(self, tx: Tx, digest_id: int) -> Issue | None:
        """Return the issue of that number, if there is one."""
        row = await tx.execute(select(issues).where(issues.c.digest_id == digest_id))
        found = row.one_or_none()
        return _issue(found) if found else None

    async def of_week(self, tx: Tx, cohort_id: int, week_on: date) -> Issue | None:
        """Return a week's issue, if there is one."""
        row = await tx.execute(
            select(issues).where(issues.c.cohort_id == cohort_id, issues.c.week_on == week_on)
        )
        found = row.one_or_none()
        return _issue(found) if found else None

    async def in_state(self, tx: Tx, *states: IssueState) -> list[Issue]:
        """Return every issue in these states, of whatever cohort."""
        rows = await tx.execute(
            select(issues).where(issues.c.state.in_(states)).order_by(issues.c.digest_id)
        )
        return [_issue(row) for row in rows]

    async def open_of(self, tx: Tx, cohort_id: int, *states: IssueState) -> list[Issue]:
        """Return a cohort's issues in these states."""
        rows = await tx.execute(
            select(issues)
            .where(issues.c.cohort_id == cohort_id, issues.c.state.in_(states))
            .order_by(issues.c.week_on)
        )
        return [_issue(row) for row in rows]

    async def latest_out(self, tx: Tx, cohort_id: int, before: date | None = None) -> Issue | None:
        """Return the newest issue that went out, of all weeks or of those before a week."""
        wanted = select(issues).where(
            issues.c.cohort_id == cohort_id,
            issues.c.state.in_(OUT),
            issues.c.composed_at.is_not(None),
        )
        if before is not None:
            wanted = wanted.where(issues.c.week_on < before)
        row = await tx.execute(wanted.order_by(issues.c.week_on.desc()).limit(1))
        found = row.one_or_none()
        return _issue(found) if found else None

    async def latest(self, tx: Tx, cohort_id: int, count: int = 20) -> list[Issue]:
        """Return a cohort's issues, newest first."""
        rows = await tx.execute(
            select(issues)
            .where(issues.c.cohort_id == cohort_id)
            .order_by(issues.c.week_on.desc())
            .limit(count)
        )
        return [_issue(row) for row in rows]

    async def change(self, tx: Tx, digest_id: int, **values: Any) -> Issue:
        """Change an issue and return it as it is now."""
        if "sections" in values:
            values["sections"] = list(values["sections"])
        row = await tx.execute(
            update(issues)
            .where(issues.c.digest_id == digest_id)
            .values(version=issues.c.version + 1, **values)
            .returning(issues)
        )
        return _issue(row.one())

    async def forget_pages(self, tx: Tx, user_id: int) -> None:
        """Forget what is frozen where somebody may be named; it is put together anew."""
        theirs = select(members.c.cohort_id).where(members.c.user_id == user_id)
        await tx.execute(
            update(issues)
            .where(issues.c.cohort_id.in_(theirs), issues.c.pages.is_not(None))
            .values(pages=None)
        )

    # --- a member's own week

    async def weekly(self, tx: Tx, member_id: int) -> Weekly | None:
        """Return when a member gets their week, if they asked for it."""
        row = await tx.execute(select(weeklies).where(weeklies.c.member_id == member_id))
        found = row.one_or_none()
        return Weekly(**found._mapping) if found else None

    async def want(
        self, tx: Tx, member_id: int, weekday: int, at: time, next_at: datetime
    ) -> Weekly:
        """Keep when a member wants their week."""
        await self.want_no_more(tx, member_id)
        row = await tx.execute(
            insert(weeklies)
            .values(member_id=member_id, weekday=weekday, at=at, next_at=next_at)
            .returning(weeklies)
        )
        return Weekly(**row.one()._mapping)

    async def want_no_more(self, tx: Tx, member_id: int) -> bool:
        """Send a member no week any more; False when they got none."""
        gone = await tx.execute(
            delete(weeklies)
            .where(weeklies.c.member_id == member_id)
            .returning(weeklies.c.member_id)
        )
        return gone.first() is not None

    async def due_weeks(self, tx: Tx, now: datetime, limit: int) -> list[tuple[Weekly, Member]]:
        """Return whose week is due, the longest waiting first."""
        w = weeklies.c
        rows = await tx.execute(
            whole()
            .add_columns(w.weekday, w.at, w.next_at)
            .join(weeklies, w.member_id == members.c.member_id)
            .where(w.next_at <= now)
            .order_by(w.next_at, w.member_id)
            .limit(limit)
        )
        found: list[tuple[Weekly, Member]] = []
        for row in rows:
            values = dict(row._mapping)
            own = {name: values.pop(name) for name in ("weekday", "at", "next_at")}
            found.append((Weekly(values["member_id"], **own), Member(**values)))
        return found

    async def next_week_at(self, tx: Tx) -> datetime | None:
        """Return when the next member's week is due."""
        return (await tx.execute(select(func.min(weeklies.c.next_at)))).scalar_one_or_none()

    async def move_week(self, tx: Tx, member_id: int, next_at: datetime) -> None:
        """Note when a member's week is due next."""
        await tx.execute(
            update(weeklies).where(weeklies.c.member_id == member_id).values(next_at=next_at)
        )
