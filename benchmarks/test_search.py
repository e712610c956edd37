"""Finding among 50,000 openings, beside the plain way: load what is open and look in Python.

`pytest benchmarks/test_search.py`; every question is asked in both ways, of the same database. Ours
goes the whole way of a command: who asks, what they looked for before, the page, what they saved.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.openings import (
    NOW,
    fill,
    keystrokes,
    plain_choices,
    plain_search,
    searches,
)
from bot.people.caller import Caller
from bot.storage import sealed
from bot.storage.database import Database, engine
from bot.storage.sealed import Keyring
from bot.storage.tables import everything
from cogs.opportunities.finding import FindingService
from cogs.opportunities.finding_store import FindingStore
from cogs.opportunities.model import Filter
from cogs.opportunities.store import PostingStore
from tests.conftest import add_cohort, enrol

OPENINGS, GUILD = 50_000, 500
OURS, PLAIN = 500, 25
"""Rounds: the plain way takes its time."""
IN_TIME = 3.0
"""Seconds after which Discord shows nothing (Discord, interactions)."""


@dataclass
class Desk:
    """A member in front of 50,000 openings, and both ways to look among them."""

    loop: asyncio.AbstractEventLoop
    db: Database
    service: FindingService
    caller: Caller

    def ours(self, wish: Filter) -> tuple[int, list[int]]:
        page = self.loop.run_until_complete(self.service.look_for(self.caller, wish))
        return page.total, [posting.posting_id for posting in page.postings]

    def plainly(self, wish: Filter) -> tuple[int, list[int]]:
        async def ask() -> tuple[int, list[int]]:
            async with self.db.read() as tx:
                return await plain_search(tx, GUILD, wish)

        return self.loop.run_until_complete(ask())

    def our_choices(self, typed: str) -> list[str]:
        return self.loop.run_until_complete(self.service.suggestions(self.caller, typed))

    def plain_choices(self, typed: str) -> list[str]:
        async def ask() -> list[str]:
            async with self.db.read() as tx:
                return await plain_choices(tx, GUILD, typed)

        return self.loop.run_until_complete(ask())


@asynccontextmanager
async def _opened(home: Path) -> AsyncIterator[tuple[Database, FindingService, Caller]]:
    url = f"sqlite+aiosqlite:///{home / 'stint.db'}"
    ring = Keyring.open(home / "stint.key", create=True)
    sealed.use(ring)
    made = engine(url)
    async with made.begin() as tx:
        await tx.run_sync(everything().create_all)
    await made.dispose()
    async with Database.open(url, ring) as db:
        cohort = await add_cohort(db, GUILD, NOW)
        member = await enrol(db, cohort, 1001, "Ada", NOW)
        store, postings = FindingStore(), PostingStore()
        postings.watchers.append(store.note)
        async with db.write() as tx:
            await fill(tx, postings, GUILD, OPENINGS)
        caller = Caller(member.user_id, GUILD, "Ada")
        yield db, FindingService(db, lambda: NOW, store, postings), caller


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with asyncio.Runner() as runner:
        opening = _opened(tmp_path_factory.mktemp("openings"))
        loop = runner.get_loop()
        opened = loop.run_until_complete(opening.__aenter__())
        yield Desk(loop, *opened)
        loop.run_until_complete(opening.__aexit__(None, None, None))


@pytest.fixture
def measure(
    benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str]
) -> Callable[[str, Callable[[Any], Any], list[Any], int], float]:
    """Ask in turns; print the usual and the hundredth-worst wait, and return the worst."""

    def measured(name: str, ask: Callable[[Any], Any], questions: list[Any], rounds: int) -> float:
        turns = itertools.cycle(questions)
        benchmark.pedantic(ask, setup=lambda: ((next(turns),), {}), rounds=rounds, warmup_rounds=3)
        took = sorted(each * 1000 for each in benchmark.stats.stats.data)
        half, most = took[len(took) // 2], took[min(len(took) - 1, len(took) * 99 // 100)]
        benchmark.extra_info.update({"p50 ms": round(half, 2), "p99 ms": round(most, 2)})
        with capsys.disabled():
            print(f"\n{name:>24}: p50 {half:8.2f} ms, p99 {most:8.2f} ms, {rounds} rounds")
        return took[-1] / 1000

    return measured


@pytest.mark.benchmark(group=f"a search among {OPENINGS:,} openings")
def test_a_search_the_plain_way(measure: Any, desk: Desk) -> None:
    measure("search, plain", desk.plainly, searches(OURS), PLAIN)


@pytest.mark.benchmark(group=f"a search among {OPENINGS:,} openings")
def test_a_search(measure: Any, desk: Desk) -> None:
    assert measure("search", desk.ours, searches(OURS), OURS) < IN_TIME


@pytest.mark.benchmark(group=f"a keystroke among {OPENINGS:,} openings")
def test_a_keystroke_the_plain_way(measure: Any, desk: Desk) -> None:
    measure("autocomplete, plain", desk.plain_choices, keystrokes(OURS), PLAIN)


@pytest.mark.benchmark(group=f"a keystroke among {OPENINGS:,} openings")
def test_a_keystroke(measure: Any, desk: Desk) -> None:
    assert measure("autocomplete", desk.our_choices, keystrokes(OURS), OURS) < IN_TIME


def test_both_ways_find_the_same(desk: Desk) -> None:
    asked = [
        Filter(text="quantitative"),
        Filter(text="actuary phd", remote=True),
        Filter(term="Fall 2026", category="Security", degree="PhD", place="Toronto"),
        Filter(text="no such opening"),
    ]
    for wish in asked:
        total, first = desk.plainly(wish)
        ours, shown = desk.ours(wish)
        assert ours == min(total, 1001)
        assert set(shown) == set(first) or total > 1000
