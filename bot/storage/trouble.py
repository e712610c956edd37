"""What can go wrong with files and databases, in words an operator can act on."""

import errno
import sqlite3

from bot.errors import LOCKED, CannotStart

FULL = "the disk is full. Make room, then start again; nothing is lost."


def in_words(error: BaseException) -> CannotStart | None:
    """Find what the operator can mend, in the error or in what caused it, or None."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, CannotStart):
            return seen
        if isinstance(seen, sqlite3.Error):
            return _database(str(seen))
        if isinstance(seen, OSError) and (told := _file(seen)):
            return told
        seen = seen.__cause__
    return None


def _database(text: str) -> CannotStart | None:
    if "disk is full" in text:
        return CannotStart(FULL, LOCKED)
    if "locked" in text:
        return CannotStart(
            "another process keeps the database locked. Stop that one first.", LOCKED
        )
    if "readonly" in text or "unable to open" in text:
        return CannotStart(
            "the database cannot be written. Check who owns the file and its folder "
            "(STINT_DATABASE_URL)."
        )
    if "malformed" in text or "not a database" in text:
        return CannotStart(
            "the database is damaged. Put a backup back: stint restore PATH. The damaged file is "
            "kept beside it."
        )
    return None


def _file(error: OSError) -> CannotStart | None:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotStart(FULL, LOCKED)
    if error.filename is None:
        return None
    return CannotStart(f"{error.filename}: {(error.strerror or 'it cannot be used').lower()}.")
