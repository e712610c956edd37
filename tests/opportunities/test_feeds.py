"""A list on the internet is read on schedule: politely, again without effect, and not for ever."""

import json
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.delivery.letters import letters
from bot.errors import NotAllowed, NotFound, Refusal
from bot.fetching.fetcher import Fetcher
from bot.fetching.model import Limits, NotFetched, Why
from bot.people import cohorts
from bot.people.cohorts import CohortState
from cogs.opportunities import feed_model
from cogs.opportunities.drift import Unreadable
from cogs.opportunities.feed_model import PAUSE_AT, FeedState, Goes
from cogs.opportunities.feed_store import FeedStore
from cogs.opportunities.feeds import FeedService
from cogs.opportunities.intake import Intake
from cogs.opportunities.model import Filter, PostingState, Source
from cogs.opportunities.model import Why as Closed
from cogs.opportunities.store import PostingStore, as_posting, feeds, postings
from cogs.opportunities.taking import Taking
from cogs.opportunities.telling import Telling
from tests.bot.fetching.hostile import Hostile, answer, hostile
from tests.conftest import count
from tests.opportunities.lists import MODERATOR, STRANGER, Published, as_list, row

LIMITS = Limits(
    packed=1024 * 1024, unpacked=2 * 1024 * 1024, answer=1, whole=3, patience=0.5, slowest=4096
)
ANY = Filter(open_only=False)
LISTINGS = os.environ.get("STINT_TEST_LISTINGS", "")


@pytest.fixture
async def server() -> AsyncIterator[Hostile]:
    async with hostile() as made:
        yield made


@pytest.fixture
def published(server) -> Published:
    return Published(server, [row(n) for n in range(1, 6)])


async def at_home(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


@pytest.fixture
async def service(db, clock, cohort) -> FeedService:
    async with db.write() as tx:
        await cohorts.change(tx, cohort.cohort_id, staff_id=77)
    store = PostingStore()
    telling = Telling(store)
    taking = Taking(db, Intake(store, telling), 1000)
    fetcher = Fetcher(clock, ["feeds.test"], LIMITS, at_home)
    return FeedService(db, clock, FeedStore(), taking, telling, fetcher)


async def started(service, url, goes=Goes.OPEN, wanted=ANY):
    page = await service.add(MODERATOR, url, None, goes, wanted)
    return (await service.start(MODERATOR, page.feed.feed_id)).feed


async def later(service, clock, **by):
    clock.advance(**(by or {"hours": 7}))
    await service.work(clock())
    async with service._db.read() as tx:
        return [await FeedStore().get(tx, n) for n in await ids_of(tx)]


async def ids_of(tx):
    return list((await tx.execute(select(feeds.c.feed_id))).scalars())


async def all_of(db):
    async with db.read() as tx:
        rows = await tx.execute(select(postings).order_by(postings.c.posting_id))
        return [as_posting(each) for each in rows]


async def told(db):
    async with db.read() as tx:
        return list((await tx.execute(select(letters.c.kind))).scalars())


# --- adding


async def test_a_list_is_looked_at_before_anything_is_taken(db, service, published, clock):
    page = await service.add(MODERATOR, published.url, None, Goes.QUEUE, ANY)
    await service.work(clock())

    assert page.feed.state is FeedState.TRIAL
    assert page.feed.report.tally.new == 5
    assert await count(db, postings) == 0


async def test_starting_reads_it_and_what_it_brings_goes_to_the_queue(db, service, published):
    feed = await started(service, published.url, Goes.QUEUE)

    there = await all_of(db)
    assert {p.state for p in there} == {PostingState.QUEUED}
    assert {(p.source, p.feed_id) for p in there} == {(Source.FEED, feed.feed_id)}
    assert (feed.state, feed.report.tally.new) == (FeedState.ACTIVE, 5)


async def test_only_what_fits_the_filter_is_taken(db, service, published):
    published.rows[1]["locations"] = ["Remote in Canada"]

    feed = await started(service, published.url, Goes.OPEN, Filter(remote=True, open_only=False))

    assert [p.title for p in await all_of(db)] == ["Intern 2"]
    assert (feed.report.tally.new, feed.report.tally.left_out) == (1, 4)
    assert feed.report.tally.rows == 5


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/list", "file:///etc/passwd", "http://localhost/", "https://u:p@a.b/"]
)
async def test_an_address_inside_is_refused(db, service, url):
    with pytest.raises(NotFetched):
        await service.add(MODERATOR, url, None, Goes.QUEUE, ANY)

    assert await count(db, feeds) == 0


async def test_what_is_no_list_is_refused(db, service, server, published):
    with pytest.raises(NotFetched, match="404"):
        await service.add(MODERATOR, server.url("/nothing"), None, Goes.QUEUE, ANY)
    with pytest.raises(NotFetched) as refused:
        await service.add(MODERATOR, server.url("/bomb"), None, Goes.QUEUE, ANY)
    published.rows = []
    with pytest.raises(Unreadable, match="empty"):
        await service.add(MODERATOR, published.url, None, Goes.QUEUE, ANY)

    assert refused.value.why is Why.SIZE
    assert await count(db, feeds) == 0


async def test_a_list_is_read_once_by_a_server(service, published):
    await started(service, published.url)

    with pytest.raises(Refusal, match="reads that list already"):
        await service.add(MODERATOR, published.url, None, Goes.QUEUE, ANY)


async def test_looking_twice_keeps_one(db, service, published):
    await service.add(MODERATOR, published.url, None, Goes.QUEUE, ANY)
    page = await service.add(MODERATOR, published.url, None, Goes.OPEN, ANY)

    assert await count(db, feeds) == 1
    assert page.feed.goes is Goes.OPEN


async def test_a_server_has_so_many_feeds_and_no_more(service, published, monkeypatch):
    monkeypatch.setattr("cogs.opportunities.feeds.MOST_FEEDS", 1)
    await started(service, published.url)

    with pytest.raises(Refusal, match="1 feeds already"):
        await service.add(MODERATOR, published.url + "?b=1", None, Goes.QUEUE, ANY)


async def test_only_moderators_of_that_server_may(service, published):
    feed = await started(service, published.url)
    elsewhere = type(MODERATOR)(user_id=7, guild_id=999, name="Else", manages_guild=True)
    asked = published.asked

    for who in (STRANGER, elsewhere):
        with pytest.raises(Refusal):
            await service.add(who, published.url + "?x=1", None, Goes.QUEUE, ANY)
        for does in (service.start, service.stop, service.check_now, service.remove):
            with pytest.raises(Refusal):
                await does(who, feed.feed_id)
    with pytest.raises(NotAllowed):
        await service.all(STRANGER)

    assert published.asked == asked


# --- by itself


async def test_a_second_reading_changes_nothing(db, service, published, clock):
    await started(service, published.url)
    before = await all_of(db)

    [feed] = await later(service, clock)

    assert await all_of(db) == before
    assert feed.checked_at == clock()
    assert "if-none-match" in published.server.asked[-1][1]


async def test_it_is_not_read_before_its_time(service, published, clock):
    await started(service, published.url)
    asked = published.asked

    await later(service, clock, hours=5)

    assert published.asked == asked


async def test_a_change_in_the_list_updates_one_posting(db, service, published, clock):
    await started(service, published.url)

    published.rows[2]["title"] = "Another title"
    [feed] = await later(service, clock)

    assert (feed.report.tally.updated, feed.report.tally.same) == (1, 4)
    assert [p.title for p in await all_of(db)][2] == "Another title"


async def test_what_the_list_calls_inactive_is_closed_and_opens_again(
    db, service, published, clock
):
    await started(service, published.url)

    published.rows[0]["active"] = False
    await later(service, clock)
    closed = (await all_of(db))[0]
    published.rows[0]["active"] = True
    await later(service, clock)
    opened = (await all_of(db))[0]

    assert (closed.state, closed.why) == (PostingState.CLOSED, Closed.UPSTREAM)
    assert opened.state is PostingState.OPEN


async def test_new_rows_are_taken_and_missing_ones_stay(db, service, published, clock):
    await started(service, published.url)

    published.rows = [row(9), *published.rows[1:]]
    [feed] = await later(service, clock)

    assert (feed.report.tally.new, feed.report.tally.same) == (1, 4)
    assert len(await all_of(db)) == 6


async def test_a_paused_cohort_reads_on_and_a_closed_one_does_not(
    db, service, published, clock, cohort
):
    await started(service, published.url)
    asked = published.asked

    async with db.write() as tx:
        await cohorts.change(tx, cohort.cohort_id, state=CohortState.CLOSED)
    await later(service, clock)

    assert published.asked == asked


# --- trouble


async def test_a_feed_that_keeps_failing_waits_longer_then_stops_and_says_so(
    db, service, published, clock
):
    await started(service, published.url)
    published.status = "500 Oops"

    waits, feed = [], None
    for _time in range(PAUSE_AT):
        [feed] = await later(service, clock, hours=25)
        waits.append(feed.next_at - clock())
    asked = published.asked
    await later(service, clock, hours=25)

    assert waits[:3] == [timedelta(hours=6), timedelta(hours=12), timedelta(hours=24)]
    assert (feed.state, feed.failures) == (FeedState.PAUSED, PAUSE_AT)
    assert "500" in feed.trouble
    assert published.asked == asked
    assert await told(db) == ["opportunity.feed"]


async def test_a_feed_that_recovers_forgets_its_trouble(service, published, clock):
    await started(service, published.url)
    published.status = "500 Oops"
    await later(service, clock)
    published.status = "200 OK"

    [feed] = await later(service, clock)

    assert (feed.failures, feed.trouble, feed.state) == (0, "", FeedState.ACTIVE)


async def test_a_feed_that_stopped_is_started_again_by_a_moderator(service, published, clock):
    feed = await started(service, published.url)
    published.status = "500 Oops"
    for _time in range(PAUSE_AT):
        await later(service, clock, hours=25)
    published.status = "200 OK"

    page = await service.start(MODERATOR, feed.feed_id)

    assert (page.feed.state, page.feed.failures) == (FeedState.ACTIVE, 0)


async def test_a_list_that_turns_into_a_web_page_is_a_failure_and_closes_nothing(
    db, service, published, clock, server
):
    await started(service, published.url)
    before = await all_of(db)

    async def page(here, writer, headers):
        writer.write(answer(b"<!doctype html><title>Sign in</title>"))

    server.routes["/list"] = page
    [feed] = await later(service, clock)

    assert "web page" in feed.trouble
    assert await all_of(db) == before


async def test_a_list_that_breaks_off_keeps_what_was_good_and_is_read_again(
    db, service, published, clock
):
    await started(service, published.url)

    async def broken(here, writer, headers):
        body = as_list([row(7)])[:-1] + b', {"comp'
        writer.write(answer(body, ETag='"x"'))

    published.server.routes["/list"] = broken
    [feed] = await later(service, clock)

    assert feed.failures == 1
    assert feed.etag != '"x"'


async def test_one_bad_feed_does_not_hold_up_the_others(db, service, server, clock):
    good = Published(server, [row(1)], "/good")
    await started(service, good.url)
    bad = Published(server, [row(2)], "/bad")
    await started(service, bad.url)
    bad.status = "500 Oops"
    good.rows = [row(1), row(3)]

    first, second = await later(service, clock)

    assert (first.failures, second.failures) == (0, 1)
    assert len(await all_of(db)) == 3


# --- by hand


async def test_a_moderator_reads_it_now_but_not_every_second(service, published, clock):
    feed = await started(service, published.url)
    asked = published.asked

    page = await service.check_now(MODERATOR, feed.feed_id)
    clock.now += feed_model.SOON
    await service.check_now(MODERATOR, feed.feed_id)

    assert "a moment ago" in page.news
    assert published.asked == asked + 1


async def test_a_stopped_feed_is_not_read(service, published, clock):
    feed = await started(service, published.url)
    asked = published.asked

    await service.stop(MODERATOR, feed.feed_id)
    await later(service, clock)

    assert published.asked == asked


async def test_removing_a_feed_keeps_what_it_brought(db, service, published):
    feed = await started(service, published.url)

    removed, left = await service.remove(MODERATOR, feed.feed_id)

    assert (removed.feed_id, left) == (feed.feed_id, 5)
    assert {p.feed_id for p in await all_of(db)} == {None}
    with pytest.raises(NotFound):
        await service.look_at(MODERATOR, feed.feed_id)


async def test_a_list_nobody_said_yes_to_is_forgotten_after_a_day(db, service, published, clock):
    await service.add(MODERATOR, published.url, None, Goes.QUEUE, ANY)

    await later(service, clock, hours=25)

    assert await count(db, feeds) == 0


# --- a real list


@pytest.mark.skipif(not LISTINGS, reason="STINT_TEST_LISTINGS names no list")
async def test_a_real_list_is_read_again_without_effect_and_an_edit_updates_one(
    db, service, server, clock
):
    rows = json.loads(Path(LISTINGS).read_bytes())  # noqa: ASYNC240 - before anything runs
    published = Published(server, rows)

    first = await started(service, published.url)
    before = await all_of(db)
    published.rows = [*rows[1:], rows[0]]
    [second] = await later(service, clock)
    published.rows[7] = {**published.rows[7], "title": "Another title"}
    [third] = await later(service, clock)

    tally, again, edited = first.report.tally, second.report.tally, third.report.tally
    assert tally.rows == again.rows == edited.rows == len(rows)
    assert tally.brings + tally.duplicate + tally.rejected == len(rows)
    assert (again.brings, again.same) == (0, tally.brings)
    assert (edited.updated, edited.new, edited.over) == (1, 0, 0)
    after = await all_of(db)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
