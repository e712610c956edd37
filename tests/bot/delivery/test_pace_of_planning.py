"""Five thousand people are planned for, and written to, in the time one second has."""

import time as stopwatch

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
def spent_in_sql(db):
    """Seconds the database itself took, statement by statement."""
    spent: list[tuple[float, str]] = []
    engine = db.writer.sync_engine

    def before(connection, *_rest):
        connection.info["began"] = stopwatch.perf_counter()

    def after(connection, _cursor, statement, *_rest):
        spent.append((stopwatch.perf_counter() - connection.info["began"], statement[:60]))

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    return spent


async def test_an_occurrence_for_five_thousand_is_planned_within_a_second(
    rhythm, crowd, spent_in_sql
):
    schedule = await rhythm.set()
    await rhythm.plan()
    spent_in_sql.clear()
    began = stopwatch.perf_counter()
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    whole = stopwatch.perf_counter() - began

    async with rhythm.db.read() as tx:
        tally = await recipients.tally(tx, schedule.schedule_id, NEXT_MONDAY)
    planning = sum(seconds for seconds, statement in spent_in_sql if "recipient" in statement)
    assert tally == {recipients.Outcome.ASKED: PEOPLE}
    assert planning < 0.5  # 0.15 on a quiet machine
    assert whole < 3  # 1 on a quiet machine
