"""The playbook: what is worth doing just now, said once at the right moment."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from bot.people.contributions import Reason

    from .cog import Playbook
    from .jobs import Cards
    from .model import CALL, KIND
    from .rounds import PlaybookRounds
    from .service import REASON, PlaybookService
    from .store import PlaybookStore

    store = PlaybookStore()
    service = PlaybookService(
        bot.db, bot.clock, store, bot.packs, bot.requests, lambda: bot.presses.actions
    )
    rounds = PlaybookRounds(bot.db, bot.clock, store, bot.packs)

    delivery, give = bot.delivery, bot.contributions
    cards = Cards(service)
    delivery.renderer(KIND, cards.card)
    delivery.renderer(CALL, cards.call)
    for kind in (KIND, CALL):
        delivery.on_undelivered(kind, rounds.undelivered)
    bot.sweeps.append(rounds.sweep)
    bot.appointments.append(rounds.next_moment)
    give.reasons["playbook"] = Reason(REASON, rounds.mute)
    give.deeds = service.deeds
    give.today.append(service.today)
    give.week.append(service.in_week)
    give.left.append(rounds.left)
    give.export.append(service.export)
    give.stored.append(service.stored)
    await bot.add_cog(Playbook(service))
