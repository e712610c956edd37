"""How Alembic reaches the file: each migration whole in one transaction, or not at all.

pysqlite's own transaction handling would commit half a migration on a kill, so BEGIN is ours.
"""

from typing import Any, Literal

from alembic import context
from sqlalchemy import create_engine, event, pool
from sqlalchemy.types import TypeDecorator

from bot.storage.tables import everything

file = context.config.attributes["file"]
target = context.config.attributes.get("metadata") or everything()
engine = create_engine(f"sqlite:///{file}", poolclass=pool.NullPool)


@event.listens_for(engine, "connect")
def prepare(connection: Any, _record: Any) -> None:
    """Take transactions into our own hands."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


@event.listens_for(engine, "begin")
def begin(connection: Any) -> None:
    """Take the write lock at once."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def as_kept(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write columns the way the file keeps them: a migration must not change when our types do."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return "sa.Text()" if item.impl_instance.python_type is str else BIG
    return False


BIG = "sa.BigInteger().with_variant(sa.Integer(), 'sqlite')"

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=target,
        transaction_per_migration=True,
        render_as_batch=True,
        compare_type=True,
        render_item=as_kept,
    )
    with context.begin_transaction():
        context.run_migrations()
