"""Buttons that lead to guides; there is no command, what is worth reading stands where it helps."""

from discord.ext import commands

from bot.errors import NotFound
from bot.face.press import Interaction, on_press
from bot.face.replies import carry_on, redraw
from bot.face.words import _
from bot.knowledge.content import Subject

from . import views
from .service import GuideService


class Guides(commands.Cog):
    """The shelf and its pages."""

    def __init__(self, service: GuideService) -> None:
        self._service = service

    @on_press("guides.shelf")
    async def shelf(self, interaction: Interaction, subject: str) -> None:
        """Show the topics, or the guides on one."""
        found = self._service.shelf(_topic(subject) if subject else None)
        await carry_on(interaction, views.shelf_card(found))

    @on_press("guides.topic")
    async def topic(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Show the guides on another topic."""
        await redraw(interaction, views.shelf_card(self._service.shelf(_topic(values[0]))))

    @on_press("guides.turn")
    async def turn(self, interaction: Interaction, subject: str) -> None:
        """Show another page of a topic."""
        topic, _dot, page = subject.rpartition(".")
        found = self._service.shelf(_topic(topic), int(page) if page.isdecimal() else 0)
        await redraw(interaction, views.shelf_card(found))

    @on_press("guides.read")
    async def read(self, interaction: Interaction, subject: str) -> None:
        """Show a guide."""
        await carry_on(interaction, views.guide_card(self._service.read(subject)))


def _topic(value: str) -> Subject:
    if value not in {each.value for each in Subject}:
        raise NotFound(_("That topic is gone. `/help` leads to those there are."))
    return Subject(value)
