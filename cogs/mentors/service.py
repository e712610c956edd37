"""What mentors and those who look for one can do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.clockwork.clock import Clock
from bot.clockwork.phrases import read_date
from bot.clockwork.zones import known_zone, zone_info
from bot.errors import NotAllowed, NotFound, Refusal
from bot.face.dates import stamp
from bot.face.words import N_, _, ngettext
from bot.knowledge.content import Guide
from bot.knowledge.packs import Packs
from bot.people import activity, cohorts, memberships, profiles, users
from bot.people.activity import Visibility
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.contributions import Contributions, ExportPart, HelpLine, Line, Reason
from bot.people.memberships import Member, MemberState
from bot.people.profiles import Detail
from bot.storage.database import Database, Tx
from cogs.mentors.model import (
    WORKDAYS,
    Agreement,
    Door,
    Ending,
    Leaving,
    Mentor,
    MentorPage,
    MentorState,
    NotesPage,
    Offer,
    Pair,
    Pairing,
    PairPage,
    RequestPage,
    RequestState,
    Side,
    room,
)
from cogs.mentors.pairs import Pairs
from cogs.mentors.store import MentorStore, is_silent
from cogs.mentors.telling import hears, may_meet, tell, tell_mentor

HERE = (MentorState.ASKED, MentorState.ACTIVE, MentorState.PAUSED)
ABOUT = (Detail.TEAM, Detail.ROLE, Detail.LEARNING, Detail.UNDERSTAND)


class MentorService:
    """Decide; then keep what was decided."""

    help = (
        HelpLine("/mentor join", N_("Give some time to others, as much as you choose.")),
        HelpLine("/mentor request", N_("Ask for a mentor, and say what for.")),
        HelpLine("/mentor notes", N_("Notes about your mentor or mentee that only you read.")),
        HelpLine("/mentor pause", N_("No new mentees for a while.")),
        HelpLine("/mentor leave", N_("Stop mentoring, or end it with your mentor.")),
        HelpLine("/cohort mentor match", N_("Bring mentors and mentees together."), staff=True),
    )

    def __init__(
        self, db: Database, clock: Clock, store: MentorStore, packs: Packs, hooks: Contributions
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._packs = packs
        self._hooks = hooks
        self._pairs = Pairs(store)
        self.reason = Reason(
            N_("You are a mentor in {cohort}, or asked for one, and it is about you two."),
            self.write_no_more,
            self.ping_no_more,
        )

    # --- mentors

    async def door(self, caller: Caller) -> Door:
        """Return what somebody meets who wants to be a mentor, or is one.

        Raises Refusal when no cohort, or more than one, fits.
        """
        async with self._db.read() as tx:
            cohort = await self._mentored(tx, caller)
            mentor = await self._store.mentor_of(tx, cohort.cohort_id, caller.user_id)
            known = await users.get(tx, caller.user_id)
            mine = await memberships.of_user(tx, caller.user_id)
        here = mentor if mentor and mentor.state in HERE else None
        zone = known.zone if known else cohort.zone
        return Door(cohort.cohort_id, cohort.name, here, not mine, zone)

    async def _mentored(self, tx: Tx, caller: Caller) -> Cohort:
        """Return the cohort somebody would mentor, or mentors already."""
        own = [
            await cohorts.require(tx, one.cohort_id)
            for one in await self._store.mentors_of_user(tx, caller.user_id)
            if one.state in HERE
        ]
        if caller.guild_id is None:
            if not own:
                raise Refusal(_("Use this in the server of the cohort you would like to mentor."))
            return cohorts.pick(own, caller.cohort)
        here = [each for each in await cohorts.of_guild(tx, caller.guild_id) if each.runs]
        if not here:
            raise Refusal(_("There is no cohort here that takes mentors right now."))
        theirs = [each for each in own if each.guild_id == caller.guild_id]
        return cohorts.pick(here if caller.cohort or not theirs else theirs, caller.cohort)

    async def join(
        self, caller: Caller, cohort_id: int, offer: Offer, place: str = ""
    ) -> MentorPage:
        """Offer time to a cohort, or change the offer.

        People with the cohort's mentor role begin at once; the moderators let others in.
        """
        now = self._clock()
        async with self._db.write() as tx:
            cohort = await cohorts.require(tx, cohort_id)
            known = await self._store.mentor_of(tx, cohort_id, caller.user_id)
            if known is None or known.state not in HERE:
                self._check_door(caller, cohort, known)
            await self._know(tx, caller, cohort, place, now)
            values: dict[str, Any] = {
                "name": caller.name,
                "topics": offer.topics,
                "minutes": offer.minutes,
                "mentees": offer.mentees,
            }
            if known is None or known.state not in HERE:
                welcome = _is_mentor(caller, cohort)
                values |= {
                    "state": MentorState.ACTIVE if welcome else MentorState.ASKED,
                    "days": WORKDAYS,
                    "paused_until": None,
                }
            mentor = await self._store.put_mentor(tx, cohort_id, caller.user_id, now, **values)
            if values.get("state") is MentorState.ACTIVE:
                await self._note(tx, mentor, "mentoring.began", now)
            return await self._mentor_page(tx, mentor)

    def _check_door(self, caller: Caller, cohort: Cohort, known: Mentor | None) -> None:
        if caller.guild_id != cohort.guild_id:
            raise NotAllowed(_("Use this in the server of the cohort you would like to mentor."))
        if not cohort.runs:
            raise Refusal(_("{name} takes no mentors right now.").format(name=cohort.name))
        declined = known is not None and known.state is MentorState.DECLINED
        if declined and not _is_mentor(caller, cohort):
            raise NotAllowed(_("Ask a moderator for the mentors' role; then this is open to you."))

    async def _know(
        self, tx: Tx, caller: Caller, cohort: Cohort, place: str, now: datetime
    ) -> None:
        """Know the person: offering time allows messages about it, and nothing else."""
        user = await users.ensure(
            tx, caller.user_id, zone=cohort.zone, locale=caller.locale, now=now
        )
        if await memberships.of_user(tx, caller.user_id):
            return
        values: dict[str, Any] = {}
        if place:
            values["zone"] = known_zone(place)
        if user.dm_consent_at is None:
            values["dm_consent_at"] = now
        if values:
            await users.change(tx, caller.user_id, **values)

    async def mentor_page(self, caller: Caller, mentor_id: int) -> MentorPage:
        """Return the caller's own mentor card."""
        async with self._db.read() as tx:
            return await self._mentor_page(tx, await self._own_mentor(tx, caller, mentor_id))

    async def set_days(self, caller: Caller, mentor_id: int, days: Sequence[int]) -> MentorPage:
        """Choose the days on which a mentor may be pinged; none means never."""
        return await self._change(caller, mentor_id, days=sorted(set(days) & set(range(7))))

    async def pause(self, caller: Caller, until: str) -> MentorPage:
        """Take no new mentees until a day. Raises Refusal for a day that is no day to come."""
        async with self._db.write() as tx:
            cohort = await self._mentored(tx, caller)
            mentor = await self._store.mentor_of(tx, cohort.cohort_id, caller.user_id)
            if mentor is None or mentor.state not in (MentorState.ACTIVE, MentorState.PAUSED):
                raise Refusal(_("You are not a mentor here. `/mentor join` makes you one."))
            user = await users.get(tx, caller.user_id)
            zone = zone_info(user.zone if user else cohort.zone)
            today = self._clock().astimezone(zone).date()
            day = read_date(until, today)
            if day <= today:
                raise Refusal(_("Choose a day to come, for example *in 2 weeks*."))
            mentor = await self._store.change_mentor(
                tx, mentor.mentor_id, state=MentorState.PAUSED, paused_until=day
            )
            await self._note(tx, mentor, "mentoring.paused", self._clock())
            return await self._mentor_page(tx, mentor)

    async def resume(self, caller: Caller, mentor_id: int) -> MentorPage:
        """Take mentees again."""
        async with self._db.write() as tx:
            mentor = await self._own_mentor(tx, caller, mentor_id)
            if mentor.state is MentorState.PAUSED:
                mentor = await self._store.change_mentor(
                    tx, mentor_id, state=MentorState.ACTIVE, paused_until=None
                )
                await self._note(tx, mentor, "mentoring.resumed", self._clock())
            return await self._mentor_page(tx, mentor)

    async def hear_again(self, caller: Caller, mentor_id: int) -> MentorPage:
        """Write to a mentor directly again who had stopped these messages, or all of them."""
        async with self._db.write() as tx:
            mentor = await self._own_mentor(tx, caller, mentor_id)
            member = await memberships.find(tx, mentor.cohort_id, caller.user_id)
            if member is not None:
                await self._store.speak_again(tx, member.member_id)
            if not await memberships.of_user(tx, caller.user_id):
                await users.change(
                    tx, caller.user_id, dm_consent_at=self._clock(), inbox=users.Inbox.UNKNOWN
                )
            return await self._mentor_page(tx, mentor)

    async def listen(self, caller: Caller, member_id: int) -> RequestPage | PairPage:
        """Write to a member about their mentor again."""
        async with self._db.write() as tx:
            member = await memberships.get(tx, member_id)
            if member is None or member.user_id != caller.user_id:
                raise NotFound(_("That is not yours, or it is gone. `/me` shows what is."))
            await self._store.speak_again(tx, member_id)
            return await self._where(tx, member)

    async def write_no_more(self, tx: Tx, member: Member, now: datetime) -> None:
        """Write to a member about mentoring no more; whom they have, they keep."""
        await self._store.fall_silent(tx, member.member_id)
        await activity.note(tx, member, "mentoring.silenced", None, now)

    async def ping_no_more(self, tx: Tx, user_id: int, cohort_id: int, now: datetime) -> None:
        """Write no more to a mentor who is no member: on no day, until they choose days again."""
        mentor = await self._store.mentor_of(tx, cohort_id, user_id)
        if mentor is not None:
            await self._store.change_mentor(tx, mentor.mentor_id, days=())

    async def _change(self, caller: Caller, mentor_id: int, **values: Any) -> MentorPage:
        async with self._db.write() as tx:
            await self._own_mentor(tx, caller, mentor_id)
            mentor = await self._store.change_mentor(tx, mentor_id, **values)
            return await self._mentor_page(tx, mentor)

    async def _own_mentor(self, tx: Tx, caller: Caller, mentor_id: int) -> Mentor:
        mentor = await self._store.mentor(tx, mentor_id)
        if mentor is None or mentor.user_id != caller.user_id or mentor.state not in HERE:
            raise NotFound(_("You are not a mentor here any more. `/mentor join` begins again."))
        return mentor

    async def _mentor_page(self, tx: Tx, mentor: Mentor) -> MentorPage:
        cohort = await cohorts.require(tx, mentor.cohort_id)
        user = await users.get(tx, mentor.user_id)
        member = await memberships.find(tx, mentor.cohort_id, mentor.user_id)
        return MentorPage(
            mentor=mentor,
            cohort_name=cohort.name,
            zone=user.zone if user else cohort.zone,
            pairs=tuple(await self._mentees(tx, mentor)),
            hears=await hears(tx, mentor),
            may_hear=member is None
            or member.state is MemberState.LEFT
            or await is_silent(tx, member.member_id),
        )

    async def _mentees(self, tx: Tx, mentor: Mentor) -> list[Pair]:
        found: list[Pair] = []
        for pairing in await self._store.pairings_of_mentor(tx, mentor.mentor_id):
            pair = await self._pairs.whole(tx, pairing) if pairing.is_open else None
            if pair is not None and await may_meet(tx, pair):
                found.append(pair)
        return found

    async def _note(self, tx: Tx, mentor: Mentor, word: str, now: datetime) -> None:
        member = await memberships.find(tx, mentor.cohort_id, mentor.user_id)
        if member is not None and member.state in (MemberState.JOINED, MemberState.PAUSED):
            await activity.note(tx, member, word, mentor.mentor_id, now)

    def guide(self) -> Guide:
        """Return the page for mentors."""
        return self._packs.guides["mentoring"]

    # --- those who look for one

    async def look_for(self, caller: Caller) -> RequestPage | PairPage:
        """Return where a member stands: with a mentor, waiting for one, or about to ask."""
        async with self._db.read() as tx:
            member = await memberships.of(tx, caller)
            return await self._where(tx, member)

    async def _where(self, tx: Tx, member: Member) -> RequestPage | PairPage:
        pair = await self._pair_of(tx, member)
        if pair is not None:
            return await self._pair_page(tx, pair, Side.MENTEE)
        waiting = await self._store.requests_of(tx, member.member_id, RequestState.WAITING)
        mentors = await self._store.mentors_in(tx, member.cohort_id, MentorState.ACTIVE)
        silent = await is_silent(tx, member.member_id)
        return RequestPage(member, waiting[0] if waiting else None, len(mentors), silent)

    async def _pair_of(self, tx: Tx, member: Member) -> Pair | None:
        pairing = await self._store.open_pairing(tx, member.member_id)
        pair = await self._pairs.whole(tx, pairing)
        return pair if pair and await may_meet(tx, pair) else None

    async def request(self, caller: Caller, topics: str, wish: str) -> RequestPage | PairPage:
        """Ask for a mentor, or change what was asked; whoever has one keeps them."""
        now = self._clock()
        async with self._db.write() as tx:
            member = await memberships.of(tx, caller)
            if member.state is not MemberState.JOINED:
                raise Refusal(_("You are pausing. `/profile resume` first, then ask."))
            if await self._store.open_pairing(tx, member.member_id) is None:
                waiting = await self._store.requests_of(tx, member.member_id, RequestState.WAITING)
                if waiting:
                    request_id = waiting[0].request_id
                    await self._store.change_request(tx, request_id, topics=topics, wish=wish)
                else:
                    made = await self._store.add_request(
                        tx, member.cohort_id, member.member_id, topics, wish, now
                    )
                    await activity.note(tx, member, "mentor.requested", made.request_id, now)
            return await self._where(tx, member)

    async def withdraw(self, caller: Caller, request_id: int) -> RequestPage | PairPage:
        """Take a request back; doing so twice changes nothing."""
        async with self._db.write() as tx:
            request = await self._store.request(tx, request_id)
            member = await memberships.get(tx, request.member_id) if request else None
            if request is None or member is None or member.user_id != caller.user_id:
                raise NotFound(_("That request is gone. `/mentor request` starts another one."))
            if request.state is RequestState.WAITING:
                await self._store.change_request(tx, request_id, state=RequestState.WITHDRAWN)
                await activity.note(tx, member, "mentor.withdrawn", request_id, self._clock())
            return await self._where(tx, member)

    # --- a pair

    async def pair(self, caller: Caller, pairing_id: int) -> PairPage:
        """Return a pairing as the caller may see it. Raises NotFound for anyone else."""
        async with self._db.read() as tx:
            pair, side = await self._own_pair(tx, caller, pairing_id)
            return await self._pair_page(tx, pair, side)

    async def _own_pair(self, tx: Tx, caller: Caller, pairing_id: int) -> tuple[Pair, Side]:
        pair = await self._pairs.whole(tx, await self._store.pairing(tx, pairing_id))
        side = pair.side_of(caller.user_id) if pair else None
        if pair is None or side is None:
            raise NotFound(_("Only the two of them can open that."))
        if not pair.pairing.is_open or not await may_meet(tx, pair):
            raise NotFound(_("That has ended. `/mentor request` asks for a mentor."))
        return pair, side

    async def _pair_page(self, tx: Tx, pair: Pair, side: Side) -> PairPage:
        member, request_id = pair.member, pair.pairing.request_id
        request = await self._store.request(tx, request_id) if request_id else None
        about: list[str] = []
        lines: list[str] = []
        if side is Side.MENTOR and member.state is not MemberState.LEFT:
            shown = (await profiles.of_member(tx, member.member_id)).for_others()
            about = [shown[detail] for detail in ABOUT if detail in shown]
            for add in self._hooks.shown:
                lines += await add(tx, member, Visibility.MENTOR)
        phase = member.phase(self._clock())
        return PairPage(
            pair=pair,
            side=side,
            wish=request.wish if request else "",
            about=tuple(about),
            lines=tuple(lines),
            phase=phase,
            agenda=self._packs.agenda(phase, first=pair.pairing.met_at is None),
            silent=side is Side.MENTEE and await is_silent(tx, member.member_id),
        )

    async def pass_on(self, caller: Caller, pairing_id: int) -> MentorPage:
        """Pass on a mentee without a reason; their request waits for another mentor."""
        async with self._db.write() as tx:
            pair, side = await self._own_pair(tx, caller, pairing_id)
            if side is not Side.MENTOR or not pair.pairing.may_be_passed:
                raise Refusal(_("You have begun already. *End it* ends it kindly."))
            await self._pairs.end(tx, pair, Ending.PASSED, self._clock())
            return await self._mentor_page(tx, pair.mentor)

    async def end(self, caller: Caller, pairing_id: int) -> Pair:
        """End a pairing, as either of the two; the other is told, without a reason."""
        async with self._db.write() as tx:
            pair, side = await self._own_pair(tx, caller, pairing_id)
            why = Ending.DONE if side is Side.MENTOR else Ending.MENTEE_LEFT
            await self._pairs.end(tx, pair, why, self._clock())
            return pair

    async def agree_on(self, caller: Caller, pairing_id: int, terms: Agreement) -> PairPage:
        """Write what the two agree on; whoever writes it has said yes, the other is asked."""
        now = self._clock()
        async with self._db.write() as tx:
            pair, side = await self._own_pair(tx, caller, pairing_id)
            before = pair.pairing
            same = (before.goals, before.cadence, before.channel) == (
                terms.goals,
                terms.cadence,
                terms.channel,
            )
            if same:
                return await self._say_yes(tx, pair, side, now)
            pair = await self._live(
                tx,
                pair,
                now,
                goals=terms.goals,
                cadence=terms.cadence,
                channel=terms.channel,
                mentor_agreed_at=now if side is Side.MENTOR else None,
                mentee_agreed_at=now if side is Side.MENTEE else None,
            )
            when = f"{now:%Y%m%d%H%M%S}"
            await tell(tx, pair, side.other, "mentors.agreement", now, when)
            return await self._pair_page(tx, pair, side)

    async def agree(self, caller: Caller, pairing_id: int) -> PairPage:
        """Say yes to what the other wrote. Raises Refusal while nothing is written."""
        async with self._db.write() as tx:
            pair, side = await self._own_pair(tx, caller, pairing_id)
            if not pair.pairing.goals:
                raise Refusal(_("Nothing is written yet. *Agree on the basics* starts it."))
            return await self._say_yes(tx, pair, side, self._clock())

    async def _say_yes(self, tx: Tx, pair: Pair, side: Side, now: datetime) -> PairPage:
        if not pair.pairing.agreed(side):
            pair = await self._live(tx, pair, now, **{f"{side.value}_agreed_at": now})
            if pair.pairing.is_agreed:
                await activity.note(tx, pair.member, "mentor.agreed", pair.pairing.pairing_id, now)
        return await self._pair_page(tx, pair, side)

    async def met(self, caller: Caller, pairing_id: int) -> PairPage:
        """Note that the two talked; both may press, and it is noted once a day."""
        now = self._clock()
        async with self._db.write() as tx:
            pair, side = await self._own_pair(tx, caller, pairing_id)
            last = pair.pairing.met_at
            today = pair.member.local_date(now)
            if last is None or pair.member.local_date(last) != today:
                await activity.note(tx, pair.member, "mentor.met", pairing_id, now)
            pair = await self._live(tx, pair, now, met_at=now)
            return await self._pair_page(tx, pair, side)

    async def go_on(self, caller: Caller, pairing_id: int) -> PairPage:
        """Answer that it goes on; one answer is enough."""
        async with self._db.write() as tx:
            pair, side = await self._own_pair(tx, caller, pairing_id)
            pair = await self._live(tx, pair, self._clock())
            return await self._pair_page(tx, pair, side)

    async def _live(self, tx: Tx, pair: Pair, now: datetime, **values: Any) -> Pair:
        """Note a sign of life along with whatever else changes."""
        changed = await self._store.change_pairing(
            tx, pair.pairing.pairing_id, active_at=now, asked_at=None, **values
        )
        return replace(pair, pairing=changed)

    # --- notes

    async def notes_about(self, caller: Caller, user_id: int) -> NotesPage:
        """Return the caller's notes about somebody they are or were paired with."""
        async with self._db.read() as tx:
            for pairing in reversed(await self._store.users_paired(tx, caller.user_id, user_id)):
                pair = await self._pairs.whole(tx, pairing)
                if pair is not None:
                    return await self._notes(tx, caller, pair)
        raise Refusal(_("Notes are for you and your mentor or mentee. You two are not paired."))

    async def notes(self, caller: Caller, pairing_id: int) -> NotesPage:
        """Return the caller's notes about the other of a pairing, ended or not."""
        async with self._db.read() as tx:
            return await self._notes(tx, caller, await self._was_in(tx, caller, pairing_id))

    async def write_note(self, caller: Caller, pairing_id: int, text: str) -> NotesPage:
        """Keep a note that only its writer reads; it is a sign of life, too."""
        now = self._clock()
        async with self._db.write() as tx:
            pair = await self._was_in(tx, caller, pairing_id)
            side = pair.side_of(caller.user_id) or Side.MENTEE
            about_id = pair.user_of(side.other)
            await self._store.add_note(
                tx, caller.user_id, about_id, pair.pairing.cohort_id, text, now
            )
            if pair.pairing.is_open:
                pair = await self._live(tx, pair, now)
            return await self._notes(tx, caller, pair)

    async def remove_note(self, caller: Caller, pairing_id: int, note_id: int) -> NotesPage:
        """Remove one of the caller's notes."""
        async with self._db.write() as tx:
            pair = await self._was_in(tx, caller, pairing_id)
            await self._store.remove_note(tx, caller.user_id, note_id)
            return await self._notes(tx, caller, pair)

    async def _was_in(self, tx: Tx, caller: Caller, pairing_id: int) -> Pair:
        pair = await self._pairs.whole(tx, await self._store.pairing(tx, pairing_id))
        if pair is None or pair.side_of(caller.user_id) is None:
            raise NotFound(_("Only the two of them can open that."))
        return pair

    async def _notes(self, tx: Tx, caller: Caller, pair: Pair) -> NotesPage:
        side = pair.side_of(caller.user_id) or Side.MENTEE
        about_id, cohort_id = pair.user_of(side.other), pair.pairing.cohort_id
        found = await self._store.notes_of(tx, caller.user_id, about_id, cohort_id)
        return NotesPage(pair, side, found)

    # --- leaving

    async def leaving(self, caller: Caller) -> Leaving:
        """Return what the caller could end here, before anything ends."""
        async with self._db.read() as tx:
            mine = [
                one
                for one in await self._store.mentors_of_user(tx, caller.user_id)
                if one.state in HERE
            ]
            mentor = None
            if mine:
                cohort = await self._mentored(tx, caller)
                mentor = next((m for m in mine if m.cohort_id == cohort.cohort_id), None)
            pair = request = None
            member = await self._member(tx, caller)
            if member is not None:
                pair = await self._pair_of(tx, member)
                waiting = await self._store.requests_of(tx, member.member_id, RequestState.WAITING)
                request = waiting[0] if waiting else None
            mentees = len(await self._mentees(tx, mentor)) if mentor else 0
        if mentor is None and pair is None and request is None:
            raise Refusal(_("There is nothing to leave: you mentor nobody and have no mentor."))
        return Leaving(mentor, mentees, pair, request)

    async def _member(self, tx: Tx, caller: Caller) -> Member | None:
        try:
            return await memberships.of(tx, caller)
        except Refusal:
            return None

    async def leave(self, caller: Caller, mentor_id: int) -> Mentor:
        """Stop mentoring a cohort; the mentees wait for somebody else and are told so."""
        now = self._clock()
        async with self._db.write() as tx:
            mentor = await self._own_mentor(tx, caller, mentor_id)
            await self._pairs.leave(tx, mentor, now)
            await self._note(tx, mentor, "mentoring.ended", now)
            return mentor

    async def left(self, tx: Tx, member: Member, now: datetime) -> None:
        """End everything of a member who leaves the cohort, in that same transaction."""
        await self._pairs.let_go(tx, member.member_id, now)
        mentor = await self._store.mentor_of(tx, member.cohort_id, member.user_id)
        if mentor is not None and mentor.state in HERE:
            await self._pairs.leave(tx, mentor, now)

    async def mentors(self, tx: Tx, user_id: int, member: Member) -> bool:
        """Say whether this user is the member's mentor."""
        pair = await self._pair_of(tx, member)
        return pair is not None and pair.mentor.user_id == user_id

    # --- people whom the moderators let in

    async def offers(self, caller: Caller, cohort_id: int) -> tuple[Cohort, list[Mentor]]:
        """Return who would like to mentor and has no role for it; for moderators."""
        async with self._db.read() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            return cohort, await self._store.mentors_in(tx, cohort_id, MentorState.ASKED)

    async def let_in(
        self, caller: Caller, mentor_id: int, *, welcome: bool
    ) -> tuple[Cohort, list[Mentor]]:
        """Take an offer up, or not; only the first is told."""
        now = self._clock()
        async with self._db.write() as tx:
            mentor = await self._store.mentor(tx, mentor_id)
            if mentor is None:
                raise NotFound(_("That offer was taken back."))
            cohort = await cohorts.moderated(tx, caller, mentor.cohort_id)
            if mentor.state is MentorState.ASKED:
                state = MentorState.ACTIVE if welcome else MentorState.DECLINED
                mentor = await self._store.change_mentor(tx, mentor_id, state=state)
                action = "mentor let in" if welcome else "mentor declined"
                await cohorts.log(tx, cohort.cohort_id, caller.user_id, action, "", now)
                if welcome:
                    subject: dict[str, int | str] = {"mentor_id": mentor_id}
                    key = f"mentors.welcome:{mentor_id}:{now:%Y%m%d}"
                    await tell_mentor(tx, mentor, "mentors.welcome", key, subject, now)
                    await self._note(tx, mentor, "mentoring.began", now)
            waiting = await self._store.mentors_in(tx, cohort.cohort_id, MentorState.ASKED)
            return cohort, waiting

    # --- for letters

    async def for_letter(self, pairing_id: int, side: Side) -> PairPage | None:
        """Return a pairing for a message to one of the two; None when there is nothing to say."""
        async with self._db.read() as tx:
            pair = await self._pairs.whole(tx, await self._store.pairing(tx, pairing_id))
            if pair is None or not await may_meet(tx, pair):
                return None
            return await self._pair_page(tx, pair, side)

    async def mentor_for_letter(self, mentor_id: int) -> MentorPage | None:
        """Return a mentor's card for a message to them."""
        async with self._db.read() as tx:
            mentor = await self._store.mentor(tx, mentor_id)
            if mentor is None or mentor.state not in (MentorState.ACTIVE, MentorState.PAUSED):
                return None
            return await self._mentor_page(tx, mentor)

    # --- what other cards and files show

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Add the member's mentor, their request, and their own mentees to `/me`."""
        lines: list[Line] = []
        pair = await self._pair_of(tx, member)
        if pair is not None:
            lines.append(_pair_line(pair, Side.MENTEE))
        elif waiting := await self._store.requests_of(tx, member.member_id, RequestState.WAITING):
            since = stamp(waiting[0].at, "R")
            text = _("You asked for a mentor {since}. The next matching brings you one.")
            lines.append(
                Line(
                    text.format(since=since),
                    _("My request"),
                    "mentors.mine",
                    str(member.cohort_id),
                    order=45,
                )
            )
        mentor = await self._store.mentor_of(tx, member.cohort_id, member.user_id)
        if mentor is not None:
            lines += await self._mentoring_lines(tx, mentor, _("You are a mentor here."))
        return lines

    async def _mentoring_lines(self, tx: Tx, mentor: Mentor, nobody: str) -> list[Line]:
        if mentor.state not in (MentorState.ACTIVE, MentorState.PAUSED):
            return []
        mentees = await self._mentees(tx, mentor)
        text = ngettext("You mentor {n} person.", "You mentor {n} people.", len(mentees))
        own = Line(
            text.format(n=len(mentees)) if mentees else nobody,
            _("My mentoring"),
            "mentors.card",
            str(mentor.mentor_id),
            order=46,
        )
        return [*(_pair_line(one, Side.MENTOR) for one in mentees if _wants_answer(one)), own]

    async def guest(self, tx: Tx, user_id: int, now: datetime) -> list[Line]:
        """Add to `/me` what somebody mentors without being a member there."""
        lines: list[Line] = []
        mine = await memberships.of_user(tx, user_id)
        inside = {one.cohort_id for one in mine if one.state is not MemberState.LEFT}
        for mentor in await self._store.mentors_of_user(tx, user_id):
            if mentor.cohort_id not in inside:
                cohort = await cohorts.require(tx, mentor.cohort_id)
                nobody = _("You are a mentor in {cohort}.").format(cohort=cohort.name)
                lines += await self._mentoring_lines(tx, mentor, nobody)
        return lines

    async def status(self, tx: Tx, cohort: Cohort, now: datetime) -> list[Line]:
        """Add to `/cohort status` how many mentors have room and how many people wait."""
        lines: list[Line] = []
        subject = str(cohort.cohort_id)
        if offers := await self._store.mentors_in(tx, cohort.cohort_id, MentorState.ASKED):
            n = len(offers)
            text = ngettext("{n} person offers to mentor.", "{n} people offer to mentor.", n)
            lines.append(Line(text.format(n=n), _("Look"), "mentors.offers", subject, 20, True))
        active = await self._store.mentors_in(tx, cohort.cohort_id, MentorState.ACTIVE)
        pairings = await self._store.pairings_in(tx, cohort.cohort_id)
        waiting = len(await self._store.waiting(tx, cohort.cohort_id))
        if not active and not waiting and not pairings:
            return lines
        free = sum(room(mentor, pairings) for mentor in active)
        going_on = sum(one.is_open for one in pairings)
        text = _("Mentors: {mentors}. Free places: {free}. Pairs: {pairs}. Waiting: {waiting}.")
        lines.append(
            Line(
                text.format(mentors=len(active), free=free, pairs=going_on, waiting=waiting),
                _("Match") if waiting and free else None,
                "mentors.match" if waiting and free else None,
                subject,
                order=45,
                urgent=bool(waiting and free),
            )
        )
        return lines

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add what somebody offered, asked for, agreed on and wrote down."""
        offered = [
            {
                "cohort": (await cohorts.require(tx, one.cohort_id)).name,
                "topics": one.topics,
                "minutes a week": one.minutes,
                "mentees": one.mentees,
                "days": list(one.days),
                "state": one.state.value,
                "since": one.at.isoformat(),
            }
            for one in await self._store.mentors_of_user(tx, user_id)
        ]
        asked: list[dict[str, Any]] = []
        pairs: list[dict[str, Any]] = []
        for member in await memberships.of_user(tx, user_id):
            for request in await self._store.requests_of(tx, member.member_id):
                asked.append(
                    {
                        "cohort": member.cohort_name,
                        "topics": request.topics,
                        "what for": request.wish,
                        "state": request.state.value,
                        "asked": request.at.isoformat(),
                    }
                )
            for pairing in await self._store.pairings_of_member(tx, member.member_id):
                pairs.append(await self._exported(tx, pairing, Side.MENTEE))
        for mentor in await self._store.mentors_of_user(tx, user_id):
            for pairing in await self._store.pairings_of_mentor(tx, mentor.mentor_id):
                pairs.append(await self._exported(tx, pairing, Side.MENTOR))
        notes = [
            {"written": note.at.isoformat(), "text": note.text}
            for note in await self._store.notes_by(tx, user_id)
        ]
        return [
            ExportPart("mentoring", _("Mentoring I offer"), offered),
            ExportPart("mentor_requests", _("Requests for a mentor"), asked),
            ExportPart("mentor_pairs", _("Mentors and mentees"), pairs),
            ExportPart("mentor_notes", _("My notes about mentors and mentees"), notes),
        ]

    async def _exported(self, tx: Tx, pairing: Pairing, side: Side) -> dict[str, Any]:
        pair = await self._pairs.whole(tx, pairing)
        return {
            "with": pair.name_of(side.other) if pair else "",
            "I was": side.value,
            "began": pairing.began_at.isoformat(),
            "ended": pairing.ended_at.isoformat() if pairing.ended_at else "",
            "goals": pairing.goals,
            "how often": pairing.cadence,
            "where": pairing.channel,
        }

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept about mentoring and who reads it."""
        lines: list[str] = []
        if await self._store.mentors_of_user(tx, user_id):
            lines.append(_("What you offer as a mentor. Your moderators and your mentees read it."))
        mine = await memberships.of_user(tx, user_id)
        asked = [await self._store.requests_of(tx, member.member_id) for member in mine]
        if any(asked):
            lines.append(
                _(
                    "What you would like from a mentor. The moderators who match read it, and the "
                    "mentor you are matched with."
                )
            )
        if n := len(await self._store.notes_by(tx, user_id)):
            line = ngettext(
                "{n} note about a mentor or mentee, encrypted. Only you read it.",
                "{n} notes about mentors or mentees, encrypted. Only you read them.",
                n,
            )
            lines.append(line.format(n=n))
        return lines

    async def erase(self, tx: Tx, user_id: int) -> None:
        """Let the mentees of somebody who goes wait for another mentor."""
        for mentor in await self._store.mentors_of_user(tx, user_id):
            await self._pairs.leave(tx, mentor, self._clock())
        for member in await memberships.of_user(tx, user_id):
            await self._pairs.let_go(tx, member.member_id, self._clock())

    async def erase_member(self, tx: Tx, member: Member) -> None:
        """Let the mentor of a membership that goes be free again."""
        await self._pairs.let_go(tx, member.member_id, self._clock())

    async def tied(self, tx: Tx, user_id: int) -> bool:
        """Say whether somebody mentors where a cohort still runs."""
        for mentor in await self._store.mentors_of_user(tx, user_id):
            cohort = await cohorts.get(tx, mentor.cohort_id)
            if cohort is not None and cohort.runs and mentor.state is not MentorState.LEFT:
                return True
        return False


def _is_mentor(caller: Caller, cohort: Cohort) -> bool:
    """Say whether somebody may mentor without being let in: by role, or as a moderator."""
    return cohort.mentor_role_id in caller.role_ids or cohort.moderated_by(caller)


def _wants_answer(pair: Pair) -> bool:
    return pair.pairing.asked_at is not None or _to_agree(pair, Side.MENTOR)


def _to_agree(pair: Pair, side: Side) -> bool:
    return bool(pair.pairing.goals) and not pair.pairing.agreed(side)


def _pair_line(pair: Pair, side: Side) -> Line:
    """Return the line on `/me` about a pairing, with what it waits for."""
    name = " ".join(pair.name_of(side.other).split())[:60]
    mentor = side is Side.MENTEE
    urgent = True
    if pair.pairing.asked_at is not None:
        text = _("Does it go on with {name}? One tap answers.")
    elif _to_agree(pair, side):
        text = _("{name} wrote down what you two agree on. Does it fit?")
    else:
        text, urgent = (_("Your mentor: {name}.") if mentor else _("You mentor {name}.")), False
    subject = str(pair.pairing.pairing_id)
    return Line(text.format(name=name), _("Open"), "mentors.pair", subject, 44, urgent)
