"""The /cohort commands, and what a moderator presses while a cohort runs."""

from datetime import date

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import NotFound, Refusal
from bot.face.choosing import run_cohorts
from bot.face.press import Interaction, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import _
from bot.people.contributions import Contributions
from cogs.cohorts import views, wizard_views
from cogs.cohorts.ground import look
from cogs.cohorts.service import CohortService
from cogs.cohorts.sheet import MOST_BYTES
from cogs.cohorts.steps import number, pair, show_step
from cogs.cohorts.wizard import WizardService

WHICH = "Which cohort, if this server has several"


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Cohorts(commands.GroupCog, name="cohort", description="Set up and run a cohort"):
    """Commands for moderators; who is one is checked on every call and press."""

    def __init__(
        self, service: CohortService, wizard: WizardService, contributions: Contributions
    ) -> None:
        self._service = service
        self._wizard = wizard
        self._samples = contributions.samples
        super().__init__()

    @app_commands.command()
    async def setup(self, interaction: Interaction) -> None:
        """Set up a cohort, step by step, or go on where you were."""
        await self._begin(interaction)

    @on_press("cohorts.setup")
    async def begin(self, interaction: Interaction, subject: str) -> None:
        """Start the set-up from the welcome card."""
        await self._begin(interaction)

    async def _begin(self, interaction: Interaction) -> None:
        drafts = await self._wizard.drafts(caller(interaction))
        view = wizard_views.drafts_card(drafts) if drafts else wizard_views.begin_card()
        await carry_on(interaction, view)

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def edit(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Change a cohort; you see the effect before it is saved."""
        found = await self._wizard.schedule(caller(interaction, cohort))
        if found.cohort.runs:
            await show(interaction, wizard_views.edit_card(found.cohort, found.now))
        else:
            await show_step(interaction, self._wizard, found.cohort.cohort_id)

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def status(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See what waits for you, what goes out next, and how many are in."""
        page = await self._service.status(caller(interaction, cohort), look(interaction.guild))
        await show(interaction, views.status_card(page))

    @on_press("cohorts.status")
    async def see(self, interaction: Interaction, subject: str) -> None:
        """Show the status from a card."""
        page = await self._service.status(
            caller(interaction), look(interaction.guild), number(subject)
        )
        await carry_on(interaction, views.status_card(page))

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def schedule(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See and change when things happen."""
        found = await self._wizard.schedule(caller(interaction, cohort))
        await show(interaction, wizard_views.schedule_card(found))

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def preview(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See what goes out next, before anybody else does."""
        found, sends = await self._service.preview(caller(interaction, cohort))
        await show(interaction, views.preview_card(found, sends))

    @on_press("cohorts.preview")
    async def look_ahead(self, interaction: Interaction, subject: str) -> None:
        """Show the next sends from a card."""
        found, sends = await self._service.preview(caller(interaction), number(subject))
        await carry_on(interaction, views.preview_card(found, sends))

    @on_press("cohorts.sample")
    async def sample(self, interaction: Interaction, subject: str) -> None:
        """Show the moderator, and nobody else, the next card as it will look."""
        found, sends = await self._service.preview(caller(interaction), number(subject))
        send = next((send for send in sends if send.kind in self._samples), None)
        if send is None:
            raise NotFound(_("Nothing is planned that I could show a sample of."))
        await show(interaction, await self._samples[send.kind](found, send.on(found)))

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def pause(self, interaction: Interaction, cohort: str | None = None) -> None:
        """The emergency brake: hold every message at once."""
        found, batches = await self._service.pause(caller(interaction, cohort))
        await show(interaction, views.held_card(found, batches))

    @on_press("cohorts.pause")
    async def brake(self, interaction: Interaction, subject: str) -> None:
        """Hold everything from a card."""
        found, batches = await self._service.pause(caller(interaction), number(subject))
        await carry_on(interaction, views.held_card(found, batches))

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def resume(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Let a paused cohort go on; you decide what is still sent."""
        found, batches = await self._service.held(caller(interaction, cohort))
        await show(interaction, views.held_card(found, batches))

    @on_press("cohorts.held")
    async def see_held(self, interaction: Interaction, subject: str) -> None:
        """Show what is held."""
        cohort_id, page = pair(subject)
        found, batches = await self._service.held(caller(interaction), cohort_id)
        await carry_on(interaction, views.held_card(found, batches, number(page)))

    @on_press("cohorts.keep")
    async def keep(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose what is sent after all."""
        cohort_id, page = pair(subject)
        _found, held = await self._service.held(caller(interaction), cohort_id)
        start = number(page) * views.MOST_OFFERED
        shown = [batch.key for batch in held[start : start + views.MOST_OFFERED]]
        found, batches = await self._service.keep(caller(interaction), cohort_id, values, shown)
        await redraw(interaction, views.held_card(found, batches, number(page)))

    @on_press("cohorts.resume")
    async def go_on(self, interaction: Interaction, subject: str) -> None:
        """Go on with what was chosen; the rest is dropped."""
        done = await self._service.resume(caller(interaction), number(subject))
        await redraw(interaction, views.resumed_card(*done))

    @app_commands.command()
    @app_commands.describe(date="The day to leave out, for example 24 Dec", cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def skip(self, interaction: Interaction, date: str, cohort: str | None = None) -> None:
        """Leave a holiday out."""
        done = await self._service.skip(caller(interaction, cohort), date)
        await show(interaction, views.skipped_card(*done))

    @on_press("cohorts.unskip")
    async def unskip(self, interaction: Interaction, subject: str) -> None:
        """Take a day back that was left out."""
        cohort_id, day = pair(subject)
        on = date.fromisoformat(day)
        await self._service.unskip(caller(interaction), cohort_id, on)
        await redraw(interaction, views.unskipped_card(on))

    @app_commands.command()
    @app_commands.describe(channel="Where; the announcements if you say nothing", cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def invite(
        self,
        interaction: Interaction,
        channel: discord.TextChannel | None = None,
        cohort: str | None = None,
    ) -> None:
        """Post the Join card."""
        if channel is not None:
            _check_channel(interaction, channel)
        channel_id = channel.id if channel else None
        done = await self._service.invite(caller(interaction, cohort), channel_id)
        await show(interaction, views.invited_card(*done))

    @on_press("cohorts.invite")
    async def post_card(self, interaction: Interaction, subject: str) -> None:
        """Post the Join card in the announcements."""
        done = await self._service.invite(caller(interaction), None, number(subject))
        await carry_on(interaction, views.invited_card(*done))

    @on_press("cohorts.what")
    async def what(self, interaction: Interaction, subject: str) -> None:
        """Explain the Join card to anybody."""
        found = await self._service.invitation(number(subject))
        await show(interaction, views.what_card(found))

    @on_press("cohorts.about")
    async def about(self, interaction: Interaction, subject: str) -> None:
        """Say what the bot does here to anybody."""
        await show(interaction, views.about_card())

    @app_commands.command(name="import")
    @app_commands.describe(roster="A CSV file: discord_id or username, name, team, …", cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def import_(
        self, interaction: Interaction, roster: discord.Attachment, cohort: str | None = None
    ) -> None:
        """Read a list of people, to prefill what they would type when they join."""
        if roster.size > MOST_BYTES:
            raise Refusal(_("That file is larger than 2 MB. A list of 5,000 people is smaller."))
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self._service.read_roster(caller(interaction, cohort), await roster.read())
        await show(interaction, views.import_card(found))

    @on_press("cohorts.import")
    async def take(self, interaction: Interaction, subject: str) -> None:
        """Import what was read."""
        done = await self._service.take_roster(caller(interaction), number(subject))
        await redraw(interaction, views.imported_card(*done))

    @on_press("cohorts.unread")
    async def put_aside(self, interaction: Interaction, subject: str) -> None:
        """Forget a file that was read."""
        await self._service.leave_roster(caller(interaction), number(subject))
        await redraw(interaction, views.put_aside_card())

    @on_press("cohorts.missing")
    async def missing(self, interaction: Interaction, subject: str) -> None:
        """List who of the roster has not joined."""
        cohort_id, page = pair(subject)
        found = await self._service.missing(caller(interaction), cohort_id, number(page))
        await carry_on(interaction, views.missing_card(found))

    @on_press("cohorts.log")
    async def log(self, interaction: Interaction, subject: str) -> None:
        """Show what moderators did."""
        found = await self._service.history(caller(interaction), number(subject))
        await carry_on(interaction, views.log_card(*found))

    @on_press("cohorts.mend")
    async def mend(self, interaction: Interaction, subject: str) -> None:
        """Look at the permissions again; a blocked cohort goes on once they fit."""
        cohort_id = number(subject)
        left = await self._service.mend(caller(interaction), cohort_id, look(interaction.guild))
        found = await self._wizard.get(caller(interaction), cohort_id)
        await carry_on(interaction, views.mended_card(found, left))

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Post one silent card where the bot may."""
        await self._service.survey(guild.id, look(guild))
        target = _first_open_channel(guild)
        if target is not None:
            await self._service.welcome(guild.id, target.id, guild.me.joined_at)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Hold what was meant for a server that took the bot out."""
        await self._service.survey(guild.id, look(None))

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Notice at once when a channel that is needed has gone."""
        await self._service.survey(channel.guild.id, look(channel.guild))

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """Notice permissions that were taken or given back in a channel."""
        await self._service.survey(after.guild.id, look(after.guild))

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Notice permissions that were taken or given back for the whole server."""
        if before.permissions != after.permissions:
            await self._service.survey(after.guild.id, look(after.guild))


def _check_channel(interaction: Interaction, channel: discord.TextChannel) -> None:
    """Refuse a channel the bot may not post in, before a letter is written for it."""
    assert interaction.guild is not None
    mine = channel.permissions_for(interaction.guild.me)
    if not (mine.view_channel and mine.send_messages):
        raise Refusal(
            _(
                "I may not write in {channel}. Open the channel's *Edit → Permissions*, add me and "
                "allow *View Channel* and *Send Messages*."
            ).format(channel=channel.mention)
        )


def _first_open_channel(guild: discord.Guild) -> discord.TextChannel | None:
    system = guild.system_channel
    channels = ([system] if system else []) + guild.text_channels
    for channel in channels:
        mine = channel.permissions_for(guild.me)
        if mine.view_channel and mine.send_messages:
            return channel
    return None
