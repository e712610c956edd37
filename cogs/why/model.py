"""What explains a message, and what stopping everything takes back."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.clockwork.recurrence import Weekly
from bot.people.memberships import Delivery, Member

_ONE = re.compile(r"(\d{1,15})([dtc])([01])")
_LETTERS = {Delivery.DM: "d", Delivery.THREAD: "t", Delivery.CARD: "c"}
_WAYS = {letter: way for way, letter in _LETTERS.items()}
MOST_REMEMBERED = 90
"""Characters of a button that can be spent on the way back (Discord, custom_id of 100)."""


@dataclass(frozen=True, slots=True)
class Because:
    """Why a message came, for the person asking.

    `reason` ends "because …"; `rule` is the schedule it belongs to, in the cohort's `zone` or, when
    that is None, on the member's own clock. `member` is None when it was not for them, or for
    somebody `outside`, who is written to without being a member.
    """

    letter_id: int
    reason: str | None
    cohort_name: str | None
    cohort_id: int | None
    member: Member | None
    rule: Weekly | None
    zone: str | None
    at: datetime
    may_stop_these: bool
    private: bool
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Was:
    """How somebody was reached before they stopped everything."""

    member_id: int
    delivery: Delivery
    side_thread: bool


def remember(before: list[Was]) -> str:
    """Put the way back into a button."""
    parts = [f"{one.member_id}{_LETTERS[one.delivery]}{int(one.side_thread)}" for one in before]
    while len("-".join(parts)) > MOST_REMEMBERED:
        parts.pop()
    return "-".join(parts)


def recall(token: str) -> list[Was]:
    """Read the way back from a button; what cannot be read is left out."""
    found = [_ONE.fullmatch(part) for part in token.split("-")]
    return [Was(int(one[1]), _WAYS[one[2]], one[3] == "1") for one in found if one]
