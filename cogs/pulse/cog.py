"""/feedback pulse and /cohort pulse: ask a cohort, answer without a name, read what was said."""

from typing import Any

from discord import app_commands
from discord.ext import commands

from bot.face.forms import Form, Question, asked, on_form, open_form
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import N_, _

from . import views
from .model import GOING, TEXT_LIMIT, Item, Said
from .service import PulseService

WHICH = "Which cohort, if you are in several"


class PulseForm(Form):
    """How it is going, what helps, what should change."""

    going: str = asked(N_("How is it going for you here?"), choices=GOING, radio=True)
    helps: str = asked(N_("What helps?"), long=True, required=False, most=TEXT_LIMIT)
    change: str = asked(
        N_("What should change?"),
        description=N_("Leave out names and details that only you could know."),
        long=True,
        required=False,
        most=TEXT_LIMIT,
    )


class PulseCog(commands.Cog):
    """What is pressed and sent around a pulse."""

    def __init__(self, service: PulseService) -> None:
        self._service = service

    async def look(self, interaction: Interaction, cohort: str | None) -> None:
        """Show the open pulse, or what the last one said."""
        found = await self._service.look(caller(interaction, cohort))
        await carry_on(interaction, _seen(found))

    @on_press("pulse.look")
    async def look_again(self, interaction: Interaction, subject: str) -> None:
        """Show it from a card."""
        await self.look(interaction, subject)

    @on_press("pulse.answer")
    async def answer(self, interaction: Interaction, subject: str) -> None:
        """Open the form, with its readers printed in it."""
        page = await self._service.begin(caller(interaction), _id(subject))
        question = Question(
            N_("How is it going for you here?"),
            views.form_note(page.pulse),
            least=1,
            choices=GOING,
            radio=True,
        )
        await open_form(
            interaction,
            PulseForm,
            "pulse.answered",
            page.pulse.pulse_id,
            title=N_("Pulse · anonymous"),
            asks={"going": question},
        )

    @on_form("pulse.answered", PulseForm, anonymous=True)
    async def answered(self, interaction: Interaction, subject: str, form: PulseForm) -> None:
        """Keep the words, and nothing about who sent them."""
        said = [(Item.GOING, form.going), (Item.HELPS, form.helps), (Item.CHANGE, form.change)]
        page = await self._service.answer(caller(interaction), _id(subject), said)
        await carry_on(interaction, views.thanks_card(page))

    @on_press("pulse.read")
    async def read(self, interaction: Interaction, subject: str) -> None:
        """Show what was said."""
        number, _dash, page = subject.partition("-")
        at = int(page) if page.isdecimal() else 0
        said = await self._service.results(caller(interaction), _id(number), at)
        await carry_on(interaction, views.results_card(said))

    async def desk(self, interaction: Interaction, cohort: str | None) -> None:
        """Show a moderator how the pulse is set."""
        desk = await self._service.desk(caller(interaction, cohort))
        await show(interaction, views.desk_card(desk))

    @on_press("pulse.start")
    async def start(self, interaction: Interaction, subject: str) -> None:
        """Ask the cohort now."""
        desk = await self._service.start(caller(interaction), _id(subject))
        await redraw(interaction, views.desk_card(desk))

    @on_press("pulse.threshold")
    async def threshold(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Set from how many answers on it is shown."""
        desk = await self._service.set_threshold(caller(interaction), _id(subject), _id(values[0]))
        await redraw(interaction, views.desk_card(desk))

    @on_press("pulse.repeat")
    async def repeat(self, interaction: Interaction, subject: str) -> None:
        """Have it every four weeks, or no more."""
        number, _dash, on = subject.partition("-")
        desk = await self._service.repeat(caller(interaction), _id(number), on=on == "1")
        await redraw(interaction, views.desk_card(desk))


def commands_for(tree: Any, cog: PulseCog) -> None:
    """Put the commands where people look for them: under /feedback and /cohort."""

    @app_commands.describe(cohort=WHICH)
    async def pulse(interaction: Interaction, cohort: str | None = None) -> None:
        await cog.look(interaction, cohort)

    @app_commands.describe(cohort="Which cohort, if this server has several")
    async def ask(interaction: Interaction, cohort: str | None = None) -> None:
        await cog.desk(interaction, cohort)

    words = "Say how it is going here, without your name."
    tree.get_command("feedback").add_command(
        app_commands.Command(name="pulse", description=words, callback=pulse)
    )
    words = "Ask the cohort how it is going, anonymously."
    tree.get_command("cohort").add_command(
        app_commands.Command(name="pulse", description=words, callback=ask)
    )


def _seen(found: Any) -> views.View:
    if found is None:
        return views.nothing_card()
    return views.results_card(found) if isinstance(found, Said) else views.member_card(found)


def _id(typed: str) -> int:
    return number_in(typed, _("That pulse is gone."))
