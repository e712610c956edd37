"""`stint restore`: a backup takes the database's place, and nothing is said twice afterwards."""

import asyncio
from pathlib import Path

from bot.clockwork.clock import system_clock
from bot.config import Settings
from bot.delivery.doubts import doubt
from bot.errors import CannotStart
from bot.operating.rooms import opened
from bot.storage.backup import restore
from bot.storage.sealed import Keyring
from bot.storage.upgrade import newest, stored


async def put_back(settings: Settings, backup: Path) -> Path | None:
    """Restore the backup, bring it up to date, and doubt every letter it still wants to send.

    Such a letter may have gone out after the backup was made, so it is looked for on Discord first.
    """
    Keyring.open(settings.key_file, create=False)
    _refuse_newer(backup)
    file = settings.database_file
    aside = await asyncio.to_thread(restore, settings.database_url, file, backup, system_clock())
    async with opened(settings) as db, db.write() as tx:
        await doubt(tx, system_clock())
    return aside


def _refuse_newer(backup: Path) -> None:
    revision = stored(backup)
    if revision is not None and revision > newest():
        raise CannotStart(
            f"{backup} is from a newer Stint (revision {revision}, this one knows {newest()}). "
            "Install that version first."
        )
