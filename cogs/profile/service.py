"""How somebody joins, says how they are reached, pauses, leaves, and tells of themselves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from bot.clockwork.clock import Clock
from bot.clockwork.phases import Stage, check_dates, plan_back
from bot.clockwork.phrases import read_date, read_wall
from bot.clockwork.zones import known_zone, zone_choices
from bot.delivery import outbox, schedules
from bot.delivery.letters import Letter
from bot.errors import NotAllowed, NotFound, Refusal
from bot.face.dates import short_date
from bot.face.words import N_, _, ngettext
from bot.people import activity, cohorts, contact, memberships, profiles, roster, users
from bot.people.activity import Visibility
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.contributions import Contributions, ExportPart, HelpLine, tell
from bot.people.memberships import Delivery, Member, MemberState, Volume
from bot.people.profiles import Askers, Detail, Profile
from bot.people.users import Inbox
from bot.storage.database import Database, Tx
from cogs.profile.model import (
    ENROLMENT_KEPT_FOR,
    NAMES,
    Dates,
    Joined,
    Joining,
    Page,
    Seen,
    Settings,
    Tap,
    Zone,
    stage_on,
)
from cogs.profile.store import EnrolmentStore

HERE = (MemberState.JOINED, MemberState.PAUSED)


class ProfileService:
    """Decide; then keep what was decided."""

    help = (
        HelpLine("/profile settings", N_("How I reach you, how often, and who may ask you.")),
        HelpLine("/profile edit", N_("Your team, role, interests, and what others may read.")),
        HelpLine("/profile show", N_("See somebody's profile.")),
        HelpLine("/profile dates", N_("Your first and last day, and where you stand.")),
        HelpLine("/profile timezone", N_("Move to another place; everything moves with you.")),
        HelpLine("/profile pause", N_("Quiet for a while; your streak stays.")),
        HelpLine("/profile leave", N_("Stop everything and keep your record.")),
    )

    def __init__(
        self, db: Database, clock: Clock, store: EnrolmentStore, hooks: Contributions
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._hooks = hooks

    # --- joining

    async def join(self, caller: Caller, cohort_id: int, username: str = "") -> Page:
        """Begin to join, go on where somebody stopped, or show a member their settings."""
        async with self._db.write() as tx:
            cohort = await cohorts.require(tx, cohort_id)
            if not cohort.runs:
                raise Refusal(_("{name} takes nobody in right now.").format(name=cohort.name))
            known = await memberships.find(tx, cohort_id, caller.user_id)
            if known and known.state in HERE:
                news = _("You are in. Here is what you chose; change whatever you like.")
                return await self._settings(tx, known, news)
            if known is None or known.state is MemberState.LEFT:
                known = await self._begin(tx, caller, cohort, username)
            return await self._joining(tx, known)

    async def _begin(self, tx: Tx, caller: Caller, cohort: Cohort, username: str) -> Member:
        now = self._clock()
        await users.ensure(tx, caller.user_id, zone=cohort.zone, locale=caller.locale, now=now)
        member = await memberships.start(tx, cohort.cohort_id, caller.user_id, caller.name)
        listed = await roster.find(tx, cohort.cohort_id, caller.user_id, username)
        starts_on = member.starts_on or (listed and listed.starts_on) or cohort.first_day
        ends_on = member.ends_on or (listed and listed.ends_on) or cohort.last_day
        await memberships.change(
            tx,
            member.member_id,
            starts_on=starts_on,
            ends_on=ends_on,
            stage=stage_on(member.local_date(now), starts_on, ends_on),
        )
        if listed and (listed.team or listed.role):
            about = {Detail.TEAM: listed.team, Detail.ROLE: listed.role}
            await profiles.write(tx, member.member_id, about, now)
        await self._store.put(tx, member.member_id, Tap.ZONE, now)
        return await self._again(tx, member)

    async def go_back(self, caller: Caller, member_id: int, tap: Tap) -> Page:
        """Return to an earlier question of the enrolment."""
        async with self._db.write() as tx:
            member = await self._own(tx, caller, member_id)
            if member.state is MemberState.JOINING:
                await self._store.put(tx, member_id, tap, self._clock())
            return await self._page(tx, member)

    async def finish(self, caller: Caller, member_id: int, username: str = "") -> Page:
        """Take the last tap: from now on they are a member, as they chose."""
        async with self._db.write() as tx:
            member = await self._own(tx, caller, member_id)
            tap = await self._store.tap(tx, member_id)
            if member.state is not MemberState.JOINING or tap is not Tap.DATES:
                return await self._page(tx, member)
            now = self._clock()
            await memberships.change(tx, member_id, state=MemberState.JOINED, joined_at=now)
            await self._store.remove(tx, member_id)
            listed = await roster.find(tx, member.cohort_id, caller.user_id, username)
            if listed:
                await roster.mark_matched(tx, listed.row_id, caller.user_id, now)
            member = await self._again(tx, member)
            await self._reach(tx, member, now, greet=True)
            await activity.note(tx, member, "member.joined", None, now)
            await tell(self._hooks.joined, tx, member, now)
            await schedules.touch(tx, member.cohort_id)
            return Joined(member, opened=member.delivery is Delivery.DM)

    # --- settings; while somebody joins, the same answers lead to the next question

    async def settings(self, caller: Caller) -> Settings:
        """Return how the member is reached and what others may read."""
        async with self._db.read() as tx:
            return await self._settings(tx, await memberships.of(tx, caller))

    async def settings_of(self, caller: Caller, member_id: int | None) -> Settings:
        """Return the settings behind a card; without a number, of the membership that fits here."""
        async with self._db.read() as tx:
            return await self._settings(tx, await self._mine(tx, caller, member_id))

    async def own(self, caller: Caller, member_id: int) -> Member:
        """Return the membership behind one of the caller's own cards."""
        async with self._db.read() as tx:
            return await self._own(tx, caller, member_id)

    async def set_zone(self, caller: Caller, member_id: int, zone: str | None) -> Page:
        """Take the zone that was offered (None), or another one."""
        async with self._db.write() as tx:
            member = await self._own(tx, caller, member_id)
            if zone is not None:
                await self._move(tx, caller.user_id, known_zone(zone))
            if member.state is MemberState.JOINING:
                await self._store.put(tx, member_id, Tap.REACH, self._clock())
            return await self._page(tx, member, _("Saved: this is your clock now."))

    async def set_delivery(self, caller: Caller, member_id: int, delivery: Delivery) -> Page:
        """Choose the way to be reached. Direct messages begin with a hello, at once."""
        async with self._db.write() as tx:
            member = await self._own(tx, caller, member_id)
            await memberships.change(tx, member_id, delivery=delivery)
            if member.state is MemberState.JOINING:
                await self._store.put(tx, member_id, Tap.DATES, self._clock())
            else:
                await self._reach(tx, await self._again(tx, member), self._clock())
            return await self._page(tx, member, _("Saved."))

    async def set_volume(self, caller: Caller, member_id: int, volume: Volume) -> Page:
        """Choose how many automatic messages are welcome."""
        return await self._set(caller, member_id, volume=volume)

    async def toggle_spare(self, caller: Caller, member_id: int) -> Page:
        """Accept one private thread for when direct messages are closed, or take that back."""
        return await self._toggle(caller, member_id, "side_thread")

    async def toggle_checkins(self, caller: Caller, member_id: int) -> Page:
        """Switch the weekly check-in on or off for this member."""
        return await self._toggle(caller, member_id, "checkins")

    async def _toggle(self, caller: Caller, member_id: int, field: str) -> Page:
        async with self._db.write() as tx:
            member = await self._own(tx, caller, member_id)
            await memberships.change(tx, member_id, **{field: not getattr(member, field)})
            return await self._page(tx, member, _("Saved."))

    async def set_stage(self, caller: Caller, member_id: int, stage: Stage) -> Page:
        """Say where the member stands; what they are asked follows it."""
        async with self._db.write() as tx:
            member = await self._own(tx, caller, member_id)
            await memberships.change(tx, member_id, stage=stage)
            await self._moved(tx, member)
            return await self._page(tx, member, _("Saved."))

    async def set_quiet(self, caller: Caller, member_id: int, begin: str, end: str) -> Page:
        """Set the hours in which nothing is sent; two equal times mean none."""
        hours = read_wall(begin), read_wall(end)
        async with self._db.write() as tx:
            member = await self._own(tx, caller, member_id)
            await users.change(tx, caller.user_id, quiet_from=hours[0], quiet_to=hours[1])
            return await self._page(tx, member, _quiet_words(*hours))

    async def set_shown(self, caller: Caller, member_id: int, shown: Sequence[Detail]) -> Page:
        """Decide what fellow members may read."""
        async with self._db.write() as tx:
            member = await self._own(tx, caller, member_id)
            await profiles.show(tx, member_id, shown, self._clock())
            return await self._page(tx, member, _("Saved: this is what your cohort may read."))

    async def set_askers(self, caller: Caller, member_id: int, askers: Askers) -> Page:
        """Decide who may ask the member for something."""
        async with self._db.write() as tx:
            member = await self._own(tx, caller, member_id)
            await profiles.let_ask(tx, member_id, askers, self._clock())
            return await self._page(tx, member, _("Saved."))

    async def _set(self, caller: Caller, member_id: int, **values: Any) -> Page:
        async with self._db.write() as tx:
            member = await self._own(tx, caller, member_id)
            await memberships.change(tx, member_id, **values)
            return await self._page(tx, member, _("Saved."))

    async def greet_again(self, caller: Caller, member_id: int) -> Page:
        """Try the direct messages once more, after somebody opened them."""
        async with self._db.write() as tx:
            member = await self._own(tx, caller, member_id)
            await users.change(tx, caller.user_id, inbox=Inbox.UNKNOWN)
            await self._reach(tx, await self._again(tx, member), self._clock(), greet=True)
            return await self._page(tx, member, _("I am writing to you now. Look there."))

    async def _reach(self, tx: Tx, member: Member, now: datetime, *, greet: bool = False) -> None:
        """Keep the consent to direct messages true to what is chosen; say hello in a new one."""
        if member.delivery is not Delivery.DM:
            await self._withdraw_consent(tx, member.user_id)
            return
        if member.dm_consent_at is None:
            await users.change(tx, member.user_id, dm_consent_at=now)
        if not greet and member.inbox is Inbox.OPEN and member.dm_consent_at is not None:
            return
        await outbox.enqueue(
            tx,
            kind="profile.hello",
            dedupe=f"profile.hello:{member.member_id}:{int(now.timestamp())}",
            place=outbox.Place.user(member.user_id),
            now=now,
            cohort_id=member.cohort_id,
            member_id=member.member_id,
            priority=1,
            counts=False,
            any_hour=True,
        )

    async def _withdraw_consent(self, tx: Tx, user_id: int) -> None:
        mine = await memberships.of_user(tx, user_id)
        if not any(m.delivery is Delivery.DM and m.state in HERE for m in mine):
            await users.change(tx, user_id, dm_consent_at=None)

    async def hello(self, member_id: int) -> Member | None:
        """Return whom a hello greets, or None when they want none any more."""
        async with self._db.read() as tx:
            member = await memberships.get(tx, member_id)
        wanted = member and member.state in HERE and member.delivery is Delivery.DM
        return member if wanted else None

    async def hello_came_back(
        self, tx: Tx, letter: Letter, code: int | None, why: str, now: datetime
    ) -> None:
        """Remember that direct messages do not reach this person; `/me` tells them the way out."""
        await users.change(tx, letter.place.id, inbox=Inbox.CLOSED)

    # --- dates and zone

    def find_zone(self, typed: str) -> Zone:
        """Return the zone that was meant, or the ones to choose from. Raises Refusal for none."""
        try:
            return Zone(known_zone(typed))
        except Refusal:
            offered = tuple(zone_choices(typed, self._clock()))
            if not offered:
                raise
            return Zone(None, offered)

    def zone_choices(self, typed: str) -> list[tuple[str, str]]:
        """Return what to offer while somebody types where they live."""
        return zone_choices(typed, self._clock())

    async def set_timezone(self, caller: Caller, typed: str) -> tuple[str, str]:
        """Move the person to another zone everywhere; return their clock's time, and the zone."""
        zone = known_zone(typed)
        async with self._db.write() as tx:
            if not await memberships.of_user(tx, caller.user_id):
                await memberships.of(tx, caller)
            await self._move(tx, caller.user_id, zone)
            mine = await memberships.of_user(tx, caller.user_id)
        return f"{mine[0].local(self._clock()):%H:%M}", zone

    async def _move(self, tx: Tx, user_id: int, zone: str) -> None:
        await users.change(tx, user_id, zone=zone)
        for member in await memberships.of_user(tx, user_id):
            if member.state in HERE:
                await tell(self._hooks.moved, tx, member, self._clock())
        await schedules.touch_user(tx, user_id)

    async def dates(self, caller: Caller) -> Dates:
        """Return the member's dates and what they mean today."""
        async with self._db.read() as tx:
            return self._dates(await memberships.of(tx, caller))

    async def change_dates(
        self, caller: Caller, start: str, end: str, stage: Stage | None = None
    ) -> Dates:
        """Set first day, last day or stage; show the effect. Refuses an end before the start."""
        async with self._db.write() as tx:
            member = await memberships.of(tx, caller)
            changed = await self._set_dates(tx, member, start, end, stage)
            return replace(self._dates(changed), was=member.phase(self._clock()), changed=True)

    async def set_dates(self, caller: Caller, member_id: int, start: str, end: str) -> Page:
        """Set both days from the form of a card."""
        async with self._db.write() as tx:
            member = await self._own(tx, caller, member_id)
            return await self._page(tx, await self._set_dates(tx, member, start, end, None))

    async def _set_dates(
        self, tx: Tx, member: Member, start: str, end: str, stage: Stage | None
    ) -> Member:
        today = member.local_date(self._clock())
        starts_on = _read_day(start, member.starts_on, today)
        ends_on = _read_day(end, member.ends_on, today)
        if starts_on and ends_on:
            check_dates(starts_on, ends_on)
        if stage is None:
            looking = member.stage is Stage.LOOKING
            stage = Stage.LOOKING if looking else stage_on(today, starts_on, ends_on)
        await memberships.change(
            tx, member.member_id, starts_on=starts_on, ends_on=ends_on, stage=stage
        )
        await self._moved(tx, member)
        return await self._again(tx, member)

    async def _moved(self, tx: Tx, member: Member) -> None:
        if member.state in HERE:
            moved = await self._again(tx, member)
            await tell(self._hooks.moved, tx, moved, self._clock())
            await schedules.touch(tx, member.cohort_id)

    def _dates(self, member: Member) -> Dates:
        today = member.local_date(self._clock())
        phase = member.phase(self._clock())
        ahead = ()
        if member.starts_on and member.ends_on:
            steps = plan_back(member.starts_on, member.ends_on)
            ahead = tuple(step for step in steps if step.on >= today)
        return Dates(member, phase, phase, ahead, today, changed=False)

    # --- pausing and leaving

    async def pause(self, caller: Caller, until: str, member_id: int | None = None) -> Settings:
        """Stop everything until a day, or until they come back."""
        async with self._db.write() as tx:
            member = await self._mine(tx, caller, member_id)
            now = self._clock()
            today = member.local_date(now)
            back_on = read_date(until, today) if until.strip() else None
            if back_on is not None and back_on <= today:
                raise Refusal(
                    _("Choose a day to come; {day} is not.").format(day=short_date(back_on))
                )
            await memberships.pause(tx, member, today, back_on)
            await activity.note(tx, member, "member.paused", None, now)
            news = (
                _("Quiet until {day}. Your streak stays as it is.").format(day=short_date(back_on))
                if back_on
                else _("Quiet until you come back. Your streak stays as it is.")
            )
            return await self._settings(tx, await self._again(tx, member), news)

    async def resume(self, caller: Caller, member_id: int | None = None) -> Settings:
        """Start again from today."""
        async with self._db.write() as tx:
            member = await self._mine(tx, caller, member_id)
            if member.state is not MemberState.PAUSED:
                return await self._settings(tx, member, _("You are not paused."))
            back = await self._resume(tx, member)
            return await self._settings(tx, back, _("Welcome back. Everything goes on from today."))

    async def _resume(self, tx: Tx, member: Member) -> Member:
        now = self._clock()
        await memberships.resume(tx, member, member.local_date(now))
        await activity.note(tx, member, "member.resumed", None, now)
        await schedules.touch(tx, member.cohort_id)
        return await self._again(tx, member)

    async def sweep(self, now: datetime) -> None:
        """Bring back whose pause has ended, and forget enrolments nobody finished."""
        async with self._db.read() as tx:
            back = await memberships.due_back(tx, now)
        if back:
            async with self._db.write() as tx:
                for member in await memberships.due_back(tx, now):
                    await self._resume(tx, member)
        if not now.minute:
            async with self._db.write() as tx:
                await self._store.forget_begun_before(tx, now - ENROLMENT_KEPT_FOR)

    async def about_to_leave(self, caller: Caller) -> Member:
        """Return the membership that would end."""
        async with self._db.read() as tx:
            return await memberships.of(tx, caller)

    async def leave(self, caller: Caller, member_id: int) -> Member:
        """End everything that is sent or asked, and keep the record."""
        async with self._db.write() as tx:
            member = await self._mine(tx, caller, member_id)
            now = self._clock()
            await memberships.resume(tx, member, member.local_date(now))
            await memberships.change(tx, member_id, state=MemberState.LEFT, left_at=now)
            await outbox.cancel_for_member(tx, member_id, now, "they left")
            await self._withdraw_consent(tx, caller.user_id)
            gone = await self._again(tx, member)
            await activity.note(tx, gone, "member.left", None, now)
            await tell(self._hooks.left, tx, gone, now)
            await schedules.touch(tx, gone.cohort_id)
            return gone

    # --- what others read

    async def get_profile(self, caller: Caller, member_id: int) -> Profile:
        """Return the profile behind one of the member's own cards."""
        async with self._db.read() as tx:
            await self._own(tx, caller, member_id)
            return await profiles.of_member(tx, member_id)

    async def write(self, caller: Caller, member_id: int, texts: dict[Detail, str]) -> Settings:
        """Keep what the member wrote about themselves; nobody else reads it until they say so."""
        async with self._db.write() as tx:
            member = await self._own(tx, caller, member_id)
            await profiles.write(tx, member_id, texts, self._clock())
            return await self._settings(tx, member, _("Saved."))

    async def see(self, caller: Caller, user_id: int, name: str) -> Seen:
        """Return what the caller may read about somebody in their cohort."""
        async with self._db.read() as tx:
            reader = await memberships.of(tx, caller)
            member = await memberships.find(tx, reader.cohort_id, user_id)
            if member is None or member.state not in HERE:
                return Seen(name, user_id, reader.cohort_name, None)
            profile = await profiles.of_member(tx, member.member_id)
            own = user_id == caller.user_id
            lines: list[str] = []
            if not own and not await contact.may_meet(tx, caller.user_id, user_id):
                profile = replace(profile, shown=frozenset())
            elif not own:
                reads = await self._reads_as(tx, caller, member)
                for add in self._hooks.shown:
                    lines += await add(tx, member, reads)
        return Seen(member.name, user_id, member.cohort_name, profile, tuple(lines), own)

    async def _reads_as(self, tx: Tx, caller: Caller, member: Member) -> Visibility:
        """Return whether the caller reads about a member as their mentor, or as anybody else."""
        for mentors in self._hooks.mentors:
            if await mentors(tx, caller.user_id, member):
                return Visibility.MENTOR
        return Visibility.COHORT

    # --- what privacy asks

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add memberships, pauses and profiles to somebody's export."""
        joined: list[dict[str, Any]] = []
        about: list[dict[str, Any]] = []
        for m in await memberships.of_user(tx, user_id):
            pauses = await memberships.pauses_of(tx, m.member_id)
            joined.append(
                {
                    "cohort": m.cohort_name,
                    "name": m.name,
                    "state": m.state.value,
                    "reached by": m.delivery.value,
                    "how much": m.volume.value,
                    "stage": m.stage.value,
                    "first day": _text(m.starts_on),
                    "last day": _text(m.ends_on),
                    "joined": _text(m.joined_at),
                    "left": _text(m.left_at),
                    "pauses": [f"{begin} - {_text(end) or '...'}" for begin, end in pauses],
                }
            )
            profile = await profiles.of_member(tx, m.member_id)
            if profile.texts:
                row: dict[str, Any] = {"cohort": m.cohort_name}
                row |= {NAMES[detail]: text for detail, text in profile.texts.items()}
                row["shown to the cohort"] = sorted(NAMES[detail] for detail in profile.shown)
                about.append(row)
        return [
            ExportPart("memberships", _("Memberships"), joined),
            ExportPart("profile", _("Profile"), about),
        ]

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept about memberships and profiles, and who reads it."""
        mine = await memberships.of_user(tx, user_id)
        if not mine:
            return []
        written = [(await profiles.of_member(tx, m.member_id)).texts for m in mine]
        n = sum(len(texts) for texts in written)
        names = ", ".join(m.cohort_name for m in mine)
        lines = [
            _(
                "Your membership of {names}: how I reach you, how much, your stage and dates. You "
                "read it; moderators see that you joined, paused or left."
            ).format(names=names)
        ]
        if n:
            line = ngettext(
                "{n} line of your profile. You read it, and your cohort where you showed it.",
                "{n} lines of your profile. You read them, and your cohort the ones you showed.",
                n,
            )
            lines.append(line.format(n=n))
        return lines

    # --- pages

    async def _own(self, tx: Tx, caller: Caller, member_id: int) -> Member:
        member = await memberships.get(tx, member_id)
        if member is None:
            raise NotFound(_("That is gone. `/me` shows what is there now."))
        if member.user_id != caller.user_id:
            raise NotAllowed(_("This belongs to somebody else. `/me` shows what is yours."))
        if member.state is MemberState.LEFT:
            raise Refusal(_("You have left. Press *Join* on the card in your server to come back."))
        return member

    async def _mine(self, tx: Tx, caller: Caller, member_id: int | None) -> Member:
        if member_id is None:
            return await memberships.of(tx, caller)
        member = await self._own(tx, caller, member_id)
        if member.state is MemberState.JOINING:
            raise Refusal(_("You are still joining. Press *Join* on the card in your server."))
        return member

    async def _again(self, tx: Tx, member: Member) -> Member:
        found = await memberships.get(tx, member.member_id)
        assert found is not None
        return found

    async def _page(self, tx: Tx, member: Member, news: str = "") -> Page:
        member = await self._again(tx, member)
        if member.state is MemberState.JOINING:
            return await self._joining(tx, member)
        return await self._settings(tx, member, news)

    async def _joining(self, tx: Tx, member: Member) -> Joining:
        tap, now = await self._store.tap(tx, member.member_id), self._clock()
        zones = tuple(zone_choices("", now)) if tap is Tap.ZONE else ()
        return Joining(member, tap, now, zones)

    async def _settings(self, tx: Tx, member: Member, news: str = "") -> Settings:
        profile = await profiles.of_member(tx, member.member_id)
        return Settings(member, profile, self._clock(), news)


def _read_day(typed: str, known: date | None, today: date) -> date | None:
    if not typed.strip():
        return known
    if known and typed.strip() == known.isoformat():
        return known
    return read_date(typed, today, nearest=True)


def _quiet_words(begin: time, end: time) -> str:
    if begin == end:
        return _("Saved: no quiet hours.")
    return _("Saved: nothing from me between {begin} and {end} on your clock.").format(
        begin=begin.strftime("%H:%M"), end=end.strftime("%H:%M")
    )


def _text(value: date | datetime | None) -> str:
    return value.isoformat() if value else ""
