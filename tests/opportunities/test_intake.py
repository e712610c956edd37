"""What lists bring is taken once, follows its list, and leaves alone what came from elsewhere."""

from datetime import UTC, date, datetime

import pytest

from cogs.opportunities.intake import Intake, Origin
from cogs.opportunities.model import Entry, PostingState, Result, Source, Why
from cogs.opportunities.store import PostingStore
from cogs.opportunities.telling import Telling

FEED = Origin(500, Source.FEED, goes=PostingState.OPEN)
FILE = Origin(500, Source.IMPORT, goes=PostingState.OPEN)


def entry(n=1, **values):
    values = {"company_name": "Robots", "title": f"Intern {n}", "outside_id": f"id-{n}", **values}
    return Entry(url=values.pop("url", f"https://a.example/{n}"), **values)


class Bench:
    """Takes lists one after another."""

    def __init__(self, db, clock):
        self.db, self.clock, self.store = db, clock, PostingStore()
        self.intake = Intake(self.store, Telling(self.store))

    async def take(self, *entries, origin=FEED):
        async with self.db.write() as tx:
            return await self.intake.take(tx, origin, entries, self.clock())

    async def words(self, *entries, origin=FEED):
        return [str(each.result) for each in await self.take(*entries, origin=origin)]

    async def posting(self, number=1):
        async with self.db.read() as tx:
            return await self.store.get(tx, number)


@pytest.fixture
def bench(db, clock, cohort):
    return Bench(db, clock)


async def test_a_second_run_changes_nothing(bench):
    list_ = [entry(1), entry(2, active=False), entry(3, url="https://a.example/1?utm_source=x")]
    assert await bench.words(*list_) == ["new", "new", "duplicate"]
    before = [await bench.posting(1), await bench.posting(2)]
    bench.clock.advance(hours=2)
    assert await bench.words(*list_) == ["same", "same", "duplicate"]
    assert [await bench.posting(1), await bench.posting(2)] == before


async def test_an_edit_upstream_changes_one_posting(bench):
    await bench.take(entry(1), entry(2))
    assert await bench.words(entry(1, locations=("Berlin",)), entry(2)) == ["updated", "same"]
    assert (await bench.posting()).locations == ("Berlin",)
    assert await bench.words(entry(1, locations=("Berlin",)), entry(2)) == ["same", "same"]


async def test_a_link_that_changes_upstream_is_followed(bench):
    await bench.take(entry(1))
    assert await bench.words(entry(1, url="https://a.example/moved")) == ["updated"]
    assert (await bench.posting()).canonical == "a.example/moved"
    assert await bench.words(entry(9)) == ["new"]
    moved = entry(1, url="https://b.example/again")
    assert await bench.words(moved, entry(8, url="https://a.example/moved")) == ["updated", "new"]


async def test_what_closes_upstream_closes_here_and_opens_again_with_it(bench):
    await bench.take(entry(1))
    await bench.take(entry(1, active=False))
    closed = await bench.posting()
    assert (closed.state, closed.why) == (PostingState.CLOSED, Why.UPSTREAM)
    await bench.take(entry(1))
    assert (await bench.posting()).active


async def test_what_a_moderator_closed_stays_closed_whatever_the_list_says(bench):
    await bench.take(entry(1))
    async with bench.db.write() as tx:
        await bench.store.change(tx, 1, state=PostingState.CLOSED, why=Why.MODERATOR)
    await bench.take(entry(1, title="Intern, again"))
    assert (await bench.posting()).state is PostingState.CLOSED


async def test_what_was_declined_stays_declined(bench):
    await bench.take(entry(1), origin=Origin(500, Source.FEED))
    async with bench.db.write() as tx:
        await bench.store.change(tx, 1, state=PostingState.DECLINED)
    assert await bench.words(entry(1, title="Other")) == ["same"]
    assert (await bench.posting()).state is PostingState.DECLINED


async def test_a_correction_by_a_moderator_outlives_runs_without_news(bench):
    await bench.take(entry(1))
    posting = await bench.posting()
    async with bench.db.write() as tx:
        corrected = entry(1, title="Corrected")
        await bench.store.rewrite(tx, 500, [(posting.posting_id, corrected, {})])
    assert await bench.words(entry(1)) == ["same"]
    assert (await bench.posting()).title == "Corrected"


async def test_what_came_from_elsewhere_is_a_duplicate_and_left_alone(bench):
    await bench.take(entry(1), origin=FILE)
    (outcome,) = await bench.take(entry(1, title="Other"))
    assert (outcome.result, outcome.posting_id) == (Result.DUPLICATE, 1)
    assert "somewhere else" in outcome.reason
    assert (await bench.posting()).title == "Intern 1"


async def test_of_one_opening_the_entry_that_is_open_counts(bench):
    over = entry(1, active=False)
    again = entry(2, url="https://a.example/1")
    assert await bench.words(over, again) == ["new", "duplicate"]
    assert (await bench.posting()).active
    assert await bench.words(over, again) == ["duplicate", "same"]


async def test_each_rejected_entry_says_why(bench):
    found = await bench.take(
        entry(1, url="http://192.168.0.1/x"),
        entry(2, title="\u202e\x00 "),
        entry(3, deadline_on=date(2026, 1, 1)),
        entry(4, deadline_on=date(2026, 1, 1), active=False),
        entry(5, company_name="\ud800Emoji \U0001f680 GmbH"),
    )
    assert [str(each.result) for each in found] == ["rejected"] * 3 + ["new"] * 2
    assert all(each.reason.endswith(".") for each in found[:3])
    assert (await bench.posting(found[4].posting_id)).company_name == "Emoji \U0001f680 GmbH"


async def test_a_near_duplicate_is_taken_with_a_warning_and_its_first(bench):
    first, second = await bench.take(
        entry(1, title="Software Engineer Intern"),
        entry(2, title="Software Engineering Internship"),
    )
    assert second.result is Result.NEW
    assert second.twin_id == first.posting_id
    (third,) = await bench.take(entry(3, title="Intern, Software Engineer"))
    assert third.twin_id == first.posting_id


async def test_what_a_list_still_has_is_believed(bench):
    await bench.take(entry(1))
    bench.clock.advance(days=29)
    await bench.take(entry(1))
    assert (await bench.posting()).verified_at == bench.clock()


async def test_moments_of_the_list_are_kept(bench):
    posted = datetime(2025, 9, 1, tzinfo=UTC)
    await bench.take(entry(1, date_posted=posted, date_updated=posted))
    assert (await bench.posting()).since == posted


async def test_a_thousand_entries_at_once_are_taken_once(bench):
    many = [entry(n, locations=("Berlin", "Remote"), terms=("Summer 2026",)) for n in range(1000)]
    first = await bench.words(*many)
    second = await bench.words(*many)
    assert (set(first), set(second)) == ({"new"}, {"same"})
