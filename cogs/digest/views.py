"""How a digest, the staff's view of it, and a member's own week look."""

from bot.face.dates import WEEKDAYS
from bot.face.look import Item, Option, Tone, View, card, clip, row, safe, stamp
from bot.face.press import pick, press
from bot.face.words import _, ngettext
from bot.knowledge.content import Section

from .model import (
    MOST_WEEK_LINES,
    NAMES,
    TIMES,
    USUAL_ORDER,
    WHYS,
    Desk,
    Issue,
    IssueState,
    Page,
    Week,
    Why,
)

# --- what the cohort reads


def page_card(page: Page, cohort_id: int | None = None) -> View:
    """Show one message of a digest to the cohort."""
    way_on = row(press(_("My own week"), "digest.mine", cohort_id or "")) if page.title else None
    return card(page.title, *page.blocks, way_on)


# --- what the staff sees


def staff_card(desk: Desk) -> View:
    """Show an issue before it goes out, exactly as it will, with what can be done about it."""
    top = card(
        _("This week's digest"),
        desk.news,
        _how_it_stands(desk),
        *_buttons(desk),
        tone=Tone.WARN if desk.issue.state is IssueState.FAILED else Tone.PLAIN,
    )
    if desk.edition.pages and desk.issue.state is not IssueState.SKIPPED:
        _put_below(top, page_card(desk.edition.pages[0], desk.cohort.cohort_id))
    return top


def _put_below(view: View, other: View) -> None:
    """Let one message end with what another one shows."""
    for part in list(other.children):
        other.remove_item(part)
        view.add_item(part)


def more_cards(desk: Desk) -> list[View]:
    """Show the messages of an issue after its first one."""
    return [page_card(page) for page in desk.edition.pages[1:]]


def _how_it_stands(desk: Desk) -> str:
    issue = desk.issue
    if issue.state is IssueState.SENT:
        return _sent_words(desk)
    if issue.state is IssueState.GOING:
        return _("It is on its way to {channel}.").format(channel=_channel(desk))
    if issue.state is IssueState.FAILED:
        text = _("It could not be posted in {channel}: {why}. *Send now* tries once more.")
        return text.format(channel=_channel(desk), why=safe(issue.why))
    if issue.state is IssueState.SKIPPED:
        why = _(WHYS[Why(issue.why)]) if issue.why in set(Why) else safe(issue.why)
        return _("It does not go out.") + " " + why
    lines = [_when(desk), _contents(desk)]
    return "\n".join(line for line in lines if line)


def _sent_words(desk: Desk) -> str:
    issue = desk.issue
    if issue.sent_at is None or issue.message_id is None:
        return _("It went out to {channel}.").format(channel=_channel(desk))
    return _("It went out {when}: {link}").format(
        when=stamp(issue.sent_at, "f"), link=link_of(desk.cohort.guild_id, issue)
    )


def link_of(guild_id: int, issue: Issue) -> str:
    """Return the address of a digest's first message."""
    return f"https://discord.com/channels/{guild_id}/{issue.channel_id}/{issue.message_id}"


def _channel(desk: Desk) -> str:
    return f"<#{desk.channel_id}>" if desk.channel_id else _("a channel that is still to be chosen")


def _when(desk: Desk) -> str:
    issue, channel = desk.issue, _channel(desk)
    if issue.state is IssueState.HELD:
        return _("It waits for your *Send now* and goes to {channel}.").format(channel=channel)
    if issue.due_at is None:
        return _(
            "No digest is scheduled; `/cohort schedule` switches it on. You can send this one."
        )
    when = stamp(issue.due_at, "F")
    if issue.hold:
        text = _("It goes to {channel} once you press *Send now*; usually {when}.")
        return text.format(channel=channel, when=when)
    text = _("It goes to {channel} by itself, {when}. What is shared until then is added.")
    return text.format(channel=channel, when=when)


def _contents(desk: Desk) -> str:
    if not desk.edition.says_something:
        return _("There is nothing to say yet. If it stays so, nothing is posted.")
    n = len(desk.edition.pages)
    if n == 1:
        return _("Below is how it looks.")
    return ngettext(
        "It takes {n} message. Below is the first.", "It takes {n} messages. Below is the first.", n
    ).format(n=n)


def _buttons(desk: Desk) -> list[Item | None]:
    issue, number = desk.issue, desk.issue.digest_id
    if number == 0 or issue.is_out:
        return []
    send = press(_("Send now"), "digest.send", number, style="primary")
    if issue.state is IssueState.SKIPPED:
        back = None
        if issue.why == Why.MODERATOR and issue.due_at and issue.due_at > desk.now:
            back = press(_("Bring it back"), "digest.back", number)
        return [row(back, send)]
    whole = press(_("See all of it"), "digest.whole", number)
    return [
        row(
            press(_("Edit note"), "digest.note", number),
            press(_("Sections…"), "digest.sections", number),
            press(_("Skip"), "digest.skip", number),
            send,
            whole if issue.state is not IssueState.FAILED else None,
        )
    ]


def sections_card(desk: Desk) -> View:
    """Let moderators choose and order the sections, and who lets a digest go out."""
    issue, number = desk.issue, desk.issue.digest_id
    order = [*issue.sections, *(s for s in USUAL_ORDER if s not in issue.sections)]
    shown = [
        Option(_(NAMES[section]), section.value, _amount(desk, section), section in issue.sections)
        for section in order
    ]
    tops = [Option(_(NAMES[section]), section.value) for section in issue.sections]
    holds = [
        Option(_("Digests go out by themselves"), "no", default=not desk.settings.hold),
        Option(_("Digests wait for Send now"), "yes", default=desk.settings.hold),
    ]
    listed = "\n".join(
        f"{n}. {_(NAMES[section])} · {_amount(desk, section)}"
        for n, section in enumerate(issue.sections, 1)
    )
    return card(
        _("Sections of this digest"),
        desk.news,
        listed,
        _("A section with nothing in it does not appear."),
        row(pick(_("What it has"), "digest.shown", number, shown, most=len(shown))),
        row(pick(_("Move to the top"), "digest.first", number, tops)) if tops else None,
        row(pick(_("Who lets a digest go out"), "digest.hold", number, holds)),
        row(
            press(_("Keep for every week"), "digest.keep", number),
            press(_("Back"), "digest.see", number),
        ),
    )


def _amount(desk: Desk, section: Section) -> str:
    n = desk.edition.counts.get(section, 0)
    return ngettext("{n} line", "{n} lines", n).format(n=n) if n else _("nothing yet")


# --- what a member reads of their own


def week_card(week: Week) -> View:
    """Show a member their own week on one phone screen."""
    return card(
        _("Your last seven days"),
        "\n".join(_listed(week.done))
        or _("Nothing is noted for these days. That is fine; a line in a check-in is enough."),
        "\n".join([f"**{_('What is next')}**", *_listed((*week.ahead, *week.actions[:1]))]),
        _cohort_line(week),
        row(*_ways_on(week)),
        tone=Tone.GOOD if week.done else Tone.PLAIN,
    )


def _listed(lines: tuple[str, ...]) -> list[str]:
    shown = [f"- {clip(line, 160)}" for line in lines[:MOST_WEEK_LINES]]
    left = len(lines) - len(shown)
    if left:
        shown.append(ngettext("-# and {n} more", "-# and {n} more", left).format(n=left))
    return shown


def _cohort_line(week: Week) -> str:
    lines: list[str] = []
    if week.latest is not None and week.latest.message_id is not None:
        link = link_of(week.member.guild_id, week.latest)
        lines.append("-# " + _("[The cohort's week]({link})").format(link=link))
    if week.weekly is not None:
        lines.append(
            "-# "
            + _("You get this every week; next {when}.").format(
                when=stamp(week.weekly.next_at, "F")
            )
        )
    return "\n".join(lines)


def _ways_on(week: Week) -> list[Item]:
    number = week.member.member_id
    panel = press(_("My panel"), "today.me", number)
    if week.weekly is None:
        every = press(_("Send me this every week"), "digest.every", number, style="primary")
        return [every, panel]
    return [
        press(_("Another day or hour"), "digest.when", number),
        press(_("Send it no more"), "digest.stop", number),
        panel,
    ]


def weekly_card(week: Week, news: str = "") -> View:
    """Let a member choose the day and hour of their week, or stop it."""
    number, weekly = week.member.member_id, week.weekly
    if weekly is None:
        return card(
            _("Your week is not sent"),
            news,
            _("`/week` shows it whenever you like."),
            row(press(_("Send me this every week"), "digest.every", number)),
        )
    days = [Option(_(day), str(n), default=n == weekly.weekday) for n, day in enumerate(WEEKDAYS)]
    hours = [Option(f"{at:%H:%M}", f"{at:%H:%M}", default=at == weekly.at) for at in TIMES]
    return card(
        _("Your week, every week"),
        news,
        _(
            "I send it on {day} at {at}, your time, as a direct message. It counts among the "
            "messages you get in a week. Next: {when}."
        ).format(
            day=_(WEEKDAYS[weekly.weekday]),
            at=f"{weekly.at:%H:%M}",
            when=stamp(weekly.next_at, "F"),
        ),
        row(pick(_("Which day"), "digest.day", number, days)),
        row(pick(_("At what time"), "digest.hour", number, hours)),
        row(
            press(_("Send it no more"), "digest.stop", number),
            press(_("Back"), "digest.own", number),
        ),
        tone=Tone.GOOD,
    )
