"""One database: many readers, one writer at a time, nothing half written."""

import asyncio
import fcntl
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Executable, MetaData, Table, event
from sqlalchemy.engine import make_url
from sqlalchemy.sql.schema import SchemaItem

from bot.errors import CannotStart
from bot.storage import sealed, swift
from bot.storage.columns import word_checks
from bot.storage.lean import AsyncConnection, AsyncEngine, create_async_engine

Tx = AsyncConnection
"""What stores are handed: a connection inside a transaction, or one that only reads."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

PRAGMAS = (
    "busy_timeout=5000",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
)

READERS = 2
"""Connections that read at the same time."""
PATIENCE = 60.0
"""Seconds after which somebody who waits for the database is told that it did not work."""

Rider = tuple[Executable, dict[str, Any]]
"""A statement and what it is about."""

_riders: ContextVar[list[Rider] | None] = ContextVar("riders", default=None)


def table(name: str, *items: SchemaItem, with_rowid: bool = True) -> Table:
    """Declare a table on the shared metadata, STRICT where SQLite keeps it.

    One without a rowid does not remember in which order its rows came.
    """
    return Table(
        name,
        metadata,
        *items,
        *word_checks(items),
        sqlite_strict=True,
        sqlite_with_rowid=with_rowid,
    )


@asynccontextmanager
async def riding_along(*statements: Rider) -> AsyncGenerator[list[Rider]]:
    """Add these statements to the first write that succeeds inside the block.

    So a press is marked as seen, or a draft dropped, in the very transaction of its effect. The
    list that is handed out is empty once that has happened.
    """
    riders = list(statements)
    token = _riders.set(riders)
    try:
        yield riders
    finally:
        _riders.reset(token)


def _get_riders() -> list[Rider]:
    """Return what rides along with the next write, to be emptied when it has."""
    riders = _riders.get()
    return [] if riders is None else riders


T = TypeVar("T")
R = TypeVar("R")


@dataclass(eq=False)
class _Waiting:
    """Something that waits to be written, and what came of it."""

    item: Any
    riders: list[Rider]
    answer: Any = None
    written: bool = False


@dataclass
class _Line:
    """What waits for one kind of write."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: list[_Waiting] = field(default_factory=list[_Waiting])


class Database:
    """Give services a transaction to write in and a connection to read from."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self.writer = writer
        self.reader = reader
        self._writers = asyncio.Semaphore(1)
        self._readers = asyncio.Semaphore(READERS)
        self._lines: dict[Any, _Line] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, ring: sealed.Keyring) -> AsyncGenerator["Database"]:
        """Open the database of `url` with the keys of this installation, and close it at the end.

        Raises CannotStart (exit code 75) when another process has the SQLite file.
        """
        sealed.use(ring)
        with only_process(url):
            writer, reader = engine(url), engine(url, reads_only=True)
            try:
                yield cls(writer, reader)
            finally:
                await reader.dispose()
                await writer.dispose()

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Tx]:
        """All of it is written, or none of it. Never await Discord inside."""
        async with self._in_turn(self._writers), self.writer.begin() as tx:
            yield tx
            riders = _get_riders()
            for statement, about in riders:
                await tx.execute(statement, about)
        riders.clear()

    async def write_together(
        self, write: Callable[[Tx, Sequence[T]], Awaitable[Sequence[R | Exception]]], item: T
    ) -> R:
        """Write an item together with those of the same kind that came while others wrote.

        A crowd waits for the disk once and not fifty times. `write` answers item by item; where
        the answer is an exception nothing was written, and whoever brought the item gets it.
        """
        line = self._lines.setdefault(write, _Line())
        mine = _Waiting(item, _get_riders())
        line.waiting.append(mine)
        try:
            async with line.turn:
                if not mine.written:
                    await self._write_all(write, line.waiting, mine)
        finally:
            if not mine.written:
                line.waiting.remove(mine)
        if isinstance(mine.answer, Exception):
            raise mine.answer
        return mine.answer

    async def _write_all(self, write: Any, waiting: list[_Waiting], mine: _Waiting) -> None:
        """Write whatever waits; what the database refuses fails for who brought it alone."""
        together = list(waiting)
        try:
            await self._write_these(write, together)
        except Exception:
            if together == [mine]:
                raise
            together = [mine]
            await self._write_these(write, together)
        for each in together:
            each.written = True
            waiting.remove(each)

    async def _write_these(self, write: Any, together: list[_Waiting]) -> None:
        async with riding_along() as riders, self.write() as tx:
            answers = await write(tx, [each.item for each in together])
            for each, answer in zip(together, answers, strict=True):
                each.answer = answer
            done = [each.riders for each in together if not isinstance(each.answer, Exception)]
            riders += chain.from_iterable(done)
        for rode in done:
            rode.clear()

    @asynccontextmanager
    async def _in_turn(self, turn: asyncio.Semaphore) -> AsyncGenerator[None]:
        """Wait in line for SQLite, first come first served; the pool lets latecomers pass."""
        if self.writer.dialect.name != "sqlite":
            yield
            return
        # A clock is set only where there is a line; nearly always there is none.
        async with asyncio.timeout(PATIENCE) if turn.locked() else nullcontext():
            await turn.acquire()
        try:
            yield
        finally:
            turn.release()

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Tx]:
        """See what is committed; a crowd is served in the order in which it came."""
        async with self._in_turn(self._readers), self.reader.connect() as tx:
            yield tx


def engine(url: str, *, reads_only: bool = False) -> AsyncEngine:
    """Return an engine with the house's rules for SQLite: WAL, full sync, explicit BEGIN."""
    if not url.startswith("sqlite"):
        return create_async_engine(url, pool_pre_ping=True, hide_parameters=True)
    size = READERS if reads_only else 1
    made = create_async_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=PATIENCE,
        hide_parameters=True,
        connect_args={"async_creator_fn": swift.connect},
    )

    @event.listens_for(made.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        # Who writes waits for other processes in `swift`, where nobody else has to.
        cursor.execute("PRAGMA query_only=ON" if reads_only else "PRAGMA busy_timeout=0")
        cursor.close()

    if not reads_only:

        @event.listens_for(made.sync_engine, "begin")
        def begin(connection: Any) -> None:  # pyright: ignore[reportUnusedFunction]
            connection.connection.driver_connection.begins = True

    return made


def file_of(url: str) -> Path | None:
    """Return the SQLite file behind a URL, or None when the data lives elsewhere."""
    parsed = make_url(url)
    if not parsed.drivername.startswith("sqlite") or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


@contextmanager
def only_process(url: str) -> Any:
    """Hold the lock file beside the database, so that no second process writes to it.

    The kernel lets go of it when the process dies, however it dies.
    """
    file = file_of(url)
    if file is None:
        yield
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file.with_name(file.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotStart(
            f"The folder {file.parent} cannot be written to: {error.strerror}.", exit_code=78
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise CannotStart(
            f"Another Stint is already using {file}. Stop that one first.", exit_code=75
        ) from error
    try:
        yield
    finally:
        os.close(handle)
