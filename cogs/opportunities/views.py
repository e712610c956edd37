"""How an opening looks: where it stands, to who saved it, to who suggested it."""

from datetime import UTC, date, datetime, time, timedelta

from bot.clockwork.recurrence import to_utc
from bot.face.look import Item, Option, Tone, View, card, clip, link, quote, row, safe, stamp
from bot.face.press import pick, press
from bot.face.words import _, ngettext
from bot.people.memberships import Member

from .model import (
    CLOSED_BECAUSE,
    SPONSORSHIP,
    BatchPage,
    BatchState,
    MemberPage,
    Posting,
    PostingState,
    Why,
)

LONGEST_BUTTON_LINK = 512
"""Characters of the longest address that Discord puts behind a button."""
MOST_PLACES_SHOWN = 8
MOST_IN_BATCH = 25
NOON = time(12)


def day(on: date) -> str:
    """Show a calendar day, the same for everyone, in the reader's own way of writing it."""
    return stamp(datetime.combine(on, NOON, UTC), "D")


def facts(posting: Posting) -> str:
    """Say everything that is known of an opening, a line for each kind of thing."""
    places = list(posting.locations[:MOST_PLACES_SHOWN])
    more = len(posting.locations) - len(places)
    if more:
        places.append(ngettext("{n} more place", "{n} more places", more).format(n=more))
    visa = SPONSORSHIP.get(posting.sponsorship, posting.sponsorship)
    lines = [
        (_("Places"), " · ".join(places)),
        (_("Study term"), ", ".join(posting.terms)),
        (_("Category"), posting.category),
        (_("Visa / work permit"), _(visa) if visa else ""),
        (_("Degree"), ", ".join(posting.degrees)),
        (_("Tags"), ", ".join(posting.tags)),
    ]
    return "\n".join(f"{label}: {safe(clip(text, 300))}" for label, text in lines if text)


def deadline_line(posting: Posting) -> str:
    """Say until when one can apply."""
    if posting.deadline_on is None:
        return _("No deadline told: the earlier, the better.")
    return _("Apply until **{day}**").format(day=day(posting.deadline_on))


def way_there(posting: Posting, label: str | None = None) -> Item | None:
    """Return the button that opens the page of the opening, where its address fits."""
    if len(posting.url) > LONGEST_BUTTON_LINK:
        return None
    return link(label or _("Open the page"), posting.url)


def long_link(posting: Posting) -> str:
    """Return an address that fits no button."""
    return f"<{posting.url}>" if len(posting.url) > LONGEST_BUTTON_LINK else ""


def over(posting: Posting) -> str:
    """Say why an opening cannot be applied to, or nothing."""
    if posting.state is PostingState.HIDDEN:
        return _("Members found it closed; a moderator looks at it.")
    if posting.state is PostingState.CLOSED:
        why = _(CLOSED_BECAUSE[posting.why]) if posting.why is not Why.NOTHING else ""
        return _("Closed: {why}.").format(why=why) if why else _("Closed.")
    return ""


def posting_card(posting: Posting) -> View:
    """Show an opening to everybody, with what one can do about it."""
    title = safe(clip(posting.title, 150))
    company = f"**{safe(posting.company_name)}**"
    closed = over(posting)
    if closed:
        text = f"{closed}\n-# " + _("`/opportunity list` shows what is open.")
        return card(title, company, text, facts(posting), tone=Tone.QUIET)
    number = posting.posting_id
    age = _("Posted {when}").format(when=stamp(posting.since, "R"))
    return card(
        title,
        company,
        facts(posting),
        f"{deadline_line(posting)}\n-# {age}",
        long_link(posting),
        row(
            way_there(posting),
            press(_("Save"), "opportunity.save", number, style="primary"),
            press(_("Track application"), "opportunity.track", number),
            press(_("Closed?"), "opportunity.closed", number),
        ),
    )


def word_card(posting: Posting) -> View:
    """Say in one line that an opening closed, or is open again."""
    name = safe(clip(posting.name, 200))
    closed = over(posting)
    if closed:
        return card("", f"**{name}**\n{closed}", tone=Tone.QUIET)
    return card("", _("**{name}** is open again.").format(name=name), tone=Tone.GOOD)


def batch_card(page: BatchPage) -> View:
    """Show several openings that were posted together."""
    if page.batch.state is BatchState.UNDONE or not page.posted:
        return card(
            _("Taken back"),
            _("These openings were taken back. `/opportunity list` shows what is open."),
            tone=Tone.QUIET,
        )
    shown = [posting for posting in page.posted if posting.active][:MOST_IN_BATCH]
    lines: list[str] = []
    length = 0
    for posting in shown:
        line = _line(posting)
        if length + len(line) > 3000:
            break
        lines.append(line)
        length += len(line)
    more = len(page.posted) - len(lines)
    rest = ngettext(
        "…and {n} more: `/opportunity list`.", "…and {n} more: `/opportunity list`.", more
    ).format(n=more)
    options = [
        Option(clip(posting.name, 100), str(posting.posting_id)) for posting in shown[: len(lines)]
    ]
    return card(
        batch_title(page),
        "\n".join(lines),
        rest if more else "",
        row(pick(_("Look at one, save it, track it"), "opportunity.choose", "", options))
        if options
        else None,
    )


def batch_title(page: BatchPage) -> str:
    """Name the message of several openings."""
    n = len(page.posted)
    return ngettext("{n} new opening", "{n} new openings", n).format(n=n)


def _line(posting: Posting) -> str:
    parts = [safe(clip(posting.locations[0], 60))] if posting.locations else []
    if len(posting.locations) > 1:
        parts[0] += f" +{len(posting.locations) - 1}"
    if posting.deadline_on:
        parts.append(_("until {day}").format(day=day(posting.deadline_on)))
    about = f" · {' · '.join(parts)}" if parts else ""
    return f"- **{safe(clip(posting.name, 150))}**{about}"


# --- to one member


def member_card(page: MemberPage) -> View:
    """Show an opening to one member, with what they did about it."""
    posting, number = page.posting, page.posting.posting_id
    closed = over(posting)
    save = press(_("Save"), "opportunity.save", number, style="primary")
    if page.saved:
        save = press(_("Not on my list any more"), "opportunity.unsave", number)
    return card(
        safe(clip(posting.title, 150)),
        page.news,
        f"**{safe(posting.company_name)}**",
        facts(posting),
        closed or deadline_line(posting),
        "-# " + _("On your list.") if page.saved else "",
        long_link(posting),
        row(
            None if closed else way_there(posting),
            None if closed and not page.saved else save,
            press(_("Track application"), "opportunity.track", number) if page.tracks else None,
            None if closed else press(_("Closed?"), "opportunity.closed", number),
        ),
        tone=Tone.QUIET if closed else Tone.PLAIN,
    )


def saved_card(page: MemberPage) -> View:
    """Say that an opening is saved, and when the member hears of it."""
    posting, number = page.posting, page.posting.posting_id
    return card(
        _("Saved") if not page.news else "",
        f"**{safe(clip(posting.name, 200))}**",
        page.news,
        _reminders(page) if page.saved else "",
        row(
            press(_("Not on my list any more"), "opportunity.unsave", number)
            if page.saved
            else press(_("Save"), "opportunity.save", number),
            press(_("Remind me again"), "opportunity.remind", number)
            if page.silenced and page.saved
            else None,
            press(_("My list"), "finding.saved"),
        ),
        tone=Tone.GOOD,
    )


def tracked_card(page: MemberPage) -> View:
    """Say that an opening is among the member's applications."""
    posting = page.posting
    return card(
        _("Tracked · only you"),
        f"**{safe(clip(posting.name, 200))}**",
        page.news,
        row(way_there(posting), press(_("My applications"), "applications.list")),
        tone=Tone.GOOD,
    )


def news_card(page: MemberPage) -> View:
    """Answer a member in one sentence."""
    return card("", f"**{safe(clip(page.posting.name, 200))}**", page.news)


def _reminders(page: MemberPage) -> str:
    on = page.posting.deadline_on
    if on is None:
        return _("It has no deadline, so I do not remind you.")
    if page.silenced:
        return _("Its deadline is {day}. You wanted no reminders.").format(day=day(on))
    if page.reminded:
        return _("Its deadline is {day}. I remind you a week and a day before.").format(day=day(on))
    return _("Its deadline is {day}. It stands on your `/me` in the week before.").format(
        day=day(on)
    )


def deadline_card(posting: Posting, member: Member, now: datetime) -> View:
    """Remind somebody of a deadline they saved."""
    on, number = posting.deadline_on, posting.posting_id
    assert on is not None
    left = (on - member.local_date(now)).days
    closing = ngettext("Closes in {n} day", "Closes in {n} days", left).format(n=left)
    if left <= 1:
        closing = _("Closes tomorrow") if left == 1 else _("Closes today")
    ends_at = to_utc(on + timedelta(1), time(0), member.zone)
    return card(
        closing,
        f"**{safe(clip(posting.name, 200))}**\n{facts(posting)}",
        _("You saved it. Its deadline is {day}, {left}.").format(
            day=day(on), left=stamp(ends_at, "R")
        ),
        long_link(posting),
        row(
            way_there(posting),
            press(_("Track application"), "opportunity.track", number, style="primary"),
            press(_("Not on my list any more"), "opportunity.unsave", number),
        ),
    )


def answer_card(posting: Posting) -> View:
    """Tell somebody what became of the opening they suggested."""
    name = f"**{safe(clip(posting.name, 200))}**"
    if posting.state is PostingState.DECLINED:
        reason = posting.reason
        return card(
            _("About your suggestion"),
            _("A moderator decided not to post this one:") + f"\n{name}",
            _("They wrote:") + f"\n{quote(reason)}" if reason else "",
            _("Thank you for thinking of the others. The next one is welcome."),
        )
    return card(
        _("Your suggestion is posted"),
        name,
        over(posting) or _("Others find it now in `/opportunity list`. Thank you."),
        row(
            way_there(posting),
            press(_("Save"), "opportunity.save", posting.posting_id),
            press(_("Track application"), "opportunity.track", posting.posting_id),
        ),
        tone=Tone.GOOD,
    )
