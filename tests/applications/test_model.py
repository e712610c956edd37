"""What an application is, and when a suggestion fits, in every zone and at every edge."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from cogs.applications.model import (
    STAGES,
    UNDER_WAY,
    Answer,
    Answered,
    Course,
    Facts,
    HintKind,
    Move,
    Path,
    Shelf,
    Status,
    checked,
    hints,
    link,
    next_hint_at,
    path,
    summed,
    told_apart,
)

APPLIED_ON = date(2026, 3, 2)
TORONTO = "America/Toronto"


def course(status=Status.APPLIED, moved_on=APPLIED_ON, **values):
    return Course(
        application_id=1,
        member_id=1,
        status=status,
        moved_on=moved_on,
        deadline_on=values.get("deadline_on"),
        interview_on=values.get("interview_on"),
        interview_wall=values.get("interview_wall"),
    )


def at(day, hour=12, zone=TORONTO):
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)


def after(days, hour=12):
    return at(APPLIED_ON + timedelta(days=days), hour)


def kinds(one, now, answered=()):
    return [hint.kind for hint in hints(one, answered, TORONTO, now)]


def answer(kind, since_on, said=Answer.DONE, answered_on=None):
    return Answered(1, kind, since_on, None, said, answered_on)


@pytest.mark.parametrize(
    ("now", "fits"),
    [
        (after(6), []),
        (after(7, hour=9), []),
        (after(7, hour=10), [HintKind.FOLLOW_UP]),
        (after(14, hour=23), [HintKind.FOLLOW_UP]),
        (after(15, hour=1), []),
        (after(15, hour=10), [HintKind.NO_REPLY]),
        (after(90), [HintKind.NO_REPLY]),
    ],
)
def test_a_follow_up_fits_from_7_to_14_days_and_no_reply_is_asked_from_15(now, fits):
    assert kinds(course(), now) == fits


def test_a_thank_you_fits_for_24_hours_after_the_interview_is_over():
    day = APPLIED_ON + timedelta(days=10)
    talked = course(Status.INTERVIEW, interview_on=day, interview_wall=time(14))
    over = at(day, hour=15)
    assert kinds(talked, over - timedelta(seconds=1)) == []
    assert kinds(talked, over) == [HintKind.THANK_YOU]
    assert kinds(talked, over + timedelta(hours=23, minutes=59)) == [HintKind.THANK_YOU]
    assert kinds(talked, over + timedelta(hours=24)) == []


def test_an_interview_without_its_hour_is_over_in_the_evening():
    day = APPLIED_ON + timedelta(days=10)
    talked = course(Status.INTERVIEW, interview_on=day)
    assert kinds(talked, at(day, hour=16)) == []
    assert kinds(talked, at(day, hour=17)) == [HintKind.THANK_YOU]


def test_who_wrote_is_not_asked_about_silence_before_15_more_days():
    wrote = [answer(HintKind.FOLLOW_UP, APPLIED_ON, answered_on=APPLIED_ON + timedelta(days=10))]
    assert kinds(course(), after(11), wrote) == []
    assert kinds(course(), after(24), wrote) == []
    assert kinds(course(), after(25), wrote) == [HintKind.NO_REPLY]


def test_what_was_dismissed_does_not_come_again():
    dismissed = [answer(HintKind.NO_REPLY, APPLIED_ON, Answer.DISMISSED, APPLIED_ON)]
    assert kinds(course(), after(200), dismissed) == []


def test_an_interview_to_come_is_no_silence():
    waits = course(Status.INTERVIEW, interview_on=APPLIED_ON + timedelta(days=40))
    assert kinds(waits, after(30)) == []


@pytest.mark.parametrize("status", [s for s in Status if s not in UNDER_WAY] + [Status.SAVED])
def test_nothing_is_suggested_about_what_was_not_sent_or_has_ended(status):
    assert kinds(course(status), after(10)) == []
    assert kinds(course(status), after(40)) == []


@given(
    days=st.integers(0, 60),
    hour=st.integers(0, 23),
    zone=st.sampled_from([TORONTO, "Asia/Kathmandu", "Pacific/Apia", "Europe/Berlin"]),
    status=st.sampled_from([Status.APPLIED, Status.ASSESSMENT, Status.INTERVIEW]),
)
def test_what_fits_later_is_announced_by_the_next_moment(days, hour, zone, status):
    one = course(status)
    now = at(APPLIED_ON + timedelta(days=days), hour, zone)
    then = next_hint_at(one, (), zone, now)
    fits_now = {hint.kind for hint in hints(one, (), zone, now)}
    if then is None:
        assert (
            not {h.kind for h in hints(one, (), zone, now + timedelta(days=90))}
            - fits_now
            - {HintKind.NO_REPLY}
        )
    else:
        assert then > now
        fresh = {hint.kind for hint in hints(one, (), zone, then)}
        assert fresh - {hint.kind for hint in hints(one, (), zone, then - timedelta(seconds=1))}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://jobs.example/7?gh=1", "https://jobs.example/7?gh=1"),
        ("  jobs.example/7 ", "https://jobs.example/7"),
        ("jobs.example:8443/7", "https://jobs.example:8443/7"),
        ("", ""),
    ],
)
def test_a_link_is_kept_as_a_page_that_opens(typed, kept):
    assert link(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://jobs.example/7",
        "https://jobs",
        "https://me:secret@jobs.example",
        "https://jobs.example/a b",
        "https://jobs.example:99999/",
        "https://[::1",
        "https://jobs.example/\u202e7",
        "https://jobs.example/" + "a" * 2000,
        "no link at all",
    ],
)
def test_anything_else_is_refused_as_a_link(typed):
    with pytest.raises(Refusal):
        link(typed)


@pytest.mark.parametrize(
    "facts",
    [
        Facts("", "Intern"),
        Facts("Northwind", "  "),
        Facts("N" * 121, "Intern"),
        Facts("N", "I" * 201),
    ],
)
def test_company_and_title_are_needed_and_short(facts):
    with pytest.raises(Refusal):
        checked(facts)


def test_spaces_capitals_and_a_slash_make_no_other_application():
    one = Facts("North  wind", "Data Intern", "https://jobs.example/7/")
    assert told_apart(one) == told_apart(
        Facts("north wind", " data intern", "https://jobs.example/7")
    )
    assert told_apart(one) != told_apart(
        Facts("North wind", "Data intern", "https://jobs.example/8")
    )


@pytest.mark.parametrize(
    ("steps", "way"),
    [
        ([Status.SAVED], None),
        ([Status.SAVED, Status.WITHDRAWN], None),
        ([Status.SAVED, Status.APPLIED], Path((Status.APPLIED,), None)),
        ([Status.NO_REPLY], Path((Status.APPLIED,), Status.NO_REPLY)),
        ([Status.SAVED, Status.OFFER], Path((Status.APPLIED, Status.OFFER), None)),
        ([Status.ACCEPTED], Path((Status.APPLIED, Status.OFFER), Status.ACCEPTED)),
        (
            [Status.APPLIED, Status.INTERVIEW, Status.ASSESSMENT, Status.REJECTED],
            Path((Status.APPLIED, Status.ASSESSMENT, Status.INTERVIEW), Status.REJECTED),
        ),
    ],
)
def test_a_way_through_the_stages_holds_what_must_have_happened(steps, way):
    assert path(steps) == way


@given(st.lists(st.lists(st.sampled_from(Status), min_size=1, max_size=6), max_size=40))
def test_every_application_counts_once(histories):
    moves = [
        [Move(n, n, status, APPLIED_ON + timedelta(days=n)) for n, status in enumerate(steps)]
        for steps in histories
    ]
    stats = summed(moves)
    assert stats.total == len(histories)
    assert sum(stats.ended(end) for end in (None, *Status)) == stats.sent
    assert stats.reached(STAGES[0]) == stats.sent
    assert all(stats.reached(stage) <= stats.sent for stage in STAGES)


def test_the_usual_wait_is_told_from_three_answers_on():
    def answered(days):
        return [
            Move(1, 1, Status.APPLIED, APPLIED_ON),
            Move(2, 1, Status.INTERVIEW, APPLIED_ON + timedelta(days=days)),
        ]

    assert summed([answered(2), answered(30)]).usual_wait is None
    assert summed([answered(2), answered(30), answered(9)]).usual_wait == 9


def test_a_shelf_is_found_again_by_its_key():
    for shelf in (Shelf(), Shelf(ended=True), *(Shelf(status) for status in Status)):
        assert Shelf.named(shelf.key) == shelf
    assert Shelf.named("from long ago") == Shelf()
