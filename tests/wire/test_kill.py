"""Five hundred letters are due, the network is bad, and the process is killed again and again."""

import random
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tests.wire import payloads
from tests.wire.home import Group, Outbox, mark, servers, settle
from tests.wire.process import BotProcess
from tests.wire.server import Wire

pytestmark = pytest.mark.slow

COHORTS = 10
BY_MESSAGE = 38
IN_THREAD = 500
LETTERS = COHORTS * (BY_MESSAGE + 1 + 1 + IN_THREAD // 50)
"""What is due: a question to each inbox, a card, a thread, and a call for each fifty people."""

KILLS_AT_RANDOM = 14
FAILPOINTS = ("after_claim", "after_post", "before_ack")
MENTION = re.compile(r"<@(\d+)>")


@dataclass
class Scene:
    """The cohorts and their people, and the moment at which all of them are asked."""

    groups: list[Group]
    due_at: datetime

    @property
    def today(self) -> datetime:
        """Late enough for all that is due now, and before the reminders of the days to come."""
        return self.due_at + timedelta(hours=1)


async def scene(wire: Wire, process: BotProcess) -> Scene:
    """Ten cohorts in ten servers; each pair of them shares the people who chose messages."""
    due_at = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    groups: list[Group] = []
    for number, (guild_id, channel_id) in enumerate(servers(wire, COHORTS)):
        if number % 2 == 0:
            friends = wire.world.add_people(BY_MESSAGE, guild_id)
        inboxes = {each: int(wire.world.direct_with(each)["id"]) for each in friends[5:]}
        crowd = wire.world.add_people(IN_THREAD, guild_id)
        groups.append(Group(guild_id, channel_id, friends, crowd, inboxes=inboxes))
    await settle(process.home, groups, due_at)
    return Scene(groups, due_at)


async def test_five_hundred_letters_survive_twenty_kills_in_bad_weather(
    wire: Wire, bot_process: BotProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(20260309)
    wire.weather.seed(20260309)
    wire.weather.storm(0.02)
    played = await scene(wire, bot_process)
    outbox = Outbox(bot_process)
    died = Counter[str]()

    for turn in range(KILLS_AT_RANDOM):
        await bot_process.start()
        enough = len(wire.rest.sent("POST")) + chance.randint(1, 40)
        if turn % 7 == 6:  # while it is still starting
            enough = 0
        await bot_process.until(lambda enough=enough: len(wire.rest.sent("POST")) >= enough)
        await bot_process.kill()
        died["at a random instant"] += 1
    for turn in range(9):
        failpoint = FAILPOINTS[turn % 3]
        times = 1 + turn // 3 if failpoint == "after_claim" else chance.randint(1, 25)
        await bot_process.until_killed_at(failpoint, times)
        died[failpoint] += 1
    left = outbox.open(played.today)
    await bot_process.up()
    await bot_process.until(lambda: not outbox.open(played.today), within=120)
    await bot_process.stop()

    letters = outbox.letters(played.today)
    told = Counter(mark(message) for message in wire.world.ever_said())
    lost = [row for row in letters if row[2] != "sent"]
    silent = [row for row in letters if row[1] != "checkin.thread" and not told[row[0]]]
    doubled = {number: times for number, times in told.items() if times > 1}
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(letters)} letters due, {sum(died.values())} kills ({dict(died)}), "
            f"{left} left for the last life; weather {wire.weather.counted()}, "
            f"{wire.world.repeats} repeats told apart by nonce: "
            f"{len(lost) + len(silent)} lost, {len(doubled)} duplicated, "
            f"{len(out_of_order(wire))} out of order\n"
        )
    assert len(letters) == LETTERS
    assert (lost, silent, doubled, out_of_order(wire)) == ([], [], {}, [])
    assert sum(died.values()) >= 20
    everyone_was_reached_once(wire, played)


def out_of_order(wire: Wire) -> list[int]:
    """The channels in which a later letter stands before an earlier one."""
    said: defaultdict[int, list[int]] = defaultdict(list)
    for message in wire.world.ever_said():
        said[int(message["channel_id"])].append(mark(message))
    return [channel_id for channel_id, marks in said.items() if marks != sorted(marks)]


def everyone_was_reached_once(wire: Wire, played: Scene) -> None:
    """Each inbox has its question, each thread its people, each channel one card and one thread."""
    assert len(wire.world.threads) == COHORTS
    mentioned: defaultdict[int, list[int]] = defaultdict(list)
    for thread_id, thread in wire.world.threads.items():
        for message in wire.world.said(thread_id):
            found = MENTION.findall(
                payloads.written(payloads.component_tree(message["components"]))
            )
            mentioned[int(thread["parent_id"])] += map(int, found)
    for group in played.groups:
        assert len(wire.world.said(group.channel_id)) == 1
        assert sorted(mentioned[group.channel_id]) == sorted(group.in_thread)
        for each in group.by_message:
            assert len(wire.world.said(int(wire.world.direct_with(each)["id"]))) == 2


async def test_what_may_have_been_said_is_looked_for_once_its_nonce_is_forgotten(
    wire: Wire, bot_process: BotProcess
) -> None:
    ((guild_id, channel_id),) = servers(wire, 1)
    people = wire.world.add_people(20, guild_id)
    due_at = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    await settle(bot_process.home, [Group(guild_id, channel_id, by_message=people)], due_at)
    outbox = Outbox(bot_process)

    for turn in range(3):
        await bot_process.until_killed_at("after_post", 5 + turn)
        wire.world.nonce_window = 0
        outbox.change("UPDATE letter SET first_attempt_at = first_attempt_at - 200")
    await bot_process.up()
    await bot_process.until(lambda: not outbox.open(due_at + timedelta(hours=1)))

    told = Counter(mark(message) for message in wire.world.ever_said())
    assert len(told) == 21
    assert set(told.values()) == {1}
    assert [each for each in wire.rest.sent("GET") if each.path.endswith("/messages")]
