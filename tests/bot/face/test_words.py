"""People are answered in their own language where there is a catalogue, in English otherwise."""

import asyncio
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.face.words import LOCALE_DIR, N_, _, languages, ngettext, speak_to_all, speaking, spoken

CATALOGUES = sorted(LOCALE_DIR.glob("*/LC_MESSAGES/stint.po"))
NAMED = re.compile(r"(?<!\*)\*([A-Z][^*\n{]*)\*(?!\*)")
IN_DISCORDS_MENUS = {"Report"}
"""Names that a sentence takes from Discord itself; a button of ours only reads the same."""


def blanks(text: str) -> set[str]:
    return {name for _text, name, _spec, _how in Formatter().parse(text) if name is not None}


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


@pytest.mark.parametrize(
    ("locales", "language"),
    [
        (["de", "de"], "de"),
        (["pt-BR", "pt-PT"], "pt"),
        (["de", "en-US"], "en-US"),
        (["de", "fr"], "en-US"),
        ([], "en-US"),
    ],
)
def test_several_people_hear_the_language_they_share(locales, language):
    with speaking("fr"):
        speak_to_all(locales)
        assert spoken() == language
    assert spoken() == "en-US"


def test_a_marked_constant_stays_itself_until_it_is_shown():
    assert N_("Goals") == "Goals"


def test_an_empty_text_stays_empty():
    with speaking("de"):
        assert _("") == ""


def test_english_is_always_offered_and_german_beside_it():
    assert languages()[0] == "en-US"
    assert "de" in languages()


@pytest.mark.parametrize("locale", ["de", "de-AT"])
def test_german_speakers_are_answered_in_german(locale: str):
    with speaking(locale):
        assert _("Your goals") == "Deine Ziele"
        assert ngettext("{n} day left", "{n} days left", 1) == "noch {n} Tag"
        assert ngettext("{n} day left", "{n} days left", 2) == "noch {n} Tage"


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parts[-3])
def test_a_translation_keeps_every_blank_that_is_filled_in(file: Path):
    with file.open("rb") as opened:
        messages = [message for message in read_po(opened) if message.id]

    for message in messages:
        texts = [message.id] if isinstance(message.id, str) else list(message.id)
        said = [message.string] if isinstance(message.string, str) else list(message.string)
        for original, translated in zip(texts, said, strict=False):
            assert not translated or blanks(translated) == blanks(original), original


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parts[-3])
def test_a_sentence_names_a_button_as_the_button_reads(file: Path):
    with file.open("rb") as opened:
        messages = [message for message in read_po(opened) if message.id]
    labels = {
        message.id.rstrip("…"): message.string.rstrip("…")
        for message in messages
        if isinstance(message.id, str) and isinstance(message.string, str)
    }

    for message in messages:
        said = message.string if isinstance(message.string, str) else message.string[0]
        original = message.id if isinstance(message.id, str) else message.id[0]
        for name in NAMED.findall(original) if said else ():
            label = labels.get(name.rstrip("…"))
            assert not label or name in IN_DISCORDS_MENUS or f"*{label}" in said, (name, said)


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parts[-3])
def test_the_compiled_catalogue_is_made_from_the_written_one(file: Path):
    compiled = BytesIO()
    with file.open("rb") as opened:
        write_mo(compiled, read_po(opened, locale=file.parts[-3]))

    assert file.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run `make words`"


def test_words_can_be_used_without_discord():
    program = "import sys, bot.face.words; print('discord' in sys.modules)"

    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert shown.stdout.strip() == "False"
