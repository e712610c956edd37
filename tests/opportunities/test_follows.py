"""Following a search: one private note in the morning, or a line on `/me`, and never a surprise."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.clockwork.recurrence import Weekly
from bot.delivery import budget, outbox, schedules
from bot.delivery.letters import get as find_letter
from bot.delivery.letters import letters
from bot.delivery.schedules import Scope
from bot.errors import NotFound, Refusal
from bot.people import memberships, users
from bot.people.memberships import Delivery, MemberState, Volume
from bot.storage.database import Database
from cogs.opportunities.finding import FindingService
from cogs.opportunities.follows import FollowService, next_morning
from cogs.opportunities.found import MOST_FOLLOWS, MOST_TOLD
from cogs.opportunities.model import Filter, PostingState
from tests.conftest import NEW_YORK, asks, enrol
from tests.opportunities.findable import Board

DATA = Filter(text="data")


@pytest.fixture
def board(db) -> Board:
    return Board(db)


@pytest.fixture
def follows(db, clock, board) -> FollowService:
    return FollowService(db, clock, board.finding, board.postings)


@pytest.fixture
def finding(db, clock, board) -> FindingService:
    return FindingService(db, clock, board.finding, board.postings)


@pytest.fixture
async def ada(db, cohort, clock):
    return await enrol(db, cohort, 1001, "Ada", clock(), delivery=Delivery.DM)


async def change(db: Database, member, **values: Any) -> None:
    async with db.write() as tx:
        await memberships.change(tx, member.member_id, **values)


async def notes(db: Database) -> list[Any]:
    async with db.read() as tx:
        rows = await tx.execute(select(letters).where(letters.c.kind == "follow.news"))
        return rows.all()


def morning(clock, days: int = 1) -> datetime:
    """Nine o'clock in New York, so many days on."""
    clock.now = next_morning(NEW_YORK, clock.now) + timedelta(days=days - 1)
    return clock.now


async def test_nobody_hears_of_anything_without_following(follows, board, clock, ada, db):
    await board.put(clock(), title="Data Intern")
    await follows.sweep(morning(clock))
    assert await notes(db) == []


async def test_what_opened_since_yesterday_comes_in_one_note_in_the_morning(
    follows, board, clock, ada, db
):
    await board.put(clock(), title="Data Intern, before")
    clock.advance(minutes=5)
    await follows.follow(asks(ada), DATA)
    clock.advance(minutes=1)
    await follows.follow(asks(ada), Filter(place="Oslo"))
    clock.advance(minutes=1)
    clock.advance(hours=1)
    first = await board.put(clock(), title="Data Intern", locations=("Oslo",))
    second = await board.put(clock(), title="Designer", locations=("Oslo",))
    await board.put(clock(), title="Designer", locations=("Rome",))
    await follows.sweep(clock.advance(hours=1))
    assert await notes(db) == []

    at = morning(clock)
    await follows.sweep(at)
    await follows.sweep(at + timedelta(minutes=1))
    (note,) = await notes(db)
    assert note.subject["postings"] == [second.posting_id, first.posting_id]
    assert note.place_id == ada.user_id

    await follows.sweep(morning(clock))
    assert len(await notes(db)) == 1


async def test_a_suggestion_is_news_on_the_day_it_is_approved(follows, board, clock, ada, db):
    waiting = await board.put(clock(), title="Data Intern", state=PostingState.QUEUED)
    clock.advance(minutes=1)
    await follows.follow(asks(ada), DATA)
    clock.advance(minutes=1)
    await follows.sweep(morning(clock))
    assert await notes(db) == []
    clock.advance(hours=2)
    await board.move(waiting, PostingState.OPEN, verified_at=clock())
    await follows.sweep(morning(clock))
    assert len(await notes(db)) == 1


async def test_what_was_hidden_for_a_while_is_not_news_again(follows, board, clock, ada, db):
    await follows.follow(asks(ada), DATA)
    clock.advance(minutes=1)
    posting = await board.put(clock(), title="Data Intern")
    await follows.sweep(morning(clock))
    await board.move(posting, PostingState.HIDDEN)
    await board.move(posting, PostingState.OPEN, verified_at=clock())
    await follows.sweep(morning(clock))
    assert len(await notes(db)) == 1


async def test_my_own_suggestion_and_what_i_saved_are_no_news_to_me(
    follows, board, clock, ada, ben, db
):
    await follows.follow(asks(ada), DATA)
    clock.advance(minutes=1)
    await board.put(clock(), title="Data Intern", suggested_by=ada.member_id)
    saved = await board.put(clock(), title="Data Analyst", suggested_by=ben.member_id)
    await board.save(ada.member_id, saved, clock())
    await follows.sweep(morning(clock))
    assert await notes(db) == []


async def test_somebody_who_is_not_written_to_finds_it_on_me_until_they_looked(
    follows, board, clock, ada, db
):
    await change(db, ada, delivery=Delivery.CARD)
    page = await follows.follow(asks(ada), DATA)
    clock.advance(minutes=1)
    assert not page.by_message
    await board.put(clock(), title="Data Intern")
    await follows.sweep(morning(clock))
    assert await notes(db) == []

    async def lines():
        async with db.read() as tx:
            return await follows.today(tx, ada, clock())

    (line,) = await lines()
    assert "1 new opening fits" in line.text
    found = await follows.news(asks(ada), int(line.subject))
    assert [posting.title for posting in found.postings] == ["Data Intern"]
    clock.advance(minutes=1)
    assert await lines() == []
    assert await follows.news(asks(ada), ada.member_id) is None


async def test_a_used_up_budget_keeps_the_news_for_another_morning(follows, board, clock, ada, db):
    await change(db, ada, volume=Volume.LIGHT)
    await follows.follow(asks(ada), DATA)
    clock.advance(minutes=1)
    async with db.write() as tx:
        await outbox.enqueue(
            tx,
            kind="checkin.ask",
            dedupe="an earlier ping",
            place=outbox.Place.user(ada.user_id),
            now=clock(),
            member_id=ada.member_id,
        )
    await board.put(clock(), title="Data Intern")
    await follows.sweep(morning(clock))
    assert await notes(db) == []
    await follows.sweep(morning(clock, 7))
    (note,) = await notes(db)
    assert len(note.subject["postings"]) == 1


async def test_news_leaves_the_weeks_check_in_its_place(follows, board, clock, ada, cohort, db):
    await change(db, ada, volume=Volume.LIGHT)
    await follows.follow(asks(ada), DATA)
    clock.advance(minutes=1)
    fridays = Weekly(weekday=4, at=time(9), anchor=date(2026, 3, 2))
    day = timedelta(days=1)
    async with db.write() as tx:
        await schedules.set_schedule(
            tx, cohort, "checkin", fridays, Scope.MEMBER, grace=day, now=clock()
        )
    await board.put(clock(), title="Data Intern")
    await follows.sweep(morning(clock))
    assert await notes(db) == []


async def test_a_note_uses_the_budget(follows, board, clock, ada, db):
    await follows.follow(asks(ada), DATA)
    clock.advance(minutes=1)
    await board.put(clock(), title="Data Intern")
    await follows.sweep(morning(clock))
    async with db.read() as tx:
        assert not await budget.allows(tx, ada, clock())


async def test_each_hears_in_their_own_morning(follows, board, clock, ada, cohort, db):
    kai = await enrol(
        db, cohort, 1009, "Kai", clock(), delivery=Delivery.DM, zone="Pacific/Auckland"
    )
    for member in (ada, kai):
        await follows.follow(asks(member), DATA)
        clock.advance(minutes=1)
    await board.put(clock(), title="Data Intern")
    at = next_morning("Pacific/Auckland", clock())
    clock.now = at
    await follows.sweep(at)
    assert [note.place_id for note in await notes(db)] == [kai.user_id]
    assert await follows.next_at(at) == next_morning(NEW_YORK, at)
    clock.now = next_morning(NEW_YORK, at)
    await follows.sweep(clock())
    assert [note.place_id for note in await notes(db)] == [kai.user_id, ada.user_id]


@pytest.mark.parametrize("state", [MemberState.PAUSED, MemberState.LEFT])
async def test_who_pauses_or_left_hears_nothing(follows, board, clock, ada, db, state):
    await follows.follow(asks(ada), DATA)
    clock.advance(minutes=1)
    await change(db, ada, state=state)
    await board.put(clock(), title="Data Intern")
    await follows.sweep(morning(clock))
    assert await notes(db) == []


async def test_a_bot_that_was_down_in_the_morning_tells_in_the_afternoon_but_not_at_night(
    follows, board, clock, ada, db
):
    await follows.follow(asks(ada), DATA)
    clock.advance(minutes=1)
    await board.put(clock(), title="Data Intern")
    morning(clock)
    await follows.sweep(clock.advance(hours=12))
    assert await notes(db) == []
    morning(clock)
    await follows.sweep(clock.advance(hours=6))
    assert len(await notes(db)) == 1


async def test_a_closed_inbox_brings_the_news_back_to_me(follows, board, clock, ada, db):
    await follows.follow(asks(ada), DATA)
    clock.advance(minutes=1)
    await board.put(clock(), title="Data Intern")
    await follows.sweep(morning(clock))
    (note,) = await notes(db)
    async with db.write() as tx:
        await users.change(tx, ada.user_id, inbox=users.Inbox.CLOSED)
        letter = await find_letter(tx, note.letter_id)
        assert letter is not None
        await follows.undelivered(tx, letter, 50007, "closed", clock())
    async with db.read() as tx:
        assert len(await follows.today(tx, ada, clock())) == 1


async def test_many_new_openings_are_one_note_with_a_number(follows, board, clock, ada, db):
    await follows.follow(asks(ada), DATA)
    clock.advance(minutes=1)
    for _number in range(MOST_TOLD + 3):
        await board.put(clock(), title="Data Intern")
    await follows.sweep(morning(clock))
    (note,) = await notes(db)
    assert len(note.subject["postings"]) == MOST_TOLD
    news = await follows.for_letter(ada.member_id, note.subject["postings"], note.subject["more"])
    assert len(news.postings) + news.more == MOST_TOLD + 3


async def test_a_note_about_what_closed_meanwhile_is_not_sent(follows, board, clock, ada, db):
    await follows.follow(asks(ada), DATA)
    clock.advance(minutes=1)
    posting = await board.put(clock(), title="Data Intern")
    await follows.sweep(morning(clock))
    (note,) = await notes(db)
    await board.move(posting, PostingState.CLOSED, closed_at=clock())
    ids = note.subject["postings"]
    assert await follows.for_letter(ada.member_id, ids, note.subject["more"]) is None


async def test_following_everything_is_refused_and_the_same_twice_changes_nothing(follows, ada):
    with pytest.raises(Refusal, match="every opening"):
        await follows.follow(asks(ada), Filter(text="  ?! "))
    await follows.follow(asks(ada), Filter(text="data"))
    page = await follows.follow(asks(ada), Filter(text=" data "))
    assert len(page.follows) == 1


async def test_there_is_a_limit_and_stopping_one_makes_room(follows, ada):
    for number in range(MOST_FOLLOWS):
        page = await follows.follow(asks(ada), Filter(text=f"data {number}"))
    with pytest.raises(Refusal, match="already"):
        await follows.follow(asks(ada), Filter(text="one more"))
    await follows.stop(asks(ada), page.follows[0].follow_id)
    page = await follows.follow(asks(ada), Filter(text="one more"))
    assert len(page.follows) == MOST_FOLLOWS


async def test_nobody_stops_or_reads_what_somebody_else_follows(follows, finding, ada, ben):
    page = await follows.follow(asks(ada), DATA)
    with pytest.raises(NotFound):
        await follows.stop(asks(ben), page.follows[0].follow_id)
    assert (await follows.mine(asks(ben))).follows == ()
    assert len((await follows.mine(asks(ada))).follows) == 1


async def test_stopping_these_ends_every_follow(follows, ada, clock, db):
    await follows.follow(asks(ada), DATA)
    async with db.write() as tx:
        assert follows.reason.stop is not None
        await follows.reason.stop(tx, ada, clock())
    assert (await follows.mine(asks(ada))).follows == ()


async def test_what_somebody_follows_is_in_their_export_and_sealed_in_the_database(
    follows, finding, ada, db, database_file
):
    await follows.follow(asks(ada), Filter(text="xylophone"))
    async with db.read() as tx:
        (part,) = await finding.export(tx, ada.user_id)
        assert part.rows[0]["filter"] == {"text": "xylophone"}
        (line,) = await finding.stored(tx, ada.user_id)
        assert "Only you" in line
    kept = b"".join(
        file.read_bytes() for file in database_file.parent.glob(database_file.name + "*")
    )
    assert b"xylophone" not in kept


async def test_a_follow_made_before_the_mornings_news_is_told_the_same_day(
    follows, board, clock, ada, db
):
    clock.now = next_morning(NEW_YORK, clock()) - timedelta(hours=2)
    await follows.follow(asks(ada), DATA)
    clock.advance(minutes=1)
    await board.put(clock(), title="Data Intern")
    await follows.sweep(clock.advance(hours=2))
    assert len(await notes(db)) == 1


def test_a_morning_inside_a_clock_change_exists() -> None:
    before = datetime(2026, 3, 8, 5, tzinfo=UTC)
    assert next_morning(NEW_YORK, before) == datetime(2026, 3, 8, 14, tzinfo=UTC)
