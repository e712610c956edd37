"""The child process: reads one question, answers it, ends. `python -m bot.matching.solver`.

Only the child process imports this module.
"""

import contextlib
import os
import sys
from collections.abc import Sequence

import numpy as np

from bot.matching.groups import grouped
from bot.matching.mentors import assigned
from bot.matching.model import SMALLEST, Assignment, Mentoring, Pairing, Person, Round
from bot.matching.pairs import Pairs
from bot.matching.parcels import Answer, Question, packed, unpacked
from bot.matching.reasons import Judge
from bot.matching.scores import Scores

POLITE = 10
"""How far the solver stands back where the bot wants the processor too."""


def solve(question: Question) -> Answer:
    """Return the answer to a question about a round or about mentors."""
    if isinstance(question, Pairing):
        return round_of(question)
    return assignment(question)


def round_of(question: Pairing) -> Round:
    """Return the best round: the same people and the same seed give the same one."""
    rng = np.random.default_rng(question.seed)
    people = _shuffled(question.people, rng)
    if len(people) < SMALLEST:
        return Round((), (), tuple(person.person_id for person in people), question.seed)
    scores = Scores(people, question.on, question.weights, question.history, question.avoid)
    if question.size == 2:
        cover = Pairs(scores, rng).cover()
    else:
        cover = grouped(scores, question.size, rng)
    groups = sorted(tuple(sorted(people[at].person_id for at in group)) for group in cover.groups)
    judge = Judge(question.people, question.on, question.weights, question.history)
    return Round(
        groups=tuple(groups),
        reasons=tuple(judge.reasons(group) for group in groups),
        unmatched=tuple(sorted(people[at].person_id for at in cover.left)),
        seed=question.seed,
    )


def assignment(question: Mentoring) -> Assignment:
    """Return the best assignment of mentors."""
    mentees = sorted(question.mentees, key=lambda person: person.person_id)
    mentors = sorted(question.mentors, key=lambda mentor: mentor.person.person_id)
    ordered = Mentoring(
        tuple(mentees),
        tuple(mentors),
        question.on,
        question.weights,
        question.avoid,
        question.seed,
    )
    found = assigned(ordered, np.random.default_rng(question.seed))
    pairs = sorted((mentees[a].person_id, mentors[b].person.person_id) for a, b in found)
    everyone = {person.person_id: person for person in mentees}
    everyone |= {mentor.person.person_id: mentor.person for mentor in mentors}
    judge = Judge(everyone.values(), question.on, question.weights)
    served = {mentee for mentee, _mentor in pairs}
    return Assignment(
        pairs=tuple(pairs),
        reasons=tuple(judge.reasons(pair) for pair in pairs),
        waiting=tuple(p.person_id for p in mentees if p.person_id not in served),
        seed=question.seed,
    )


def _shuffled(people: Sequence[Person], rng: np.random.Generator) -> list[Person]:
    ordered = sorted(people, key=lambda person: person.person_id)
    return [ordered[at] for at in rng.permutation(len(ordered))]


def main() -> None:
    """Answer the question on standard input."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(POLITE)
    *_pieces, question = unpacked(sys.stdin.buffer)
    assert isinstance(question, Pairing | Mentoring)
    for piece in packed(solve(question)):
        sys.stdout.buffer.write(piece)


if __name__ == "__main__":
    main()
