"""The real bot as its own process: how it starts, goes on, stops, and says why it cannot."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from tests.wire import contract
from tests.wire.home import Group, servers, settle
from tests.wire.process import BotProcess
from tests.wire.server import Wire

pytestmark = pytest.mark.slow

GOAL = "What do you want to reach?"


def just_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=5)


def one_line(process: BotProcess) -> str:
    """What an operator reads: exactly one line, no traceback, no token."""
    told = [line for line in process.log.splitlines() if line.startswith("Stint cannot go on.")]
    assert len(told) == 1, process.log
    assert "Traceback" not in process.log
    assert process.wire.world.token not in process.log
    return told[0]


async def test_it_registers_its_commands_and_answers_a_command_and_a_form(
    wire: Wire, bot_process: BotProcess
) -> None:
    guild_id = wire.world.add_guild()
    ada = wire.world.add_person("Ada", guild_id)

    await bot_process.up()
    help_asked = wire.desk.slash(ada, "help", None, guild_id)
    form_asked = wire.desk.slash(ada, "goal add", None, guild_id)
    helped = await wire.desk.answered(help_asked, settled=True)
    form = await wire.desk.answered(form_asked)

    assert wire.rest.registrations() == 1
    registered = wire.world.commands[None]
    assert {"help", "goal", "checkin", "cohort"} <= {each["name"] for each in registered}
    assert all(contract.characters(each) <= contract.MOST_CHARACTERS for each in registered)
    assert "/goal add" in str(helped["message"]["components"])
    assert form["callback"]["data"]["components"][0]["label"] == GOAL


async def test_a_restart_goes_on_with_an_open_form_and_an_old_button(
    wire: Wire, bot_process: BotProcess
) -> None:
    ((guild_id, channel_id),) = servers(wire, 1)
    ada = wire.world.add_person("Ada", guild_id)
    await settle(bot_process.home, [Group(guild_id, channel_id, on_card=[ada])], just_now())
    await bot_process.up()
    form = wire.desk.slash(ada, "goal add", None, guild_id)
    await wire.desk.answered(form)

    await bot_process.kill()
    await bot_process.up()
    made = await wire.desk.answered(wire.desk.submit(form, {GOAL: "Ship it"}), settled=True)
    stopped = await bot_process.stop()
    await bot_process.up()
    listed = wire.desk.slash(ada, "goal list", None, guild_id)
    goals = await wire.desk.answered(listed, settled=True)

    assert stopped == 0
    assert "Ship it" in str(made["message"]["components"])
    assert "Ship it" in str(goals["message"]["components"])


async def test_a_broken_gateway_is_resumed_while_sending_goes_on(
    wire: Wire, bot_process: BotProcess
) -> None:
    ((guild_id, channel_id),) = servers(wire, 1)
    people = wire.world.add_people(40, guild_id)
    group = Group(guild_id, channel_id, by_message=people)
    await settle(bot_process.home, [group], just_now())

    await bot_process.up()
    await wire.until(lambda: len(wire.world.ever_said()) > 3)
    await wire.gateway.drop()
    await wire.until(lambda: len(wire.world.ever_said()) == 41, within=30)
    await wire.until(lambda: wire.gateway.resumes == 1)
    token = wire.desk.slash(people[0], "help", None, guild_id)
    await wire.desk.answered(token)

    assert len(wire.gateway.identifies) == 1


async def test_a_wrong_token_ends_it_with_one_line(wire: Wire, bot_process: BotProcess) -> None:
    await bot_process.start(STINT_TOKEN="somebody-elses-token")

    assert await bot_process.exited() == 78
    assert "does not accept the token" in one_line(bot_process)
    assert bot_process.log.splitlines()[-1] == one_line(bot_process)
    assert "somebody-elses-token" not in bot_process.log


async def test_a_gateway_that_is_not_told_ends_it_for_now_with_one_line(
    wire: Wire, bot_process: BotProcess
) -> None:
    wire.weather.trouble("refuse", where=r"^GET /gateway/bot$", status=503, code=0)

    await bot_process.start()

    assert await bot_process.exited() == 75
    assert "cannot be reached" in one_line(bot_process)


async def test_a_start_that_discord_slows_down_ends_for_now_with_one_line(
    wire: Wire, bot_process: BotProcess
) -> None:
    wire.weather.trouble("limited", where=r"^PUT /applications/\d+/commands$", retry_after=1800)

    await bot_process.start()

    assert await bot_process.exited() == 75
    assert "wait 1800 seconds" in one_line(bot_process)


async def test_a_token_taken_away_while_it_runs_ends_it_too(
    wire: Wire, bot_process: BotProcess
) -> None:
    ((guild_id, channel_id),) = servers(wire, 1)
    people = wire.world.add_people(30, guild_id)
    group = Group(guild_id, channel_id, by_message=people)
    wire.weather.trouble("refuse", status=401, code=0)
    await settle(bot_process.home, [group], just_now())

    await bot_process.start()

    assert await bot_process.exited() == 78
    assert "token" in one_line(bot_process)


async def test_a_missing_intent_ends_it_with_one_line(wire: Wire, bot_process: BotProcess) -> None:
    wire.gateway.refuse(4014)

    await bot_process.start(STINT_MEMBERS_INTENT="true")

    assert await bot_process.exited() == 78
    assert "STINT_MEMBERS_INTENT" in one_line(bot_process)


async def test_nobody_listening_at_the_address_is_told_as_something_for_later(
    wire: Wire, bot_process: BotProcess
) -> None:
    await bot_process.start(STINT_DISCORD_API_BASE="http://127.0.0.1:9/api/v10")

    assert await bot_process.exited() == 75
    assert "127.0.0.1:9" in one_line(bot_process)


async def test_a_second_process_on_the_same_database_steps_back(
    wire: Wire, bot_process: BotProcess
) -> None:
    await bot_process.up()
    second = BotProcess(wire, bot_process.home)

    await second.start()

    assert await second.exited() == 75
    assert "Another Stint" in one_line(second)
    assert bot_process.alive
    assert len(wire.gateway.identifies) == 1


async def test_it_stops_cleanly_when_told_to(wire: Wire, bot_process: BotProcess) -> None:
    ((guild_id, channel_id),) = servers(wire, 1)
    people = wire.world.add_people(60, guild_id)
    group = Group(guild_id, channel_id, by_message=people)
    await settle(bot_process.home, [group], just_now())
    await bot_process.up()
    await wire.until(lambda: len(wire.world.ever_said()) > 5)

    assert await bot_process.stop() == 0

    assert "Traceback" not in bot_process.log
    assert bot_process.log.splitlines()[-1].endswith("stopped")
    with closing(sqlite3.connect(bot_process.database)) as database:
        states = database.execute("SELECT DISTINCT state FROM letter").fetchall()
        sent = database.execute("SELECT count(*) FROM letter WHERE state = 'sent'").fetchone()
    assert ("sending",) not in states
    assert sent[0] == len(wire.world.ever_said()) + len(wire.world.threads)


async def test_the_address_is_honoured_for_rest_and_gateway_with_shards_too(
    wire: Wire, bot_process: BotProcess
) -> None:
    guild_id = wire.world.add_guild()
    ada = wire.world.add_person("Ada", guild_id)

    await bot_process.up(STINT_SHARD_COUNT="2", STINT_SHARD_IDS="0,1")
    await wire.until(lambda: len(wire.gateway.identifies) == 2, within=15)
    told = await wire.desk.answered(wire.desk.slash(ada, "help", None, guild_id))

    assert [each["shard"] for each in wire.gateway.identifies] == [[0, 2], [1, 2]]
    assert told["callback"]["type"] == 4
