"""The messages about reminders that go out by themselves."""

from bot.delivery.letters import Letter, PlaceKind
from bot.face.look import Rendered
from bot.face.words import _

from . import views
from .model import ReminderPage
from .rounds import numbers
from .service import ReminderService


class Messages:
    """Render every letter about reminders; what was done meanwhile is not said."""

    def __init__(self, service: ReminderService) -> None:
        self._service = service

    async def due(self, letter: Letter) -> Rendered | None:
        """Say one reminder."""
        return await self.several(letter)

    async def several(self, letter: Letter) -> Rendered | None:
        """Say in one message all that came at once."""
        pages = await self._pages(letter)
        if not pages:
            return None
        if letter.place.kind is PlaceKind.USER:
            return Rendered(views.told_card(pages), silent=False)
        member = await self._service.receiver(letter.member_id)
        assert member is not None
        card = views.told_card(pages, member.user_id)
        return Rendered(card, mentions=[member.user_id], silent=False)

    async def call(self, letter: Letter) -> Rendered | None:
        """Mention the member where others read too, without a word of what it is about."""
        member = await self._service.receiver(letter.member_id)
        pages = await self._pages(letter)
        if member is None or not pages:
            return None
        ids = [page.reminder.reminder_id for page in pages]
        return Rendered(views.call_card(member, ids), mentions=[member.user_id], silent=False)

    async def room(self, letter: Letter) -> Rendered | None:
        """Open the member's own private thread."""
        member = await self._service.receiver(letter.member_id)
        if member is None:
            return None
        name = _("Only for {name}").format(name=member.name)
        return Rendered(mentions=[member.user_id], thread_name=name)

    async def hello(self, letter: Letter) -> Rendered | None:
        """Say first who reads a private thread."""
        return Rendered(views.hello_card())

    async def _pages(self, letter: Letter) -> list[ReminderPage]:
        return await self._service.for_letter(letter.member_id, numbers(letter))
