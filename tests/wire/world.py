"""The little Discord the wire tests run against: who is there, what was said, and in what order.

Everything lives in memory and outlives the bot's process, so a test can kill the bot as often as
it likes and afterwards count what really arrived.
"""

import asyncio
import copy
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.wire import payloads
from tests.wire.payloads import Payload

Publish = Callable[[str, Payload], None]

CLOSED_MESSAGES = 50007
UNKNOWN_MESSAGE = 10008
RECIPIENT_ADD = 1


class Bell:
    """Rings whenever something happened, so that a test can wait for what it hopes to see."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        for each in self._waiting:
            if not each.done():
                each.set_result(None)

    async def until(self, hope: Callable[[], object], within: float = 10.0) -> None:
        """Waits until the hope is true; TimeoutError when it did not come true in time.

        It is looked at at every ring, and besides twenty times a second, for hopes about what
        the bot made of it.
        """
        async with asyncio.timeout(within):
            while not hope():
                ring: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._waiting.add(ring)
                await asyncio.wait([ring], timeout=0.05)
                self._waiting.discard(ring)


class Nope(Exception):
    """Discord says no: an HTTP status, its own code and a sentence."""

    def __init__(self, status: int, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.code, self.sentence = status, code, sentence


@dataclass
class Guild:
    """A server: its own fields, and the people, roles and channels in it."""

    payload: Payload
    channels: dict[int, Payload] = field(default_factory=dict)
    roles: dict[int, Payload] = field(default_factory=dict)
    members: dict[int, Payload] = field(default_factory=dict)

    @property
    def guild_id(self) -> int:
        return int(self.payload["id"])


class World:
    """Servers, people, channels and messages, and how many seconds a nonce is remembered."""

    def __init__(self, token: str = "wire-token") -> None:
        self.token = token
        self.new_id = payloads.Snowflakes()
        self.publish: Publish = lambda event, data: None
        self.bell = Bell()
        self.application_id = self.new_id()
        self.bot = payloads.user(self.application_id, "Stint", bot=True)
        self.users: dict[int, Payload] = {self.application_id: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.threads: dict[int, Payload] = {}
        self.ever_opened: list[int] = []
        self.thread_members: dict[int, set[int]] = {}
        self.direct: dict[int, Payload] = {}
        self.closed: set[int] = set()
        self.commands: dict[int | None, list[Payload]] = {}
        self.messages: dict[int, Payload] = {}
        self.order: dict[int, list[int]] = {}
        self.created: list[Payload] = []
        self.created_at: list[float] = []
        self.files: dict[int, tuple[str, bytes]] = {}
        self.nonce_window = 120.0
        self.nonces: dict[str, tuple[int, float]] = {}
        self.repeats = 0
        self.base = ""

    # -- people and places -------------------------------------------------------------------

    def add_person(self, name: str, guild_id: int | None = None, roles: list[int] = []) -> int:  # noqa: B006
        """Somebody with an account, in a server when one is named; gives their id."""
        user_id = self.new_id()
        self.users[user_id] = payloads.user(user_id, name)
        if guild_id is not None:
            self.join(user_id, guild_id, roles)
        return user_id

    def add_people(self, count: int, guild_id: int, name: str = "Intern") -> list[int]:
        """Many people at once; gives their ids."""
        return [self.add_person(f"{name} {number}", guild_id) for number in range(1, count + 1)]

    def join(self, user_id: int, guild_id: int, roles: list[int] = []) -> None:  # noqa: B006
        guild = self.guilds[guild_id]
        guild.members[user_id] = payloads.member(self.users[user_id], roles)
        self.publish("GUILD_MEMBER_ADD", {**guild.members[user_id], "guild_id": str(guild_id)})

    def leave(self, user_id: int, guild_id: int) -> None:
        """Somebody leaves the server."""
        del self.guilds[guild_id].members[user_id]
        event = {"guild_id": str(guild_id), "user": self.users[user_id]}
        self.publish("GUILD_MEMBER_REMOVE", event)

    def close_messages(self, user_id: int) -> None:
        """Somebody takes no direct messages from now on."""
        self.closed.add(user_id)

    def add_guild(self, name: str = "Interns", owner: str = "Morgan") -> int:
        """A server with an owner, the bot in it and one channel named general; gives its id."""
        guild_id, owner_id = self.new_id(), self.add_person(owner)
        guild = self.guilds[guild_id] = Guild(payloads.guild(guild_id, name, owner_id))
        guild.roles[guild_id] = payloads.role(guild_id, "@everyone", 0x6_4FFC_EC3_7C41, 0)
        mine = self.add_role(guild_id, "Stint", payloads.EVERYTHING)
        guild.members[owner_id] = payloads.member(self.users[owner_id], [])
        guild.members[self.application_id] = payloads.member(self.bot, [mine])
        self.add_channel(guild_id, "general")
        self.publish("GUILD_CREATE", self.guild_as_seen(guild_id))
        return guild_id

    def owner_of(self, guild_id: int) -> int:
        return int(self.guilds[guild_id].payload["owner_id"])

    def add_role(self, guild_id: int, name: str, permissions: int = 0) -> int:
        guild, role_id = self.guilds[guild_id], self.new_id()
        guild.roles[role_id] = payloads.role(role_id, name, permissions, len(guild.roles))
        event = {"guild_id": str(guild_id), "role": guild.roles[role_id]}
        self.publish("GUILD_ROLE_CREATE", event)
        return role_id

    def add_channel(self, guild_id: int, name: str, kind: int = payloads.TEXT) -> int:
        guild, channel_id = self.guilds[guild_id], self.new_id()
        made = payloads.channel(channel_id, guild_id, name, kind, len(guild.channels))
        guild.channels[channel_id] = made
        self.publish("CHANNEL_CREATE", made)
        return channel_id

    def remove_channel(self, channel_id: int) -> Payload:
        """A channel or thread is deleted, with everything said in it."""
        gone = self.channel(channel_id)
        if gone["type"] in payloads.THREADS:
            del self.threads[channel_id], self.thread_members[channel_id]
            self.publish("THREAD_DELETE", gone)
        else:
            del self.guilds[int(gone["guild_id"])].channels[channel_id]
            self.publish("CHANNEL_DELETE", gone)
        for message_id in self.order.pop(channel_id, []):
            self.messages.pop(message_id, None)
        return gone

    def channel(self, channel_id: int) -> Payload:
        """The channel, thread or direct conversation with this id."""
        if channel_id in self.threads:
            return self.threads[channel_id]
        for guild in self.guilds.values():
            if channel_id in guild.channels:
                return guild.channels[channel_id]
        for found in self.direct.values():
            if int(found["id"]) == channel_id:
                return found
        raise Nope(404, 10003, "Unknown Channel")

    def guild(self, guild_id: int) -> Guild:
        if guild_id not in self.guilds:
            raise Nope(404, 10004, "Unknown Guild")
        return self.guilds[guild_id]

    def member(self, guild_id: int, user_id: int) -> Payload:
        members = self.guild(guild_id).members
        if user_id not in members:
            raise Nope(404, 10007, "Unknown Member")
        return members[user_id]

    def permissions(self, guild_id: int, user_id: int) -> int:
        """What somebody may do in a server, by their roles."""
        guild = self.guilds[guild_id]
        if str(user_id) == guild.payload["owner_id"]:
            return payloads.EVERYTHING
        worn = [guild_id, *map(int, guild.members[user_id]["roles"])]
        allowed = 0
        for role_id in worn:
            allowed |= int(guild.roles[role_id]["permissions"])
        return payloads.EVERYTHING if allowed & 8 else allowed

    def guild_as_seen(self, guild_id: int) -> Payload:
        """The server as GUILD_CREATE shows it to a bot without presences: itself, not the rest."""
        guild = self.guilds[guild_id]
        return {
            **guild.payload,
            "joined_at": "2026-01-05T09:00:00+00:00",
            "large": len(guild.members) > 50,
            "unavailable": False,
            "member_count": len(guild.members),
            "roles": list(guild.roles.values()),
            "channels": list(guild.channels.values()),
            "threads": self.active_threads(guild_id),
            "members": [guild.members[self.application_id]],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def direct_with(self, user_id: int) -> Payload:
        """The conversation between the bot and somebody, opened if it was not."""
        if user_id not in self.users or user_id == self.application_id:
            raise Nope(400, 50033, "Invalid Recipient(s)")
        if user_id not in self.direct:
            opened = payloads.direct_channel(self.new_id(), self.users[user_id])
            self.direct[user_id] = opened
        return self.direct[user_id]

    # -- threads -----------------------------------------------------------------------------

    def active_threads(self, guild_id: int) -> list[Payload]:
        """What is open in a server, newest first."""
        here = [each for each in self.threads.values() if each["guild_id"] == str(guild_id)]
        active = [each for each in here if not each["thread_metadata"]["archived"]]
        return sorted(active, key=lambda each: int(each["id"]), reverse=True)

    def start_thread(self, parent_id: int, body: Payload, message_id: int | None = None) -> Payload:
        """A new thread; from a message it takes the message's id, and only once."""
        parent = self.channel(parent_id)
        if message_id is not None:
            if message_id in self.threads:
                raise Nope(400, 160004, "A thread has already been created for this message")
            starter = self.message(parent_id, message_id)
        kind = body.get("type", payloads.PRIVATE_THREAD)
        if message_id is not None or parent["type"] == payloads.FORUM:
            kind = payloads.PUBLIC_THREAD
        thread_id = message_id or self.new_id()
        made = payloads.thread(thread_id, parent, body["name"], kind, self.application_id)
        for about in ("auto_archive_duration", "invitable"):
            if body.get(about) is not None:
                made["thread_metadata"][about] = body[about]
        self.threads[thread_id] = made
        self.ever_opened.append(thread_id)
        self.thread_members[thread_id] = {self.application_id}
        if message_id is not None:
            starter["thread"] = made
        self.publish("THREAD_CREATE", {**made, "newly_created": True})
        return made

    def thread(self, thread_id: int) -> Payload:
        if thread_id not in self.threads:
            raise Nope(404, 10003, "Unknown Channel")
        return self.threads[thread_id]

    def add_to_thread(self, thread_id: int, user_id: int) -> None:
        """The bot lets somebody in, and the thread says so; who is in already stays, silently."""
        thread = self.thread(thread_id)
        inside = self.thread_members[thread_id]
        self.member(int(thread["guild_id"]), user_id)
        if thread["thread_metadata"]["archived"]:
            raise Nope(400, 50083, "Thread is archived")
        if user_id in inside:
            return
        self._let_in(thread, user_id)
        told = payloads.message(self.new_id(), thread_id, self.bot, {})
        self.place({**told, "type": RECIPIENT_ADD, "mentions": [self.users[user_id]]})

    def _let_in(self, thread: Payload, user_id: int) -> None:
        inside = self.thread_members[int(thread["id"])]
        if user_id not in inside and len(inside) >= 1000:
            raise Nope(400, 30033, "Maximum number of thread participants reached (1000)")
        inside.add(user_id)
        thread["member_count"] = len(inside)

    def leave_thread(self, thread_id: int, user_id: int) -> None:
        """Somebody is out of a thread again."""
        thread, inside = self.thread(thread_id), self.thread_members[thread_id]
        inside.discard(user_id)
        thread["member_count"] = len(inside)

    # -- messages ----------------------------------------------------------------------------

    def message(self, channel_id: int, message_id: int) -> Payload:
        found = self.messages.get(message_id)
        if found is None or found["channel_id"] != str(channel_id):
            raise Nope(404, UNKNOWN_MESSAGE, "Unknown Message")
        return found

    def post(
        self, channel_id: int, body: Payload, files: dict[str, tuple[str, bytes]] | None = None
    ) -> Payload:
        """The bot says something; the same nonce within the window gives the same message."""
        where = self.channel(channel_id)
        if where["type"] == payloads.DIRECT and int(where["recipients"][0]["id"]) in self.closed:
            raise Nope(403, CLOSED_MESSAGES, "Cannot send messages to this user")
        earlier = self._repeated(body)
        if earlier is not None:
            return earlier
        made = self.compose(channel_id, body, files or {})
        if body.get("nonce") is not None:
            self.nonces[str(body["nonce"])] = (int(made["id"]), time.monotonic())
        self.place(made)
        if where["type"] in payloads.THREADS:
            self._call_into(where, made)
        return {**made, "nonce": body.get("nonce")}

    def say(self, user_id: int, channel_id: int, text: str) -> Payload:
        """Somebody who is not the bot writes a message."""
        body = {"content": text}
        made = payloads.message(self.new_id(), channel_id, self.users[user_id], body)
        self.place(made)
        return made

    def compose(
        self, channel_id: int, body: Payload, files: dict[str, tuple[str, bytes]]
    ) -> Payload:
        """A message of the bot's, ready but not yet in a channel."""
        wrong = payloads.objection(body, len(files))
        if wrong:
            raise Nope(400, 50035, f"Invalid Form Body: {wrong}")
        made = payloads.message(self.new_id(), channel_id, self.bot, copy.deepcopy(body))
        payloads.number_components(made["components"])
        self._attach(made, body, files)
        return made

    def edit(
        self,
        message: Payload,
        body: Payload,
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> Payload:
        """Changes what the body names and leaves the rest, as PATCH does."""
        body = copy.deepcopy(body)
        changed = {**message, **{k: v for k, v in body.items() if k != "allowed_mentions"}}
        wrong = payloads.objection(changed, len(files or {}))
        if wrong:
            raise Nope(400, 50035, f"Invalid Form Body: {wrong}")
        for name in ("content", "embeds", "components", "flags"):
            if name in body:
                message[name] = body[name] or payloads.message(0, 0, {}, {})[name]
        payloads.number_components(message["components"])
        if "attachments" in body or files:
            kept = {each["id"]: each for each in message["attachments"]}
            asked = body.get("attachments")
            asked = list(kept.values()) if asked is None else asked
            message["attachments"] = [
                kept[str(each["id"])] for each in asked if str(each["id"]) in kept
            ]
            self._attach(message, body, files or {})
        message["edited_timestamp"] = payloads.stamp()
        if int(message["id"]) in self.order.get(int(message["channel_id"]), []):
            self.publish("MESSAGE_UPDATE", self.as_event(message))
        return message

    def place(self, message: Payload) -> None:
        """Puts a finished message at the end of its channel for all to see."""
        message_id, channel_id = int(message["id"]), int(message["channel_id"])
        self.messages[message_id] = message
        self.order.setdefault(channel_id, []).append(message_id)
        self.created.append(message)
        self.created_at.append(time.time())
        where = self.channel(channel_id)
        where["last_message_id"] = message["id"]
        if where["type"] in payloads.THREADS:
            where["message_count"] += 1
            where["thread_metadata"]["archived"] = False
        self.publish("MESSAGE_CREATE", self.as_event(message))
        self.bell.ring()

    def delete(self, channel_id: int, message_id: int) -> None:
        """A message disappears; its nonce stays remembered, as Discord's does."""
        self.message(channel_id, message_id)
        del self.messages[message_id]
        if message_id in self.order.get(channel_id, []):
            self.order[channel_id].remove(message_id)
            event = {"id": str(message_id), "channel_id": str(channel_id)}
            self.publish("MESSAGE_DELETE", event)

    def history(
        self,
        channel_id: int,
        limit: int = 50,
        before: int | None = None,
        after: int | None = None,
    ) -> list[Payload]:
        """What was said in a channel, newest first, as the history endpoint pages it."""
        ids = self.order.get(channel_id, [])
        if before is not None:
            ids = [each for each in ids if each < before]
        if after is not None:
            ids = [each for each in ids if each > after][:limit]
        return [self.messages[each] for each in reversed(ids[-limit:])]

    def said(self, channel_id: int) -> list[Payload]:
        """What stands in a channel now, oldest first."""
        return [self.messages[each] for each in self.order.get(channel_id, [])]

    def ever_said(self) -> list[Payload]:
        """Every message that was ever created in a channel, deleted ones too, oldest first."""
        return self.created

    def as_event(self, message: Payload) -> Payload:
        """A message as the gateway tells of it: with its server and its author's membership."""
        where = self.channel(int(message["channel_id"]))
        if "guild_id" not in where:
            return message
        guild = self.guilds[int(where["guild_id"])]
        author = guild.members.get(int(message["author"]["id"]))
        inside = {k: v for k, v in author.items() if k != "user"} if author else None
        return {**message, "guild_id": where["guild_id"], **({"member": inside} if inside else {})}

    def _repeated(self, body: Payload) -> Payload | None:
        nonce = body.get("nonce")
        if nonce is None or not body.get("enforce_nonce") or str(nonce) not in self.nonces:
            return None
        message_id, since = self.nonces[str(nonce)]
        if time.monotonic() - since > self.nonce_window:
            return None
        self.repeats += 1
        if message_id not in self.messages:
            raise Nope(404, UNKNOWN_MESSAGE, "Unknown Message")
        return {**self.messages[message_id], "nonce": nonce}

    def _attach(self, message: Payload, body: Payload, files: dict[str, tuple[str, bytes]]) -> None:
        told = {str(each["id"]): each for each in body.get("attachments") or []}
        for slot, (filename, content) in files.items():
            attachment = self.keep_file(filename, content)
            number = re.sub(r"\D", "", slot)
            attachment["description"] = told.get(number, {}).get("description")
            message["attachments"].append(attachment)
        by_name = {each["filename"]: each["url"] for each in message["attachments"]}
        for each in payloads.component_tree(message["components"]):
            media = [each.get("media"), each.get("file")]
            media += [item.get("media") for item in each.get("items") or []]
            for shown in filter(None, media):
                name = shown["url"].removeprefix("attachment://")
                shown["url"] = shown["proxy_url"] = by_name.get(name, shown["url"])

    def keep_file(self, filename: str, content: bytes) -> Payload:
        """Stores an uploaded file and gives the attachment that points to it."""
        file_id = self.new_id()
        self.files[file_id] = (filename, content)
        url = f"{self.base}/files/{file_id}/{filename}"
        return {
            "id": str(file_id),
            "filename": filename,
            "size": len(content),
            "url": url,
            "proxy_url": url,
            "content_type": "application/octet-stream",
        }

    def _call_into(self, thread: Payload, message: Payload) -> None:
        tree = payloads.component_tree(message["components"])
        text = message["content"] + payloads.written(tree)
        inside = self.thread_members[int(thread["id"])]
        for user_id in map(int, re.findall(r"<@!?(\d+)>", text)):
            if user_id in self.users and len(inside) < 1000:
                self._let_in(thread, user_id)
