"""The door to matching: a question goes to a child process and the bot goes on meanwhile.

The solver holds Python's lock for as long as it thinks, and its libraries weigh as much as the
bot, so it lives in a process that exists for one question only.
"""

from collections.abc import Iterable
from datetime import date

from bot.matching.model import (
    NOBODY,
    Assignment,
    Avoid,
    History,
    Mentor,
    Person,
    Round,
    Weights,
)


async def match(
    people: Iterable[Person],
    weights: Weights | None = None,
    history: History | None = None,
    avoid: Avoid = NOBODY,
    size: int = 2,
    *,
    on: date,
    seed: int,
) -> Round:
    """Return the best round of groups of `size` (2 to 5); the same seed gives the same round.

    Pass everyone eligible and nobody else; ids that `history` and `avoid` name besides are
    ignored. An odd cohort of pairs has one trio. Cancelling the task ends the child process.
    """
    raise NotImplementedError


async def assign(
    mentees: Iterable[Person],
    mentors: Iterable[Mentor],
    weights: Weights | None = None,
    avoid: Avoid = NOBODY,
    *,
    on: date,
    seed: int,
) -> Assignment:
    """Return the best assignment: as many mentees as there is room, loads spread, best scores.

    A mentee's `curious_about` meets a mentor's `offers`. Existing pairs that shall not come
    again belong into `avoid`. Nobody is their own mentor.
    """
    raise NotImplementedError
