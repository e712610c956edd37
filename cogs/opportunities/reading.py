"""The door to reading a list: a child process does the work, and the bot goes on meanwhile."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, Final

from bot.config import ROOT
from bot.face.words import _, spoken

from .drift import Drift, Unreadable
from .entry import Sound
from .fields import entry_kept
from .listings import Format

log = logging.getLogger(__name__)

BATCH: Final = 100
"""Rows that are read and written without a pause: a few hundredths of a second."""
PATIENCE: Final = 90.0
"""Seconds without a line, after which the reader is stopped; it stops itself before."""
LONGEST_LINE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Read:
    """One row of a list: what it names, ready to be taken, or what is wrong with it."""

    number: int
    sound: Sound | None
    error: str = ""


class Reader:
    """One list that is being read; `drift` and `format` are known at the end."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self._child = child
        self.drift = Drift()
        self.format: Format | None = None

    async def batches(self) -> AsyncGenerator[list[Read]]:
        """Yield the rows. Raises Unreadable for what is no list."""
        batch: list[Read] = []
        while True:
            told = await self._line()
            if "fault" in told:
                log.error("a list broke its reader: %s", told["fault"])
            if "refused" in told:
                raise Unreadable(told["refused"])
            if "end" in told:
                break
            batch.append(_read(told))
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch
        self.drift = Drift.of(told["end"]["drift"])
        self.format = Format(told["end"]["format"])

    async def _line(self) -> dict[str, Any]:
        assert self._child.stdout is not None
        try:
            async with asyncio.timeout(PATIENCE):
                line = await self._child.stdout.readline()
            return json.loads(line)
        except (TimeoutError, ValueError) as error:
            # It ended without its last line: too much memory or time, or a fault of ours.
            raise Unreadable(_("I could not read that list to its end.")) from error


def _read(told: dict[str, Any]) -> Read:
    if "error" in told:
        return Read(told["n"], None, told["error"])
    return Read(told["n"], Sound(entry_kept(told["entry"]), told["key"], told["twin"]))


@asynccontextmanager
async def reading(
    body: IO[bytes],
    *,
    today: date,
    most: int,
    format: Format | None = None,
    charset: str | None = None,
) -> AsyncGenerator[Reader]:
    """Read a list in a process of its own, which is gone at the end, however this ends."""
    body.flush()
    known = [f"--format={format}"] if format else []
    known += [f"--charset={charset}"] if charset and charset.isascii() else []
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "cogs.opportunities.reader",
        f"--today={today.isoformat()}",
        f"--most={most}",
        f"--locale={spoken()}",
        *known,
        cwd=ROOT,
        env=_environment(),
        stdin=body.fileno(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=LONGEST_LINE,
        start_new_session=True,
    )
    try:
        yield Reader(child)
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


def _environment() -> dict[str, str]:
    """Return what the reader needs to know, which is none of the bot's secrets."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")
    inherited = {name: os.environ[name] for name in kept if name in os.environ}
    return {**inherited, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
