"""What openings tell of a week: the new ones, those that close soon, those a member saved."""

from datetime import datetime, timedelta

from bot.face.dates import short_day
from bot.face.escape import one_line
from bot.face.words import _
from bot.knowledge.content import Section
from bot.people.cohorts import Cohort
from bot.people.contributions import News
from bot.people.memberships import Member
from bot.storage.database import Tx

from .model import Posting
from .weekly_store import WeeklyStore

MOST_TOLD = 15
SOON = timedelta(days=7)
LONGEST_LINE = 300
LONGEST_URL = 160


class OpeningsWeekly:
    """Tell a cohort what is new, and everybody what they should not miss."""

    def __init__(self, store: WeeklyStore) -> None:
        self._store = store

    async def digest(self, tx: Tx, cohort: Cohort, since: datetime, now: datetime) -> list[News]:
        """Tell a cohort what opened, and what closes within a week."""
        today = cohort.local_date(now)
        where = cohort.guild_id, cohort.cohort_id
        fresh, opened = await self._store.fresh(tx, *where, since, now, today + SOON, MOST_TOLD)
        soon, closes = await self._store.closing(tx, *where, today, today + SOON, MOST_TOLD)
        return [
            *_news(Section.OPPORTUNITIES, fresh, opened),
            *_news(Section.CLOSING, soon, closes),
        ]

    async def week(self, tx: Tx, member: Member, since: datetime, now: datetime) -> list[News]:
        """Tell a member which of the openings they saved close within a week."""
        today = member.local_date(now)
        saved = await self._store.saved_until(tx, member.member_id, today, today + SOON)
        return [News(Section.CLOSING, _line(posting), 20) for posting in saved]


def _news(section: Section, found: list[Posting], number: int) -> list[News]:
    return [
        News(section, _line(posting), more=number - len(found) if n == 0 else 0)
        for n, posting in enumerate(found)
    ]


def _line(posting: Posting) -> str:
    """Return an opening on a line: what, where, until when, and the way there if that fits."""
    name = one_line(posting.name, 130)
    about = [one_line(posting.locations[0], 40)] if posting.locations else []
    if posting.deadline_on is not None:
        about.insert(0, _("until {day}").format(day=short_day(posting.deadline_on)))
    words = " · ".join([f"**{name}**", *about])
    url = posting.url
    fits = len(url) <= LONGEST_URL and url.isascii() and not set(url) & set(" ()<>[]`*|\\")
    link = f" · [{_('look')}](<{url}>)" if fits and url.startswith("https://") else ""
    return words + link if len(words + link) <= LONGEST_LINE else words
