"""What somebody can say of themselves; nobody else reads it, and nobody is scored."""

from collections.abc import Iterable
from datetime import datetime

from bot.clockwork.clock import Clock
from bot.errors import NotFound, Refusal
from bot.face.words import N_, _, ngettext
from bot.knowledge.content import Competency, Section
from bot.knowledge.packs import Packs
from bot.people import activity, memberships
from bot.people.caller import Caller
from bot.people.contributions import ExportPart, HelpLine, Line, News
from bot.people.memberships import Member
from bot.people.requests import MakeGoal, Requests
from bot.storage.database import Database, Tx

from .model import (
    A_PAGE,
    MOMENTS,
    CompetencyPage,
    Moment,
    Overview,
    Said,
    Told,
    is_due,
    moment_of,
)
from .store import CompetencyStore

AREAS = {"career": "direction", "thinking": "business", "technology": "technical"}
"""What a goal about a competency is about, where it is not people."""


class CompetencyService:
    """Decide; then keep what was decided."""

    help = (
        HelpLine(
            "/goal competencies",
            N_("Say in your own words what you can do, and see it change. Only you read it."),
        ),
    )

    def __init__(
        self, db: Database, clock: Clock, packs: Packs, store: CompetencyStore, requests: Requests
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._requests = requests
        asked = [(one, group) for group in packs.competencies for one in group.competencies]
        self._asked = {one.id: one for one, _group in asked}
        self._answers = {one.id: group.answers for one, group in asked}

    async def overview(
        self, caller: Caller, member_id: int | None = None, page: int = 0
    ) -> Overview:
        """Return what the caller said at each moment, side by side."""
        async with self._db.read() as tx:
            member = await self._member(tx, caller, member_id)
            every = self._told(await self._store.of(tx, [member.member_id]))
        moment = self._moment(member)
        pages = max(1, -(-len(self._asked) // A_PAGE))
        page = min(max(page, 0), pages - 1)
        shown = list(self._asked.values())[page * A_PAGE :][:A_PAGE]
        left = [one for one in self._asked if moment not in every.get(one, {})]
        return Overview(
            member_id=member.member_id,
            cohort_name=member.cohort_name,
            rows=tuple((one, every.get(one.id, {})) for one in shown),
            moment=moment,
            said=len(self._asked) - len(left),
            all=len(self._asked),
            next_id=left[0] if left else None,
            page=page,
            pages=pages,
        )

    async def open(
        self, caller: Caller, member_id: int, competency: str, moment: Moment | None = None
    ) -> CompetencyPage:
        """Return one competency, at the moment the member is at or at another."""
        async with self._db.read() as tx:
            member = await self._member(tx, caller, member_id)
            one = self._known(competency)
            return await self._page(tx, member, one, moment or self._moment(member))

    async def go_on(self, caller: Caller, member_id: int) -> CompetencyPage:
        """Return the first competency about which nothing was said at this moment."""
        page = await self.overview(caller, member_id)
        first = page.next_id or next(iter(self._asked))
        return await self.open(caller, member_id, first)

    async def choose(
        self, caller: Caller, member_id: int, competency: str, moment: Moment, place: int
    ) -> CompetencyPage:
        """Keep which of the pack's answers fits. Raises NotFound where it has no such answer."""
        offered = self._answers.get(competency, ())
        if competency in self._asked and not 0 <= place < len(offered):
            raise NotFound(_("Those answers have changed. Open it again to see the new ones."))
        answer = offered[place] if offered else ""
        return await self._say(caller, member_id, competency, moment, answer=answer)

    async def put(
        self, caller: Caller, member_id: int, competency: str, moment: Moment, words: str
    ) -> CompetencyPage:
        """Keep the caller's own words; empty ones take back what they wrote."""
        return await self._say(caller, member_id, competency, moment, words=words)

    async def _say(
        self, caller: Caller, member_id: int, competency: str, moment: Moment, **said: str
    ) -> CompetencyPage:
        now = self._clock()
        async with self._db.write() as tx:
            member = await self._member(tx, caller, member_id)
            one = self._known(competency)
            told = (await self._page(tx, member, one, moment)).told.get(moment)
            if told is None and not any(said.values()):
                return await self._page(tx, member, one, moment)
            number = await self._store.keep(tx, member.member_id, one.id, moment, now, **said)
            if told is None:
                await activity.note(tx, member, "competency.answered", number, now)
            page = await self._page(tx, member, one, moment)
            if moment not in page.told and page.goal_id is None:
                await self._store.remove(tx, member.member_id, one.id, moment)
                page = await self._page(tx, member, one, moment)
            return page

    async def make_goal(
        self, caller: Caller, member_id: int, competency: str, moment: Moment
    ) -> CompetencyPage:
        """Make what it can look like a goal; a second press makes no second one."""
        now = self._clock()
        async with self._db.write() as tx:
            member = await self._member(tx, caller, member_id)
            one = self._known(competency)
            page = await self._page(tx, member, one, moment)
            if page.goal_id is not None:
                return page
            if not page.may_make_goal:
                raise Refusal(_("I cannot keep goals here at the moment."))
            area = AREAS.get(one.id, "connection")
            goal = MakeGoal(member, f"{one.name}: {page.looks}", area)
            goal_id = await self._requests.issue(tx, goal, now)
            await self._store.keep(tx, member.member_id, one.id, moment, now, goal_id=goal_id)
            return await self._page(tx, member, one, moment, is_new_goal=True)

    async def _page(
        self, tx: Tx, member: Member, one: Competency, moment: Moment, *, is_new_goal: bool = False
    ) -> CompetencyPage:
        said = await self._store.of(tx, [member.member_id])
        every = self._told(said)
        of_goal = [s.goal_id for s in said if (s.competency, s.moment) == (one.id, moment)]
        return CompetencyPage(
            member_id=member.member_id,
            competency=one,
            answers=self._answers[one.id],
            moment=moment,
            told=every.get(one.id, {}),
            next_id=self._next(one.id, moment, every),
            may_make_goal=self._requests.accepts(MakeGoal),
            goal_id=of_goal[0] if of_goal else None,
            is_new_goal=is_new_goal,
        )

    def _next(self, competency: str, moment: Moment, every: dict[str, Told]) -> str | None:
        """Return the next one about which nothing was said at this moment, round and round."""
        ids = list(self._asked)
        place = ids.index(competency)
        round_ = [*ids[place + 1 :], *ids[:place]]
        return next((one for one in round_ if moment not in every.get(one, {})), None)

    def _told(self, said: Iterable[Said]) -> dict[str, Told]:
        found: dict[str, dict[Moment, Said]] = {}
        for one in said:
            if not one.is_empty:
                found.setdefault(one.competency, {})[one.moment] = one
        return dict(found)

    def _known(self, competency: str) -> Competency:
        if competency not in self._asked:
            raise NotFound(_("That one is gone. `/goal competencies` shows those there are."))
        return self._asked[competency]

    def _moment(self, member: Member) -> Moment:
        now = self._clock()
        return moment_of(member.stage_at(now), member.phase(now))

    async def _member(self, tx: Tx, caller: Caller, member_id: int | None) -> Member:
        if member_id is None:
            return await memberships.of(tx, caller)
        for member in await memberships.of_user(tx, caller.user_id):
            if member.member_id == member_id:
                return member
        raise NotFound(_("That belongs to somebody else. `/goal competencies` shows yours."))

    # --- what other cards and files show

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Offer a look at oneself on `/me`, while its moment is there and it was never begun."""
        phase = member.phase(now)
        stage = member.stage_at(now)
        moment = moment_of(stage, phase)
        if not is_due(stage, phase):
            return []
        if await self._store.began(tx, member.member_id, moment):
            return []
        lines = {
            Moment.START: N_("What can you do already? A line or two, for later you"),
            Moment.MIDDLE: N_("Halfway: what can you do now that you could not at the start?"),
            Moment.END: N_("Near the end: what can you do now? Handy for your next interview"),
        }
        text = _(lines[moment])
        return [Line(text, _("Have a look"), "competencies.list", f"{member.member_id}", order=80)]

    async def week(self, tx: Tx, member: Member, since: datetime, now: datetime) -> list[News]:
        """Remind a member of what they saw in themselves this week."""
        said = await self._store.since(tx, member.member_id, since)
        names = [
            self._asked[one.competency].name
            for one in said
            if one.competency in self._asked and not one.is_empty
        ]
        if not names:
            return []
        text = _("You wrote down where you stand: {names}.").format(
            names=", ".join(dict.fromkeys(names))
        )
        return [News(Section.WINS, text[:300], order=90)]

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add what the user said of themselves to their export."""
        mine = {m.member_id: m.cohort_name for m in await memberships.of_user(tx, user_id)}
        rows = [
            {
                "cohort": mine[said.member_id],
                "about": self._asked[said.competency].name
                if said.competency in self._asked
                else said.competency,
                "moment": MOMENTS[said.moment],
                "answer": said.answer,
                "in my own words": said.words,
                "said": said.at.isoformat(),
            }
            for said in await self._store.of(tx, list(mine))
        ]
        return [ExportPart("competencies", _("What I said about my skills"), rows)]

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept and that nobody else reads it."""
        mine = [m.member_id for m in await memberships.of_user(tx, user_id)]
        number = len(await self._store.of(tx, mine))
        line = ngettext(
            "{n} answer about your skills, encrypted. Only you read it.",
            "{n} answers about your skills, encrypted. Only you read them.",
            number,
        )
        return [line.format(n=number)] if number else []
