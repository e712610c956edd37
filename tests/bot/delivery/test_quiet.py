"""Quiet hours in every shape: over midnight, within a day, through clock changes, none at all."""

from datetime import time

import pytest

from bot.delivery.quiet import wait
from tests.bot.delivery.conftest import local

NEW_YORK = "America/New_York"
NIGHT = (time(21), time(8))
NAP = (time(12), time(14))


@pytest.mark.parametrize(
    ("at", "quiet", "heard"),
    [
        ((2026, 3, 2, 20, 59), NIGHT, (2026, 3, 2, 20, 59)),
        ((2026, 3, 2, 21, 0), NIGHT, (2026, 3, 3, 8, 0)),
        ((2026, 3, 3, 7, 59), NIGHT, (2026, 3, 3, 8, 0)),
        ((2026, 3, 3, 8, 0), NIGHT, (2026, 3, 3, 8, 0)),
        ((2026, 3, 2, 13, 0), NAP, (2026, 3, 2, 14, 0)),
        ((2026, 3, 2, 14, 0), NAP, (2026, 3, 2, 14, 0)),
        ((2026, 3, 2, 3, 0), (time(8), time(8)), (2026, 3, 2, 3, 0)),
        ((2026, 3, 7, 23, 0), (time(22), time(2, 30)), (2026, 3, 8, 3, 0)),  # 02:30 is skipped
    ],
)
def test_a_moment_in_quiet_hours_is_heard_at_their_end(at, quiet, heard):
    assert wait(local(NEW_YORK, *at), NEW_YORK, *quiet) == local(NEW_YORK, *heard)


def test_waiting_never_goes_back_in_time():
    second = local(NEW_YORK, 2026, 11, 1, 1, 10).replace(fold=1)
    assert wait(second, NEW_YORK, time(22), time(1, 30)) >= second
