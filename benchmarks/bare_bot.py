"""Floor (a) of the benchmarks: the smallest discord.py bot that registers and answers a command."""

import os

import discord
import yarl
from discord.ext import commands

discord.http.Route.BASE = os.environ["STINT_DISCORD_API_BASE"]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["BARE_GATEWAY"])
bot = commands.Bot("!", intents=discord.Intents(guilds=True))
bot.setup_hook = bot.tree.sync


@bot.tree.command(description="What I can do")
async def help(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("Hello!", ephemeral=True)


bot.run(os.environ["STINT_TOKEN"], log_handler=None)
