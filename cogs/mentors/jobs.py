"""The messages about mentoring that go out by themselves, one renderer for each kind."""

from bot.delivery.letters import Letter
from bot.face.look import Rendered
from cogs.mentors import views
from cogs.mentors.model import PairPage, Side
from cogs.mentors.service import MentorService


class Messages:
    """Render every letter about mentoring; one that has been overtaken says nothing."""

    def __init__(self, service: MentorService) -> None:
        self._service = service

    async def _page(self, letter: Letter) -> PairPage | None:
        side = Side(str(letter.subject["side"]))
        return await self._service.for_letter(int(letter.subject["pairing_id"]), side)

    async def _open(self, letter: Letter) -> PairPage | None:
        page = await self._page(letter)
        return page if page and page.pair.pairing.is_open else None

    async def paired(self, letter: Letter) -> Rendered | None:
        """Tell one of the two about the other."""
        page = await self._open(letter)
        return Rendered(views.paired_card(page), silent=False) if page else None

    async def agreement(self, letter: Letter) -> Rendered | None:
        """Ask for a yes to what the other wrote, unless it was given meanwhile."""
        page = await self._open(letter)
        if page is None or page.pair.pairing.agreed(page.side):
            return None
        return Rendered(views.agreement_card(page))

    async def still(self, letter: Letter) -> Rendered | None:
        """Ask whether it goes on, unless somebody answered meanwhile."""
        page = await self._open(letter)
        if page is None or page.pair.pairing.asked_at is None:
            return None
        return Rendered(views.still_card(page), silent=False)

    async def again(self, letter: Letter) -> Rendered | None:
        """Tell a mentee that their request waits again."""
        return Rendered(views.again_card(letter.cohort_id or 0))

    async def ended(self, letter: Letter) -> Rendered | None:
        """Tell one of the two that it has ended."""
        page = await self._page(letter)
        side = Side(str(letter.subject["side"]))
        name = page.pair.name_of(side.other) if page else ""
        return Rendered(views.ended_card(side, name, letter.cohort_id or 0))

    async def welcome(self, letter: Letter) -> Rendered | None:
        """Tell somebody that they are in as a mentor."""
        page = await self._service.mentor_for_letter(int(letter.subject["mentor_id"]))
        return Rendered(views.welcome_card(page)) if page else None
