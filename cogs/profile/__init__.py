"""Profile: joining in three taps, being reached, pausing, leaving, and what others may read."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from bot.face.words import N_
    from bot.people.contributions import Reason
    from cogs.profile.cog import ProfileCog
    from cogs.profile.jobs import Hello
    from cogs.profile.service import ProfileService
    from cogs.profile.store import EnrolmentStore

    service = ProfileService(bot.db, bot.clock, EnrolmentStore(), bot.contributions)
    hello = Hello(service)
    bot.contributions.export.append(service.export)
    bot.contributions.stored.append(service.stored)
    bot.contributions.help.extend(service.help)
    bot.contributions.reasons["profile.hello"] = Reason(
        N_("You joined {cohort} and chose direct messages; this one shows that they reach you.")
    )
    bot.delivery.renderer("profile.hello", hello.render)
    bot.delivery.on_undelivered("profile.hello", service.hello_came_back)
    bot.sweeps.append(service.sweep)
    await bot.add_cog(ProfileCog(service))
