"""A member's own week: shown when asked for, and sent every week to whoever wants that."""

from datetime import datetime, time, timedelta

from bot.clockwork.clock import Clock
from bot.clockwork.recurrence import Weekly as Rule
from bot.delivery import budget, outbox
from bot.delivery.outbox import Place
from bot.errors import NotFound, Refusal
from bot.face.words import N_, _
from bot.people import activity, memberships
from bot.people.caller import Caller
from bot.people.contributions import ExportPart, HelpLine, Reason
from bot.people.memberships import Member, MemberState
from bot.storage.database import Database, Tx

from .gathering import Gatherer
from .model import GRACE, TIMES, USUAL_AT, USUAL_DAY, Week, takes_messages
from .store import DigestStore

AT_A_TIME = 100
PUT_OFF = 3
"""Days a week waits for the message budget; later it would be about another week."""
A_DAY = timedelta(days=1)
WIDEST_JUMP = timedelta(hours=36)
"""More than a day and hour can move from one zone to another, and less than a week."""
HERE = (MemberState.JOINED, MemberState.PAUSED)


class WeekService:
    """Show a member their week; send it where they asked for that."""

    help = (HelpLine("/week", N_("Your own week: what you did, and what is next.")),)

    def __init__(self, db: Database, clock: Clock, store: DigestStore, gatherer: Gatherer) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._gatherer = gatherer
        self.reason = Reason(N_("You asked for your week as a message."), self.stop_all)

    async def mine(self, caller: Caller, cohort_id: int | None = None) -> Week:
        """Return the caller's week: in this cohort if they are in it, else in one that fits."""
        async with self._db.read() as tx:
            here = await memberships.find(tx, cohort_id or 0, caller.user_id)
            if here is None or here.state not in HERE:
                here = await memberships.of(tx, caller)
            return await self._week(tx, here)

    async def of_member(self, caller: Caller, member_id: int) -> Week:
        """Return the week behind one of the caller's own cards."""
        async with self._db.read() as tx:
            return await self._week(tx, await self._own(tx, caller, member_id))

    async def for_letter(self, member_id: int) -> Week | None:
        """Return the week of a letter; None when they do not want it any more."""
        async with self._db.read() as tx:
            member = await memberships.get(tx, member_id)
            if member is None or await self._store.weekly(tx, member_id) is None:
                return None
            return await self._week(tx, member)

    async def _own(self, tx: Tx, caller: Caller, member_id: int) -> Member:
        mine = await memberships.of_user(tx, caller.user_id)
        for member in mine:
            if member.member_id == member_id and member.state in HERE:
                return member
        if not mine:
            return await memberships.of(tx, caller)
        raise NotFound(_("That is not yours, or it is gone. `/week` shows your own."))

    async def _week(self, tx: Tx, member: Member) -> Week:
        now = self._clock()
        done, ahead = await self._gatherer.week(tx, member, now)
        return Week(
            member=member,
            done=done,
            ahead=ahead,
            actions=self._gatherer.own_actions(member, now),
            latest=await self._store.latest_out(tx, member.cohort_id),
            weekly=await self._store.weekly(tx, member.member_id),
            now=now,
        )

    # --- every week

    async def want(
        self,
        caller: Caller,
        member_id: int,
        *,
        weekday: int | None = None,
        at: time | None = None,
    ) -> Week:
        """Send the caller their week from now on, on this day and at this time where they live.

        Raises Refusal for somebody who takes no direct messages.
        """
        async with self._db.write() as tx:
            member = await self._own(tx, caller, member_id)
            if not takes_messages(member):
                raise Refusal(
                    _(
                        "I would send it as a direct message, and you take none, or are paused. "
                        "`/profile settings` changes that; `/week` always works."
                    )
                )
            known = await self._store.weekly(tx, member.member_id)
            if weekday is None or not 0 <= weekday <= 6:
                weekday = known.weekday if known else USUAL_DAY
            if at is None or at not in TIMES:
                at = known.at if known else USUAL_AT
            now = self._clock()
            next_at = _next(member, weekday, at, now)
            await self._store.want(tx, member.member_id, weekday, at, next_at)
            if known is None:
                await activity.note(tx, member, "week.wanted", None, now)
        return await self.of_member(caller, member_id)

    async def stop(self, caller: Caller, member_id: int) -> Week:
        """Send it no more; doing so twice changes nothing."""
        async with self._db.write() as tx:
            member = await self._own(tx, caller, member_id)
            await self.stop_all(tx, member, self._clock())
        return await self.of_member(caller, member_id)

    async def stop_all(self, tx: Tx, member: Member, now: datetime) -> None:
        """Send no week any more: the member wants none, or has left."""
        if await self._store.want_no_more(tx, member.member_id):
            await outbox.stop_for_member(
                tx, member.member_id, now, "they want it no more", kind="digest.week"
            )

    async def stop_all_of(self, tx: Tx, caller: Caller, now: datetime) -> None:
        """Send no week any more to somebody who wants no automatic message at all."""
        for member in await memberships.of_user(tx, caller.user_id):
            await self.stop_all(tx, member, now)

    async def moved(self, tx: Tx, member: Member, now: datetime) -> None:
        """Keep the hour on the wall where the member lives now; this week's is not repeated."""
        known = await self._store.weekly(tx, member.member_id)
        if known is not None:
            next_at = _next(member, known.weekday, known.at, known.next_at - WIDEST_JUMP)
            await self._store.move_week(tx, member.member_id, next_at)

    async def sweep(self, now: datetime) -> None:
        """Write to whoever's day and hour has come."""
        async with self._db.read() as tx:
            due = await self._store.due_weeks(tx, now, 1)
        while due:
            async with self._db.write() as tx:
                due = await self._store.due_weeks(tx, now, AT_A_TIME)
                for weekly, member in due:
                    if now - weekly.next_at <= GRACE:
                        await self._write(tx, member, weekly.next_at, now)
                    next_at = _next(member, weekly.weekday, weekly.at, now)
                    await self._store.move_week(tx, member.member_id, next_at)

    async def next_at(self, now: datetime) -> datetime | None:
        """Return when somebody's week is due next."""
        async with self._db.read() as tx:
            return await self._store.next_week_at(tx)

    async def _write(self, tx: Tx, member: Member, due_at: datetime, now: datetime) -> None:
        """Write one member's letter, on the next day on which one more message is welcome."""
        if not takes_messages(member):
            return
        for day in range(PUT_OFF + 1):
            moment = now + day * A_DAY
            if await budget.allows(tx, member, moment):
                await outbox.enqueue(
                    tx,
                    kind="digest.week",
                    dedupe=f"digest:own:{member.member_id}:{due_at:%Y-%m-%d}",
                    place=Place.user(member.user_id),
                    now=now,
                    due_at=moment,
                    expires_at=moment + GRACE,
                    cohort_id=member.cohort_id,
                    member_id=member.member_id,
                )
                return

    # --- what is kept

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add when the user gets their week to their export."""
        rows: list[dict[str, str | int]] = []
        for member in await memberships.of_user(tx, user_id):
            weekly = await self._store.weekly(tx, member.member_id)
            if weekly is not None:
                row = {"weekday": weekly.weekday + 1, "at": f"{weekly.at:%H:%M}"}
                rows.append({"cohort": member.cohort_name, **row})
        return [ExportPart("week", _("Your week as a message"), rows)]

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say that a day and an hour are kept."""
        for member in await memberships.of_user(tx, user_id):
            if await self._store.weekly(tx, member.member_id):
                return [_("The day and hour at which you get your week. Nobody else sees it.")]
        return []


def _next(member: Member, weekday: int, at: time, now: datetime) -> datetime:
    """Return when that day and hour come next where the member lives."""
    rule = Rule(weekday=weekday, at=at, anchor=member.local_date(now) - 7 * A_DAY)
    return rule.next(now, member.zone).at
