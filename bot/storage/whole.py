"""The database as a whole: every table, whoever declared it; for exports, checks and erasing."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import select

from bot.storage.database import Database, Tx, metadata
from bot.storage.sealed import Sealed, ring

SQLITE: Final = sqlite3.sqlite_version
"""Which SQLite reads and writes the file."""


def table_names() -> list[str]:
    """Return every table, those that others refer to first."""
    return [table.name for table in metadata.sorted_tables]


async def rows_of(tx: Tx, name: str, *, with_private: bool) -> AsyncIterator[dict[str, Any]]:
    """Yield a table's rows as plain values, one by one; sealed columns only with `with_private`."""
    table = metadata.tables[name]
    columns = [c for c in table.columns if with_private or not isinstance(c.type, Sealed)]
    statement = select(*columns).order_by(*table.primary_key.columns)
    async with tx.stream(statement) as rows:
        async for row in rows.mappings():
            yield {str(key): _plain(value) for key, value in row.items()}


async def key_fits(tx: Tx) -> None:
    """Open one sealed text of each kind. Raises CannotStart when the key is another one's."""
    sealed = [c for t in metadata.sorted_tables for c in t.columns if isinstance(c.type, Sealed)]
    # In one question, and none that SQLAlchemy would have to compile and keep: each start asks it.
    a_text = "(SELECT {0} FROM {1} WHERE {0} <> '' LIMIT 1)".format
    each = ", ".join(a_text(column.name, column.table.name) for column in sealed)
    for token in (await tx.exec_driver_sql(f"SELECT {each}")).one():
        if token:
            ring().unseal(token)


async def fold_log(db: Database) -> None:
    """Fold SQLite's log into the file, so that what was erased stands in neither."""
    async with db.writer.connect() as writer:
        # Past SQLAlchemy, which would begin a transaction; a log cannot be folded inside one.
        raw = await writer.get_raw_connection()
        driver: Any = raw.driver_connection
        async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as answer:
            # Unread, its answer would keep the next transaction of this connection from ending.
            await answer.fetchall()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (datetime, date, time)) else value
