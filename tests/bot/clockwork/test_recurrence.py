"""Weekly rules keep their wall time, in every zone, and never fire twice or not at all."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from itertools import islice, pairwise, product
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.clockwork.recurrence import Due, Weekly, to_utc

ZONES = sorted(available_timezones() - {"localtime"})
TELLING_ZONES = [
    "Africa/Cairo", "Africa/Casablanca", "America/Havana", "America/New_York",
    "America/Sao_Paulo", "America/St_Johns", "Antarctica/Troll", "Asia/Beirut", "Asia/Kathmandu",
    "Asia/Kolkata", "Atlantic/Azores", "Australia/Lord_Howe", "Europe/Berlin", "Europe/Dublin",
    "Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati", "UTC",
]  # fmt: skip
TELLING_TIMES = [time(0), time(0, 30), time(1, 30), time(2), time(2, 30), time(9), time(23, 59)]
YEAR = date(2026, 1, 1)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("zone", "day", "wall", "shown"),
    [
        ("America/New_York", date(2026, 3, 8), time(1, 59), "2026-03-08 01:59"),
        ("America/New_York", date(2026, 3, 8), time(2, 0), "2026-03-08 03:00"),
        ("America/New_York", date(2026, 3, 8), time(2, 30), "2026-03-08 03:00"),
        ("America/New_York", date(2026, 3, 8), time(3, 0), "2026-03-08 03:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-04 02:30"),
        ("Africa/Cairo", date(2026, 4, 24), time(0, 0), "2026-04-24 01:00"),
        ("Asia/Beirut", date(2026, 3, 29), time(0, 30), "2026-03-29 01:00"),
        ("Antarctica/Troll", date(2026, 3, 29), time(2, 30), "2026-03-29 03:00"),
    ],
)
def test_a_time_the_clock_skips_happens_at_the_first_moment_that_exists(zone, day, wall, shown):
    assert local(to_utc(day, wall, zone), zone) == shown


@pytest.mark.parametrize(
    ("zone", "day", "wall", "expected"),
    [
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T05:30"),
        ("America/New_York", date(2026, 11, 1), time(2, 0), "2026-11-01T07:00"),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), "2026-04-04T14:45"),
        ("Europe/Dublin", date(2026, 10, 25), time(1, 0), "2026-10-25T00:00"),
    ],
)
def test_a_time_the_clock_shows_twice_happens_the_first_time(zone, day, wall, expected):
    assert to_utc(day, wall, zone) == moment(expected)


@pytest.mark.parametrize(
    ("zone", "left_out"),
    [("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Kwajalein", date(1993, 8, 21))],
)
@pytest.mark.parametrize("wall", [time(0), time(9), time(23, 59)])
def test_a_day_that_a_zone_leaves_out_happens_at_the_next_midnight(zone, left_out, wall):
    at = to_utc(left_out, wall, zone)

    assert local(at, zone) == f"{left_out + timedelta(1)} 00:00"


@pytest.mark.parametrize(
    ("zone", "left_out"),
    [("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Kwajalein", date(1993, 8, 21))],
)
def test_a_left_out_day_costs_no_week_and_makes_none_double(zone, left_out):
    rule = Weekly(weekday=left_out.weekday(), at=time(9), anchor=left_out - timedelta(28))
    start = to_utc(left_out - timedelta(10), time(0), zone)
    end = to_utc(left_out + timedelta(10), time(0), zone)

    due = list(rule.between(start, end, zone))

    assert [d.on for d in due] == [left_out + timedelta(weeks) for weeks in (-7, 0, 7)]
    assert len({d.at for d in due}) == 3
    assert rule.latest(due[1].at, zone) == due[1]
    assert rule.latest(due[1].at - timedelta(seconds=1), zone) == due[0]


def test_nine_stays_nine_across_both_clock_changes():
    rule = Weekly(weekday=0, at=time(9), anchor=YEAR)

    year = rule.between(moment("2026-01-01"), moment("2027-01-01"), "Europe/Berlin")

    assert {local(due.at, "Europe/Berlin")[-5:] for due in year} == {"09:00"}


def test_a_rule_begins_on_its_first_weekday_on_or_after_the_anchor():
    rule = Weekly(weekday=0, at=time(9), anchor=date(2026, 1, 7))
    monday = Due(date(2026, 1, 12), moment("2026-01-12T14:00"))

    assert rule.next(moment("2020-01-01"), "America/New_York") == monday
    assert rule.latest(monday.at - timedelta(seconds=1), "America/New_York") is None
    assert rule.latest(monday.at, "America/New_York") == monday
    assert Weekly(weekday=2, at=time(9), anchor=date(2026, 1, 7)).starts_on == date(2026, 1, 7)


def test_a_rule_every_third_week_keeps_its_step_from_wherever_one_asks():
    rule = Weekly(weekday=4, at=time(16, 30), every=3, anchor=date(2026, 1, 5))
    expected = [date(2026, 1, 9), date(2026, 1, 30), date(2026, 2, 20), date(2026, 3, 13)]

    due = rule.between(moment("2026-01-01"), moment("2026-03-20"), "Asia/Kolkata")

    assert [d.on for d in due] == expected
    assert list(islice(rule.dates(date(2026, 1, 9)), 3)) == expected[1:]
    assert list(islice(rule.dates(date(2026, 1, 29)), 3)) == expected[1:]
    assert rule.next(moment("2026-02-01"), "Asia/Kolkata").on == expected[2]


def test_next_is_strictly_later_and_between_includes_its_end_but_not_its_start():
    rule = Weekly(weekday=0, at=time(9), anchor=YEAR)
    first = rule.next(moment("2026-01-01"), "UTC")
    second = rule.next(first.at, "UTC")

    assert second.on == first.on + timedelta(7)
    assert list(rule.between(first.at, second.at, "UTC")) == [second]
    assert list(rule.between(first.at, first.at, "UTC")) == []


def test_a_rule_survives_being_written_as_json():
    rule = Weekly(weekday=6, at=time(18, 45), every=2, anchor=YEAR)

    assert Weekly.model_validate_json(rule.model_dump_json()) == rule


@pytest.mark.parametrize(
    "wrong", [{"weekday": 7}, {"every": 0}, {"at": time(9, tzinfo=UTC)}, {"hour": 9}]
)
def test_a_rule_that_makes_no_sense_is_not_a_rule(wrong):
    with pytest.raises(ValidationError):
        Weekly.model_validate({"weekday": 0, "at": time(9), "anchor": YEAR} | wrong)


def stretches(zone: str, first: date, last: date) -> list[tuple[datetime, datetime]]:
    """The stretches of one offset as (naive UTC start, naive local start), found by search."""
    tz = ZoneInfo(zone)

    def ahead(at: datetime) -> timedelta:
        offset = at.replace(tzinfo=UTC).astimezone(tz).utcoffset()
        assert offset is not None
        return offset

    at = datetime.combine(first, time())
    offset = ahead(at)
    found = [(at, at + offset)]
    end = datetime.combine(last, time())
    while at < end:
        later = at + timedelta(hours=1)
        then = ahead(later)
        if then != offset:
            low, high = at, later
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // timedelta(seconds=2) * timedelta(seconds=1)
                if ahead(middle) == offset:
                    low = middle
                else:
                    high = middle
            found.append((high, high + ahead(high)))
        at, offset = later, then
    return found


def by_definition(day: date, wall: time, pieces: list[tuple[datetime, datetime]]) -> datetime:
    """The first moment at which the local clock shows `wall` or later."""
    wanted = datetime.combine(day, wall)
    for index, (starts, shows) in enumerate(pieces):
        at = starts + max(wanted - shows, timedelta(0))
        if index + 1 == len(pieces) or at < pieces[index + 1][0]:
            return at.replace(tzinfo=UTC)
    raise AssertionError("unreachable")


def quarters() -> Iterator[time]:
    return (time(hour, minute) for hour, minute in product(range(24), (0, 15, 30, 45)))


def assert_the_resolver_follows_its_definition(zone: str) -> None:
    """Every quarter of an hour of the days around each change, and of some days without one."""
    pieces = stretches(zone, date(2025, 12, 20), date(2027, 1, 10))
    changes = [shows.date() + timedelta(d) for _, shows in pieces[1:] for d in (-1, 0, 1)]
    quiet = [date(2026, month, 15) for month in range(1, 13)]
    for day, wall in product({*changes, *quiet}, quarters()):
        assert to_utc(day, wall, zone) == by_definition(day, wall, pieces), (zone, day, wall)


def assert_one_occurrence_each_week(zone: str, weekday: int, wall: time) -> int:
    rule = Weekly(weekday=weekday, at=wall, anchor=date(2025, 12, 1))
    dues = list(rule.between(moment("2025-12-25"), moment("2027-01-07"), zone))
    for earlier, later in pairwise(dues):
        assert (later.on - earlier.on).days == 7, (zone, weekday, wall, later)
        assert timedelta(days=6) < later.at - earlier.at < timedelta(days=8)
        assert rule.latest(later.at, zone) == later
        assert rule.latest(later.at - timedelta(seconds=1), zone) == earlier
    assert {d.on for d in dues} >= {
        YEAR + timedelta(d) for d in range(365) if (YEAR + timedelta(d)).weekday() == weekday
    }
    return len(dues)


@pytest.mark.parametrize("zone", TELLING_ZONES)
def test_in_telling_zones_a_year_has_every_week_once(zone):
    assert_the_resolver_follows_its_definition(zone)
    for weekday, wall in product((0, 4, 6), TELLING_TIMES):
        assert_one_occurrence_each_week(zone, weekday, wall)


def rules_of(zone: str) -> bytes:
    """The file that says when the zone's clock changes, from where ZoneInfo has it."""
    found = (Path(folder, zone) for folder in TZPATH)
    file = next((file for file in found if file.is_file()), None)
    return (file or files("tzdata").joinpath("zoneinfo", zone)).read_bytes()


@cache
def alike() -> list[list[str]]:
    """The names of all zones, those together whose rules are the same to the byte."""
    names = defaultdict(list)
    for zone in ZONES:
        names[rules_of(zone)].append(zone)
    return list(names.values())


@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_in_all_zones_a_year_has_every_week_once(part):
    for zone, *others in alike()[part::8]:
        assert_the_resolver_follows_its_definition(zone)
        for weekday, wall in product(range(7), (time(0), time(2, 30), time(9))):
            assert assert_one_occurrence_each_week(zone, weekday, wall) in (53, 54, 55)
        for other in others:
            assert assert_one_occurrence_each_week(other, 0, time(2, 30)) in (53, 54, 55)


@given(
    zone=st.sampled_from(ZONES),
    rule=st.builds(
        Weekly,
        weekday=st.integers(0, 6),
        at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        every=st.integers(1, 8),
        anchor=st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    ),
    at=st.integers(473_385_600, 2_082_758_400).map(lambda at: datetime.fromtimestamp(at, UTC)),
)
@settings(max_examples=200, deadline=None)
def test_whenever_one_asks_next_and_latest_are_neighbours(zone, rule, at):
    upcoming, past = rule.next(at, zone), rule.latest(at, zone)

    assert upcoming.at > at
    assert upcoming.on.weekday() == rule.weekday
    if past is None:
        assert upcoming.on == rule.starts_on
    else:
        assert past.at <= at
        assert upcoming.on - past.on == timedelta(weeks=rule.every)
