"""Groups of three to five: exact pairs put together, then people changing places while it helps.

Only the child process imports this module.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.matching.blossom import FINE, best_of_many, best_pairs, every_edge
from bot.matching.model import LARGEST, SMALLEST
from bot.matching.pairs import Cover, Group, Pairs
from bot.matching.scores import AGAIN, APART, Scores

_BLOCK: Final = 500
_WORK: Final = 40_000_000
"""Entries of tables looked at, in all new beginnings of one block."""
_MOST_BEGINNINGS: Final = 150
_NEVER: Final = 1e9

Values = NDArray[np.float64]


def sizes(people: int, size: int) -> list[int]:
    """Return how large the groups are: as near to `size` as can be, none above the largest."""
    fewest, most = max(1, -(-people // LARGEST)), max(1, people // SMALLEST)

    def split(count: int) -> list[int]:
        return [(people + at) // count for at in range(count)][::-1]

    near = range(max(fewest, people // size), min(most, people // size + 1) + 1)
    return min(map(split, near), key=lambda them: sum(abs(one - size) for one in them))


def grouped(scores: Scores, size: int, rng: np.random.Generator) -> Cover:
    """Return groups of about `size`, with as few left out as pairs would leave.

    A large cohort is handled in parts of neighbours, so its people come in an order by chance.
    """
    cover = Pairs(scores, rng).cover()
    everyone = sorted(place for group in cover.groups for place in group)
    groups, apart = list[Group](), list[int]()
    for part in _parts(everyone, size):
        for group, fine in _Table(scores, part, rng).groups(size):
            if fine:
                groups.append(group)
            else:
                apart += group
    if apart and not _taken_in(scores, groups, sorted(apart)):
        groups = _joined(scores, cover.groups, size)
    return Cover(sorted(groups), cover.left)


def _parts(places: Sequence[int], size: int) -> list[Sequence[int]]:
    """Return parts of at most a block, all but the last of whole groups, the last not too small."""
    count = -(-len(places) // _BLOCK)
    each = -(-len(places) // max(1, count) // size) * size
    cuts = [min(at * each, len(places)) for at in range(count)] + [len(places)]
    return [places[a:b] for a, b in pairwise(cuts) if a < b]


def _taken_in(scores: Scores, groups: list[Group], apart: Sequence[int]) -> bool:
    """Put people of groups that cannot be into pairs and other groups; say whether all could."""
    edges = every_edge(scores.among(apart))
    score = (edges.score - APART).tolist()
    pairs = best_pairs(len(apart), edges.one.tolist(), edges.other.tolist(), score)
    groups += [(apart[a], apart[b]) for a, b in pairs]
    for place in sorted(set(apart).difference(*groups)):
        row = scores.block(place, place + 1)[0]
        fits = [
            (len(group), -float(row[list(group)].sum()), at)
            for at, group in enumerate(groups)
            if len(group) < LARGEST and (row[list(group)] > APART).all()
        ]
        if not fits:
            return False
        at = min(fits)[2]
        groups[at] = tuple(sorted((*groups[at], place)))
    return True


def _joined(scores: Scores, groups: Sequence[Group], size: int) -> list[Group]:
    """Return the pairs and trios, joined to larger groups where everyone may meet everyone."""
    table = scores.table().astype(np.float64)
    np.fill_diagonal(table, 0)
    joined = list(groups)
    while True:
        member = np.zeros((len(joined), scores.n))
        for row, group in enumerate(joined):
            member[row, list(group)] = 1
        value = member @ np.where(table <= APART, -_NEVER, table) @ member.T
        length = member.sum(axis=1)
        may = (length[:, None] + length <= size) & (value > -_NEVER / 2)
        one, other = np.nonzero(np.triu(may, 1))
        weight = np.rint(value[one, other]).astype(np.int64).tolist()
        pairs = best_pairs(len(joined), one.tolist(), other.tolist(), weight)
        if not pairs:
            return joined
        single = set(range(len(joined))).difference(*pairs)
        joined = [
            *(tuple(sorted(joined[a] + joined[b])) for a, b in pairs),
            *(joined[at] for at in sorted(single)),
        ]


class _Table:
    """The values of all pairs among some people, and the search for groups in it."""

    def __init__(self, scores: Scores, places: Sequence[int], rng: np.random.Generator) -> None:
        self._places, self._rng, self._n = places, rng, len(places)
        value = scores.among(places).astype(np.float64)
        value[value < -AGAIN // 2] *= 10
        value[value <= APART * 9] = -_NEVER
        np.fill_diagonal(value, 0)
        self._value = value

    def groups(self, size: int) -> list[tuple[Group, bool]]:
        """Return the best groups found, each with whether all in it may meet."""
        number = self._begun(size)
        counts = np.bincount(number)
        fair = 1 / np.maximum(1, counts - 1)
        best, most = number, self._improve(number, fair)
        beginnings = min(_MOST_BEGINNINGS, _WORK // (self._n * self._n * len(counts) + 1))
        for _beginning in range(beginnings if len(counts) > 1 else 0):
            other = self._shaken(best)
            if (worth := self._improve(other, fair)) > most + 1e-6:
                best, most = other, worth
        return [self._judged(np.flatnonzero(best == group)) for group in range(len(counts))]

    def _judged(self, members: NDArray[np.int64]) -> tuple[Group, bool]:
        fine = bool((self._value[np.ix_(members, members)] > -_NEVER).all())
        return tuple(self._places[int(at)] for at in members), fine

    def _begun(self, size: int) -> NDArray[np.int64]:
        """Return groups made of the best pairs, and of pairs of those."""
        wanted = sizes(self._n, size)
        parts: list[Group] = [(at,) for at in range(self._n)]
        while 2 * max(map(len, parts)) <= min(wanted):
            parts = self._doubled(parts)
        parts.sort(key=len, reverse=True)
        number = np.full(self._n, -1)
        room = list(wanted)
        for part in (*parts, *((at,) for at in range(self._n))):
            rest = [at for at in part if number[at] < 0]
            fits = [group for group, free in enumerate(room) if free >= len(rest)]
            if rest and fits:
                group = max(fits, key=lambda group: (room[group] == wanted[group], -group))
                number[rest] = group
                room[group] -= len(rest)
        return number

    def _doubled(self, parts: list[Group]) -> list[Group]:
        member = np.zeros((len(parts), self._n))
        for row, part in enumerate(parts):
            member[row, list(part)] = 1
        value = np.rint(member @ self._value @ member.T * FINE).astype(np.int64)
        one, other = np.triu_indices(len(parts), 1)
        pairs = best_of_many(len(parts), one, other, value[one, other])
        single = set(range(len(parts))).difference(*pairs)
        return [*(parts[a] + parts[b] for a, b in pairs), *(parts[at] for at in sorted(single))]

    def _shaken(self, number: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the groups after a few people changed places at random."""
        shaken = number.copy()
        count = min(self._n, int(self._rng.integers(3, 3 + max(2, self._n // 8))))
        some = self._rng.choice(self._n, count, replace=False)
        shaken[some] = shaken[np.roll(some, 1)]
        return shaken

    def _improve(self, number: NDArray[np.int64], fair: Values) -> float:
        """Let people change places, in place, for as long as it helps; return what it is worth."""
        everyone = np.arange(self._n)
        while True:
            member = (number[:, None] == np.arange(len(fair))).astype(np.float64)
            with_group = self._value @ member
            own = with_group[everyone, number]
            share = fair[number]
            there = share * (with_group[:, number] - self._value - own)
            gain = there + there.T
            gain[number[:, None] == number] = 0
            if not self._changed(number, gain):
                return float((share * own).sum())

    def _changed(self, number: NDArray[np.int64], gain: Values) -> bool:
        """Make the best changes that do not touch the same group; say whether there was one."""
        one, other = np.nonzero(np.triu(gain > 1e-6, 1))
        touched = set[int]()
        for at in np.argsort(-gain[one, other], kind="stable").tolist():
            a, b = int(one[at]), int(other[at])
            both = {int(number[a]), int(number[b])}
            if touched.isdisjoint(both):
                touched |= both
                number[a], number[b] = number[b], number[a]
        return bool(touched)
