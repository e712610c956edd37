"""Opportunities: openings that fit you, found before their deadline, none dead and none twice."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint

    from .hygiene import Hygiene
    from .jobs import Messages
    from .queue import QueueService
    from .readers import ReaderService
    from .service import PostingService
    from .store import PostingStore
    from .telling import Telling


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
    from .feed_jobs import add_feeds
    from .finding_jobs import add_finding
    from .intake import Intake
    from .service import PostingService
    from .store import PostingStore
    from .telling import Telling

    store = PostingStore()
    telling = Telling(store)
    service = PostingService(bot.db, bot.clock, store, telling)
    await add_finding(bot, store, telling)
    await _posting(bot, store, telling, service)
    await add_feeds(bot, Intake(store, telling), telling)


async def _posting(
    bot: "Stint", store: "PostingStore", telling: "Telling", service: "PostingService"
) -> None:
    """What moderators post and decide, and what members press on it."""
    from .hygiene import Hygiene
    from .jobs import Messages
    from .posting_cog import Openings
    from .queue import QueueService
    from .readers import ReaderService
    from .staff_cog import Post, PostQueue

    queue = QueueService(bot.db, bot.clock, store, telling)
    readers = ReaderService(bot.db, bot.clock, store, telling, bot.requests)
    hygiene = Hygiene(bot.db, bot.clock, store, telling)
    messages = Messages(service, queue, readers, bot.clock)
    _write_letters(bot, telling, messages)
    _contribute(bot, queue, readers, hygiene)
    await bot.add_cog(Post(service, queue))
    await bot.add_cog(PostQueue(queue, service))
    await bot.add_cog(Openings(readers, queue))


def _write_letters(bot: "Stint", telling: "Telling", messages: "Messages") -> None:
    from .jobs import KINDS

    for kind in KINDS:
        bot.delivery.renderer(f"opportunity.{kind}", getattr(messages, kind))
    for kind in ("post", "batch"):
        bot.delivery.on_undelivered(f"opportunity.{kind}", telling.no_post)


def _contribute(
    bot: "Stint", queue: "QueueService", readers: "ReaderService", hygiene: "Hygiene"
) -> None:
    from bot.face.words import N_
    from bot.people.contributions import HelpLine, Reason
    from bot.people.facts import Told, deeds

    from .weekly import OpeningsWeekly
    from .weekly_store import WeeklyStore

    bot.sweeps.append(hygiene.sweep)
    bot.appointments.append(hygiene.next_at)
    give = bot.contributions
    give.reasons["opportunity"] = Reason(N_("A moderator of {cohort} posts openings here."))
    give.reasons["opportunity.answer"] = Reason(N_("You suggested this opening."))
    give.reasons["opportunity.deadline"] = Reason(
        N_("You saved this opening, and its deadline is near."), readers.no_reminders
    )
    give.status.append(queue.status)
    give.today.append(queue.today)
    weekly = OpeningsWeekly(WeeklyStore())
    give.digest.append(weekly.digest)
    give.week.append(weekly.week)
    give.export.append(readers.export)
    give.stored.append(readers.stored)
    give.report.append(deeds(Told("opportunity.saved", N_("Saved an opening"), 51)))
    give.report.append(readers.figures)
    give.erase.append(readers.erase)
    give.help.append(HelpLine("/post opportunity", N_("post an opening, or several"), staff=True))
    give.help.append(HelpLine("/post queue", N_("answer what members suggested"), staff=True))
