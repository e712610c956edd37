"""What a visitor finds: everything the bot does between people can be tried within a minute."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.demo import seed
from bot.demo.cast import BEGINS_AT, PEOPLE, SUNDAY, build_stage, face
from bot.demo.company import Company, Words
from bot.demo.hands import Hands
from bot.demo.home import TemporaryHome
from bot.demo.simulation import World
from tests.conftest import words_of

AMARA = replace(next(person for person in PEOPLE if person.key == "amara"), joins="dm")


@pytest.fixture
async def company() -> AsyncIterator[Company]:
    """The demo as a visitor finds it, with Amara joined."""
    world = World(TemporaryHome(), SUNDAY)
    await world.open("Stint", face("Stint", "bot", 0))
    try:
        stage = build_stage(world)
        await world.env.settle()
        await seed.tell(world, stage)
        assert world.now() == BEGINS_AT
        await seed.join(world, stage, AMARA)
        yield Company(world, stage)
    finally:
        await world.close()


def inbox(hands: Hands) -> str:
    return "\n".join(words_of(message) for message in hands.inbox.history())


async def test_a_newcomer_finds_and_tries_everything_people_do_with_each_other(company: Company):
    expected = {
        "jonas": ("introductions.mine", "mentors.mine"),
        "priya": ("feedback.request", "mentors.pair"),
        "suman": ("kudos.read", "introductions.mine"),
        "tilly": ("feedback.unread",),
    }
    for key, actions in expected.items():
        hands = company.hands(key)
        await hands.command(company.desk, "me")
        for action in actions:
            assert hands.sees(company.desk, action), (key, action)
    report = await company.hands("mia").command(company.staff, "cohort intro report")
    assert "2 met" in words_of(report)

    world, amara = company.world, company.hands("amara")

    await company.come_in("amara")
    await company.ask("amara", "jonas", "My first change", "What would you have done otherwise?")
    await company.tell("jonas", Words("You tested it first"))
    await company.thank("amara", "jonas", "answering at once")
    await company.read_thanks("jonas", share=True)
    await company.look_for_mentor("amara", "Interviews", "Try one")
    await company.match_mentors()
    await company.answer_pulse("amara", "great", "Being asked")
    await world.travel(world.now() + timedelta(days=1))

    room = company.room("amara")
    assert room is not None
    assert {company.stage.actors[key].id for key in ("amara", "suman")} == set(company.inside(room))
    assert "Jonas Weber answered you." in inbox(amara)
    assert "**Amara Osei** thanks **Jonas Weber**" in words_of(company.desk.last_message)

    await world.travel(world.now() + timedelta(days=7))
    assert "is your mentor" in inbox(amara)
    assert "What you said" in words_of(company.news.last_message)
    read = await amara.press(company.news, "pulse.read")
    assert "6 answers: Great 2 · Well 3 · So-so 1" in words_of(read)
