"""What an application is, where it can stand, and when a word from the bot could help."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from bot.clockwork.recurrence import to_utc
from bot.clockwork.zones import zone_info
from bot.errors import Refusal
from bot.face.words import N_, _

MOST_APPLICATIONS = 1000
COMPANY_LIMIT = 120
TITLE_LIMIT = 200
URL_LIMIT = 2000
NOTE_LIMIT = 1000
MOST_NOTES = 100

FOLLOW_UP_FROM, FOLLOW_UP_UNTIL = 7, 14
"""Days after applying in which one short note is normal."""
NO_REPLY_AFTER = 15
THANKS_WITHIN = timedelta(hours=24)
MORNING = time(10)
"""After the check-in, which asks at nine: a suggestion never takes its place among the day's."""
EVENING = time(17)
"""When an interview is taken to be over that has a day but no hour."""
INTERVIEW_LASTS = timedelta(hours=1)


class Status(StrEnum):
    """Where an application stands."""

    SAVED = "saved"
    APPLIED = "applied"
    ASSESSMENT = "assessment"
    INTERVIEW = "interview"
    OFFER = "offer"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    NO_REPLY = "no_reply"


STATUSES: dict[Status, str] = {
    Status.SAVED: N_("Saved"),
    Status.APPLIED: N_("Applied"),
    Status.ASSESSMENT: N_("Online assessment"),
    Status.INTERVIEW: N_("Interview"),
    Status.OFFER: N_("Offer"),
    Status.ACCEPTED: N_("Accepted"),
    Status.DECLINED: N_("Declined"),
    Status.REJECTED: N_("Rejected"),
    Status.WITHDRAWN: N_("Withdrawn"),
    Status.NO_REPLY: N_("No reply"),
}

MEANINGS: dict[Status, str] = {
    Status.SAVED: N_("You want to apply"),
    Status.APPLIED: N_("You sent it"),
    Status.ASSESSMENT: N_("They sent you a test or a task"),
    Status.INTERVIEW: N_("They want to talk to you, or did"),
    Status.OFFER: N_("They want you; you decide"),
    Status.ACCEPTED: N_("You said yes"),
    Status.DECLINED: N_("You said no to their offer"),
    Status.REJECTED: N_("They said no"),
    Status.WITHDRAWN: N_("You stopped it yourself"),
    Status.NO_REPLY: N_("Nothing came back"),
}

UNDER_WAY = (
    Status.OFFER,
    Status.INTERVIEW,
    Status.ASSESSMENT,
    Status.APPLIED,
    Status.SAVED,
)
"""In the order of the board: what is nearest to a decision comes first."""
ENDED = (
    Status.ACCEPTED,
    Status.DECLINED,
    Status.REJECTED,
    Status.WITHDRAWN,
    Status.NO_REPLY,
)
STAGES = (Status.APPLIED, Status.ASSESSMENT, Status.INTERVIEW, Status.OFFER)
"""The steps of the flow picture, from left to right."""
WAITING = (Status.APPLIED, Status.ASSESSMENT, Status.INTERVIEW)
"""Where somebody waits for the other side."""


class Guidance(StrEnum):
    """The guides that go with applications, by the ids of their packs."""

    FINDING = "finding-openings"
    TAILORING = "tailoring"
    PORTFOLIO = "portfolio"
    FOLLOWING_UP = "following-up"
    OFFER = "reading-an-offer"


FITTING: dict[Status, Guidance] = {
    Status.SAVED: Guidance.TAILORING,
    Status.APPLIED: Guidance.FOLLOWING_UP,
    Status.ASSESSMENT: Guidance.PORTFOLIO,
    Status.INTERVIEW: Guidance.FOLLOWING_UP,
    Status.OFFER: Guidance.OFFER,
    Status.NO_REPLY: Guidance.FINDING,
    Status.REJECTED: Guidance.FINDING,
}


class HintKind(StrEnum):
    """What the bot may suggest about an application; it never does any of it by itself."""

    FOLLOW_UP = "follow_up"
    THANK_YOU = "thank_you"
    NO_REPLY = "no_reply"


HINTS: dict[HintKind, str] = {
    HintKind.FOLLOW_UP: N_("{company}: one short follow-up is fine now"),
    HintKind.THANK_YOU: N_("{company}: a thank-you for the interview, within the day"),
    HintKind.NO_REPLY: N_("{company}: quiet for {n} days. No reply?"),
}


class ImportState(StrEnum):
    """Whether a file was only read, its rows were added, or they were taken out again."""

    READ = "read"
    TAKEN = "taken"
    UNDONE = "undone"


class Answer(StrEnum):
    """What a member said to a suggestion: done, or no need."""

    DONE = "done"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Course:
    """How an application goes, without a word of what it is about."""

    application_id: int
    member_id: int
    status: Status
    moved_on: date
    deadline_on: date | None
    interview_on: date | None
    interview_wall: time | None

    @property
    def under_way(self) -> bool:
        """Say whether it is still to be decided."""
        return self.status in UNDER_WAY

    def interview_at(self, zone: str) -> datetime | None:
        """Return when the interview begins, if its day and hour are known."""
        if self.interview_on is None or self.interview_wall is None:
            return None
        return to_utc(self.interview_on, self.interview_wall, zone)

    def interview_over_at(self, zone: str) -> datetime | None:
        """Return from when on thanks make sense."""
        if self.interview_on is None:
            return None
        begins_at = self.interview_at(zone)
        if begins_at is not None:
            return begins_at + INTERVIEW_LASTS
        return to_utc(self.interview_on, EVENING, zone)


@dataclass(frozen=True, slots=True)
class Application(Course):
    """One application, in the member's own words."""

    company: str
    title: str
    url: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """A step: where an application came to stand, and on which day."""

    move_id: int
    application_id: int
    status: Status
    moved_on: date


@dataclass(frozen=True, slots=True)
class Note:
    """A line about an application."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """A suggestion that was made or answered; `since_on` tells one occasion from the next."""

    application_id: int
    kind: HintKind
    since_on: date
    told_at: datetime | None
    answer: Answer | None
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class Hint:
    """A suggestion that fits now: which, about what, and since when it can be made."""

    application_id: int
    kind: HintKind
    since_on: date
    days: int
    """Whole days since that day."""


@dataclass(frozen=True, slots=True)
class Facts:
    """An application as it was typed or read, checked by `checked`."""

    company: str
    title: str
    url: str = ""
    deadline_on: date | None = None


class Entry(BaseModel):
    """One application as a file tells it, with its steps, oldest first."""

    model_config = ConfigDict(frozen=True)

    line: int
    company: str
    title: str
    url: str = ""
    deadline_on: date | None = None
    interview_on: date | None = None
    interview_wall: time | None = None
    steps: tuple[tuple[Status, date], ...]
    notes: tuple[str, ...] = ()

    @property
    def facts(self) -> Facts:
        """Return what it is about."""
        return Facts(self.company, self.title, self.url, self.deadline_on)

    @property
    def course(self) -> "Course":
        """Return how it goes, before it is anybody's."""
        status, day = self.steps[-1]
        return Course(0, 0, status, day, self.deadline_on, self.interview_on, self.interview_wall)


@dataclass(frozen=True, slots=True)
class Import:
    """A file that was read, kept until it is added or left, and for a while to be undone."""

    import_id: int
    member_id: int
    entries: tuple[Entry, ...]
    state: ImportState
    at: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """What adding a file would do."""

    import_id: int | None
    new: tuple[Entry, ...]
    known: int
    problems: tuple[str, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One application with its steps (oldest first), notes (newest first) and suggestions."""

    application: Application
    moves: tuple[Move, ...]
    notes: tuple[Note, ...]
    hints: tuple[Hint, ...]
    today: date
    zone: str
    name: str
    """Who applies, for the words to copy."""
    known: bool = False
    """It was there before, although the member just added it."""

    @property
    def last(self) -> Move:
        """Return the latest step."""
        return self.moves[-1]

    @property
    def before(self) -> Move | None:
        """Return the step that an undo leads back to."""
        return self.moves[-2] if len(self.moves) > 1 else None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Which part of the board is looked at: a status, all under way, or all ended; and a word."""

    status: Status | None = None
    ended: bool = False
    text: str = ""

    @property
    def statuses(self) -> tuple[Status, ...]:
        """Return which statuses stand on it, in order."""
        if self.status is not None:
            return (self.status,)
        if self.text:
            return (*UNDER_WAY, *ENDED)
        return ENDED if self.ended else UNDER_WAY

    @property
    def key(self) -> str:
        """Return the shelf as a word for a button."""
        return self.status.value if self.status else "ended" if self.ended else "open"

    @classmethod
    def named(cls, key: str, text: str = "") -> "Shelf":
        """Return the shelf of that key; anything unknown is what is under way."""
        status = next((one for one in Status if one.value == key), None)
        return cls(status, key == "ended", text)


@dataclass(frozen=True, slots=True)
class Board:
    """One page of a member's applications."""

    shelf: Shelf
    applications: tuple[Application, ...]
    counts: Mapping[Status, int]
    found: int
    page: int
    pages: int
    today: date
    zone: str
    cohort_name: str
    suggests: bool
    """Whether suggestions may come as a message."""
    hints: int
    """How many suggestions wait."""


@dataclass(frozen=True, slots=True)
class Path:
    """The stages an application went through, and how it ended; None while it is under way."""

    stages: tuple[Status, ...]
    end: Status | None


@dataclass(frozen=True, slots=True)
class Stats:
    """What came of a member's applications, in figures only."""

    paths: Mapping[Path, int]
    saved: int
    let_go: int
    """Ended before they were sent."""
    waits: tuple[int, ...]
    """Days from each sent application to its first answer, sorted."""

    @property
    def sent(self) -> int:
        """Return how many were sent."""
        return sum(self.paths.values())

    @property
    def total(self) -> int:
        """Return how many there are."""
        return self.sent + self.saved + self.let_go

    def reached(self, stage: Status) -> int:
        """Return how many came as far as this stage."""
        return sum(n for path, n in self.paths.items() if stage in path.stages)

    def ended(self, end: Status | None) -> int:
        """Return how many ended so, or are under way."""
        return sum(n for path, n in self.paths.items() if path.end is end)

    @property
    def answered(self) -> int:
        """Return how many brought any answer."""
        quiet = (None, Status.NO_REPLY, Status.WITHDRAWN)
        return sum(
            n for path, n in self.paths.items() if len(path.stages) > 1 or path.end not in quiet
        )

    @property
    def usual_wait(self) -> int | None:
        """Return the middle of the waits, from three of them on."""
        return self.waits[len(self.waits) // 2] if len(self.waits) >= 3 else None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What could be done now, for the card that lists it."""

    applications: Mapping[int, Application]
    hints: tuple[Hint, ...]
    more: int
    zone: str


def checked(facts: Facts) -> Facts:
    """Return the facts with their spaces and link in order. Raises Refusal with what to change."""
    company, title = one_line(facts.company), one_line(facts.title)
    if not company:
        raise Refusal(_("Which company? That is still empty."))
    if not title:
        raise Refusal(_("Which job? The title is still empty."))
    for words, most in ((company, COMPANY_LIMIT), (title, TITLE_LIMIT)):
        if len(words) > most:
            raise Refusal(_("{n} characters is the most for this.").format(n=most))
    return Facts(company, title, link(facts.url), facts.deadline_on)


def one_line(text: str) -> str:
    """Put what somebody typed on one line."""
    return " ".join(text.split())


def link(typed: str) -> str:
    """Return a link that opens in a browser. Raises Refusal for anything else."""
    url = typed.strip()
    if not url:
        return ""
    if "://" not in url and not url.partition(":")[0].isalpha():
        url = f"https://{url}"
    if len(url) > URL_LIMIT:
        raise Refusal(_("That link is longer than {n} characters.").format(n=URL_LIMIT))
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        host, parts = "", urlsplit("")
    plain = not any(sign.isspace() or not sign.isprintable() or sign in '<>"' for sign in url)
    secret = parts.username is not None or parts.password is not None
    if parts.scheme not in ("http", "https") or "." not in host or not plain or secret:
        raise Refusal(
            _("I cannot use that link. Copy the page's address; it begins with https://.")
        )
    return url


def told_apart(facts: Facts) -> tuple[str, str, str]:
    """Return what makes one application another one, whatever its spaces and capitals."""
    url = facts.url.rstrip("/").partition("#")[0]
    return (one_line(facts.company).casefold(), one_line(facts.title).casefold(), url.casefold())


def facts_of(application: Application) -> Facts:
    """Return what an application is about."""
    return Facts(application.company, application.title, application.url, application.deadline_on)


def path(statuses: Iterable[Status]) -> Path | None:
    """Return the way through the stages; None for what was never sent.

    Whoever has an offer had applied, even if that was never noted.
    """
    steps = list(statuses)
    last = steps[-1]
    reached = {step for step in steps if step in STAGES}
    if last in (Status.ACCEPTED, Status.DECLINED):
        reached.add(Status.OFFER)
    if not reached and last in (Status.SAVED, Status.WITHDRAWN):
        return None
    reached.add(Status.APPLIED)
    stages = tuple(stage for stage in STAGES if stage in reached)
    return Path(stages, last if last in ENDED else None)


def waited(moves: Sequence[Move]) -> int | None:
    """Return the days from sending an application to its first answer, if both are known."""
    sent = next((move for move in moves if move.status is Status.APPLIED), None)
    if sent is None:
        return None
    silent = (Status.SAVED, Status.APPLIED, Status.WITHDRAWN, Status.NO_REPLY)
    answer = next((move for move in moves if move.status not in silent), None)
    if answer is None or answer.moved_on < sent.moved_on:
        return None
    return (answer.moved_on - sent.moved_on).days


def summed(histories: Iterable[Sequence[Move]]) -> Stats:
    """Return the figures of many applications, each by its steps, oldest first."""
    paths: dict[Path, int] = {}
    waits: list[int] = []
    saved = let_go = 0
    for moves in histories:
        way = path(move.status for move in moves)
        if way is None:
            saved += moves[-1].status is Status.SAVED
            let_go += moves[-1].status is not Status.SAVED
            continue
        paths[way] = paths.get(way, 0) + 1
        days = waited(moves)
        if days is not None:
            waits.append(days)
    return Stats(paths, saved, let_go, tuple(sorted(waits)))


# Suggestions


def hints(course: Course, answered: Sequence[Answered], zone: str, now: datetime) -> list[Hint]:
    """Return what could be suggested about an application now."""
    if course.status not in WAITING:
        return []
    today = local_day(now, zone)
    closed = {(one.kind, one.since_on) for one in answered if one.answer is not None}
    found: list[Hint] = []
    for kind, since_on, from_at, until_at in _occasions(course, answered, zone):
        live = from_at <= now and (until_at is None or now < until_at)
        if live and (kind, since_on) not in closed:
            found.append(Hint(course.application_id, kind, since_on, (today - since_on).days))
    return found


def next_hint_at(
    course: Course, answered: Sequence[Answered], zone: str, after: datetime
) -> datetime | None:
    """Return the next moment at which something new could be suggested."""
    closed = {(one.kind, one.since_on) for one in answered if one.answer is not None}
    return min(
        (
            from_at
            for kind, since_on, from_at, _until in _occasions(course, answered, zone)
            if from_at > after and (kind, since_on) not in closed
        ),
        default=None,
    )


Occasion = tuple[HintKind, date, datetime, datetime | None]


def _occasions(course: Course, answered: Sequence[Answered], zone: str) -> Iterable[Occasion]:
    """Yield when which suggestion fits, by what is known now: from a moment, until another."""
    if course.status is Status.APPLIED:
        first = course.moved_on + timedelta(days=FOLLOW_UP_FROM)
        past = course.moved_on + timedelta(days=FOLLOW_UP_UNTIL + 1)
        begins, ends = to_utc(first, MORNING, zone), to_utc(past, time(0), zone)
        yield HintKind.FOLLOW_UP, course.moved_on, begins, ends
    over_at = course.interview_over_at(zone)
    if course.status is Status.INTERVIEW and over_at and course.interview_on:
        yield HintKind.THANK_YOU, course.interview_on, over_at, over_at + THANKS_WITHIN
    if course.status in WAITING:
        quiet_on = quiet_since(course, answered)
        asks_on = quiet_on + timedelta(days=NO_REPLY_AFTER)
        yield HintKind.NO_REPLY, quiet_on, to_utc(asks_on, MORNING, zone), None


def quiet_since(course: Course, answered: Sequence[Answered]) -> date:
    """Return the day since which nothing has happened that the member told of."""
    days = [course.moved_on]
    if course.interview_on and course.status is Status.INTERVIEW:
        days.append(course.interview_on)
    days += [
        one.answered_on
        for one in answered
        if one.answer is Answer.DONE and one.answered_on is not None
    ]
    return max(days)


def local_day(now: datetime, zone: str) -> date:
    """Return the day it is in a zone."""
    return now.astimezone(zone_info(zone)).date()
