"""What the packs say on a card, in a form or in a list reads at fourteen, not only the guides."""

from collections.abc import Iterator

import pytest

from bot.knowledge.packs import Packs
from tests.words.measure import FOURTEEN, grade, sentences

PACKS = Packs.load()
FEWEST_WORDS = 10


Card = tuple[str, str]


def cards() -> list[Card]:
    """Each text as it stands on a card, with what it belongs to."""
    return [*to_do(), *asked(), *read_out(), *looked_at()]


def to_do() -> Iterator[Card]:
    for one in (*PACKS.phases.values(), *PACKS.sets):
        kind = "phase" if one.id in PACKS.phases else "stage"
        yield f"{kind} {one.id}", one.emphasis
        yield from ((f"{kind} {one.id}", f"{a.do}. {a.why} {a.how}") for a in one.actions)
    for each in (each for group in PACKS.challenges for each in group.challenges):
        yield f"challenge {each.id}", f"{each.do}. {each.why} {each.how}"


def asked() -> Iterator[Card]:
    for q in (q for group in PACKS.questions for q in group.questions):
        yield f"question {q.id}", f"{q.ask} {q.smaller}"
    for r in (r for group in PACKS.reflections for r in group.questions):
        yield f"reflection {r.id}", f"{r.ask} {r.recall or ''}"
    for prompts in PACKS.prompts:
        yield from ((f"prompt {p.id}", p.ask) for p in prompts.prompts)
    for icebreakers in PACKS.icebreakers:
        yield from ((f"icebreaker {i.id}", i.ask) for i in icebreakers.icebreakers)


def read_out() -> Iterator[Card]:
    for agenda in PACKS.agendas.values():
        yield f"agenda {agenda.id}", " ".join([agenda.first, *(line.do for line in agenda.lines)])
    for opening in PACKS.openings:
        yield from ((f"opening {opening.id}", line) for line in (*opening.card, *opening.digest))


def looked_at() -> Iterator[Card]:
    for c in (c for group in PACKS.competencies for c in group.competencies):
        looks = f"{c.looks.start} {c.looks.middle} {c.looks.end}"
        yield f"competency {c.id}", f"{c.means} {c.ask} {looks}"


def test_there_are_hundreds_of_them():
    assert len(cards()) > 500


def test_everybody_of_fourteen_reads_them_with_ease():
    heavy = [
        (where, round(grade(text), 1), text)
        for where, text in cards()
        if sum(map(len, sentences(text))) >= FEWEST_WORDS and grade(text) > FOURTEEN
    ]

    assert heavy == []


@pytest.mark.parametrize("name", ["phase", "stage", "challenge", "competency"])
def test_most_of_them_are_much_easier(name: str):
    grades = [grade(text) for where, text in cards() if where.startswith(name)]

    assert sum(grades) / len(grades) < 6
