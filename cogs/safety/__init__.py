"""Safety: bring something to the people a cohort names for it, or stop contact with somebody."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from bot.face.words import N_
    from bot.people.contributions import Reason
    from cogs.safety.cog import Safety
    from cogs.safety.jobs import Letters
    from cogs.safety.service import SafetyService
    from cogs.safety.store import ReportStore

    service = SafetyService(bot.db, bot.clock, ReportStore())
    letters = Letters(service)
    bot.contributions.today.append(service.today)
    bot.contributions.status.append(service.status)
    bot.contributions.export.append(service.export)
    bot.contributions.stored.append(service.stored)
    bot.contributions.erase.append(service.erase)
    bot.contributions.help.extend(service.help)
    bot.contributions.reasons["safety"] = Reason(
        N_("Somebody asked for a coordinator, and you are part of that conversation.")
    )
    bot.delivery.renderer("safety.report", letters.report)
    bot.delivery.renderer("safety.waiting", letters.waiting)
    bot.delivery.renderer("safety.taken", letters.taken)
    bot.delivery.on_undelivered("safety.report", service.report_came_back)
    bot.sweeps.append(service.sweep)
    await bot.add_cog(Safety(service))
