"""Cohorts to match, rounds to look back on, and the slow ways that are surely right."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, time
from itertools import combinations

from hypothesis import strategies as st

from bot.clockwork.phases import Phase
from bot.matching.model import (
    Avoid,
    History,
    Mentor,
    Pairing,
    Person,
    Round,
)
from bot.matching.reasons import Judge
from bot.matching.solver import round_of

DAY = date(2026, 6, 1)
ZONES = (
    "America/Los_Angeles",
    "America/Chicago",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tokyo",
)
Groups = Sequence[Sequence[int]]


def crowd(n: int, seed: int = 1, tags: int = 48, first: int = 1) -> list[Person]:
    """People of all kinds; popular interests are as popular as they are in real cohorts."""
    chance = random.Random(seed)
    popular = [1 / (tag + 1) ** 0.8 for tag in range(tags)]
    work = [f"work {at}" for at in range(14)]
    return [
        Person(
            person_id=first + at,
            team=f"team {chance.randrange(max(4, n // 8))}",
            interests=frozenset(
                f"tag {tag}" for tag in chance.choices(range(tags), popular, k=chance.randint(2, 6))
            ),
            curious_about=frozenset(chance.sample(work, chance.randint(0, 2))),
            offers=frozenset([chance.choice(work)]),
            zone=chance.choice(ZONES),
            works_from=time(chance.choice([8, 9, 9, 10])),
            works_to=time(chance.choice([16, 17, 17, 18])),
            phase=chance.choice([None, *Phase]),
        )
        for at in range(n)
    ]


def random_rounds(n: int, rounds: int, seed: int = 2) -> History:
    """Rounds as a bot would have made them that draws by chance."""
    chance = random.Random(seed)
    made = []
    for _round in range(rounds):
        people = list(range(1, n + 1))
        chance.shuffle(people)
        made.append([people[at : at + 2] for at in range(0, n - 1, 2)])
    return History.of_rounds(made)


def ask(people: Iterable[Person], **more: object) -> Round:
    return round_of(Pairing(tuple(people), DAY, **more))


def lived(people: Sequence[Person], rounds: int, **more: object) -> Iterator[tuple[Round, History]]:
    """Rounds one after another in a stable cohort, each with the history before it."""
    groups: list[Groups] = []
    for number in range(rounds):
        history = History.of_rounds(groups)
        made = ask(people, history=history, seed=number, **more)
        yield made, history
        groups.insert(0, made.groups)
        trio = {one for group in made.groups if len(group) == 3 for one in group}
        people = [
            replace(
                person,
                trios=person.trios + (person.person_id in trio),
                trio_last_round=person.person_id in trio,
            )
            for person in people
        ]


def repeats(groups: Groups, history: History) -> int:
    met = {frozenset(meeting[:2]) for meeting in history.meetings}
    return sum(frozenset(pair) in met for group in groups for pair in combinations(group, 2))


def all_covers(ids: Sequence[int], avoid: Avoid, most: int = 3) -> Iterator[list[tuple[int, ...]]]:
    """Every way to put people into pairs (and trios), leaving out whom one likes."""
    if not ids:
        yield []
        return
    first, *rest = ids
    yield from all_covers(rest, avoid, most)
    for size in range(2, most + 1):
        for others in combinations(rest, size - 1):
            group = (first, *others)
            if all(frozenset(pair) not in avoid for pair in combinations(group, 2)):
                left = [one for one in rest if one not in others]
                for cover in all_covers(left, avoid, most):
                    yield [group, *cover]


def partitions(ids: Sequence[int], sizes: Sequence[int]) -> Iterator[list[tuple[int, ...]]]:
    """Every way to put everyone into groups of these sizes."""
    if not sizes:
        yield []
        return
    first, *rest = ids
    for size in sorted(set(sizes)):
        fewer = list(sizes)
        fewer.remove(size)
        for others in combinations(rest, size - 1):
            for more in partitions([one for one in rest if one not in others], fewer):
                yield [(first, *others), *more]


def worth(judge: Judge, groups: Iterable[Sequence[int]]) -> float:
    """Everyone's mean score with those they meet, added up."""
    return sum(
        2 * judge.score(*pair) / (len(group) - 1)
        for group in groups
        for pair in combinations(group, 2)
    )


@st.composite
def cohorts(draw: st.DrawFn, least: int = 0, most: int = 7) -> tuple[list[Person], Avoid, History]:
    """A small cohort in which some avoid each other and some have met."""
    n = draw(st.integers(least, most))
    people = crowd(n, draw(st.integers(0, 99)), tags=6)
    people = [
        replace(person, left_out=draw(st.integers(0, 2)), trios=draw(st.integers(0, 2)))
        for person in people
    ]
    pairs = list(combinations(range(1, n + 1), 2))
    some = st.lists(st.sampled_from(pairs), unique=True) if pairs else st.just([])
    avoid = frozenset(map(frozenset, draw(some)))
    met = [(one, other, draw(st.integers(1, 4))) for one, other in draw(some)]
    return people, avoid, History(tuple(met))


def mentors(n: int, seed: int, first: int = 1001) -> tuple[Mentor, ...]:
    people = crowd(n, seed, first=first)
    return tuple(Mentor(person, at % 4) for at, person in enumerate(people))
