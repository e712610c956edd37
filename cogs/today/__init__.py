"""Today: one panel with what is worth doing now, and the way to everything else."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from cogs.today.cog import Today
    from cogs.today.service import TodayService

    service = TodayService(bot.db, bot.clock, bot.packs, bot.contributions)
    bot.contributions.help.extend(service.help)
    await bot.add_cog(Today(service))
