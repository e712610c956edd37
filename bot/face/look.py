"""Every card is built here, so that all of them look alike and fit Discord's limits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import discord
from discord import ui

from bot.face.dates import stamp
from bot.face.escape import clip, plain, quote, safe

__all__ = ["clip", "plain", "quote", "safe", "stamp"]

MOST_TEXT = 4000
"""Characters of text that one Components V2 message may show (Discord, components reference)."""
MOST_COMPONENTS = 40
"""Components, nested ones included, in one message (Discord, components reference)."""
MOST_OPTIONS = 25
LABEL_LIMIT = 80
CUSTOM_ID_LIMIT = 100
OPTION_LIMIT = 100
PLACEHOLDER_LIMIT = 150

View = ui.LayoutView
Item = ui.Item[Any]
Block = str | Item


class Tone(StrEnum):
    """How a card feels; never the only sign of anything."""

    PLAIN = "plain"
    GOOD = "good"
    WARN = "warn"
    QUIET = "quiet"


ACCENTS = {Tone.PLAIN: 0x5B8DEF, Tone.GOOD: 0x3BA776, Tone.WARN: 0xD98E32, Tone.QUIET: 0x6B7280}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select: what it says, what it stands for."""

    label: str
    value: str
    description: str | None = None
    default: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """An automatic message, ready to go out.

    `mentions` are the only user ids that may be pinged; `thread_name` is for threads and posts in
    a forum, `tags` are the names a post there would like.
    """

    view: View | None = None
    mentions: Sequence[int] = field(default=())
    silent: bool = True
    thread_name: str = ""
    tags: Sequence[str] = field(default=())


def card(title: str, *blocks: Block | None, tone: Tone = Tone.PLAIN) -> View:
    """Return a message: a title, texts, rows of buttons. Text that does not fit is cut."""
    box: ui.Container[View] = ui.Container(accent_colour=ACCENTS[tone])
    room = MOST_TEXT
    heading: list[Block] = [f"## {title}"] if title else []
    for block in [*heading, *blocks]:
        if block is None or block == "":
            continue
        if isinstance(block, str):
            if room < 2:
                continue
            text = clip(block, room)
            room -= len(text)
            box.add_item(ui.TextDisplay(text))
        else:
            room -= _text_of(block)
            box.add_item(block)
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    assert view.total_children_count <= MOST_COMPONENTS, "a card holds at most 40 components"
    return view


def _text_of(item: Item) -> int:
    if isinstance(item, ui.Section):
        return sum(len(c.content) for c in item.children if isinstance(c, ui.TextDisplay))
    return 0


def row(*items: Item | None) -> Item | None:
    """Put buttons, or one select, in a row; leave out what is None."""
    shown = [item for item in items if item is not None]
    if not shown:
        return None
    line: ui.ActionRow[View] = ui.ActionRow()
    for item in shown:
        line.add_item(item)
    return line


def item(text: str, beside: Item | None = None) -> Block:
    """Put a button beside a text."""
    if beside is None:
        return text
    section: ui.Section[View] = ui.Section(ui.TextDisplay(clip(text, 900)), accessory=beside)
    return section


def rule() -> Item:
    """Return a thin line between two parts of a card."""
    return ui.Separator()


def picture(filename: str, alt: str) -> Item:
    """Show an attached picture, with its content in words for those who cannot see it."""
    gallery: ui.MediaGallery[View] = ui.MediaGallery()
    gallery.add_item(media=f"attachment://{filename}", description=clip(alt, 1000))
    return gallery


def attached(filename: str) -> Item:
    """Show an attached file, to be downloaded."""
    return ui.File(f"attachment://{filename}")


def link(label: str, url: str) -> Item:
    """Return a button that opens a page."""
    return ui.Button(label=clip(label, LABEL_LIMIT), url=url, style=discord.ButtonStyle.link)
