"""The wire server is Discord enough: a plain discord.py client lives on it and meets its moods."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from tests.wire.process import ROOT, BotProcess
from tests.wire.remote import Remote
from tests.wire.server import Wire


class Plain(discord.Client):
    """A client with a few commands, to stand in for any bot."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, dm_messages=True)
        super().__init__(intents=intents, guild_ready_timeout=0.05)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[str] = []

    async def setup_hook(self) -> None:
        goal = app_commands.Group(name="goal", description="Goals")

        @goal.command(description="List them")
        async def list(interaction: discord.Interaction, by: discord.Member) -> None:
            await interaction.response.defer(ephemeral=True)
            await interaction.followup.send(f"Goals of {by.display_name}", view=Again())

        @goal.command(description="Add one")
        async def add(interaction: discord.Interaction) -> None:
            await interaction.response.send_modal(NewGoal())

        self.tree.add_command(goal)
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message.content)


class Again(discord.ui.View):
    @discord.ui.button(label="Again", custom_id="again")
    async def again(self, interaction: discord.Interaction, _: discord.ui.Button["Again"]) -> None:
        await interaction.response.edit_message(content="Once more", view=None)


class NewGoal(discord.ui.Modal, title="New goal"):
    name = discord.ui.Label(text="Title", component=discord.ui.TextInput())
    area = discord.ui.Label(
        text="Area",
        component=discord.ui.Select(options=[discord.SelectOption(label="Craft", value="craft")]),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.name.component, discord.ui.TextInput)
        assert isinstance(self.area.component, discord.ui.Select)
        kept = f"{self.name.component.value} ({self.area.component.values[0]})"
        await interaction.response.send_message(kept)


@pytest.fixture
async def guild_id(wire: Wire) -> int:
    return wire.world.add_guild()


@pytest.fixture
async def client(
    wire: Wire, guild_id: int, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Plain]:
    monkeypatch.setattr(discord.http.Route, "BASE", wire.api)
    address = yarl.URL(wire.gateway.url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", address)
    # What answers interactions hangs on the context; a simulated Discord may have left its own.
    async_context.set(AsyncWebhookAdapter())
    async with Plain() as plain:
        running = asyncio.create_task(plain.start(wire.world.token))
        await wire.until(lambda: plain.user and plain.is_ready())
        yield plain
        await plain.close()
        await running


async def test_a_client_finds_its_server_channels_and_roles(
    client: Plain, wire: Wire, guild_id: int
) -> None:
    role_id = wire.world.add_role(guild_id, "Mentor")
    channel_id = wire.world.add_channel(guild_id, "check-ins")

    await wire.until(lambda: client.get_channel(channel_id))

    guild = client.get_guild(guild_id)
    assert guild and guild.get_role(role_id)
    assert [each.name for each in guild.text_channels] == ["general", "check-ins"]


async def test_a_command_is_deferred_answered_and_its_button_pressed(
    client: Plain, wire: Wire, guild_id: int
) -> None:
    ada = wire.world.add_person("Ada", guild_id)

    token = wire.desk.slash(ada, "goal list", {"by": ada}, guild_id)
    shown = await wire.desk.answered(token, settled=True)
    token = wire.desk.press(ada, int(shown["message"]["id"]), "Again")
    pressed = await wire.desk.answered(token)

    assert shown["callback"]["type"] == 5
    assert pressed["message"]["content"] == "Once more"
    assert pressed["message"]["components"] == []


async def test_a_form_is_opened_filled_and_answered(
    client: Plain, wire: Wire, guild_id: int
) -> None:
    ada = wire.world.add_person("Ada", guild_id)

    form = wire.desk.slash(ada, "goal add", None, guild_id)
    await wire.desk.answered(form)
    sent = wire.desk.submit(form, {"Title": "Ship it", "Area": "craft"})
    told = await wire.desk.answered(sent)

    assert told["message"]["content"] == "Ship it (craft)"


async def test_a_direct_message_reaches_the_person_and_the_answer_the_bot(
    client: Plain, wire: Wire
) -> None:
    ada = wire.world.add_person("Ada")

    person = await client.fetch_user(ada)
    message = await person.send("How was your week?")
    wire.world.say(ada, message.channel.id, "Good!")
    await wire.until(lambda: "Good!" in client.heard)

    said = wire.world.said(message.channel.id)
    assert [each["content"] for each in said] == ["How was your week?", "Good!"]


async def test_somebody_with_closed_messages_is_refused(client: Plain, wire: Wire) -> None:
    ada = wire.world.add_person("Ada")
    wire.world.close_messages(ada)

    with pytest.raises(discord.Forbidden) as refused:
        await (await client.fetch_user(ada)).send("Hello")

    assert refused.value.code == 50007


async def test_files_and_cards_arrive_with_their_picture_linked(
    client: Plain, wire: Wire, guild_id: int, tmp_path: Path
) -> None:
    channel = _general(client, guild_id)
    picture = tmp_path / "chart.png"
    picture.write_bytes(b"not really a picture")
    card = discord.ui.LayoutView()
    gallery = discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://chart.png"))
    card.add_item(discord.ui.Container(discord.ui.TextDisplay("Your weeks"), gallery))

    message = await channel.send(view=card, file=discord.File(picture))

    assert await message.attachments[0].read() == b"not really a picture"
    shown = wire.world.said(channel.id)[0]["components"][0]["components"][1]
    assert shown["items"][0]["media"]["url"] == message.attachments[0].url


async def test_a_nonce_is_honoured_until_it_is_forgotten(
    client: Plain, wire: Wire, guild_id: int
) -> None:
    channel = _general(client, guild_id)

    first = await channel.send("Once", nonce="letter-1")
    again = await channel.send("Once", nonce="letter-1")
    wire.world.nonce_window = 0
    later = await channel.send("Once", nonce="letter-1")

    assert first.id == again.id != later.id
    assert len(wire.world.said(channel.id)) == 2


async def test_a_deleted_message_is_not_created_again_by_its_nonce(
    client: Plain, wire: Wire, guild_id: int
) -> None:
    channel = _general(client, guild_id)
    first = await channel.send("Once", nonce="letter-1")
    await first.delete()

    with pytest.raises(discord.NotFound) as refused:
        await channel.send("Once", nonce="letter-1")

    assert refused.value.code == 10008


async def test_history_is_paged_from_a_moment_on(client: Plain, wire: Wire, guild_id: int) -> None:
    wire.weather.calm()
    channel = _general(client, guild_id)
    sent = [await channel.send(f"{number}") for number in range(5)]

    found = [message.content async for message in channel.history(after=sent[1])]
    newest = [message.content async for message in channel.history(limit=2)]

    assert found == ["2", "3", "4"]
    assert newest == ["4", "3"]


async def test_threads_start_from_messages_once_and_are_listed(
    client: Plain, wire: Wire, guild_id: int
) -> None:
    channel = _general(client, guild_id)
    message = await channel.send("Week 3")
    thread = await message.create_thread(name="Week 3")
    private = await channel.create_thread(name="1:1", type=discord.ChannelType.private_thread)
    await private.add_user(discord.Object(wire.world.add_person("Ada", guild_id)))

    with pytest.raises(discord.HTTPException) as refused:
        await message.create_thread(name="Week 3")
    guild = client.get_guild(guild_id)
    assert guild
    active = await guild.active_threads()

    assert thread.id == message.id
    assert refused.value.code == 160004
    assert {each.name for each in active} == {"Week 3", "1:1"}
    assert len(await private.fetch_members()) == 2


async def test_people_are_looked_up_in_hundreds(client: Plain, wire: Wire, guild_id: int) -> None:
    people = wire.world.add_people(100, guild_id)
    wire.world.leave(people[0], guild_id)
    guild = client.get_guild(guild_id)
    assert guild

    found = await guild.query_members(user_ids=people)

    assert {member.id for member in found} == set(people[1:])
    assert [len(each["user_ids"]) for each in wire.gateway.member_requests] == [100]


async def test_more_than_a_hundred_at_once_are_not_looked_up(
    client: Plain, wire: Wire, guild_id: int
) -> None:
    people = wire.world.add_people(101, guild_id)

    await client.ws.request_chunks(guild_id, user_ids=people, limit=0, nonce="too-many")

    await wire.until(lambda: wire.gateway.resumes == 1)


async def test_a_private_room_is_opened_filled_and_taken_away(
    client: Plain, wire: Wire, guild_id: int
) -> None:
    channel = _general(client, guild_id)
    kind = discord.ChannelType.private_thread
    room = await channel.create_thread(name="Ada and Ben", type=kind, invitable=False)
    ada, away = wire.world.add_person("Ada", guild_id), wire.world.add_person("Ben")

    for _time in range(2):
        await room.add_user(discord.Object(ada))
    with pytest.raises(discord.NotFound) as stranger:
        await room.add_user(discord.Object(away))
    inside = {each.id for each in await room.fetch_members()}
    said = [message.type async for message in room.history()]
    (open_now,) = await room.guild.active_threads()
    await room.delete()

    assert inside == {ada, wire.world.application_id}
    assert stranger.value.code == 10007
    assert said == [discord.MessageType.recipient_add]
    assert (open_now.invitable, open_now.message_count) == (False, 1)
    assert await room.guild.active_threads() == []
    assert wire.world.ever_opened == [room.id]


async def test_a_send_that_failed_before_it_happened_is_tried_again(
    client: Plain, wire: Wire, guild_id: int
) -> None:
    wire.weather.trouble("before", times=1)

    await _general(client, guild_id).send("At the second try")

    assert wire.world.repeats == 0
    assert len(wire.world.ever_said()) == 1


async def test_a_fault_afterwards_and_a_limit_leave_one_message(
    client: Plain, wire: Wire, guild_id: int
) -> None:
    wire.weather.trouble("after", times=1)
    wire.weather.trouble("limited", times=1, retry_after=0.01)

    await _general(client, guild_id).send("Through all of it", nonce="letter-1")

    assert wire.weather.counted() == {"after": 1, "limited": 1}
    assert wire.world.repeats == 1
    assert len(wire.world.ever_said()) == 1


async def test_a_connection_dropped_after_the_fact_keeps_the_message(
    client: Plain, wire: Wire, guild_id: int
) -> None:
    wire.weather.trouble("drop", times=1)

    with pytest.raises(aiohttp.ClientError):
        await _general(client, guild_id).send("Said", nonce="letter-1")

    assert len(wire.world.ever_said()) == 1


async def test_requests_beyond_a_bucket_wait_for_it(
    client: Plain, wire: Wire, guild_id: int
) -> None:
    wire.weather.limits[0].seconds = 0.3
    channel = _general(client, guild_id)

    began = asyncio.get_running_loop().time()
    for number in range(6):
        await channel.send(str(number))

    assert asyncio.get_running_loop().time() - began >= 0.29
    assert wire.weather.counted() == {}


async def test_the_bot_as_a_whole_is_limited_to_fifty_requests_a_second(
    client: Plain, wire: Wire, guild_id: int
) -> None:
    channels = [wire.world.add_channel(guild_id, f"room-{number}") for number in range(60)]

    sends = [client.get_partial_messageable(each).send("Hello") for each in channels]
    await asyncio.gather(*sends)

    assert wire.weather.counted()["429 global"] > 0
    assert len(wire.world.ever_said()) == 60


async def test_a_hung_request_can_be_given_up(client: Plain, wire: Wire, guild_id: int) -> None:
    wire.weather.trouble("hang", times=1)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await _general(client, guild_id).send("Hello")

    assert wire.world.ever_said() == []


async def test_a_broken_connection_is_resumed_and_nothing_missed(
    client: Plain, wire: Wire, guild_id: int
) -> None:
    await wire.gateway.drop()
    missed = wire.world.add_channel(guild_id, "made meanwhile")

    await wire.until(lambda: wire.gateway.resumes == 1)
    await wire.until(lambda: client.get_channel(missed))

    assert len(wire.gateway.identifies) == 1


@pytest.mark.slow
async def test_an_invalid_session_is_identified_anew(client: Plain, wire: Wire) -> None:
    wire.gateway.invalidate()

    await wire.until(lambda: len(wire.gateway.identifies) == 2, within=15)


async def test_a_wrong_token_is_refused_at_once(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord.http.Route, "BASE", wire.api)

    async with Plain() as plain:
        with pytest.raises(discord.LoginFailure):
            await plain.login("somebody-else's")


async def test_a_bare_bot_lives_and_dies_as_its_own_process(
    wire: Wire, guild_id: int, bot_process: BotProcess
) -> None:
    bot_process.command = [sys.executable, str(ROOT / "benchmarks" / "bare_bot.py")]
    ada = wire.world.add_person("Ada", guild_id)

    await bot_process.up(BARE_GATEWAY=wire.gateway.url)
    await bot_process.kill()
    await bot_process.up(BARE_GATEWAY=wire.gateway.url)
    told = await wire.desk.volley("help", [ada], guild_id, 20)

    assert len(told["waits"]) == 20
    assert bot_process.memory() > 10
    assert len(wire.gateway.identifies) == 2


def test_the_server_runs_as_its_own_process_and_is_steered_from_outside() -> None:
    with Remote() as remote:
        guild_id = remote("world.add_guild", name="Interns")
        people = remote("world.add_people", count=3, guild_id=guild_id)

        with pytest.raises(RuntimeError, match="Unknown Member"):
            remote("world.member", guild_id=guild_id, user_id=1)

        assert len(people) == 3
        assert remote("gateway.counts")["connected"] == 0


def _general(client: Plain, guild_id: int) -> discord.TextChannel:
    guild = client.get_guild(guild_id)
    assert guild
    return guild.text_channels[0]
