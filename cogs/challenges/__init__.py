"""Challenges: once a week a small step that nobody asked for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint
    from bot.people.contributions import Report


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from bot.people.contributions import Reason

    from .cards import ChallengeCards
    from .cog import Challenges
    from .jobs import Messages
    from .model import KIND, SHARED
    from .service import REASON, SHARED_REASON, ChallengeService
    from .store import ChallengeStore

    store = ChallengeStore()
    service = ChallengeService(bot.db, bot.clock, store, bot.packs, bot.requests)
    cards = ChallengeCards(bot.db, bot.clock, store, service)
    messages = Messages(service)

    delivery, give = bot.delivery, bot.contributions
    delivery.renderer(KIND, messages.card)
    delivery.renderer(SHARED, messages.shared)
    bot.sweeps.append(cards.sweep)
    bot.appointments.append(cards.next_moment)
    give.reasons["challenge"] = Reason(SHARED_REASON)
    give.reasons[KIND] = Reason(REASON, service.want_none)
    give.today.append(service.today)
    give.week.append(service.in_week)
    give.digest.append(service.digest)
    give.record.append(service.record)
    give.report.append(_in_report())
    give.export.append(service.export)
    give.stored.append(service.stored)
    give.help.extend(service.help)
    await bot.add_cog(Challenges(service))


def _in_report() -> "Report":
    from bot.face.words import N_
    from bot.people.facts import Told, deeds

    return deeds(Told("challenge.done", N_("Did a weekly challenge"), 23), by_phase=False)
