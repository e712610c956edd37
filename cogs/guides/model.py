"""What a reader sees: a shelf of guides on one topic, or one of them."""

from dataclasses import dataclass

from bot.knowledge.content import Guide, Subject

A_PAGE = 6
"""Guides on one page of a shelf, each with a button."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The guides on a topic, one page of them; without a topic only the topics to choose from."""

    topics: tuple[Subject, ...]
    topic: Subject | None = None
    guides: tuple[Guide, ...] = ()
    page: int = 0
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """One guide, the topic that leads to more like it, and what it was opened from, if anything.

    `back` is the press that leads there: an action and its subject.
    """

    guide: Guide
    topic: Subject | None
    back: tuple[str, str] | None = None
