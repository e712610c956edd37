"""Facts for a cohort's report, straight from the log of what members did."""

from typing import NamedTuple

from bot.people import activity
from bot.people.cohorts import Cohort
from bot.people.contributions import MOST_TIMES, Cut, CutKind, Figure, Report
from bot.storage.database import Tx


class Told(NamedTuple):
    """How a report calls it that members did one thing, and by which word the log knows it."""

    word: str
    label: str
    order: int


def deeds(*told: Told, by_phase: bool = True) -> Report:
    """Return what counts these for each phase and for the whole, in one statement.

    Without `by_phase` only for the whole, so that there is no second cut to subtract.
    """
    cuts = (CutKind.PHASE, CutKind.WHOLE) if by_phase else (CutKind.WHOLE,)

    async def figures(tx: Tx, cohort: Cohort, cut: Cut) -> list[Figure]:
        if cut.kind not in cuts:
            return []
        words = [each.word for each in told]
        found = await activity.tally(
            tx, cohort.cohort_id, words, cut.since_on, cut.until_on, MOST_TIMES
        )
        return [
            Figure(each.word, each.label, *found.get(each.word, (0, 0)), order=each.order)
            for each in told
        ]

    return figures
