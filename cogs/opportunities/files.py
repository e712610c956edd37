"""Lists as files: looked at before they are taken, and handed out again."""

import asyncio
import io
import tempfile
import zipfile
from datetime import datetime

from bot.clockwork.clock import Clock
from bot.errors import NotFound, Refusal
from bot.face.words import _
from bot.people import cohorts
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.storage.database import Database, Tx

from .feed_model import MOST_ATTACHED, MOST_FILE, Export, Goes, Import
from .feed_store import FeedStore
from .intake import Origin
from .listings import Format, as_csv, as_json
from .model import Entry, Filter, PostingState, Source
from .rights import moderating
from .taking import Parcel, Taking

EVERYTHING = (
    PostingState.OPEN,
    PostingState.HIDDEN,
    PostingState.QUEUED,
    PostingState.CLOSED,
)


class FileService:
    """Import a file in two steps, and export one."""

    def __init__(self, db: Database, clock: Clock, store: FeedStore, taking: Taking) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._taking = taking
        self._at_it: set[int] = set()

    async def may_import(self, caller: Caller, size: int) -> Cohort:
        """Return the cohort a moderator imports for. Raises Refusal when a file is too large."""
        async with self._db.read() as tx:
            cohort = await cohorts.managed_by(tx, caller)
        if size > MOST_FILE:
            raise Refusal(
                _("That file is larger than {most} MB; I read no more than that.").format(
                    most=MOST_FILE // (1024 * 1024)
                )
            )
        return cohort

    async def look(self, caller: Caller, name: str, content: bytes) -> Import:
        """Read a file and say what it would bring; nothing is taken yet."""
        cohort = await self.may_import(caller, len(content))
        now = self._clock()
        parcel = Parcel()
        with tempfile.TemporaryFile() as body:
            await asyncio.to_thread(body.write, content)
            body.seek(0)
            report = await self._taking.foresee(
                body, _origin(cohort, Goes.QUEUE), Filter(), now, keep=parcel
            )
        async with self._db.write() as tx:
            return await self._store.add_import(
                tx,
                guild_id=cohort.guild_id,
                cohort_id=cohort.cohort_id,
                name=name[:100],
                packed=parcel.packed(),
                report=report.as_json(),
                made_at=now,
            )

    async def take(self, caller: Caller, import_id: int, goes: Goes) -> Import:
        """Take what a file lists. A second press, or another moderator's, changes nothing."""
        now = self._clock()
        async with self._db.read() as tx:
            found, cohort = await self._mine(tx, caller, import_id)
            packed = await self._store.packed(tx, import_id)
        if found.done_at is not None:
            return found
        if import_id in self._at_it:
            raise Refusal(_("Somebody pressed that just now; it is being imported."))
        self._at_it.add(import_id)
        try:
            report = await self._taking.take_kept(packed, _origin(cohort, goes), found.report, now)
        finally:
            self._at_it.discard(import_id)
        async with self._db.write() as tx:
            done = await self._store.finish_import(tx, import_id, report.as_json(), now)
            await self._note(tx, cohort, caller, "opportunities imported", report.tally.new, now)
        return done or found

    async def put_aside(self, caller: Caller, import_id: int) -> None:
        """Forget a file."""
        async with self._db.write() as tx:
            await self._mine(tx, caller, import_id)
            await self._store.remove_import(tx, import_id)

    async def _mine(self, tx: Tx, caller: Caller, import_id: int) -> tuple[Import, Cohort]:
        found = await self._store.import_of(tx, import_id)
        if found is None or found.guild_id != caller.guild_id:
            await moderating(tx, caller)
            raise NotFound(_("That file is gone. Send it once more with `/post import`."))
        return found, await cohorts.moderated(tx, caller, found.cohort_id)

    async def export(self, caller: Caller, format: Format, *, all: bool) -> Export:
        """Return the openings of the server as a file, packed when it is large."""
        states = EVERYTHING if all else (PostingState.OPEN,)
        now = self._clock()
        entries: list[Entry] = []
        async with self._db.read() as tx:
            cohort = await cohorts.managed_by(tx, caller)
            async for page in self._store.pages(tx, cohort.guild_id, states):
                entries += [posting.entry for posting in page]
                await asyncio.sleep(0)
        if not entries:
            raise Refusal(_("There is no opening to export yet."))
        name = "openings.csv" if format is Format.CSV else "listings.json"
        name, content = await asyncio.to_thread(_written, format, entries, name)
        if len(content) > MOST_ATTACHED:
            raise Refusal(_("That is more than fits a message. Export the open ones only."))
        async with self._db.write() as tx:
            await self._note(tx, cohort, caller, "opportunities exported", len(entries), now)
        return Export(name, content, len(entries))

    async def _note(
        self, tx: Tx, cohort: Cohort, caller: Caller, action: str, number: int, now: datetime
    ) -> None:
        await cohorts.log(tx, cohort.cohort_id, caller.user_id, action, f"{number} openings", now)


def _written(format: Format, entries: list[Entry], name: str) -> tuple[str, bytes]:
    content = as_csv(entries) if format is Format.CSV else as_json(entries)
    if len(content) <= MOST_ATTACHED:
        return name, content
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return f"{name}.zip", packed.getvalue()


def _origin(cohort: Cohort, goes: Goes) -> Origin:
    return Origin(cohort.guild_id, Source.IMPORT, cohort.cohort_id, goes=goes.state)
