"""People are answered in their own language where there is a catalogue, in English otherwise."""

import asyncio
import subprocess
import sys

import pytest

from bot.face.words import N_, _, languages, ngettext, speaking, spoken


@pytest.mark.parametrize("locale", ["en-US", "en-GB", "ja", "xx-YY", ""])
def test_a_language_without_a_catalogue_is_answered_in_english(locale: str):
    with speaking(locale):
        assert _("A sentence nobody has translated.") == "A sentence nobody has translated."


def test_the_wording_fits_the_number():
    wordings = [ngettext("{n} goal", "{n} goals", n).format(n=n) for n in (0, 1, 2)]

    assert wordings == ["0 goals", "1 goal", "2 goals"]


def test_the_language_goes_back_when_the_answer_is_given():
    with speaking("de"):
        with speaking("fr"):
            assert spoken() == "fr"
        assert spoken() == "de"

    assert spoken() == "en-US"


async def test_two_people_answered_at_once_keep_their_own_languages():
    async def answer(locale: str) -> str:
        with speaking(locale):
            await asyncio.sleep(0)
            return spoken()

    assert await asyncio.gather(answer("de"), answer("fr")) == ["de", "fr"]


def test_a_marked_constant_stays_itself_until_it_is_shown():
    assert N_("Goals") == "Goals"


def test_an_empty_text_stays_empty():
    with speaking("de"):
        assert _("") == ""


def test_english_is_always_offered():
    assert languages()[0] == "en-US"


def test_words_can_be_used_without_discord():
    program = "import sys, bot.face.words; print('discord' in sys.modules)"

    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert shown.stdout.strip() == "False"
