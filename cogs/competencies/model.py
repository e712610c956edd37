"""What somebody says of themselves about the things that work asks of everybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.clockwork.phases import Phase, Stage
from bot.face.words import N_
from bot.knowledge.content import Competency

WORDS_LIMIT = 700
A_PAGE = 8
"""As many as career readiness has; an operator's own stand on the next page."""


class Moment(StrEnum):
    """When somebody looks at themselves: as it begins, half way, and when it is over."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


MOMENTS: dict[Moment, str] = {
    Moment.START: N_("Start"),
    Moment.MIDDLE: N_("Middle"),
    Moment.END: N_("End"),
}

_OF_PHASE = {
    Phase.BEFORE: Moment.START,
    Phase.LAND: Moment.START,
    Phase.PLAN: Moment.START,
    Phase.STRIDE: Moment.MIDDLE,
    Phase.MIDPOINT: Moment.MIDDLE,
    Phase.REACH: Moment.MIDDLE,
    Phase.CLOSE: Moment.END,
    Phase.LAST_WEEK: Moment.END,
    Phase.AFTER: Moment.END,
}
_QUIET = (Phase.BEFORE, Phase.STRIDE)
"""Phases that have enough of their own; nobody is asked to look at themselves as well."""


def moment_of(stage: Stage, phase: Phase | None) -> Moment:
    """Return the moment somebody is at, by what they say of themselves, then by their dates."""
    if stage in (Stage.LOOKING, Stage.STARTING):
        return Moment.START
    if stage is Stage.FINISHED:
        return Moment.END
    return _OF_PHASE[phase] if phase else Moment.START


def is_due(stage: Stage, phase: Phase | None) -> bool:
    """Say whether now is a good time to be asked."""
    return stage is Stage.INTERNING and phase is not None and phase not in _QUIET


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said about one competency at one moment.

    `answer` is one of the pack's words for how it goes, `words` are their own; either may be empty.
    """

    member_id: int
    competency: str
    moment: Moment
    answer: str
    words: str
    goal_id: int | None
    at: datetime

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was said after all."""
        return not self.answer and not self.words


Told = Mapping[Moment, Said]
"""What was said about one competency, by moment; moments without a word are not in it."""


@dataclass(frozen=True, slots=True)
class CompetencyPage:
    """One competency at one moment, with what was said about it at any."""

    member_id: int
    competency: Competency
    answers: tuple[str, ...]
    moment: Moment
    told: Told
    next_id: str | None
    may_make_goal: bool
    goal_id: int | None = None
    is_new_goal: bool = False

    @property
    def looks(self) -> str:
        """What it can look like at this moment."""
        return str(getattr(self.competency.looks, self.moment.value))


@dataclass(frozen=True, slots=True)
class Overview:
    """All competencies side by side, one page of them, and where the member is on their way."""

    member_id: int
    cohort_name: str
    rows: tuple[tuple[Competency, Told], ...]
    moment: Moment
    said: int
    all: int
    next_id: str | None
    page: int = 0
    pages: int = 1

    @property
    def is_untouched(self) -> bool:
        """Say whether nothing was ever said on this page."""
        return not any(told for _competency, told in self.rows)
