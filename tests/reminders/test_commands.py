"""Reminders as somebody lives them: said, read back, saved, due, put off, done, let go."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.people.memberships import Delivery
from bot.people.users import Inbox
from tests.conftest import words_of


@pytest.fixture
async def reached(world):
    for person in (world.ada, world.ben):
        await world.join(person, delivery=Delivery.DM, inbox=Inbox.OPEN)
    return world


def inbox(person):
    return person.user.dm_channel.history()


async def remind(world, when, what="call the dean"):
    return await world.ada.slash(world.checkins, "remind me", when=when, what=what)


async def saved(world, when, what="call the dean"):
    asked = await remind(world, when, what)
    return await world.ada.click(asked.response, label="Save")


async def test_a_reminder_is_read_back_changed_saved_put_off_and_done_over_restarts(reached):
    asked = await remind(reached, "tomorow at 25:00")
    assert "No clock shows" in words_of(asked)
    await reached.restart()
    form = await reached.ada.click(asked.response, label="Change")
    changed = await reached.ada.submit_modal(
        form, {"when": "tomorrow 9am", "what": "call the dean"}
    )
    assert "Is this right?" in words_of(changed)
    assert "<t:1772546400:F>" in words_of(changed)
    await reached.travel(reached.env.now() + timedelta(minutes=1))
    assert not inbox(reached.ada)
    await reached.restart()
    done = await reached.ada.click(changed.response, label="Save")
    assert "I will remind you" in words_of(done)

    await reached.restart()
    await reached.travel(datetime(2026, 3, 3, 14, 0, tzinfo=UTC))
    card = inbox(reached.ada)[-1]
    assert "call the dean" in words_of(card)
    assert "was due" not in words_of(card)

    snoozed = await reached.ada.user.click(card, label="Snooze 1 hour")
    assert "I will remind you" in words_of(snoozed)
    await reached.restart()
    await reached.travel(datetime(2026, 3, 3, 15, 0, tzinfo=UTC))
    assert len(inbox(reached.ada)) == 2
    again = inbox(reached.ada)[-1]
    await reached.restart()
    assert "Done" in words_of(await reached.ada.user.click(again, label="Done"))


async def test_an_old_card_shows_what_is_true_now(reached):
    await saved(reached, "in 10 minutes")
    await reached.travel(reached.env.now() + timedelta(minutes=10))
    card = inbox(reached.ada)[-1]
    other = await reached.ada.slash(reached.checkins, "remind list")
    opened = await reached.ada.click(other.response, label="Open")
    await reached.ada.click(opened.response, label="Done")
    shown = await reached.ada.user.click(card, label="Done")
    assert "done already" in words_of(shown)


async def test_a_question_is_asked_where_a_phrase_means_two_moments(reached):
    asked = await remind(reached, "tomorrow at 3")
    assert "Which one do you mean?" in words_of(asked)
    await reached.restart()
    saved = await reached.ada.click(asked.response, label="Tue 15:00, 3 Mar")
    assert "I will remind you" in words_of(saved)
    assert "<t:1772568000:F>" in words_of(saved)


async def test_a_rule_is_read_back_in_words(reached):
    asked = await remind(reached, "first friday of the month 10:00")
    assert "on the first Friday of every month at 10:00 in New York" in words_of(asked)
    monday = await remind(reached, "every monday at 9 Berlin time")
    assert "every Monday at 9:00 in Berlin, next on <t:1773043200:F>" in words_of(monday)


async def test_what_cannot_be_is_said_kindly_and_stays_to_be_changed(reached):
    for when, why in (
        ("31 February", "no such day"),
        ("every minute", "Once a day is the most"),
        ("yesterday", "is over"),
        ("whenever it suits you", "could not read"),
    ):
        shown = words_of(await remind(reached, when))
        assert why in shown
        assert "call the dean" in shown


async def test_markup_and_mentions_stay_words(reached):
    shown = words_of(await remind(reached, "tomorrow", "@everyone ``` <@1> # big \u202eevil"))
    assert "@everyone" not in shown
    assert "```" not in shown
    assert "<@1>" not in shown


async def test_cancel_offers_what_is_open_and_undo_survives_a_restart(reached):
    await saved(reached, "tomorrow 9am")
    offered = await reached.ada.autocomplete(reached.checkins, "remind cancel", "reminder", "dean")
    assert "call the dean" in offered[0]["name"]
    gone = await reached.ada.slash(
        reached.checkins, "remind cancel", reminder=str(offered[0]["value"])
    )
    assert "Cancelled" in words_of(gone)
    await reached.restart()
    back = await reached.ada.click(gone.response, label="Undo")
    assert "I will remind you" in words_of(back)
    await reached.travel(datetime(2026, 3, 3, 14, 0, tzinfo=UTC))
    assert len(inbox(reached.ada)) == 1


async def test_after_downtime_what_came_meanwhile_is_one_message_that_says_it_is_late(reached):
    for number in range(10):
        await saved(reached, f"in {number + 1} hours", f"thing {number}")
    await reached.env.advance_time(3 * 86400)
    await reached.restart()
    await reached.tick()
    await reached.tick()
    (message,) = inbox(reached.ada)
    shown = words_of(message)
    assert "remind you of 10 things" in shown
    assert "This was due <t:" in shown
    assert "2 more stand in the list" in shown
    opened = await reached.ada.user.click(message, custom_id="reminders.show:1")
    assert "Done" in words_of(await reached.ada.user.click(opened.response, label="Done"))


async def test_one_that_came_in_time_and_is_opened_later_does_not_say_that_it_came_late(reached):
    await saved(reached, "in 1 hour")
    await reached.travel(reached.env.now() + timedelta(hours=1, minutes=1))
    assert "This was due" not in words_of(inbox(reached.ada)[-1])
    await reached.travel(reached.env.now() + timedelta(hours=5))
    listed = await reached.ada.slash(reached.checkins, "remind list")
    opened = words_of(await reached.ada.click(listed.response, label="Open"))
    assert "This was due <t:" in opened
    assert "could not come in time" not in opened


async def test_several_in_time_do_not_each_say_when_they_were_due(reached):
    for number in range(3):
        await saved(reached, "in 1 hour", f"thing {number}")
    await reached.travel(reached.env.now() + timedelta(hours=1, minutes=1))
    (message,) = inbox(reached.ada)
    assert "ue <t:" not in words_of(message)


async def test_one_that_is_late_says_so(reached):
    await saved(reached, "in 1 hour")
    await reached.env.advance_time(86400)
    await reached.tick()
    assert "This was due <t:1772467200:F>" in words_of(inbox(reached.ada)[-1])


async def test_a_private_thread_is_opened_once_for_whom_direct_messages_do_not_reach(world):
    await world.join(world.ada, delivery=Delivery.DM, inbox=Inbox.CLOSED, side_thread=True)
    await saved(world, "in 1 hour", "call the dean")
    await world.travel(world.env.now() + timedelta(hours=1))
    await saved(world, "in 1 hour", "call them again")
    await world.travel(world.env.now() + timedelta(hours=2))
    (thread,) = world.checkins.threads
    words = [words_of(message) for message in thread.history()]
    assert "Read by: you and this server's moderators." in words[0]
    assert "call the dean" in words[1]
    assert "call them again" in words[-1]
    assert "Only for ada" in thread.name


async def test_the_panel_shows_what_waits_for_an_answer(world):
    await world.join(world.ada)
    asked = await saved(world, "in 1 hour", "call the dean")
    assert "It will stand on `/me`" in words_of(asked)
    await world.travel(world.env.now() + timedelta(hours=1))
    panel = await world.ada.slash(world.checkins, "me")
    assert "Reminder: call the dean" in words_of(panel)


async def test_an_empty_list_says_how_to_begin_and_a_long_one_pages(reached):
    empty = await reached.ada.slash(reached.checkins, "remind list")
    assert "None yet" in words_of(empty)
    for number in range(7):
        await saved(reached, f"in {number + 1} days", f"thing {number}")
    first = await reached.ada.slash(reached.checkins, "remind list")
    assert "thing 0" in words_of(first)
    assert "thing 6" not in words_of(first)
    more = await reached.ada.click(first.response, label="More")
    assert "thing 6" in words_of(more)


async def test_the_weeks_thread_names_the_member_and_nobody_reads_what_it_is_about(world):
    await world.join(world.ada, delivery=Delivery.THREAD)
    await world.join(world.ben, delivery=Delivery.THREAD)
    await world.ask_weekly()
    asked = await saved(world, "next monday at 10", "call the dean")
    assert "only you open them there" in words_of(asked)
    await world.travel(datetime(2026, 3, 9, 14, 0, tzinfo=UTC))
    (thread,) = world.checkins.threads
    called = thread.history()[-1]
    assert f"<@{world.ada.id}>, something you asked me to remind you of" in words_of(called)
    assert "dean" not in words_of(called)
    await world.restart()
    read = await world.ada.click(called, label="Read it")
    assert "call the dean" in words_of(read)
    refused = await world.ben.click(called, label="Read it")
    assert "belongs to somebody else" in words_of(refused)
    assert "dean" not in words_of(refused)
    done = await world.ada.click(read.response, label="Done")
    assert "Done" in words_of(done)
    world.env.errors.clear()


async def test_what_waited_through_a_pause_comes_after_the_quiet_hours(reached):
    await saved(reached, "tomorrow at 9am")
    await reached.ada.slash(reached.checkins, "profile pause", until="in 3 days")
    await reached.travel(datetime(2026, 3, 5, 12, 59, tzinfo=UTC))
    assert not inbox(reached.ada)
    await reached.travel(datetime(2026, 3, 5, 13, 0, tzinfo=UTC))
    (card,) = inbox(reached.ada)
    assert "This was due" in words_of(card)
