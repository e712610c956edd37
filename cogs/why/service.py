"""Why a message came, and how to have no more of them."""

from datetime import datetime

from bot.clockwork.clock import Clock
from bot.delivery import budget, letters, outbox, recipients, schedules
from bot.delivery.letters import Letter, PlaceKind
from bot.delivery.schedules import Scope
from bot.errors import NotAllowed, NotFound, Refusal
from bot.face.words import _
from bot.people import activity, cohorts, memberships, users
from bot.people.caller import Caller
from bot.people.contributions import Contributions, Reason
from bot.people.memberships import Delivery, Member, MemberState
from bot.storage.database import Database, Tx
from cogs.why.model import Because, Was

HERE = (MemberState.JOINED, MemberState.PAUSED)


class WhyService:
    """Explain; then stop what was asked to stop."""

    def __init__(self, db: Database, clock: Clock, hooks: Contributions) -> None:
        self._db = db
        self._clock = clock
        self._hooks = hooks

    async def ask(self, caller: Caller, letter_id: int) -> Because:
        """Return which schedule and which choice caused a message."""
        async with self._db.read() as tx:
            return await self._because(tx, caller, letter_id)

    async def _because(self, tx: Tx, caller: Caller, letter_id: int) -> Because:
        letter = await letters.get(tx, letter_id)
        if letter is None:
            raise NotFound(
                _(
                    "I do not remember that message any more. What comes is decided in "
                    "`/profile settings`."
                )
            )
        private = letter.place.kind is PlaceKind.USER
        if private and letter.place.id != caller.user_id:
            raise NotAllowed(_("Only the person who got it can ask that."))
        cohort = await cohorts.get(tx, letter.cohort_id) if letter.cohort_id else None
        member = await self._receiver(tx, caller, letter)
        reason, schedule = self._reason(letter), None
        if cohort is not None:
            schedule = await schedules.find(tx, cohort.cohort_id, _family(letter))
        own = schedule is not None and schedule.scope is Scope.MEMBER and member is not None
        return Because(
            letter_id=letter_id,
            reason=reason.text if reason else None,
            cohort_name=cohort.name if cohort else None,
            cohort_id=cohort.cohort_id if cohort else None,
            member=member,
            rule=schedule.rule if schedule else None,
            zone=None if own or cohort is None else cohort.zone,
            at=letter.ended_at or letter.due_at,
            may_stop_these=reason is not None
            and ((member is not None and reason.stop is not None) or _is_outside(letter, reason)),
            outside=member is None and reason is not None and _is_outside(letter, reason),
            private=private,
        )

    async def _receiver(self, tx: Tx, caller: Caller, letter: Letter) -> Member | None:
        """Return the caller's membership, when the message was for them."""
        if letter.place.kind is PlaceKind.USER:
            found = await memberships.get(tx, letter.member_id) if letter.member_id else None
            return found if found and found.user_id == caller.user_id else None
        for member in await recipients.of_letter(tx, letter.letter_id):
            if member.user_id == caller.user_id:
                return member
        mine = await memberships.of_user(tx, caller.user_id)
        pinged = await budget.pinged(tx, letter.letter_id, [member.member_id for member in mine])
        return next((each for each in mine if each.member_id in pinged), None)

    def _reason(self, letter: Letter) -> Reason | None:
        reasons = self._hooks.reasons
        return reasons.get(letter.kind) or reasons.get(_family(letter))

    async def stop(self, caller: Caller, letter_id: int) -> Because:
        """Send this person no more of this kind."""
        async with self._db.write() as tx:
            because = await self._because(tx, caller, letter_id)
            letter = await letters.get(tx, letter_id)
            reason = self._reason(letter) if letter else None
            if letter is None or reason is None or not because.may_stop_these:
                raise Refusal(_("That was not sent to you alone. *Stop all* stops what is."))
            now, why, kind = self._clock(), "they want no more", _family(letter)
            if because.member is not None and reason.stop is not None:
                await reason.stop(tx, because.member, now)
                await outbox.stop_for_member(tx, because.member.member_id, now, why, kind=kind)
            elif reason.stop_outside is not None and letter.cohort_id is not None:
                await reason.stop_outside(tx, caller.user_id, letter.cohort_id, now)
                await outbox.stop_for_user(
                    tx, caller.user_id, letter.cohort_id, now, why, kind=kind
                )
            return because

    async def about_to_stop(self, caller: Caller) -> list[Member]:
        """Return the memberships in which something is sent."""
        async with self._db.read() as tx:
            return await self._reached(tx, caller)

    async def _reached(self, tx: Tx, caller: Caller) -> list[Member]:
        mine = await memberships.of_user(tx, caller.user_id)
        return [m for m in mine if m.state in HERE and _is_reached(m)]

    async def stop_all(self, caller: Caller) -> list[Was]:
        """Send this person nothing by itself any more; return how it was, for the way back."""
        async with self._db.write() as tx:
            now = self._clock()
            before: list[Was] = []
            for member in await self._reached(tx, caller):
                before.append(Was(member.member_id, member.delivery, member.side_thread))
                await self._reach(tx, member, Delivery.CARD, False, now, "messages.stopped")
            for member in await memberships.of_user(tx, caller.user_id):
                await outbox.stop_for_member(tx, member.member_id, now, "they want no messages")
            await users.change(tx, caller.user_id, dm_consent_at=None)
            for stop in self._hooks.stop_all:
                await stop(tx, caller, now)
            return before

    async def undo(self, caller: Caller, before: list[Was]) -> list[Member]:
        """Reach them again as they were reached before."""
        async with self._db.write() as tx:
            now = self._clock()
            back: list[Member] = []
            for was in before:
                member = await memberships.get(tx, was.member_id)
                if member and member.user_id == caller.user_id and member.state in HERE:
                    await self._reach(
                        tx, member, was.delivery, was.side_thread, now, "messages.resumed"
                    )
                    back.append(member)
            if any(was.delivery is Delivery.DM for was in before) and back:
                await users.change(tx, caller.user_id, dm_consent_at=now)
            return back

    async def _reach(
        self,
        tx: Tx,
        member: Member,
        delivery: Delivery,
        side_thread: bool,
        now: datetime,
        word: str,
    ) -> None:
        await memberships.change(tx, member.member_id, delivery=delivery, side_thread=side_thread)
        await activity.note(tx, member, word, None, now)


def _family(letter: Letter) -> str:
    """Return what the kinds of one feature's letters have in common, as its schedule is called."""
    return letter.kind.partition(".")[0]


def _is_outside(letter: Letter, reason: Reason) -> bool:
    """Say whether a letter is for somebody who is no member, and who can have no more of them."""
    private = letter.place.kind is PlaceKind.USER
    own = letter.member_id is None and letter.cohort_id is not None
    return private and own and reason.stop_outside is not None


def _is_reached(member: Member) -> bool:
    return member.delivery is not Delivery.CARD or member.side_thread
