"""Open an installation: its key, its database brought up to date, its packs and features."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from bot.client import House, Stint
from bot.clockwork.clock import system_clock
from bot.config import Settings
from bot.knowledge.packs import SHIPPED, Packs
from bot.storage import sealed, whole
from bot.storage.database import Database, engine
from bot.storage.sealed import Keyring
from bot.storage.tables import everything
from bot.storage.upgrade import upgrade


async def made_ready(settings: Settings) -> Keyring:
    """Bring the database up to date and return its key.

    A key is made only where there is no database yet that it could belong to.
    """
    file = settings.database_file
    fresh = not file.exists() or file.stat().st_size == 0
    ring = Keyring.open(settings.key_file, create=fresh)
    await upgrade(settings.database_url)
    return ring


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Database]:
    """Open the database to work on it; no other process may have it."""
    ring = await made_ready(settings)
    everything()
    async with Database.open(settings.database_url, ring) as db:
        async with db.read() as tx:
            await whole.key_fits(tx)
        yield db


@asynccontextmanager
async def watched(settings: Settings) -> AsyncGenerator[Database]:
    """Open the database only to look, also while the bot runs."""
    sealed.use(Keyring.open(settings.key_file, create=False))
    everything()
    reader = engine(settings.database_url, reads_only=True)
    try:
        yield Database(reader, reader)
    finally:
        await reader.dispose()


def packs_of(settings: Settings) -> Packs:
    """Read what Stint brings and what the operator added."""
    return Packs.load(SHIPPED, [settings.packs] if settings.packs else [])


@asynccontextmanager
async def features(settings: Settings, db: Database) -> AsyncGenerator[Stint]:
    """Load every feature without going online, to ask what it needs or holds."""
    bot = Stint(House(settings, db, system_clock, packs_of(settings)))
    try:
        await bot.load_features()
        yield bot
    finally:
        await bot.http.close()
