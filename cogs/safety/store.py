"""Where reports are kept. The only SQL about reports."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Row,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.people.cohorts import cohorts
from bot.storage.columns import Id, Json, Moment, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed
from cogs.safety.model import Report, ReportState, What

reports = table(
    "report",
    Column("report_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    # Somebody may ask for help before they are known to the bot: no foreign key, erased by hand.
    Column("user_id", Id, nullable=False),
    Column("other_id", Id),
    word("what", What),
    Column("subject", Text, nullable=False),
    Column("readers", Json, nullable=False),
    Column("text", Sealed, nullable=False),
    word("state", ReportState, server_default="begun"),
    Column("at", Moment, nullable=False),
    Column("taken_by", Id),
    Column("taken_at", Moment),
    Index(None, "cohort_id", "state"),
    Index(None, "user_id"),
    Index(None, "other_id"),
    Index(None, "state", "at"),
)


def _report(row: Row[Any]) -> Report:
    values = dict(row._mapping)
    values["readers"] = tuple(values["readers"])
    return Report(**values)


class ReportStore:
    """Read and write reports."""

    async def begin(
        self,
        tx: Tx,
        cohort_id: int,
        user_id: int,
        now: datetime,
        *,
        subject: str,
        other_id: int | None,
        readers: Sequence[int],
    ) -> Report:
        """Keep a report that is being written."""
        row = await tx.execute(
            insert(reports)
            .values(
                cohort_id=cohort_id,
                user_id=user_id,
                other_id=other_id,
                what=What.TALK,
                subject=subject,
                readers=list(readers),
                text="",
                at=now,
            )
            .returning(reports)
        )
        return _report(row.one())

    async def get(self, tx: Tx, report_id: int) -> Report | None:
        """Return the report of that number, if there is one."""
        row = await tx.execute(select(reports).where(reports.c.report_id == report_id))
        found = row.one_or_none()
        return _report(found) if found else None

    async def change(self, tx: Tx, report_id: int, **values: Any) -> Report:
        """Change a report and return it as it is now."""
        if "readers" in values:
            values["readers"] = list(values["readers"])
        row = await tx.execute(
            update(reports)
            .where(reports.c.report_id == report_id)
            .values(**values)
            .returning(reports)
        )
        return _report(row.one())

    async def of_cohort(self, tx: Tx, cohort_id: int, *states: ReportState) -> list[Report]:
        """Return a cohort's reports in these states, oldest first."""
        return await self._where(tx, reports.c.cohort_id == cohort_id, reports.c.state.in_(states))

    async def waiting(self, tx: Tx, cohort_id: int) -> int:
        """Return how many reports nobody has taken yet."""
        wanted = select(func.count()).where(
            reports.c.cohort_id == cohort_id, reports.c.state == ReportState.SENT
        )
        return (await tx.execute(wanted)).scalar_one()

    async def by_user(self, tx: Tx, user_id: int) -> list[Report]:
        """Return what a person sent, oldest first."""
        return await self._where(
            tx, reports.c.user_id == user_id, reports.c.state != ReportState.BEGUN
        )

    async def forget_begun_before(self, tx: Tx, moment: datetime) -> None:
        """Forget reports that were begun and never sent."""
        await tx.execute(
            delete(reports).where(reports.c.state == ReportState.BEGUN, reports.c.at < moment)
        )

    async def erase(self, tx: Tx, user_id: int) -> None:
        """Forget what the person sent, and the person in what others sent."""
        await tx.execute(delete(reports).where(reports.c.user_id == user_id))
        for column in (reports.c.other_id, reports.c.taken_by):
            await tx.execute(update(reports).where(column == user_id).values({column.name: None}))
        for report in await self._where(tx):
            if user_id in report.readers:
                rest = [reader for reader in report.readers if reader != user_id]
                await self.change(tx, report.report_id, readers=rest)

    async def _where(self, tx: Tx, *conditions: ColumnElement[bool]) -> list[Report]:
        rows = await tx.execute(select(reports).where(*conditions).order_by(reports.c.report_id))
        return [_report(row) for row in rows]
