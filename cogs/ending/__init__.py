"""The end of a cohort: facts on one page, and everybody decides what becomes of their record."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint
    from cogs.ending.service import EndingService


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from discord import app_commands

    from bot.record.workshop import Workshop

    from .cog import EndOfCohort
    from .farewell import Farewell
    from .jobs import Messages
    from .report import ReportService
    from .report_cog import Reports, add_commands
    from .report_store import ReportStore
    from .service import EndingService
    from .store import EndingStore

    store = EndingStore()

    def actions() -> frozenset[str]:
        return bot.presses.actions

    service = EndingService(bot.db, bot.clock, store, bot.contributions, actions)
    reports = ReportService(bot.db, bot.clock, ReportStore(), store, bot.contributions, Workshop())
    farewell = Farewell(bot.db, bot.clock, store, bot.contributions)
    messages = Messages(farewell, actions)
    for kind in ("post", "mention", "letter"):
        bot.delivery.renderer(f"ending.{kind}", getattr(messages, kind))
    _contribute(bot, service)
    bot.delivery.on_undelivered("ending.letter", farewell.came_back)
    bot.errands.extend([farewell.work, reports.work])
    bot.appointments.append(farewell.next_at)
    cohort = bot.tree.get_command("cohort")
    assert isinstance(cohort, app_commands.Group)
    add_commands(cohort, service, reports)
    await bot.add_cog(EndOfCohort(service))
    await bot.add_cog(Reports(reports))


def _contribute(bot: "Stint", service: "EndingService") -> None:
    from bot.face.words import N_
    from bot.people.contributions import Reason

    give = bot.contributions
    give.reasons["ending"] = Reason(
        N_("Your cohort {cohort} ends, and you decide what becomes of your record."),
        stop=service.no_letters,
    )
    give.today.append(service.today)
    give.status.append(service.status)
    give.stored.append(service.stored)
    give.help.extend(service.help)
