"""Talk to Discord without going online as the bot: to try a token and to look around."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import aiohttp
import discord
from discord.http import Route

from bot.config import Settings
from bot.errors import LOCKED, CannotStart

PERMISSIONS: Final = (
    "view_channel",
    "send_messages",
    "send_messages_in_threads",
    "create_public_threads",
    "create_private_threads",
    "manage_threads",
    "read_message_history",
    "attach_files",
    "embed_links",
)
"""What the bot asks for when it is invited: never Administrator."""

TO_CREATE: Final = ("manage_channels", "manage_roles")
"""What it needs besides, only where a moderator lets it create channels and roles."""


def use_api(settings: Settings) -> None:
    """Reach Discord's REST API where the operator says."""
    Route.BASE = settings.api_base
    # Nobody misses voice, so nobody needs to read that it is not there.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def invite_link(application_id: int, *more: str) -> str:
    """Return the link that adds the bot to a server with exactly what it needs."""
    names = dict.fromkeys((*PERMISSIONS, *more), True)
    return discord.utils.oauth_url(
        application_id,
        permissions=discord.Permissions(**names),
        scopes=("bot", "applications.commands"),
    )


@contextmanager
def plainly(settings: Settings) -> Generator[None]:
    """Turn what Discord or the network refuses into one line for the operator."""
    try:
        yield
    except discord.LoginFailure as error:
        raise CannotStart(
            "Discord does not accept the token. Copy it again from the developer portal (Bot, "
            "Reset Token), then run `stint init`."
        ) from error
    except discord.RateLimited as error:
        raise CannotStart(
            f"Discord asks to wait {error.retry_after:.0f} seconds before the next try.", LOCKED
        ) from error
    except discord.HTTPException as error:
        raise CannotStart(
            f"Discord answered {error.status} at {settings.api_base}. Try again in a while.", LOCKED
        ) from error
    except (aiohttp.ClientError, discord.GatewayNotFound, TimeoutError, ConnectionError) as error:
        raise CannotStart(
            f"Discord cannot be reached at {settings.api_base}. Check the network, the proxy and "
            "STINT_DISCORD_API_BASE.",
            LOCKED,
        ) from error


@asynccontextmanager
async def signed_in(settings: Settings) -> AsyncGenerator[discord.Client]:
    """Sign in with the token, REST only: nobody sees the bot come online."""
    use_api(settings)
    token = settings.need_token()
    client = discord.Client(intents=discord.Intents(guilds=True))
    try:
        with plainly(settings):
            await client.login(token)
            yield client
    finally:
        await client.close()
