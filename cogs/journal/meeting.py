"""Whom a member met, and saying hello again when they wanted to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.clockwork.clock import Clock
from bot.clockwork.phrases import read_date
from bot.clockwork.recurrence import to_utc
from bot.delivery import budget, outbox
from bot.errors import NotFound, Refusal
from bot.face.escape import one_line
from bot.face.words import N_, _, ngettext
from bot.knowledge.content import Section
from bot.people import activity, memberships
from bot.people.caller import Caller
from bot.people.contributions import ExportPart, HelpLine, Line, News
from bot.people.memberships import Delivery, Member, MemberState
from bot.people.record import Chapter
from bot.people.record import Entry as Recorded
from bot.people.users import Inbox
from bot.storage.database import Database, Tx

from .model import (
    MORNING,
    MOST_PERSONS,
    REMINDED_FOR,
    TOLD_WITHIN,
    People,
    Person,
    PersonPage,
    on_page,
    pages_of,
)
from .people_store import PersonStore
from .whose import owns, reads

PAGE_SIZE = 6
KIND = "journal.keep_in_touch"
LETTER_KEPT = timedelta(days=2)
A_WEEK = timedelta(days=7)
NAMED = 5


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody as they were typed; `touch` is a day in words, or empty."""

    name: str
    met: str = ""
    about: str = ""
    touch: str = ""


class PeopleService:
    """Decide; then keep what was decided."""

    help = (
        HelpLine("/journal people", N_("Who you met, and who you want to say hello to again.")),
    )

    def __init__(self, db: Database, clock: Clock, store: PersonStore) -> None:
        self._db = db
        self._clock = clock
        self._store = store

    async def meet(self, caller: Caller, met: Met) -> PersonPage:
        """Keep somebody. Raises Refusal for a day that is none, or has passed."""
        async with self._db.write() as tx:
            member = await memberships.of(tx, caller)
            if await self._store.number(tx, member.member_id) >= MOST_PERSONS:
                raise Refusal(
                    _("There are {n} people here already. Delete somebody first.").format(
                        n=MOST_PERSONS
                    )
                )
            now = self._clock()
            today = member.local_date(now)
            touch_on = _day(met.touch, None, today)
            person = await self._store.add(
                tx,
                member.member_id,
                met.name,
                met.met,
                met.about,
                met_on=today,
                touch_on=touch_on,
                apart=_apart(touch_on, today),
                made_at=now,
            )
            await activity.note(tx, member, "person.met", person.person_id, now)
            return PersonPage(person, member, today)

    async def change(self, caller: Caller, person_id: int, met: Met) -> PersonPage:
        """Change who it is, what about, and when to say hello."""
        async with self._db.write() as tx:
            member, person = await self._standing(tx, caller, person_id)
            today = member.local_date(self._clock())
            touch_on = _day(met.touch, person.touch_on, today)
            await self._store.rename(tx, person_id, met.name, met.met, met.about)
            if touch_on != person.touch_on:
                await self._set(tx, member, person, touch_on, person.writes)
            return await self._page(tx, member, person_id)

    async def keep_in_touch(self, caller: Caller, person_id: int, phrase: str) -> PersonPage:
        """Choose another day to say hello, or none."""
        async with self._db.write() as tx:
            member, person = await self._standing(tx, caller, person_id)
            today = member.local_date(self._clock())
            await self._set(tx, member, person, _day(phrase, None, today), person.writes)
            return await self._page(tx, member, person_id)

    async def met_again(self, caller: Caller, person_id: int) -> PersonPage:
        """Note that they met; the next day is as far away as the last one was.

        A second press on the same day changes nothing.
        """
        async with self._db.write() as tx:
            member, person = await self._standing(tx, caller, person_id)
            now = self._clock()
            today = member.local_date(now)
            next_on = today + timedelta(person.apart) if person.apart else None
            if person.met_on != today or person.touch_on != next_on:
                await self._store.change(tx, person_id, met_on=today)
                await self._set(tx, member, person, next_on, person.writes)
                await activity.note(tx, member, "person.met_again", person_id, now)
            return await self._page(tx, member, person_id)

    async def set_notes(self, caller: Caller, person_id: int, *, writes: bool) -> PersonPage:
        """Have a note on that day as a message too, or only on `/me`."""
        async with self._db.write() as tx:
            member, person = await self._standing(tx, caller, person_id)
            await self._set(tx, member, person, person.touch_on, writes)
            return await self._page(tx, member, person_id)

    async def _set(
        self, tx: Tx, member: Member, person: Person, touch_on: date | None, writes: bool
    ) -> None:
        now = self._clock()
        values: dict[str, Any] = {
            "writes": writes,
            "note_at": _note_at(member, touch_on, now) if writes else None,
        }
        if touch_on != person.touch_on:
            values |= {"touch_on": touch_on, "apart": _apart(touch_on, member.local_date(now))}
        await self._store.change(tx, person.person_id, **values)

    async def delete(self, caller: Caller, person_id: int) -> PersonPage:
        """Delete somebody; for two days they can be brought back."""
        async with self._db.write() as tx:
            member, person = await self._own(tx, caller, person_id)
            if person.deleted_at is None:
                now = self._clock()
                await self._store.change(tx, person_id, deleted_at=now)
                await activity.note(tx, member, "person.deleted", person_id, now)
            return await self._page(tx, member, person_id)

    async def bring_back(self, caller: Caller, person_id: int) -> PersonPage:
        """Take a deletion back."""
        async with self._db.write() as tx:
            member, _person = await self._own(tx, caller, person_id)
            await self._store.change(tx, person_id, deleted_at=None)
            return await self._page(tx, member, person_id)

    # --- looking

    async def get(self, caller: Caller, person_id: int) -> PersonPage:
        """Return somebody the caller met."""
        async with self._db.read() as tx:
            member, _person = await self._own(tx, caller, person_id)
            return await self._page(tx, member, person_id)

    async def look_at(self, caller: Caller, member_id: int = 0, page: int = 0) -> People:
        """Return one page of whom the caller met."""
        async with self._db.read() as tx:
            member = await reads(tx, caller, member_id)
            total = await self._store.number(tx, member.member_id)
            pages = pages_of(total, PAGE_SIZE)
            page = on_page(page, pages)
            found = await self._store.of(tx, member.member_id, PAGE_SIZE, page * PAGE_SIZE)
        today = member.local_date(self._clock())
        return People(member, tuple(found), page, pages, total, today)

    async def _own(self, tx: Tx, caller: Caller, person_id: int) -> tuple[Member, Person]:
        mine = await owns(tx, caller)
        person = await self._store.get(tx, person_id, list(mine))
        gone_at = person.gone_at() if person else None
        if person is None or (gone_at is not None and gone_at <= self._clock()):
            raise NotFound(
                _("That is not in your journal, or it is gone. `/journal people` shows yours.")
            )
        return mine[person.member_id], person

    async def _standing(self, tx: Tx, caller: Caller, person_id: int) -> tuple[Member, Person]:
        member, person = await self._own(tx, caller, person_id)
        if person.deleted_at is not None:
            raise NotFound(_("You deleted that. Bring it back first."))
        return member, person

    async def _page(self, tx: Tx, member: Member, person_id: int) -> PersonPage:
        person = await self._store.get(tx, person_id, [member.member_id])
        assert person is not None
        return PersonPage(person, member, member.local_date(self._clock()))

    # --- what goes out by itself

    async def sweep(self, now: datetime) -> None:
        """Write to whoever wanted a note about somebody today."""
        async with self._db.read() as tx:
            due = await self._store.members_due(tx, now)
        for member_id in due:
            async with self._db.write() as tx:
                await self._tell(tx, member_id, now)

    async def next_at(self, now: datetime) -> datetime | None:
        """Return when the next note is due."""
        async with self._db.read() as tx:
            return await self._store.next_note_at(tx, now)

    async def _tell(self, tx: Tx, member_id: int, now: datetime) -> None:
        member = await memberships.get(tx, member_id)
        if member is None:
            return
        every = await self._store.to_write(tx, member_id)
        due = [p for p in every if p.note_at and p.note_at <= now]
        told = wants_messages(member) and await budget.allows(tx, member, now)
        told = told and await self._write(tx, member, due, now)
        for person in due:
            later = None if told else _later(member, person, now)
            await self._store.change(tx, person.person_id, note_at=later)

    async def _write(self, tx: Tx, member: Member, due: list[Person], now: datetime) -> bool:
        letter_id = await outbox.enqueue(
            tx,
            kind=KIND,
            dedupe=f"journal:{member.member_id}:touch:{member.local_date(now)}",
            place=outbox.Place.user(member.user_id),
            now=now,
            expires_at=now + LETTER_KEPT,
            cohort_id=member.cohort_id,
            member_id=member.member_id,
            subject={"people": [person.person_id for person in due[:NAMED]]},
            priority=7,
        )
        return letter_id is not None

    async def for_letter(self, member_id: int, person_ids: list[int]) -> People | None:
        """Return whom a note is about; None when there is nobody left to say hello to."""
        async with self._db.read() as tx:
            member = await memberships.get(tx, member_id)
            if member is None:
                return None
            today = member.local_date(self._clock())
            found = [await self._store.get(tx, each, [member_id]) for each in person_ids]
        due = [p for p in found if p and not p.deleted_at and p.touch_on and p.touch_on <= today]
        return People(member, tuple(due), 0, 1, len(due), today) if due else None

    async def moved(self, tx: Tx, member: Member, now: datetime) -> None:
        """Let notes come in the member's own morning when their clock changes."""
        for person in await self._store.to_write(tx, member.member_id):
            at = _note_at(member, person.touch_on, now)
            if at is not None:
                await self._store.change(tx, person.person_id, note_at=at)

    async def stop(self, tx: Tx, member: Member, now: datetime) -> None:
        """Write to the member about nobody any more."""
        await self._store.write_no_more(tx, member.member_id)

    # --- what other cards and files show

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Name on `/me` whom the member wanted to say hello to."""
        today = member.local_date(now)
        due = await self._store.due(tx, member.member_id, today - REMINDED_FOR, today)
        if not due:
            return []
        if len(due) > 1:
            text = ngettext(
                "{n} person you wanted to say hello to",
                "{n} people you wanted to say hello to",
                len(due),
            ).format(n=len(due))
            return [Line(text, _("See them"), "journal.people", str(member.member_id), order=46)]
        text = _("You wanted to say hello to {name}.").format(name=due[0].name)
        return [Line(text, _("Open"), "journal.person", str(due[0].person_id), order=46)]

    async def week(self, tx: Tx, member: Member, since: datetime, now: datetime) -> list[News]:
        """Name in the member's own week whom to say hello to in the next days."""
        today = member.local_date(now)
        until = today + A_WEEK
        due = await self._store.due(tx, member.member_id, today - A_WEEK, until, NAMED)
        words = _("Say hello to {name}, as you wanted.")
        return [
            News(Section.ACTIONS, words.format(name=one_line(person.name, 120)), order=60)
            for person in due
        ]

    async def record(self, tx: Tx, user_id: int) -> list[Recorded]:
        """Add whom the user met to their record: the name, where, what about."""
        return [
            Recorded(
                Chapter.PEOPLE,
                f"person {person.person_id}",
                person.met_on,
                person.name,
                learned=person.about,
                people=(person.name,),
                place=person.met,
            )
            for member in await memberships.of_user(tx, user_id)
            for person in await self._store.of(tx, member.member_id)
        ]

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add whom the user met to their export."""
        rows = [
            {
                "cohort": member.cohort_name,
                "name": person.name,
                "where": person.met,
                "about": person.about,
                "met": person.met_on.isoformat(),
                "say hello on": person.touch_on.isoformat() if person.touch_on else "",
                "as a message too": person.writes,
            }
            for member in await memberships.of_user(tx, user_id)
            for person in await self._store.of(tx, member.member_id)
        ]
        return [ExportPart("people", _("People you met"), rows)]


def _day(typed: str, known: date | None, today: date) -> date | None:
    if not typed:
        return None
    if known is not None and typed == known.isoformat():
        return known
    day = read_date(typed, today)
    if day <= today:
        raise Refusal(_("Choose a day to come, like *in 3 months* or *next friday*."))
    return day


def _apart(touch_on: date | None, today: date) -> int:
    return (touch_on - today).days if touch_on else 0


def _note_at(member: Member, touch_on: date | None, now: datetime) -> datetime | None:
    """Return the morning of that day where the member lives, if it is still to come."""
    at = to_utc(touch_on, MORNING, member.zone) if touch_on else None
    return at if at and at > now else None


def _later(member: Member, person: Person, now: datetime) -> datetime | None:
    """Return the next morning to try, while the day is not too long ago."""
    tomorrow = member.local_date(now) + timedelta(days=1)
    if person.touch_on is None or tomorrow > person.touch_on + TOLD_WITHIN:
        return None
    return to_utc(tomorrow, MORNING, member.zone)


def wants_messages(member: Member) -> bool:
    """Say whether somebody takes part, is not paused, and reads direct messages."""
    return (
        member.state is MemberState.JOINED
        and member.delivery is Delivery.DM
        and member.inbox is not Inbox.CLOSED
    )
