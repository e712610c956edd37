"""The one look at the real clock."""

from datetime import timedelta

from bot.clockwork.clock import system_clock


def test_the_clock_tells_an_aware_moment_in_utc_and_does_not_run_backwards():
    first = system_clock()

    second = system_clock()

    assert first.utcoffset() == timedelta(0)
    assert first <= second
