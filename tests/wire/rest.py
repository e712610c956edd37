"""Discord's REST endpoints, and a record of every request that came in."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from aiohttp import web

from tests.wire import payloads
from tests.wire.desk import Desk, Files
from tests.wire.gateway import Gateway
from tests.wire.payloads import Payload
from tests.wire.weather import Bucket, Fault, Weather
from tests.wire.world import Nope, World

API = "/api/v10"
VIA = {"Via": "1.1 google"}
OPEN_TO_ALL = ("/interactions/", "/webhooks/", "/gateway")

Work = Callable[["Call"], Any]


@dataclass
class Sent:
    """One request of the bot's as it arrived, and the status it was answered with."""

    method: str
    path: str
    body: Any
    files: list[str]
    at: float = field(default_factory=time.time)
    status: int = 0

    @property
    def json(self) -> Any:
        """The body, by the name that the contract looks for."""
        return self.body


class Call:
    """What a route needs of a request: the ids in its path, its body, its files, its query."""

    def __init__(self, request: web.Request, body: Any, files: Files) -> None:
        self.body, self.files, self.query = body, files, request.query
        self.part = dict(request.match_info)

    def id(self, name: str) -> int:
        text = self.part[name]
        if not text.isdecimal():
            raise Nope(400, 50035, f"Invalid Form Body: {text!r} is not snowflake")
        return int(text)

    def number(self, name: str) -> int | None:
        return int(self.query[name]) if name in self.query else None


def reply(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON exactly as discord.py insists on it: no charset behind the content type."""
    if data is None:
        return web.Response(status=204, headers={**VIA, **(headers or {})})
    body = json.dumps(data).encode()
    told = {**VIA, **(headers or {}), "Content-Type": "application/json"}
    return web.Response(body=body, status=status, headers=told)


class Rest:
    """Takes requests through the weather to the routes, and remembers them all."""

    def __init__(self, world: World, gateway: Gateway, desk: Desk, weather: Weather) -> None:
        self.world, self.gateway, self.desk, self.weather = world, gateway, desk, weather
        self.requests: list[Sent] = []
        self.unknown: list[str] = []
        self.thread_cap: int | None = None

    def sent(self, method: str | None = None, path: str = "") -> list[Sent]:
        """The requests so far whose method and beginning of path are these."""
        return [
            each
            for each in self.requests
            if method in (None, each.method) and each.path.startswith(path)
        ]

    def registrations(self) -> int:
        """How often the bot told Discord which commands it has."""
        return len([each for each in self.sent("PUT") if each.path.endswith("/commands")])

    def log(self) -> list[Payload]:
        return [asdict(each) for each in self.requests]

    def routes(self) -> list[web.RouteDef]:
        table = [
            web.route(line.split()[0], API + line.split()[1], self._through(work))
            for line, work in self._table().items()
        ]
        files = web.get("/files/{file}/{name}", self._file)
        return [*table, files, web.route("*", API + "/{rest:.*}", self._through(self._missing))]

    # -- the way of a request ----------------------------------------------------------------

    def _through(self, work: Work) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            body, files = await _read(request)
            path = request.path.removeprefix(API)
            sent = Sent(request.method, path, body, [name for name, _ in files.values()])
            self.requests.append(sent)
            answer = await self._answer(request, work, Call(request, body, files), sent)
            sent.status = answer.status
            self.world.bell.ring()
            return answer

        return handle

    async def _answer(
        self, request: web.Request, work: Work, call: Call, sent: Sent
    ) -> web.Response:
        line = f"{sent.method} {sent.path}"
        if not self._known(request, sent.path):
            return reply({"message": "401: Unauthorized", "code": 0}, 401)
        bucket = self.weather.bucket_for(line)
        stopped = self._held_back(line, bucket)
        if stopped:
            return stopped
        headers = bucket.headers() if bucket else {}
        fault = self.weather.fault_for(line)
        if fault and fault.how not in ("after", "drop"):
            if fault.how == "cut" and request.transport:
                request.transport.abort()
            return await self._faulty(fault)
        await self.weather.lag()
        try:
            answer = reply(work(call), headers=headers)
        except Nope as no:
            answer = reply({"message": no.sentence, "code": no.code}, no.status, headers)
        await self.weather.lag()
        if fault and fault.how == "after":
            return web.Response(status=502, text="<html>Bad gateway</html>", headers=VIA)
        if fault and request.transport:
            request.transport.abort()
        return answer

    def _known(self, request: web.Request, path: str) -> bool:
        if path.startswith(OPEN_TO_ALL) and path != "/gateway/bot":
            return True
        return request.headers.get("Authorization") == f"Bot {self.world.token}"

    def _held_back(self, line: str, bucket: Bucket | None) -> web.Response | None:
        wait = self.weather.too_many_for(line)
        if wait:
            self.weather.counts["429 global"] += 1
            return _limited(wait, {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"})
        if bucket and not bucket.take():
            self.weather.counts["429"] += 1
            return _limited(bucket.resets_in, {**bucket.headers(), "X-RateLimit-Scope": "user"})
        return None

    @staticmethod
    async def _faulty(fault: Fault) -> web.Response:
        if fault.how == "limited":
            return _limited(fault.retry_after, {"X-RateLimit-Scope": "shared"})
        if fault.how == "banned":
            return web.Response(
                status=429, text="<html>Error 1015</html>", content_type="text/html"
            )
        if fault.how == "refuse":
            return reply({"message": "Refused", "code": fault.code}, fault.status)
        if fault.how == "hang":
            await asyncio.sleep(fault.seconds)
        return web.Response(status=500, text="Internal Server Error", headers=VIA)

    def _missing(self, call: Call) -> Payload:
        self.unknown.append(f"{self.requests[-1].method} {self.requests[-1].path}")
        raise Nope(404, 0, "404: Not Found")

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.world.files[int(request.match_info["file"])][1])

    # -- the routes --------------------------------------------------------------------------

    def _table(self) -> dict[str, Work]:
        world, desk = self.world, self.desk
        return {
            "GET /gateway": lambda _: {"url": self.gateway.url},
            "GET /gateway/bot": lambda _: self._gateway_bot(),
            "GET /users/@me": lambda _: world.bot,
            "GET /users/{user}": self._user,
            "POST /users/@me/channels": lambda c: world.direct_with(int(c.body["recipient_id"])),
            "GET /oauth2/applications/@me": lambda _: self._application(),
            "GET /applications/@me": lambda _: self._application(),
            "GET /applications/{app}/emojis": lambda _: {"items": []},
            "GET /applications/{app}/commands": lambda _: world.commands.get(None, []),
            "PUT /applications/{app}/commands": lambda c: self._register(None, c.body),
            "POST /applications/{app}/commands": lambda c: self._register_one(None, c.body),
            "GET /applications/{app}/guilds/{guild}/commands": (
                lambda c: world.commands.get(c.id("guild"), [])
            ),
            "PUT /applications/{app}/guilds/{guild}/commands": (
                lambda c: self._register(c.id("guild"), c.body)
            ),
            "GET /guilds/{guild}": lambda c: self._guild(c.id("guild")),
            "GET /guilds/{guild}/channels": (
                lambda c: list(world.guild(c.id("guild")).channels.values())
            ),
            "POST /guilds/{guild}/channels": self._new_channel,
            "GET /guilds/{guild}/roles": lambda c: list(world.guild(c.id("guild")).roles.values()),
            "POST /guilds/{guild}/roles": self._new_role,
            "GET /guilds/{guild}/threads/active": self._active,
            "GET /guilds/{guild}/members": self._members,
            "GET /guilds/{guild}/members/{user}": lambda c: world.member(
                c.id("guild"), self._who(c)
            ),
            "PUT /guilds/{guild}/members/{user}/roles/{role}": lambda c: self._wear(c, True),
            "DELETE /guilds/{guild}/members/{user}/roles/{role}": lambda c: self._wear(c, False),
            "GET /channels/{channel}": lambda c: world.channel(c.id("channel")),
            "PATCH /channels/{channel}": self._change_channel,
            "DELETE /channels/{channel}": lambda c: world.remove_channel(c.id("channel")),
            "POST /channels/{channel}/typing": lambda _: None,
            "GET /channels/{channel}/messages": self._history,
            "POST /channels/{channel}/messages": (
                lambda c: world.post(c.id("channel"), c.body, c.files)
            ),
            "GET /channels/{channel}/messages/{message}": lambda c: self._message(c),
            "PATCH /channels/{channel}/messages/{message}": (
                lambda c: world.edit(self._message(c), c.body, c.files)
            ),
            "DELETE /channels/{channel}/messages/{message}": (
                lambda c: world.delete(c.id("channel"), c.id("message"))
            ),
            "PUT /channels/{channel}/messages/pins/{message}": self._pin,
            "PUT /channels/{channel}/pins/{message}": self._pin,
            "PUT /channels/{channel}/messages/{message}/reactions/{emoji}/@me": lambda _: None,
            "POST /channels/{channel}/messages/{message}/threads": (
                lambda c: self._start_thread(c, c.id("message"))
            ),
            "POST /channels/{channel}/threads": lambda c: self._start_thread(c, None),
            "GET /channels/{channel}/threads/archived/{kind}": self._archived,
            "GET /channels/{channel}/users/@me/threads/archived/private": self._archived,
            "GET /channels/{channel}/thread-members": self._thread_members,
            "PUT /channels/{channel}/thread-members/{user}": (
                lambda c: world.add_to_thread(c.id("channel"), self._who(c))
            ),
            "DELETE /channels/{channel}/thread-members/{user}": (
                lambda c: world.leave_thread(c.id("channel"), self._who(c))
            ),
            "POST /interactions/{interaction}/{token}/callback": self._callback,
            "POST /webhooks/{app}/{token}": (
                lambda c: desk.follow_up(c.part["token"], c.body, c.files)
            ),
            "GET /webhooks/{app}/{token}/messages/{message}": (
                lambda c: desk.answer(c.part["token"], c.part["message"])
            ),
            "PATCH /webhooks/{app}/{token}/messages/{message}": (
                lambda c: desk.change(c.part["token"], c.part["message"], c.body, c.files)
            ),
            "DELETE /webhooks/{app}/{token}/messages/{message}": (
                lambda c: desk.take_back(c.part["token"], c.part["message"])
            ),
        }

    def _gateway_bot(self) -> Payload:
        used = len(self.gateway.identifies)
        limit = {"total": 1000, "remaining": 1000 - used, "reset_after": 3_600_000}
        return {
            "url": self.gateway.url,
            "shards": 1,
            "session_start_limit": {**limit, "max_concurrency": 1},
        }

    def _application(self) -> Payload:
        world = self.world
        humans = [each for each in world.users.values() if not each["bot"]]
        owner = humans[0] if humans else world.bot
        return payloads.application(world.application_id, "Stint", owner, world.bot)

    def _user(self, call: Call) -> Payload:
        if call.id("user") not in self.world.users:
            raise Nope(404, 10013, "Unknown User")
        return self.world.users[call.id("user")]

    def _who(self, call: Call) -> int:
        return self.world.application_id if call.part["user"] == "@me" else call.id("user")

    def _register(self, guild_id: int | None, commands: list[Payload]) -> list[Payload]:
        self.world.commands[guild_id] = []
        for each in commands:
            self._register_one(guild_id, each)
        return self.world.commands[guild_id]

    def _register_one(self, guild_id: int | None, command: Payload) -> Payload:
        made = {
            "default_member_permissions": None,
            "dm_permission": True,
            "nsfw": False,
            "type": 1,
            "description": "",
            **command,
            "id": str(self.world.new_id()),
            "application_id": str(self.world.application_id),
            "version": str(self.world.new_id()),
        }
        if guild_id:
            made["guild_id"] = str(guild_id)
        self.world.commands.setdefault(guild_id, []).append(made)
        return made

    def _guild(self, guild_id: int) -> Payload:
        guild = self.world.guild(guild_id)
        count = len(guild.members)
        roles = list(guild.roles.values())
        return {**guild.payload, "roles": roles, "approximate_member_count": count}

    def _new_channel(self, call: Call) -> Payload:
        made = self.world.add_channel(call.id("guild"), call.body["name"], call.body.get("type", 0))
        self.world.channel(made).update({k: v for k, v in call.body.items() if v is not None})
        return self.world.channel(made)

    def _new_role(self, call: Call) -> Payload:
        guild_id = call.id("guild")
        permissions = int(call.body.get("permissions") or 0)
        made = self.world.add_role(guild_id, call.body.get("name", "new role"), permissions)
        return self.world.guild(guild_id).roles[made]

    def _members(self, call: Call) -> list[Payload]:
        after = call.number("after") or 0
        members = self.world.guild(call.id("guild")).members
        later = [members[each] for each in sorted(members) if each > after]
        return later[: call.number("limit") or 1]

    def _wear(self, call: Call, on: bool) -> None:
        worn = self.world.member(call.id("guild"), self._who(call))["roles"]
        if call.part["role"] in worn:
            worn.remove(call.part["role"])
        if on:
            worn.append(call.part["role"])

    def _change_channel(self, call: Call) -> Payload:
        changed = self.world.channel(call.id("channel"))
        body = dict(call.body)
        if changed["type"] in payloads.THREADS:
            about = changed["thread_metadata"]
            about.update({key: body.pop(key) for key in list(body) if key in about})
        changed.update(body)
        kind = "THREAD" if changed["type"] in payloads.THREADS else "CHANNEL"
        self.world.publish(f"{kind}_UPDATE", changed)
        return changed

    def _history(self, call: Call) -> list[Payload]:
        channel_id = call.id("channel")
        self.world.channel(channel_id)
        limit = call.number("limit") or 50
        return self.world.history(channel_id, limit, call.number("before"), call.number("after"))

    def _message(self, call: Call) -> Payload:
        return self.world.message(call.id("channel"), call.id("message"))

    def _pin(self, call: Call) -> None:
        self._message(call)["pinned"] = True

    def _start_thread(self, call: Call, message_id: int | None) -> Payload:
        parent = self.world.channel(call.id("channel"))
        active = self.world.active_threads(int(parent["guild_id"]))
        if self.thread_cap is not None and len(active) >= self.thread_cap:
            raise Nope(400, 160006, "Maximum number of active threads reached")
        made = self.world.start_thread(call.id("channel"), call.body, message_id)
        if parent["type"] != payloads.FORUM:
            return made
        first = self.world.compose(int(made["id"]), call.body["message"], call.files)
        first["id"] = made["id"]
        self.world.place(first)
        return {**made, "message": first}

    def _active(self, call: Call) -> Payload:
        threads = self.world.active_threads(call.id("guild"))
        mine = [self._inside(each["id"], self.world.application_id) for each in threads]
        return {"threads": threads, "members": mine}

    def _archived(self, call: Call) -> Payload:
        public = call.part.get("kind") == "public"
        kind = payloads.PUBLIC_THREAD if public else payloads.PRIVATE_THREAD
        threads = [
            each
            for each in self.world.threads.values()
            if each["parent_id"] == call.part["channel"]
            and each["type"] == kind
            and each["thread_metadata"]["archived"]
        ]
        return {"threads": threads, "members": [], "has_more": False}

    def _thread_members(self, call: Call) -> list[Payload]:
        thread_id = call.part["channel"]
        inside = self.world.thread_members.get(int(thread_id), ())
        return [self._inside(thread_id, each) for each in sorted(inside)]

    @staticmethod
    def _inside(thread_id: str, user_id: int) -> Payload:
        return {
            "id": thread_id,
            "user_id": str(user_id),
            "join_timestamp": payloads.stamp(),
            "flags": 0,
        }

    def _callback(self, call: Call) -> Payload | None:
        receipt = self.desk.callback(call.part["token"], call.body, call.files)
        wanted = call.query.get("with_response", "").lower() in ("1", "true")
        return receipt if wanted else None


def _limited(wait: float, headers: dict[str, str]) -> web.Response:
    body = {
        "message": "You are being rate limited.",
        "retry_after": round(wait, 3),
        "global": "X-RateLimit-Global" in headers,
    }
    return reply(body, 429, {**headers, "Retry-After": str(int(wait) + 1)})


async def _read(request: web.Request) -> tuple[Any, Files]:
    if request.content_type == "multipart/form-data":
        body: Any = None
        files: Files = {}
        async for part in await request.multipart():
            if part.name == "payload_json":
                body = json.loads(await part.text())
            else:
                files[part.name] = (part.filename or "file", bytes(await part.read()))
        return body, files
    raw = await request.read()
    return (json.loads(raw) if raw else None), {}
