"""Mentors for mentees: as many as there is room for, loads spread, the best scores.

Only the child process imports this module.
"""

from typing import Final

import numpy as np

from bot.matching.blossom import FINE, best_of_many
from bot.matching.model import History, Mentoring
from bot.matching.scores import APART, UNIT, Ints, Scores

_CANDIDATES: Final = 24
_MORE: Final = 8
_LOAD: Final = UNIT * 3 // 20
"""How much better a mentor who has one mentee must be than another who has none."""
_WAITED: Final = UNIT * 4
"""What a mentee who waited is put first with, where there is not room for all."""


def assigned(question: Mentoring, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Return who is assigned to whom, as places among the mentees and among the mentors."""
    mentees, mentors = question.mentees, question.mentors
    seats = [
        (place, seat)
        for place, mentor in enumerate(mentors)
        for seat in range(min(mentor.capacity, len(mentees)))
    ]
    if not mentees or not seats:
        return []
    people = [*mentees, *(mentor.person for mentor in mentors)]
    scores = Scores(people, question.on, question.weights, History(), question.avoid)
    table = np.concatenate([block[:, len(mentees) :] for _first, block in scores.blocks()])
    value = table[: len(mentees)].astype(np.int64)
    value += np.where(value > APART, _WAITED * np.array([[p.left_out] for p in mentees]), 0)
    value = value * FINE + rng.integers(0, FINE, value.shape)
    count = _CANDIDATES
    while True:
        pairs = _seated(value, seats, min(count, len(mentors)))
        if count >= len(mentors) or len(pairs) == min(len(mentees), len(seats)):
            return pairs
        count *= _MORE


def _seated(value: Ints, seats: list[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    """Return the best assignment in which everyone is considered by so many mentors."""
    mentees, mentors = value.shape
    best = np.argpartition(value, mentors - count, axis=1)[:, mentors - count :]
    considered = np.zeros(value.shape, bool)
    np.put_along_axis(considered, best, True, axis=1)
    considered &= value > APART // 2 * FINE
    place, load = np.array(seats).T
    one, other = np.nonzero(considered[:, place])
    weight = value[one, place[other]] - load[other] * _LOAD * FINE
    found = best_of_many(mentees + len(seats), one, mentees + other, weight)
    return [(mentee, seats[seat - mentees][0]) for mentee, seat in found]
