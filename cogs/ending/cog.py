"""The commands at the end of a cohort, and what everybody presses then."""

from discord.ext import commands

from bot.face.forms import Form, asked, on_form, open_form
from bot.face.look import View, plain
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw
from bot.face.words import N_, _
from cogs.ending import views
from cogs.ending.model import ClosedPage, Effect
from cogs.ending.service import EndingService, Naming

WHICH = "Which cohort, if this server has several"


class CloseForm(Form):
    """The name that closes a cohort."""

    name: str = asked(
        N_("Type the cohort's name to close it"),
        description=N_("Everybody is told today. You can open it again for two weeks."),
        most=100,
    )


class NextForm(Form):
    """Name and dates of the next cohort."""

    name: str = asked(N_("Name"), placeholder="Summer 2027", most=60)
    first_day: str = asked(N_("First day"), placeholder="1 June", most=40)
    last_day: str = asked(N_("Last day"), placeholder="21 August", most=40)


class EndOfCohort(commands.Cog):
    """What moderators and members do at the end; who may is checked on every call and press."""

    def __init__(self, service: EndingService) -> None:
        self._service = service

    # --- for moderators

    @on_press("ending.close")
    async def begin(self, interaction: Interaction, subject: str) -> None:
        """Show what closing does, from the status."""
        page = await self._service.about_to_close(caller(interaction), number(subject))
        await carry_on(interaction, _shown(page))

    @on_press("ending.keep")
    async def keep(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose how long records stay."""
        page = await self._service.about_to_close(
            caller(interaction), number(subject), number(values[0])
        )
        await redraw(interaction, _shown(page))

    @on_press("ending.confirm")
    async def confirm(self, interaction: Interaction, subject: str) -> None:
        """Ask for the cohort's name."""
        cohort_id, days = pair(subject)
        page = await self._service.about_to_close(caller(interaction), cohort_id, days)
        if isinstance(page, Effect):
            title = _("Close {name}").format(name=plain(page.cohort.name))
            await open_form(interaction, CloseForm, "ending.named", subject, title=title)
        else:
            await redraw(interaction, views.closed_card(page))

    @on_form("ending.named", CloseForm)
    async def close(self, interaction: Interaction, subject: str, form: CloseForm) -> None:
        """Close the cohort, if its name was typed."""
        cohort_id, days = pair(subject)
        page = await self._service.close(caller(interaction), cohort_id, days, form.name)
        await carry_on(interaction, views.closed_card(page))

    @on_press("ending.closed")
    async def closed(self, interaction: Interaction, subject: str) -> None:
        """Show how a cohort is closed."""
        page = await self._service.closed(caller(interaction), number(subject))
        await carry_on(interaction, views.closed_card(page))

    @on_press("ending.reopen")
    async def reopen(self, interaction: Interaction, subject: str) -> None:
        """Take closing back."""
        cohort = await self._service.reopen(caller(interaction), number(subject))
        await redraw(interaction, views.reopened_card(cohort))

    @on_press("ending.alumni")
    async def alumni(self, interaction: Interaction, subject: str) -> None:
        """Name the alumni who may be asked to mentor."""
        cohort_id, page = pair(subject)
        found = await self._service.mentors_to_be(caller(interaction), cohort_id, page)
        await carry_on(interaction, views.alumni_card(found))

    @on_press("ending.clone")
    async def ask_next(self, interaction: Interaction, subject: str) -> None:
        """Ask for the name and the dates of the next cohort."""
        await self._service.before_cloning(caller(interaction), number(subject))
        title = N_("The next cohort")
        await open_form(interaction, NextForm, "ending.next", number(subject), title=title)

    @on_form("ending.next", NextForm)
    async def clone(self, interaction: Interaction, subject: str, form: NextForm) -> None:
        """Begin the next cohort as a draft."""
        naming = Naming(form.name, form.first_day, form.last_day)
        cohort = await self._service.clone(caller(interaction), number(subject), naming)
        await carry_on(interaction, views.cloned_card(cohort))

    # --- for members

    @on_press("ending.own")
    async def own(self, interaction: Interaction, subject: str) -> None:
        """Show a member what they may choose."""
        page = await self._service.own(caller(interaction), number(subject))
        await carry_on(interaction, views.own_card(page))

    @on_press("ending.stay")
    async def stay(self, interaction: Interaction, subject: str) -> None:
        """Stay as an alum."""
        page = await self._service.stay(caller(interaction), number(subject))
        await carry_on(interaction, views.own_card(page))

    @on_press("ending.unstay")
    async def unstay(self, interaction: Interaction, subject: str) -> None:
        """Be no alum after all."""
        page = await self._service.rather_not(caller(interaction), number(subject))
        await carry_on(interaction, views.own_card(page))

    @on_press("ending.asked")
    async def asked(self, interaction: Interaction, subject: str) -> None:
        """Allow moderators to ask."""
        page = await self._service.may_mentor(caller(interaction), number(subject), asked=True)
        await carry_on(interaction, views.own_card(page))

    @on_press("ending.unasked")
    async def unasked(self, interaction: Interaction, subject: str) -> None:
        """Let nobody ask any more."""
        page = await self._service.may_mentor(caller(interaction), number(subject), asked=False)
        await carry_on(interaction, views.own_card(page))


def _shown(page: Effect | ClosedPage) -> View:
    return views.effect_card(page) if isinstance(page, Effect) else views.closed_card(page)


def number(subject: str) -> int:
    """Read a number out of a button. Raises NotFound for anything else."""
    return number_in(subject, _("I do not know that button. `/cohort status` shows what is there."))


def pair(subject: str) -> tuple[int, int]:
    """Read two numbers out of a button."""
    first, _dash, second = subject.partition("-")
    return number(first), number(second)
