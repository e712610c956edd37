"""The bots that are measured side by side, each as its own process against one wire server.

`Contender` starts one on a server of its own and knows how long that took; floors (a) and (b) are
`bare()` and `bare_store()`, ours is `stint()`. Load comes from inside the server's process
(`desk.volley`, `desk.volley_of_forms`), so a wait is from the event leaving Discord to the
acknowledgement coming back.
"""

import asyncio
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from tests.wire.home import Group, settle
from tests.wire.remote import ROOT, Remote

PATIENCE = 60.0
GLANCE = 0.002


class Contender:
    """One bot process, from its start until its commands are registered, and then under load."""

    def __init__(self, name: str, command: list[str], home: Path, members: int = 0) -> None:
        self.name, self.command, self.home = name, command, home
        self.discord = Remote()
        self.discord("weather.calm")
        self.guild_id: int = self.discord("world.add_guild")
        self.people: list[int] = self.discord("world.add_people", count=50, guild_id=self.guild_id)
        if members > 50:
            self.discord("world.add_people", count=members - 50, guild_id=self.guild_id)
        self.home.mkdir(parents=True, exist_ok=True)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Starts the process; gives the seconds until Discord had its commands."""
        before = self.discord("rest.registrations")
        began = time.perf_counter()
        with (self.home / "bot.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command, cwd=ROOT, env=self._environment(), stdout=log, stderr=log
            )
        self._wait_for("rest.registrations", more_than=before)
        took = time.perf_counter() - began
        self._wait_for("gateway.connected")
        return took

    def kill(self) -> None:
        """Ends the bot's process, and leaves its Discord as it is."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)

    def memory(self) -> float:
        """Its resident memory in MB."""
        assert self._process
        status = Path(f"/proc/{self._process.pid}/statm").read_text()
        return int(status.split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def load(self, command: str, people: int, each: int) -> dict[str, Any]:
        """So many people run a command so many times, all at once."""
        crowd = self.people[:people]
        asked = {"name": command, "people": crowd, "guild_id": self.guild_id, "each": each}
        return self.discord("desk.volley", **asked)

    def load_forms(
        self, command: str, people: int, each: int, fill: dict[str, Any], *, in_turn: bool = False
    ) -> dict[str, Any]:
        """So many people send off a form they have open, so many times; all at once or in turn."""
        crowd = self.people[:people]
        asked = {"name": command, "people": crowd, "guild_id": self.guild_id, "each": each}
        return self.discord("desk.volley_of_forms", fill=fill, in_turn=in_turn, **asked)

    def stop(self) -> None:
        self.kill()
        self.discord.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if "STINT_" not in key}
        api = self.discord.api
        return {
            **inherited,
            "STINT_TOKEN": "wire-token",
            "STINT_DISCORD_API_BASE": api,
            "STINT_DATABASE_URL": f"sqlite+aiosqlite:///{self.home / 'stint.db'}",
            "STINT_KEY_FILE": str(self.home / "stint.key"),
            "BARE_GATEWAY": api.replace("http", "ws", 1).removesuffix("/api/v10") + "/gateway",
            "BARE_DATABASE": str(self.home / "bare.db"),
        }

    def _wait_for(self, sign: str, more_than: int = 0) -> None:
        latest = time.monotonic() + PATIENCE
        while self.discord(sign) <= more_than:
            assert self._process
            if self._process.poll() is not None or time.monotonic() > latest:
                said = (self.home / "bot.log").read_text(errors="replace")
                raise RuntimeError(f"{self.name} did not start:\n{said[-4000:]}")
            time.sleep(GLANCE)


def bare(home: Path, members: int = 0) -> Contender:
    """Floor (a): ten lines of discord.py."""
    return Contender("bare", [sys.executable, "-m", "benchmarks.bare_bot"], home, members)


def bare_store(home: Path, members: int = 0) -> Contender:
    """Floor (b): the same with one durable aiosqlite statement."""
    command = [sys.executable, "-m", "benchmarks.bare_store_bot"]
    return Contender("bare with a statement", command, home, members)


def stint(home: Path, members: int = 0) -> Contender:
    """The real bot, with everyone who will ask it something in a live cohort."""
    made = Contender("stint", [sys.executable, "-m", "bot", "run"], home, members)
    channel_id = made.discord("world.add_channel", guild_id=made.guild_id, name="check-ins")
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    asyncio.run(settle(home, [Group(made.guild_id, channel_id, on_card=made.people)], later))
    return made
