"""`stint run` as its own process: it starts, is seen alive, and stops cleanly."""

import asyncio
import socket
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.config import ROOT
from tests.wire.process import BotProcess, at_home
from tests.wire.server import Wire

pytestmark = pytest.mark.slow

AMPLE = 60.0


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    server = Wire()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def process(wire: Wire, database_file: Path) -> AsyncIterator[BotProcess]:
    """The bot, not yet started, in a home as its first start would leave it."""
    async with at_home(wire, database_file) as process:
        yield process


async def operator(process: BotProcess, *command: str) -> tuple[int | None, str]:
    """Type a command on the machine on which the bot runs."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *command,
        cwd=ROOT,
        env=process.environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await child.communicate()
    return child.returncode, output.decode()


async def test_the_first_start_makes_database_and_key_and_the_last_word_is_stopped(
    process: BotProcess, tmp_path: Path
) -> None:
    process.home = tmp_path / "new"
    await process.up()
    code = await process.stop(AMPLE)

    assert code == 0
    assert process.log.strip().endswith("stopped")
    assert process.wire.world.token not in process.log
    assert stat.S_IMODE((process.home / "stint.key").stat().st_mode) == 0o600
    assert {"stint.db", "stint.key"} <= files(process.home)
    assert "stint.db-wal" not in files(process.home)


async def test_while_it_runs_it_is_alive_and_can_be_backed_up_and_checked(
    process: BotProcess, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    await process.up(STINT_HEALTH_PORT=port)

    backed_up, _ = await operator(process, "backup", str(tmp_path / "copy.db"))
    checked, findings = await operator(process, "check")
    restored, refusal = await operator(process, "restore", str(tmp_path / "copy.db"))
    async with aiohttp.request("GET", f"http://127.0.0.1:{port}/metrics") as answer:
        figures = await answer.text()

    assert backed_up == 0
    assert checked == 0, findings
    assert "wrong" not in findings
    assert restored == 75
    assert "Another Stint" in refusal
    assert "stint_connected 1.0" in figures
    assert process.alive


async def test_json_logs_are_json_from_the_first_line_to_the_last(process: BotProcess) -> None:
    await process.up(STINT_LOG_FORMAT="json")
    await process.stop(AMPLE)

    assert all(line.startswith("{") for line in process.log.splitlines())


def files(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}
