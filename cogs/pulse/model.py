"""What a pulse is: three questions to a cohort, answered without a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.face.words import N_
from bot.people.cohorts import Cohort

KIND = "pulse"
"""The programme's name in the schedules."""
OPEN_FOR = timedelta(days=7)
GRACE = timedelta(hours=48)
EVERY_WEEKS = 4
TEXT_LIMIT = 500
BATCH = 5
"""So many people's marks and answers are written at once, never fewer while a pulse is open."""
FEWEST, USUAL, MOST = 3, 5, 10
"""Answers below which nothing is ever shown: the floor, the default, the most one can ask for."""
SHUFFLED_UP_TO = 150
"""Rows up to which every answer has all of them written anew, in another order."""
SHOWN_AT_ONCE = 5


class Item(StrEnum):
    """One question of a pulse. The answers of one person do not stand together."""

    GOING = "going"
    HELPS = "helps"
    CHANGE = "change"


class PulseState(StrEnum):
    """Open for answers; then shown, or hidden for good because too few answered."""

    OPEN = "open"
    SHOWN = "shown"
    HIDDEN = "hidden"


GOING: tuple[tuple[str, str], ...] = (
    ("great", N_("Great")),
    ("well", N_("Well")),
    ("so_so", N_("So-so")),
    ("badly", N_("Badly")),
)


@dataclass(frozen=True, slots=True)
class Pulse:
    """One round of a cohort. `counted` are the people whose marks were written."""

    pulse_id: int
    cohort_id: int
    opened_on: date
    closes_at: datetime
    threshold: int
    state: PulseState
    counted: int


Answer = tuple[Item, str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who has answered and what was said, since the last time it was written down."""

    marks: frozenset[str] = frozenset()
    answers: tuple[Answer, ...] = ()

    def joined_by(self, mark: str, said: Sequence[Answer]) -> "Waiting":
        """Return the same with one more person."""
        return Waiting(self.marks | {mark}, (*self.answers, *said))


@dataclass(frozen=True, slots=True)
class PulsePage:
    """A pulse as a member sees it before answering; `mine` says whether they have answered."""

    pulse: Pulse
    cohort: Cohort
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What a cohort said, in no order."""

    pulse: Pulse
    cohort: Cohort
    going: dict[str, int]
    helps: Sequence[str]
    change: Sequence[str]
    page: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """What a moderator sees: never how many have answered an open pulse."""

    cohort: Cohort
    threshold: int
    monthly: bool
    latest: Pulse | None
    next_at: datetime | None
