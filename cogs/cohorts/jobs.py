"""What happens to cohorts by itself: cards are posted, lists run out, permissions are looked at."""

from datetime import datetime

import discord

from bot.delivery.outbox import Letter
from bot.face.look import Rendered
from cogs.cohorts import views
from cogs.cohorts.ground import look
from cogs.cohorts.service import CohortService


class Cards:
    """The cards that stand in a server, and the hourly look at what the bot may do there."""

    def __init__(self, bot: discord.Client, service: CohortService) -> None:
        self._bot = bot
        self._service = service

    async def welcome(self, letter: Letter) -> Rendered:
        """Return the one card of a new server."""
        return Rendered(views.welcome_card())

    async def invite(self, letter: Letter) -> Rendered | None:
        """Return the *Join* card, or None when the cohort is over."""
        cohort = await self._service.invitation(int(letter.subject["cohort_id"]))
        return Rendered(views.join_card(cohort)) if cohort else None

    async def sweep(self, now: datetime) -> None:
        """Once an hour: forget what ran out, and notice servers that changed while we were away."""
        if now.minute:
            return
        await self._service.sweep(now)
        for guild_id in await self._service.guilds():
            guild = self._bot.get_guild(guild_id)
            if guild is not None and not guild.unavailable:
                await self._service.survey(guild_id, look(guild))
