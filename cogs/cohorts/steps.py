"""The doors of the set-up and of `/cohort edit`: what is pressed, chosen and typed in them."""

from typing import Any

import discord
from discord.ext import commands

from bot.errors import NotFound, Refusal
from bot.face.dates import WEEKDAYS
from bot.face.forms import Form, asked, on_form, open_form
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw
from bot.face.words import N_, _
from bot.people.cohorts import Cohort
from cogs.cohorts import ground, wizard_views
from cogs.cohorts.model import NAME_LIMIT, Effect, Problem, Step, Wizard
from cogs.cohorts.wizard import Naming, Timing, WizardService

EVERY = (
    ("1", N_("Every week")),
    ("2", N_("Every second week")),
    ("3", N_("Every third week")),
    ("4", N_("Every fourth week")),
)


class NameForm(Form):
    """What a cohort is called, and when it begins and ends."""

    name: str = asked(N_("Name"), placeholder=N_("Summer 2026"), most=NAME_LIMIT)
    first_day: str = asked(N_("First day"), placeholder=N_("2026-06-01 or 1 June"), most=40)
    last_day: str = asked(N_("Last day"), placeholder=N_("2026-08-21, or in 12 weeks"), most=40)


class ZoneForm(Form):
    """Where a cohort's clock hangs."""

    place: str = asked(
        N_("A city or zone"),
        description=N_("The nearest big city is best."),
        placeholder=N_("Toronto, Bengaluru, Europe/Berlin"),
        most=60,
    )


class TimeForm(Form):
    """When a programme happens."""

    weekday: str = asked(
        N_("Weekday"), choices=[(str(n), day) for n, day in enumerate(WEEKDAYS)], most=1
    )
    at: str = asked(N_("Time of day"), placeholder=N_("09:00"), most=20)
    every: str = asked(N_("How often"), choices=EVERY, most=1)


class Steps(commands.Cog):
    """The set-up's buttons, selects and forms."""

    def __init__(self, wizard: WizardService) -> None:
        self._wizard = wizard

    @on_press("cohorts.name")
    async def name(self, interaction: Interaction, subject: str) -> None:
        """Ask for name and dates, of a new cohort or of a draft."""
        fill: dict[str, Any] = {}
        if subject != "new":
            fill = _named(await self._wizard.get(caller(interaction), number(subject)))
        else:
            await self._wizard.drafts(caller(interaction))
        title = N_("A new cohort") if subject == "new" else N_("Name and dates")
        await open_form(interaction, NameForm, "cohorts.named", subject, title=title, fill=fill)

    @on_form("cohorts.named", NameForm)
    async def named(self, interaction: Interaction, subject: str, form: NameForm) -> None:
        """Save name and dates, and go on to the zone."""
        naming = Naming(form.name, form.first_day, form.last_day)
        who = caller(interaction)
        if subject == "new":
            found = await self._wizard.start(who, naming)
        else:
            found = await self._wizard.rename(who, number(subject), naming)
        await self._show(interaction, found)

    @on_press("cohorts.draft")
    async def draft(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Go on with a draft."""
        await show_step(interaction, self._wizard, number(values[0]))

    @on_press("cohorts.step")
    async def step(self, interaction: Interaction, subject: str) -> None:
        """Go to a step of the set-up, or to where it stands."""
        cohort_id, _dash, wanted = subject.partition("-")
        step = Step(wanted) if wanted in set(Step) else None
        await show_step(interaction, self._wizard, number(cohort_id), step)

    @on_press("cohorts.discard")
    async def discard(self, interaction: Interaction, subject: str) -> None:
        """Throw a draft away."""
        await self._wizard.discard(caller(interaction), number(subject))
        await carry_on(interaction, wizard_views.discarded_card())

    @on_press("cohorts.zone")
    async def zone(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose the zone from the list."""
        found = await self._wizard.set_zone(caller(interaction), number(subject), values[0])
        await self._show(interaction, found)

    @on_press("cohorts.zone_form")
    async def zone_form(self, interaction: Interaction, subject: str) -> None:
        """Ask for a place."""
        await open_form(
            interaction, ZoneForm, "cohorts.zoned", number(subject), title=N_("Which place?")
        )

    @on_form("cohorts.zoned", ZoneForm)
    async def zoned(self, interaction: Interaction, subject: str, form: ZoneForm) -> None:
        """Save the zone of a place."""
        found = await self._wizard.set_zone(caller(interaction), number(subject), form.place)
        await self._show(interaction, found)

    @on_press("cohorts.place")
    async def place(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose a channel."""
        cohort_id, field = pair(subject)
        chosen = int(values[0]) if values else None
        found = await self._wizard.set_place(caller(interaction), cohort_id, field, chosen)
        await self._show(interaction, found)

    @on_press("cohorts.create")
    async def create(self, interaction: Interaction, subject: str) -> None:
        """Create the channels that are missing."""
        who, cohort_id = caller(interaction), number(subject)
        draft = (await self._wizard.at(who, cohort_id, Step.CHANNELS)).cohort
        assert interaction.guild is not None
        await interaction.response.defer()
        needs = self._wizard.needs
        made = await ground.create_missing(interaction.guild, draft, interaction.user, needs)
        await self._show(interaction, await self._wizard.set_places(who, cohort_id, made))

    @on_press("cohorts.role")
    async def role(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose a role, or none."""
        cohort_id, field = pair(subject)
        chosen = int(values[0]) if values else None
        found = await self._wizard.set_role(caller(interaction), cohort_id, field, chosen)
        await interaction.response.defer()
        if interaction.guild is not None:
            await ground.let_in(interaction.guild, found.cohort)
        await self._show(interaction, found)

    @on_press("cohorts.contacts")
    async def contacts(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose who is told of a serious problem."""
        found = await self._wizard.set_contacts(
            caller(interaction), number(subject), _people(interaction, values)
        )
        await self._show(interaction, found)

    @on_press("cohorts.time")
    async def time(self, interaction: Interaction, subject: str) -> None:
        """Ask when a programme should be, in the set-up."""
        await self._ask_time(interaction, subject, "cohorts.timed")

    @on_form("cohorts.timed", TimeForm)
    async def timed(self, interaction: Interaction, subject: str, form: TimeForm) -> None:
        """Save when a programme will be."""
        cohort_id, kind = pair(subject)
        found = await self._wizard.set_time(caller(interaction), cohort_id, _timing(form), kind)
        await self._show(interaction, found)

    @on_press("cohorts.digest")
    async def digest(self, interaction: Interaction, subject: str) -> None:
        """Begin with a weekly digest, or without one."""
        cohort_id, wanted = pair(subject)
        found = await self._wizard.begin_with_digest(
            caller(interaction), cohort_id, wanted=wanted == "yes"
        )
        await self._show(interaction, found)

    @on_press("cohorts.live")
    async def live(self, interaction: Interaction, subject: str) -> None:
        """Switch the cohort on."""
        who = caller(interaction)
        cohort = await self._wizard.go_live(who, number(subject), ground.look(interaction.guild))
        found = await self._wizard.schedule(who, cohort.cohort_id)
        await carry_on(interaction, wizard_views.live_card(found.cohort, found.plans))

    @on_press("cohorts.edit")
    async def edit(self, interaction: Interaction, subject: str) -> None:
        """Show what can be changed."""
        found = await self._wizard.schedule(caller(interaction), number(subject))
        await carry_on(interaction, wizard_views.edit_card(found.cohort, found.now))

    @on_press("cohorts.edit_name")
    async def edit_name(self, interaction: Interaction, subject: str) -> None:
        """Ask for another name or other dates."""
        found = await self._wizard.get(caller(interaction), number(subject))
        await open_form(
            interaction, NameForm, "cohorts.renamed", subject,
            title=N_("Name and dates"), fill=_named(found),
        )  # fmt: skip

    @on_form("cohorts.renamed", NameForm)
    async def renamed(self, interaction: Interaction, subject: str, form: NameForm) -> None:
        """Show what another name or other dates would do."""
        naming = Naming(form.name, form.first_day, form.last_day)
        effect = await self._wizard.propose_name(caller(interaction), number(subject), naming)
        await _show_effect(interaction, effect)

    @on_press("cohorts.edit_zone")
    async def edit_zone(self, interaction: Interaction, subject: str) -> None:
        """Ask for another place."""
        await open_form(
            interaction, ZoneForm, "cohorts.rezoned", number(subject), title=N_("Which place?")
        )

    @on_form("cohorts.rezoned", ZoneForm)
    async def rezoned(self, interaction: Interaction, subject: str, form: ZoneForm) -> None:
        """Show what another zone would do."""
        effect = await self._wizard.propose_zone(caller(interaction), number(subject), form.place)
        await _show_effect(interaction, effect)

    @on_press("cohorts.edit_channels")
    async def edit_channels(self, interaction: Interaction, subject: str) -> None:
        """Offer the channels for change."""
        found, lacking = await self._checked(interaction, subject)
        await carry_on(interaction, wizard_views.edit_channels_card(found, lacking))

    @on_press("cohorts.edit_roles")
    async def edit_roles(self, interaction: Interaction, subject: str) -> None:
        """Offer roles and people for change."""
        found, lacking = await self._checked(interaction, subject)
        await carry_on(interaction, wizard_views.edit_roles_card(found, lacking))

    async def _checked(
        self, interaction: Interaction, subject: str
    ) -> tuple[Cohort, list[Problem]]:
        who, cohort_id = caller(interaction), number(subject)
        lacking = await self._wizard.check(who, cohort_id, ground.look(interaction.guild))
        return await self._wizard.get(who, cohort_id), lacking

    @on_press("cohorts.edit_place")
    async def edit_place(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Show what another channel would do."""
        await self._propose_id(interaction, subject, values)

    @on_press("cohorts.edit_role")
    async def edit_role(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Show what another role would do."""
        await self._propose_id(interaction, subject, values)

    async def _propose_id(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        cohort_id, field = pair(subject)
        chosen = int(values[0]) if values else None
        effect = await self._wizard.propose(caller(interaction), cohort_id, field, chosen)
        await _show_effect(interaction, effect)

    @on_press("cohorts.edit_contacts")
    async def edit_contacts(
        self, interaction: Interaction, subject: str, values: list[str]
    ) -> None:
        """Show what other contacts would mean."""
        people = _people(interaction, values)
        effect = await self._wizard.propose(
            caller(interaction), number(subject), "contacts", people
        )
        await _show_effect(interaction, effect)

    @on_press("cohorts.save")
    async def save(self, interaction: Interaction, subject: str) -> None:
        """Save a change whose effect was shown."""
        change_id, fate = pair(subject)
        who = caller(interaction)
        cohort, old_card = await self._wizard.save(who, change_id, fate)
        await interaction.response.defer()
        if old_card is not None:
            await ground.take_down(interaction.guild, old_card.channel_id, old_card.message_id)
        if interaction.guild is not None:
            await ground.let_in(interaction.guild, cohort)
        found = await self._wizard.check(who, cohort.cohort_id, ground.look(interaction.guild))
        await redraw(interaction, wizard_views.saved_card(cohort, found))

    @on_press("cohorts.cancel")
    async def cancel(self, interaction: Interaction, subject: str) -> None:
        """Leave everything as it was."""
        cohort = await self._wizard.cancel(caller(interaction), number(subject))
        await carry_on(interaction, wizard_views.cancelled_card(cohort))

    @on_press("cohorts.schedule")
    async def schedule(self, interaction: Interaction, subject: str) -> None:
        """Show when things happen."""
        found = await self._wizard.schedule(caller(interaction), number(subject))
        await carry_on(interaction, wizard_views.schedule_card(found))

    @on_press("cohorts.retime")
    async def retime(self, interaction: Interaction, subject: str) -> None:
        """Ask when a programme should be from now on."""
        await self._ask_time(interaction, subject, "cohorts.retimed")

    @on_form("cohorts.retimed", TimeForm)
    async def retimed(self, interaction: Interaction, subject: str, form: TimeForm) -> None:
        """Move a programme."""
        cohort_id, kind = pair(subject)
        found = await self._wizard.reschedule(caller(interaction), cohort_id, kind, _timing(form))
        await carry_on(interaction, wizard_views.schedule_card(found))

    @on_press("cohorts.on")
    async def on(self, interaction: Interaction, subject: str) -> None:
        """Switch a programme on."""
        found = await self._wizard.switch(caller(interaction), *pair(subject), on=True)
        await carry_on(interaction, wizard_views.schedule_card(found))

    @on_press("cohorts.off")
    async def off(self, interaction: Interaction, subject: str) -> None:
        """Switch a programme off."""
        found = await self._wizard.switch(caller(interaction), *pair(subject), on=False)
        await carry_on(interaction, wizard_views.schedule_card(found))

    @on_press("cohorts.hours")
    async def hours(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose how long a check-in stays open."""
        found = await self._wizard.set_hours(
            caller(interaction), number(subject), number(values[0])
        )
        await carry_on(interaction, wizard_views.schedule_card(found))

    async def _ask_time(self, interaction: Interaction, subject: str, form: str) -> None:
        cohort_id, kind = pair(subject)
        found = await self._wizard.schedule(caller(interaction), cohort_id)
        rule = next((plan.rule for plan in found.plans if plan.kind == kind), None)
        if rule is None:
            raise NotFound(_("That programme is not set up here."))
        fill = {"weekday": rule.weekday, "at": rule.at.strftime("%H:%M"), "every": rule.every}
        title = wizard_views.programme(kind)
        await open_form(interaction, TimeForm, form, subject, title=title, fill=fill)

    async def _show(self, interaction: Interaction, found: Wizard) -> None:
        await _show_wizard(interaction, self._wizard, found)


async def show_step(
    interaction: Interaction, wizard: WizardService, cohort_id: int, step: Step | None = None
) -> None:
    """Show a draft at a step, or where it stands."""
    found = await wizard.at(caller(interaction), cohort_id, step)
    await _show_wizard(interaction, wizard, found)


async def _show_wizard(interaction: Interaction, wizard: WizardService, found: Wizard) -> None:
    lacking = await wizard.check(
        caller(interaction), found.cohort.cohort_id, ground.look(interaction.guild)
    )
    role = role_of(interaction.guild, found.cohort)
    view = wizard_views.step_card(found, wizard.zones(), lacking, role)
    await carry_on(interaction, view)


async def _show_effect(interaction: Interaction, effect: Effect) -> None:
    await carry_on(interaction, wizard_views.effect_card(effect))


def role_of(guild: discord.Guild | None, cohort: Cohort) -> str | None:
    """Return the name of the moderator role."""
    role = guild.get_role(cohort.moderator_role_id or 0) if guild else None
    return role.name if role else None


def number(subject: str) -> int:
    """Read a number out of a button. Raises NotFound for anything else."""
    return number_in(subject, _("I do not know that button. `/cohort status` shows what is there."))


def pair(subject: str) -> tuple[int, str]:
    """Read a number and a word out of a button."""
    first, _dash, second = subject.partition("-")
    return number(first), second


def _named(cohort: Cohort) -> dict[str, Any]:
    return {"name": cohort.name, "first_day": cohort.first_day, "last_day": cohort.last_day}


def _timing(form: TimeForm) -> Timing:
    return Timing(int(form.weekday), form.at, int(form.every))


def _people(interaction: Interaction, values: list[str]) -> list[int]:
    """Return who was chosen. Raises Refusal for bots, who cannot help with a serious problem."""
    data: Any = interaction.data
    known = data.get("resolved", {}).get("users", {})
    if any(known.get(value, {}).get("bot") for value in values):
        raise Refusal(_("Choose people: a bot cannot help with a serious problem."))
    return [int(value) for value in values]
