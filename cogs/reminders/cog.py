"""The /remind commands, and the buttons of reminders."""

from discord import app_commands
from discord.ext import commands

from bot.face.forms import Form, asked, on_form, open_form
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import N_, _

from . import views
from .model import WHAT_LIMIT, WHEN_LIMIT
from .service import ReminderService


class ReminderForm(Form):
    """When, and of what."""

    when: str = asked(
        N_("When?"),
        placeholder=N_("tomorrow 9am, in 2 weeks, every monday at 9"),
        most=WHEN_LIMIT,
    )
    what: str = asked(N_("What should I remind you of?"), long=True, most=WHAT_LIMIT)


class MomentForm(Form):
    """When it should come again."""

    when: str = asked(
        N_("When should it come again?"),
        placeholder=N_("in 20 minutes, tonight at 8, friday 16:00"),
        most=WHEN_LIMIT,
    )


class Reminders(commands.GroupCog, name="remind", description="Be reminded, once or again"):
    """Commands about reminders."""

    def __init__(self, service: ReminderService) -> None:
        self._service = service
        super().__init__()

    @app_commands.command()
    @app_commands.describe(
        when="In your words: tomorrow 9am, in 2 weeks, every monday at 9",
        what="What I should say then; only you read it",
        cohort="Which cohort, if you are in several",
    )
    async def me(
        self,
        interaction: Interaction,
        when: app_commands.Range[str, 1, WHEN_LIMIT],
        what: app_commands.Range[str, 1, WHAT_LIMIT],
        cohort: str | None = None,
    ) -> None:
        """Be reminded of something, once or again and again."""
        page = await self._service.ask(caller(interaction, cohort), when, what)
        await show(interaction, views.page_card(page))

    @app_commands.command(name="list")
    @app_commands.describe(cohort="Which cohort, if you are in several")
    async def list_(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See your reminders."""
        page = await self._service.look_at(caller(interaction, cohort))
        await show(interaction, views.list_card(page))

    @app_commands.command()
    @app_commands.describe(reminder="Which reminder")
    async def cancel(self, interaction: Interaction, reminder: str) -> None:
        """Let a reminder go; you can undo it."""
        page = await self._service.cancel(caller(interaction), _id(reminder))
        await show(interaction, views.page_card(page))

    @cancel.autocomplete("reminder")
    async def reminder_choices(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the member's open reminders."""
        found = await self._service.choices(caller(interaction), current)
        return [
            app_commands.Choice(name=views.choice_words(page), value=str(page.reminder.reminder_id))
            for page in found
        ]

    @on_press("reminders.new")
    async def new(self, interaction: Interaction, subject: str) -> None:
        """Open the form of a new reminder."""
        await open_form(
            interaction, ReminderForm, "reminders.made", title=N_("Reminder · only you")
        )

    @on_form("reminders.made", ReminderForm)
    async def made(self, interaction: Interaction, subject: str, form: ReminderForm) -> None:
        """Read a new reminder back."""
        page = await self._service.ask(caller(interaction), form.when, form.what)
        await show(interaction, views.page_card(page))

    @on_press("reminders.save")
    async def save(self, interaction: Interaction, subject: str) -> None:
        """Save what was read back, in the meaning that was pressed."""
        number, _dash, choice = subject.partition("-")
        chosen = int(choice) if choice.isdecimal() else 0
        page = await self._service.save(caller(interaction), _id(number), chosen)
        await redraw(interaction, views.page_card(page))

    @on_press("reminders.change")
    async def change(self, interaction: Interaction, subject: str) -> None:
        """Open the form of a reminder, filled."""
        reminder = (await self._service.get(caller(interaction), _id(subject))).reminder
        await open_form(
            interaction,
            ReminderForm,
            "reminders.changed",
            reminder.reminder_id,
            title=N_("Reminder · only you"),
            fill={"when": reminder.said, "what": reminder.what},
        )

    @on_form("reminders.changed", ReminderForm)
    async def changed(self, interaction: Interaction, subject: str, form: ReminderForm) -> None:
        """Read a changed reminder back."""
        page = await self._service.change(caller(interaction), _id(subject), form.when, form.what)
        await show(interaction, views.page_card(page))

    @on_press("reminders.show")
    async def open(self, interaction: Interaction, subject: str) -> None:
        """Show one reminder."""
        page = await self._service.get(caller(interaction), _id(subject))
        await carry_on(interaction, views.page_card(page))

    @on_press("reminders.read")
    async def read(self, interaction: Interaction, subject: str) -> None:
        """Show somebody what they were called for."""
        member_id, _dash, number = subject.partition("-")
        if number:
            page = await self._service.get(caller(interaction), _id(number))
            await show(interaction, views.page_card(page))
            return
        found = await self._service.look_at_own(caller(interaction), _id(member_id))
        await show(interaction, views.list_card(found))

    @on_press("reminders.list")
    async def turn(self, interaction: Interaction, subject: str) -> None:
        """Show a page of the list."""
        page = await self._service.look_at(caller(interaction), int(subject or 0))
        await carry_on(interaction, views.list_card(page))

    @on_press("reminders.done")
    async def done(self, interaction: Interaction, subject: str) -> None:
        """Mark it done."""
        page = await self._service.done(caller(interaction), _id(subject))
        await redraw(interaction, views.page_card(page))

    @on_press("reminders.snooze")
    async def snooze(self, interaction: Interaction, subject: str) -> None:
        """Let it come again in an hour."""
        page = await self._service.snooze(caller(interaction), _id(subject))
        await redraw(interaction, views.page_card(page))

    @on_press("reminders.tomorrow")
    async def tomorrow(self, interaction: Interaction, subject: str) -> None:
        """Let it come again tomorrow at nine."""
        page = await self._service.tomorrow(caller(interaction), _id(subject))
        await redraw(interaction, views.page_card(page))

    @on_press("reminders.choose")
    async def choose(self, interaction: Interaction, subject: str) -> None:
        """Ask when it should come again."""
        await self._service.get(caller(interaction), _id(subject))
        await open_form(
            interaction, MomentForm, "reminders.chosen", _id(subject), title=N_("Remind me again")
        )

    @on_form("reminders.chosen", MomentForm)
    async def chosen(self, interaction: Interaction, subject: str, form: MomentForm) -> None:
        """Let it come again then."""
        page = await self._service.choose(caller(interaction), _id(subject), form.when)
        await show(interaction, views.page_card(page))

    @on_press("reminders.cancel")
    async def let_go(self, interaction: Interaction, subject: str) -> None:
        """Let it go."""
        page = await self._service.cancel(caller(interaction), _id(subject))
        await redraw(interaction, views.page_card(page))

    @on_press("reminders.undo")
    async def undo(self, interaction: Interaction, subject: str) -> None:
        """Bring it back."""
        page = await self._service.undo(caller(interaction), _id(subject))
        await redraw(interaction, views.page_card(page))


def _id(typed: str) -> int:
    return number_in(typed, _("Choose a reminder from the list that opens while you type."))
