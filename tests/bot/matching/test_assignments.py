"""Mentors: as many mentees as there is room for, nobody overloaded, the best scores."""

from collections import Counter
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.model import Assignment, Avoid, Mentor, Mentoring, Person
from bot.matching.reasons import Judge
from bot.matching.solver import assignment
from tests.bot.matching.crowds import DAY, crowd, mentors


def assign(mentees, mentors, avoid: Avoid = frozenset(), seed: int = 1) -> Assignment:
    return assignment(Mentoring(tuple(mentees), tuple(mentors), DAY, avoid=avoid, seed=seed))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5), st.integers(0, 3), st.integers(0, 99), st.data())
def test_as_many_are_assigned_as_can_be_and_nobody_above_their_capacity(n, m, seed, data):
    mentees, givers = crowd(n, seed), mentors(m, seed)
    pairs = [(p.person_id, g.person.person_id) for p, g in product(mentees, givers)]
    some = data.draw(st.lists(st.sampled_from(pairs))) if pairs else []
    avoid = frozenset(map(frozenset, some))

    made = assign(mentees, givers, avoid)

    assert sorted([a for a, _b in made.pairs] + [*made.waiting]) == [p.person_id for p in mentees]
    assert not set(map(frozenset, made.pairs)) & avoid
    load = Counter(mentor for _mentee, mentor in made.pairs)
    assert all(load[giver.person.person_id] <= giver.capacity for giver in givers)
    assert len(made.pairs) == most_served(mentees, givers, avoid)


def most_served(mentees: list[Person], givers: tuple[Mentor, ...], avoid: Avoid) -> int:
    choices = product([None, *(giver.person.person_id for giver in givers)], repeat=len(mentees))
    capacity = {giver.person.person_id: giver.capacity for giver in givers}
    best = 0
    for choice in choices:
        pairs = [(p.person_id, c) for p, c in zip(mentees, choice, strict=True) if c]
        fits = all(n <= capacity[giver] for giver, n in Counter(c for _p, c in pairs).items())
        if fits and not set(map(frozenset, pairs)) & avoid:
            best = max(best, len(pairs))
    return best


def test_a_mentor_who_can_tell_about_it_is_chosen():
    mentees = [replace(crowd(1)[0], person_id=1, curious_about=frozenset(["robots"]))]
    givers = [Mentor(replace(crowd(1)[0], person_id=at, offers=frozenset()), 2) for at in (7, 8, 9)]
    givers[1] = Mentor(replace(givers[1].person, offers=frozenset(["robots"])), 2)

    made = assign(mentees, givers)

    assert made.pairs == ((1, 8),)
    assert made.reasons[0].curiosities[0].about == "robots"


def test_loads_are_spread_among_equals():
    mentees = [replace(crowd(1)[0], person_id=at) for at in range(1, 7)]
    givers = [Mentor(replace(crowd(1)[0], person_id=at), 3) for at in (7, 8, 9)]

    made = assign(mentees, givers)

    assert Counter(giver for _mentee, giver in made.pairs) == {7: 2, 8: 2, 9: 2}


def test_who_waited_goes_first():
    mentees = [replace(person, left_out=int(person.person_id == 3)) for person in crowd(4)]

    made = assign(mentees, [Mentor(crowd(1, first=9)[0], 1)])

    assert made.pairs == ((3, 9),)
    assert made.waiting == (1, 2, 4)


def test_nobody_is_their_own_mentor():
    both = crowd(2)

    made = assign(both, [Mentor(person, 3) for person in both])

    assert made.pairs == ((1, 2), (2, 1))


def test_the_same_seed_gives_the_same_assignment():
    mentees, givers = crowd(40), mentors(20, 3)

    assert assign(mentees, givers) == assign(mentees[::-1], givers[::-1])


@pytest.mark.parametrize("n", [60, 300])
def test_the_scores_are_the_best_there_are_for_single_mentees(n):
    mentees = crowd(n)
    givers = [Mentor(person, 1) for person in crowd(n, 5, first=1001)]
    judge = Judge([*mentees, *(giver.person for giver in givers)], DAY)

    made = assign(mentees, givers)

    assert len(made.pairs) == n
    assert sum(judge.score(*pair) for pair in made.pairs) > 1.3 * sum(
        judge.score(1 + at, 1001 + at) for at in range(n)
    )
