"""A private thread is opened once, whatever Discord or the process does meanwhile."""

from types import SimpleNamespace

import discord
import pytest

from bot.delivery import letters, outbox
from bot.delivery.letters import LetterState
from bot.delivery.outbox import Place
from bot.delivery.sender import Rendered
from bot.face.look import card
from bot.people.cohorts import CohortState, require

OPEN = "/channels/*/threads"


class Rooms:
    """A feature that opens a room and says hello in it."""

    def __init__(self, world):
        self.world = world
        self.fallen = []
        self.register()

    def register(self):
        self.world.bot.delivery.renderer("test.room", self.room)
        self.world.bot.delivery.renderer("test.hello", self.hello)
        self.world.bot.delivery.on_undelivered("test.room", self.fall_back)

    async def room(self, letter):
        people = [self.world.ada.id, self.world.ben.id]
        return Rendered(thread_name="Ada, Ben", mentions=people)

    async def hello(self, letter):
        return Rendered(card("Hello", "You two"))

    async def fall_back(self, tx, letter, code, why, now):
        self.fallen.append((code, why))

    async def write(self):
        world, now = self.world, self.world.bot.clock()
        async with world.db.write() as tx:
            room = await outbox.enqueue(
                tx,
                kind="test.room",
                dedupe="room",
                place=Place.channel(world.checkins.id),
                now=now,
                action="thread",
                cohort_id=world.cohort.cohort_id,
            )
            await outbox.enqueue(
                tx,
                kind="test.hello",
                dedupe="hello",
                place=Place.thread_of(room),
                now=now,
                cohort_id=world.cohort.cohort_id,
            )

    async def send(self, **later):
        seconds = (
            later.get("seconds", 0) + 60 * later.get("minutes", 0) + 3600 * later.get("hours", 0)
        )
        await self.world.env.advance_time(seconds)
        await self.world.in_bot(self.world.bot.delivery.send_due(self.world.bot.clock()))

    async def letter(self, dedupe):
        async with self.world.db.read() as tx:
            return await letters.get(tx, (await outbox.result(tx, dedupe)).letter_id)


@pytest.fixture
def rooms(world):
    return Rooms(world)


def break_after(world, path_end, times=1):
    """Discord does what it is asked, and then the connection breaks."""
    http, request = world.bot.http, world.bot.http.request
    left = [times]

    async def asked(route, **options):
        answer = await request(route, **options)
        if route.method == "POST" and route.path.endswith(path_end) and left[0]:
            left[0] -= 1
            response = SimpleNamespace(status=502, reason="Bad gateway", headers={"Via": "x"})
            raise discord.DiscordServerError(response, "")
        return answer

    http.request = asked


async def test_a_room_opens_for_its_people_and_what_belongs_there_follows(rooms, world):
    await rooms.write()
    await rooms.send()
    (room,) = world.checkins.threads
    assert room.name.startswith("Ada, Ben · ")
    assert len(room.history()) == 1
    state = world.env.backend.get_thread(room.id)
    assert {world.ada.id, world.ben.id} <= set(state.thread_members)


async def test_a_room_opened_before_the_connection_broke_is_adopted(rooms, world):
    break_after(world, "/threads")
    await rooms.write()
    await rooms.send()
    await rooms.send(minutes=1)
    assert len(world.checkins.threads) == 1
    assert len(world.checkins.threads[0].history()) == 1


async def test_another_process_adopts_the_room_of_the_one_before(rooms, world):
    break_after(world, "/threads")
    await rooms.write()
    await rooms.send()
    await world.restart()
    rooms.register()
    await rooms.send(hours=2)
    assert len(world.checkins.threads) == 1
    assert len(world.checkins.threads[0].history()) == 1


async def test_an_empty_twin_is_taken_away(rooms, world):
    http, request = world.bot.http, world.bot.http.request

    async def twice(route, **options):
        if route.method == "POST" and route.path.endswith("/threads"):
            await request(route, **options)
        return await request(route, **options)

    http.request = twice
    await rooms.write()
    await rooms.send()
    assert len(world.checkins.threads) == 1
    assert len(world.checkins.threads[0].history()) == 1


@pytest.mark.parametrize(("status", "code"), [(400, 160006), (403, 50013), (404, 10003)])
async def test_where_no_room_can_be_opened_the_feature_falls_back_and_the_cohort_goes_on(
    rooms, world, status, code
):
    world.env.inject_error("POST", OPEN, status=status, code=code)
    await rooms.write()
    await rooms.send()
    await rooms.send(seconds=5)
    assert [each for each, _why in rooms.fallen] == [code]
    assert (await rooms.letter("hello")).state is LetterState.DEAD
    async with world.db.read() as tx:
        assert (await require(tx, world.cohort.cohort_id)).state is CohortState.LIVE


async def test_somebody_who_cannot_be_let_in_does_not_keep_the_others_out(rooms, world):
    world.env.inject_error("PUT", "/channels/*/thread-members/*", status=403, code=50001)
    await rooms.write()
    await rooms.send()
    (room,) = world.checkins.threads
    assert world.ben.id in set(world.env.backend.get_thread(room.id).thread_members)
    assert (await rooms.letter("hello")).state is LetterState.SENT
