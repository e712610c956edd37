"""Pages to read in two minutes: by topic, and behind each thing that is worth doing this week."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Put the shelf up."""
    from .cog import Guides
    from .service import GuideService

    await bot.add_cog(Guides(GuideService(bot.packs)))
