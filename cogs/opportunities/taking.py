"""Bringing a list in: its rows are read elsewhere, sifted here, taken a hundred at a time."""

import asyncio
import base64
import json
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import IO, Final

from bot.face.words import _
from bot.storage.database import Database

from .drift import Drift
from .feed_model import Report, Tally
from .fields import entry_kept, record_of
from .intake import Intake, Origin
from .listings import Format
from .model import Entry, Filter, Outcome, Result, Sound, somewhere_today
from .reading import BATCH, Read, Reader, reading

UNPACKED: Final = 256 * 1024


class Sieve:
    """Lets each opening of one list through once, if the filter wants it; counts the others."""

    def __init__(self, wanted: Filter) -> None:
        self._wanted = None if wanted.empty else wanted
        self._keys: set[int] = set()
        self._ids: set[int] = set()
        self.aside = Tally()
        self.taken = Tally()

    def sift(self, rows: Iterable[Read]) -> list[Read]:
        """Return the rows that are to be taken."""
        return [row for row in rows if self._passes(row)]

    def _passes(self, row: Read) -> bool:
        if row.sound is None:
            self.aside.note(Outcome(Result.REJECTED, row.error), row.number)
            return False
        if self._wanted is not None and not self._wanted.fits(row.sound.entry):
            self.aside.leave_out()
            return False
        # The hash is enough to tell them apart, and a tenth of the memory.
        key, outside_id = hash(row.sound.canonical), row.sound.entry.outside_id
        if key in self._keys or (outside_id and hash(outside_id) in self._ids):
            twice = Outcome(Result.DUPLICATE, _("the list has it twice"))
            self.aside.note(twice, row.number)
            return False
        self._keys.add(key)
        if outside_id:
            self._ids.add(hash(outside_id))
        return True

    def note(self, rows: Iterable[Read], outcomes: Iterable[Outcome]) -> None:
        """Count what became of rows."""
        for row, outcome in zip(rows, outcomes, strict=True):
            assert row.sound is not None
            self.taken.note(outcome, row.number, row.sound.entry.active)

    def report(self, drift: Drift, format: Format | None) -> Report:
        """Return what it came to."""
        return Report(self.aside + self.taken, drift, format, self.aside)


class Taking:
    """Take lists into a server's postings, or say what taking them would come to."""

    def __init__(self, db: Database, intake: Intake, most_rows: int) -> None:
        self._db = db
        self._intake = intake
        self._most = most_rows

    async def foresee(
        self,
        body: IO[bytes],
        origin: Origin,
        wanted: Filter,
        now: datetime,
        *,
        format: Format | None = None,
        charset: str | None = None,
        keep: "Parcel | None" = None,
    ) -> Report:
        """Say what would become of each row. Raises Unreadable for what is no list."""
        sieve = Sieve(wanted)
        async with self._reading(body, now, format, charset) as reader:
            async for rows in reader.batches():
                taken = sieve.sift(rows)
                if keep is not None:
                    keep.add(taken)
                async with self._db.read() as tx:
                    outcomes = await self._intake.foresee(tx, origin, _sound(taken), now)
                sieve.note(taken, outcomes)
        return sieve.report(reader.drift, reader.format)

    async def take(
        self,
        body: IO[bytes],
        origin: Origin,
        wanted: Filter,
        now: datetime,
        *,
        format: Format | None = None,
        charset: str | None = None,
    ) -> Report:
        """Take what a list brings. Raises Unreadable for what is no list."""
        sieve = Sieve(wanted)
        async with self._reading(body, now, format, charset) as reader:
            await self._write(reader.batches(), origin, sieve, now)
        return sieve.report(reader.drift, reader.format)

    async def take_kept(self, parcel: str, origin: Origin, before: Report, now: datetime) -> Report:
        """Take the rows that were kept when a list was looked at; the others stay as counted."""
        sieve = Sieve(Filter())
        sieve.aside = before.aside
        await self._write(unpacked(parcel), origin, sieve, now)
        return sieve.report(before.drift, before.format)

    async def _write(
        self, batches: AsyncIterable[list[Read]], origin: Origin, sieve: Sieve, now: datetime
    ) -> None:
        async for rows in batches:
            taken = sieve.sift(rows)
            if not taken:
                continue
            async with self._db.write() as tx:
                outcomes = await self._intake.take(tx, origin, _sound(taken), now)
            sieve.note(taken, outcomes)
            await asyncio.sleep(0)

    def _reading(
        self, body: IO[bytes], now: datetime, format: Format | None, charset: str | None
    ) -> AbstractAsyncContextManager[Reader]:
        return reading(
            body, today=somewhere_today(now), most=self._most, format=format, charset=charset
        )


def _sound(rows: Iterable[Read]) -> list[Entry | Sound]:
    return [row.sound for row in rows if row.sound is not None]


class Parcel:
    """The rows of a list, packed small while a moderator makes up their mind."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(6)
        self._parts: list[bytes] = []

    def add(self, rows: Iterable[Read]) -> None:
        """Put rows in."""
        lines = (
            json.dumps([row.number, sound.canonical, sound.twin_key, record_of(sound.entry)])
            for row in rows
            if (sound := row.sound) is not None
        )
        self._parts.append(self._packer.compress("".join(line + "\n" for line in lines).encode()))

    def packed(self) -> str:
        """Return it as text."""
        return base64.b64encode(b"".join([*self._parts, self._packer.flush()])).decode()


async def unpacked(parcel: str) -> AsyncIterator[list[Read]]:
    """Yield the rows of a parcel, a hundred at a time."""
    rest = b""
    rows: list[Read] = []
    for piece in _pieces(base64.b64decode(parcel)):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            rows.append(_row(line))
            if len(rows) == BATCH:
                yield rows
                rows = []
    if rows:
        yield rows


def _pieces(data: bytes) -> Iterator[bytes]:
    packer = zlib.decompressobj()
    while data:
        yield packer.decompress(data, UNPACKED)
        data = packer.unconsumed_tail
    yield packer.flush()


def _row(line: bytes) -> Read:
    number, canonical, twin_key, record = json.loads(line)
    return Read(number, Sound(entry_kept(record), canonical, twin_key))
