"""What counts as wrong between people in a headless run, from threads and deeds made by hand."""

from collections.abc import Iterable
from datetime import timedelta

from bot.demo.accounts import Evidence, Room, accounts, mistakes, table
from bot.demo.ledger import sums
from bot.demo.plot import Did, Done, expected_in, on, round_at


def of_round(week: int, *people: Iterable[str]) -> list[Room]:
    """A round's threads, in which everybody wrote."""
    at = round_at(week)
    return [
        Room(week * 100 + n, at, frozenset(some), frozenset(some)) for n, some in enumerate(people)
    ]


def everyone(week: int) -> list[Room]:
    """A faultless round: two and two, each with the next."""
    people = sorted(expected_in(week))
    groups = [people[n : n + 2] for n in range(0, len(people), 2)]
    if len(groups[-1]) == 1:
        groups[-2] += groups.pop()
    return of_round(week, *groups)


def wrong(rooms: list[Room], *done: Done) -> list[str]:
    evidence = Evidence(rooms, done, [])
    return mistakes(evidence, accounts(evidence, 1))


def test_a_faultless_round_has_nothing_to_name():
    assert wrong(everyone(1)) == []


def test_two_who_meet_again_are_named():
    again = Room(900, round_at(1) + timedelta(days=4), everyone(1)[0].people)

    assert again.again
    assert wrong([*everyone(1), again]) == ["amara and arjun were brought together again in week 1"]


def test_somebody_left_out_is_named():
    assert wrong(everyone(1)[1:]) == [
        "amara met nobody in the round of week 1",
        "arjun met nobody in the round of week 1",
    ]


def test_somebody_who_sits_twice_or_did_not_take_part_is_named():
    found = wrong([*everyone(1), *of_round(1, ["amara", "omar"])])

    assert "amara sits in 2 threads of the round of week 1" in found
    assert "omar was brought together with somebody in week 1 without taking part" in found


def test_a_thread_that_was_welcomed_twice_is_named():
    first, *rest = everyone(1)
    twice = Room(first.room_id, first.at, first.people, first.people, welcomes=2)

    assert wrong([twice, *rest]) == ["amara and arjun were welcomed 2 times in week 1"]


def test_more_answers_than_requests_are_named():
    assert wrong(everyone(1), Done(on(1, 3), "jonas", Did.GIVEN, "amara")) == [
        "1 requests came to an end, but only 0 were made"
    ]


def test_who_stays_silent_three_times_is_no_longer_expected():
    silent = [
        Room(n, round_at(1) + timedelta(weeks=n), frozenset({"arjun", str(n)})) for n in range(3)
    ]
    evidence = Evidence(silent, [], [])

    assert evidence.misses("arjun", round_at(7)) == 3
    heard = Evidence([*silent, *of_round(5, ["arjun", "ruth"])], [], [])
    assert heard.misses("arjun", round_at(7)) == 0


def test_the_table_adds_the_weeks_up():
    done = [Done(on(week, 3), "amara", Did.ASKED, "jonas") for week in (1, 2, 2)]
    rows = accounts(Evidence(everyone(1), done, []), 2)

    assert [row.figures["asked"] for row in rows] == [1, 2]
    assert sums(rows)["groups"] == len(everyone(1))
    assert table(rows).splitlines()[-1].split()[:2] == ["sum", "1"]
