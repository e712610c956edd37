"""How applications look; all of it is shown to their member alone."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from bot.face.dates import short_date
from bot.face.ink import Chart
from bot.face.look import (
    Block,
    Item,
    Option,
    Tone,
    View,
    attached,
    card,
    clip,
    item,
    link,
    picture,
    plain,
    row,
    safe,
    stamp,
)
from bot.face.press import pick, press, turns
from bot.face.words import N_, _, ngettext
from bot.knowledge.content import Subject

from .model import (
    ENDED,
    FITTING,
    HINTS,
    MEANINGS,
    STATUSES,
    UNDER_WAY,
    Application,
    Board,
    Guidance,
    Hint,
    HintKind,
    Import,
    Page,
    Preview,
    Stats,
    Status,
    Suggestions,
)
from .picture import flow_of

FLOW = "applications.png"
LONGEST_LINK = 512
"""Characters a link button takes (Discord, components reference)."""
PROBLEMS_SHOWN = 10
ROWS_SHOWN = 5

SIGNS: dict[Status, str] = {
    Status.SAVED: "🔖",
    Status.APPLIED: "📨",
    Status.ASSESSMENT: "📝",
    Status.INTERVIEW: "💬",
    Status.OFFER: "🤝",
    Status.ACCEPTED: "✅",
    Status.DECLINED: "🙏",
    Status.REJECTED: "✖️",
    Status.WITHDRAWN: "↩️",
    Status.NO_REPLY: "🔕",
}
"""Beside the words, never instead of them."""

GUIDES: dict[Guidance, str] = {
    Guidance.FINDING: N_("Finding openings"),
    Guidance.TAILORING: N_("Résumé and letter"),
    Guidance.PORTFOLIO: N_("Portfolio"),
    Guidance.FOLLOWING_UP: N_("Following up"),
    Guidance.OFFER: N_("Reading an offer"),
}


# The board


def board_card(page: Board) -> View:
    """Show one page of the board: what stands where, each with the button that opens it."""
    if not sum(page.counts.values()):
        return empty_card()
    return card(
        _("Your applications"),
        _counts(page),
        *_rows(page),
        _opening(page),
        row(pick(_("Show…"), "applications.shelf", "", _shelves(page))),
        row(*_board_buttons(page)),
        row(*_paging(page)),
    )


def empty_card() -> View:
    """Show the board before its first application."""
    return card(
        _("Your applications"),
        _(
            "Nothing here yet. Keep every opening you like, move it along when something happens, "
            "and I remember the dates: when one short follow-up is normal, when to say thank you."
        ),
        _(
            "Nobody else reads it, moderators neither. You have a list in a spreadsheet? "
            "`/application import` takes it as a CSV file."
        ),
        row(
            press(_("Add the first one"), "applications.new", style="primary"),
            press(_("Guides"), "guides.shelf", Subject.COMPETITION),
        ),
    )


def _counts(page: Board) -> str:
    under_way = [_count(status, page) for status in UNDER_WAY if page.counts.get(status)]
    ended = [_count(status, page) for status in ENDED if page.counts.get(status)]
    lines = [" · ".join(under_way) if under_way else _("Nothing under way at the moment.")]
    if ended:
        lines.append("-# " + _("Ended: {list}").format(list=" · ".join(ended)))
    return "\n".join(lines)


def _count(status: Status, page: Board) -> str:
    return f"{_(STATUSES[status])} **{page.counts[status]}**"


def _rows(page: Board) -> Iterator[str]:
    if page.shelf.text:
        found = ngettext("{n} with “{text}”", "{n} with “{text}”", page.found)
        yield found.format(n=page.found, text=safe(page.shelf.text))
    if not page.applications:
        yield _("Nothing here at the moment.")
    for status, several in groupby(page.applications, key=lambda one: one.status):
        lines = [_row(one, page) for one in several]
        yield "\n".join([f"**{SIGNS[status]} {_(STATUSES[status])}**", *lines])


def _row(one: Application, page: Board) -> str:
    company, title = safe(clip(one.company, 60)), safe(clip(one.title, 90))
    return f"**{company}** · {title}\n-# {_when(one, page.today, page.zone)}"


def _opening(page: Board) -> Item | None:
    if not page.applications:
        return None
    options = [
        Option(
            plain(f"{clip(one.company, 40)} · {one.title}"),
            str(one.application_id),
            _(STATUSES[one.status]),
        )
        for one in page.applications
    ]
    return row(pick(_("Open one…"), "applications.open", "", options))


def _when(one: Application, today: date, zone: str) -> str:
    """Return the one date that matters about an application now."""
    if one.status is Status.SAVED and one.deadline_on:
        return _deadline(one.deadline_on, today)
    if one.status is Status.INTERVIEW and one.interview_on:
        if one.interview_on >= today:
            at = one.interview_at(zone)
            return _("on {when}").format(when=stamp(at, "f") if at else _day(one.interview_on))
        return _("was on {day}").format(day=_day(one.interview_on))
    return _since(one.moved_on, today)


def _since(day: date, today: date) -> str:
    days = (today - day).days
    if days <= 0:
        return _("today")
    ago = ngettext("yesterday", "{n} days ago", days)
    return ago.format(n=days) + f" · {_day(day)}"


def _deadline(day: date, today: date) -> str:
    days = (day - today).days
    if days < 0:
        return _("deadline was {day}").format(day=_day(day))
    if days == 0:
        return _("deadline is today")
    left = ngettext("tomorrow", "in {n} days", days).format(n=days)
    return _("deadline {left} · {day}").format(left=left, day=_day(day))


def _day(day: date) -> str:
    """Return a date that does not break in two at the end of a phone's line."""
    return short_date(day).replace(" ", "\u00a0")


def _shelves(page: Board) -> list[Option]:
    open_n = sum(page.counts.get(status, 0) for status in UNDER_WAY)
    ended_n = sum(page.counts.get(status, 0) for status in ENDED)
    chosen = "" if page.shelf.text else page.shelf.key
    options = [
        Option(_("Under way ({n})").format(n=open_n), "open", default=chosen == "open"),
        Option(_("Ended ({n})").format(n=ended_n), "ended", default=chosen == "ended"),
    ]
    return options + [
        Option(
            f"{_(STATUSES[status])} ({page.counts[status]})",
            status.value,
            _(MEANINGS[status]),
            default=chosen == status.value,
        )
        for status in (*UNDER_WAY, *ENDED)
        if page.counts.get(status)
    ]


def _board_buttons(page: Board) -> list[Item]:
    waiting = _("Suggestions")
    if page.hints < 10:
        waiting = ngettext("{n} suggestion", "{n} suggestions", page.hints).format(n=page.hints)
    buttons = [
        press(_("Add"), "applications.new", style="primary"),
        press(_("Figures"), "applications.stats"),
        press(_("Guides"), "guides.shelf", Subject.COMPETITION),
    ]
    if page.hints:
        buttons.append(press(waiting, "applications.hints"))
    if not page.suggests:
        buttons.append(press(_("Suggest by message again"), "applications.letters", "1"))
    return buttons


def _paging(page: Board) -> list[Item]:
    key, text = page.shelf.key, page.shelf.text
    return turns("applications.list", lambda at: f"{key}-{at}-{text}", page.page, page.pages)


# One application


def application_card(page: Page, *, added: bool = False) -> View:
    """Show one application: where it stands, what could be done, its steps and notes."""
    one = page.application
    return card(
        _heading(page, added=added),
        _about(page),
        *_hint_blocks(page),
        row(pick(_("Where does it stand?"), "applications.move", one.application_id, _moves(one))),
        _steps(page),
        _notes(page),
        row(*_doing(page)),
        row(*_going(page)),
        tone=Tone.GOOD if added or one.status is Status.ACCEPTED else Tone.PLAIN,
    )


def _heading(page: Page, *, added: bool) -> str:
    if page.known:
        return _("You have this one already")
    if added:
        return _("Saved, for you alone")
    title = TITLES.get(page.application.status)
    return _(title) if title else _("Your application")


TITLES: dict[Status, str] = {
    Status.OFFER: N_("An offer. Well done."),
    Status.ACCEPTED: N_("Accepted. Congratulations."),
    Status.REJECTED: N_("They said no. I'm sorry."),
}


def _about(page: Page) -> str:
    one = page.application
    status = _(STATUSES[one.status])
    lines = [
        f"**{safe(one.company)}** · {safe(one.title)}",
        f"{SIGNS[one.status]} {status}, {_since(one.moved_on, page.today)}",
    ]
    if one.deadline_on and one.status is Status.SAVED:
        text = _deadline(one.deadline_on, page.today)
        lines.append(text[:1].upper() + text[1:])
    if one.interview_on:
        at = one.interview_at(page.zone)
        when = stamp(at, "F") if at else _day(one.interview_on)
        lines.append(_("Interview: {when}").format(when=when))
    if len(one.url) > LONGEST_LINK:
        lines.append(safe(one.url))
    return "\n".join(lines)


def _hint_blocks(page: Page) -> Iterator[Block | None]:
    for hint in page.hints[:1]:
        yield f"**{_hint_title(hint)}**\n{_(HINT_TEXTS[hint.kind])}"
        yield row(*_hint_buttons(hint))


HINT_TEXTS: dict[HintKind, str] = {
    HintKind.FOLLOW_UP: N_(
        "One to two weeks after applying, one short note is normal. One is enough; then let it "
        "rest."
    ),
    HintKind.THANK_YOU: N_(
        "Three sentences by tomorrow: thanks, one thing you talked about, that you would like to."
    ),
    HintKind.NO_REPLY: N_(
        "Many never answer; it says nothing about you. Moving it clears your list, and you can "
        "move it back any time."
    ),
}


def _hint_title(hint: Hint) -> str:
    titles = {
        HintKind.FOLLOW_UP: ngettext(
            "You applied {n} day ago", "You applied {n} days ago", hint.days
        ),
        HintKind.THANK_YOU: _("Say thank you for the interview?"),
        HintKind.NO_REPLY: ngettext(
            "Quiet for {n} day. No reply?", "Quiet for {n} days. No reply?", hint.days
        ),
    }
    return titles[hint.kind].format(n=hint.days)


def _hint_buttons(hint: Hint) -> list[Item]:
    number = hint.application_id
    if hint.kind is HintKind.NO_REPLY:
        return [
            press(_("Move to “No reply”"), "applications.silent", number),
            press(_("Still waiting"), "applications.dismiss", f"{number}-{hint.kind.value}"),
        ]
    done = _("I wrote") if hint.kind is HintKind.FOLLOW_UP else _("I thanked them")
    return [
        press(_("Words to copy"), "applications.words", f"{number}-{hint.kind.value}"),
        press(done, "applications.done", f"{number}-{hint.kind.value}"),
        press(_("Not this time"), "applications.dismiss", f"{number}-{hint.kind.value}"),
    ]


def _moves(one: Application) -> list[Option]:
    return [
        Option(_(label), status.value, _(MEANINGS[status]), default=status is one.status)
        for status, label in STATUSES.items()
    ]


def _steps(page: Page) -> str:
    if len(page.moves) < 2:
        return ""
    lines = [f"-# {_day(move.moved_on)} · {_(STATUSES[move.status])}" for move in page.moves[-8:]]
    return "\n".join([_("**Steps**"), *lines])


def _notes(page: Page) -> str:
    if not page.notes:
        return ""
    lines = "\n".join(
        f"- {stamp(note.at, 'd')} {clip(safe(note.text), 300)}" for note in page.notes
    )
    return _("**Notes**\n{notes}").format(notes=lines)


def _doing(page: Page) -> list[Item]:
    one = page.application
    buttons = [press(_("Note"), "applications.note", one.application_id, style="primary")]
    if one.status in (Status.ASSESSMENT, Status.INTERVIEW, Status.OFFER):
        label = _("Change interview day") if one.interview_on else _("When is the interview?")
        buttons.append(press(label, "applications.when", one.application_id))
    if page.before:
        back = _("Undo: back to {status}").format(status=_(STATUSES[page.before.status]))
        undo = f"{one.application_id}-{page.last.move_id}"
        buttons.append(press(back, "applications.undo", undo))
    return [
        *buttons,
        press(_("Edit"), "applications.edit", one.application_id),
        press(_("Remove…"), "applications.remove", one.application_id),
    ]


def _going(page: Page) -> list[Item]:
    one = page.application
    buttons: list[Item] = []
    if one.url and len(one.url) <= LONGEST_LINK:
        buttons.append(link(_("Open the posting"), one.url))
    guide = FITTING.get(one.status)
    if guide:
        label = _("Guide: {title}").format(title=_(GUIDES[guide]))
        buttons.append(press(label, "guides.read", guide_of(guide.value, one.application_id)))
    return [*buttons, press(_("My applications"), "applications.list", "open-0-")]


def remove_card(page: Page) -> View:
    """Ask before an application is forgotten."""
    one = page.application
    return card(
        _("Remove this one?"),
        f"**{safe(one.company)}** · {safe(one.title)}",
        _("Its steps and notes go too, and it counts in no figure any more. There is no way back."),
        row(
            press(_("Remove it"), "applications.removed", one.application_id, style="danger"),
            press(_("Keep it"), "applications.show", one.application_id),
        ),
        tone=Tone.WARN,
    )


def removed_card(one: Application) -> View:
    """Confirm that an application is forgotten."""
    return card(
        "",
        _("{company} is removed.").format(company=safe(one.company)),
        row(press(_("My applications"), "applications.list", "open-0-")),
        tone=Tone.QUIET,
    )


# Words to copy


def words_card(page: Page, kind: HintKind) -> View:
    """Show a note that can be copied and changed."""
    one = page.application
    number = one.application_id
    done = _("I wrote") if kind is HintKind.FOLLOW_UP else _("I thanked them")
    return card(
        _("Words to copy"),
        _("Change what does not sound like you, and fill in the dots."),
        copied(note_text(page, kind)),
        row(
            press(done, "applications.done", f"{number}-{kind.value}", style="success"),
            press(
                _("Guide: {title}").format(title=_(GUIDES[Guidance.FOLLOWING_UP])),
                "guides.read",
                guide_of(Guidance.FOLLOWING_UP.value, number),
            ),
            press(_("Back"), "applications.show", number),
        ),
    )


def note_text(page: Page, kind: HintKind) -> str:
    """Return a follow-up or a thank-you in plain text."""
    one = page.application
    if kind is HintKind.THANK_YOU:
        text = _(
            "Hello …,\n\nthank you for the conversation about {title}. I liked hearing about …, "
            "and it made me want to work on it with you. If anything is missing from my side, "
            "tell me.\n\nBest wishes\n{name}"
        )
    else:
        text = _(
            "Hello …,\n\non {day} I applied for {title} at {company} and I am still very "
            "interested, above all because of …. Is there anything else you need from me?\n\n"
            "Best wishes\n{name}"
        )
    sent = next((m.moved_on for m in page.moves if m.status is Status.APPLIED), one.moved_on)
    return text.format(title=one.title, company=one.company, day=short_date(sent), name=page.name)


def copied(text: str) -> str:
    """Show a text that can be copied as it is."""
    return "```text\n" + plain(text).replace("`", "ˋ") + "\n```"


# Suggestions


def hints_card(page: Suggestions, *, letter: bool = False) -> View:
    """List what could be done now; nothing of it happens by itself."""
    if not page.hints:
        return card(
            "",
            _("Nothing to do for your applications now."),
            row(press(_("My applications"), "applications.list", "open-0-")),
            tone=Tone.QUIET,
        )
    more = ngettext("…and {n} more.", "…and {n} more.", page.more).format(n=page.more)
    opening = _("What could help now, if you like. I change nothing by myself.")
    return card(
        _("Your applications"),
        opening,
        *(_hint_row(hint, page.applications[hint.application_id]) for hint in page.hints),
        more if page.more else "",
        row(
            press(_("My applications"), "applications.list", "open-0-"),
            None if letter else press(_("Guides"), "guides.shelf", Subject.COMPETITION),
        ),
    )


def _hint_row(hint: Hint, one: Application) -> Block:
    text = _(HINTS[hint.kind]).format(company=safe(clip(one.company, 80)), n=hint.days)
    title = safe(clip(one.title, 100))
    return item(f"{text}\n-# {title}", press(_("Open"), "applications.show", hint.application_id))


# Figures


def stats_card(stats: Stats, chart: Chart | None) -> View:
    """Show what came of the applications: a picture, and the same in words."""
    back = press(_("My applications"), "applications.list", "open-0-")
    return card(
        _("What came of them"),
        picture(FLOW, chart.alt) if chart else None,
        chart.figures_text if chart else "",
        "-# " + _("Facts, not marks. Nobody else sees them."),
        row(back, press(_("As a table"), "applications.export")),
    )


def chart_of(stats: Stats) -> Chart:
    """Return the picture with its words."""
    return Chart(flow_of(stats), alt_of(stats), figures_of(stats))


def alt_of(stats: Stats) -> str:
    """Say in words what the picture shows."""
    if not stats.sent:
        return _("An empty picture: no application has been sent yet.")
    return _(
        "Picture of bands that flow from applied to where each application stands. {figures}"
    ).format(figures=" ".join(figure.replace("**", "") for figure in _figures(stats)))


def figures_of(stats: Stats) -> str:
    """Return every figure of the picture in words."""
    return "\n".join(f"- {figure}" for figure in _figures(stats))


def _figures(stats: Stats) -> Iterator[str]:
    if not stats.total:
        yield _("No applications yet.")
        return
    kept = ngettext("{n} saved, not sent yet.", "{n} saved, not sent yet.", stats.saved)
    if stats.sent:
        sent = ngettext("**{n}** sent", "**{n}** sent", stats.sent).format(n=stats.sent)
        reached = [
            f"{_(STATUSES[stage])} **{n}**"
            for stage in (Status.ASSESSMENT, Status.INTERVIEW, Status.OFFER)
            if (n := stats.reached(stage))
        ]
        yield _join(sent, reached)
        yield _join(_("Now"), list(_ends(stats)), ": ")
        answered = ngettext(
            "{n} of {all} brought an answer.", "{n} of {all} brought an answer.", stats.answered
        )
        yield answered.format(n=stats.answered, all=stats.sent) + _wait(stats)
    if stats.saved:
        yield kept.format(n=stats.saved)
    if stats.let_go:
        gone = ngettext(
            "{n} let go before it was sent.", "{n} let go before they were sent.", stats.let_go
        )
        yield gone.format(n=stats.let_go)


def _join(start: str, parts: Iterable[str], between: str = " → ") -> str:
    rest = " · ".join(parts)
    return f"{start}{between}{rest}." if rest else f"{start}."


def _ends(stats: Stats) -> Iterator[str]:
    for end in (None, *ENDED):
        if n := stats.ended(end):
            label = _(STATUSES[end]) if end else _("Under way")
            yield f"{label} **{n}**"


def _wait(stats: Stats) -> str:
    if stats.usual_wait is None:
        return ""
    middle = ngettext(
        " Half of the first answers came within {n} day.",
        " Half of the first answers came within {n} days.",
        stats.usual_wait,
    )
    return middle.format(n=stats.usual_wait)


# Files


def export_card(filename: str, number: int) -> View:
    """Hand the table out."""
    text = ngettext(
        "{n} application with its steps and notes.",
        "{n} applications with their steps and notes.",
        number,
    )
    return card(
        _("Your applications as a table"),
        text.format(n=number),
        attached(filename),
        _("It opens in any spreadsheet, and `/application import` takes it back."),
    )


def preview_card(page: Preview) -> View:
    """Show what adding a file would do, row by row where something is wrong."""
    n = len(page.new)
    words = ngettext("**{n}** row is new.", "**{n}** rows are new.", n).format(n=n)
    known = ngettext(
        "{n} is in your list already and stays as it is.",
        "{n} are in your list already and stay as they are.",
        page.known,
    ).format(n=page.known)
    add = ngettext("Add {n} application", "Add {n} applications", n).format(n=n)
    buttons: list[Item] = []
    if page.import_id is not None:
        buttons = [
            press(add, "applications.take", page.import_id, style="success"),
            press(_("Leave it"), "applications.leave", page.import_id),
        ]
    return card(
        _("What I read · only you"),
        words if n else _("There is nothing new in that file."),
        _sample(page),
        known if page.known else "",
        _problems(page),
        _ignored(page),
        row(*buttons),
        tone=Tone.WARN if page.problems else Tone.PLAIN,
    )


def _sample(page: Preview) -> str:
    lines = [
        f"- **{safe(clip(entry.company, 60))}** · {safe(clip(entry.title, 80))} · "
        f"{_(STATUSES[entry.steps[-1][0]])}, {_day(entry.steps[-1][1])}"
        for entry in page.new[:ROWS_SHOWN]
    ]
    if len(page.new) > ROWS_SHOWN:
        more = len(page.new) - ROWS_SHOWN
        lines.append("- " + ngettext("…and {n} more", "…and {n} more", more).format(n=more))
    return "\n".join(lines)


def _problems(page: Preview) -> str:
    if not page.problems:
        return ""
    n = len(page.problems)
    start = ngettext(
        "**{n}** row I cannot use. The others can be added without it:",
        "**{n}** rows I cannot use. The others can be added without them:",
        n,
    ).format(n=n)
    lines = [f"- {safe(clip(problem, 200))}" for problem in page.problems[:PROBLEMS_SHOWN]]
    if n > PROBLEMS_SHOWN:
        more = n - PROBLEMS_SHOWN
        lines.append("- " + ngettext("…and {n} more", "…and {n} more", more).format(n=more))
    return "\n".join([start, *lines])


def _ignored(page: Preview) -> str:
    if not page.ignored:
        return ""
    names = ", ".join(safe(clip(name, 40)) for name in page.ignored[:12])
    return "-# " + _("Columns I leave out: {names}").format(names=names)


def taken_card(found: Import, added: int) -> View:
    """Confirm that a file's rows were added, and offer the way back."""
    text = ngettext("{n} application added.", "{n} applications added.", added).format(n=added)
    return card(
        _("Added") if added else "",
        text if added else _("They are added already."),
        row(
            press(_("My applications"), "applications.list", "open-0-", style="primary"),
            press(_("Undo: take them out again"), "applications.take_out", found.import_id),
        ),
        tone=Tone.GOOD,
    )


def taken_out_card(gone: int, stay: int) -> View:
    """Confirm that a file's rows were taken out."""
    text = ngettext("{n} application taken out.", "{n} applications taken out.", gone)
    rest = ngettext(
        "{n} stays: you changed it, or had it before.",
        "{n} stay: you changed them, or had them before.",
        stay,
    )
    return card(
        "",
        text.format(n=gone),
        rest.format(n=stay) if stay else "",
        row(press(_("My applications"), "applications.list", "open-0-")),
        tone=Tone.QUIET,
    )


def left_card() -> View:
    """Confirm that a file is forgotten."""
    return card("", _("Left. I have forgotten the file."), tone=Tone.QUIET)


# Guides


def moved_card(guide: str, application_id: int | None) -> View:
    """Lead on from a button that was made when guides about applications stood alone."""
    where = guide_of(guide, application_id) if guide else None
    return card(
        _("Guides"),
        _("All guides stand together now."),
        row(
            press(_("Read it"), "guides.read", where, style="primary") if where else None,
            press(_("Guides"), "guides.shelf", Subject.COMPETITION),
        ),
    )


def guide_of(guide: str, application_id: int | None) -> str:
    """Return what a press on a guide carries, so that it leads back to the application."""
    return guide if application_id is None else f"{guide}>applications.show:{application_id}"


def letters_card(suggests: bool) -> View:
    """Confirm whether suggestions come as messages."""
    on = _("I write to you when something fits, at most once a week. `/me` shows it too.")
    off = _("No messages about your applications. `/me` still shows what fits.")
    return card(
        "",
        on if suggests else off,
        row(
            press(_("No messages about this"), "applications.letters", "0") if suggests else None,
            press(_("My applications"), "applications.list", "open-0-"),
        ),
        tone=Tone.QUIET,
    )
