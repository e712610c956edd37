"""The hello that opens somebody's direct messages and proves that they are open."""

from bot.delivery.letters import Letter
from bot.face.look import Rendered
from cogs.profile import views
from cogs.profile.service import ProfileService


class Hello:
    """The first direct message to somebody who has just chosen direct messages."""

    def __init__(self, service: ProfileService) -> None:
        self._service = service

    async def render(self, letter: Letter) -> Rendered | None:
        """Return the greeting, or None when they have left or chosen another way meanwhile."""
        member = await self._service.hello(letter.member_id) if letter.member_id else None
        return Rendered(views.hello_card(member), silent=False) if member else None
