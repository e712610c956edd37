"""What a member can do with their journal."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.clockwork.clock import Clock
from bot.clockwork.phases import Phase, Stage
from bot.clockwork.phrases import read_date
from bot.errors import NotFound, Refusal
from bot.face.escape import one_line
from bot.face.words import N_, _, ngettext
from bot.knowledge.content import Section
from bot.people import activity, memberships, profiles
from bot.people.caller import Caller
from bot.people.contributions import ExportPart, HelpLine, Line, News
from bot.people.memberships import Member
from bot.people.profiles import Detail
from bot.people.record import Chapter
from bot.people.record import Entry as Recorded
from bot.people.requests import KeepEntry
from bot.storage.database import Database, Tx

from .model import (
    KINDS,
    LOOKED_FOR,
    MOST_PEOPLE,
    MOST_SKILLS,
    NAME_LIMIT,
    PROJECT_LIMIT,
    QUERY_LIMIT,
    UNDO_FOR,
    WHAT_LIMIT,
    Entry,
    EntryList,
    EntryPage,
    Found,
    Kind,
    Message,
    More,
    Shelf,
    Skills,
    Sort,
    Topic,
    Use,
    Words,
    Written,
    address,
    fold,
    key,
    listed,
    monday,
    on_page,
    pages_of,
    tidy,
)
from .seeking import asked_for, missing
from .store import EntryStore
from .whose import HERE, at_hand, owns, reads

PAGE_SIZE = 5
MOST_PROJECTS = 24
"""A select holds 25; one of them is "all"."""
DRAWN = 8
LISTED = 25
LOOKED_THROUGH = 300
"""Entries that choices are offered from while somebody types."""
A_BREATH = 40
"""Entries opened between two breaths: some milliseconds' work."""
HIGHEST = 2**62
HABIT = (Phase.STRIDE, Phase.MIDPOINT, Phase.REACH, Phase.CLOSE, Phase.LAST_WEEK)
THURSDAY = 3
NEWS = 4
NAME_OF = 3
"""Letters a first name has at least, to be looked for alone."""

HEARD = (Chapter.FEEDBACK, Chapter.KUDOS)
"""What brings words of somebody else, whoever that was."""
TOLD = ("checkin", "goal", "challenge", "kudos", "feedback")
"""What already stands in somebody's week where it was kept from."""
CHAPTERS = {
    Kind.WORK: Chapter.WORK,
    Kind.COURSEWORK: Chapter.COURSEWORK,
    Kind.PROJECT: Chapter.PROJECT,
    Kind.CULTURE: Chapter.CULTURE,
}


class JournalService:
    """Decide; then keep what was decided."""

    help = (
        HelpLine("/journal add", N_("Keep what you did, learned and reached. Only you read it.")),
        HelpLine("/journal list", N_("Page through your journal.")),
        HelpLine("/journal search", N_("Find something in your journal again.")),
        HelpLine("/journal skills", N_("See which skills you used, and when.")),
    )

    def __init__(self, db: Database, clock: Clock, store: EntryStore) -> None:
        self._db = db
        self._clock = clock
        self._store = store

    # --- keeping

    async def add(self, caller: Caller, kind: Kind, written: Written) -> EntryPage:
        """Keep an entry. Raises Refusal for skills that are none."""
        async with self._db.write() as tx:
            member = await memberships.of(tx, caller)
            skills = _skills(written.skills)
            words = Words(written.what, written.learned, written.result)
            entry_id = await self._keep(tx, member, kind, words)
            await self._sort(tx, member, entry_id, skills, written.project)
            return await self._page(tx, member, entry_id)

    async def _keep(self, tx: Tx, member: Member, kind: Kind, words: Words, **more: Any) -> int:
        now = self._clock()
        today = member.local_date(now)
        profile = await profiles.of_member(tx, member.member_id)
        words = replace(
            words,
            role=profile.of(Detail.ROLE),
            place=profile.of(Detail.COMPANY) or member.cohort_name,
        )
        entry_id = await self._store.add(
            tx, member.member_id, kind, words, today, monday(today), made_at=now, **more
        )
        await activity.note(tx, member, "entry.kept", entry_id, now)
        return entry_id

    async def _sort(
        self, tx: Tx, member: Member, entry_id: int, skills: Sequence[str], project: str
    ) -> None:
        number = member.member_id
        name = " ".join(project.split())[:PROJECT_LIMIT]
        await self._store.sort_by(tx, number, entry_id, Sort.SKILL, skills)
        await self._store.sort_by(tx, number, entry_id, Sort.PROJECT, [name] if name else [])

    async def accept(self, tx: Tx, request: KeepEntry, now: datetime) -> int:
        """Keep what another feature brings, in its transaction; the same source only once."""
        kind = Kind(request.kind) if request.kind in list(Kind) else Kind.WORK
        words, author_id = Words(tidy(request.text, WHAT_LIMIT)), None
        if request.said_by:
            words = replace(words, said_by=tidy(request.said_by.name, NAME_LIMIT))
            author_id = request.said_by.user_id
        elif _said(request.source) in HEARD:
            words = replace(words, said_by=N_("Somebody else"))
        return await self._keep_once(tx, request.member, kind, words, request.source, author_id)

    async def _keep_once(
        self,
        tx: Tx,
        member: Member,
        kind: Kind,
        words: Words,
        source: str,
        author_id: int | None,
    ) -> int:
        known = None
        if source:
            known = await self._store.from_source(tx, member.member_id, source)
        if known is None:
            more = {"source": source or None, "author_id": author_id}
            return await self._keep(tx, member, kind, words, **more)
        await self._store.bring_back(tx, known)
        return known

    async def save_message(self, caller: Caller, message: Message) -> EntryPage:
        """Keep a message, with who wrote it where that was somebody else; the same one only once.

        Raises Refusal for a message without words.
        """
        what = tidy(message.text, WHAT_LIMIT)
        if not what:
            raise Refusal(_("There are no words in that message to keep."))
        async with self._db.write() as tx:
            member = await at_hand(tx, caller)
            said_by = tidy(message.said_by, NAME_LIMIT)
            words = Words(what, url=message.url, said_by=said_by)
            source = f"message {message.message_id}"
            author_id = message.author_id if said_by else None
            entry_id = await self._keep_once(tx, member, Kind.WORK, words, source, author_id)
            return await self._page(tx, member, entry_id)

    # --- changing

    async def get(self, caller: Caller, entry_id: int) -> EntryPage:
        """Return one of the caller's entries, also a deleted one that can be brought back."""
        async with self._db.read() as tx:
            member, _entry = await self._own(tx, caller, entry_id)
            return await self._page(tx, member, entry_id)

    async def to_change(self, caller: Caller, entry_id: int) -> Entry:
        """Return an entry for a form. Raises NotFound for a deleted one."""
        async with self._db.read() as tx:
            return (await self._standing(tx, caller, entry_id))[1]

    async def change(self, caller: Caller, entry_id: int, written: Written) -> EntryPage:
        """Change the words of an entry, its skills and its project."""
        async with self._db.write() as tx:
            member, entry = await self._standing(tx, caller, entry_id)
            skills = _skills(written.skills)
            words = replace(
                entry.words, what=written.what, learned=written.learned, result=written.result
            )
            await self._store.change(tx, entry_id, words=words)
            await self._sort(tx, member, entry_id, skills, written.project)
            return await self._page(tx, member, entry_id)

    async def detail(self, caller: Caller, entry_id: int, more: More) -> EntryPage:
        """Say who was part of it, where to see it, and when it was.

        Raises Refusal for a link that is none, and for a day to come.
        """
        async with self._db.write() as tx:
            member, entry = await self._standing(tx, caller, entry_id)
            people = listed(more.people, MOST_PEOPLE, _("people"))
            words = replace(entry.words, people=people, url=address(more.url))
            on = self._day(member, more.on, entry.on)
            await self._store.change(tx, entry_id, words=words, on=on, week_on=monday(on))
            return await self._page(tx, member, entry_id)

    def _day(self, member: Member, typed: str, known: date) -> date:
        if not typed or typed == known.isoformat():
            return known
        today = member.local_date(self._clock())
        on = read_date(typed, today, nearest=True)
        if on > today:
            raise Refusal(_("That day is still to come. A journal keeps what was."))
        return on

    async def set_kind(self, caller: Caller, entry_id: int, kind: Kind) -> EntryPage:
        """Say what an entry is about."""
        async with self._db.write() as tx:
            member, _entry = await self._standing(tx, caller, entry_id)
            await self._store.change(tx, entry_id, kind=kind)
            return await self._page(tx, member, entry_id)

    async def set_project(self, caller: Caller, entry_id: int, topic_id: int) -> EntryPage:
        """Put an entry to a project the member has, or to none."""
        async with self._db.write() as tx:
            member, _entry = await self._standing(tx, caller, entry_id)
            topic = await self._store.topic(tx, member.member_id, topic_id)
            names = [topic.name] if topic and topic.sort is Sort.PROJECT else []
            await self._store.sort_by(tx, member.member_id, entry_id, Sort.PROJECT, names)
            return await self._page(tx, member, entry_id)

    async def delete(self, caller: Caller, entry_id: int) -> EntryPage:
        """Delete an entry; it can be brought back for two days. A second press changes nothing."""
        async with self._db.write() as tx:
            member, entry = await self._own(tx, caller, entry_id)
            if entry.deleted_at is None:
                now = self._clock()
                await self._store.change(tx, entry_id, deleted_at=now)
                await activity.note(tx, member, "entry.deleted", entry_id, now)
            return await self._page(tx, member, entry_id)

    async def bring_back(self, caller: Caller, entry_id: int) -> EntryPage:
        """Take a deletion back; a second press changes nothing."""
        async with self._db.write() as tx:
            member, entry = await self._own(tx, caller, entry_id)
            if entry.deleted_at is not None:
                await self._store.bring_back(tx, entry_id)
                await activity.note(tx, member, "entry.restored", entry_id, self._clock())
            return await self._page(tx, member, entry_id)

    async def _own(self, tx: Tx, caller: Caller, entry_id: int) -> tuple[Member, Entry]:
        mine = await owns(tx, caller)
        entry = await self._store.get(tx, entry_id, list(mine))
        if entry is None or self._is_over(entry):
            raise NotFound(
                _("That entry is not yours, or it is gone. `/journal list` shows yours.")
            )
        return mine[entry.member_id], entry

    def _is_over(self, entry: Entry) -> bool:
        gone_at = entry.gone_at()
        return gone_at is not None and gone_at <= self._clock()

    async def _standing(self, tx: Tx, caller: Caller, entry_id: int) -> tuple[Member, Entry]:
        member, entry = await self._own(tx, caller, entry_id)
        if entry.deleted_at is not None:
            raise NotFound(_("You deleted that entry. Bring it back first."))
        return member, entry

    async def _page(self, tx: Tx, member: Member, entry_id: int) -> EntryPage:
        entry = await self._store.get(tx, entry_id, [member.member_id])
        assert entry is not None
        found = await self._store.topics_of(tx, member.member_id, Sort.PROJECT, MOST_PROJECTS)
        return EntryPage(entry, member, tuple(found))

    # --- looking

    async def look_at(self, caller: Caller, shelf: Shelf, project: str = "") -> EntryList:
        """Return one page of the caller's journal; `project` is a name as it was typed."""
        async with self._db.read() as tx:
            member = await reads(tx, caller, shelf.member_id)
            shelf = replace(shelf, member_id=member.member_id)
            if project:
                topic = await self._called(tx, member, Sort.PROJECT, project)
                shelf = replace(shelf, topic_id=topic.topic_id)
            return await self._list(tx, caller, member, shelf)

    async def _list(self, tx: Tx, caller: Caller, member: Member, shelf: Shelf) -> EntryList:
        number = member.member_id
        topic = await self._store.topic(tx, number, shelf.topic_id) if shelf.topic_id else None
        shelf = replace(shelf, topic_id=topic.topic_id if topic else 0)
        counts = await self._store.counts(tx, number, shelf.topic_id)
        here = counts.get(shelf.kind, 0) if shelf.kind else sum(counts.values())
        pages = pages_of(here, PAGE_SIZE)
        shelf = shelf.at(on_page(shelf.page, pages))
        projects = await self._store.topics_of(tx, number, Sort.PROJECT, MOST_PROJECTS)
        mine = (await owns(tx, caller)).values()
        return EntryList(
            shelf,
            member,
            tuple(await self._store.on_shelf(tx, shelf, PAGE_SIZE)),
            pages,
            counts,
            tuple(projects),
            topic,
            tuple(m for m in mine if m.member_id != number and m.state in HERE),
        )

    async def _called(self, tx: Tx, member: Member, sort: Sort, typed: str) -> Topic:
        found = await self._store.topics_of(tx, member.member_id, sort, LOOKED_THROUGH)
        for topic in found:
            if typed == str(topic.topic_id) or key(topic.name) == key(typed):
                return topic
        raise NotFound(_("Nothing in your journal is called that. Choose from the list."))

    async def with_skill(self, caller: Caller, typed: str) -> EntryList:
        """Return the entries that show a skill, by its name or its number."""
        async with self._db.read() as tx:
            member = await reads(tx, caller)
            topic = await self._called(tx, member, Sort.SKILL, typed)
            return await self._list(
                tx, caller, member, Shelf(topic_id=topic.topic_id, member_id=member.member_id)
            )

    async def names(self, caller: Caller, sort: Sort, typed: str) -> list[Topic]:
        """Return the caller's skills or projects whose names contain what was typed."""
        async with self._db.read() as tx:
            found = [
                topic
                for member_id in await owns(tx, caller)
                for topic in await self._store.topics_of(tx, member_id, sort, LOOKED_THROUGH)
            ]
        return [topic for topic in found if fold(typed) in fold(topic.name)]

    async def choices(self, caller: Caller, typed: str) -> list[Entry]:
        """Return the caller's newest entries whose words contain what was typed."""
        async with self._db.read() as tx:
            found = [
                entry
                for member_id in await owns(tx, caller)
                for entry in await self._newest(tx, member_id, asked_for(typed))
            ]
        return found[:LISTED]

    async def _newest(self, tx: Tx, member_id: int, wanted: Sequence[str]) -> list[Entry]:
        below, found = HIGHEST, list[int]()
        for _n in range(0, LOOKED_THROUGH, A_BREATH):
            some = await self._store.scan(tx, member_id, below, A_BREATH)
            found += [entry_id for entry_id, _on, words in some if not missing(words, wanted)]
            if len(some) < A_BREATH or len(found) >= LISTED:
                break
            below = some[-1][0]
            await asyncio.sleep(0)
        return await self._store.several(tx, member_id, found[:LISTED])

    # --- searching

    async def search(self, caller: Caller, query: str, member_id: int = 0) -> Found:
        """Look for words in the caller's journal. Raises Refusal for an empty search."""
        query = tidy(query, QUERY_LIMIT)
        wanted = asked_for(query)
        if not wanted:
            raise Refusal(_("Type a word to look for."))
        async with self._db.read() as tx:
            member = await reads(tx, caller, member_id)
        hits = await self._seek(member.member_id, wanted)
        async with self._db.write() as tx:
            look_id = await self._store.looked(tx, member.member_id, query, hits, self._clock())
            return await self._found(tx, caller, look_id, 0)

    async def naming(self, caller: Caller, name: str, member_id: int) -> Found:
        """Look for somebody in the caller's journal: by the whole name, else by the first one."""
        found = await self.search(caller, name, member_id)
        first = name.split()[0]
        if found.look.hits or first == name.strip() or len(first) < NAME_OF:
            return found
        return await self.search(caller, first, member_id)

    async def _seek(self, member_id: int, wanted: Sequence[str]) -> list[int]:
        """Return the numbers of entries with all of these words, newest first.

        Their texts are sealed, so each is opened; the bot breathes in between.
        """
        sorted_in = [await self._sorted_in(member_id, word) for word in wanted]
        hits: list[tuple[date, int]] = []
        below = HIGHEST
        while True:
            async with self._db.read() as tx:
                some = await self._store.scan(tx, member_id, below, A_BREATH)
            for entry_id, on, words in some:
                if all(entry_id in sorted_in[place] for place in missing(words, wanted)):
                    hits.append((on, entry_id))
            if len(some) < A_BREATH:
                return [entry_id for _on, entry_id in sorted(hits, reverse=True)]
            below = some[-1][0]
            await asyncio.sleep(0)

    async def _sorted_in(self, member_id: int, word: str) -> set[int]:
        """Return the entries whose skills or project contain a word."""
        found: list[int] = []
        above = 0
        while True:
            async with self._db.read() as tx:
                some = await self._store.names(tx, member_id, above, A_BREATH)
                found += [topic_id for topic_id, name in some if word in fold(name)]
                if len(some) < A_BREATH:
                    return await self._store.about(tx, found)
            above = some[-1][0]
            await asyncio.sleep(0)

    async def found(self, caller: Caller, look_id: int, page: int) -> Found:
        """Return another page of what a search found."""
        async with self._db.read() as tx:
            return await self._found(tx, caller, look_id, page)

    async def _found(self, tx: Tx, caller: Caller, look_id: int, page: int) -> Found:
        look = await self._store.look(tx, look_id, list(await owns(tx, caller)))
        if look is None:
            raise NotFound(_("That search is over. Look again with `/journal search`."))
        pages = pages_of(len(look.hits), PAGE_SIZE)
        page = on_page(page, pages)
        ids = look.hits[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
        entries = await self._store.several(tx, look.member_id, ids)
        return Found(look, tuple(entries), page, pages)

    # --- skills

    async def skills(self, caller: Caller, member_id: int = 0) -> Skills:
        """Return which skills the caller used, how often, and in which weeks."""
        async with self._db.read() as tx:
            member = await reads(tx, caller, member_id)
            number = member.member_id
            uses = await self._store.uses(tx, number, Sort.SKILL, LISTED)
            weeks = await self._store.weeks(tx, [use.topic.topic_id for use in uses[:DRAWN]])
            many = await self._store.number_of(tx, number, Sort.SKILL)
        seen = [_seen(use, weeks.get(use.topic.topic_id, {})) for use in uses]
        return Skills(member, tuple(seen), many - len(seen))

    # --- what goes by itself, and what other cards and files show

    async def sweep(self, now: datetime) -> None:
        """Forget what was deleted two days ago, and searches after a week."""
        deleted, looked = now - UNDO_FOR, now - LOOKED_FOR
        async with self._db.read() as tx:
            over = await self._store.anything_over(tx, deleted, looked)
        if over:
            async with self._db.write() as tx:
                await self._store.purge(tx, deleted, looked)

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Ask for one line of the week, late in it and only while there is much to forget."""
        local = member.local(now)
        habit = member.stage_at(now) is Stage.INTERNING and member.phase(now) in HABIT
        if not habit or local.weekday() < THURSDAY:
            return []
        latest = await self._store.latest_on(tx, member.member_id)
        if latest is not None and latest >= monday(local.date()):
            return []
        text = _("What from this week will you want to remember? One line is enough.")
        subject = f"{Kind.WORK}-{member.cohort_id}"
        return [Line(text, _("Add to my journal"), "journal.new", subject, order=47)]

    async def week(self, tx: Tx, member: Member, since: datetime, now: datetime) -> list[News]:
        """Add what the member kept since then to their own week."""
        kept = await self._store.since(tx, member.member_id, since, NEWS * 10)
        found = [entry for entry in kept if _said(entry.source) not in TOLD][: NEWS + 1]
        news = [
            News(Section.WINS, one_line(entry.words.what, 140), order=40) for entry in found[:NEWS]
        ]
        if len(found) > NEWS:
            news.append(News(Section.WINS, _("… and more in your journal."), order=41))
        return news

    async def record(self, tx: Tx, user_id: int) -> list[Recorded]:
        """Add every entry to the user's record, oldest first."""
        found: list[Recorded] = []
        for member in await memberships.of_user(tx, user_id):
            below = HIGHEST
            while True:
                some = await self._store.scan(tx, member.member_id, below, A_BREATH)
                ids = [entry_id for entry_id, _on, _words in some]
                found += map(_recorded, await self._store.several(tx, member.member_id, ids))
                if len(some) < A_BREATH:
                    break
                below = ids[-1]
                await asyncio.sleep(0)
        return sorted(found, key=lambda entry: (entry.on, int(entry.ref.split()[1])))

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add every entry of the user to their export."""
        rows: list[dict[str, Any]] = []
        for member in await memberships.of_user(tx, user_id):
            below = HIGHEST
            while True:
                some = await self._store.scan(tx, member.member_id, below, A_BREATH)
                ids = [entry_id for entry_id, _on, _words in some]
                found = await self._store.several(tx, member.member_id, ids)
                rows += [_exported(member, entry) for entry in found]
                if len(some) < A_BREATH:
                    break
                below = ids[-1]
                await asyncio.sleep(0)
        return [ExportPart("journal", _("Journal"), rows)]

    async def erase(self, tx: Tx, user_id: int) -> None:
        """Take the user's name off words of theirs that others kept."""
        await self._store.forget_author(tx, user_id)

    async def erase_member(self, tx: Tx, member: Member) -> None:
        """Take the name of a membership that goes off what others of its cohort kept."""
        await self._store.forget_author(tx, member.user_id, member.cohort_id)

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept in a journal and who reads it."""
        number = 0
        for member in await memberships.of_user(tx, user_id):
            number += await self._store.rows_of(tx, member.member_id)
        line = ngettext(
            "{n} thing in your journal, encrypted: entries, people, reflections. Only you read it.",
            "{n} things in your journal, encrypted: entries, people, reflections. Only you read "
            "them.",
            number,
        )
        return [line.format(n=number)] if number else []


def _skills(typed: str) -> tuple[str, ...]:
    return listed(typed, MOST_SKILLS, _("skills"))


def _seen(use: Use, weeks: dict[date, int]) -> Use:
    return replace(use, weeks=weeks)


def _said(source: str | None) -> str:
    return (source or "").partition(" ")[0]


def _chapter(entry: Entry) -> Chapter:
    """Say where an entry stands in the record: words of somebody else are nobody's own work."""
    chapter = CHAPTERS[entry.kind]
    if not entry.words.said_by or chapter is Chapter.CULTURE:
        return chapter
    return Chapter.KUDOS if _said(entry.source) == Chapter.KUDOS else Chapter.FEEDBACK


def _recorded(entry: Entry) -> Recorded:
    words = entry.words
    return Recorded(
        _chapter(entry),
        f"journal {entry.entry_id}",
        entry.on,
        words.what,
        words.learned,
        words.result,
        entry.skills,
        words.people,
        entry.project,
        words.url,
        words.said_by,
        words.role,
        words.place,
        source=entry.source or "",
    )


def _exported(member: Member, entry: Entry) -> dict[str, Any]:
    words = entry.words
    return {
        "cohort": member.cohort_name,
        "kind": KINDS[entry.kind],
        "day": entry.on.isoformat(),
        "what": words.what,
        "learned": words.learned,
        "result": words.result,
        "skills": list(entry.skills),
        "project": entry.project,
        "people": list(words.people),
        "link": words.url,
        "said by": words.said_by,
        "role": words.role,
        "place": words.place,
        "kept from": entry.source or "",
        "kept": entry.made_at.isoformat(),
    }
