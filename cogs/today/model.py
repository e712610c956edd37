"""What one panel and one page of help hold."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.knowledge.week import Week
from bot.people.contributions import Deeds, HelpLine, Line
from bot.people.memberships import Member
from bot.storage.drafts import Draft

TAUGHT = ("/me", "/checkin now", "/ask question", "/help")
"""The four commands people are taught, in this order."""
MOST_LINES, FEWEST_LINES = 6, 3
"""Lines with a button of their own; the rest stands behind *More*, so that it stays one screen."""
SCREEN = 900
"""Characters of text that a phone shows without scrolling far."""
LINE_LIMIT = 130
A_PAGE = 8
"""Lines on one page behind *More*."""


class Hint(StrEnum):
    """What keeps messages from somebody at the moment."""

    PAUSED = "paused"
    HELD = "held"
    CLOSED = "closed"


def excerpt(draft: Draft) -> str:
    """Return what somebody typed into a form, its fields one below the other."""
    answers: dict[str, Any] = json.loads(draft.answers)
    typed = [value for value in answers.values() if isinstance(value, str) and value.strip()]
    return "\n".join(typed) or "…"


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything `/me` shows to a member; `others` are their other memberships."""

    member: Member
    week: Week
    lines: tuple[Line, ...]
    drafts: tuple[Draft, ...]
    others: tuple[Member, ...]
    cohort_paused: bool
    now: datetime
    deeds: Deeds = field(default_factory=Deeds)


@dataclass(frozen=True, slots=True)
class Doorstep:
    """What `/me` shows to somebody who is in no cohort: where they can join, what they can run."""

    name: str
    cohorts: tuple[tuple[int, str], ...]
    moderates: bool
    drafts: tuple[Draft, ...]
    in_server: bool
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Help:
    """Which commands there are, for this person."""

    taught: tuple[HelpLine, ...]
    others: tuple[HelpLine, ...]
    staff: tuple[HelpLine, ...]
    may_ask_for_staff: bool
