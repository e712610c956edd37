"""How good every pair of a cohort is, as numbers: the arithmetic of `reasons`, for all at once.

Only the child process imports this module.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import permutations, product
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.matching.model import Avoid, History, Person, Weights
from bot.matching.reasons import (
    freshness,
    nearness,
    rarity,
    shared_hours,
    total,
    working_slots,
)

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

UNIT: Final = 10_000
"""The score of a perfect pair."""
AGAIN: Final = 200_000
"""Taken from a pair that has met, far beyond any score."""
JUST_MET: Final = 100_000
"""Taken besides from a pair of the latest round."""
APART: Final = -1_000_000
"""The score of a pair that is never brought together."""
_ROWS: Final = 256
_Kind = TypeVar("_Kind")
_MOST_FOR_TIME: Final = 4 * UNIT


class Scores:
    """Scores of all pairs of people, by their places in the order given.

    Whole numbers in which the first concern shows: beyond `AGAIN` below a score the two have met.
    """

    def __init__(
        self,
        people: Sequence[Person],
        on: date,
        weights: Weights,
        history: History,
        avoid: Avoid,
    ) -> None:
        self.people = people
        self.n = len(people)
        share = UNIT / total(weights)
        places: dict[int, list[int]] = {}
        for at, person in enumerate(people):
            places.setdefault(person.person_id, []).append(at)
        self._interests = _interests(people) * np.float32((weights.interests * share) ** 0.5)
        self._asks, self._tells = _curiosities(people)
        self._wonder = np.float32(weights.curiosity * share / 2)
        self._team = _teams(people)
        self._other_team = np.float32(weights.other_team * share)
        self._day, self._days = _days(people, on, weights, share)
        self._met, self._loss = _losses(places, history, weights.since_met * share)
        self._apart = _apart(places, avoid)
        self.partners = self.n - 1 - np.bincount(self._apart[0], minlength=self.n)
        """How many each person may meet at all."""

    def block(self, first: int, last: int) -> Floats:
        """Return the rows from `first` to before `last` of the table of all pairs."""
        rows = slice(first, last)
        scores = self._interests[rows] @ self._interests.T
        if self._asks.shape[1]:
            for one, other in ((self._asks, self._tells), (self._tells, self._asks)):
                scores += self._wonder * np.minimum(one[rows] @ other.T, 1)
        scores += self._days[self._day[rows]].take(self._day, axis=1)
        scores += self._other_team * (self._team[rows, None] != self._team)
        met = slice(*np.searchsorted(self._met[0], (first, last)))
        scores[self._met[0][met] - first, self._met[1][met]] -= self._loss[met]
        np.rint(scores, out=scores)
        apart = slice(*np.searchsorted(self._apart[0], (first, last)))
        scores[self._apart[0][apart] - first, self._apart[1][apart]] = APART
        scores[np.arange(last - first), np.arange(first, last)] = APART
        return scores

    def blocks(self) -> Iterator[tuple[int, Floats]]:
        """Give the table in pieces, each with its first row, for cohorts whose table is huge."""
        for first in range(0, self.n, _ROWS):
            yield first, self.block(first, min(first + _ROWS, self.n))

    def table(self) -> Floats:
        """Return the whole table, the same both ways."""
        whole = np.concatenate([block for _first, block in self.blocks()])
        return np.maximum(whole, whole.T)

    def among(self, places: Sequence[int]) -> Floats:
        """Return the table of some people, given in order; cheap for neighbours."""
        first, some = places[0], np.array(places)
        block = self.block(first, places[-1] + 1)[np.ix_(some - first, some)]
        return np.maximum(block, block.T)


def _interests(people: Sequence[Person]) -> Floats:
    worth = rarity(people)
    column = {word: at for at, word in enumerate(worth)}
    table = np.zeros((len(people), len(worth)), np.float32)
    for row, person in enumerate(people):
        for word in person.interests & column.keys():
            table[row, column[word]] = worth[word] ** 0.5
    length = np.linalg.norm(table, axis=1, keepdims=True).astype(np.float32)
    table /= np.where(length > 0, length, np.float32(1))
    return table


def _curiosities(people: Sequence[Person]) -> tuple[Floats, Floats]:
    asked = set[str]().union(*(person.curious_about for person in people))
    told = set[str]().union(*(person.offers for person in people))
    column = {word: at for at, word in enumerate(sorted(asked & told))}
    asks, tells = np.zeros((2, len(people), len(column)), np.float32)
    for row, person in enumerate(people):
        asks[row, [column[word] for word in person.curious_about & column.keys()]] = 1
        tells[row, [column[word] for word in person.offers & column.keys()]] = 1
    return asks, tells


def _teams(people: Sequence[Person]) -> Ints:
    number = {team: at for at, team in enumerate(sorted({person.team for person in people}))}
    return np.array(
        [number[person.team] if person.team else -1 - at for at, person in enumerate(people)],
        np.int64,
    )


def _days(
    people: Sequence[Person], on: date, weights: Weights, share: float
) -> tuple[Ints, Floats]:
    """Return each person's kind of day, and what two kinds are worth: hours and phases."""
    clocks = [(p.zone, p.works_from, p.works_to) for p in people]
    worked = {clock: working_slots(*clock, on) for clock in dict.fromkeys(clocks)}
    kinds = [(worked[clock], person.phase) for clock, person in zip(clocks, people, strict=True)]
    number = {kind: at for at, kind in enumerate(dict.fromkeys(kinds))}
    hours, phases = dict.fromkeys(worked.values()), dict.fromkeys(phase for _, phase in kinds)
    worth = _spread([slots for slots, _ in number], [*hours], shared_hours) * weights.hours
    worth += _spread([phase for _, phase in number], [*phases], nearness) * weights.phase
    return np.array([number[kind] for kind in kinds], np.int64), worth * np.float32(share)


def _spread(
    kinds: Sequence[_Kind], different: Sequence[_Kind], worth: Callable[[_Kind, _Kind], float]
) -> Floats:
    """Return what two kinds are worth to each other, asking once for each different pair."""
    table = np.array([[worth(one, other) for other in different] for one in different], np.float32)
    number = {kind: at for at, kind in enumerate(different)}
    places = [number[kind] for kind in kinds]
    return table[np.ix_(places, places)]


def _losses(
    places: dict[int, list[int]], history: History, worth: float
) -> tuple[tuple[Ints, Ints], Floats]:
    latest: dict[tuple[int, int], int] = {}
    for one, other, ago in history.meetings:
        for a, b in product(places.get(one, ()), places.get(other, ())):
            for pair in ((a, b), (b, a)):
                latest[pair] = min(ago, latest.get(pair, ago))
    ordered = sorted(latest.items())
    losses = [
        AGAIN + JUST_MET * (ago <= 1) + min(_MOST_FOR_TIME, worth) * freshness(ago)
        for _pair, ago in ordered
    ]
    return _columns([pair for pair, _ago in ordered]), np.array(losses, np.float32)


def _apart(places: dict[int, list[int]], avoid: Avoid) -> tuple[Ints, Ints]:
    """Return who is kept apart, both ways; someone who is there twice does not meet themselves."""
    apart = {way for at in places.values() for way in permutations(at, 2)}
    for pair in avoid:
        for one, other in permutations(pair, 2):
            apart.update(product(places.get(one, ()), places.get(other, ())))
    return _columns(sorted(apart))


def _columns(pairs: Sequence[tuple[int, int]]) -> tuple[Ints, Ints]:
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]
