"""What members press on an opening: save it, track it, say that it is closed."""

from discord.ext import commands

from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import _

from . import views
from .queue import QueueService
from .readers import ReaderService


class Openings(commands.Cog):
    """Presses on openings; every answer is seen by the one who pressed only."""

    def __init__(self, readers: ReaderService, queue: QueueService) -> None:
        self._readers = readers
        self._queue = queue

    @on_press("opportunity.show")
    async def look_at(self, interaction: Interaction, subject: str) -> None:
        """Show an opening."""
        page = await self._readers.look_at(caller(interaction), number(subject))
        await show(interaction, views.member_card(page))

    @on_press("opportunity.choose")
    async def choose(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Show one of several openings."""
        page = await self._readers.look_at(caller(interaction), number(values[0]))
        await show(interaction, views.member_card(page))

    @on_press("opportunity.save")
    async def save(self, interaction: Interaction, subject: str) -> None:
        """Save an opening."""
        page = await self._readers.save(caller(interaction), number(subject))
        await show(interaction, views.saved_card(page))

    @on_press("opportunity.unsave")
    async def unsave(self, interaction: Interaction, subject: str) -> None:
        """Take an opening off the list."""
        page = await self._readers.unsave(caller(interaction), number(subject))
        await carry_on(interaction, views.saved_card(page))

    @on_press("opportunity.remind")
    async def remind(self, interaction: Interaction, subject: str) -> None:
        """Hear of deadlines again."""
        page = await self._readers.remind_again(caller(interaction), number(subject))
        await redraw(interaction, views.saved_card(page))

    @on_press("opportunity.track")
    async def track(self, interaction: Interaction, subject: str) -> None:
        """Put an opening among one's applications."""
        page = await self._readers.track(caller(interaction), number(subject))
        await show(interaction, views.tracked_card(page))

    @on_press("opportunity.closed")
    async def closed(self, interaction: Interaction, subject: str) -> None:
        """Say that an opening is closed."""
        page = await self._readers.doubt(caller(interaction), number(subject))
        await show(interaction, views.news_card(page))

    @on_press("opportunity.answer")
    async def answer(self, interaction: Interaction, subject: str) -> None:
        """Show what became of one's own suggestion."""
        posting = await self._queue.my_answer(caller(interaction), number(subject))
        await show(interaction, views.answer_card(posting))


def number(subject: str) -> int:
    """Read the number of an opening. Raises NotFound for anything else."""
    return number_in(subject, _("Choose an opening from the list that opens while you type."))
