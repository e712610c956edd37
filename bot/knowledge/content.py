"""What a content pack may hold: guidance by phase and stage, prompts, starters, agendas, guides.

Every text has a length that fits the Discord card, form or list it ends up in.
"""

from enum import StrEnum
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

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=45)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=90)]
Ask = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=420)]
Body = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=3500)]


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


def _named_source(value: object, info: ValidationInfo) -> object:
    """A pack may name one of the listed sources by its id instead of writing it out."""
    if not isinstance(value, str):
        return value
    known = cast(dict[str, Source], info.context or {})
    if value not in known:
        raise ValueError(f"no source is called “{value}”; add it to sources/, or give name and url")
    return known[value]


Named = Annotated[Source, BeforeValidator(_named_source)]


class Action(Part, frozen=True):
    """One thing a person can do this week, why it is worth it and how to go about it."""

    do: Line
    why: Sentence
    how: Paragraph
    source: Named
    key: bool = False
    """Shown in every week of the phase, while the others take turns."""


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
    def _told_apart(self) -> Self:
        ids = [prompt.id for prompt in self.prompts]
        if twice := next((one for one in ids if ids.count(one) > 1), None):
            raise ValueError(f"two prompts are called “{twice}”")
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
        ids = [one.id for one in self.icebreakers]
        if twice := next((one for one in ids if ids.count(one) > 1), None):
            raise ValueError(f"two icebreakers are called “{twice}”")
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
    def _told_apart(self) -> Self:
        ids = [one.id for one in self.questions]
        if twice := next((one for one in ids if ids.count(one) > 1), None):
            raise ValueError(f"two questions are called “{twice}”")
        return self


class SourceList(Part, frozen=True):
    """Sources that other packs name by their id."""

    id: Id
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]


class Guide(Part, frozen=True):
    """A page to read in two minutes, found by search, with the sources it rests on."""

    id: Id
    title: Title
    summary: Sentence
    keywords: Annotated[tuple[Title, ...], Field(min_length=3)]
    sources: Annotated[tuple[Named, ...], Field(min_length=1)]
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
    | Guide
)

KINDS: dict[str, type[Pack]] = {
    "sources": SourceList,
    "phases": PhaseGuidance,
    "actions": ExtraActions,
    "stages": ActionSet,
    "prompts": PromptSet,
    "icebreakers": IcebreakerSet,
    "agendas": Agenda,
    "questions": QuestionSet,
    "guides": Guide,
}
"""Each kind of pack by its folder's name, in the order they are read."""
