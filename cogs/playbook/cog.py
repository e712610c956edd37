"""Buttons of the playbook: there is no command, it comes by itself and stands behind `/me`."""

from datetime import UTC, datetime

from discord.ext import commands

from bot.errors import NotFound
from bot.face.press import Interaction, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import _

from . import views
from .model import Page, Ref, read_ref
from .service import PlaybookService


class Playbook(commands.Cog):
    """What can be pressed on a card."""

    def __init__(self, service: PlaybookService) -> None:
        self._service = service

    @on_press("playbook.week")
    async def week(self, interaction: Interaction, subject: str) -> None:
        """Show this week's three with their buttons."""
        number = _id(subject) if subject else None
        page = await self._service.week(caller(interaction), number)
        await carry_on(interaction, views.page_card(page))

    @on_press("playbook.card")
    async def card(self, interaction: Interaction, subject: str) -> None:
        """Show a card from `/me`."""
        page = await self._service.card(caller(interaction), _id(subject))
        await carry_on(interaction, views.page_card(page))

    @on_press("playbook.done")
    async def done(self, interaction: Interaction, subject: str) -> None:
        """Keep that something was done."""
        page = await self._service.do(caller(interaction), _ref(subject))
        await self._again(interaction, page)

    @on_press("playbook.undo")
    async def undo(self, interaction: Interaction, subject: str) -> None:
        """Take it back."""
        page = await self._service.undo(caller(interaction), _ref(subject))
        await self._again(interaction, page)

    @on_press("playbook.goal")
    async def goal(self, interaction: Interaction, subject: str) -> None:
        """Make a goal of it."""
        page = await self._service.make_goal(caller(interaction), _ref(subject))
        await self._again(interaction, page)

    @on_press("playbook.remind")
    async def remind(self, interaction: Interaction, subject: str) -> None:
        """Ask when."""
        offer = await self._service.offer(caller(interaction), _ref(subject))
        await show(interaction, views.offer_card(offer))

    @on_press("playbook.at")
    async def at(self, interaction: Interaction, subject: str) -> None:
        """Have them reminded at that moment."""
        ref, _dot, moment = subject.rpartition(".")
        at = datetime.fromtimestamp(_id(moment), UTC)
        thing = await self._service.remind(caller(interaction), _ref(ref), at)
        await redraw(interaction, views.reminded_card(thing))

    @on_press("playbook.stop")
    async def stop(self, interaction: Interaction, subject: str) -> None:
        """Send no more cards."""
        await self._let_come(interaction, subject, come=False)

    @on_press("playbook.start")
    async def start(self, interaction: Interaction, subject: str) -> None:
        """Send cards again."""
        await self._let_come(interaction, subject, come=True)

    async def _let_come(self, interaction: Interaction, subject: str, *, come: bool) -> None:
        page = await self._service.let_cards_come(caller(interaction), _id(subject), come=come)
        await redraw(interaction, views.page_card(page))

    async def _again(self, interaction: Interaction, page: Page) -> None:
        await redraw(interaction, views.page_card(page, sent=not page.is_week))


def _id(subject: str) -> int:
    if not subject.isdecimal() or len(subject) > 15:
        raise NotFound(_("That is gone. `/me` shows what is there now."))
    return int(subject)


def _ref(subject: str) -> Ref:
    ref = read_ref(subject)
    if ref is None:
        raise NotFound(_("That is gone. `/me` shows what is there now."))
    return ref
