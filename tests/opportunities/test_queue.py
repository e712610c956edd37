"""What members pass on, and how moderators answer it, alone or at the same moment."""

import pytest

from bot.errors import NotAllowed, Refusal
from bot.people import cohorts
from bot.people.caller import Caller
from bot.people.requests import Requests
from cogs.opportunities.intake import Origin
from cogs.opportunities.model import Entry, Filter, Offer, PostingState, Source
from cogs.opportunities.queue import QueueService
from cogs.opportunities.readers import ReaderService
from cogs.opportunities.service import PostingService
from cogs.opportunities.store import PostingStore
from cogs.opportunities.suggestions import SuggestionService
from cogs.opportunities.telling import Telling
from tests.conftest import asks, words_of

MODERATOR = Caller(user_id=900, guild_id=500, name="Mo", manages_guild=True)
SECOND = Caller(user_id=901, guild_id=500, name="Mia", manages_guild=True)
OFFER = Offer("https://a.example/1", "Robots", "Intern", "Toronto")


class Desk:
    """The services as moderators and members use them."""

    def __init__(self, db, clock):
        self.db, self.clock, self.store = db, clock, PostingStore()
        telling = Telling(self.store)
        self.service = PostingService(db, clock, self.store, telling)
        self.queue = QueueService(db, clock, self.store, telling)
        self.suggestions = SuggestionService(db, clock, self.store, telling)
        self.readers = ReaderService(db, clock, self.store, telling, Requests())

    async def posting(self, number=1):
        async with self.db.read() as tx:
            return await self.store.get(tx, number)

    async def bring(self, count, **values):
        entries = [
            Entry(f"Firm {n}", "Intern", f"https://a.example/{n}", category="Software", **values)
            for n in range(count)
        ]
        async with self.db.write() as tx:
            origin = Origin(500, Source.FEED, goes=PostingState.QUEUED)
            return await self.service.accept_many(tx, origin, entries, self.clock())


@pytest.fixture
def desk(db, clock):
    return Desk(db, clock)


async def test_nobody_but_a_moderator_posts_looks_or_decides(desk, ada):
    await desk.suggestions.suggest(asks(ada), OFFER)
    for attempt in (
        desk.service.post(asks(ada), OFFER),
        desk.service.look_at(asks(ada), 1),
        desk.service.close(asks(ada), 1),
        desk.service.feature(asks(ada), 1),
        desk.service.choices(asks(ada), "rob"),
        desk.queue.queue(asks(ada)),
        desk.queue.approve(asks(ada), 1),
        desk.queue.decline(asks(ada), 1, "no"),
        desk.queue.approve_all(asks(ada), "9-x"),
        desk.queue.verify(asks(ada), [1]),
        desk.queue.put_away(asks(ada), [1]),
    ):
        with pytest.raises(NotAllowed):
            await attempt
    assert (await desk.posting()).state is PostingState.QUEUED


async def test_a_moderator_of_another_server_reaches_nothing(desk, ada, clock):
    await desk.suggestions.suggest(asks(ada), OFFER)
    async with desk.db.write() as tx:
        await cohorts.add(tx, 501, "Elsewhere", now=clock())
    other = Caller(user_id=902, guild_id=501, name="Max", manages_guild=True)
    with pytest.raises(Refusal):
        await desk.queue.approve(other, 1)
    with pytest.raises(Refusal):
        await desk.service.close(other, 1)
    page = await desk.queue.queue(other)
    assert page.waiting == 0


async def test_of_two_moderators_the_second_hears_that_it_is_done(desk, ada):
    await desk.suggestions.suggest(asks(ada), OFFER)
    first, _page = await desk.queue.approve(MODERATOR, 1)
    second, page = await desk.queue.approve(SECOND, 1)
    assert first is not None
    assert second is None
    assert "approved that one meanwhile" in page.news
    page = await desk.queue.decline(SECOND, 1, "too late")
    assert "approved that one meanwhile" in page.news
    posting = await desk.posting()
    assert posting.active
    assert posting.reason == ""


async def test_a_suggestion_of_what_is_here_is_refused_kindly(desk, ada, ben):
    await desk.suggestions.suggest(asks(ada), OFFER)
    with pytest.raises(Refusal, match="was suggested already"):
        await desk.suggestions.suggest(asks(ben), OFFER)
    await desk.queue.approve(MODERATOR, 1)
    with pytest.raises(Refusal, match="it is here already"):
        await desk.suggestions.suggest(asks(ben), OFFER)


async def test_what_was_declined_a_moderator_can_still_post(desk, ada):
    await desk.suggestions.suggest(asks(ada), OFFER)
    await desk.queue.decline(MODERATOR, 1, "not for interns")
    page = await desk.service.post(MODERATOR, OFFER)
    assert page.posting.active
    assert page.posting.suggested_by is None
    assert page.posting.reason == ""


async def test_a_member_has_ten_suggestions_waiting_at_most(desk, ada):
    for n in range(10):
        await desk.suggestions.suggest(asks(ada), Offer(f"https://a.example/{n}", "R", f"T{n}"))
    with pytest.raises(Refusal, match="wait already"):
        await desk.suggestions.suggest(asks(ada), Offer("https://a.example/x", "R", "T"))


async def test_above_fifty_the_queue_is_a_list_and_everything_matching_is_approved(desk, cohort):
    await desk.bring(60)
    await desk.bring(0)
    async with desk.db.write() as tx:
        origin = Origin(500, Source.FEED, goes=PostingState.QUEUED)
        entries = [
            Entry("Paint", "Intern", f"https://b.example/{n}", category="Design") for n in range(5)
        ]
        await desk.service.accept_many(tx, origin, entries, desk.clock())
    page = await desk.queue.queue(MODERATOR)
    assert page.as_list
    assert (page.waiting, page.matching, len(page.shown)) == (65, 65, 10)
    page = await desk.queue.look_for(MODERATOR, category="Design")
    assert (page.matching, page.categories) == (5, ("Design", "Software"))
    seen = page.seen
    async with desk.db.write() as tx:
        late = Entry("Paint", "Late intern", "https://b.example/late", category="Design")
        await desk.service.accept_many(tx, origin, [late], desk.clock())
    other = await desk.queue.approve_all(SECOND, seen)
    assert "otherwise" in other.news
    page = await desk.queue.approve_all(MODERATOR, seen)
    assert "5 openings posted" in page.news
    assert page.waiting == 61
    async with desk.db.read() as tx:
        waiting, _latest = await desk.store.count_queued(tx, 500, Filter(category="Design"))
    assert waiting == 1


async def test_a_filter_belongs_to_the_moderator_who_chose_it(desk, cohort):
    await desk.bring(60)
    await desk.queue.look_for(MODERATOR, text="firm 55")
    assert (await desk.queue.queue(MODERATOR)).matching == 1
    assert (await desk.queue.queue(SECOND)).matching == 60


async def test_three_members_hide_it_and_a_second_press_changes_nothing(desk, ada, ben, cohort):
    await desk.service.post(MODERATOR, OFFER)
    assert "2 more members" in (await desk.readers.doubt(asks(ada), 1)).news
    assert "already" in (await desk.readers.doubt(asks(ada), 1)).news
    assert "1 more member" in (await desk.readers.doubt(asks(ben), 1)).news
    assert (await desk.posting()).active


async def test_rows_are_posted_once_and_taken_back_once(desk, cohort):
    page = await desk.service.paste(MODERATOR, "https://a.example/1\tRobots\tIntern")
    await desk.service.post_rows(MODERATOR, page.batch.batch_id)
    again = await desk.service.post_rows(SECOND, page.batch.batch_id)
    assert "done already" in again.news
    assert await desk.posting(2) is None
    await desk.service.undo_rows(SECOND, page.batch.batch_id)
    assert await desk.posting() is None
    again = await desk.service.undo_rows(MODERATOR, page.batch.batch_id)
    assert "already" in again.news


async def test_a_posting_without_a_channel_says_how_to_choose_one(desk, cohort):
    await desk.service.post(MODERATOR, OFFER)
    with pytest.raises(Refusal, match="/cohort edit"):
        await desk.service.feature(MODERATOR, 1)


async def test_a_closed_opening_is_opened_again_rather_than_posted_twice(desk, cohort):
    await desk.service.post(MODERATOR, OFFER)
    await desk.service.close(MODERATOR, 1)
    with pytest.raises(Refusal, match="open it again"):
        await desk.service.post(SECOND, OFFER)
    again = await desk.service.close(SECOND, 1)
    assert "already" in again.news
    assert (await desk.service.reopen(MODERATOR, 1)).posting.active


async def test_an_edit_may_not_become_another_opening(desk, cohort):
    await desk.service.post(MODERATOR, OFFER)
    await desk.service.post(MODERATOR, Offer("https://a.example/2", "Robots", "Other"))
    with pytest.raises(Refusal, match="is posted already"):
        await desk.service.change(MODERATOR, 2, OFFER)


# --- as people live it


async def test_a_decline_reaches_whoever_suggested_it_with_its_reason(board):
    await board.member(board.ada)
    told = await board.suggest(board.ada)
    assert "moderator" in words_of(told)
    await board.tick()
    assert "A suggested opening waits" in words_of(board.staff.last_message)
    queue = await board.moderator.click(board.staff.last_message, label="Look through")
    assert "Suggested by" in words_of(queue)
    asked = await board.moderator.click(queue.response, label="Decline…")
    done = await board.moderator.submit_modal(asked, {"reason": "It is for *seniors*. @everyone"})
    assert "Nothing waits" in words_of(done)
    await board.tick()
    note = board.inbox(board.ada)
    assert "About your suggestion" in note
    assert "for \\*seniors\\*" in note
    assert "@everyone" not in note


async def test_a_suggestion_is_edited_then_approved_and_the_next_is_a_tap_away(board):
    await board.member(board.ada)
    await board.suggest(board.ada, title="intern")
    await board.suggest(board.ada, link="https://jobs.example.com/2", title="Second")
    queue = await board.moderator.slash(board.staff, "post queue")
    asked = await board.moderator.click(queue.response, label="Edit")
    edited = await board.moderator.submit_modal(
        asked,
        {
            "link": "https://jobs.example.com/robots",
            "company": "Robots",
            "title": "Robotics Intern",
            "places": "",
            "deadline": "",
        },
    )
    back = await board.moderator.click(edited.response, label="Back to the queue")
    assert "Robotics Intern" in words_of(back)
    approved = await board.moderator.click(back.response, label="Approve")
    assert "Robots – Robotics Intern" in words_of(approved)
    onward = await board.moderator.click(approved.response, label="Next one (1 waits)")
    assert "Second" in words_of(onward)
    await board.tick()
    assert "Your suggestion is posted" in board.inbox(board.ada)


async def test_the_status_says_what_waits(board):
    await board.member(board.ada)
    await board.suggest(board.ada)
    status = await board.moderator.slash(board.staff, "cohort status")
    assert "1 suggested opening waits" in words_of(status)
    queue = await board.moderator.click(status.response, label="Look through")
    assert "Approve" in words_of(queue)
