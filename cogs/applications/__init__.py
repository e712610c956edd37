"""Applications: a member keeps track, for themselves alone, from saved to accepted."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from bot.face.words import N_
    from bot.people.contributions import Reason
    from bot.people.requests import TrackOpening

    from .cog import Applications
    from .importing import ImportService
    from .jobs import Messages
    from .service import ApplicationService
    from .store import ApplicationStore
    from .suggesting import SuggestionService
    from .weekly import ApplicationsWeekly

    store = ApplicationStore()
    service = ApplicationService(bot.db, bot.clock, store)
    importing = ImportService(bot.db, bot.clock, store, service)
    suggesting = SuggestionService(bot.db, bot.clock, store, service)

    bot.requests.accept(TrackOpening, service.accept)
    bot.delivery.renderer("applications.hints", Messages(suggesting).hints)
    bot.sweeps += [suggesting.sweep, importing.sweep]
    bot.appointments.append(suggesting.next_moment)
    give = bot.contributions
    give.reasons["applications"] = Reason(
        N_("You keep applications with me, and something small fits now."), suggesting.mute
    )
    give.week.append(ApplicationsWeekly(store).week)
    give.today.append(suggesting.today)
    give.moved.append(suggesting.moved)
    give.export.append(service.export)
    give.stored.append(service.stored)
    give.help.extend(service.help)
    await bot.add_cog(Applications(service, importing, suggesting))
