"""Why a group is a good one, told as facts; in plain Python, so that the bot itself may ask."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.matching.model import History, Person, Reasons, Weights


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
        raise NotImplementedError

    def reasons(self, group: Sequence[int]) -> Reasons:
        """Return what speaks for the group of these person ids."""
        raise NotImplementedError
