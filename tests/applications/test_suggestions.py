"""Suggestions: at the right moment, seldom as a message, never set by themselves."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clockwork.phases import Stage
from bot.delivery.letters import letters
from bot.people import memberships
from bot.people.memberships import Delivery, Volume
from bot.people.users import Inbox
from tests.applications.test_commands import add
from tests.conftest import MONDAY, count, words_of

DAY = timedelta(days=1)


@pytest.fixture
async def here(world):
    await world.join(
        world.ada,
        delivery=Delivery.DM,
        inbox=Inbox.OPEN,
        stage=Stage.LOOKING,
        starts_on=None,
        ends_on=None,
    )
    await world.join(world.ben)
    return world


def inbox(person):
    """What the person got about applications."""
    every = person.user.dm_channel.history()
    return [message for message in every if "## Your applications" in words_of(message)]


def local(day, hour, zone="America/New_York"):
    return datetime(2026, 3, day, hour, tzinfo=ZoneInfo(zone))


async def test_a_follow_up_is_suggested_once_and_its_words_can_be_copied(here):
    await add(here, here.ada, status="applied")
    await here.travel(local(9, 8))
    assert not inbox(here.ada)
    await here.travel(local(9, 10))
    (message,) = inbox(here.ada)
    assert "Northwind: one short follow-up is fine now" in words_of(message)
    await here.restart()
    opened = await here.ada.user.click(message, label="Open")
    assert "You applied 7 days ago" in words_of(opened)
    words = await here.ada.user.click(opened.response, label="Words to copy")
    assert "on 2026-03-02 I applied for Data intern at Northwind" in words_of(words)
    done = await here.ada.user.click(words.response, label="I wrote")
    assert "You applied" not in words_of(done)
    assert "Applied, for 7 days" in words_of(done)
    await here.travel(local(20, 12))
    assert len(inbox(here.ada)) == 1


async def test_silence_is_asked_about_and_nothing_is_set_by_itself(here):
    await add(here, here.ada, status="applied")
    await here.travel(local(9, 10))
    await here.travel(local(30, 12))
    messages = inbox(here.ada)
    assert len(messages) == 2
    assert "quiet for 15 days. No reply?" in words_of(messages[-1])
    listed = await here.ada.slash(here.checkins, "application list")
    assert "Applied **1**" in words_of(listed)
    opened = await here.ada.user.click(messages[-1], label="Open")
    moved = await here.ada.user.click(opened.response, label="Move to “No reply”")
    assert "No reply, since today" in words_of(moved)
    undone = await here.ada.user.click(moved.response, label="Undo: back to Applied")
    assert "Applied, for" in words_of(undone)


async def test_thanks_are_suggested_after_the_interview_and_within_a_day(here):
    saved = await add(here, here.ada, status="interview")
    asked = await here.ada.click(saved.response, label="When is the interview?")
    await here.ada.submit_modal(asked, {"day": "2026-03-05", "wall": "14:00"})
    await here.travel(local(5, 14))
    assert not inbox(here.ada)
    await here.travel(local(5, 16))
    (message,) = inbox(here.ada)
    assert "a thank-you for the interview" in words_of(message)
    opened = await here.ada.user.click(message, label="Open")
    assert "Say thank you for the interview?" in words_of(opened)
    await here.travel(local(6, 16))
    later = await here.ada.slash(here.checkins, "application move", application="1", to="interview")
    assert "Say thank you" not in words_of(later)


async def test_several_come_in_one_message_a_week(here):
    for n in range(3):
        await add(here, here.ada, {"title": f"Intern {n}", "url": ""}, status="applied")
    await here.travel(MONDAY + DAY)
    await add(here, here.ada, {"title": "Intern 3", "url": ""}, status="applied")
    await here.travel(local(15, 12))
    (message,) = inbox(here.ada)
    for n in range(3):
        assert f"Intern {n}" in words_of(message)
    await here.travel(local(16, 12))
    assert len(inbox(here.ada)) == 2
    assert "Intern 3" in words_of(inbox(here.ada)[-1])


async def test_whoever_has_had_their_pings_reads_it_on_their_panel(here):
    async with here.db.write() as tx:
        member = await memberships.find(tx, here.cohort.cohort_id, here.ada.id)
        await memberships.change(tx, member.member_id, volume=Volume.LIGHT)
    saved = await add(here, here.ada, status="interview")
    asked = await here.ada.click(saved.response, label="When is the interview?")
    await here.ada.submit_modal(asked, {"day": "2026-03-10", "wall": "10:00"})
    await add(here, here.ada, {"title": "Other", "url": ""}, status="applied")
    await here.travel(local(10, 12))
    assert len(inbox(here.ada)) == 1
    panel = await here.ada.slash(here.checkins, "me")
    assert "2 small suggestions for your applications" in words_of(panel)
    every = await here.ada.click(panel.response, label="See them")
    assert "a thank-you for the interview" in words_of(every)


async def test_nothing_is_written_to_somebody_paused_or_without_messages(here):
    await add(here, here.ada, status="applied")
    await add(here, here.ben, status="applied")
    async with here.db.write() as tx:
        member = await memberships.find(tx, here.cohort.cohort_id, here.ada.id)
        await memberships.pause(tx, member, member.local_date(here.env.now()), None)
    await here.travel(local(20, 12))
    assert await count(here.db, letters) == 0
    panel = await here.ben.slash(here.checkins, "me")
    assert "Northwind: quiet for 18 days. No reply?" in words_of(panel)
    opened = await here.ben.click(panel.response, custom_id="applications.show:2")
    waits = await here.ben.click(opened.response, label="Still waiting")
    assert "No reply?" not in words_of(waits)
    panel = await here.ben.slash(here.checkins, "me")
    assert "quiet for" not in words_of(panel)


async def test_stopping_these_stops_them_and_the_board_brings_them_back(here):
    await add(here, here.ada, status="applied")
    await here.travel(local(9, 10))
    why = await here.ada.user.click(inbox(here.ada)[-1], label="Why did I get this?")
    assert "You keep applications with me" in words_of(why)
    await here.ada.user.click(why.response, label="Stop these")
    await here.travel(local(20, 12))
    assert len(inbox(here.ada)) == 1
    listed = await here.ada.slash(here.checkins, "application list")
    back = await here.ada.click(listed.response, label="Suggest by message again")
    assert "at most once a week" in words_of(back)


async def test_a_letter_that_has_nothing_to_say_any_more_is_not_sent(here):
    await add(here, here.ada, status="applied")
    await here.travel(local(9, 8))
    await here.ada.slash(here.checkins, "application move", application="1", to="rejected")
    await here.travel(local(20, 12))
    assert not inbox(here.ada)
