"""What a moderator's overview costs the database of a big, old cohort."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from sqlalchemy import event, text

from bot.config import Settings
from bot.operating.rooms import features
from bot.people.caller import Caller
from bot.storage.database import Database
from cogs.checkins.store import CheckinStore
from cogs.cohorts.model import Ground
from cogs.cohorts.service import CohortService
from cogs.cohorts.store import CohortStore
from tests.wire.home import Group, prepare, settle, url_of

MEMBERS, WEEKS, DEEDS_A_WEEK = 5000, 20, 2
"""5,000 members for twenty weeks, two deeds a week: 200,000 rows of activity."""

WEEKLY = "WITH RECURSIVE week(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM week WHERE n < {last})"
LIFE = [
    "INSERT INTO checkin_round (cohort_id, schedule_id, period, opened_at) "
    "SELECT 1, 1, date(:monday, (n * 7) || ' days'), :at + n * 604800 FROM week",
    'INSERT INTO occurrence (schedule_id, zone, "on", due_at, state) '
    "SELECT 1, 'UTC', date(:monday, (n * 7) || ' days'), :at + n * 604800, 'done' FROM week",
    "INSERT INTO recipient (schedule_id, member_id, period, occurrence_id, due_at, outcome) "
    "SELECT 1, member_id, date(:monday, (n * 7) || ' days'), n + 1, :at + n * 604800, 'card' "
    "FROM week, member",
    "INSERT INTO checkin (member_id, period, progress, win, blocker, focus, late, source, "
    "answered_at) SELECT member_id, date(:monday, (n * 7) || ' days'), '', '', '', '', n % 5 = 0, "
    "'form', :at + n * 604800 FROM week, member WHERE (member_id * 31 + n * 17) % 10 < 7",
    "INSERT INTO activity (member_id, cohort_id, word, at, local_on, week_on) "
    "SELECT member_id, 1, deed.word, :at + n * 604800, date(:monday, (n * 7) || ' days'), "
    "date(:monday, (n * 7) || ' days') FROM week, member, "
    "(SELECT 'checkin.answered' AS word UNION SELECT 'goal.moved') AS deed",
]


@dataclass
class Overview:
    """A moderator's way to the numbers, and the loop it runs on."""

    loop: asyncio.AbstractEventLoop
    db: Database
    service: CohortService
    caller: Caller
    spent: list[float]

    def status(self) -> Any:
        """`/cohort status`, whole."""
        return self.loop.run_until_complete(self.service.status(self.caller, Ground()))

    def streaks(self) -> dict[int, int]:
        """Everybody's weeks in a row."""

        async def ask() -> dict[int, int]:
            async with self.db.read() as tx:
                return await CheckinStore().streaks(tx, 1)

        return self.loop.run_until_complete(ask())


@asynccontextmanager
async def _opened(home: Path) -> AsyncIterator[tuple[Database, CohortService]]:
    now = datetime.now(UTC).replace(microsecond=0)
    people = list(range(10_000, 10_000 + MEMBERS))
    await settle(home, [Group(5, 6, on_card=people)], now + timedelta(days=3))
    async with Database.open(url_of(home), await prepare(home)) as db:
        began = now - timedelta(weeks=WEEKS)
        values = {"monday": began.date().isoformat(), "at": int(began.timestamp())}
        async with db.write() as tx:
            for statement in LIFE:
                into, _select, rest = statement.partition("SELECT ")
                weeks = WEEKLY.format(last=WEEKS - 1)
                await tx.execute(text(f"{into} {weeks} SELECT {rest}"), values)
        settings = Settings(_env_file=None, database_url=url_of(home), key_file=home / "stint.key")
        async with features(settings, db) as bot:
            yield db, CohortService(db, bot.clock, CohortStore(), bot.contributions)


@pytest.fixture(scope="module")
def overview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Overview]:
    with asyncio.Runner() as runner:
        yield from _overview(runner.get_loop(), tmp_path_factory.mktemp("old"))


def _overview(loop: asyncio.AbstractEventLoop, home: Path) -> Iterator[Overview]:
    opening = _opened(home)
    db, service = loop.run_until_complete(opening.__aenter__())
    caller = Caller(
        1, 5, "Morgan", manages_guild=True, role_ids=frozenset(), cohort=None, locale=""
    )
    spent: list[float] = []

    @event.listens_for(db.reader.sync_engine, "before_cursor_execute")
    def begun(*_: Any) -> None:
        spent.append(-loop.time())

    @event.listens_for(db.reader.sync_engine, "after_cursor_execute")
    def done(*_: Any) -> None:
        spent[-1] += loop.time()

    yield Overview(loop, db, service, caller, spent)
    loop.run_until_complete(opening.__aexit__(None, None, None))


def _measure(benchmark: BenchmarkFixture, overview: Overview, ask: Any) -> None:
    benchmark.pedantic(ask, rounds=10, warmup_rounds=1)
    overview.spent.clear()
    ask()
    benchmark.extra_info["milliseconds of SQL"] = round(sum(overview.spent) * 1000, 1)
    benchmark.extra_info["statements"] = len(overview.spent)


@pytest.mark.benchmark(group="a cohort of 5,000 with 200,000 rows of activity")
def test_status(benchmark: BenchmarkFixture, overview: Overview) -> None:
    _measure(benchmark, overview, overview.status)


@pytest.mark.benchmark(group="a cohort of 5,000 with 200,000 rows of activity")
def test_streaks(benchmark: BenchmarkFixture, overview: Overview) -> None:
    assert len(overview.streaks()) > 1000
    _measure(benchmark, overview, overview.streaks)
