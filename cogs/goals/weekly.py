"""What goals tell of a week: those shared when they were reached, and a member's own."""

from datetime import datetime, timedelta

from bot.face.dates import short_day
from bot.face.escape import one_line
from bot.face.words import _
from bot.knowledge.content import Section
from bot.people.cohorts import Cohort
from bot.people.contributions import News
from bot.people.memberships import Member
from bot.storage.database import Tx

from .model import GoalState
from .store import GoalStore

MOST_SHARED = 25
MOST_GOAL = 180
SOON = timedelta(days=14)
MOST_SOON = 3


class GoalWeekly:
    """Tell what was shared; to oneself also what was not."""

    def __init__(self, store: GoalStore) -> None:
        self._store = store

    async def digest(self, tx: Tx, cohort: Cohort, since: datetime, now: datetime) -> list[News]:
        """Tell a cohort the goals its members reached and shared."""
        found, number = await self._store.shared(tx, cohort.cohort_id, since, now, MOST_SHARED)
        return [
            News(
                Section.WINS,
                _("**{name}** reached a goal: {goal}").format(
                    name=one_line(name, 60), goal=one_line(what, MOST_GOAL)
                ),
                60,
                more=number - len(found) if n == 1 else 0,
            )
            for n, (name, what) in enumerate(found, 1)
        ]

    async def week(self, tx: Tx, member: Member, since: datetime, now: datetime) -> list[News]:
        """Tell a member what they reached, and which target is near."""
        told = [
            News(Section.WINS, _("Reached: {goal}").format(goal=one_line(goal.what, 140)), 10)
            for goal in await self._store.ended_since(tx, member.member_id, since)
        ]
        until = member.local_date(now) + SOON
        near = await self._store.of(tx, member.member_id, GoalState.OPEN, MOST_SOON)
        for goal in near:
            if goal.target_on is not None and goal.target_on <= until:
                text = _("Until {day}: {goal}").format(
                    day=short_day(goal.target_on), goal=one_line(goal.what, 140)
                )
                told.append(News(Section.ACTIONS, text, 40))
        return told
