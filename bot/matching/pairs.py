"""Pairs, and the odd trio: as few left out as possible, then no repeats, then the best scores.

Only the child process imports this module.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np

from bot.matching.blossom import (
    FINE,
    SMALL,
    Ladder,
    best_of_many,
    best_pairs,
    every_edge,
    nearest_edges,
    repeats,
)
from bot.matching.lookahead import far_sighted
from bot.matching.scores import APART, Floats, Ints, Scores

_CANDIDATES: Final = 24
_CROWD: Final = 2000
_CANDIDATES_IN_A_CROWD: Final = 16
_MORE_CANDIDATES: Final = (96, 384)
_MOST_EDGES: Final = 2_000_000
_ALL_TRIOS_UP_TO: Final = 40
_SOME_TRIOS: Final = 4000
_TRIES: Final = 200
_FEW_TRIES: Final = 12

Group = tuple[int, ...]


class Cover(NamedTuple):
    """Groups by place, and who is in none."""

    groups: list[Group]
    left: list[int]


class _Rank(NamedTuple):
    """How good a cover is: the smaller, the better, the first concern first."""

    left: int
    waited: int
    trio_again: int
    again: int
    at_once: int
    trios: int
    cost: float

    @property
    def faulty(self) -> bool:
        """Whether more than the scores could be better."""
        return any((self.left, self.trio_again, self.again, self.at_once))


class Pairs:
    """Finds the pairs of one cohort for one seed."""

    def __init__(self, scores: Scores, rng: np.random.Generator) -> None:
        self._scores, self._people, self._rng = scores, scores.people, rng
        self._ladder = Ladder(scores.n)
        self._table: Floats | None = scores.table() if scores.n <= SMALL else None
        if self._table is None:
            count = _CANDIDATES if scores.n <= _CROWD else _CANDIDATES_IN_A_CROWD
            self._edges = nearest_edges(scores, count, rng)
        else:
            self._edges = every_edge(self._table)

    def cover(self) -> Cover:
        """Return pairs and trios of all who may meet anybody, and the rest."""
        reachable = np.flatnonzero(self._scores.partners > 0).tolist()
        alone = np.flatnonzero(self._scores.partners <= 0).tolist()
        cover = self._attempt(reachable)
        if cover.left and self._table is None:
            cover = self._searched_wider(reachable, cover)
        if len(reachable) % 2 and self._blemished(cover):
            cover = self._with_another_trio(reachable, cover, tries=_TRIES)
        while cover.left and self._table is not None:
            better = self._with_another_trio(reachable, cover, tries=_SOME_TRIOS)
            if len(better.left) == len(cover.left):
                break
            cover = better
        if self._table is not None and not alone and not cover.left and self._scores.n % 2 == 0:
            cover = Cover([*far_sighted(self._table, cover.groups, self._rng)], [])
        return Cover(sorted(cover.groups), sorted([*cover.left, *alone]))

    def _attempt(self, among: Sequence[int], trios: Sequence[Group] = ()) -> Cover:
        """Return the best pairs beside these trios; whoever is left joins one as its third."""
        rest = sorted(set(among).difference(*trios))
        pairs = self._matched(rest)
        left = sorted(set(rest).difference(*pairs))
        groups = self._with_thirds(pairs, left)
        return Cover([*trios, *groups], sorted(set(left).difference(*groups)))

    def _matched(self, among: Sequence[int]) -> list[Group]:
        """Return the best pairs; in an odd crowd whoever should be third has none."""
        n = len(among)
        number = np.full(self._scores.n, -1)
        number[among] = np.arange(n)
        inside = (number[self._edges.one] >= 0) & (number[self._edges.other] >= 0)
        one, other = number[self._edges.one[inside]], number[self._edges.other[inside]]
        weight = self._ladder.weights(self._edges.score[inside])
        weight += self._rng.integers(0, FINE, len(weight))
        if n % 2:
            one, other = np.append(one, np.arange(n)), np.append(other, np.full(n, n))
            weight = np.append(weight, [-self._shy(place) for place in among])
        size = n + n % 2
        pairs = best_of_many(size, one, other, weight)
        if 2 * len(pairs) < size:
            waited = np.array([*(min(3, self._people[p].left_out) for p in among), 0], np.int64)
            weight += self._ladder.left_out * (waited[one] + waited[np.minimum(other, n)])
            pairs = best_pairs(size, one.tolist(), other.tolist(), weight.tolist())
        return [(among[a], among[b]) for a, b in pairs if b < n]

    def _shy(self, place: int) -> int:
        """Return how much speaks against this person in a trio, as a weight."""
        person = self._people[place]
        return (
            person.trio_last_round * self._ladder.trio_again + person.trios * self._ladder.perfect
        )

    def _with_thirds(self, pairs: list[Group], left: Sequence[int]) -> list[Group]:
        """Return the pairs, with as many of those left as can join one of them."""
        if not pairs or not left:
            return pairs
        first, second = np.array(pairs, np.int64).T
        shy = np.array([self._shy(a) + self._shy(b) for a, b in pairs], np.int64)
        one, other, weight = list[int](), list[int](), list[int]()
        for number, place in enumerate(left):
            row = self._row(place)
            may = np.flatnonzero((row[first] > APART) & (row[second] > APART))
            both = self._ladder.weights(row[first[may]]) + self._ladder.weights(row[second[may]])
            one += [number] * len(may)
            other += (len(left) + may).tolist()
            weight += (both - shy[may]).tolist()
        joined = best_pairs(len(left) + len(pairs), one, other, weight)
        thirds = {pair - len(left): left[number] for number, pair in joined}
        return [
            tuple(sorted((*pair, thirds[at]))) if at in thirds else pair
            for at, pair in enumerate(pairs)
        ]

    def _row(self, place: int) -> Ints:
        if self._table is not None:
            return self._table[place].astype(np.int64)
        return self._scores.block(place, place + 1)[0].astype(np.int64)

    def _searched_wider(self, among: Sequence[int], cover: Cover) -> Cover:
        """Return the cover when more pairs are considered, until nobody is left without need."""
        for count in (*_MORE_CANDIDATES, self._scores.n - 1):
            if count >= self._scores.n or self._scores.partners.clip(max=count).sum() > _MOST_EDGES:
                break
            self._edges = nearest_edges(self._scores, count, self._rng)
            cover = min(cover, self._attempt(among), key=self._rank)
            if not cover.left:
                break
        return cover

    def _blemished(self, cover: Cover) -> bool:
        """Say whether another trio might be better: this one repeats, or cannot be."""
        rank = self._rank(Cover([group for group in cover.groups if len(group) > 2], cover.left))
        return rank.faulty

    def _with_another_trio(self, among: Sequence[int], cover: Cover, tries: int) -> Cover:
        """Return the best cover found with a given trio first, and the old one if none is better.

        Who cannot be in pairs because others avoid each other may be covered by one trio more.
        """
        kept = [group for group in cover.groups if len(group) > 2] if cover.left else []
        best, rank = cover, self._rank(cover)
        if self._table is None:
            tries = _FEW_TRIES
        for trio in self._trios(sorted(set(among).difference(*kept)))[:tries]:
            other = self._attempt(among, [*kept, trio])
            if (found := self._rank(other)) < rank:
                better = found.left < rank.left
                best, rank = other, found
                if better or not rank.faulty:
                    break
        return best

    def _trios(self, among: Sequence[int]) -> list[Group]:
        """Return trios that may be, the best first: all of a small cohort, some of a large one."""
        if len(among) <= _ALL_TRIOS_UP_TO:
            trios: Iterator[Sequence[int]] = combinations(among, 3)
        else:
            trios = (sorted(self._rng.choice(among, 3, False)) for _ in range(_SOME_TRIOS))
        different = [*dict.fromkeys(map(_group, trios))]
        may = [trio for trio in different if min(self._values([*combinations(trio, 2)])) > APART]
        return sorted(may, key=lambda trio: (self._rank(Cover([trio], [])), trio))

    def _rank(self, cover: Cover) -> _Rank:
        pairs = [pair for group in cover.groups for pair in combinations(group, 2)]
        scores = self._values(pairs)
        again, at_once = repeats(scores)
        crowd = [self._people[place] for group in cover.groups if len(group) > 2 for place in group]
        return _Rank(
            len(cover.left),
            sum(self._people[place].left_out for place in cover.left),
            sum(person.trio_last_round for person in crowd),
            int(again.sum()),
            int(at_once.sum()),
            sum(person.trios for person in crowd),
            -float(scores.sum()),
        )

    def _values(self, pairs: Sequence[Group]) -> Ints:
        one, other = np.array(pairs, np.int64).reshape(-1, 2).T
        if self._table is not None:
            return self._table[one, other].astype(np.int64)
        return np.array([self._row(a)[b] for a, b in pairs], np.int64)


def _group(places: Sequence[int]) -> Group:
    return tuple(int(place) for place in places)
