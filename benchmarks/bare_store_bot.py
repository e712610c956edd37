"""Floor (b) of the benchmarks: floor (a) that keeps one row durably before it answers."""

import os

import aiosqlite
import discord
import yarl
from discord.ext import commands

discord.http.Route.BASE = os.environ["STINT_DISCORD_API_BASE"]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["BARE_GATEWAY"])


class Bot(commands.Bot):
    async def setup_hook(self) -> None:
        self.db = await aiosqlite.connect(os.environ["BARE_DATABASE"], isolation_level=None)
        await self.db.execute("PRAGMA journal_mode = WAL")
        await self.db.execute("PRAGMA synchronous = FULL")
        await self.db.execute("CREATE TABLE IF NOT EXISTS goal (user_id INTEGER, title TEXT)")
        await self.tree.sync()


bot = Bot("!", intents=discord.Intents(guilds=True))


@bot.tree.command(description="Keep a goal")
async def keep(interaction: discord.Interaction) -> None:
    row = (interaction.user.id, "Ship the first pull request")
    await bot.db.execute("INSERT INTO goal VALUES (?, ?)", row)
    await interaction.response.send_message("Kept.", ephemeral=True)


bot.run(os.environ["STINT_TOKEN"], log_handler=None)
