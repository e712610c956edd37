"""What a content pack may hold: guidance by phase and stage, questions, challenges, guides, words.

Every text has a length that fits the Discord card, form or list it ends up in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2s
from typing import Annotated, Self, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

from bot.clockwork.phases import Phase, Stage

ACTIONS_SHOWN = 3
KEY_ACTIONS = 2
SESSION_MINUTES = 30
CHALLENGE_MINUTES = 60
REFLECTIONS_ASKED = 3

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=45)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=90)]
Ask = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=420)]


def _flowing(text: str) -> str:
    """Lines broken for the writer's screen run on, because the reader's breaks them elsewhere."""
    lines: list[str] = []
    for line in text.split("\n"):
        if lines and _runs_on(lines[-1], line):
            lines[-1] = f"{lines[-1]} {line.strip().removeprefix('> ')}"
        else:
            lines.append(line)
    return "\n".join(lines)


def _runs_on(before: str, line: str) -> bool:
    if not before.strip() or not line.strip() or before.endswith("  ") or before.startswith("#"):
        return False
    if before.startswith(">"):
        return line.startswith("> ") and before != ">" and before[-1] not in '.!?…:”"*'
    return not re.match(r"\s*([-*] |\d+\. |>|#)", line)


Body = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=3500),
    AfterValidator(_flowing),
]


def _web_address(url: str) -> str:
    if not url.startswith("https://") or any(sign in url for sign in " \t\n<>()"):
        raise ValueError(
            "write a web address that starts with https://, without blanks or brackets"
        )
    return url


class Part(BaseModel, frozen=True, extra="forbid"):
    """A piece of a pack: nothing unknown in it, nothing changed after it was read."""


class Source(Part, frozen=True):
    """Where a piece of guidance comes from, so that anybody can read on and judge it."""

    id: Id
    name: Title
    url: Annotated[str, AfterValidator(_web_address)]


@dataclass(frozen=True)
class Known:
    """What was read before, so that a pack can name it."""

    sources: Mapping[str, Source] = field(default_factory=dict[str, Source])
    guides: frozenset[str] = frozenset()


def _named_source(value: object, info: ValidationInfo) -> object:
    """A pack may name one of the listed sources by its id instead of writing it out."""
    if not isinstance(value, str):
        return value
    known = cast(Known, info.context or Known()).sources
    if value not in known:
        raise ValueError(f"no source is called “{value}”; add it to sources/, or give name and url")
    return known[value]


def _named_guide(value: str, info: ValidationInfo) -> str:
    if info.context is not None and value not in cast(Known, info.context).guides:
        raise ValueError(f"no guide is called “{value}”; add it to guides/, or leave this out")
    return value


Named = Annotated[Source, BeforeValidator(_named_source)]
GuideId = Annotated[Id, AfterValidator(_named_guide)]


def _told_apart(kind: str, ids: list[str]) -> None:
    if twice := next((one for one in ids if ids.count(one) > 1), None):
        raise ValueError(f"two {kind} are called “{twice}”")


class Action(Part, frozen=True):
    """One thing a person can do this week, why it is worth it and how to go about it."""

    do: Line
    why: Sentence
    how: Paragraph
    source: Named
    guide: GuideId | None = None
    """The page to read for whoever wants to know more."""
    key: bool = False
    """Shown in every week of the phase, while the others take turns."""
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=32)] = ""
    """By which it is known that somebody did it; follows from `do` where none is written."""

    @model_validator(mode="before")
    @classmethod
    def _known_by(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        written = cast(dict[str, object], given)
        if written.get("id") or "do" not in written:
            return written
        words = " ".join(str(written["do"]).split())
        return {**written, "id": blake2s(words.encode(), digest_size=5).hexdigest()}


class PhaseGuidance(Part, frozen=True):
    """What one phase of an internship asks for."""

    phase: Phase
    title: Title
    emphasis: Sentence
    actions: Annotated[tuple[Action, ...], Field(min_length=4)]

    @property
    def id(self) -> str:
        """The phase's name: a pack of the operator for it takes the shipped one's place."""
        return self.phase

    @model_validator(mode="after")
    def _room_for_others(self) -> Self:
        if sum(action.key for action in self.actions) > KEY_ACTIONS:
            raise ValueError(f"at most {KEY_ACTIONS} actions can be key, so that others get a turn")
        return self


class ActionSet(Part, frozen=True):
    """Weekly actions of one kind for people who are not in a programme's phases."""

    id: Id
    stage: Stage
    title: Title
    emphasis: Sentence
    actions: Annotated[tuple[Action, ...], Field(min_length=3)]


class ExtraActions(Part, frozen=True):
    """Actions an operator adds to a phase, beside those that Stint brings."""

    id: Id
    phase: Phase
    actions: Annotated[tuple[Action, ...], Field(min_length=1)]


class Topic(StrEnum):
    """The part of a check-in that a prompt asks about."""

    PROGRESS = "progress"
    WIN = "win"
    BLOCKER = "blocker"
    FOCUS = "focus"
    CONFIDENCE = "confidence"


class Prompt(Part, frozen=True):
    """One check-in question: a short form for the field's label, the whole question beneath."""

    id: Id
    field: Topic
    label: Label
    ask: Ask


class PromptSet(Part, frozen=True):
    """Check-in questions for one phase, or for any week when no phase is named."""

    id: Id
    phase: Phase | None = None
    prompts: Annotated[tuple[Prompt, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _told_apart("prompts", [prompt.id for prompt in self.prompts])
        return self


class Icebreaker(Part, frozen=True):
    """A question that two people who just met can answer without having to think of one."""

    id: Id
    ask: Sentence
    phases: tuple[Phase, ...] = ()
    """The phases it fits; where none is named, those of its set."""


class IcebreakerSet(Part, frozen=True):
    """Icebreakers for some phases, about an interest, or for anybody at any time."""

    id: Id
    interest: Title | None = None
    words: tuple[Title, ...] = ()
    """Other words by which people name the same interest."""
    phases: tuple[Phase, ...] = ()
    icebreakers: Annotated[tuple[Icebreaker, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.words and self.interest is None:
            raise ValueError("name the interest that these words stand for")
        _told_apart("icebreakers", [one.id for one in self.icebreakers])
        return self

    def fits(self, one: Icebreaker, phase: Phase | None) -> bool:
        """Say whether one of the set's icebreakers may be asked in this phase."""
        phases = one.phases or self.phases
        return not phases or phase in phases

    def is_about(self, named: str) -> bool:
        """Say whether an interest, as somebody named it, is the one of this set."""
        if self.interest is None:
            return False
        theirs = f" {_words(named)} "
        return any(f" {_words(word)} " in theirs for word in (self.interest, *self.words))


def _words(text: str) -> str:
    letters = (sign if sign.isalnum() or sign in "+#" else " " for sign in text.casefold())
    return " ".join("".join(letters).split())


class AgendaLine(Part, frozen=True):
    """One part of a session, and how long it may take."""

    minutes: Annotated[int, Field(ge=1, le=SESSION_MINUTES)]
    do: Sentence


class Agenda(Part, frozen=True):
    """Half an hour between a mentor and a mentee in one phase."""

    phase: Phase
    title: Title
    first: Sentence
    """Stands in place of the first line when the two meet for the first time."""
    lines: Annotated[tuple[AgendaLine, ...], Field(min_length=4, max_length=6)]
    source: Named

    @property
    def id(self) -> str:
        """The phase's name: an operator's agenda for it takes the shipped one's place."""
        return self.phase

    @property
    def minutes(self) -> int:
        """How long the whole session takes."""
        return sum(line.minutes for line in self.lines)

    @model_validator(mode="after")
    def _half_an_hour(self) -> Self:
        if self.minutes != SESSION_MINUTES:
            raise ValueError(
                f"the minutes add up to {self.minutes}; a session has {SESSION_MINUTES}"
            )
        return self

    def opening(self) -> Self:
        """Return the agenda of the very first session."""
        start = self.lines[0].model_copy(update={"do": self.first})
        return self.model_copy(update={"lines": (start, *self.lines[1:])})


class Aspect(StrEnum):
    """What feedback is about: something made, how one carries oneself, working with others."""

    DELIVERABLE = "deliverable"
    CONDUCT = "conduct"
    TEAMWORK = "teamwork"


class Question(Part, frozen=True):
    """A question that gets feedback one can use, and a smaller one for whoever has no time."""

    id: Id
    ask: Sentence
    smaller: Sentence
    phases: tuple[Phase, ...] = ()
    """The phases it fits; any, where none is named."""
    source: Named


class QuestionSet(Part, frozen=True):
    """Questions that ask for feedback on one aspect."""

    id: Id
    aspect: Aspect
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _told_apart("questions", [one.id for one in self.questions])
        return self


class Challenge(Part, frozen=True):
    """A small step nobody asked for, done in an hour; private unless its owner shares it."""

    id: Id
    do: Line
    why: Sentence
    how: Paragraph
    minutes: Annotated[int, Field(ge=5, le=CHALLENGE_MINUTES)]
    phases: tuple[Phase, ...] = ()
    """The phases it fits; where none is named, those of its set."""
    source: Named
    guide: GuideId | None = None


class ChallengeSet(Part, frozen=True):
    """Weekly challenges to show initiative, for some phases, for a stage, or for any time."""

    id: Id
    phases: tuple[Phase, ...] = ()
    stage: Stage | None = None
    challenges: Annotated[tuple[Challenge, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _told_apart("challenges", [one.id for one in self.challenges])
        if self.stage and (self.phases or any(one.phases for one in self.challenges)):
            raise ValueError("a set for a stage names no phases; people in a stage may have none")
        return self


class Moment(StrEnum):
    """When a reflection is due: around an internship, or at the end of a week or a month."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"
    WEEK = "week"
    MONTH = "month"


class Reflection(Part, frozen=True):
    """A question to oneself; where it follows another, the earlier answer is shown with it."""

    id: Id
    moment: Moment
    label: Label
    ask: Sentence
    follows: Id | None = None
    recall: Sentence | None = None
    """Stands above the earlier answer."""

    @model_validator(mode="after")
    def _introduced(self) -> Self:
        if (self.follows is None) != (self.recall is None):
            raise ValueError("follows and recall belong together: the earlier answer needs a line")
        return self


class ReflectionSet(Part, frozen=True):
    """Questions about one thing, at several moments."""

    id: Id
    about: Title
    source: Named
    questions: Annotated[tuple[Reflection, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ids = [one.id for one in self.questions]
        _told_apart("questions", ids)
        for place, one in enumerate(self.questions):
            if one.follows is not None and one.follows not in ids[:place]:
                raise ValueError(f"“{one.id}” follows “{one.follows}”, which is not above it")
        return self


class Looks(Part, frozen=True):
    """What a competency looks like in an internship, as time goes on."""

    start: Sentence
    middle: Sentence
    end: Sentence


class Competency(Part, frozen=True):
    """One of the things that work asks of everybody, in plain words."""

    id: Id
    name: Label
    means: Sentence
    ask: Sentence
    looks: Looks
    guide: GuideId | None = None


class CompetencySet(Part, frozen=True):
    """Competencies to look at oneself by, and the words to answer with."""

    id: Id
    source: Named
    answers: Annotated[tuple[Label, ...], Field(min_length=3, max_length=5)]
    """From the first steps to showing others; words, because people are not scores."""
    competencies: Annotated[tuple[Competency, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _told_apart("competencies", [one.id for one in self.competencies])
        return self


class OpeningSet(Part, frozen=True):
    """First lines for one phase, or for one stage: of its card, and of the weekly digest."""

    id: Id
    phase: Phase | None = None
    stage: Stage | None = None
    card: Annotated[tuple[Sentence, ...], Field(min_length=3)]
    digest: Annotated[tuple[Sentence, ...], Field(min_length=3)]

    @model_validator(mode="after")
    def _for_one(self) -> Self:
        if (self.phase is None) == (self.stage is None):
            raise ValueError("name either a phase or a stage")
        return self


class Section(StrEnum):
    """A part of the weekly digest."""

    ACTIONS = "actions"
    WINS = "wins"
    OPPORTUNITIES = "opportunities"
    CLOSING = "closing"
    QUESTIONS = "questions"
    EVENTS = "events"
    INTRODUCTIONS = "introductions"
    KUDOS = "kudos"
    NOTE = "note"


class SectionWords(Part, frozen=True):
    """A section's heading, and lines that may stand under it."""

    section: Section
    heading: Label
    leads: Annotated[tuple[Ask, ...], Field(min_length=2)]


class DigestWords(Part, frozen=True):
    """The standing words of the weekly digest."""

    id: Id
    sections: Annotated[tuple[SectionWords, ...], Field(min_length=1)]
    closings: tuple[Sentence, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _told_apart("sections", [one.section for one in self.sections])
        return self


class SourceList(Part, frozen=True):
    """Sources that other packs name by their id."""

    id: Id
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]


class Subject(StrEnum):
    """What a guide is about: the topics that Stint puts to work."""

    EXPERIENCE = "experience"
    NETWORK = "network"
    SKILLS = "skills"
    CULTURE = "culture"
    DIRECTION = "direction"
    STUDIES = "studies"
    PORTFOLIO = "portfolio"
    RESUME = "resume"
    FINDING = "finding"
    INTERVIEWS = "interviews"
    GOALS = "goals"
    INITIATIVE = "initiative"
    FEEDBACK = "feedback"
    ACROSS_TEAMS = "across-teams"
    RECORD = "record"
    COMPETITION = "competition"
    UNCERTAINTY = "uncertainty"
    LONG_TERM = "long-term"
    WEEKLY = "weekly"


class Guide(Part, frozen=True):
    """A page to read in two minutes, found by search, with the sources it rests on."""

    id: Id
    title: Title
    summary: Sentence
    keywords: Annotated[tuple[Title, ...], Field(min_length=3)]
    sources: Annotated[tuple[Named, ...], Field(min_length=1)]
    subjects: tuple[Subject, ...] = ()
    stages: tuple[Stage, ...] = ()
    phases: tuple[Phase, ...] = ()
    body: Body


Pack = (
    SourceList
    | PhaseGuidance
    | ExtraActions
    | ActionSet
    | PromptSet
    | IcebreakerSet
    | Agenda
    | QuestionSet
    | ChallengeSet
    | ReflectionSet
    | CompetencySet
    | OpeningSet
    | DigestWords
    | Guide
)

KINDS: dict[str, type[Pack]] = {
    "sources": SourceList,
    "guides": Guide,
    "phases": PhaseGuidance,
    "actions": ExtraActions,
    "stages": ActionSet,
    "prompts": PromptSet,
    "icebreakers": IcebreakerSet,
    "agendas": Agenda,
    "questions": QuestionSet,
    "challenges": ChallengeSet,
    "reflections": ReflectionSet,
    "competencies": CompetencySet,
    "openings": OpeningSet,
    "digests": DigestWords,
}
"""Each kind of pack by its folder's name, in the order they are read."""
