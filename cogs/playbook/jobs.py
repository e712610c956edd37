"""The cards that go out by themselves."""

from bot.delivery.outbox import Letter
from bot.face.look import Rendered

from . import views
from .service import PlaybookService


class Cards:
    """Render the card of a phase, of a week, or of a step before the end."""

    def __init__(self, service: PlaybookService) -> None:
        self._service = service

    async def card(self, letter: Letter) -> Rendered | None:
        """Return the card, unless its phase is over by now."""
        number = int(letter.subject["card_id"])
        page = await self._service.for_letter(letter.member_id or 0, number)
        return Rendered(views.page_card(page, sent=True)) if page else None

    async def call(self, letter: Letter) -> Rendered | None:
        """Mention the member where others read too, without a word of what it is about."""
        number = int(letter.subject["card_id"])
        if await self._service.for_letter(letter.member_id or 0, number) is None:
            return None
        member = await self._service.receiver(letter.member_id or 0)
        if member is None:
            return None
        return Rendered(views.call_card(member.user_id, number), mentions=[member.user_id])
