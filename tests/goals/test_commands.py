"""Goals as a member lives them: type, fill, press, restart, press again."""

from datetime import date

from bot.errors import NotFound
from bot.storage.drafts import drafts
from cogs.goals.model import GoalList, GoalState
from cogs.goals.views import list_card
from tests.conftest import count, words_of

GOAL = {"what": "Understand the billing service", "measure": "", "target": "", "first_step": ""}


async def add(world, person, **answers):
    asked = await person.slash(world.checkins, "goal add")
    return await person.submit_modal(asked, {**GOAL, **answers})


async def test_a_member_adds_a_goal_and_is_gently_asked_for_a_measure(world):
    await world.join(world.ada)
    saved = await add(world, world.ada)
    assert saved.ephemeral
    assert "Goal saved" in words_of(saved)
    assert "how will you know" in words_of(saved)


async def test_a_goal_with_a_measure_is_not_coached(world):
    await world.join(world.ada)
    saved = await add(world, world.ada, measure="I can explain it to Ben")
    assert "I can explain it to Ben" in words_of(saved)
    assert "One thing that helps" not in words_of(saved)


async def test_a_card_from_before_a_restart_still_marks_a_goal_done(world):
    await world.join(world.ada)
    saved = await add(world, world.ada)
    listed = await world.ada.click(saved.response, label="My goals")
    opened = await world.ada.click(listed.response, label="Open")
    await world.restart()
    done = await world.ada.click(opened.response, label="Done")
    assert "Well earned" in words_of(done)


async def test_what_was_typed_survives_a_refusal_and_try_again_opens_it_filled(world):
    await world.join(world.ada)
    refused = await add(world, world.ada, target="the day after never")
    assert await count(world.db, drafts) == 1
    await world.restart()
    again = await world.ada.click(refused.response, label="Try again")
    assert "Understand the billing service" in str(again.modal)
    saved = await world.ada.submit_modal(again, GOAL)
    assert await count(world.db, drafts) == 0
    assert "Goal saved" in words_of(saved)
    world.env.errors.clear()


async def test_what_is_sent_again_takes_the_place_of_what_was_refused_before(world):
    await world.join(world.ada)
    refused = await add(world, world.ada, target="the day after never")
    again = await world.ada.click(refused.response, label="Try again")
    twice = await world.ada.submit_modal(again, {**GOAL, "target": "2020-01-01"})
    assert "has passed" in words_of(twice)
    assert await count(world.db, drafts) == 1
    gone = await world.ada.click(refused.response, label="Try again")
    assert "That draft is gone" in words_of(gone)
    once_more = await world.ada.click(twice.response, label="Try again")
    assert "Goal saved" in words_of(await world.ada.submit_modal(once_more, GOAL))
    assert await count(world.db, drafts) == 0
    world.env.errors.clear()


async def test_somebody_who_has_not_joined_is_told_how(world):
    refused = await add(world, world.stranger)
    assert "have not joined" in words_of(refused)


async def test_nobody_presses_on_somebody_elses_goal(world):
    await world.join(world.ada)
    await world.join(world.ben)
    saved = await add(world, world.ada)
    goal_id = "goals.done:1"
    assert "Goal saved" in words_of(saved)
    listed = await world.ben.slash(world.checkins, "goal done", goal="1")
    assert "not yours" in words_of(listed)
    assert goal_id
    assert any(isinstance(e.original, NotFound) for e in world.env.errors)


async def test_typed_text_cannot_ping_or_break_out_of_the_card(world):
    await world.join(world.ada)
    nasty = "@everyone ``` [free](https://e.example) <@1> \u202eevil"
    saved = await add(world, world.ada, what=nasty)
    shown = words_of(saved)
    assert "@everyone" not in shown
    assert "```" not in shown
    assert "<@1>" not in shown
    assert "\u202e" not in shown


async def test_only_spaces_are_an_empty_goal(world):
    await world.join(world.ada)
    refused = await add(world, world.ada, what="   ")
    assert "still empty" in words_of(refused)


async def test_a_done_goal_is_shared_only_after_its_words_and_readers_were_shown(world):
    await world.join(world.ada)
    await add(world, world.ada)
    done = await world.ada.slash(world.checkins, "goal done", goal="1")
    preview = await world.ada.click(done.response, label="Share with my cohort…")
    assert "Everyone who can see that channel reads it" in words_of(preview)
    await world.ada.click(preview.response, label="Share it")
    await world.tick()
    assert "Ada reached a goal" in words_of(
        world.checkins.last_message
    ) or "ada reached" in words_of(world.checkins.last_message)


def test_every_button_of_a_list_in_pages_is_its_own():
    for page in range(3):
        shown = list_card(
            GoalList((), GoalState.OPEN, page, 3, {GoalState.OPEN: 15}, date(2026, 3, 2), "Spring")
        )
        ids = [part.custom_id for part in shown.walk_children() if hasattr(part, "custom_id")]
        assert len(set(ids)) == len(ids) == 7
