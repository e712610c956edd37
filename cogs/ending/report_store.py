"""Facts for a report: counted in the database, kept as they are shown."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, insert, or_, select

from bot.delivery.recipients import Outcome, recipients
from bot.delivery.schedules import schedules
from bot.people.cohorts import Cohort, CohortState, cohorts
from bot.people.contributions import Cut, CutKind
from bot.people.memberships import MemberState, members, pauses
from bot.storage.database import Tx
from cogs.ending.report_model import Fact, key
from cogs.ending.store import cuts, facts


class ReportStore:
    """Count, and remember what was said."""

    async def uncounted(self, tx: Tx) -> list[int]:
        """Return the cohorts whose programme has not been counted as a whole."""
        c = cohorts.c
        counted = exists().where(
            cuts.c.cohort_id == c.cohort_id, cuts.c.cut == f"{CutKind.WHOLE.value}:all"
        )
        rows = await tx.execute(
            select(c.cohort_id).where(
                c.state != CohortState.DRAFT, c.first_day.is_not(None), ~counted
            )
        )
        return list(rows.scalars())

    async def cuts_of(self, tx: Tx, cohort_id: int) -> list[Cut]:
        """Return the cuts of a cohort that are counted."""
        rows = await tx.execute(
            select(cuts).where(cuts.c.cohort_id == cohort_id).order_by(cuts.c.since_on)
        )
        found: list[Cut] = []
        for row in rows:
            kind, _colon, name = row.cut.partition(":")
            found.append(Cut(CutKind(kind), name, row.since_on, row.until_on))
        return found

    async def facts_of(self, tx: Tx, cohort_id: int) -> list[Fact]:
        """Return what was written down for a cohort."""
        c = facts.c
        rows = await tx.execute(
            select(c.cut, c.figure, c.label, c.order, c.people, c.times, c.most).where(
                c.cohort_id == cohort_id
            )
        )
        return [Fact(*row) for row in rows]

    async def keep(
        self, tx: Tx, cohort_id: int, cut: Cut, found: Sequence[Fact], now: datetime
    ) -> None:
        """Write a cut down, for good."""
        await tx.execute(
            insert(cuts).values(
                cohort_id=cohort_id,
                cut=key(cut),
                since_on=cut.since_on,
                until_on=cut.until_on,
                frozen_at=now,
            )
        )
        rows = [
            {
                "cohort_id": cohort_id,
                "cut": fact.cut,
                "figure": fact.figure,
                "label": fact.label,
                "order": fact.order,
                "people": fact.people,
                "times": fact.times,
                "most": fact.most,
            }
            for fact in found
        ]
        if rows:
            await tx.execute(insert(facts), rows)

    # --- what is counted for every cohort

    async def took_part(self, tx: Tx, cohort: Cohort, cut: Cut) -> int:
        """Count the members who were in for at least a day of it."""
        first, end = _moments(cohort, cut)
        return await self._count(
            tx,
            members.c.cohort_id == cohort.cohort_id,
            members.c.joined_at < end,
            or_(members.c.left_at.is_(None), members.c.left_at >= first),
            members.c.state != MemberState.JOINING,
        )

    async def paused(self, tx: Tx, cohort: Cohort, cut: Cut) -> int:
        """Count the members who paused at some time in it."""
        resting = exists().where(
            pauses.c.member_id == members.c.member_id,
            pauses.c.from_on <= cut.until_on,
            or_(pauses.c.to_on.is_(None), pauses.c.to_on > cut.since_on),
        )
        return await self._count(tx, members.c.cohort_id == cohort.cohort_id, resting)

    async def not_reached(self, tx: Tx, cohort: Cohort, cut: Cut) -> int:
        """Count the members whom something scheduled did not reach at some time in it."""
        r = recipients.c
        row = await tx.execute(
            select(func.count(r.member_id.distinct())).where(
                r.schedule_id.in_(_schedules(cohort.cohort_id)),
                r.period >= cut.since_on,
                r.period <= cut.until_on,
                r.outcome == Outcome.UNDELIVERED,
            )
        )
        return row.scalar_one()

    async def _count(self, tx: Tx, *conditions: object) -> int:
        counted = select(func.count()).select_from(members)
        for condition in conditions:
            counted = counted.where(condition)  # pyright: ignore[reportArgumentType]
        return (await tx.execute(counted)).scalar_one()


def _schedules(cohort_id: int) -> Iterable[int]:
    return select(schedules.c.schedule_id).where(  # pyright: ignore[reportReturnType]
        schedules.c.cohort_id == cohort_id
    )


def _moments(cohort: Cohort, cut: Cut) -> tuple[datetime, datetime]:
    """Return when a cut begins and ends by the cohort's clock."""
    zone = ZoneInfo(cohort.zone)
    return (
        datetime.combine(cut.since_on, time(), zone),
        datetime.combine(cut.until_on + timedelta(days=1), time(), zone),
    )
