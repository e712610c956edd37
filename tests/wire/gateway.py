"""The gateway: sessions that can be dropped, resumed, refused and left without an answer."""

import asyncio
import json
import time
import zlib
from collections import deque
from typing import Any

from aiohttp import WSMsgType, web

from tests.wire.payloads import Payload
from tests.wire.world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = (
    0, 1, 2, 6, 7, 8, 9, 10, 11,
)  # fmt: skip

DECODE_ERROR, TOO_MUCH = 4002, 4008
MOST_AT_ONCE = 100
MOST_A_MINUTE = 120

GUILDS, GUILD_MEMBERS, GUILD_MESSAGES, DIRECT_MESSAGES, CONTENT = (
    1 << 0, 1 << 1, 1 << 9, 1 << 12, 1 << 15,
)  # fmt: skip


class Session:
    """What Discord remembers of one bot connection, also while its socket is gone."""

    def __init__(self, session_id: str, intents: int) -> None:
        self.session_id, self.intents = session_id, intents
        self.sequence = 0
        self.told: deque[tuple[int, str]] = deque(maxlen=5000)
        self.line: Line | None = None

    def tell(self, event: str, data: Payload) -> None:
        self.sequence += 1
        text = json.dumps({"op": DISPATCH, "s": self.sequence, "t": event, "d": data})
        self.told.append((self.sequence, text))
        if self.line:
            self.line.send(text)

    def wants(self, event: str, data: Payload) -> bool:
        if event.startswith("MESSAGE_"):
            wanted = GUILD_MESSAGES if "guild_id" in data else DIRECT_MESSAGES
            return bool(self.intents & wanted)
        if event.startswith("GUILD_MEMBER_"):
            return bool(self.intents & GUILD_MEMBERS)
        return event == "INTERACTION_CREATE" or bool(self.intents & GUILDS)


class Line:
    """One open socket: what is put on it leaves in order, compressed if the bot asked for it."""

    def __init__(self, socket: web.WebSocketResponse, compressed: bool) -> None:
        self.socket = socket
        self._deflate = zlib.compressobj() if compressed else None
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        self._task = asyncio.create_task(self._write())

    def send(self, text: str) -> None:
        self._waiting.put_nowait(text)

    def send_op(self, op: int, data: Any = None) -> None:
        self.send(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    async def close(self, code: int = 1000) -> None:
        self._task.cancel()
        await self.socket.close(code=code)

    def cut(self) -> None:
        """The connection breaks without a word."""
        self._task.cancel()
        if self.socket._req and self.socket._req.transport:
            self.socket._req.transport.abort()

    async def _write(self) -> None:
        try:
            while True:
                text = await self._waiting.get()
                if self._deflate:
                    data = self._deflate.compress(text.encode())
                    await self.socket.send_bytes(data + self._deflate.flush(zlib.Z_SYNC_FLUSH))
                else:
                    await self.socket.send_str(text)
        except ConnectionError:
            pass


class Gateway:
    """Says hello, takes identifies and resumes, and tells every session what happens."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: dict[str, Session] = {}
        self.identifies: list[Payload] = []
        self.resumes = 0
        self.heartbeats = 0
        self.member_requests: list[Payload] = []
        self.refusing: int | None = None
        self.answers_heartbeats = True
        self.heartbeat_every = 41.25
        world.publish = self.publish

    def publish(self, event: str, data: Payload) -> None:
        for session in self.sessions.values():
            if session.wants(event, data):
                session.tell(event, self._as_allowed(session, event, data))

    def connected(self) -> int:
        """How many bot connections are open and told of events."""
        return sum(1 for each in self.sessions.values() if each.line)

    def counts(self) -> dict[str, int]:
        return {
            "identifies": len(self.identifies),
            "resumes": self.resumes,
            "connected": self.connected(),
            "heartbeats": self.heartbeats,
        }

    # -- what a test can do to it ------------------------------------------------------------

    async def drop(self, code: int | None = None) -> None:
        """Breaks every connection, with a close code or without a word; sessions can resume."""
        for session in list(self.sessions.values()):
            line, session.line = session.line, None
            if line and code is None:
                line.cut()
            elif line:
                await line.close(code or 1000)

    def ask_to_reconnect(self) -> None:
        """Discord's opcode 7: please come back, your session waits."""
        for session in self.sessions.values():
            if session.line:
                session.line.send_op(RECONNECT)

    def invalidate(self, resumable: bool = False) -> None:
        """Discord's opcode 9; without `resumable` the session is forgotten."""
        for session in list(self.sessions.values()):
            if session.line:
                session.line.send_op(INVALID, resumable)
            if not resumable:
                del self.sessions[session.session_id]

    def refuse(self, code: int | None) -> None:
        """Answers every identify with this close code (4004, 4013, 4014); None takes them again."""
        self.refusing = code

    # -- the socket --------------------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0, compress=False)
        await socket.prepare(request)
        line = Line(socket, request.query.get("compress") == "zlib-stream")
        line.send_op(HELLO, {"heartbeat_interval": int(self.heartbeat_every * 1000)})
        session: Session | None = None
        spoken: deque[float] = deque(maxlen=MOST_A_MINUTE)
        try:
            async for message in socket:
                if len(spoken) == MOST_A_MINUTE and spoken[0] > time.monotonic() - 60:
                    await line.close(TOO_MUCH)
                elif message.type is WSMsgType.TEXT:
                    spoken.append(time.monotonic())
                    session = await self._hear(line, session, json.loads(message.data)) or session
        finally:
            line._task.cancel()
            if session and session.line is line:
                session.line = None
            self.world.bell.ring()
        return socket

    async def _hear(self, line: Line, session: Session | None, said: Payload) -> Session | None:
        op, data = said["op"], said.get("d")
        if op == HEARTBEAT:
            self.heartbeats += 1
            if self.answers_heartbeats:
                line.send_op(ACK)
        elif op == IDENTIFY:
            return await self._identify(line, data)
        elif op == RESUME:
            return self._resume(line, data)
        elif op == MEMBERS and session:
            await self._asked_for_members(line, session, data)
        return None

    async def _identify(self, line: Line, data: Payload) -> Session | None:
        self.identifies.append(data)
        code = 4004 if data["token"] != self.world.token else self.refusing
        if code:
            await line.close(code)
            return None
        session = Session(f"session-{len(self.identifies)}", data["intents"])
        session.line = line
        self.sessions[session.session_id] = session
        session.tell("READY", self._ready(session, data))
        for guild_id in self.world.guilds:
            session.tell("GUILD_CREATE", self.world.guild_as_seen(guild_id))
        self.world.bell.ring()
        return session

    def _ready(self, session: Session, data: Payload) -> Payload:
        application_id = str(self.world.application_id)
        return {
            "v": 10,
            "user": {**self.world.bot, "verified": True, "mfa_enabled": True, "email": None},
            "guilds": [{"id": str(each), "unavailable": True} for each in self.world.guilds],
            "session_id": session.session_id,
            "resume_gateway_url": self.url,
            "shard": data.get("shard", [0, 1]),
            "application": {"id": application_id, "flags": 1 << 15},
        }

    @property
    def url(self) -> str:
        return self.world.base.replace("http", "ws", 1) + "/gateway"

    def _resume(self, line: Line, data: Payload) -> Session | None:
        session = self.sessions.get(data["session_id"])
        if session is None:
            line.send_op(INVALID, False)
            return None
        self.resumes += 1
        for sequence, text in session.told:
            if sequence > (data["seq"] or 0):
                line.send(text)
        session.line = line
        session.tell("RESUMED", {})
        self.world.bell.ring()
        return session

    async def _asked_for_members(self, line: Line, session: Session, data: Payload) -> None:
        """Members by id or by name for everyone; the whole list only with the members intent."""
        self.member_requests.append(data)
        by_id = data.get("user_ids")
        everyone = by_id is None and not data.get("query") and not data.get("limit")
        if isinstance(by_id, list) and len(by_id) > MOST_AT_ONCE:
            await line.close(DECODE_ERROR)
        elif not everyone or session.intents & GUILD_MEMBERS:
            self._chunks(session, data)

    def _chunks(self, session: Session, data: Payload) -> None:
        guild = self.world.guilds[int(data["guild_id"])]
        missing: list[str] = []
        if "user_ids" in data:
            asked = data["user_ids"] if isinstance(data["user_ids"], list) else [data["user_ids"]]
            found = [guild.members[int(each)] for each in asked if int(each) in guild.members]
            missing = [str(each) for each in asked if int(each) not in guild.members]
        else:
            begins = data.get("query", "").lower()
            named = (m for m in guild.members.values() if m["user"]["username"].startswith(begins))
            found = list(named)[: data.get("limit") or None]
        parts = [found[start : start + 1000] for start in range(0, len(found), 1000)] or [[]]
        for index, part in enumerate(parts):
            chunk = {
                "guild_id": data["guild_id"],
                "members": part,
                "chunk_index": index,
                "chunk_count": len(parts),
                "not_found": missing,
                "nonce": data.get("nonce"),
            }
            session.tell("GUILD_MEMBERS_CHUNK", chunk)

    def _as_allowed(self, session: Session, event: str, data: Payload) -> Payload:
        if event not in ("MESSAGE_CREATE", "MESSAGE_UPDATE") or session.intents & CONTENT:
            return data
        if "guild_id" not in data or data["author"]["id"] == str(self.world.application_id):
            return data
        return {**data, "content": "", "embeds": [], "attachments": [], "components": []}
