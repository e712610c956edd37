"""Working hours as people type them, and the moments two of them share."""

from datetime import UTC, datetime, time

import pytest

from bot.clockwork.hours import Hours, read_hours, shared_moments

FRIDAY = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "begin", "end"),
    [
        ("9-17", time(9), time(17)),
        ("Mon-Fri 8:30 to 16:30", time(8, 30), time(16, 30)),
        ("8am - 4pm", time(8), time(16)),
        ("22-6", time(22), time(6)),
        ("mostly mornings", time(9), time(17)),
        ("from 25 to 99", time(9), time(17)),
        ("", time(9), time(17)),
    ],
)
def test_hours_are_read_as_people_type_them(typed, begin, end):
    assert read_hours(typed, "UTC") == Hours("UTC", begin, end)


def test_shared_moments_lie_inside_everybodys_working_days():
    berlin, toronto = Hours("Europe/Berlin"), Hours("America/Toronto")
    found = shared_moments([berlin, toronto], FRIDAY)
    assert found == [
        FRIDAY.replace(minute=0),
        datetime(2026, 3, 9, 13, 0, tzinfo=UTC),
        datetime(2026, 3, 10, 13, 0, tzinfo=UTC),
    ]


def test_people_on_opposite_sides_of_the_earth_share_none():
    assert shared_moments([Hours("Europe/Berlin"), Hours("Pacific/Auckland")], FRIDAY) == []


def test_late_shifts_meet_mornings_elsewhere():
    night = Hours("America/Los_Angeles", time(22), time(6))
    found = shared_moments([night, Hours("Europe/Berlin")], FRIDAY)
    assert found[0] == datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
