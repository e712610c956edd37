"""The simulated Discord behind the demo: one world, one lock, and time that moves when it is told.

Everything the demo needs from inside simcord 3.2.1 that is not public stands in this module and
in `haste`, so that an upgrade has two files to check (tests/bot/demo/test_simulation.py fails
first).
"""

# pyright: reportPrivateUsage=false

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

import discord
import simcord
from aiohttp import web
from simcord.backend.access import can_access_channel
from simcord.preview import Preview
from simcord.preview._server import PreviewServer

from bot.demo import haste

Result = TypeVar("Result")
Viewer = simcord.MemberActor | simcord.UserHandle

STILL = timedelta(seconds=1)  # how far time moves when something due stays due
PATIENCE = 900  # such steps before the world says that it is stuck
A_BREATH = 0.25  # seconds the bot's work may take before its pauses pass in simulated time
EPHEMERAL = 1 << 6  # Discord's flag on a message that one person sees
LOGS = 2000  # simcord keeps every request for ever; a demo may run for days


class Home(Protocol):
    """Where the bot of a world lives: what it keeps there outlasts a restart."""

    async def move_in(self, clock: Callable[[], datetime]) -> Any:
        """Return the bot, ready to be started; its time is the world's."""
        ...

    async def move_out(self, bot: Any) -> None:
        """Stop the bot and let go of what it held."""
        ...

    def clear(self) -> None:
        """Forget everything that was kept."""
        ...


@dataclass(frozen=True)
class Place:
    """A channel, thread or direct message as one person sees it in the list on the left."""

    id: int
    name: str
    kind: str  # category, text, forum, thread, private, dm
    topic: str = ""


class Said(NamedTuple):
    """A message that stands somewhere: where, since when, and what it is made of."""

    place_id: int
    at: datetime
    text: str


class Answer(NamedTuple):
    """What Discord answers to a request that it refuses."""

    status: int
    code: int
    message: str


class Stuck(RuntimeError):
    """Something stays due although the bot was told again and again."""


ROOM_DOORS = {
    ("POST", "/api/pages"): "_pages",
    ("DELETE", "/api/pages/{context_id}"): "_delete_page",
    ("GET", "/api/state"): "_state",
    ("GET", "/api/commands"): "_commands",
    ("GET", "/api/action-result"): "_action_result",
    ("POST", "/api/action"): "_action",
    ("GET", "/api/assets/{asset_id}"): "_asset",
}


class World:
    """One simulated Discord with the bot in it; every change goes through its lock."""

    def __init__(self, home: Home, start: datetime, lock: asyncio.Lock | None = None) -> None:
        """Prepare a world that begins at `start` with the bot that lives in `home`."""
        self.lock = lock or asyncio.Lock()
        self.changed = asyncio.Event()
        self.pictures: dict[str, tuple[str, bytes]] = {}
        self._home, self._start, self._still = home, start, 0
        self._rooms = _Rooms()
        self.env: simcord.Env
        self.bot: Any

    def now(self) -> datetime:
        """Say what time it is in this world."""
        return self.env.now()

    async def open(self, name: str, picture: bytes) -> None:
        """Start the bot, named and pictured, at the beginning of this world's time."""
        haste.hurry(idle=0.002)
        self.bot = await self._home.move_in(self._clock)
        self.env = simcord.Env(self.bot, check_errors=False, settle_timeout=30.0)
        backend = self.env.backend
        _keep_private_threads_private(backend)
        backend.bot_user.name, backend.bot_user.avatar = name, "a1"
        self.picture(backend.bot_user.id, picture)
        backend.advance_clock((self._start - self.env.now()).total_seconds())
        await self.env.start()
        self._rooms.env = self.env
        backend.subscribers.append(self._on_event)

    async def close(self) -> None:
        """End this world: rooms, bot and simulation; nothing keeps running."""
        await self._rooms.close_all()
        await self._home.move_out(self.bot)
        await self.env.shutdown()
        self._home.clear()

    async def restart(self) -> None:
        """Let the bot's process end and begin again, as an upgrade would."""
        await self._home.move_out(self.bot)
        self.bot = await self._home.move_in(self._clock)
        await self.env.restart_bot(self.bot)

    def picture(self, user_id: int, png: bytes) -> None:
        """Give a person (created with avatar "a1") a face that needs no network."""
        url = f"https://cdn.simcord.invalid/avatars/{user_id}/a1.png"
        self.pictures[url] = (f"{user_id}.png", png)

    async def ahead(self) -> datetime | None:
        """Say when the next thing that people may notice is due."""
        now = self.now()
        found = [await self.bot.delivery.next_due(now)]
        found += [await promise(now) for promise in self.bot.promises]
        return min((at for at in found if at is not None), default=None)

    # -- time ------------------------------------------------------------------------------------

    async def travel(self, to: datetime) -> None:
        """Live until `to`, stopping wherever something is due."""
        while await self.step(to):
            pass

    async def step(self, to: datetime) -> bool:
        """Live until the next thing is due and done; False when that was not before `to`."""
        stop = await self.bot.next_due()
        if stop is None or stop > to:
            await self._advance(to)
            return False
        self._still = self._still + 1 if stop <= self.now() else 0
        if self._still > PATIENCE:
            raise Stuck(f"what was due at {stop.isoformat()} is still due")
        await self._advance(max(stop, self.now() + STILL) if self._still > 1 else stop)
        await self.owned(self.bot.tick_once)
        return True

    async def owned(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """Run a piece of the bot's own work, letting its pauses pass in simulated time."""
        with self.env._bot_scope():
            task = asyncio.get_running_loop().create_task(work())
        for _ in range(PATIENCE):
            await asyncio.wait([task], timeout=A_BREATH)
            await self.env.settle(idle=0.002)
            if task.done():
                return task.result()
            await self.env.advance_time(A_BREATH)
        task.cancel()
        raise Stuck("the bot's work does not come to an end")

    async def _advance(self, to: datetime) -> None:
        while (left := (to - self.now()).total_seconds()) > 0:
            await self.env.advance_time(max(left, 1e-6))  # floats may fall a microsecond short

    def _clock(self) -> datetime:
        return self.env.now()

    def _on_event(self, *_: Any) -> None:
        self.changed.set()

    def forget_logs(self) -> None:
        """Drop what simcord piles up: its record of requests."""
        backend = self.env.backend
        if len(backend.transcript) > LOGS:
            backend.transcript.clear()
            backend.http_requests.clear()

    # -- places ----------------------------------------------------------------------------------

    def places(self, guild: simcord.GuildHandle, person: simcord.MemberActor) -> list[Place]:
        """List what a person sees: channels, each followed by its threads, then the bot's words."""
        found: list[Place] = []
        for channel in self._in_order(guild):
            if self._visible(channel, person):
                found.append(self._place(channel))
                found += [self._place(one) for one in channel.threads if self._visible(one, person)]
        dm = person.user.dm_channel
        return [*found, Place(dm.id, self.env.backend.bot_user.name, "dm")]

    def find(
        self, guild: simcord.GuildHandle, person: simcord.MemberActor, place_id: int
    ) -> tuple[simcord.ChannelHandle, Viewer] | None:
        """Find a place that this person may see, and the handle that looks at it."""
        dm = person.user.dm_channel
        if dm.id == place_id:
            return dm, person.user
        channel = self.env.backend.channels.get(place_id)
        if channel is None or channel.guild_id != guild.id:
            return None
        if channel.type == discord.ChannelType.category.value:
            return None
        handle = simcord.ChannelHandle(self.env, guild, channel)
        return (handle, person) if self._visible(handle, person) else None

    def received(self, person_id: int, place_id: int, after: int = 0) -> int:
        """Count what a person got in a place after a message; their own words do not count."""
        messages = self.env.backend.messages.get(place_id, {})
        return sum(
            1
            for message_id, message in messages.items()
            if message_id > after
            and message.author_id != person_id
            and message.visible_to(person_id)
        )

    def latest(self, place_id: int) -> int:
        """Name the newest message of a place, 0 when there is none."""
        return max(self.env.backend.messages.get(place_id, {}), default=0)

    def said(self, mark: str) -> list[Said]:
        """List every message that carries this mark among its buttons, in the order of time."""
        return [
            Said(place_id, discord.utils.snowflake_time(message_id), text)
            for message_id, place_id, text in sorted(
                (message_id, place_id, str(message.components))
                for place_id, messages in self.env.backend.messages.items()
                for message_id, message in messages.items()
                if not message.flags & EPHEMERAL
            )
            if mark in text
        ]

    def inside(self, room: simcord.ChannelHandle) -> list[int]:
        """List who was let into a private thread, without the bot."""
        thread = self.env.backend.channels[room.id]
        return [one for one in thread.thread_members if one != self.env.backend.bot_user.id]

    def writers(self, place_id: int) -> list[int]:
        """List who has written in a place, without the bot."""
        messages = self.env.backend.messages.get(place_id, {}).values()
        found = dict.fromkeys(message.author_id for message in messages)
        return [one for one in found if one != self.env.backend.bot_user.id]

    def refuse_letters(self, person: simcord.MemberActor, answer: Answer) -> None:
        """Let direct messages to this person be refused from now on, as Discord would say it."""
        self.env.inject_error(
            "POST",
            f"/channels/{person.user.dm_channel.id}/messages",
            status=answer.status,
            code=answer.code,
            message=answer.message,
            times=None,
        )

    def dismiss_answers(self) -> None:
        """Clear away what was answered to one person only, as a client does when it is reloaded."""
        for messages in self.env.backend.messages.values():
            for message_id in [one for one, it in messages.items() if it.flags & EPHEMERAL]:
                del messages[message_id]

    def _visible(self, channel: simcord.ChannelHandle, person: Viewer) -> bool:
        return can_access_channel(self.env, channel.id, person, history=True)

    def _in_order(self, guild: simcord.GuildHandle) -> list[simcord.ChannelHandle]:
        """List channels as Discord does: those of no category, then each category and its own."""
        inner = [self.env.backend.channels[one] for one in guild._guild.channel_ids]
        categories = [one.id for one in inner if one.type == discord.ChannelType.category.value]
        rank = {one: number for number, one in enumerate(categories, 1)}
        inner.sort(
            key=lambda one: (
                rank.get(one.id) or rank.get(one.parent_id or 0, 0),
                one.id not in rank,
            )
        )
        return [simcord.ChannelHandle(self.env, guild, one) for one in inner]

    def _place(self, channel: simcord.ChannelHandle) -> Place:
        inner = channel._channel
        kind = {
            discord.ChannelType.forum.value: "forum",
            discord.ChannelType.category.value: "category",
            discord.ChannelType.private_thread.value: "private",
        }.get(int(inner.type), "thread" if channel.is_thread else "text")
        return Place(channel.id, channel.name or "", kind, inner.topic or "")

    # -- rooms -----------------------------------------------------------------------------------

    async def enter(
        self, channel: simcord.ChannelHandle, viewer: Viewer, zone: str, port: int
    ) -> "Room":
        """Open a place for one browser tab, seen through one person's eyes and zone."""
        room = Room(self, channel.id, viewer.id)
        preview = self.env.preview(
            channel,
            viewers=[viewer],
            layout="channel",
            timezone=zone,
            assets=self.pictures,
        )
        preview._server = _Mounted(preview, port)
        await self._rooms.open(preview)
        room.preview = preview
        room.hear()
        room.follow()
        return room

    async def leave(self, room: "Room") -> None:
        """Close a place that no tab shows any more."""
        await self._rooms.close(room.preview)


class Room:
    """One place open in one browser tab: simcord's Preview, served by the demo's own server."""

    preview: Preview

    def __init__(self, world: World, place_id: int, viewer_id: int) -> None:
        """Remember whose eyes look at which place."""
        self.world, self.place_id, self.viewer_id = world, place_id, viewer_id
        self._shown: object = None

    @property
    def key(self) -> str:
        """The secret every request of this room carries."""
        return self.preview.capability

    @property
    def closed(self) -> bool:
        """Whether this room has ended, by itself or with its world."""
        return self.preview._closed

    def hear(self) -> None:
        """Let a visitor's click wait for its turn, and never be refused for a refresh meanwhile."""
        preview: Any = self.preview
        inner = preview._action

        async def turn(context_id: str | None, body: Any) -> dict[str, Any]:
            async with self.world.lock:
                page = preview._pages.get(context_id)
                if page is not None and isinstance(body, dict) and "published_revision" in body:
                    body["published_revision"] = page.revision
                return await inner(context_id, body)

        preview._action = turn

    def follow(self) -> None:
        """Keep the newest message in sight."""
        for page in self.preview._pages.values():
            if page.layout == "channel":
                page.window_end_id = None

    def refresh(self) -> bool:
        """Publish what changed in this place; say whether anything did."""
        messages = self.world.env.backend.messages.get(self.place_id, {})
        shown = [
            (one.id, one.edited_timestamp, len(one.reactions), one.pinned, one.flags, str(one.poll))
            for one in messages.values()
        ]
        if self.closed or shown == self._shown:
            return False
        self._shown = shown
        self.follow()
        self.preview._advance_presentation_time()
        for page in tuple(self.preview._pages.values()):
            if page is not self.preview._python and page.id in self.preview._pages:
                self.preview._publish(page, reason="refresh")
        return True

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one request of this room's page."""
        route: Any = request.match_info.route
        door = ROOM_DOORS[request.method, route.resource.canonical]
        return await getattr(self.preview._server, door)(request)


class _Rooms:
    """Several previews of one simulation: simcord allows one, so this stands in its place."""

    _closed = True  # what simcord asks before it allows another

    def __init__(self) -> None:
        self.env: simcord.Env
        self._live: set[Preview] = set()

    async def open(self, preview: Preview) -> None:
        try:
            await preview.__aenter__()
        finally:
            self.env._preview = self  # pyright: ignore[reportAttributeAccessIssue]
        self._live.add(preview)

    async def close(self, preview: Preview) -> None:
        self._live.discard(preview)
        await preview.close()

    async def close_all(self) -> None:
        for preview in tuple(self._live):
            await self.close(preview)

    def _mark_action_dispatched(self) -> None:
        for preview in self._live:
            preview._mark_action_dispatched()


class _Mounted(PreviewServer):
    """A room without a port of its own: the demo's server hands it the requests it is meant for."""

    async def start(self) -> None:
        from simcord.preview import _server

        _server.web = web  # pyright: ignore[reportAttributeAccessIssue]
        self.port = self._requested_port

    async def close(self) -> None:
        self.port = None


STATIC = Path(simcord.__file__).parent / "preview" / "static"
STATIC_FILES = dict(PreviewServer._STATIC_FILES)
ROOM_POLICY = PreviewServer._SECURITY_HEADERS["Content-Security-Policy"]


def _keep_private_threads_private(backend: Any) -> None:
    """Say nothing in a channel of the private threads below it: Discord does not either."""
    say = backend.create_system_message

    def say_what_is_public(channel_id: int, kind: int, author_id: int, **about: Any) -> Any:
        thread = backend.channels.get(about.get("target_channel_id"))
        if thread is not None and thread.type == discord.ChannelType.private_thread.value:
            return None
        return say(channel_id, kind, author_id, **about)

    backend.create_system_message = say_what_is_public
