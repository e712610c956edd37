"""Journal: what somebody did, learned and whom they met, kept for them alone until they need it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from bot.people.requests import KeepEntry

    from .cog import Journal
    from .service import JournalService
    from .store import EntryStore

    store = EntryStore()
    service = JournalService(bot.db, bot.clock, store)
    bot.requests.accept(KeepEntry, service.accept)
    bot.sweeps.append(service.sweep)
    give = bot.contributions
    give.today.append(service.today)
    give.week.append(service.week)
    give.record.append(service.record)
    give.export.append(service.export)
    give.stored.append(service.stored)
    give.help.extend(service.help)
    cog = Journal(service)
    await bot.add_cog(cog)
    bot.tree.add_command(cog.menu())
