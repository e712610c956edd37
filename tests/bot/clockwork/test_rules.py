"""Rules a member can give: every day they name comes, in order, and no other."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bot.clockwork.recurrence import (
    LAST,
    AnyRule,
    Daily,
    MonthDay,
    MonthWeekday,
    Weekdays,
    nth_weekday,
)

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
walls = st.times().map(lambda at: at.replace(microsecond=0, second=0))
rules = st.one_of(
    st.builds(Daily, at=walls, anchor=days, every=st.integers(1, 366)),
    st.builds(
        Weekdays,
        at=walls,
        anchor=days,
        every=st.integers(1, 8),
        days=st.lists(st.integers(0, 6), min_size=1, max_size=7).map(tuple),
    ),
    st.builds(
        MonthDay,
        at=walls,
        anchor=days,
        every=st.integers(1, 14),
        day=st.one_of(st.just(LAST), st.integers(1, 31)),
    ),
    st.builds(
        MonthWeekday,
        at=walls,
        anchor=days,
        every=st.integers(1, 6),
        nth=st.sampled_from([1, 2, 3, 4, 5, LAST]),
        weekday=st.integers(0, 6),
    ),
)
A_LONG_TIME = timedelta(days=800)


def names(rule, day):
    """Whether a rule names a day, found without any arithmetic of its own."""
    if day < rule.anchor:
        return False
    if isinstance(rule, Daily):
        return (day - rule.anchor).days % rule.every == 0
    if isinstance(rule, Weekdays):
        first = rule.anchor - timedelta(rule.anchor.weekday())
        return day.weekday() in rule.days and (day - first).days // 7 % rule.every == 0
    months = (day.year - rule.anchor.year) * 12 + day.month - rule.anchor.month
    if months % rule.every:
        return False
    length = calendar.monthrange(day.year, day.month)[1]
    if isinstance(rule, MonthDay):
        return day.day == (length if rule.day == LAST else min(rule.day, length))
    if rule.nth == LAST:
        return day.weekday() == rule.weekday and day.day + 7 > length
    return day.weekday() == rule.weekday and (day.day - 1) // 7 + 1 == rule.nth


@given(rules, st.integers(-60, 1200))
def test_a_rule_names_exactly_its_days(rule, offset):
    after = rule.anchor + timedelta(offset)
    end = after + A_LONG_TIME

    found = list(takewhile(lambda day: day <= end, rule.dates(after)))

    everyday = (after + timedelta(n) for n in range(1, A_LONG_TIME.days + 1))
    assert found == [day for day in everyday if names(rule, day)]


@given(rules, st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]))
def test_a_rule_keeps_its_wall_time_and_never_comes_twice(rule, zone):
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for _n in range(6):
        due = rule.next(moment, zone)
        assert due.at > moment
        assert rule.next(due.at - timedelta(seconds=1), zone).at == due.at
        moment = due.at


@given(rules)
def test_a_rule_is_the_same_after_it_was_kept(rule):
    kept = TypeAdapter(AnyRule)
    assert kept.validate_json(kept.dump_json(rule)) == rule


def test_the_thirty_first_is_the_last_day_where_there_is_none():
    rule = MonthDay(at=time(9), anchor=date(2026, 1, 31), day=31)
    found = [day.day for day in islice(rule.dates(date(2026, 1, 1)), 4)]
    assert found == [31, 28, 31, 30]


def test_a_fifth_friday_comes_only_where_there_is_one():
    assert nth_weekday(2026, 2, 4, 5) is None
    assert nth_weekday(2026, 1, 4, 5) == date(2026, 1, 30)


@pytest.mark.parametrize("day", [0, 32, -2])
def test_no_month_has_such_a_day(day):
    with pytest.raises(ValidationError):
        MonthDay(at=time(9), anchor=date(2026, 1, 1), day=day)
