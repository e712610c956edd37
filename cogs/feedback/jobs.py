"""The messages about feedback that go out by themselves; none of them holds feedback itself."""

from bot.delivery.outbox import Letter
from bot.face.look import Rendered

from . import outside_views, views
from .model import AskState, Prompt
from .outside import OutsideService
from .service import FeedbackService


class Messages:
    """Render every letter about feedback."""

    def __init__(self, service: FeedbackService, outside: OutsideService) -> None:
        self._service = service
        self._outside = outside

    async def ask(self, letter: Letter) -> Rendered | None:
        """Bring a request, unless it was taken back or contact was stopped meanwhile."""
        page = await self._service.letter_page(int(letter.subject["ask_id"]), AskState.OPEN)
        return Rendered(views.request_card(page), silent=False) if page else None

    async def reminder(self, letter: Letter) -> Rendered | None:
        """Remind once."""
        page = await self._service.letter_page(int(letter.subject["ask_id"]), AskState.OPEN)
        return Rendered(views.reminder_card(page)) if page else None

    async def over(self, letter: Letter) -> Rendered | None:
        """Tell the person asked that it ran out."""
        page = await self._service.letter_page(int(letter.subject["ask_id"]), AskState.EXPIRED)
        return Rendered(views.over_card(page)) if page else None

    async def ran_out(self, letter: Letter) -> Rendered | None:
        """Tell whoever asked that it ran out."""
        page = await self._service.letter_page(
            int(letter.subject["ask_id"]), AskState.EXPIRED, AskState.DECLINED
        )
        return Rendered(views.ran_out_card(page)) if page else None

    async def unreachable(self, letter: Letter) -> Rendered | None:
        """Tell whoever asked that the message did not arrive."""
        page = await self._service.letter_page(int(letter.subject["ask_id"]), AskState.OPEN)
        return Rendered(views.unreachable_card(page)) if page else None

    async def arrived(self, letter: Letter) -> Rendered | None:
        """Say that feedback came."""
        page = await self._service.arrived(int(letter.subject["feedback_id"]))
        return Rendered(views.arrived_card(page), silent=False) if page else None

    async def outside(self, letter: Letter) -> Rendered | None:
        """Ask whether somebody outside has answered."""
        number, rung = int(letter.subject["outside_id"]), str(letter.subject["rung"])
        page = await self._outside.due(number, rung)
        return Rendered(outside_views.due_card(page)) if page else None

    async def prompt(self, letter: Letter) -> Rendered | None:
        """Nudge somebody to ask in time."""
        return Rendered(views.prompt_card(Prompt(str(letter.subject["prompt"]))))
