"""Finding openings again: by words, page by page, what was saved, and whose search it was."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import delete

from bot.errors import NotAllowed, NotFound, Refusal
from bot.people import memberships
from bot.people.memberships import MemberState
from cogs.opportunities.finding import FindingService
from cogs.opportunities.found import MOST_FOUND, MOST_SEARCHES, ROWS, Sort
from cogs.opportunities.model import Entry, Filter, PostingState
from cogs.opportunities.wording import wanted
from tests.conftest import add_cohort, asks, enrol
from tests.opportunities.findable import Board, fits


@pytest.fixture
def board(db) -> Board:
    return Board(db)


@pytest.fixture
def finding(db, clock, board) -> FindingService:
    return FindingService(db, clock, board.finding, board.postings)


def titles(page) -> list[str]:
    return [posting.title for posting in page.postings]


async def test_the_newest_opening_stands_first_whatever_the_order_of_import(
    board, finding, clock, ada
):
    now = clock()
    await board.put(now, title="old", date_posted=now - timedelta(days=40))
    await board.put(now, title="newest", date_posted=now - timedelta(days=1))
    await board.put(now, title="middle", date_posted=now - timedelta(days=3))
    page = await finding.look_for(asks(ada), Filter())
    assert titles(page) == ["newest", "middle", "old"]


async def test_an_opening_dated_in_the_future_does_not_stay_on_top(board, finding, clock, ada):
    now = clock()
    await board.put(now, title="from tomorrow", date_posted=now + timedelta(days=900))
    clock.advance(hours=1)
    await board.put(clock(), title="from today")
    assert titles(await finding.look_for(asks(ada), Filter())) == ["from today", "from tomorrow"]


async def test_what_closes_soonest_stands_first_when_that_is_asked(board, finding, clock, ada):
    await board.put(clock(), title="whenever")
    await board.put(clock(), title="later", deadline_on=date(2026, 4, 1))
    await board.put(clock(), title="soon", deadline_on=date(2026, 3, 4))
    page = await finding.look_for(asks(ada), Filter(), Sort.CLOSING)
    assert titles(page) == ["soon", "later", "whenever"]


@pytest.mark.parametrize("state", [PostingState.QUEUED, PostingState.HIDDEN, PostingState.DECLINED])
async def test_what_nobody_agreed_to_show_is_not_found_even_among_closed_ones(
    board, finding, clock, ada, state
):
    await board.put(clock(), title="unseen", state=state)
    page = await finding.look_for(asks(ada), Filter(open_only=False))
    assert page.total == 0
    assert not page.anything


async def test_closed_ones_are_found_only_when_asked_for(board, finding, clock, ada):
    closed = await board.put(clock(), title="over")
    await board.put(clock(), title="open")
    await board.move(closed, PostingState.CLOSED, closed_at=clock())
    assert titles(await finding.look_for(asks(ada), Filter())) == ["open"]
    assert len(titles(await finding.look_for(asks(ada), Filter(open_only=False)))) == 2
    await board.move(closed, PostingState.OPEN, closed_at=None)
    assert len(titles(await finding.look_for(asks(ada), Filter()))) == 2


async def test_a_deadline_that_passed_where_i_live_hides_an_opening(board, finding, clock, ada):
    await board.put(clock(), title="today", deadline_on=date(2026, 3, 2))
    await board.put(clock(), title="yesterday", deadline_on=date(2026, 3, 1))
    assert titles(await finding.look_for(asks(ada), Filter())) == ["today"]


async def test_another_servers_openings_are_not_mine(board, finding, clock, ada):
    await board.put(clock(), guild_id=501, title="theirs")
    page = await finding.look_for(asks(ada), Filter())
    assert page.total == 0


async def test_a_changed_opening_is_found_by_its_new_words_only(board, finding, clock, ada, db):
    posting = await board.put(clock(), title="Typo")
    async with db.write() as tx:
        entry = Entry("Acme", "Data Intern", posting.url, locations=("Oslo",))
        await board.postings.rewrite(tx, 500, [(posting.posting_id, entry, {})])
    assert (await finding.look_for(asks(ada), Filter(text="typo"))).total == 0
    assert (await finding.look_for(asks(ada), Filter("data", place="oslo"))).total == 1


async def test_pages_hold_each_opening_once_and_the_last_page_ends(board, finding, clock, ada):
    for number in range(ROWS * 2 + 1):
        await board.put(clock(), title=f"No {number}")
    first = await finding.look_for(asks(ada), Filter())
    pages = [
        await finding.turn_to(asks(ada), first.search_id, number, Sort.NEW) for number in range(3)
    ]
    assert first.pages == 3
    assert len({title for page in pages for title in titles(page)}) == ROWS * 2 + 1
    beyond = await finding.turn_to(asks(ada), first.search_id, 99, Sort.NEW)
    assert beyond.page == 2


async def test_more_than_can_be_paged_through_is_said_rather_than_counted(
    board, finding, clock, ada, db
):
    posting = await board.put(clock())
    kept = {
        "guild_id": 500,
        "source": posting.source,
        "state": posting.state,
        "verified_at": clock(),
        "made_at": clock(),
    }
    rows = [
        (posting.entry, {**kept, "canonical": str(n), "twin_key": ""})
        for n in range(MOST_FOUND + 5)
    ]
    async with db.write() as tx:
        await board.postings.add_many(tx, rows)
    page = await finding.look_for(asks(ada), Filter())
    assert page.total == MOST_FOUND + 1
    last = await finding.turn_to(asks(ada), page.search_id, 10**6, Sort.NEW)
    assert (last.page + 1) * ROWS >= MOST_FOUND


async def test_the_same_search_is_kept_once_and_a_very_old_one_not_for_ever(
    board, finding, clock, ada, db
):
    first = await finding.look_for(asks(ada), Filter("engineer"))
    again = await finding.look_for(asks(ada), Filter(" engineer "))
    assert again.search_id == first.search_id
    async with db.write() as tx:
        for number in range(MOST_SEARCHES):
            await board.finding.keep_search(
                tx, ada.member_id, Filter(str(number)), clock(), MOST_SEARCHES
            )
    with pytest.raises(NotFound):
        await finding.turn_to(asks(ada), first.search_id, 1, Sort.NEW)


async def test_somebody_elses_search_is_not_turned(board, finding, ada, ben):
    page = await finding.look_for(asks(ada), Filter("secret wish"))
    with pytest.raises(NotAllowed):
        await finding.turn_to(asks(ben), page.search_id, 0, Sort.NEW)
    with pytest.raises(NotAllowed):
        await finding.looked_for(asks(ben), page.search_id)


async def test_who_left_turns_no_pages_and_who_never_joined_sees_none(finding, ada, ben, db):
    page = await finding.look_for(asks(ada), Filter())
    async with db.write() as tx:
        await memberships.change(tx, ada.member_id, state=MemberState.LEFT)
    with pytest.raises(Refusal):
        await finding.turn_to(asks(ada), page.search_id, 0, Sort.NEW)
    with pytest.raises(Refusal):
        await finding.look_for(asks(ada), Filter())
    assert await finding.suggestions(asks(ada), "a") == []


async def test_two_cohorts_of_one_server_show_the_same_openings_without_asking_which(
    board, finding, clock, ada, db
):
    second = await add_cohort(db, 500, clock(), name="Summer")
    await enrol(db, second, ada.user_id, "Ada", clock())
    await board.put(clock())
    assert (await finding.look_for(asks(ada), Filter())).total == 1


async def test_a_direct_message_from_somebody_in_two_servers_has_to_name_the_cohort(
    board, finding, clock, ada, db
):
    elsewhere = await add_cohort(db, 501, clock(), name="Elsewhere")
    there = await enrol(db, elsewhere, ada.user_id, "Ada", clock())
    await board.put(clock(), guild_id=501, title="theirs")
    direct = asks(there).__class__(user_id=ada.user_id, guild_id=None, name="Ada")
    with pytest.raises(Refusal, match="Which cohort"):
        await finding.look_for(direct, Filter())
    named = asks(there, cohort="Elsewhere")
    assert titles(await finding.look_for(named, Filter())) == ["theirs"]
    page = await finding.look_for(asks(there), Filter())
    assert titles(await finding.turn_to(direct, page.search_id, 0, Sort.NEW)) == ["theirs"]


async def test_remote_typed_as_a_place_means_remote(board, finding, clock, ada):
    await board.put(clock(), title="anywhere", locations=("Remote in USA",))
    await board.put(clock(), title="there", locations=("Toronto, ON",))
    page = await finding.look_for(asks(ada), Filter(place="Remote"))
    assert page.wanted.remote
    assert titles(page) == ["anywhere"]


async def test_the_database_finds_exactly_what_the_words_say(board, clock, db):
    chance = random.Random(4)
    words = ["data", "software", "engineer", "intern", "quant", "c++", "trader", "ai"]
    towns = ["NYC", "Toronto, ON", "Remote in USA", "Zürich", "London, UK"]
    kept = {}
    for _number in range(60):
        posting = await board.put(
            clock(),
            title=" ".join(chance.sample(words, 3)),
            locations=tuple(chance.sample(towns, 2)),
            terms=(chance.choice(["Summer 2026", "Fall 2026"]),),
            category=chance.choice(["Software", "Data & AI", ""]),
        )
        kept[posting.posting_id] = posting
    for _number in range(80):
        wish = Filter(
            text=" ".join(chance.sample([*words, "eng", "so", "zur"], chance.randint(0, 2))),
            place=chance.choice(["", "", "new york", "toronto", "united"]),
            term=chance.choice(["", "Summer 2026"]),
            remote=chance.random() < 0.2,
            category=chance.choice(["", "Software"]),
        )
        async with db.read() as tx:
            found = await board.finding.ids(tx, 500, wanted(wish), today=date(2026, 3, 2))
        assert set(found) == {n for n, posting in kept.items() if fits(wish, posting)}


async def test_while_somebody_types_companies_come_before_their_openings(
    board, finding, clock, ada
):
    await board.put(clock(), company_name="Acme Robotics", title="Intern")
    await board.put(clock(), company_name="Other", title="Acme Platform Intern")
    offered = await finding.suggestions(asks(ada), "acm")
    assert offered[0] == "Acme Robotics"
    assert "Other Acme Platform Intern" in offered
    assert len(offered) == len(set(offered)) <= 25


async def test_what_is_offered_while_typing_finds_what_it_names(board, finding, clock, ada):
    await board.put(clock(), company_name="Crédit & Co. (Paris)", title="Stage – Analyste, données")
    for offered in await finding.suggestions(asks(ada), "cre"):
        assert (await finding.look_for(asks(ada), Filter(text=offered))).total == 1


async def test_categories_and_terms_of_the_lists_are_offered_before_the_usual_ones(
    board, finding, clock, ada
):
    await board.put(clock(), category="Underwater Welding", terms=("Winter Trimester",))
    assert (await finding.categories(asks(ada), ""))[0] == "Underwater Welding"
    assert "Software" in await finding.categories(asks(ada), "soft")
    terms = await finding.terms(asks(ada), "")
    assert terms[:3] == ["Winter Trimester", "Winter 2026", "Spring 2026"]


async def test_saved_ones_stand_by_their_deadline_and_what_is_over_comes_last(
    board, finding, clock, ada
):
    late = await board.put(clock(), title="late", deadline_on=date(2026, 5, 1))
    soon = await board.put(clock(), title="soon", deadline_on=date(2026, 3, 5))
    over = await board.put(clock(), title="over", deadline_on=date(2026, 3, 3))
    free = await board.put(clock(), title="free")
    for posting in (late, soon, over, free):
        await board.save(ada.member_id, posting, clock())
    await board.move(over, PostingState.CLOSED, closed_at=clock())
    page = await finding.saved(asks(ada))
    assert titles(page) == ["soon", "late", "free", "over"]
    left = await finding.unsave(asks(ada), soon.posting_id)
    assert titles(left) == ["late", "free", "over"]
    assert titles(await finding.unsave(asks(ada), soon.posting_id)) == ["late", "free", "over"]


async def test_the_last_row_of_a_page_taken_off_shows_the_page_before(board, finding, clock, ada):
    kept = [await board.put(clock()) for _number in range(ROWS + 1)]
    for posting in kept:
        await board.save(ada.member_id, posting, clock())
    last = (await finding.saved(asks(ada), 1)).postings[0]
    page = await finding.unsave(asks(ada), last.posting_id, 1)
    assert (page.page, page.total) == (0, ROWS)


async def test_me_names_what_closes_within_a_week_and_tomorrows_is_urgent(
    board, finding, clock, ada, db
):
    async def lines():
        async with db.read() as tx:
            return await finding.today(tx, ada, clock())

    assert await lines() == []
    for days, name in ((1, "Tomorrow Inc"), (6, "Saturday Ltd"), (7, "Next Week GmbH")):
        on = date(2026, 3, 2) + timedelta(days)
        posting = await board.put(clock(), company_name=name, deadline_on=on)
        await board.save(ada.member_id, posting, clock())
    (line,) = await lines()
    assert "Tomorrow Inc (tomorrow), Saturday Ltd (6 days)" in line.text
    assert "Next Week" not in line.text
    assert line.urgent


async def test_an_erased_member_leaves_no_search_behind(finding, ada, db, board):
    await finding.look_for(asks(ada), Filter("something personal"))
    async with db.write() as tx:
        stored = await finding.stored(tx, ada.user_id)
        assert len(stored) == 1
        await tx.execute(delete(memberships.members))
        assert not await board.finding.has_searched(tx, [ada.member_id])
