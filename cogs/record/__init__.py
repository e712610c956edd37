"""The record: what a member did becomes a document they can hand on, in the form they need."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from discord import app_commands

    from bot.record.workshop import Workshop

    from .cog import RecordCog
    from .service import RecordService

    service = RecordService(bot.db, bot.clock, bot.contributions, Workshop())
    bot.contributions.guests.append(service.left_behind)
    cog = RecordCog(service)
    bot.contributions.help.extend(service.help)
    await bot.add_cog(cog)
    journal = bot.tree.get_command("journal")
    assert isinstance(journal, app_commands.Group)
    journal.add_command(cog.export_command())
