"""What somebody can do with reminders."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.clockwork.clock import Clock
from bot.clockwork.recurrence import to_utc
from bot.clockwork.when import Once, Repeating, read_when
from bot.errors import NotAllowed, NotFound, Refusal
from bot.face.dates import stamp
from bot.face.escape import clip, one_line, plain
from bot.face.words import N_, _, ngettext
from bot.knowledge.content import Section
from bot.people import activity, memberships
from bot.people.caller import Caller
from bot.people.contributions import ExportPart, HelpLine, Line, News
from bot.people.memberships import Member
from bot.people.requests import RemindMe
from bot.storage.database import Database, Tx

from .model import (
    AN_HOUR,
    MOST_ASKED,
    MOST_OPEN,
    OPEN,
    WHAT_LIMIT,
    Reminder,
    ReminderList,
    ReminderPage,
    ReminderState,
    first_moment,
)
from .rounds import way_to
from .store import ReminderStore

MORNING = time(9)
A_WEEK = timedelta(days=7)
MOST_LINES = 2
MOST_NEWS = 3


class ReminderService:
    """Decide; then keep what was decided."""

    help = (
        HelpLine("/remind me", N_("Say when and what in your own words: *every monday at 9*.")),
        HelpLine("/remind list", N_("See what I remind you of, and when.")),
    )

    def __init__(self, db: Database, clock: Clock, store: ReminderStore) -> None:
        self._db = db
        self._clock = clock
        self._store = store

    # --- making one

    async def ask(self, caller: Caller, when: str, what: str) -> ReminderPage:
        """Keep what was typed and return what it is understood as, to be saved or changed."""
        now = self._clock()
        async with self._db.write() as tx:
            member = await memberships.of(tx, caller)
            await self._check_room(tx, member)
            await self._store.drop_asked(tx, member.member_id, MOST_ASKED - 1)
            meanings, trouble = _read(when, now, member.zone)
            reminder = await self._store.add(
                tx,
                member,
                now,
                what=_bare(what),
                said=plain(when),
                meanings=meanings,
                zone=member.zone,
            )
            return self._page(reminder, member, trouble=trouble)

    async def change(self, caller: Caller, reminder_id: int, when: str, what: str) -> ReminderPage:
        """Read it anew; what was saved before waits for *Save* again."""
        now = self._clock()
        async with self._db.write() as tx:
            reminder, member = await self._own(tx, caller, reminder_id)
            meanings, trouble = _read(when, now, member.zone)
            if trouble and reminder.state in OPEN:
                raise Refusal(trouble)
            same = plain(when) == reminder.said and reminder.state in OPEN and reminder.next_at
            values = (
                {"what": _bare(what)}
                if same
                else {
                    "what": _bare(what),
                    "said": plain(when),
                    "meanings": meanings,
                    "zone": member.zone,
                    "state": ReminderState.ASKED,
                    "next_at": None,
                    "snoozed_at": None,
                    "wake_at": None,
                }
            )
            reminder = await self._store.change(tx, reminder_id, now, **values)
            return self._page(reminder, member, trouble=trouble)

    async def save(self, caller: Caller, reminder_id: int, choice: int = 0) -> ReminderPage:
        """Save what was read back; saved already, nothing changes."""
        now = self._clock()
        async with self._db.write() as tx:
            reminder, member = await self._own(tx, caller, reminder_id)
            if reminder.state is not ReminderState.ASKED:
                return self._page(reminder, member)
            if not 0 <= choice < len(reminder.meanings):
                return self._page(reminder, member, trouble=_("Say anew when it should come."))
            await self._check_room(tx, member)
            meaning = reminder.meanings[choice]
            at = first_moment(meaning, now, reminder.zone)
            if at <= now:
                gone = _("That moment has passed meanwhile. When should it come?")
                return self._page(reminder, member, trouble=gone)
            reminder = await self._store.change(
                tx,
                reminder_id,
                now,
                meanings=[meaning],
                zone=meaning.zone or reminder.zone,
                state=ReminderState.WAITING,
                next_at=at,
                wake_at=at,
                told_at=None,
                done_at=None,
            )
            await activity.note(tx, member, "reminder.made", reminder_id, now)
            return self._page(reminder, member)

    async def accept(self, tx: Tx, request: RemindMe, now: datetime) -> int:
        """Keep a reminder that somebody asked for on another card."""
        await self._check_room(tx, request.member)
        reminder = await self._store.add(
            tx,
            request.member,
            now,
            what=_bare(request.what),
            said=f"{request.member.local(request.at):%Y-%m-%d %H:%M}",
            meanings=[Once(at=request.at)],
            zone=request.member.zone,
            state=ReminderState.WAITING,
            next_at=request.at,
            wake_at=request.at,
        )
        await activity.note(tx, request.member, "reminder.made", reminder.reminder_id, now)
        return reminder.reminder_id

    async def _check_room(self, tx: Tx, member: Member) -> None:
        if await self._store.count_open(tx, member.member_id) >= MOST_OPEN:
            raise Refusal(
                _(
                    "You have {n} reminders open, as many as I keep for one person. "
                    "`/remind list` shows them; let one go, then this one fits."
                ).format(n=MOST_OPEN)
            )

    # --- looking at them

    async def get(self, caller: Caller, reminder_id: int) -> ReminderPage:
        """Return one reminder to whom it belongs."""
        async with self._db.read() as tx:
            return self._page(*await self._own(tx, caller, reminder_id))

    async def _own(self, tx: Tx, caller: Caller, reminder_id: int) -> tuple[Reminder, Member]:
        found = await self._store.get(tx, reminder_id)
        if found is None:
            raise NotFound(_("That reminder is gone. `/remind list` shows those you have."))
        member = await memberships.get(tx, found.member_id)
        if member is None or member.user_id != caller.user_id:
            raise NotAllowed(_("That reminder belongs to somebody else. `/remind me` makes yours."))
        return found, member

    def _page(
        self, reminder: Reminder, member: Member, *, trouble: str = "", note: str = ""
    ) -> ReminderPage:
        return ReminderPage(
            reminder, member.zone, way_to(member), self._clock(), trouble=trouble, note=note
        )

    async def look_at(self, caller: Caller, page: int = 0) -> ReminderList:
        """Return one page of what is due and what waits."""
        async with self._db.read() as tx:
            member = await memberships.of(tx, caller)
            return await self._list(tx, member, page)

    async def _list(self, tx: Tx, member: Member, page: int) -> ReminderList:
        total = await self._store.count_open(tx, member.member_id)
        empty = ReminderList([], total, 0, member.zone, way_to(member))
        page = min(page, empty.pages - 1)
        rows = await self._store.open_of(tx, member.member_id, page)
        return replace(empty, reminders=rows, page=page)

    async def choices(self, caller: Caller, typed: str) -> list[ReminderPage]:
        """Return what is open and fits what was typed, for a list to choose from."""
        async with self._db.read() as tx:
            member = await memberships.of(tx, caller)
            rows = await self._store.open_of(tx, member.member_id, 0, MOST_OPEN)
            fitting = [one for one in rows if typed.casefold() in one.what.casefold()]
            return [self._page(one, member) for one in fitting[:25]]

    async def look_at_own(self, caller: Caller, member_id: int) -> ReminderList:
        """Return the first page to the member who was called, and to nobody else."""
        async with self._db.read() as tx:
            member = await memberships.get(tx, member_id)
            if member is None or member.user_id != caller.user_id:
                raise NotAllowed(
                    _("That reminder belongs to somebody else. `/remind me` makes yours.")
                )
            return await self._list(tx, member, 0)

    async def for_letter(self, member_id: int | None, ids: list[int]) -> list[ReminderPage]:
        """Return what a letter is about, without what was done or let go meanwhile."""
        async with self._db.read() as tx:
            member = await memberships.get(tx, member_id) if member_id else None
            if member is None:
                return []
            rows = await self._store.among(tx, ids)
            return [self._page(one, member) for one in rows if one.state in OPEN and one.is_said]

    async def receiver(self, member_id: int | None) -> Member | None:
        """Return whom a letter is for."""
        async with self._db.read() as tx:
            return await memberships.get(tx, member_id) if member_id else None

    # --- what one does with it

    async def done(self, caller: Caller, reminder_id: int) -> ReminderPage:
        """Mark it done; a rule goes on by itself."""
        now = self._clock()
        async with self._db.write() as tx:
            reminder, member = await self._own(tx, caller, reminder_id)
            if reminder.state not in OPEN or reminder.done_at is not None:
                return self._page(reminder, member, note=_("That is done already."))
            values: dict[str, object] = {"done_at": now, "snoozed_at": None}
            if reminder.repeats:
                values |= {"wake_at": reminder.next_at}
            else:
                values |= {"state": ReminderState.DONE, "next_at": None, "wake_at": None}
            reminder = await self._store.change(tx, reminder_id, now, **values)
            await activity.note(tx, member, "reminder.done", reminder_id, now)
            return self._page(reminder, member)

    async def snooze(self, caller: Caller, reminder_id: int) -> ReminderPage:
        """Let it come again in an hour."""
        return await self._put_off(caller, reminder_id, self._clock() + AN_HOUR)

    async def tomorrow(self, caller: Caller, reminder_id: int) -> ReminderPage:
        """Let it come again tomorrow at nine where its member lives."""
        async with self._db.read() as tx:
            _reminder, member = await self._own(tx, caller, reminder_id)
        day = member.local_date(self._clock()) + timedelta(days=1)
        return await self._put_off(caller, reminder_id, to_utc(day, MORNING, member.zone))

    async def choose(self, caller: Caller, reminder_id: int, when: str) -> ReminderPage:
        """Let it come again when its member says. Raises Refusal where that is no one moment."""
        async with self._db.read() as tx:
            _reminder, member = await self._own(tx, caller, reminder_id)
        meant = read_when(when, self._clock(), member.zone)
        if len(meant) > 1:
            raise Refusal(_("That can mean two moments. Type it like tomorrow 9am or 21:30."))
        if isinstance(meant[0], Repeating):
            raise Refusal(_("That is a rule, and I need one moment here, like friday 16:00."))
        return await self._put_off(caller, reminder_id, meant[0].at)

    async def _put_off(self, caller: Caller, reminder_id: int, at: datetime) -> ReminderPage:
        now = self._clock()
        async with self._db.write() as tx:
            reminder, member = await self._own(tx, caller, reminder_id)
            if reminder.state in (ReminderState.ASKED, ReminderState.CANCELLED):
                return self._page(reminder, member)
            if reminder.state not in OPEN:
                await self._check_room(tx, member)
            next_at = reminder.next_at if reminder.repeats else None
            reminder = await self._store.change(
                tx,
                reminder_id,
                now,
                state=ReminderState.WAITING,
                snoozed_at=at,
                wake_at=min(at, next_at) if next_at else at,
                done_at=None,
            )
            await activity.note(tx, member, "reminder.snoozed", reminder_id, now)
            return self._page(reminder, member)

    async def cancel(self, caller: Caller, reminder_id: int) -> ReminderPage:
        """Let it go; *Undo* brings it back."""
        now = self._clock()
        async with self._db.write() as tx:
            reminder, member = await self._own(tx, caller, reminder_id)
            if reminder.state not in OPEN:
                return self._page(reminder, member)
            reminder = await self._store.change(
                tx, reminder_id, now, state=ReminderState.CANCELLED, wake_at=None
            )
            await activity.note(tx, member, "reminder.cancelled", reminder_id, now)
            return self._page(reminder, member)

    async def undo(self, caller: Caller, reminder_id: int) -> ReminderPage:
        """Bring back what was let go; what should have come meanwhile comes now."""
        now = self._clock()
        async with self._db.write() as tx:
            reminder, member = await self._own(tx, caller, reminder_id)
            if reminder.state is not ReminderState.CANCELLED:
                return self._page(reminder, member)
            await self._check_room(tx, member)
            comes = [at for at in (reminder.next_at, reminder.snoozed_at) if at]
            reminder = await self._store.change(
                tx,
                reminder_id,
                now,
                state=ReminderState.WAITING if comes else ReminderState.DUE,
                wake_at=min(comes, default=None),
            )
            await activity.note(tx, member, "reminder.restored", reminder_id, now)
            return self._page(reminder, member)

    async def stop(self, tx: Tx, member: Member, now: datetime) -> None:
        """Let nothing come any more: they left, or want no reminders."""
        await self._store.cancel_all(tx, member.member_id, now)

    # --- what other cards and files show

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Show on `/me` what was said and waits for an answer, and what comes within a week."""
        said = await self._store.said_of(tx, member.member_id)
        lines = [
            Line(
                _("Reminder: {what}").format(what=clip(" ".join(one.what.split()), 100)),
                _("Open"),
                "reminders.show",
                str(one.reminder_id),
                order=15,
                urgent=True,
            )
            for one in said[:MOST_LINES]
        ]
        soon = await self._store.waking(tx, member.member_id, now + A_WEEK)
        more = len(said) - len(lines)
        if soon or more > 0:
            lines.append(Line(_sum(more, soon), _("Reminders"), "reminders.list", "0", order=60))
        return lines

    async def week(self, tx: Tx, member: Member, since: datetime, now: datetime) -> list[News]:
        """Tell of the week to come."""
        soon = await self._store.waking(tx, member.member_id, now + A_WEEK)
        return [
            News(
                Section.EVENTS,
                _("{moment} I remind you: {what}").format(
                    moment=stamp(one.wake_at, "f"), what=one_line(one.what, 120)
                ),
                order=60,
            )
            for one in soon[:MOST_NEWS]
            if one.wake_at
        ]

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Return every reminder."""
        mine = [m.member_id for m in await memberships.of_user(tx, user_id)]
        rows = [
            {
                "what": one.what,
                "when": one.said,
                "zone": one.zone,
                "state": one.state.value,
                "next": one.wake_at.isoformat() if one.wake_at else None,
                "made": one.made_at.isoformat(),
            }
            for one in await self._store.of_members(tx, mine)
        ]
        return [ExportPart("reminders", _("Reminders"), rows)] if rows else []

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept and who reads it."""
        mine = [m.member_id for m in await memberships.of_user(tx, user_id)]
        if not await self._store.of_members(tx, mine):
            return []
        return [_("Your reminders, encrypted. Only you read them.")]


def _read(when: str, now: datetime, zone: str) -> tuple[list[Once | Repeating], str]:
    """Return what was understood, or in a sentence why nothing was."""
    try:
        return read_when(when, now, zone), ""
    except Refusal as refusal:
        return [], str(refusal)


def _bare(what: str) -> str:
    shown = clip(plain(what), WHAT_LIMIT)
    if not shown:
        raise Refusal(_("Say in a few words what I should remind you of."))
    return shown


def _sum(more: int, soon: list[Reminder]) -> str:
    parts: list[str] = []
    if more > 0:
        parts.append(ngettext("{n} more reminder waits.", "{n} more reminders wait.", more))
        parts[0] = parts[0].format(n=more)
    if soon and soon[0].wake_at:
        text = ngettext(
            "{n} reminder in the next days, first {moment}: {what}",
            "{n} reminders in the next days, first {moment}: {what}",
            len(soon),
        )
        parts.append(
            text.format(
                n=len(soon),
                moment=stamp(soon[0].wake_at, "R"),
                what=clip(" ".join(soon[0].what.split()), 60),
            )
        )
    return " ".join(parts)
