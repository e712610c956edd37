"""Forms ask, check and keep: nothing typed is lost, nothing wrong is saved."""

import pytest

from bot.errors import Refusal
from bot.face.forms import Form, answers_of, asked, modal, read
from cogs.goals.store import goals
from tests.conftest import count


class Shape(Form):
    """A form with every kind of field."""

    title: str = asked("A title", most=20)
    story: str = asked("A story", long=True, required=False)
    colour: str | None = asked("A colour", required=False, choices=(("r", "Red"), ("b", "Blue")))
    mood: int | None = asked(
        "A mood", required=False, radio=True, choices=(("1", "Low"), ("2", "High"))
    )


def shown(**fill):
    return modal(Shape, "shapes.add", "7", title="A shape", fill=fill, asks={}).to_dict()


def test_a_form_shows_each_question_with_its_own_control():
    labels = shown()["components"]
    assert [label["label"] for label in labels] == ["A title", "A story", "A colour", "A mood"]
    assert [label["component"]["type"] for label in labels] == [4, 4, 3, 21]
    assert [label["component"]["required"] for label in labels] == [True, False, False, False]


def test_a_form_opens_filled():
    title, story, colour, mood = (
        label["component"] for label in shown(title="Round", colour="b", mood=2)["components"]
    )
    assert title["value"] == "Round"
    assert not story.get("value")
    assert [option["value"] for option in colour["options"] if option.get("default")] == ["b"]
    assert [option["value"] for option in mood["options"] if option.get("default")] == ["2"]


def test_what_discord_sends_is_read_by_field():
    sent = {
        "components": [
            {"type": 18, "component": {"type": 4, "custom_id": "title", "value": "Round"}},
            {"type": 18, "component": {"type": 3, "custom_id": "colour", "values": []}},
            {"type": 1, "components": [{"type": 4, "custom_id": "story", "value": "x"}]},
            {"type": 10, "content": "just text"},
        ]
    }
    assert answers_of(sent) == {"title": "Round", "colour": None, "story": "x"}


def test_answers_become_a_form():
    form = read(Shape, {"title": "  Round ", "story": None, "colour": "r", "mood": "2"})
    assert (form.title, form.story, form.colour, form.mood) == ("Round", "", "r", 2)


@pytest.mark.parametrize("blank", ["", "   ", "\u200b\u202e", None])
def test_only_blanks_are_no_answer(blank):
    with pytest.raises(Refusal, match=r"\*A title\* is still empty"):
        read(Shape, {"title": blank})


def test_too_much_is_told_with_the_limit():
    with pytest.raises(Refusal, match="longer than 20 characters"):
        read(Shape, {"title": "x" * 21})


def test_a_value_that_does_not_fit_names_its_question():
    with pytest.raises(Refusal, match=r"\*A mood\*"):
        read(Shape, {"title": "x", "mood": "high"})


async def test_a_form_that_is_delivered_twice_is_saved_once(world, monkeypatch):
    heard = []
    dispatch = world.bot.forms.dispatch

    async def remembering(interaction):
        heard.append(interaction)
        await dispatch(interaction)

    monkeypatch.setattr(world.bot.forms, "dispatch", remembering)
    await world.join(world.ada)
    form = await world.ada.slash(world.checkins, "goal add")
    await world.ada.submit_modal(form, {"what": "Once"})

    await world.in_bot(dispatch(heard[0]))

    assert await count(world.db, goals) == 1
