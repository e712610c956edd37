"""Days are named in the language of whoever reads them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.face.dates import short_clock, short_day, whole_day
from bot.face.words import speaking

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("locale", "short", "whole", "clock"),
    [
        ("en-US", "2 Mar", "Monday 2 March 2026", "Mon 09:05"),
        ("de", "2. März", "Montag, 2. März 2026", "Mo 09:05"),
    ],
)
def test_a_day_is_written_as_people_write_it(locale, short, whole, clock):
    with speaking(locale):
        assert short_day(DAY) == short
        assert whole_day(DAY) == whole
        assert short_clock(datetime(2026, 3, 2, 9, 5, tzinfo=UTC)) == clock


def test_every_day_of_a_year_has_its_own_name_in_every_language():
    days = [DAY + timedelta(n) for n in range(365)]
    for locale in ("en-US", "de"):
        with speaking(locale):
            assert len({whole_day(each) for each in days}) == len(days)
            assert len({short_day(each) for each in days}) == len(days)
