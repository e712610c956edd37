"""A member's own week: asked for, sent every week on request, stopped with one press."""

from datetime import timedelta

import pytest

from bot.people import memberships
from bot.people.memberships import Delivery, Volume
from bot.people.users import Inbox
from tests.conftest import words_of
from tests.digest.conftest import FRIDAY
from tests.digest.test_commands import named

REACHED = {"delivery": Delivery.DM, "inbox": Inbox.OPEN, "volume": Volume.EVERYTHING}


def letters(person):
    every = [words_of(message) for message in person.user.dm_channel.history()]
    return [words for words in every if "Your last seven days" in words]


@pytest.fixture
async def ada(digests):
    await digests.win(digests.ada, "It reads <@1> and **all**", **REACHED)
    return digests.ada


async def test_a_week_shows_what_was_and_what_is_next(digests, ada):
    shown = words_of(await ada.slash(digests.checkins, "week"))
    assert "Your last seven days" in shown
    assert "You checked in. A win: It reads \\<@\u200b1> and \\*\\*all\\*\\*" in shown
    assert "What is next" in shown
    assert len(shown) < 1200, "one phone screen"


async def test_an_empty_week_is_fine_and_says_so(digests):
    await digests.join(digests.ben)
    shown = words_of(await digests.ben.slash(digests.checkins, "week"))
    assert "Nothing is noted for these days. That is fine" in shown


async def test_whoever_did_not_join_is_told_how(digests):
    shown = words_of(await digests.stranger.slash(digests.checkins, "week"))
    assert "You have not joined a cohort yet" in shown
    digests.env.errors.clear()


async def test_it_comes_every_week_once_wanted_and_stops_with_one_press(digests, ada):
    week = await ada.slash(digests.checkins, "week")
    on = await ada.click(week.response, label="Send me this every week")
    assert "on Friday at 16:00, your time" in words_of(on)
    day = await ada.select(on.response, ["3"], custom_id=named(on, "digest.day"))
    hour = await ada.select(day.response, ["18:00"], custom_id=named(day, "digest.hour"))
    assert "on Thursday at 18:00, your time" in words_of(hour)
    await digests.restart()
    thursday = FRIDAY - timedelta(hours=22)
    await digests.until(thursday - timedelta(minutes=1))
    assert letters(ada) == []
    await digests.until(thursday)
    (letter,) = letters(ada)
    assert "Your last seven days" in letter
    assert "You get this every week" in letter
    message = ada.user.dm_channel.history()[-1]
    why = await ada.user.click(message, label="Why did I get this?")
    assert "You asked for your week as a message" in words_of(why)
    stopped = await ada.user.click(message, label="Send it no more")
    assert "Your week is not sent" in words_of(stopped)
    again = await ada.user.click(message, label="Send it no more")
    assert "Your week is not sent" in words_of(again)
    await digests.until(thursday + timedelta(days=7))
    assert len(letters(ada)) == 1


async def test_whoever_takes_no_messages_is_told_what_changes_that(digests):
    await digests.join(digests.ben)
    week = await digests.ben.slash(digests.checkins, "week")
    refused = await digests.ben.click(week.response, label="Send me this every week")
    assert "`/profile settings` changes that" in words_of(refused)
    digests.env.errors.clear()


async def test_nothing_comes_while_paused_and_the_next_week_after(digests, ada):
    week = await ada.slash(digests.checkins, "week")
    await ada.click(week.response, label="Send me this every week")
    async with digests.db.write() as tx:
        member = await memberships.find(tx, digests.cohort.cohort_id, ada.id)
        today = member.local_date(digests.env.now())
        await memberships.pause(tx, member, today, today + timedelta(days=9))
    await digests.until(FRIDAY)
    assert letters(ada) == []
    async with digests.db.write() as tx:
        await memberships.resume(tx, member, today + timedelta(days=9))
    await digests.until(FRIDAY + timedelta(days=7, hours=-1))
    assert len(letters(ada)) == 1


async def test_the_button_under_the_digest_shows_everybody_their_own_week(digests, ada):
    await digests.until(FRIDAY)
    told = digests.announcements.history()[0]
    mine = await ada.click(told, label="My own week")
    assert "Your last seven days" in words_of(mine)
    assert mine.ephemeral
    shown = await ada.slash(digests.checkins, "week")
    assert "[The cohort's week](https://discord.com/channels/" in words_of(shown)
