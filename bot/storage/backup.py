"""Copies of the database that can be trusted, made while the bot goes on, and the way back.

A copy never holds the key: whoever finds a backup reads no private text.
"""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Generator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.errors import CannotStart
from bot.storage.database import only_process

HOURLY: Final = 24
DAILY: Final = 14
WEEKLY: Final = 8

_PATTERN: Final = "stint-%Y%m%dT%H%M%SZ.db"


def back_up(database: Path, target: Path) -> Path:
    """Write a checked copy of the database to `target`, whole or not at all."""
    database, target = database.absolute(), target.absolute()
    if not database.is_file():
        raise CannotStart(f"There is no database at {database} yet, so nothing to back up.")
    if target.is_dir():
        target = target / database.name
    if target.exists() and target.samefile(database):
        raise CannotStart(f"{target} is the database itself. Choose another place for the copy.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with _part(target) as part:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as source:
            source.execute("PRAGMA busy_timeout=5000")
            source.execute("VACUUM INTO ?", (str(part),))
        check(part)
        _settle(part, target)
    return target


def back_up_by_the_clock(database: Path, folder: Path, now: datetime) -> Path:
    """Write a copy named after the moment; keep 24 hourly, 14 daily and 8 weekly ones."""
    made = back_up(database, folder / now.strftime(_PATTERN))
    copies = sorted(folder.glob("stint-*Z.db"), reverse=True)
    for old in set(copies) - _worth_keeping(copies):
        old.unlink(missing_ok=True)
    return made


def restore(url: str, database: Path, backup: Path, now: datetime) -> Path | None:
    """Put a checked copy in the database's place; return where the old one went, if there was one.

    Raises CannotStart, and changes nothing, while a process has the database.
    """
    backup = backup.absolute()
    if not backup.is_file():
        raise CannotStart(f"There is no backup at {backup}.")
    if backup.with_name(backup.name + "-wal").exists():
        raise CannotStart(f"{backup} is a database in use, not a backup made by `stint backup`.")
    check(backup)
    with only_process(url), _part(database) as part:
        if database.exists() and backup.samefile(database):
            raise CannotStart(f"{backup} is the database itself. There is nothing to restore.")
        shutil.copyfile(backup, part)
        check(part)
        aside = _move_aside(database, now) if database.exists() else None
        _settle(part, database)
    return aside


def check(file: Path, *, in_use: bool = False) -> None:
    """Raise CannotStart unless this is a whole, undamaged database of ours."""
    how = "mode=ro" if in_use else "mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?{how}", uri=True)) as copy:
            verdict = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
            tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_schema")}
    except sqlite3.DatabaseError as error:
        raise CannotStart(f"{file} is not a readable database: {error}.") from error
    if verdict != "ok":
        raise CannotStart(f"{file} is damaged. Use another backup.")
    if "alembic_version" not in tables:
        raise CannotStart(f"{file} is a database, but not one of Stint's.")


@contextlib.contextmanager
def _part(target: Path) -> Generator[Path]:
    """Give an empty private file beside the target, and leave none behind."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _settle(part: Path, target: Path) -> None:
    """Give the finished file its name only once it is safely on the disk."""
    _sync(part)
    part.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _move_aside(database: Path, now: datetime) -> Path:
    """Keep the old database under a second name, so that a wrong restore can be undone.

    It stays under its first name too until the new one takes it: a kill in between loses nothing.
    """
    aside = database.with_name(f"{database.name}.before-{now:%Y%m%dT%H%M%SZ}")
    with contextlib.suppress(sqlite3.DatabaseError), closing(sqlite3.connect(database)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    os.link(database, aside)
    for ending in ("-wal", "-shm"):
        file = database.with_name(database.name + ending)
        if file.exists():
            file.rename(aside.with_name(aside.name + ending))
    return aside


def _worth_keeping(copies: list[Path]) -> set[Path]:
    """Choose from copies, newest first: the last of each of the latest hours, days and weeks."""
    kept: set[Path] = set()
    for form, number in (("%Y%m%d%H", HOURLY), ("%Y%m%d", DAILY), ("%G%V", WEEKLY)):
        periods: dict[str, Path] = {}
        for copy in copies:
            periods.setdefault(_moment(copy).strftime(form), copy)
        kept |= set(list(periods.values())[:number])
    return kept


def _moment(copy: Path) -> datetime:
    return datetime.strptime(copy.name, _PATTERN)  # noqa: DTZ007 (the name says Z)
