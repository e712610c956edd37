"""Dates people write are read as they meant them, or refused with what to write instead."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clockwork.phrases import read_date, read_wall
from bot.errors import Refusal

WEDNESDAY = date(2026, 6, 10)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-12-24", "2026-12-24"),
        ("2026/12/24", "2026-12-24"),
        ("24 Dec", "2026-12-24"),
        ("24dec", "2026-12-24"),
        ("Dec 24", "2026-12-24"),
        ("24th of December 2027", "2027-12-24"),
        ("December 24th, 2027", "2027-12-24"),
        ("Thu 11 June", "2026-06-11"),
        ("sept 1", "2026-09-01"),
        ("24.12.", "2026-12-24"),
        ("24.12.26", "2026-12-24"),
        ("24.12.2027", "2027-12-24"),
        ("13/7", "2026-07-13"),
        ("7/13/2026", "2026-07-13"),
        ("8/8", "2026-08-08"),
        ("29 feb", "2028-02-29"),
        ("today", "2026-06-10"),
        ("10 June", "2026-06-10"),
        ("9 June", "2027-06-09"),
        ("Tomorrow!", "2026-06-11"),
        ("the day after tomorrow", "2026-06-12"),
        ("yesterday", "2026-06-09"),
        ("friday", "2026-06-12"),
        ("wednesday", "2026-06-17"),
        ("this friday", "2026-06-12"),
        ("this wed", "2026-06-10"),
        ("next monday", "2026-06-15"),
        ("next friday", "2026-06-19"),
        ("monday next week", "2026-06-15"),
        ("last fri", "2026-06-05"),
        ("next week", "2026-06-15"),
        ("next month", "2026-07-01"),
        ("end of the month", "2026-06-30"),
    ],
)
def test_a_date_is_the_one_people_mean(text, meant):
    assert read_date(text, WEDNESDAY) == date.fromisoformat(meant)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2 weeks", "2026-06-24"),
        ("in 2 weeks", "2026-06-24"),
        ("for two weeks", "2026-06-24"),
        ("2 weeks' time", "2026-06-24"),
        ("two weeks from now", "2026-06-24"),
        ("10d", "2026-06-20"),
        ("1w", "2026-06-17"),
        ("a month", "2026-07-10"),
        ("fortnight", "2026-06-24"),
        ("3 days ago", "2026-06-07"),
        ("a year", "2027-06-10"),
        ("until friday", "2026-06-12"),
        ("until  the 24th of Dec", "2026-12-24"),
        ("by next monday", "2026-06-15"),
    ],
)
def test_a_length_of_time_is_counted_from_today(text, meant):
    assert read_date(text, WEDNESDAY) == date.fromisoformat(meant)


def test_a_month_from_the_31st_ends_on_the_last_day_there_is():
    assert read_date("1 month", date(2027, 1, 31)) == date(2027, 2, 28)
    assert read_date("next month", date(2026, 12, 31)) == date(2027, 1, 1)


def test_when_something_began_is_read_as_the_nearest_such_day():
    assert read_date("9 June", WEDNESDAY, nearest=True) == date(2026, 6, 9)
    assert read_date("24 Dec", WEDNESDAY, nearest=True) == date(2025, 12, 24)
    assert read_date("1 Jan", date(2026, 12, 30), nearest=True) == date(2027, 1, 1)


@pytest.mark.parametrize(
    "text", ["", "soon", "may", "@everyone", "12345", "for 3", "24 De", "noon"]
)
def test_what_is_no_date_is_refused_with_what_to_type(text):
    with pytest.raises(Refusal, match=r"2026-12-24, 24 Dec, tomorrow, next monday or in 2 weeks"):
        read_date(text, WEDNESDAY)


@pytest.mark.parametrize("text", ["31 Feb", "31 Apr 2026", "2026-02-30", "29 feb 2027", "99/99"])
def test_a_day_the_calendar_does_not_have_is_named(text):
    with pytest.raises(Refusal, match=f'no such day as "{text}"'):
        read_date(text, WEDNESDAY)


def test_day_and_month_that_could_be_swapped_are_never_guessed():
    with pytest.raises(Refusal, match="3 April or 4 March"):
        read_date("3/4", WEDNESDAY)


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "999 years", "24 Dec 2126"])
def test_a_year_far_away_looks_like_a_slip(text):
    with pytest.raises(Refusal, match="very far away"):
        read_date(text, WEDNESDAY)


@given(
    st.text(max_size=200) | st.from_regex(r"(in |until )?\d{0,4}[ ./-]?[a-z]{0,9}[ ./-]?\d{0,4}"),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    st.booleans(),
)
def test_whatever_is_typed_there_is_a_day_or_a_sentence(text, today, nearest):
    try:
        found = read_date(text, today, nearest=nearest)
    except Refusal as refused:
        assert str(refused).endswith(".")
        assert not set("@<>`[]") & set(str(refused))
    else:
        assert abs(found.year - today.year) <= 50


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_full_date_is_read_back_whatever_day_it_is(day, today):
    if abs(day.year - today.year) <= 50:
        for written in (
            f"{day:%Y-%m-%d}",
            f"{day:%d %B %Y}",
            f"{day:%b %d, %Y}",
            f"{day:%d.%m.%Y}",
        ):
            assert read_date(written, today) == day


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("9", time(9)), ("09:00", time(9)), ("9am", time(9)), ("9:15 PM", time(21, 15)),
        ("12am", time(0)), ("12pm", time(12)), ("21.30", time(21, 30)), ("18h30", time(18, 30)),
        ("noon", time(12)), ("midnight", time(0)), ("9 o'clock", time(9)),
    ],
)  # fmt: skip
def test_a_time_of_day_is_the_one_people_mean(text, meant):
    assert read_wall(text) == meant


@pytest.mark.parametrize("text", ["", "25", "9:60", "13pm", "24:00", "later", "-1", "0am"])
def test_what_is_no_time_of_day_is_refused_with_what_to_type(text):
    with pytest.raises(Refusal, match="09:00, 9am or 21:30"):
        read_wall(text)
