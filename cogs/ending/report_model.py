"""What a report may say without saying it of somebody.

A report is read by people who know the cohort: how many are in it, who left last week, what they
themselves did. It is asked for again and again, and the answers can be laid side by side. So:

1. **No small cell, on either side.** A figure is shown in fives, rounded down, and only when it
   holds for at least five people. It is rounded down from at most *all but four*, so that nobody
   can tell whether four, one or none are missing: "at least 15 of 20" stands for 15 to 20. Every
   answer, a hidden one too, fits at least five different truths, also for somebody who knows the
   exact number of members (`shown`).
2. **Fixed cuts that never overlap.** Weeks of check-ins, phases of everything else; nobody chooses
   a date range. When a moderator moves the dates of a programme, a cut begins after the last one
   that was counted (`after`).
3. **Counted once.** A cut is counted a week after it ended, written down as it is shown, and never
   counted again. Whoever leaves or is erased later changes nothing, so that a second report is the
   same cell for cell, and there is nothing to subtract.
4. **No totals to subtract from.** There is no running total. The whole programme is counted once,
   when it is over, and then says no more of "different people" than what its cuts may add up to
   with a hidden one at nothing (`whole`). "How often" is the sum of what the cuts show.
5. **No parts that add up.** Of those who did and those who did not only the first are shown;
   paused, unreached and asked may be the same people, and are no shares of anything.
6. **Nobody stands out.** In "how often" each person counts five times at most, and never more is
   shown than five times the people shown.

What it cannot do: hide something from somebody who knows it of everybody else already.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.clockwork.phases import Phase, phase_spans
from bot.people.cohorts import Cohort
from bot.people.contributions import MOST_TIMES, Cut, CutKind, Figure

STEP = 5
"""No smaller group is spoken of, and everything is counted in steps of this size."""
SETTLES_IN = timedelta(days=7)
"""Late answers are taken until the next week's; only then a cut is counted."""
OPENED_AGAIN = timedelta(days=14)
"""A cohort that was closed early may be opened again; its last cut waits until that is over."""


class Shown(NamedTuple):
    """A figure as a report shows it: "at least so many", or nothing. `most` is its widest truth."""

    people: int | None
    times: int | None
    most: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One cell of a report, as it was written down."""

    cut: str
    figure: str
    label: str
    order: int
    people: int | None
    times: int | None
    most: int


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report: the cuts that are counted, their facts, and when the whole is counted."""

    cohort: Cohort
    cuts: Sequence[Cut]
    facts: Sequence[Fact]
    whole_on: date | None
    now: datetime

    def of(self, cut: Cut) -> list[Fact]:
        """Return the facts of a cut, in their order."""
        here = [fact for fact in self.facts if fact.cut == key(cut)]
        return sorted(here, key=lambda fact: (fact.order, fact.figure))

    def kinds(self, kind: CutKind) -> list[Cut]:
        """Return the cuts of a kind, in the order of their days."""
        return sorted((c for c in self.cuts if c.kind is kind), key=lambda cut: cut.since_on)


def key(cut: Cut) -> str:
    """Return by what a cut is known for ever."""
    return f"{cut.kind.value}:{cut.name}"


def fives(number: int) -> int:
    """Round down."""
    return number - number % STEP


def shown(people: int, base: int, times: int | None = None) -> Shown:
    """Return what may be said of a figure, `base` being of how many it could be true."""
    people = min(people, base)
    top = fives(max(0, base - (STEP - 1)))
    least = min(fives(people), top)
    most = base if least == top else least + STEP - 1
    if least < STEP:
        return Shown(None, None, most)
    often = None if times is None else fives(min(max(times, people), MOST_TIMES * least))
    return Shown(least, often, most)


def whole(people: int, base: int, parts: Sequence[Shown]) -> Shown:
    """Return what may be said of the whole programme beside what its cuts say already."""
    if parts:
        people = min(people, sum(part.most for part in parts) - (STEP - 1))
    least, _times, most = shown(max(0, people), base)
    often = [part.times for part in parts if part.times is not None]
    return Shown(least, sum(often) if least and often else None, most)


def cuts_of(cohort: Cohort, over_on: date | None) -> list[Cut]:
    """Return the cuts of a programme in order: weeks and phases, then the whole.

    One that was closed early ends on that day.
    """
    if cohort.first_day is None or cohort.last_day is None:
        return []
    last_on = min(cohort.last_day, over_on or cohort.last_day)
    spans = [s for s in phase_spans(cohort.first_day, cohort.last_day) if s.phase != Phase.AFTER]
    found = [
        Cut(CutKind.PHASE, span.phase.value, span.first_on, min(span.last_on, last_on))
        for span in spans
        if span.first_on <= last_on
    ]
    monday = cohort.first_day - timedelta(days=cohort.first_day.weekday())
    while monday <= last_on:
        until_on = min(monday + timedelta(days=6), last_on)
        found.append(Cut(CutKind.WEEK, monday.isoformat(), monday, until_on))
        monday += timedelta(days=7)
    if spans and spans[0].first_on <= last_on:
        found.append(Cut(CutKind.WHOLE, "all", spans[0].first_on, last_on))
    return found


def counted_on(cut: Cut, over_on: date | None) -> date:
    """Return the day on which a cut is counted."""
    settled = cut.until_on + SETTLES_IN
    if over_on is not None and cut.until_on >= over_on:
        return max(settled, over_on + OPENED_AGAIN)
    return settled


def after(cut: Cut, known: Iterable[Cut]) -> Cut | None:
    """Return a cut without the days that were counted already; None when nothing is left."""
    ends = [other.until_on for other in known if other.kind is cut.kind]
    since_on = max([cut.since_on, *(end + timedelta(days=1) for end in ends)])
    if since_on > cut.until_on:
        return None
    return Cut(cut.kind, cut.name, since_on, cut.until_on)


def part_of(figure: Figure, base: int) -> Shown:
    """Return what may be said of a figure of one cut."""
    if figure.public:
        return Shown(None, figure.people, figure.people)
    return shown(figure.people, base if figure.base is None else figure.base, figure.times)
