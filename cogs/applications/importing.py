"""Bringing applications along from a table: look first, then add, and take out again."""

import asyncio
from datetime import datetime, timedelta

from bot.clockwork.clock import Clock
from bot.errors import NotFound, Refusal
from bot.face.words import _
from bot.people import activity, memberships
from bot.people.caller import Caller
from bot.people.memberships import Member
from bot.storage.database import Database, Tx

from .model import Entry, Import, ImportState, Preview, facts_of, next_hint_at, told_apart
from .service import ApplicationService, home
from .sheet import read
from .store import ApplicationStore

KEPT = timedelta(days=7)


class ImportService:
    """Read a member's file; nothing of it is kept for long that they did not add."""

    def __init__(
        self, db: Database, clock: Clock, store: ApplicationStore, service: ApplicationService
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._service = service

    async def read(self, caller: Caller, content: bytes) -> Preview:
        """Return what adding the file would do. Raises Refusal when it is no table of them."""
        now = self._clock()
        async with self._db.read() as tx:
            member = await home(tx, caller)
        sheet = await asyncio.to_thread(read, content, member.local_date(now))
        async with self._db.write() as tx:
            new = await self._new(tx, member, sheet.entries)
            import_id = None
            if new:
                import_id = await self._store.keep_import(tx, member.member_id, new, now)
        known = len(sheet.entries) - len(new)
        return Preview(import_id, new, known, sheet.problems, sheet.ignored)

    async def _new(self, tx: Tx, member: Member, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        there = {
            told_apart(facts_of(one)) for one in await self._store.all_of(tx, [member.member_id])
        }
        return tuple(entry for entry in entries if told_apart(entry.facts) not in there)

    async def take(self, caller: Caller, import_id: int) -> tuple[Import, int]:
        """Add what was read; a second press adds nothing. Returns how many were added now."""
        now = self._clock()
        async with self._db.write() as tx:
            member, found = await self._own(tx, caller, import_id)
            if found.state is ImportState.TAKEN:
                return found, 0
            new = await self._new(tx, member, found.entries)
            await self._service.leave_room(tx, member.member_id, len(new))
            looks = [next_hint_at(entry.course, (), member.zone, now) for entry in new]
            await self._store.add_all(tx, found, new, looks, now)
            await self._store.set_import(tx, import_id, ImportState.TAKEN, now)
            await activity.note(tx, member, "application.imported", import_id, now)
        return found, len(new)

    async def undo(self, caller: Caller, import_id: int) -> tuple[int, int]:
        """Take out what was added, except what was changed since; return how many went and stay."""
        now = self._clock()
        async with self._db.write() as tx:
            member, found = await self._own(tx, caller, import_id)
            if found.state is not ImportState.TAKEN:
                raise Refusal(_("That file is not added, so there is nothing to take out."))
            there = {
                told_apart(facts_of(one))
                for one in await self._store.all_of(tx, [member.member_id])
            }
            standing = sum(told_apart(entry.facts) in there for entry in found.entries)
            gone = await self._store.take_out(tx, import_id)
            await self._store.set_import(tx, import_id, ImportState.UNDONE, now)
        return gone, standing - gone

    async def leave(self, caller: Caller, import_id: int) -> None:
        """Forget what was read."""
        async with self._db.write() as tx:
            await self._own(tx, caller, import_id)
            await self._store.remove_import(tx, import_id)

    async def _own(self, tx: Tx, caller: Caller, import_id: int) -> tuple[Member, Import]:
        mine = {m.member_id: m for m in await memberships.of_user(tx, caller.user_id)}
        found = await self._store.get_import(tx, import_id, list(mine))
        if found is None:
            raise NotFound(_("That file is forgotten by now. `/application import` reads it anew."))
        return mine[found.member_id], found

    async def sweep(self, now: datetime) -> None:
        """Forget files after a week; what was added from them stays."""
        if now.minute:
            return
        async with self._db.write() as tx:
            await self._store.purge_imports(tx, now - KEPT)
