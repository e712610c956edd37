"""Every day of a programme has one phase, and the last weeks leave time for what they ask."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.clockwork.phases import Phase, check_dates, phase_on, phase_spans, plan_back, week_of
from bot.errors import Refusal

GOLDEN = yaml.safe_load((Path(__file__).parent / "golden_programmes.yaml").read_text("utf-8"))
START = date(2026, 1, 5)
DAY = timedelta(days=1)

starts = st.dates(date(2000, 1, 1), date(2090, 1, 1))
programme_lengths = st.integers(28, 364)
any_lengths = st.integers(1, 800)


def last_day(starts_on: date, length: int) -> date:
    return starts_on + timedelta(length - 1)


@pytest.mark.parametrize("weeks", GOLDEN)
def test_the_phases_are_those_of_the_golden_table(weeks):
    spans = phase_spans(START, last_day(START, 7 * weeks))

    found = {s.phase: [(s.first_on - START).days + 1, (s.last_on - START).days + 1] for s in spans}
    assert found == GOLDEN[weeks]["phases"]
    assert list(found) == list(Phase)


@pytest.mark.parametrize("weeks", GOLDEN)
def test_the_steps_back_from_the_end_are_those_of_the_golden_table(weeks):
    steps = plan_back(START, last_day(START, 7 * weeks))

    assert {step.kind: (step.on - START).days + 1 for step in steps} == GOLDEN[weeks]["steps"]


def test_twelve_weeks_are_the_weeks_of_the_table():
    ends_on = last_day(START, 84)

    weeks = [phase_on(START + timedelta(weeks=week), START, ends_on) for week in range(12)]

    assert weeks == (
        ["land"] + ["plan"] * 2 + ["stride"] * 2 + ["midpoint"] + ["reach"] * 3
        + ["close"] * 2 + ["last_week"]
    )  # fmt: skip


@given(starts, programme_lengths)
def test_every_day_from_four_weeks_before_to_thirteen_after_has_exactly_one_phase(start, length):
    end = last_day(start, length)

    spans = phase_spans(start, end)

    assert [span.phase for span in spans] == list(Phase)
    assert all(span.first_on <= span.last_on for span in spans)
    assert all(later.first_on == earlier.last_on + DAY for earlier, later in pairwise(spans))
    assert spans[0].first_on == start - timedelta(28)
    assert spans[1].first_on == start
    assert spans[-2].last_on == end
    assert spans[-1].last_on == end + timedelta(weeks=13)
    assert phase_on(spans[0].first_on - DAY, start, end) is None
    assert phase_on(spans[-1].last_on + DAY, start, end) is None


@given(starts, programme_lengths)
def test_each_phase_keeps_its_share_of_the_days_to_within_one(start, length):
    shares = dict(zip(list(Phase)[1:-1], (1, 2, 2, 1, 3, 2, 1), strict=True))

    for span in phase_spans(start, last_day(start, length))[1:-1]:
        days = (span.last_on - span.first_on).days + 1
        assert abs(days - length * shares[span.phase] / 12) <= 1


@given(starts, any_lengths)
def test_a_programme_of_any_length_has_a_phase_for_each_of_its_days(start, length):
    end = last_day(start, length)

    spans = phase_spans(start, end)

    assert all(later.first_on == earlier.last_on + DAY for earlier, later in pairwise(spans))
    assert phase_on(start, start, end) not in (None, Phase.BEFORE, Phase.AFTER)
    assert phase_on(end, start, end) not in (None, Phase.BEFORE, Phase.AFTER)
    assert length < 7 or len(spans) == 9


@given(starts, any_lengths)
def test_steps_keep_their_order_and_never_share_a_day_or_come_before_day_three(start, length):
    end = last_day(start, length)

    steps = plan_back(start, end)

    kinds = ["substantial_feedback", "peer_feedback", "transition_meeting", "handover_document"]
    assert [step.kind for step in steps] == kinds[: max(0, length - 2)]
    assert all(earlier.on < later.on for earlier, later in pairwise(steps))
    assert all(start + 2 * DAY <= step.on <= end for step in steps)


@given(starts, st.integers(84, 800))
def test_from_twelve_weeks_on_the_steps_lie_21_14_13_and_7_days_before_the_end(start, length):
    end = last_day(start, length)

    assert [(end - step.on).days for step in plan_back(start, end)] == [21, 14, 13, 7]


@pytest.mark.parametrize(
    ("days", "week"),
    [(-28, -4), (-8, -2), (-7, -1), (-1, -1), (0, 1), (6, 1), (7, 2), (83, 12)],
)
def test_weeks_count_from_one_and_there_is_no_week_zero(days, week):
    assert week_of(START + timedelta(days), START) == week


def test_dates_the_wrong_way_round_are_refused_with_both_dates():
    with pytest.raises(Refusal, match=r"4 Jan 2026.*5 Jan 2026"):
        check_dates(START, START - DAY)


def test_a_programme_of_more_than_two_years_looks_like_a_slip():
    check_dates(START, START)
    check_dates(START, last_day(START, 364))
    with pytest.raises(Refusal, match="year"):
        check_dates(START, date(2036, 1, 5))


@pytest.mark.parametrize("ask", [phase_spans, plan_back])
def test_dates_nobody_checked_are_a_fault_of_ours(ask):
    with pytest.raises(ValueError, match="ends on or after"):
        ask(START, START - DAY)
