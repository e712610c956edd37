"""How a moderator brings mentors and mentees together: drawn, looked at, changed, approved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.clockwork.clock import Clock
from bot.errors import NotFound, Refusal
from bot.face.words import _
from bot.matching import model as matching
from bot.matching.reasons import Judge
from bot.matching.worker import Solver
from bot.people import cohorts, contact, memberships, profiles, users
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.contributions import Contributions
from bot.people.likeness import likeness
from bot.people.memberships import Member, MemberState
from bot.people.profiles import Detail
from bot.storage.database import Database, Tx
from cogs.mentors.model import (
    Approved,
    ChangePage,
    Choice,
    Match,
    MatchPage,
    MatchState,
    Mentor,
    MentorState,
    Pairing,
    Proposal,
    Proposed,
    Request,
    room,
    terms,
)
from cogs.mentors.pairs import Pairs
from cogs.mentors.store import MentorStore

PAGE_SIZE = 6
MOST_NAMED = 20
Apart = frozenset[tuple[int, int]]
"""Pairs of member and mentor number that are not brought together, for whatever reason."""


@dataclass(frozen=True, slots=True)
class Field:
    """Everyone who could be matched in a cohort at this moment, and who never with whom."""

    cohort: Cohort
    requests: dict[int, Request]
    members: dict[int, Member]
    mentors: dict[int, Mentor]
    room: dict[int, int]
    apart: Apart

    def fits(self, request: Request, mentor_id: int) -> bool:
        """Say whether a mentor is there for this request."""
        return mentor_id in self.mentors and (request.member_id, mentor_id) not in self.apart


class MatchService:
    """Draw, show, change and approve; nothing goes out before a moderator approves it."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        store: MentorStore,
        hooks: Contributions,
        solver: Solver,
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._hooks = hooks
        self._solver = solver
        self._pairs = Pairs(store)

    async def cohort(self, caller: Caller, cohort_id: int | None = None) -> Cohort:
        """Return the cohort a moderator means. Raises NotAllowed for everyone else."""
        async with self._db.read() as tx:
            return await self._cohort(tx, caller, cohort_id)

    async def _cohort(self, tx: Tx, caller: Caller, cohort_id: int | None) -> Cohort:
        if cohort_id is None:
            return await cohorts.managed_by(tx, caller)
        return await cohorts.moderated(tx, caller, cohort_id)

    async def waiting_draft(self, caller: Caller, cohort_id: int) -> MatchPage | None:
        """Return the draft somebody began, if it still waits."""
        async with self._db.read() as tx:
            cohort = await self._cohort(tx, caller, cohort_id)
            draft = await self._store.draft_of(tx, cohort.cohort_id)
            return await self._page(tx, cohort, draft, 0) if draft else None

    async def draw(self, caller: Caller, cohort_id: int) -> MatchPage:
        """Draw a new draft for whoever waits. Raises Refusal where there is nobody to match."""
        async with self._db.read() as tx:
            cohort = await self._cohort(tx, caller, cohort_id)
            field = await self._field(tx, cohort)
            self._check(field)
            mentees = [
                await self._mentee(tx, request, field.members[request.member_id])
                for request in field.requests.values()
            ]
            mentors = [
                matching.Mentor(await self._mentor(tx, mentor), field.room[mentor.mentor_id])
                for mentor in field.mentors.values()
                if field.room[mentor.mentor_id]
            ]
            weights = await self._hooks.weights(tx, cohort_id)
        now = self._clock()
        seed = int(now.timestamp()) % 2**31
        avoid = frozenset(frozenset((one, -other)) for one, other in field.apart)
        found = await self._solver.assign(
            mentees, mentors, weights, avoid, on=now.date(), seed=seed
        )
        by_member = {one.member_id: one.request_id for one in field.requests.values()}
        pairs = [(by_member[mentee], -mentor) for mentee, mentor in found.pairs]
        async with self._db.write() as tx:
            draft = await self._store.add_match(tx, cohort.cohort_id, seed, pairs, now)
            await cohorts.log(
                tx, cohort.cohort_id, caller.user_id, "mentors drawn", f"{len(pairs)}", now
            )
            return await self._page(tx, cohort, draft, 0)

    def _check(self, field: Field) -> None:
        if not field.requests:
            raise Refusal(
                _("Nobody waits for a mentor right now. Members ask with `/mentor request`.")
            )
        if not field.mentors:
            raise Refusal(_("There is no mentor yet. They begin with `/mentor join`."))
        if not any(field.room.values()):
            raise Refusal(_("Every mentor has as many mentees as they wanted."))

    async def page(self, caller: Caller, match_id: int, page: int = 0) -> MatchPage:
        """Return a page of a draft, or of what became of it."""
        async with self._db.read() as tx:
            match, cohort = await self._match(tx, caller, match_id)
            return await self._page(tx, cohort, match, page)

    async def change(self, caller: Caller, proposal_id: int) -> ChangePage:
        """Return which other mentors a mentee of a draft could have."""
        async with self._db.read() as tx:
            cohort, proposal = await self._proposal(tx, caller, proposal_id)
            field = await self._field(tx, cohort)
            rows = await self._store.proposals_of(tx, proposal.match_id)
            shown = await self._proposed(tx, field, [proposal])
            if not shown:
                raise NotFound(_("They are not waiting any more. *Draw again* starts afresh."))
            choices = self._choices(field, proposal, rows)
        return ChangePage(proposal.match_id, shown[0], tuple(choices))

    def _choices(
        self, field: Field, proposal: Proposal, rows: Sequence[Proposal]
    ) -> Iterable[Choice]:
        request = field.requests[proposal.request_id]
        taken = _taken(rows)
        for mentor in field.mentors.values():
            free = field.room[mentor.mentor_id] > taken.get(mentor.mentor_id, 0)
            new = mentor.mentor_id != proposal.mentor_id
            if free and new and field.fits(request, mentor.mentor_id):
                yield Choice(f"m{mentor.mentor_id}", mentor.name, None)
        for row in rows:
            other = field.requests.get(row.request_id)
            if (
                other is not None
                and row.mentor_id != proposal.mentor_id
                and field.fits(request, row.mentor_id)
                and field.fits(other, proposal.mentor_id)
            ):
                mentor = field.mentors[row.mentor_id]
                name = field.members[other.member_id].name
                yield Choice(f"p{row.proposal_id}", mentor.name, name)

    async def give(self, caller: Caller, proposal_id: int, value: str) -> MatchPage:
        """Give a mentee of a draft another mentor, or let two mentees change places."""
        async with self._db.write() as tx:
            cohort, proposal = await self._proposal(tx, caller, proposal_id)
            field = await self._field(tx, cohort)
            rows = await self._store.proposals_of(tx, proposal.match_id)
            waits = proposal.request_id in field.requests
            offered = self._choices(field, proposal, rows) if waits else ()
            if value not in {choice.value for choice in offered}:
                raise Refusal(_("These two cannot be paired."))
            number = int(value[1:])
            if value.startswith("m"):
                await self._store.change_proposal(tx, proposal_id, mentor_id=number, left_out=False)
            else:
                other = next(row for row in rows if row.proposal_id == number)
                await self._store.change_proposal(tx, proposal_id, mentor_id=other.mentor_id)
                await self._store.change_proposal(tx, number, mentor_id=proposal.mentor_id)
            return await self._after(tx, cohort, proposal.match_id)

    async def leave_out(self, caller: Caller, proposal_id: int) -> MatchPage:
        """Leave a pair out of a draft, or take it in again where there still is room."""
        async with self._db.write() as tx:
            cohort, proposal = await self._proposal(tx, caller, proposal_id)
            if proposal.left_out:
                field = await self._field(tx, cohort)
                rows = await self._store.proposals_of(tx, proposal.match_id)
                mentor_id = proposal.mentor_id
                if field.room.get(mentor_id, 0) <= _taken(rows).get(mentor_id, 0):
                    raise Refusal(_("That mentor has no room any more. *Change* finds another."))
            await self._store.change_proposal(tx, proposal_id, left_out=not proposal.left_out)
            return await self._after(tx, cohort, proposal.match_id)

    async def _after(self, tx: Tx, cohort: Cohort, match_id: int) -> MatchPage:
        match = await self._store.match(tx, match_id)
        assert match is not None
        return await self._page(tx, cohort, match, 0)

    async def drop(self, caller: Caller, match_id: int) -> Cohort:
        """Throw a draft away; everyone goes on waiting."""
        async with self._db.write() as tx:
            match, cohort = await self._match(tx, caller, match_id)
            if match.state is MatchState.DRAFT:
                await self._store.change_match(tx, match_id, MatchState.DROPPED)
            return cohort

    async def approve(self, caller: Caller, match_id: int) -> Approved:
        """Bring the pairs of a draft together and tell both sides, once.

        Whoever left, paused or filled up since the draft was drawn goes on waiting.
        """
        now = self._clock()
        async with self._db.write() as tx:
            match, cohort = await self._match(tx, caller, match_id)
            if match.state is not MatchState.DRAFT:
                raise Refusal(
                    _("That draft is done with. `/cohort mentor match` shows what there is now.")
                )
            field = await self._field(tx, cohort)
            free = dict(field.room)
            made, missed = 0, list[str]()
            for proposal in await self._store.proposals_of(tx, match_id):
                if proposal.left_out:
                    continue
                request, mentor_id = field.requests.get(proposal.request_id), proposal.mentor_id
                if request and field.fits(request, mentor_id) and free[mentor_id] > 0:
                    free[mentor_id] -= 1
                    made += 1
                    await self._pairs.begin(tx, request, field.mentors[mentor_id], now)
                else:
                    missed.append(await self._name(tx, proposal))
            await self._store.change_match(tx, match_id, MatchState.APPROVED)
            await cohorts.log(
                tx, cohort.cohort_id, caller.user_id, "mentors matched", f"{made}", now
            )
        return Approved(cohort.cohort_id, cohort.name, made, tuple(missed))

    async def _name(self, tx: Tx, proposal: Proposal) -> str:
        request = await self._store.request(tx, proposal.request_id)
        member = await memberships.get(tx, request.member_id) if request else None
        return member.name if member else _("somebody who left")

    # --- what is there to be matched

    async def _field(self, tx: Tx, cohort: Cohort) -> Field:
        joined = await memberships.in_cohort(tx, cohort.cohort_id, MemberState.JOINED)
        members = {member.member_id: member for member in joined}
        waiting = await self._store.waiting(tx, cohort.cohort_id)
        requests = {one.request_id: one for one in waiting if one.member_id in members}
        active = await self._store.mentors_in(tx, cohort.cohort_id, MentorState.ACTIVE)
        mentors = {one.mentor_id: one for one in active}
        pairings = await self._store.pairings_in(tx, cohort.cohort_id)
        asking = {one.member_id: members[one.member_id] for one in requests.values()}
        return Field(
            cohort=cohort,
            requests=requests,
            members=members,
            mentors=mentors,
            room={one.mentor_id: room(one, pairings) for one in active},
            apart=await self._apart(tx, asking, mentors, pairings),
        )

    async def _apart(
        self,
        tx: Tx,
        members: dict[int, Member],
        mentors: dict[int, Mentor],
        pairings: Sequence[Pairing],
    ) -> Apart:
        """Return whom nobody pairs: with themselves, with no contact, after an earlier pairing."""
        before = {(one.member_id, one.mentor_id) for one in pairings}
        people = {one.user_id for one in (*members.values(), *mentors.values())}
        stopped = await contact.apart(tx, people)
        kept = {
            (member.member_id, mentor.mentor_id)
            for member in members.values()
            for mentor in mentors.values()
            if member.user_id == mentor.user_id
            or frozenset((member.user_id, mentor.user_id)) in stopped
        }
        return frozenset(before | kept)

    async def _mentee(self, tx: Tx, request: Request, member: Member) -> matching.Person:
        """See a mentee as introductions do; what they asked for counts like their profile."""
        profile = await profiles.of_member(tx, member.member_id)
        shown = profile.for_others()
        asked = terms(request.topics, shown.get(Detail.UNDERSTAND, ""))
        return replace(likeness(member, profile, self._clock()), curious_about=asked)

    async def _mentor(self, tx: Tx, mentor: Mentor) -> matching.Person:
        """See a mentor as matching does; their number is negative, so that it is no member's."""
        member = await memberships.find(tx, mentor.cohort_id, mentor.user_id)
        if member is None:
            user = await users.get(tx, mentor.user_id)
            return matching.Person(
                -mentor.mentor_id, offers=terms(mentor.topics), zone=user.zone if user else "UTC"
            )
        profile = await profiles.of_member(tx, member.member_id)
        told = terms(mentor.topics, profile.for_others().get(Detail.ROLE, ""))
        seen = likeness(member, profile, self._clock())
        return replace(seen, person_id=-mentor.mentor_id, offers=told, phase=None)

    # --- cards

    async def _match(self, tx: Tx, caller: Caller, match_id: int) -> tuple[Match, Cohort]:
        match = await self._store.match(tx, match_id)
        if match is None:
            raise NotFound(_("That draft is gone. `/cohort mentor match` begins another."))
        return match, await cohorts.moderated(tx, caller, match.cohort_id)

    async def _proposal(self, tx: Tx, caller: Caller, proposal_id: int) -> tuple[Cohort, Proposal]:
        proposal = await self._store.proposal(tx, proposal_id)
        if proposal is None:
            raise NotFound(_("That draft is gone. `/cohort mentor match` begins another."))
        match, cohort = await self._match(tx, caller, proposal.match_id)
        if match.state is not MatchState.DRAFT:
            raise Refusal(
                _("That draft is done with. `/cohort mentor match` shows what there is now.")
            )
        return cohort, proposal

    async def _page(self, tx: Tx, cohort: Cohort, match: Match, page: int) -> MatchPage:
        field = await self._field(tx, cohort)
        every = await self._store.proposals_of(tx, match.match_id)
        rows = [row for row in every if row.request_id in field.requests]
        pages = max(1, -(-len(rows) // PAGE_SIZE))
        page = min(max(page, 0), pages - 1)
        shown = rows[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
        proposed = {row.request_id for row in rows}
        waiting = [
            field.members[one.member_id].name
            for one in field.requests.values()
            if one.request_id not in proposed
        ]
        used = sum(not row.left_out for row in rows)
        return MatchPage(
            match=match,
            cohort_name=cohort.name,
            rows=tuple(await self._proposed(tx, field, shown)),
            page=page,
            pages=pages,
            pairs=used,
            left_out=len(rows) - used,
            waiting=tuple(waiting[:MOST_NAMED]),
            room=max(0, sum(field.room.values()) - used),
        )

    async def _proposed(self, tx: Tx, field: Field, rows: Iterable[Proposal]) -> list[Proposed]:
        found: list[Proposed] = []
        weights = await self._hooks.weights(tx, field.cohort.cohort_id)
        for row in rows:
            request = field.requests.get(row.request_id)
            mentor = await self._store.mentor(tx, row.mentor_id)
            if request is None or mentor is None:
                continue
            member = field.members[request.member_id]
            people = (await self._mentee(tx, request, member), await self._mentor(tx, mentor))
            judge = Judge(people, self._clock().date(), weights)
            reasons = judge.reasons([one.person_id for one in people])
            found.append(Proposed(row, request, member, mentor, reasons))
        return found


def _taken(rows: Iterable[Proposal]) -> dict[int, int]:
    """Count how many mentees a draft gives each mentor."""
    counted: dict[int, int] = {}
    for row in rows:
        if not row.left_out:
            counted[row.mentor_id] = counted.get(row.mentor_id, 0) + 1
    return counted
