"""What is pressed and filled in about the people somebody met."""

from discord.ext import commands

from bot.face.forms import Form, asked, on_form, open_form
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import N_, _

from . import people_views as views
from . import views as entry_views
from .meeting import Met, PeopleService
from .model import ABOUT_LIMIT, MET_LIMIT, PERSON_LIMIT
from .service import JournalService

TITLE = N_("Somebody you met · only you")


class PersonForm(Form):
    """Somebody in four questions, one of them required."""

    name: str = asked(N_("Who?"), most=PERSON_LIMIT)
    met: str = asked(
        N_("Where did you meet?"),
        placeholder=N_("The data team's lunch"),
        required=False,
        most=MET_LIMIT,
    )
    about: str = asked(N_("What did you talk about?"), long=True, required=False, most=ABOUT_LIMIT)
    touch: str = asked(
        N_("When would you like to say hello again?"),
        placeholder=N_("in 3 months, next friday, 24 Sept"),
        required=False,
        most=40,
    )


class PeopleMet(commands.Cog):
    """Presses and forms about people."""

    def __init__(self, service: PeopleService, journal: JournalService) -> None:
        self._service = service
        self._journal = journal

    @on_press("journal.people")
    async def look_at(self, interaction: Interaction, subject: str) -> None:
        """Show a page of whom somebody met."""
        member, _dash, page = subject.partition("-")
        found = await self._service.look_at(
            caller(interaction), _id(member or "0"), _id(page or "0")
        )
        await carry_on(interaction, views.people_card(found))

    @on_press("journal.meet")
    async def meet(self, interaction: Interaction, subject: str) -> None:
        """Open the form for somebody new."""
        await open_form(interaction, PersonForm, "journal.met", subject, title=TITLE)

    @on_form("journal.met", PersonForm)
    async def met(self, interaction: Interaction, subject: str, form: PersonForm) -> None:
        """Keep somebody."""
        page = await self._service.meet(caller(interaction, subject or None), _met(form))
        await show(interaction, views.person_card(page))

    @on_press("journal.person")
    async def open(self, interaction: Interaction, subject: str) -> None:
        """Show somebody."""
        page = await self._service.get(caller(interaction), _id(subject))
        await carry_on(interaction, views.person_card(page))

    @on_press("journal.change_person")
    async def change(self, interaction: Interaction, subject: str) -> None:
        """Open the form of somebody, filled."""
        person = (await self._service.get(caller(interaction), _id(subject))).person
        fill = {
            "name": person.name,
            "met": person.met,
            "about": person.about,
            "touch": person.touch_on.isoformat() if person.touch_on else "",
        }
        await open_form(
            interaction,
            PersonForm,
            "journal.person_changed",
            person.person_id,
            title=TITLE,
            fill=fill,
        )

    @on_form("journal.person_changed", PersonForm)
    async def changed(self, interaction: Interaction, subject: str, form: PersonForm) -> None:
        """Keep what was changed."""
        page = await self._service.change(caller(interaction), _id(subject), _met(form))
        await show(interaction, views.person_card(page))

    @on_press("journal.met_again")
    async def met_again(self, interaction: Interaction, subject: str) -> None:
        """Note that they met again."""
        page = await self._service.met_again(caller(interaction), _id(subject))
        await carry_on(interaction, views.person_card(page))

    @on_press("journal.touch")
    async def touch(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose another day to say hello."""
        phrase = "" if values[0] == "none" else values[0]
        page = await self._service.keep_in_touch(caller(interaction), _id(subject), phrase)
        await redraw(interaction, views.person_card(page))

    @on_press("journal.notes")
    async def notes(self, interaction: Interaction, subject: str) -> None:
        """Have a note as a message too, or not."""
        number, _dash, writes = subject.partition("-")
        page = await self._service.set_notes(caller(interaction), _id(number), writes=writes == "1")
        await redraw(interaction, views.person_card(page))

    @on_press("journal.seek_person")
    async def seek(self, interaction: Interaction, subject: str) -> None:
        """Look for somebody's name in the entries."""
        page = await self._service.get(caller(interaction), _id(subject))
        asks, number = caller(interaction), page.member.member_id
        found = await self._journal.naming(asks, page.person.name, number)
        await carry_on(interaction, entry_views.found_card(found))

    @on_press("journal.delete_person")
    async def delete(self, interaction: Interaction, subject: str) -> None:
        """Delete somebody."""
        page = await self._service.delete(caller(interaction), _id(subject))
        await redraw(interaction, views.deleted_person_card(page))

    @on_press("journal.restore_person")
    async def restore(self, interaction: Interaction, subject: str) -> None:
        """Bring somebody back."""
        page = await self._service.bring_back(caller(interaction), _id(subject))
        await redraw(interaction, views.person_card(page))


def _met(form: PersonForm) -> Met:
    return Met(form.name, form.met, form.about, form.touch)


def _id(typed: str) -> int:
    return number_in(typed, _("That is gone. `/journal people` shows yours."))
