"""Where somebody is moves on with their dates; what they say of themselves stays."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.clockwork.phases import Stage


@pytest.mark.parametrize(
    ("stage", "day", "by_then"),
    [
        (Stage.STARTING, date(2026, 3, 1), Stage.STARTING),
        (Stage.STARTING, date(2026, 3, 10), Stage.INTERNING),
        (Stage.STARTING, date(2026, 5, 31), Stage.FINISHED),
        (Stage.LOOKING, date(2026, 3, 10), Stage.LOOKING),
        (Stage.FINISHED, date(2026, 3, 10), Stage.FINISHED),
        (Stage.INTERNING, date(2026, 3, 10), Stage.INTERNING),
    ],
)
async def test_who_starts_soon_is_there_on_the_first_day(ada, stage, day, by_then):
    member = replace(
        ada, stage=stage, starts_on=date(2026, 3, 9), ends_on=date(2026, 5, 29), zone="UTC"
    )
    assert member.stage_at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)) is by_then
