"""Digest: one good message a week for a cohort, and your own week whenever you ask for it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint

    from .service import DigestService
    from .weeks import WeekService


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up; its staff commands stand under /cohort."""
    from discord import app_commands

    from .cog import Weeks
    from .gathering import Gatherer
    from .issues import Issues
    from .jobs import Messages
    from .model import KIND
    from .service import DigestService
    from .staff_cog import CohortDigest, DigestStaff
    from .store import DigestStore
    from .weeks import WeekService

    store = DigestStore()
    gatherer = Gatherer(store, bot.packs, bot.contributions)
    issues = Issues(bot.db, bot.clock, store, gatherer)
    service = DigestService(bot.db, bot.clock, store, issues, gatherer)
    weeks = WeekService(bot.db, bot.clock, store, gatherer)
    messages = Messages(issues, service, weeks)

    bot.delivery.programme(KIND, issues)
    for kind in ("page", "card", "week"):
        bot.delivery.renderer(f"digest.{kind}", getattr(messages, kind))
    bot.contributions.samples[KIND] = messages.sample
    bot.errands.append(issues.work)
    bot.sweeps.append(weeks.sweep)
    bot.appointments += [issues.next_at, weeks.next_at]
    _contribute(bot, service, weeks)
    cohort = bot.tree.get_command("cohort")
    assert isinstance(cohort, app_commands.Group)
    cohort.add_command(CohortDigest(service))
    await bot.add_cog(Weeks(weeks))
    await bot.add_cog(DigestStaff(service))


def _contribute(bot: "Stint", service: "DigestService", weeks: "WeekService") -> None:
    from bot.face.words import N_
    from bot.people.contributions import Reason

    give = bot.contributions
    give.reasons["digest"] = Reason(N_("It is the week of {cohort} in one message."))
    give.reasons["digest.week"] = weeks.reason
    give.status.append(service.status)
    give.erase.append(service.erase)
    give.erase_member.append(service.erase_member)
    give.cloned.append(service.cloned)
    give.export.append(weeks.export)
    give.stored.append(weeks.stored)
    give.left.append(weeks.stop_all)
    give.moved.append(weeks.moved)
    give.stop_all.append(weeks.stop_all_of)
    give.help.extend([*service.help, *weeks.help])
