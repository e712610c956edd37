"""Where begun enrolments are kept. The only SQL about joining."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, delete, exists, insert, select, update

from bot.people.memberships import MemberState, members
from bot.people.users import users
from bot.storage.columns import Id, Moment, word
from bot.storage.database import Tx, table
from cogs.profile.model import Tap

enrolments = table(
    "enrolment",
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), primary_key=True),
    word("tap", Tap),
    Column("begun_at", Moment, nullable=False),
    Index(None, "begun_at"),
)


class EnrolmentStore:
    """Read and write how far somebody is with joining."""

    async def tap(self, tx: Tx, member_id: int) -> Tap:
        """Return the question that is open; the first one when nothing is known."""
        found = await tx.execute(
            select(enrolments.c.tap).where(enrolments.c.member_id == member_id)
        )
        return found.scalar_one_or_none() or Tap.ZONE

    async def put(self, tx: Tx, member_id: int, tap: Tap, now: datetime) -> None:
        """Note which question is open."""
        changed = await tx.execute(
            update(enrolments).where(enrolments.c.member_id == member_id).values(tap=tap)
        )
        if not changed.rowcount:
            await tx.execute(insert(enrolments).values(member_id=member_id, tap=tap, begun_at=now))

    async def remove(self, tx: Tx, member_id: int) -> None:
        """Forget the questions: they are answered."""
        await tx.execute(delete(enrolments).where(enrolments.c.member_id == member_id))

    async def forget_begun_before(self, tx: Tx, moment: datetime) -> None:
        """Forget people who began to join and never did, and users who are in no cohort at all."""
        stale = (
            select(enrolments.c.member_id)
            .join(members, members.c.member_id == enrolments.c.member_id)
            .where(
                enrolments.c.begun_at < moment,
                members.c.state == MemberState.JOINING,
                members.c.joined_at.is_(None),
            )
        )
        ids = list((await tx.execute(stale)).scalars())
        if not ids:
            return
        whose = select(members.c.user_id).where(members.c.member_id.in_(ids))
        user_ids = list((await tx.execute(whose)).scalars())
        await tx.execute(delete(members).where(members.c.member_id.in_(ids)))
        nowhere = ~exists().where(members.c.user_id == users.c.user_id)
        await tx.execute(delete(users).where(users.c.user_id.in_(user_ids), nowhere))
