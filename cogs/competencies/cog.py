"""/goal competencies and the cards behind it."""

import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.face.forms import Form, asked, on_form, open_form
from bot.face.ink import png
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import N_, _

from . import views
from .model import WORDS_LIMIT, Moment
from .picture import side_by_side
from .service import CompetencyService


class WordsForm(Form):
    """What somebody says of themselves, in one field."""

    words: str = asked(
        N_("How does it go?"),
        description=N_("A line or two, with an example if you have one. You can change it later."),
        long=True,
        required=False,
        most=WORDS_LIMIT,
    )


class Competencies(commands.Cog):
    """A command below /goal, and what is pressed on its cards."""

    def __init__(self, service: CompetencyService) -> None:
        self._service = service

    @app_commands.describe(cohort="Which cohort, if you are in several")
    async def competencies(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Show what the member said at each moment."""
        page = await self._service.overview(caller(interaction, cohort))
        await show(interaction, views.overview_card(page))

    @on_press("competencies.list")
    async def list_(self, interaction: Interaction, subject: str) -> None:
        """Show all of them, or another page."""
        member_id, page = _page(subject)
        found = await self._service.overview(caller(interaction), member_id, page)
        await carry_on(interaction, views.overview_card(found))

    @on_press("competencies.picture")
    async def picture(self, interaction: Interaction, subject: str) -> None:
        """Show the three moments beside each other."""
        member_id, page = _page(subject)
        found = await self._service.overview(caller(interaction), member_id, page)
        chart = side_by_side(found)
        file = discord.File(io.BytesIO(await png(chart.svg)), views.PICTURE, description=chart.alt)
        await show(interaction, views.picture_card(found, chart), files=[file])

    @on_press("competencies.open")
    async def open(self, interaction: Interaction, subject: str) -> None:
        """Show one of them."""
        member_id, moment, competency = _one(subject)
        page = await self._service.open(caller(interaction), member_id, competency, moment)
        await carry_on(interaction, views.competency_card(page))

    @on_press("competencies.next")
    async def go_on(self, interaction: Interaction, subject: str) -> None:
        """Show the first about which nothing was said yet."""
        page = await self._service.go_on(caller(interaction), _number(subject))
        await carry_on(interaction, views.competency_card(page))

    @on_press("competencies.moment")
    async def moment(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Show it at another moment."""
        member_id, _dot, competency = subject.partition(".")
        page = await self._service.open(
            caller(interaction), _number(member_id), competency, Moment(values[0])
        )
        await redraw(interaction, views.competency_card(page))

    @on_press("competencies.choose")
    async def choose(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Keep the answer that fits."""
        member_id, moment, competency = _one(subject)
        page = await self._service.choose(
            caller(interaction), member_id, competency, moment, _number(values[0])
        )
        await redraw(interaction, views.competency_card(page))

    @on_press("competencies.write")
    async def write(self, interaction: Interaction, subject: str) -> None:
        """Ask for their own words, with those that are there."""
        member_id, moment, competency = _one(subject)
        page = await self._service.open(caller(interaction), member_id, competency, moment)
        said = page.told.get(moment)
        await open_form(
            interaction,
            WordsForm,
            "competencies.put",
            subject,
            title=N_("In your own words · only you"),
            fill={"words": said.words if said else ""},
        )

    @on_form("competencies.put", WordsForm)
    async def put(self, interaction: Interaction, subject: str, form: WordsForm) -> None:
        """Keep their own words."""
        member_id, moment, competency = _one(subject)
        page = await self._service.put(
            caller(interaction), member_id, competency, moment, form.words
        )
        await carry_on(interaction, views.competency_card(page))

    @on_press("competencies.goal")
    async def goal(self, interaction: Interaction, subject: str) -> None:
        """Make it a goal."""
        member_id, moment, competency = _one(subject)
        page = await self._service.make_goal(caller(interaction), member_id, competency, moment)
        await redraw(interaction, views.competency_card(page))


def _one(subject: str) -> tuple[int, Moment, str]:
    member_id, _dot, rest = subject.partition(".")
    moment, _dot, competency = rest.partition(".")
    return _number(member_id), Moment(moment), competency


def _page(subject: str) -> tuple[int, int]:
    member_id, _dot, page = subject.partition(".")
    return _number(member_id), _number(page or "0")


def _number(typed: str) -> int:
    return number_in(typed, _("That is gone. `/goal competencies` shows what is there now."))
