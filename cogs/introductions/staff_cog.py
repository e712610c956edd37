"""The /cohort intro commands, and what moderators press on a preview."""

from discord import app_commands
from discord.ext import commands

from bot.face.choosing import run_cohorts
from bot.face.forms import Form, asked, on_form, open_form
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, show
from bot.face.words import N_, _

from . import staff_views
from .model import Preview
from .staff import StaffService

WHICH = "Which cohort, if this server has several"
TITLE = N_("What counts, 0 to 100")


class WeightsForm(Form):
    """What a cohort finds important when people are brought together."""

    other_team: str = asked(N_("Another team"), most=3)
    interests: str = asked(N_("Shared interests"), most=3)
    hours: str = asked(N_("Overlapping hours"), most=3)
    curiosity: str = asked(N_("Work they'd like to understand"), most=3)
    since_met: str = asked(N_("Long since they met"), most=3)


class CohortIntro(app_commands.Group, name="intro", description="Who meets whom"):
    """Commands for moderators, below /cohort."""

    def __init__(self, staff: StaffService) -> None:
        self._staff = staff
        super().__init__()

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def preview(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See who meets whom next, and why; change it before anybody is told."""
        found = await self._staff.preview(caller(interaction, cohort))
        await show(interaction, staff_views.preview_card(found))

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def run(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Draw a round now; it goes out when you approve it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self._staff.run(caller(interaction, cohort))
        await show(interaction, staff_views.preview_card(found))

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def report(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See how many met in the latest round, without names."""
        found = await self._staff.report(caller(interaction, cohort))
        await show(interaction, staff_views.report_card(found))


class IntroductionStaff(commands.Cog):
    """What moderators press; who is one is checked on every press."""

    def __init__(self, staff: StaffService) -> None:
        self._staff = staff

    @on_press("introductions.preview")
    async def preview(self, interaction: Interaction, subject: str) -> None:
        """Show a round."""
        found = await self._staff.look_at(caller(interaction), _id(subject))
        await self._show(interaction, found)

    @on_press("introductions.page")
    async def page(self, interaction: Interaction, subject: str) -> None:
        """Show another page of a round."""
        round_id, page = _pair(subject)
        await self._show(
            interaction, await self._staff.look_at(caller(interaction), round_id, page)
        )

    async def _show(self, interaction: Interaction, found: Preview) -> None:
        await carry_on(interaction, staff_views.preview_card(found))

    @on_press("introductions.draw")
    async def draw(self, interaction: Interaction, subject: str) -> None:
        """Draw a round that was only announced."""
        await _wait(interaction)
        await self._show(interaction, await self._staff.draw_now(caller(interaction), _id(subject)))

    @on_press("introductions.redraw")
    async def redraw(self, interaction: Interaction, subject: str) -> None:
        """Draw a round with another seed."""
        await _wait(interaction)
        await self._show(interaction, await self._staff.redraw(caller(interaction), _id(subject)))

    @on_press("introductions.apart")
    async def apart(self, interaction: Interaction, subject: str) -> None:
        """Ask who should not meet this time."""
        round_id, page = _pair(subject)
        found = await self._staff.look_at(caller(interaction), round_id, page)
        await carry_on(interaction, staff_views.separate_card(found))

    @on_press("introductions.separate")
    async def separate(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Keep the people of a group apart."""
        await _wait(interaction)
        found = await self._staff.separate(caller(interaction), _id(subject), _id(values[0]))
        await self._show(interaction, found)

    @on_press("introductions.omit")
    async def omit(self, interaction: Interaction, subject: str) -> None:
        """Ask who is left out this time."""
        found = await self._staff.look_at(caller(interaction), _id(subject))
        assert found.round is not None
        await carry_on(interaction, staff_views.leave_out_card(found.round.round_id))

    @on_press("introductions.left_out")
    async def left_out(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Leave somebody out."""
        await _wait(interaction)
        found = await self._staff.leave_out(caller(interaction), _id(subject), int(values[0]))
        await self._show(interaction, found)

    @on_press("introductions.approve")
    async def approve(self, interaction: Interaction, subject: str) -> None:
        """Let a round go out."""
        await self._show(interaction, await self._staff.approve(caller(interaction), _id(subject)))

    @on_press("introductions.off")
    async def call_off(self, interaction: Interaction, subject: str) -> None:
        """Call a round off."""
        await self._show(interaction, await self._staff.call_off(caller(interaction), _id(subject)))

    @on_press("introductions.settings")
    async def settings(self, interaction: Interaction, subject: str) -> None:
        """Show how a cohort is introduced."""
        found = await self._staff.settings(caller(interaction), _id(subject))
        await carry_on(interaction, staff_views.settings_card(*found))

    @on_press("introductions.size")
    async def size(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose how many meet."""
        found = await self._staff.choose(caller(interaction), _id(subject), size=_id(values[0]))
        await carry_on(interaction, staff_views.settings_card(*found, _("Saved.")))

    @on_press("introductions.hold")
    async def hold(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose whether rounds wait for approval."""
        held = values[0] == "yes"
        found = await self._staff.choose(caller(interaction), _id(subject), hold=held)
        await carry_on(interaction, staff_views.settings_card(*found, _("Saved.")))

    @on_press("introductions.weights")
    async def weights(self, interaction: Interaction, subject: str) -> None:
        """Ask what counts."""
        _cohort, chosen = await self._staff.settings(caller(interaction), _id(subject))
        fill = {name: getattr(chosen.weights, name) for name in WeightsForm.model_fields}
        await open_form(
            interaction, WeightsForm, "introductions.weighed", _id(subject), title=TITLE, fill=fill
        )

    @on_form("introductions.weighed", WeightsForm)
    async def weighed(self, interaction: Interaction, subject: str, form: WeightsForm) -> None:
        """Save what counts."""
        found = await self._staff.choose(
            caller(interaction), _id(subject), weights=form.model_dump()
        )
        await carry_on(interaction, staff_views.settings_card(*found, _("Saved.")))


async def _wait(interaction: Interaction) -> None:
    """Say at once that it takes a moment; what follows replaces the card or comes beside it."""
    message = interaction.message
    if message is not None and message.flags.ephemeral:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)


def _id(subject: str) -> int:
    return number_in(subject, _("That is gone. `/cohort intro preview` shows what is there now."))


def _pair(subject: str) -> tuple[int, int]:
    first, _dash, second = subject.partition("-")
    return _id(first), _id(second or "0")
