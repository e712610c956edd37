"""What a visitor finds: everything the bot does between people can be tried within a minute."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo import begin, seed
from bot.demo.cast import BEGINS_AT, PEOPLE, SUNDAY, build_stage, face
from bot.demo.company import Company, Words
from bot.demo.diary import Diary
from bot.demo.hands import Hands, words_in
from bot.demo.home import TemporaryHome
from bot.demo.market import Market
from bot.demo.simulation import World
from bot.errors import CannotStart
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


@pytest.mark.slow
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
    assert any("What you said" in one.text for one in words_in(world, company.news)[-2:])
    read = await amara.press(company.news, "pulse.read")
    assert "6 answers: Great 2 · Well 3 · So-so 1" in words_of(read)


@pytest.mark.slow
async def test_a_newcomer_finds_openings_and_somebody_who_applies(company: Company):
    market = Market(company.world, company.stage)
    assert len(market.board.threads) == 3
    queue = await market.hands("mia").command(market.staff, "post queue")
    assert "Halde Cycles" in words_of(queue)
    saved = await market.hands("luiza").command(market.desk, "opportunity saved")
    assert "You saved 3 openings" in words_of(saved)
    board = await market.hands("luiza").command(market.desk, "application list")
    assert "Offer **1** · Interview **1** · Applied **1** · Saved **1**" in words_of(board)
    url = "https://lists.example.com/listings.json"
    stays = await market.hands("mia").command(market.staff, "post feed add", url=url)
    assert "The demo fetches nothing." in words_of(stays)
    await company.world.travel(BEGINS_AT + timedelta(days=7))
    assert "Closes tomorrow" in inbox(market.hands("luiza"))


@pytest.mark.slow
async def test_a_newcomer_finds_the_week_a_journal_and_what_comes_by_itself(company: Company):
    world, diary = company.world, Diary(company.world, company.stage)
    (digest,) = [one.text for one in words_in(world, company.news) if "week 1" in one.text]
    assert "nobody eats alone" in digest
    for heading in ("Worth doing", "Things that went well", "New openings", "People who met"):
        assert f"### {heading}" in digest
    assert any("It went out" in one.text for one in words_in(world, company.staff))
    preview = await company.hands("mia").command(company.staff, "cohort digest preview")
    assert "It goes to" in words_of(preview)
    assert company.hands("mia").sees(company.staff, "digest.send")
    name, content = await diary.get_record("luiza", "pdf")
    assert (name, content[:5]) == ("stint-record-2026-03-05.pdf", b"%PDF-")
    luiza = company.hands("luiza")
    assert "Your first week" in inbox(luiza)
    assert "This week's challenge" in inbox(luiza)
    await luiza.command(company.desk, "me")
    assert luiza.sees(company.desk, "record.get")

    await world.travel(world.now() + seed.A_MOMENT)
    assert await world.ahead() == datetime(2026, 3, 6, 12, 30, tzinfo=UTC)
    await diary.remind("amara", "tomorrow 8am", "Ask for the wiki")
    await world.travel(world.now() + timedelta(days=2))
    assert "Send Tilly the sketch" in inbox(luiza)
    assert "Ask for the wiki" in inbox(company.hands("amara"))
    await world.travel(BEGINS_AT + timedelta(days=6))
    assert any("## This week's digest" in one.text for one in words_in(world, company.staff)[-2:])
    assert company.hands("mia").sees(company.staff, "digest.skip")
    assert diary.has_card("amara")
    await world.travel(BEGINS_AT + timedelta(days=7))
    assert "· week 2" in words_of(company.news.last_message)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"broken', "That is not valid JSON"),
        (b"<html><p>no</p></html>", "That is a web page, not a list."),
        (b"", "There is nothing in it."),
        (None, "I cannot read it: No such file or directory."),
    ],
)
def test_a_broken_list_is_named_in_one_sentence(tmp_path: Path, content: bytes | None, said: str):
    file = tmp_path / "listings.json"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(CannotStart) as refused:
        begin(headless=False, weeks=1, port=0, open_browser=False, listings=file)

    assert str(refused.value).startswith(f"{file}: {said}")
