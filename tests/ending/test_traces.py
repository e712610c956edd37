"""When a record goes at the end, nothing of it stays behind, in whichever table it stood."""

from typing import Any

from sqlalchemy import func, insert, select

from bot.config import Settings
from bot.operating.rooms import features
from bot.people import memberships, users
from bot.people.forgetting import forget_membership
from bot.storage import tables
from bot.storage.database import Database
from tests.conftest import add_cohort, enrol
from tests.house.test_tables import PERSON, a_row_about_the_person, traces


async def somebody_everywhere(db: Database) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    async with db.write() as tx:
        for table in tables.everything().sorted_tables:
            rows[table.name] = a_row_about_the_person(table, rows)
            await tx.execute(insert(table).values(rows[table.name]))
    return rows


async def test_a_record_that_goes_takes_a_person_with_no_other_tie_along(
    settings: Settings, db: Database
) -> None:
    rows = await somebody_everywhere(db)
    async with features(settings, db) as bot, db.write() as tx:
        member = await memberships.get(tx, rows["member"]["member_id"])
        assert member is not None

        await forget_membership(tx, bot.contributions, member)

        assert await traces(tx, tables.everything()) == []


async def test_a_record_that_goes_leaves_the_persons_other_cohort_alone(
    settings: Settings, db: Database, clock: Any
) -> None:
    rows = await somebody_everywhere(db)
    other = await add_cohort(db, 500, clock(), name="Autumn")
    kept = await enrol(db, other, PERSON, "Ada", clock())
    async with features(settings, db) as bot, db.write() as tx:
        member = await memberships.get(tx, rows["member"]["member_id"])
        assert member is not None

        await forget_membership(tx, bot.contributions, member)

        assert await memberships.get(tx, kept.member_id) is not None
        assert await users.get(tx, PERSON) is not None
        for table in tables.everything().sorted_tables:
            if "member_id" in table.c:
                left = select(func.count()).where(table.c.member_id == member.member_id)
                assert (await tx.execute(left)).scalar_one() == 0, table.name
