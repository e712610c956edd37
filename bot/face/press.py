"""Buttons and selects that work for ever: the custom id says what to do, the database the rest."""

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from typing import Any

import discord
from discord import ui

from bot.errors import NotFound
from bot.face.look import (
    CUSTOM_ID_LIMIT,
    LABEL_LIMIT,
    MOST_OPTIONS,
    OPTION_LIMIT,
    PLACEHOLDER_LIMIT,
    Item,
    Option,
    clip,
)
from bot.face.words import _

Interaction = discord.Interaction[Any]
Handler = Callable[..., Awaitable[None]]

WHY = "why.ask"
"""The button below each letter that leads to why it came."""
CUSTOM_ID = re.compile(r"(?P<action>[a-z]+\.[a-z_]+):(?P<subject>.*)", re.S)
MOST_NUMBER = 2**63 - 1
"""The largest number that the database holds."""
STYLES = {
    "primary": discord.ButtonStyle.primary,
    "secondary": discord.ButtonStyle.secondary,
    "success": discord.ButtonStyle.success,
    "danger": discord.ButtonStyle.danger,
}


def on_press(action: str) -> Callable[[Handler], Handler]:
    """Mark a cog's method as the answer to a button or select named `action`.

    A button calls it with (interaction, subject), a select with (interaction, subject, values).
    """

    def mark(method: Handler) -> Handler:
        method.__press__ = action  # pyright: ignore[reportFunctionMemberAccess]
        return method

    return mark


def name(action: str, subject: object) -> str:
    """Return the custom id of something pressable. Raises ValueError over Discord's 100."""
    custom_id = f"{action}:{subject}"
    if len(custom_id) > CUSTOM_ID_LIMIT or not CUSTOM_ID.fullmatch(custom_id):
        raise ValueError(f"not a usable custom id: {custom_id[:120]!r}")
    return custom_id


def press(
    label: str,
    action: str,
    subject: object = "",
    *,
    style: str = "secondary",
    disabled: bool = False,
) -> Item:
    """Return a button that runs `action` on `subject`, today and after any restart."""
    return ui.Button(
        label=clip(label, LABEL_LIMIT),
        custom_id=name(action, subject),
        style=STYLES[style],
        disabled=disabled,
    )


def turns(
    action: str,
    subject: Callable[[int], object],
    page: int,
    pages: int,
    words: tuple[str, str] | None = None,
) -> list[Item]:
    """Return the buttons that turn pages, with the place between them; none for a single page.

    `subject` names a page for `action`; `words` stand in place of *Earlier* and *Later*.
    """
    if pages == 1:
        return []
    back, on = words or (_("Earlier"), _("Later"))
    place = _("Page {n} of {all}").format(n=page + 1, all=pages)
    return [
        press(back, action, subject(page - 1), disabled=page == 0),
        press(place, "page.here", page, disabled=True),
        press(on, action, subject(page + 1), disabled=page == pages - 1),
    ]


def pick(
    placeholder: str,
    action: str,
    subject: object,
    options: Sequence[Option],
    *,
    least: int = 1,
    most: int = 1,
) -> Item:
    """Return a select of up to 25 options."""
    shown = [
        discord.SelectOption(
            label=clip(o.label, OPTION_LIMIT),
            value=o.value,
            description=clip(o.description, OPTION_LIMIT) if o.description else None,
            default=o.default,
        )
        for o in options[:MOST_OPTIONS]
    ]
    return ui.Select(
        placeholder=clip(placeholder, PLACEHOLDER_LIMIT),
        custom_id=name(action, subject),
        options=shown,
        min_values=least,
        max_values=min(most, len(shown)),
    )


def pick_channel(
    placeholder: str,
    action: str,
    subject: object,
    kinds: Sequence[discord.ChannelType],
    *,
    chosen: int | None = None,
) -> Item:
    """Return a select of the server's channels of these kinds."""
    return ui.ChannelSelect(
        placeholder=clip(placeholder, PLACEHOLDER_LIMIT),
        custom_id=name(action, subject),
        channel_types=list(kinds),
        default_values=_chosen(chosen, discord.SelectDefaultValueType.channel),
    )


def _chosen(
    chosen: int | None, kind: discord.SelectDefaultValueType
) -> list[discord.SelectDefaultValue]:
    return [discord.SelectDefaultValue(id=chosen, type=kind)] if chosen else []


def pick_role(placeholder: str, action: str, subject: object, *, chosen: int | None = None) -> Item:
    """Return a select of the server's roles; choosing none is allowed."""
    return ui.RoleSelect(
        placeholder=clip(placeholder, PLACEHOLDER_LIMIT),
        custom_id=name(action, subject),
        min_values=0,
        default_values=_chosen(chosen, discord.SelectDefaultValueType.role),
    )


def pick_people(
    placeholder: str,
    action: str,
    subject: object,
    *,
    least: int = 1,
    most: int = 1,
    chosen: Sequence[int] = (),
) -> Item:
    """Return a select of the server's people."""
    kind = discord.SelectDefaultValueType.user
    return ui.UserSelect(
        placeholder=clip(placeholder, PLACEHOLDER_LIMIT),
        custom_id=name(action, subject),
        min_values=least,
        max_values=most,
        default_values=[discord.SelectDefaultValue(id=user_id, type=kind) for user_id in chosen],
    )


def number_in(subject: str, gone: str) -> int:
    """Read the number in a button or a choice. Raises NotFound, saying `gone`, for any other."""
    if not subject.isdecimal() or len(subject) > 19 or int(subject) > MOST_NUMBER:
        raise NotFound(gone)
    return int(subject)


@cache
def marked(kind: type, mark: str) -> tuple[tuple[str, Any], ...]:
    """Return the names of a class's methods that carry a mark, each with what the mark says."""
    methods = [(attribute, getattr(kind, attribute)) for attribute in dir(kind)]
    return tuple(
        (attribute, getattr(one, mark)) for attribute, one in methods if hasattr(one, mark)
    )


class Presses:
    """Which cog method answers which action."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}

    def listen(self, cog: object) -> None:
        """Learn every `on_press` method of a cog. Raises ValueError when two claim one action."""
        for attribute, action in marked(type(cog), "__press__"):
            if action in self._handlers:
                raise ValueError(f"{action} has two handlers")
            self._handlers[action] = getattr(cog, attribute)

    @property
    def actions(self) -> frozenset[str]:
        """Every action somebody answers."""
        return frozenset(self._handlers)

    async def dispatch(self, interaction: Interaction) -> None:
        """Hand a press to the method that answers it. Raises NotFound when nobody does."""
        data: Any = interaction.data
        match = CUSTOM_ID.fullmatch(data["custom_id"])
        handler = self._handlers.get(match["action"]) if match else None
        if match is None or handler is None:
            raise NotFound(
                _("This button is from an older version of me. `/me` shows what is new.")
            )
        if "values" in data:
            await handler(interaction, match["subject"], list(data["values"]))
        else:
            await handler(interaction, match["subject"])
