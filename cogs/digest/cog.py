"""The /week command, and what members press in a digest."""

from datetime import time

from discord import app_commands
from discord.ext import commands

from bot.face.choosing import own_cohorts
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, show
from bot.face.words import _

from . import views
from .weeks import WeekService


class Weeks(commands.Cog):
    """A member's own week."""

    def __init__(self, weeks: WeekService) -> None:
        self._weeks = weeks

    @app_commands.command()
    @app_commands.describe(cohort="Which cohort, if you are in several")
    @app_commands.autocomplete(cohort=own_cohorts)
    async def week(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See what you did in the last seven days, and what is next."""
        await show(
            interaction, views.week_card(await self._weeks.mine(caller(interaction, cohort)))
        )

    @on_press("digest.mine")
    async def mine(self, interaction: Interaction, subject: str) -> None:
        """Show whoever pressed it their own week."""
        cohort_id = number(subject) if subject else None
        found = await self._weeks.mine(caller(interaction), cohort_id)
        await show(interaction, views.week_card(found))

    @on_press("digest.own")
    async def own(self, interaction: Interaction, subject: str) -> None:
        """Show a member's own week from another card."""
        found = await self._weeks.of_member(caller(interaction), number(subject))
        await carry_on(interaction, views.week_card(found))

    @on_press("digest.every")
    async def every(self, interaction: Interaction, subject: str) -> None:
        """Send it every week from now on."""
        found = await self._weeks.want(caller(interaction), number(subject))
        await carry_on(interaction, views.weekly_card(found))

    @on_press("digest.when")
    async def when(self, interaction: Interaction, subject: str) -> None:
        """Offer other days and hours."""
        found = await self._weeks.of_member(caller(interaction), number(subject))
        await carry_on(interaction, views.weekly_card(found))

    @on_press("digest.day")
    async def day(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose the day."""
        weekday = number(values[0])
        found = await self._weeks.want(caller(interaction), number(subject), weekday=weekday)
        await carry_on(interaction, views.weekly_card(found, _("Saved.")))

    @on_press("digest.hour")
    async def hour(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose the hour."""
        at = time(number(values[0].partition(":")[0]) % 24)
        found = await self._weeks.want(caller(interaction), number(subject), at=at)
        await carry_on(interaction, views.weekly_card(found, _("Saved.")))

    @on_press("digest.stop")
    async def stop(self, interaction: Interaction, subject: str) -> None:
        """Send it no more."""
        found = await self._weeks.stop(caller(interaction), number(subject))
        await carry_on(interaction, views.weekly_card(found))


def number(subject: str) -> int:
    """Read a number out of a button. Raises NotFound for anything else."""
    return number_in(subject, _("That is gone. `/week` shows what is there now."))
