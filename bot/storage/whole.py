"""The database as a whole: every table, whoever declared it; for exports, checks and erasing."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import select

from bot.storage.database import Database, Tx, metadata
from bot.storage.sealed import Sealed

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
    each = (select(c).where(c != "").limit(1).scalar_subquery() for c in sealed)
    (await tx.execute(select(*each))).one()  # in one question: one by one they slow every start


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
