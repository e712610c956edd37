"""/report, and *Report a problem* on every card that brings people together."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.face.choosing import own_cohorts
from bot.face.forms import Form, asked, on_form, open_form
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import N_, _, ngettext
from cogs.safety import views
from cogs.safety.model import TEXT_LIMIT, What
from cogs.safety.service import SafetyService


class TalkForm(Form):
    """Why somebody would like to talk; it may stay empty."""

    text: str = asked(
        N_("What happened?"),
        description=N_("As much or as little as you like. It may stay empty."),
        long=True,
        required=False,
        most=TEXT_LIMIT,
    )


class ContentForm(Form):
    """What was written where."""

    text: str = asked(
        N_("What was written, and where?"),
        description=N_("A link helps: hold the message, then *Copy Message Link*."),
        long=True,
        most=TEXT_LIMIT,
    )


class Safety(commands.Cog):
    """The way to help."""

    def __init__(self, service: SafetyService) -> None:
        self._service = service

    @app_commands.command()
    @app_commands.describe(
        member="Whom it is about, if it is about somebody",
        cohort="Which cohort, if you are in several",
    )
    @app_commands.autocomplete(cohort=own_cohorts)
    async def report(
        self,
        interaction: Interaction,
        member: discord.User | None = None,
        cohort: str | None = None,
    ) -> None:
        """Talk to a coordinator, report something written, or stop contact with somebody."""
        other_id = member.id if member else None
        page = await self._service.begin(caller(interaction, cohort), other_id=other_id)
        await show(interaction, views.desk_card(page))

    @on_press("safety.report")
    async def report_card(self, interaction: Interaction, subject: str) -> None:
        """Begin from a card that brought people together."""
        page = await self._service.begin(caller(interaction), subject or "card")
        await show(interaction, views.desk_card(page))

    @on_press("safety.desk")
    async def desk(self, interaction: Interaction, subject: str) -> None:
        """Return to the first card."""
        page = await self._service.desk(caller(interaction), _id(subject))
        await redraw(interaction, views.desk_card(page))

    @on_press("safety.readers")
    async def readers(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose who may read it."""
        wanted = [_id(value) for value in values]
        page = await self._service.choose_readers(caller(interaction), _id(subject), wanted)
        await redraw(interaction, views.desk_card(page))

    @on_press("safety.about")
    async def about(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Say whom it is about."""
        other_id = _id(values[0]) if values else None
        page = await self._service.name_person(caller(interaction), _id(subject), other_id)
        await redraw(interaction, views.desk_card(page))

    @on_press("safety.talk")
    async def talk(self, interaction: Interaction, subject: str) -> None:
        """Open the form that asks for a coordinator."""
        await self._open(interaction, subject, TalkForm, "safety.talked")

    @on_press("safety.content")
    async def content(self, interaction: Interaction, subject: str) -> None:
        """Open the form about something written."""
        await self._open(interaction, subject, ContentForm, "safety.shown")

    async def _open(
        self, interaction: Interaction, subject: str, model: type[Form], form: str
    ) -> None:
        page = await self._service.desk(caller(interaction), _id(subject))
        n = len(page.report.readers)
        title = ngettext("Read by {n} person", "Read by {n} people", n).format(n=n)
        await open_form(interaction, model, form, _id(subject), title=title)

    @on_form("safety.talked", TalkForm)
    async def talked(self, interaction: Interaction, subject: str, form: TalkForm) -> None:
        """Send it."""
        await self._send(interaction, subject, What.TALK, form.text)

    @on_form("safety.shown", ContentForm)
    async def shown(self, interaction: Interaction, subject: str, form: ContentForm) -> None:
        """Send what was written."""
        await self._send(interaction, subject, What.CONTENT, form.text)

    async def _send(self, interaction: Interaction, subject: str, what: What, text: str) -> None:
        report = await self._service.send(caller(interaction), _id(subject), what, text)
        await carry_on(interaction, views.sent_card(report))

    @on_press("safety.stop")
    async def stop(self, interaction: Interaction, subject: str) -> None:
        """Ask once before contact is stopped."""
        page = await self._service.desk(caller(interaction), _id(subject))
        await redraw(interaction, views.stop_card(page))

    @on_press("safety.stopped")
    async def stopped(self, interaction: Interaction, subject: str) -> None:
        """Stop contact and tell nobody."""
        page = await self._service.stop_contact(caller(interaction), _id(subject))
        await redraw(interaction, views.stopped_card(page))

    @on_press("safety.stop_tell")
    async def stop_tell(self, interaction: Interaction, subject: str) -> None:
        """Stop contact, and open the form that tells the coordinators."""
        await self._service.stop_contact(caller(interaction), _id(subject))
        await self._open(interaction, subject, TalkForm, "safety.stop_told")

    @on_form("safety.stop_told", TalkForm)
    async def stop_told(self, interaction: Interaction, subject: str, form: TalkForm) -> None:
        """Tell the coordinators about a stop."""
        await self._send(interaction, subject, What.STOP, form.text)

    @on_press("safety.allow")
    async def allow(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Take a stop back."""
        page = await self._service.allow_contact(caller(interaction), _id(subject), _id(values[0]))
        await redraw(interaction, views.desk_card(page))

    @on_press("safety.waiting")
    async def waiting(self, interaction: Interaction, subject: str) -> None:
        """List what waits for a named contact."""
        page = await self._service.waiting(caller(interaction), _id(subject))
        await show(interaction, views.waiting_card(page))

    @on_press("safety.read")
    async def read(self, interaction: Interaction, subject: str) -> None:
        """Show a report to one of its readers."""
        report = await self._service.read(caller(interaction), _id(subject))
        await show(interaction, views.read_card(report))

    @on_press("safety.take")
    async def take(self, interaction: Interaction, subject: str) -> None:
        """Say that somebody has it."""
        report = await self._service.take(caller(interaction), _id(subject))
        await redraw(interaction, views.read_card(report))

    @on_press("safety.close")
    async def close(self, interaction: Interaction, subject: str) -> None:
        """Say that it is dealt with."""
        report = await self._service.close(caller(interaction), _id(subject))
        await redraw(interaction, views.read_card(report))


def _id(subject: str) -> int:
    return number_in(subject, _("That is gone. `/report` starts again."))
