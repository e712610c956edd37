"""The messages about goals that go out by themselves."""

from bot.delivery.outbox import Letter
from bot.face.look import Rendered

from . import views
from .service import GoalService


class Shared:
    """A finished goal, shared with the cohort."""

    def __init__(self, service: GoalService) -> None:
        self._service = service

    async def render(self, letter: Letter) -> Rendered | None:
        """Return the card, or None when the goal is gone or open again."""
        found = await self._service.shared(int(letter.subject["goal_id"]))
        return Rendered(views.shared_card(found[0], found[1].name)) if found else None
