"""The messages about challenges that go out by themselves."""

from bot.delivery.outbox import Letter
from bot.face.look import Rendered

from . import views
from .service import ChallengeService


class Messages:
    """Render the weekly card, and what somebody shared."""

    def __init__(self, service: ChallengeService) -> None:
        self._service = service

    async def card(self, letter: Letter) -> Rendered | None:
        """Bring the week's challenge, unless it is done, skipped, stopped or its week is over."""
        page = await self._service.for_letter(int(letter.subject["challenge_id"]))
        return Rendered(views.challenge_card(page)) if page else None

    async def shared(self, letter: Letter) -> Rendered | None:
        """Tell the cohort, unless it was taken back."""
        page = await self._service.shared(int(letter.subject["challenge_id"]))
        return Rendered(views.shared_card(page)) if page else None
