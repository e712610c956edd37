"""What kudos are: thanks for one thing, private until their receiver shares them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.face.words import _
from bot.people.memberships import Member

TEXT_LIMIT = 1000
MOST_UNREAD = 3
"""Kudos of one person that another has not looked at yet."""


class KudosState(StrEnum):
    """Whether the receiver has decided yet, and how."""

    SENT = "sent"
    KEPT = "kept"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Kudos:
    """Thanks; `giver_id` or `receiver_id` is None once that person is gone."""

    kudos_id: int
    cohort_id: int
    giver_id: int | None
    receiver_id: int | None
    text: str
    state: KudosState
    at: datetime


@dataclass(frozen=True, slots=True)
class KudosPage:
    """Kudos with both people and, for the receiver, the channel they could be shared in."""

    kudos: Kudos
    giver: Member | None
    receiver: Member
    channel_id: int | None
    may_keep: bool = False


def bare(name: str) -> str:
    """Return a name without the signs that Discord would read as more than a name."""
    return "".join(sign for sign in name if sign not in "\\*_~`|[]<>@#\n").strip() or _("they")
