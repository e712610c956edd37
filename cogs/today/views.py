"""How the panel and the help look."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.clockwork.phases import Stage
from bot.face.dates import whole_day
from bot.face.look import (
    MOST_COMPONENTS,
    Block,
    Item,
    Option,
    View,
    card,
    clip,
    item,
    link,
    quote,
    row,
    safe,
    stamp,
)
from bot.face.press import pick, press, turns
from bot.face.words import N_, _, ngettext
from bot.knowledge.content import Action
from bot.knowledge.week import Week
from bot.people.contributions import Deeds, HelpLine, Line
from bot.people.memberships import Delivery, Member, MemberState
from bot.people.users import Inbox
from bot.storage.drafts import Draft
from cogs.today.model import (
    A_PAGE,
    FEWEST_LINES,
    LINE_LIMIT,
    MOST_LINES,
    SCREEN,
    Doorstep,
    Help,
    Hint,
    Panel,
    excerpt,
)

STAGES = {
    Stage.LOOKING: N_("Looking for an internship"),
    Stage.STARTING: N_("Starting soon"),
    Stage.INTERNING: N_("In your internship"),
    Stage.FINISHED: N_("After your internship"),
}
_STAMP = re.compile(r"\\<(t:-?\d{1,13}(?::[tTdDfFR])?|#\d{15,20})>")


def me_card(page: Panel | Doorstep) -> View:
    """Show what is worth doing now, or how to begin."""
    return panel_card(page) if isinstance(page, Panel) else doorstep_card(page)


def panel_card(page: Panel) -> View:
    """Show one phone screen: this week, what waits, and the way on."""
    shown, rest = _split(page)
    return card(
        _title(page),
        *_hints(page),
        item(
            _week(page.week, page.deeds),
            press(_("How to do these"), "today.how", page.member.member_id),
        ),
        *(_line(line) for line in _once(shown)),
        *_draft(page.drafts),
        row(_more(page, len(rest)), *_ways_on(page.member)),
        _other_cohorts(page),
    )


def _split(page: Panel) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the lines that fit one phone screen, and those that stand behind *More*."""
    others = [
        _title(page),
        _week(page.week, page.deeds),
        *_hint_texts(page),
        *_draft_texts(page.drafts),
    ]
    room = SCREEN - sum(map(len, others))
    most, shown = _room(page), 0
    for line in page.lines[:most]:
        room -= len(_words(line.text))
        if room < 0 and shown >= FEWEST_LINES:
            break
        shown += 1
    return page.lines[:shown], page.lines[shown:]


def _room(page: Panel) -> int:
    """Return how many lines with a button fit: each is three components of the card's forty."""
    frame, section = 11, 3
    taken = section * len(_hint_texts(page)) + (4 if page.drafts else 0) + (2 if page.others else 0)
    return min(MOST_LINES, (MOST_COMPONENTS - frame - taken) // section)


def _more(page: Panel, number: int) -> Item | None:
    if not number:
        return None
    return press(_("More ({n})").format(n=number), "today.more", f"{page.member.member_id}.0")


def more_card(page: Panel | Doorstep, number: int) -> View:
    """Show what found no room on the panel, a page at a time."""
    lines = _split(page)[1] if isinstance(page, Panel) else page.lines[MOST_LINES:]
    back = page.member.member_id if isinstance(page, Panel) else ""
    pages = max(1, -(-len(lines) // A_PAGE))
    number = min(max(number, 0), pages - 1)
    shown = lines[number * A_PAGE :][:A_PAGE]
    return card(
        _("More for you"),
        "" if shown else _("Nothing else waits at the moment."),
        *(_line(line) for line in _once(shown)),
        row(*turns("today.more", lambda at: f"{back}.{at}", number, pages)),
        row(
            press(_("Back"), "today.me", back),
            press(_("Everything I can do"), "today.help"),
            press(_("Guides"), "guides.shelf"),
        ),
    )


def _title(page: Panel) -> str:
    name = safe(page.member.cohort_name)
    if page.week.number:
        return _("{name} · week {n}").format(name=name, n=page.week.number)
    return name


def _hints(page: Panel) -> list[Block]:
    member = page.member
    ways = {
        Hint.PAUSED: press(_("Come back"), "profile.resume", member.member_id, style="success"),
        Hint.CLOSED: press(
            _("Write to me again"), "profile.greet", member.member_id, style="primary"
        ),
    }
    return [item(text, ways.get(hint)) for hint, text in _hint_texts(page).items()]


def _hint_texts(page: Panel) -> dict[Hint, str]:
    member = page.member
    hints: dict[Hint, str] = {}
    if member.state is MemberState.PAUSED:
        until, endless = _("You are paused until {day}."), _("You are paused until you come back.")
        day = member.paused_until
        hints[Hint.PAUSED] = until.format(day=whole_day(day)) if day else endless
    elif page.cohort_paused:
        hints[Hint.HELD] = _("Your moderators have paused the cohort; nothing is sent for now.")
    if member.delivery is Delivery.DM and member.inbox is Inbox.CLOSED:
        hints[Hint.CLOSED] = _(
            "My direct messages do not reach you. In the server's menu, *Privacy Settings*, "
            "switch *Direct Messages* on."
        )
    return hints


def _week(week: Week, deeds: Deeds) -> str:
    heading = f"**{safe(week.title) or _(STAGES[week.stage])}**"
    actions = "\n".join(f"{n}. {_todo(action, deeds)}" for n, action in enumerate(week.actions, 1))
    return f"{heading}\n{actions}"


def _todo(action: Action, deeds: Deeds) -> str:
    text = safe(action.do)
    return _("~~{action}~~ · done").format(action=text) if action.id in deeds.done else text


def _take_up(deeds: Deeds) -> Item | None:
    if not deeds.action:
        return None
    return press(deeds.label, deeds.action, deeds.subject, style="primary")


def _once(lines: Iterable[Line]) -> Iterator[Line]:
    """Leave out a button that stands on the card already; Discord takes each only once."""
    seen: set[tuple[str | None, str]] = set()
    for line in lines:
        button = (line.action, str(line.subject))
        yield replace(line, label=None) if button in seen else line
        seen.add(button)


def _line(line: Line) -> Block:
    text = f"**{_words(line.text)}**" if line.urgent else _words(line.text)
    if line.label is None or line.action is None:
        return text
    style = "primary" if line.urgent else "secondary"
    return item(text, press(line.label, line.action, line.subject, style=style))


def _words(text: str) -> str:
    """Show a feature's line; what somebody typed in it stays plain, moments and channels show."""
    return _STAMP.sub(r"<\1>", safe(clip(text, LINE_LIMIT)))


def _draft(drafts: tuple[Draft, ...]) -> list[Block | None]:
    """Offer to go on with the newest form that was not saved, or to throw it away."""
    if not drafts:
        return []
    draft_id = drafts[0].draft_id
    go_on = press(_("Continue"), "form.again", draft_id, style="primary")
    return [*_draft_texts(drafts), row(go_on, press(_("Discard"), "today.discard", draft_id))]


def _draft_texts(drafts: tuple[Draft, ...]) -> list[str]:
    if not drafts:
        return []
    when, text = stamp(drafts[0].at, "R"), safe(clip(excerpt(drafts[0]), 60))
    n = len(drafts)
    said = ngettext(
        "Not saved yet, typed {when}: {text}",
        "{n} things are not saved yet. Typed {when}: {text}",
        n,
    )
    return [said.format(n=n, when=when, text=text)]


def discard_card(draft: Draft) -> View:
    """Show what would be thrown away, before it is."""
    return card(
        _("Throw this away?"),
        quote(excerpt(draft)),
        row(
            press(_("Throw it away"), "today.toss", draft.draft_id, style="danger"),
            press(_("Continue"), "form.again", draft.draft_id, style="primary"),
            press(_("Back"), "today.me"),
        ),
    )


def _ways_on(member: Member) -> list[Item]:
    return [
        press(_("My settings"), "profile.settings", member.member_id),
        press(_("Get my record"), "record.get"),
        press(_("Stop all messages"), "why.stop_all"),
        press(_("Help"), "today.help"),
    ]


def _other_cohorts(page: Panel) -> Item | None:
    if not page.others:
        return None
    every = [page.member, *page.others]
    options = [
        Option(each.cohort_name, str(each.member_id), default=each is page.member) for each in every
    ]
    return row(pick(_("Another cohort"), "today.cohort", "", options))


def how_card(page: Panel) -> View:
    """Show this week's actions in full, each with its reason and its source."""
    member_id = page.member.member_id
    return card(
        safe(page.week.title) or _(STAGES[page.week.stage]),
        safe(page.week.emphasis),
        *(_action(n, action) for n, action in enumerate(page.week.actions, 1)),
        row(_take_up(page.deeds), *_guides(page.week)),
        row(
            press(_("Back"), "today.me", member_id),
            *(link(clipped, url) for clipped, url in _sources(page.week)),
        ),
    )


def _action(number: int, action: Action) -> str:
    return f"**{number}. {safe(action.do)}**\n{safe(action.why)}\n{safe(action.how)}"


def _guides(week: Week) -> list[Item]:
    """Lead to the page behind each action; two actions may share one."""
    pages = {action.guide: n for n, action in reversed([*enumerate(week.actions, 1)])}
    return [
        press(_("Read about {n}").format(n=n), "guides.read", guide)
        for guide, n in sorted(pages.items(), key=lambda pair: pair[1])
        if guide is not None
    ]


def _sources(week: Week) -> list[tuple[str, str]]:
    found = {action.source.url: action.source.name for action in week.actions}
    return [(_("Source: {name}").format(name=name), url) for url, name in found.items()][:4]


def doorstep_card(page: Doorstep) -> View:
    """Show somebody who is in no cohort how to begin; useful even to those who never join."""
    style = "secondary" if page.lines else "success"
    joins = [
        press(_("Join {name}").format(name=name), "profile.join", cohort_id, style=style)
        for cohort_id, name in page.cohorts
    ]
    hidden = len(page.lines) - MOST_LINES
    if joins and page.lines:
        how = _("Whoever wants a check-in and a record of their own joins: three taps.")
    elif joins:
        how = _("You have not joined yet. It takes three taps, and you choose how much I write.")
    elif page.in_server:
        how = _("No cohort is running here yet. A moderator starts one with `/cohort setup`.")
    else:
        how = _("You are in no cohort yet. In your server, press *Join* on the card there.")
    return card(
        _("Hello {name}").format(name=safe(page.name)),
        *(_line(line) for line in _once(page.lines[:MOST_LINES])),
        how,
        _(
            "I am a mentor for interns. Once a week I ask how it goes and remind you of what is "
            "worth doing. I keep a record that later becomes your résumé. What you write is only "
            "yours until you say otherwise."
        ),
        _("You run a cohort? `/cohort status` shows what waits for you.") if page.moderates else "",
        *_draft(page.drafts),
        row(*joins, press(_("What can I do here?"), "today.help")),
        row(press(_("More ({n})").format(n=hidden), "today.more", ".0")) if hidden > 0 else None,
    )


def help_card(page: Help) -> View:
    """Show the four commands worth remembering, then everything else."""
    everything = _("**Everything else**\n{lines}").format(lines=_commands(page.others))
    staff = _("**For moderators**\n{lines}").format(lines=_commands(page.staff))
    more = press(_("I run a cohort"), "today.staff") if page.may_ask_for_staff else None
    return card(
        _("Help"),
        _commands(page.taught),
        everything if page.others else "",
        staff if page.staff else "",
        _("-# Everything personal is shown only to you. Most of it is also a button on `/me`."),
        row(
            press(_("What is on for me"), "today.me", style="primary"),
            press(_("Guides"), "guides.shelf"),
            more,
        ),
    )


def _commands(lines: tuple[HelpLine, ...]) -> str:
    return "\n".join(f"`{line.command}` {_(line.text)}" for line in lines)
