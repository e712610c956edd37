"""How a search looks: its pages, what was saved, what is followed, what is new."""

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.clockwork.recurrence import to_utc
from bot.face.dates import short_date
from bot.face.look import Item, Option, Tone, View, card, clip, item, row, safe, stamp
from bot.face.press import pick, press, turns
from bot.face.words import N_, _, ngettext

from .found import MOST_FOLLOWS, MOST_FOUND, ROWS, Following, Found, News, SavedPage, Sort
from .model import CLOSED_BECAUSE, SPONSORSHIP, Filter, Posting

END_OF_DAY = time(23, 59)
SHOW = "opportunity.show"
MOST_SHOWN_PLACES = 2
SPONSORSHIP_ASKED = {
    "Offers Sponsorship": N_("offers a visa or work permit"),
    "Does Not Offer Sponsorship": N_("no visa or work permit"),
    "U.S. Citizenship is Required": N_("US citizenship needed"),
}


def closes_at(deadline_on: date, zone: str) -> datetime:
    """Return the last minute of a deadline where the reader lives."""
    return to_utc(deadline_on, END_OF_DAY, zone)


def found_card(page: Found) -> View:
    """Show a page of openings, each with its deadline and age and the button that opens it."""
    if not page.total:
        return _nothing_card(page)
    rows = [
        _opening(
            each, page.zone, page.today, also=_("saved") if each.posting_id in page.saved else ""
        )
        for each in page.postings
    ]
    return card(
        _title(page),
        f"-# {in_words(page.wanted)}" if wants(page.wanted) else "",
        *rows,
        row(*_turning("finding.page", f"{page.search_id}-{{}}-{page.sort}", page.page, page.pages)),
        row(*_ways_on(page)),
    )


def _title(page: Found) -> str:
    if page.total > MOST_FOUND:
        return _("More than {n} openings").format(n=f"{MOST_FOUND:,}")
    if wants(page.wanted):
        return ngettext("{n} opening fits", "{n} openings fit", page.total).format(n=page.total)
    return ngettext("{n} opening", "{n} openings", page.total).format(n=page.total)


def _ways_on(page: Found) -> list[Item]:
    other = Sort.NEW if page.sort is Sort.CLOSING else Sort.CLOSING
    label = _("Newest first") if other is Sort.NEW else _("Closing soon first")
    change = _("Change the search") if wants(page.wanted) else _("Search")
    ways = [
        press(label, "finding.page", f"{page.search_id}-0-{other}"),
        press(change, "finding.change", page.search_id, style="primary"),
    ]
    if wants(page.wanted):
        ways.append(press(_("Follow this search"), "finding.follow", page.search_id))
    return ways


def _nothing_card(page: Found) -> View:
    suggest = press(_("Suggest an opening"), "finding.suggest")
    if not page.anything:
        return card(
            _("No openings yet"),
            _(
                "Nobody posted one here so far. If you came across one that would suit somebody "
                "else too, pass it on: a moderator looks at it, then everybody finds it."
            ),
            row(suggest),
            tone=Tone.QUIET,
        )
    return card(
        _("Nothing fits at the moment"),
        _("You looked for {filter}.").format(filter=in_words(page.wanted))
        if wants(page.wanted)
        else "",
        _(
            "Fewer or shorter words find more; *eng* finds *engineer* and *engineering*. Or follow "
            "the search, and hear of it when something new fits."
        ),
        row(
            press(_("Change the search"), "finding.change", page.search_id, style="primary"),
            press(_("Follow this search"), "finding.follow", page.search_id)
            if wants(page.wanted)
            else None,
            suggest,
        ),
        tone=Tone.QUIET,
    )


def _opening(posting: Posting, zone: str, today: date, *, also: str = "") -> str | Item:
    text = f"**{safe(clip(posting.name, 140))}**\n{_facts(posting)}\n{_times(posting, zone, today)}"
    shown = f"{text} · {also}" if also else text
    return item(shown, press(_("Open"), SHOW, posting.posting_id))


def _facts(posting: Posting) -> str:
    places = list(posting.locations[:MOST_SHOWN_PLACES])
    more = len(posting.locations) - len(places)
    said = SPONSORSHIP.get(posting.sponsorship, posting.sponsorship)
    facts = [
        *places,
        _("{n} more places").format(n=more) if more > 1 else "",
        *(posting.locations[MOST_SHOWN_PLACES:] if more == 1 else ()),
        *posting.terms[:MOST_SHOWN_PLACES],
        posting.category,
        _(said) if said else "",
    ]
    return safe(clip(" · ".join(fact for fact in facts if fact), 180)) or _("place not told")


def _times(posting: Posting, zone: str, today: date) -> str:
    age = _("posted {when}").format(when=stamp(posting.since, "R"))
    return f"-# {deadline_of(posting, zone, today)} · {age}"


def deadline_of(posting: Posting, zone: str, today: date) -> str:
    """Say until when somebody can apply, or that it is over."""
    if not posting.active:
        because = CLOSED_BECAUSE.get(posting.why, "")
        return _("closed: {why}").format(why=_(because)) if because else _("closed")
    if posting.deadline_on is None:
        return _("no deadline told")
    until = stamp(closes_at(posting.deadline_on, zone), "R")
    if posting.deadline_on < today:
        return _("deadline passed {when}").format(when=until)
    return _("closes {when}").format(when=until)


def _turning(action: str, subject: str, page: int, pages: int) -> list[Item]:
    return turns(action, subject.format, page, pages, (_("Back"), _("More")))


def wants(looked_for: Filter) -> bool:
    """Say whether a filter asks for anything but what is open."""
    return bool(_asked(looked_for))


def in_words(looked_for: Filter) -> str:
    """Return a filter as somebody would say it."""
    asked = _asked(looked_for)
    if not looked_for.open_only:
        asked.append(_("closed ones too"))
    return ", ".join(asked) or _("every opening")


def _asked(looked_for: Filter) -> list[str]:
    said = SPONSORSHIP_ASKED.get(looked_for.sponsorship, looked_for.sponsorship)
    asked = [
        _("“{words}”").format(words=looked_for.text) if looked_for.text else "",
        looked_for.term,
        _("in {place}").format(place=looked_for.place) if looked_for.place else "",
        _("remote") if looked_for.remote else "",
        looked_for.category,
        _(said) if said else "",
        looked_for.degree,
    ]
    return [safe(clip(words, 80)) for words in asked if words]


# --- what was saved


def saved_card(page: SavedPage) -> View:
    """Show a page of what somebody saved, and let them take one off."""
    if not page.total:
        return card(
            _("Nothing saved yet"),
            _(
                "*Save* under an opening keeps it here, and I remind you a week and a day before "
                "it closes."
            ),
            row(press(_("Look at openings"), "finding.list", page.cohort_id, style="primary")),
            tone=Tone.QUIET,
        )
    here = page.cohort_id
    rows = [_opening(each, page.zone, page.today) for each in page.postings]
    options = [
        Option(clip(each.name, 100), str(each.posting_id), _until(each)) for each in page.postings
    ]
    return card(
        ngettext("You saved {n} opening", "You saved {n} openings", page.total).format(
            n=page.total
        ),
        *rows,
        row(pick(_("Take one off this list"), "finding.unsave", f"{page.page}-{here}", options)),
        row(*_turning("finding.saved", f"{{}}-{here}", page.page, page.pages)),
    )


def _until(posting: Posting) -> str | None:
    if not posting.active:
        return _("closed")
    if posting.deadline_on is None:
        return None
    return _("closes on {day}").format(day=short_date(posting.deadline_on))


# --- what is followed


def following_card(page: Following, *, just_now: bool = False) -> View:
    """Show what somebody follows, how they hear of it, and the way to stop."""
    if not page.follows:
        return card(
            _("You follow nothing"),
            _(
                "Follow a search, and I write to you when something new fits. That is once a day "
                "at most, in the morning, and only you see it."
            ),
            row(press(_("Search"), "finding.begin", page.cohort_id, style="primary")),
            tone=Tone.QUIET,
        )
    rows = [
        item(
            f"{in_words(each.wanted)}\n-# "
            + _("since {when}").format(when=stamp(each.made_at, "d")),
            press(_("Stop"), "finding.stop", each.follow_id),
        )
        for each in page.follows
    ]
    return card(
        _("You follow it") if just_now else _("What you follow"),
        _how(page),
        *rows,
        "-# " + _("{n} of {most}").format(n=len(page.follows), most=MOST_FOLLOWS),
        tone=Tone.GOOD if just_now else Tone.PLAIN,
    )


def _how(page: Following) -> str:
    if page.by_message:
        return _(
            "When something new fits, I write to you privately, at most once a day; next time "
            "{when}, if there is anything."
        ).format(when=stamp(page.morning_at, "R"))
    return _(
        "You chose not to be written to, so new ones stand on `/me`. `/profile settings` changes "
        "that."
    )


# --- what is new


def news_card(page: News | None) -> View:
    """Tell somebody what is new and fits; from a press, also that nothing is."""
    if page is None:
        return card(
            _("Nothing new at the moment"),
            _("Whatever fits next stands on `/me`, or comes to you in the morning."),
            row(press(_("What I follow"), "finding.follows")),
            tone=Tone.QUIET,
        )
    number = len(page.postings) + page.more
    shown, others = page.postings[:ROWS], page.postings[ROWS:]
    rest = ngettext(
        "{n} more stands in the list of all openings.",
        "{n} more stand in the list of all openings.",
        page.more,
    ).format(n=page.more)
    options = [Option(clip(each.name, 100), str(each.posting_id), _until(each)) for each in others]
    return card(
        ngettext("{n} new opening for you", "{n} new openings for you", number).format(n=number),
        *_rows(shown, page.zone, page.today),
        row(pick(_("Open another one"), "opportunity.choose", "", options)) if options else None,
        rest if page.more else "",
        row(
            press(_("All openings"), "finding.list", page.cohort_id),
            press(_("What I follow"), "finding.follows", page.cohort_id),
        ),
    )


def _rows(postings: Sequence[Posting], zone: str, today: date) -> list[str | Item]:
    return [_opening(each, zone, today) for each in postings]


# --- what somebody passes on


def thanks_card(posting: Posting) -> View:
    """Thank somebody for an opening they passed on, and say who decides."""
    return card(
        _("Thank you"),
        f"**{safe(clip(posting.name, 200))}**",
        _(
            "A moderator looks at it next. They post it, correct it or say why not, and I tell you "
            "which. Until then nobody else sees it."
        ),
        row(
            press(_("Suggest another"), "finding.suggest"),
            press(_("Look at openings"), "finding.list"),
        ),
        tone=Tone.GOOD,
    )
