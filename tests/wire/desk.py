"""The people's hands: they run commands, press, choose and fill forms, and see what came back."""

import asyncio
import gc
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

from tests.wire import payloads
from tests.wire.payloads import EPHEMERAL, LOADING, Payload
from tests.wire.world import Nope, World

COMMAND, PRESS, COMPLETE, FORM = 2, 3, 4, 5
SAY, THINK, QUIET, UPDATE, SUGGEST, OPEN_FORM = 4, 5, 6, 7, 8, 9

Files = dict[str, tuple[str, bytes]]


@dataclass
class Talk:
    """One interaction from the press to the last edit of its answer."""

    payload: Payload
    asked_at: float = field(default_factory=time.perf_counter)
    callback: Payload | None = None
    answered_at: float | None = None
    original: Payload | None = None
    followups: list[Payload] = field(default_factory=list)
    touched: bool = False

    @property
    def seconds(self) -> float:
        """How long the person waited for the first sign of life."""
        if self.answered_at is None:
            raise AssertionError("the bot has not acknowledged this interaction")
        return self.answered_at - self.asked_at

    @property
    def settled(self) -> bool:
        """Answered with something to see, not only with a promise."""
        promised = self.callback is not None and self.callback["type"] in (THINK, QUIET)
        return self.callback is not None and (self.touched or not promised)

    def told(self) -> Payload:
        return {
            "callback": self.callback,
            "message": self.original,
            "followups": self.followups,
            "seconds": self.seconds,
        }


class Desk:
    """Makes interactions in people's names and takes the bot's answers to them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.talks: dict[str, Talk] = {}

    # -- what people do ----------------------------------------------------------------------

    def slash(
        self,
        user_id: int,
        name: str,
        options: Payload | None = None,
        guild_id: int | None = None,
        channel_id: int | None = None,
    ) -> str:
        """Somebody runs a command such as "goal add"; gives the token to follow the answer by."""
        data = self._command_data(name, options or {}, guild_id)
        return self._ask(COMMAND, data, user_id, guild_id, channel_id)

    def complete(
        self, user_id: int, name: str, option: str, text: str, guild_id: int | None = None
    ) -> str:
        """Somebody types into an option that offers suggestions."""
        data = self._command_data(name, {option: text}, guild_id)
        inner = data
        while inner["options"][0]["type"] in (1, 2):
            inner = inner["options"][0]
        inner["options"][0]["focused"] = True
        return self._ask(COMPLETE, data, user_id, guild_id, None)

    def press(
        self, user_id: int, message_id: int, button: str, values: list[str] | None = None
    ) -> str:
        """Somebody presses what has this label or custom id, or chooses values in it."""
        message = self.world.messages[message_id]
        found = [
            each
            for each in payloads.component_tree(message["components"])
            if each.get("custom_id") and button in (each["custom_id"], each.get("label"))
        ]
        assert found, f"no {button!r} to press on message {message_id}"
        assert not found[0].get("disabled"), f"{button!r} is disabled"
        data: Payload = {
            "custom_id": found[0]["custom_id"],
            "component_type": found[0]["type"],
            "id": found[0]["id"],
        }
        if values is not None:
            data["values"] = values
            data["resolved"] = {}
        channel_id = int(message["channel_id"])
        return self._ask(PRESS, data, user_id, self._guild_of(channel_id), channel_id, message)

    def submit(self, token: str, fill: dict[str, Any]) -> str:
        """Fills the form that answered `token`, by label or custom id, and sends it off."""
        opened = self.talks[token]
        assert opened.callback and opened.callback["type"] == OPEN_FORM, "no form was opened"
        form = opened.callback["data"]
        left = dict(fill)
        parts = [self._filled(part, left) for part in form["components"]]
        assert not left, f"the form {form['title']!r} has no {', '.join(left)}"
        data = {"custom_id": form["custom_id"], "components": parts, "resolved": {}}
        asked = opened.payload
        guild_id = int(asked["guild_id"]) if "guild_id" in asked else None
        who = asked["member"]["user"] if "member" in asked else asked["user"]
        where = int(asked["channel_id"])
        return self._ask(FORM, data, int(who["id"]), guild_id, where, asked.get("message"))

    # -- what they see -----------------------------------------------------------------------

    async def answered(self, token: str, settled: bool = False, within: float = 3.0) -> Payload:
        """Waits for the bot's answer; with `settled` for what follows a mere "thinking"."""
        talk = self.talks[token]
        await self.world.bell.until(
            lambda: talk.settled if settled else talk.callback is not None, within
        )
        return talk.told()

    async def volley(
        self, name: str, people: list[int], guild_id: int, each: int, within: float = 60.0
    ) -> Payload:
        """Everyone runs a command `each` times, all at once; how long each waited, and all."""

        async def one(user_id: int) -> list[float]:
            waits: list[float] = []
            for _ in range(each):
                token = self.slash(user_id, name, None, guild_id)
                waits.append((await self._acknowledged(token))["seconds"])
            return waits

        return await _measured([one(user_id) for user_id in people], within)

    async def volley_of_forms(
        self,
        name: str,
        people: list[int],
        guild_id: int,
        each: int,
        fill: dict[str, Any],
        in_turn: bool = False,
        within: float = 60.0,
    ) -> Payload:
        """As `volley`, but forms are opened first and only their submission is measured.

        With `in_turn` nobody sends one before everybody ahead of them has sent theirs.
        """
        opened = [[self.slash(who, name, None, guild_id) for _ in range(each)] for who in people]
        for tokens in opened:
            for token in tokens:
                await self._acknowledged(token)

        async def one(tokens: list[str]) -> list[float]:
            sent = [await self._acknowledged(self.submit(token, fill)) for token in tokens]
            return [told["seconds"] for told in sent]

        if in_turn:
            return await _measured([one([token for tokens in opened for token in tokens])], within)
        return await _measured([one(tokens) for tokens in opened], within)

    async def _acknowledged(self, token: str) -> Payload:
        return await self.answered(token, within=60)

    # -- what the bot answers ----------------------------------------------------------------

    def callback(self, token: str, body: Payload, files: Files) -> Payload:
        """The first answer to an interaction; a second one is refused, as Discord does."""
        talk = self._talk(token)
        if talk.callback is not None:
            raise Nope(400, 40060, "Interaction has already been acknowledged.")
        kind, data = body["type"], body.get("data") or {}
        pressed = talk.payload.get("message")
        if kind == SAY:
            talk.original = self._reply(talk, data, files)
        elif kind == THINK:
            talk.original = self._promise(talk, data)
        elif kind in (QUIET, UPDATE) and pressed:
            talk.original = self.world.messages.get(int(pressed["id"]), pressed)
            if kind == UPDATE:
                self.world.edit(talk.original, data, files)
        elif kind == OPEN_FORM:
            payloads.number_components(data["components"])
        talk.callback, talk.answered_at = body, time.perf_counter()
        self.world.bell.ring()
        return self._receipt(talk, kind)

    def follow_up(self, token: str, body: Payload, files: Files) -> Payload:
        """A further answer; after a promise the first one takes the promise's place."""
        talk = self._acknowledged_talk(token)
        if talk.original and talk.original["flags"] & LOADING:
            return self.change(token, "@original", body, files)
        made = self._reply(talk, body, files)
        talk.followups.append(made)
        talk.touched = True
        self.world.bell.ring()
        return made

    def change(self, token: str, which: str, body: Payload, files: Files) -> Payload:
        """Edits an answer: the first ("@original") or a later one by its id."""
        talk = self._acknowledged_talk(token)
        message = self.answer(token, which)
        if message["flags"] & LOADING:
            hidden = message["flags"] & EPHEMERAL
            message["flags"] = (body.get("flags") or 0) | hidden
            body = {key: value for key, value in body.items() if key != "flags"}
            self.world.edit(message, body, files)
            if not hidden:
                self.world.place(message)
        else:
            self.world.edit(message, body, files)
        talk.touched = True
        self.world.bell.ring()
        return message

    def answer(self, token: str, which: str) -> Payload:
        talk = self._acknowledged_talk(token)
        for message in [talk.original, *talk.followups]:
            wanted = which == "@original" and message is talk.original
            if message and (wanted or message["id"] == which):
                return message
        raise Nope(404, 10008, "Unknown Message")

    def take_back(self, token: str, which: str) -> None:
        message = self.answer(token, which)
        self.world.delete(int(message["channel_id"]), int(message["id"]))

    def _talk(self, token: str) -> Talk:
        if token not in self.talks:
            raise Nope(404, 10062, "Unknown interaction")
        return self.talks[token]

    def _acknowledged_talk(self, token: str) -> Talk:
        if token not in self.talks or self.talks[token].callback is None:
            raise Nope(404, 10015, "Unknown Webhook")
        return self.talks[token]

    def _reply(self, talk: Talk, data: Payload, files: Files) -> Payload:
        made = self.world.compose(int(talk.payload["channel_id"]), data, files)
        if made["flags"] & EPHEMERAL:
            self.world.messages[int(made["id"])] = made
        else:
            self.world.place(made)
        return made

    def _promise(self, talk: Talk, data: Payload) -> Payload:
        where = int(talk.payload["channel_id"])
        made = payloads.message(self.world.new_id(), where, self.world.bot, {})
        made["flags"] = LOADING | ((data.get("flags") or 0) & EPHEMERAL)
        self.world.messages[int(made["id"])] = made
        return made

    def _receipt(self, talk: Talk, kind: int) -> Payload:
        told: Payload = {"id": talk.payload["id"], "type": talk.payload["type"]}
        receipt: Payload = {"interaction": told}
        if talk.original and kind in (SAY, THINK, UPDATE):
            told["response_message_id"] = talk.original["id"]
            told["response_message_loading"] = kind == THINK
            told["response_message_ephemeral"] = bool(talk.original["flags"] & EPHEMERAL)
            receipt["resource"] = {"type": kind, "message": talk.original}
        return receipt

    # -- how Discord says it -----------------------------------------------------------------

    def _ask(
        self,
        kind: int,
        data: Payload,
        user_id: int,
        guild_id: int | None,
        channel_id: int | None,
        message: Payload | None = None,
    ) -> str:
        world = self.world
        if channel_id is None:
            channel_id = self._usual_channel(user_id, guild_id)
        interaction_id = world.new_id()
        token = f"talk-{interaction_id}"
        payload: Payload = {
            "id": str(interaction_id),
            "application_id": str(world.application_id),
            "type": kind,
            "token": token,
            "version": 1,
            "data": data,
            "channel_id": str(channel_id),
            "channel": world.channel(channel_id),
            "locale": "en-US",
            "entitlements": [],
            "attachment_size_limit": 10_485_760,
            "app_permissions": str(payloads.EVERYTHING),
            "authorizing_integration_owners": {"0": str(guild_id or 0)},
            "context": 0 if guild_id else 1,
        }
        if guild_id:
            permissions = str(world.permissions(guild_id, user_id))
            payload["member"] = {**world.member(guild_id, user_id), "permissions": permissions}
            payload["guild_id"] = str(guild_id)
            payload["guild_locale"] = "en-US"
            payload["guild"] = {"id": str(guild_id), "locale": "en-US", "features": []}
        else:
            payload["user"] = world.users[user_id]
        if message:
            payload["message"] = message
        self.talks[token] = Talk(payload)
        world.publish("INTERACTION_CREATE", payload)
        return token

    def _usual_channel(self, user_id: int, guild_id: int | None) -> int:
        if guild_id:
            return next(iter(self.world.guilds[guild_id].channels))
        return int(self.world.direct_with(user_id)["id"])

    def _guild_of(self, channel_id: int) -> int | None:
        where = self.world.channel(channel_id)
        return int(where["guild_id"]) if "guild_id" in where else None

    def _command_data(self, name: str, options: Payload, guild_id: int | None) -> Payload:
        first, *path = name.split()
        known = self.world.commands.get(None, []) + self.world.commands.get(guild_id, [])
        command = next((each for each in known if each["name"] == first), None)
        assert command, f"/{first} is not registered"
        data: Payload = {
            "id": command["id"],
            "name": first,
            "type": command.get("type", 1),
            "resolved": {},
        }
        declared, spot = command.get("options") or [], data
        for word in path:
            inner = next(each for each in declared if each["name"] == word)
            spot["options"] = [{"name": word, "type": inner["type"]}]
            declared, spot = inner.get("options") or [], spot["options"][0]
        spot["options"] = [
            self._option(declared, option, value, guild_id, data["resolved"])
            for option, value in options.items()
        ]
        return data

    def _option(
        self,
        declared: list[Payload],
        name: str,
        value: Any,
        guild_id: int | None,
        resolved: Payload,
    ) -> Payload:
        kind = next(each["type"] for each in declared if each["name"] == name)
        world = self.world
        if kind == 6:
            resolved.setdefault("users", {})[str(value)] = world.users[int(value)]
            if guild_id and int(value) in world.guilds[guild_id].members:
                inside = {**world.member(guild_id, int(value)), "permissions": "0"}
                resolved.setdefault("members", {})[str(value)] = inside
        elif kind == 7:
            shown = {**world.channel(int(value)), "permissions": str(payloads.EVERYTHING)}
            resolved.setdefault("channels", {})[str(value)] = shown
        elif kind == 8 and guild_id:
            worn = world.guilds[guild_id].roles[int(value)]
            resolved.setdefault("roles", {})[str(value)] = worn
        elif kind == 11:
            attachment = world.keep_file(value[0], value[1].encode())
            resolved.setdefault("attachments", {})[attachment["id"]] = attachment
            value = attachment["id"]
        return {"name": name, "type": kind, "value": str(value) if kind in (6, 7, 8) else value}

    @classmethod
    def _filled(cls, part: Payload, fill: dict[str, Any]) -> Payload:
        told = {"type": part["type"], "id": part["id"]}
        if part["type"] == 18:
            field_ = part["component"]
            given = fill.pop(part["label"], fill.pop(field_["custom_id"], None))
            return {**told, "component": cls._field(field_, given, part["label"])}
        if part["type"] == 1:
            fields = [(each, fill.pop(each["custom_id"], None)) for each in part["components"]]
            return {**told, "components": [cls._field(f, g, f["custom_id"]) for f, g in fields]}
        return told

    @staticmethod
    def _field(part: Payload, given: Any, label: str) -> Payload:
        told = {"type": part["type"], "id": part["id"], "custom_id": part["custom_id"]}
        chosen = [o["value"] for o in part.get("options") or [] if o.get("default")]
        required = part.get("required", True)
        if part["type"] == 4:
            text = part.get("value") or "" if given is None else given
            assert text or not required, f"{label!r} must be filled"
            assert len(text) <= part.get("max_length", 4000), f"{label!r} is too long"
            return {**told, "value": text}
        if part["type"] == 23:
            return {**told, "value": part.get("default", False) if given is None else given}
        if part["type"] == 21:
            return {**told, "value": (chosen or [None])[0] if given is None else given}
        values = chosen if given is None else given
        return {**told, "values": [values] if isinstance(values, str) else values}


async def _measured(work: list[Awaitable[list[float]]], within: float) -> Payload:
    """Run it and time it; this server tidies its own memory before and after, not meanwhile."""
    gc.collect()
    gc.disable()
    try:
        began = time.perf_counter()
        async with asyncio.timeout(within):
            waits = [wait for part in await asyncio.gather(*work) for wait in part]
        return {"waits": waits, "seconds": time.perf_counter() - began}
    finally:
        gc.enable()
