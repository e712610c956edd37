"""Cards fit Discord's limits, and what people typed stays what they typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.face.escape import one_line
from bot.face.look import MOST_TEXT, card, clip, item, plain, quote, row, safe, stamp
from bot.face.press import name, pick, press
from tests.conftest import MONDAY


def texts(view):
    return [part.content for part in view.walk_children() if hasattr(part, "content")]


@pytest.mark.parametrize(
    ("typed", "gone"),
    [
        ("@everyone", "@everyone"),
        ("@here look", "@here"),
        ("<@1234>", "<@1234>"),
        ("<@&1234>", "<@&"),
        ("```\nout\n```", "```"),
        ("||spoiler||", "||"),
        ("[free](https://evil.example)", "[free]"),
        ("\u202egpj.exe", "\u202e"),
        ("a\x00b\x1b[31m", "\x1b"),
    ],
)
def test_typed_text_cannot_ping_format_or_hide(typed, gone):
    assert gone not in safe(typed)


@pytest.mark.parametrize("mark", ["# big", "> quoted", "- listed", "-# small", "1. counted"])
def test_a_line_cannot_begin_a_heading_list_or_quotation(mark):
    assert safe(f"one\n{mark}").splitlines()[1] != mark


def test_a_plain_link_stays_whole():
    assert safe("see https://example.org/a_b_c*d now") == "see https://example.org/a_b_c*d now"


@given(st.text(max_size=300))
def test_safe_text_never_holds_a_ping(typed):
    assert "@everyone" not in safe(typed)
    assert "<@" not in safe(typed)


@given(st.text(min_size=1, max_size=200), st.integers(min_value=2, max_value=50))
def test_clipped_text_is_never_longer_than_asked(text, most):
    assert len(clip(text, most)) <= most


@given(st.text(max_size=600), st.integers(20, 300))
def test_one_line_is_one_line_and_fits_with_every_sign_of_ours(text, most):
    shown = one_line(text, most)
    assert len(shown) <= most
    assert len(shown.splitlines()) <= 1


def test_one_line_shows_as_much_as_fits():
    assert one_line("a\n b\t c") == "a b c"
    assert one_line("*" * 300, 100).count("*") >= 40


def test_text_is_cut_at_a_word():
    assert clip("one two three four", 12) == "one two…"


def test_a_card_cuts_what_discord_would_refuse():
    view = card("Title", "a" * 3000, "b" * 3000, "c" * 10)
    assert sum(map(len, texts(view))) <= MOST_TEXT


def test_what_is_missing_takes_no_room():
    view = card("Title", "", None, row(None), "text")
    assert texts(view) == ["## Title", "text"]


def test_a_quotation_marks_every_line():
    assert quote("one\ntwo") == "> one\n> two"


def test_a_moment_is_shown_in_everybodys_own_zone():
    assert stamp(MONDAY, "f") == "<t:1772463600:f>"


def test_only_what_nobody_sees_is_taken_out_of_plain_text():
    assert plain(" naïve 漢字 \u200b👩‍💻\x07 ") == "naïve 漢字 👩‍💻"


def test_a_name_that_discord_would_refuse_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="custom id"):
        name("goals.done", "x" * 100)
    with pytest.raises(ValueError, match="custom id"):
        name("Goals Done", 1)


def test_long_labels_and_many_options_fit():
    from bot.face.look import Option

    button = press("x" * 200, "goals.done", 1)
    select = pick("y" * 300, "goals.area", 1, [Option("z" * 200, str(n)) for n in range(40)])
    assert len(button.label) == 80
    assert len(select.options) == 25
    assert len(select.placeholder) == 150


def test_a_text_with_a_button_stands_beside_it():
    view = card("", item("Read the code", press("Open", "goals.show", 7)))
    assert any(getattr(part, "custom_id", "") == "goals.show:7" for part in view.walk_children())
