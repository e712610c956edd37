"""Buttons say what they do, outlive restarts, and are kind when their time has passed."""

import pytest

from bot.errors import NotFound
from bot.face.look import card, row
from bot.face.press import MOST_NUMBER, Presses, number_in, on_press, press
from bot.storage.drafts import seen
from tests.conftest import count, words_of


class Twice:
    @on_press("house.knock")
    async def knock(self, interaction, subject):
        """Answer a knock."""


def test_two_answers_to_one_action_are_a_mistake_of_ours():
    presses = Presses()
    presses.listen(Twice())
    with pytest.raises(ValueError, match="two handlers"):
        presses.listen(Twice())


def test_every_press_on_a_card_has_somebody_who_answers(world):
    assert {"goals.done", "checkins.open", "profile.join", "why.ask"} <= world.bot.presses.actions


async def post(world, view):
    channel = world.bot.get_channel(world.checkins.id)

    async def send():
        view.stop()
        await channel.send(view=view)

    await world.in_bot(send())
    return world.checkins.history()[-1]


async def test_a_button_nobody_answers_any_more_says_so_kindly(world):
    message = await post(world, card("", "old", row(press("Old", "retired.feature", 1))))
    answer = await world.ada.click(message, label="Old")
    assert answer.ephemeral
    assert "older version of me" in words_of(answer)


async def test_a_button_on_something_gone_says_so_kindly(world):
    await world.join(world.ada)
    message = await post(world, card("", "gone", row(press("Gone", "goals.done", 999))))
    answer = await world.ada.click(message, label="Gone")
    assert answer.ephemeral
    assert "it is gone" in words_of(answer)


async def test_a_press_delivered_twice_has_one_effect(world, monkeypatch):
    heard = []
    dispatch = world.bot.presses.dispatch

    async def remembering(interaction):
        heard.append(interaction)
        await dispatch(interaction)

    monkeypatch.setattr(world.bot.presses, "dispatch", remembering)
    await world.join(world.ada)
    form = await world.ada.slash(world.checkins, "goal add")
    saved = await world.ada.submit_modal(form, {"what": "Once"})
    opened = await world.ada.click(saved.response, label="My goals")
    one = await world.ada.click(opened.response, label="Open")
    await world.ada.click(one.response, label="Done")
    before = await count(world.db, seen)

    await world.in_bot(world.bot.on_interaction(heard[-1]))

    assert await count(world.db, seen) == before


async def test_what_breaks_is_told_with_a_number_and_nothing_of_ours(world, monkeypatch, caplog):
    async def breaks(interaction):
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(world.bot.presses, "dispatch", breaks)
    message = await post(world, card("", "x", row(press("Break", "goals.done", 1))))
    answer = await world.ada.click(message, label="Break")
    told = words_of(answer)
    assert "noted as" in told
    assert "42" not in told
    incident = told.split("`")[1]
    assert incident in caplog.text


def test_a_refusal_and_not_found_are_words_for_people():
    assert str(NotFound("It is gone.")) == "It is gone."


def test_only_a_number_that_the_database_holds_is_read():
    assert number_in("0", "It is gone.") == 0
    assert number_in(str(MOST_NUMBER), "It is gone.") == MOST_NUMBER
    for typed in ("", "x", "-1", "1.5", "²", str(MOST_NUMBER + 1), "9" * 6000):
        with pytest.raises(NotFound, match=r"It is gone\."):
            number_in(typed, "It is gone.")
