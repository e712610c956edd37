"""How a report looks: a card, and the same as a page and as a table to take away."""

import csv
import io
from collections.abc import Iterable, Sequence

from bot.face.dates import short_day, whole_day
from bot.face.look import View, attached, card, clip, row, safe
from bot.face.press import press
from bot.face.words import N_, _
from bot.people.contributions import Cut, CutKind
from cogs.ending.model import day_in
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


def report_card(page: ReportPage) -> View:
    """Show the report to a moderator."""
    number = page.cohort.cohort_id
    return card(
        _("Report of {name}").format(name=safe(page.cohort.name)),
        clip(_whole(page), 1500),
        clip("\n".join(_rows(page, CutKind.PHASE)), 1200),
        clip("\n".join(_rows(page, CutKind.WEEK)), 700),
        f"-# {caveat()}",
        row(
            press(_("As a file"), "ending.paper", number, style="primary"),
            press(_("Status"), "cohorts.status", number),
        ),
    )


def caveat() -> str:
    """Say what a report can say, and what it cannot."""
    return _(
        "Facts without names. Every number is rounded down to fives, and never says more than all "
        "but four. A dash stands for fewer than five people, or too few in all. Each part is "
        "counted once, a week after it ended, so people who leave later change nothing. It says "
        "what happened, not how good anybody was, and not why."
    )


def _whole(page: ReportPage) -> str:
    cuts = page.kinds(CutKind.WHOLE)
    if cuts:
        lines = [f"- {_label(fact)}: {_said(fact)}" for fact in page.of(cuts[0])]
        return _("**The whole programme**") + "\n" + "\n".join(lines)
    if page.whole_on is None:
        return _("The cohort has no dates, so there is nothing to count.")
    return _("**The whole programme** is counted on {day}. What is over so far:").format(
        day=whole_day(page.whole_on)
    )


def _rows(page: ReportPage, kind: CutKind) -> list[str]:
    """Return one line for each figure, with a number for each cut."""
    cuts = page.kinds(kind)
    if not cuts:
        return []
    heading = _("**By phase**, people") if kind is CutKind.PHASE else _("**By week**, people")
    by_cut = {cut: {fact.figure: fact for fact in page.of(cut)} for cut in cuts}
    lines = [heading]
    for figure in _figures(by_cut.values()):
        numbers = [
            f"{_cut_name(cut)} {_people(by_cut[cut][figure.figure])}"
            for cut in cuts
            if figure.figure in by_cut[cut]
        ]
        lines.append(f"- {_label(figure)}: " + " · ".join(numbers))
    return lines


def _figures(found: Iterable[dict[str, Fact]]) -> list[Fact]:
    every = {name: fact for facts in found for name, fact in facts.items()}
    return sorted(every.values(), key=lambda fact: (fact.order, fact.figure))


def _label(fact: Fact) -> str:
    return _(fact.label)


def _people(fact: Fact) -> str:
    return HIDDEN if fact.people is None else f"{fact.people}+"


def _said(fact: Fact) -> str:
    if fact.people is None:
        # What is about no person has a number of times only.
        return HIDDEN if fact.times is None else str(fact.times)
    if not fact.times:
        return _("at least {n} people").format(n=fact.people)
    return _("at least {people} people, {times} times").format(people=fact.people, times=fact.times)


def _cut_name(cut: Cut) -> str:
    if cut.kind is CutKind.PHASE:
        return _(PHASES.get(cut.name, cut.name))
    return short_day(cut.since_on)


# --- to take away


def paper_card(filenames: Sequence[str]) -> View:
    """Hand the report out."""
    return card(
        _("The report as a file"),
        _("The page to read or to print, and the same numbers as a table."),
        *(attached(name) for name in filenames),
    )


def markdown(page: ReportPage) -> str:
    """Return the report as a page."""
    cohort = page.cohort
    days = ""
    if cohort.first_day and cohort.last_day:
        days = f"{whole_day(cohort.first_day)} – {whole_day(cohort.last_day)}"
    lines = [f"# {_flat(cohort.name)}", "", days, ""]
    whole = page.kinds(CutKind.WHOLE)
    if whole:
        lines += [f"## {_('The whole programme')}", ""]
        lines += [f"- {_label(fact)}: {_said(fact)}" for fact in page.of(whole[0])]
        lines.append("")
    elif page.whole_on:
        text = _("The whole programme is counted on {day}.")
        lines += [text.format(day=whole_day(page.whole_on)), ""]
    for kind, title in (
        (CutKind.PHASE, _("By phase, people")),
        (CutKind.WEEK, _("By week, people")),
    ):
        lines += _table(page, kind, title)
    made = _("Made by Stint on {day}.").format(day=whole_day(day_in(cohort, page.now)))
    return "\n".join([*lines, caveat(), "", made, ""])


def _table(page: ReportPage, kind: CutKind, title: str) -> list[str]:
    cuts = page.kinds(kind)
    by_cut = [{fact.figure: fact for fact in page.of(cut)} for cut in cuts]
    figures = _figures(by_cut)
    if not figures:
        return []
    head = ["", *(_label(figure) for figure in figures)]
    rows = [
        [
            _cut_name(cut),
            *(_people(facts[f.figure]) if f.figure in facts else "" for f in figures),
        ]
        for cut, facts in zip(cuts, by_cut, strict=True)
        if facts
    ]
    ruled = [head, ["---", *(["---:"] * len(figures))], *rows]
    return [f"## {title}", "", *("| " + " | ".join(one) + " |" for one in ruled), ""]


def table(page: ReportPage) -> bytes:
    """Return the same numbers for a spreadsheet; an empty cell is one that is not shown."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    head = (
        _("part"),
        _("from"),
        _("until"),
        _("fact"),
        _("people, at least"),
        _("times, at least"),
    )
    writer.writerow(head)
    for cut in sorted(page.cuts, key=lambda each: (each.kind.value, each.since_on)):
        for fact in page.of(cut):
            writer.writerow(
                [
                    _part(cut),
                    cut.since_on.isoformat(),
                    cut.until_on.isoformat(),
                    _label(fact),
                    "" if fact.people is None else fact.people,
                    "" if fact.times is None else fact.times,
                ]
            )
    return out.getvalue().encode("utf-8-sig")


def _part(cut: Cut) -> str:
    return _("whole programme") if cut.kind is CutKind.WHOLE else _cut_name(cut)


def filename(page: ReportPage, ending: str) -> str:
    """Return what a file is called, with nothing in it that a system could trip over."""
    word = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in page.cohort.name)
    slug = "-".join(part for part in word.lower().split("-") if part)[:40] or "cohort"
    return f"stint-report-{slug}-{day_in(page.cohort, page.now).isoformat()}.{ending}"


def _flat(text: str) -> str:
    return " ".join(text.replace("|", "/").replace("#", "").split())
