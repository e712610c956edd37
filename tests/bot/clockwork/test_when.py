"""What people type is a moment or a rule as they meant it, a question, or refused with a reason."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clockwork.when import Once, Repeating, read_when
from bot.errors import Refusal
from tests.bot.clockwork.phrase_tables import NOT_TIMES, cases, wrong

A_DAY, TWO_DAYS = timedelta(days=1), timedelta(days=2)


def test_phrases_written_before_the_grammar_are_understood():
    everything = list(cases("phrases.yaml"))

    missed = wrong("phrases.yaml")

    assert len(everything) >= 150
    assert len(missed) <= 0.05 * len(everything), missed


@pytest.mark.parametrize(
    "table", ["phrases_holdout.yaml", "phrases_fresh.yaml", "phrases_widened.yaml"]
)
def test_phrases_of_strangers_are_understood(table):
    everything = list(cases(table))

    missed = wrong(table)

    assert {found for _text, _meant, found in missed} <= {"not a time"}
    assert len(missed) <= 0.05 * len(everything), missed


def test_an_unseen_phrase_is_understood_or_refused_but_never_misunderstood():
    everything = list(cases("phrases_unseen.yaml"))

    missed = wrong("phrases_unseen.yaml")

    assert {found for _text, _meant, found in missed} <= {"not a time"}
    assert len(missed) <= 0.2 * len(everything), missed


@pytest.mark.parametrize("text", NOT_TIMES)
def test_a_sentence_about_anything_else_is_no_time(text):
    with pytest.raises(Refusal, match="could not read"):
        read_when(text, datetime(2026, 6, 10, 14, 30, tzinfo=UTC), "America/New_York")


# --- clocks that change


def at(text, now, zone):
    """The one moment a phrase means, as the zone's own clock shows it."""
    (meant,) = read_when(text, now.astimezone(UTC), zone)
    assert isinstance(meant, Once)
    return meant.at.astimezone(ZoneInfo(zone))


def local(zone, *fields):
    return datetime(*fields, tzinfo=ZoneInfo(zone))


SPRING = [
    ("America/New_York", (2026, 3, 7, 10, 0), "02:30", (2026, 3, 8, 3, 0)),
    ("Europe/Berlin", (2026, 3, 28, 10, 0), "02:30", (2026, 3, 29, 3, 0)),
    ("America/Sao_Paulo", (2018, 11, 3, 10, 0), "00:30", (2018, 11, 4, 1, 0)),
    ("Australia/Lord_Howe", (2026, 10, 3, 10, 0), "02:10", (2026, 10, 4, 2, 30)),
    ("Australia/Sydney", (2026, 10, 3, 10, 0), "02:30", (2026, 10, 4, 3, 0)),
    ("Asia/Kolkata", (2026, 3, 28, 10, 0), "02:30", (2026, 3, 29, 2, 30)),
]
AUTUMN = [
    ("America/New_York", (2026, 10, 31, 10, 0), "01:30", (2026, 11, 1, 1, 30)),
    ("Europe/Berlin", (2026, 10, 24, 10, 0), "02:30", (2026, 10, 25, 2, 30)),
    ("America/Sao_Paulo", (2018, 2, 16, 10, 0), "23:30", (2018, 2, 17, 23, 30)),
    ("Australia/Lord_Howe", (2026, 4, 4, 10, 0), "01:45", (2026, 4, 5, 1, 45)),
    ("Australia/Sydney", (2026, 4, 4, 10, 0), "02:30", (2026, 4, 5, 2, 30)),
    ("Asia/Kolkata", (2026, 10, 24, 10, 0), "02:30", (2026, 10, 25, 2, 30)),
]


@pytest.mark.parametrize(("zone", "now", "wall", "meant"), SPRING)
def test_a_time_the_clock_skips_comes_at_the_first_moment_that_exists(zone, now, wall, meant):
    assert at(f"tomorrow {wall}", local(zone, *now), zone) == local(zone, *meant)


@pytest.mark.parametrize(("zone", "now", "wall", "meant"), AUTUMN)
def test_a_time_shown_twice_comes_the_first_time(zone, now, wall, meant):
    found = at(f"tomorrow {wall}", local(zone, *now), zone)
    assert found == local(zone, *meant)
    assert found.fold == 0


@pytest.mark.parametrize(("zone", "now", "wall", "meant"), SPRING + AUTUMN)
def test_days_keep_the_wall_clock_and_hours_pass_as_they_pass(zone, now, wall, meant):
    before = local(zone, *now)
    assert at("in 2 days", before, zone).time() == before.time()
    assert at("tomorrow at 10 in the morning", before, zone).time() == before.time()
    assert at("in 48 hours", before, zone).astimezone(UTC) == before.astimezone(UTC) + TWO_DAYS
    assert at("in 1440 minutes", before, zone).astimezone(UTC) == before.astimezone(UTC) + A_DAY


@pytest.mark.parametrize(("zone", "now", "wall", "meant"), SPRING + AUTUMN)
def test_a_rule_keeps_its_wall_time_across_the_change(zone, now, wall, meant):
    before = local(zone, *now).astimezone(UTC)
    (rule,) = read_when("every day at 9", before, zone)
    assert isinstance(rule, Repeating)
    moment = before
    for _day in range(5):
        moment = rule.next(moment, zone)
        assert moment.astimezone(ZoneInfo(zone)).time() == time(9)


def test_a_zone_that_left_a_whole_day_out_has_no_such_day_and_takes_the_next():
    now = local("Pacific/Apia", 2011, 12, 29, 10, 0)
    found = at("tomorrow 9am", now, "Pacific/Apia")
    assert found == local("Pacific/Apia", 2011, 12, 31, 0, 0)


def test_a_zone_that_changed_its_law_goes_by_the_law_of_the_day():
    before = local("Europe/Istanbul", 2016, 10, 29, 12, 0)  # clocks stayed on summer time
    found = at("tomorrow 9am", before, "Europe/Istanbul")
    assert found.utcoffset() == timedelta(hours=3)
    assert found.astimezone(UTC).hour == 6


def test_tomorrow_is_the_persons_own_whatever_place_they_name():
    evening = local("America/New_York", 2026, 6, 10, 21, 0)
    (meant,) = read_when("tomorrow at 9 Berlin time", evening, "America/New_York")
    assert meant.at == local("Europe/Berlin", 2026, 6, 11, 9, 0)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2 weeks from next monday", [29]),
        ("a week from next friday", [19, 26]),
        ("a week from next week", [22]),
        ("this time next month", [40]),
    ],
)
def test_an_amount_beside_another_day_is_counted_from_that_day(text, meant):
    now = datetime(2026, 6, 10, 14, 30, tzinfo=UTC)
    found = [one.at for one in read_when(text, now, "UTC") if isinstance(one, Once)]
    assert [(at.date() - now.date()).days + now.day for at in found] == meant


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("NYE at 8pm", "dec 31 at 8pm"),
        ("in like 20 minutes", "in 20 minutes"),
        ("at like 5pm", "at 5pm"),
        ("in 1,5 hours", "in 90 minutes"),
        ("2,5 h", "in 150 minutes"),
        ("march 3,2027", "march 3 2027"),
        ("every mon,wed at 9", "every mon and wed at 9"),
    ],
)
def test_what_people_write_in_haste_means_what_it_means_in_full(typed, same):
    now = datetime(2026, 6, 10, 14, 30, tzinfo=UTC)
    assert read_when(typed, now, "UTC") == read_when(same, now, "UTC")


@pytest.mark.parametrize(
    "text", ["tomorrow next week", "in 3 days next week", "this time next month on friday"]
)
def test_two_days_that_contradict_each_other_are_no_time(text):
    with pytest.raises(Refusal, match="could not read"):
        read_when(text, datetime(2026, 6, 10, 14, 30, tzinfo=UTC), "UTC")


WORDS = """
every other 2 monday friday at 9 9am noon in days weeks the first of month last next tomorrow
tonight 31 feb may 3/4 2026-01-01 10:30 day 0 half past to until utc+3 berlin pst week weekend
morning and 99999999 eod th 3rd late mid end after an hour or 2-3 around half nine christmas
""".split()  # noqa: SIM905


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(WORDS),
        max_size=7,
    ).map(" ".join)
)
def test_whatever_is_typed_is_understood_or_refused_with_a_sentence(text):
    now = datetime(2026, 6, 10, 14, 30, tzinfo=UTC)
    try:
        found = read_when(text, now, "America/New_York")
    except Refusal as refusal:
        assert str(refusal)
        return
    assert 1 <= len(found) <= 4
    for one in found:
        first = one.at if isinstance(one, Once) else one.next(now, "America/New_York")
        assert now < first < now + timedelta(days=9 * 366)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("31 February", "no such day"),
        ("25:00", "No clock shows"),
        ("every 0 days", "would never come"),
        ("yesterday", "is over"),
        ("every minute", "Once a day is the most"),
        ("every 30 seconds", "Once a day is the most"),
        ("1 january 2110", "five years at most"),
        ("friday 13 june", "do not belong together"),
        ("today", "What time today"),
        ("every monday at 9 UTC+2", "Name a city instead"),
        ("tomorrow at 9 Berln time", "Europe/Berlin"),
        ("every 900 days", "too far apart"),
    ],
)
def test_what_cannot_be_is_refused_with_one_sentence_and_an_example(text, why):
    with pytest.raises(Refusal, match=why):
        read_when(text, datetime(2026, 6, 10, 14, 30, tzinfo=UTC), "America/New_York")
