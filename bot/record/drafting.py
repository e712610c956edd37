"""Lines for a résumé and stories for an interview, by rule, from what somebody wrote themselves.

Nothing is made up: a word is only put into another tense where that is safe, and what is missing
is asked for. Every draft names the entry it comes from.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.face.dates import month
from bot.face.words import _
from bot.people.record import Chapter, Entry
from bot.record.letters import clip, one_line
from bot.record.model import OWN, Record
from bot.record.verbs import PAST, in_the_past

MOST_BULLETS = 60
MOST_OF_A_PROJECT = 6
MOST_STORIES = 8
ACTION_LIMIT = 180
RESULT_LIMIT = 160
STORY_LIMIT = 900

_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|\n+")
_WHEN = re.compile(r"(?:today|yesterday|this week|last week|this month)[,:]?\s+(?=I\b)", re.I)
_ME = re.compile(r"I(?:['’]ve| have| had|['’]m| am| was)?\s+(?=\w)")
_WE = re.compile(r"(?:we|our team)\b", re.I)
_NUMBER = re.compile(
    r"\d|%|\b(?:half|halved|twice|doubled|tripled|third|quarter|dozen|one|two|three|four|five|six|"
    r"seven|eight|nine|ten|hundred|thousand|million)\b",
    re.I,
)
_SOFT = re.compile(
    r"(?:the|an?|its?|now|this|that|these|those|they|users|people|everyone|all|no|every|each|from|"
    r"in|by|for|with|so|which|our|we)",
    re.I,
)
"""Words that surely need no capital."""


@dataclass(frozen=True, slots=True)
class Bullet:
    """A line for a résumé, what it lacks, and where it comes from."""

    text: str
    gaps: tuple[str, ...]
    ref: str
    project: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One part of a story; a gap asks for what nobody wrote yet."""

    label: str
    text: str
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """What one can tell when asked "tell me about a time when …"."""

    title: str
    answers: tuple[Answer, ...]
    ref: str


def bullets(record: Record, most: int = MOST_BULLETS) -> list[Bullet]:
    """Draft lines for a résumé, the fullest of each project first."""
    made: list[Bullet] = []
    taken: dict[tuple[str, str], int] = {}
    for entry in sorted(_drafted(record), key=fullness, reverse=True):
        project = (entry.place, entry.project)
        taken[project] = taken.get(project, 0) + 1
        if entry.project and taken[project] > MOST_OF_A_PROJECT:
            continue
        if drafted := bullet(entry):
            made.append(drafted)
        if len(made) == most:
            break
    return made


def _drafted(record: Record) -> Iterable[Entry]:
    for entry in record.of(*OWN, Chapter.CHALLENGES, Chapter.GOALS):
        if entry.done and entry.what.strip() and not entry.said_by:
            yield entry


def fullness(entry: Entry) -> tuple[int, int]:
    """Say how much there is to tell: a number counts most, then a result, then all the rest."""
    return (
        4 * has_number(entry.result)
        + 2 * bool(entry.result)
        + bool(entry.learned)
        + bool(entry.project)
        + bool(entry.skills)
        + bool(entry.situation)
        + (entry.chapter is Chapter.WORK),
        entry.on.toordinal(),
    )


def has_number(text: str) -> bool:
    """Say whether a result says how many or how much."""
    return bool(_NUMBER.search(text))


def bullet(entry: Entry) -> Bullet | None:
    """Draft one line: what was done, what came of it, with its number. A goal has to be a deed."""
    said = first_sentence(entry.what)
    if not said:
        return None
    reached = entry.chapter is Chapter.GOALS
    deed = action(said, done=bool(entry.result), plan=reached)
    if reached and deed.split(" ")[0].lower() not in PAST:
        return None
    gaps: list[str] = []
    if _WE.match(said):
        gaps.append(_("which part was yours?"))
    result = "" if reached else first_sentence(entry.result)
    if not result:
        gaps.append(_("what came of it? How many, how much faster?"))
    elif not has_number(entry.result):
        gaps.append(_("add a number: how many, how much faster?"))
    text = clip(deed, ACTION_LIMIT)
    if result:
        text = f"{text} – {clip(softened(result), RESULT_LIMIT)}"
    return Bullet(text, tuple(gaps), entry.ref, one_line(entry.project), one_line(entry.place))


def first_sentence(text: str) -> str:
    """Return how a text begins, up to the end of its first sentence, without its full stop."""
    parts = [part.strip() for part in _SENTENCE.split(text.strip()) if part.strip()]
    first = one_line(parts[0]) if parts else ""
    return first[:-1] if first.endswith(".") and not first.endswith("..") else first


def action(said: str, *, done: bool = False, plan: bool = False) -> str:
    """Begin with the deed, in the past and without "I", where that surely means the same."""
    text = _WHEN.sub("", said, count=1) if _WHEN.match(said) else said
    if me := _ME.match(text):
        deed = in_the_past(text[me.end() :], spoken=me.group().strip())
        return _capital(deed) if deed else said
    return _capital(in_the_past(text, done=done, plan=plan) or text)


def softened(result: str) -> str:
    """Let a result go on after a dash, where its first word surely needs no capital."""
    if me := re.match(r"I\s+(?=\w)", result):
        done = in_the_past(result[me.end() :], spoken="I")
        if done:
            return done
    first, space, rest = result.partition(" ")
    if _SOFT.fullmatch(first) or first.lower() in PAST:
        return f"{first[:1].lower()}{first[1:]}{space}{rest}"
    return result


def _capital(text: str) -> str:
    """Begin with a capital, unless that would be another letter: of "µ" it is a Greek one."""
    first, big = text.partition(" ")[0], text[:1].upper()
    fits = first.islower() and first.isalpha() and big.lower() == text[:1]
    return big + text[1:] if fits else text


def stories(record: Record, most: int = MOST_STORIES) -> list[Story]:
    """Draft the stories that have the most to tell; one without a result is none yet."""
    told = (entry for entry in _drafted(record) if entry.chapter is not Chapter.GOALS)
    worth = [entry for entry in told if entry.result.strip()]
    best = sorted(worth, key=fullness, reverse=True)[:most]
    return [story(entry) for entry in best]


def story(entry: Entry) -> Story:
    """Draft Situation, Task, Action and Result from one entry, with a question for each gap."""
    lacks = () if entry.situation else (_("what was going on, and why did it matter?"),)
    number = () if has_number(entry.result) else (_("add a number: how many, how much faster?"),)
    answers = [
        Answer(_("Situation"), _situation(entry), lacks),
        Answer(_("Task"), "", (_("what was asked of you, or what did you want to change?"),)),
        Answer(_("Action"), clip(entry.what.strip(), STORY_LIMIT)),
        Answer(_("Result"), clip(entry.result.strip(), STORY_LIMIT), number),
    ]
    if entry.learned:
        answers.append(Answer(_("What I learned"), clip(entry.learned.strip(), STORY_LIMIT)))
    return Story(clip(first_sentence(entry.what), 90), tuple(answers), entry.ref)


def _situation(entry: Entry) -> str:
    at_work = (entry.role, entry.place) if entry.chapter is not Chapter.PROJECT else ()
    facts = [*map(one_line, (*at_work, entry.project)), month(entry.on)]
    where = " · ".join(fact for fact in facts if fact)
    return f"{entry.situation.strip()}\n{where}" if entry.situation else where
