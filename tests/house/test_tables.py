"""What the database promises: forgetting is complete, secrets are sealed, history is honest."""

import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    func,
    insert,
    inspect,
    select,
)

from bot.config import Settings
from bot.operating.rooms import features
from bot.people.forgetting import forget
from bot.storage import tables
from bot.storage.columns import Day, Flag, Json, Moment, Wall, Word
from bot.storage.database import Database, Tx
from bot.storage.sealed import Sealed

HOMES = {"member_id": "member", "user_id": "user"}
PERSON = 424242424242424242
IDS_OF_PEOPLE = re.compile(r"(^|_)(user|other|author)_id$|_by$")
SAMPLES: dict[type, Any] = {
    Moment: datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    Day: date(2026, 3, 2),
    Wall: time(9, 0),
    Flag: True,
    Json: [],
    Sealed: "what I wrote",
}

BY_HAND = {
    "audit.user_id",
    "checkin_help.user_id",
    "contact_stop.user_id",
    "draft.user_id",
    "posting_batch.user_id",
    "posting_look.user_id",
    "report.user_id",
}
"""Columns that no cascade reaches; `forget` or a feature's part in it empties them."""

PRIVATE_WORDS = {"text", "note", "notes", "answer", "answers", "blocker", "win", "progress", "body"}

PUBLIC_TEXT: set[str] = set()


def forgets(metadata: MetaData) -> list[str]:
    """Name each column that would still hold a person after they were erased."""
    left: list[str] = []
    for table in metadata.sorted_tables:
        for column in table.columns:
            home = HOMES.get(column.name)
            if home is None or (table.name == home and column.primary_key):
                continue
            gone = any(
                key.column.table.name == home and key.ondelete in {"CASCADE", "SET NULL"}
                for key in column.foreign_keys
            )
            if not gone and f"{table.name}.{column.name}" not in BY_HAND:
                left.append(f"{table.name}.{column.name}")
    return left


def unsealed(metadata: MetaData) -> list[str]:
    """Name each column that looks like something private somebody wrote and is not sealed."""
    return [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name in PRIVATE_WORDS
        and isinstance(column.type, Text)
        and not isinstance(column.type, Sealed)
        and f"{table.name}.{column.name}" not in PUBLIC_TEXT
    ]


def test_what_belongs_to_a_person_hangs_on_them() -> None:
    assert not forgets(tables.everything())


async def test_erasing_a_person_leaves_no_trace(settings: Settings, db: Database) -> None:
    metadata = tables.everything()
    async with features(settings, db) as bot, db.write() as tx:
        rows: dict[str, dict[str, Any]] = {}
        for table in metadata.sorted_tables:
            rows[table.name] = a_row_about_the_person(table, rows)
            await tx.execute(insert(table).values(rows[table.name]))
        before = await traces(tx, metadata)

        known = await forget(tx, bot.contributions, PERSON)

        assert known
        assert {"user.user_id", "member.user_id", "draft.user_id"} <= set(before)
        assert await traces(tx, metadata) == []


def a_row_about_the_person(table: Table, rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Fill a row of any table, with the person's id wherever a person can stand."""
    return {column.name: a_value(column, rows) for column in table.columns}


def a_value(column: Column[Any], rows: dict[str, dict[str, Any]]) -> Any:
    for key in column.foreign_keys:
        parent = rows.get(key.column.table.name)
        return parent and parent[key.column.name]
    if IDS_OF_PEOPLE.search(column.name):
        return PERSON
    if column.name == "zone":
        return "UTC"
    if isinstance(column.type, Word):
        return next(iter(column.type.words))
    for kind, value in SAMPLES.items():
        if isinstance(column.type, kind):
            return value
    return "words" if isinstance(column.type, Text) else 1


async def traces(tx: Tx, metadata: MetaData) -> list[str]:
    """Name each column in which the person's id still stands."""
    return [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if not isinstance(column.type, Sealed)
        and (
            await tx.execute(
                select(table).where(func.instr(column.cast(Text), str(PERSON)) > 0).limit(1)
            )
        ).first()
    ]


def test_a_table_that_would_remember_is_noticed() -> None:
    metadata = MetaData()
    Table("member", metadata, Column("member_id", Integer, primary_key=True))
    Table("diary", metadata, Column("member_id", Integer))
    Table("poll", metadata, Column("member_id", ForeignKey("member.member_id")))
    Table("goal", metadata, Column("member_id", ForeignKey("member.member_id", ondelete="CASCADE")))

    assert forgets(metadata) == ["diary.member_id", "poll.member_id"]


def test_what_people_write_for_few_eyes_is_sealed() -> None:
    assert not unsealed(tables.everything())


def test_an_open_diary_is_noticed() -> None:
    metadata = MetaData()
    Table("diary", metadata, Column("text", Text))
    Table("letter", metadata, Column("text", Sealed))

    assert unsealed(metadata) == ["diary.text"]


@pytest.fixture
def declared_database(tmp_path: Path) -> Path:
    """A database made from what the code declares, past all migrations."""
    file = tmp_path / "declared.db"
    engine = create_engine(f"sqlite:///{file}")
    tables.everything().create_all(engine)
    engine.dispose()
    return file


def shape(url: str) -> dict[str, object]:
    """Describe a database so that two can be compared: columns, keys, indexes, checks."""
    engine = create_engine(url)
    seen = inspect(engine)
    described = {
        name: {
            "columns": {
                (c["name"], str(c["type"]), c["nullable"], str(c["default"]), c["primary_key"])
                for c in seen.get_columns(name)
            },
            "keys": {
                (tuple(k["constrained_columns"]), k["referred_table"], str(k["options"]))
                for k in seen.get_foreign_keys(name)
            },
            "indexes": {
                (i["name"], tuple(i["column_names"]), i["unique"]) for i in seen.get_indexes(name)
            },
            "unique": {tuple(u["column_names"]) for u in seen.get_unique_constraints(name)},
            "checks": {(c["name"], c["sqltext"]) for c in seen.get_check_constraints(name)},
        }
        for name in seen.get_table_names()
        if name != "alembic_version"
    }
    engine.dispose()
    return described


def test_the_migrations_lead_to_exactly_the_tables_the_code_declares(
    blank_database: Path, declared_database: Path
) -> None:
    through_history = shape(f"sqlite:///{blank_database}")
    declared = shape(f"sqlite:///{declared_database}")

    assert sorted(through_history) == sorted(declared)
    for name, table in declared.items():
        assert through_history[name] == table, name
