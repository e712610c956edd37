"""A round of introductions is due, the network is bad, and the process is killed all the time."""

import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tests.wire.home import Group, Outbox, acquaint, mark, servers
from tests.wire.process import BotProcess
from tests.wire.server import Wire
from tests.wire.weather import SENDING, Limit

pytestmark = pytest.mark.slow

PEOPLE = 47
"""Twenty-two pairs and a trio, and one more who has left the server without a word."""

OPENING = r"^POST /channels/\d+/threads$"
LISTING = r"^GET /guilds/\d+/threads/active$"
LETTING_IN = r"^PUT /channels/\d+/thread-members/\d+$"
REMOVING = r"^DELETE /channels/\d+$"
ALL_OF_IT = "|".join((OPENING, LISTING, LETTING_IN, REMOVING, SENDING))

AT_RANDOM = ""
KILLS = [
    *("while_deciding", "after_decide", AT_RANDOM, "after_room", "after_letting_in", AT_RANDOM),
    *("after_freeze", AT_RANDOM, "before_ack", "after_claim", "after_post", AT_RANDOM),
]


@dataclass
class Cohort:
    """Where the round happens, who is in it, and what the bot's database says of it."""

    wire: Wire
    process: BotProcess
    channel_id: int
    people: list[int]
    due_at: datetime

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.process)

    def untold(self) -> int:
        """How many letters about the round are still to be said."""
        return self.outbox.open(self.due_at + timedelta(hours=1))

    def groups(self) -> Counter[frozenset[int]]:
        """The people of each group of the round."""
        found: defaultdict[int, set[int]] = defaultdict(set)
        rows = self.outbox.ask(
            "SELECT group_id, user_id FROM introduction_group JOIN introduction_seat "
            "USING (group_id) JOIN member USING (member_id) "
            "WHERE introduction_group.state IN ('opening', 'open')"
        )
        for group_id, user_id in rows:
            found[group_id].add(user_id)
        return Counter(map(frozenset, found.values()))

    def rooms(self) -> Counter[frozenset[int]]:
        """How many threads there are for each set of people, the bot aside."""
        mine = {self.wire.world.application_id}
        return Counter(
            frozenset(inside - mine) for inside in self.wire.world.thread_members.values()
        )

    def welcomes(self) -> Counter[frozenset[int]]:
        """How often each set of people was welcomed in their thread."""
        world, numbers = self.wire.world, self._letters("introduction.welcome")
        mine = {world.application_id}
        return Counter(
            frozenset(world.thread_members[thread_id] - mine)
            for thread_id in world.threads
            for message in world.said(thread_id)
            if message["type"] == 0 and mark(message) in numbers
        )

    def _letters(self, kind: str) -> set[int]:
        return {
            row[0] for row in self.outbox.ask("SELECT letter_id FROM letter WHERE kind = ?", kind)
        }


async def cohort(wire: Wire, process: BotProcess, count: int) -> Cohort:
    """People who all take part, and whose round has just fallen due."""
    wire.weather.limits = [
        Limit(SENDING, 5, 5.0),
        Limit(OPENING, 10, 2.0),
    ]
    ((guild_id, channel_id),) = servers(wire, 1)
    people = wire.world.add_people(count, guild_id)
    due_at = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    await acquaint(process.home, Group(guild_id, channel_id, by_message=people), due_at)
    return Cohort(wire, process, channel_id, people, due_at)


async def told(played: Cohort) -> None:
    """Lets the bot say all there is to say."""
    process = played.process
    await process.up()
    await process.until(lambda: played.groups() and not played.untold())
    await process.stop()


async def test_every_group_has_one_thread_and_one_welcome_wherever_the_process_is_killed(
    wire: Wire, bot_process: BotProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(20260310)
    wire.weather.seed(20260310)
    played = await cohort(wire, bot_process, PEOPLE + 1)
    wire.world.leave(played.people.pop(), next(iter(wire.world.guilds)))
    wire.weather.trouble("after", where=OPENING, rate=0.3, times=3)
    wire.weather.trouble("cut", where=REMOVING, times=2)
    wire.weather.storm(0.02, where=ALL_OF_IT)
    died = Counter[str]()

    for failpoint in KILLS:
        if failpoint:
            often = 1 if "decid" in failpoint else 3
            await bot_process.until_killed_at(failpoint, chance.randint(1, often))
        else:
            await bot_process.start()
            enough = len(wire.rest.requests) + chance.randint(2, 20)
            await bot_process.until(lambda enough=enough: len(wire.rest.requests) >= enough)
            await bot_process.kill()
        died[failpoint or "at a random instant"] += 1
    left = played.untold()
    await told(played)

    groups, rooms, welcomes = played.groups(), played.rooms(), played.welcomes()
    with capsys.disabled():
        sys.stdout.write(
            f"\n{PEOPLE} people in {groups.total()} groups, {sum(died.values())} kills "
            f"({dict(died)}), {left} letters left for the last life; weather "
            f"{wire.weather.counted()}, {len(wire.world.ever_opened)} threads opened and "
            f"{len(wire.world.ever_opened) - rooms.total()} empty twins taken away, "
            f"{wire.world.repeats} repeats told apart by nonce: "
            f"{(groups - rooms).total()} groups without a thread, "
            f"{(rooms - groups).total()} threads too many, "
            f"{(groups - welcomes).total()} without a welcome, "
            f"{(welcomes - groups).total()} welcomes too many\n"
        )
    assert rooms == welcomes == groups
    assert sorted(each for group in groups for each in group) == sorted(played.people)
    assert groups.total() == 23
    assert left, "nothing was left to be killed for"
    assert sum(died.values()) == len(KILLS)
    assert wire.world.direct == {}, "nobody had to be told by message"
    assert wire.world.said(played.channel_id) == []
    assert len(wire.world.ever_opened) > 23, "the weather made no twin"


async def test_a_twin_that_could_not_be_taken_away_at_once_does_not_stay(
    wire: Wire, bot_process: BotProcess
) -> None:
    played = await cohort(wire, bot_process, 2)
    wire.weather.trouble("after", where=OPENING, times=1)
    wire.weather.trouble("cut", where=REMOVING, times=1)

    await told(played)

    assert len(wire.world.ever_opened) == 2
    assert played.rooms() == played.welcomes() == {frozenset(played.people): 1}


async def test_a_thread_that_took_the_servers_last_place_is_used_though_its_answer_was_lost(
    wire: Wire, bot_process: BotProcess
) -> None:
    played = await cohort(wire, bot_process, 2)
    wire.rest.thread_cap = 1
    wire.weather.trouble("after", where=OPENING, times=1)

    await told(played)

    assert played.rooms() == played.welcomes() == {frozenset(played.people): 1}
    assert wire.world.direct == {}


async def test_a_thread_is_found_again_where_the_clock_runs_ahead_of_discords(
    wire: Wire, bot_process: BotProcess
) -> None:
    wire.world.new_id.behind = 60
    played = await cohort(wire, bot_process, 2)

    await bot_process.until_killed_at("after_room")
    await told(played)

    assert len(wire.world.ever_opened) == 1
    assert played.rooms() == played.welcomes() == {frozenset(played.people): 1}
