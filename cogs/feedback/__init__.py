"""Feedback: ask somebody about one thing they saw, tell others what you saw, and look back."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint
    from bot.people.contributions import Contributions

    from .prompts import PromptService
    from .service import FeedbackService


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from .cog import FeedbackCog
    from .jobs import Messages
    from .outside import OutsideService
    from .prompts import PromptService
    from .service import FeedbackService
    from .store import FeedbackStore
    from .weekly import FeedbackWeekly

    store = FeedbackStore()
    service = FeedbackService(bot.db, bot.clock, store, bot.packs, bot.requests)
    outside = OutsideService(bot.db, bot.clock, store, bot.packs)
    prompts = PromptService(bot.db, bot.clock, store)
    messages = Messages(service, outside)

    delivery, give = bot.delivery, bot.contributions
    kinds = "ask", "reminder", "over", "ran_out", "unreachable", "arrived", "outside", "prompt"
    for kind in kinds:
        delivery.renderer(f"feedback.{kind}", getattr(messages, kind))
    delivery.on_undelivered("feedback.ask", service.undelivered)
    for part in (service, outside, prompts):
        bot.sweeps.append(part.sweep)
        give.today.append(part.today)
    bot.appointments.append(service.next_moment)
    give.week.append(FeedbackWeekly(store).week)
    explain(give, service, prompts)
    give.status.append(service.status)
    give.shown.append(service.shown)
    give.export.append(service.export)
    give.record.append(service.record)
    give.stored.append(service.stored)
    _tell_and_forget(give, service)
    give.help.extend(service.help)
    await bot.add_cog(FeedbackCog(service, outside))


def explain(give: "Contributions", service: "FeedbackService", prompts: "PromptService") -> None:
    """Say why each of the messages comes, and how to have no more of them."""
    from bot.face.words import N_
    from bot.people.contributions import Reason

    asked = Reason(N_("Somebody in {cohort} asked you for feedback."), service.ask_no_more)
    give.reasons["feedback.ask"] = asked
    give.reasons["feedback.reminder"] = asked
    give.reasons["feedback.prompt"] = Reason(
        N_("It is a good moment in your own dates in {cohort} to ask for feedback."), prompts.mute
    )
    give.reasons["feedback"] = Reason(N_("It is about feedback that you asked for, or were told."))


def _tell_and_forget(give: "Contributions", service: "FeedbackService") -> None:
    from bot.face.words import N_
    from bot.people.facts import Told, deeds

    give.report.append(
        deeds(
            Told("feedback.asked", N_("Asked for feedback"), 40),
            Told("feedback.given", N_("Gave feedback"), 41),
        )
    )
    give.erase_member.append(service.erase_member)
    give.erase.append(service.erase)
