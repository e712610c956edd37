"""*Get my record*, and `/journal export`."""

import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import NotFound
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, show
from bot.face.words import N_, _
from bot.record.model import Form, Made

from . import views
from .model import FORMS
from .service import RecordService


class RecordCog(commands.Cog):
    """The ways to one's own record."""

    def __init__(self, service: RecordService) -> None:
        self._service = service

    def export_command(self) -> app_commands.Command["RecordCog", [str], None]:
        """Return the command that stands below `/journal`."""
        return app_commands.Command(
            name="export",
            description=N_("Get your record: PDF, Word, Markdown, JSON Résumé, JSON or a table"),
            callback=self.export,
        )

    @app_commands.describe(format="In which form; a PDF if you leave it out")
    @app_commands.choices(
        format=[app_commands.Choice(name=label, value=form.value) for form, label in FORMS.items()]
    )
    async def export(self, interaction: Interaction, format: str = Form.PDF.value) -> None:
        """Get your record from the command."""
        await self._hand_out(interaction, Form(format))

    @on_press("record.get")
    async def get(self, interaction: Interaction, subject: str) -> None:
        """Hand out the current record: as PDF, or in the form and to the person on the button."""
        form, _dot, owner = subject.partition(".")
        await self._hand_out(interaction, _form(form), _id(owner))

    async def _hand_out(self, interaction: Interaction, form: Form, owner_id: int = 0) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        page = await self._service.make(
            caller(interaction), form, interaction.filesize_limit, owner_id
        )
        first, *others = page.bundles or [()]
        await show(interaction, views.record_card(page), files=[_file(made) for made in first])
        for files in others:
            await show(interaction, views.more_card(files), files=[_file(made) for made in files])


def _file(made: Made) -> discord.File:
    return discord.File(io.BytesIO(made.content), made.filename)


def _form(typed: str) -> Form:
    """Read the form on a button; the first ones name none."""
    known = {form.value: form for form in Form}
    if typed and typed not in known:
        raise NotFound(_("That form is gone. `/me` gives you your record."))
    return known.get(typed, Form.PDF)


def _id(typed: str) -> int:
    return number_in(typed or "0", _("That form is gone. `/me` gives you your record."))
