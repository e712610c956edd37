"""Cohorts: a moderator sets one up on a Sunday evening, and it runs itself with a brake at hand."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from bot.face.words import N_
    from bot.people.contributions import ChannelNeed, Reason
    from cogs.cohorts.cog import Cohorts
    from cogs.cohorts.jobs import Cards
    from cogs.cohorts.model import PLACES
    from cogs.cohorts.service import CohortService
    from cogs.cohorts.steps import Steps
    from cogs.cohorts.store import CohortStore
    from cogs.cohorts.wizard import WizardService

    store = CohortStore()
    service = CohortService(bot.db, bot.clock, store, bot.contributions)
    wizard = WizardService(bot.db, bot.clock, store, bot.contributions)
    cards = Cards(bot, service)
    bot.contributions.joined.append(service.joined)
    bot.contributions.export.append(service.export)
    bot.contributions.stored.append(service.stored)
    bot.contributions.erase.append(service.erase)
    bot.contributions.erase_member.append(service.erase_member)
    bot.contributions.tied.append(service.tied)
    bot.contributions.help.extend(service.help)
    bot.contributions.needs.extend(
        ChannelNeed(place.field, place.permissions, "a cohort needs it there") for place in PLACES
    )
    bot.contributions.reasons["cohorts"] = Reason(
        N_("A moderator set me up here; this card stands once and sends nothing by itself.")
    )
    bot.delivery.renderer("cohorts.welcome", cards.welcome)
    bot.delivery.renderer("cohorts.invite", cards.invite)
    bot.sweeps.append(cards.sweep)
    await bot.add_cog(Cohorts(service, wizard, bot.contributions))
    await bot.add_cog(Steps(wizard))
