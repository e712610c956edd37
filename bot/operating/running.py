"""`stint run`: the bot on Discord, from the first line of the log to a clean stop."""

import asyncio
import contextlib
import logging
import signal
from importlib.metadata import version

import discord

from bot import logs
from bot.client import House, Stint
from bot.clockwork.clock import system_clock
from bot.config import Settings
from bot.errors import CannotStart
from bot.operating.discord_door import plainly, use_api
from bot.operating.rooms import opened, packs_of
from bot.storage import whole

log = logging.getLogger(__name__)

WRONG_SETTINGS = {
    4010: "STINT_SHARD_IDS and STINT_SHARD_COUNT do not fit each other.",
    4011: "The bot is in so many servers that Discord asks for shards: set STINT_SHARD_COUNT.",
    4014: "Discord refuses the members intent. Switch it on in the developer portal, or set "
    "STINT_MEMBERS_INTENT to false.",
}
"""What Discord's closing codes mean for the operator."""


async def run(settings: Settings) -> None:
    """Run until SIGTERM or Ctrl-C; what was being sent is finished first."""
    token = settings.need_token()
    logs.configure(settings.log_format, hide=[token])
    use_api(settings)
    packs = packs_of(settings)
    for problem in packs.problems:
        log.warning("a pack was skipped: %s", problem)
    async with opened(settings) as db:
        log.info("starting %s on SQLite %s", version("stint"), whole.SQLITE)
        bot = Stint(House(settings, db, system_clock, packs))
        async with contextlib.AsyncExitStack() as stack:
            if settings.health_port is not None:
                from bot import health

                await stack.enter_async_context(
                    health.served(settings.health_port, db, system_clock, bot.is_ready)
                )
            with plainly(settings):
                await _until_told(bot)
    log.info("stopped")


async def _until_told(bot: Stint) -> None:
    """Serve until a signal comes; both ways out are clean."""
    serving = asyncio.ensure_future(bot.serve())
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, serving.cancel)
    try:
        await serving
        if bot.delivery.failure is not None:
            raise bot.delivery.failure
    except asyncio.CancelledError:
        log.info("told to stop")
    except discord.ConnectionClosed as closed:
        if closed.code not in WRONG_SETTINGS:
            raise
        raise CannotStart(WRONG_SETTINGS[closed.code]) from closed
    finally:
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(name)
