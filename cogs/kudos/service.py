"""What somebody can do with kudos, and who gets to read them."""

from datetime import datetime
from typing import Any

from bot.clockwork.clock import Clock
from bot.delivery import budget, outbox
from bot.errors import NotAllowed, NotFound, Refusal
from bot.face.words import N_, _
from bot.people import activity, cohorts, contact, memberships, users
from bot.people.activity import Visibility
from bot.people.caller import Caller
from bot.people.contributions import ExportPart, HelpLine, Line
from bot.people.memberships import Delivery, Member, MemberState
from bot.people.record import Chapter, Entry
from bot.people.requests import KeepEntry, Requests
from bot.storage.database import Database, Tx

from .model import MOST_UNREAD, Kudos, KudosPage, KudosState, bare
from .store import KudosStore

HERE = (MemberState.JOINED, MemberState.PAUSED)


class KudosService:
    """Decide; then keep what was decided."""

    help = (HelpLine("/kudos give", N_("Thank somebody. They decide who else reads it.")),)

    def __init__(self, db: Database, clock: Clock, store: KudosStore, requests: Requests) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._requests = requests

    async def check(self, caller: Caller, other_id: int, *, is_bot: bool = False) -> None:
        """Raise Refusal where the form need not open: a bot, oneself, or out of reach."""
        async with self._db.read() as tx:
            await self._both(tx, caller, other_id, is_bot=is_bot)

    async def give(
        self, caller: Caller, other_id: int, text: str, *, is_bot: bool = False
    ) -> KudosPage | None:
        """Bring thanks to somebody; None when they are not here, so that it can only be copied."""
        now = self._clock()
        async with self._db.write() as tx:
            member, other = await self._both(tx, caller, other_id, is_bot=is_bot)
            if other is None:
                return None
            waiting = await self._store.undecided(tx, member.member_id, other.member_id)
            if waiting >= MOST_UNREAD:
                raise Refusal(
                    _("{name} has not looked at your last ones yet. Say it in person?").format(
                        name=bare(other.name)
                    )
                )
            given = await self._store.add(tx, member, other, text, now)
            if wants_messages(other) and await budget.allows(tx, other, now):
                await outbox.enqueue(
                    tx,
                    kind="kudos.arrived",
                    dedupe=f"kudos:{given.kudos_id}:arrived",
                    place=outbox.Place.user(other.user_id),
                    now=now,
                    cohort_id=other.cohort_id,
                    member_id=other.member_id,
                    subject={"kudos_id": given.kudos_id},
                )
            await activity.note(tx, member, "kudos.given", given.kudos_id, now)
            return KudosPage(given, member, other, None)

    async def _both(
        self, tx: Tx, caller: Caller, other_id: int, *, is_bot: bool
    ) -> tuple[Member, Member | None]:
        member = await memberships.of(tx, caller)
        if is_bot:
            raise Refusal(_("That is a bot. It is glad anyway."))
        if other_id == caller.user_id:
            raise Refusal(_("That is you. A win of your own belongs in your check-in."))
        other = await memberships.find(tx, member.cohort_id, other_id)
        if other is None or other.state not in HERE:
            return member, None
        meet = await contact.may_meet(tx, member.user_id, other.user_id)
        if other.state is not MemberState.JOINED or not meet:
            raise Refusal(
                _("{name} cannot be reached through me at the moment.").format(
                    name=bare(other.name)
                )
            )
        return member, other

    # --- for the receiver

    async def read(self, caller: Caller, kudos_id: int) -> KudosPage:
        """Return kudos to the person they are for."""
        async with self._db.read() as tx:
            return await self._own(tx, caller, kudos_id)

    async def _own(self, tx: Tx, caller: Caller, kudos_id: int) -> KudosPage:
        page = await self._page(tx, kudos_id)
        if page is None:
            raise NotFound(_("Those kudos are gone."))
        if page.receiver.user_id != caller.user_id:
            raise NotAllowed(_("Only the person they are for can decide that."))
        return page

    async def _page(self, tx: Tx, kudos_id: int) -> KudosPage | None:
        found = await self._store.get(tx, kudos_id)
        if found is None or found.receiver_id is None:
            return None
        giver = await memberships.get(tx, found.giver_id) if found.giver_id else None
        receiver = await memberships.get(tx, found.receiver_id)
        cohort = await cohorts.get(tx, found.cohort_id)
        if receiver is None or cohort is None:
            return None
        may_keep = self._requests.accepts(KeepEntry)
        return KudosPage(found, giver, receiver, cohort.checkins_id, may_keep)

    async def keep(self, caller: Caller, kudos_id: int) -> KudosPage:
        """Keep them for oneself."""
        async with self._db.write() as tx:
            page = await self._own(tx, caller, kudos_id)
            if page.kudos.state is not KudosState.SENT:
                return page
            await self._store.decide(tx, kudos_id, KudosState.KEPT)
            return await self._own(tx, caller, kudos_id)

    async def share(self, caller: Caller, kudos_id: int) -> KudosPage:
        """Let the cohort read them; a second press tells nobody twice."""
        now = self._clock()
        async with self._db.write() as tx:
            page = await self._own(tx, caller, kudos_id)
            if page.channel_id is None:
                raise Refusal(_("Your cohort has no channel to share in."))
            member = page.receiver
            sent = await outbox.enqueue(
                tx,
                kind="kudos.shared",
                dedupe=f"kudos:{kudos_id}:shared",
                place=outbox.Place.channel(page.channel_id),
                now=now,
                cohort_id=member.cohort_id,
                member_id=member.member_id,
                subject={"kudos_id": kudos_id},
                counts=False,
            )
            if sent:
                await self._store.decide(tx, kudos_id, KudosState.SHARED)
                await activity.note(tx, member, "kudos.shared", kudos_id, now, Visibility.COHORT)
            return await self._own(tx, caller, kudos_id)

    async def to_journal(self, caller: Caller, kudos_id: int) -> int:
        """Keep them in the receiver's journal, once; return the entry's number."""
        async with self._db.write() as tx:
            page = await self._own(tx, caller, kudos_id)
            source, by = f"kudos {kudos_id}", page.giver
            if page.kudos.state is KudosState.SENT:
                await self._store.decide(tx, kudos_id, KudosState.KEPT)
            entry = KeepEntry(page.receiver, page.kudos.text, "work", source, by)
            return await self._requests.issue(tx, entry, self._clock())

    async def letter_page(self, kudos_id: int, *states: KudosState) -> KudosPage | None:
        """Return kudos for a message about them; None when there is nothing to say any more."""
        async with self._db.read() as tx:
            page = await self._page(tx, kudos_id)
            if page is None or page.kudos.state not in states:
                return None
            if page.giver and not await contact.may_meet(
                tx, page.giver.user_id, page.receiver.user_id
            ):
                return None
        return page

    # --- what other cards and files show

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Show on `/me` that somebody said thank you."""
        lines: list[Line] = []
        for found in (await self._store.waiting(tx, member.member_id))[:3]:
            giver = await memberships.get(tx, found.giver_id) if found.giver_id else None
            name = bare(giver.name) if giver else _("somebody who left")
            text = _("{name} says thank you").format(name=name)
            lines.append(Line(text, _("Read"), "kudos.read", str(found.kudos_id), order=16))
        return lines

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add the kudos the user got and gave to their export."""
        mine = [m.member_id for m in await memberships.of_user(tx, user_id)]
        got = [
            await self._exported(tx, "from", one.giver_id, one)
            for one in await self._store.got(tx, mine)
        ]
        gave = [
            await self._exported(tx, "to", one.receiver_id, one)
            for one in await self._store.gave(tx, mine)
        ]
        return [
            ExportPart("kudos_got", _("Kudos you got"), got),
            ExportPart("kudos_given", _("Kudos you gave"), gave),
        ]

    async def _exported(self, tx: Tx, who: str, other_id: int | None, one: Kudos) -> dict[str, Any]:
        other = await memberships.get(tx, other_id) if other_id else None
        return {
            who: other.name if other else _("somebody who left"),
            "for": one.text,
            "shared": one.state is KudosState.SHARED,
            "at": one.at.isoformat(),
        }

    async def record(self, tx: Tx, user_id: int) -> list[Entry]:
        """Add what the user was thanked for and kept or shared; a name only where it was shared."""
        entries: list[Entry] = []
        for member in await memberships.of_user(tx, user_id):
            for one in await self._store.got(tx, [member.member_id]):
                if one.state is not KudosState.SENT:
                    named = one.giver_id if one.state is KudosState.SHARED else None
                    giver = await memberships.get(tx, named) if named else None
                    somebody = _("Somebody from {cohort}").format(cohort=member.cohort_name)
                    entries.append(
                        Entry(
                            Chapter.KUDOS,
                            f"kudos {one.kudos_id}",
                            member.local_date(one.at),
                            one.text,
                            said_by=giver.name if giver else somebody,
                        )
                    )
        return entries

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept and who reads it, without counting."""
        mine = [m.member_id for m in await memberships.of_user(tx, user_id)]
        lines: list[str] = []
        if await self._store.got(tx, mine):
            lines.append(_("Kudos to you, encrypted. You and their giver read what you kept."))
        if await self._store.gave(tx, mine):
            lines.append(
                _(
                    "Kudos of yours. They stay with the people you thanked, without your name if "
                    "you go."
                )
            )
        return lines

    async def erase(self, tx: Tx, user_id: int) -> None:
        """Forget what nobody else has a part in; the rest loses the name by the schema itself."""
        mine = [m.member_id for m in await memberships.of_user(tx, user_id)]
        await self._store.forget_alone(tx, mine)

    async def erase_member(self, tx: Tx, member: Member) -> None:
        """Forget what nobody else has a part in once this membership goes."""
        await self._store.forget_alone(tx, [member.member_id])


def wants_messages(member: Member) -> bool:
    """Say whether direct messages are welcome and known to arrive."""
    return member.delivery is Delivery.DM and member.inbox is not users.Inbox.CLOSED
