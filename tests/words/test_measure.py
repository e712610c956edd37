"""The measure of reading tells plain from heavy, and the tones we never strike are heard."""

import re

import pytest

from tests.words.measure import TONE, grade, sentences

HEARD = {
    "guilt": "You still haven't answered.",
    "belittling": "Simply ask your manager.",
    "orders": "You must finish it today.",
    "empty comfort": "Don't worry about it.",
    "cheering": "Well done!",
    "leaflet": "Leverage your network.",
    "distance": "The user is shown a card.",
    "pictures": "Done \u2705",
}


def test_the_measure_of_reading_tells_plain_from_heavy():
    plain = "You are stuck. Ask a friend. It takes two minutes."
    heavy = (
        "Organisational communication methodologies necessitate considerable familiarisation "
        "with institutional terminology, notwithstanding preliminary preparation."
    )

    assert grade(plain) < 3
    assert grade(heavy) > 16


def test_blanks_lists_and_commands_do_not_make_a_sentence_longer():
    text = "Three things:\n- the first\n- the second\n\nThen `/goal add area: portfolio` it is."

    assert [len(one) for one in sentences(text)] == [2, 2, 2, 4]


@pytest.mark.parametrize("rule", TONE)
def test_each_tone_is_heard(rule: str):
    assert re.search(TONE[rule], HEARD[rule], re.IGNORECASE)
    assert not re.search(TONE[rule], "Ask somebody who has just now done it.", re.IGNORECASE)
