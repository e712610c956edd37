"""Reminders: say when and what, in your own words; it comes at that moment, once or again."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from bot.face.words import N_
    from bot.people.contributions import Reason
    from bot.people.requests import RemindMe

    from .cog import Reminders
    from .jobs import Messages
    from .rounds import Rounds
    from .service import ReminderService
    from .store import ReminderStore

    store = ReminderStore()
    service = ReminderService(bot.db, bot.clock, store)
    rounds = Rounds(bot.db, store)
    messages = Messages(service)
    for kind in ("due", "several", "call", "room", "hello"):
        bot.delivery.renderer(f"reminders.{kind}", getattr(messages, kind))
    for kind in ("reminders.due", "reminders.several"):
        bot.delivery.on_undelivered(kind, rounds.undelivered)
    bot.sweeps.append(rounds.sweep)
    bot.appointments.append(rounds.next_moment)
    bot.promises.append(rounds.next_moment)
    bot.requests.accept(RemindMe, service.accept)
    give = bot.contributions
    give.reasons["reminders"] = Reason(N_("You asked me to remind you."), service.stop)
    give.today.append(service.today)
    give.week.append(service.week)
    give.left.append(service.stop)
    give.moved.append(rounds.moved)
    give.export.append(service.export)
    give.stored.append(service.stored)
    give.help.extend(service.help)
    await bot.add_cog(Reminders(service))
