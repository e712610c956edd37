"""People name their zone the way they think of it; the bot never guesses between two clocks."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.clockwork.zones import FIRST_OFFERED, known_zone, zone_choices, zone_info
from bot.errors import Refusal

NOW = datetime(2026, 1, 6, 0, 42, tzinfo=UTC)
ABBREVIATED = {
    "CET", "CST6CDT", "EET", "EST", "EST5EDT", "GMT", "HST", "MET", "MST", "MST7MDT",
    "PST8PDT", "WET",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("America/Toronto", "America/Toronto"),
        ("america/new_york", "America/New_York"),
        ("toronto", "America/Toronto"),
        ("  New   York ", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao_paulo", "America/Sao_Paulo"),
        ("Bengaluru", "Asia/Kolkata"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("US/Eastern", "America/New_York"),
        ("Montreal", "America/Toronto"),
        ("India", "Asia/Kolkata"),
        ("Iceland", "Atlantic/Reykjavik"),
        ("utc", "UTC"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("Lord Howe", "Australia/Lord_Howe"),
    ],
)
def test_a_name_a_city_and_a_country_with_one_clock_are_understood(text, zone):
    assert known_zone(text) == zone


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("EST", "America/New_York, America/Toronto"),
        ("ist", "Asia/Kolkata"),
        ("cet", "Europe/Berlin"),
        ("usa", "America/Chicago"),
        ("Torronto", "America/Toronto"),
        ("Europe/Berln", "Europe/Berlin"),
        ("canada", "America/Toronto, America/Vancouver"),
        ("Cambridge", "America/New_York, Europe/London"),
        ("UTC+2", "Toronto"),
        ("-05:00", "Berlin"),
        ("Mars/Phobos", "Kolkata"),
        ("", "Kolkata"),
    ],
)
def test_what_is_not_certain_is_refused_with_what_may_be_meant(text, suggested):
    with pytest.raises(Refusal, match=suggested):
        known_zone(text)


def test_a_refusal_repeats_nothing_that_a_chat_would_act_on():
    with pytest.raises(Refusal) as refused:
        known_zone("<@123> @everyone `x` [a](https://evil.example) \u202e" + "z" * 4000)

    assert not set("@<>`[]()\u202e") & set(str(refused.value))
    assert len(str(refused.value)) < 300


def test_every_zone_that_exists_is_known_by_its_own_name_and_keeps_its_clock():
    for name in available_timezones() - {"localtime", "Factory"} - ABBREVIATED:
        try:
            zone = known_zone(name)
        except Refusal:
            assert "/" not in name
        else:
            summer, winter = NOW.replace(month=7), NOW
            for at in (summer, winter):
                own = at.astimezone(ZoneInfo(name)).utcoffset()
                assert at.astimezone(zone_info(zone)).utcoffset() == own, name


def test_choices_show_the_place_the_zone_and_what_time_it_is_there():
    assert zone_choices("tor", NOW)[0] == (
        "Toronto (America/Toronto), 19:42",
        "America/Toronto",
    )


def test_before_anything_is_typed_the_best_known_zones_are_offered():
    assert [zone for _, zone in zone_choices("  ", NOW)] == list(FIRST_OFFERED)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("berl", "Europe/Berlin"),
        ("calc", "Asia/Kolkata"),
        ("munich", "Europe/Berlin"),
        ("munch", "Europe/Berlin"),
        ("united states", "America/New_York"),
        ("nepal", "Asia/Kathmandu"),
        ("europe/li", "Europe/Lisbon"),
        ("EST", "America/New_York"),
        ("Torronto", "America/Toronto"),
        ("19:42", "America/New_York"),
        ("19:4", "America/New_York"),
        ("7:40pm", "America/New_York"),
        ("6:25", "Asia/Kathmandu"),
    ],
)
def test_choices_follow_a_place_a_slip_or_the_time_on_the_wall(text, first):
    assert zone_choices(text, NOW)[0][1] == first


@example("+")
@given(st.text(max_size=120))
def test_whatever_is_typed_choices_fit_what_discord_takes(text):
    choices = zone_choices(text, NOW)

    assert len(choices) <= 25
    assert len({zone for _, zone in choices}) == len(choices)
    assert all(len(label) <= 100 and known_zone(zone) == zone for label, zone in choices)
