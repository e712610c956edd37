"""What a content pack may hold: guidance by phase and stage, check-in prompts and guides.

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


Pack = SourceList | PhaseGuidance | ExtraActions | ActionSet | PromptSet | Guide

KINDS: dict[str, type[Pack]] = {
    "sources": SourceList,
    "phases": PhaseGuidance,
    "actions": ExtraActions,
    "stages": ActionSet,
    "prompts": PromptSet,
    "guides": Guide,
}
"""Each kind of pack by its folder's name, in the order they are read."""
