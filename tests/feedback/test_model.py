"""Working days, and when which prompt comes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.clockwork.phases import Stage, plan_back
from cogs.feedback.model import Prompt, after_working_days, bare, next_planned, planned

START, END = date(2026, 3, 2), date(2026, 5, 22)


@pytest.mark.parametrize(
    ("asked", "zone", "reminded"),
    [
        ("2026-03-02T15:00", "America/New_York", "2026-03-05T15:00"),
        ("2026-03-05T15:00", "America/New_York", "2026-03-10T14:00"),
        ("2026-03-06T23:30", "Asia/Kathmandu", "2026-03-11T04:15"),
        ("2026-03-07T12:00", "UTC", "2026-03-11T10:00"),
    ],
)
def test_three_working_days_are_counted_where_the_person_lives(asked, zone, reminded):
    moment = datetime.fromisoformat(asked).replace(tzinfo=UTC)
    due = after_working_days(moment, 3, zone)
    assert due == datetime.fromisoformat(reminded).replace(tzinfo=UTC)


def test_a_holiday_of_the_cohort_is_no_working_day():
    moment = datetime(2026, 3, 2, 15, tzinfo=UTC)
    due = after_working_days(moment, 3, "UTC", [date(2026, 3, 4)])
    assert due.date() == date(2026, 3, 6)


def test_an_intern_is_prompted_by_phase_and_by_the_steps_that_ask_for_feedback():
    every = planned(Stage.INTERNING, START, END, START)
    assert [one.on for one in every] == sorted(one.on for one in every)
    days = {one.prompt: one.on for one in every}
    steps = {step.kind.value: step.on for step in plan_back(START, END)}
    assert Prompt.TRANSITION not in days
    assert Prompt.HANDOVER not in days
    for prompt in (Prompt.SUBSTANTIAL, Prompt.PEERS):
        assert days[prompt] == steps[prompt.value]
    assert days[Prompt.PLAN] == date(2026, 3, 12)
    assert Prompt.MIDPOINT in days


@pytest.mark.parametrize("weeks", [1, 2, 4, 8, 12, 26, 52])
def test_prompts_of_a_phase_keep_away_from_the_steps_before_the_end(weeks):
    end = START + timedelta(weeks=weeks) - timedelta(days=3)
    every = planned(Stage.INTERNING, START, end, START)
    steps = {step.on for step in plan_back(START, end)}
    for one in every:
        if one.on not in steps:
            assert all(abs(one.on - day) >= timedelta(days=4) for day in steps)


def test_somebody_who_looks_is_prompted_every_four_weeks_and_who_has_finished_never():
    looking = planned(Stage.LOOKING, None, None, START)
    assert looking[1].on - looking[0].on == timedelta(weeks=4)
    assert planned(Stage.FINISHED, START, END, START) == []
    assert planned(Stage.INTERNING, None, None, START) == []


def test_a_prompt_on_a_weekend_waits_for_monday_at_ten():
    every = planned(Stage.LOOKING, None, None, date(2026, 2, 28))
    assert every[0].on == date(2026, 3, 7)
    after = datetime(2026, 3, 1, tzinfo=UTC)
    prompt, at = next_planned(every, "America/New_York", after)
    assert prompt is Prompt.LOOKING
    assert at == datetime(2026, 3, 9, 14, 0, tzinfo=UTC)


def test_a_name_is_only_a_name():
    assert bare("<@123> *Ada*") == "123 Ada"
    assert bare("``") == "they"
