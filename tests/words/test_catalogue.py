"""Every sentence in the code that a person may read is plain, short and kind."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file

from bot.config import ROOT
from tests.words.measure import FOURTEEN, LONGEST, TONE, grade, sentences

LONGEST_BUTTON = 38
"""Letters of a button that a phone shows without cutting it."""
LONG_ENOUGH = 20
"""Words from which a text's reading level can be told."""
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
LABELLED = {"press", "link"}


def sources() -> list[Path]:
    return [file for room in ("bot", "cogs") for file in sorted((ROOT / room).rglob("*.py"))]


@cache
def said() -> list[tuple[str, str]]:
    """Each text for people, with the file it stands in."""
    found: list[tuple[str, str]] = []
    for file in sources():
        for _line, text, _comments, _context in extract_from_file("python", file, KEYWORDS):
            texts = text if isinstance(text, tuple) else (text,)
            found += [(file.relative_to(ROOT).as_posix(), one) for one in texts if one]
    return found


def read_aloud(text: str) -> str:
    """The text as it is said: something stands in its blanks, commands are one word."""
    return re.sub(r"<[#@]?it>|\*", "", re.sub(r"\{[^}]*\}", "it", text)).removeprefix("-# ")


@cache
def buttons() -> list[tuple[str, str]]:
    """The words on each button whose words stand beside it."""
    return list(found_buttons())


def found_buttons() -> Iterator[tuple[str, str]]:
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in LABELLED:
                continue
            for part in ast.walk(node.args[0]) if node.args else ():
                if isinstance(part, ast.Call) and getattr(part.func, "id", "") == "_":
                    (text,) = part.args
                    if isinstance(text, ast.Constant):
                        yield file.relative_to(ROOT).as_posix(), str(text.value)


def test_there_is_much_to_check():
    assert len(said()) > 2000
    assert len(buttons()) > 300


@pytest.mark.parametrize("rule", TONE)
def test_nothing_we_say_breaks_the_tone(rule: str):
    broken = [
        (where, found.group(), text[:80])
        for where, text in said()
        for found in [re.search(TONE[rule], text, re.IGNORECASE)]
        if found
    ]

    assert broken == []


def test_nobody_runs_out_of_breath():
    long = [
        (where, " ".join(sentence))
        for where, text in said()
        for sentence in sentences(read_aloud(text))
        if len(sentence) > LONGEST
    ]

    assert long == []


def test_everybody_of_fourteen_reads_it_with_ease():
    heavy = [
        (where, round(grade(aloud), 1), text)
        for where, text in said()
        for aloud in [read_aloud(text)]
        if sum(map(len, sentences(aloud))) >= LONG_ENOUGH and grade(aloud) > FOURTEEN
    ]

    assert heavy == []


def test_a_button_is_read_at_a_glance():
    long = [
        (where, text)
        for where, text in buttons()
        if len(re.sub(r"\{[^}]*\}", "12", text)) > LONGEST_BUTTON
    ]
    shouting = [(where, text) for where, text in buttons() if text.endswith((".", "!"))]
    small = [(where, text) for where, text in buttons() if text[:1].islower()]

    assert (long, shouting, small) == ([], [], [])


def test_there_is_no_pile_of_marks():
    piles = [(where, text) for where, text in said() if re.search(r"!!|\?\?|\?!|!\?|\.{4}", text)]
    shouts = [
        (where, text) for where, text in said() if re.search(r"\b(?!DELETE\b)[A-Z]{6,}\b", text)
    ]

    assert (piles, shouts) == ([], [])
