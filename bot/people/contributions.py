"""What features add to each other's cards and files without knowing each other."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.knowledge.content import Section
from bot.matching.model import Weights
from bot.people.activity import Visibility
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.memberships import Member
from bot.people.record import Entry
from bot.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Line:
    """A line on `/me` or `/cohort status`, with the button that goes on from there, if any.

    Urgent lines stand first, then the lowest `order`: about 10 where somebody waits, 20 for what
    ends this week, 30 for what they work on, 40 for suggestions, 60 for invitations, 80 for what
    has time. What finds no room on the panel stands behind *More*.
    """

    text: str
    label: str | None = None
    action: str | None = None
    subject: str = ""
    order: int = 50
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Deeds:
    """Which of this week's actions a member has done, and the button that takes them up."""

    done: frozenset[str] = frozenset()
    label: str = ""
    action: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class ExportPart:
    """A feature's part of somebody's export: rows of plain values under a title."""

    name: str
    title: str
    rows: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ChannelNeed:
    """What a feature must be allowed to do in one of a cohort's channels.

    `channel` is the cohort's field (`checkins_id`); `permissions` are Discord's names.
    """

    channel: str
    permissions: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A command worth knowing, in the words of somebody who never saw it."""

    command: str
    text: str
    taught: bool = False
    staff: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """A line of a weekly message: what a cohort reads, or what a member reads of their own week.

    `text` is ready to be shown: what people wrote in it is escaped, and no longer than 300
    characters (`bot.face.escape.one_line`). Lines of a section stand in the order of `order`, then
    as they were added. `more` is how many others like it a feature left out behind this one.
    """

    section: Section
    text: str
    order: int = 50
    more: int = 0


class CutKind(StrEnum):
    """What a stretch of a programme is called in a report: a week, a phase, or all of it."""

    WEEK = "week"
    PHASE = "phase"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a programme that is over; both days belong to it."""

    kind: CutKind
    name: str
    since_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Figure:
    """One fact for a cohort's report, as it is; the report rounds it, or keeps it to itself.

    `people` are different members of whom it is true, `times` how often with each of them counted
    `MOST_TIMES` times at most. `base` is of how many it could be true, where that is not everyone.
    Of a kind of week or phase only one figure may stand for each share of a whole: those who did,
    never those who did not. With `public` it is about no person and is shown as it is.
    """

    key: str
    label: str
    people: int
    times: int | None = None
    base: int | None = None
    public: bool = False
    order: int = 50


MOST_TIMES = 5
"""How often one person counts in a figure's `times`, so that nobody stands out."""


Today = Callable[[Tx, Member, datetime], Awaitable[list[Line]]]
Shown = Callable[[Tx, Member, Visibility], Awaitable[list[str]]]
Mentoring = Callable[[Tx, int, Member], Awaitable[bool]]
Done = Callable[[Tx, Member, datetime], Awaitable[Deeds]]
Status = Callable[[Tx, Cohort, datetime], Awaitable[list[Line]]]
Export = Callable[[Tx, int], Awaitable[list[ExportPart]]]
Stored = Callable[[Tx, int], Awaitable[list[str]]]
Erase = Callable[[Tx, int], Awaitable[None]]
MemberHook = Callable[[Tx, Member, datetime], Awaitable[None]]
Sample = Callable[[Cohort, date], Awaitable[Any]]
Guest = Callable[[Tx, int, datetime], Awaitable[list[Line]]]
Weigh = Callable[[Tx, int], Awaitable[Weights]]
OutsiderHook = Callable[[Tx, int, int, datetime], Awaitable[None]]
"""Told the user's and the cohort's number."""
Digest = Callable[[Tx, Cohort, datetime, datetime], Awaitable[list[News]]]
"""Asked for what happened between two moments, the second of them now; a few statements in all."""
Week = Callable[[Tx, Member, datetime, datetime], Awaitable[list[News]]]
Record = Callable[[Tx, int], Awaitable[list[Entry]]]
Report = Callable[[Tx, Cohort, Cut], Awaitable[list[Figure]]]
Cloned = Callable[[Tx, Cohort, Cohort], Awaitable[None]]
"""Told the cohort whose settings are taken over, and the new one."""
EraseMember = Callable[[Tx, Member], Awaitable[None]]
Tied = Callable[[Tx, int], Awaitable[bool]]
StopAll = Callable[[Tx, Caller, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a kind of message comes, as the end of "You got this because …"; how to stop only those.

    `stop` is told inside the transaction in which a member wants no more of them, `stop_outside`
    the same for somebody who is written to without being a member.
    """

    text: str
    stop: MemberHook | None = None
    stop_outside: OutsiderHook | None = None


async def usual_weights(tx: Tx, cohort_id: int) -> Weights:
    """Return what counts where no cohort has said anything else."""
    return Weights()


@dataclass
class Contributions:
    """The lists that features add to in `setup`.

    today: lines on `/me`. guests: lines on `/me` about what somebody does where they are no member.
    deeds: what a member has done of this week's actions.
    weights: what a cohort finds important when people are brought together.
    shown: lines that somebody else may read on a profile, for a reader who is a mentor or a fellow
    member. mentors: whether a user is a member's mentor, and reads what is for mentors.
    status: lines on `/cohort status`. export: parts of the ZIP.
    stored: plain sentences for `/privacy show`. erase: what a database cascade cannot reach.
    joined, moved, left: told inside the transaction in which a member joins, changes zone or dates,
    or leaves. needs: permissions that set-up checks. help: lines of `/help`. samples: by a
    schedule's kind, the card it will post for a day, to show a moderator before it goes out.
    reasons: by how the kinds of letters begin (`checkin`), for *Why did I get this?*.
    digest: lines of a cohort's weekly digest. week: lines about a member's own week, for nobody
    else. record: a user's part of their record, the one that becomes a résumé.
    stop_all: told inside the transaction in which somebody wants no automatic message any more.
    report: facts about a stretch of a programme, in a few statements, for a cohort's report.
    cloned: told when a cohort begins with another one's settings; never copies what is a person's.
    erase_member: what a cascade cannot reach when a single membership is erased. tied: whether
    somebody is known for more than a membership, so that the rest of them stays when it goes.
    """

    today: list[Today] = field(default_factory=list[Today])
    guests: list[Guest] = field(default_factory=list[Guest])
    deeds: Done | None = None
    weights: Weigh = usual_weights
    shown: list[Shown] = field(default_factory=list[Shown])
    mentors: list[Mentoring] = field(default_factory=list[Mentoring])
    status: list[Status] = field(default_factory=list[Status])
    export: list[Export] = field(default_factory=list[Export])
    stored: list[Stored] = field(default_factory=list[Stored])
    erase: list[Erase] = field(default_factory=list[Erase])
    joined: list[MemberHook] = field(default_factory=list[MemberHook])
    moved: list[MemberHook] = field(default_factory=list[MemberHook])
    left: list[MemberHook] = field(default_factory=list[MemberHook])
    needs: list[ChannelNeed] = field(default_factory=list[ChannelNeed])
    help: list[HelpLine] = field(default_factory=list[HelpLine])
    samples: dict[str, Sample] = field(default_factory=dict[str, Sample])
    reasons: dict[str, Reason] = field(default_factory=dict[str, Reason])
    digest: list[Digest] = field(default_factory=list[Digest])
    week: list[Week] = field(default_factory=list[Week])
    record: list[Record] = field(default_factory=list[Record])
    stop_all: list[StopAll] = field(default_factory=list[StopAll])
    report: list[Report] = field(default_factory=list[Report])
    cloned: list[Cloned] = field(default_factory=list[Cloned])
    erase_member: list[EraseMember] = field(default_factory=list[EraseMember])
    tied: list[Tied] = field(default_factory=list[Tied])


async def tell(hooks: Sequence[MemberHook], tx: Tx, member: Member, now: datetime) -> None:
    """Tell every feature that asked about this kind of change."""
    for hook in hooks:
        await hook(tx, member, now)
