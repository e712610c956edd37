"""The /kudos command, and *Say thank you* on other cards."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.face.forms import Form, asked, on_form, open_form
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import N_, _

from . import views
from .model import TEXT_LIMIT, KudosPage
from .service import KudosService


class KudosForm(Form):
    """Thanks for one thing."""

    text: str = asked(
        N_("Thank you for…"),
        description=N_("They read it first and decide whether the cohort does too."),
        long=True,
        most=TEXT_LIMIT,
    )


class KudosCog(commands.GroupCog, name="kudos", description="Thank somebody"):
    """Commands about kudos."""

    def __init__(self, service: KudosService) -> None:
        self._service = service
        super().__init__()

    @app_commands.command()
    @app_commands.rename(what="for")
    @app_commands.describe(
        member="Whom",
        what="What you thank them for; they read it first",
        cohort="Which cohort, if you are in several",
    )
    async def give(
        self,
        interaction: Interaction,
        member: discord.User,
        what: app_commands.Range[str, 1, TEXT_LIMIT],
        cohort: str | None = None,
    ) -> None:
        """Thank somebody for one thing they did."""
        page = await self._service.give(
            caller(interaction, cohort), member.id, what, is_bot=member.bot
        )
        await show(interaction, _told(page, what))

    @on_press("kudos.begin")
    async def begin(self, interaction: Interaction, subject: str) -> None:
        """Open the form from a card that somebody deserves thanks for."""
        await self._service.check(caller(interaction), _id(subject))
        await open_form(
            interaction, KudosForm, "kudos.given", _id(subject), title=N_("Say thank you")
        )

    @on_form("kudos.given", KudosForm)
    async def given(self, interaction: Interaction, subject: str, form: KudosForm) -> None:
        """Bring thanks from a form."""
        page = await self._service.give(caller(interaction), _id(subject), form.text)
        await show(interaction, _told(page, form.text))

    @on_press("kudos.read")
    async def read(self, interaction: Interaction, subject: str) -> None:
        """Show kudos to the person they are for."""
        page = await self._service.read(caller(interaction), _id(subject))
        await carry_on(interaction, views.kudos_card(page))

    @on_press("kudos.keep")
    async def keep(self, interaction: Interaction, subject: str) -> None:
        """Keep kudos for oneself."""
        page = await self._service.keep(caller(interaction), _id(subject))
        await redraw(interaction, views.kudos_card(page))

    @on_press("kudos.preview")
    async def preview(self, interaction: Interaction, subject: str) -> None:
        """Show what sharing would say, and to whom."""
        page = await self._service.read(caller(interaction), _id(subject))
        await redraw(interaction, views.share_preview(page))

    @on_press("kudos.share")
    async def share(self, interaction: Interaction, subject: str) -> None:
        """Share kudos with the cohort."""
        page = await self._service.share(caller(interaction), _id(subject))
        await redraw(interaction, views.kudos_card(page))

    @on_press("kudos.journal")
    async def journal(self, interaction: Interaction, subject: str) -> None:
        """Keep kudos in the journal."""
        entry_id = await self._service.to_journal(caller(interaction), _id(subject))
        await show(interaction, views.journal_card(entry_id))


def _told(page: KudosPage | None, text: str) -> views.View:
    return views.sent_card(page) if page else views.copy_card(text)


def _id(typed: str) -> int:
    return number_in(typed, _("Those kudos are gone."))
