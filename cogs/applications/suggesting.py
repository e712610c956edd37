"""Small suggestions at the right moment: never set by itself, seldom as a message."""

from datetime import datetime, time, timedelta

from bot.clockwork.clock import Clock
from bot.clockwork.phases import Stage
from bot.clockwork.recurrence import to_utc
from bot.delivery import budget, outbox
from bot.face.dates import stamp
from bot.face.words import _, ngettext
from bot.people import memberships
from bot.people.caller import Caller
from bot.people.contributions import Line
from bot.people.memberships import Delivery, Member, MemberState
from bot.people.users import Inbox
from bot.storage.database import Database, Tx

from .model import (
    HINTS,
    MORNING,
    Answer,
    Course,
    Hint,
    HintKind,
    Page,
    Status,
    Suggestions,
    hints,
    next_hint_at,
)
from .service import ApplicationService, theirs
from .store import ApplicationStore

BETWEEN_LETTERS = timedelta(days=7)
LETTER_KEPT = timedelta(days=2)
SOON = timedelta(days=7)
SHOWN = 6
MOST_COUNTED = 9
"""Beyond that a number would only press."""


class SuggestionService:
    """Find what is worth a word, say it once, and keep what the member answers."""

    def __init__(
        self, db: Database, clock: Clock, store: ApplicationStore, service: ApplicationService
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._service = service

    # --- what the member says to it

    async def answer(
        self, caller: Caller, application_id: int, kind: HintKind, answer: Answer
    ) -> Page:
        """Keep that it is done, or that there is no need; it is not suggested again."""
        now = self._clock()
        page = await self._service.get(caller, application_id)
        hint = next((one for one in page.hints if one.kind is kind), None)
        if hint is None:
            return page
        async with self._db.write() as tx:
            await self._store.keep_hint(
                tx, application_id, kind, hint.since_on, answer=answer, answered_on=page.today
            )
            await self._service.look_ahead(tx, page.application, page.zone, now)
        return await self._service.get(caller, application_id)

    async def set_letters(self, caller: Caller, suggests: bool) -> None:
        """Accept suggestions as messages, or not; `/me` shows them in any case."""
        async with self._db.write() as tx:
            for member_id in (await theirs(tx, caller))[1]:
                await self._store.set_suggests(tx, member_id, suggests)

    async def mute(self, tx: Tx, member: Member, now: datetime) -> None:
        """Send this member no more suggestions."""
        await self._store.set_suggests(tx, member.member_id, False)

    async def moved(self, tx: Tx, member: Member, now: datetime) -> None:
        """Look at every application anew when the member's clock changes."""
        for course in await self._store.courses(tx, [member.member_id]):
            await self._service.look_ahead(tx, course, member.zone, now)

    # --- what is shown

    async def show(self, caller: Caller) -> Suggestions:
        """Return what could be done now."""
        async with self._db.read() as tx:
            member, mine = await theirs(tx, caller)
            return await self._suggestions(tx, member, mine, self._clock())

    async def letter_page(self, member_id: int) -> Suggestions | None:
        """Return what a message would say; None when there is nothing to say any more."""
        async with self._db.read() as tx:
            member = await memberships.get(tx, member_id)
            if member is None or not await self._store.suggests(tx, member_id):
                return None
            found = await self._suggestions(tx, member, [member_id], self._clock())
        return found if found.hints else None

    async def _suggestions(
        self, tx: Tx, member: Member, mine: list[int], now: datetime
    ) -> Suggestions:
        found = await self._live(tx, member, mine, now)
        shown = tuple(found[:SHOWN])
        opened = await self._store.several(tx, [hint.application_id for hint in shown])
        return Suggestions(opened, shown, len(found) - len(shown), member.zone)

    async def _live(self, tx: Tx, member: Member, mine: list[int], now: datetime) -> list[Hint]:
        """Return every suggestion that fits now, the most urgent kind first."""
        courses = await self._store.courses(tx, mine)
        answered = await self._store.answered(tx, [one.application_id for one in courses])
        found = [
            hint
            for course in courses
            for hint in hints(course, answered[course.application_id], member.zone, now)
        ]
        order = (HintKind.THANK_YOU, HintKind.FOLLOW_UP, HintKind.NO_REPLY)
        return sorted(found, key=lambda hint: order.index(hint.kind))

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Add interviews and deadlines of the week, suggestions and the board to `/me`."""
        courses = await self._store.courses(tx, [member.member_id])
        if not courses:
            if member.stage is not Stage.LOOKING:
                return []
            text = _("Keep your applications in one place; only you see them.")
            return [Line(text, _("Add one"), "applications.new", order=45)]
        lines = [
            await self._dated(tx, course, member, now)
            for course in [
                _next_interview(courses, member, now),
                _next_deadline(courses, member, now),
            ]
            if course is not None
        ]
        lines += await self._hint_line(tx, member, now)
        n = len(courses)
        text = ngettext("{n} application under way", "{n} applications under way", n)
        label = _("My applications")
        return [*lines, Line(text.format(n=n), label, "applications.list", "open-0-", order=44)]

    async def _dated(self, tx: Tx, course: Course, member: Member, now: datetime) -> Line:
        number = course.application_id
        company = (await self._store.several(tx, [number]))[number].company
        if course.status is Status.SAVED:
            assert course.deadline_on is not None
            days = (course.deadline_on - member.local_date(now)).days
            text = _("{company}: apply by {day}").format(company=company, day=_day(days))
            return Line(text, _("Open"), "applications.show", str(number), 21, urgent=days <= 1)
        at = course.interview_at(member.zone)
        assert course.interview_on is not None
        days = (course.interview_on - member.local_date(now)).days
        when = stamp(at, "F") if at else _day(days)
        text = _("Interview with {company}: {when}").format(company=company, when=when)
        return Line(text, _("Open"), "applications.show", str(number), 20, urgent=days <= 1)

    async def _hint_line(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        found = await self._live(tx, member, [member.member_id], now)
        if not found:
            return []
        if len(found) > 1:
            text = _("{n} small suggestions for your applications").format(n=len(found))
            if len(found) > MOST_COUNTED:
                text = _("Some small suggestions for your applications")
            return [Line(text, _("See them"), "applications.hints", order=40)]
        hint = found[0]
        application = (await self._store.several(tx, [hint.application_id]))[hint.application_id]
        text = _(HINTS[hint.kind]).format(company=application.company, n=hint.days)
        number = str(hint.application_id)
        return [Line(text, _("Open"), "applications.show", number, order=40)]

    # --- what goes out by itself

    async def sweep(self, now: datetime) -> None:
        """Write to whoever something new fits."""
        async with self._db.read() as tx:
            due = await self._store.due(tx, now)
        for member_id in due:
            async with self._db.write() as tx:
                await self._tell(tx, member_id, now)

    async def next_moment(self, now: datetime) -> datetime | None:
        """Return when something new fits next."""
        async with self._db.read() as tx:
            return await self._store.next_hint_at(tx, now)

    async def _tell(self, tx: Tx, member_id: int, now: datetime) -> None:
        member = await memberships.get(tx, member_id)
        due = await self._store.due_of(tx, member_id, now)
        if member is None:
            return
        new = await self._untold(tx, member, now)
        later = None
        if new and await self._welcome(tx, member):
            later = await self._not_yet(tx, member, new, now)
            if later is None and not await self._write(tx, member, now):
                later = tomorrow(member, now)
            if later is None:
                for hint in new:
                    await self._store.keep_hint(
                        tx, hint.application_id, hint.kind, hint.since_on, told_at=now
                    )
        await self._go_on(tx, member, due, later, now)

    async def _untold(self, tx: Tx, member: Member, now: datetime) -> list[Hint]:
        found = await self._live(tx, member, [member.member_id], now)
        answered = await self._store.answered(tx, [hint.application_id for hint in found])
        told = {
            (one.application_id, one.kind, one.since_on)
            for several in answered.values()
            for one in several
            if one.told_at is not None
        }
        return [
            hint for hint in found if (hint.application_id, hint.kind, hint.since_on) not in told
        ]

    async def _welcome(self, tx: Tx, member: Member) -> bool:
        return wants_messages(member) and await self._store.suggests(tx, member.member_id)

    async def _not_yet(
        self, tx: Tx, member: Member, new: list[Hint], now: datetime
    ) -> datetime | None:
        """Return until when to wait: for the week to pass since the last one, or for the budget."""
        last_at = await self._store.last_told_at(tx, member.member_id)
        hurried = any(hint.kind is HintKind.THANK_YOU for hint in new)
        if last_at and not hurried and now < last_at + BETWEEN_LETTERS:
            return last_at + BETWEEN_LETTERS
        return None if await budget.allows(tx, member, now) else tomorrow(member, now)

    async def _write(self, tx: Tx, member: Member, now: datetime) -> bool:
        day = member.local_date(now).isoformat()
        letter_id = await outbox.enqueue(
            tx,
            kind="applications.hints",
            dedupe=f"applications:{member.member_id}:hints:{day}",
            place=outbox.Place.user(member.user_id),
            now=now,
            expires_at=now + LETTER_KEPT,
            cohort_id=member.cohort_id,
            member_id=member.member_id,
            subject={"member_id": member.member_id},
            priority=7,
        )
        return letter_id is not None

    async def _go_on(
        self, tx: Tx, member: Member, due: list[int], later: datetime | None, now: datetime
    ) -> None:
        answered = await self._store.answered(tx, due)
        courses = {
            one.application_id: one for one in await self._store.courses(tx, [member.member_id])
        }
        for number in due:
            course = courses.get(number)
            own = next_hint_at(course, answered[number], member.zone, now) if course else None
            at = min((moment for moment in (own, later) if moment), default=None)
            await self._store.set_hint_at(tx, number, at)


def _next_interview(courses: list[Course], member: Member, now: datetime) -> Course | None:
    today = member.local_date(now)
    found = [
        (course.interview_on, course.interview_wall or time(23, 59), course.application_id, course)
        for course in courses
        if course.status is not Status.SAVED
        and course.interview_on
        and today <= course.interview_on <= today + SOON
        and (over := course.interview_over_at(member.zone))
        and now < over
    ]
    return min(found)[3] if found else None


def _next_deadline(courses: list[Course], member: Member, now: datetime) -> Course | None:
    today = member.local_date(now)
    found = [
        (course.deadline_on, course.application_id, course)
        for course in courses
        if course.status is Status.SAVED
        and course.deadline_on
        and today <= course.deadline_on <= today + SOON
    ]
    return min(found)[2] if found else None


def _day(days: int) -> str:
    if days == 0:
        return _("today")
    return _("tomorrow") if days == 1 else _("in {n} days").format(n=days)


def tomorrow(member: Member, now: datetime) -> datetime:
    """Return the member's next morning."""
    return to_utc(member.local_date(now) + timedelta(days=1), MORNING, member.zone)


def wants_messages(member: Member) -> bool:
    """Say whether somebody takes part, is not paused, and reads direct messages."""
    return (
        member.state is MemberState.JOINED
        and member.delivery is Delivery.DM
        and member.inbox is not Inbox.CLOSED
    )
