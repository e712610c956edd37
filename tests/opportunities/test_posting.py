"""Posting as a moderator lives it: a form, a card, a forum post, a second thought."""

import pytest

from bot.people.cohorts import CohortState, require
from cogs.opportunities.model import Entry, PostingState, Source
from tests.conftest import words_of
from tests.opportunities.conftest import ROBOTS


async def test_an_opening_is_posted_in_one_form_and_found_at_once(board):
    card = await board.post()
    assert card.ephemeral
    words = words_of(card)
    assert "Posted" in words
    assert "Robots Inc – Software Engineering Intern" in words
    assert "Nobody was pinged" in words
    assert (await board.posting()).active
    assert board.posts() == []


async def test_more_details_are_kept_and_become_tags_of_the_forum_post(board):
    card = await board.post()
    asked = await board.moderator.click(card.response, label="More details")
    detailed = await board.moderator.submit_modal(
        asked, {"terms": "Summer 2026", "category": ["Software"], "degrees": "PhD", "tags": "rust"}
    )
    assert "Study term: Summer 2026" in words_of(detailed)
    await board.moderator.click(detailed.response, label="Feature it")
    await board.tick()
    (post,) = board.posts()
    assert post.name == "Robots Inc – Software Engineering Intern"
    assert board.tags(post) == ["Software", "Remote", "Summer 2026", "Toronto", "rust"]
    assert "Track application" in words_of(post.history()[0])


async def test_the_same_opening_is_refused_with_a_link_to_the_first(board):
    await board.feature()
    again = await board.post(link="http://WWW.Jobs.Example.com/robots/apply/?ref=linkedin")
    assert "is posted already" in words_of(again)
    (post,) = board.posts()
    assert f"/{post.id}/" in words_of(again)
    assert await board.posting(2) is None
    board.env.errors.clear()


async def test_what_looks_like_another_is_posted_with_a_warning_that_links_the_first(board):
    await board.post()
    card = await board.post(
        link="https://elsewhere.example.com/1", company="Robots", title="Software Engineer Intern"
    )
    assert "this looks like" in words_of(card)
    assert "https://jobs.example.com/robots" in words_of(card)


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"link": "ftp://jobs.example.com/1"}, "https://"),
        ({"link": "javascript:alert(1)"}, "https://"),
        ({"link": "http://localhost:8000/job"}, "private network"),
        ({"link": "http://192.168.1.7/job"}, "network address"),
        ({"link": "http://2130706433/job"}, "network address"),
        ({"link": "http://[::1]/job"}, "network address"),
        ({"link": "https://jobs.internal/1"}, "private network"),
        ({"link": "https://user:secret@jobs.example.com/1"}, "name or password"),
        ({"link": "https://jobs.example.com:8443/1"}, "port"),
        ({"link": "https://jobs.example.com/" + "a" * 1975}, "longer than"),
        ({"deadline": "2026-01-31"}, "has passed"),
        ({"deadline": "the day after never"}, "could not read"),
    ],
)
async def test_bad_input_is_refused_and_what_was_typed_is_kept(board, answers, says):
    refused = await board.post(**answers)
    assert says in words_of(refused)
    assert "Try again" in words_of(refused)
    assert await board.posting() is None
    board.env.errors.clear()


async def test_text_of_a_posting_can_neither_ping_nor_break_out(board):
    card = await board.post(
        company="@everyone ``` <@1>", title="[free](https://e.example) \u202eevil \U0001f680\x07"
    )
    shown = words_of(card)
    assert "@everyone" not in shown
    assert "```" not in shown
    assert "<@1>" not in shown
    assert "\u202e" not in shown
    assert "\U0001f680" in shown


async def test_at_most_a_set_number_stands_out_a_day_and_the_rest_waits_its_turn(board):
    for n in range(4):
        card = await board.feature(link=f"https://jobs.example.com/{n}", title=f"Intern {n}")
    assert "3 a day at most" in words_of(card)
    assert len(board.posts()) == 3
    kept = await board.feature(link="https://jobs.example.com/4", title="Intern 4")
    await board.moderator.click(kept.response, label="Not in the channel after all")
    await board.travel(days=1)
    assert len(board.posts()) == 4


async def test_the_set_number_can_be_changed_where_it_was_met(board):
    for n in range(3):
        await board.feature(link=f"https://jobs.example.com/{n}", title=f"Intern {n}")
    card = await board.post(link="https://jobs.example.com/9", title="Intern 9")
    assert "Today is full" in words_of(card)
    changed = await board.moderator.select(card.response, ["10"])
    await board.moderator.click(changed.response, label="Feature it")
    await board.tick()
    assert len(board.posts()) == 4


async def test_a_post_is_made_without_new_tags_where_the_forum_does_not_let_us(board):
    board.env.inject_error("PATCH", f"/channels/{board.channel.id}", status=403, code=50013)
    await board.feature()
    (post,) = board.posts()
    assert board.tags(post) == []


async def test_a_twenty_first_tag_is_left_out(board):
    board.forum().available_tags = [
        {"id": str(n), "name": f"tag {n}", "moderated": False, "emoji_id": None, "emoji_name": None}
        for n in range(1, 20)
    ] + [{"id": "99", "name": "toronto", "moderated": False, "emoji_id": None, "emoji_name": None}]
    await board.feature()
    (post,) = board.posts()
    assert board.tags(post) == ["toronto"]
    assert len(board.forum().available_tags) == 20


async def test_where_the_channel_is_gone_the_staff_hears_it_and_everything_else_goes_on(board):
    board.env.backend.delete_channel(board.channel.id)
    await board.feature()
    await board.tick()
    assert "I could not post" in words_of(board.staff.last_message)
    assert (await board.posting()).active
    async with board.db.read() as tx:
        assert (await require(tx, board.cohort.cohort_id)).state is CohortState.LIVE


async def test_in_a_text_channel_it_is_a_silent_card(text_board):
    await text_board.feature()
    message = text_board.channel.last_message
    assert "Software Engineering Intern" in words_of(message)
    assert message.flags.suppress_notifications


async def test_a_closed_posting_says_so_where_it_stands_and_can_be_opened_again(board):
    await board.feature()
    closed = await board.moderator.slash(board.staff, "post close", opening="1")
    await board.tick()
    (post,) = board.posts()
    assert "a moderator closed it" in words_of(post.history()[0])
    assert "Save" not in words_of(post.history()[0]).splitlines()
    assert "Closed" in words_of(post.history()[-1])
    await board.moderator.click(closed.response, label="Open it again")
    await board.travel(seconds=5)
    assert "Save" in words_of(post.history()[0]).splitlines()
    assert "open again" in words_of(post.history()[-1])


async def test_a_correction_shows_where_it_stands(board):
    await board.feature()
    card = await board.moderator.slash(board.staff, "post edit", opening="1")
    asked = await board.moderator.click(card.response, label="Edit")
    await board.moderator.submit_modal(asked, {**ROBOTS, "places": "Berlin", "deadline": "1 Apr"})
    await board.tick()
    (post,) = board.posts()
    assert "Berlin" in words_of(post.history()[0])
    assert (await board.posting()).deadline_on.isoformat() == "2026-04-01"


async def test_what_was_just_posted_can_be_taken_back_for_ten_minutes(board):
    card = await board.post()
    await board.restart()
    taken = await board.moderator.click(card.response, label="Take it back")
    assert "Taken back" in words_of(taken)
    assert await board.posting() is None
    late = await board.post()
    await board.travel(minutes=11)
    refused = await board.moderator.click(late.response, label="Take it back")
    assert "Ten minutes are over" in words_of(refused)
    board.env.errors.clear()


async def test_openings_to_edit_and_close_are_offered_while_typing(board):
    await board.post()
    offered = await board.moderator.autocomplete(board.staff, "post edit", "opening", "robo")
    assert [choice["name"] for choice in offered] == ["Robots Inc – Software Engineering Intern"]


async def test_the_words_of_a_long_queue_can_be_narrowed_and_all_of_them_approved(board):
    async with board.db.write() as tx:
        store = board.store
        rows = [
            (
                Entry("Firm", f"Intern {n}", f"https://a.example/{n}", category="Software"),
                {
                    "guild_id": board.guild.id,
                    "source": Source.FEED,
                    "canonical": f"a.example/{n}",
                    "twin_key": "",
                    "state": PostingState.QUEUED,
                    "verified_at": board.env.now(),
                    "made_at": board.env.now(),
                },
            )
            for n in range(52)
        ]
        await store.add_many(tx, rows)
    queue = await board.moderator.slash(board.staff, "post queue")
    assert "52 openings wait" in words_of(queue)
    asked = await board.moderator.click(queue.response, label="Search words…")
    found = await board.moderator.submit_modal(asked, {"text": "intern 1", "place": ""})
    assert "15 match" in words_of(found)
    sure = await board.moderator.click(found.response, label="Approve all 15 matching")
    assert "Post 15 openings?" in words_of(sure)
    done = await board.moderator.click(sure.response, label="Post 15 openings")
    assert "15 openings posted" in words_of(done)
    assert "37 openings wait" in words_of(done)
