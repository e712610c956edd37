"""Where the demo's bot keeps its things: a folder of its own, gone when the demo ends."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from pydantic import SecretStr
from sqlalchemy import create_engine, event

from bot.client import House, Stint
from bot.config import Settings
from bot.fetching.fetcher import Fetcher
from bot.fetching.model import NotFetched, Page, Why
from bot.knowledge.packs import Packs
from bot.matching.parcels import Answer, Question
from bot.matching.worker import Solver
from bot.storage import tables
from bot.storage.database import Database, Tx
from bot.storage.sealed import Keyring


class _Alone(Database):
    """A database in which nobody waits for anybody: one connection is enough to look."""

    _eyes: Tx | None = None

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Tx]:
        """See what is committed."""
        if self._eyes is None:
            self._eyes = await self.reader.connect()
        yield self._eyes

    @asynccontextmanager
    async def _in_turn(self, turn: asyncio.Semaphore) -> AsyncGenerator[None]:
        async with turn:
            yield

    async def look_away(self) -> None:
        """Give the connection back."""
        if self._eyes is not None:
            await self._eyes.close()
            self._eyes = None


class TemporaryHome:
    """A database and its key for as long as the demo lasts; nothing of yours is touched."""

    def __init__(self) -> None:
        """Find a place for the folder."""
        self._folder = Path(mkdtemp(prefix="stint-demo-"))
        self._packs = Packs.load()
        self._open = AsyncExitStack()

    async def move_in(self, clock: Callable[[], datetime]) -> Stint:
        """Return the real bot on what this home holds."""
        self._folder.mkdir(exist_ok=True)
        file, key = self._folder / "stint.db", self._folder / "stint.key"
        if not file.exists():
            engine = create_engine(f"sqlite:///{file}")
            event.listen(engine, "connect", _never_wait)
            tables.everything().create_all(engine)
            engine.dispose()
        url = f"sqlite+aiosqlite:///{file}?check_same_thread=false"
        settings = Settings(
            _env_file=None,  # pyright: ignore[reportCallIssue]
            token=SecretStr("none: the demo never leaves this machine"),
            database_url=url,
            key_file=key,
            shard_count=1,
        )
        ring = Keyring.open(key, create=True)
        db = await self._open.enter_async_context(_Alone.open(url, ring))
        assert isinstance(db, _Alone)
        self._open.push_async_callback(db.look_away)
        for engine in (db.writer, db.reader):
            event.listen(engine.sync_engine, "connect", _hurry)
        bot = Stint(House(settings, db, clock, self._packs))
        bot.fetcher = _StaysHere(clock, ())
        bot.solver = Solver(_solved)
        # simcord cannot let a pause of milliseconds pass while it settles, and has no limits
        bot.delivery._pace.turn = _at_once  # pyright: ignore[reportPrivateUsage]
        return bot

    async def move_out(self, bot: Stint) -> None:
        """Stop the bot and close the database."""
        if not bot.is_closed():
            await bot.delivery.stop()
            await bot.close()
        await self._open.aclose()

    def clear(self) -> None:
        """Throw the folder away."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _hurry(connection: Any, _record: Any) -> None:
    """Ask SQLite without a thread in between, and never wait for the disk.

    Nobody else wants an answer meanwhile, and what a demo keeps need not survive a power cut.
    """

    async def ask(question: Callable[..., Any], *args: Any, **options: Any) -> Any:
        return question(*args, **options)

    connection.driver_connection._execute = ask
    _never_wait(connection, _record)


def _never_wait(connection: Any, _record: Any) -> None:
    """Leave it to the system when things reach the disk."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


async def _at_once() -> None:
    """Take the next turn to send."""


async def _solved(question: Question) -> Answer:
    """Draw pairs without a process of its own: starting one takes longer than a small draw."""
    from bot.matching.solver import solve

    return solve(question)


class _StaysHere(Fetcher):
    """Fetches no list from anywhere: the demo never leaves this machine."""

    async def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Page:
        """Say so."""
        raise NotFetched(
            Why.UNREACHABLE, "The demo fetches nothing. Give it the file: `/post import`."
        )
