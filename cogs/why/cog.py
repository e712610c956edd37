"""*Why did I get this?*, *Stop these* and *Stop all*."""

from discord.ext import commands

from bot.face.press import WHY, Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import _
from cogs.why import views
from cogs.why.model import recall
from cogs.why.service import WhyService


class Why(commands.Cog):
    """The answers to a question every automatic message carries."""

    def __init__(self, service: WhyService) -> None:
        self._service = service

    @on_press(WHY)
    async def ask(self, interaction: Interaction, subject: str) -> None:
        """Say why a message came."""
        page = await self._service.ask(caller(interaction), _id(subject))
        await show(interaction, views.because_card(page))

    @on_press("why.stop")
    async def stop(self, interaction: Interaction, subject: str) -> None:
        """Send no more of this kind."""
        page = await self._service.stop(caller(interaction), _id(subject))
        await redraw(interaction, views.stopped_card(page))

    @on_press("why.stop_all")
    async def stop_all(self, interaction: Interaction, subject: str) -> None:
        """Ask once before everything stops."""
        mine = await self._service.about_to_stop(caller(interaction))
        await carry_on(interaction, views.stop_all_card(mine))

    @on_press("why.stop_now")
    async def stop_now(self, interaction: Interaction, subject: str) -> None:
        """Stop everything."""
        before = await self._service.stop_all(caller(interaction))
        await redraw(interaction, views.all_stopped_card(before))

    @on_press("why.undo")
    async def undo(self, interaction: Interaction, subject: str) -> None:
        """Bring everything back as it was."""
        back = await self._service.undo(caller(interaction), recall(subject))
        await redraw(interaction, views.undone_card(back))

    @on_press("why.keep")
    async def keep(self, interaction: Interaction, subject: str) -> None:
        """Change nothing."""
        await redraw(interaction, views.kept_card())


def _id(subject: str) -> int:
    return number_in(subject, _("I do not remember that message any more."))
