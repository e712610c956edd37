"""The pages for those who watch over many services."""

import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot import health
from bot.delivery import letters
from bot.delivery.outbox import Place, enqueue
from bot.errors import CannotStart
from bot.storage.database import Database


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def online() -> dict[str, bool]:
    return {"now": True}


@pytest.fixture
async def page(db: Database, clock, port: int, online) -> AsyncIterator[object]:
    async def read(path: str) -> tuple[int, str]:
        async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.status, await answer.text()

    async with (
        health.served(port, db, clock, lambda: online["now"]),
        aiohttp.ClientSession() as session,
    ):
        yield read


async def beat(db: Database, clock) -> None:
    async with db.write() as tx:
        await letters.beat(tx, "bot", clock())


async def test_a_bot_that_is_alive_and_connected_is_well(db: Database, clock, page) -> None:
    await beat(db, clock)

    status, body = await page("/healthz")

    assert status == 200
    assert '"alive": true' in body


async def test_a_bot_that_stopped_beating_is_not_well(db: Database, clock, page) -> None:
    await beat(db, clock)
    clock.advance(minutes=5)

    status, body = await page("/healthz")

    assert status == 503
    assert '"alive": false' in body


async def test_a_bot_without_discord_is_not_well(db: Database, clock, page, online) -> None:
    await beat(db, clock)
    online["now"] = False

    status, _body = await page("/healthz")

    assert status == 503


async def test_the_figures_count_letters_and_tell_how_late_they_are(
    db: Database, clock, page
) -> None:
    async with db.write() as tx:
        for number in range(3):
            await enqueue(
                tx,
                kind="test.note",
                dedupe=f"note:{number}",
                place=Place.channel(7),
                now=clock(),
                due_at=clock() - timedelta(seconds=40),
            )

    _status, body = await page("/metrics")

    assert 'stint_letters{state="pending"} 3.0' in body
    assert "stint_late_seconds 40.0" in body
    assert "stint_connected 1.0" in body


async def test_a_port_that_is_taken_is_told_in_one_line(db: Database, clock) -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CannotStart, match="STINT_HEALTH_PORT"):
            async with health.served(port, db, clock, lambda: True):
                pass
