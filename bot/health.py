"""`/healthz` and `/metrics` for those who watch over many services. Off unless a port is set.

No page names a person, a server or a text; keep the port inside your own network all the same.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, ProcessCollector, generate_latest

from bot.clockwork.clock import Clock
from bot.delivery.figures import Figures, figures
from bot.errors import LOCKED, CannotStart
from bot.storage.database import Database

SILENCE: Final = timedelta(seconds=90)

Connected = Callable[[], bool]


@asynccontextmanager
async def served(
    port: int, db: Database, clock: Clock, connected: Connected
) -> AsyncGenerator[None]:
    """Answer on this port until the block ends. Raises CannotStart when it is taken."""
    app = web.Application()
    app.add_routes(Pages(db, clock, connected).routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, None, port).start()
    except OSError as error:
        await runner.cleanup()
        raise CannotStart(
            f"port {port} (STINT_HEALTH_PORT) is taken or not allowed. Choose another.", LOCKED
        ) from error
    try:
        yield
    finally:
        await runner.cleanup()


class Pages:
    """The two pages, read from the database at the moment somebody asks."""

    def __init__(self, db: Database, clock: Clock, connected: Connected) -> None:
        self._db = db
        self._clock = clock
        self._connected = connected
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._letters = self._gauge("letters", "Letters by what became of them.", "state")
        self._late = self._gauge("late_seconds", "How late the oldest open letter is.")
        self._online = self._gauge("connected", "Whether the bot is connected to Discord.")
        self._beat = self._gauge("heartbeat_age_seconds", "How long ago the bot was last alive.")

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"stint_{name}", meaning, labels, registry=self._registry)

    def routes(self) -> list[web.RouteDef]:
        """Return where the pages are."""
        return [web.get("/healthz", self.healthz), web.get("/metrics", self.metrics)]

    async def healthz(self, _request: web.Request) -> web.Response:
        """Say 200 while the bot is alive and connected, and 503 otherwise."""
        now = await self._read()
        age = self._age(now)
        alive = age is not None and age <= SILENCE.total_seconds()
        body = {"alive": alive, "connected": self._connected(), "late_for_s": round(now.late_for)}
        return web.json_response(body, status=200 if alive and self._connected() else 503)

    async def metrics(self, _request: web.Request) -> web.Response:
        """Give the figures the way Prometheus reads them."""
        now = await self._read()
        for state, number in now.letters.items():
            self._letters.labels(state).set(number)
        self._late.set(now.late_for)
        self._online.set(self._connected())
        age = self._age(now)
        self._beat.set(age if age is not None else float("inf"))
        return web.Response(body=generate_latest(self._registry), content_type="text/plain")

    async def _read(self) -> Figures:
        async with self._db.read() as tx:
            return await figures(tx, self._clock())

    def _age(self, now: Figures) -> float | None:
        return (self._clock() - now.alive_at).total_seconds() if now.alive_at else None
