"""How feeds and files look to moderators: what a list would bring, and what it brought."""

from bot.face.look import Item, Option, Tone, View, attached, card, clip, row, safe, stamp
from bot.face.press import pick, press
from bot.face.words import N_, _, ngettext
from bot.people.cohorts import Cohort

from .drift import Drift
from .feed_model import (
    MOST_EXAMPLES,
    MOST_REASONS,
    PAUSE_AT,
    Export,
    Feed,
    FeedPage,
    FeedState,
    Goes,
    Import,
    Report,
    Tally,
)
from .listings import FORMATS
from .model import Filter

MOST_NAMED = 6
GOES = {
    Goes.QUEUE: N_("into the queue, for you to approve"),
    Goes.OPEN: N_("straight to the members, silently"),
}
STATES = {
    FeedState.TRIAL: N_("only looked at"),
    FeedState.ACTIVE: N_("read every six hours"),
    FeedState.PAUSED: N_("stopped"),
}


def counted(tally: Tally, *, done: bool) -> str:
    """Say how many rows there were and what became of each; the numbers add up."""
    rows = ngettext("**{n} row**", "**{n} rows**", tally.rows).format(n=f"{tally.rows:,}")
    parts = [
        (tally.new, _("{n} new")),
        (tally.over, _("{n} new but over already")),
        (tally.updated, _("{n} changed") if done else _("{n} to change")),
        (tally.same, _("{n} as they are here")),
        (tally.duplicate, _("{n} here already from elsewhere, or twice in the list")),
        (tally.left_out, _("{n} left out by the filter")),
        (tally.rejected, _("{n} not taken")),
    ]
    lines = [f"- {words.format(n=f'{n:,}')}" for n, words in parts if n]
    return "\n".join([rows, *lines])


def reasons(tally: Tally) -> str:
    """Say why rows were not taken, the commonest reason first, with rows to look at."""
    lines: list[str] = []
    for reason, number in tally.reasons.most_common(MOST_REASONS):
        where = ", ".join(str(n) for n in tally.lines.get(reason, [])[:MOST_EXAMPLES])
        text = _("{n} × {reason} (row {where})") if where else _("{n} × {reason}")
        lines.append(
            "- " + text.format(n=f"{number:,}", reason=safe(reason.rstrip(".")), where=where)
        )
    return "\n".join([_("**Why some were not taken**"), *lines]) if lines else ""


def twins(tally: Tally) -> str:
    """Say that some look like others that are there."""
    text = ngettext(
        "{n} of the new ones looks like an opening that is there under another link.",
        "{n} of the new ones look like openings that are there under another link.",
        tally.twins,
    )
    return "-# " + text.format(n=f"{tally.twins:,}") if tally.twins else ""


def drifted(drift: Drift) -> str:
    """Say how a list differs from what we know."""
    lines: list[str] = []
    if drift.unknown:
        lines.append(_("Fields I do not know: {names}.").format(names=_names(drift.unknown)))
    absent = {name: n for name, n in drift.missing.items() if n}
    if absent:
        lines.append(_("Empty or missing: {names}.").format(names=_names(absent)))
    for name, number in list(drift.unread.items())[:MOST_NAMED]:
        text = _("{n} × `{name}` not understood, for example “{example}”.")
        example = safe(drift.examples.get(name, ""))
        lines.append(text.format(n=f"{number:,}", name=name, example=example))
    return "\n".join("-# " + line for line in lines)


def _names(counts: "dict[str, int]") -> str:
    shown = [f"{safe(name)} ({n:,})" for name, n in list(counts.items())[:MOST_NAMED]]
    more = len(counts) - len(shown)
    return ", ".join(shown) + (_(" and {n} more").format(n=more) if more > 0 else "")


def _told(report: Report, *, done: bool) -> list[str]:
    tally = report.tally
    return [counted(tally, done=done), twins(tally), reasons(tally), drifted(report.drift)]


def filter_line(wanted: Filter) -> str:
    """Say in words what a filter lets through."""
    if wanted.empty:
        return ""
    parts = [wanted.text, wanted.term, wanted.place, wanted.category, wanted.sponsorship]
    parts.append(_("remote") if wanted.remote else "")
    words = " · ".join(safe(clip(part, 60)) for part in parts if part)
    return _("Only what fits: {words}").format(words=words)


# --- files


def import_card(found: Import) -> View:
    """Show what a file would bring, and ask where to."""
    tally = found.report.tally
    brings = tally.new + tally.over + tally.updated
    buttons: list[Item] = []
    if brings:
        buttons = [
            press(_("Into the queue"), "listing.queue", found.import_id, style="primary"),
            press(_("Post them, silently"), "listing.take", found.import_id),
        ]
    buttons.append(press(_("Forget the file"), "listing.forget", found.import_id))
    return card(
        _("This is what the file would bring"),
        f"`{safe(clip(found.name, 80))}` · {_kind(found.report)}",
        *_told(found.report, done=False),
        "" if brings else _("Nothing in it is new. There is nothing to do."),
        "-# " + _("Nothing is imported yet. The file is forgotten after a day."),
        row(*buttons),
        tone=Tone.PLAIN if brings else Tone.QUIET,
    )


def imported_card(found: Import) -> View:
    """Say what a file brought."""
    waits = press(_("Look through the queue"), "posting.queue")
    return card(
        _("Imported"),
        f"`{safe(clip(found.name, 80))}` · {_kind(found.report)}",
        *_told(found.report, done=True),
        row(waits),
        tone=Tone.GOOD,
    )


def forgotten_card() -> View:
    """Say that a file is forgotten."""
    return card(_("The file is forgotten"), _("Nothing was imported."), tone=Tone.QUIET)


def export_card(export: Export) -> View:
    """Hand out a file."""
    text = ngettext("{n} opening.", "{n} openings.", export.count).format(n=f"{export.count:,}")
    return card(
        _("Your openings"),
        text
        + " "
        + _("It is in the field names of the public lists; `/post import` reads it again."),
        attached(export.name),
    )


def _kind(report: Report) -> str:
    return _(FORMATS[report.format]) if report.format else ""


# --- feeds


def trial_card(page: FeedPage) -> View:
    """Show what a list would bring, before it is read on schedule."""
    feed = page.feed
    report = feed.report
    return card(
        _("This is what the list would bring"),
        f"{_address(feed)}" + (f" · {_kind(report)}" if report else ""),
        *(_told(report, done=False) if report else []),
        filter_line(feed.filter),
        _("What it brings goes {where}.").format(where=_(GOES[feed.goes])),
        "-# " + _("Nothing is taken yet. I look at it every six hours once you start it."),
        row(
            press(_("Start"), "feed.start", feed.feed_id, style="primary"),
            press(_("Leave it"), "feed.leave", feed.feed_id),
        ),
    )


def feed_card(page: FeedPage) -> View:
    """Show one feed: what it last brought, what troubles it, what can be done."""
    feed = page.feed
    buttons = [press(_("Read it now"), "feed.check", feed.feed_id)]
    if feed.state is FeedState.ACTIVE:
        buttons.append(press(_("Stop"), "feed.stop", feed.feed_id))
    else:
        buttons = [press(_("Start again"), "feed.start", feed.feed_id, style="primary")]
    buttons += [
        press(_("Remove"), "feed.remove", feed.feed_id, style="danger"),
        press(_("All feeds"), "feed.all"),
    ]
    trouble = feed.trouble and feed.trouble != page.news
    return card(
        _("Feed"),
        page.news,
        _address(feed),
        _state(feed),
        _("**Trouble:** {why}").format(why=feed.trouble) if trouble else "",
        *(_told(feed.report, done=True) if feed.report else []),
        filter_line(feed.filter),
        _("What it brings goes {where}.").format(where=_(GOES[feed.goes])),
        row(*buttons),
        tone=Tone.WARN if feed.trouble else Tone.PLAIN,
    )


def feeds_card(cohort: Cohort, feeds: list[Feed]) -> View:
    """List the feeds of a server."""
    if not feeds:
        return card(
            _("No feeds yet"),
            _(
                "`/post feed add` reads a list of openings every six hours. It may be the "
                "`listings.json` of a public list, an RSS or Atom feed, or a CSV table."
            ),
            tone=Tone.QUIET,
        )
    options = [
        Option(clip(f"{n}. {feed.host}", 100), str(feed.feed_id), clip(feed.url, 100))
        for n, feed in enumerate(feeds, 1)
    ]
    return card(
        _("Feeds"),
        *(f"**{n}.** {_address(feed)}\n{_state(feed)}" for n, feed in enumerate(feeds, 1)),
        row(pick(_("Choose one to change"), "feed.see", "", options)),
    )


def left_card() -> View:
    """Say that a list was not added."""
    return card(_("Left as it is"), _("I do not read that list."), tone=Tone.QUIET)


def removed_card(feed: Feed, left: int) -> View:
    """Say that a feed is gone, and what stays."""
    text = ngettext(
        "{n} open opening it brought stays.", "{n} open openings it brought stay.", left
    )
    return card(
        _("Removed"),
        _address(feed),
        text.format(n=f"{left:,}") if left else _("Nothing open came from it."),
        tone=Tone.QUIET,
    )


def paused_card(feed: Feed) -> View:
    """Tell the staff that a feed stopped by itself."""
    return card(
        _("A feed has stopped"),
        _("I could not read {address} {n} times in a row, so I stopped trying.").format(
            address=_address(feed), n=max(feed.failures, PAUSE_AT)
        ),
        _("**Trouble:** {why}").format(why=feed.trouble),
        row(
            press(_("Start again"), "feed.start", feed.feed_id, style="primary"),
            press(_("Remove"), "feed.remove", feed.feed_id),
        ),
        tone=Tone.WARN,
    )


def _address(feed: Feed) -> str:
    return f"<{clip(feed.url, 300)}>" if feed.url.isascii() else safe(clip(feed.url, 300))


def _state(feed: Feed) -> str:
    parts = [_(STATES[feed.state])]
    if feed.checked_at is not None:
        parts.append(_("last read {when}").format(when=stamp(feed.checked_at, "R")))
    if feed.state is FeedState.ACTIVE:
        parts.append(_("next {when}").format(when=stamp(feed.next_at, "R")))
    if feed.state is FeedState.ACTIVE and feed.failures:
        text = ngettext("failed {n} time", "failed {n} times", feed.failures)
        parts.append(text.format(n=feed.failures))
    return " · ".join(parts)
