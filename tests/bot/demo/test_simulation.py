"""The simulated Discord: time, places and rooms; it fails first when simcord changes inside."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import discord
import pytest

from bot.demo.cast import PEOPLE, Stage
from bot.demo.simulation import STATIC, STATIC_FILES, Stuck, World
from tests.bot.demo.belfry import MORNING, Belfry


def names(world: World, stage: Stage, who: str) -> list[str]:
    return [place.name for place in world.places(stage.guild, stage.actors[who])]


async def test_a_world_begins_at_its_own_first_moment(world: World):
    assert world.now() == MORNING


async def test_travelling_stops_at_every_due_moment_on_the_way(world: World, stage: Stage):
    await world.travel(MORNING + timedelta(days=1))

    assert world.bot.rung == [MORNING + timedelta(hours=1), MORNING + timedelta(hours=20)]
    assert world.now() == MORNING + timedelta(days=1)


async def test_messages_carry_the_moment_of_the_world(world: World, stage: Stage):
    await world.travel(MORNING + timedelta(hours=2))

    message = stage.channels["announcements"].history()[-1]

    assert message.created_at.astimezone(UTC) == MORNING + timedelta(hours=1)


async def test_a_bot_that_never_gets_done_is_reported(world: World, belfry: Belfry):
    async def nothing():
        pass

    world.bot.tick_once = nothing

    with pytest.raises(Stuck, match="still due"):
        await world.travel(MORNING + timedelta(hours=2))


async def test_what_the_bot_kept_outlasts_a_restart(world: World, stage: Stage, belfry: Belfry):
    await world.travel(MORNING + timedelta(hours=2))
    await world.restart()
    await world.travel(MORNING + timedelta(hours=30))

    assert belfry.left == 1
    assert world.bot.rung == [MORNING + timedelta(hours=20)]


async def test_everyone_sees_their_own_places(world: World, stage: Stage):
    assert "staff" in names(world, stage, "mia")
    assert "mentor-questions" in names(world, stage, "daniel")
    assert not {"staff", "mentor-questions"} & set(names(world, stage, "amara"))
    assert names(world, stage, "amara")[-1] == "Bell"


async def test_channels_of_one_name_stay_apart_each_below_its_category(world: World, stage: Stage):
    summer = stage.guild.create_category("Summer")
    stage.guild.create_text_channel("introductions", category=summer)

    seen = [(place.kind, place.name) for place in world.places(stage.guild, stage.actors["amara"])]

    assert seen[-3:] == [("category", "Summer"), ("text", "introductions"), ("dm", "Bell")]
    assert ("text", "introductions") in seen[:-3]
    assert world.find(stage.guild, stage.actors["amara"], summer.id) is None


async def test_a_channel_does_not_tell_of_the_private_threads_below_it(world: World, stage: Stage):
    room, mia = stage.channels["introductions"], stage.actors["mia"].id
    backend = world.env.backend
    backend.create_thread(
        room.id, "Jonas, Tilly", mia, type=discord.ChannelType.private_thread.value
    )
    assert room.history() == []

    backend.create_thread(room.id, "For all", mia)
    assert [message.content for message in room.history()] == ["For all"]


async def test_nobody_finds_a_place_they_may_not_see(world: World, stage: Stage):
    staff = stage.channels["staff"].id
    theirs = stage.actors["jonas"].user.dm_channel.id

    assert world.find(stage.guild, stage.actors["amara"], staff) is None
    assert world.find(stage.guild, stage.actors["amara"], theirs) is None
    assert world.find(stage.guild, stage.actors["mia"], staff) is not None


async def test_own_words_and_words_for_someone_else_are_not_received(world: World, stage: Stage):
    amara, jonas, room = stage.actors["amara"], stage.actors["jonas"], stage.channels["check-ins"]
    await amara.send(room, "Hello")
    await jonas.slash(room, "ring")
    await jonas.click(room.history()[-1], label="Ring")  # answered for Jonas alone

    assert world.received(amara.id, room.id) == 1
    assert world.received(jonas.id, room.id) == 3


async def test_a_room_shows_what_came_after_it_was_opened(world: World, stage: Stage):
    news = stage.channels["announcements"]
    room = await world.enter(news, stage.actors["amara"], "Asia/Kolkata", 1)
    page = room.preview._open_page()

    assert room.refresh() is True
    assert room.refresh() is False
    await world.travel(MORNING + timedelta(hours=2))
    assert room.refresh() is True
    assert "Ring at" in str(page.snapshot)


async def test_several_rooms_stay_open_together_until_they_are_left(world: World, stage: Stage):
    one = await world.enter(stage.channels["staff"], stage.actors["mia"], "UTC", 1)
    other = await world.enter(stage.channels["check-ins"], stage.actors["amara"], "UTC", 1)

    assert one.key != other.key
    await world.leave(one)
    assert one.closed
    assert not other.closed


def test_everyone_lives_in_a_zone_and_the_page_of_a_room_exists():
    assert len({ZoneInfo(person.zone) for person in PEOPLE}) == 8
    assert {"/", "/app.js", "/preview.css"} <= set(STATIC_FILES)
    assert all((STATIC / name).is_file() for name in STATIC_FILES.values() if "schema" not in name)
    index = (STATIC / "index.html").read_text("utf-8")
    assert 'id="channel-message-list"' in index
    assert 'class="composer-row"' in index
