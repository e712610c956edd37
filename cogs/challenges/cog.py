"""/challenge, and the buttons on its card."""

from datetime import UTC, datetime

from discord import app_commands
from discord.ext import commands

from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import _

from . import views
from .service import ChallengeService


class Challenges(commands.Cog):
    """One small step a week."""

    def __init__(self, service: ChallengeService) -> None:
        self._service = service

    @app_commands.command()
    @app_commands.describe(cohort="Which cohort, if you are in several")
    async def challenge(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See this week's small challenge: a step nobody asked for."""
        page = await self._service.show(caller(interaction, cohort))
        await show(interaction, views.challenge_card(page))

    @on_press("challenges.show")
    async def open(self, interaction: Interaction, subject: str) -> None:
        """Show this week's from another card."""
        page = await self._service.open(caller(interaction), _id(subject))
        await carry_on(interaction, views.challenge_card(page))

    @on_press("challenges.card")
    async def card(self, interaction: Interaction, subject: str) -> None:
        """Show a challenge of whichever week."""
        page = await self._service.get(caller(interaction), _id(subject))
        await carry_on(interaction, views.challenge_card(page))

    @on_press("challenges.done")
    async def done(self, interaction: Interaction, subject: str) -> None:
        """Mark it done."""
        page = await self._service.finish(caller(interaction), _id(subject))
        await redraw(interaction, views.challenge_card(page))

    @on_press("challenges.undo")
    async def undo(self, interaction: Interaction, subject: str) -> None:
        """Open it again."""
        page = await self._service.undo(caller(interaction), _id(subject))
        await redraw(interaction, views.challenge_card(page))

    @on_press("challenges.another")
    async def another(self, interaction: Interaction, subject: str) -> None:
        """Choose another one."""
        page = await self._service.another(caller(interaction), _id(subject))
        await redraw(interaction, views.challenge_card(page))

    @on_press("challenges.skip")
    async def skip(self, interaction: Interaction, subject: str) -> None:
        """Leave this week out."""
        page = await self._service.skip(caller(interaction), _id(subject))
        await redraw(interaction, views.challenge_card(page))

    @on_press("challenges.stop")
    async def stop(self, interaction: Interaction, subject: str) -> None:
        """Have no more of these."""
        page = await self._service.let_come(caller(interaction), _id(subject), come=False)
        await redraw(interaction, views.challenge_card(page))

    @on_press("challenges.start")
    async def start(self, interaction: Interaction, subject: str) -> None:
        """Have them again."""
        page = await self._service.let_come(caller(interaction), _id(subject), come=True)
        await redraw(interaction, views.challenge_card(page))

    @on_press("challenges.goal")
    async def goal(self, interaction: Interaction, subject: str) -> None:
        """Make a goal of it."""
        page = await self._service.make_goal(caller(interaction), _id(subject))
        await redraw(interaction, views.challenge_card(page))

    @on_press("challenges.remind")
    async def remind(self, interaction: Interaction, subject: str) -> None:
        """Ask when."""
        kept, moments = await self._service.offer(caller(interaction), _id(subject))
        await show(interaction, views.offer_card(kept, moments))

    @on_press("challenges.at")
    async def at(self, interaction: Interaction, subject: str) -> None:
        """Have them reminded at that moment."""
        number, _dash, moment = subject.partition("-")
        at = datetime.fromtimestamp(_id(moment), UTC)
        kept = await self._service.remind(caller(interaction), _id(number), at)
        await redraw(interaction, views.reminded_card(kept))

    @on_press("challenges.keep")
    async def keep(self, interaction: Interaction, subject: str) -> None:
        """Keep it in the journal."""
        await self._service.keep(caller(interaction), _id(subject))
        await show(interaction, views.kept_card())

    @on_press("challenges.preview")
    async def preview(self, interaction: Interaction, subject: str) -> None:
        """Show what sharing would say, and to whom."""
        page = await self._service.preview(caller(interaction), _id(subject))
        await carry_on(interaction, views.share_preview(page))

    @on_press("challenges.share")
    async def share(self, interaction: Interaction, subject: str) -> None:
        """Share it."""
        page = await self._service.share(caller(interaction), _id(subject))
        await redraw(interaction, views.challenge_card(page))

    @on_press("challenges.history")
    async def history(self, interaction: Interaction, subject: str) -> None:
        """Show what was done."""
        number, _dash, page = subject.partition("-")
        at = int(page) if page.isdecimal() and len(page) < 7 else 0
        found = await self._service.history(caller(interaction), _id(number), at)
        await carry_on(interaction, views.history_card(found))


def _id(subject: str) -> int:
    return number_in(subject, _("That is gone. `/challenge` shows this week's."))
