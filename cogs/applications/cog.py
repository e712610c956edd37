"""The /application commands and every button around an application."""

import io
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import Refusal
from bot.face.forms import Form, asked, on_form, open_form
from bot.face.ink import png
from bot.face.look import clip, plain
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import N_, _

from . import views
from .importing import ImportService
from .model import (
    COMPANY_LIMIT,
    NOTE_LIMIT,
    STATUSES,
    TITLE_LIMIT,
    URL_LIMIT,
    Answer,
    HintKind,
    Shelf,
    Stats,
    Status,
)
from .service import ApplicationService, Typed
from .sheet import MOST_BYTES
from .suggesting import SuggestionService

WHICH = "Which cohort, if you are in several"
STATUS_CHOICES = [
    app_commands.Choice(name=label, value=status.value) for status, label in STATUSES.items()
]
TEXT_LIMIT = 40


class ApplicationForm(Form):
    """An application in five questions, two of them required."""

    company: str = asked(N_("Company"), most=COMPANY_LIMIT)
    title: str = asked(
        N_("Job title"), placeholder=N_("Software intern, summer 2027"), most=TITLE_LIMIT
    )
    url: str = asked(
        N_("Link to the posting"), placeholder="https://", required=False, most=URL_LIMIT
    )
    deadline: str = asked(
        N_("Apply by"),
        placeholder=N_("2026-12-24, in 3 weeks, next friday"),
        required=False,
        most=40,
    )
    note: str = asked(
        N_("Note"),
        description=N_("Who told you, which résumé you sent, what you want to ask."),
        long=True,
        required=False,
        most=NOTE_LIMIT,
    )


class NoteForm(Form):
    """A line about an application."""

    text: str = asked(N_("What happened, or what is next?"), long=True, most=NOTE_LIMIT)


class InterviewForm(Form):
    """The day and hour of an interview."""

    day: str = asked(
        N_("Which day?"),
        description=N_("Leave it empty to forget the day."),
        placeholder=N_("2026-12-24, next friday"),
        required=False,
        most=40,
    )
    wall: str = asked(
        N_("At what time, on your own clock?"),
        placeholder=N_("14:30"),
        required=False,
        most=10,
    )


class Applications(
    commands.GroupCog, name="application", description="Where your applications stand; only you"
):
    """Commands about applications."""

    def __init__(
        self,
        service: ApplicationService,
        importing: ImportService,
        suggesting: SuggestionService,
    ) -> None:
        self._service = service
        self._importing = importing
        self._suggesting = suggesting
        super().__init__()

    # --- adding

    @app_commands.command()
    @app_commands.describe(
        status="Where it stands",
        on="Since when, if not today: 2026-03-02, last friday",
        cohort=WHICH,
    )
    @app_commands.choices(status=STATUS_CHOICES)
    async def add(
        self,
        interaction: Interaction,
        status: str = "saved",
        on: str | None = None,
        cohort: str | None = None,
    ) -> None:
        """Keep an opening you like, or an application you sent."""
        subject = f"{Status(status).value}/{clip(on or '', 30)}/{clip(cohort or '', 40)}"
        await self._ask(interaction, subject)

    @on_press("applications.new")
    async def new(self, interaction: Interaction, subject: str) -> None:
        """Open the form of a new application from a card."""
        await self._ask(interaction, "saved//")

    async def _ask(self, interaction: Interaction, subject: str) -> None:
        title = N_("New application · only you")
        await open_form(interaction, ApplicationForm, "applications.add", subject, title=title)

    @on_form("applications.add", ApplicationForm)
    async def added(self, interaction: Interaction, subject: str, form: ApplicationForm) -> None:
        """Save a new application."""
        status, on, cohort = subject.split("/", 2)
        page = await self._service.add(
            caller(interaction, cohort or None), _typed(form), Status(status), on
        )
        await show(interaction, views.application_card(page, added=True))

    # --- looking

    @app_commands.command(name="list")
    @app_commands.describe(
        status="Only those that stand here", text="Only those with these words", cohort=WHICH
    )
    @app_commands.choices(status=STATUS_CHOICES)
    async def list_(
        self,
        interaction: Interaction,
        status: str | None = None,
        text: str | None = None,
        cohort: str | None = None,
    ) -> None:
        """See where each of your applications stands."""
        shelf = Shelf.named(status or "open", plain(text or "")[:TEXT_LIMIT])
        board = await self._service.look_at(caller(interaction, cohort), shelf)
        await show(interaction, views.board_card(board))

    @on_press("applications.list")
    async def turn(self, interaction: Interaction, subject: str) -> None:
        """Show another page of the board."""
        key, _dash, rest = (subject or "open-0-").partition("-")
        page, _dash, text = rest.partition("-")
        number = int(page) if page.isdecimal() else 0
        board = await self._service.look_at(caller(interaction), Shelf.named(key, text), number)
        await carry_on(interaction, views.board_card(board))

    @on_press("applications.shelf")
    async def shelf(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Show another part of the board."""
        board = await self._service.look_at(caller(interaction), Shelf.named(values[0]))
        await redraw(interaction, views.board_card(board))

    @on_press("applications.open")
    async def choose(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Show the application that was chosen on the board."""
        page = await self._service.get(caller(interaction), _id(values[0]))
        await redraw(interaction, views.application_card(page))

    @on_press("applications.show")
    async def open(self, interaction: Interaction, subject: str) -> None:
        """Show one application."""
        page = await self._service.get(caller(interaction), _id(subject))
        await carry_on(interaction, views.application_card(page))

    # --- moving

    @app_commands.command()
    @app_commands.describe(
        application="Which application", to="Where it stands now", on="Since when, if not today"
    )
    @app_commands.choices(to=STATUS_CHOICES)
    async def move(
        self, interaction: Interaction, application: str, to: str, on: str | None = None
    ) -> None:
        """Say where an application stands now."""
        page = await self._service.move(caller(interaction), _id(application), Status(to), on or "")
        await show(interaction, views.application_card(page))

    @on_press("applications.move")
    async def moved(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Move an application on its card."""
        page = await self._service.move(caller(interaction), _id(subject), Status(values[0]))
        await redraw(interaction, views.application_card(page))

    @on_press("applications.silent")
    async def silent(self, interaction: Interaction, subject: str) -> None:
        """Move an application to "no reply", because its member says so."""
        page = await self._service.move(caller(interaction), _id(subject), Status.NO_REPLY)
        await carry_on(interaction, views.application_card(page))

    @on_press("applications.undo")
    async def undo(self, interaction: Interaction, subject: str) -> None:
        """Take the latest step back."""
        number, _dash, move = subject.partition("-")
        page = await self._service.undo(caller(interaction), _id(number), _id(move))
        await redraw(interaction, views.application_card(page))

    # --- changing

    @app_commands.command()
    @app_commands.describe(application="Which application")
    async def note(self, interaction: Interaction, application: str) -> None:
        """Write a line about an application."""
        await self._ask_note(interaction, application)

    @on_press("applications.note")
    async def ask_note(self, interaction: Interaction, subject: str) -> None:
        """Ask for a line from the card."""
        await self._ask_note(interaction, subject)

    async def _ask_note(self, interaction: Interaction, subject: str) -> None:
        page = await self._service.get(caller(interaction), _id(subject))
        number = page.application.application_id
        title = N_("Note · only you")
        await open_form(interaction, NoteForm, "applications.noted", number, title=title)

    @on_form("applications.noted", NoteForm)
    async def noted(self, interaction: Interaction, subject: str, form: NoteForm) -> None:
        """Save a line."""
        page = await self._service.note(caller(interaction), _id(subject), form.text)
        await carry_on(interaction, views.application_card(page))

    @on_press("applications.edit")
    async def edit(self, interaction: Interaction, subject: str) -> None:
        """Open the form of an application, filled."""
        one = (await self._service.get(caller(interaction), _id(subject))).application
        fill: dict[str, Any] = {
            "company": one.company,
            "title": one.title,
            "url": one.url,
            "deadline": one.deadline_on.isoformat() if one.deadline_on else "",
        }
        await open_form(
            interaction,
            ApplicationForm,
            "applications.edited",
            one.application_id,
            title=N_("Edit · only you"),
            fill=fill,
        )

    @on_form("applications.edited", ApplicationForm)
    async def edited(self, interaction: Interaction, subject: str, form: ApplicationForm) -> None:
        """Save a changed application."""
        page = await self._service.edit(caller(interaction), _id(subject), _typed(form))
        await carry_on(interaction, views.application_card(page))

    @on_press("applications.when")
    async def when(self, interaction: Interaction, subject: str) -> None:
        """Ask when the interview is."""
        one = (await self._service.get(caller(interaction), _id(subject))).application
        fill: dict[str, Any] = {
            "day": one.interview_on.isoformat() if one.interview_on else "",
            "wall": f"{one.interview_wall:%H:%M}" if one.interview_wall else "",
        }
        await open_form(
            interaction,
            InterviewForm,
            "applications.interview",
            one.application_id,
            title=N_("Interview · only you"),
            fill=fill,
        )

    @on_form("applications.interview", InterviewForm)
    async def interview(self, interaction: Interaction, subject: str, form: InterviewForm) -> None:
        """Keep when the interview is."""
        page = await self._service.set_interview(
            caller(interaction), _id(subject), form.day, form.wall
        )
        await carry_on(interaction, views.application_card(page))

    @on_press("applications.remove")
    async def remove(self, interaction: Interaction, subject: str) -> None:
        """Ask before an application is forgotten."""
        page = await self._service.get(caller(interaction), _id(subject))
        await redraw(interaction, views.remove_card(page))

    @on_press("applications.removed")
    async def removed(self, interaction: Interaction, subject: str) -> None:
        """Forget an application."""
        one = await self._service.remove(caller(interaction), _id(subject))
        await redraw(interaction, views.removed_card(one))

    # --- suggestions

    @on_press("applications.hints")
    async def hints(self, interaction: Interaction, subject: str) -> None:
        """List what could be done now."""
        page = await self._suggesting.show(caller(interaction))
        await carry_on(interaction, views.hints_card(page))

    @on_press("applications.words")
    async def words(self, interaction: Interaction, subject: str) -> None:
        """Show a note to copy."""
        number, kind = _hint(subject)
        page = await self._service.get(caller(interaction), number)
        await carry_on(interaction, views.words_card(page, kind))

    @on_press("applications.done")
    async def done(self, interaction: Interaction, subject: str) -> None:
        """Keep that a suggestion was followed."""
        await self._answer(interaction, subject, Answer.DONE)

    @on_press("applications.dismiss")
    async def dismiss(self, interaction: Interaction, subject: str) -> None:
        """Put a suggestion away."""
        await self._answer(interaction, subject, Answer.DISMISSED)

    async def _answer(self, interaction: Interaction, subject: str, answer: Answer) -> None:
        number, kind = _hint(subject)
        page = await self._suggesting.answer(caller(interaction), number, kind, answer)
        await carry_on(interaction, views.application_card(page))

    @on_press("applications.letters")
    async def letters(self, interaction: Interaction, subject: str) -> None:
        """Accept suggestions as messages, or not."""
        suggests = subject == "1"
        await self._suggesting.set_letters(caller(interaction), suggests)
        await carry_on(interaction, views.letters_card(suggests))

    # --- figures and files

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    async def stats(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See what came of your applications, as a picture and in figures."""
        stats = await self._service.stats(caller(interaction, cohort))
        view, files = await _drawn(stats)
        await show(interaction, view, files=files)

    @on_press("applications.stats")
    async def figures(self, interaction: Interaction, subject: str) -> None:
        """Show the figures from the board."""
        view, files = await _drawn(await self._service.stats(caller(interaction)))
        await carry_on(interaction, view, files=files)

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    async def export(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Get your applications as a table (CSV)."""
        await self._hand_out(interaction, cohort)

    @on_press("applications.export")
    async def get_table(self, interaction: Interaction, subject: str) -> None:
        """Hand the table out from a card."""
        await self._hand_out(interaction, None)

    async def _hand_out(self, interaction: Interaction, cohort: str | None) -> None:
        name, content, number = await self._service.export_csv(caller(interaction, cohort))
        file = discord.File(io.BytesIO(content), name)
        await show(interaction, views.export_card(name, number), files=[file])

    @app_commands.command(name="import")
    @app_commands.describe(
        file="A CSV file with the columns company, title, url, status, deadline, …", cohort=WHICH
    )
    async def import_(
        self, interaction: Interaction, file: discord.Attachment, cohort: str | None = None
    ) -> None:
        """Bring your applications along from a table (CSV); you see it before it is added."""
        if file.size > MOST_BYTES:
            raise Refusal(_("That file is larger than 1 MB. A thousand applications are smaller."))
        await interaction.response.defer(ephemeral=True, thinking=True)
        page = await self._importing.read(caller(interaction, cohort), await file.read())
        await show(interaction, views.preview_card(page))

    @on_press("applications.take")
    async def take(self, interaction: Interaction, subject: str) -> None:
        """Add what was read."""
        found, added = await self._importing.take(caller(interaction), _id(subject))
        await redraw(interaction, views.taken_card(found, added))

    @on_press("applications.take_out")
    async def take_out(self, interaction: Interaction, subject: str) -> None:
        """Take out what was added."""
        gone, stay = await self._importing.undo(caller(interaction), _id(subject))
        await redraw(interaction, views.taken_out_card(gone, stay))

    @on_press("applications.leave")
    async def leave(self, interaction: Interaction, subject: str) -> None:
        """Forget what was read."""
        await self._importing.leave(caller(interaction), _id(subject))
        await redraw(interaction, views.left_card())

    # --- guides

    @on_press("applications.guides")
    async def guides(self, interaction: Interaction, subject: str) -> None:
        """Lead to the shelf, from a card of before it stood."""
        await carry_on(interaction, views.moved_card("", None))

    @on_press("applications.guide")
    async def guide(self, interaction: Interaction, subject: str) -> None:
        """Lead to a guide, from a card of before there was a shelf."""
        name, _dot, number = subject.partition(".")
        await carry_on(interaction, views.moved_card(name, _id(number) if number else None))

    @move.autocomplete("application")
    @note.autocomplete("application")
    async def application_choices(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the member's applications, those under way first."""
        found = await self._service.choices(caller(interaction), current)
        return [
            app_commands.Choice(
                name=clip(plain(f"{one.company} · {one.title} ({_(STATUSES[one.status])})"), 100),
                value=str(one.application_id),
            )
            for one in found
        ]


async def _drawn(stats: Stats) -> tuple[views.View, list[discord.File]]:
    chart = views.chart_of(stats)
    picture = io.BytesIO(await png(chart.svg))
    return views.stats_card(stats, chart), [
        discord.File(picture, views.FLOW, description=chart.alt)
    ]


def _typed(form: ApplicationForm) -> Typed:
    return Typed(form.company, form.title, form.url, form.deadline, form.note)


def _hint(subject: str) -> tuple[int, HintKind]:
    number, _dash, kind = subject.partition("-")
    return _id(number), HintKind(kind)


def _id(typed: str) -> int:
    return number_in(typed, _("Choose an application from the list that opens while you type."))
