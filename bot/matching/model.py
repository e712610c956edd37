"""What matching is asked and what it answers: people as it sees them, a round, an assignment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, time
from typing import Final, NamedTuple

from bot.clockwork.phases import Phase

SMALLEST: Final = 2
LARGEST: Final = 5
MOST: Final = 100
"""The greatest weight."""

Avoid = frozenset[frozenset[int]]
"""Pairs of person ids that are never brought together, whoever asked for it and why."""

NOBODY: Final[Avoid] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """Someone to be matched: a member id and what counts for whom they should meet.

    Words (team, interests, curious_about, offers) are compared letter for letter: give them
    stripped and casefolded. An empty team is unknown and counts as another one than any.
    """

    person_id: int
    team: str = ""
    interests: frozenset[str] = frozenset()
    curious_about: frozenset[str] = frozenset()
    """Work they would like to understand."""
    offers: frozenset[str] = frozenset()
    """Work they can tell about: role, team, a mentor's topics."""
    zone: str = "UTC"
    works_from: time = time(9)
    works_to: time = time(17)
    """Before `works_from` means the next day; equal to it means all day."""
    phase: Phase | None = None
    trios: int = 0
    """How often they were in the odd trio; who was there less is chosen first."""
    trio_last_round: bool = False
    left_out: int = 0
    """Rounds in a row that ended without a group for them; who waited longer goes first."""


@dataclass(frozen=True, slots=True)
class Mentor:
    """A mentor and how many more mentees they have room for."""

    person: Person
    capacity: int


@dataclass(frozen=True, slots=True)
class Weights:
    """What a cohort finds important, 0 to 100 each; only the proportions count.

    Whatever they say: nobody avoided meets, as few as possible stay without a group, and as few
    as possible meet again, in this order.
    """

    other_team: int = 30
    interests: int = 30
    hours: int = 25
    curiosity: int = 25
    phase: int = 5
    since_met: int = 60
    """Among those who have met: rather those whose meeting is long ago."""

    def __post_init__(self) -> None:
        for item in fields(self):
            if not 0 <= getattr(self, item.name) <= MOST:
                raise ValueError(f"the weight {item.name} is between 0 and {MOST}")


class Meeting(NamedTuple):
    """Two people met, so many rounds ago; 1 is the latest round."""

    one: int
    other: int
    rounds_ago: int


@dataclass(frozen=True, slots=True)
class History:
    """Who met whom. The order is free, and a pair may stand in it several times."""

    meetings: tuple[Meeting, ...] = ()

    @classmethod
    def of_rounds(cls, rounds: Sequence[Iterable[Sequence[int]]]) -> "History":
        """Return the history of whole rounds of groups, the latest round first."""
        return cls(
            tuple(
                Meeting(one, other, ago)
                for ago, groups in enumerate(rounds, start=1)
                for group in groups
                for place, one in enumerate(group)
                for other in group[place + 1 :]
            )
        )


class Curiosity(NamedTuple):
    """One person wants to understand a kind of work that the other can tell about."""

    person_id: int
    about: str
    from_id: int


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a group is a good one, as facts a card can put into words."""

    teams: int = 0
    """How many different known teams are in it."""
    interests: tuple[str, ...] = ()
    """Shared by at least two of them: what most of them share first, rare ones first."""
    minutes: int = 0
    """Minutes of a day in which all of them work."""
    curiosities: tuple[Curiosity, ...] = ()
    phase: Phase | None = None
    """The phase all of them are in."""
    met_rounds_ago: int | None = None
    """How long ago the latest meeting inside the group was, if two of them have met."""
    score: int = 0
    """Mean over its pairs, 0 to 1000."""


@dataclass(frozen=True, slots=True)
class Round:
    """Everyone in exactly one group, or on the shortest possible list of the unmatched."""

    groups: tuple[tuple[int, ...], ...]
    """Each sorted by id; groups are sorted too."""
    reasons: tuple[Reasons, ...]
    """One for each group, in the same order."""
    unmatched: tuple[int, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """Mentees with their mentors, and the mentees for whom nobody had room."""

    pairs: tuple[tuple[int, int], ...]
    """(mentee, mentor), sorted by mentee."""
    reasons: tuple[Reasons, ...]
    waiting: tuple[int, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Pairing:
    """The whole question for a round of groups of `size`."""

    people: tuple[Person, ...]
    on: date
    """The day of the round: it decides whose clocks stand where."""
    size: int = 2
    weights: Weights = field(default_factory=Weights)
    history: History = field(default_factory=History)
    avoid: Avoid = NOBODY
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Mentoring:
    """The whole question for an assignment of mentors."""

    mentees: tuple[Person, ...]
    mentors: tuple[Mentor, ...]
    on: date
    weights: Weights = field(default_factory=Weights)
    avoid: Avoid = NOBODY
    seed: int = 0
