"""The brag document: everything in a record in the order in which one tells it to somebody."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from bot.face.dates import month, short_date
from bot.face.words import _, ngettext, spoken
from bot.people.record import Chapter, Entry
from bot.record.document import Block, Document, Heading, Item, Line, Quote, Table, Tale, Text
from bot.record.drafting import bullets, stories
from bot.record.letters import clip, one_line, seen
from bot.record.model import HEARD, OWN, Record, Stay, texts_changed

MOST_SKILLS = 40
MANY = 12
"""Entries from which on months and a list of contents help to find one."""
NAME_LIMIT = 90


def composed(record: Record) -> Document:
    """Return the whole document."""
    record = Record(
        name=clip(one_line(record.name), NAME_LIMIT) or _("My record"),
        made_on=record.made_on,
        stays=tuple(_stay(stay) for stay in record.stays),
        entries=tuple(texts_changed(entry, seen) for entry in record.entries),
        part=record.part,
    )
    blocks = tuple(_everything(record)) if record.entries else tuple(_beginning())
    title = _("Record of {name}").format(name=record.name)
    return Document(
        title=f"{title} · {record.part}" if record.part else title,
        name=record.name,
        under=tuple(_where(stay) for stay in record.stays),
        summary=_summary(record),
        note=_note(record),
        blocks=blocks,
        locale=spoken(),
        contents=_("Contents") if len(record.entries) >= MANY else "",
        page=_("{page} of {pages}"),
    )


def _stay(stay: Stay) -> Stay:
    place, role = clip(one_line(stay.place), NAME_LIMIT), clip(one_line(stay.role), NAME_LIMIT)
    return Stay(place, role, stay.first_on, stay.last_on, stay.links)


def _where(stay: Stay) -> str:
    days = between(stay.first_on, stay.last_on)
    return " · ".join(part for part in (stay.role, stay.place, days) if part)


def between(first: date | None, last: date | None) -> str:
    """Return a span of days as people write it."""
    if first and last and first != last:
        return f"{short_date(first)} – {short_date(last)}"
    only = first or last
    return short_date(only) if only else ""


def _note(record: Record) -> str:
    if not record.entries:
        return ""
    made = _("Made on {day} from your own words.").format(day=short_date(record.made_on))
    drafts = _(
        "What says “draft” was put together by rule: change it until it sounds like you. "
        "The sign at the end, like [journal 12], says which entry it comes from."
    )
    care = _("Read it before you hand it on: people, feedback and goals stand in it too.")
    part = _("This file holds one part: {part}.").format(part=record.part) if record.part else ""
    return " ".join(filter(None, (made, part, drafts, care)))


def _summary(record: Record) -> str:
    work = len(record.of(*OWN))
    projects = len(
        {e.project.casefold() for e in record.of(Chapter.WORK, Chapter.PROJECT) if e.project}
    )
    skills = len(_skills(record))
    reached = sum(entry.done for entry in record.of(Chapter.GOALS))
    heard = len(record.of(*HEARD))
    counted = (
        (work, ngettext("{n} piece of work", "{n} pieces of work", work)),
        (projects, ngettext("{n} project", "{n} projects", projects)),
        (skills, ngettext("{n} skill", "{n} skills", skills)),
        (reached, ngettext("{n} goal reached", "{n} goals reached", reached)),
        (heard, ngettext("{n} word from others", "{n} words from others", heard)),
    )
    return " · ".join(text.format(n=n) for n, text in counted if n)


def _beginning() -> Iterator[Block]:
    """Say how to begin, where nothing was kept yet."""
    yield Text(_("There is nothing in your record yet. It begins with one sentence."))
    yield Heading(_("How to begin"))
    yield Line(_("/journal add – what you did this week, what came of it, what you learned."))
    yield Line(_("/checkin now – a win in your check-in comes here by itself."))
    yield Line(_("/goal add – goals you reach stand here, with how you knew."))
    yield Text(_("Two lines a week are enough: after three months they are a résumé."), quiet=True)


def _everything(record: Record) -> Iterator[Block]:
    yield from _deeds(_("Work"), record.of(Chapter.WORK))
    yield from _deeds(_("Personal projects"), record.of(Chapter.PROJECT))
    yield from _deeds(_("Coursework"), record.of(Chapter.COURSEWORK))
    yield from _skill_table(record)
    yield from _goals(record.of(Chapter.GOALS))
    yield from _quotes(_("Feedback I got"), record.of(Chapter.FEEDBACK))
    yield from _quotes(_("Thanks I got"), record.of(Chapter.KUDOS))
    yield from _listed(_("Challenges I took"), record.of(Chapter.CHALLENGES))
    yield from _listed(_("How things work here"), record.of(Chapter.CULTURE))
    yield from _people(record.of(Chapter.PEOPLE))
    yield from _drafts(record)


def _deeds(title: str, entries: Sequence[Entry]) -> Iterator[Block]:
    """Show what somebody made, project by project, and then what belongs to none."""
    if not entries:
        return
    yield Heading(title)
    named = (
        sorted(
            {entry.project.casefold() for entry in entries if entry.project},
            key=lambda name: min(e.on for e in entries if e.project.casefold() == name),
        )
        if any(entry.project for entry in entries)
        else []
    )
    by_project: dict[str, list[Entry]] = {}
    for entry in entries:
        by_project.setdefault(entry.project.casefold(), []).append(entry)
    for name in named:
        yield from _project(by_project[name])
    if rest := by_project.get("", []):
        if named:
            yield Heading(_("More"), 2)
        yield from _by_month(rest)


def _project(entries: Sequence[Entry]) -> Iterator[Block]:
    first, last = entries[0], entries[-1]
    link = next((web_address(entry.url) for entry in entries if web_address(entry.url)), "")
    places = dict.fromkeys(e.place for e in entries if e.place and e.chapter is Chapter.WORK)
    days = between(first.on, last.on) if len(entries) > 1 else ""
    aside = " · ".join(filter(None, (*map(one_line, list(places)[:2]), days)))
    yield Heading(clip(one_line(first.project), NAME_LIMIT), 2, aside, link)
    yield from (_item(entry, but_for=link) for entry in entries)


def _by_month(entries: Sequence[Entry]) -> Iterator[Block]:
    """Show entries in the order of time; where they are many, each month has a heading."""
    if len(entries) < MANY:
        yield from map(_item, entries)
        return
    for name, some in groupby(entries, key=lambda entry: month(entry.on)):
        yield Heading(name, 2)
        yield from map(_item, some)


def _item(entry: Entry, *, but_for: str = "") -> Item:
    facts = (
        (_("Situation"), entry.situation),
        (_("Result"), entry.result),
        (_("Learned"), entry.learned),
        (_("Said by"), entry.said_by),
    )
    people = _("with {names}").format(names=_joined(entry.people)) if entry.people else ""
    aside = " · ".join(filter(None, (_joined(entry.skills), people)))
    link = web_address(entry.url)
    return Item(
        on=short_date(entry.on),
        what=entry.what,
        facts=tuple((label, text) for label, text in facts if text),
        aside=aside,
        ref=entry.ref,
        url="" if link == but_for else link,
    )


def _joined(names: Iterable[str]) -> str:
    return ", ".join(map(one_line, names))


def web_address(url: str) -> str:
    """Return an address that can be followed, or nothing."""
    url = one_line(url)
    whole = url.lower().startswith(("https://", "http://")) and " " not in url
    return url if whole and len(url) > len("https://") and not set('<>"{}|\\^`') & set(url) else ""


def _skills(record: Record) -> dict[str, tuple[str, date, int]]:
    """Return each skill once, however it is written: as first written, since when, how often."""
    found: dict[str, tuple[str, date, int]] = {}
    for entry in record.entries:
        for name in dict.fromkeys(map(one_line, entry.skills)):
            key = name.casefold()
            label, since, often = found.get(key, (name, entry.on, 0))
            found[key] = (label, min(since, entry.on), often + 1)
    return dict(sorted(found.items(), key=lambda skill: (-skill[1][2], skill[1][1], skill[0])))


def skills(record: Record) -> list[tuple[str, date, int]]:
    """Return the skills that entries name, the most used first, with their first day."""
    return list(_skills(record).values())


def _skill_table(record: Record) -> Iterator[Block]:
    every = skills(record)
    if not every:
        return
    yield Heading(_("Skills"))
    yield Table(
        (_("Skill"), _("Since"), _("Entries")),
        tuple((name, month(since), str(often)) for name, since, often in every[:MOST_SKILLS]),
    )
    if rest := every[MOST_SKILLS:]:
        yield Text(_("Also: {names}").format(names=", ".join(name for name, _on, _n in rest)))


def _goals(entries: Sequence[Entry]) -> Iterator[Block]:
    reached = [entry for entry in entries if entry.done]
    let_go = [entry for entry in entries if not entry.done]
    if entries:
        yield Heading(_("Goals"))
    for entry in reached:
        facts = ((_("How I knew"), entry.result), (_("Learned"), entry.learned))
        yield _fact_item(entry, facts)
    if let_go:
        yield Heading(_("Let go, and what it taught"), 2)
    for entry in let_go:
        yield _fact_item(entry, ((_("Learned"), entry.learned),))


def _fact_item(entry: Entry, facts: Sequence[tuple[str, str]]) -> Item:
    told = tuple((label, text) for label, text in facts if text)
    return Item(short_date(entry.on), entry.what, told, ref=entry.ref)


def _quotes(title: str, entries: Sequence[Entry]) -> Iterator[Block]:
    if entries:
        yield Heading(title)
    for entry in entries:
        facts = (
            (_("About"), entry.situation),
            (_("What it changed"), entry.result),
            (_("To work on"), entry.learned),
        )
        told = tuple((label, text) for label, text in facts if text)
        by = one_line(entry.said_by)
        yield Quote(entry.what, by, short_date(entry.on), told, entry.ref)


def _listed(title: str, entries: Sequence[Entry]) -> Iterator[Block]:
    if entries:
        yield Heading(title)
        yield from map(_item, entries)


def _people(entries: Sequence[Entry]) -> Iterator[Block]:
    """Show who somebody met: the name first where there is one, then what about."""
    if entries:
        yield Heading(_("People I met"))
    for entry in entries:
        facts = ((_("Where"), entry.situation or entry.place), (_("About"), entry.learned))
        told = tuple((label, text) for label, text in facts if text)
        names = [name for name in entry.people if name not in entry.what]
        what = f"{_joined(names)}: {entry.what}" if names and entry.what else entry.what
        yield Item(
            short_date(entry.on),
            what or _joined(entry.people),
            told,
            ref=entry.ref,
            url=web_address(entry.url),
        )


def _drafts(record: Record) -> Iterator[Block]:
    lines = bullets(record)
    if lines:
        yield Heading(_("Résumé lines · draft"))
        yield Text(
            _(
                "Take the ones that fit the job you apply for. A question in brackets asks for "
                "what is missing; delete it once you know."
            ),
            quiet=True,
        )
        order = Counter(line.project for line in lines)
        for project in sorted(order, key=lambda name: (not name, -order[name], name)):
            if project or len(order) > 1:
                yield Heading(clip(project, NAME_LIMIT) or _("More"), 2)
            for line in lines:
                if line.project == project:
                    yield Line(line.text, line.gaps, line.ref)
    told = stories(record)
    if told:
        yield Heading(_("Interview stories · draft"))
        yield Text(
            _(
                "For questions like “Tell me about a time when …”. Say the Situation and the Task "
                "in two sentences, the Action in your own voice, the Result with a number."
            ),
            quiet=True,
        )
    for one in told:
        parts = tuple((part.label, part.text, part.gaps) for part in one.answers)
        yield Tale(one.title, parts, one.ref)
