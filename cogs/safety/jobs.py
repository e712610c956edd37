"""What the named contacts, and then the person who wrote, are sent."""

from bot.delivery.letters import Letter
from bot.face.look import Rendered
from cogs.safety import views
from cogs.safety.service import SafetyService


class Letters:
    """Messages about a report; none of them holds what was written."""

    def __init__(self, service: SafetyService) -> None:
        self._service = service

    async def report(self, letter: Letter) -> Rendered | None:
        """Tell a contact that something waits for them."""
        report = await self._service.find(int(letter.subject["report_id"]))
        return Rendered(views.arrived_card(report), silent=False) if report else None

    async def waiting(self, letter: Letter) -> Rendered | None:
        """Call a contact whose direct messages are closed, in the staff channel."""
        report = await self._service.find(int(letter.subject["report_id"]))
        if report is None:
            return None
        reader = await self._service.missed_by(int(letter.subject["letter_id"]), report)
        if reader is None:
            return None
        return Rendered(views.called_card(report, reader), mentions=[reader], silent=False)

    async def taken(self, letter: Letter) -> Rendered | None:
        """Tell the person that somebody has read it."""
        report = await self._service.find(int(letter.subject["report_id"]))
        return Rendered(views.taken_card(report)) if report and report.taken_by else None
