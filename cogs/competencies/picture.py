"""The three moments beside each other as a picture; its figures stand as words below it."""

from collections.abc import Iterator

from bot.face.ink import EDGE, QUIET, TEXT, Chart, sheet, stroke, text
from bot.face.look import clip
from bot.face.words import _
from bot.knowledge.content import Competency

from .model import MOMENTS, Moment, Overview, Told

WIDTH = 1000
TOP, EVERY = 128, 104
LEFT, COLUMN, GAP = 36, 300, 14
LONGEST = 19
"""Letters of an answer that fit its field."""


def side_by_side(page: Overview) -> Chart:
    """Draw what was said at the start, in the middle and at the end."""
    height = TOP + EVERY * len(page.rows) + 24
    rows = [part for n, row in enumerate(page.rows) for part in _row(TOP + EVERY * n, *row)]
    return Chart(sheet(WIDTH, height, *_heading(), *rows), alt=words(page), figures_text="")


def words(page: Overview) -> str:
    """Say the same in words, a line for each competency."""
    lines = [f"{one.name}: {path(told)}" for one, told in page.rows if told]
    return "\n".join(lines) or _("Nothing said yet.")


def path(told: Told) -> str:
    """Say how one competency went: what was answered at each moment, in order."""
    said = [
        _("{moment}: {answer}").format(
            moment=_(MOMENTS[moment]), answer=told[moment].answer or _("in my own words")
        )
        for moment in Moment
        if moment in told
    ]
    return " → ".join(said)


def _heading() -> Iterator[str]:
    yield text(LEFT, 56, _("In your own words"), size=32, bold=True)
    for n, moment in enumerate(Moment):
        yield text(_left(n), 104, _(MOMENTS[moment]), size=26, fill=QUIET)


def _row(top: int, one: Competency, told: Told) -> Iterator[str]:
    yield stroke(LEFT, top - 4, WIDTH - LEFT, top - 4, EDGE, 2)
    yield text(LEFT, top + 34, one.name, size=26, bold=True)
    before = ""
    for n, moment in enumerate(Moment):
        if moment not in told:
            yield stroke(_left(n), top + 68, _left(n) + 22, top + 68, QUIET, 4)
            continue
        answer = told[moment].answer or _("in my own words")
        changed = bool(before) and answer != before
        yield text(
            _left(n),
            top + 78,
            clip(answer, LONGEST),
            size=26,
            fill=TEXT if changed or not before else QUIET,
            bold=changed,
        )
        before = answer


def _left(column: int) -> int:
    return LEFT + (COLUMN + GAP) * column
