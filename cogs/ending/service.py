"""What a moderator decides at the end of a cohort, and what each member chooses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.clockwork.clock import Clock
from bot.clockwork.phases import Stage, check_dates
from bot.clockwork.phrases import read_date
from bot.delivery import outbox, schedules
from bot.errors import NotAllowed, NotFound, Refusal
from bot.face.dates import whole_day
from bot.face.words import N_, _
from bot.people import activity, cohorts, memberships
from bot.people.caller import Caller
from bot.people.cohorts import Cohort, CohortState
from bot.people.contributions import Contributions, HelpLine, Line
from bot.people.memberships import Member
from bot.storage.database import Database, Tx
from cogs.ending.model import (
    AHEAD,
    KEEP_USUALLY,
    KEPT_FOR,
    MOST_COHORTS,
    PAGE,
    REMIND_AHEAD,
    REOPEN_FOR,
    STILL_WORTH_SAYING,
    AlumniPage,
    CallKind,
    Choice,
    ClosedPage,
    Effect,
    Ending,
    OwnPage,
)
from cogs.ending.store import EndingStore

COPIED = (
    "zone",
    "announcements_id",
    "checkins_id",
    "introductions_id",
    "opportunities_id",
    "mentors_id",
    "staff_id",
    "moderator_role_id",
    "mentor_role_id",
    "intern_role_id",
    "contacts",
    "open_hours",
)
"""What a cohort begins with that takes over another one's settings."""
RECORD = "record.get"
"""The button with which somebody gets their whole record, where there is one."""


@dataclass(frozen=True, slots=True)
class Naming:
    """The name and the dates of the next cohort as they were typed."""

    name: str
    first_day: str
    last_day: str


class EndingService:
    """Close a cohort, open it again, begin the next one; choose what becomes of one's record."""

    help = (
        HelpLine("/cohort report", N_("One page of facts for whoever asks."), staff=True),
        HelpLine("/cohort close", N_("End a cohort; you see first what that does."), staff=True),
    )

    def __init__(
        self,
        db: Database,
        clock: Clock,
        store: EndingStore,
        hooks: Contributions,
        actions: Callable[[], frozenset[str]],
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._hooks = hooks
        self._actions = actions

    # --- for moderators

    async def about_to_close(
        self, caller: Caller, cohort_id: int | None = None, keep_days: int = KEEP_USUALLY
    ) -> Effect | ClosedPage:
        """Return what closing would do, or how it is closed already."""
        async with self._db.read() as tx:
            cohort = await self._managed(tx, caller, cohort_id)
            ending = await self._ending(tx, cohort)
            if ending is not None:
                return await self._closed(tx, cohort, ending)
            return await self._effect(tx, cohort, _allowed(keep_days))

    async def _effect(self, tx: Tx, cohort: Cohort, keep_days: int) -> Effect:
        now = self._clock()
        by_letter, by_mention, by_channel = await self._store.reach(tx, cohort.cohort_id)
        planned = await schedules.of_cohort(tx, cohort.cohort_id)
        return Effect(
            cohort=cohort,
            now=now,
            keep_days=keep_days,
            delete_on=cohort.local_date(now) + timedelta(days=keep_days),
            reopen_until=now + REOPEN_FOR,
            by_letter=by_letter,
            by_mention=by_mention,
            by_channel=by_channel,
            waiting=await self._store.waiting(tx, cohort.cohort_id),
            programmes=[each.kind for each in planned if each.enabled],
        )

    async def close(self, caller: Caller, cohort_id: int, keep_days: int, typed: str) -> ClosedPage:
        """Close a cohort once its name was typed; closed already, it stays as it is."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            ending = await self._ending(tx, cohort)
            if ending is not None:
                return await self._closed(tx, cohort, ending)
            _check_began(cohort)
            if typed.strip().casefold() != cohort.name.strip().casefold():
                raise Refusal(
                    _("Nothing was closed. To close it, type its name: {name}").format(
                        name=cohort.name
                    )
                )
            delete_on = cohort.local_date(now) + timedelta(days=_allowed(keep_days))
            ending = await self._store.close(tx, cohort_id, cohort.state, keep_days, delete_on, now)
            cohort = await cohorts.change(tx, cohort_id, state=CohortState.CLOSED)
            await outbox.rest(tx, cohort_id)
            await self._store.alumni_finish(tx, cohort_id)
            detail = f"records until {delete_on.isoformat()}"
            await cohorts.log(tx, cohort_id, caller.user_id, "closed", detail, now)
            await self._store.begin(
                tx, cohort_id, ending.ending_id, CallKind.CLOSED, str(ending.ending_id), now
            )
            return await self._closed(tx, cohort, ending)

    async def closed(self, caller: Caller, cohort_id: int) -> ClosedPage:
        """Return how a cohort is closed. Raises Refusal when it is open."""
        async with self._db.read() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            return await self._closed(tx, cohort, await self._require(tx, cohort))

    async def _closed(self, tx: Tx, cohort: Cohort, ending: Ending) -> ClosedPage:
        would_mentor = await self._store.count_mentors(tx, cohort.cohort_id)
        return ClosedPage(cohort, ending, self._clock(), would_mentor)

    async def reopen(self, caller: Caller, cohort_id: int) -> Cohort:
        """Take closing back: everything goes on where it was. Open already, it stays so.

        What waited goes out if it is from the last day; older than that it is dropped.
        """
        now = self._clock()
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            ending = await self._ending(tx, cohort)
            if ending is None:
                return cohort
            if not ending.may_reopen(now):
                raise Refusal(
                    _(
                        "{name} was closed more than two weeks ago, so it stays closed. You can "
                        "start the next one with its settings."
                    ).format(name=cohort.name)
                )
            for call in (await self._store.calls_of(tx, ending.ending_id)).values():
                await outbox.cancel(tx, f"ending:{call.call_id}:", now, "it was opened again")
                await self._store.change_call(tx, call.call_id, next_at=None, done_at=now)
            await self._store.change(tx, ending.ending_id, reopened_at=now)
            cohort = await cohorts.change(tx, cohort_id, state=ending.was)
            if ending.was is CohortState.LIVE:
                stale = await self._store.held_before(tx, cohort_id, now - STILL_WORTH_SAYING)
                if stale:
                    await outbox.drop(tx, cohort_id, now, stale)
                await outbox.release(tx, cohort_id)
            await self._store.begin_again(tx, cohort_id)
            await schedules.touch(tx, cohort_id)
            await cohorts.log(tx, cohort_id, caller.user_id, "reopened", "", now)
            await self._store.begin(
                tx, cohort_id, ending.ending_id, CallKind.REOPENED, str(ending.ending_id), now
            )
            return cohort

    async def mentors_to_be(self, caller: Caller, cohort_id: int, page: int = 0) -> AlumniPage:
        """Return the alumni who said that they may be asked to mentor."""
        async with self._db.read() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            await self._require(tx, cohort)
            number = await self._store.count_mentors(tx, cohort_id)
            pages = max(1, -(-number // PAGE))
            page = min(max(page, 0), pages - 1)
            names = await self._store.would_mentor(tx, cohort_id, PAGE, page * PAGE)
            return AlumniPage(cohort, names, page, pages)

    async def before_cloning(self, caller: Caller, cohort_id: int) -> Cohort:
        """Return the cohort whose settings are to be taken over. Raises NotAllowed otherwise."""
        async with self._db.read() as tx:
            return await self._clonable(tx, caller, cohort_id)

    async def _clonable(self, tx: Tx, caller: Caller, cohort_id: int) -> Cohort:
        cohort = await cohorts.moderated(tx, caller, cohort_id)
        if not caller.manages_guild:
            raise NotAllowed(_("Only people who manage this server can set up a cohort."))
        return cohort

    async def clone(self, caller: Caller, cohort_id: int, naming: Naming) -> Cohort:
        """Begin the next cohort as a draft with the same settings: no member, no private word."""
        now = self._clock()
        async with self._db.write() as tx:
            old = await self._clonable(tx, caller, cohort_id)
            if len(await cohorts.of_guild(tx, old.guild_id)) >= MOST_COHORTS:
                raise Refusal(_("This server has {n} cohorts already.").format(n=MOST_COHORTS))
            name = " ".join(naming.name.split())
            if not name:
                raise Refusal(_("A cohort needs a name, for example *Summer 2026*."))
            first_day = read_date(naming.first_day, old.local_date(now), nearest=True)
            last_day = read_date(naming.last_day, first_day)
            check_dates(first_day, last_day)
            copied = {field: getattr(old, field) for field in COPIED}
            copied["contacts"] = list(old.contacts) or [caller.user_id]
            new = await cohorts.add(
                tx,
                old.guild_id,
                name,
                now=now,
                first_day=first_day,
                last_day=last_day,
                wizard_step="check",
                **copied,
            )
            for planned in await schedules.of_cohort(tx, old.cohort_id):
                await schedules.set_schedule(
                    tx,
                    new,
                    planned.kind,
                    planned.rule.model_copy(update={"anchor": first_day}),
                    planned.scope,
                    grace=planned.grace,
                    now=now,
                    enabled=planned.enabled,
                )
            for copy in self._hooks.cloned:
                await copy(tx, old, new)
            await cohorts.log(tx, old.cohort_id, caller.user_id, "copied", new.name, now)
            await cohorts.log(tx, new.cohort_id, caller.user_id, "started", old.name, now)
            return new

    async def status(self, tx: Tx, cohort: Cohort, now: datetime) -> list[Line]:
        """Remind moderators, near the last day, that closing exists; then say how it is closed."""
        number = str(cohort.cohort_id)
        ending = await self._ending(tx, cohort)
        if ending is not None:
            if ending.finished_at is not None:
                text = _("Closed. Records of those who did not stay are gone.")
            else:
                text = _("Closed. Records stay until {day}.").format(
                    day=whole_day(ending.delete_on)
                )
            return [Line(text, _("Open"), "ending.closed", number, order=5)]
        if not cohort.runs or cohort.last_day is None:
            return []
        today = cohort.local_date(now)
        if today < cohort.last_day - REMIND_AHEAD:
            return []
        text = _(
            "The last day is {day}. Afterwards, close the cohort: everybody then decides what "
            "becomes of their record."
        )
        if today > cohort.last_day:
            text = _(
                "The last day was {day}. Close the cohort when you are ready: everybody then "
                "decides what becomes of their record."
            )
        words = text.format(day=whole_day(cohort.last_day))
        over = today > cohort.last_day
        return [Line(words, _("Close…"), "ending.close", number, order=5, urgent=over)]

    # --- for members

    async def own(self, caller: Caller, cohort_id: int) -> OwnPage:
        """Return what the caller may choose about their record in a cohort."""
        async with self._db.read() as tx:
            return await self._own(tx, caller, cohort_id)

    async def stay(self, caller: Caller, cohort_id: int) -> OwnPage:
        """Keep the record: the member stays as an alum, and is written to about nothing."""
        now = self._clock()
        async with self._db.write() as tx:
            page = await self._own(tx, caller, cohort_id)
            member, ending = page.member, page.ending
            if page.choice.alum:
                return page
            if ending is None:
                raise Refusal(
                    _("{name} is open. There is nothing to decide yet.").format(
                        name=page.cohort.name
                    )
                )
            await self._store.choose(
                tx, member.member_id, now, alum=True, stage_before=member.stage
            )
            await memberships.change(tx, member.member_id, stage=Stage.FINISHED)
            await activity.note(tx, member, "ending.stayed", None, now)
            return await self._own(tx, caller, cohort_id)

    async def rather_not(self, caller: Caller, cohort_id: int) -> OwnPage:
        """Take it back: the record goes with the others, after the same notice."""
        now = self._clock()
        async with self._db.write() as tx:
            page = await self._own(tx, caller, cohort_id)
            if not page.choice.alum:
                return page
            if page.ending is not None and page.ending.finished_at is not None:
                raise Refusal(
                    _("The day for that has passed. *Delete everything* removes it at once.")
                )
            member = page.member
            before = await self._store.stage_before(tx, member.member_id)
            if before is not None and member.stage is Stage.FINISHED:
                await memberships.change(tx, member.member_id, stage=before)
            await self._store.choose(tx, member.member_id, now, alum=False, may_mentor=False)
            if page.ending is not None:
                await self._store.tell_again(tx, page.ending.ending_id, member.member_id, now)
            await activity.note(tx, member, "ending.took_back", None, now)
            return await self._own(tx, caller, cohort_id)

    async def may_mentor(self, caller: Caller, cohort_id: int, *, asked: bool) -> OwnPage:
        """Say whether moderators of this server may ask the alum to mentor."""
        async with self._db.write() as tx:
            page = await self._own(tx, caller, cohort_id)
            if not page.choice.alum:
                raise Refusal(_("That is for alumni. Press *Stay as alum* first."))
            await self._store.choose(tx, page.member.member_id, self._clock(), may_mentor=asked)
            return await self._own(tx, caller, cohort_id)

    async def _own(self, tx: Tx, caller: Caller, cohort_id: int) -> OwnPage:
        cohort = await cohorts.get(tx, cohort_id)
        member = await memberships.find(tx, cohort_id, caller.user_id)
        if cohort is None or member is None:
            raise NotFound(_("I keep nothing of yours from that cohort."))
        ending = await self._ending(tx, cohort)
        choice = await self._store.choice(tx, member.member_id)
        everywhere = await memberships.of_user(tx, caller.user_id)
        return OwnPage(
            member=member,
            cohort=cohort,
            ending=ending,
            choice=choice,
            stays_until=await self._stays_until(tx, ending, member.member_id, choice),
            can_get_record=RECORD in self._actions(),
            others=len(everywhere) - 1,
        )

    async def _stays_until(
        self, tx: Tx, ending: Ending | None, member_id: int, choice: Choice
    ) -> date | None:
        if ending is None or choice.alum:
            return None
        promised = await self._store.promised(tx, ending.ending_id, member_id)
        return max(ending.delete_on, promised) if promised else ending.delete_on

    async def no_letters(self, tx: Tx, member: Member, now: datetime) -> None:
        """Write to this member no more about the end; their card still tells."""
        await self._store.choose(tx, member.member_id, now, no_letters=True)

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Show on `/me` that the cohort ends or is over, and until when the record stays."""
        cohort = await cohorts.require(tx, member.cohort_id)
        ending = await self._ending(tx, cohort)
        button, subject = "ending.own", str(cohort.cohort_id)
        if ending is None:
            today, last_day = cohort.local_date(now), cohort.last_day
            if last_day is None or not cohort.runs or not last_day - AHEAD <= today <= last_day:
                return []
            text = _("{name} ends on {day}. Your record stays yours.")
            words = text.format(name=cohort.name, day=whole_day(last_day))
            return [Line(words, _("My record"), button, subject, 4)]
        choice = await self._store.choice(tx, member.member_id)
        stays_until = await self._stays_until(tx, ending, member.member_id, choice)
        if stays_until is None:
            text = _("{name} is over. You stay as an alum, and so does your record.")
            words = text.format(name=cohort.name)
        else:
            text = _("{name} is over. Your record stays until {day}, or longer if you say so.")
            words = text.format(name=cohort.name, day=whole_day(stays_until))
        urgent = stays_until is not None and stays_until - cohort.local_date(now) <= timedelta(14)
        return [Line(words, _("My choice"), button, subject, 4, urgent)]

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say how long things stay."""
        lines: list[str] = []
        for member in await memberships.of_user(tx, user_id):
            cohort = await cohorts.require(tx, member.cohort_id)
            ending = await self._ending(tx, cohort)
            choice = await self._store.choice(tx, member.member_id)
            if choice.alum:
                text = _("{name}: you stay as an alum. All of it stays until you delete it.")
                if choice.may_mentor:
                    text = _(
                        "{name}: you stay as an alum, until you delete it all. Moderators of that "
                        "server read that you may be asked to mentor."
                    )
                lines.append(text.format(name=cohort.name))
                continue
            stays_until = await self._stays_until(tx, ending, member.member_id, choice)
            if stays_until is not None:
                text = _("{name}: it is closed. All of it stays until {day}, then it is deleted.")
                lines.append(text.format(name=cohort.name, day=whole_day(stays_until)))
            else:
                text = _(
                    "{name}: all of it stays while the cohort runs, and 120 to 180 days after it "
                    "is closed. You are told twice before anything is deleted."
                )
                lines.append(text.format(name=cohort.name))
        return lines

    # ---

    async def _ending(self, tx: Tx, cohort: Cohort) -> Ending | None:
        if cohort.state is not CohortState.CLOSED:
            return None
        return await self._store.current(tx, cohort.cohort_id)

    async def _require(self, tx: Tx, cohort: Cohort) -> Ending:
        ending = await self._ending(tx, cohort)
        if ending is None:
            raise NotFound(_("{name} is not closed.").format(name=cohort.name))
        return ending

    async def _managed(self, tx: Tx, caller: Caller, cohort_id: int | None) -> Cohort:
        if cohort_id is None:
            cohort = await cohorts.managed_by(tx, caller)
        else:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
        _check_began(cohort)
        return cohort


def _check_began(cohort: Cohort) -> None:
    """Refuse to close what never went live."""
    if cohort.state is CohortState.DRAFT:
        raise Refusal(
            _(
                "{name} never went live, so there is nothing to close. `/cohort setup` goes on "
                "with it, or throws it away."
            ).format(name=cohort.name)
        )


def _allowed(keep_days: int) -> int:
    """Return how long records stay. Raises Refusal for less than people were promised."""
    if keep_days not in KEPT_FOR:
        raise Refusal(_("Records stay for 120, 150 or 180 days."))
    return keep_days
