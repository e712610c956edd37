"""Joining, and the /profile commands: read what was chosen, ask the service, show the answer."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.clockwork.phases import Stage
from bot.face.choosing import own_cohorts
from bot.face.forms import Form, asked, on_form, open_form
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import N_, _
from bot.people.memberships import Delivery, Volume
from bot.people.profiles import Askers, Detail
from cogs.profile import views
from cogs.profile.model import LIMITS, NAMES, STAGES, Tap
from cogs.profile.service import ProfileService

STAGE_CHOICES = [
    app_commands.Choice(name=label, value=stage.value) for stage, label in STAGES.items()
]
FIRST = (Detail.TEAM, Detail.COMPANY, Detail.ROLE, Detail.LEARNING, Detail.INTERESTS)
MORE = (Detail.UNDERSTAND, Detail.LINKS, Detail.HOURS)


def _detail(detail: Detail, **words: Any) -> Any:
    return asked(NAMES[detail], required=False, most=LIMITS[detail], **words)


class AboutForm(Form):
    """The five first lines of a profile, all optional."""

    team: str = _detail(Detail.TEAM)
    company: str = _detail(Detail.COMPANY)
    role: str = _detail(Detail.ROLE, placeholder=N_("Software engineering intern"))
    learning: str = _detail(Detail.LEARNING, long=True)
    interests: str = _detail(Detail.INTERESTS, placeholder=N_("Climbing, compilers, cooking"))


class MoreForm(Form):
    """The other lines of a profile, all optional."""

    understand: str = _detail(
        Detail.UNDERSTAND,
        long=True,
        description=N_("A job or team you would like to hear about."),
    )
    links: str = _detail(Detail.LINKS, placeholder="https://…")
    hours: str = _detail(Detail.HOURS, placeholder=N_("Monday to Friday, 9 to 17"))


class PlaceForm(Form):
    """Where somebody's clock hangs."""

    place: str = asked(
        N_("Your city, or a big one near you"), placeholder=N_("Toronto, Berlin, Kolkata"), most=80
    )


class DatesForm(Form):
    """First and last day."""

    start: str = asked(
        N_("First day"), placeholder=N_("2026-06-01, or 1 June"), required=False, most=40
    )
    end: str = asked(
        N_("Last day"), placeholder=N_("2026-08-21, or 21 Aug"), required=False, most=40
    )


class QuietForm(Form):
    """The hours in which nothing is sent."""

    begin: str = asked(N_("Quiet from"), placeholder="22:00", most=10)
    end: str = asked(
        N_("Quiet until"),
        description=N_("The same time in both: no quiet hours."),
        placeholder="08:00",
        most=10,
    )


class PauseForm(Form):
    """Until when it should be quiet."""

    until: str = asked(
        N_("Quiet until"),
        description=N_("The day on which it goes on. Empty: until you come back."),
        placeholder=N_("24 Dec, next monday, in 2 weeks"),
        required=False,
        most=40,
    )


class ProfileCog(
    commands.GroupCog, name="profile", description="You, how I reach you, and what others read"
):
    """Commands about oneself."""

    def __init__(self, service: ProfileService) -> None:
        self._service = service
        super().__init__()

    # --- joining

    @on_press("profile.join")
    async def join(self, interaction: Interaction, subject: str) -> None:
        """Begin to join from the standing card, or go on."""
        page = await self._service.join(caller(interaction), _id(subject), interaction.user.name)
        await carry_on(interaction, views.page_card(page))

    @on_press("profile.zone")
    async def right_zone(self, interaction: Interaction, subject: str) -> None:
        """Take the zone that was offered."""
        page = await self._service.set_zone(caller(interaction), _id(subject), None)
        await redraw(interaction, views.page_card(page))

    @on_press("profile.place")
    async def place(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Take another zone."""
        page = await self._service.set_zone(caller(interaction), _id(subject), values[0])
        await redraw(interaction, views.page_card(page))

    @on_press("profile.elsewhere")
    async def elsewhere(self, interaction: Interaction, subject: str) -> None:
        """Ask for a city."""
        await open_form(
            interaction, PlaceForm, "profile.placed", _id(subject), title=N_("Where are you?")
        )

    @on_form("profile.placed", PlaceForm)
    async def placed(self, interaction: Interaction, subject: str, form: PlaceForm) -> None:
        """Take the zone of the city, or offer the nearest ones."""
        found = self._service.find_zone(form.place)
        if found.zone is None:
            view = views.zone_choices_card(_id(subject), found.choices)
        else:
            page = await self._service.set_zone(caller(interaction), _id(subject), found.zone)
            view = views.page_card(page)
        await carry_on(interaction, view)

    @on_press("profile.reach")
    async def reach(self, interaction: Interaction, subject: str) -> None:
        """Choose the way to be reached, with one tap."""
        member_id, _dash, way = subject.partition("-")
        page = await self._service.set_delivery(caller(interaction), _id(member_id), Delivery(way))
        await redraw(interaction, views.page_card(page))

    @on_press("profile.back")
    async def back(self, interaction: Interaction, subject: str) -> None:
        """Return to an earlier question."""
        member_id, _dash, tap = subject.partition("-")
        page = await self._service.go_back(caller(interaction), _id(member_id), Tap(tap))
        await redraw(interaction, views.page_card(page))

    @on_press("profile.finish")
    async def finish(self, interaction: Interaction, subject: str) -> None:
        """Take the last tap."""
        page = await self._service.finish(caller(interaction), _id(subject), interaction.user.name)
        await redraw(interaction, views.page_card(page))

    # --- settings

    @app_commands.command()
    @app_commands.describe(cohort="Which cohort, if you are in several")
    @app_commands.autocomplete(cohort=own_cohorts)
    async def settings(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Choose how I reach you, how much, and who may ask you."""
        page = await self._service.settings(caller(interaction, cohort))
        await show(interaction, views.settings_card(page))

    @on_press("profile.settings")
    async def open_settings(self, interaction: Interaction, subject: str) -> None:
        """Show the settings from another card."""
        page = await self._service.settings_of(caller(interaction), _maybe(subject))
        await carry_on(interaction, views.settings_card(page))

    @on_press("profile.delivery")
    async def delivery(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Change the way to be reached."""
        page = await self._service.set_delivery(
            caller(interaction), _id(subject), Delivery(values[0])
        )
        await redraw(interaction, views.page_card(page))

    @on_press("profile.volume")
    async def volume(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Change how much is welcome."""
        page = await self._service.set_volume(caller(interaction), _id(subject), Volume(values[0]))
        await redraw(interaction, views.page_card(page))

    @on_press("profile.spare")
    async def spare(self, interaction: Interaction, subject: str) -> None:
        """Accept the private thread as a spare, or take that back."""
        page = await self._service.toggle_spare(caller(interaction), _id(subject))
        await redraw(interaction, views.page_card(page))

    @on_press("profile.checkins")
    async def checkins(self, interaction: Interaction, subject: str) -> None:
        """Switch the weekly check-in on or off."""
        page = await self._service.toggle_checkins(caller(interaction), _id(subject))
        await redraw(interaction, views.page_card(page))

    @on_press("profile.stage")
    async def stage(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Say where somebody stands."""
        page = await self._service.set_stage(caller(interaction), _id(subject), Stage(values[0]))
        await redraw(interaction, views.page_card(page))

    @on_press("profile.askers")
    async def askers(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Decide who may ask."""
        page = await self._service.set_askers(caller(interaction), _id(subject), Askers(values[0]))
        await redraw(interaction, views.page_card(page))

    @on_press("profile.shown")
    async def shown(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Decide what others may read."""
        details = [Detail(value) for value in values]
        page = await self._service.set_shown(caller(interaction), _id(subject), details)
        await redraw(interaction, views.page_card(page))

    @on_press("profile.showall")
    async def show_all(self, interaction: Interaction, subject: str) -> None:
        """Let the cohort read the whole profile."""
        who, member_id = caller(interaction), _id(subject)
        await self._service.set_shown(who, member_id, list(Detail))
        page = await self._service.settings_of(who, member_id)
        await redraw(interaction, views.profile_card(page))

    @on_press("profile.quiet")
    async def quiet(self, interaction: Interaction, subject: str) -> None:
        """Ask for the quiet hours."""
        page = await self._service.settings_of(caller(interaction), _id(subject))
        hours = {
            "begin": page.member.quiet_from.strftime("%H:%M"),
            "end": page.member.quiet_to.strftime("%H:%M"),
        }
        await open_form(
            interaction,
            QuietForm,
            "profile.quieted",
            _id(subject),
            title=N_("Quiet hours"),
            fill=hours,
        )

    @on_form("profile.quieted", QuietForm)
    async def quieted(self, interaction: Interaction, subject: str, form: QuietForm) -> None:
        """Keep the quiet hours."""
        page = await self._service.set_quiet(
            caller(interaction), _id(subject), form.begin, form.end
        )
        await carry_on(interaction, views.page_card(page))

    @on_press("profile.greet")
    async def greet(self, interaction: Interaction, subject: str) -> None:
        """Try the direct messages once more."""
        page = await self._service.greet_again(caller(interaction), _id(subject))
        await redraw(interaction, views.page_card(page))

    # --- dates and zone

    @app_commands.command()
    @app_commands.describe(
        start="First day: 2026-06-01, 1 June, next monday",
        end="Last day: 2026-08-21, 21 Aug, in 12 weeks",
        stage="Where you stand",
        cohort="Which cohort, if you are in several",
    )
    @app_commands.choices(stage=STAGE_CHOICES)
    @app_commands.autocomplete(cohort=own_cohorts)
    async def dates(
        self,
        interaction: Interaction,
        start: str = "",
        end: str = "",
        stage: str | None = None,
        cohort: str | None = None,
    ) -> None:
        """See or set your first and last day, and where you stand."""
        who = caller(interaction, cohort)
        if start or end or stage:
            wanted = Stage(stage) if stage else None
            page = await self._service.change_dates(who, start, end, wanted)
        else:
            page = await self._service.dates(who)
        await show(interaction, views.dates_card(page))

    @on_press("profile.days")
    async def days(self, interaction: Interaction, subject: str) -> None:
        """Ask for first and last day."""
        member = await self._service.own(caller(interaction), _id(subject))
        fill = {
            "start": member.starts_on.isoformat() if member.starts_on else "",
            "end": member.ends_on.isoformat() if member.ends_on else "",
        }
        await open_form(
            interaction, DatesForm, "profile.dated", _id(subject), title=N_("My dates"), fill=fill
        )

    @on_form("profile.dated", DatesForm)
    async def dated(self, interaction: Interaction, subject: str, form: DatesForm) -> None:
        """Keep first and last day."""
        page = await self._service.set_dates(
            caller(interaction), _id(subject), form.start, form.end
        )
        await carry_on(interaction, views.page_card(page))

    @app_commands.command()
    @app_commands.describe(zone="A city, a time zone, or the time on your clock right now")
    async def timezone(self, interaction: Interaction, zone: str) -> None:
        """Move to another time zone; everything personal moves with you."""
        clock, moved_to = await self._service.set_timezone(caller(interaction), zone)
        await show(interaction, views.timezone_card(clock, moved_to))

    @timezone.autocomplete("zone")
    async def zones(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Offer places with the time it is there."""
        found = self._service.zone_choices(current)
        return [app_commands.Choice(name=label[:100], value=zone) for label, zone in found]

    # --- pausing and leaving

    @app_commands.command()
    @app_commands.describe(
        until="The day on which it goes on: 24 Dec, next monday, in 2 weeks",
        cohort="Which cohort, if you are in several",
    )
    @app_commands.autocomplete(cohort=own_cohorts)
    async def pause(
        self, interaction: Interaction, until: str = "", cohort: str | None = None
    ) -> None:
        """Have it quiet for a while; your streak stays."""
        page = await self._service.pause(caller(interaction, cohort), until)
        await show(interaction, views.settings_card(page))

    @on_press("profile.pause")
    async def ask_pause(self, interaction: Interaction, subject: str) -> None:
        """Ask until when."""
        await open_form(interaction, PauseForm, "profile.paused", subject, title=N_("Pause"))

    @on_form("profile.paused", PauseForm)
    async def paused(self, interaction: Interaction, subject: str, form: PauseForm) -> None:
        """Pause from a card."""
        page = await self._service.pause(caller(interaction), form.until, _id(subject))
        await carry_on(interaction, views.settings_card(page))

    @app_commands.command()
    @app_commands.describe(cohort="Which cohort, if you are in several")
    @app_commands.autocomplete(cohort=own_cohorts)
    async def resume(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Come back from a pause."""
        page = await self._service.resume(caller(interaction, cohort))
        await show(interaction, views.settings_card(page))

    @on_press("profile.resume")
    async def come_back(self, interaction: Interaction, subject: str) -> None:
        """Come back from a card."""
        page = await self._service.resume(caller(interaction), _maybe(subject))
        await carry_on(interaction, views.settings_card(page))

    @app_commands.command()
    @app_commands.describe(cohort="Which cohort, if you are in several")
    @app_commands.autocomplete(cohort=own_cohorts)
    async def leave(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Stop everything and keep your record."""
        member = await self._service.about_to_leave(caller(interaction, cohort))
        await show(interaction, views.leave_card(member))

    @on_press("profile.leave")
    async def ask_leave(self, interaction: Interaction, subject: str) -> None:
        """Ask once before everything stops."""
        member = await self._service.own(caller(interaction), _id(subject))
        await redraw(interaction, views.leave_card(member))

    @on_press("profile.gone")
    async def gone(self, interaction: Interaction, subject: str) -> None:
        """Stop everything."""
        member = await self._service.leave(caller(interaction), _id(subject))
        await redraw(interaction, views.left_card(member))

    # --- what others read

    @app_commands.command()
    @app_commands.describe(cohort="Which cohort, if you are in several")
    @app_commands.autocomplete(cohort=own_cohorts)
    async def edit(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Write about yourself; nobody else reads it until you say so."""
        page = await self._service.settings(caller(interaction, cohort))
        await self._open(interaction, page.member.member_id, AboutForm, "profile.about", FIRST)

    @on_press("profile.edit")
    async def open_edit(self, interaction: Interaction, subject: str) -> None:
        """Open the first five lines of the profile."""
        await self._open(interaction, _id(subject), AboutForm, "profile.about", FIRST)

    @on_press("profile.more")
    async def more(self, interaction: Interaction, subject: str) -> None:
        """Open the other lines of the profile."""
        await self._open(interaction, _id(subject), MoreForm, "profile.about_more", MORE)

    async def _open(
        self,
        interaction: Interaction,
        member_id: int,
        model: type[Form],
        form: str,
        details: tuple[Detail, ...],
    ) -> None:
        profile = await self._service.get_profile(caller(interaction), member_id)
        fill = {detail.value: profile.of(detail) for detail in details}
        await open_form(
            interaction,
            model,
            form,
            member_id,
            title=N_("About you · you decide who reads"),
            fill=fill,
        )

    @on_form("profile.about", AboutForm)
    async def about(self, interaction: Interaction, subject: str, form: AboutForm) -> None:
        """Keep the first lines."""
        await self._keep(interaction, subject, form, FIRST)

    @on_form("profile.about_more", MoreForm)
    async def about_more(self, interaction: Interaction, subject: str, form: MoreForm) -> None:
        """Keep the other lines."""
        await self._keep(interaction, subject, form, MORE)

    async def _keep(
        self, interaction: Interaction, subject: str, form: Form, details: tuple[Detail, ...]
    ) -> None:
        texts = {detail: str(getattr(form, detail.value)) for detail in details}
        page = await self._service.write(caller(interaction), _id(subject), texts)
        await carry_on(interaction, views.profile_card(page))

    @app_commands.command(name="show")
    @app_commands.describe(member="Whose profile", cohort="Which cohort, if you are in several")
    @app_commands.autocomplete(cohort=own_cohorts)
    async def show_(
        self, interaction: Interaction, member: discord.User, cohort: str | None = None
    ) -> None:
        """See what somebody tells their cohort about themselves."""
        seen = await self._service.see(caller(interaction, cohort), member.id, member.display_name)
        await show(interaction, views.seen_card(seen))


def _id(subject: str) -> int:
    return number_in(subject, _("That is gone. `/me` shows what is there now."))


def _maybe(subject: str) -> int | None:
    return _id(subject) if subject else None
