"""The demo's web page: a small server, on this machine only, that lets a visitor be anyone.

One port serves the page around the conversation and the conversation itself (simcord's Preview),
so that a forwarded port is enough to show it elsewhere. Several tabs may be different people.
"""

import asyncio
import contextlib
import logging
import secrets
import signal
import webbrowser
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
from aiohttp import web

from bot.demo import seed
from bot.demo.cast import OPENINGS, PEOPLE, SUNDAY, Person, Stage, build_stage, face
from bot.demo.home import TemporaryHome
from bot.demo.simulation import (
    ROOM_DOORS,
    ROOM_POLICY,
    STATIC,
    STATIC_FILES,
    Home,
    Place,
    Room,
    World,
)

log = logging.getLogger(__name__)

PAGE = Path(__file__).with_name("page")
PAGE_FILES = {"shell.css", "shell.js", "room.css", "room.js"}
TYPES = {".css": "text/css", ".js": "text/javascript", ".json": "application/json"}
MOST_TABS = 8
FORGOTTEN_AFTER = 120.0  # seconds without a word from a tab; background tabs poll once a minute
FURTHEST = timedelta(days=31)
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
SHELL_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
ROOM_HEADERS = HEADERS | {
    "Content-Security-Policy": ROOM_POLICY.replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Story = Callable[[World, Stage], Awaitable[None]]


@dataclass
class Tab:
    """One browser tab: who looks, at which place, and when it was last heard of."""

    room: Room
    left: Room | None  # still on screen until the new one is drawn
    person: Person
    place_id: int
    heard_at: float


class Demo:
    """The world a visitor plays in, and the page that shows it."""

    def __init__(self, home: Home, story: Story, start: datetime = SUNDAY) -> None:
        """Prepare a demo with the bot that lives in `home` and this `story` behind it."""
        self.home, self.story, self.start = home, story, start
        self.port = 0
        self.key = secrets.token_urlsafe(24)
        self.people = {person.key: person for person in PEOPLE}
        self.tabs: dict[str, Tab] = {}
        self.read: dict[tuple[str, int], int] = {}
        self.lock = asyncio.Lock()
        self.world: World
        self.stage: Stage

    # -- the world -------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Raise the world, seed it, and call everything up to now read."""
        self.world = World(self.home, self.start, self.lock)
        portrait = face("Stint", "bot", 0)
        await self.world.open("Stint", portrait)
        self.stage = build_stage(self.world)
        self.stage.faces["stint"] = portrait
        await self.world.env.settle()
        await self.story(self.world, self.stage)
        self.read = {}
        for person in PEOPLE:
            for place in self.places(person):
                self.read[person.key, place.id] = self.world.latest(place.id)

    async def end(self) -> None:
        """Take the world down."""
        self.tabs.clear()
        await self.world.close()

    def places(self, person: Person) -> list[Place]:
        """List what a person sees."""
        return self.world.places(self.stage.guild, self.stage.actors[person.key])

    def unread(self, person: Person, place: Place) -> int:
        """Count what a person has not looked at in a place."""
        actor = self.stage.actors[person.key]
        return self.world.received(actor.id, place.id, self.read.get((person.key, place.id), 0))

    async def refresh(self) -> None:
        """Show every open tab what happened, and let go of tabs that were closed."""
        now = asyncio.get_running_loop().time()
        await self.world.env.settle(idle=0.002)
        for name, tab in list(self.tabs.items()):
            if now - tab.heard_at > FORGOTTEN_AFTER or tab.room.closed:
                await self._close(name)
            else:
                tab.room.refresh()
                self.read[tab.person.key, tab.place_id] = self.world.latest(tab.place_id)
        self.world.forget_logs()

    async def _close(self, name: str) -> None:
        tab = self.tabs.pop(name)
        for room in (tab.room, tab.left):
            if room is not None:
                await self.world.leave(room)

    async def live(self) -> None:
        """Let a second pass each second, and keep every tab up to date."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.world.changed.wait(), 1.0)
                await asyncio.sleep(0.15)  # one refresh for a burst
            async with self.lock:
                try:
                    if loop.time() - last >= 1:
                        passed = timedelta(seconds=int(loop.time() - last))
                        last += passed.total_seconds()
                        await self.world.travel(self.world.now() + passed)
                    if self.world.changed.is_set():
                        self.world.changed.clear()
                        await self.refresh()
                except Exception:
                    log.exception("the demo stumbled")

    # -- what the page asks ----------------------------------------------------------------------

    async def index(self, request: web.Request) -> web.Response:
        """Serve the page around the conversation."""
        text = (PAGE / "index.html").read_text("utf-8").replace("{{KEY}}", self.key)
        policy = {"Content-Security-Policy": SHELL_POLICY, "X-Frame-Options": "DENY"}
        return web.Response(text=text, content_type="text/html", headers=HEADERS | policy)

    async def page_file(self, request: web.Request) -> web.Response:
        """Serve the page's own styles and scripts."""
        name = request.match_info["name"]
        if name not in PAGE_FILES:
            raise web.HTTPNotFound
        return _text(PAGE / name, HEADERS)

    async def portrait(self, request: web.Request) -> web.Response:
        """Serve someone's face."""
        picture = self.stage.faces.get(request.match_info["who"])
        if picture is None:
            raise web.HTTPNotFound
        return web.Response(body=picture, content_type="image/png")

    async def room_page(self, request: web.Request) -> web.Response:
        """Serve the conversation: simcord's page with the demo's touch."""
        text = (STATIC / "index.html").read_text("utf-8")
        touch = '<link rel="stylesheet" href="/demo/page/room.css">'
        script = '<script type="module" src="/demo/page/room.js"></script>'
        text = text.replace("</head>", f"{touch}</head>").replace("</body>", f"{script}</body>")
        return web.Response(text=text, content_type="text/html", headers=ROOM_HEADERS)

    async def room_file(self, request: web.Request) -> web.StreamResponse:
        """Serve simcord's scripts, styles and (for an hour without asking again) fonts."""
        path = STATIC / STATIC_FILES[request.path]
        if path.suffix == ".ttf":
            keep = ROOM_HEADERS | {"Cache-Control": "private, max-age=3600"}
            return web.Response(body=path.read_bytes(), content_type="font/ttf", headers=keep)
        return _text(path, ROOM_HEADERS)

    async def room_api(self, request: web.Request) -> web.StreamResponse:
        """Hand a conversation's request to the room whose secret it carries."""
        key = request.headers.get("X-Simcord-Capability", "")
        for tab in self.tabs.values():
            for room in (tab.room, tab.left):
                if room is not None and secrets.compare_digest(room.key, key):
                    return await room.serve(request)
        raise web.HTTPUnauthorized

    async def show_world(self, request: web.Request) -> web.Response:
        """Say what one tab should show: time, people, places and what is new in them."""
        person = self._person(request.query.get("as", ""))
        tab = self.tabs.get(request.query.get("tab", ""))
        async with self.lock:
            if tab is not None:
                tab.heard_at = asyncio.get_running_loop().time()
            now, due = self.world.now(), await self.world.ahead()
            return web.json_response(
                {
                    "now": now.timestamp(),
                    "due": due.timestamp() if due else None,
                    "server": self.stage.guild.name,
                    "place": str(tab.place_id) if tab and not tab.room.closed else None,
                    "people": [self._person_row(one) for one in PEOPLE],
                    "places": [
                        {
                            "id": str(place.id),
                            "name": place.name,
                            "kind": place.kind,
                            "topic": place.topic,
                            "unread": self.unread(person, place),
                        }
                        for place in self.places(person)
                    ],
                }
            )

    async def enter(self, request: web.Request) -> web.Response:
        """Open a place in a tab."""
        asked = await _asked(request)
        name, person = str(asked.get("tab", ""))[:64], self._person(str(asked.get("as", "")))
        async with self.lock:
            actor = self.stage.actors[person.key]
            found = self.world.find(self.stage.guild, actor, _number(asked.get("place")))
            if found is None:
                raise web.HTTPForbidden(text=f"{person.name} cannot see that place.")
            for crowded in [one for one in self.tabs if one != name][: 1 - MOST_TABS]:
                await self._close(crowded)
            before = self.tabs.pop(name, None)
            if before is not None and before.left is not None:
                await self.world.leave(before.left)
            channel, viewer = found
            room = await self.world.enter(channel, viewer, person.zone, self.port)
            heard_at = asyncio.get_running_loop().time()
            self.tabs[name] = Tab(room, before and before.room, person, channel.id, heard_at)
            self.read[person.key, channel.id] = self.world.latest(channel.id)
        return web.json_response({"room": f"/room#{room.key}"})

    async def travel(self, request: web.Request) -> web.Response:
        """Move time, stopping at everything due on the way, and say where something new came."""
        asked = await _asked(request)
        async with self.lock:
            before, start = self._tally(), self.world.now()
            idle = asked.get("to") == "next" and not await self._travel_to_news(before)
            if asked.get("to") != "next":
                seconds = min(max(_number(asked.get("seconds")), 0), FURTHEST.total_seconds())
                await self.world.travel(start + timedelta(seconds=seconds))
            news = self._news(before)
            await self.refresh()
        now = self.world.now().timestamp()
        return web.json_response({"now": now, "news": news, "idle": idle})

    async def _travel_to_news(self, before: dict[tuple[str, int], int]) -> bool:
        """Go on until someone gets something; say whether anything was due at all."""
        if await self.world.ahead() is None:
            return False
        until = self.world.now() + FURTHEST
        while await self.world.step(until):
            if self._news(before):
                break
        return True

    async def reset(self, request: web.Request) -> web.Response:
        """Begin again from the first morning."""
        async with self.lock:
            await self.end()
            await self.begin()
        return web.json_response({"now": self.world.now().timestamp()})

    def _person(self, key: str) -> Person:
        return self.people.get(key, PEOPLE[0])

    def _person_row(self, person: Person) -> dict[str, Any]:
        return {
            "key": person.key,
            "name": person.name,
            "role": person.role,
            "city": person.city,
            "zone": person.zone,
            "about": person.about,
            "unread": sum(
                self.unread(person, place)
                for place in self.places(person)
                if place.kind in ("dm", "private")
            ),
        }

    def _tally(self) -> dict[tuple[str, int], int]:
        return {
            (person.key, place.id): self.world.latest(place.id)
            for person in PEOPLE
            for place in self.places(person)
        }

    def _news(self, before: dict[tuple[str, int], int]) -> list[dict[str, Any]]:
        news: list[dict[str, Any]] = []
        shared: set[int] = set()
        for person in PEOPLE:
            actor = self.stage.actors[person.key]
            for place in self.places(person):
                count = self.world.received(
                    actor.id, place.id, before.get((person.key, place.id), 0)
                )
                if count and place.id not in shared:
                    shared.add(place.id)
                    row = {"as": person.key, "place": str(place.id), "kind": place.kind}
                    news.append(row | {"name": place.name, "count": count})
        return news

    # -- the server ------------------------------------------------------------------------------

    def app(self) -> web.Application:
        """Lay out the addresses; every one is for this machine's own browser only."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            hosts = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}
            if request.headers.get("Host") not in hosts:
                raise web.HTTPForbidden(text="This demo answers on this machine only.")
            if request.path.startswith("/demo/do/"):
                key = request.headers.get("X-Demo-Key", "")
                if not secrets.compare_digest(key, self.key):
                    raise web.HTTPForbidden(text="Please reload the page.")
            return await handler(request)

        app = web.Application(middlewares=[guard], client_max_size=1 << 16)
        app.router.add_get("/", self.index)
        app.router.add_get("/room", self.room_page)
        app.router.add_get("/demo/page/{name}", self.page_file)
        app.router.add_get("/demo/portrait/{who}", self.portrait)
        app.router.add_get("/demo/do/world", self.show_world)
        app.router.add_post("/demo/do/enter", self.enter)
        app.router.add_post("/demo/do/travel", self.travel)
        app.router.add_post("/demo/do/reset", self.reset)
        for address in STATIC_FILES:
            if address != "/":
                app.router.add_get(address, self.room_file)
        for method, address in ROOM_DOORS:
            app.router.add_route(method, address, self.room_api)
        return app


@contextlib.asynccontextmanager
async def running(
    home: Home, story: Story, port: int = 0, start: datetime = SUNDAY
) -> AsyncGenerator[Demo]:
    """Serve the demo as long as the block lasts; port 0 takes any free one."""
    demo = Demo(home, story, start)
    runner = web.AppRunner(demo.app(), access_log=None, handler_cancellation=False)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await demo.begin()
    await site.start()
    demo.port = runner.addresses[0][1]
    clock = asyncio.create_task(demo.live())
    try:
        yield demo
    finally:
        clock.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await clock
        await runner.cleanup()
        await demo.end()


async def serve(port: int, open_browser: bool, openings: Path = OPENINGS) -> None:
    """Serve the demo until someone stops it."""

    async def story(world: World, stage: Stage) -> None:
        await seed.tell(world, stage, openings)

    click.echo("Setting the scene: a moderator, two mentors, five interns, the first days …")
    async with running(TemporaryHome(), story, port) as demo:
        address = f"http://127.0.0.1:{demo.port}/"
        click.echo(f"The demo is open at {address}  (Ctrl-C ends it)")
        if open_browser:
            webbrowser.open(address)
        ended = asyncio.Event()
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        await ended.wait()


def _text(path: Path, headers: dict[str, str]) -> web.Response:
    kind = TYPES.get(path.suffix, "text/plain")
    return web.Response(text=path.read_text("utf-8"), content_type=kind, headers=headers)


async def _asked(request: web.Request) -> dict[str, Any]:
    try:
        asked: Any = await request.json()
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise web.HTTPBadRequest(text="Please reload the page.")
    return asked  # pyright: ignore[reportUnknownVariableType]


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise web.HTTPBadRequest(text="Please reload the page.") from None
