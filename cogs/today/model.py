"""What one panel and one page of help hold."""

from dataclasses import dataclass
from datetime import datetime

from bot.clockwork.phases import Stage
from bot.knowledge.content import Action
from bot.people.contributions import HelpLine, Line
from bot.people.memberships import Member
from bot.storage.drafts import Draft

TAUGHT = ("/me", "/checkin now", "/ask question", "/help")
"""The four commands people are taught, in this order."""
MOST_LINES = 8
"""Lines with a button of their own, so that the panel stays one screen."""
MOST_DRAFTS = 2


@dataclass(frozen=True, slots=True)
class Week:
    """What this week is about: three actions, where they come from, how far along it is."""

    title: str
    emphasis: str
    actions: tuple[Action, ...]
    stage: Stage
    number: int | None


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
