"""How the panel and the help look."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.clockwork.phases import Stage
from bot.face.look import (
    MOST_COMPONENTS,
    Block,
    Item,
    Option,
    View,
    card,
    item,
    link,
    row,
    safe,
    stamp,
)
from bot.face.press import pick, press
from bot.face.words import N_, _
from bot.knowledge.content import Action
from bot.people.contributions import HelpLine, Line
from bot.people.memberships import Delivery, Member, MemberState
from bot.people.users import Inbox
from bot.storage.drafts import Draft
from cogs.today.model import MOST_DRAFTS, MOST_LINES, Doorstep, Help, Panel, Week

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
    member = page.member
    hints, drafts = _hints(page), _drafts(page.drafts)
    most = _room(len(hints) + len(drafts), has_others=bool(page.others))
    shown, rest = page.lines[:most], page.lines[most:]
    return card(
        _title(page),
        *hints,
        _week(page.week),
        row(press(_("How to do these"), "today.how", member.member_id)),
        *(_line(line) for line in _once(shown)),
        "\n".join(f"- {_words(line.text)}" for line in rest),
        *drafts,
        row(*_ways_on(member)),
        _other_cohorts(page),
    )


def _room(sections: int, *, has_others: bool) -> int:
    """Return how many lines with a button fit: each is three components of the card's forty."""
    frame, section, other_cohorts = 10, 3, 2
    left = MOST_COMPONENTS - frame - section * sections - (other_cohorts if has_others else 0)
    return min(MOST_LINES, left // section)


def _title(page: Panel) -> str:
    name = safe(page.member.cohort_name)
    if page.week.number:
        return _("{name} · week {n}").format(name=name, n=page.week.number)
    return name


def _hints(page: Panel) -> list[Block]:
    member = page.member
    hints: list[Block] = []
    if member.state is MemberState.PAUSED:
        until = _("You are paused until {day}.").format(day=member.paused_until)
        endless = _("You are paused until you come back.")
        back = press(_("Come back"), "profile.resume", member.member_id, style="success")
        hints.append(item(until if member.paused_until else endless, back))
    elif page.cohort_paused:
        hints.append(_("Your moderators have paused the cohort; nothing is sent for now."))
    if member.delivery is Delivery.DM and member.inbox is Inbox.CLOSED:
        how = _(
            "⚠ My direct messages do not reach you. In the server's menu, *Privacy Settings*, "
            "switch *Direct Messages* on."
        )
        again = press(_("Write to me again"), "profile.greet", member.member_id, style="primary")
        hints.append(item(how, again))
    return hints


def _week(week: Week) -> str:
    heading = f"**{safe(week.title) or _(STAGES[week.stage])}**"
    emphasis = f"\n-# {safe(week.emphasis)}" if week.emphasis else ""
    actions = "\n".join(f"{n}. {safe(action.do)}" for n, action in enumerate(week.actions, 1))
    return f"{heading}{emphasis}\n{actions}"


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
    return _STAMP.sub(r"<\1>", safe(text))


def _drafts(drafts: tuple[Draft, ...]) -> list[Block]:
    return [
        item(
            _("Something you typed {when} is not saved yet.").format(when=stamp(draft.at, "R")),
            press(_("Open it"), "form.again", draft.draft_id),
        )
        for draft in drafts[:MOST_DRAFTS]
    ]


def _ways_on(member: Member) -> list[Item]:
    return [
        press(_("My settings"), "profile.settings", member.member_id),
        press(_("Get my record"), "privacy.export"),
        press(_("Stop all messages"), "why.stop_all"),
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
        *(_action(n, action) for n, action in enumerate(page.week.actions, 1)),
        row(*_guides(page.week)) if any(action.guide for action in page.week.actions) else "",
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
    joins = [
        press(_("Join {name}").format(name=name), "profile.join", cohort_id, style="success")
        for cohort_id, name in page.cohorts
    ]
    if joins:
        how = _("You have not joined yet. It takes three taps, and you choose how much I write.")
    elif page.in_server:
        how = _("No cohort is running here yet. A moderator starts one with `/cohort setup`.")
    else:
        how = _("You are in no cohort yet. In your server, press *Join* on the card there.")
    return card(
        _("Hello {name}").format(name=safe(page.name)),
        how,
        _(
            "I am a mentor for interns: once a week I ask how it goes, remind you of what is worth "
            "doing right now, and keep a record that later becomes your résumé. What you write is "
            "only yours until you say otherwise."
        ),
        _("You run a cohort? `/cohort status` shows what waits for you.") if page.moderates else "",
        *(_line(line) for line in _once(page.lines[:MOST_LINES])),
        row(*joins, press(_("What can I do here?"), "today.help")),
        *_drafts(page.drafts),
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
