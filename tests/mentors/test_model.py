"""What words are about, and when a mentor may be pinged."""

from datetime import UTC, datetime, time

import pytest

from cogs.mentors.model import WORKDAYS, terms, welcome

QUIET = (time(21), time(8))
NEW_YORK = "America/New_York"


def test_topics_are_compared_as_phrases_and_as_words():
    assert terms("Career talks, Python") == {"career talks", "career", "talks", "python"}


def test_c_plus_plus_and_dots_survive_and_filler_does_not():
    assert terms("How to C++ and Node.js.") == {"c++", "node.js"}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("2026-03-02T15:00", "2026-03-02T15:00"),  # Monday, ten in the morning
        ("2026-03-03T03:00", "2026-03-03T13:00"),  # Monday, ten at night
        ("2026-03-07T15:00", "2026-03-09T12:00"),  # Saturday; the clocks change on Sunday
        ("2026-03-07T02:30", "2026-03-09T12:00"),  # Friday night
    ],
)
def test_a_mentor_is_pinged_on_their_days_and_never_at_night(asked, told):
    at = datetime.fromisoformat(asked).replace(tzinfo=UTC)

    moment = welcome(at, NEW_YORK, QUIET, WORKDAYS)

    assert moment == datetime.fromisoformat(told).replace(tzinfo=UTC)


def test_without_a_day_there_is_never_a_ping():
    assert welcome(datetime(2026, 3, 2, tzinfo=UTC), NEW_YORK, QUIET, ()) is None
