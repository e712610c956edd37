"""Introductions: every round you meet somebody new from your cohort, and never hear "you again"."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint

    from .jobs import Messages
    from .rounds import Rounds
    from .service import IntroductionService
    from .staff import StaffService
    from .store import IntroductionStore
    from .telling import Telling


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from discord import app_commands

    from .cog import Introductions
    from .following import Following
    from .jobs import Messages, ServerPresence, ThreadEar
    from .rounds import Rounds
    from .service import IntroductionService
    from .staff import StaffService
    from .staff_cog import CohortIntro, IntroductionStaff
    from .store import IntroductionStore
    from .telling import Telling

    store = IntroductionStore()
    telling = Telling(store)
    presence = ServerPresence(bot, bot.clock)
    rounds = Rounds(bot.db, bot.clock, store, telling, presence, bot.solver.match)
    following = Following(bot.db, bot.clock, store, rounds, telling, ThreadEar(bot))
    service = IntroductionService(bot.db, bot.clock, store, rounds, following, bot.packs)
    staff = StaffService(bot.db, bot.clock, store, rounds)
    messages = Messages(service, staff, following, presence, bot.clock)

    _write_letters(bot, rounds, telling, messages)
    _contribute(bot, service, staff, store)
    bot.errands.append(following.work)
    bot.appointments.append(following.next_at)
    cohort = bot.tree.get_command("cohort")
    assert isinstance(cohort, app_commands.Group)
    cohort.add_command(CohortIntro(staff))
    await bot.add_cog(Introductions(service, following))
    await bot.add_cog(IntroductionStaff(staff))


def _write_letters(
    bot: "Stint", rounds: "Rounds", telling: "Telling", messages: "Messages"
) -> None:
    from .jobs import KINDS
    from .model import KIND

    bot.delivery.programme(KIND, rounds)
    bot.contributions.samples[KIND] = messages.sample
    for kind in KINDS:
        bot.delivery.renderer(f"introduction.{kind}", getattr(messages, kind))
    for kind in ("room", "welcome"):
        bot.delivery.on_undelivered(f"introduction.{kind}", telling.no_room)
    for kind in ("call", "nudge", "quiet", "middle", "last", "ended"):
        bot.delivery.on_undelivered(f"introduction.{kind}", telling.no_thread)
    bot.delivery.on_undelivered("introduction.direct", telling.no_message)


def _contribute(
    bot: "Stint",
    service: "IntroductionService",
    staff: "StaffService",
    store: "IntroductionStore",
) -> None:
    from bot.face.words import N_
    from bot.people.facts import Told, deeds

    from .model import KIND
    from .weekly import IntroductionsWeekly

    give = bot.contributions
    give.reasons[KIND] = service.reason
    give.weights = service.weights
    weekly = IntroductionsWeekly(store)
    give.digest.append(weekly.digest)
    give.week.append(weekly.week)
    give.today.append(service.today)
    give.status.append(staff.status)
    give.left.append(service.left)
    give.stop_all.append(service.stop_all)
    give.export.append(service.export)
    give.stored.append(service.stored)
    give.report.append(
        deeds(Told("introduction.met", N_("Met somebody through an introduction"), 30))
    )
    give.cloned.append(staff.cloned)
    give.erase.append(service.erase)
    give.needs.extend(service.needs)
    give.help.extend(service.help)
