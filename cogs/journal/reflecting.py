"""Questions to oneself, three at a time; what was answered before comes back."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from bot.clockwork.clock import Clock
from bot.clockwork.phases import Phase, Stage
from bot.errors import NotFound, Refusal
from bot.face.words import N_, _
from bot.knowledge.content import Moment
from bot.knowledge.packs import Packs
from bot.people import activity, memberships
from bot.people.caller import Caller
from bot.people.contributions import ExportPart, HelpLine
from bot.people.memberships import Member
from bot.people.requests import KeepEntry, Requests
from bot.storage.database import Database, Tx

from .answer_store import AnswerStore
from .model import UNDO_FOR, Answer, Answers, Sitting, monday, on_page, pages_of
from .whose import owns, reads

PAGE_SIZE = 5


class About(StrEnum):
    """What somebody thinks about."""

    DIRECTION = "direction"
    WEEK = "week"
    MONTH = "month"


ABOUT: dict[About, str] = {
    About.DIRECTION: N_("Where I would like to go"),
    About.WEEK: N_("My week"),
    About.MONTH: N_("My month"),
}
_ROUNDS = {About.WEEK: Moment.WEEK, About.MONTH: Moment.MONTH}


class ReflectService:
    """Ask; keep what was answered."""

    help = (HelpLine("/journal reflect", N_("Three questions to yourself; old answers return.")),)

    def __init__(
        self, db: Database, clock: Clock, store: AnswerStore, packs: Packs, requests: Requests
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._packs = packs
        self._requests = requests

    async def sit(self, caller: Caller, about: About, member_id: int = 0) -> Sitting:
        """Return three questions for now."""
        async with self._db.read() as tx:
            member = await reads(tx, caller, member_id)
            today = member.local_date(self._clock())
            moment = _ROUNDS.get(about) or self._moment(member)
            return await self._sitting(tx, member, moment, _turn(about, today))

    async def sit_again(self, caller: Caller, member_id: int, moment: Moment, turn: int) -> Sitting:
        """Return the questions of a card."""
        async with self._db.read() as tx:
            member = await reads(tx, caller, member_id)
            return await self._sitting(tx, member, moment, turn)

    def _moment(self, member: Member) -> Moment:
        now = self._clock()
        stage, phase = member.stage_at(now), member.phase(now)
        if stage is Stage.FINISHED or phase is Phase.AFTER:
            return Moment.AFTER
        if stage in (Stage.LOOKING, Stage.STARTING) or phase in (Phase.BEFORE, Phase.LAND):
            return Moment.BEFORE
        return Moment.DURING

    async def _sitting(self, tx: Tx, member: Member, moment: Moment, turn: int) -> Sitting:
        questions = self._packs.reflect(moment, turn)
        asked = [q.id for q in questions]
        before = [q.follows for q in questions if q.follows]
        known = await self._store.latest(tx, member.member_id, [*asked, *before])
        return Sitting(
            member,
            moment,
            turn,
            questions,
            {q.id: known[q.follows] for q in questions if q.follows and q.follows in known},
            {q.id: known[q.id] for q in questions if q.id in known},
            member.local_date(self._clock()),
        )

    async def answer(
        self, caller: Caller, member_id: int, moment: Moment, turn: int, texts: Sequence[str]
    ) -> Sitting:
        """Keep the answers; what stays empty is left as it is. Raises Refusal for none at all."""
        if not any(texts):
            raise Refusal(_("One answer is enough; all three are still empty."))
        async with self._db.write() as tx:
            member = await reads(tx, caller, member_id)
            now = self._clock()
            questions = self._packs.reflect(moment, turn)
            for question, text in zip(questions, texts, strict=True):
                if text:
                    answer_id = await self._store.save(
                        tx,
                        member.member_id,
                        question.id,
                        member.local_date(now),
                        moment=moment,
                        asked=question.ask,
                        text=text,
                    )
                    await activity.note(tx, member, "reflection.written", answer_id, now)
            return await self._sitting(tx, member, moment, turn)

    async def look_at(self, caller: Caller, member_id: int = 0, page: int = 0) -> Answers:
        """Return one page of earlier answers."""
        async with self._db.read() as tx:
            member = await reads(tx, caller, member_id)
            pages = pages_of(await self._store.number(tx, member.member_id), PAGE_SIZE)
            page = on_page(page, pages)
            found = await self._store.of(tx, member.member_id, PAGE_SIZE, page * PAGE_SIZE)
        return Answers(member, tuple(found), page, pages)

    async def get(self, caller: Caller, answer_id: int) -> Answer:
        """Return an answer, also a deleted one that can be brought back."""
        async with self._db.read() as tx:
            return (await self._own(tx, caller, answer_id))[1]

    async def delete(self, caller: Caller, answer_id: int) -> Answer:
        """Delete an answer; for two days it can be brought back."""
        async with self._db.write() as tx:
            member, answer = await self._own(tx, caller, answer_id)
            if answer.deleted_at is None:
                now = self._clock()
                await self._store.change(tx, answer_id, deleted_at=now)
                await activity.note(tx, member, "reflection.deleted", answer_id, now)
            return (await self._own(tx, caller, answer_id))[1]

    async def bring_back(self, caller: Caller, answer_id: int) -> Answer:
        """Take a deletion back."""
        async with self._db.write() as tx:
            await self._own(tx, caller, answer_id)
            await self._store.change(tx, answer_id, deleted_at=None)
            return (await self._own(tx, caller, answer_id))[1]

    async def keep(self, caller: Caller, answer_id: int) -> int:
        """Make an entry of an answer, so that it is part of the record; once."""
        async with self._db.write() as tx:
            member, answer = await self._own(tx, caller, answer_id)
            entry = KeepEntry(member, answer.text, "work", f"reflection {answer_id}")
            return await self._requests.issue(tx, entry, self._clock())

    async def _own(self, tx: Tx, caller: Caller, answer_id: int) -> tuple[Member, Answer]:
        mine = await owns(tx, caller)
        answer = await self._store.get(tx, answer_id, list(mine))
        over = answer and answer.deleted_at and answer.deleted_at + UNDO_FOR <= self._clock()
        if answer is None or over:
            raise NotFound(
                _("That answer is not yours, or it is gone. `/journal reflect` goes on from here.")
            )
        return mine[answer.member_id], answer

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add every answer of the user to their export."""
        rows = [
            {
                "cohort": member.cohort_name,
                "day": answer.on.isoformat(),
                "question": answer.asked,
                "answer": answer.text,
            }
            for member in await memberships.of_user(tx, user_id)
            for answer in await self._store.of(tx, member.member_id)
        ]
        return [ExportPart("reflections", _("Reflections"), rows)]


def _turn(about: About, today: date) -> int:
    """Return which three questions it is the turn of: every week or month others."""
    if about is About.WEEK:
        return monday(today).toordinal() // 7
    return today.year * 12 + today.month if about is About.MONTH else 0
