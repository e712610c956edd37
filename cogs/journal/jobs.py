"""The one message about somebody's journal that goes out by itself."""

from bot.delivery.outbox import Letter
from bot.face.look import Rendered

from . import people_views as views
from .meeting import PeopleService


class Messages:
    """Render letters about people somebody met."""

    def __init__(self, service: PeopleService) -> None:
        self._service = service

    async def keep_in_touch(self, letter: Letter) -> Rendered | None:
        """Say whom to say hello to, or None when they did already."""
        ids = [int(each) for each in letter.subject["people"]]
        page = await self._service.for_letter(letter.member_id or 0, ids)
        return Rendered(views.touch_card(page)) if page else None
