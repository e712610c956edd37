"""How a journal looks."""

from collections.abc import Iterator, Sequence

from bot.face.dates import whole_day
from bot.face.escape import one_line
from bot.face.ink import Chart
from bot.face.look import (
    Block,
    Item,
    Option,
    Tone,
    View,
    card,
    clip,
    item,
    picture,
    plain,
    quote,
    row,
    safe,
    stamp,
)
from bot.face.press import pick, press, turns
from bot.face.words import _, ngettext
from bot.people.memberships import Member, MemberState

from .model import KINDS, Entry, EntryList, EntryPage, Found, Kind, Shelf, Skills, Sort, Topic, Use
from .picture import drawn
from .seeking import BEGIN, END, asked_for, snippet

CHART = "skills.png"
WHAT_SHOWN, LEARNED_SHOWN, RESULT_SHOWN = 1500, 700, 400
"""Characters on a card, signs of ours too; all of it, with what stands below, fits one message."""


def kept_card(page: EntryPage) -> View:
    """Echo what was kept, and offer to go on with it."""
    return _card(_("Kept, for you alone"), page, _("Undo"), _coaching(page.entry))


def entry_card(page: EntryPage) -> View:
    """Show one entry, or how to bring it back."""
    if page.entry.deleted_at is not None:
        return deleted_card(page)
    return _card(_("In your journal"), page, _("Delete"), "")


def _card(title: str, page: EntryPage, away: str, coaching: str) -> View:
    number = page.entry.entry_id
    return card(
        title,
        _words(page.entry),
        _small(page.entry),
        coaching,
        row(
            press(_("Edit"), "journal.edit", number),
            press(_("Add details"), "journal.more", number),
            press(away, "journal.delete", number),
            press(_("My journal"), "journal.list", Shelf(page.member.member_id).token),
        ),
        row(_kinds(page.entry)),
        row(_projects(page)) if page.projects else None,
        tone=Tone.GOOD,
    )


def _words(entry: Entry) -> str:
    words = entry.words
    what = _fitting(words.what, WHAT_SHOWN)
    lines = [quote(what, WHAT_SHOWN) if words.said_by else safe(what)]
    if words.said_by:
        lines.append(
            _("-# {name} said that; they are not told.").format(name=safe(_(words.said_by)))
        )
    learned = _fitting(words.learned, LEARNED_SHOWN)
    result = _fitting(words.result, RESULT_SHOWN)
    if learned:
        lines.append(_("**Learned:** {text}").format(text=safe(learned)))
    if result:
        lines.append(_("**Result:** {text}").format(text=safe(result)))
    if (what, learned, result) != (words.what, words.learned, words.result):
        lines.append(_("-# Shown shortened; all of it is kept. *Edit* shows the whole."))
    return "\n".join(lines)


def _fitting(text: str, most: int) -> str:
    """Return the longest beginning that is no longer than this once it is made safe."""
    room = most
    while len(safe(shown := clip(text, room))) > most:
        room -= max(1, (len(safe(shown)) - most) // 2)
    return shown


def _small(entry: Entry) -> str:
    words = entry.words
    lines = [f"{whole_day(entry.on)} · {_(KINDS[entry.kind])}"]
    if entry.project:
        lines.append(_("Project: {name}").format(name=safe(entry.project)))
    if entry.skills:
        lines.append(_("Skills: {names}").format(names=one_line(", ".join(entry.skills))))
    if words.people:
        lines.append(_("With: {names}").format(names=one_line(", ".join(words.people))))
    if words.url:
        lines.append(safe(words.url))
    return "\n".join(f"-# {line}" for line in lines)


def _coaching(entry: Entry) -> str:
    if entry.words.said_by or entry.kind is Kind.CULTURE:
        return ""
    if not any(sign.isdigit() for sign in entry.words.result):
        return _(
            "One thing that helps later: a number. How many, how much faster, for how many people? "
            "*Edit* adds it whenever you know it."
        )
    return ""


def _kinds(entry: Entry) -> Item:
    options = [
        Option(_(label), kind.value, default=kind is entry.kind) for kind, label in KINDS.items()
    ]
    return pick(_("What it is about"), "journal.kind", entry.entry_id, options)


def _projects(page: EntryPage) -> Item:
    none = Option(_("No project"), "0", default=not page.entry.project)
    options = [
        Option(plain(topic.name), str(topic.topic_id), default=topic.name == page.entry.project)
        for topic in page.projects
    ]
    label = _("Which project it belongs to")
    return pick(label, "journal.project", page.entry.entry_id, [none, *options])


def deleted_card(page: EntryPage) -> View:
    """Say that an entry is deleted, and until when it can be brought back."""
    gone_at = page.entry.gone_at()
    if gone_at is None:
        return entry_card(page)
    return card(
        _("Deleted"),
        "> " + one_line(page.entry.words.what, 200),
        _("You can bring it back until {when}. Then it is gone for good.").format(
            when=stamp(gone_at, "f")
        ),
        row(
            press(_("Bring it back"), "journal.restore", page.entry.entry_id, style="primary"),
            press(_("My journal"), "journal.list", Shelf(page.member.member_id).token),
        ),
        tone=Tone.QUIET,
    )


# --- the list


def list_card(page: EntryList) -> View:
    """Show one page of a journal, each entry with the button that opens it."""
    if not page.total and page.topic is None:
        return _empty(page)
    shelf = page.shelf
    return card(
        _list_title(page),
        _about(page.topic),
        *(_item(entry) for entry in page.entries),
        "" if page.entries else _("Nothing of this kind yet."),
        row(*_paging("journal.list", shelf, page.pages)),
        row(_filter_kinds(page)),
        row(_filter_projects(page)) if page.projects else None,
        row(*_ways(page)),
        _elsewhere(page),
    )


def _empty(page: EntryList) -> View:
    here = page.member.state is not MemberState.LEFT
    return card(
        _("Your journal"),
        _(
            "Empty so far. One line is enough: what you did, what you learned, a number if there "
            "is one. Only you read it, and one day it becomes your résumé."
        ),
        row(
            _add(page.member, _("Add the first one")) if here else None,
            press(_("What belongs in it?"), "guides.read", "brag-document"),
            press(_("People I met"), "journal.people", page.member.member_id),
        ),
        _elsewhere(page),
    )


def _list_title(page: EntryList) -> str:
    n = page.total
    title = ngettext("Your journal · {n} entry", "Your journal · {n} entries", n).format(n=n)
    if page.others or page.member.state is MemberState.LEFT:
        return f"{title} · {safe(page.member.cohort_name)}"
    return title


def _about(topic: Topic | None) -> str:
    if topic is None:
        return ""
    name = safe(topic.name)
    if topic.sort is Sort.SKILL:
        return _("Where you used **{name}**").format(name=name)
    return _("Project **{name}**").format(name=name)


def _item(entry: Entry) -> Block:
    about = [whole_day(entry.on), _(KINDS[entry.kind])]
    about += [one_line(entry.project, 50)] if entry.project else []
    about += [one_line(", ".join(entry.skills), 80)] if entry.skills else []
    text = f"{one_line(entry.words.what, 240)}\n-# {' · '.join(about)}"
    return item(text, press(_("Open"), "journal.open", entry.entry_id))


def _paging(action: str, shelf: Shelf, pages: int) -> list[Item]:
    words = _("Newer"), _("Older")
    return turns(action, lambda page: shelf.at(page).token, shelf.page, pages, words)


def _filter_kinds(page: EntryList) -> Item:
    shelf = page.shelf
    every = Option(_("Everything"), "all", default=shelf.kind is None)
    options = [
        Option(f"{_(label)} ({page.counts.get(kind, 0)})", kind.value, default=kind is shelf.kind)
        for kind, label in KINDS.items()
    ]
    return pick(_("Show only"), "journal.only_kind", shelf.token, [every, *options])


def _filter_projects(page: EntryList) -> Item:
    shelf = page.shelf
    every = Option(_("Every project"), "0", default=not shelf.topic_id)
    options = [
        Option(
            f"{plain(topic.name)} ({topic.count})",
            str(topic.topic_id),
            default=topic.topic_id == shelf.topic_id,
        )
        for topic in page.projects
    ]
    return pick(_("Show only this project"), "journal.only_topic", shelf.token, [every, *options])


def _ways(page: EntryList) -> list[Item]:
    number = page.member.member_id
    ways = [
        press(_("Search"), "journal.search", number),
        press(_("Skills"), "journal.skills", number),
        press(_("People"), "journal.people", number),
        press(_("Reflections"), "journal.answers", number),
    ]
    if page.member.state is MemberState.LEFT:
        return ways
    return [_add(page.member, _("Add")), *ways]


def _add(member: Member, label: str) -> Item:
    subject = f"{Kind.WORK}-{member.cohort_id}"
    return press(label, "journal.new", subject, style="primary")


def _elsewhere(page: EntryList) -> Item | None:
    if not page.others:
        return None
    options = [
        Option(each.cohort_name, str(each.member_id), default=each is page.member)
        for each in (page.member, *page.others)
    ]
    return row(pick(_("Another cohort"), "journal.cohort", "", options))


# --- the search


def found_card(found: Found) -> View:
    """Show one page of what was found, the place in each entry where it stands."""
    look = found.look
    n = len(look.hits)
    wanted = asked_for(look.words)
    title = ngettext("{n} entry with “{words}”", "{n} entries with “{words}”", n)
    nothing = _("Nothing with “{words}”. Try one shorter word.")
    shown = one_line(look.words, 80)
    place = Shelf(look.look_id, page=found.page)
    return card(
        title.format(n=n, words=shown) if n else nothing.format(words=shown),
        *(_place(entry, wanted) for entry in found.entries),
        row(*_paging("journal.found", place, found.pages)),
        row(
            press(_("Search again"), "journal.search", look.member_id),
            press(_("My journal"), "journal.list", Shelf(look.member_id).token),
        ),
    )


def _place(entry: Entry, wanted: Sequence[str]) -> Block:
    text = _bold(snippet(entry, wanted))
    small = f"{whole_day(entry.on)} · {_(KINDS[entry.kind])}"
    return item(f"{text}\n-# {small}", press(_("Open"), "journal.open", entry.entry_id))


def _bold(text: str) -> str:
    return safe(text).replace(BEGIN, "**").replace(END, "**")


# --- skills


def skills_card(skills: Skills) -> View:
    """Show a member's skills over time, as a picture and in figures."""
    number = skills.member.member_id
    if not skills.uses:
        return card(
            _("Your skills"),
            _(
                "Nothing to draw yet. Name skills when you keep something, with commas between "
                "them: Python, writing tests, asking early."
            ),
            row(
                _add(skills.member, _("Add to my journal")),
                press(_("My journal"), "journal.list", Shelf(number).token),
            ),
        )
    options = [Option(_counted(use), str(use.topic.topic_id)) for use in skills.uses]
    rest = ngettext("and {n} more", "and {n} more", skills.more).format(n=skills.more)
    return card(
        _("Your skills"),
        picture(CHART, alt_of(skills)),
        "\n".join(f"- {figure}" for figure in _figures(skills)),
        rest if skills.more > 0 else "",
        row(pick(_("See where I used a skill"), "journal.with_skill", number, options)),
        row(press(_("My journal"), "journal.list", Shelf(number).token)),
    )


def chart_of(skills: Skills) -> Chart:
    """Return the picture with its words."""
    return Chart(drawn(skills), alt_of(skills), "\n".join(_figures(skills)))


def alt_of(skills: Skills) -> str:
    """Say in words what the picture shows."""
    shown = [use for use in skills.uses if use.weeks]
    parts = "; ".join(f"{plain(use.topic.name)} {use.topic.count}" for use in shown)
    return _("Dots for each week in which a skill was used: {parts}.").format(parts=parts)


def _counted(use: Use) -> str:
    n = use.topic.count
    times = ngettext("{n} entry", "{n} entries", n).format(n=n)
    return f"{clip(plain(use.topic.name), 70)} · {times}"


def _figures(skills: Skills) -> Iterator[str]:
    for use in skills.uses:
        n = use.topic.count
        times = ngettext("{n} entry", "{n} entries", n).format(n=n)
        name = safe(use.topic.name)
        since = _("since {day}").format(day=whole_day(use.first_on))
        last = _("last on {day}").format(day=whole_day(use.last_on))
        once = use.first_on == use.last_on
        yield f"**{name}** · {times} · {whole_day(use.first_on) if once else f'{since}, {last}'}"
