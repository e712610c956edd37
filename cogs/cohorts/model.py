"""What setting up and running a cohort is about: steps, places, permissions, plans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from bot.clockwork.phases import Phase
from bot.clockwork.recurrence import Weekly
from bot.clockwork.zones import zone_info
from bot.delivery.schedules import Scope
from bot.face.words import N_
from bot.people.cohorts import Cohort
from bot.people.roster import Expected, Turnout

NAME_LIMIT = 60
MOST_COHORTS = 25
MOST_CONTACTS = 5
MOST_INVITES = 2
OPEN_HOURS = (48, 72, 96, 120)
PAGE_SIZE = 20
CHANGE_KEPT_FOR = timedelta(days=2)
CHECKIN = "checkin"
DIGEST = "digest"
CHECKIN_AT = time(9)
CHECKIN_GRACE = timedelta(hours=48)
"""A check-in is open for 72 hours; two days late it is still worth asking."""


class Step(StrEnum):
    """Where in the set-up a draft stands."""

    NAME = "name"
    ZONE = "zone"
    CHANNELS = "channels"
    ROLES = "roles"
    TIMES = "times"
    CHECK = "check"

    @property
    def number(self) -> int:
        """Which of the six it is, from 1."""
        return list(Step).index(self) + 1

    @property
    def back(self) -> "Step":
        """The step before, or the first."""
        return list(Step)[max(0, self.number - 2)]

    @property
    def on(self) -> "Step":
        """The step after, or the last."""
        return list(Step)[min(len(Step) - 1, self.number)]


@dataclass(frozen=True, slots=True)
class Place:
    """A channel a cohort uses: its field and words, what it may be, what the bot does there."""

    field: str
    label: str
    name: str
    kinds: tuple[str, ...]
    permissions: tuple[str, ...]
    required: bool = False
    private: bool = False
    posts_only: bool = False


TALK = ("view_channel", "send_messages", "read_message_history", "embed_links", "attach_files")
THREADS = ("send_messages_in_threads", "manage_threads")

PLACES = (
    Place(
        "announcements_id", N_("Announcements"), "announcements", ("text", "news"),
        TALK, required=True, posts_only=True,
    ),
    Place(
        "checkins_id", N_("Check-ins"), "check-ins", ("text",),
        (*TALK, "create_public_threads", *THREADS), required=True,
    ),
    Place(
        "introductions_id", N_("Introductions"), "introductions", ("text",),
        (*TALK, "create_private_threads", *THREADS),
    ),
    Place(
        "opportunities_id", N_("Opportunities"), "opportunities", ("forum", "text"),
        (*TALK, "create_public_threads", *THREADS),
    ),
    Place(
        "mentors_id", N_("Mentors"), "mentors", ("text",),
        (*TALK, "create_public_threads", *THREADS), private=True,
    ),
    Place("staff_id", N_("Staff"), "staff", ("text",), TALK, required=True, private=True),
)  # fmt: skip

PLACE_OF = {place.field: place for place in PLACES}

ROLES = {
    "moderator_role_id": N_("Moderators: may run this cohort"),
    "mentor_role_id": N_("Mentors"),
    "intern_role_id": N_("Interns"),
}

PERMISSIONS = {
    "view_channel": N_("View Channel"),
    "send_messages": N_("Send Messages"),
    "send_messages_in_threads": N_("Send Messages in Threads"),
    "create_public_threads": N_("Create Public Threads"),
    "create_private_threads": N_("Create Private Threads"),
    "manage_threads": N_("Manage Threads"),
    "read_message_history": N_("Read Message History"),
    "attach_files": N_("Attach Files"),
    "embed_links": N_("Embed Links"),
    "manage_channels": N_("Manage Channels"),
    "manage_roles": N_("Manage Roles"),
    "manage_events": N_("Manage Events"),
    "create_events": N_("Create Events"),
}
"""Discord's names for what the bot needs. Administrator is not among them, and never will be."""

PROGRAMMES = {
    CHECKIN: N_("Weekly check-in"),
    DIGEST: N_("Weekly digest"),
    "introduction": N_("Introductions"),
    "pulse": N_("Anonymous pulse"),
}


@dataclass(frozen=True, slots=True)
class Usual:
    """When a programme usually is, until a moderator chooses otherwise, and by whose clock."""

    weekday: int
    at: time
    every: int
    scope: Scope
    grace: timedelta


USUAL = {
    CHECKIN: Usual(0, CHECKIN_AT, 1, Scope.MEMBER, CHECKIN_GRACE),
    DIGEST: Usual(4, time(16), 1, Scope.COHORT, timedelta(hours=24)),
    "introduction": Usual(1, time(10), 2, Scope.COHORT, timedelta(hours=72)),
    "pulse": Usual(2, time(10), 4, Scope.COHORT, timedelta(hours=48)),
}
"""What `/cohort schedule` offers, switched on or not."""

FROM_THE_START = (CHECKIN, DIGEST)
"""What a cohort begins with when it goes live, unless a moderator leaves the digest out."""

PHASES = {
    Phase.BEFORE: N_("before"),
    Phase.LAND: N_("land"),
    Phase.PLAN: N_("plan"),
    Phase.STRIDE: N_("stride"),
    Phase.MIDPOINT: N_("midpoint"),
    Phase.REACH: N_("reach"),
    Phase.CLOSE: N_("close"),
    Phase.LAST_WEEK: N_("last week"),
    Phase.AFTER: N_("after"),
}


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as the server has it now, and what the bot may do in it."""

    channel_id: int
    name: str
    kind: str
    permissions: frozenset[str]
    everyone_sees: bool = False
    seen_by: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Ground:
    """What the server looks like to the bot: channels with its rights, and roles."""

    channels: Mapping[int, Channel] = field(default_factory=dict[int, Channel])
    roles: Mapping[int, str] = field(default_factory=dict[int, str])


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend, with what to click.

    `blocks` keeps a draft from going live; `silences` means that nothing can be posted there;
    `gone` that what was chosen is not there any more.
    """

    field: str
    text: str
    blocks: bool = True
    silences: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A programme of a cohort as a moderator sees it."""

    kind: str
    rule: Weekly
    enabled: bool
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """Something that will go out: when, what, and for which zone where clocks differ."""

    at: datetime
    kind: str
    zone: str | None = None

    def on(self, cohort: Cohort) -> date:
        """Return the local day of it."""
        return self.at.astimezone(zone_info(self.zone or cohort.zone)).date()


@dataclass(frozen=True, slots=True)
class Wizard:
    """A draft at one step of the set-up."""

    cohort: Cohort
    step: Step
    plans: Sequence[Plan]
    now: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """What a moderator is about to save, kept until they press a button."""

    change_id: int
    cohort_id: int
    kind: str
    values: dict[str, Any]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class StandingCard:
    """The *Join* card and where it stands."""

    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What saving a change would do, counted before it is done."""

    change: Change
    cohort: Cohort
    lines: Sequence[str]
    today: Phase | None
    today_before: Phase | None
    moved: int
    dropped: int
    old_card: StandingCard | None


@dataclass(frozen=True, slots=True)
class Undelivered:
    """How many of one kind did not arrive, and why."""

    kind: str
    why: str
    count: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Letters that are held together: the same kind for the same hour."""

    key: str
    kind: str
    due_at: datetime
    count: int
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One line of the audit log."""

    at: datetime
    user_id: int | None
    action: str
    detail: str


@dataclass(frozen=True, slots=True)
class StatusPage:
    """What waits for a moderator, what goes out next, and how many are in."""

    cohort: Cohort
    now: datetime
    waiting: Sequence[Any]
    undelivered: Sequence[Undelivered]
    problems: Sequence[Problem]
    sends: Sequence[Send]
    joined: int
    paused: int
    left: int
    turnout: Turnout | None
    held: int
    skipped: Sequence[date]
    audit: Sequence[Word]


@dataclass(frozen=True, slots=True)
class MissingPage:
    """Those of the roster who have not joined, one page at a time."""

    cohort: Cohort
    turnout: Turnout
    people: Sequence[Expected]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Import:
    """A roster that was read and waits for *Import*."""

    change_id: int
    cohort: Cohort
    count: int
    new: int
    known: int
    gone: int
    with_dates: int
    ignored: Sequence[str]
    first_names: Sequence[str]
