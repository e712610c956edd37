"""A copy of the database can be trusted, and putting it back loses nothing."""

import sqlite3
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import LOCKED, CannotStart
from bot.storage.backup import back_up, back_up_by_the_clock, check, restore
from bot.storage.database import only_process

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A small database of ours with one row in it."""
    file = tmp_path / "stint.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            "PRAGMA journal_mode=WAL; CREATE TABLE alembic_version (version_num TEXT);"
            "CREATE TABLE goal (title TEXT); INSERT INTO goal VALUES ('learn SQL');"
        )
    return file


def goals(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("SELECT title FROM goal")]


def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def test_a_copy_holds_what_was_committed_and_only_its_owner_reads_it(
    database: Path, tmp_path: Path
) -> None:
    made = back_up(database, tmp_path / "copies" / "stint.db")

    assert goals(made) == ["learn SQL"]
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert [file.name for file in made.parent.iterdir()] == ["stint.db"]


def test_a_copy_is_whole_while_somebody_writes(database: Path, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            while not done.is_set():
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany("INSERT INTO goal VALUES (?)", [("pair",), ("pair",)])
                connection.execute("COMMIT")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [back_up(database, tmp_path / f"{number}.db") for number in range(5)]
    finally:
        done.set()
        writer.join()

    for copy in copies:
        check(copy)
        assert len(goals(copy)) % 2 == 1


def test_a_folder_may_be_named_instead_of_a_file(database: Path, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()

    assert back_up(database, tmp_path / "copies") == tmp_path / "copies" / "stint.db"


def test_the_database_is_not_copied_onto_itself(database: Path) -> None:
    with pytest.raises(CannotStart, match="itself"):
        back_up(database, database)

    assert goals(database) == ["learn SQL"]


def test_a_copy_that_fails_leaves_the_last_good_one(database: Path, tmp_path: Path) -> None:
    made = back_up(database, tmp_path / "copy.db")
    damage(database)

    with pytest.raises((CannotStart, sqlite3.DatabaseError)):
        back_up(database, made)

    assert goals(made) == ["learn SQL"]
    assert not list(tmp_path.glob(".copy.db*"))


def test_copies_by_the_clock_thin_out_with_age(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    for hour in range(24 * 3):
        back_up_by_the_clock(database, folder, NOW + timedelta(hours=hour))

    names = sorted(file.name for file in folder.iterdir())
    last_day = NOW + timedelta(hours=24 * 3 - 1)
    assert f"stint-{last_day:%Y%m%dT%H%M%SZ}.db" in names
    assert len(names) == 24 + 2
    assert "stint-20260302T230000Z.db" in names


def test_a_restored_copy_takes_the_databases_place_and_the_old_one_is_kept(
    database: Path, tmp_path: Path
) -> None:
    copy = back_up(database, tmp_path / "copy.db")
    add_goal(database, "later")

    aside = restore(url(database), database, copy, NOW)

    assert goals(database) == ["learn SQL"]
    assert aside is not None
    assert goals(aside) == ["learn SQL", "later"]
    assert copy.exists()


def test_a_copy_is_restored_where_there_is_no_database(database: Path, tmp_path: Path) -> None:
    copy = back_up(database, tmp_path / "copy.db")
    elsewhere = tmp_path / "new" / "stint.db"

    assert restore(url(elsewhere), elsewhere, copy, NOW) is None
    assert goals(elsewhere) == ["learn SQL"]


def test_nothing_is_restored_under_a_running_bot(database: Path, tmp_path: Path) -> None:
    copy = back_up(database, tmp_path / "copy.db")
    add_goal(database, "later")

    with only_process(url(database)), pytest.raises(CannotStart) as told:
        restore(url(database), database, copy, NOW)

    assert told.value.exit_code == LOCKED
    assert goals(database) == ["learn SQL", "later"]


def test_a_damaged_copy_is_refused_and_the_database_stays(database: Path, tmp_path: Path) -> None:
    copy = back_up(database, tmp_path / "copy.db")
    damage(copy)

    with pytest.raises(CannotStart, match=r"damaged|not a readable"):
        restore(url(database), database, copy, NOW)

    assert goals(database) == ["learn SQL"]


@pytest.mark.parametrize("content", [b"", b"hello, this is a text file" * 100])
def test_a_file_that_is_no_database_of_ours_is_refused(
    database: Path, tmp_path: Path, content: bytes
) -> None:
    stranger = tmp_path / "photo.db"
    stranger.write_bytes(content)

    with pytest.raises(CannotStart, match=r"photo\.db"):
        restore(url(database), database, stranger, NOW)


def test_a_missing_copy_is_named(database: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="no backup"):
        restore(url(database), database, tmp_path / "none.db", NOW)


def add_goal(file: Path, title: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO goal VALUES (?)", (title,))


def damage(file: Path) -> None:
    """Overwrite the second page on, as a broken disk would."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
