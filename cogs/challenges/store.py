"""Where challenges are kept. The only SQL about them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
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
    func,
    insert,
    or_,
    select,
    update,
)

from bot.people.cohorts import CohortState, cohorts
from bot.people.memberships import (
    Delivery,
    Member,
    MemberState,
    Volume,
    as_member,
    members,
    whole,
)
from bot.people.users import users
from bot.storage.columns import Day, Flag, Id, Moment, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed

from .model import Kept, State

challenges = table(
    "challenge",
    Column("challenge_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("week_on", Day, nullable=False),
    Column("name", Text, nullable=False),
    Column("turn", Id, nullable=False, server_default="0"),
    Column("what", Sealed, nullable=False),
    word("state", State, server_default="open"),
    Column("goal", Flag, nullable=False, server_default="0"),
    Column("remind_at", Moment),
    Column("told_at", Moment),
    Column("pressed_at", Moment),
    Column("done_at", Moment),
    Column("shared_at", Moment),
    UniqueConstraint("member_id", "week_on"),
)

settings = table(
    "challenge_setting",
    Column(
        "member_id",
        Id,
        ForeignKey(members.c.member_id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("stopped", Flag, nullable=False, server_default="0"),
    Column("next_at", Moment),
    Column("zone", Text, nullable=False, server_default=""),
    Index(None, "next_at"),
)


def _kept(row: Row[Any]) -> Kept:
    return Kept(**row._mapping)


@cache
def _wanting(*columns: Any) -> Select[Any]:
    """Return the statement for members who take everything and have not stopped these."""
    s = settings.c
    chosen: Any = select(*columns)
    return (
        chosen.select_from(members)
        .join(cohorts, cohorts.c.cohort_id == members.c.cohort_id)
        .join(users, users.c.user_id == members.c.user_id)
        .outerjoin(settings, s.member_id == members.c.member_id)
        .where(
            members.c.volume == Volume.EVERYTHING,
            members.c.delivery == Delivery.DM,
            members.c.state == MemberState.JOINED,
            cohorts.c.state == CohortState.LIVE,
            s.stopped.is_not(True),
        )
    )


class ChallengeStore:
    """Read and write challenges."""

    async def of_week(self, tx: Tx, member_id: int, week_on: date) -> Kept | None:
        """Return a member's challenge of that week, if it was touched."""
        row = await tx.execute(
            select(challenges).where(
                challenges.c.member_id == member_id, challenges.c.week_on == week_on
            )
        )
        found = row.one_or_none()
        return _kept(found) if found else None

    async def get(self, tx: Tx, member_ids: Collection[int], challenge_id: int) -> Kept | None:
        """Return a challenge, if it belongs to one of these memberships."""
        row = await tx.execute(
            select(challenges).where(
                challenges.c.challenge_id == challenge_id,
                challenges.c.member_id.in_(member_ids),
            )
        )
        found = row.one_or_none()
        return _kept(found) if found else None

    async def find(self, tx: Tx, challenge_id: int) -> Kept | None:
        """Return a challenge, whoever it belongs to; for messages about it."""
        row = await tx.execute(select(challenges).where(challenges.c.challenge_id == challenge_id))
        found = row.one_or_none()
        return _kept(found) if found else None

    async def add(
        self, tx: Tx, member_id: int, week_on: date, name: str, turn: int, what: str
    ) -> Kept:
        """Keep which challenge a week has."""
        row = await tx.execute(
            insert(challenges)
            .values(member_id=member_id, week_on=week_on, name=name, turn=turn, what=what)
            .returning(challenges)
        )
        return _kept(row.one())

    async def change(self, tx: Tx, challenge_id: int, **values: Any) -> Kept:
        """Change a challenge and return it as it is now."""
        row = await tx.execute(
            update(challenges)
            .where(challenges.c.challenge_id == challenge_id)
            .values(**values)
            .returning(challenges)
        )
        return _kept(row.one())

    async def names_done(self, tx: Tx, member_id: int) -> list[str]:
        """Return the ids of the challenges a member did, in any week."""
        rows = await tx.execute(
            select(challenges.c.name).where(
                challenges.c.member_id == member_id, challenges.c.state == State.DONE
            )
        )
        return list(rows.scalars())

    async def done_count(self, tx: Tx, member_id: int) -> int:
        """Count what a member did."""
        row = await tx.execute(
            select(func.count()).where(
                challenges.c.member_id == member_id, challenges.c.state == State.DONE
            )
        )
        return row.scalar_one()

    async def done_page(self, tx: Tx, member_id: int, limit: int, offset: int) -> list[Kept]:
        """Return one page of what a member did, newest first."""
        rows = await tx.execute(
            select(challenges)
            .where(challenges.c.member_id == member_id, challenges.c.state == State.DONE)
            .order_by(challenges.c.week_on.desc())
            .limit(limit)
            .offset(offset)
        )
        return [_kept(row) for row in rows]

    async def of(self, tx: Tx, member_ids: Sequence[int]) -> list[Kept]:
        """Return every challenge of these memberships, oldest first."""
        rows = await tx.execute(
            select(challenges)
            .where(challenges.c.member_id.in_(member_ids))
            .order_by(challenges.c.week_on, challenges.c.challenge_id)
        )
        return [_kept(row) for row in rows]

    async def shared_since(
        self, tx: Tx, cohort_id: int, since: datetime, now: datetime
    ) -> list[tuple[Kept, str]]:
        """Return what members of a cohort shared, each with their name, oldest first."""
        rows = await tx.execute(
            select(challenges, members.c.name.label("who"))
            .join(members, members.c.member_id == challenges.c.member_id)
            .where(
                members.c.cohort_id == cohort_id,
                members.c.state.in_([MemberState.JOINED, MemberState.PAUSED]),
                challenges.c.shared_at > since,
                challenges.c.shared_at <= now,
                challenges.c.state == State.DONE,
            )
            .order_by(challenges.c.shared_at, challenges.c.challenge_id)
        )
        found: list[tuple[Kept, str]] = []
        for row in rows:
            values = dict(row._mapping)
            who = values.pop("who")
            found.append((Kept(**values), who))
        return found

    async def unanswered(self, tx: Tx, member_id: int) -> int:
        """Count the cards that came since the member last pressed anything."""
        c = challenges.c
        pressed = select(func.coalesce(func.max(c.pressed_at), 0)).where(c.member_id == member_id)
        row = await tx.execute(
            select(func.count()).where(
                c.member_id == member_id, c.told_at > pressed.scalar_subquery()
            )
        )
        return row.scalar_one()

    # --- settings and cards

    async def stopped(self, tx: Tx, member_id: int) -> bool:
        """Say whether a member wants no challenges."""
        row = await tx.execute(select(settings.c.stopped).where(settings.c.member_id == member_id))
        return bool(row.scalar_one_or_none())

    async def set(self, tx: Tx, member_id: int, **values: Any) -> None:
        """Keep what a member wants, and when their next card is due."""
        known = await tx.execute(
            update(settings).where(settings.c.member_id == member_id).values(**values)
        )
        if not known.rowcount:
            await tx.execute(insert(settings).values(member_id=member_id, **values))

    async def due(self, tx: Tx, now: datetime, limit: int) -> list[tuple[Member, bool]]:
        """Return who takes everything and is to be looked at; the flag: a card of theirs is due.

        Where it is not, the member is new, or lives in another zone by now.
        """
        s = settings.c
        to_see = or_(s.next_at.is_(None), s.next_at <= now, s.zone != users.c.zone)
        wanting = _wanting(members.c.member_id, s.next_at)
        rows = await tx.execute(wanting.where(to_see).limit(limit))
        found = {row.member_id: row.next_at is not None and row.next_at <= now for row in rows}
        people = await tx.execute(whole().where(members.c.member_id.in_(found)))
        return [(member, found[member.member_id]) for member in map(as_member, people)]

    async def next_at(self, tx: Tx) -> datetime | None:
        """Return when somebody's card is due next."""
        soonest = _wanting(func.min(settings.c.next_at))
        return (await tx.execute(soonest)).scalar_one_or_none()
