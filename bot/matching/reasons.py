"""Why a group is a good one, told as facts; in plain Python, so that the bot itself may ask."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from functools import reduce
from itertools import combinations
from math import log, sqrt
from typing import Final
from zoneinfo import ZoneInfo

from bot.clockwork.phases import Phase
from bot.matching.model import Curiosity, History, Person, Reasons, Weights

SLOT: Final = 15
"""Minutes; no zone's offset is finer."""
SLOTS: Final = 24 * 60 // SLOT
WORKDAY: Final = 8 * 60 // SLOT
FORGOTTEN_AFTER: Final = 12
"""Rounds after which a meeting is as good as none for the score."""
_PHASES: Final = tuple(Phase)


class Judge:
    """Knows a cohort on a day, and says what speaks for a group in it.

    For a card about groups a moderator has changed; a `Round` brings its reasons along.
    """

    def __init__(
        self,
        people: Iterable[Person],
        on: date,
        weights: Weights | None = None,
        history: History | None = None,
    ) -> None:
        self._on = on
        self._weights = weights or Weights()
        self._people = {person.person_id: person for person in people}
        self._rarity = rarity(self._people.values())
        self._hours: dict[tuple[str, time, time], int] = {}
        self._met: dict[tuple[int, int], int] = {}
        for one, other, ago in history.meetings if history else ():
            pair = (min(one, other), max(one, other))
            self._met[pair] = min(ago, self._met.get(pair, ago))

    def reasons(self, group: Sequence[int]) -> Reasons:
        """Return what speaks for the group of these person ids."""
        people = [self._people[one] for one in group]
        pairs = list(combinations(people, 2))
        phases = {person.phase for person in people}
        met = [ago for one, other in pairs if (ago := self._ago(one, other))]
        scores = [self.score(one.person_id, other.person_id) for one, other in pairs]
        return Reasons(
            teams=len({person.team for person in people} - {""}),
            interests=self._shared(people),
            minutes=SLOT * reduce(int.__and__, map(self._working, people)).bit_count(),
            curiosities=tuple(_curiosities(people)),
            phase=phases.pop() if len(phases) == 1 else None,
            met_rounds_ago=min(met, default=None),
            score=max(0, round(sum(scores) / len(scores))) if scores else 0,
        )

    def score(self, one: int, other: int) -> float:
        """Return how good it is that these two meet, up to 1000; recent meetings count against."""
        a, b, w = self._people[one], self._people[other], self._weights
        gained = (
            w.other_team * (not a.team or a.team != b.team)
            + w.interests * self._alike(a, b)
            + w.hours * shared_hours(self._working(a), self._working(b))
            + w.curiosity * (_wonders(a, b) + _wonders(b, a)) / 2
            + w.phase * nearness(a.phase, b.phase)
        )
        lost = w.since_met * freshness(self._ago(a, b))
        return 1000 * (gained - lost) / total(w)

    def _ago(self, one: Person, other: Person) -> int | None:
        a, b = one.person_id, other.person_id
        return self._met.get((min(a, b), max(a, b)))

    def _working(self, person: Person) -> int:
        key = (person.zone, person.works_from, person.works_to)
        if key not in self._hours:
            self._hours[key] = working_slots(*key, self._on)
        return self._hours[key]

    def _alike(self, one: Person, other: Person) -> float:
        def worth(words: Iterable[str]) -> float:
            return sum(self._rarity.get(word, 0.0) for word in sorted(words))

        shared = worth(one.interests & other.interests)
        return shared and shared / sqrt(worth(one.interests) * worth(other.interests))

    def _shared(self, people: Sequence[Person]) -> tuple[str, ...]:
        counts = Counter(word for person in people for word in person.interests)
        shared = [word for word, times in counts.items() if times > 1]
        return tuple(sorted(shared, key=lambda w: (-counts[w], -self._rarity[w], w)))


def rarity(people: Iterable[Person]) -> dict[str, float]:
    """Return what each interest is worth that at least two share: the rarer, the more."""
    everyone = list(people)
    counts = Counter(word for person in everyone for word in person.interests)
    return {
        word: max(0.05, log(len(everyone) / times))
        for word, times in sorted(counts.items())
        if times > 1
    }


def working_slots(zone: str, works_from: time, works_to: time, on: date) -> int:
    """Return the quarters of the day, as bits of UTC, in which someone works on that day."""
    noon = datetime.combine(on, time(12), ZoneInfo(zone))
    offset = noon.utcoffset()
    assert offset is not None
    start = (works_from.hour * 60 + works_from.minute - int(offset.total_seconds()) // 60) // SLOT
    worked = (works_to.hour - works_from.hour) * 60 + works_to.minute - works_from.minute
    length = worked // SLOT % SLOTS or SLOTS
    return reduce(int.__or__, (1 << (start + slot) % SLOTS for slot in range(length)))


def shared_hours(one: int, other: int) -> float:
    """Return how much of a working day two people share, 1 for eight hours and more."""
    return min(1.0, (one & other).bit_count() / WORKDAY)


def nearness(one: Phase | None, other: Phase | None) -> float:
    """Return how near two phases are: 1 for the same, 0.5 for neighbours."""
    if one is None or other is None:
        return 0.0
    apart = abs(_PHASES.index(one) - _PHASES.index(other))
    return max(0.0, 1 - apart / 2)


def freshness(rounds_ago: int | None) -> float:
    """Return how fresh a meeting is: almost 1 for the latest round, 0 for none and for old ones."""
    if rounds_ago is None:
        return 0.0
    return max(0.0, 1 - rounds_ago / (FORGOTTEN_AFTER + 1))


def total(weights: Weights) -> int:
    """Return what a perfect pair would gain."""
    w = weights
    return w.other_team + w.interests + w.hours + w.curiosity + w.phase or 1


def _wonders(one: Person, other: Person) -> float:
    return float(not one.curious_about.isdisjoint(other.offers))


def _curiosities(people: Sequence[Person]) -> Iterator[Curiosity]:
    for one in people:
        for other in people:
            if one is not other:
                for about in sorted(one.curious_about & other.offers):
                    yield Curiosity(one.person_id, about, other.person_id)
