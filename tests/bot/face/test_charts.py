"""A member's weeks can be seen, and read without seeing them."""

import xml.etree.ElementTree as ET
from io import BytesIO

import pytest
from PIL import Image

from bot.face.charts import GoalTally, WeekPoint, confidence_chart
from bot.face.ink import FONTS, png
from bot.face.words import speaking

TWELVE = [
    WeekPoint("W1", 2),
    WeekPoint("W2", 3),
    WeekPoint("W3", 3, late=True),
    WeekPoint("W4", None),
    WeekPoint("W5", None, paused=True),
    *(WeekPoint(f"W{week}", 4) for week in range(6, 12)),
    WeekPoint("W12", 5),
]
YEAR = [WeekPoint(f"W{week}", week % 5 + 1, late=week % 9 == 0) for week in range(1, 53)]
GOALS = GoalTally(open=2, done=4, dropped=1)


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize(
    "points", [[], [WeekPoint("W1", 3)], TWELVE[:3], TWELVE, YEAR], ids=["0", "1", "3", "12", "52"]
)
async def test_any_number_of_weeks_becomes_a_picture(points: list[WeekPoint]):
    chart = confidence_chart(points, GOALS)

    with Image.open(BytesIO(await png(chart.svg))) as picture:
        assert picture.format == "PNG"
        assert picture.size == (1000, 600)
        assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 20
    assert 0 < len(chart.alt) <= 1024
    assert len(chart.figures_text) < 2000


async def test_letters_are_drawn_with_the_font_that_comes_along():
    with_words = await png(confidence_chart([], GoalTally()).svg)
    without = await png(confidence_chart([], GoalTally()).svg.replace("font-size", "data-size"))

    assert with_words != without
    assert len(FONTS) == 2


def test_the_alternative_text_tells_where_it_began_and_where_it_is_now():
    assert confidence_chart(TWELVE, GOALS).alt == (
        "Line of my confidence from 1 to 5 over 12 weeks: 2 in W1, 5 in W12, lowest 2 in W1, "
        "highest 5 in W12. Goals: 4 done, 2 open, 1 let go."
    )


def test_every_figure_stands_in_words():
    assert confidence_chart(TWELVE[:5], GOALS).figures_text == (
        "Confidence, 1 to 5: W1: 2 · W2: 3 · W3: 3 (late) · W4: – · W5: paused\n"
        "Goals: 4 done, 2 open, 1 let go."
    )


def test_before_the_first_check_in_the_picture_invites_and_the_words_say_so():
    chart = confidence_chart([], GoalTally())

    assert "Your next check-in can put a point here." in texts(chart.svg)
    assert chart.alt == "No confidence has been noted yet. Goals: none yet."
    assert chart.figures_text == "Confidence, 1 to 5: nothing yet\nGoals: none yet."


def test_one_week_is_told_as_one_week():
    assert confidence_chart([WeekPoint("W1", 3)], GoalTally(open=1)).alt == (
        "Confidence in one week, W1: 3 of 5. Goals: 0 done, 1 open, 0 let go."
    )


def test_late_and_paused_weeks_are_told_by_shape_and_named_in_the_picture():
    svg = confidence_chart(TWELVE, GOALS).svg

    assert {"in time", "late", "no number", "paused"} <= set(texts(svg))
    assert 'fill="url(#paused)"' in svg


def test_signs_that_do_not_occur_are_not_explained():
    shown = texts(confidence_chart([WeekPoint("W1", 3)], GOALS).svg)

    assert not {"in time", "late", "no number", "paused"} & set(shown)


def test_weeks_without_an_answer_break_the_line_into_dashes():
    gap = [WeekPoint("W1", 2), WeekPoint("W2", None), WeekPoint("W3", 4)]

    assert "stroke-dasharray" in confidence_chart(gap, GOALS).svg
    assert "stroke-dasharray" not in confidence_chart(TWELVE[:3], GOALS).svg


def test_a_year_keeps_its_labels_apart():
    labels = [text for text in texts(confidence_chart(YEAR, GOALS).svg) if text.startswith("W")]

    assert labels[0] == "W1"
    assert labels[-1] == "W52"
    assert len(labels) <= 16


def test_a_label_cannot_break_out_of_the_picture():
    chart = confidence_chart([WeekPoint('<a b="', 3)], GOALS)

    assert '<a b="' in texts(chart.svg)


def test_pictures_speak_the_readers_language_where_there_is_a_catalogue():
    with speaking("xx"):
        assert "Goals" in texts(confidence_chart([], GOALS).svg)
