"""Kudos: thank somebody for one thing they did; they decide whether anybody else reads it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from bot.face.words import N_
    from bot.people.contributions import Reason
    from bot.people.facts import Told, deeds

    from .cog import KudosCog
    from .jobs import Messages
    from .service import KudosService
    from .store import KudosStore
    from .weekly import KudosWeekly

    store = KudosStore()
    service = KudosService(bot.db, bot.clock, store, bot.requests)
    weekly = KudosWeekly(store)
    messages = Messages(service)
    bot.delivery.renderer("kudos.arrived", messages.arrived)
    bot.delivery.renderer("kudos.shared", messages.shared)
    give = bot.contributions
    give.reasons["kudos"] = Reason(N_("Somebody in {cohort} thanked somebody."))
    give.digest.append(weekly.digest)
    give.week.append(weekly.week)
    give.today.append(service.today)
    give.export.append(service.export)
    give.record.append(service.record)
    give.stored.append(service.stored)
    give.report.append(deeds(Told("kudos.given", N_("Thanked somebody"), 42)))
    give.erase_member.append(service.erase_member)
    give.erase.append(service.erase)
    give.help.extend(service.help)
    await bot.add_cog(KudosCog(service))
