"""The /privacy commands."""

import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.face.forms import Form, asked, on_form, open_form
from bot.face.press import Interaction, on_press
from bot.face.replies import caller, carry_on, show
from bot.face.words import N_
from cogs.privacy import views
from cogs.privacy.service import PrivacyService


class DeleteForm(Form):
    """The word that deletes everything."""

    word: str = asked(
        N_("Type DELETE to delete everything"),
        description=N_("Goals, check-ins, profile, all of it, everywhere. There is no way back."),
        placeholder="DELETE",
        most=20,
    )


class Privacy(commands.GroupCog, name="privacy", description="What I keep about you"):
    """Commands about one's own data."""

    def __init__(self, service: PrivacyService) -> None:
        self._service = service
        super().__init__()

    @app_commands.command(name="show")
    async def show_(self, interaction: Interaction) -> None:
        """See what I keep about you and who reads what."""
        page = await self._service.show(caller(interaction))
        await show(interaction, views.kept_card(page))

    @app_commands.command()
    async def export(self, interaction: Interaction) -> None:
        """Get everything of yours as a file."""
        await self._hand_out(interaction)

    @on_press("privacy.export")
    async def get_record(self, interaction: Interaction, subject: str) -> None:
        """Hand out the file from another card."""
        await self._hand_out(interaction)

    async def _hand_out(self, interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        page = await self._service.export(caller(interaction))
        file = discord.File(io.BytesIO(page.content), page.filename)
        await show(interaction, views.bundle_card(page), files=[file])

    @app_commands.command()
    async def delete(self, interaction: Interaction) -> None:
        """Delete everything of yours, everywhere, at once."""
        await self._ask(interaction)

    @on_press("privacy.delete")
    async def ask_delete(self, interaction: Interaction, subject: str) -> None:
        """Ask for the word from the card."""
        await self._ask(interaction)

    async def _ask(self, interaction: Interaction) -> None:
        await open_form(
            interaction, DeleteForm, "privacy.deleted", title=N_("Delete everything · for good")
        )

    @on_form("privacy.deleted", DeleteForm)
    async def deleted(self, interaction: Interaction, subject: str, form: DeleteForm) -> None:
        """Delete everything, if the word was typed."""
        known = await self._service.delete(caller(interaction), form.word)
        await carry_on(interaction, views.deleted_card(known=known))
