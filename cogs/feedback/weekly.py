"""What feedback tells of a member's own week: what they gave, got, and have not read."""

from datetime import datetime

from bot.face.words import _, ngettext
from bot.knowledge.content import Section
from bot.people import activity
from bot.people.contributions import News
from bot.people.memberships import Member
from bot.storage.database import Tx

from .store import FeedbackStore


class FeedbackWeekly:
    """Tell nobody but the member, and never the words themselves."""

    def __init__(self, store: FeedbackStore) -> None:
        self._store = store

    async def week(self, tx: Tx, member: Member, since: datetime, now: datetime) -> list[News]:
        """Tell a member how often they asked for feedback and gave some, and what waits."""
        words = "feedback.asked", "feedback.asked_outside", "feedback.given", "feedback.logged"
        deeds = await activity.of_member(tx, member.member_id, *words, since=since)
        told: list[News] = []
        asked = sum(deed.word.startswith("feedback.asked") for deed in deeds)
        given = sum(deed.word == "feedback.given" for deed in deeds)
        logged = sum(deed.word == "feedback.logged" for deed in deeds)
        if asked:
            told.append(News(Section.WINS, _("You asked for feedback."), 35))
        if given:
            told.append(News(Section.WINS, _("You gave feedback."), 36))
        if logged:
            told.append(News(Section.WINS, _("You noted feedback you were told."), 37))
        n = len(await self._store.unread(tx, member.member_id))
        if n:
            text = ngettext(
                "Feedback waits to be read.", "{n} pieces of feedback wait to be read.", n
            )
            told.append(News(Section.QUESTIONS, text.format(n=n), 8))
        return told
