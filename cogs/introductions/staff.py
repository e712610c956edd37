"""What a moderator does with rounds: look ahead, draw again, keep apart, approve, run, report."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.clockwork.clock import Clock
from bot.errors import NotFound, Refusal
from bot.face.dates import stamp
from bot.face.words import _
from bot.matching.reasons import Judge
from bot.people import cohorts, profiles
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.contributions import Line
from bot.people.memberships import Member
from bot.storage.database import Database, Tx

from .model import (
    AHEAD,
    SIZES,
    WEIGHTS,
    End,
    Entry,
    Group,
    GroupState,
    Plan,
    Preview,
    Reach,
    Report,
    Round,
    RoundState,
    Said,
    Settings,
    Who,
    pairs_of,
    person_of,
)
from .rounds import MOST_SEED, Rounds
from .store import IntroductionStore

PAGE_SIZE = 8
TOLD = (RoundState.OPEN, RoundState.CLOSED)


class StaffService:
    """Run rounds; every action of a moderator is noted."""

    def __init__(
        self, db: Database, clock: Clock, store: IntroductionStore, rounds: Rounds
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._rounds = rounds

    # --- looking ahead

    async def preview(self, caller: Caller, page: int = 0) -> Preview:
        """Return the next round as it is drawn, or when there will be one."""
        async with self._db.read() as tx:
            cohort = await cohorts.managed_by(tx, caller)
            round = await self._store.latest(tx, cohort.cohort_id, *AHEAD)
            return await self._preview(tx, cohort, round, page)

    async def preview_of(self, round_id: int, page: int = 0) -> Preview | None:
        """Return a round's preview, for the staff's own card."""
        async with self._db.read() as tx:
            round = await self._store.round(tx, round_id)
            if round is None or round.state not in AHEAD:
                return None
            cohort = await cohorts.require(tx, round.cohort_id)
            return await self._preview(tx, cohort, round, page)

    async def nothing_yet(self, cohort: Cohort) -> Preview:
        """Return what there is to see of a round that is not drawn yet."""
        async with self._db.read() as tx:
            return await self._preview(tx, cohort, None)

    async def look_at(self, caller: Caller, round_id: int, page: int = 0) -> Preview:
        """Show a moderator one page of a round that nobody has been told of."""
        async with self._db.read() as tx:
            cohort, round = await self._ahead(tx, caller, round_id)
            return await self._preview(tx, cohort, round, page)

    async def _ahead(self, tx: Tx, caller: Caller, round_id: int) -> tuple[Cohort, Round]:
        round = await self._store.round(tx, round_id)
        if round is None:
            raise NotFound(_("That round is gone. `/cohort intro preview` shows the next one."))
        cohort = await cohorts.moderated(tx, caller, round.cohort_id)
        if round.state not in AHEAD:
            raise Refusal(_("That round has gone out. `/cohort intro report` counts it."))
        return cohort, round

    async def _preview(
        self, tx: Tx, cohort: Cohort, round: Round | None, page: int = 0, news: str = ""
    ) -> Preview:
        now = self._clock()
        due = await self._rounds.upcoming(tx, cohort, now)
        groups: list[Group] = []
        plans: tuple[Plan, ...] = ()
        unmatched: tuple[str, ...] = ()
        skipping = 0
        if round is not None:
            groups = await self._store.groups_of(tx, round.round_id, GroupState.PLANNED)
            page = min(max(page, 0), max(0, (len(groups) - 1) // PAGE_SIZE))
            shown = groups[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
            plans = await self._plans(tx, cohort, round, shown)
            left = await self._store.entered(tx, round.round_id, Entry.UNMATCHED)
            people = await self._store.people(tx, left)
            unmatched = tuple(member.name for member in people.values())
            skipping = len(await self._store.entered(tx, round.round_id, Entry.SKIPPED))
            skipping += len(await self._store.entered(tx, round.round_id, Entry.LEFT_OUT))
        taking_part, _paused = await self._store.counted(tx, cohort.cohort_id)
        return Preview(
            cohort=cohort,
            round=round,
            settings=await self._store.settings(tx, cohort.cohort_id),
            plans=plans,
            groups=len(groups),
            unmatched=unmatched,
            skipping=skipping,
            taking_part=taking_part,
            next_at=due.at if due else None,
            has_channel=cohort.introductions_id is not None,
            now=now,
            page=page,
            pages=max(1, -(-len(groups) // PAGE_SIZE)),
            news=news,
        )

    async def _plans(
        self, tx: Tx, cohort: Cohort, round: Round, groups: Sequence[Group]
    ) -> tuple[Plan, ...]:
        """Say what speaks for each of these groups."""
        ids = [seat.member_id for group in groups for seat in group.seats]
        people = await self._store.people(tx, ids)
        texts = await profiles.of_members(tx, list(people))
        now = self._clock()
        judged = [
            person_of(Who(member, texts[number]), known, round.number, now)
            for number, member in people.items()
            if (known := await self._store.participant(tx, number))
        ]
        history = await self._store.history(tx, cohort.cohort_id, round.number)
        chosen = await self._store.settings(tx, cohort.cohort_id)
        judge = Judge(judged, round.period, chosen.weights, history)
        known_ids = {person.person_id for person in judged}
        return tuple(
            Plan(group, _names(group, people), judge.reasons([s.member_id for s in group.seats]))
            for group in groups
            if all(seat.member_id in known_ids for seat in group.seats)
        )

    # --- before it goes out

    async def redraw(self, caller: Caller, round_id: int) -> Preview:
        """Draw the round with another seed."""
        async with self._db.read() as tx:
            await self._ahead(tx, caller, round_id)
        await self._rounds.draw(round_id, secrets.randbelow(MOST_SEED))
        return await self._changed(caller, round_id, "redrawn", _("Drawn again."))

    async def draw_now(self, caller: Caller, round_id: int) -> Preview:
        """Draw a round that has not been drawn yet."""
        async with self._db.read() as tx:
            await self._ahead(tx, caller, round_id)
        await self._rounds.draw(round_id)
        return await self.look_at(caller, round_id)

    async def separate(self, caller: Caller, round_id: int, group_id: int) -> Preview:
        """Keep the people of a group apart in this round, and draw again with the same seed."""
        async with self._db.write() as tx:
            await self._ahead(tx, caller, round_id)
            group = await self._store.group(tx, group_id)
            if group is None or group.round_id != round_id:
                raise NotFound(_("That group was drawn anew meanwhile. Look at the preview again."))
            ids = [seat.member_id for seat in group.seats]
            await self._store.separate(tx, round_id, pairs_of(ids))
        await self._rounds.draw(round_id)
        return await self._changed(caller, round_id, "separated", _("They meet others now."))

    async def leave_out(self, caller: Caller, round_id: int, user_id: int) -> Preview:
        """Leave somebody out of this round, and draw again with the same seed."""
        async with self._db.write() as tx:
            cohort, _round = await self._ahead(tx, caller, round_id)
            people = await self._store.taking_part(tx, cohort.cohort_id)
            ids = [member.member_id for member, _p in people if member.user_id == user_id]
            if not ids:
                raise Refusal(_("They are not in this round anyway."))
            await self._store.enter(tx, round_id, ids, Entry.LEFT_OUT, self._clock())
        await self._rounds.draw(round_id)
        return await self._changed(caller, round_id, "left out", _("They are left out this time."))

    async def approve(self, caller: Caller, round_id: int) -> Preview:
        """Let a round go out: at its time, or at once when its time has come."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort, round = await self._ahead(tx, caller, round_id)
            held = round.state is RoundState.HELD
            state = RoundState.DUE if held else round.state
            round = await self._store.change_round(
                tx, round_id, state=state, approved_at=now, starts_at=_start(round, now)
            )
            await self._log(tx, cohort, caller, "approved", round, now)
            news = _("Approved.") if held else _("Approved. It goes out at its time.")
            return await self._preview(tx, cohort, round, news=news)

    async def call_off(self, caller: Caller, round_id: int) -> Preview:
        """Call a round off; nobody is told whom they would have met."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort, round = await self._ahead(tx, caller, round_id)
            await self._rounds.call_off(tx, round, now)
            await self._log(tx, cohort, caller, "called off", round, now)
            return await self._preview(tx, cohort, None, news=_("Called off."))

    async def run(self, caller: Caller) -> Preview:
        """Draw a round at once; it goes out when it is approved."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort = await cohorts.managed_by(tx, caller)
            if not cohort.runs:
                raise Refusal(_("{name} is not live.").format(name=cohort.name))
            round = await self._store.latest(tx, cohort.cohort_id, *AHEAD)
            if round is None:
                round = await self._rounds.begin_now(tx, cohort, now)
            elif round.state is not RoundState.HELD:
                round = await self._store.change_round(tx, round.round_id, state=RoundState.HELD)
            await self._log(tx, cohort, caller, "run", round, now)
        await self._rounds.draw(round.round_id)
        return await self.look_at(caller, round.round_id)

    async def _changed(self, caller: Caller, round_id: int, action: str, news: str) -> Preview:
        async with self._db.write() as tx:
            cohort, round = await self._ahead(tx, caller, round_id)
            await self._log(tx, cohort, caller, action, round, self._clock())
            return await self._preview(tx, cohort, round, news=news)

    async def _log(
        self, tx: Tx, cohort: Cohort, caller: Caller, action: str, round: Round, now: datetime
    ) -> None:
        words = f"introductions {action}"
        detail = f"round {round.number}"
        await cohorts.log(tx, cohort.cohort_id, caller.user_id, words, detail, now)

    # --- how it is done here

    async def settings(self, caller: Caller, cohort_id: int) -> tuple[Cohort, Settings]:
        """Return how a cohort is introduced."""
        async with self._db.read() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            return cohort, await self._store.settings(tx, cohort_id)

    async def choose(
        self,
        caller: Caller,
        cohort_id: int,
        *,
        size: int | None = None,
        hold: bool | None = None,
        weights: Mapping[str, str] | None = None,
    ) -> tuple[Cohort, Settings]:
        """Change how a cohort is introduced. Raises Refusal for a weight that is none."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            chosen = await self._store.settings(tx, cohort_id)
            if size is not None and size in SIZES:
                chosen = replace(chosen, size=size)
            if hold is not None:
                chosen = replace(chosen, hold=hold)
            if weights is not None:
                read = {name: _weight(name, typed) for name, typed in weights.items()}
                chosen = replace(chosen, weights=replace(chosen.weights, **read))
            await self._store.choose(tx, cohort_id, chosen)
            for round in await self._store.rounds_in(tx, *AHEAD, cohort_id=cohort_id):
                await self._store.change_round(
                    tx, round.round_id, size=chosen.size, hold=chosen.hold
                )
            await cohorts.log(tx, cohort_id, caller.user_id, "introductions changed", "", now)
            return cohort, chosen

    # --- afterwards

    async def report(self, caller: Caller) -> Report:
        """Return what became of the latest round. Raises Refusal before the first one."""
        async with self._db.read() as tx:
            cohort = await cohorts.managed_by(tx, caller)
            round = await self._store.latest(tx, cohort.cohort_id, *TOLD)
            if round is None:
                raise Refusal(
                    _("No round has gone out yet. `/cohort intro preview` shows the next one.")
                )
            return await self._report(tx, cohort, round)

    async def report_of(self, round_id: int) -> Report | None:
        """Return what became of a round, for the staff's own card."""
        async with self._db.read() as tx:
            round = await self._store.round(tx, round_id)
            cohort = await cohorts.get(tx, round.cohort_id) if round else None
            return await self._report(tx, cohort, round) if round and cohort else None

    async def _report(self, tx: Tx, cohort: Cohort, round: Round) -> Report:
        """Count people, each by the latest of their groups in the round."""
        told = (GroupState.OPENING, GroupState.OPEN, GroupState.ENDED)
        latest: dict[int, Group] = {}
        again: set[int] = set()
        for group in await self._store.groups_of(tx, round.round_id, *told):
            for seat in group.seats:
                latest[seat.member_id] = group
                if group.again:
                    again.add(seat.member_id)
        words = {number: _outcome(group, number) for number, group in latest.items()}
        counted = Counter(outcome for outcome, _why in words.values())
        undelivered = Counter(why for outcome, why in words.values() if outcome == "undelivered")
        waiting = await self._store.entered(tx, round.round_id, Entry.WAITING)
        unmatched = await self._store.entered(tx, round.round_id, Entry.UNMATCHED)
        skipped = await self._store.entered(tx, round.round_id, Entry.SKIPPED)
        taking_part, paused = await self._store.counted(tx, cohort.cohort_id)
        alone = {number for number in {**waiting, **unmatched} if number not in latest}
        return Report(
            cohort=cohort,
            round=round,
            met=counted["met"],
            planned=counted["planned"],
            not_met=counted["not_met"],
            no_reply=counted["no_reply"],
            rematched=len(again),
            waiting=len(alone),
            skipped=len(skipped),
            undelivered=dict(undelivered.most_common()),
            taking_part=taking_part,
            paused=paused,
        )

    async def cloned(self, tx: Tx, old: Cohort, new: Cohort) -> None:
        """Introduce the people of a new cohort as those of another one were."""
        await self._store.choose(tx, new.cohort_id, await self._store.settings(tx, old.cohort_id))

    async def status(self, tx: Tx, cohort: Cohort, now: datetime) -> list[Line]:
        """Say on `/cohort status` what waits, and how the latest round went."""
        lines: list[Line] = []
        ahead = await self._store.latest(tx, cohort.cohort_id, *AHEAD)
        if ahead is not None and ahead.drawn_at is not None:
            waits = ahead.state is RoundState.HELD or (ahead.hold and not ahead.approved_at)
            text = _("Introductions go out {when}.").format(when=stamp(ahead.starts_at, "R"))
            if waits:
                text = _("Introductions are drawn and wait for your approval.")
            lines.append(
                Line(
                    text,
                    _("Preview introductions"),
                    "introductions.preview",
                    str(ahead.round_id),
                    order=10,
                    urgent=waits,
                )
            )
        told = await self._store.latest(tx, cohort.cohort_id, *TOLD)
        if told is not None:
            report = await self._report(tx, cohort, told)
            text = _("Introductions, round {n}: {met} met, {planned} planned, {silent} no reply.")
            lines.append(
                Line(
                    text.format(
                        n=told.number,
                        met=report.met,
                        planned=report.planned,
                        silent=report.no_reply,
                    ),
                    order=60,
                )
            )
        return lines

    async def round_on(self, cohort: Cohort, day: date) -> Round | None:
        """Return the round of a day, for the sample of a preview."""
        async with self._db.read() as tx:
            return await self._store.of_period(tx, cohort.cohort_id, day)


def _outcome(group: Group, member_id: int) -> tuple[str, str]:
    seat = group.seat_of(member_id)
    assert seat is not None
    if group.met:
        return "met", ""
    if seat.reach is Reach.NOBODY or group.end is End.UNSENT:
        return "undelivered", seat.why
    if group.planned:
        return "planned", ""
    if any(each.said is Said.NO for each in group.seats):
        return "not_met", ""
    return "no_reply", ""


def _names(group: Group, people: Mapping[int, Member]) -> tuple[str, ...]:
    return tuple(people[s.member_id].name for s in group.seats if s.member_id in people)


def _weight(name: str, typed: str) -> int:
    if not typed.strip().isdecimal() or int(typed) > 100:
        label = _(WEIGHTS[name])
        raise Refusal(_("*{label}* is a number from 0 to 100.").format(label=label))
    return int(typed)


def _start(round: Round, now: datetime) -> datetime:
    return max(round.starts_at, now) if round.state is RoundState.HELD else round.starts_at
