"""The report as a page and as a table, to take away."""

import csv
from collections.abc import Sequence

from bot.face.cells import as_csv
from bot.face.dates import short_day, whole_day
from bot.face.words import N_, _, spoken
from bot.people.contributions import Cut, CutKind
from bot.record.document import Block, Document, Heading, Line, Table, Text
from bot.record.letters import one_line
from cogs.ending.report_model import Fact, ReportPage

PHASES = {
    "before": N_("before"),
    "land": N_("land"),
    "plan": N_("plan"),
    "stride": N_("stride"),
    "midpoint": N_("midpoint"),
    "reach": N_("reach"),
    "close": N_("close"),
    "last_week": N_("last week"),
}
HIDDEN = "–"


def caveat() -> str:
    """Say what a report can say, and what it cannot."""
    return _(
        "Facts without names. Every number is rounded down to fives, and never says more than all "
        "but four. A dash stands for fewer than five people, or too few in all. Each part is "
        "counted once, a week after it ended, so people who leave later change nothing. It says "
        "what happened, not how good anybody was, and not why."
    )


def document(page: ReportPage) -> Document:
    """Compose the page."""
    cohort = page.cohort
    days = ""
    if cohort.first_day and cohort.last_day:
        days = f"{whole_day(cohort.first_day)} – {whole_day(cohort.last_day)}"
    title = _("Report of {name}").format(name=one_line(cohort.name))
    return Document(
        title=title,
        name=title,
        under=(days,) if days else (),
        summary="",
        note=caveat(),
        blocks=(*_whole(page), *_parts(page, CutKind.PHASE), *_parts(page, CutKind.WEEK)),
        locale=spoken(),
        page=_("{page} of {pages}"),
    )


def _whole(page: ReportPage) -> list[Block]:
    cuts = page.kinds(CutKind.WHOLE)
    if not cuts:
        if page.whole_on is None:
            return [Text(_("The cohort has no dates, so there is nothing to count."))]
        text = _("The whole programme is counted on {day}. What is over so far:")
        return [Text(text.format(day=whole_day(page.whole_on)))]
    rows = tuple((_(fact.label), *_both(fact)) for fact in page.of(cuts[0]))
    head = ("", _("people, at least"), _("times, at least"))
    return [Heading(_("The whole programme")), Table(head, rows)]


def _both(fact: Fact) -> tuple[str, str]:
    """Return people and times; what was never counted stays empty, what is hidden says so."""
    times = "" if fact.times is None else str(fact.times)
    if fact.people is None:
        return (HIDDEN, HIDDEN) if fact.times is None else ("", times)
    return str(fact.people), times


def _parts(page: ReportPage, kind: CutKind) -> list[Block]:
    lines = rows(page, kind)
    if not lines:
        return []
    heading = _("By phase, people") if kind is CutKind.PHASE else _("By week, people")
    return [Heading(heading), *(Line(f"{label}: {numbers}") for label, numbers in lines)]


def rows(page: ReportPage, kind: CutKind) -> list[tuple[str, str]]:
    """Return a line for each figure: what it is called, and a number for each cut.

    Where every number is hidden one dash stands for all of them.
    """
    cuts = page.kinds(kind)
    by_cut = {cut: {fact.figure: fact for fact in page.of(cut)} for cut in cuts}
    every = {
        name: fact
        for facts in by_cut.values()
        for name, fact in facts.items()
        if fact.people is not None or fact.times is None  # what is about no person is elsewhere
    }
    return [
        (
            _(figure.label),
            _numbers(
                [(cut, by_cut[cut][figure.figure]) for cut in cuts if figure.figure in by_cut[cut]]
            ),
        )
        for figure in sorted(every.values(), key=lambda fact: (fact.order, fact.figure))
    ]


def _numbers(facts: Sequence[tuple[Cut, Fact]]) -> str:
    if all(fact.people is None for _cut, fact in facts):
        return HIDDEN
    return " · ".join(f"{cut_name(cut)}\N{NO-BREAK SPACE}{_people(fact)}" for cut, fact in facts)


def _people(fact: Fact) -> str:
    return HIDDEN if fact.people is None else f"{fact.people}+"


def cut_name(cut: Cut) -> str:
    """Return what a cut is called: a phase by its name, a week by its Monday."""
    if cut.kind is CutKind.PHASE:
        return _(PHASES.get(cut.name, cut.name))
    return _("whole programme") if cut.kind is CutKind.WHOLE else short_day(cut.since_on)


def table(page: ReportPage) -> bytes:
    """Return the same numbers for a spreadsheet; an empty cell is one that is not shown."""
    head = (
        _("part"),
        _("from"),
        _("until"),
        _("fact"),
        _("people, at least"),
        _("times, at least"),
    )
    lines = (
        (
            cut_name(cut),
            cut.since_on.isoformat(),
            cut.until_on.isoformat(),
            _(fact.label),
            "" if fact.people is None else str(fact.people),
            "" if fact.times is None else str(fact.times),
        )
        for cut in sorted(page.cuts, key=lambda each: (each.kind.value, each.since_on))
        for fact in page.of(cut)
    )
    return as_csv(head, lines, quoting=csv.QUOTE_MINIMAL)


def filename(page: ReportPage, ending: str) -> str:
    """Return what a file is called, with nothing in it that a system could trip over."""
    word = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in page.cohort.name)
    slug = "-".join(part for part in word.lower().split("-") if part)[:40] or "cohort"
    return f"stint-report-{slug}-{page.cohort.local_date(page.now).isoformat()}.{ending}"
