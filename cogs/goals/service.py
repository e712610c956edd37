"""What a member can do with goals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.clockwork.clock import Clock
from bot.clockwork.phrases import read_date
from bot.delivery import outbox
from bot.errors import NotFound, Refusal
from bot.face.dates import short_date
from bot.face.words import N_, _, ngettext, speaking
from bot.people import activity, cohorts, memberships, stays
from bot.people.activity import Visibility
from bot.people.caller import Caller
from bot.people.contributions import ExportPart, HelpLine, Line
from bot.people.memberships import Member
from bot.people.record import Chapter, Entry
from bot.people.requests import KeepEntry, MakeGoal, Requests
from bot.storage.database import Database, Tx

from .model import (
    AREAS,
    MOST_OPEN_GOALS,
    WHAT_LIMIT,
    Area,
    Goal,
    GoalList,
    GoalPage,
    GoalState,
)
from .store import GoalStore

PAGE_SIZE = 6
JOURNAL_KINDS = {Area.STUDIES: "coursework", Area.PORTFOLIO: "project"}


@dataclass(frozen=True, slots=True)
class Wish:
    """A goal as it was typed; `target` is a date in words, or empty."""

    what: str
    measure: str
    target: str
    first_step: str
    area: Area


class GoalService:
    """Decide; then keep what was decided."""

    help = (
        HelpLine("/goal add", N_("Name something you want to reach, and how you will know.")),
        HelpLine("/goal list", N_("See your goals, note progress, mark one done.")),
    )

    def __init__(self, db: Database, clock: Clock, store: GoalStore, requests: Requests) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._requests = requests

    async def make(self, caller: Caller, wish: Wish) -> GoalPage:
        """Start a goal. Raises Refusal for a target that is no date or in the past."""
        return await self._db.write_together(self._make_all, (caller, wish))

    async def _make_all(
        self, tx: Tx, wanted: Sequence[tuple[Caller, Wish]]
    ) -> list[GoalPage | Exception]:
        """Start a goal for each of those who send one off at the same time."""
        made: list[GoalPage | Exception] = []
        for caller, wish in wanted:
            with speaking(caller.locale):
                try:
                    made.append(await self._make(tx, caller, wish))
                except Refusal as refusal:
                    made.append(refusal)
        return made

    async def _make(self, tx: Tx, caller: Caller, wish: Wish) -> GoalPage:
        member = await memberships.of(tx, caller)
        today = member.local_date(self._clock())
        counts = await self._store.counts(tx, member.member_id)
        if counts.get(GoalState.OPEN, 0) >= MOST_OPEN_GOALS:
            raise Refusal(
                _("You have {n} open goals. Finish one or let one go first.").format(
                    n=MOST_OPEN_GOALS
                )
            )
        goal = await self._add(tx, member, wish, target(wish.target, today))
        return GoalPage(goal, (), today)

    async def keep(self, caller: Caller, goal_id: int) -> int:
        """Keep a finished goal in the member's journal, once; return the entry's number."""
        async with self._db.write() as tx:
            member, goal = await self._own(tx, caller, goal_id)
            if goal.state is not GoalState.DONE:
                raise Refusal(_("Keep it in your journal when it is done."))
            kind = JOURNAL_KINDS.get(goal.area, "work")
            entry = KeepEntry(member, goal.what, kind, f"goal {goal_id}")
            return await self._requests.issue(tx, entry, self._clock())

    async def _add(self, tx: Tx, member: Member, wish: Wish, target_on: date | None) -> Goal:
        now = self._clock()
        goal = await self._store.add(
            tx,
            member.member_id,
            now,
            what=wish.what,
            measure=wish.measure,
            first_step=wish.first_step,
            target_on=target_on,
            area=wish.area,
        )
        await activity.note(tx, member, "goal.made", goal.goal_id, now)
        return goal

    async def accept(self, tx: Tx, request: MakeGoal, now: datetime) -> int:
        """Start a goal that another feature asks for, in its transaction."""
        wish = Wish(request.what[:WHAT_LIMIT], "", "", "", Area(request.area))
        return (await self._add(tx, request.member, wish, None)).goal_id

    async def change(self, caller: Caller, goal_id: int, wish: Wish) -> GoalPage:
        """Change the words or the target of a goal."""
        async with self._db.write() as tx:
            member, goal = await self._own(tx, caller, goal_id)
            today = member.local_date(self._clock())
            kept = goal.target_on.isoformat() if goal.target_on else ""
            target_on = goal.target_on if wish.target == kept else target(wish.target, today)
            goal = await self._store.change(
                tx,
                goal_id,
                what=wish.what,
                measure=wish.measure,
                first_step=wish.first_step,
                target_on=target_on,
            )
            return await self._page(tx, member, goal)

    async def look_at(
        self, caller: Caller, state: GoalState = GoalState.OPEN, page: int = 0
    ) -> GoalList:
        """Return one page of the member's goals."""
        async with self._db.read() as tx:
            member = await memberships.of(tx, caller)
            counts = await self._store.counts(tx, member.member_id)
            pages = max(1, -(-counts.get(state, 0) // PAGE_SIZE))
            page = min(max(page, 0), pages - 1)
            goals = await self._store.of(tx, member.member_id, state, PAGE_SIZE, page * PAGE_SIZE)
        today = member.local_date(self._clock())
        return GoalList(tuple(goals), state, page, pages, counts, today, member.cohort_name)

    async def choices(self, caller: Caller, typed: str) -> list[Goal]:
        """Return the caller's open goals whose words contain what was typed."""
        async with self._db.read() as tx:
            mine = await memberships.of_user(tx, caller.user_id)
            found = [
                goal
                for member in mine
                for goal in await self._store.of(tx, member.member_id, GoalState.OPEN)
            ]
        return [goal for goal in found if typed.lower() in goal.what.lower()]

    async def get(self, caller: Caller, goal_id: int) -> GoalPage:
        """Return one of the caller's goals with its notes."""
        async with self._db.read() as tx:
            member, goal = await self._own(tx, caller, goal_id)
            return await self._page(tx, member, goal)

    async def note(self, caller: Caller, goal_id: int, text: str) -> GoalPage:
        """Keep a line of progress."""
        async with self._db.write() as tx:
            member, goal = await self._own(tx, caller, goal_id)
            now = self._clock()
            await self._store.add_note(tx, goal_id, text, now)
            await activity.note(tx, member, "goal.moved", goal_id, now)
            return await self._page(tx, member, goal)

    async def finish(self, caller: Caller, goal_id: int) -> GoalPage:
        """Mark a goal done; doing so again changes nothing."""
        return await self._end(caller, goal_id, GoalState.DONE, "goal.done")

    async def drop(self, caller: Caller, goal_id: int, lesson: str) -> GoalPage:
        """Let a goal go, with what the member takes from it."""
        return await self._end(caller, goal_id, GoalState.DROPPED, "goal.dropped", lesson)

    async def _end(
        self, caller: Caller, goal_id: int, state: GoalState, word: str, lesson: str = ""
    ) -> GoalPage:
        async with self._db.write() as tx:
            member, goal = await self._own(tx, caller, goal_id)
            if goal.state is not state:
                now = self._clock()
                goal = await self._store.change(
                    tx, goal_id, state=state, ended_at=now, lesson=lesson
                )
                await activity.note(tx, member, word, goal_id, now)
            return await self._page(tx, member, goal)

    async def pick_up_again(self, caller: Caller, goal_id: int) -> GoalPage:
        """Open a goal again that was done or let go."""
        async with self._db.write() as tx:
            member, goal = await self._own(tx, caller, goal_id)
            if not goal.is_open:
                goal = await self._store.change(
                    tx, goal_id, state=GoalState.OPEN, ended_at=None, lesson=""
                )
                await activity.note(tx, member, "goal.reopened", goal_id, self._clock())
            return await self._page(tx, member, goal)

    async def set_visibility(
        self, caller: Caller, goal_id: int, visibility: Visibility
    ) -> GoalPage:
        """Decide who may read a goal."""
        async with self._db.write() as tx:
            member, _goal = await self._own(tx, caller, goal_id)
            goal = await self._store.change(tx, goal_id, visibility=visibility)
            return await self._page(tx, member, goal)

    async def preview_share(self, caller: Caller, goal_id: int) -> tuple[Goal, Member, int]:
        """Return a finished goal, its member and the channel it would be shared in.

        Raises Refusal when the goal is not done or the cohort has no check-in channel.
        """
        async with self._db.read() as tx:
            member, goal = await self._own(tx, caller, goal_id)
            return goal, member, await self._sharing_channel(tx, member, goal)

    async def share(self, caller: Caller, goal_id: int) -> Goal:
        """Tell the cohort that a goal is done; a second press tells nobody twice."""
        async with self._db.write() as tx:
            member, goal = await self._own(tx, caller, goal_id)
            channel_id = await self._sharing_channel(tx, member, goal)
            now = self._clock()
            sent = await outbox.enqueue(
                tx,
                kind="goals.shared",
                dedupe=f"goal:{goal_id}:shared",
                place=outbox.Place.channel(channel_id),
                now=now,
                cohort_id=member.cohort_id,
                member_id=member.member_id,
                subject={"goal_id": goal_id},
                counts=False,
            )
            if sent:
                goal = await self._store.change(tx, goal_id, visibility=Visibility.COHORT)
                await activity.note(tx, member, "goal.shared", goal_id, now, Visibility.COHORT)
        return goal

    async def shared(self, goal_id: int) -> tuple[Goal, Member] | None:
        """Return what a sharing message says, or None when it has nothing to say any more."""
        async with self._db.read() as tx:
            goal = await self._store.find(tx, goal_id)
            member = await memberships.get(tx, goal.member_id) if goal else None
        return (goal, member) if goal and member and goal.state is GoalState.DONE else None

    async def _sharing_channel(self, tx: Tx, member: Member, goal: Goal) -> int:
        cohort = await cohorts.require(tx, member.cohort_id)
        if goal.state is not GoalState.DONE:
            raise Refusal(_("Share it when it is done."))
        if cohort.checkins_id is None:
            raise Refusal(_("Your cohort has no channel to share in."))
        return cohort.checkins_id

    async def _page(self, tx: Tx, member: Member, goal: Goal) -> GoalPage:
        notes = await self._store.notes_of(tx, goal.goal_id)
        may_keep = self._requests.accepts(KeepEntry)
        return GoalPage(goal, notes, member.local_date(self._clock()), may_keep)

    async def _own(self, tx: Tx, caller: Caller, goal_id: int) -> tuple[Member, Goal]:
        mine = {m.member_id: m for m in await memberships.of_user(tx, caller.user_id)}
        goal = await self._store.get(tx, goal_id, list(mine))
        if goal is None:
            raise NotFound(_("That goal is not yours, or it is gone. `/goal list` shows yours."))
        return mine[goal.member_id], goal

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Add the member's open goals to `/me`."""
        open_goals = await self._store.of(tx, member.member_id, GoalState.OPEN)
        if not open_goals:
            first_ever = not await self._store.counts(tx, member.member_id)
            text = (
                _("No goal yet. One is enough to start with.")
                if first_ever
                else _("No goal is open. One is enough to go on with.")
            )
            return [Line(text, _("Name a goal"), "goals.new", order=30)]
        n = len(open_goals)
        first = open_goals[0].what
        text = ngettext("1 open goal: {first}", "{n} open goals, first: {first}", n)
        return [Line(text.format(n=n, first=short(first)), _("My goals"), "goals.list", order=30)]

    async def shown(self, tx: Tx, member: Member, reader: Visibility) -> list[str]:
        """Add the goals that a mentor or a fellow member may read to a profile."""
        allowed = {Visibility.COHORT, reader}
        found = await self._store.of(tx, member.member_id, GoalState.OPEN)
        return [
            _("Goal: {what}").format(what=short(goal.what))
            for goal in found
            if goal.visibility in allowed
        ]

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add every goal and note of the user to their export."""
        rows: list[dict[str, Any]] = []
        for member in await memberships.of_user(tx, user_id):
            for goal in await self._store.of(tx, member.member_id, None):
                lines = await self._store.notes_of(tx, goal.goal_id, limit=1000)
                rows.append(
                    {
                        "cohort": member.cohort_name,
                        "what": goal.what,
                        "how I will know": goal.measure,
                        "first step": goal.first_step,
                        "target": goal.target_on.isoformat() if goal.target_on else "",
                        "area": AREAS[goal.area],
                        "state": goal.state.value,
                        "visible to": goal.visibility.value,
                        "lesson": goal.lesson,
                        "made": goal.made_at.isoformat(),
                        "ended": goal.ended_at.isoformat() if goal.ended_at else "",
                        "notes": [f"{line.at.isoformat()} {line.text}" for line in lines],
                    }
                )
        return [ExportPart("goals", _("Goals"), rows)]

    async def record(self, tx: Tx, user_id: int) -> list[Entry]:
        """Add the goals the user reached, and what those taught that they let go."""
        return [
            Entry(
                Chapter.GOALS,
                f"goal {goal.goal_id}",
                stay.member.local_date(goal.ended_at or goal.made_at),
                goal.what,
                learned=goal.lesson,
                result=goal.measure if goal.state is GoalState.DONE else "",
                role=stay.role,
                place=stay.place,
                done=goal.state is GoalState.DONE,
            )
            for stay in await stays.of_user(tx, user_id)
            for goal in await self._store.of(tx, stay.member.member_id, None)
            if goal.state is GoalState.DONE or (not goal.is_open and goal.lesson)
        ]

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept about goals and who reads it."""
        number = 0
        for member in await memberships.of_user(tx, user_id):
            number += sum((await self._store.counts(tx, member.member_id)).values())
        line = ngettext(
            "{n} goal with its notes. You read it, and whoever you chose on it.",
            "{n} goals with their notes. You read them, and whoever you chose on each.",
            number,
        )
        return [line.format(n=number)] if number else []


def target(typed: str, today: date) -> date | None:
    """Read a target date. Raises Refusal when it is no date, or in the past."""
    if not typed:
        return None
    day = read_date(typed, today)
    if day < today:
        raise Refusal(
            _("The target {day} has passed. Choose a day to come.").format(day=short_date(day))
        )
    return day


def short(text: str) -> str:
    """Cut a goal's words to one line."""
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:79].rstrip() + "…"
