"""What a week's digest costs the database of a big, old cohort, statement by statement."""

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

from benchmarks.test_sql import LIFE, MEMBERS, WEEKLY, WEEKS
from bot.config import Settings
from bot.operating.rooms import features
from bot.people import cohorts, memberships
from bot.storage.database import Database
from bot.storage.sealed import ring
from cogs.digest.gathering import Gatherer
from cogs.digest.model import Edition
from cogs.digest.store import DigestStore
from tests.wire.home import Group, prepare, settle, url_of

MOST_MILLISECONDS = 150
SHARED = [
    # One in fifty shares a win each week: 100 a week, 2,000 in all; the same for goals and kudos.
    "INSERT INTO activity (member_id, cohort_id, word, subject_id, at, local_on, week_on, "
    "visibility) SELECT member_id, 1, 'win.shared', checkin_id, answered_at + 60, period, period, "
    "'cohort' FROM checkin WHERE member_id % 50 = 7",
    "INSERT INTO goal (member_id, what, measure, first_step, lesson, area, visibility, state, "
    "made_at, ended_at) SELECT member_id, :words, '', '', '', 'technical', 'cohort', 'done', :at, "
    ":now - 7200 FROM member WHERE member_id % 50 = 3",
    "INSERT INTO activity (member_id, cohort_id, word, subject_id, at, local_on, week_on, "
    "visibility) SELECT member_id, 1, 'goal.shared', goal_id, :now - 3600, :today, :this_monday, "
    "'cohort' FROM goal",
    "INSERT INTO kudos (cohort_id, giver_id, receiver_id, text, state, at) SELECT 1, member_id, "
    "member_id + 1, :words, 'shared', :now - 7200 FROM member WHERE member_id % 50 = 11",
    "INSERT INTO activity (member_id, cohort_id, word, subject_id, at, local_on, week_on, "
    "visibility) SELECT receiver_id, 1, 'kudos.shared', kudos_id, :now - 3600, :today, "
    ":this_monday, 'cohort' FROM kudos",
    "INSERT INTO activity (member_id, cohort_id, word, subject_id, at, local_on, week_on) "
    "SELECT member_id, 1, 'introduction.met', member_id / 2, :now - 3600, :today, :this_monday "
    "FROM member WHERE member_id % 3 = 0",
]
OPENINGS = [
    "INSERT INTO posting (guild_id, cohort_id, source, company_name, title, url, canonical, "
    "twin_key, deadline_on, state, verified_at, made_at) SELECT 5, 1, 'moderator', "
    "'Company ' || n, 'Intern', 'https://jobs.example.com/' || n, 'jobs.example.com/' || n, n, "
    "CASE WHEN n % 4 THEN NULL ELSE date(:today, (n % 30) || ' days') END, 'open', "
    ":now - (n % 40) * 86400, :now - (n % 40) * 86400 FROM week",
    "INSERT INTO posting_find (guild_id, state, since_at, posting_id, opened_at, deadline_on, "
    "words) SELECT guild_id, state, made_at, posting_id, made_at, deadline_on, '' FROM posting",
]
MOST_OPENINGS = 5000


@dataclass
class Weekly:
    """The digest of a cohort of 5,000, and what each of its statements took."""

    loop: asyncio.AbstractEventLoop
    db: Database
    gatherer: Gatherer
    spent: list[tuple[str, float]]

    def edition(self) -> Edition:
        """Put this week's digest together, as when it goes out."""

        async def ask() -> Edition:
            now = datetime.now(UTC)
            async with self.db.read() as tx:
                cohort = await cohorts.require(tx, 1)
                issue = (await DigestStore().latest(tx, 1, 1))[0]
                return await self.gatherer.edition(tx, cohort, issue, now)

        return self.loop.run_until_complete(ask())

    def week(self) -> Any:
        """Put one member's own week together."""

        async def ask() -> Any:
            async with self.db.read() as tx:
                member = await memberships.get(tx, 7)
                assert member is not None
                return await self.gatherer.week(tx, member, datetime.now(UTC))

        return self.loop.run_until_complete(ask())


@asynccontextmanager
async def _opened(home: Path) -> AsyncIterator[tuple[Database, Gatherer]]:
    now = datetime.now(UTC).replace(microsecond=0)
    people = list(range(10_000, 10_000 + MEMBERS))
    await settle(home, [Group(5, 6, on_card=people)], now + timedelta(days=3))
    async with Database.open(url_of(home), await prepare(home)) as db:
        began = now - timedelta(weeks=WEEKS)
        monday = now.date() - timedelta(days=now.weekday())
        values = {
            "monday": began.date().isoformat(),
            "at": int(began.timestamp()),
            "now": int(now.timestamp()),
            "today": now.date().isoformat(),
            "this_monday": monday.isoformat(),
            "words": ring().seal("Something that took a whole week and works now"),
        }
        async with db.write() as tx:
            await _fill(tx, LIFE, WEEKS, values)
            for statement in SHARED:
                await tx.execute(text(statement), values)
            words = values["words"]
            await tx.execute(
                text("UPDATE checkin SET win = :words WHERE member_id % 50 = 7"), {"words": words}
            )
            await _fill(tx, OPENINGS[:1], MOST_OPENINGS, values)
            await tx.execute(text(OPENINGS[1]), values)
            store = DigestStore()
            await store.add(tx, 1, monday, now.date(), now, "ahead")
        settings = Settings(_env_file=None, database_url=url_of(home), key_file=home / "stint.key")
        async with features(settings, db) as bot:
            yield db, Gatherer(store, bot.packs, bot.contributions)


async def _fill(tx: Any, statements: list[str], number: int, values: dict[str, Any]) -> None:
    for statement in statements:
        into, _select, rest = statement.partition("SELECT ")
        numbers = WEEKLY.format(last=number - 1)
        await tx.execute(text(f"{into} {numbers} SELECT {rest}"), values)


@pytest.fixture(scope="module")
def weekly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weekly]:
    with asyncio.Runner() as runner:
        yield from _weekly(runner.get_loop(), tmp_path_factory.mktemp("week"))


def _weekly(loop: asyncio.AbstractEventLoop, home: Path) -> Iterator[Weekly]:
    opening = _opened(home)
    db, gatherer = loop.run_until_complete(opening.__aenter__())
    spent: list[tuple[str, float]] = []

    @event.listens_for(db.reader.sync_engine, "before_cursor_execute")
    def begun(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        spent.append((statement, -loop.time()))

    @event.listens_for(db.reader.sync_engine, "after_cursor_execute")
    def done(*_: Any) -> None:
        statement, since = spent[-1]
        spent[-1] = (statement, since + loop.time())

    yield Weekly(loop, db, gatherer, spent)
    loop.run_until_complete(opening.__aexit__(None, None, None))


def _measure(benchmark: BenchmarkFixture, weekly: Weekly, ask: Any) -> float:
    benchmark.pedantic(ask, rounds=10, warmup_rounds=1)
    weekly.spent.clear()
    ask()
    took = sum(seconds for _statement, seconds in weekly.spent) * 1000
    benchmark.extra_info["milliseconds of SQL"] = round(took, 1)
    benchmark.extra_info["statements"] = len(weekly.spent)
    for statement, seconds in sorted(weekly.spent, key=lambda one: -one[1]):
        _before, _from, after = " ".join(statement.split()).partition(" FROM ")
        print(f"{seconds * 1000:7.2f} ms  {after[:90]}")
    print(f"{took:7.2f} ms  {len(weekly.spent)} statements in all")
    return took


@pytest.mark.benchmark(group="a cohort of 5,000 with 200,000 rows of activity")
def test_digest(benchmark: BenchmarkFixture, weekly: Weekly) -> None:
    edition = weekly.edition()
    sections = {section.value for section, n in edition.counts.items() if n}
    assert {"wins", "opportunities", "closing", "introductions", "kudos"} <= sections
    assert _measure(benchmark, weekly, weekly.edition) <= MOST_MILLISECONDS


@pytest.mark.benchmark(group="a cohort of 5,000 with 200,000 rows of activity")
def test_own_week(benchmark: BenchmarkFixture, weekly: Weekly) -> None:
    assert _measure(benchmark, weekly, weekly.week) <= MOST_MILLISECONDS
