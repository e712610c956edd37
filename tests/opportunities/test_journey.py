"""From a suggestion to a closed opening, in a forum and in a text channel, across restarts."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.people import memberships
from bot.people.memberships import MemberState
from cogs.opportunities.model import PostingState
from tests.conftest import add_cohort, words_of
from tests.opportunities.conftest import ROBOTS

BERLIN, TORONTO = "Europe/Berlin", "America/Toronto"


@pytest.fixture(params=["forum", "text"])
def either(request):
    return request.getfixturevalue("board" if request.param == "forum" else "text_board")


def messages(board):
    if board.channel.threads:
        return [message for post in board.posts() for message in post.history()]
    return list(board.channel.history())


def card_of(board):
    return next(m for m in messages(board) if "Software Engineering Intern" in words_of(m))


@pytest.mark.slow
async def test_an_opening_lives_from_suggestion_to_closing(either):
    board = either
    await board.member(board.ada, zone=BERLIN)
    await board.member(board.ben, zone=TORONTO)
    await board.member(board.chen, zone=TORONTO)

    # suggested by one, approved by a moderator, posted where everybody sees it
    await board.suggest(board.ada, deadline="2026-03-20")
    queue = await board.moderator.slash(board.staff, "post queue")
    approved = await board.moderator.click(queue.response, label="Approve")
    await board.restart()
    await board.moderator.click(approved.response, label="Feature it")
    await board.tick()
    assert "Apply until" in words_of(card_of(board))

    # saved by two who live far apart
    for person in (board.ada, board.ben):
        saved = await person.click(card_of(board), label="Save")
        assert "a week and a day before" in words_of(saved)
    await board.restart()

    # each hears of the deadline on their own morning, seven days and one day before, once
    await board.world.travel(datetime(2026, 3, 13, 7, 59, tzinfo=UTC))
    assert "Closes in" not in board.inbox(board.ada)
    await board.world.travel(datetime(2026, 3, 13, 8, 1, tzinfo=UTC))
    assert "Closes in 7 days" in board.inbox(board.ada)
    assert "Closes in" not in board.inbox(board.ben)
    await board.world.travel(datetime(2026, 3, 13, 13, 1, tzinfo=UTC))
    assert "Closes in 7 days" in board.inbox(board.ben)
    await board.restart()
    await board.world.travel(datetime(2026, 3, 19, 23, 0, tzinfo=UTC))
    for person in (board.ada, board.ben):
        assert board.inbox(person).count("Closes in 7 days") == 1
        assert board.inbox(person).count("Closes tomorrow") == 1
    assert "Closes" not in board.inbox(board.chen)

    # three members find it closed; a moderator looks
    for person in (board.ada, board.ben, board.chen):
        await person.click(card_of(board), label="Closed?")
    assert (await board.posting()).state is PostingState.HIDDEN
    await board.restart()
    await board.tick()
    assert "a moderator looks at it" in words_of(card_of(board))
    staff_card = board.staff.last_message
    assert "Three members say so" in words_of(staff_card)
    refused = await board.ada.click(staff_card, label="Close it")
    assert "moderators" in words_of(refused)
    settled = await board.moderator.click(staff_card, label="Close it")
    assert "members found it closed" in words_of(settled)
    await board.tick()
    assert "members found it closed" in words_of(card_of(board))
    assert (await board.posting()).state is PostingState.CLOSED
    board.env.errors.clear()


async def test_an_opening_is_tracked_by_one_tap_and_only_once(board):
    await board.member(board.ada)
    await board.feature(deadline="2026-03-20")
    for _time in range(2):
        tracked = await board.ada.click(card_of(board), label="Track application")
        assert tracked.ephemeral
        assert "Tracked · only you" in words_of(tracked)
    mine = await board.ada.click(tracked.response, label="My applications")
    assert words_of(mine).count("Software Engineering Intern") >= 1
    refused = await board.stranger.click(card_of(board), label="Save")
    assert "have not joined" in words_of(refused)
    board.env.errors.clear()


async def test_openings_of_two_cohorts_stand_in_their_own_channels(board):
    other = board.guild.create_text_channel("autumn-openings")
    places = {
        name: getattr(board.cohort, name)
        for name in ("announcements_id", "checkins_id", "staff_id")
    }
    now, guild_id = board.env.now(), board.guild.id
    await add_cohort(board.db, guild_id, now, name="Autumn", opportunities_id=other.id, **places)
    unclear = await board.moderator.slash(board.staff, "post opportunity")
    assert "Which cohort?" in words_of(unclear)
    offered = await board.moderator.autocomplete(board.staff, "post opportunity", "cohort", "aut")
    assert [choice["name"] for choice in offered] == ["Autumn"]
    asked = await board.moderator.slash(board.staff, "post opportunity", cohort=offered[0]["value"])
    card = await board.moderator.submit_modal(asked, ROBOTS)
    await board.moderator.click(card.response, label="Feature it")
    await board.tick()
    assert "Robots Inc" in words_of(other.last_message)
    assert board.posts() == []
    board.env.errors.clear()


async def test_a_moderator_finds_it_open_and_the_votes_begin_anew(board):
    people = (board.ada, board.ben, board.chen)
    for person in people:
        await board.member(person)
    await board.feature()
    card = card_of(board)
    for person in people:
        await person.click(card, label="Closed?")
    await board.tick()
    await board.moderator.click(board.staff.last_message, label="Still open")
    await board.travel(seconds=5)
    assert (await board.posting()).active
    assert "Save" in words_of(card_of(board)).splitlines()
    vote = await board.ada.click(card_of(board), label="Closed?")
    assert "2 more members" in words_of(vote)


@pytest.mark.slow
async def test_nobody_is_reminded_who_pauses_left_took_it_off_or_wants_none(board):
    for person in (board.ada, board.ben, board.chen, board.mentor):
        await board.member(person)
    await board.feature(deadline="2026-03-20")
    for person in (board.ada, board.ben, board.chen, board.mentor):
        await person.click(card_of(board), label="Save")
    async with board.db.write() as tx:
        here = await memberships.in_cohort(tx, board.cohort.cohort_id)
        by_user = {member.user_id: member for member in here}
        await memberships.pause(
            tx, by_user[board.ada.id], datetime(2026, 3, 2, tzinfo=UTC).date(), None
        )
        await memberships.change(tx, by_user[board.ben.id].member_id, state=MemberState.LEFT)
    taken = await board.chen.click(card_of(board), label="Save")
    await board.chen.click(taken.response, label="Not on my list any more")
    await board.world.travel(datetime(2026, 3, 14, 12, 0, tzinfo=UTC))
    for person in (board.ada, board.ben, board.chen):
        assert "Closes" not in board.inbox(person)
    assert "Closes in 7 days" in board.inbox(board.mentor)
    why = await board.mentor.user.click(
        board.mentor.user.dm_channel.history()[-1], label="Why did I get this?"
    )
    assert "You saved this opening" in words_of(why)
    await board.mentor.user.click(why.response, label="Stop these")
    await board.world.travel(datetime(2026, 3, 20, 12, 0, tzinfo=UTC))
    assert "Closes tomorrow" not in board.inbox(board.mentor)


async def test_reminders_of_saved_deadlines_use_none_of_the_message_budget(board):
    await board.member(board.ada, volume=memberships.Volume.LIGHT)
    for n in range(3):
        await board.feature(
            link=f"https://jobs.example.com/{n}", title=f"Intern {n}", deadline="2026-03-10"
        )
    for post in board.posts():
        await board.ada.click(post.history()[0], label="Save")
    await board.world.travel(datetime(2026, 3, 9, 18, 0, tzinfo=UTC))
    assert board.inbox(board.ada).count("Closes tomorrow") == 3


async def test_what_is_saved_late_is_not_told_of_mornings_that_are_over(board):
    await board.member(board.ada)
    await board.feature(deadline="2026-03-06")
    await board.ada.click(card_of(board), label="Save")
    await board.world.travel(datetime(2026, 3, 4, 23, 0, tzinfo=UTC))
    assert "Closes" not in board.inbox(board.ada)
    await board.world.travel(datetime(2026, 3, 5, 23, 0, tzinfo=UTC))
    assert board.inbox(board.ada).count("Closes tomorrow") == 1


async def test_a_deadline_that_moves_is_told_anew(board):
    await board.member(board.ada)
    await board.feature(deadline="2026-03-10")
    await board.ada.click(card_of(board), label="Save")
    await board.world.travel(datetime(2026, 3, 3, 18, 0, tzinfo=UTC))
    assert board.inbox(board.ada).count("Closes in 7 days") == 1
    card = await board.moderator.slash(board.staff, "post edit", opening="1")
    asked = await board.moderator.click(card.response, label="Edit")
    await board.moderator.submit_modal(
        asked,
        {
            "link": "https://jobs.example.com/robots",
            "company": "Robots",
            "title": "Software Engineering Intern",
            "places": "",
            "deadline": "2026-03-17",
        },
    )
    await board.world.travel(datetime(2026, 3, 10, 18, 0, tzinfo=UTC))
    assert board.inbox(board.ada).count("Closes in 7 days") == 2


async def test_a_passed_deadline_is_asked_about_then_closed(board):
    await board.feature(deadline="2026-03-04")
    await board.world.travel(datetime(2026, 3, 4, 23, 0, tzinfo=UTC))
    assert not [m for m in board.staff.history() if "may be over" in words_of(m)]
    await board.world.travel(datetime(2026, 3, 6, 23, 0, tzinfo=UTC))
    assert len([m for m in board.staff.history() if "may be over" in words_of(m)]) == 1
    await board.restart()
    await board.world.travel(datetime(2026, 3, 14, 23, 0, tzinfo=UTC))
    posting = await board.posting()
    assert posting.state is PostingState.CLOSED
    assert "its deadline has passed" in words_of(card_of(board))


@pytest.mark.slow
async def test_after_thirty_days_without_a_look_a_moderator_says_what_still_stands(board):
    await board.post()
    await board.post(link="https://jobs.example.com/2", title="Design Intern")
    await board.world.travel(board.env.now() + timedelta(days=31))
    card = next(m for m in board.staff.history() if "2 openings may be over" in words_of(m))
    doubts = await board.moderator.click(card, label="Check them")
    stand = await board.moderator.select(doubts.response, ["1"], custom_id="posting.stand:")
    assert "1 still stands" in words_of(stand)
    over = await board.moderator.select(stand.response, ["2"], custom_id="posting.put_away:")
    assert "Everything is checked" in words_of(over)
    assert (await board.posting(1)).active
    assert (await board.posting(2)).state is PostingState.CLOSED
