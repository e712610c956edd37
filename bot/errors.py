"""What may go wrong in words: what a person may read, and what an operator may read.

    Refusal          a member can act on it; its text is shown to them word for word
    ├─ NotFound      what they named is gone or was never theirs
    └─ NotAllowed    someone else may do this; the text says who
    CannotStart      an operator can act on it; one line, then the process ends

Anything else is a fault of ours: it is logged under an incident id, and the person reads
only that id.
"""

from dataclasses import dataclass
from typing import Final

LOCKED: Final = 75
"""Exit code for "not now": another process is at it, or the disk is full. Try again later."""

MISCONFIGURED: Final = 78
"""Exit code for "not like this": a setting, a file or a permission has to change first."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A button that goes on from a refusal; it is handed the draft of what was typed."""

    label: str
    action: str


class Refusal(Exception):
    """The bot will not do this, for a reason the person can act on.

    `str(refusal)` is shown word for word, so write it to the person. `offers` stand in place of
    *Try again* where trying the same again would not help.
    """

    def __init__(self, text: str = "", *, offers: tuple[Offer, ...] = ()) -> None:
        super().__init__(text)
        self.offers = offers


class NotFound(Refusal):
    """The person named something that is not there, or not theirs."""


class NotAllowed(Refusal):
    """The person may not do this; the text says who may."""


class CannotStart(Exception):
    """The process cannot go on, for a reason the operator can act on, told in one line."""

    def __init__(self, reason: str, exit_code: int = MISCONFIGURED) -> None:
        super().__init__(reason)
        self.exit_code = exit_code
