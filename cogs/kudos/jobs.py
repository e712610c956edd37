"""The messages about kudos that go out by themselves."""

from bot.delivery.outbox import Letter
from bot.face.look import Rendered

from . import views
from .model import KudosState
from .service import KudosService


class Messages:
    """Render every letter about kudos."""

    def __init__(self, service: KudosService) -> None:
        self._service = service

    async def arrived(self, letter: Letter) -> Rendered | None:
        """Bring kudos to the person they are for."""
        page = await self._service.letter_page(int(letter.subject["kudos_id"]), KudosState.SENT)
        return Rendered(views.kudos_card(page)) if page else None

    async def shared(self, letter: Letter) -> Rendered | None:
        """Show kudos to the cohort."""
        page = await self._service.letter_page(int(letter.subject["kudos_id"]), KudosState.SHARED)
        return Rendered(views.shared_card(page)) if page else None
