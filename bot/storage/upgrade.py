"""Bring a database to the newest shape before anything else touches it, or refuse clearly."""

import asyncio
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from bot.clockwork.clock import system_clock
from bot.errors import CannotStart
from bot.storage.database import file_of, only_process

MIGRATIONS = Path(__file__).with_name("migrations")


def newest() -> str:
    """Return the newest revision this code knows, for example "0003"."""
    return max(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def stored(file: Path) -> str | None:
    """Return the revision a database is at, or None for a new or empty one.

    Raises CannotStart when the file is no database or is damaged.
    """
    if not file.exists() or file.stat().st_size == 0:
        return None
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)) as database:
            known = database.execute(
                "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
            ).fetchone()
            if not known:
                return None
            row = database.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise CannotStart(
            f"{file} cannot be read as a database. Restore your newest backup with "
            "`stint restore PATH`.",
            exit_code=78,
        ) from error
    return str(row[0]) if row else None


async def upgrade(url: str) -> str | None:
    """Upgrade the database if it is older than the code; return the backup's path, if one was made.

    Runs Alembic in a child process, so that the bot itself never carries it. A verified copy is
    made first. Raises CannotStart for a database from a newer Stint.
    """
    file = file_of(url)
    assert file is not None, "only SQLite files are upgraded here"
    revision, target = stored(file), newest()
    if revision == target:
        return None
    if revision is not None and revision > target:
        raise CannotStart(
            f"The database is from a newer Stint (revision {revision}, this one knows {target}). "
            "Install that version again, or restore an older backup.",
            exit_code=78,
        )
    with only_process(url):
        copy = _copy(file, revision) if revision else None
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.storage.migrate",
            str(file),
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _none = await child.communicate()
    if child.returncode:
        last = output.decode(errors="replace").strip().splitlines()[-1:]
        kept = f" The copy from before is {copy}." if copy else ""
        raise CannotStart(
            f"The database could not be upgraded: {''.join(last)}.{kept}", exit_code=78
        )
    return str(copy) if copy else None


def _copy(file: Path, revision: str) -> Path:
    moment = system_clock().strftime("%Y%m%d-%H%M%S")
    copy = file.with_name(f"{file.stem}-before-upgrade-{revision}-{moment}.db")
    with closing(sqlite3.connect(file)) as source:
        source.execute("VACUUM INTO ?", (str(copy),))
    with closing(sqlite3.connect(copy)) as made:
        if made.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise CannotStart("The database is damaged; restore your newest backup.", exit_code=78)
    return copy
