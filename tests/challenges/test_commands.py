"""Challenges as their people live them: done in private, shared after seeing the words."""

from datetime import UTC, datetime

import pytest

from bot.people.memberships import Delivery, Volume
from bot.people.users import Inbox
from tests.conftest import words_of


@pytest.fixture
async def ada(world):
    await world.join(
        world.ada, delivery=Delivery.DM, inbox=Inbox.OPEN, volume=Volume.EVERYTHING
    )  # fmt: skip
    return world.ada


async def test_done_is_private_and_sharing_shows_the_words_and_readers_first(world, ada):
    shown = await ada.slash(world.checkins, "challenge")
    assert shown.ephemeral
    assert "About" in words_of(shown)
    done = await ada.click(shown.response, label="Done")
    assert "Only you see this" in words_of(done)
    assert not world.checkins.history()
    await world.restart()
    preview = await ada.click(done.response, label="Share…")
    assert "Everyone who can see that channel" in words_of(preview)
    assert "**ada** took a step" in words_of(preview)
    shared = await ada.click(preview.response, label="Share it")
    assert "Shared with your cohort" in words_of(shared)
    await world.tick()
    await world.tick()
    assert len(world.checkins.history()) == 1
    assert "took a step nobody asked for" in words_of(world.checkins.last_message)


async def test_a_stale_button_and_a_second_card_show_the_current_thing(world, ada):
    old = await ada.slash(world.checkins, "challenge")
    new = await ada.slash(world.checkins, "challenge")
    await ada.click(new.response, label="Done")
    again = await ada.click(old.response, label="Done")
    assert "nobody had to ask you" in words_of(again)
    undone = await ada.click(again.response, label="Undo")
    assert "This week's challenge" in words_of(undone)


async def test_another_skip_stop_and_start(world, ada):
    shown = await ada.slash(world.checkins, "challenge")
    before = words_of(shown)
    other = await ada.click(shown.response, label="Another one")
    assert words_of(other) != before
    skipped = await ada.click(other.response, label="Skip this week")
    assert "Not this week" in words_of(skipped)
    back = await ada.click(skipped.response, label="Show it again")
    stopped = await ada.click(back.response, label="Stop these")
    assert "No challenges" in words_of(stopped)
    assert "This week's challenge" not in words_of(await ada.slash(world.checkins, "me"))
    await world.restart()
    started = await ada.click(stopped.response, label="Start again")
    assert "This week's challenge" in words_of(started)


async def test_me_leads_to_it_and_history_lists_it(world, ada):
    panel = await ada.slash(world.checkins, "me")
    shown = await ada.click(panel.response, label="Look at it")
    done = await ada.click(shown.response, label="Done")
    listed = await ada.click(done.response, label="What I did")
    assert "2 Mar" in words_of(listed)
    one = await ada.click(listed.response, label="Open")
    assert "nobody had to ask you" in words_of(one)


async def test_a_goal_comes_of_it(world, ada):
    shown = await ada.slash(world.checkins, "challenge")
    made = await ada.click(shown.response, label="Make it a goal")
    assert "It is one of your goals" in words_of(made)
    assert "Make it a goal" not in words_of(made)


async def test_the_card_of_wednesday_belongs_to_one_person(world, ada):
    await world.join(world.ben)
    await world.travel(datetime(2026, 3, 4, 16, 30, tzinfo=UTC))
    card = next(
        one for one in ada.user.dm_channel.history() if "This week's challenge" in words_of(one)
    )
    number = next(
        each.custom_id.partition(":")[2]
        for each in _buttons(card)
        if (each.custom_id or "").startswith("challenges.done")
    )
    await world.restart()
    done = await ada.user.click(card, custom_id=f"challenges.done:{number}")
    assert "nobody had to ask you" in words_of(done)
    theirs = await world.ben.slash(world.checkins, "challenge")
    assert "This week's challenge" in words_of(theirs)


def _buttons(message):
    from types import SimpleNamespace

    def walk(part):
        if isinstance(part, list):
            return [one for each in part for one in walk(each)]
        if not isinstance(part, dict):
            return []
        own = [SimpleNamespace(custom_id=part["custom_id"])] if part.get("custom_id") else []
        return own + [one for value in part.values() for one in walk(value)]

    return walk([c.to_dict() if hasattr(c, "to_dict") else c for c in message.components])


async def test_without_a_cohort_it_says_how_to_join(world):
    shown = await world.stranger.slash(world.checkins, "challenge")
    assert "have not joined" in words_of(shown)
    world.env.errors.clear()
