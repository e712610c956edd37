"""What a scripted person does: look for something to press, press it, fill the form, send it."""

from collections.abc import Iterator
from typing import Any, cast

import discord
import simcord
from simcord.results import ResponseMessage

from bot.demo.simulation import EPHEMERAL, Said, World


class NothingToPress(LookupError):
    """What the script wants to press is nowhere to be seen."""


class Hands:
    """One person's hands: in a channel as a member of the server, in direct messages as a user."""

    def __init__(self, world: World, person: simcord.MemberActor) -> None:
        """Lend these hands to a person."""
        self.world, self.person = world, person

    @property
    def inbox(self) -> simcord.ChannelHandle:
        """Where the bot writes to this person alone."""
        return self.person.user.dm_channel

    async def command(
        self,
        place: simcord.ChannelHandle,
        name: str,
        /,
        form: dict[str, Any] | None = None,
        **asked: Any,
    ) -> simcord.InteractionResult:
        """Type a command, and fill the form it opens."""
        if place.guild is None:
            shown = await self.person.user.slash(name, **asked)
        else:
            shown = await self.person.slash(place, name, **asked)
        return await self._fill(shown, form)

    async def press(
        self,
        place: simcord.ChannelHandle,
        action: str,
        which: str = "",
        form: dict[str, Any] | None = None,
    ) -> simcord.InteractionResult:
        """Press the newest button for this action (of several, the one whose id ends so)."""
        message, custom_id = self.find(place, action, which)
        shown = await self._actor(place).click(message, custom_id=custom_id)
        return await self._fill(shown, form)

    async def pick(
        self,
        place: simcord.ChannelHandle,
        action: str,
        *values: Any,
        which: str = "",
    ) -> simcord.InteractionResult:
        """Choose in the newest select for this action."""
        message, custom_id = self.find(place, action, which)
        return await self._actor(place).select(message, list(values), custom_id=custom_id)

    def find(
        self, place: simcord.ChannelHandle, action: str, which: str = ""
    ) -> tuple[ResponseMessage, str]:
        """Find what this action hangs on: the newest message that this person can see."""
        messages = self.world.env.backend.messages.get(place.id, {})
        for _, message in sorted(messages.items(), reverse=True):
            if message.visible_to(self.person.id):
                for custom_id in _pressable(message.components):
                    if custom_id.startswith(f"{action}:") and custom_id.endswith(which):
                        return ResponseMessage(self.world.env, message), custom_id
        where = place.name or "the direct messages"
        raise NothingToPress(f"{self.person.name} sees nothing for {action} in {where}")

    def all(self, place: simcord.ChannelHandle, action: str) -> list[str]:
        """Return the ids of every button for this action on the newest message that has one."""
        message, _custom_id = self.find(place, action)
        shown = self.world.env.backend.messages[place.id][message.id].components
        return [one for one in _pressable(shown) if one.startswith(f"{action}:")]

    def choices(self, place: simcord.ChannelHandle, action: str) -> list[str]:
        """Return what is chosen already in the newest select for this action."""
        message, custom_id = self.find(place, action)
        shown = self.world.env.backend.messages[place.id][message.id].components
        return [one for name, chosen in _filled_in(shown) if name == custom_id for one in chosen]

    def sees(self, place: simcord.ChannelHandle, action: str, which: str = "") -> bool:
        """Say whether there is something for this action."""
        try:
            self.find(place, action, which)
        except NothingToPress:
            return False
        return True

    def _actor(self, place: simcord.ChannelHandle) -> Any:
        return self.person if place.guild is not None else self.person.user

    async def _fill(
        self, shown: simcord.InteractionResult, form: dict[str, Any] | None
    ) -> simcord.InteractionResult:
        if shown.modal is None or form is None:
            return shown
        actor: Any = self.person if shown._interaction.guild_id else self.person.user  # pyright: ignore[reportPrivateUsage]
        return await actor.submit_modal(shown, dict(_filled_in(shown.modal)) | form)


def _filled_in(part: Any) -> Iterator[tuple[str, Any]]:
    """Return what a form holds already, as a person leaves it where they type nothing else."""
    if isinstance(part, dict):
        inner = cast(dict[str, Any], part)
        options = cast(list[dict[str, Any]], inner.get("options") or [])
        chosen = [one["value"] for one in options if one.get("default")]
        if "custom_id" in inner and (inner.get("value") or chosen):
            yield str(inner["custom_id"]), inner.get("value") or chosen
        for value in inner.values():
            yield from _filled_in(value)
    elif isinstance(part, list):
        for value in cast(list[Any], part):
            yield from _filled_in(value)


def _pressable(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        inner = cast(dict[str, Any], part)
        if "custom_id" in inner and not inner.get("disabled"):
            yield str(inner["custom_id"])
        for value in inner.values():
            yield from _pressable(value)
    elif isinstance(part, list):
        for value in cast(list[Any], part):
            yield from _pressable(value)


def words_of(result: simcord.InteractionResult) -> str:
    """Return what an answer says, without its buttons."""
    return "\n".join(_texts(result.response.components)) if result.response else ""


def words_in(world: World, place: simcord.ChannelHandle) -> list[Said]:
    """Return what stands in a place for everybody to read, the oldest first, without buttons."""
    messages = world.env.backend.messages.get(place.id, {})
    return [
        Said(place.id, discord.utils.snowflake_time(number), "\n".join(_texts(message.components)))
        for number, message in sorted(messages.items())
        if not message.flags & EPHEMERAL
    ]


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        inner = cast(dict[str, Any], part)
        if isinstance(inner.get("content"), str):
            yield inner["content"]
        for value in inner.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in cast(list[Any], part):
            yield from _texts(value)
