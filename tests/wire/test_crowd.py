"""A weekly check-in for five thousand people who chose the thread, within Discord's limits."""

import re
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.wire import payloads
from tests.wire.home import Group, Outbox, servers, settle
from tests.wire.process import BotProcess
from tests.wire.server import Wire

pytestmark = pytest.mark.slow

PEOPLE = 5000
MENTION = re.compile(r"<@(\d+)>")


async def test_five_thousand_people_are_called_into_six_threads_within_a_minute(
    wire: Wire, bot_process: BotProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    ((guild_id, channel_id),) = servers(wire, 1)
    people = wire.world.add_people(PEOPLE, guild_id)
    group = Group(guild_id, channel_id, in_thread=people)
    due_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=30)
    await settle(bot_process.home, [group], due_at)
    outbox = Outbox(bot_process)
    await bot_process.up()
    assert datetime.now(UTC) < due_at, "the machine is too slow to be ready before it is due"
    before = len(wire.rest.requests)

    await wire.until(lambda: len(wire.world.ever_said()) >= 6 + PEOPLE // 50, within=150)
    await wire.until(lambda: not outbox.open(due_at + timedelta(hours=1)))

    made = wire.rest.requests[before:]
    waits = [at - due_at.timestamp() for at in wire.world.created_at]
    called = [
        int(user_id)
        for thread_id in wire.world.threads
        for message in wire.world.said(thread_id)
        for user_id in MENTION.findall(
            payloads.written(payloads.component_tree(message["components"]))
        )
    ]
    with capsys.disabled():
        sys.stdout.write(
            f"\n{PEOPLE} people, {len(wire.world.threads)} threads, {len(made)} requests, first "
            f"after {min(waits):.1f} s, last after {max(waits):.1f} s, {wire.weather.counted()}\n"
        )
    assert sorted(called) == sorted(people)
    assert len(wire.world.threads) == 6
    assert len(made) <= 200
    assert 0 <= min(waits) < 60
    assert max(waits) <= 60
    assert "429 global" not in wire.weather.counted()
