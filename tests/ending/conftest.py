"""A cohort of two weeks with its end, and a post that says letters when it is told to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.delivery.letters import LetterState, as_letter, letters
from bot.people import cohorts, memberships
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.contributions import Contributions
from bot.people.memberships import Delivery, Member, Volume
from bot.people.users import Inbox
from bot.storage.database import Database
from cogs.ending.farewell import Farewell
from cogs.ending.service import EndingService
from cogs.ending.store import EndingStore
from tests.conftest import FrozenClock, add_cohort, enrol

BOSS = Caller(9, 500, "Boss", manages_guild=True)


@dataclass
class End:
    """The feature's own parts on one database, and the post."""

    db: Database
    clock: FrozenClock
    store: EndingStore
    hooks: Contributions
    service: EndingService
    farewell: Farewell
    cohort: Cohort

    async def member(self, number: int, **values: Any) -> Member:
        """Make somebody a member who is reached by direct message, unless said otherwise."""
        values = {
            "delivery": Delivery.DM,
            "inbox": Inbox.OPEN,
            "volume": Volume.EVERYTHING,
            **values,
        }
        return await enrol(self.db, self.cohort, number, f"P{number}", self.clock(), **values)

    async def close(self, days: int = 120) -> None:
        """Close the cohort."""
        await self.service.close(BOSS, self.cohort.cohort_id, days, "Spring")

    async def at(self, *moment: int, post: bool = True) -> None:
        """Be there at a moment, do what is due, and let the post out."""
        self.clock.now = datetime(*moment, tzinfo=UTC)
        await self.work(post=post)

    async def work(self, *, post: bool = True) -> None:
        """Do what is due, and let the post out."""
        await self.farewell.work(self.clock())
        if post:
            await self.post()
            await self.farewell.work(self.clock())

    async def post(self, state: LetterState = LetterState.SENT) -> int:
        """Say every letter whose moment has come, as the sender would; return how many."""
        async with self.db.read() as tx:
            rows = await tx.execute(
                select(letters).where(
                    letters.c.state == LetterState.PENDING,
                    letters.c.due_at <= self.clock(),
                    letters.c.kind.startswith("ending."),
                )
            )
            due = [as_letter(row) for row in rows]
        said = 0
        for letter in due:
            page = await self.farewell.page(letter)
            became = state if page else LetterState.CANCELLED
            said += page is not None
            async with self.db.write() as tx:
                await tx.execute(
                    update(letters)
                    .where(letters.c.letter_id == letter.letter_id)
                    .values(state=became, ended_at=self.clock())
                )
        return said

    async def here(self) -> set[int]:
        """Return the users whose record is still there."""
        async with self.db.read() as tx:
            rows = await tx.execute(
                select(memberships.members.c.user_id).where(
                    memberships.members.c.cohort_id == self.cohort.cohort_id
                )
            )
            return set(rows.scalars())

    async def delete_on(self) -> date:
        """Return the day until which records stay."""
        async with self.db.read() as tx:
            ending = await self.store.current(tx, self.cohort.cohort_id)
        assert ending is not None
        return ending.delete_on

    async def log(self) -> list[str]:
        """Return what stands in the audit log, oldest first."""
        async with self.db.read() as tx:
            return [word[2] for word in await cohorts.history(tx, self.cohort.cohort_id)][::-1]


@pytest.fixture
async def end(db: Database, clock: FrozenClock) -> End:
    cohort = await add_cohort(
        db, 500, clock(), last_day=date(2026, 3, 15), announcements_id=71, checkins_id=72
    )
    store, hooks = EndingStore(), Contributions()
    return End(
        db,
        clock,
        store,
        hooks,
        EndingService(db, clock, store, hooks, lambda: frozenset({"record.get"})),
        Farewell(db, clock, store, hooks),
        cohort,
    )
