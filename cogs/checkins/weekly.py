"""What check-ins tell of a week: wins shared with the cohort, and a member's own answers."""

from datetime import datetime

from bot.face.escape import one_line
from bot.face.words import _
from bot.knowledge.content import Section
from bot.people.cohorts import Cohort
from bot.people.contributions import News
from bot.people.memberships import Member
from bot.storage.database import Tx

from .model import for_others
from .service import CheckinService
from .store import CheckinStore

MOST_WINS = 25
MOST_WIN = 220


class CheckinWeekly:
    """Tell what was shared; to oneself also what was not."""

    def __init__(self, store: CheckinStore, service: CheckinService) -> None:
        self._store = store
        self._service = service

    async def digest(self, tx: Tx, cohort: Cohort, since: datetime, now: datetime) -> list[News]:
        """Tell a cohort the wins its members shared with it."""
        wins, number = await self._store.shared_wins(tx, cohort.cohort_id, since, now, MOST_WINS)
        left = number - len(wins)
        told = [(name, shown) for name, win in wins if (shown := for_others(win))]
        return [
            News(
                Section.WINS,
                f"**{one_line(name, 60)}**: {one_line(win, MOST_WIN)}",
                more=left if n == 1 else 0,
            )
            for n, (name, win) in enumerate(told, 1)
        ]

    async def week(self, tx: Tx, member: Member, since: datetime, now: datetime) -> list[News]:
        """Tell a member what they checked in, and whether a check-in is open."""
        found: list[News] = []
        answers = await self._store.answered_since(tx, member.member_id, since)
        for answer in answers:
            text = _("You checked in.")
            if answer.win:
                text = _("You checked in. A win: {win}").format(win=one_line(answer.win, MOST_WIN))
            found.append(News(Section.WINS, text, 20))
        if not answers:
            found += [
                News(Section.QUESTIONS, line.text, 10)
                for line in await self._service.today(tx, member, now)
                if line.action == "checkins.open"
            ]
        return found
