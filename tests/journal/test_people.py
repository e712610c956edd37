"""Whom somebody met: kept, met again, and a gentle word on the day they chose."""

from datetime import timedelta

import pytest

from bot.people.memberships import Delivery, Volume
from bot.people.users import Inbox
from tests.conftest import words_of

MAYA = {
    "name": "Maya Chen",
    "met": "The data team's lunch",
    "about": "How she moved from design to data",
    "touch": "in 2 weeks",
}


async def meet(world, person, answers=None):
    shown = await person.slash(world.checkins, "journal people")
    asked = await person.click(shown.response, label="Add somebody")
    return await person.submit_modal(asked, {**MAYA, **(answers or {})})


@pytest.fixture
async def here(world):
    reached = {"delivery": Delivery.DM, "inbox": Inbox.OPEN, "volume": Volume.STANDARD}
    await world.join(world.ada, **reached)
    await world.join(world.ben)
    return world


async def later(world, **by):
    """Let time pass at once, then do everything that is due."""
    await world.env.advance_time(timedelta(**by).total_seconds())
    await world.tick()


def inbox(person):
    return person.user.dm_channel.history()


async def test_somebody_is_kept_and_named_on_the_day_chosen(here):
    shown = await meet(here, here.ada)
    assert shown.ephemeral
    assert "Say hello on Monday 16 March 2026" in words_of(shown)
    await later(here, days=14, hours=1)
    panel = await here.ada.slash(here.checkins, "me")
    assert "You wanted to say hello to Maya Chen" in words_of(panel)
    assert not [note for note in inbox(here.ada) if "Maya" in words_of(note)]
    await here.restart()
    opened = await here.ada.click(panel.response, label="Open", custom_id="journal.person:1")
    again = await here.ada.click(opened.response, label="Met again")
    assert "Say hello on Monday 30 March 2026" in words_of(again)
    twice = await here.ada.click(again.response, label="Met again")
    assert "Say hello on Monday 30 March 2026" in words_of(twice)
    quiet = await here.ada.slash(here.checkins, "me")
    assert "Maya" not in words_of(quiet)


async def test_a_note_comes_once_only_when_wanted_with_its_reason_and_a_stop(here):
    shown = await meet(here, here.ada)
    wanted = await here.ada.click(shown.response, label="Write to me on that day too")
    assert "I write to you that morning" in words_of(wanted)
    await later(here, days=14, hours=1)
    await later(here, days=3)
    notes = [m for m in inbox(here.ada) if "Maya" in words_of(m)]
    assert len(notes) == 1
    why = await here.ada.user.click(notes[0], label="Why did I get this?")
    assert "You asked me to remind you of somebody you met" in words_of(why)
    await here.ada.user.click(why.response, label="Stop these")
    person = await here.ada.user.click(notes[0], label="Open")
    assert "I write to you" not in words_of(person)


async def test_a_day_that_has_passed_or_is_none_is_refused_and_nothing_is_lost(here):
    for typed, said in [("yesterday", "Choose a day to come"), ("31 February", "no such day")]:
        refused = await meet(here, here.ada, {"touch": typed})
        assert said in words_of(refused)
        again = await here.ada.click(refused.response, label="Try again")
        assert "How she moved from design to data" in str(again.modal)
    here.env.errors.clear()


async def test_somebody_deleted_can_be_brought_back_for_two_days(here):
    shown = await meet(here, here.ada)
    gone = await here.ada.click(shown.response, label="Delete")
    empty = await here.ada.slash(here.checkins, "journal people")
    assert "Nobody yet" in words_of(empty)
    await here.restart()
    back = await here.ada.click(gone.response, label="Bring it back")
    assert "Maya Chen" in words_of(back)
    gone = await here.ada.click(back.response, label="Delete")
    await later(here, hours=50)
    late = await here.ada.click(gone.response, label="Bring it back")
    assert "it is gone" in words_of(late)
    here.env.errors.clear()


async def test_another_day_is_chosen_with_a_tap(here):
    shown = await meet(here, here.ada, {"touch": ""})
    chosen = await here.ada.select(shown.response, ["in 3 months"], custom_id="journal.touch:1")
    assert "Say hello on Tuesday 2 June 2026" in words_of(chosen)
    none = await here.ada.select(chosen.response, ["none"], custom_id="journal.touch:1")
    assert "Say hello on" not in words_of(none)


@pytest.mark.parametrize(
    ("name", "found"),
    [("Maya Chen", True), ("Maya", True), ("Omar Chen", False), ("Mo Aya", False)],
)
async def test_in_my_entries_knows_somebody_by_their_first_name(here, name, found):
    asked = await here.ada.slash(here.checkins, "journal add")
    empty = dict.fromkeys(("learned", "result", "skills", "project"), "")
    await here.ada.submit_modal(asked, {"what": "Maya showed me the model", **empty})
    shown = await meet(here, here.ada, {"name": name})
    entries = await here.ada.click(shown.response, label="In my entries")
    assert ("showed me the model" in words_of(entries)) is found
