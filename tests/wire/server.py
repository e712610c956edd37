"""A small Discord on this machine, so that tests can run the real bot as its own process.

It speaks REST and gateway well enough for discord.py: sessions that resume, rate limits, nonce
memory, threads, members in chunks, forms. `Wire` is all of it; its rooms are

* `world`: servers, people, channels, messages, in the order they came about;
* `desk`: people who run commands, press and fill forms, and the bot's answers to them;
* `gateway`: the bot's connections, which a test may drop, refuse or leave unanswered;
* `weather`: rate limits and faults, by chance or by name;
* `rest`: every request the bot made, with its body.

In a test it runs in the test's own event loop (fixture `wire`) and so survives the bot being
killed. Measurements run it as its own process: `python -m tests.wire.server --port 8765`, steered
by `POST /_control/<room>.<verb>` with the arguments as JSON (see `tests/wire/remote.py`).
"""

import argparse
import asyncio
import inspect
import json
import sys
from typing import Any

from aiohttp import web

from tests.wire import contract
from tests.wire.desk import Desk
from tests.wire.gateway import Gateway
from tests.wire.rest import API, Rest
from tests.wire.weather import Weather
from tests.wire.world import World

ROOMS = ("world", "desk", "gateway", "weather", "rest")


class Wire:
    """The whole little Discord: start it, point a bot at `api`, look at what it did."""

    def __init__(self, token: str = "wire-token") -> None:
        self.world = World(token)
        self.gateway = Gateway(self.world)
        self.desk = Desk(self.world)
        self.weather = Weather()
        self.rest = Rest(self.world, self.gateway, self.desk, self.weather)
        self._runner: web.AppRunner | None = None

    @property
    def api(self) -> str:
        """What a bot takes for Discord's REST address."""
        return self.world.base + API

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.add_routes([web.get("/gateway", self.gateway.handle)])
        app.add_routes([web.post("/_control/{room}.{verb}", self._control)])
        app.add_routes(self.rest.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.world.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self.gateway.drop(1001)
        if self._runner:
            await self._runner.cleanup()

    async def until(self, hope: Any, within: float = 10.0) -> None:
        """Waits until the hope is true; it is looked at again whenever something happened."""
        await self.world.bell.until(hope, within)

    def misfits(self) -> list[str]:
        """Which recorded requests do not fit Discord's own description of its API, and why."""
        return contract.misfits(self.rest.requests)

    async def _control(self, request: web.Request) -> web.Response:
        room, verb = request.match_info["room"], request.match_info["verb"]
        if room not in ROOMS or verb.startswith("_"):
            return web.json_response({"error": "no such room"}, status=404)
        try:
            done = getattr(getattr(self, room), verb)(**await request.json())
            told = await done if inspect.isawaitable(done) else done
        except Exception as error:
            return web.json_response({"error": repr(error)}, status=400)
        return web.Response(text=json.dumps(told), content_type="application/json")


async def _serve(port: int, token: str) -> None:
    wire = Wire(token)
    await wire.start(port)
    sys.stdout.write(json.dumps({"api": wire.api}) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


def main() -> None:
    """Runs the server until it is stopped; the first line it prints is its address as JSON."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--port", type=int, default=0)
    asked.add_argument("--token", default="wire-token")
    chosen = asked.parse_args()
    asyncio.run(_serve(chosen.port, chosen.token))


if __name__ == "__main__":
    main()
