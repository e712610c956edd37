"""Why: every automatic message says why it came, and stops when somebody wants it to."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from cogs.why.cog import Why
    from cogs.why.service import WhyService

    await bot.add_cog(Why(WhyService(bot.db, bot.clock, bot.contributions)))
