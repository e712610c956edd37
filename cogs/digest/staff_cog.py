"""The /cohort digest commands, and what moderators press on an issue."""

from discord import app_commands
from discord.ext import commands

from bot.face.choosing import run_cohorts
from bot.face.forms import Form, asked, on_form, open_form
from bot.face.press import Interaction, on_press
from bot.face.replies import caller, carry_on, show
from bot.face.words import N_
from bot.knowledge.content import Section

from . import views
from .cog import number
from .model import NOTE_LIMIT, Desk
from .service import DigestService

WHICH = "Which cohort, if this server has several"
TITLE = N_("A note in this week's digest")


class NoteForm(Form):
    """The moderators' own words."""

    note: str = asked(
        N_("Your note"),
        description=N_("Everyone who can see the channel reads it. Empty takes it out."),
        long=True,
        required=False,
        most=NOTE_LIMIT,
    )


class CohortDigest(app_commands.Group, name="digest", description="The week in one message"):
    """Commands for moderators, below /cohort."""

    def __init__(self, service: DigestService) -> None:
        self._service = service
        super().__init__()

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def preview(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See the next digest exactly as it will go out, and change it."""
        found = await self._service.preview(caller(interaction, cohort))
        await show_whole(interaction, found)

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def note(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Add a note of yours to the next digest."""
        found = await self._service.preview(caller(interaction, cohort))
        await ask_note(interaction, found)

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def send(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Send this week's digest now; it goes out only once."""
        found = await self._service.send(caller(interaction, cohort))
        await show(interaction, views.staff_card(found))


class DigestStaff(commands.Cog):
    """What moderators press; who is one is checked on every press."""

    def __init__(self, service: DigestService) -> None:
        self._service = service

    @on_press("digest.see")
    async def see(self, interaction: Interaction, subject: str) -> None:
        """Show an issue."""
        found = await self._service.look_at(caller(interaction), number(subject))
        await carry_on(interaction, views.staff_card(found))

    @on_press("digest.whole")
    async def whole(self, interaction: Interaction, subject: str) -> None:
        """Show every message of an issue."""
        found = await self._service.look_at(caller(interaction), number(subject))
        await show_whole(interaction, found)

    @on_press("digest.note")
    async def note(self, interaction: Interaction, subject: str) -> None:
        """Ask for the note."""
        await ask_note(
            interaction, await self._service.look_at(caller(interaction), number(subject))
        )

    @on_form("digest.noted", NoteForm)
    async def noted(self, interaction: Interaction, subject: str, form: NoteForm) -> None:
        """Put the note in."""
        found = await self._service.change_note(caller(interaction), number(subject), form.note)
        await carry_on(interaction, views.staff_card(found))

    @on_press("digest.sections")
    async def sections(self, interaction: Interaction, subject: str) -> None:
        """Offer the sections for change."""
        found = await self._service.look_at(caller(interaction), number(subject))
        await carry_on(interaction, views.sections_card(found))

    @on_press("digest.shown")
    async def shown(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose what an issue has."""
        chosen = [section for section in Section if section.value in values]
        found = await self._service.arrange(caller(interaction), number(subject), chosen)
        await carry_on(interaction, views.sections_card(found))

    @on_press("digest.first")
    async def first(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Move a section to the top."""
        section = Section(values[0])
        found = await self._service.put_first(caller(interaction), number(subject), section)
        await carry_on(interaction, views.sections_card(found))

    @on_press("digest.keep")
    async def keep(self, interaction: Interaction, subject: str) -> None:
        """Arrange every week like this one."""
        found = await self._service.keep_sections(caller(interaction), number(subject))
        await carry_on(interaction, views.sections_card(found))

    @on_press("digest.hold")
    async def hold(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose who lets a digest go out."""
        held = values[0] == "yes"
        found = await self._service.choose_hold(caller(interaction), number(subject), hold=held)
        await carry_on(interaction, views.sections_card(found))

    @on_press("digest.skip")
    async def skip(self, interaction: Interaction, subject: str) -> None:
        """Leave a week out."""
        found = await self._service.skip(caller(interaction), number(subject))
        await carry_on(interaction, views.staff_card(found))

    @on_press("digest.back")
    async def back(self, interaction: Interaction, subject: str) -> None:
        """Let it go out after all."""
        found = await self._service.bring_back(caller(interaction), number(subject))
        await carry_on(interaction, views.staff_card(found))

    @on_press("digest.send")
    async def send(self, interaction: Interaction, subject: str) -> None:
        """Let it go out now."""
        found = await self._service.send(caller(interaction), number(subject))
        await carry_on(interaction, views.staff_card(found))


async def ask_note(interaction: Interaction, desk: Desk) -> None:
    """Open the form for the note, filled with what it says so far."""
    await open_form(
        interaction,
        NoteForm,
        "digest.noted",
        desk.issue.digest_id,
        title=TITLE,
        fill={"note": desk.issue.note},
    )


async def show_whole(interaction: Interaction, desk: Desk) -> None:
    """Show an issue with all its messages, one after another."""
    await carry_on(interaction, views.staff_card(desk))
    for more in views.more_cards(desk):
        await show(interaction, more)
