"""The bots side by side on the wire: `pytest benchmarks` measures, and asserts nothing of time."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.contenders import Contender, bare, bare_store, stint
from benchmarks.questions import ADD, ALONE, CROWD, HELP, KEEP, LIST, Question

Make = Callable[[Path, int], Contender]

ASKED = [(bare, HELP), (bare_store, KEEP), (stint, HELP), (stint, LIST), (stint, ADD)]
NAMES = ["a-help", "b-keep", "stint-help", "stint-goal-list", "stint-goal-add"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Make, Contender]]:
    """All three, up at the same time, so that they meet the same moods of the machine."""
    bots = {make: make(tmp_path_factory.mktemp(make.__name__), 0) for make in (bare, bare_store)}
    bots[stint] = stint(tmp_path_factory.mktemp("stint"))
    for bot in bots.values():
        bot.start()
    yield bots
    for bot in bots.values():
        bot.stop()


@pytest.mark.benchmark(group="start to commands registered")
@pytest.mark.parametrize("make", [bare, bare_store, stint], ids=["a", "b", "stint"])
def test_start(benchmark: BenchmarkFixture, make: Make, tmp_path: Path) -> None:
    with make(tmp_path, 0) as bot:
        bot.start()
        benchmark.pedantic(bot.start, setup=bot.kill, rounds=3)
        benchmark.extra_info["memory MB"] = round(bot.memory(), 1)


@pytest.mark.benchmark(group="one person")
@pytest.mark.parametrize(("make", "question"), ASKED, ids=NAMES)
def test_one_person(
    benchmark: BenchmarkFixture, running: dict[Make, Contender], make: Make, question: Question
) -> None:
    benchmark.pedantic(question.ask_alone, args=(running[make],), rounds=5, warmup_rounds=1)
    benchmark.extra_info["asked each round"] = ALONE


@pytest.mark.benchmark(group="fifty people at once")
@pytest.mark.parametrize(("make", "question"), ASKED, ids=NAMES)
def test_a_crowd(
    benchmark: BenchmarkFixture, running: dict[Make, Contender], make: Make, question: Question
) -> None:
    each = 2 if question is ADD else 10
    benchmark.pedantic(question.ask, args=(running[make], CROWD, each), rounds=5)
    benchmark.extra_info["asked each round"] = CROWD * each
