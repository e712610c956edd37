"""The wire fixtures: a local Discord, and the real bot as a process against it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.wire.process import BotProcess, at_home
from tests.wire.server import Wire


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """A fresh local Discord; afterwards every request the bot made must fit Discord's document."""
    server = Wire()
    await server.start()
    yield server
    await server.stop()
    assert server.misfits() == []
    assert server.rest.unknown == [], "the wire server does not know these requests"


@pytest.fixture
async def bot_process(wire: Wire, database_file: Path) -> AsyncIterator[BotProcess]:
    """The real bot, not yet started, in a home as its first start would leave it."""
    async with at_home(wire, database_file) as process:
        yield process
