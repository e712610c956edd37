"""Goals: a member says what they want to reach, how they will know, and looks back at it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from bot.face.words import N_
    from bot.people.contributions import Reason
    from bot.people.facts import Told, deeds
    from bot.people.requests import MakeGoal

    from .cog import Goals
    from .jobs import Shared
    from .service import GoalService
    from .store import GoalStore
    from .weekly import GoalWeekly

    store = GoalStore()
    service = GoalService(bot.db, bot.clock, store, bot.requests)
    bot.requests.accept(MakeGoal, service.accept)
    weekly = GoalWeekly(store)
    bot.contributions.digest.append(weekly.digest)
    bot.contributions.week.append(weekly.week)
    bot.contributions.today.append(service.today)
    bot.contributions.shown.append(service.shown)
    bot.contributions.export.append(service.export)
    bot.contributions.record.append(service.record)
    bot.contributions.stored.append(service.stored)
    bot.contributions.report.append(
        deeds(
            Told("goal.made", N_("Set a goal"), 20),
            Told("goal.done", N_("Finished a goal"), 21),
        )
    )
    bot.contributions.help.extend(service.help)
    bot.contributions.reasons["goals"] = Reason(
        N_("A member of {cohort} shared a goal they reached.")
    )
    bot.delivery.renderer("goals.shared", Shared(service).render)
    await bot.add_cog(Goals(service))
