"""An aiosqlite connection that seldom goes to its thread: the way costs more than most statements.

What writes goes there once a statement, where others go four times. What only reads is read on
the spot; if that takes more than a glance it is broken off, and begun again in the thread.
"""

import sqlite3
from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import Any

import aiosqlite

BEGIN = "BEGIN IMMEDIATE"
GLANCE = 20_000
"""Steps of SQLite's machine, about a millisecond, after which a read goes to the thread."""
AT_ONCE = 2000
"""Rows that are brought along with the answer; what is longer is fetched when it is asked for."""


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
        if sql == BEGIN:
            self._connection.begins = True
            return self

        def run() -> None:
            self._connection.begin()
            cursor = self._connection.raw.execute(sql, parameters)
            if cursor.description:
                self._rows = cursor.fetchmany(AT_ONCE)
            self._note(cursor)

        if not self._connection.glance(run):
            await self._connection.hop(run)
        return self

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> "_Swift":
        def run() -> None:
            self._connection.begin()
            self._note(self._connection.raw.executemany(sql, parameters))

        await self._connection.hop(run)
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


class _Connection(aiosqlite.Connection):
    """A connection that hands out swift cursors.

    A transaction begins on the way of its first statement, and one that never began does not end.
    """

    begins = False
    glances = False
    hurried = False

    def __await__(self) -> Generator[Any, None, aiosqlite.Connection]:
        self._thread.daemon = True
        return super().__await__()

    @property
    def raw(self) -> Any:
        return self._conn

    def begin(self) -> None:
        """Begin the transaction that was asked for, in the connection's thread."""
        if self.begins:
            self.begins = False
            self.raw.execute(BEGIN)

    def glance(self, work: Callable[[], None]) -> bool:
        """Do it on the spot, if this connection only reads; return False if it takes too long."""
        if not self.glances:
            return False
        self.hurried = True
        try:
            work()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return False
        finally:
            self.hurried = False
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
    return _Connection(partial(sqlite3.connect, database, **options), AT_ONCE)


def connect_to_read(database: str, **options: Any) -> aiosqlite.Connection:
    """Return a connection that glances; whoever uses it must not write."""

    open_file: Any = sqlite3.connect

    def opened() -> Any:
        raw = open_file(database, **{**options, "check_same_thread": False})
        raw.set_progress_handler(lambda: made.hurried, GLANCE)
        return raw

    made = _Connection(opened, AT_ONCE)
    made.glances = True
    return made
