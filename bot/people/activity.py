"""What members did, in order: ids and words only. Features write; overviews read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Text, case, func, insert, select

from bot.people.cohorts import cohorts
from bot.people.memberships import Member, members
from bot.storage.columns import Day, Id, Moment, word
from bot.storage.database import Tx, table


class Visibility(StrEnum):
    """Who may read something: only the member, their mentor, or the whole cohort."""

    ME = "me"
    MENTOR = "mentor"
    COHORT = "cohort"


activity = table(
    "activity",
    Column("activity_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("word", Text, nullable=False),
    Column("subject_id", Id),
    Column("at", Moment, nullable=False),
    Column("local_on", Day, nullable=False),
    Column("week_on", Day, nullable=False),
    word("visibility", Visibility, server_default="me"),
    Index(None, "member_id", "word", "at"),
    Index(None, "cohort_id", "word", "week_on"),
)


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing a member did: `goal.made`, `checkin.answered`.

    `local_on` is the day where they lived, `week_on` that week's Monday.
    """

    member_id: int
    cohort_id: int
    word: str
    subject_id: int | None
    at: datetime
    local_on: date
    week_on: date
    visibility: Visibility


_NOTE = insert(activity)


async def note(
    tx: Tx,
    member: Member,
    word: str,
    subject_id: int | None,
    now: datetime,
    visibility: Visibility = Visibility.ME,
) -> None:
    """Write it down inside the transaction of the change itself."""
    day = member.local_date(now)
    await tx.execute(
        _NOTE,
        {
            "member_id": member.member_id,
            "cohort_id": member.cohort_id,
            "word": word,
            "subject_id": subject_id,
            "at": now,
            "local_on": day,
            "week_on": date.fromordinal(day.toordinal() - day.weekday()),
            "visibility": visibility,
        },
    )


def _deed(row: Any) -> Deed:
    return Deed(**row._mapping)


async def of_member(
    tx: Tx, member_id: int, *words: str, since: datetime | None = None
) -> list[Deed]:
    """Return what a member did, oldest first, only these words if any are given."""
    c = activity.c
    wanted = select(
        c.member_id, c.cohort_id, c.word, c.subject_id, c.at, c.local_on, c.week_on, c.visibility
    ).where(c.member_id == member_id)
    if words:
        wanted = wanted.where(c.word.in_(words))
    if since:
        wanted = wanted.where(c.at >= since)
    return [_deed(row) for row in await tx.execute(wanted.order_by(c.activity_id))]


def week_from(moment: datetime) -> date:
    """Return a Monday that no deed since this moment is noted before, in whichever zone.

    With it a statement finds a span of a cohort's deeds by the index over their weeks.
    """
    day = moment.date() - timedelta(days=1)
    return day - timedelta(days=day.weekday())


async def tally(
    tx: Tx, cohort_id: int, words: Iterable[str], since_on: date, until_on: date, most: int
) -> dict[str, tuple[int, int]]:
    """Count by word, for local days: how many members, and how often with `most` for each."""
    c = activity.c
    times = func.count().label("times")
    each = (
        select(c.word, c.member_id, case((times > most, most), else_=times).label("times"))
        .where(
            c.cohort_id == cohort_id,
            c.word.in_(list(words)),
            c.week_on >= since_on - timedelta(days=6),
            c.week_on <= until_on,
            c.local_on >= since_on,
            c.local_on <= until_on,
        )
        .group_by(c.word, c.member_id)
        .subquery()
    )
    rows = await tx.execute(
        select(each.c.word, func.count(), func.sum(each.c.times)).group_by(each.c.word)
    )
    return {word: (people, int(number)) for word, people, number in rows}
