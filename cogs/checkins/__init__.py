"""Check-ins: one question a week, asked at nine where each member lives, answered for oneself."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint

    from .service import CheckinService
    from .store import CheckinStore


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from .cog import Checkins
    from .jobs import Messages
    from .rounds import CheckinRounds
    from .service import CheckinService
    from .store import CheckinStore, wants

    store = CheckinStore()
    service = CheckinService(bot.db, bot.clock, store, bot.requests, bot.packs)
    rounds = CheckinRounds(bot.db, bot.clock, store)
    messages = Messages(service, rounds, bot.packs)
    cog = Checkins(service)

    delivery, give = bot.delivery, bot.contributions
    delivery.programme("checkin", rounds, wants)
    delivery.on_undelivered("checkin.ask", rounds.undelivered)
    for kind in ("ask", "nudge", "card", "thread", "call", "closing", "win", "blocker", "helped"):
        delivery.renderer(f"checkin.{kind}", getattr(messages, kind))
    bot.sweeps.append(rounds.remind)
    bot.appointments.append(rounds.next_reminder)
    bot.direct_messages.append(cog.hear)
    _contribute(bot, store, service)
    give.samples["checkin"] = messages.sample
    await bot.add_cog(cog)


def _contribute(bot: "Stint", store: "CheckinStore", service: "CheckinService") -> None:
    from .weekly import CheckinWeekly

    give = bot.contributions
    weekly = CheckinWeekly(store, service)
    give.reasons["checkin"] = service.reason
    give.digest.append(weekly.digest)
    give.week.append(weekly.week)
    give.today.append(service.today)
    give.status.append(service.status)
    give.shown.append(service.shown)
    give.export.append(service.export)
    give.record.append(service.record)
    give.stored.append(service.stored)
    give.report.append(service.figures)
    give.erase.append(service.erase)
    give.erase_member.append(service.erase_member)
    give.needs.extend(service.needs)
    give.help.extend(service.help)
