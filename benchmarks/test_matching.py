"""How long a round takes: `pytest benchmarks/test_matching.py`, with the greedy rule beside it."""

import pytest

from benchmarks.matching import greedy, ours, scores, worth


@pytest.mark.parametrize("n", [100, 1000, 5000])
@pytest.mark.parametrize("who", [greedy, ours], ids=["greedy", "stint"])
def test_pairs(benchmark, who, n):
    groups = benchmark.pedantic(lambda: who(scores(n), 2, 1), rounds=3)

    assert len(groups) == n // 2


@pytest.mark.parametrize("size", [3, 4, 5])
@pytest.mark.parametrize("who", [greedy, ours], ids=["greedy", "stint"])
def test_groups_of_three_hundred(benchmark, who, size):
    table = scores(300)
    groups = benchmark.pedantic(lambda: who(table, size, 1), rounds=3)

    benchmark.extra_info["worth"] = worth(table.table(), groups)[0]
    assert len(groups) == 300 // size
