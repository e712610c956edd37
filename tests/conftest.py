"""Real parts for every test: a database with its key, a clock that stands still, a whole bot."""

import asyncio
import gc
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import discord
import pytest
import pytest_asyncio
import simcord
from sqlalchemy import select
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.util import LRUCache

from bot.client import House, Stint
from bot.clockwork.recurrence import Weekly
from bot.config import ROOT, Settings
from bot.delivery import schedules
from bot.delivery.schedules import Scope
from bot.demo import haste
from bot.knowledge.packs import Packs
from bot.people import cohorts, memberships, users
from bot.people.caller import Caller
from bot.people.cohorts import Cohort, CohortState
from bot.people.memberships import Delivery, Member, MemberState
from bot.storage import database, sealed
from bot.storage.database import Database
from bot.storage.sealed import Keyring
from cogs.cohorts.model import CHECKIN_GRACE
from tests.wire import contract

# SimCord polls twenty times a second while any task of the bot is parked; two hundred is as safe,
# and a thousand keeps the processor busy with looking.
haste.hurry(idle=0.001)
simcord.Env.settle.__defaults__ = (None, 0.005)

# Every test opens a database of its own; what all of them ask is compiled once.
SQLiteDialect_aiosqlite.__hash__ = lambda self: hash(type(self))
SQLiteDialect_aiosqlite.__eq__ = lambda self, other: type(self) is type(other)
database.create_async_engine = partial(
    database.create_async_engine, execution_options={"compiled_cache": LRUCache(5000)}
)

NEW_YORK = "America/New_York"
MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""A Monday of a first week, ten in the morning in New York, six days before its clocks change."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left alone with it at the end.

    Coverage is measured by the quick tests alone; watched line by line, slow ones take too long.
    """
    slow = [
        one for one in items if {"slow", "browser"} & {mark.name for mark in one.iter_markers()}
    ]
    for item in slow:
        item.add_marker("no_cover")
    first = set(slow)
    items[:] = [*reversed(slow), *(item for item in items if item not in first)]


def pytest_collection_finish() -> None:
    """Let what is loaded by now stay, so that no test waits for it to be looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


class FrozenClock:
    """A clock that only moves when a test says so."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database, to copy for each test."""
    file = tmp_path_factory.mktemp("blank") / "stint.db"
    command = [sys.executable, "-m", "bot.storage.migrate", str(file)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return file


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    ring = Keyring.open(tmp_path_factory.mktemp("key") / "stint.key", create=True)
    sealed.use(ring)
    return ring


@pytest.fixture
def database_file(blank_database: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(blank_database, tmp_path / "stint.db"))


@pytest.fixture
async def db(database_file: Path, ring: Keyring) -> AsyncIterator[Database]:
    async with Database.open(f"sqlite+aiosqlite:///{database_file}", ring) as db:
        yield db


@pytest.fixture
def settings(database_file: Path, tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        token="not-a-real-token",
        database_url=f"sqlite+aiosqlite:///{database_file}",
        key_file=tmp_path / "stint.key",
    )


@pytest.fixture(scope="session")
def packs() -> Packs:
    return Packs.load(ROOT / "data" / "packs")


@pytest.fixture
def make_bot(settings: Settings, db: Database, packs: Packs) -> Callable[[], Stint]:
    """A new bot on the same database: restart tests need a second one."""

    def made() -> Stint:
        bot = Stint(House(settings, db, discord.utils.utcnow, packs))
        bot.rests_for = timedelta(days=1)
        return bot

    return made


@pytest_asyncio.fixture
async def env(request: pytest.FixtureRequest, make_bot: Callable[[], Stint]) -> Any:
    """The real bot on a simulated Discord, at ten on a Monday morning in New York."""
    marker = request.node.get_closest_marker("simcord")
    # Real seconds for one step of simulated time: only a very busy machine needs them.
    options = {"settle_timeout": 60, **(marker.kwargs if marker else {})}
    env = simcord.Env(make_bot(), shard_count=1, **options)
    env.backend.bot_user.name = "Stint"
    await env.start()
    await env.advance_time((MONDAY - env.now()).total_seconds())
    try:
        yield env
    finally:
        await close(env.bot)
        await env.shutdown()
        if env.check_errors:
            env._raise_errors_since(env._errors_acknowledged)
    assert contract.misfits(env.backend.http_requests) == []
    assert contract.computer_dates(env.backend.http_requests) == []


async def close(bot: Any) -> None:
    if not bot.is_closed():
        await bot.delivery.stop()
        await bot.close()


@dataclass
class World:
    """A server with a live cohort: three interns, a mentor, a moderator, and somebody outside."""

    env: Any
    db: Database
    guild: Any
    checkins: Any
    announcements: Any
    mentors: Any
    staff: Any
    ada: Any
    ben: Any
    chen: Any
    mentor: Any
    moderator: Any
    stranger: Any
    cohort: Cohort
    make_bot: Callable[[], Stint]

    @property
    def bot(self) -> Stint:
        return self.env.bot

    async def restart(self) -> None:
        """Stop the bot and start another one on the same database."""
        await close(self.env.bot)
        await self.env.restart_bot(self.make_bot())

    async def join(self, person: Any, **values: Any) -> Member:
        """Make somebody a member, as enrolment would."""
        return await enrol(self.db, self.cohort, person.id, person.name, self.env.now(), **values)

    async def ask_weekly(self) -> None:
        """Let everyone be asked how it goes on Mondays at nine."""
        rule = Weekly(weekday=0, at=time(9), anchor=MONDAY.date())
        async with self.db.write() as tx:
            await schedules.set_schedule(
                tx,
                self.cohort,
                "checkin",
                rule,
                Scope.MEMBER,
                grace=CHECKIN_GRACE,
                now=self.env.now(),
            )

    async def travel(self, until: datetime) -> None:
        """Let time pass, stopping at every moment at which something is due."""
        while (due := await self.in_bot(self.bot.next_due())) <= until:
            await self.env.advance_time(max(0.0, (due - self.env.now()).total_seconds()))
            await self.in_bot(self.bot.tick_once())
        await self.env.advance_time((until - self.env.now()).total_seconds())
        await self.in_bot(self.bot.tick_once())

    async def tick(self) -> None:
        """Do everything that is due now."""
        await self.in_bot(self.bot.tick_once())

    async def in_bot(self, work: Any) -> Any:
        """Await something as the bot itself would, letting its pauses pass in simulated time."""
        with self.env._bot_scope():
            task = asyncio.ensure_future(work)
        await self.env.settle()
        while not task.done():
            await self.env.advance_time(0.05)
            await self.env.settle()
        return task.result()


async def add_cohort(db: Database, guild_id: int, now: datetime, **values: Any) -> Cohort:
    """Make a live cohort of twelve weeks that began on the first Monday of March 2026."""
    values = {
        "name": "Spring",
        "zone": NEW_YORK,
        "first_day": date(2026, 3, 2),
        "last_day": date(2026, 5, 24),
        "state": CohortState.LIVE,
        **values,
    }
    async with db.write() as tx:
        return await cohorts.add(tx, guild_id, values.pop("name"), now=now, **values)


async def enrol(
    db: Database, cohort: Cohort, user_id: int, name: str, now: datetime, **values: Any
) -> Member:
    """Make somebody a joined member of a cohort, reached by its card only unless said otherwise."""
    zone = values.pop("zone", cohort.zone)
    inbox = values.pop("inbox", users.Inbox.UNKNOWN)
    values = {
        "state": MemberState.JOINED,
        "delivery": Delivery.CARD,
        "starts_on": cohort.first_day,
        "ends_on": cohort.last_day,
        "joined_at": now,
        **values,
    }
    async with db.write() as tx:
        await users.ensure(tx, user_id, zone=zone, locale="en-US", now=now)
        await users.change(tx, user_id, inbox=inbox)
        member = await memberships.start(tx, cohort.cohort_id, user_id, name)
        await memberships.change(tx, member.member_id, **values)
        found = await memberships.get(tx, member.member_id)
    assert found is not None
    return found


@pytest.fixture
async def cohort(db: Database, clock: FrozenClock) -> Cohort:
    """A live cohort in the database, without any Discord around it."""
    return await add_cohort(db, 500, clock())


@pytest.fixture
async def ada(db: Database, cohort: Cohort, clock: FrozenClock) -> Member:
    return await enrol(db, cohort, 1001, "Ada", clock())


@pytest.fixture
async def ben(db: Database, cohort: Cohort, clock: FrozenClock) -> Member:
    return await enrol(db, cohort, 1002, "Ben", clock())


def asks(member: Member, **values: Any) -> Caller:
    """The member at the door of their own server."""
    return Caller(user_id=member.user_id, guild_id=member.guild_id, name=member.name, **values)


@pytest_asyncio.fixture
async def world(env: Any, db: Database, make_bot: Callable[[], Stint]) -> World:
    guild = env.create_guild("Interns")
    moderators = guild.create_role("Moderator", permissions=discord.Permissions(manage_guild=True))
    checkins = guild.create_text_channel("check-ins")
    announcements = guild.create_text_channel("announcements")
    mentors = guild.create_text_channel("mentors")
    staff = guild.create_text_channel("staff")

    def person(name: str, *roles: Any) -> Any:
        return guild.add_member(env.create_user(name.lower(), global_name=name), roles=roles)

    people = {name: person(name) for name in ("Ada", "Ben", "Chen", "Mentor", "Stranger")}
    moderator = person("Moderator", moderators)
    await env.settle()
    cohort = await add_cohort(
        db,
        guild.id,
        env.now(),
        checkins_id=checkins.id,
        announcements_id=announcements.id,
        mentors_id=mentors.id,
        staff_id=staff.id,
    )
    return World(
        env=env,
        db=db,
        guild=guild,
        checkins=checkins,
        announcements=announcements,
        mentors=mentors,
        staff=staff,
        ada=people["Ada"],
        ben=people["Ben"],
        chen=people["Chen"],
        mentor=people["Mentor"],
        stranger=people["Stranger"],
        moderator=moderator,
        cohort=cohort,
        make_bot=make_bot,
    )


READ = ("content", "label", "placeholder", "description", "title")


def words_of(result: Any) -> str:
    """Everything a person reads in an answer or message: texts, labels, placeholders, alt texts."""
    message = getattr(result, "response", None) or result
    parts = [c.to_dict() if hasattr(c, "to_dict") else c for c in message.components]
    return "\n".join([message.content or "", *_read(parts)])


def _read(part: Any) -> list[str]:
    if isinstance(part, list):
        return [word for each in part for word in _read(each)]
    if not isinstance(part, dict):
        return []
    own = [part[key] for key in READ if isinstance(part.get(key), str)]
    return own + [word for value in part.values() for word in _read(value)]


async def count(db: Database, table: Any) -> int:
    """How many rows a table has."""
    async with db.read() as tx:
        return len((await tx.execute(select(table))).all())
