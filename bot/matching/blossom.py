"""The exact matching underneath: edges worth considering, and the best set of them.

Only the child process imports this module.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import rustworkx
from numpy.typing import NDArray

from bot.matching.scores import AGAIN, APART, JUST_MET, UNIT, Floats, Ints, Scores

FINE: Final = 64
"""Steps between two scores, filled by chance, so that equal scores are drawn by the seed."""
SMALL: Final = 200
"""Up to so many people every pair is considered."""
_PLAIN_EDGES: Final = 2000
"""Up to so many pairs the search needs no help."""
_LADDER_REACHES: Final = 8000
"""People; beyond, 64 bits do not hold every step, and nothing real needs them."""
_HEATS: Final = (200, 50, 15, 5)
_ROUNDS_A_HEAT: Final = 25


class Edges(NamedTuple):
    """Pairs that may meet, each once with the smaller place first, and their scores."""

    one: Ints
    other: Ints
    score: Ints


class Ladder:
    """Turns scores into weights in which no sum of lesser concerns outweighs a greater one.

    From the top: who was left out before is in a group; nobody is in a trio twice running; few
    meet again; few meet again at once; scores.
    """

    def __init__(self, n: int) -> None:
        pairs = min(n, _LADDER_REACHES) // 2 + 1
        self.perfect = UNIT * FINE
        self.at_once = self.perfect * 6 * pairs
        self.again = self.at_once * 2 * pairs
        self.trio_again = self.again * pairs
        self.left_out = self.trio_again * 4

    def weights(self, scores: Ints) -> Ints:
        """Return the weight of each pair."""
        again, at_once = repeats(scores)
        plain = scores + AGAIN * again + JUST_MET * at_once
        return plain * FINE - again * self.again - at_once * self.at_once


def repeats(scores: Ints) -> tuple[Ints, Ints]:
    """Return 1 for each score of a pair that has met, and for each of a pair that just met."""
    again = scores < -AGAIN // 2
    at_once = scores < -AGAIN - JUST_MET * 3 // 4
    return again.astype(np.int64), at_once.astype(np.int64)


def every_edge(table: Floats) -> Edges:
    """Return all pairs of a table that may meet."""
    one, other = np.triu_indices(len(table), 1)
    score = table[one, other].astype(np.int64)
    may = score > APART
    return Edges(one[may], other[may], score[may])


def nearest_edges(scores: Scores, count: int, rng: np.random.Generator) -> Edges:
    """Return each person's best pairs; equal ones by chance, or the first would be mobbed."""
    n = scores.n
    chance = rng.random(n + 256, dtype=np.float32) * np.float32(0.9)
    windows = np.lib.stride_tricks.sliding_window_view(chance, n)
    one, other, score = list[Ints](), list[Ints](), list[Ints]()
    for first, block in scores.blocks():
        block += windows[: len(block)]
        best = np.argpartition(block, n - count, axis=1)[:, n - count :]
        value = np.floor(np.take_along_axis(block, best, 1) + np.float32(0.05))
        one.append(np.repeat(np.arange(first, first + len(block)), count))
        other.append(best.ravel())
        score.append(value.ravel().astype(np.int64))
    return once(np.concatenate(one), np.concatenate(other), np.concatenate(score))


def once(one: Ints, other: Ints, score: Ints) -> Edges:
    """Return the edges that may be, each once, in one order."""
    may = score > APART // 2
    low, high, score = np.minimum(one, other)[may], np.maximum(one, other)[may], score[may]
    order = np.lexsort((score, high, low))
    low, high, score = low[order], high[order], score[order]
    last = np.ones(len(low), bool)
    last[:-1] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return Edges(low[last], high[last], score[last])


def best_pairs(
    n: int, one: Sequence[int], other: Sequence[int], weight: Sequence[int]
) -> list[tuple[int, int]]:
    """Return as many disjoint pairs as there can be, the heaviest such set, sorted."""
    graph: Any = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(n))
    graph.add_edges_from(list(zip(one, other, weight, strict=True)))
    found = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return sorted((min(pair), max(pair)) for pair in found)


def best_of_many(n: int, one: Ints, other: Ints, weight: Ints) -> list[tuple[int, int]]:
    """Return what `best_pairs` would, several times sooner where the graph is large.

    Taking something from all pairs of a person changes no comparison between perfect matchings.
    What is taken are nearly optimal dual prices, so the search starts close to its end. Where
    somebody stays single, everyone gets a double to be paired with, and all can be perfect.
    """
    if len(one) > _PLAIN_EDGES and len(np.unique(np.concatenate([one, other]))) == n:
        pairs = _best_from_prices(n, one, other, weight)
        if 2 * len(pairs) == n:
            return pairs
    if len(one) > _PLAIN_EDGES:
        alone = -(int(np.abs(weight).max()) + 1) * n
        doubled = _best_from_prices(
            2 * n,
            np.concatenate([one, one + n, np.arange(n)]),
            np.concatenate([other, other + n, np.arange(n, 2 * n)]),
            np.concatenate([weight, weight, np.full(n, alone)]),
        )
        return [(a, b) for a, b in doubled if b < n]
    return best_pairs(n, one.tolist(), other.tolist(), weight.tolist())


def _best_from_prices(n: int, one: Ints, other: Ints, weight: Ints) -> list[tuple[int, int]]:
    price = np.floor(prices(n, one, other, weight)).astype(np.int64)
    reduced = weight - price[one] - price[other]
    return best_pairs(n, one.tolist(), other.tolist(), reduced.tolist())


def prices(n: int, one: Ints, other: Ints, weight: Ints) -> NDArray[np.float64]:
    """Return a price for each person so that no pair weighs more than its two prices.

    A softened maximum, cooled down, finds prices whose sum is hardly above the best matching.
    """
    row, column = np.concatenate([one, other]), np.concatenate([other, one])
    order = np.argsort(row, kind="stable")
    row, column = row[order], column[order]
    value = np.concatenate([weight, weight])[order].astype(np.float64)
    start = np.searchsorted(row, np.arange(n))
    price = np.maximum.reduceat(value, start) / 2
    for heat in (0, *_HEATS, 0):
        for _round in range(_ROUNDS_A_HEAT):
            rest = value - price[column]
            most = np.maximum.reduceat(rest, start)
            if heat:
                warmth = np.exp((rest - most[row]) / (heat * FINE))
                most += heat * FINE * np.log(np.add.reduceat(warmth, start))
            price = (price + most) / 2
    return price
