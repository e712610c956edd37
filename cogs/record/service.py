"""What somebody did, gathered from every feature, and made into the files they ask for."""

from datetime import datetime

from bot.clockwork.clock import Clock
from bot.errors import NotAllowed, Refusal
from bot.face.words import N_, _
from bot.logs import incident
from bot.people import memberships, stays
from bot.people.caller import Caller
from bot.people.contributions import Contributions, HelpLine, Line
from bot.people.memberships import MemberState
from bot.people.profiles import Detail
from bot.people.stays import Stay
from bot.record import model as record
from bot.record.model import Form, Record
from bot.record.workshop import NotMade, StillMaking, Workshop
from bot.storage.database import Database, Tx

from .model import HandOut

HERE = {MemberState.JOINED, MemberState.PAUSED}


class RecordService:
    """Gather; have it made; keep nothing."""

    help = (
        HelpLine("/journal export", N_("Your record as PDF, Word, Markdown, JSON or a table.")),
    )

    def __init__(
        self, db: Database, clock: Clock, hooks: Contributions, workshop: Workshop
    ) -> None:
        self._db = db
        self._clock = clock
        self._hooks = hooks
        self._workshop = workshop

    async def make(self, caller: Caller, form: Form, most: int, owner_id: int = 0) -> HandOut:
        """Return the caller's record in a form, in files of at most `most` bytes.

        Raises NotAllowed where it is somebody else's, Refusal while one is being made already.
        """
        if owner_id and owner_id != caller.user_id:
            raise NotAllowed(
                _("That is somebody else's record. *Get my record* on `/me` gives you yours.")
            )
        found = await self.gather(caller)
        try:
            files = await self._workshop.make(caller.user_id, found, form, most)
        except StillMaking as error:
            raise Refusal(_("Your record is being made already. It comes in a moment.")) from error
        except NotMade as error:
            incident("a record", error)
            return HandOut(caller.user_id, form, (), len(found.entries))
        return HandOut(caller.user_id, form, files, len(found.entries))

    async def gather(self, caller: Caller) -> Record:
        """Return everything the caller did, in whichever cohort. Raises Refusal for a stranger."""
        async with self._db.read() as tx:
            every = await stays.of_user(tx, caller.user_id)
            mine = [stay for stay in every if stay.member.state is not MemberState.JOINING]
            if not mine:
                raise Refusal(
                    _("There is no record of yours yet: you have not joined a cohort so far.")
                )
            entries = [
                entry for add in self._hooks.record for entry in await add(tx, caller.user_id)
            ]
        latest = mine[0].member
        return Record(
            name=latest.name or caller.name,
            made_on=latest.local_date(self._clock()),
            stays=tuple(map(_stay, mine)),
            entries=record.told_once(entries),
        )

    async def left_behind(self, tx: Tx, user_id: int, now: datetime) -> list[Line]:
        """Say on `/me` that a record is still there, to somebody who is in no cohort any more."""
        states = {member.state for member in await memberships.of_user(tx, user_id)}
        if MemberState.LEFT not in states or states & HERE:
            return []
        return [Line(_("Your record is still here."), _("Get my record"), "record.get", order=10)]


def _stay(stay: Stay) -> record.Stay:
    return record.Stay(
        place=stay.place,
        role=stay.role,
        first_on=stay.first_day,
        last_on=stay.last_day,
        links=stay.profile.of(Detail.LINKS),
    )
