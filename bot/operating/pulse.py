"""`stint check --alive`: whether the running bot still writes down that it lives."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from bot.clockwork.clock import system_clock
from bot.config import Settings
from bot.delivery import letters
from bot.errors import CannotStart
from bot.storage.database import Database, engine

SILENCE: Final = timedelta(seconds=90)
"""How long the heartbeat, written every ten seconds, may be missing before somebody should look."""


def age_of(settings: Settings) -> float:
    """Return how many seconds ago the bot was last alive. Raises CannotStart when too long ago."""
    if not settings.database_file.is_file():
        raise CannotStart("there is no database yet, so nothing is running.", 1)
    last = asyncio.run(_last_beat(settings))
    if last is None:
        raise CannotStart("the bot has never run here.", 1)
    age = system_clock() - last
    if age > SILENCE:
        raise CannotStart(f"the bot was last alive at {last:%Y-%m-%d %H:%M:%S} UTC.", 1)
    return max(0.0, age.total_seconds())


async def _last_beat(settings: Settings) -> datetime | None:
    reader = engine(settings.database_url, reads_only=True)
    try:
        async with Database(reader, reader).read() as tx:
            return max((await letters.beats(tx)).values(), default=None)
    finally:
        await reader.dispose()
