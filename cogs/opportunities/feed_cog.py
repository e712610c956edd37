"""/post feed, /post import and /post export, and what moderators press on them."""

import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.face.look import clip, plain
from bot.face.press import Interaction, on_press
from bot.face.replies import caller, carry_on, redraw, show

from . import feed_views
from .feed_model import Goes
from .feeds import FeedService
from .files import FileService
from .listings import Format
from .model import CATEGORIES, SPONSORSHIP, Filter
from .posting_cog import number

WHICH = "Which cohort, if this server has several"
FORMATS = [
    app_commands.Choice(name="listings.json", value=Format.LISTINGS.value),
    app_commands.Choice(name="CSV table", value=Format.CSV.value),
    app_commands.Choice(name="RSS or Atom", value=Format.SYNDICATED.value),
]
INTO = [
    app_commands.Choice(name="the queue, for approval", value=Goes.QUEUE.value),
    app_commands.Choice(name="straight to the members, silently", value=Goes.OPEN.value),
]
WHAT = [
    app_commands.Choice(name="open ones", value="open"),
    app_commands.Choice(name="all of them, the closed ones too", value="all"),
]


class PostFeed(app_commands.Group, name="feed", description="Lists that are read by themselves"):
    """Commands for moderators, below /post."""

    def __init__(self, feeds: FeedService) -> None:
        self._feeds = feeds
        super().__init__()

    @app_commands.command()
    @app_commands.describe(
        url="Where the list is: listings.json, RSS, Atom or a CSV table",
        format="What it is written in; I look for myself if you say nothing",
        into="Where what it brings goes; the queue if you say nothing",
        text="Only openings with these words",
        term="Only this study term, for example Summer 2026",
        place="Only this place",
        remote="Only remote ones",
        category="Only this category",
        visa="Only with this about visa and work permit",
        cohort=WHICH,
    )
    @app_commands.choices(
        format=FORMATS,
        into=INTO,
        category=[app_commands.Choice(name=each, value=each) for each in CATEGORIES],
        visa=[app_commands.Choice(name=each, value=each) for each in SPONSORSHIP],
    )
    async def add(
        self,
        interaction: Interaction,
        url: str,
        format: str | None = None,
        into: str = Goes.QUEUE.value,
        text: app_commands.Range[str, 0, 80] = "",
        term: app_commands.Range[str, 0, 60] = "",
        place: app_commands.Range[str, 0, 60] = "",
        remote: bool = False,
        category: str = "",
        visa: str = "",
        cohort: str | None = None,
    ) -> None:
        """Read a list of openings by itself; you see first what it would bring."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        wanted = Filter(text, term, place, remote, category, visa, open_only=False)
        known = Format(format) if format else None
        page = await self._feeds.add(caller(interaction, cohort), url, known, Goes(into), wanted)
        await show(interaction, feed_views.trial_card(page))

    @app_commands.command(name="list")
    async def list_(self, interaction: Interaction) -> None:
        """See which lists are read, and how that goes."""
        found = await self._feeds.all(caller(interaction))
        await show(interaction, feed_views.feeds_card(*found))

    @app_commands.command()
    @app_commands.describe(feed="Which feed; type a part of its address")
    async def remove(self, interaction: Interaction, feed: str) -> None:
        """Read a list no more; what it brought stays."""
        removed = await self._feeds.remove(caller(interaction), number(feed))
        await show(interaction, feed_views.removed_card(*removed))

    @remove.autocomplete("feed")
    async def feed_choices(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the feeds of this server."""
        found = await self._feeds.choices(caller(interaction), current)
        return [
            app_commands.Choice(name=clip(plain(each.url), 100), value=str(each.feed_id))
            for each in found[:25]
        ]


class PostFiles(app_commands.Group, name="files", description="Lists as files"):
    """Where /post import and /post export are declared; they stand directly below /post."""

    def __init__(self, files: FileService) -> None:
        self._files = files
        super().__init__()

    @app_commands.command(name="import")
    @app_commands.describe(
        file="listings.json, a CSV table, RSS or Atom; you see first what it would bring",
        cohort=WHICH,
    )
    async def import_(
        self, interaction: Interaction, file: discord.Attachment, cohort: str | None = None
    ) -> None:
        """Import openings from a file."""
        asker = caller(interaction, cohort)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._files.may_import(asker, file.size)
        found = await self._files.look(asker, file.filename, await file.read())
        await show(interaction, feed_views.import_card(found))

    @app_commands.command()
    @app_commands.describe(
        format="listings.json if you say nothing", what="Which ones", cohort=WHICH
    )
    @app_commands.choices(format=FORMATS[:2], what=WHAT)
    async def export(
        self,
        interaction: Interaction,
        format: str = Format.LISTINGS.value,
        what: str = "open",
        cohort: str | None = None,
    ) -> None:
        """Get the openings of this server as a file."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        export = await self._files.export(
            caller(interaction, cohort), Format(format), all=what == "all"
        )
        file = discord.File(io.BytesIO(export.content), export.name)
        await show(interaction, feed_views.export_card(export), files=[file])


class Feeds(commands.Cog):
    """What moderators press on feeds and files; who is one is checked on every press."""

    def __init__(self, feeds: FeedService, files: FileService) -> None:
        self._feeds = feeds
        self._files = files

    @on_press("feed.all")
    async def all(self, interaction: Interaction, subject: str) -> None:
        """List the feeds."""
        found = await self._feeds.all(caller(interaction))
        await carry_on(interaction, feed_views.feeds_card(*found))

    @on_press("feed.see")
    async def see(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Show one feed."""
        page = await self._feeds.look_at(caller(interaction), number(values[0]))
        await carry_on(interaction, feed_views.feed_card(page))

    @on_press("feed.start")
    async def start(self, interaction: Interaction, subject: str) -> None:
        """Read a feed from now on."""
        await _wait(interaction)
        page = await self._feeds.start(caller(interaction), number(subject))
        await carry_on(interaction, feed_views.feed_card(page))

    @on_press("feed.check")
    async def check(self, interaction: Interaction, subject: str) -> None:
        """Read a feed at once."""
        await _wait(interaction)
        page = await self._feeds.check_now(caller(interaction), number(subject))
        await carry_on(interaction, feed_views.feed_card(page))

    @on_press("feed.stop")
    async def stop(self, interaction: Interaction, subject: str) -> None:
        """Read a feed no more for now."""
        page = await self._feeds.stop(caller(interaction), number(subject))
        await carry_on(interaction, feed_views.feed_card(page))

    @on_press("feed.remove")
    async def remove(self, interaction: Interaction, subject: str) -> None:
        """Forget a feed."""
        removed = await self._feeds.remove(caller(interaction), number(subject))
        await carry_on(interaction, feed_views.removed_card(*removed))

    @on_press("feed.leave")
    async def leave(self, interaction: Interaction, subject: str) -> None:
        """Leave a list that was only looked at."""
        await self._feeds.remove(caller(interaction), number(subject))
        await carry_on(interaction, feed_views.left_card())

    @on_press("listing.queue")
    async def queue(self, interaction: Interaction, subject: str) -> None:
        """Take what a file lists into the queue."""
        await self._take(interaction, subject, Goes.QUEUE)

    @on_press("listing.take")
    async def take(self, interaction: Interaction, subject: str) -> None:
        """Post what a file lists."""
        await self._take(interaction, subject, Goes.OPEN)

    async def _take(self, interaction: Interaction, subject: str, goes: Goes) -> None:
        await _wait(interaction)
        done = await self._files.take(caller(interaction), number(subject), goes)
        await carry_on(interaction, feed_views.imported_card(done))

    @on_press("listing.forget")
    async def forget(self, interaction: Interaction, subject: str) -> None:
        """Forget a file."""
        await self._files.put_aside(caller(interaction), number(subject))
        await redraw(interaction, feed_views.forgotten_card())


async def _wait(interaction: Interaction) -> None:
    """Say at once that it takes a moment; what follows replaces the card or comes beside it."""
    message = interaction.message
    if message is not None and message.flags.ephemeral:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)
