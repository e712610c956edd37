"""`/cohort report` and `/cohort close`, below /cohort, and the report on other cards."""

import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.face.choosing import run_cohorts
from bot.face.press import Interaction, on_press
from bot.face.replies import caller, carry_on, show
from cogs.ending import report_views, views
from cogs.ending.cog import WHICH, number
from cogs.ending.model import Effect
from cogs.ending.report import ReportService
from cogs.ending.service import EndingService


def add_commands(group: app_commands.Group, service: EndingService, reports: ReportService) -> None:
    """Put the two commands below /cohort, which another feature has declared."""

    @group.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def report(interaction: Interaction, cohort: str | None = None) -> None:  # pyright: ignore[reportUnusedFunction]
        """One page of facts about the cohort, without names."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        page = await reports.report(caller(interaction, cohort))
        await show(interaction, report_views.report_card(page))

    @group.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def close(interaction: Interaction, cohort: str | None = None) -> None:  # pyright: ignore[reportUnusedFunction]
        """End a cohort; you see exactly what that does before it is done."""
        page = await service.about_to_close(caller(interaction, cohort))
        shown = views.effect_card if isinstance(page, Effect) else views.closed_card
        await show(interaction, shown(page))  # pyright: ignore[reportArgumentType]


class Reports(commands.Cog):
    """The report on cards; who may read it is checked on every press."""

    def __init__(self, reports: ReportService) -> None:
        self._reports = reports

    @on_press("ending.report")
    async def report(self, interaction: Interaction, subject: str) -> None:
        """Show the report from a card."""
        page = await self._reports.report(caller(interaction), number(subject))
        await carry_on(interaction, report_views.report_card(page))

    @on_press("ending.paper")
    async def hand_out(self, interaction: Interaction, subject: str) -> None:
        """Hand the report out as files."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        made = await self._reports.hand_out(caller(interaction), number(subject))
        files = [discord.File(io.BytesIO(each.content), each.filename) for each in made]
        view = report_views.paper_card([each.filename for each in made])
        await show(interaction, view, files=files)
