"""How two people come together as mentor and mentee, and how it ends without hard feelings."""

from datetime import datetime

from bot.people import activity, memberships
from bot.people.memberships import MemberState
from bot.storage.database import Tx
from cogs.mentors.model import (
    Ending,
    Mentor,
    MentorState,
    Pair,
    Pairing,
    PairingState,
    Request,
    RequestState,
    Side,
)
from cogs.mentors.store import MentorStore
from cogs.mentors.telling import tell


class Pairs:
    """Begin and end pairings, inside the transaction of whatever causes it."""

    def __init__(self, store: MentorStore) -> None:
        self._store = store

    async def whole(self, tx: Tx, pairing: Pairing | None) -> Pair | None:
        """Return a pairing with both people, or None when one of them is gone."""
        if pairing is None:
            return None
        mentor = await self._store.mentor(tx, pairing.mentor_id)
        member = await memberships.get(tx, pairing.member_id)
        return Pair(pairing, mentor, member) if mentor and member else None

    async def begin(self, tx: Tx, request: Request, mentor: Mentor, now: datetime) -> Pair | None:
        """Bring two people together and tell both."""
        pairing = await self._store.add_pairing(tx, request, mentor.mentor_id, now)
        await self._store.change_request(tx, request.request_id, state=RequestState.PAIRED)
        pair = await self.whole(tx, pairing)
        if pair is not None:
            await activity.note(tx, pair.member, "mentor.found", pairing.pairing_id, now)
            for side in Side:
                await tell(tx, pair, side, "mentors.paired", now)
        return pair

    async def end(self, tx: Tx, pair: Pair, why: Ending, now: datetime) -> None:
        """End a pairing: the place is free, and whoever still wants a mentor waits again.

        The one who ended it is told nothing; where two are kept apart, nobody is.
        """
        if not pair.pairing.is_open:
            return
        pairing = await self._store.change_pairing(
            tx, pair.pairing.pairing_id, state=PairingState.ENDED, ending=why, ended_at=now
        )
        pair = Pair(pairing, pair.mentor, pair.member)
        again = why in (Ending.PASSED, Ending.MENTOR_LEFT)
        if again:
            await self._wait_again(tx, pair)
        elif pairing.request_id is not None:
            await self._store.change_request(tx, pairing.request_id, state=RequestState.WITHDRAWN)
        if pair.member.state is not MemberState.LEFT:
            await activity.note(tx, pair.member, "mentor.ended", pairing.pairing_id, now)
        for side in _told(why):
            await tell(tx, pair, side, "mentors.again" if again else "mentors.ended", now)

    async def _wait_again(self, tx: Tx, pair: Pair) -> None:
        """Put the request back where it was in the line."""
        request_id = pair.pairing.request_id
        if request_id is not None:
            await self._store.change_request(tx, request_id, state=RequestState.WAITING)

    async def leave(self, tx: Tx, mentor: Mentor, now: datetime) -> None:
        """End everything of a mentor; their mentees wait for another one."""
        for pairing in await self._store.pairings_of_mentor(tx, mentor.mentor_id):
            pair = await self.whole(tx, pairing) if pairing.is_open else None
            if pair is not None:
                await self.end(tx, pair, Ending.MENTOR_LEFT, now)
        await self._store.change_mentor(
            tx, mentor.mentor_id, state=MentorState.LEFT, paused_until=None
        )

    async def let_go(self, tx: Tx, member_id: int, now: datetime) -> None:
        """End what a mentee has: the pairing, and the request that waits."""
        pair = await self.whole(tx, await self._store.open_pairing(tx, member_id))
        if pair is not None:
            await self.end(tx, pair, Ending.MENTEE_LEFT, now)
        for request in await self._store.requests_of(tx, member_id, RequestState.WAITING):
            await self._store.change_request(tx, request.request_id, state=RequestState.WITHDRAWN)


def _told(why: Ending) -> tuple[Side, ...]:
    return {
        Ending.PASSED: (Side.MENTEE,),
        Ending.MENTOR_LEFT: (Side.MENTEE,),
        Ending.MENTEE_LEFT: (Side.MENTOR,),
        Ending.DONE: (Side.MENTEE,),
        Ending.QUIET: (Side.MENTOR, Side.MENTEE),
        Ending.APART: (),
    }[why]
