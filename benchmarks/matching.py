"""Matching beside what other bots do and beside the best there is: `python -m benchmarks.matching`.

Every measurement is a process of its own, so that its memory is its own. On the same people:

- *greedy*: the rule of the open-source introduction bots. Members in random order; each takes a
  random free member whom they have not met, or else a random free one. No scores. For larger
  groups, whom nobody in the group has met.
- *optimum*: exact matching on every pair (1,000 people), every partition (12 people).
- *bound*: no matching can be worth more (5,000 people); dual prices of the whole cohort.
"""

import asyncio
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from random import Random
from typing import Any

import numpy as np

from bot.config import ROOT
from bot.matching.blossom import FINE, best_of_many, every_edge, nearest_edges, prices
from bot.matching.groups import grouped, sizes
from bot.matching.model import Avoid, History, Weights
from bot.matching.pairs import Pairs
from bot.matching.scores import AGAIN, APART, Scores
from bot.matching.worker import Solver
from tests.bot.matching.crowds import DAY, crowd, lived, partitions, random_rounds, repeats

ROUNDS_BEFORE = 6
Groups = Sequence[Sequence[int]]


def avoiding(n: int) -> Avoid:
    """Every fiftieth has somebody they avoid."""
    chance = Random(7)
    return frozenset(frozenset(chance.sample(range(1, n + 1), 2)) for _pair in range(n // 50))


def history(n: int) -> History:
    """Six rounds by chance, but where so few people would all have met."""
    return random_rounds(n, ROUNDS_BEFORE) if n > 2 * ROUNDS_BEFORE else History()


def scores(n: int, kind: int = 1) -> Scores:
    return Scores(crowd(n, kind), DAY, Weights(), history(n), avoiding(n))


def ours(table: Scores, size: int, seed: int) -> Groups:
    rng = np.random.default_rng(seed)
    return (Pairs(table, rng).cover() if size == 2 else grouped(table, size, rng)).groups


def greedy(table: Scores, size: int, seed: int) -> Groups:
    chance = Random(seed)
    people = table.people
    place = {person.person_id: at for at, person in enumerate(people)}
    met = {frozenset((place[a], place[b])) for a, b, _ago in history(table.n).meetings}
    apart = {frozenset(place[one] for one in pair) for pair in avoiding(table.n)}
    free = list(range(table.n))
    chance.shuffle(free)
    groups = list[list[int]]()
    while len(free) > 1:
        group = [free.pop()]
        while len(group) < size and free:
            found = _drawn(group, free, met | apart, chance) or _drawn(group, free, apart, chance)
            if found is None:
                break
            group.append(found)
            free.remove(found)
        groups.append(group)
    return groups


def _drawn(
    group: list[int], free: list[int], banned: set[frozenset[int]], chance: Random
) -> int | None:
    def fits(other: int) -> bool:
        return not any(frozenset((one, other)) in banned for one in group)

    for _try in range(40):
        if fits(found := chance.choice(free)):
            return found
    return next(filter(fits, free), None)


def optimum(table: Scores, size: int, seed: int) -> Groups:
    if size > 2:
        whole = list(range(table.n))
        value = table.table()
        return max(
            partitions(whole, sizes(table.n, size)), key=lambda groups: worth(value, groups)[0]
        )
    edges = every_edge(table.table())
    return best_of_many(table.n, edges.one, edges.other, edges.score * FINE)


def bound(table: Scores) -> float:
    """Return what no set of pairs can be worth more than: prices that cover every pair."""
    edges = nearest_edges(table, 48, np.random.default_rng(0))
    price = prices(table.n, edges.one, edges.other, edges.score * FINE) / FINE
    lack = np.concatenate(
        [
            (block - price[first : first + len(block), None] - price).max(axis=1)
            for first, block in table.blocks()
        ]
    )
    return float((price + np.maximum(lack, 0) / 2).sum())


def worth(value: Any, groups: Iterable[Sequence[int]]) -> tuple[float, int, int]:
    """Return everyone's mean score added up and halved, repeats, and avoided pairs."""
    total, again, apart = 0.0, 0, 0
    for group in groups:
        for one, other in combinations(group, 2):
            score = float(value[one, other])
            apart += score <= APART
            again += APART < score < -AGAIN // 2
            total += max(score, 0.0) / (len(group) - 1)
    return total, again, apart


CONTENDERS: dict[str, Callable[[Scores, int, int], Groups]] = {
    "greedy": greedy,
    "stint": ours,
    "optimum": optimum,
}


def measure(name: str, n: int, size: int, times: int) -> dict[str, Any]:
    """Measure one contender in this process; the time is that of the whole solving."""
    walls, cpus, result, peak = list[float](), list[float](), (0.0, 0, 0), 0.0
    if name == "bound":
        return {"worth": bound(scores(n))}
    for seed in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        table = scores(n)
        groups = CONTENDERS[name](table, size, seed)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        peak = peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        value = table.table()
        result = worth(value, groups)
    return {
        "worth": result[0],
        "repeats": result[1],
        "avoided": result[2],
        "seconds": statistics.median(walls),
        "cpu": statistics.median(cpus),
        "peak_mb": peak,
    }


def on_its_own(name: str, n: int, size: int, times: int = 3) -> dict[str, Any]:
    """Measure one contender in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.matching", name, str(n), str(size), str(times)]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    return json.loads(done.stdout)


async def held(n: int) -> tuple[float, float, float]:
    """Return seconds for a round through the door; how long the loop computed, and was away."""
    computed, away = list[float](), list[float]()

    async def breathe() -> None:
        while True:
            thread, wall = time.thread_time(), time.perf_counter()
            await asyncio.sleep(0.001)
            computed.append(time.thread_time() - thread)
            away.append(time.perf_counter() - wall)

    people, met, apart = crowd(n), history(n), avoiding(n)
    gc.collect()  # the benchmark's own leavings
    breathing = asyncio.create_task(breathe())
    began = time.perf_counter()
    await Solver().match(people, None, met, apart, on=DAY, seed=1)
    took = time.perf_counter() - began
    breathing.cancel()
    return took, max(computed), max(away)


def in_rows() -> list[tuple[int, int, int]]:
    """Return repeats over all N-1 rounds of stable cohorts: ours and, beside it, greedy ones."""
    rows = []
    for n in (10, 20, 30):
        mine = sum(repeats(made.groups, met) for made, met in lived(crowd(n), n - 1))
        rows.append((n, mine, _greedy_repeats(n)))
    return rows


def _greedy_repeats(n: int) -> int:
    chance, met, again = Random(1), set[frozenset[int]](), 0
    for _round in range(n - 1):
        free = list(range(n))
        chance.shuffle(free)
        while free:
            one = free.pop()
            other = _drawn([one], free, met, chance)
            other = chance.choice(free) if other is None else other
            free.remove(other)
            again += frozenset((one, other)) in met
            met.add(frozenset((one, other)))
    return again


def print_table() -> None:
    """Print everything side by side, from one run."""
    print(f"{'':8} {'people':>6} {'size':>4} {'of best':>8} {'again':>5} {'avoid':>5} "
          f"{'median':>8} {'cpu':>8} {'peak':>7}")  # fmt: skip
    pairs = [(100, 2, "optimum"), (1000, 2, "optimum"), (5000, 2, "bound")]
    groups = [(12, 3, "optimum"), (12, 4, "optimum"), (10, 5, "optimum")]
    for n, size, best in [*pairs, *groups, *((300, size, "greedy") for size in (3, 4, 5))]:
        reference = on_its_own(best, n, size, 1)["worth"]
        for name in ("greedy", "stint"):
            got = on_its_own(name, n, size)
            print(f"{name:8} {n:6} {size:4} {got['worth'] / reference:8.4f} {got['repeats']:5} "
                  f"{got['avoided']:5} {got['seconds']:7.2f}s {got['cpu']:7.2f}s "
                  f"{got['peak_mb']:4.0f} MB   of {best}", flush=True)  # fmt: skip
    for n, mine, others in in_rows():
        print(f"{n} people, {n - 1} rounds: {mine} repeats; greedy {others}", flush=True)
    for n in (300, 1000, 5000):
        took, computed, away = asyncio.run(held(n))
        print(f"{n} people through the door: {took:.2f} s; the loop computed at most "
              f"{computed * 1000:.1f} ms at a time, longest gap {away * 1000:.1f} ms")  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:]:
        name, *numbers = sys.argv[1:]
        print(json.dumps(measure(name, *map(int, numbers))))
    else:
        print_table()
