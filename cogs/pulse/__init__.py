"""Pulse: a cohort says how it is going, without anybody being able to tell who said what."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up; its commands stand under /feedback and /cohort."""
    from bot.face.words import N_
    from bot.people.contributions import Reason

    from .cog import PulseCog, commands_for
    from .jobs import Messages
    from .model import KIND
    from .service import PulseService
    from .store import PulseStore

    service = PulseService(bot.db, bot.clock, PulseStore())
    messages = Messages(service)
    bot.delivery.programme(KIND, service)
    bot.delivery.renderer("pulse.card", messages.card)
    bot.delivery.renderer("pulse.over", messages.over)
    bot.sweeps.append(service.sweep)
    bot.appointments.append(service.next_moment)
    give = bot.contributions
    give.samples[KIND] = messages.sample
    give.reasons[KIND] = Reason(N_("It belongs to the anonymous pulse of {cohort}."))
    give.today.append(service.today)
    give.status.append(service.status)
    give.cloned.append(service.cloned)
    give.stored.append(service.stored)
    give.help.extend(service.help)
    cog = PulseCog(service)
    commands_for(bot.tree, cog)
    await bot.add_cog(cog)
