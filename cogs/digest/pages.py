"""How a digest is divided among messages: at sections where it can, at lines where it must."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.face.escape import clip, one_line
from bot.face.words import _, ngettext
from bot.knowledge.content import Section
from bot.people.contributions import News

from .model import (
    CAPS,
    MOST_LINE,
    MOST_NOTE,
    MOST_NOTE_LINES,
    MOST_PAGES,
    PAGE_ROOM,
    Page,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One section with its words, its lines and where the rest of them stands."""

    heading: str
    lead: str
    lines: tuple[str, ...]
    more: int = 0
    where: str = ""

    @property
    def head(self) -> str:
        """Return what stands above the lines."""
        return f"### {self.heading}" + (f"\n-# {self.lead}" if self.lead else "")

    def shown(self, cap: int) -> list[str]:
        """Return at most so many lines, and one that says how many others there are."""
        lines = list(self.lines[:cap])
        left = self.more + len(self.lines) - len(lines)
        if left:
            lines.append(_rest(left, self.where))
        return lines


def column(heading: str, lead: str, news: Sequence[News], where: str) -> Column:
    """Return a section whose lines stand in the order their features wished."""
    ordered = sorted(news, key=lambda one: one.order)
    lines = tuple(f"- {clip(' '.join(one.text.split()), MOST_LINE)}" for one in ordered)
    return Column(heading, lead, lines, sum(one.more for one in news), where)


def note_column(heading: str, note: str) -> Column:
    """Return the moderators' own words, kept short and without markup."""
    room, lines = MOST_NOTE, list[str]()
    for line in [line for line in note.splitlines() if line.strip()][:MOST_NOTE_LINES]:
        if room < 20:
            break
        lines.append(one_line(line, room))
        room -= len(lines[-1])
    return Column(heading, "", ("\n".join(lines),) if lines else ())


def _rest(left: int, where: str) -> str:
    if where:
        text = ngettext("-# and {n} more: {where}", "-# and {n} more: {where}", left)
        return text.format(n=left, where=where)
    return ngettext("-# and {n} more", "-# and {n} more", left).format(n=left)


def lay_out(title: str, opening: str, columns: Sequence[Column], closing: str) -> tuple[Page, ...]:
    """Return the pages: each section shows as many lines as lets all of it fit.

    Without a single line there is no page.
    """
    filled = [each for each in columns if each.lines]
    if not filled:
        return ()
    found: list[list[str]] = []
    for cap in CAPS:
        found = _divide(len(title), opening, filled, closing, cap)
        if len(found) <= MOST_PAGES:
            break
    return tuple(
        Page(title if n == 0 else "", tuple(blocks)) for n, blocks in enumerate(found[:MOST_PAGES])
    )


def _divide(
    title: int, opening: str, columns: Sequence[Column], closing: str, cap: int
) -> list[list[str]]:
    pages: list[list[str]] = [[opening] if opening else []]
    room = PAGE_ROOM - title - len(opening)
    for each in columns:
        block = each.head
        for n, line in enumerate(each.shown(cap)):
            needed = len(line) + 1 + (len(block) if n == 0 else 0)
            if needed > room:
                if n:
                    pages[-1].append(block)
                    block = ""
                pages.append([])
                room = PAGE_ROOM
                needed = len(line) + 1 + (len(block) if n == 0 else 0)
            room -= needed
            block = f"{block}\n{line}" if block else line
        pages[-1].append(block)
    if closing and len(closing) < room:
        pages[-1].append(f"-# {closing}")
    return [blocks for blocks in pages if blocks]


def freeze(pages: Sequence[Page]) -> str:
    """Return pages as text, to be said in just these words however often it is tried."""
    return json.dumps([[page.title, *page.blocks] for page in pages], ensure_ascii=False)


def thaw(text: str) -> tuple[Page, ...]:
    """Return frozen pages."""
    return tuple(Page(title, tuple(blocks)) for title, *blocks in json.loads(text))


def places(checkins_id: int | None) -> dict[Section, str]:
    """Return where everything of a section can be found."""
    found = {
        Section.OPPORTUNITIES: _("`/opportunity list`"),
        Section.CLOSING: _("`/opportunity list`"),
    }
    if checkins_id is not None:
        found[Section.WINS] = found[Section.KUDOS] = f"<#{checkins_id}>"
    return found
