"""The messages of a digest that go out by themselves."""

from datetime import date

from bot.clockwork.recurrence import Due, to_utc
from bot.delivery.outbox import Letter
from bot.face.look import Rendered, View
from bot.people.cohorts import Cohort

from . import views
from .issues import Issues
from .model import USUAL_AT
from .service import DigestService
from .weeks import WeekService


class Messages:
    """Render every letter about digests."""

    def __init__(self, issues: Issues, service: DigestService, weeks: WeekService) -> None:
        self._issues = issues
        self._service = service
        self._weeks = weeks

    async def page(self, letter: Letter) -> Rendered | None:
        """Tell the cohort its week, one message of it."""
        page = await self._issues.page(letter)
        return Rendered(views.page_card(page, letter.cohort_id)) if page else None

    async def card(self, letter: Letter) -> Rendered | None:
        """Show an issue to the staff, or what became of it."""
        desk = await self._service.desk_of(int(letter.subject["digest_id"]))
        return Rendered(views.staff_card(desk)) if desk else None

    async def week(self, letter: Letter) -> Rendered | None:
        """Send a member their own week."""
        week = await self._weeks.for_letter(letter.member_id or 0)
        return Rendered(views.week_card(week), silent=False) if week else None

    async def sample(self, cohort: Cohort, period: date) -> View:
        """Return the digest of a day as it would go out now, for a moderator's preview."""
        due = Due(period, to_utc(period, USUAL_AT, cohort.zone))
        return views.staff_card(await self._service.sample(cohort, due))
