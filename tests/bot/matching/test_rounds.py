"""Rounds: nobody forgotten, nobody avoided, hardly anybody again, and the best of what is left."""

import random
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.model import LARGEST, History, Round, Weights
from bot.matching.reasons import Judge
from tests.bot.matching.crowds import (
    DAY,
    all_covers,
    ask,
    cohorts,
    crowd,
    lived,
    partitions,
    random_rounds,
    repeats,
    worth,
)

SEEDS = st.integers(0, 2**32)
SIZES = st.integers(2, LARGEST)


def everyone(made: Round) -> list[int]:
    return sorted([one for group in made.groups for one in group] + [*made.unmatched])


@settings(max_examples=150, deadline=None)
@given(cohorts(), SIZES, SEEDS)
def test_everyone_is_in_one_group_or_on_the_shortest_possible_list(cohort, size, seed):
    people, avoid, history = cohort

    made = ask(people, size=size, seed=seed, avoid=avoid, history=history)

    assert everyone(made) == [person.person_id for person in people]
    covered = max(sum(map(len, cover)) for cover in all_covers(everyone(made), avoid))
    assert len(people) - len(made.unmatched) == covered


@settings(max_examples=100, deadline=None)
@given(cohorts(most=14), SIZES, SEEDS)
def test_nobody_meets_whom_they_avoid(cohort, size, seed):
    people, avoid, history = cohort

    made = ask(people, size=size, seed=seed, avoid=avoid, history=history)

    together = {frozenset(pair) for group in made.groups for pair in combinations(group, 2)}
    assert not together & avoid
    assert all(2 <= len(group) <= LARGEST for group in made.groups)
    assert len(made.reasons) == len(made.groups)


@settings(max_examples=60, deadline=None)
@given(cohorts(most=12), SIZES, SEEDS, st.randoms(use_true_random=False))
def test_the_same_seed_gives_the_same_round_in_whatever_order_people_come(
    cohort, size, seed, chance
):
    people, avoid, history = cohort
    mixed = chance.sample(people, len(people))

    once = ask(people, size=size, seed=seed, avoid=avoid, history=history)
    again = ask(mixed, size=size, seed=seed, avoid=avoid, history=history)

    assert once == again


def test_another_seed_gives_another_round_where_all_are_equally_good():
    people = [replace(person, team="", interests=frozenset()) for person in crowd(1)] * 20
    people = [replace(person, person_id=at) for at, person in enumerate(people)]

    assert ask(people, seed=1).groups != ask(people, seed=2).groups


@settings(max_examples=100, deadline=None)
@given(cohorts(least=2, most=8), SEEDS)
def test_nobody_meets_again_while_it_can_be_avoided(cohort, seed):
    people, avoid, history = cohort

    made = ask(people, seed=seed, avoid=avoid, history=history)

    if len(people) % 2 == 0 and not made.unmatched:
        pairs = partitions(everyone(made), [2] * (len(people) // 2))
        possible = [cover for cover in pairs if not set(map(frozenset, cover)) & avoid]
        least = min((repeats(cover, history) for cover in possible), default=None)
        assert least is None or repeats(made.groups, history) == least


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([4, 6, 8]), st.integers(0, 99), SEEDS)
def test_pairs_are_the_best_there_are(n, kind, seed):
    people = crowd(n, kind, tags=9)
    judge = Judge(people, DAY)

    made = ask(people, seed=seed)

    best = max(worth(judge, cover) for cover in partitions(everyone(made), [2] * (n // 2)))
    assert worth(judge, made.groups) == pytest.approx(best, rel=0.001)


@pytest.mark.parametrize("size", [3, 4, 5])
@pytest.mark.parametrize("kind", range(4))
def test_groups_are_hardly_worse_than_the_best_there_are(size, kind):
    people = crowd(10, kind, tags=9)
    judge = Judge(people, DAY)

    made = ask(people, size=size, seed=kind)

    best = max(
        worth(judge, cover) for cover in partitions(everyone(made), [*map(len, made.groups)])
    )
    assert worth(judge, made.groups) >= 0.999 * best


@pytest.mark.parametrize("n", [*range(4, 30, 2), pytest.param(60, marks=pytest.mark.slow)])
def test_nobody_meets_twice_in_the_first_half_of_all_rounds(n):
    for made, history in lived(crowd(n), n // 2):
        assert not made.unmatched
        assert not repeats(made.groups, history)


@pytest.mark.parametrize("n", [4, 6, 8, 10, 12, 16, 20])
@pytest.mark.parametrize("kind", [1, 2, 3])
def test_a_small_cohort_meets_completely_before_anybody_meets_again(n, kind):
    for made, history in lived(crowd(n, kind), n - 1):
        assert not repeats(made.groups, history)


@pytest.mark.slow
@pytest.mark.parametrize("n", [22, 24, 26, 28, 30])
@pytest.mark.parametrize("kind", [1, 2, 3])
def test_thirty_people_meet_completely_before_anybody_meets_again(n, kind):
    for made, history in lived(crowd(n, kind), n - 1):
        assert not repeats(made.groups, history)


@pytest.mark.parametrize("n", [7, 9, 11, 21])
def test_nobody_is_in_the_trio_twice_running(n):
    last: set[int] = set()
    times: dict[int, int] = {}
    for made, _history in lived(crowd(n), n - 1):
        (trio,) = [group for group in made.groups if len(group) == 3]
        assert not last & set(trio)
        last = set(trio)
        times |= {one: times.get(one, 0) + 1 for one in trio}

    assert max(times.values()) - min(times.get(one, 0) for one in range(1, n + 1)) <= 2


def test_an_odd_cohort_repeats_nobody_in_the_first_half():
    for made, history in lived(crowd(21), 9):
        assert not repeats(made.groups, history)


def test_cohorts_of_none_one_two_and_three():
    assert ask([], seed=1) == Round((), (), (), 1)
    assert ask(crowd(1), seed=1).unmatched == (1,)
    assert ask(crowd(2), seed=1).groups == ((1, 2),)
    assert ask(crowd(3), seed=1).groups == ((1, 2, 3),)
    assert ask(crowd(3), seed=1, size=5).groups == ((1, 2, 3),)


@pytest.mark.parametrize("size", [2, 3, 5])
def test_where_everyone_avoids_everyone_nobody_is_matched(size):
    avoid = frozenset(map(frozenset, combinations(range(1, 12), 2)))

    made = ask(crowd(11), seed=1, size=size, avoid=avoid)

    assert made.groups == ()
    assert len(made.unmatched) == 11


def test_two_who_met_last_time_meet_again_when_there_is_nobody_else():
    made = ask(crowd(2), seed=1, history=History(((1, 2, 1),)))

    assert made.groups == ((1, 2),)
    assert made.reasons[0].met_rounds_ago == 1


def test_when_all_have_met_those_meet_whose_meeting_is_longest_ago():
    ago = {(1, 2): 1, (3, 4): 1, (1, 3): 2, (2, 4): 2, (1, 4): 9, (2, 3): 9}
    met = tuple((*pair, rounds) for pair, rounds in ago.items())

    assert ask(crowd(4), seed=1, history=History(met)).groups == ((1, 4), (2, 3))


def test_who_was_left_out_before_is_not_left_out_again():
    avoid = frozenset(frozenset(pair) for pair in combinations((2, 3, 4), 2))
    for waiting in (2, 3, 4):
        people = [replace(p, left_out=int(p.person_id == waiting)) for p in crowd(4)]

        assert ask(people, seed=1, avoid=avoid).groups == ((1, waiting),)


def test_weights_say_what_counts():
    people = [
        replace(crowd(1)[0], person_id=at, team=team, interests=frozenset([word]))
        for at, (team, word) in enumerate(["ax", "ay", "bx", "by"])
    ]

    def found(weights: Weights) -> tuple[tuple[int, ...], ...]:
        return ask(people, seed=1, weights=weights).groups

    assert found(Weights(other_team=100, interests=50)) == ((0, 2), (1, 3))
    assert found(Weights(other_team=0, interests=0, hours=0, curiosity=0, phase=0))
    with pytest.raises(ValueError, match="interests"):
        Weights(interests=101)


@pytest.mark.slow
def test_five_thousand_people_with_two_tags_all_meet_somebody():
    people = [
        replace(person, interests=frozenset(["python" if person.person_id % 2 else "tea"]), team="")
        for person in crowd(5000)
    ]
    chance = random.Random(1)
    avoid = frozenset(frozenset(chance.sample(range(1, 5001), 2)) for _pair in range(100))
    history = random_rounds(5000, 10)

    made = ask(people, seed=1, avoid=avoid, history=history)

    assert len(made.groups) == 2500
    assert not repeats(made.groups, history)
    assert not set(map(frozenset, made.groups)) & avoid


@pytest.mark.slow
@pytest.mark.parametrize("size", [3, 4])
def test_groups_of_a_thousand_keep_everyone_and_avoid_everyone_they_should(size):
    chance = random.Random(1)
    avoid = frozenset(frozenset(chance.sample(range(1, 1002), 2)) for _pair in range(1000))
    history = random_rounds(1001, 6)

    made = ask(crowd(1001), seed=1, size=size, avoid=avoid, history=history)

    assert everyone(made) == list(range(1, 1002))
    assert not made.unmatched
    assert not repeats(made.groups, history)
    assert {len(group) for group in made.groups} <= {size, size + 1, size - 1}


@pytest.mark.parametrize("n", [300, 301])
def test_a_crowd_that_one_person_may_not_join_does_without_them(n):
    avoid = frozenset(frozenset((1, other)) for other in range(2, n + 1))

    made = ask(crowd(n), seed=1, avoid=avoid)

    assert made.unmatched == (1,)
    assert sum(len(group) == 3 for group in made.groups) == (n + 1) % 2
