"""What kudos tell of a week: the shared ones, and to oneself how many came."""

from datetime import datetime

from bot.face.escape import one_line
from bot.face.words import _, ngettext
from bot.knowledge.content import Section
from bot.people import contact
from bot.people.cohorts import Cohort
from bot.people.contributions import News
from bot.people.memberships import Member, MemberState
from bot.storage.database import Tx

from .store import KudosStore

MOST_SHARED = 25
HERE = (MemberState.JOINED, MemberState.PAUSED)


class KudosWeekly:
    """Tell what its receiver shared, while both may still be named together."""

    def __init__(self, store: KudosStore) -> None:
        self._store = store

    async def digest(self, tx: Tx, cohort: Cohort, since: datetime, now: datetime) -> list[News]:
        """Tell a cohort the thanks its members shared."""
        found, number = await self._store.shared(tx, cohort.cohort_id, since, now, MOST_SHARED)
        if not found:
            return []
        ids = {one.giver_id for one in found} | {one.receiver_id for one in found}
        people = await self._store.people(tx, [each for each in ids if each is not None])
        apart = await contact.apart(tx, {member.user_id for member in people.values()})
        told: list[News] = []
        for one in found:
            giver, receiver = people.get(one.giver_id or 0), people.get(one.receiver_id or 0)
            if receiver is None or receiver.state not in HERE:
                continue
            if giver is not None and frozenset((giver.user_id, receiver.user_id)) in apart:
                continue
            stays = giver is not None and giver.state in HERE
            text = _("**{giver}** thanks **{receiver}**: {text}").format(
                giver=one_line(giver.name, 40) if giver and stays else _("somebody who left"),
                receiver=one_line(receiver.name, 40),
                text=one_line(one.text, 180),
            )
            told.append(News(Section.KUDOS, text, more=0 if told else number - len(found)))
        return told

    async def week(self, tx: Tx, member: Member, since: datetime, now: datetime) -> list[News]:
        """Tell a member how often they were thanked, and how often they thanked."""
        got, gave = await self._store.count_since(tx, member.member_id, since)
        told: list[News] = []
        if got:
            text = ngettext("Somebody said thank you.", "{n} thank-yous came for you.", got)
            told.append(News(Section.KUDOS, text.format(n=got), 30))
        if gave:
            text = ngettext("You said thank you.", "You said thank you {n} times.", gave)
            told.append(News(Section.KUDOS, text.format(n=gave), 31))
        return told
