"""A bot as small as one can be, to see the demo's world without the features in it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

MORNING = datetime(2026, 3, 5, 15, 12, tzinfo=UTC)


class Ring(ui.View):
    """A button that answers whoever presses it."""

    def __init__(self):
        super().__init__(timeout=None)

    @ui.button(label="Ring", custom_id="bell.ring:")
    async def ring(self, interaction: discord.Interaction, _button: Any):
        await interaction.response.send_message("It rang.", ephemeral=True)


class Bellringer(commands.AutoShardedBot):
    """A bot as small as one can be: it rings in #announcements at the moments it was given."""

    def __init__(self, clock: Callable[[], datetime], rings: list[datetime]):
        super().__init__("!", intents=discord.Intents(guilds=True), shard_count=1)
        self.clock, self.rings, self.rung = clock, rings, list[datetime]()
        self.delivery, self.promises = self, []
        self.tree.add_command(
            app_commands.Command(name="ring", description="Ring now", callback=self.ring)
        )

    async def setup_hook(self):
        self.add_view(Ring())
        await self.tree.sync()

    async def ring(self, interaction: discord.Interaction):
        await interaction.response.send_message("Press it.", view=Ring())

    async def next_due(self, _now: datetime | None = None) -> datetime | None:
        return min(self.rings, default=None)

    async def tick_once(self):
        now = self.clock()
        for due in [one for one in self.rings if one <= now]:
            self.rings.remove(due)
            self.rung.append(now)
            for guild in self.guilds:
                channel = discord.utils.get(guild.text_channels, name="announcements")
                assert channel is not None
                await channel.send(f"Ring at {due:%H:%M}")


class Belfry:
    """Where the small bot lives; its list of moments outlasts a restart."""

    def __init__(self):
        self.rings = [MORNING + timedelta(hours=one) for one in (1, 20, 200)]
        self.left = 0

    async def move_in(self, clock: Callable[[], datetime]) -> Bellringer:
        return Bellringer(clock, self.rings)

    async def move_out(self, bot: Bellringer):
        await bot.close()
        self.left += 1

    def clear(self):
        self.rings = [MORNING + timedelta(hours=one) for one in (1, 20, 200)]
