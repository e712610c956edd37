"""How a report looks: a card, and the same as a page and as a table to take away."""

from collections.abc import Sequence

from bot.face.dates import whole_day
from bot.face.look import View, attached, card, clip, row, safe
from bot.face.press import press
from bot.face.words import _
from bot.people.contributions import CutKind
from cogs.ending.report_model import Fact, ReportPage
from cogs.ending.report_paper import HIDDEN, caveat, rows


def report_card(page: ReportPage) -> View:
    """Show the report to a moderator."""
    number = page.cohort.cohort_id
    return card(
        _("Report of {name}").format(name=safe(page.cohort.name)),
        clip(_whole(page), 1500),
        clip("\n".join(_rows(page, CutKind.PHASE)), 1400),
        clip("\n".join(_rows(page, CutKind.WEEK)), 600),
        f"-# {caveat()}",
        row(
            press(_("As a file"), "ending.paper", number, style="primary"),
            press(_("Status"), "cohorts.status", number),
        ),
    )


def _whole(page: ReportPage) -> str:
    cuts = page.kinds(CutKind.WHOLE)
    if cuts:
        lines = [f"- {_(fact.label)}: {_said(fact)}" for fact in page.of(cuts[0])]
        return _("**The whole programme**") + "\n" + "\n".join(lines)
    if page.whole_on is None:
        return _("The cohort has no dates, so there is nothing to count.")
    return _("**The whole programme** is counted on {day}. What is over so far:").format(
        day=whole_day(page.whole_on)
    )


def _rows(page: ReportPage, kind: CutKind) -> list[str]:
    """Return one line for each figure, with a number for each cut."""
    lines = rows(page, kind)
    if not lines:
        return []
    heading = _("**By phase**, people") if kind is CutKind.PHASE else _("**By week**, people")
    return [heading, *(f"- {label}: {numbers}" for label, numbers in lines)]


def _said(fact: Fact) -> str:
    if fact.people is None:
        # What is about no person has a number of times only.
        return HIDDEN if fact.times is None else str(fact.times)
    if not fact.times:
        return _("at least {n} people").format(n=fact.people)
    return _("at least {people} people, {times} times").format(people=fact.people, times=fact.times)


def paper_card(filenames: Sequence[str]) -> View:
    """Hand the report out."""
    return card(
        _("The report as a file"),
        _("The page to read or to print, and the same numbers as a table."),
        *(attached(name) for name in filenames),
    )
