"""An aiosqlite connection that seldom goes to its thread: the way costs more than most statements.

What is small is done on the spot: rows put in, a row that says that it is the only one, and reads,
which are broken off and begun again in the thread when they take more than a glance. Whatever may
be long (other changes, removals, commits, which wait for the disk) goes to the thread, once a
statement where others go four times.
"""

import sqlite3
from collections.abc import Callable, Generator, Sequence
from enum import Enum
from typing import Any

import aiosqlite

BEGIN = "BEGIN IMMEDIATE"
SMALL = "/* small */"
"""What a statement bears that changes a single row, which it finds by its key."""
GLANCE = 20_000
"""Steps of SQLite's machine, about a millisecond, after which a read goes to the thread."""
A_FEW = 500
"""Values that are put in on the spot, in however many rows."""
AT_ONCE = 2000
"""Rows that are brought along with the answer; what is longer is fetched when it is asked for."""
PATIENCE = 5000
"""Milliseconds, in the thread, for another process to finish its transaction."""

_ELSEWHERE = (sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY)


class _Swift:
    """What SQLAlchemy needs of a cursor, with the first rows there already."""

    def __init__(self, connection: "_Connection") -> None:
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> "_Swift":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "_Swift":
        def run() -> None:
            self._connection.begin()
            cursor = self._connection.raw.execute(sql, parameters)
            if cursor.description:
                self._rows = cursor.fetchmany(AT_ONCE)
            self._note(cursor)

        await self._connection.run(run, _size(sql, len(parameters)))
        return self

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> "_Swift":
        def run() -> None:
            self._connection.begin()
            self._note(self._connection.raw.executemany(sql, parameters))

        await self._connection.run(run, _size(sql, len(parameters)))
        return self

    def _note(self, cursor: sqlite3.Cursor) -> None:
        self.description, self.rowcount = cursor.description, cursor.rowcount
        self.lastrowid = cursor.lastrowid
        self._cursor = cursor if len(self._rows) == AT_ONCE else None
        if self._cursor is None:
            cursor.close()

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        if self._cursor is not None:
            rows += await self._connection.hop(self._cursor.fetchall)
        return rows

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        size = size or self.arraysize
        if len(self._rows) < size and self._cursor is not None:
            self._rows += await self._connection.hop(self._cursor.fetchmany, AT_ONCE)
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    async def fetchone(self) -> Any:
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def close(self) -> None:
        cursor, self._cursor = self._cursor, None
        if cursor is not None:
            await self._connection.hop(cursor.close)


class _Size(Enum):
    """How long a statement may take, as far as its words tell."""

    SMALL = "small"
    PERHAPS_SMALL = "perhaps small"  # a read: it can be broken off without a trace
    UNKNOWN = "unknown"


def _size(sql: str, values: int) -> _Size:
    if sql.startswith("SELECT"):
        return _Size.PERHAPS_SMALL
    if SMALL in sql:
        return _Size.SMALL
    puts_in = sql.startswith("INSERT") and "SELECT" not in sql
    return _Size.SMALL if puts_in and values <= A_FEW else _Size.UNKNOWN


class _Connection(aiosqlite.Connection):
    """A connection that hands out swift cursors.

    A transaction begins on the way of its first statement, and one that never began does not end.
    """

    begins = False
    on_the_spot = False
    hurried = False

    def __await__(self) -> Generator[Any, None, aiosqlite.Connection]:
        self._thread.daemon = True
        return super().__await__()

    @property
    def raw(self) -> Any:
        return self._conn

    def begin(self) -> None:
        """Begin the transaction that was asked for; only the thread waits for others."""
        if not self.begins:
            return
        if self.on_the_spot:
            hurried, self.hurried = (
                self.hurried,
                False,
            )  # broken off, it may have begun all the same
            try:
                self.raw.execute(BEGIN)
            finally:
                self.hurried = hurried
        else:
            self.raw.execute(f"PRAGMA busy_timeout = {PATIENCE}")
            try:
                self.raw.execute(BEGIN)
            finally:
                self.raw.execute("PRAGMA busy_timeout = 0")
        self.begins = False

    async def run(self, work: Callable[[], None], size: _Size) -> None:
        """Do it on the spot if it is small, else or if it turns out not to be, in the thread."""
        if size is _Size.UNKNOWN or not self._glance(work, size):
            await self.hop(work)

    def _glance(self, work: Callable[[], None], size: _Size) -> bool:
        self.on_the_spot, self.hurried = True, size is _Size.PERHAPS_SMALL
        try:
            work()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in _ELSEWHERE:
                raise
            return False
        finally:
            self.on_the_spot = self.hurried = False
        return True

    async def hop(self, work: Any, *arguments: Any) -> Any:
        return await self._execute(work, *arguments)  # pyright: ignore[reportUnknownMemberType]

    def cursor(self, *_: Any) -> Any:
        return _Swift(self)

    async def rollback(self) -> None:
        self.begins = False
        if self.in_transaction:
            await super().rollback()

    async def commit(self) -> None:
        self.begins = False
        if self.in_transaction:
            await super().commit()


def connect(database: str, **options: Any) -> aiosqlite.Connection:
    """Return a connection for SQLAlchemy's `async_creator_fn`; awaiting it opens it."""
    open_file: Any = sqlite3.connect

    def opened() -> Any:
        raw = open_file(database, **{**options, "check_same_thread": False})
        raw.set_progress_handler(lambda: made.hurried, GLANCE)
        return raw

    made = _Connection(opened, AT_ONCE)
    return made
