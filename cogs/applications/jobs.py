"""The one message about applications that goes out by itself."""

from bot.delivery.outbox import Letter
from bot.face.look import Rendered

from . import views
from .suggesting import SuggestionService


class Messages:
    """Render letters about applications."""

    def __init__(self, service: SuggestionService) -> None:
        self._service = service

    async def hints(self, letter: Letter) -> Rendered | None:
        """Say what could be done now, or None when that is done already."""
        page = await self._service.letter_page(int(letter.subject["member_id"]))
        return Rendered(views.hints_card(page, letter=True)) if page else None
