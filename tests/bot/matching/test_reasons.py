"""Why people are matched: the same arithmetic for one pair and for all, told as facts."""

from dataclasses import replace
from datetime import date, time

import pytest

from bot.clockwork.phases import Phase
from bot.matching.model import Curiosity, History, Person, Weights
from bot.matching.reasons import Judge, shared_hours, working_slots
from bot.matching.scores import AGAIN, JUST_MET, Scores
from tests.bot.matching.crowds import DAY, crowd

NINE, FIVE = time(9), time(17)


@pytest.mark.parametrize("kind", range(5))
def test_one_pair_is_judged_as_all_are(kind):
    people = [replace(person, team="") if kind == 4 else person for person in crowd(30, kind)]
    history = History(((1, 2, 1), (3, 4, 5), (4, 3, 2), (5, 6, 99)))
    weights = Weights(other_team=kind * 20, since_met=50)

    table = Scores(people, DAY, weights, history, frozenset()).table()
    judge = Judge(people, DAY, weights, history)

    lost = {(1, 2): AGAIN + JUST_MET, (3, 4): AGAIN, (5, 6): AGAIN}
    for one in range(1, 31):
        for other in range(one + 1, 31):
            points = table[one - 1, other - 1] + lost.get((one, other), 0)
            assert points / 10 == pytest.approx(judge.score(one, other), abs=0.11)


def test_a_score_is_between_nothing_and_a_thousand():
    twin = Person(1, "a", frozenset("xy"), frozenset("w"), frozenset("w"), phase=Phase.LAND)
    other = replace(twin, person_id=2, team="b")
    stranger = Person(3, "a", works_from=time(21), works_to=time(5))
    judge = Judge([twin, other, stranger], DAY)

    assert judge.score(1, 2) == pytest.approx(1000)
    assert judge.score(1, 3) == 0


def test_rare_interests_count_more():
    everyone = [Person(at, interests=frozenset(["tea"])) for at in range(10, 30)]
    people = [
        Person(1, interests=frozenset(["tea", "bees"])),
        Person(2, interests=frozenset(["tea"])),
        Person(3, interests=frozenset(["bees"])),
    ]
    judge = Judge([*people, *everyone], DAY)

    assert judge.score(1, 3) > judge.score(1, 2)
    assert judge.reasons((1, 2)).interests == ("tea",)


def test_reasons_are_facts():
    ada = Person(
        1,
        "apps",
        frozenset(["bees", "tea"]),
        frozenset(["robots"]),
        zone="Europe/Berlin",
        phase=Phase.LAND,
    )
    ben = Person(
        2,
        "core",
        frozenset(["bees", "go"]),
        offers=frozenset(["robots"]),
        zone="Europe/London",
        phase=Phase.LAND,
    )
    judge = Judge([ada, ben], DAY, history=History(((2, 1, 4), (1, 2, 7))))

    why = judge.reasons((1, 2))

    assert why.teams == 2
    assert why.interests == ("bees",)
    assert why.minutes == 7 * 60
    assert why.curiosities == (Curiosity(1, "robots", 2),)
    assert why.phase is Phase.LAND
    assert why.met_rounds_ago == 4


def test_working_hours_meet_on_the_day_in_question():
    summer, winter = date(2026, 7, 1), date(2026, 3, 15)

    def hours(day: date, zone: str, other: str) -> float:
        return 8 * shared_hours(
            working_slots(zone, NINE, FIVE, day), working_slots(other, NINE, FIVE, day)
        )

    assert hours(summer, "America/New_York", "Europe/Berlin") == 2
    assert hours(winter, "America/New_York", "Europe/Berlin") == 3
    assert hours(summer, "Asia/Kathmandu", "Asia/Kolkata") == 7.75


def test_a_night_shift_and_a_whole_day_are_understood():
    night = working_slots("UTC", time(22), time(6), DAY)
    day = working_slots("UTC", time(0), time(0), DAY)

    assert night.bit_count() * 15 == 8 * 60
    assert day.bit_count() * 15 == 24 * 60
    assert shared_hours(night, day) == 1
