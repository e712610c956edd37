"""The real bot as its own process: started, awaited, killed and started again.

`BotProcess` runs `python -m bot run` against a wire server with a home of its own (database, key,
log). A kill leaves no time for anything; a stop is what an operator does. What the process printed
stays in `log`, so that a test can also look for what must not be there.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from bot.storage.sealed import Keyring
from tests.wire.server import Wire

ROOT = Path(__file__).parents[2]
QUIET_VARIABLES = ("COVERAGE_PROCESS_START", "COV_CORE_SOURCE", "COV_CORE_CONFIG")


class BotProcess:
    """One bot on one database; the same one after every restart."""

    def __init__(self, wire: Wire, home: Path, **settings: str) -> None:
        self.wire, self.home = wire, home
        self.settings = settings
        self.command = [sys.executable, "-m", "bot", "run"]
        self.starts = 0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def database(self) -> Path:
        return self.home / "stint.db"

    @property
    def log(self) -> str:
        """Everything the process printed over all its lives."""
        path = self.home / "bot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def environment(self) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("STINT_") and name not in QUIET_VARIABLES
        }
        own = {
            "STINT_TOKEN": self.wire.world.token,
            "STINT_DISCORD_API_BASE": self.wire.api,
            "STINT_DATABASE_URL": f"sqlite+aiosqlite:///{self.database}",
            "STINT_KEY_FILE": str(self.home / "stint.key"),
        }
        return {**inherited, **own, **self.settings}

    async def start(self, **settings: str) -> None:
        """Starts the process and returns at once; settings given here hold for this life only."""
        assert not self.alive, "it is running already"
        self.home.mkdir(parents=True, exist_ok=True)
        self.starts += 1
        with (self.home / "bot.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.command,
                cwd=ROOT,
                env={**self.environment(), **settings},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=asyncio.subprocess.STDOUT,
            )

    async def ready(self, within: float = 60.0) -> None:
        """Waits until this life of the process is told of events and has its commands there."""
        await self.until(self._is_ready, within)

    async def until(self, hope: Callable[[], object], within: float = 60.0) -> None:
        """Waits until the hope is true; says what the bot said if it dies or takes too long."""
        waiting = asyncio.create_task(self.wire.until(hope, within))
        dying = asyncio.create_task(self.exited(within + 5))
        done, left = await asyncio.wait({waiting, dying}, return_when=asyncio.FIRST_COMPLETED)
        for task in left:
            task.cancel()
        if waiting in done and not waiting.exception():
            return
        asked = "\n".join(f"{each.method} {each.path}" for each in self.wire.rest.requests[-10:])
        state = "is alive" if self.alive else "is dead"
        raise AssertionError(
            f"the bot {state}; it last asked:\n{asked}\nand said:\n{self.log[-6000:]}"
        )

    def _is_ready(self) -> bool:
        return self.wire.gateway.connected() > 0 and bool(self.wire.world.commands)

    async def up(self, **settings: str) -> None:
        """Starts the process and waits until it is ready."""
        await self.start(**settings)
        await self.ready()

    async def exited(self, within: float = 60.0) -> int:
        """Waits for the process to end by itself and gives its exit code."""
        assert self._process
        async with asyncio.timeout(within):
            return await self._process.wait()

    async def kill(self) -> None:
        """kill -9, and waits until nothing of it is left."""
        if self.alive and self._process:
            self._process.send_signal(signal.SIGKILL)
            await self.exited()
            await self.wire.until(lambda: not self.wire.gateway.connected())

    async def until_killed_at(self, failpoint: str, times: int = 1) -> None:
        """Starts the process and waits until it died as by kill -9 at that place in its code.

        Bad weather may end a start for now; whoever supervises the bot starts it again.
        """
        for _start in range(3):
            await self.start(STINT_FAILPOINT=f"{failpoint}:{times}")
            code = None
            with contextlib.suppress(TimeoutError):
                code = await self.exited()
            if code != 75:
                break
        assert code == 137, f"{code} instead of dying {failpoint}; it said:\n{self.log[-6000:]}"
        await self.wire.until(lambda: not self.wire.gateway.connected())

    async def stop(self, within: float = 60.0) -> int:
        """SIGTERM, as an operator stops it; gives the exit code."""
        if self.alive and self._process:
            self._process.send_signal(signal.SIGTERM)
        return await self.exited(within)

    def memory(self) -> float:
        """Its resident memory in MB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextlib.asynccontextmanager
async def at_home(wire: Wire, database: Path) -> AsyncIterator[BotProcess]:
    """The bot, not yet started, beside a database and a key as its first start would leave them.

    It is killed at the end if it still runs.
    """
    process = BotProcess(wire, database.parent)
    Keyring.open(process.home / "stint.key", create=True)
    try:
        yield process
    finally:
        await process.kill()
