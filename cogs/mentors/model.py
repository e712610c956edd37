"""What mentoring is: who offers time, who asks for it, and what two people agreed on."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.clockwork.phases import Phase
from bot.clockwork.recurrence import to_utc
from bot.clockwork.zones import zone_info
from bot.delivery.quiet import wait
from bot.face.words import N_
from bot.knowledge.content import Agenda
from bot.matching.model import Reasons
from bot.people.memberships import Member

TOPICS_LIMIT = 300
WISH_LIMIT = 600
GOALS_LIMIT = 600
PLACE_LIMIT = 200
NOTE_LIMIT = 2000
MOST_MENTEES = 3
QUIET_AFTER = timedelta(days=90)
"""After so long without a sign of life from a pair, both are asked whether it goes on."""
ANSWER_WITHIN = timedelta(days=7)
"""Without an answer to that for so long, the mentor's place is free for somebody else."""
LETTER_KEPT = timedelta(days=21)

WORKDAYS = (0, 1, 2, 3, 4)
MINUTES = (
    ("10", N_("About 10 minutes")),
    ("20", N_("About 20 minutes")),
    ("30", N_("About 30 minutes")),
    ("60", N_("About an hour")),
)
CADENCES = (
    ("weekly", N_("Every week")),
    ("fortnightly", N_("Every two weeks")),
    ("monthly", N_("Every month")),
    ("open", N_("When there is something")),
)


class MentorState(StrEnum):
    """Where a mentor stands: somebody without the mentors' role is let in by a moderator."""

    ASKED = "asked"
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"
    DECLINED = "declined"


class RequestState(StrEnum):
    """What became of a member's request for a mentor."""

    WAITING = "waiting"
    PAIRED = "paired"
    WITHDRAWN = "withdrawn"


class PairingState(StrEnum):
    """Whether two people still go on."""

    ACTIVE = "active"
    ENDED = "ended"


class Ending(StrEnum):
    """Why a pairing ended; nobody is asked for a reason."""

    PASSED = "passed"
    MENTOR_LEFT = "mentor_left"
    MENTEE_LEFT = "mentee_left"
    DONE = "done"
    QUIET = "quiet"
    APART = "apart"


class Side(StrEnum):
    """Which of the two somebody is."""

    MENTOR = "mentor"
    MENTEE = "mentee"

    @property
    def other(self) -> "Side":
        """The one across."""
        return Side.MENTEE if self is Side.MENTOR else Side.MENTOR


class MatchState(StrEnum):
    """A match is a draft until a moderator approves it; another draft takes its place."""

    DRAFT = "draft"
    APPROVED = "approved"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a mentor offers, as they said it."""

    topics: str
    minutes: int
    mentees: int


@dataclass(frozen=True, slots=True)
class Mentor:
    """Somebody who gives time to a cohort, whether they are a member of it or not."""

    mentor_id: int
    cohort_id: int
    user_id: int
    name: str
    topics: str
    minutes: int
    mentees: int
    days: tuple[int, ...]
    state: MentorState
    paused_until: date | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """What a member would like from a mentor."""

    request_id: int
    cohort_id: int
    member_id: int
    topics: str
    wish: str
    state: RequestState
    at: datetime


@dataclass(frozen=True, slots=True)
class Pairing:
    """A mentor and a mentee, what they agreed on, and when they last gave a sign of life."""

    pairing_id: int
    cohort_id: int
    mentor_id: int
    member_id: int
    request_id: int | None
    state: PairingState
    ending: Ending | None
    began_at: datetime
    ended_at: datetime | None
    active_at: datetime
    asked_at: datetime | None
    met_at: datetime | None
    goals: str
    cadence: str
    channel: str
    mentor_agreed_at: datetime | None
    mentee_agreed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Say whether it goes on."""
        return self.state is PairingState.ACTIVE

    @property
    def is_agreed(self) -> bool:
        """Say whether both have said yes to the same words."""
        return self.mentor_agreed_at is not None and self.mentee_agreed_at is not None

    def agreed(self, side: Side) -> bool:
        """Say whether this one of them has said yes."""
        at = self.mentor_agreed_at if side is Side.MENTOR else self.mentee_agreed_at
        return at is not None

    @property
    def may_be_passed(self) -> bool:
        """Say whether the mentor has not begun yet, and may still pass."""
        return self.is_open and self.met_at is None and self.mentor_agreed_at is None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A light agreement: what for, how often, where."""

    goals: str
    cadence: str
    channel: str


@dataclass(frozen=True, slots=True)
class Note:
    """What one of two wrote for themselves about the other."""

    note_id: int
    user_id: int
    about_id: int | None
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Match:
    """An assignment of mentors before it goes out."""

    match_id: int
    cohort_id: int
    seed: int
    state: MatchState
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """One pair of a match, as a moderator may still change it."""

    proposal_id: int
    match_id: int
    request_id: int
    mentor_id: int
    left_out: bool


# --- what cards are drawn from


@dataclass(frozen=True, slots=True)
class Door:
    """What somebody meets who wants to be a mentor.

    `mentor` is None until they are one; `zone` is asked of those whom nobody knows yet.
    """

    cohort_id: int
    cohort_name: str
    mentor: Mentor | None
    asks_zone: bool
    zone: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A pairing with both people."""

    pairing: Pairing
    mentor: Mentor
    member: Member

    def side_of(self, user_id: int) -> Side | None:
        """Return which of the two a user is, if any."""
        if user_id == self.mentor.user_id:
            return Side.MENTOR
        return Side.MENTEE if user_id == self.member.user_id else None

    def name_of(self, side: Side) -> str:
        """Return the name of one of the two."""
        return self.mentor.name if side is Side.MENTOR else self.member.name

    def user_of(self, side: Side) -> int:
        """Return the user number of one of the two."""
        return self.mentor.user_id if side is Side.MENTOR else self.member.user_id


@dataclass(frozen=True, slots=True)
class MentorPage:
    """A mentor's own card; `may_hear` says whether a press would have them written to again."""

    mentor: Mentor
    cohort_name: str
    zone: str
    pairs: tuple[Pair, ...]
    hears: bool
    may_hear: bool


@dataclass(frozen=True, slots=True)
class PairPage:
    """A pairing as one of the two sees it.

    `about` is what the other's profile shows, `lines` what they let their mentor read of goals and
    check-ins; a mentee sees neither of a mentor.
    """

    pair: Pair
    side: Side
    wish: str
    about: tuple[str, ...]
    lines: tuple[str, ...]
    phase: Phase | None
    agenda: Agenda
    silent: bool = False


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Where a member's request for a mentor stands."""

    member: Member
    request: Request | None
    mentors: int
    silent: bool = False


@dataclass(frozen=True, slots=True)
class NotesPage:
    """Somebody's own notes about the other."""

    pair: Pair
    side: Side
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Leaving:
    """What would end if somebody left."""

    mentor: Mentor | None
    mentees: int
    pair: Pair | None
    request: Request | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """One pair of a draft, with what speaks for it."""

    proposal: Proposal
    request: Request
    member: Member
    mentor: Mentor
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class MatchPage:
    """One page of a draft."""

    match: Match
    cohort_name: str
    rows: tuple[Proposed, ...]
    page: int
    pages: int
    pairs: int
    left_out: int
    waiting: tuple[str, ...]
    room: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Another mentor for a mentee: one with room, or one that changes places with somebody."""

    value: str
    mentor: str
    swaps_with: str | None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A pair about to be changed, and what it could become."""

    match_id: int
    row: Proposed
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Approved:
    """What went out, and whom it left waiting."""

    cohort_id: int
    cohort_name: str
    pairs: int
    not_paired: tuple[str, ...]


# --- pure questions

_PARTS = re.compile(r"[,;/\n]| and ")
_WORD = re.compile(r"[^\W_][\w+#.-]*")
_FILLER = {
    "the",
    "and",
    "for",
    "with",
    "how",
    "to",
    "in",
    "of",
    "my",
    "a",
    "an",
    "on",
    "or",
    "about",
}


def terms(*texts: str) -> frozenset[str]:
    """Return what texts are about, so that two people's words can be compared: phrases and words.

    "Career talks, Python" gives "career talks", "career", "talks" and "python".
    """
    found: set[str] = set()
    for text in texts:
        for part in _PARTS.split(text.casefold()):
            words = [word.strip(".-") for word in _WORD.findall(part)]
            words = [word for word in words if word and word not in _FILLER]
            found.update(words)
            if words:
                found.add(" ".join(words))
    return frozenset(found)


def welcome(
    moment: datetime, zone: str, quiet: tuple[time, time], days: Collection[int]
) -> datetime | None:
    """Return the first moment from then on at which a mentor may be pinged; None if on no day."""
    if not days:
        return None
    awake = wait(moment, zone, *quiet)
    day = awake.astimezone(zone_info(zone)).date()
    if day.weekday() in days:
        return awake
    while day.weekday() not in days:
        day += timedelta(days=1)
    return to_utc(day, quiet[1], zone)


def room(mentor: Mentor, pairings: Iterable[Pairing]) -> int:
    """Return how many more mentees a mentor has room for."""
    if mentor.state is not MentorState.ACTIVE:
        return 0
    taken = sum(one.is_open for one in pairings if one.mentor_id == mentor.mentor_id)
    return max(0, mentor.mentees - taken)
