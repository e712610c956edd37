"""A database is brought to the newest shape whole, or left as it was."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from alembic import command

from bot.config import ROOT
from bot.errors import CannotStart
from bot.storage.migrate import config
from bot.storage.upgrade import newest, stored, upgrade


def url(file):
    return f"sqlite+aiosqlite:///{file}"


async def test_a_new_database_is_made_at_the_first_start(tmp_path):
    file = tmp_path / "stint.db"
    assert await upgrade(url(file)) is None
    assert stored(file) == newest()


async def test_nothing_happens_to_a_database_that_is_up_to_date(database_file):
    before = database_file.read_bytes()
    assert await upgrade(url(database_file)) is None
    assert database_file.read_bytes() == before


async def test_a_database_from_the_future_is_left_alone(database_file):
    with closing(sqlite3.connect(database_file)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(CannotStart, match="from a newer Stint"):
        await upgrade(url(database_file))


async def test_a_file_that_is_no_database_is_told_in_one_sentence(tmp_path):
    file = tmp_path / "stint.db"
    file.write_bytes(b"not a database at all, but long enough to be looked at" * 40)
    with pytest.raises(CannotStart, match="cannot be read as a database"):
        await upgrade(url(file))


STEP = """
import os
import sqlalchemy as sa
from alembic import op

revision = "0901"
down_revision = "{after}"


def upgrade():
    op.create_table("half_way", sa.Column("id", sa.Integer(), primary_key=True))
    if os.environ.get("DIE"):
        os._exit(137)
    op.create_table("all_the_way", sa.Column("id", sa.Integer(), primary_key=True))
"""


@pytest.fixture
def house(tmp_path):
    """A copy of the code with one more migration, which can be made to die in the middle."""
    copy = tmp_path / "house"
    for part in ("bot", "cogs", "data"):
        ignored = shutil.ignore_patterns("state", "__pycache__", "demo")
        shutil.copytree(ROOT / part, copy / part, ignore=ignored)
    versions = copy / "bot" / "storage" / "migrations" / "versions"
    (versions / "0901_step.py").write_text(STEP.format(after=newest()))
    return copy


def migrate(house, file, **env):
    command = [sys.executable, "-m", "bot.storage.migrate", str(file)]
    return subprocess.run(command, cwd=house, env={**os.environ, **env}, check=False).returncode


def tables(file):
    with closing(sqlite3.connect(file)) as raw:
        return {row[0] for row in raw.execute("SELECT name FROM sqlite_master")}


@pytest.mark.slow
def test_a_kill_in_the_middle_of_a_migration_leaves_the_old_shape_and_the_next_start_goes_on(
    house, database_file
):
    assert migrate(house, database_file, DIE="1") == 137
    assert stored(database_file) == newest()
    assert "half_way" not in tables(database_file)

    assert migrate(house, database_file) == 0
    assert stored(database_file) == "0901"
    assert {"half_way", "all_the_way"} <= tables(database_file)


async def test_letters_and_what_refers_to_them_survive_their_table_being_rebuilt(tmp_path):
    file = tmp_path / "stint.db"
    command.upgrade(config(file), "0002")
    with closing(sqlite3.connect(file)) as raw, raw:
        for letter_id, leans_on in ((1, None), (2, 1)):
            raw.execute(
                "INSERT INTO letter (letter_id, kind, dedupe, place, place_id, order_key, subject,"
                " nonce, due_at, not_before, created_at, depends_on)"
                " VALUES (?, 'k', ?, 'user', 1, 'user:1', '{}', ?, 0, 0, 0, ?)",
                (letter_id, f"d{letter_id}", f"n{letter_id}", leans_on),
            )
    assert await upgrade(url(file)) is not None
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("SELECT letter_id, depends_on FROM letter").fetchall() == [
            (1, None),
            (2, 1),
        ]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        with pytest.raises(sqlite3.IntegrityError, match="ck_letter_action_word"):
            raw.execute("UPDATE letter SET action = 'whisper'")
        raw.execute("UPDATE letter SET action = 'post'")
