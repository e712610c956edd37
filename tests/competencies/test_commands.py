"""Competencies as a member lives them: open, answer, leave, come back, see the change."""

from datetime import date

from bot.people import memberships
from cogs.competencies.model import CompetencyPage, Moment
from cogs.competencies.views import competency_card
from tests.conftest import words_of


async def open_first(world):
    listed = await world.ada.slash(world.checkins, "goal competencies")
    return listed, await world.ada.click(listed.response, label="Start")


async def test_the_first_look_asks_for_one_of_eight_and_promises_silence(world):
    await world.join(world.ada)
    listed = await world.ada.slash(world.checkins, "goal competencies")
    assert listed.ephemeral
    assert "nobody else reads it" in words_of(listed)
    assert words_of(listed).count("Open") == 8
    first = await world.ada.click(listed.response, label="Start")
    assert "Looking after my path" in words_of(first)
    assert "At the start it can look like this" in words_of(first)


async def test_a_member_answers_writes_and_comes_back_after_a_restart(world):
    await world.join(world.ada)
    _listed, first = await open_first(world)
    chosen = await world.ada.select(
        first.response, ["1"], custom_id="competencies.choose:1.start.career"
    )
    assert "**Start**: With help" in words_of(chosen)
    await world.restart()
    asked = await world.ada.click(first.response, label="In my own words")
    said = await world.ada.submit_modal(asked, {"words": "I know what I like"})
    assert "> I know what I like" in words_of(said)
    listed = await world.ada.slash(world.checkins, "goal competencies")
    assert "You have said something about 1." in words_of(listed)
    again = await world.ada.click(listed.response, label="Go on")
    assert "Making myself understood" in words_of(again)


async def test_the_change_shows_at_a_later_moment(world):
    member = await world.join(world.ada)
    _listed, first = await open_first(world)
    await world.ada.select(first.response, ["0"], custom_id="competencies.choose:1.start.career")
    async with world.db.write() as tx:
        began = {"starts_on": date(2025, 12, 22), "ends_on": date(2026, 3, 15)}
        await memberships.change(tx, member.member_id, **began)
    _listed, last = await open_first(world)
    changed = await world.ada.select(
        last.response, ["2"], custom_id="competencies.choose:1.end.career"
    )
    assert "*Still new to me* became *On my own*" in words_of(changed)
    listed = await world.ada.click(changed.response, label="All of them")
    assert "Start: Still new to me → End: On my own" in words_of(listed)
    drawn = await world.ada.click(listed.response, label="Side by side")
    assert "Start: Still new to me → End: On my own" in words_of(drawn)
    assert [file.filename for file in drawn.response.attachments] == ["side-by-side.png"]


async def test_an_earlier_moment_may_be_filled_later(world):
    await world.join(world.ada)
    _listed, first = await open_first(world)
    moved = await world.ada.select(
        first.response, ["end"], custom_id="competencies.moment:1.career"
    )
    assert "At the end it can look like this" in words_of(moved)


async def test_the_guide_and_the_goal_are_one_press_away_and_the_goal_is_made_once(world):
    await world.join(world.ada)
    _listed, first = await open_first(world)
    _listed, stale = await open_first(world)
    made = await world.ada.click(first.response, label="Make it a goal")
    assert "It is a goal now" in words_of(made)
    pressed = await world.ada.click(stale.response, label="Make it a goal")
    assert "You made it a goal" in words_of(pressed)
    goals = await world.ada.slash(world.checkins, "goal list")
    assert words_of(goals).count("Looking after my path") == 1
    guide = await world.ada.click(pressed.response, label="Read about it")
    assert "Sources: " in words_of(guide)
    back = await world.ada.click(guide.response, label="Back")
    assert "Looking after my path" in words_of(back)
    assert "At the start it can look like this" in words_of(back)


def test_a_guide_leads_back_however_long_the_ids_of_a_pack_are(packs):
    asked = (
        packs.competencies[0].competencies[0].model_copy(update={"id": "a" * 60, "guide": "b" * 40})
    )
    page = CompetencyPage(12345, asked, ("Well",), Moment.START, {}, None, False)
    ids = [one.custom_id for one in competency_card(page).walk_children() if hasattr(one, "url")]
    assert f"guides.read:{asked.guide}>competencies.list:12345" in ids


async def test_somebody_elses_press_is_refused_and_shows_nothing(world):
    await world.join(world.ada)
    await world.join(world.ben)
    _listed, first = await open_first(world)
    await world.ada.select(first.response, ["1"], custom_id="competencies.choose:1.start.career")
    theirs = await world.ben.slash(world.checkins, "goal competencies")
    assert "With help" not in words_of(theirs)
    assert "points, no marks" in words_of(theirs)


async def test_me_leads_there_while_it_was_never_begun(world):
    await world.join(world.ada)
    panel = await world.ada.slash(world.checkins, "me")
    assert "What can you do already?" in words_of(panel)
    _listed, first = await open_first(world)
    await world.ada.select(first.response, ["1"], custom_id="competencies.choose:1.start.career")
    assert "What can you do already?" not in words_of(await world.ada.slash(world.checkins, "me"))


async def test_somebody_who_has_not_joined_is_told_how(world):
    refused = await world.stranger.slash(world.checkins, "goal competencies")
    assert "have not joined" in words_of(refused)
    world.env.errors.clear()
