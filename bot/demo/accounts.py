"""What people did with each other, week by week, and whether the figures add up."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from bot.demo import ledger
from bot.demo.ledger import Row, sums
from bot.demo.plot import SKIPS, Did, Done, expected_in, round_at, round_weeks, week_at

PAUSED_AFTER = 3
"""Introductions missed in a row after which somebody is left in peace."""
AT_ONCE = timedelta(hours=1)
"""Threads opened so soon after a round's time belong to the round; later ones to a daily draw."""


@dataclass(frozen=True)
class Room:
    """A private thread as Discord has it: since when, who is in it, who wrote, how often the bot
    welcomed them."""

    room_id: int
    at: datetime
    people: frozenset[str]
    wrote: frozenset[str] = frozenset()
    welcomes: int = 1

    @property
    def week(self) -> int:
        """Say in which week it was opened."""
        return week_at(self.at)

    @property
    def round_week(self) -> int:
        """Say in the week of which round it was opened."""
        begun = self.week - (self.week + 1) % 2
        return begun if self.at >= round_at(begun) else begun - 2

    @property
    def again(self) -> bool:
        """Say whether it comes from a daily draw, after the round itself."""
        return self.at - round_at(self.round_week) >= AT_ONCE

    @property
    def pairs(self) -> set[frozenset[str]]:
        """Return every two who are in it together."""
        return {frozenset(pair) for pair in combinations(self.people, 2)}


@dataclass(frozen=True)
class Evidence:
    """What the simulated Discord shows, and what was done, without the bot's own memory."""

    rooms: Sequence[Room]
    done: Sequence[Done]
    expired: Sequence[datetime]  # when a request ran out that nobody had declined

    def meetings(self) -> set[int]:
        """Return the threads in which somebody pressed *We met*."""
        return {one.room_id for one in self.done if one.did is Did.MET}

    def misses(self, key: str, before: datetime) -> int:
        """Count the latest introductions in a row that somebody let pass in silence."""
        mine = [room for room in self.rooms if key in room.people and room.at < before]
        count = 0
        for room in sorted(mine, key=lambda one: one.at):
            if key in room.wrote:
                count = 0
            elif room.room_id not in self.meetings():
                count += 1
        return count

    def repeats(self) -> list[Room]:
        """Return the threads that brought two together who had been in an earlier one."""
        known = set[frozenset[str]]()
        found: list[Room] = []
        for room in sorted(self.rooms, key=lambda one: one.at):
            if room.pairs & known:
                found.append(room)
            known |= room.pairs
        return found


COLUMNS = (
    "rounds",
    "groups",
    "re-matched",
    "met",
    "repeats",
    "asked",
    "given",
    "declined",
    "expired",
    "unasked",
    "kudos",
    "shared",
)
HEADS = {"introductions": 5, "feedback": 5, "thanks": 2}
"""What stands above the columns, and above how many of them."""
_DEEDS = {
    "met": Did.MET,
    "asked": Did.ASKED,
    "given": Did.GIVEN,
    "declined": Did.DECLINED,
    "unasked": Did.UNASKED,
    "kudos": Did.THANKED,
    "shared": Did.SHARED,
}


def accounts(evidence: Evidence, weeks: int) -> list[Row]:
    """Put the figures together, one row for each week."""
    done = Counter((one.week, one.did) for one in evidence.done)
    groups = Counter(room.week for room in evidence.rooms if not room.again)
    again = Counter(room.week for room in evidence.rooms if room.again)
    repeats = Counter(room.week for room in evidence.repeats())
    expired = Counter(week_at(at) for at in evidence.expired)
    rows: list[Row] = []
    for week in range(1, weeks + 1):
        figures = {name: done[week, did] for name, did in _DEEDS.items()}
        figures |= {
            "rounds": int(groups[week] > 0),
            "groups": groups[week],
            "re-matched": again[week],
            "repeats": repeats[week],
            "expired": expired[week],
        }
        rows.append(Row(week, figures))
    return rows


def table(rows: Sequence[Row]) -> str:
    """Draw what people did with each other, week by week."""
    return ledger.table(HEADS, COLUMNS, rows)


def mistakes(evidence: Evidence, rows: Sequence[Row]) -> list[str]:
    """Name whatever is not as it should be: somebody twice, left out, met again, never told."""
    found = [
        f"{_names(room.people)} were brought together again in week {room.week}"
        for room in evidence.repeats()
    ]
    found += [
        f"{_names(room.people)} were welcomed {room.welcomes} times in week {room.week}"
        for room in evidence.rooms
        if room.welcomes != 1
    ]
    found += [
        f"{_names(room.people)} are too few or too many for a group of two, week {room.week}"
        for room in evidence.rooms
        if not 2 <= len(room.people) <= 3
    ]
    for week in round_weeks(len(rows)):
        begun = round_at(week)
        expected = {k for k in expected_in(week) if evidence.misses(k, begun) < PAUSED_AFTER}
        found += _of_round(evidence, week, expected)
    total = sums(rows)
    settled = total["given"] + total["declined"] + total["expired"]
    waiting = total["asked"] - settled
    if waiting < 0:
        found.append(f"{settled} requests came to an end, but only {total['asked']} were made")
    return found


def _of_round(evidence: Evidence, week: int, expected: set[str]) -> Iterable[str]:
    """Everyone who takes part sits in exactly one thread of a round, and nobody else does."""
    rooms = [one for one in evidence.rooms if one.round_week == week and not one.again]
    seats = Counter(key for room in rooms for key in room.people)
    for key in sorted(expected - seats.keys()):
        yield f"{key} met nobody in the round of week {week}"
    for key in sorted(seats.keys() - expected):
        yield f"{key} was brought together with somebody in week {week} without taking part"
    for key in sorted(key for key, times in seats.items() if times > 1):
        yield f"{key} sits in {seats[key]} threads of the round of week {week}"
    trios = sum(len(room.people) == 3 for room in rooms)
    if trios > 1 + (SKIPS[1] == week):  # who was to meet somebody who skips joins a pair
        yield f"the round of week {week} has {trios} trios for {len(seats)} people"


def _names(people: Iterable[str]) -> str:
    return " and ".join(sorted(people))
