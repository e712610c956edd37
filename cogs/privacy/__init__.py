"""Privacy: what is kept about somebody in plain words, all of it as a file, and none of it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from bot.delivery import outbox
    from cogs.privacy.cog import Privacy
    from cogs.privacy.service import PrivacyService
    from cogs.privacy.store import TraceStore

    service = PrivacyService(bot.db, bot.clock, TraceStore(), bot.contributions)
    bot.contributions.erase.append(outbox.forget)
    bot.contributions.help.extend(service.help)
    await bot.add_cog(Privacy(service))
