"""The messages about check-ins that go out by themselves, one renderer for each kind."""

from datetime import date

from bot.delivery.outbox import Letter
from bot.face.look import Rendered, View
from bot.knowledge.content import Prompt, Topic
from bot.knowledge.packs import Packs
from bot.people.cohorts import Cohort

from . import views
from .model import Desk
from .rounds import CheckinRounds
from .service import CheckinService


class Messages:
    """Render every letter about check-ins."""

    def __init__(self, service: CheckinService, rounds: CheckinRounds, packs: Packs) -> None:
        self._service = service
        self._rounds = rounds
        self._packs = packs

    def cohort_prompt(self, cohort: Cohort, period: date) -> Prompt:
        """Return the week's question for the cohort's phase."""
        return self._packs.prompt(cohort.phase(period), period, Topic.PROGRESS)

    async def ask(self, letter: Letter) -> Rendered | None:
        """Ask one member, unless they have answered or moved on to another week."""
        desk = await self._open_desk(letter)
        return Rendered(views.ask_card(desk), silent=False) if desk else None

    async def nudge(self, letter: Letter) -> Rendered | None:
        """Remind one member, unless they have answered meanwhile."""
        desk = await self._open_desk(letter)
        return Rendered(views.nudge_card(desk)) if desk else None

    async def _open_desk(self, letter: Letter) -> Desk | None:
        desk = await self._service.desk_of(letter.member_id or 0)
        if desk is None or desk.answer is not None:
            return None
        return desk if desk.window.period.isoformat() == letter.subject["period"] else None

    async def card(self, letter: Letter) -> Rendered | None:
        """Show the week's card in the channel."""
        found = await self._rounds.card(letter)
        if found is None:
            return None
        cohort, opened = found
        prompt = self.cohort_prompt(cohort, opened.period)
        return Rendered(views.channel_card(cohort, opened.period, prompt))

    async def sample(self, cohort: Cohort, period: date) -> View:
        """Return a week's card as the channel will see it, for a moderator's preview."""
        return views.channel_card(cohort, period, self.cohort_prompt(cohort, period))

    async def thread(self, letter: Letter) -> Rendered | None:
        """Open the thread below the card."""
        found = await self._rounds.card(letter)
        if found is None:
            return None
        cohort, opened = found
        number = int(letter.subject["number"])
        return Rendered(thread_name=views.thread_name(cohort, opened.period, number))

    async def call(self, letter: Letter) -> Rendered | None:
        """Mention everyone asked in the thread at this minute who is still here."""
        called = await self._rounds.called(letter)
        if not called:
            return None
        period = date.fromisoformat(letter.dedupe.split(":")[2])
        view = views.call_card(called, called[0].cohort_id, period)
        return Rendered(view, mentions=[member.user_id for member in called], silent=False)

    async def closing(self, letter: Letter) -> Rendered | None:
        """Say that the check-in closes soon."""
        found = await self._rounds.card(letter)
        if found is None:
            return None
        cohort, opened = found
        closes = int(letter.subject["closes"])
        return Rendered(views.closing_card(closes, cohort.cohort_id, opened.period))

    async def win(self, letter: Letter) -> Rendered | None:
        """Share a win with the cohort."""
        found = await self._service.shared_win(int(letter.subject["checkin_id"]))
        return Rendered(views.win_card(*found)) if found else None

    async def blocker(self, letter: Letter) -> Rendered | None:
        """Bring a blocker to the mentors."""
        found = await self._service.blocker(int(letter.subject["blocker_id"]))
        return Rendered(views.blocker_card(*found)) if found else None

    async def helped(self, letter: Letter) -> Rendered | None:
        """Bring an answer to whoever raised a blocker."""
        found = await self._service.helped(int(letter.subject["help_id"]))
        return Rendered(views.help_card(*found), silent=False) if found else None
