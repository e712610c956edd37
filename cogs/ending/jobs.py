"""What is said about the end of a cohort by itself."""

from collections.abc import Callable

from bot.delivery.outbox import Letter
from bot.face.look import Rendered
from cogs.ending import views
from cogs.ending.farewell import Farewell
from cogs.ending.service import RECORD


class Messages:
    """Render every letter about an end."""

    def __init__(self, farewell: Farewell, actions: Callable[[], frozenset[str]]) -> None:
        self._farewell = farewell
        self._actions = actions

    async def post(self, letter: Letter) -> Rendered | None:
        """Tell the channel."""
        page = await self._farewell.page(letter)
        return Rendered(views.post_card(page)) if page else None

    async def mention(self, letter: Letter) -> Rendered | None:
        """Call those who chose to be called in the channel."""
        page = await self._farewell.page(letter)
        if page is None:
            return None
        return Rendered(views.mention_card(page), mentions=page.mentions, silent=False)

    async def letter(self, letter: Letter) -> Rendered | None:
        """Tell one person what they may choose."""
        page = await self._farewell.page(letter)
        if page is None:
            return None
        view = views.letter_card(page, can_get_record=RECORD in self._actions())
        return Rendered(view, mentions=page.mentions, silent=False)
