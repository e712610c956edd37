"""What one feature may ask another to do, inside the asking feature's own transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from bot.people.memberships import Member
from bot.storage.database import Tx


@dataclass(frozen=True, slots=True)
class MakeGoal:
    """Start a goal for the member."""

    member: Member
    what: str
    area: str


@dataclass(frozen=True, slots=True)
class KeepEntry:
    """Keep something in the member's journal; the same `source` (`kudos 7`) only once.

    `said_by` is who said it, for words of somebody else.
    """

    member: Member
    text: str
    kind: str
    source: str = ""
    said_by: Member | None = None


@dataclass(frozen=True, slots=True)
class RemindMe:
    """Remind the member of something once, at a moment."""

    member: Member
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportProblem:
    """Bring something to the people a cohort names for serious problems."""

    member: Member
    about: str
    subject_id: int


@dataclass(frozen=True, slots=True)
class TrackOpening:
    """Keep an opening among the member's applications, as saved; once per opening."""

    member: Member
    posting_id: int | None
    company: str
    title: str
    url: str
    deadline_on: date | None


Request = MakeGoal | KeepEntry | RemindMe | ReportProblem | TrackOpening
R = TypeVar("R", bound=Request)
Acceptor = Callable[[Tx, Any, datetime], Awaitable[int]]


class Requests:
    """Who accepts what. A button for a request nobody accepts is not shown."""

    def __init__(self) -> None:
        self._acceptors: dict[type[Any], Acceptor] = {}

    def accept(self, kind: type[R], acceptor: Callable[[Tx, R, datetime], Awaitable[int]]) -> None:
        """Answer requests of this kind; the acceptor returns the id of what it made."""
        self._acceptors[kind] = acceptor

    def accepts(self, kind: type[Request]) -> bool:
        """Say whether somebody answers requests of this kind."""
        return kind in self._acceptors

    async def issue(self, tx: Tx, request: Request, now: datetime) -> int:
        """Have it done inside the caller's transaction; return the id of what was made."""
        return await self._acceptors[type(request)](tx, request, now)
