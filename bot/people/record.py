"""What somebody did and learned, from every feature, in one shape: the record that is theirs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Chapter(StrEnum):
    """A part of somebody's record."""

    WORK = "work"
    COURSEWORK = "coursework"
    PROJECT = "project"
    CULTURE = "culture"
    PEOPLE = "people"
    FEEDBACK = "feedback"
    KUDOS = "kudos"
    GOALS = "goals"
    CHALLENGES = "challenges"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a record, in the words of the person it belongs to.

    `ref` tells where it stands (`journal 12`), so that every sentence drafted from it can be traced
    back. All texts are as they were typed, unescaped; what was not said is empty.
    """

    chapter: Chapter
    ref: str
    on: date
    what: str
    learned: str = ""
    result: str = ""
    skills: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    project: str = ""
    url: str = ""
    said_by: str = ""
    """By role or name, for words that somebody else said."""
    role: str = ""
    """What the person was at the time, as their profile said."""
    place: str = ""
    """The company, or the cohort where no company is named."""
    situation: str = ""
    """What was going on, where somebody said so."""
    source: str = ""
    """Where it was kept from (`checkin 7`): the same thing is told once."""
    done: bool = True
    """False for what was let go; what it taught stays."""
