"""A pulse as its people live it: asked, answered, hidden, shown, restarted."""

from datetime import timedelta

import pytest

from bot.face.forms import DESCRIPTION_LIMIT
from bot.face.words import languages, speaking
from cogs.pulse.model import MOST, Pulse, PulseState
from cogs.pulse.views import form_note
from tests.conftest import MONDAY, words_of

OVER = MONDAY + timedelta(days=7, minutes=1)


@pytest.fixture
async def crowd(world):
    """Seven members, and a moderator who is none of them."""
    people = [world.ada, world.ben, world.chen, world.mentor]
    for n in range(3):
        people.append(world.guild.add_member(world.env.create_user(f"member{n}")))
    await world.env.settle()
    for person in people:
        await world.join(person)
    world.people = people
    return world


async def start(world):
    desk = await world.moderator.slash(world.staff, "cohort pulse")
    started = await world.moderator.click(desk.response, label="Ask now")
    await world.tick()
    return started


async def answer(world, person, helps="", change="", going="well"):
    form = await person.click(world.announcements.history()[0], label="Answer")
    return await person.submit_modal(form, {"going": going, "helps": helps, "change": change})


async def test_a_moderator_asks_and_five_answers_are_shown_after_the_end(crowd):
    started = await start(crowd)
    assert "open until" in words_of(started)
    card = crowd.announcements.last_message
    assert card.flags.suppress_notifications
    assert "at least **5 people**" in words_of(card)
    await crowd.restart()
    form = await crowd.ada.click(card, label="Answer")
    assert form.modal["title"] == "Pulse · anonymous"
    assert "No name, day or order is kept" in str(form.modal)
    for n, person in enumerate(crowd.people[:5]):
        thanks = await answer(crowd, person, helps=f"reason {n}", change="@everyone ``` <@1>")
        assert thanks.ephemeral
        assert "among the others" in words_of(thanks)
    before = await crowd.moderator.slash(crowd.staff, "cohort pulse")
    assert "What they said" not in words_of(before)
    await crowd.travel(OVER)
    over = crowd.announcements.last_message
    assert "can read it" in words_of(over)
    for person in (crowd.ben, crowd.moderator):
        read = await person.click(over, label="Read")
        assert "5 answers: Well 5" in words_of(read)
        assert all(f"reason {n}" in words_of(read) for n in range(5))
        assert "@everyone" not in words_of(read)
        assert "```" not in words_of(read)


async def test_four_answers_are_never_shown(crowd):
    await start(crowd)
    for person in crowd.people[:4]:
        await answer(crowd, person, helps="a secret")
    await crowd.travel(OVER)
    over = crowd.announcements.last_message
    assert "nothing is shown and everything is deleted" in words_of(over)
    seen = await crowd.ada.slash(crowd.checkins, "feedback pulse")
    assert "secret" not in words_of(seen)
    desk = await crowd.moderator.slash(crowd.staff, "cohort pulse")
    assert "too few answered" in words_of(desk)


async def test_nobody_answers_twice(crowd):
    await start(crowd)
    await answer(crowd, crowd.ada)
    again = await crowd.ada.click(crowd.announcements.history()[0], label="Answer")
    assert "You have answered this one" in words_of(again)
    seen = await crowd.ada.slash(crowd.checkins, "feedback pulse")
    assert "It is among the others" in words_of(seen)
    panel = await crowd.ada.slash(crowd.checkins, "me")
    assert "Anonymous, open until" not in words_of(panel)
    other = await crowd.ben.slash(crowd.checkins, "me")
    assert "Anonymous, open until" in words_of(other)
    crowd.env.errors.clear()


async def test_a_restart_is_told_beforehand_and_those_who_wait_are_asked_again(crowd):
    await start(crowd)
    assert "If I am restarted" in words_of(crowd.announcements.last_message)
    await answer(crowd, crowd.ada, helps="early words")
    await crowd.restart()
    panel = await crowd.ada.slash(crowd.checkins, "me")
    assert "Anonymous, open until" in words_of(panel)
    for person in crowd.people[:5]:
        await answer(crowd, person, helps="later words")
    await crowd.travel(OVER)
    read = await crowd.ben.click(crowd.announcements.last_message, label="Read")
    assert "5 answers: Well 5" in words_of(read)
    assert "early words" not in words_of(read)


async def test_only_members_answer_and_only_members_and_moderators_read(crowd):
    await start(crowd)
    refused = await crowd.stranger.click(crowd.announcements.history()[0], label="Answer")
    assert "for members" in words_of(refused)
    for person in crowd.people:
        await answer(crowd, person)
    await crowd.travel(OVER)
    refused = await crowd.stranger.click(crowd.announcements.last_message, label="Read")
    assert "members and moderators" in words_of(refused)
    late = await crowd.ada.click(crowd.announcements.history()[0], label="Answer")
    assert "closed" in words_of(late)
    crowd.env.errors.clear()


async def test_only_one_is_open_at_a_time(crowd):
    desk = await crowd.moderator.slash(crowd.staff, "cohort pulse")
    same = await crowd.moderator.slash(crowd.staff, "cohort pulse")
    await crowd.moderator.click(desk.response, label="Ask now")
    again = await crowd.moderator.click(same.response, label="Ask now")
    assert "open already" in words_of(again)
    crowd.env.errors.clear()


@pytest.mark.slow
async def test_it_comes_by_itself_every_four_weeks_once_switched_on(crowd):
    desk = await crowd.moderator.slash(crowd.staff, "cohort pulse")
    on = await crowd.moderator.click(desk.response, label="Repeat every four weeks")
    assert "comes by itself" in words_of(on)
    lower = await crowd.moderator.select(on.response, ["3"], custom_id="pulse.threshold:1")
    assert "Stop repeating it" in words_of(lower)
    await crowd.travel(MONDAY + timedelta(weeks=5))
    cards = [m for m in crowd.announcements.history() if "How is it going here?" in words_of(m)]
    assert [m.created_at.date().isoformat() for m in cards] == [
        "2026-03-04",
        "2026-04-01",
    ]
    assert "at least **3 people**" in words_of(cards[0])


@pytest.mark.parametrize("locale", languages())
def test_the_note_in_the_form_is_never_cut(locale):
    pulse = Pulse(1, 1, MONDAY.date(), MONDAY, MOST, PulseState.OPEN, 0)
    with speaking(locale):
        assert len(form_note(pulse)) <= DESCRIPTION_LIMIT
