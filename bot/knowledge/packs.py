"""Hands out the guidance that fits a person's week, from what Stint and its operator brought.

An operator's pack with the id of a shipped one takes its place; any other id adds to them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from bot.clockwork.phases import Phase, Stage
from bot.errors import CannotStart
from bot.knowledge.content import (
    ACTIONS_SHOWN,
    KEY_ACTIONS,
    KINDS,
    REFLECTIONS_ASKED,
    Action,
    ActionSet,
    Agenda,
    Aspect,
    Challenge,
    ChallengeSet,
    CompetencySet,
    DigestWords,
    ExtraActions,
    Guide,
    Icebreaker,
    IcebreakerSet,
    Known,
    Moment,
    OpeningSet,
    Pack,
    PhaseGuidance,
    Prompt,
    PromptSet,
    Question,
    QuestionSet,
    Reflection,
    ReflectionSet,
    Section,
    SectionWords,
    Source,
    SourceList,
    Topic,
)
from bot.knowledge.reading import Problem, Unreadable, files_in, read

FEWEST_ICEBREAKERS = 4
"""For any time and anybody, so that there is always another question than the last."""

_Kind = TypeVar("_Kind", bound=Pack)

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "packs"


@dataclass(frozen=True)
class Packs:
    """Everything Stint has read, and which of the operator's files it could not use."""

    phases: Mapping[Phase, PhaseGuidance]
    sets: Sequence[ActionSet]
    prompts: Sequence[PromptSet]
    icebreakers: Sequence[IcebreakerSet]
    agendas: Mapping[Phase, Agenda]
    questions: Sequence[QuestionSet]
    challenges: Sequence[ChallengeSet]
    reflections: Sequence[ReflectionSet]
    competencies: Sequence[CompetencySet]
    openings: Sequence[OpeningSet]
    digests: Sequence[DigestWords]
    guides: Mapping[str, Guide]
    problems: Sequence[Problem] = ()

    @classmethod
    def load(cls, shipped: Path = SHIPPED, extra: Sequence[Path] = ()) -> "Packs":
        """Reads all packs; a mistake in a shipped one stops, one in an operator's is listed."""
        shelf = _Shelf()
        shelf.fill(shipped)
        wrong = [*map(str, shelf.problems), *shelf.gaps()]
        if wrong:
            raise CannotStart(f"Stint's own content is broken: {wrong[0]}")
        for folder in extra:
            shelf.fill(folder)
        return shelf.packs()

    def guidance(self, phase: Phase) -> PhaseGuidance:
        """The title, emphasis and all actions of one phase."""
        return self.phases[phase]

    def actions(
        self, phase: Phase | None, stage: Stage, day: date, since: date | None = None
    ) -> tuple[Action, ...]:
        """Three things to do in the week of this day, the same three on each of its days.

        The week after brings others. With `since`, the phase's first day, they come in the
        order in which they were written.
        """
        week = _week(day)
        of_stage = [one for one in self.sets if one.stage is stage]
        if of_stage and (phase is None or stage is Stage.LOOKING):
            return _from_sets(of_stage, week)
        whole = self.phases[phase or Phase.STRIDE].actions
        return _in_turn(whole, week - _week(since) if since else week)

    @cached_property
    def by_id(self) -> Mapping[str, Action]:
        """Every action there is, by the id under which it is known that somebody did it."""
        groups = (*self.sets, *self.phases.values())
        return {action.id: action for group in groups for action in group.actions}

    def prompt(self, phase: Phase | None, period: date, field: Topic) -> Prompt:
        """The question about this field in the check-in of this period."""
        fitting = self._asked_in(phase, field) or self._asked_in(None, field)
        return fitting[_week(period) % len(fitting)]

    def icebreaker(
        self,
        phase: Phase | None,
        interests: Sequence[str] = (),
        seed: int = 0,
        *,
        after: str | None = None,
    ) -> Icebreaker:
        """A question for people who meet: about what they share, else for their phase.

        `interests` are what they share, as they named it, the dearest first. The same seed gives
        the same question, the next one always another; `after` is the id of one not to repeat.
        """
        places = [
            (place, one, group)
            for place, (group, one) in enumerate(
                (group, one) for group in self.icebreakers for one in group.icebreakers
            )
            if group.fits(one, phase) and one.id != after
        ]
        for named in interests:
            shared = [each for each in places if each[2].is_about(named)]
            if shared:
                return _by_seed(shared, seed)
        general = [each for each in places if each[2].interest is None]
        of_phase = [each for each in general if each[1].phases or each[2].phases]
        return _by_seed(of_phase or general, seed)

    def agenda(self, phase: Phase | None, *, first: bool = False) -> Agenda:
        """Half an hour for a mentor and a mentee in this phase, or for their first time."""
        agenda = self.agendas[phase or Phase.STRIDE]
        return agenda.opening() if first else agenda

    def question(self, aspect: Aspect, phase: Phase | None, seed: int = 0) -> Question:
        """A question that asks for feedback on this aspect, for their phase where there are some.

        The next seed gives another one, until all were offered.
        """
        of_aspect = [
            one for group in self.questions if group.aspect is aspect for one in group.questions
        ]
        fitting = [one for one in of_aspect if phase in one.phases]
        at_any_time = [one for one in of_aspect if not one.phases]
        offered = [*fitting, *at_any_time] or of_aspect
        return offered[seed % len(offered)]

    def challenge(
        self,
        phase: Phase | None,
        stage: Stage = Stage.INTERNING,
        turn: int = 0,
        *,
        done: Collection[str] = (),
    ) -> Challenge:
        """A small step for this phase or stage; the next turn brings another one.

        Those whose ids are in `done` come back only when nothing else is left.
        """
        of_stage = [one for one in self.challenges if one.stage is stage]
        if of_stage and (phase is None or stage is Stage.LOOKING):
            fitting = [each for one in of_stage for each in one.challenges]
        else:
            of_phases = [
                (each.phases or one.phases, each)
                for one in self.challenges
                if one.stage is None
                for each in one.challenges
            ]
            fitting = [each for phases, each in of_phases if phase in phases]
            fitting += [each for phases, each in of_phases if not phases]
        left = [each for each in fitting if each.id not in done] or fitting
        return left[turn % len(left)]

    def reflect(self, moment: Moment, turn: int = 0) -> tuple[Reflection, ...]:
        """Three questions to oneself for this moment; the next turn brings the next three."""
        asked = [
            each for one in self.reflections for each in one.questions if each.moment is moment
        ]
        start = turn * REFLECTIONS_ASKED
        return tuple(asked[(start + n) % len(asked)] for n in range(REFLECTIONS_ASKED))

    def card_opening(self, phase: Phase | None, stage: Stage, turn: int = 0) -> str:
        """The first line of a member's card; the next turn words it differently."""
        lines = [line for one in self._openings(phase, stage) for line in one.card]
        return lines[turn % len(lines)]

    def digest_opening(self, phase: Phase | None, turn: int = 0) -> str:
        """The first line of a cohort's week; the next turn words it differently."""
        lines = [line for one in self._openings(phase, Stage.INTERNING) for line in one.digest]
        return lines[turn % len(lines)]

    def section(self, section: Section) -> SectionWords:
        """The heading of a part of the digest, and the lines that may stand under it."""
        written = [words for one in self.digests for words in one.sections]
        return next(words for words in reversed(written) if words.section is section)

    def digest_closing(self, turn: int = 0) -> str:
        """The last line of the digest; the next turn words it differently."""
        lines = [line for one in self.digests for line in one.closings]
        return lines[turn % len(lines)] if lines else ""

    def _openings(self, phase: Phase | None, stage: Stage) -> list[OpeningSet]:
        of_stage = [one for one in self.openings if one.stage is stage]
        if of_stage and (phase is None or stage is Stage.LOOKING):
            return of_stage
        return [one for one in self.openings if one.phase is (phase or Phase.STRIDE)]

    def _asked_in(self, phase: Phase | None, field: Topic) -> list[Prompt]:
        sets = [one for one in self.prompts if one.phase is phase]
        return [prompt for one in sets for prompt in one.prompts if prompt.field is field]


class _Shelf:
    """Collects packs by kind and id while folders are read, later ones over earlier ones."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._by_kind: dict[type[Pack], dict[str, Pack]] = {}
        self._sources: dict[str, Source] = {}

    def fill(self, folder: Path) -> None:
        if not folder.is_dir():
            self.problems.append(Problem(folder, "", "there is no such folder"))
            return
        self.problems.extend(_strangers(folder))
        read_from: dict[tuple[str, str], Path] = {}
        for kind, file in files_in(folder):
            try:
                pack = read(kind, file, self._known())
                first = read_from.setdefault((kind, pack.id), file)
                if first != file:
                    taken = f"{first.name} is “{pack.id}” already"
                    raise Unreadable(Problem(file, "", taken))
            except Unreadable as error:
                self.problems.extend(error.problems)
            else:
                self._put(pack)

    def packs(self) -> Packs:
        """What was collected, with the operator's extra actions ahead of the phase's own."""
        phases = {one.phase: one for one in self._of(PhaseGuidance)}
        for more in self._of(ExtraActions):
            whole = phases[more.phase]
            together = (*more.actions, *whole.actions)
            phases[more.phase] = whole.model_copy(update={"actions": together})
        return Packs(
            phases=phases,
            sets=tuple(self._of(ActionSet)),
            prompts=tuple(self._of(PromptSet)),
            icebreakers=tuple(self._of(IcebreakerSet)),
            agendas={one.phase: one for one in self._of(Agenda)},
            questions=tuple(self._of(QuestionSet)),
            challenges=tuple(self._of(ChallengeSet)),
            reflections=tuple(self._of(ReflectionSet)),
            competencies=tuple(self._of(CompetencySet)),
            openings=tuple(self._of(OpeningSet)),
            digests=tuple(self._of(DigestWords)),
            guides={guide.id: guide for guide in self._of(Guide)},
            problems=tuple(self.problems),
        )

    def gaps(self) -> Iterator[str]:
        """What every week needs and nobody wrote."""
        phases = {one.phase for one in self._of(PhaseGuidance)}
        yield from (f"nothing about the phase “{phase}”" for phase in Phase if phase not in phases)
        stages = {one.stage for one in self._of(ActionSet)}
        yield from (
            f"no actions for the stage “{stage}”"
            for stage in Stage
            if stage not in stages and stage is not Stage.INTERNING
        )
        agendas = {one.phase for one in self._of(Agenda)}
        yield from (f"no agenda for the phase “{phase}”" for phase in Phase if phase not in agendas)
        sets = [one for one in self._of(IcebreakerSet) if one.interest is None]
        anytime = [each for one in sets for each in one.icebreakers if one.fits(each, None)]
        if len(anytime) < FEWEST_ICEBREAKERS:
            yield "too few icebreakers for any time"
        asked = {one.aspect for one in self._of(QuestionSet)}
        yield from (f"no question about “{one}”" for one in Aspect if one not in asked)
        any_week = [one for one in self._of(PromptSet) if one.phase is None]
        topics = {prompt.field for one in any_week for prompt in one.prompts}
        yield from (f"no prompt about “{t}” for any week" for t in Topic if t not in topics)
        yield from self._later_gaps()

    def _later_gaps(self) -> Iterator[str]:
        sets = [one for one in self._of(ChallengeSet) if one.stage is None and not one.phases]
        if not any(not each.phases for one in sets for each in one.challenges):
            yield "no challenge for any time"
        asked = [each.moment for one in self._of(ReflectionSet) for each in one.questions]
        yield from (
            f"too few questions to reflect on for “{moment}”"
            for moment in Moment
            if asked.count(moment) < REFLECTIONS_ASKED
        )
        if not self._of(CompetencySet):
            yield "no competencies"
        opened = {one.phase for one in self._of(OpeningSet)}
        yield from (f"no opening for the phase “{phase}”" for phase in Phase if phase not in opened)
        worded = {each.section for one in self._of(DigestWords) for each in one.sections}
        yield from (f"no words for the section “{one}”" for one in Section if one not in worded)

    def _known(self) -> Known:
        return Known(self._sources, frozenset(self._by_kind.get(Guide, ())))

    def _put(self, pack: Pack) -> None:
        self._by_kind.setdefault(type(pack), {})[pack.id] = pack
        if isinstance(pack, SourceList):
            self._sources.update({source.id: source for source in pack.sources})

    def _of(self, kind: type[_Kind]) -> list[_Kind]:
        return [pack for pack in self._by_kind.get(kind, {}).values() if isinstance(pack, kind)]


def _strangers(folder: Path) -> Iterator[Problem]:
    for kind in sorted(path for path in folder.iterdir() if path.is_dir()):
        if kind.name not in KINDS and not kind.name.startswith((".", "_")):
            yield Problem(kind, "", f"no such kind of pack; choose one of {', '.join(KINDS)}")


def _by_seed(places: Sequence[tuple[int, Icebreaker, IcebreakerSet]], seed: int) -> Icebreaker:
    """Odd seeds choose among odd places, so that two in a row differ whatever else changed."""
    chosen = [one for place, one, _set in places if place % 2 == seed % 2]
    chosen = chosen or [one for _place, one, _set in places]
    return chosen[seed // 2 % len(chosen)]


def _week(day: date) -> int:
    """Counts weeks from Monday to Sunday, the same for everybody."""
    return (day.toordinal() - 1) // 7


def _in_turn(actions: Sequence[Action], turn: int) -> tuple[Action, ...]:
    """The key actions, and the others a few at a time, round and round."""
    stay = [action for action in actions if action.key][:KEY_ACTIONS]
    others = [action for action in actions if action not in stay]
    places = min(ACTIONS_SHOWN - len(stay), len(others))
    start = turn * places
    return (*stay, *(others[(start + n) % len(others)] for n in range(places)))


def _from_sets(sets: Sequence[ActionSet], week: int) -> tuple[Action, ...]:
    """One action from each of three sets; the sets and their actions take turns."""
    if len(sets) < ACTIONS_SHOWN:
        return _in_turn([action for one in sets for action in one.actions], week)
    turns = range(week * ACTIONS_SHOWN, (week + 1) * ACTIONS_SHOWN)
    chosen = [(sets[turn % len(sets)].actions, turn // len(sets)) for turn in turns]
    return tuple(actions[round % len(actions)] for actions, round in chosen)
