"""What applications tell their owner of a week: what moved, and which dates are near."""

from datetime import date, datetime, timedelta

from bot.face.dates import short_day
from bot.face.escape import one_line
from bot.face.words import _, ngettext
from bot.knowledge.content import Section
from bot.people import activity
from bot.people.contributions import News
from bot.people.memberships import Member
from bot.storage.database import Tx

from .model import Status
from .store import ApplicationStore

SOON = timedelta(days=7)


class ApplicationsWeekly:
    """Tell nobody but the member."""

    def __init__(self, store: ApplicationStore) -> None:
        self._store = store

    async def week(self, tx: Tx, member: Member, since: datetime, now: datetime) -> list[News]:
        """Tell a member how many applications they added or moved, and what is due."""
        words = "application.added", "application.moved"
        deeds = await activity.of_member(tx, member.member_id, *words, since=since)
        told: list[News] = []
        n = len({deed.subject_id for deed in deeds})
        if n:
            text = ngettext(
                "You worked on {n} application.", "You worked on {n} applications.", n
            ).format(n=n)
            told.append(News(Section.WINS, text, 40))
        return told + await self._dates(tx, member, now)

    async def _dates(self, tx: Tx, member: Member, now: datetime) -> list[News]:
        today = member.local_date(now)
        near = {
            course.application_id: course
            for course in await self._store.courses(tx, [member.member_id])
            if _near(course.interview_on, today) or _near(course.deadline_on, today)
        }
        told: list[News] = []
        for each in (await self._store.several(tx, list(near))).values():
            name = one_line(each.company, 100)
            if each.interview_on and _near(each.interview_on, today):
                text = _("Interview on {day}: {company}")
                text = text.format(day=short_day(each.interview_on), company=name)
                told.append(News(Section.EVENTS, text, 5))
            elif each.status is Status.SAVED and each.deadline_on:
                text = _("Apply until {day}: {company}")
                text = text.format(day=short_day(each.deadline_on), company=name)
                told.append(News(Section.CLOSING, text, 15))
        return told


def _near(day: date | None, today: date) -> bool:
    return day is not None and today <= day <= today + SOON
