"""Journal: what somebody did, learned and whom they met, kept for them alone until they need it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint

    from .meeting import PeopleService
    from .reflecting import ReflectService
    from .service import JournalService


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from .answer_store import AnswerStore
    from .cog import Journal
    from .meeting import PeopleService
    from .people_cog import PeopleMet
    from .people_store import PersonStore
    from .reflect_cog import Reflections
    from .reflecting import ReflectService
    from .service import JournalService
    from .store import EntryStore

    service = JournalService(bot.db, bot.clock, EntryStore())
    people = PeopleService(bot.db, bot.clock, PersonStore())
    reflecting = ReflectService(bot.db, bot.clock, AnswerStore(), bot.packs, bot.requests)
    _listen(bot, service, people)
    _contribute(bot, service, people, reflecting)
    cog = Journal(service, people, reflecting)
    await bot.add_cog(cog)
    await bot.add_cog(PeopleMet(people, service))
    await bot.add_cog(Reflections(reflecting, service))
    bot.tree.add_command(cog.menu())


def _listen(bot: "Stint", service: "JournalService", people: "PeopleService") -> None:
    """Take what other features bring, and do what comes by itself."""
    from bot.people.requests import KeepEntry

    from .jobs import Messages
    from .meeting import KIND

    bot.requests.accept(KeepEntry, service.accept)
    bot.delivery.renderer(KIND, Messages(people).keep_in_touch)
    bot.sweeps += [service.sweep, people.sweep]
    bot.appointments.append(people.next_at)


def _contribute(
    bot: "Stint",
    service: "JournalService",
    people: "PeopleService",
    reflecting: "ReflectService",
) -> None:
    from bot.face.words import N_
    from bot.people.contributions import Reason
    from bot.people.facts import Told, deeds

    give = bot.contributions
    kept = Told("entry.kept", N_("Kept something in a journal"), 22)
    give.report.append(deeds(kept, by_phase=False))
    give.reasons["journal"] = Reason(
        N_("You asked me to remind you of somebody you met."), people.stop
    )
    give.today += [service.today, people.today]
    give.week += [service.week, people.week]
    give.record += [service.record, people.record]
    give.moved.append(people.moved)
    give.left.append(people.stop)
    give.export += [service.export, people.export, reflecting.export]
    give.stored.append(service.stored)
    give.erase.append(service.erase)
    give.erase_member.append(service.erase_member)
    give.help.extend([*service.help, *people.help, *reflecting.help])
