"""Mentors: somebody with a few years more and a little time, for whoever asks for one."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint
    from bot.people.contributions import Contributions
    from cogs.mentors.service import MentorService


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from discord.app_commands import Group

    from cogs.mentors.cog import MentorDesk, Mentors
    from cogs.mentors.jobs import Messages
    from cogs.mentors.matches import MatchService
    from cogs.mentors.service import MentorService
    from cogs.mentors.store import MentorStore
    from cogs.mentors.upkeep import Upkeep

    store = MentorStore()
    service = MentorService(bot.db, bot.clock, store, bot.packs, bot.contributions)
    matches = MatchService(bot.db, bot.clock, store, bot.contributions, bot.solver)
    upkeep = Upkeep(bot.db, store)
    messages = Messages(service)

    for kind in ("paired", "agreement", "still", "again", "ended", "welcome"):
        bot.delivery.renderer(f"mentors.{kind}", getattr(messages, kind))
    bot.sweeps.append(upkeep.sweep)
    bot.appointments.append(upkeep.next_moment)
    _contribute(bot.contributions, service)
    staff = bot.tree.get_command("cohort")
    assert isinstance(staff, Group)
    staff.add_command(MentorDesk(matches))
    await bot.add_cog(Mentors(service, matches))


def _contribute(give: "Contributions", service: "MentorService") -> None:
    from bot.face.words import N_
    from bot.people.facts import Told, deeds

    give.reasons["mentors"] = service.reason
    give.mentors.append(service.mentors)
    give.left.append(service.left)
    give.today.append(service.today)
    give.guests.append(service.guest)
    give.status.append(service.status)
    give.export.append(service.export)
    give.stored.append(service.stored)
    give.report.append(deeds(Told("mentor.found", N_("Found a mentor"), 31)))
    give.erase_member.append(service.erase_member)
    give.tied.append(service.tied)
    give.erase.append(service.erase)
    give.help.extend(service.help)
