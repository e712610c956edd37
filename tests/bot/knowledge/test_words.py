"""What Stint says of its own accord is short, plain, kind and sourced, whoever wrote it."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, cast

import pytest
from pydantic import BaseModel

from bot.clockwork.phases import Phase, Stage
from bot.knowledge.content import (
    REFLECTIONS_ASKED,
    Guide,
    Moment,
    Reflection,
    Section,
    Source,
    Subject,
)
from bot.knowledge.packs import Packs
from tests.words.measure import LONGEST, TONE, grade, sentences

PACKS = Packs.load()
GUIDES = list(PACKS.guides.values())

LONGER = {
    "asking-for-feedback",
    "finding-openings",
    "first-week",
    "following-up",
    "mentoring",
    "no-return-offer",
    "portfolio",
    "raising-a-blocker",
    "reading-an-offer",
    "tailoring",
}
"""Guides that may take three minutes to read instead of one."""


def _texts(part: BaseModel) -> Iterator[tuple[str, str]]:
    """Every sentence a person reads, with the name of its field."""
    for name, value in part:
        many = cast(tuple[Any, ...], value) if isinstance(value, tuple) else (value,)
        for one in many:
            if isinstance(one, Source):
                continue
            if isinstance(one, BaseModel):
                yield from _texts(one)
            elif type(one) is str and name not in ("id", "guide", "follows", "keywords", "words"):
                yield name, one


def _everything() -> list[tuple[str, str]]:
    parts: list[BaseModel] = [
        *PACKS.phases.values(),
        *PACKS.sets,
        *PACKS.prompts,
        *PACKS.icebreakers,
        *PACKS.agendas.values(),
        *PACKS.questions,
        *PACKS.challenges,
        *PACKS.reflections,
        *PACKS.competencies,
        *PACKS.openings,
        *PACKS.digests,
        *GUIDES,
    ]
    return [(str(getattr(part, "id", "")), text) for part in parts for _name, text in _texts(part)]


# Every sentence


@pytest.mark.parametrize("rule", TONE)
def test_nothing_we_say_breaks_the_tone(rule: str):
    broken = [
        (where, found.group(), text[:80])
        for where, text in _everything()
        for found in [re.search(TONE[rule], text, re.IGNORECASE)]
        if found
    ]

    assert broken == []


def test_no_sentence_is_longer_than_one_breath():
    long = [
        (where, " ".join(sentence))
        for where, text in _everything()
        for sentence in sentences(text)
        if len(sentence) > LONGEST
    ]

    assert long == []


# Guides


def test_there_are_more_than_sixty_guides_and_no_two_have_one_title():
    assert len({guide.title for guide in GUIDES}) == len(GUIDES) >= 62


@pytest.mark.parametrize("subject", Subject)
def test_every_topic_that_stint_serves_has_guides(subject: Subject):
    assert sum(subject in guide.subjects for guide in GUIDES) >= 3


@pytest.mark.parametrize("guide", GUIDES, ids=lambda one: one.id)
def test_a_guide_is_read_in_a_minute_or_two_at_fourteen(guide: Guide):
    words = len(guide.body.split())

    assert 120 <= words <= (450 if guide.id in LONGER else 250)
    assert grade(guide.body) <= 8
    assert len(guide.summary.split()) <= 24


@pytest.mark.parametrize("guide", GUIDES, ids=lambda one: one.id)
def test_a_guide_talks_to_you_and_names_its_sources(guide: Guide):
    assert re.search(r"\byou(r|'re)?\b", guide.body, re.IGNORECASE)
    assert guide.sources
    assert all(source.url.startswith("https://") for source in guide.sources)
    assert len({word.casefold() for word in guide.keywords}) == len(guide.keywords)


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_and_stage_has_guides_of_its_own(phase: Phase):
    assert sum(phase in guide.phases for guide in GUIDES) >= 6
    for stage in Stage:
        assert sum(stage in guide.stages for guide in GUIDES) >= 10


def test_every_action_has_a_guide_behind_it():
    whole = [a for one in PACKS.phases.values() for a in one.actions]
    whole += [action for one in PACKS.sets for action in one.actions]

    assert [action.do for action in whole if action.guide not in PACKS.guides] == []


def test_no_guide_breaks_its_lines_where_the_writer_did():
    first_week = PACKS.guides["first-week"].body
    note = PACKS.guides["note-for-your-manager"].body

    assert "These five things help with that" in first_week
    assert "reviewed by Sam.\n> **Next:**" in note


# Challenges


def test_there_are_thirty_challenges_of_an_hour_at_most():
    every = [each for one in PACKS.challenges for each in one.challenges]

    assert len({each.id for each in every}) == len({each.do for each in every}) == len(every) >= 30
    assert max(each.minutes for each in every) <= 60
    assert [each.id for each in every if each.guide not in PACKS.guides] == []


@pytest.mark.parametrize("phase", Phase)
def test_the_weeks_of_a_phase_bring_different_challenges_its_own_first(phase: Phase):
    done: list[str] = []
    for turn in range(8):
        done.append(PACKS.challenge(phase, turn=turn, done=done).id)

    assert len(set(done)) == 8
    own = [
        each.id
        for one in PACKS.challenges
        for each in one.challenges
        if phase in (each.phases or one.phases)
    ]
    assert len(own) >= 2
    assert PACKS.challenge(phase).id in own


def test_somebody_looking_gets_challenges_for_looking():
    assert PACKS.challenge(None, Stage.LOOKING).id.startswith("looking")
    assert PACKS.challenge(Phase.LAND, Stage.LOOKING, turn=3).id.startswith("looking")


def test_when_all_challenges_are_done_they_begin_again():
    every = {each.id for one in PACKS.challenges for each in one.challenges}

    assert PACKS.challenge(Phase.CLOSE, done=every) == PACKS.challenge(Phase.CLOSE)


# Reflection


@pytest.mark.parametrize("moment", Moment)
def test_three_questions_are_asked_at_each_moment(moment: Moment):
    asked = PACKS.reflect(moment)

    assert len({one.id for one in asked}) == REFLECTIONS_ASKED


@pytest.mark.parametrize("moment", [Moment.WEEK, Moment.MONTH])
def test_the_next_week_asks_three_others(moment: Moment):
    first, second = PACKS.reflect(moment), PACKS.reflect(moment, turn=1)

    assert not {one.id for one in first} & {one.id for one in second}


def test_what_was_said_before_comes_back_during_and_after():
    before, during, after = map(PACKS.reflect, (Moment.BEFORE, Moment.DURING, Moment.AFTER))

    def followed(questions: tuple[Reflection, ...]) -> set[str | None]:
        return {one.follows for one in questions}

    assert followed(during) == {one.id for one in before}
    assert followed(after) == {one.id for one in during}
    assert all(one.recall for one in (*during, *after))


# Competencies


def test_the_eight_competencies_look_like_something_at_start_middle_and_end():
    (readiness,) = PACKS.competencies

    assert len(readiness.competencies) == 8
    for one in readiness.competencies:
        assert len({one.looks.start, one.looks.middle, one.looks.end}) == 3
        assert one.guide in PACKS.guides
    assert not any(answer.strip().isdigit() for answer in readiness.answers)


# First and last lines


@pytest.mark.parametrize("phase", Phase)
def test_no_two_weeks_in_a_row_open_alike(phase: Phase):
    digests = [PACKS.digest_opening(phase, turn) for turn in range(13)]
    cards = [PACKS.card_opening(phase, Stage.INTERNING, turn) for turn in range(6)]

    assert all(one != other for one, other in pairwise(digests))
    assert all(one != other for one, other in pairwise(cards))


def test_a_card_for_somebody_looking_speaks_of_looking():
    looking = PACKS.card_opening(Phase.REACH, Stage.LOOKING)

    assert looking == PACKS.card_opening(None, Stage.LOOKING)
    assert looking != PACKS.card_opening(Phase.REACH, Stage.INTERNING)


@pytest.mark.parametrize("section", Section)
def test_every_section_of_the_digest_has_a_heading_and_more_than_one_lead(section: Section):
    words = PACKS.section(section)

    assert words.heading
    assert len(set(words.leads)) >= 2


def test_the_digest_closes_differently_from_week_to_week():
    assert PACKS.digest_closing(0) != PACKS.digest_closing(1)
