"""What a member can do with their applications; nobody else reads any of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.clockwork.clock import Clock
from bot.clockwork.phrases import read_date, read_wall
from bot.errors import NotFound, Refusal
from bot.face.dates import short_date
from bot.face.words import N_, _, ngettext
from bot.people import activity, memberships
from bot.people.caller import Caller
from bot.people.contributions import ExportPart, HelpLine
from bot.people.memberships import Member, MemberState
from bot.people.requests import TrackOpening
from bot.storage import sealed
from bot.storage.database import Database, Tx

from .model import (
    COMPANY_LIMIT,
    MOST_APPLICATIONS,
    MOST_NOTES,
    STATUSES,
    TITLE_LIMIT,
    UNDER_WAY,
    URL_LIMIT,
    Application,
    Board,
    Course,
    Entry,
    Facts,
    Move,
    Page,
    Shelf,
    Stats,
    Status,
    checked,
    facts_of,
    hints,
    link,
    next_hint_at,
    one_line,
    summed,
    told_apart,
)
from .sheet import written
from .store import ApplicationStore

PAGE_SIZE = 6
NOTES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Typed:
    """An application as it was typed; `deadline` is a date in words, or empty."""

    company: str
    title: str
    url: str
    deadline: str
    note: str = ""


class ApplicationService:
    """Decide; then keep what was decided."""

    help = (
        HelpLine("/application add", N_("Keep an opening, or an application you sent.")),
        HelpLine("/application list", N_("Where each of yours stands. Only you see it.")),
        HelpLine("/application stats", N_("What came of them, as a picture and in figures.")),
    )

    def __init__(self, db: Database, clock: Clock, store: ApplicationStore) -> None:
        self._db = db
        self._clock = clock
        self._store = store

    # --- adding and changing

    async def add(
        self, caller: Caller, typed: Typed, status: Status = Status.SAVED, on: str = ""
    ) -> Page:
        """Keep an application. One that is there already is shown, and gets the note.

        Raises Refusal for a link or a date that cannot be read.
        """
        now = self._clock()
        async with self._db.write() as tx:
            member = await home(tx, caller)
            today = member.local_date(now)
            facts = checked(
                Facts(typed.company, typed.title, typed.url, _deadline(typed.deadline, today))
            )
            day = _happened(on, today)
            known = await self._same(tx, member, facts)
            application = known or await self._add(tx, member, facts, status, day, now)
            if typed.note:
                await self._note(tx, application, typed.note, now)
            page = await self._page(tx, member, application.application_id)
        return replace(page, known=known is not None)

    async def _same(self, tx: Tx, member: Member, facts: Facts) -> Application | None:
        wanted = told_apart(facts)
        every = await self._store.all_of(tx, [member.member_id])
        return next((one for one in every if told_apart(facts_of(one)) == wanted), None)

    async def _add(
        self,
        tx: Tx,
        member: Member,
        facts: Facts,
        status: Status,
        day: date,
        now: datetime,
        opening: str | None = None,
    ) -> Application:
        await self.leave_room(tx, member.member_id, 1)
        made = await self._store.add(
            tx,
            member.member_id,
            status,
            day,
            now,
            company=facts.company,
            title=facts.title,
            url=facts.url,
            deadline_on=facts.deadline_on,
            opening=opening,
        )
        await self.look_ahead(tx, made, member.zone, now)
        await activity.note(tx, member, "application.added", made.application_id, now)
        return made

    async def leave_room(self, tx: Tx, member_id: int, more: int) -> None:
        """Raise Refusal when so many more would be too many."""
        there = sum((await self._store.counts(tx, [member_id])).values())
        if there + more > MOST_APPLICATIONS:
            raise Refusal(
                _("I keep up to {n} applications for you. Remove some you no longer need.").format(
                    n=MOST_APPLICATIONS
                )
            )

    async def accept(self, tx: Tx, request: TrackOpening, now: datetime) -> int:
        """Keep an opening that another feature hands over, once; return the application."""
        member = request.member
        opening = _mark(member, request.posting_id)
        if opening:
            known = await self._store.of_opening(tx, member.member_id, opening)
            if known is not None:
                return known
        facts = Facts(
            one_line(request.company)[:COMPANY_LIMIT] or _("A company"),
            one_line(request.title)[:TITLE_LIMIT] or _("An opening"),
            _link_or_none(request.url),
            request.deadline_on,
        )
        same = await self._same(tx, member, facts)
        if same is not None:
            if opening:
                await self._store.change(tx, same.application_id, opening=opening)
            return same.application_id
        today = member.local_date(now)
        made = await self._add(tx, member, facts, Status.SAVED, today, now, opening)
        return made.application_id

    async def edit(self, caller: Caller, application_id: int, typed: Typed) -> Page:
        """Change what an application says."""
        now = self._clock()
        async with self._db.write() as tx:
            member, old = await self._own(tx, caller, application_id)
            kept = old.deadline_on.isoformat() if old.deadline_on else ""
            unchanged = typed.deadline == kept
            today = member.local_date(now)
            deadline = old.deadline_on if unchanged else _deadline(typed.deadline, today)
            facts = checked(Facts(typed.company, typed.title, typed.url, deadline))
            await self._store.change(
                tx,
                application_id,
                company=facts.company,
                title=facts.title,
                url=facts.url,
                deadline_on=facts.deadline_on,
            )
            if typed.note:
                await self._note(tx, old, typed.note, now)
            return await self._page(tx, member, application_id)

    async def move(self, caller: Caller, application_id: int, status: Status, on: str = "") -> Page:
        """Say where an application stands now, and since when.

        The same status with a day corrects the day; without one it changes nothing. Raises Refusal
        for a day to come, or one before the step that came before.
        """
        now = self._clock()
        async with self._db.write() as tx:
            member, old = await self._own(tx, caller, application_id)
            steps = await self._store.moves_of(tx, application_id)
            day = _happened(on, member.local_date(now))
            if old.status is not status:
                in_order(day, steps[-1:])
                await self._store.move(tx, application_id, status, day)
                await activity.note(tx, member, "application.moved", application_id, now)
            elif on and day != old.moved_on:
                in_order(day, steps[-2:-1])
                await self._store.redate(tx, steps[-1], day)
            return await self._looked_at(tx, member, application_id, now)

    async def undo(self, caller: Caller, application_id: int, move_id: int) -> Page:
        """Take the latest step back; a second press on the same button takes nothing back."""
        now = self._clock()
        async with self._db.write() as tx:
            member, _old = await self._own(tx, caller, application_id)
            steps = await self._store.moves_of(tx, application_id)
            if len(steps) > 1 and steps[-1].move_id == move_id:
                await self._store.take_back(tx, steps[-1], steps[-2])
            return await self._looked_at(tx, member, application_id, now)

    async def set_interview(self, caller: Caller, application_id: int, day: str, wall: str) -> Page:
        """Keep when the interview is; an empty day forgets it."""
        now = self._clock()
        async with self._db.write() as tx:
            member, _old = await self._own(tx, caller, application_id)
            on = read_date(day, member.local_date(now), nearest=True) if day else None
            at = read_wall(wall) if wall and on else None
            await self._store.change(tx, application_id, interview_on=on, interview_wall=at)
            return await self._looked_at(tx, member, application_id, now)

    async def _looked_at(self, tx: Tx, member: Member, application_id: int, now: datetime) -> Page:
        page = await self._page(tx, member, application_id)
        await self.look_ahead(tx, page.application, member.zone, now)
        return page

    async def look_ahead(self, tx: Tx, course: Course, zone: str, now: datetime) -> None:
        """Keep when something could be suggested about an application next."""
        number = course.application_id
        answered = (await self._store.answered(tx, [number]))[number]
        await self._store.set_hint_at(tx, number, next_hint_at(course, answered, zone, now))

    async def note(self, caller: Caller, application_id: int, text: str) -> Page:
        """Keep a line about an application."""
        now = self._clock()
        async with self._db.write() as tx:
            member, application = await self._own(tx, caller, application_id)
            await self._note(tx, application, text, now)
            return await self._page(tx, member, application_id)

    async def _note(self, tx: Tx, application: Application, text: str, now: datetime) -> None:
        number = application.application_id
        if await self._store.count_notes(tx, number) >= MOST_NOTES:
            raise Refusal(_("{n} notes is the most for one application.").format(n=MOST_NOTES))
        await self._store.add_note(tx, number, text, now)
        await self._store.change(tx, number)

    async def remove(self, caller: Caller, application_id: int) -> Application:
        """Forget an application with its steps and notes."""
        async with self._db.write() as tx:
            member, application = await self._own(tx, caller, application_id)
            await self._store.remove(tx, application_id)
            await activity.note(tx, member, "application.removed", application_id, self._clock())
        return application

    # --- looking

    async def get(self, caller: Caller, application_id: int) -> Page:
        """Return one of the caller's applications."""
        async with self._db.read() as tx:
            member, _application = await self._own(tx, caller, application_id)
            return await self._page(tx, member, application_id)

    async def _page(self, tx: Tx, member: Member, application_id: int) -> Page:
        now = self._clock()
        application = await self._store.get(tx, application_id, [member.member_id])
        assert application is not None
        answered = (await self._store.answered(tx, [application_id]))[application_id]
        return Page(
            application=application,
            moves=await self._store.moves_of(tx, application_id),
            notes=await self._store.notes_of(tx, application_id, NOTES_SHOWN),
            hints=tuple(hints(application, answered, member.zone, now)),
            today=member.local_date(now),
            zone=member.zone,
            name=member.name,
        )

    async def _own(self, tx: Tx, caller: Caller, application_id: int) -> tuple[Member, Application]:
        mine = {m.member_id: m for m in await memberships.of_user(tx, caller.user_id)}
        found = await self._store.get(tx, application_id, list(mine))
        if found is None:
            raise NotFound(
                _("That application is not yours, or it is gone. `/application list` shows yours.")
            )
        return mine[found.member_id], found

    async def look_at(self, caller: Caller, shelf: Shelf, page: int = 0) -> Board:
        """Return one page of the member's applications."""
        now = self._clock()
        async with self._db.read() as tx:
            member, mine = await theirs(tx, caller)
            counts = await self._store.counts(tx, mine)
            found, page, part = await self._part(tx, mine, shelf, page, counts)
            courses = await self._store.courses(tx, mine)
            answered = await self._store.answered(tx, [one.application_id for one in courses])
            waiting = sum(
                len(hints(one, answered[one.application_id], member.zone, now)) for one in courses
            )
            suggests = all([await self._store.suggests(tx, number) for number in mine])
        return Board(
            shelf=shelf,
            applications=tuple(part),
            counts=counts,
            found=found,
            page=page,
            pages=max(1, -(-found // PAGE_SIZE)),
            today=member.local_date(now),
            zone=member.zone,
            cohort_name=member.cohort_name,
            suggests=suggests,
            hints=waiting,
        )

    async def _part(
        self, tx: Tx, mine: list[int], shelf: Shelf, page: int, counts: dict[Status, int]
    ) -> tuple[int, int, list[Application]]:
        """Return how many stand on the shelf, which page is meant, and what is on it."""
        if shelf.text:
            every = await self._fitting(tx, mine, shelf.statuses, shelf.text)
            page = _within(page, len(every))
            return len(every), page, every[page * PAGE_SIZE :][:PAGE_SIZE]
        found = sum(counts.get(status, 0) for status in shelf.statuses)
        page = _within(page, found)
        part = await self._store.of(tx, mine, shelf.statuses, PAGE_SIZE, page * PAGE_SIZE)
        return found, page, part

    async def _fitting(
        self, tx: Tx, member_ids: Sequence[int], statuses: Sequence[Status], text: str
    ) -> list[Application]:
        words = text.casefold().split()
        every = await self._store.all_of(tx, member_ids, statuses)
        return [one for one in every if _says(one, words)]

    async def choices(self, caller: Caller, typed: str) -> list[Application]:
        """Return the caller's applications that contain what was typed, those under way first."""
        order = (*UNDER_WAY, *(status for status in Status if status not in UNDER_WAY))
        async with self._db.read() as tx:
            mine = [m.member_id for m in await memberships.of_user(tx, caller.user_id)]
            if not typed.strip():
                return await self._store.of(tx, mine, order, 25)
            return (await self._fitting(tx, mine, order, typed))[:25]

    async def stats(self, caller: Caller) -> Stats:
        """Return what came of the member's applications."""
        async with self._db.read() as tx:
            _member, mine = await theirs(tx, caller)
            found = await self._store.histories(tx, mine)
        return summed(found.values())

    # --- files and facts for others

    async def export_csv(self, caller: Caller) -> tuple[str, bytes, int]:
        """Return the member's applications as a file: its name, its content, how many."""
        now = self._clock()
        async with self._db.read() as tx:
            member, mine = await theirs(tx, caller)
            entries = await self._entries(tx, mine)
        if not entries:
            raise Refusal(_("There is nothing to hand out yet. `/application add` begins."))
        content = await asyncio.to_thread(written, entries)
        return f"applications-{member.local_date(now)}.csv", content, len(entries)

    async def _entries(self, tx: Tx, mine: list[int]) -> list[Entry]:
        steps = await self._store.histories(tx, mine)
        lines = await self._store.all_notes(tx, mine)
        every = await self._store.all_of(tx, mine)
        return [
            Entry(
                line=0,
                company=one.company,
                title=one.title,
                url=one.url,
                deadline_on=one.deadline_on,
                interview_on=one.interview_on,
                interview_wall=one.interview_wall,
                steps=tuple((m.status, m.moved_on) for m in steps[one.application_id]),
                notes=tuple(line.text for line in lines.get(one.application_id, ())),
            )
            for one in every
        ]

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add every application to the user's export."""
        rows: list[dict[str, Any]] = []
        for member in await memberships.of_user(tx, user_id):
            rows += [
                _exported(member, entry) for entry in await self._entries(tx, [member.member_id])
            ]
        return [ExportPart("applications", _("Applications"), rows)]

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept and that nobody else reads it."""
        number = 0
        for member in await memberships.of_user(tx, user_id):
            number += sum((await self._store.counts(tx, [member.member_id])).values())
        line = ngettext(
            "{n} application with its steps and notes; what you typed is encrypted. Only you read "
            "it; moderators see nothing of it.",
            "{n} applications with their steps and notes; what you typed is encrypted. Only you "
            "read them; moderators see nothing of them.",
            number,
        )
        return [line.format(n=number)] if number else []


HERE = (MemberState.JOINED, MemberState.PAUSED)


async def theirs(tx: Tx, caller: Caller) -> tuple[Member, list[int]]:
    """Return the caller's membership here and all whose applications are shown together.

    With `cohort:` only that one. Raises Refusal when there is none.
    """
    if caller.cohort:
        member = await memberships.of(tx, caller)
        return member, [member.member_id]
    every = [m for m in await memberships.of_user(tx, caller.user_id) if m.state in HERE]
    if not every:
        member = await memberships.of(tx, caller)
        return member, [member.member_id]
    here = [m for m in every if m.guild_id == caller.guild_id]
    return (here or every)[0], [m.member_id for m in every]


async def home(tx: Tx, caller: Caller) -> Member:
    """Return the membership that a new application of the caller belongs to."""
    return (await theirs(tx, caller))[0]


def _exported(member: Member, entry: Entry) -> dict[str, Any]:
    return {
        "cohort": member.cohort_name,
        "company": entry.company,
        "title": entry.title,
        "link": entry.url,
        "status": STATUSES[entry.steps[-1][0]],
        "deadline": entry.deadline_on.isoformat() if entry.deadline_on else "",
        "interview": _interview(entry),
        "steps": [f"{day.isoformat()} {STATUSES[status]}" for status, day in entry.steps],
        "notes": list(entry.notes),
    }


def _interview(entry: Entry) -> str:
    if entry.interview_on is None:
        return ""
    wall = f" {entry.interview_wall:%H:%M}" if entry.interview_wall else ""
    return entry.interview_on.isoformat() + wall


def _deadline(typed: str, today: date) -> date | None:
    return read_date(typed, today) if typed else None


def _happened(typed: str, today: date) -> date:
    """Read when something happened. Raises Refusal for a day to come."""
    day = read_date(typed, today, nearest=True) if typed else today
    if day > today:
        raise Refusal(
            _("{day} has not come yet. Move it when it has happened.").format(day=short_date(day))
        )
    return day


def in_order(day: date, before: Sequence[Move]) -> None:
    """Raise Refusal when a step would come before the one that it follows."""
    for step in before:
        if day < step.moved_on:
            raise Refusal(
                _(
                    "It came to “{status}” on {day}; what follows cannot be earlier. If that day "
                    "is wrong, correct it first: the same status, with the right day."
                ).format(status=_(STATUSES[step.status]), day=short_date(step.moved_on))
            )


def _mark(member: Member, posting_id: int | None) -> str | None:
    """Return what stands for an opening: another one for each member, and it leads nowhere."""
    if posting_id is None:
        return None
    return sealed.ring().mark(f"opening:{member.member_id}:{posting_id}")


def _link_or_none(url: str) -> str:
    try:
        return link(url[: URL_LIMIT + 1])
    except Refusal:
        return ""


def _says(application: Application, words: Sequence[str]) -> bool:
    text = f"{application.company} {application.title}".casefold()
    return all(word in text for word in words)


def _within(page: int, found: int) -> int:
    return min(max(page, 0), max(0, -(-found // PAGE_SIZE) - 1))
