"""/me and /help."""

from discord import app_commands
from discord.ext import commands

from bot.face.choosing import own_cohorts
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import _
from cogs.today import views
from cogs.today.service import TodayService


class Today(commands.Cog):
    """The two commands that lead everywhere."""

    def __init__(self, service: TodayService) -> None:
        self._service = service

    @app_commands.command()
    @app_commands.describe(cohort="Which cohort, if you are in several")
    @app_commands.autocomplete(cohort=own_cohorts)
    async def me(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See what is worth doing this week, and everything of yours."""
        page = await self._service.panel(caller(interaction, cohort))
        await show(interaction, views.me_card(page))

    @on_press("today.me")
    async def open_me(self, interaction: Interaction, subject: str) -> None:
        """Show the panel from another card."""
        page = await self._service.panel(caller(interaction), _maybe(subject))
        await carry_on(interaction, views.me_card(page))

    @on_press("today.cohort")
    async def cohort(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Show the panel of another cohort."""
        page = await self._service.panel(caller(interaction), _maybe(values[0]))
        await redraw(interaction, views.me_card(page))

    @on_press("today.how")
    async def how(self, interaction: Interaction, subject: str) -> None:
        """Show this week's actions in full."""
        page = await self._service.how(caller(interaction), _maybe(subject))
        await carry_on(interaction, views.how_card(page))

    @on_press("today.more")
    async def more(self, interaction: Interaction, subject: str) -> None:
        """Show what found no room on the panel."""
        member_id, _dot, number = subject.partition(".")
        page = await self._service.panel(caller(interaction), _maybe(member_id))
        await carry_on(interaction, views.more_card(page, _maybe(number) or 0))

    @on_press("today.discard")
    async def discard(self, interaction: Interaction, subject: str) -> None:
        """Show a draft before it is thrown away."""
        draft = await self._service.draft(caller(interaction), _maybe(subject) or 0)
        await carry_on(interaction, views.discard_card(draft))

    @on_press("today.toss")
    async def toss(self, interaction: Interaction, subject: str) -> None:
        """Throw a draft away."""
        page = await self._service.toss(caller(interaction), _maybe(subject) or 0)
        await carry_on(interaction, views.me_card(page))

    @app_commands.command()
    async def help(self, interaction: Interaction) -> None:
        """See what you can do here."""
        page = self._service.commands(caller(interaction))
        await show(interaction, views.help_card(page))

    @on_press("today.help")
    async def open_help(self, interaction: Interaction, subject: str) -> None:
        """Show the help from another card."""
        page = self._service.commands(caller(interaction))
        await carry_on(interaction, views.help_card(page))

    @on_press("today.staff")
    async def staff(self, interaction: Interaction, subject: str) -> None:
        """Show the moderators' commands to a moderator."""
        page = await self._service.staff_commands(caller(interaction))
        await carry_on(interaction, views.help_card(page))


def _maybe(subject: str) -> int | None:
    if not subject:
        return None
    return number_in(subject, _("That is gone. `/me` shows what is there now."))
