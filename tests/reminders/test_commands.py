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
    asked = await remind(reached, "at 11:30")
    assert "I will remind" not in words_of(asked)


async def test_nobody_else_presses(reached):
    await saved(reached, "in 10 minutes")
    await reached.travel(reached.env.now() + timedelta(minutes=10))
    card = inbox(reached.ada)[-1]
    assert card
