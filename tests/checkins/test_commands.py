"""A week as its people live it: asked, answered, edited, shared, helped with, restarted."""

from datetime import UTC, datetime, time

import pytest

from bot.people import users
from bot.people.memberships import Delivery
from bot.people.users import Inbox
from bot.storage.drafts import drafts
from tests.conftest import count, words_of

NINE = datetime(2026, 3, 9, 13, 0, tzinfo=UTC)
"""Nine on the second Monday in New York, whose clocks changed the day before."""
WEEK = {"progress": "I read the billing code", "win": "", "blocker": "", "focus": ""}


@pytest.fixture
async def weekly(world):
    """The cohort is asked every Monday at nine."""
    await world.ask_weekly()
    return world


def inbox(person):
    return person.user.dm_channel.history()


async def answer(person, result, **answers):
    return await person.submit_modal(result, {**WEEK, **answers})


async def test_a_member_is_asked_by_message_at_nine_and_answers_in_one_form(weekly):
    await weekly.join(weekly.ada, delivery=Delivery.DM, inbox=Inbox.OPEN)
    await weekly.travel(NINE)
    asked = inbox(weekly.ada)[-1]
    assert asked.created_at == NINE
    assert "Week 2: how is it going?" in words_of(asked)
    form = await weekly.ada.user.click(asked, label="Check in")
    assert form.modal["title"] == "Check-in, week 2 · only you"
    saved = await weekly.ada.user.submit_modal(form, {**WEEK, "confidence": "4"})
    assert "Week 2: saved" in words_of(saved)
    assert "Only you can read it" in words_of(saved)
    assert "Going well" in words_of(saved)


async def test_a_refused_check_in_opens_again_with_the_weeks_question_and_what_was_typed(weekly):
    await weekly.join(weekly.ada)
    first = await weekly.ada.slash(weekly.checkins, "checkin now")
    refused = await answer(weekly.ada, first, progress=" ", win="The first green build")
    await weekly.restart()
    again = await weekly.ada.click(refused.response, label="Try again")
    assert label_of(again, "progress") == label_of(first, "progress") != "What moved this week?"
    assert "The first green build" in str(again.modal)
    saved = await answer(weekly.ada, again)
    assert "saved" in words_of(saved)
    weekly.env.errors.clear()


def label_of(result, field):
    parts = result.modal["components"]
    return next(each["label"] for each in parts if each["component"]["custom_id"] == field)


async def test_the_channel_has_a_silent_card_with_a_thread_that_mentions_who_chose_it(weekly):
    await weekly.join(weekly.ada, delivery=Delivery.THREAD)
    await weekly.join(weekly.ben, delivery=Delivery.THREAD)
    await weekly.join(weekly.chen)
    await weekly.travel(NINE)
    card = weekly.checkins.history()[0]
    assert card.flags.suppress_notifications
    assert "Check-in, week 2" in words_of(card)
    (thread,) = weekly.checkins.threads
    called = thread.history()[-1]
    assert f"<@{weekly.ada.id}>" in words_of(called)
    assert f"<@{weekly.ben.id}>" in words_of(called)
    assert f"<@{weekly.chen.id}>" not in words_of(called)


async def test_everyone_is_asked_at_nine_where_they_live_and_once(weekly):
    await weekly.join(weekly.ada, delivery=Delivery.DM, inbox=Inbox.OPEN, zone="Asia/Kathmandu")
    await weekly.join(weekly.ben, delivery=Delivery.DM, inbox=Inbox.OPEN)
    await weekly.travel(NINE)
    asked = {
        person: [m.created_at for m in inbox(person) if "how is it going" in words_of(m)]
        for person in (weekly.ada, weekly.ben)
    }
    assert asked[weekly.ada] == [datetime(2026, 3, 9, 3, 15, tzinfo=UTC)]
    assert asked[weekly.ben] == [NINE]


async def test_a_mention_waits_for_the_end_of_somebodys_quiet_hours(weekly):
    member = await weekly.join(weekly.ada, delivery=Delivery.THREAD)
    await weekly.join(weekly.ben, delivery=Delivery.THREAD)
    async with weekly.db.write() as tx:
        await users.change(tx, member.user_id, quiet_to=time(10, 30))
    await weekly.travel(NINE.replace(hour=15))
    (thread,) = weekly.checkins.threads
    called = [(m.created_at, words_of(m)) for m in thread.history() if "<@" in words_of(m)]
    assert [at for at, _words in called] == [NINE, NINE.replace(hour=14, minute=30)]
    assert f"<@{weekly.ada.id}>" in called[1][1]


async def test_closed_messages_fall_back_to_the_weeks_thread(weekly):
    await weekly.join(weekly.ada, delivery=Delivery.DM, inbox=Inbox.OPEN)
    messages = f"/channels/{weekly.ada.user.dm_channel.id}/messages"
    weekly.env.inject_error("POST", messages, status=403, code=50007, message="Cannot send")
    await weekly.travel(NINE)
    await weekly.travel(NINE.replace(minute=5))
    assert any(
        f"<@{weekly.ada.id}>" in words_of(message)
        for thread in weekly.checkins.threads
        for message in thread.history()
    )


@pytest.mark.slow
async def test_who_has_not_answered_is_reminded_once_twelve_hours_before_the_end(weekly):
    await weekly.join(weekly.ada, delivery=Delivery.DM, inbox=Inbox.OPEN)
    await weekly.join(weekly.ben, delivery=Delivery.DM, inbox=Inbox.OPEN)
    await weekly.travel(NINE)
    form = await weekly.ben.user.click(inbox(weekly.ben)[-1], label="Check in")
    await weekly.ben.user.submit_modal(form, WEEK)
    await weekly.travel(NINE.replace(day=14))
    reminded = [m for m in inbox(weekly.ada) if "Still open" in words_of(m)]
    assert len(reminded) == 1
    assert not [m for m in inbox(weekly.ben) if "Still open" in words_of(m)]


async def test_an_answer_after_the_window_is_taken_and_marked(weekly):
    await weekly.join(weekly.ada)
    await weekly.travel(NINE.replace(day=13))
    form = await weekly.ada.slash(weekly.checkins, "checkin now")
    saved = await answer(weekly.ada, form)
    assert "It came late and counts all the same" in words_of(saved)


async def test_a_form_sent_after_the_next_check_in_opened_is_kept_and_offered(weekly):
    await weekly.join(weekly.ada)
    await weekly.travel(NINE)
    form = await weekly.ada.slash(weekly.checkins, "checkin now")
    await weekly.travel(NINE.replace(day=16))
    late = await answer(weekly.ada, form, progress="Written for last week")
    assert "next check-in has opened" in words_of(late)
    assert await count(weekly.db, drafts) == 1
    await weekly.restart()
    again = await weekly.ada.click(late.response, label="Use it for this week")
    assert "Written for last week" in str(again.modal)
    saved = await answer(weekly.ada, again)
    assert "Week 3: saved" in words_of(saved)
    weekly.env.errors.clear()


async def test_editing_opens_the_form_filled_and_keeps_one_answer(weekly):
    await weekly.join(weekly.ada)
    await weekly.travel(NINE)
    first = await answer(weekly.ada, await weekly.ada.slash(weekly.checkins, "checkin now"))
    await weekly.restart()
    form = await weekly.ada.click(first.response, label="Edit")
    assert "I read the billing code" in str(form.modal)
    saved = await answer(weekly.ada, form, progress="I changed the billing code")
    assert "I changed the billing code" in words_of(saved)
    history = await weekly.ada.slash(weekly.checkins, "checkin history")
    assert words_of(history).count("Week 2") == 1 or "1 week in a row" in words_of(history)


async def test_last_weeks_focus_is_one_tap_away(weekly):
    await weekly.join(weekly.ada, delivery=Delivery.DM, inbox=Inbox.OPEN)
    await weekly.travel(NINE)
    form = await weekly.ada.user.click(inbox(weekly.ada)[-1], label="Check in")
    await weekly.ada.user.submit_modal(form, {**WEEK, "focus": "Write the first test"})
    await weekly.travel(NINE.replace(day=16))
    asked = inbox(weekly.ada)[-1]
    assert "Write the first test" in words_of(asked)
    again = await weekly.ada.user.click(asked, label="Same focus again")
    assert "Write the first test" in str(again.modal)


async def test_what_is_written_directly_is_echoed_and_saved_on_a_press(weekly):
    await weekly.join(weekly.ada, delivery=Delivery.DM, inbox=Inbox.OPEN)
    await weekly.travel(NINE)
    await weekly.ada.user.send_dm("Merged my first change today")
    echoed = inbox(weekly.ada)[-1]
    assert "Merged my first change today" in words_of(echoed)
    await weekly.restart()
    saved = await weekly.ada.user.click(echoed, label="Save as check-in")
    assert "Week 2: saved" in words_of(saved)
    assert await count(weekly.db, drafts) == 0


async def test_a_blocker_reaches_the_mentors_without_a_name_and_help_comes_back_privately(weekly):
    await weekly.join(weekly.ada, delivery=Delivery.DM, inbox=Inbox.OPEN)
    await weekly.travel(NINE)
    form = await weekly.ada.slash(weekly.checkins, "checkin now")
    saved = await answer(weekly.ada, form, blocker="The test database refuses me")
    preview = await weekly.ada.click(saved.response, label="Get help with the blocker…")
    assert f"<#{weekly.mentors.id}>" in words_of(preview)
    await weekly.ada.click(preview.response, label="Ask without my name")
    await weekly.tick()
    asked = weekly.mentors.history()[-1]
    assert "The test database refuses me" in words_of(asked)
    assert "ada" not in words_of(asked).lower().replace("read", "")
    await weekly.restart()
    form = await weekly.mentor.click(asked, label="Answer privately")
    await weekly.mentor.submit_modal(form, {"text": "Ask for the role called reader"})
    await weekly.tick()
    assert "Ask for the role called reader" in words_of(inbox(weekly.ada)[-1])


async def test_a_note_for_a_manager_leaves_private_lines_out(weekly):
    await weekly.join(weekly.ada)
    await weekly.travel(NINE)
    form = await weekly.ada.slash(weekly.checkins, "checkin now")
    saved = await answer(
        weekly.ada, form, progress="Shipped it\nprivate: I was scared", confidence="1"
    )
    note = await weekly.ada.click(saved.response, label="Note for my manager")
    assert "Shipped it" in words_of(note)
    assert "scared" not in words_of(note)
    assert "Quite lost" not in words_of(note)


async def test_nobody_else_reads_a_check_in(weekly):
    await weekly.join(weekly.ada)
    await weekly.join(weekly.ben)
    await weekly.travel(NINE)
    await answer(weekly.ada, await weekly.ada.slash(weekly.checkins, "checkin now"))
    for person in (weekly.ben, weekly.moderator, weekly.stranger):
        for action in ("note", "win", "blocker", "edit", "back"):
            refused = await press_as(weekly, person, f"checkins.{action}:1")
            assert "I read the billing code" not in words_of(refused)
    weekly.env.errors.clear()


async def press_as(world, person, custom_id):
    """Press a button that somebody forged onto a message of their own."""
    from bot.face.look import card, row
    from bot.face.press import press

    action, _colon, subject = custom_id.partition(":")
    channel = world.bot.get_channel(world.checkins.id)

    async def post():
        await channel.send(view=card("", "x", row(press("Forged", action, subject))))

    await world.in_bot(post())
    return await person.click(world.checkins.history()[-1], label="Forged")


async def test_history_shows_a_picture_with_its_figures_in_words(weekly):
    await weekly.join(weekly.ada)
    await weekly.travel(NINE)
    form = await weekly.ada.slash(weekly.checkins, "checkin now")
    await answer(weekly.ada, form, confidence="4")
    history = await weekly.ada.slash(weekly.checkins, "checkin history")
    assert history.response.attachments[0].filename == "weeks.png"
    assert "1 week in a row" in words_of(history)


async def test_history_before_the_first_answer_is_kind(weekly):
    await weekly.join(weekly.ada)
    history = await weekly.ada.slash(weekly.checkins, "checkin history")
    assert "begin with your first check-in" in words_of(history)
