"""Scripted people find what they can press, and nothing that is not theirs."""

import pytest

from bot.demo.cast import Stage
from bot.demo.hands import Hands, NothingToPress
from bot.demo.simulation import World


async def test_hands_press_the_newest_button_they_see(world: World, stage: Stage):
    room, hands = stage.channels["check-ins"], Hands(world, stage.actors["amara"])
    await hands.command(room, "ring")

    answer = await hands.press(room, "bell.ring")

    assert answer.response is not None
    assert answer.response.content == "It rang."


async def test_hands_do_not_press_what_is_not_there(world: World, stage: Stage):
    hands = Hands(world, stage.actors["amara"])

    with pytest.raises(NothingToPress, match=r"amara sees nothing for bell\.ring in check-ins"):
        await hands.press(stage.channels["check-ins"], "bell.ring")
