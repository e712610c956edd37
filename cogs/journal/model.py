"""What a journal holds: things done and learned, people met, answers to oneself."""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from bot.errors import Refusal
from bot.face.escape import plain
from bot.face.words import N_, _
from bot.knowledge.content import Moment, Reflection
from bot.people.memberships import Member

WHAT_LIMIT: Final = 4000
LEARNED_LIMIT: Final = 2000
RESULT_LIMIT: Final = 1000
SKILLS_LIMIT: Final = 800
NAME_LIMIT: Final = 60
MOST_SKILLS: Final = 12
MOST_PEOPLE: Final = 12
PROJECT_LIMIT: Final = 80
URL_LIMIT: Final = 500
ANSWER_LIMIT: Final = 2000
PERSON_LIMIT: Final = 100
MET_LIMIT: Final = 300
ABOUT_LIMIT: Final = 1000
QUERY_LIMIT: Final = 100
MOST_PERSONS: Final = 500

UNDO_FOR: Final = timedelta(hours=48)
"""How long something deleted can be brought back; then it is gone for good."""
LOOKED_FOR: Final = timedelta(days=7)
"""How long the pages of a search can be turned."""
MORNING: Final = time(10)
TOLD_WITHIN: Final = timedelta(days=14)
"""How long a note about somebody may wait for room among a week's messages."""
REMINDED_FOR: Final = timedelta(days=30)
"""How long `/me` names somebody whose date has come."""

SOMEBODY: Final = N_("somebody who left")
"""Stands for the name of somebody who had themselves erased."""

_BETWEEN = re.compile(r"[,;\n•·]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_URL = re.compile(r"https?://[^\s<>\"]+\.[^\s<>\"]+|https?://[^\s<>\"/]+(?:/[^\s<>\"]*)?")
_BARE = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:/[^\s<>\"]*)?")


class Kind(StrEnum):
    """What an entry is about."""

    WORK = "work"
    COURSEWORK = "coursework"
    PROJECT = "project"
    CULTURE = "culture"


KINDS: dict[Kind, str] = {
    Kind.WORK: N_("Work"),
    Kind.COURSEWORK: N_("Coursework"),
    Kind.PROJECT: N_("Personal project"),
    Kind.CULTURE: N_("How things work here"),
}


class Sort(StrEnum):
    """What entries are sorted by: skills they show, the project they belong to."""

    SKILL = "skill"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Topic:
    """A skill or a project, as it was first spelled, and how many entries name it."""

    topic_id: int
    sort: Sort
    name: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote in an entry.

    `said_by` is set for words of somebody else; `role` and `place` are what the profile said then.
    """

    what: str
    learned: str = ""
    result: str = ""
    people: tuple[str, ...] = ()
    url: str = ""
    said_by: str = ""
    role: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a journal. `source` says what it was kept from (`kudos 7`), if anything."""

    entry_id: int
    member_id: int
    kind: Kind
    words: Words
    on: date
    source: str | None
    made_at: datetime
    deleted_at: datetime | None
    project: str = ""
    skills: tuple[str, ...] = ()

    def gone_at(self) -> datetime | None:
        """Return when a deleted entry can no longer be brought back."""
        return self.deleted_at + UNDO_FOR if self.deleted_at else None


@dataclass(frozen=True, slots=True)
class Written:
    """The first form, as it was typed."""

    what: str
    learned: str = ""
    result: str = ""
    skills: str = ""
    project: str = ""


@dataclass(frozen=True, slots=True)
class More:
    """The second form, as it was typed; `on` is a day in words."""

    people: str = ""
    url: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be kept: its words, where it stands, and who wrote it, if somebody else did."""

    message_id: int
    text: str
    url: str = ""
    said_by: str = ""
    author_id: int | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Which entries somebody looks at: of which membership, of what kind, about what."""

    member_id: int = 0
    kind: Kind | None = None
    topic_id: int = 0
    page: int = 0

    @property
    def token(self) -> str:
        """Return it as it stands in a button."""
        return f"{self.member_id}-{self.kind or 'all'}-{self.topic_id}-{self.page}"

    def at(self, page: int) -> "Shelf":
        """Return another page of it."""
        return replace(self, page=page)


def shelf(token: str) -> Shelf:
    """Read a shelf from a button; what cannot be read is left open."""
    found = re.fullmatch(r"(\d{1,15})-([a-z]+)-(\d{1,15})-(\d{1,6})", token)
    if found is None:
        return Shelf()
    kind = Kind(found[2]) if found[2] in list(Kind) else None
    return Shelf(int(found[1]), kind, int(found[3]), int(found[4]))


@dataclass(frozen=True, slots=True)
class EntryPage:
    """An entry with what its card offers: the member's projects, whether it was just kept."""

    entry: Entry
    member: Member
    projects: tuple[Topic, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryList:
    """One page of a shelf, newest first."""

    shelf: Shelf
    member: Member
    entries: tuple[Entry, ...]
    pages: int
    counts: dict[Kind, int]
    projects: tuple[Topic, ...]
    topic: Topic | None
    others: tuple[Member, ...] = ()

    @property
    def total(self) -> int:
        """Return how many entries there are in all."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Look:
    """A search: what was looked for, and the numbers of what was found, newest first."""

    look_id: int
    member_id: int
    words: str
    hits: tuple[int, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what a search found."""

    look: Look
    entries: tuple[Entry, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Use:
    """How often a skill was used in the weeks (by their Monday), since when, until when."""

    topic: Topic
    first_on: date
    last_on: date
    weeks: dict[date, int]


@dataclass(frozen=True, slots=True)
class Skills:
    """A member's skills over time, the most used first; `more` are not listed."""

    member: Member
    uses: tuple[Use, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a member met.

    `touch_on` is the day on which to say hello, `apart` the days that lay before it, `note_at` when
    a note about it goes out, if the member wants one.
    """

    person_id: int
    member_id: int
    name: str
    met: str
    about: str
    met_on: date
    touch_on: date | None
    apart: int
    writes: bool
    note_at: datetime | None
    made_at: datetime
    deleted_at: datetime | None

    def gone_at(self) -> datetime | None:
        """Return when somebody deleted can no longer be brought back."""
        return self.deleted_at + UNDO_FOR if self.deleted_at else None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Somebody, on a day where the member lives."""

    person: Person
    member: Member
    today: date


@dataclass(frozen=True, slots=True)
class People:
    """One page of whom a member met: those whose day has come first."""

    member: Member
    people: tuple[Person, ...]
    page: int
    pages: int
    total: int
    today: date


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to oneself, with the question as it was asked then."""

    answer_id: int
    member_id: int
    question: str
    moment: Moment
    asked: str
    text: str
    on: date
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sitting:
    """Three questions, with the answers of an earlier time that come back with them.

    `earlier` is by the question that asks now; `given` are answers to the same questions.
    """

    member: Member
    moment: Moment
    turn: int
    questions: tuple[Reflection, ...]
    earlier: dict[str, Answer]
    given: dict[str, Answer]
    today: date

    @property
    def token(self) -> str:
        """Return it as it stands in a button."""
        return f"{self.member.member_id}-{self.moment}-{self.turn}"


@dataclass(frozen=True, slots=True)
class Answers:
    """One page of earlier answers, newest first."""

    member: Member
    answers: tuple[Answer, ...]
    page: int
    pages: int


def packed(words: Words) -> str:
    """Return an entry's own words as one text, so that it is sealed and opened once."""
    kept = {name: value for name, value in asdict(words).items() if value and name != "said_by"}
    return json.dumps(kept, ensure_ascii=False)


def unpacked(text: str, said_by: str) -> Words:
    """Read an entry's words."""
    values: dict[str, Any] = json.loads(text)
    values["said_by"] = said_by
    values["people"] = tuple(values.get("people", ()))
    values.setdefault("what", "")
    return Words(**values)


def tidy(text: str, most: int) -> str:
    """Return text that did not come through a form as one would have brought it."""
    return plain(_SURROGATES.sub("", text))[:most].rstrip()


def fold(text: str) -> str:
    """Return text in which case, accents and look-alike spellings make no difference."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in folded if not unicodedata.combining(sign))


def key(name: str) -> str:
    """Return what two spellings of one skill or project have in common."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def listed(text: str, most: int, what: str) -> tuple[str, ...]:
    """Return the names in a list with commas, each once. Raises Refusal for too many or too long.

    `what` is what they are called in the refusal.
    """
    names: dict[str, str] = {}
    for part in _BETWEEN.split(text):
        name = " ".join(part.split()).lstrip("#").strip()
        if name:
            names.setdefault(key(name), name)
    if any(len(name) > NAME_LIMIT for name in names.values()):
        raise Refusal(
            _("Put commas between the {what}; each may have {n} characters.").format(
                what=what, n=NAME_LIMIT
            )
        )
    if len(names) > most:
        raise Refusal(
            _("That is more than {n} {what}. Which ones matter most?").format(n=most, what=what)
        )
    return tuple(names.values())


def spelled(known: str, new: str) -> str:
    """Return the better of two spellings: the newer one, unless it only dropped the capitals."""
    return known if new == new.lower() and known != known.lower() else new


def address(typed: str) -> str:
    """Return a link as it was meant. Raises Refusal for what is none."""
    if not typed:
        return ""
    if _URL.fullmatch(typed):
        return typed
    if _BARE.fullmatch(typed):
        return f"https://{typed}"
    raise Refusal(_("I cannot use that link. It begins with https:// and has no spaces."))


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(day.weekday())


def pages_of(number: int, size: int) -> int:
    """Return how many pages so many things fill; nothing fills one."""
    return max(1, -(-number // size))


def on_page(wanted: int, pages: int) -> int:
    """Return the page nearest to the wanted one."""
    return min(max(wanted, 0), pages - 1)


def spread(weeks: Iterable[date], most: int) -> Sequence[date]:
    """Return the Mondays at which columns begin: all weeks of a span, a few together if need be."""
    known = sorted(weeks)
    if not known:
        return ()
    number = (known[-1] - known[0]).days // 7 + 1
    step = -(-number // most)
    return [known[0] + timedelta(weeks=n) for n in range(0, number, step)]
