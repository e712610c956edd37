"""Questions to oneself: three at a time, and what was answered before comes back."""

from datetime import date, timedelta

from bot.clockwork.phases import Stage
from tests.conftest import words_of

FIRST = {"one": "Whether I like talking to users", "two": "", "three": "One thing that is mine"}


async def test_answers_of_before_come_back_in_the_middle(world):
    await world.join(world.ada, stage=Stage.STARTING, starts_on=date(2026, 3, 9))
    asked = await world.ada.slash(world.checkins, "journal reflect")
    assert "What would you like to find out about this kind of work" in words_of(asked)
    form = await world.ada.click(asked.response, label="Answer")
    kept = await world.ada.submit_modal(form, FIRST)
    assert "Whether I like talking to users" in words_of(kept)
    await world.restart()
    form = await world.ada.click(kept.response, label="Change my answers")
    assert "One thing that is mine" in str(form.modal)

    await world.env.advance_time(timedelta(weeks=5).total_seconds())
    middle = await world.ada.slash(world.checkins, "journal reflect")
    assert "This is what you hoped to learn:" in words_of(middle)
    assert "> Whether I like talking to users" in words_of(middle)


async def test_no_answer_at_all_is_refused_kindly(world):
    await world.join(world.ada)
    asked = await world.ada.slash(world.checkins, "journal reflect")
    form = await world.ada.click(asked.response, label="Answer")
    refused = await world.ada.submit_modal(form, {"one": "", "two": "", "three": ""})
    assert "One answer is enough" in words_of(refused)
    world.env.errors.clear()


async def test_a_refused_form_opens_again_with_its_questions_and_what_was_typed(world):
    await world.join(world.ada)
    asked = await world.ada.slash(world.checkins, "journal reflect")
    first = await world.ada.click(asked.response, label="Answer")
    refused = await world.ada.submit_modal(first, {"one": "", "two": " ", "three": ""})
    await world.restart()
    again = await world.ada.click(refused.response, label="Try again")
    assert questions_of(again) == questions_of(first)
    kept = await world.ada.submit_modal(again, FIRST)
    assert "Whether I like talking to users" in words_of(kept)
    world.env.errors.clear()


def questions_of(result):
    return [
        (part["label"], part["description"], part["component"].get("placeholder"))
        for part in result.modal["components"]
    ]


async def test_earlier_answers_are_listed_deleted_and_become_entries(world):
    await world.join(world.ada)
    empty = await world.ada.slash(world.checkins, "journal list")
    assert "Empty so far" in words_of(empty)
    asked = await world.ada.slash(world.checkins, "journal reflect", about="week")
    form = await world.ada.click(asked.response, label="Answer")
    kept = await world.ada.submit_modal(form, FIRST)
    listed = await world.ada.click(kept.response, label="Earlier answers")
    opened = await world.ada.click(listed.response, custom_id="journal.show_answer:1")
    entry = await world.ada.click(opened.response, label="Make it an entry")
    assert "Kept, for you alone" in words_of(entry)
    gone = await world.ada.click(opened.response, label="Delete")
    assert "bring it back until" in words_of(gone)
    back = await world.ada.click(gone.response, label="Bring it back")
    assert "Whether I like talking to users" in words_of(back)


async def test_somebody_elses_answers_stay_theirs(world):
    await world.join(world.ada)
    await world.join(world.ben)
    asked = await world.ada.slash(world.checkins, "journal reflect")
    form = await world.ada.click(asked.response, label="Answer")
    await world.ada.submit_modal(form, FIRST)
    own = await world.ben.slash(world.checkins, "journal reflect")
    assert "talking to users" not in words_of(own)
