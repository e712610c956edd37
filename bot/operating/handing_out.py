"""`stint export` and `stint erase`: hand out everything there is, forget all of a person."""

import json
import os
import zipfile
from pathlib import Path
from typing import Any

from bot.clockwork.clock import system_clock
from bot.config import Settings
from bot.errors import CannotStart
from bot.operating.rooms import features, opened, watched
from bot.people.forgetting import forget
from bot.storage import whole
from bot.storage.database import Tx


async def export(settings: Settings, target: Path, *, with_private: bool) -> int:
    """Write every table as JSON into a ZIP; return how many rows. Private text only if asked."""
    if not settings.database_file.is_file():
        raise CannotStart(f"There is no database at {settings.database_file} yet.")
    part = target.with_name(f".{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        with os.fdopen(handle, "w+b") as file:
            async with watched(settings) as db, db.read() as tx:
                count = await _fill(file, tx, with_private)
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return count


async def _fill(file: Any, tx: Tx, with_private: bool) -> int:
    count = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        about = {"made_at": system_clock().isoformat(), "private_text": with_private}
        archive.writestr("about.json", json.dumps(about, indent=1))
        for name in whole.table_names():
            with archive.open(f"{name}.json", "w") as member:
                opening = b"[\n"
                async for row in whole.rows_of(tx, name, with_private=with_private):
                    member.write(opening)
                    opening = b",\n"
                    member.write(json.dumps(row, ensure_ascii=False).encode())
                    count += 1
                member.write(b"[]\n" if opening == b"[\n" else b"\n]\n")
    return count


async def erase(settings: Settings, user_id: int) -> bool:
    """Forget a person everywhere; say whether anything was known of them."""
    async with opened(settings) as db, features(settings, db) as bot:
        async with db.write() as tx:
            known = await forget(tx, bot.contributions, user_id)
        await whole.fold_log(db)
    return known
