"""What introductions tell of a week: how many met, and to oneself whom."""

from datetime import datetime

from bot.face.escape import one_line
from bot.face.words import _, ngettext
from bot.knowledge.content import Section
from bot.people import activity
from bot.people.cohorts import Cohort
from bot.people.contributions import News
from bot.people.memberships import Member
from bot.storage.database import Tx

from .model import Group
from .store import IntroductionStore

MOST_TOLD = 3


class IntroductionsWeekly:
    """Count for the cohort; name nobody but to those who met."""

    def __init__(self, store: IntroductionStore) -> None:
        self._store = store

    async def digest(self, tx: Tx, cohort: Cohort, since: datetime, now: datetime) -> list[News]:
        """Tell a cohort how many introductions became a meeting."""
        n = await self._store.met_since(tx, cohort.cohort_id, since, now)
        if not n:
            return []
        text = ngettext("{n} introduction met.", "{n} introductions met.", n).format(n=n)
        return [News(Section.INTRODUCTIONS, text)]

    async def week(self, tx: Tx, member: Member, since: datetime, now: datetime) -> list[News]:
        """Tell a member whom they met."""
        deeds = await activity.of_member(tx, member.member_id, "introduction.met", since=since)
        told: list[News] = []
        for number in dict.fromkeys(deed.subject_id for deed in deeds[:MOST_TOLD]):
            group = await self._store.group(tx, number or 0)
            names = await self._names(tx, group, member) if group else ""
            if names:
                text = _("You met {names}.").format(names=names)
                told.append(News(Section.INTRODUCTIONS, text, 25))
        return told

    async def _names(self, tx: Tx, group: Group, member: Member) -> str:
        ids = [s.member_id for s in group.seats if s.member_id != member.member_id]
        people = await self._store.people(tx, ids)
        return ", ".join(one_line(other.name, 60) for other in people.values())
