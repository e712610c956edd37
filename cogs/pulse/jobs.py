"""The cards of a pulse in the channel."""

from datetime import UTC, date, datetime, time

from bot.delivery.outbox import Letter
from bot.face.look import Rendered, View
from bot.people.cohorts import Cohort

from . import views
from .model import OPEN_FOR, USUAL, Pulse, PulseState
from .service import PulseService


class Messages:
    """Render every letter about a pulse; none is for one person."""

    def __init__(self, service: PulseService) -> None:
        self._service = service

    async def card(self, letter: Letter) -> Rendered | None:
        """Ask the cohort."""
        page = await self._service.letter_page(int(letter.subject["pulse_id"]))
        if page is None or page.pulse.state is not PulseState.OPEN:
            return None
        return Rendered(views.channel_card(page.pulse, page.cohort))

    async def over(self, letter: Letter) -> Rendered | None:
        """Say what became of it."""
        page = await self._service.letter_page(int(letter.subject["pulse_id"]))
        return Rendered(views.over_card(page)) if page else None

    async def sample(self, cohort: Cohort, period: date) -> View:
        """Return the card as the channel will see it, for a moderator's preview."""
        closes_at = datetime.combine(period, time(10), UTC) + OPEN_FOR
        pulse = Pulse(0, cohort.cohort_id, period, closes_at, USUAL, PulseState.OPEN, 0)
        return views.channel_card(pulse, cohort)
