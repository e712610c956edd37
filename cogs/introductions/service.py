"""What a member can do with introductions, and what is shown to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.clockwork.clock import Clock
from bot.clockwork.hours import read_hours, shared_moments
from bot.clockwork.phrases import read_date
from bot.errors import NotFound, Refusal
from bot.face.dates import short_date, stamp, whole_day
from bot.face.words import N_, _, ngettext
from bot.knowledge.packs import Packs
from bot.matching.model import Weights
from bot.people import activity, cohorts, memberships, profiles
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.contributions import ChannelNeed, ExportPart, HelpLine, Line, Reason
from bot.people.likeness import pieces
from bot.people.memberships import Member, MemberState
from bot.people.profiles import Detail
from bot.storage.database import Database, Tx

from .following import Following
from .model import (
    ASK_AT,
    MOST_AVOIDED,
    Avoided,
    Entry,
    Group,
    GroupState,
    Introduction,
    Mine,
    Part,
    Past,
    Round,
    RoundState,
    Said,
    Who,
)
from .rounds import Rounds
from .store import UNDER_WAY, IntroductionStore

TOLD = (RoundState.OPEN,)
AHEAD_OF_TELLING = (RoundState.NOTICED, RoundState.DRAWN, RoundState.HELD)
HISTORY_SHOWN = 20


class IntroductionService:
    """Decide; then keep what was decided."""

    help = (
        HelpLine("/intro join", N_("Meet somebody from your cohort, round by round.")),
        HelpLine("/intro history", N_("Who you met, and who you meet now.")),
        HelpLine("/cohort intro preview", N_("See who meets whom, a day ahead."), staff=True),
    )
    needs = (
        ChannelNeed(
            "introductions_id",
            (
                "view_channel",
                "send_messages",
                "create_private_threads",
                "send_messages_in_threads",
                "manage_threads",
                "read_message_history",
                "embed_links",
            ),
            N_("a private thread for each introduction"),
        ),
    )

    def __init__(
        self,
        db: Database,
        clock: Clock,
        store: IntroductionStore,
        rounds: Rounds,
        following: Following,
        packs: Packs,
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._rounds = rounds
        self._following = following
        self._packs = packs
        self.reason = Reason(N_("You joined the introductions of {cohort}."), self.stop)

    # --- taking part

    async def mine(self, caller: Caller) -> Mine:
        """Return what the member's introductions look like now."""
        async with self._db.read() as tx:
            return await self._mine(tx, await memberships.of(tx, caller))

    async def mine_of(self, caller: Caller, member_id: int) -> Mine:
        """Return the same for one of the caller's memberships."""
        async with self._db.read() as tx:
            member = await memberships.get(tx, member_id)
            if member is None or member.user_id != caller.user_id:
                raise NotFound(_("That is not yours, or it is gone. `/me` shows what is."))
            return await self._mine(tx, member)

    async def join(self, caller: Caller) -> Mine:
        """Take part from now on; in the middle of a round, in its next daily draw."""
        async with self._db.write() as tx:
            member = await memberships.of(tx, caller)
            if member.state is not MemberState.JOINED:
                raise Refusal(_("You are pausing everything. `/profile resume` comes first."))
            return await self._come_in(tx, member)

    async def _come_in(self, tx: Tx, member: Member) -> Mine:
        now = self._clock()
        known = await self._store.participant(tx, member.member_id)
        if known is None or known.part is not Part.IN or known.misses:
            await self._store.take_part(tx, member.member_id, Part.IN, now)
            await activity.note(tx, member, "introduction.joined", None, now)
        await self._wait(tx, member, now)
        return await self._mine(tx, member, _("You are in."))

    async def _wait(self, tx: Tx, member: Member, now: datetime) -> None:
        """Put a member who meets nobody into the daily draw of a round under way."""
        round = await self._store.latest(tx, member.cohort_id, RoundState.OPEN)
        if round and not await self._store.of_member(tx, member.member_id, *UNDER_WAY):
            await self._following.to_pool(tx, round, [member.member_id], now)

    async def pause(self, caller: Caller, until: str) -> Mine:
        """Meet nobody for a while; coming back needs no other command."""
        async with self._db.write() as tx:
            member = await memberships.of(tx, caller)
            return await self._pause(tx, member, until)

    async def _pause(self, tx: Tx, member: Member, until: str) -> Mine:
        now = self._clock()
        today = member.local_date(now)
        back_on = read_date(until, today) if until.strip() else None
        if back_on is not None and back_on <= today:
            raise Refusal(_("Choose a day to come; {day} is not.").format(day=short_date(back_on)))
        await self._store.take_part(tx, member.member_id, Part.PAUSED, now, back_on)
        await activity.note(tx, member, "introduction.paused", None, now)
        await self._step_out(tx, member)
        news = _("No introductions until you come back.")
        if back_on:
            news = _("No introductions until {day}. Then you are in again.").format(
                day=whole_day(back_on)
            )
        return await self._mine(tx, member, news)

    async def leave(self, caller: Caller) -> Mine:
        """Meet nobody any more; what was stays in the history."""
        async with self._db.write() as tx:
            member = await memberships.of(tx, caller)
            await self.stop(tx, member, self._clock())
            return await self._mine(tx, member, _("You are out. `/intro join` brings you back."))

    async def stop(self, tx: Tx, member: Member, now: datetime) -> None:
        """End introductions for a member, inside the transaction of whatever ended them."""
        known = await self._store.participant(tx, member.member_id)
        if known is not None and known.part is not Part.OUT:
            await self._store.take_part(tx, member.member_id, Part.OUT, now)
            await activity.note(tx, member, "introduction.left", None, now)
            await self._step_out(tx, member)

    async def stop_all(self, tx: Tx, caller: Caller, now: datetime) -> None:
        """End introductions for somebody who wants no automatic message any more."""
        for member in await memberships.of_user(tx, caller.user_id):
            await self.stop(tx, member, now)

    async def _step_out(self, tx: Tx, member: Member) -> None:
        round = await self._store.latest(tx, member.cohort_id, RoundState.OPEN)
        if round:
            ids = [member.member_id]
            await self._store.withdraw(tx, round.round_id, Entry.WAITING, ids)

    async def by_member(self, caller: Caller, member_id: int, verb: str) -> Mine:
        """Come back, pause or leave from a card that belongs to one membership."""
        async with self._db.write() as tx:
            member = await memberships.get(tx, member_id)
            if member is None or member.user_id != caller.user_id:
                raise NotFound(_("That is not yours, or it is gone. `/me` shows what is."))
            if member.state is not MemberState.JOINED:
                raise Refusal(
                    _("You are not taking part in {cohort} at the moment.").format(
                        cohort=member.cohort_name
                    )
                )
            if verb == "pause":
                return await self._pause(tx, member, "")
            if verb == "leave":
                await self.stop(tx, member, self._clock())
                return await self._mine(tx, member, _("You are out."))
            return await self._come_in(tx, member)

    async def skip(self, caller: Caller, round_id: int, *, back: bool = False) -> Mine:
        """Sit one round out, or take that back, until people have been told."""
        async with self._db.write() as tx:
            round = await self._store.round(tx, round_id)
            member = await memberships.find(tx, round.cohort_id, caller.user_id) if round else None
            known = await self._store.participant(tx, member.member_id) if member else None
            if round is None or member is None or known is None or known.part is Part.OUT:
                raise Refusal(_("You are not in this one anyway. `/intro join` takes you in."))
            if round.state not in AHEAD_OF_TELLING:
                raise Refusal(
                    _("This round has begun. `/intro pause` sits out what comes; your partner "
                      "gets somebody else.")
                )  # fmt: skip
            ids, now = [member.member_id], self._clock()
            if back:
                await self._store.withdraw(tx, round_id, Entry.SKIPPED, ids)
                return await self._mine(tx, member, _("You are in this round again."))
            await self._store.enter(tx, round_id, ids, Entry.SKIPPED, now)
            return await self._mine(tx, member, _("You sit this one out. The next one asks again."))

    # --- whom not

    async def avoid(
        self, caller: Caller, other_id: int, name: str, *, is_bot: bool
    ) -> tuple[list[Avoided], str]:
        """Never be paired with somebody; nobody else learns of it."""
        if other_id == caller.user_id:
            raise Refusal(_("You will never be paired with yourself. Choose somebody else."))
        if is_bot:
            raise Refusal(_("That is a bot; bots are never introduced to anybody."))
        async with self._db.write() as tx:
            mine = await memberships.of(tx, caller)
            known = await self._store.avoided_by(tx, caller.user_id)
            if len(known) >= MOST_AVOIDED and other_id not in [each.user_id for each in known]:
                raise Refusal(
                    _(
                        "{n} people are the most I can keep. Talk to a coordinator: `/report`."
                    ).format(n=MOST_AVOIDED)
                )
            await self._store.avoid(tx, caller.user_id, other_id, name, self._clock())
            other = await memberships.find(tx, mine.cohort_id, other_id)
            here = other is not None and other.state is not MemberState.LEFT
            note = "" if here else _("They are not in your cohort now; it holds if they come back.")
            return await self._store.avoided_by(tx, caller.user_id), note

    async def allow(self, caller: Caller, avoid_id: int) -> list[Avoided]:
        """Take one back."""
        async with self._db.write() as tx:
            await self._store.allow(tx, caller.user_id, avoid_id)
            return await self._store.avoided_by(tx, caller.user_id)

    # --- meeting

    async def answer(self, caller: Caller, group_id: int, said: Said) -> Introduction:
        """Keep what a member says about an introduction; it counts against nobody."""
        async with self._db.write() as tx:
            member, group = await self._following.seat_of(tx, caller, group_id)
            seat = group.seat_of(member.member_id)
            assert seat is not None
            now = self._clock()
            await self._hear(tx, member, group, now)
            if said:
                await self._store.change_seat(tx, group_id, member.member_id, said=said)
            if said is Said.YES and seat.said is not Said.YES:
                await activity.note(tx, member, "introduction.met", group_id, now)
            found = await self._introduction(tx, group_id)
            assert found is not None
            return found

    async def _hear(self, tx: Tx, member: Member, group: Group, now: datetime) -> None:
        """Note that somebody is there; a miss that was counted too early is taken back."""
        seat = group.seat_of(member.member_id)
        assert seat is not None
        at = seat.heard_at or now
        await self._store.change_seat(
            tx, group.group_id, member.member_id, heard_at=at, missed=False
        )
        known = await self._store.participant(tx, member.member_id)
        if known and seat.missed and known.misses:
            await self._store.note_participant(tx, member.member_id, misses=known.misses - 1)

    async def still_up(self, caller: Caller, group_id: int) -> Mine:
        """Hear from somebody who was silent: they go on, or into the draw if nobody waits."""
        now = self._clock()
        async with self._db.write() as tx:
            member, group = await self._following.seat_of(tx, caller, group_id)
            await self._hear(tx, member, group, now)
            if group.state is GroupState.ENDED:
                await self._wait(tx, member, now)
                return await self._mine(tx, member, _("Good. I look for somebody for you."))
            return await self._mine(tx, member, _("Good. One line to them is a fine start."))

    async def history(self, caller: Caller) -> tuple[Member, list[Past]]:
        """Return whom the member was introduced to, newest first."""
        async with self._db.read() as tx:
            member = await memberships.of(tx, caller)
            return member, await self._past(tx, member)

    async def _past(self, tx: Tx, member: Member) -> list[Past]:
        found = await self._store.of_member(tx, member.member_id, GroupState.OPEN, GroupState.ENDED)
        told = [group for group in found if group.opened_at is not None][:HISTORY_SHOWN]
        people = await self._store.people(tx, [s.member_id for g in told for s in g.seats])
        return [
            Past(
                group,
                tuple(
                    people[seat.member_id].name
                    for seat in group.seats
                    if seat.member_id in people and seat.member_id != member.member_id
                ),
                member.local_date(group.opened_at or self._clock()),
                group.state is GroupState.OPEN,
            )
            for group in told
        ]

    # --- what letters and cards say

    async def introduction(self, group_id: int) -> Introduction | None:
        """Return everything the card of a group says."""
        async with self._db.read() as tx:
            return await self._introduction(tx, group_id)

    async def _introduction(self, tx: Tx, group_id: int) -> Introduction | None:
        group = await self._store.group(tx, group_id)
        round = await self._store.round(tx, group.round_id) if group else None
        if group is None or round is None:
            return None
        ids = [seat.member_id for seat in group.here] or [s.member_id for s in group.seats]
        members = await self._store.people(tx, ids)
        texts = await profiles.of_members(tx, ids)
        people = tuple(Who(members[number], texts[number]) for number in ids if number in members)
        now = self._clock()
        hours = [read_hours(w.profile.of(Detail.HOURS), w.member.zone) for w in people]
        return Introduction(
            round=round,
            group=group,
            people=people,
            starter=self._starter(round, group, people, now),
            moments=tuple(shared_moments(hours, now)) if hours else (),
            now=now,
        )

    def _starter(self, round: Round, group: Group, people: Sequence[Who], now: datetime) -> str:
        shown = [set(pieces(w.profile.for_others().get(Detail.INTERESTS, ""))) for w in people]
        shared = sorted(set[str].intersection(*shown)) if shown else []
        phases = {who.member.phase(now) for who in people}
        phase = phases.pop() if len(phases) == 1 else None
        found = self._packs.icebreaker(phase, shared, round.seed + group.group_id)
        return found.ask

    async def round(self, round_id: int) -> tuple[Cohort, Round] | None:
        """Return a round that nobody has been told of yet, for its notice."""
        async with self._db.read() as tx:
            round = await self._store.round(tx, round_id)
            cohort = await cohorts.get(tx, round.cohort_id) if round else None
        return (cohort, round) if cohort and round else None

    async def noticed(self, round_id: int, member_id: int) -> tuple[Cohort, Round, Member] | None:
        """Return what a member's notice says, or None when it has nothing to say any more."""
        found = await self.round(round_id)
        if found is None or found[1].state not in AHEAD_OF_TELLING:
            return None
        async with self._db.read() as tx:
            member = await memberships.get(tx, member_id)
            known = await self._store.participant(tx, member_id)
        now = self._clock()
        if member is None or known is None or not known.takes_part(member.local_date(now)):
            return None
        return (*found, member)

    async def part_of(self, member_id: int) -> tuple[Member, Mine] | None:
        """Return a member with what their introductions look like; for messages about them."""
        async with self._db.read() as tx:
            member = await memberships.get(tx, member_id)
            return (member, await self._mine(tx, member)) if member else None

    async def called(self, ids: Sequence[int]) -> list[Member]:
        """Return the members a message calls, as they are now."""
        async with self._db.read() as tx:
            return list((await self._store.people(tx, ids)).values())

    async def _mine(self, tx: Tx, member: Member, news: str = "") -> Mine:
        now = self._clock()
        cohort = await cohorts.require(tx, member.cohort_id)
        under_way = await self._store.of_member(tx, member.member_id, GroupState.OPEN)
        mine = [g for g in under_way if (s := g.seat_of(member.member_id)) and s.is_here]
        current = await self._introduction(tx, mine[0].group_id) if mine else None
        open_round = await self._store.latest(tx, member.cohort_id, RoundState.OPEN)
        waiting = None
        if open_round:
            entered = await self._store.entered(tx, open_round.round_id, Entry.WAITING)
            waiting = entered.get(member.member_id)
        ahead = await self._store.latest(tx, member.cohort_id, *AHEAD_OF_TELLING)
        skipped = await self._store.entered(tx, ahead.round_id, Entry.SKIPPED) if ahead else {}
        due = await self._rounds.upcoming(tx, cohort, now)
        return Mine(
            member=member,
            participant=await self._store.participant(tx, member.member_id),
            current=current,
            waiting_since=waiting,
            pool_at=open_round.pool_at if open_round else None,
            next_at=due.at if due else None,
            skipping=member.member_id in skipped,
            news=news,
        )

    # --- what other cards and files show

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Add the member's current introduction to `/me`."""
        mine = await self._mine(tx, member)
        part = mine.participant.part if mine.participant else None
        number = str(member.member_id)
        if mine.current is not None:
            names = ", ".join(who.member.name for who in mine.current.others(member.user_id))
            text = _("You are introduced to {names}.").format(names=names)
            if not any(seat.said for seat in mine.current.group.seats):
                text = _("You are introduced to {names}. Did you meet?").format(names=names)
            return [Line(text, _("My introduction"), "introductions.mine", number, order=25)]
        if mine.waiting_since and mine.pool_at:
            text = _("I look for somebody for you to meet, {when}.").format(
                when=stamp(mine.pool_at, "R")
            )
            return [Line(text, _("My introductions"), "introductions.mine", number, order=45)]
        if part is Part.PAUSED and mine.participant and not mine.participant.paused_until:
            return [
                Line(
                    _("Introductions are paused."), _("Come back"), "introductions.back", number,
                    order=55,
                )
            ]  # fmt: skip
        if part is Part.IN and mine.participant and mine.participant.misses >= ASK_AT:
            text = _("I did not hear from you in two introductions. Still up for them?")
            return [Line(text, _("Yes"), "introductions.back", number, order=40)]
        if part is None and mine.next_at is not None:
            text = _("Meet somebody from your cohort: the next introductions are {when}.").format(
                when=stamp(mine.next_at, "R")
            )
            return [Line(text, _("Join"), "introductions.back", number, order=60)]
        return []

    async def left(self, tx: Tx, member: Member, now: datetime) -> None:
        """End introductions with the membership; whoever was to meet them gets somebody else."""
        await self.stop(tx, member, now)

    async def weights(self, tx: Tx, cohort_id: int) -> Weights:
        """Return what a cohort finds important when people are brought together."""
        return (await self._store.settings(tx, cohort_id)).weights

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add introductions, and whom the person does not want to meet, to their export."""
        rows: list[dict[str, Any]] = []
        for member in await memberships.of_user(tx, user_id):
            for past in await self._past(tx, member):
                seat = past.group.seat_of(member.member_id)
                rows.append(
                    {
                        "cohort": member.cohort_name,
                        "on": past.on.isoformat(),
                        "with": ", ".join(past.names),
                        "did you meet": seat.said.value if seat else "",
                    }
                )
        avoided = [
            {"user": str(each.user_id), "name": each.name}
            for each in await self._store.avoided_by(tx, user_id)
        ]
        return [
            ExportPart("introductions", _("Introductions"), rows),
            ExportPart("avoided", _("Not to be paired with"), avoided),
        ]

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept about introductions and who reads it."""
        lines: list[str] = []
        n = 0
        for member in await memberships.of_user(tx, user_id):
            n += len(await self._past(tx, member))
        if n:
            line = ngettext(
                "{n} introduction: with whom, and what you answered. You and they read who met; "
                "moderators see whom I plan to introduce, and afterwards only numbers.",
                "{n} introductions: with whom, and what you answered. You and they read who met; "
                "moderators see whom I plan to introduce, and afterwards only numbers.",
                n,
            )
            lines.append(line.format(n=n))
        if n := len(await self._store.avoided_by(tx, user_id)):
            line = ngettext(
                "{n} person you are never paired with. Nobody but you reads that.",
                "{n} people you are never paired with. Nobody but you reads that.",
                n,
            )
            lines.append(line.format(n=n))
        return lines

    async def erase(self, tx: Tx, user_id: int) -> None:
        """Take the person out of what others noted about them."""
        await self._store.forget_avoided(tx, user_id)
