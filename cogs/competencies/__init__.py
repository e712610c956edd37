"""Competencies: at the start, the middle and the end, you say in your own words what you can do."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from discord import app_commands

    from .cog import Competencies
    from .service import CompetencyService
    from .store import CompetencyStore

    service = CompetencyService(bot.db, bot.clock, bot.packs, CompetencyStore(), bot.requests)
    give = bot.contributions
    give.today.append(service.today)
    give.week.append(service.week)
    give.export.append(service.export)
    give.stored.append(service.stored)
    give.help.extend(service.help)
    cog = Competencies(service)
    bot.below(
        "goal",
        app_commands.Command(
            name="competencies",
            description="Say in your own words what you can do: at the start, the middle, the end.",
            callback=cog.competencies,
        ),
    )
    await bot.add_cog(cog)
