"""A round that spoils no later one: in a small cohort a good round can leave nobody new to meet.

Only the child process imports this module.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.matching.blossom import FINE, best_pairs
from bot.matching.scores import AGAIN, Floats

LARGEST_SMALL: Final = 40
_TRIES: Final = 30
_PLAYS: Final = 30
_PATIENCE: Final = 6000
"""Matchings looked at, in all."""
_WANDER: Final = 400.0

Unmet = NDArray[np.bool_]


def far_sighted(
    table: Floats, pairs: Sequence[tuple[int, ...]], rng: np.random.Generator
) -> Sequence[tuple[int, ...]]:
    """Return pairs nearly as good after which everyone can go on meeting somebody new.

    While everyone has at least half of the cohort before them this holds by itself (Dirac).
    Otherwise rounds are played to their end at random, and pairs are taken that allow it.
    """
    unmet = table > -AGAIN // 2
    rounds = _rounds_left(unmet, pairs)
    if len(table) > LARGEST_SMALL or rounds <= 0 or not all(unmet[pair] for pair in pairs):
        return pairs
    best, furthest, patience = pairs, -1, _PATIENCE
    candidate = pairs
    for attempt in range(_TRIES):
        if attempt:
            candidate = _another(table, unmet, rng, _WANDER * min(attempt, 8))
        for _play in range(_PLAYS if _rounds_left(unmet, candidate) == rounds else 0):
            reached = _played(unmet, candidate, rounds, rng)
            patience -= reached + 1
            if reached > furthest:
                best, furthest = candidate, reached
            if reached == rounds or patience < 0:
                return best
    return best


def _rounds_left(unmet: Unmet, pairs: Sequence[tuple[int, ...]]) -> int:
    """Return how many rounds can come before somebody has met everyone; 0 if many can."""
    after = _after(unmet, pairs)
    rounds = int(after.sum(axis=1).min())
    return 0 if rounds * 2 >= len(unmet) else rounds


def _after(unmet: Unmet, pairs: Sequence[tuple[int, ...]]) -> Unmet:
    after = unmet.copy()
    one, other = np.array(pairs, np.int64).T
    after[one, other] = after[other, one] = False
    return after


def _another(
    table: Floats, unmet: Unmet, rng: np.random.Generator, wander: float
) -> list[tuple[int, int]]:
    """Return other good pairs: the best ones by scores that are blurred a little."""
    one, other = np.nonzero(np.triu(unmet, 1))
    blurred = (table[one, other] + rng.normal(0, wander, len(one))) * FINE
    return best_pairs(len(table), one.tolist(), other.tolist(), blurred.astype(np.int64).tolist())


def _played(
    unmet: Unmet, pairs: Sequence[tuple[int, ...]], rounds: int, rng: np.random.Generator
) -> int:
    """Return for how many of the rounds after these pairs everyone meets somebody new."""
    left = _after(unmet, pairs)
    for played in range(rounds):
        one, other = np.nonzero(np.triu(left, 1))
        weight = rng.integers(0, 100, len(one)).tolist()
        found = best_pairs(len(left), one.tolist(), other.tolist(), weight)
        if 2 * len(found) < len(left):
            return played
        left = _after(left, found)
    return rounds
