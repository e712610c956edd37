"""Importing 100,000 openings, beside the plain way: load it all, look each link up, insert.

`pytest benchmarks/test_import.py`. Each import is a process of its own, so that its memory is its
own, and stands beside a clock that shows for how long nobody would have been answered.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.importing import write
from bot.config import ROOT

ROWS, FEW = 100_000, 25_000
FLAT = 40
"""Megabytes by which four times the rows may raise the peak: the links that were seen, a few MB."""


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("lists")
    made = {number: folder / f"{number}.json" for number in (ROWS, FEW)}
    for number, file in made.items():
        write(file, number)
    return made


def measure(who: str, file: Path, home: Path) -> dict[str, float]:
    home.mkdir(exist_ok=True)
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.importing", who, str(file), str(home)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout)


READER = """
import resource, subprocess, sys
command = [sys.executable, "-m", "cogs.opportunities.reader", "--today=2026-03-02", "--most=200000"]
with open(sys.argv[1], "rb") as body:
    subprocess.run(command, stdin=body, stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""
"""A small parent: what a child needs is counted from what its parent had."""


def test_the_reader_needs_little_however_long_the_list(lists: dict[int, Path]) -> None:
    needed: dict[int, int] = {}
    for number, file in lists.items():
        command = [sys.executable, "-S", "-c", READER, str(file)]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        needed[number] = int(ran.stdout)
    print(f"\nthe reader needs, by rows: {needed} MB")

    assert needed[ROWS] - needed[FEW] < FLAT


@pytest.mark.benchmark(group=f"{ROWS:,} openings from a list")
@pytest.mark.parametrize("who", ["plain", "stint"])
def test_import(
    benchmark: BenchmarkFixture, lists: dict[int, Path], tmp_path: Path, who: str
) -> None:
    found: dict[str, float] = {}

    def run() -> None:
        found.update(measure(who, lists[ROWS], tmp_path / "all"))

    benchmark.pedantic(run, rounds=1)
    benchmark.extra_info |= {
        "rows per second": round(ROWS / found["seconds"]),
        "memory grew by, MB": round(found["grew"]),
        "longest silence, ms": round(found["pause"]),
        "silence p99, ms": round(found["pause99"], 1),
        "CPU of the bot, s": round(found["cpu"], 1),
    }
    if who == "stint":
        few = measure(who, lists[FEW], tmp_path / "few")
        benchmark.extra_info |= {
            "rows per second, the second time": round(ROWS / found["again"]),
            f"memory grew by with {FEW:,}, MB": round(few["grew"]),
        }
        assert found["grew"] - few["grew"] < FLAT
    print(f"\n{who}: {json.dumps(benchmark.extra_info)}")

    assert found["rows"] == ROWS
