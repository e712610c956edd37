"""How openings look to moderators: posted, pasted, waiting, perhaps over."""

from bot.face.look import Item, Option, Tone, View, card, clip, row, rule, safe, stamp
from bot.face.press import pick, press
from bot.face.words import N_, _, ngettext
from bot.people.cohorts import Cohort

from .model import (
    FEATURED_CHOICES,
    UNDO_FOR,
    BatchPage,
    BatchState,
    DoubtPage,
    Filter,
    Posting,
    PostingState,
    QueuePage,
    Source,
    StaffPage,
    Why,
)
from .model import Row as PastedRow
from .views import day, deadline_line, facts, long_link, over, way_there

MOST_ERRORS = 12
MOST_GOOD = 15
ANY = "*"
"""What a select says for every word."""
SOURCES = {
    Source.MODERATOR: N_("from moderators"),
    Source.SUGGESTION: N_("suggested by members"),
    Source.FEED: N_("from feeds"),
    Source.IMPORT: N_("imported"),
}


def staff_card(page: StaffPage, *, waiting: int = 0) -> View:
    """Show a posting to a moderator, with what they can do about it.

    `waiting` is how many suggestions there are still to look through.
    """
    posting = page.posting
    title = _("Posted") if page.just_made else _("Opening")
    about = f"**{safe(clip(posting.name, 250))}**\n{facts(posting)}"
    closed = over(posting)
    return card(
        title,
        page.news,
        about,
        closed or deadline_line(posting),
        long_link(posting),
        _twin_line(page.twin),
        _out_line(page) if not closed else "",
        _found_line(page) if page.just_made else "",
        row(*_first_row(page)),
        row(*_second_row(page, waiting)),
        _a_day(page),
        tone=Tone.QUIET if closed else Tone.GOOD if page.just_made else Tone.PLAIN,
    )


def _found_line(page: StaffPage) -> str:
    return "-# " + _("Members find it in `/opportunity list` now. Nobody was pinged.")


def _twin_line(twin: Posting | None) -> str:
    if twin is None:
        return ""
    text = _("Careful: this looks like **{name}**, which is here since {when}: {link}")
    return text.format(
        name=safe(clip(twin.name, 150)), when=stamp(twin.made_at, "R"), link=f"<{twin.url}>"
    )


def _out_line(page: StaffPage) -> str:
    channel = f"<#{page.cohort.opportunities_id}>"
    if page.on is not None and page.on > page.today:
        return _("It goes out in {channel} on {day}: {n} a day at most.").format(
            channel=channel, day=day(page.on), n=page.a_day
        )
    if page.on is not None:
        return _("It stands out in {channel}.").format(channel=channel)
    if not page.has_channel:
        return "-# " + _(
            "To let some stand out in a channel, choose one for opportunities in `/cohort edit`."
        )
    if page.free_on is not None and page.free_on > page.today:
        return "-# " + _("Today is full ({n} a day). *Feature it* would be on {day}.").format(
            n=page.a_day, day=day(page.free_on)
        )
    return ""


def _first_row(page: StaffPage) -> list[Item]:
    number, state = page.posting.posting_id, page.posting.state
    buttons = [press(_("More details"), "posting.details", number)]
    if state is PostingState.OPEN and page.on is None and page.has_channel:
        buttons.insert(0, press(_("Feature it"), "posting.feature", number, style="primary"))
    buttons.append(press(_("Edit"), "posting.edit", number))
    there = way_there(page.posting)
    return [*buttons, there] if there else buttons


def _second_row(page: StaffPage, waiting: int) -> list[Item]:
    number, state = page.posting.posting_id, page.posting.state
    if waiting:
        n = ngettext("Next one ({n} waits)", "Next one ({n} wait)", waiting).format(n=waiting)
        return [press(n, "posting.next", number, style="primary")]
    if state is PostingState.QUEUED:
        return [press(_("Back to the queue"), "posting.see", number, style="primary")]
    if state in (PostingState.CLOSED, PostingState.HIDDEN):
        return [press(_("Open it again"), "posting.reopen", number, style="primary")]
    buttons = [press(_("Close it"), "posting.close", number)]
    if page.on is not None and page.on > page.today:
        buttons.insert(0, press(_("Not in the channel after all"), "posting.not_yet", number))
    if page.can_undo and page.on is None:
        buttons.append(press(_("Take it back"), "posting.undo", number))
    return buttons


def _a_day(page: StaffPage) -> Item | None:
    """Offer another number a day, to those who just met the limit."""
    full = page.free_on is not None and page.free_on > page.today
    waits = page.on is not None and page.on > page.today
    if not (full or waits):
        return None
    options = [
        Option(_("At most {n} a day").format(n=n), str(n), default=n == page.a_day)
        for n in FEATURED_CHOICES
    ]
    return row(pick(_("How many a day"), "posting.most", page.posting.posting_id, options))


def undone_card(name: str) -> View:
    """Say that a posting vanished."""
    return card(_("Taken back"), f"**{safe(name)}**", tone=Tone.QUIET)


# --- pasted rows


def preview_card(page: BatchPage) -> View:
    """Show what would be posted, and what is wrong with the others."""
    if page.batch.state is not BatchState.PREVIEW:
        return posted_card(page)
    good, bad, number = page.good, page.bad, page.batch.batch_id
    count = ngettext("{n} row can be posted", "{n} rows can be posted", len(good))
    post = ngettext("Post {n} silently", "Post all {n} silently", len(good)).format(n=len(good))
    return card(
        count.format(n=len(good)),
        page.news,
        _good_rows(good),
        _bad_rows(bad),
        "-# " + _("Nothing is posted yet."),
        row(
            press(post, "posting.post_rows", number, style="success", disabled=not good),
            press(_("Change the rows"), "posting.change_rows", number),
        ),
        tone=Tone.WARN if bad else Tone.PLAIN,
    )


def _good_rows(rows: list[PastedRow]) -> str:
    lines = [_good_row(each) for each in rows[:MOST_GOOD]]
    more = len(rows) - len(lines)
    if more > 0:
        lines.append(ngettext("…and {n} more", "…and {n} more", more).format(n=more))
    return "\n".join(lines)


def _good_row(each: PastedRow) -> str:
    assert each.sound is not None
    entry = each.sound.entry
    until = _(" · until {day}").format(day=day(entry.deadline_on)) if entry.deadline_on else ""
    place = f" · {safe(clip(entry.locations[0], 40))}" if entry.locations else ""
    line = f"{each.number}\\. **{safe(clip(each.name, 110))}**{place}{until}"
    if each.twin is not None:
        looks = _("Careful: looks like {name}, which is here already: {link}")
        link = f"<{each.twin.url}>"
        line += f"\n-# {looks.format(name=safe(clip(each.twin.name, 80)), link=link)}"
    return line


def _bad_rows(rows: list[PastedRow]) -> str:
    if not rows:
        return ""
    lines = ["**" + _("These stay out:") + "**"]
    lines += [
        _("Row {n}: {problem}").format(n=each.number, problem=each.error)
        for each in rows[:MOST_ERRORS]
    ]
    more = len(rows) - MOST_ERRORS
    if more > 0:
        lines.append(ngettext("…and {n} more row", "…and {n} more rows", more).format(n=more))
    return "\n".join(lines)


def posted_card(page: BatchPage) -> View:
    """Say what was posted from pasted rows, and that it can be taken back."""
    if page.batch.state is BatchState.UNDONE:
        return card(
            _("Taken back"), page.news, _("None of these rows is posted any more."), tone=Tone.QUIET
        )
    n = len(page.posted)
    until = page.batch.posted_at + UNDO_FOR if page.batch.posted_at else page.now
    undo = page.batch.can_undo(page.now)
    where = _("as one silent post in {channel}").format(
        channel=f"<#{page.cohort.opportunities_id}>"
    )
    if page.cohort.opportunities_id is None:
        where = _("members find them in `/opportunity list`")
    return card(
        ngettext("{n} opening posted", "{n} openings posted", n).format(n=n),
        page.news,
        f"{where[:1].upper()}{where[1:]}.",
        _bad_rows(page.bad),
        _("You can take them back until {when}.").format(when=stamp(until, "t")) if undo else "",
        row(press(_("Undo"), "posting.undo_rows", page.batch.batch_id)) if undo else None,
        tone=Tone.GOOD,
    )


# --- the queue


def queue_card(page: QueuePage) -> View:
    """Show what waits: nothing, one suggestion, or a list to make shorter."""
    if not page.waiting:
        return card(
            _("Nothing waits"),
            page.news,
            _("Every suggestion is answered. New ones show on `/cohort status`."),
            tone=Tone.GOOD,
        )
    return _list_card(page) if page.as_list else _one_card(page)


def _one_card(page: QueuePage) -> View:
    posting = page.shown[0]
    number = posting.posting_id
    by = _("Suggested by {name}, {when}").format(
        name=safe(page.suggested_by), when=stamp(posting.made_at, "R")
    )
    if not page.suggested_by:
        source = _(SOURCES[posting.source])
        by = _("It came {source}, {when}").format(source=source, when=stamp(posting.made_at, "R"))
    n = page.waiting
    return card(
        ngettext("{n} opening waits", "{n} openings wait", n).format(n=n),
        page.news,
        f"**{safe(clip(posting.name, 250))}**\n{facts(posting)}",
        f"{deadline_line(posting)}\n-# {by}",
        f"<{posting.url}>",
        _twin_line(page.twin),
        row(
            press(_("Approve"), "posting.approve", number, style="success"),
            press(_("Edit"), "posting.edit", number),
            press(_("More details"), "posting.details", number),
            press(_("Decline…"), "posting.decline", number, style="danger"),
            press(_("Next"), "posting.next", number) if n > 1 else None,
        ),
    )


def _list_card(page: QueuePage) -> View:
    n, wanted = page.matching, page.filter
    lines = [f"- **{safe(clip(posting.name, 120))}** · {_place(posting)}" for posting in page.shown]
    all_of = ngettext("Approve the one matching", "Approve all {n} matching", n).format(n=n)
    no_to = ngettext("Decline the one matching", "Decline all {n} matching", n).format(n=n)
    waits = ngettext("{n} opening waits", "{n} openings wait", page.waiting)
    fits = ngettext("{n} matches", "{n} match", n).format(n=n)
    return card(
        waits.format(n=page.waiting),
        page.news,
        f"{fits}: {_in_words(wanted)}" if not wanted.empty else _("Choose which ones:"),
        "\n".join(lines),
        row(_choose(_("Category"), "category", page.categories, wanted.category)),
        row(_choose(_("Study term"), "term", page.terms, wanted.term)),
        row(
            _choose(
                _("Where from"),
                "source",
                tuple(page.sources),
                wanted.source,
                {source: _(SOURCES[source]) for source in page.sources},
            )
        ),
        row(
            press(all_of, "posting.ask_all", page.seen, style="success", disabled=not n),
            press(no_to, "posting.ask_none", page.seen, disabled=not n),
            press(_("Search words…"), "posting.words"),
            press(_("Show all"), "posting.widen", disabled=wanted.empty),
            press(_("Next page"), "posting.next", page.shown[-1].posting_id)
            if page.shown and n > len(page.shown)
            else None,
        ),
    )


def _choose(
    label: str,
    name: str,
    words: tuple[str, ...],
    chosen: str,
    labels: dict[Source, str] | None = None,
) -> Item | None:
    if not words:
        return None
    said = {str(key): text for key, text in (labels or {}).items()}
    every = Option(_("{label}: any").format(label=label), ANY, default=not chosen)
    options = [
        Option(f"{label}: {said.get(word, word)}", word, default=word == chosen)
        for word in words[:24]
    ]
    return pick(label, "posting.narrow", name, [every, *options])


def _place(posting: Posting) -> str:
    return safe(clip(posting.locations[0], 40)) if posting.locations else _("place not told")


def _in_words(wanted: Filter) -> str:
    source = _(SOURCES[Source(wanted.source)]) if wanted.source else ""
    parts = [wanted.text, wanted.place, wanted.category, wanted.term, source]
    return safe(" · ".join(filter(None, parts)))


def sure_card(page: QueuePage, *, approve: bool) -> View:
    """Ask once more before many are decided on at once."""
    n, number = page.matching, page.seen
    which = _in_words(page.filter) if not page.filter.empty else _("everything that waits")
    if approve:
        title = ngettext("Post {n} opening?", "Post {n} openings?", n).format(n=n)
        text = _("They match: {which}. Members find them at once; nobody is pinged.")
        go = press(title.rstrip("?"), "posting.approve_all", number, style="success")
    else:
        title = ngettext("Decline {n} opening?", "Decline {n} openings?", n).format(n=n)
        text = _("They match: {which}. Whoever suggested one hears that it was not posted.")
        go = press(title.rstrip("?"), "posting.decline_all", number, style="danger")
    return card(
        title,
        text.format(which=which),
        row(go, press(_("Back"), "posting.queue")),
        tone=Tone.WARN,
    )


def waiting_card() -> View:
    """Tell the staff that something waits."""
    return card(
        _("A suggested opening waits"),
        _("A member passed one on. Approve it, edit it, or decline it with a reason."),
        row(press(_("Look through"), "posting.queue", style="primary")),
    )


# --- what may be over


def hidden_card(posting: Posting) -> View:
    """Ask the staff whether something is closed, as members say."""
    number = posting.posting_id
    decided = posting.state is not PostingState.HIDDEN
    if decided:
        return settled_card(posting)
    return card(
        _("Closed? Three members say so"),
        f"**{safe(clip(posting.name, 250))}**\n<{posting.url}>",
        _(
            "It is hidden until one of you has looked. Without a word from you it is closed in a "
            "week."
        ),
        row(
            press(_("Still open"), "posting.stands", number, style="success"),
            press(_("Close it"), "posting.over", number),
            way_there(posting),
        ),
        tone=Tone.WARN,
    )


def settled_card(posting: Posting) -> View:
    """Show the staff what was decided."""
    name = f"**{safe(clip(posting.name, 250))}**"
    if posting.state is PostingState.OPEN:
        return card("", _("{name} still stands. Thank you for looking.").format(name=name))
    return card("", f"{name}\n{over(posting) or _('Closed.')}", tone=Tone.QUIET)


def verify_card(count: int) -> View:
    """Ask the staff whether some openings still stand."""
    title = ngettext("{n} opening may be over", "{n} openings may be over", count)
    return card(
        title.format(n=count),
        _(
            "Their deadline has passed, or nobody looked at them for 30 days. Those you say "
            "nothing about are closed in a week."
        ),
        row(press(_("Check them"), "posting.doubts", style="primary")),
    )


def doubts_card(page: DoubtPage) -> View:
    """Show what may be over, to be settled several at a time."""
    if not page.shown:
        return card(
            _("Everything is checked"), page.news, _("Nothing is in doubt."), tone=Tone.GOOD
        )
    options = [Option(clip(each.name, 100), str(each.posting_id)) for each in page.shown]
    n = len(options)
    lines = [
        f"- **{safe(clip(each.name, 110))}** · {_why_doubt(each)}\n-# <{each.url}>"
        for each in page.shown
    ]
    more = page.total - n
    return card(
        ngettext("{n} opening may be over", "{n} openings may be over", page.total).format(
            n=page.total
        ),
        page.news,
        "\n".join(lines),
        rule(),
        row(pick(_("These still stand"), "posting.stand", "", options, most=n)),
        row(pick(_("These are closed"), "posting.put_away", "", options, most=n)),
        row(press(_("Next page"), "posting.doubts", page.shown[-1].posting_id))
        if more > 0
        else None,
    )


def _why_doubt(posting: Posting) -> str:
    if posting.why is Why.VOTES:
        return _("members found it closed")
    if posting.deadline_on is not None:
        return _("deadline {day}").format(day=day(posting.deadline_on))
    return _("last checked {when}").format(when=stamp(posting.verified_at, "R"))


def unposted_card(posting: Posting | None, cohort: Cohort, why: str) -> View:
    """Tell the staff that an opening could not be posted in its channel."""
    channel = _("the channel for opportunities")
    if cohort.opportunities_id:
        channel = f"<#{cohort.opportunities_id}>"
    name = f"**{safe(clip(posting.name, 200))}**" if posting else _("several openings")
    return card(
        _("Not in the channel"),
        _("I could not post {name} in {channel}: {why}.").format(
            name=name, channel=channel, why=why
        ),
        _(
            "Members find it in `/opportunity list` all the same. Choose another channel with "
            "`/cohort edit`, or let me write there, then try again."
        ),
        row(press(_("Try again"), "posting.again", f"{posting.posting_id}-{cohort.cohort_id}"))
        if posting
        else None,
        tone=Tone.WARN,
    )
