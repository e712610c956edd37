"""Five thousand people are planned for, and written to, with a handful of statements."""

import pytest
from sqlalchemy import event, insert

from bot.delivery import recipients
from bot.people import memberships, users
from bot.people.memberships import Delivery, MemberState
from tests.bot.delivery.conftest import NEXT_MONDAY, local

PEOPLE = 5_000
NEW_YORK = "America/New_York"


@pytest.fixture
async def crowd(db, cohort, clock):
    async with db.write() as tx:
        await tx.execute(
            insert(users.users),
            [
                {"user_id": n, "zone": NEW_YORK, "locale": "en-US", "created_at": clock()}
                for n in range(1, PEOPLE + 1)
            ],
        )
        await tx.execute(
            insert(memberships.members),
            [
                {
                    "cohort_id": cohort.cohort_id,
                    "user_id": n,
                    "name": f"P{n}",
                    "state": MemberState.JOINED,
                    "delivery": Delivery.DM,
                    "joined_at": clock(),
                }
                for n in range(1, PEOPLE + 1)
            ],
        )


@pytest.fixture
def trips(db):
    """Every trip to the database that writes or asks, one for each batch of rows."""
    made: list[str] = []

    def before(_connection, _cursor, statement, *_rest):
        made.append(statement)

    event.listen(db.writer.sync_engine, "before_cursor_execute", before)
    return made


async def test_planning_for_five_thousand_takes_no_trip_for_each_of_them(rhythm, crowd, trips):
    schedule = await rhythm.set()
    await rhythm.plan()
    trips.clear()
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))

    async with rhythm.db.read() as tx:
        tally = await recipients.tally(tx, schedule.schedule_id, NEXT_MONDAY)
    assert tally == {recipients.Outcome.ASKED: PEOPLE}
    assert len(trips) < PEOPLE / 50
