"""The list of expected people: it prefills, counts, and forgets."""

from datetime import timedelta

import pytest

from bot.people import memberships, roster
from bot.people.memberships import MemberState
from bot.people.roster import Entry

ENTRIES = [
    Entry(1001, None, "Ada", "Engines", "intern"),
    Entry(None, "ben", "Ben"),
    Entry(None, "chen", "Chen"),
]


@pytest.fixture
async def listed(db, cohort, clock):
    async with db.write() as tx:
        await roster.replace(tx, cohort.cohort_id, ENTRIES, clock())
    return cohort


async def test_a_person_is_found_by_id_or_by_username_however_it_is_written(db, listed):
    async with db.read() as tx:
        by_id = await roster.find(tx, listed.cohort_id, 1001, "whoever")
        by_name = await roster.find(tx, listed.cohort_id, 77, "@Ben")
        nobody = await roster.find(tx, listed.cohort_id, 78, "dora")
    assert (by_id.name, by_id.team, by_name.name, nobody) == ("Ada", "Engines", "Ben", None)


async def test_a_username_that_somebody_took_over_does_not_match_twice(db, listed, clock):
    async with db.write() as tx:
        row = await roster.find(tx, listed.cohort_id, 77, "ben")
        await roster.mark_matched(tx, row.row_id, 77, clock())
        assert await roster.find(tx, listed.cohort_id, 99, "ben") is None


async def test_turnout_counts_who_really_joined(db, listed, ada, clock):
    async with db.write() as tx:
        found = await roster.turnout(tx, listed.cohort_id)
        assert (found.joined, found.expected) == (1, 3)
        await memberships.change(tx, ada.member_id, state=MemberState.LEFT)
        assert (await roster.turnout(tx, listed.cohort_id)).joined == 0
        missing = await roster.missing(tx, listed.cohort_id, 10)
    assert [each.name for each in missing] == ["Ada", "Ben", "Chen"]


async def test_who_did_not_join_is_forgotten_after_14_days_and_still_counted(
    db, listed, ada, clock
):
    async with db.write() as tx:
        await roster.match_joined(tx, listed.cohort_id, ada.user_id, clock())
        assert await roster.sweep(tx, clock() + timedelta(days=13)) == 0
        assert await roster.sweep(tx, clock() + timedelta(days=14)) == 2
        found = await roster.turnout(tx, listed.cohort_id)
    assert (found.expected, found.listed, found.joined) == (3, 1, 1)


async def test_a_new_list_keeps_who_joined_by_username(db, listed, clock):
    async with db.write() as tx:
        row = await roster.find(tx, listed.cohort_id, 77, "ben")
        await roster.mark_matched(tx, row.row_id, 77, clock())
        await roster.replace(tx, listed.cohort_id, ENTRIES[1:], clock())
        again = await roster.find(tx, listed.cohort_id, 77, "renamed")
        assert (again.name, again.matched_at) == ("Ben", clock())
        assert await roster.find(tx, listed.cohort_id, 1001) is None


async def test_an_erased_person_stands_on_no_list(db, listed):
    async with db.write() as tx:
        await roster.erase(tx, 1001)
        assert await roster.of_user(tx, 1001) == []
