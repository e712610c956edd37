"""What feeds do by themselves: they are read, and say so when they stop."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.delivery.letters import Letter
from bot.face.look import Rendered
from bot.face.words import N_, _
from bot.people.cohorts import Cohort
from bot.people.contributions import HelpLine, Line
from bot.storage.database import Tx

from . import feed_views
from .feed_model import FeedState
from .feeds import FeedService

if TYPE_CHECKING:
    from bot.client import Stint

    from .intake import Intake
    from .telling import Telling

HELP = (
    HelpLine("/post feed add", N_("read a public list of openings by itself"), staff=True),
    HelpLine("/post import", N_("bring openings from a file"), staff=True),
)


class FeedMessages:
    """Render what is said of feeds."""

    def __init__(self, feeds: FeedService) -> None:
        self._feeds = feeds

    async def feed(self, letter: Letter) -> Rendered | None:
        """Tell the staff that a feed stopped, unless somebody started it again."""
        found = await self._feeds.of_letter(int(letter.subject["feed_id"]))
        if found is None or found.state is not FeedState.PAUSED:
            return None
        return Rendered(feed_views.paused_card(found), silent=False)

    async def status(self, tx: Tx, cohort: Cohort, now: datetime) -> list[Line]:
        """Show moderators which feeds stopped."""
        return [
            Line(
                _("The feed {host} has stopped: {why}").format(host=feed.host, why=feed.trouble),
                _("Feeds"),
                "feed.all",
                urgent=True,
            )
            for feed in await self._feeds.paused(tx, cohort)
        ]


async def add_feeds(bot: "Stint", intake: "Intake", telling: "Telling") -> None:
    """Build feeds and files from the bottom up, below /post, which has to be there."""
    from discord import app_commands

    from .feed_cog import Feeds, PostFeed, PostFiles
    from .feed_store import FeedStore
    from .files import FileService
    from .taking import Taking

    store = FeedStore()
    taking = Taking(bot.db, intake, bot.settings.feed_rows)
    feeds = FeedService(bot.db, bot.clock, store, taking, telling, bot.fetcher)
    files = FileService(bot.db, bot.clock, store, taking)
    messages = FeedMessages(feeds)
    bot.delivery.renderer("opportunity.feed", messages.feed)
    bot.contributions.status.append(messages.status)
    bot.contributions.help.extend(HELP)
    bot.errands.append(feeds.work)
    bot.appointments.append(feeds.next_at)
    post = bot.tree.get_command("post")
    assert isinstance(post, app_commands.Group)
    post.add_command(PostFeed(feeds))
    for command in PostFiles(files).commands:
        post.add_command(command)
    await bot.add_cog(Feeds(feeds, files))
