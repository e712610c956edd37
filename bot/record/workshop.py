"""The door to the workshop: a record goes to a child process, and files come back.

What sets and writes documents weighs more than the bot, so it lives in a process that exists for
one record only.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Final

from bot.config import ROOT
from bot.face.words import spoken
from bot.record.document import Document
from bot.record.model import Form, Made, Record, packed

PATIENCE: Final = 60.0
"""Seconds for one record; five thousand entries take a tenth of it."""
AT_ONCE: Final = 2
"""Children at the same time, whoever asks: a cohort's last day has many who do."""

BATCH: Final = 50
"""Entries told to the child without letting anything else happen."""


class NotMade(RuntimeError):
    """The files could not be made; another form may be."""


class StillMaking(RuntimeError):
    """The same person's files are being made already."""


class Workshop:
    """Makes one file at a time for each person, and two for all of them."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._room = asyncio.Semaphore(AT_ONCE)
        self._at_work_for: set[int] = set()

    async def make(self, user_id: int, record: Record, form: Form, most: int) -> list[Made]:
        """Return the record in a form, in files of at most so many bytes.

        Raises StillMaking while something of the same person is being made, NotMade when it took
        too long or broke.
        """
        return await self._one_at_a_time(user_id, packed(record, form, most, spoken()))

    async def typeset(
        self, user_id: int, document: Document, made_on: date, filename: str
    ) -> list[Made]:
        """Return a document as a PDF, under the same conditions as a record."""
        told = {
            "document": asdict(document),
            "made_on": made_on.isoformat(),
            "filename": filename,
        }
        return await self._one_at_a_time(user_id, iter([json.dumps(told).encode() + b"\n"]))

    async def _one_at_a_time(self, user_id: int, question: Iterator[bytes]) -> list[Made]:
        if user_id in self._at_work_for:
            raise StillMaking
        self._at_work_for.add(user_id)
        try:
            async with self._room:
                return await self._asked(question)
        finally:
            self._at_work_for.discard(user_id)

    async def _asked(self, question: Iterator[bytes]) -> list[Made]:
        """Return what the child made; it is gone afterwards, however this ends."""
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.record.printing",
            cwd=ROOT,
            env=_environment(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(self._patience):
                await _told(child, question)
                output, complaint = await child.communicate()
        except TimeoutError as error:
            raise NotMade(f"the printer took longer than {self._patience} s") from error
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        if child.returncode:
            # Its last words may quote the record: only what kind of mistake it was is told.
            last = complaint.decode(errors="replace").strip().splitlines()[-1:]
            raise NotMade(f"the printer ended with {child.returncode}: {_kind(last)}")
        return _files(output)


async def _told(child: asyncio.subprocess.Process, question: Iterator[bytes]) -> None:
    assert child.stdin
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        for number, line in enumerate(question):
            child.stdin.write(line)
            if number % BATCH == 0:
                await child.stdin.drain()
                await asyncio.sleep(0)
        child.stdin.close()


def _kind(last: list[str]) -> str:
    return last[0].partition(":")[0][:80] if last else ""


def _files(output: bytes) -> list[Made]:
    head, _newline, _rest = output.partition(b"\n")
    at = len(head) + 1
    made: list[Made] = []
    for filename, length in json.loads(head):
        made.append(Made(filename, output[at : at + length]))
        at += length
    return made


def _environment() -> dict[str, str]:
    """Return what the printer needs to know, which is none of the bot's secrets."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")
    inherited = {name: os.environ[name] for name in kept if name in os.environ}
    return {**inherited, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
