"""What a goal is."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.face.words import N_
from bot.people.activity import Visibility

MOST_OPEN_GOALS = 25
"""As many as one list of choices can hold (Discord, 25 options)."""
WHAT_LIMIT = 300
TEXT_LIMIT = 1000
NOTE_LIMIT = 1000


class Area(StrEnum):
    """What a goal is about."""

    TECHNICAL = "technical"
    BUSINESS = "business"
    CONNECTION = "connection"
    DIRECTION = "direction"
    STUDIES = "studies"
    PORTFOLIO = "portfolio"


AREAS: dict[Area, str] = {
    Area.TECHNICAL: N_("Technical skill"),
    Area.BUSINESS: N_("Business process"),
    Area.CONNECTION: N_("Professional connection"),
    Area.DIRECTION: N_("Career direction"),
    Area.STUDIES: N_("Studies"),
    Area.PORTFOLIO: N_("Portfolio"),
}


class GoalState(StrEnum):
    """Whether somebody still works on a goal, reached it, or let it go."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Goal:
    """Something a member wants to reach, in their own words.

    `measure` is how they will know, `lesson` what they took from it when they let it go.
    """

    goal_id: int
    member_id: int
    what: str
    measure: str
    first_step: str
    target_on: date | None
    area: Area
    visibility: Visibility
    state: GoalState
    lesson: str
    made_at: datetime
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Say whether the member still works on it."""
        return self.state is GoalState.OPEN


@dataclass(frozen=True, slots=True)
class Note:
    """A line of progress on a goal."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class GoalPage:
    """A goal with its latest notes, newest first, and the day it is for its member."""

    goal: Goal
    notes: tuple[Note, ...]
    today: date
    may_keep: bool = False


@dataclass(frozen=True, slots=True)
class GoalList:
    """One page of a member's goals in one state, with how many there are in each."""

    goals: tuple[Goal, ...]
    state: GoalState
    page: int
    pages: int
    counts: dict[GoalState, int]
    today: date
    cohort_name: str
