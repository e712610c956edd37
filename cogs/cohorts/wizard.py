"""Setting a cohort up step by step, and changing it with its effect shown first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from bot.clockwork.clock import Clock
from bot.clockwork.phases import Phase, check_dates
from bot.clockwork.phrases import read_date, read_wall
from bot.clockwork.recurrence import Weekly, known_zone, zone_choices
from bot.clockwork.zones import zone_info
from bot.delivery import outbox, schedules
from bot.delivery.schedules import Scope
from bot.errors import NotAllowed, NotFound, Refusal
from bot.face.dates import short_date
from bot.face.words import N_, _, ngettext
from bot.people import cohorts, users
from bot.people.caller import Caller
from bot.people.cohorts import Cohort, CohortState
from bot.people.contributions import ChannelNeed, Contributions
from bot.storage.database import Database, Tx
from cogs.cohorts.check import problems
from cogs.cohorts.model import (
    CHECKIN,
    DIGEST,
    FROM_THE_START,
    MOST_COHORTS,
    MOST_CONTACTS,
    OPEN_HOURS,
    PLACE_OF,
    ROLES,
    USUAL,
    Effect,
    Ground,
    Plan,
    Problem,
    StandingCard,
    Step,
    Wizard,
)
from cogs.cohorts.store import CohortStore

LOOK_AHEAD = timedelta(weeks=12)
MOST_SENDS = 400


@dataclass(frozen=True, slots=True)
class Naming:
    """The name and the dates of a cohort as they were typed."""

    name: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Timing:
    """When a programme happens, as it was typed and chosen."""

    weekday: int
    at: str
    every: int


class WizardService:
    """Build a cohort up, one saved step after another."""

    def __init__(
        self, db: Database, clock: Clock, store: CohortStore, contributions: Contributions
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._contributions = contributions

    @property
    def needs(self) -> Sequence[ChannelNeed]:
        """What features have to be allowed to do in a cohort's channels."""
        return self._contributions.needs

    async def drafts(self, caller: Caller) -> list[Cohort]:
        """Return the set-ups that wait to be finished here."""
        async with self._db.read() as tx:
            return await cohorts.drafts(tx, caller)

    async def start(self, caller: Caller, naming: Naming) -> Wizard:
        """Begin a cohort as a draft. Raises Refusal for a name or dates that cannot be."""
        if caller.guild_id is None or not caller.manages_guild:
            raise NotAllowed(_("Only people who manage this server can set up a cohort."))
        now = self._clock()
        values = named(naming, now.date())
        async with self._db.write() as tx:
            others = await cohorts.of_guild(tx, caller.guild_id)
            if len(others) >= MOST_COHORTS:
                raise Refusal(_("This server has {n} cohorts already.").format(n=MOST_COHORTS))
            known = await users.get(tx, caller.user_id)
            cohort = await cohorts.add(
                tx,
                caller.guild_id,
                values.pop("name"),
                now=now,
                wizard_step=Step.ZONE,
                contacts=[caller.user_id],
                zone=known.zone if known else others[0].zone if others else "UTC",
                **values,
            )
            await cohorts.log(tx, cohort.cohort_id, caller.user_id, "started", cohort.name, now)
            return await self._wizard(tx, cohort)

    async def rename(self, caller: Caller, cohort_id: int, naming: Naming) -> Wizard:
        """Change name and dates of a draft, and go on."""
        async with self._db.write() as tx:
            cohort = await self._draft(tx, caller, cohort_id)
            values = named(naming, self._clock().date())
            await self._name_is_free(tx, cohort, values["name"])
            cohort = await cohorts.change(tx, cohort_id, wizard_step=Step.ZONE, **values)
            return await self._wizard(tx, cohort)

    async def at(self, caller: Caller, cohort_id: int, step: Step | None = None) -> Wizard:
        """Return a draft where it stands, or at the step asked for."""
        async with self._db.write() as tx:
            cohort = await self._draft(tx, caller, cohort_id)
            if step is not None and step.value != cohort.wizard_step:
                cohort = await cohorts.change(tx, cohort_id, wizard_step=step.value)
            return await self._wizard(tx, cohort)

    async def set_zone(self, caller: Caller, cohort_id: int, typed: str) -> Wizard:
        """Set the zone. Raises Refusal with the nearest names for one that does not exist."""
        return await self._set(caller, cohort_id, Step.ZONE, zone=known_zone(typed))

    async def set_place(
        self, caller: Caller, cohort_id: int, field: str, channel_id: int | None
    ) -> Wizard:
        """Choose a channel for one of the cohort's places."""
        if field not in PLACE_OF:
            raise NotFound(_("That kind of channel is unknown to me."))
        return await self._set(caller, cohort_id, Step.CHANNELS, **{field: channel_id})

    async def set_places(
        self, caller: Caller, cohort_id: int, made: Sequence[tuple[str, int]]
    ) -> Wizard:
        """Keep the channels that were just created."""
        return await self._set(caller, cohort_id, Step.CHANNELS, **dict(made))

    async def set_role(
        self, caller: Caller, cohort_id: int, field: str, role_id: int | None
    ) -> Wizard:
        """Choose a role, or none."""
        if field not in ROLES:
            raise NotFound(_("That kind of role is unknown to me."))
        return await self._set(caller, cohort_id, Step.ROLES, **{field: role_id})

    async def set_contacts(self, caller: Caller, cohort_id: int, user_ids: Sequence[int]) -> Wizard:
        """Choose who is told of a serious problem."""
        contacts = list(dict.fromkeys(user_ids))[:MOST_CONTACTS]
        return await self._set(caller, cohort_id, Step.TIMES, contacts=contacts)

    async def set_time(
        self, caller: Caller, cohort_id: int, timing: Timing, kind: str = CHECKIN
    ) -> Wizard:
        """Set when a programme will be, once the cohort is live."""
        if kind not in FROM_THE_START:
            raise NotFound(_("That programme is not set up here."))
        async with self._db.write() as tx:
            cohort = await self._draft(tx, caller, cohort_id)
            rule = timed(timing, cohort, self._clock())
            await self._plan(tx, cohort, kind, rule, enabled=kind != CHECKIN)
            cohort = await cohorts.change(tx, cohort_id, wizard_step=Step.TIMES)
            return await self._wizard(tx, cohort)

    async def begin_with_digest(self, caller: Caller, cohort_id: int, *, wanted: bool) -> Wizard:
        """Choose whether a cohort begins with a weekly digest."""
        async with self._db.write() as tx:
            cohort = await self._draft(tx, caller, cohort_id)
            known = await schedules.find(tx, cohort_id, DIGEST)
            rule = known.rule if known else usual(cohort, self._clock(), DIGEST)
            await self._plan(tx, cohort, DIGEST, rule, enabled=wanted)
            return await self._wizard(tx, cohort)

    async def check(self, caller: Caller, cohort_id: int, ground: Ground) -> list[Problem]:
        """Return what has to be mended before the draft can go live."""
        async with self._db.read() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
        return problems(cohort, ground, self._contributions.needs)

    async def go_live(self, caller: Caller, cohort_id: int, ground: Ground) -> Cohort:
        """Switch a draft on; a second press changes nothing. Raises Refusal while things lack."""
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            if cohort.state is not CohortState.DRAFT:
                return cohort
            blocking = [p for p in problems(cohort, ground, self._contributions.needs) if p.blocks]
            if blocking:
                raise Refusal(
                    ngettext(
                        "One thing is missing: {first}", "{n} things are missing. First: {first}",
                        len(blocking),
                    ).format(n=len(blocking), first=blocking[0].text)
                )  # fmt: skip
            now = self._clock()
            cohort = await cohorts.change(
                tx, cohort_id, state=CohortState.LIVE, wizard_step=None, blocked_reason=None
            )
            for kind in FROM_THE_START:
                known = await schedules.find(tx, cohort_id, kind)
                if kind == CHECKIN or known is None or known.enabled:
                    rule = known.rule if known else usual(cohort, now, kind)
                    await self._plan(tx, cohort, kind, rule, enabled=True)
            await cohorts.log(tx, cohort_id, caller.user_id, "went live", "", now)
            return cohort

    async def discard(self, caller: Caller, cohort_id: int) -> None:
        """Throw a draft away; one that is gone already is fine."""
        async with self._db.write() as tx:
            if await cohorts.get(tx, cohort_id) is None:
                return
            await self._draft(tx, caller, cohort_id)
            await cohorts.remove(tx, cohort_id)

    def zones(self, typed: str = "") -> list[tuple[str, str]]:
        """Return zones to choose from, each with the time it is there."""
        return zone_choices(typed, self._clock())

    async def _set(self, caller: Caller, cohort_id: int, step: Step, **values: Any) -> Wizard:
        async with self._db.write() as tx:
            await self._draft(tx, caller, cohort_id)
            cohort = await cohorts.change(tx, cohort_id, wizard_step=step.value, **values)
            return await self._wizard(tx, cohort)

    async def _draft(self, tx: Tx, caller: Caller, cohort_id: int) -> Cohort:
        cohort = await cohorts.moderated(tx, caller, cohort_id)
        if cohort.state is CohortState.CLOSED:
            raise Refusal(
                _("{name} is closed. `/cohort close` shows what can still be done.").format(
                    name=cohort.name
                )
            )
        if cohort.state is not CohortState.DRAFT:
            raise Refusal(
                _("{name} is set up already. `/cohort edit` changes it.").format(name=cohort.name)
            )
        return cohort

    async def _name_is_free(self, tx: Tx, cohort: Cohort, name: str) -> None:
        for other in await cohorts.of_guild(tx, cohort.guild_id):
            if other.cohort_id != cohort.cohort_id and other.name.lower() == name.lower():
                raise Refusal(
                    _("This server already has a cohort called {name}.").format(name=name)
                )

    async def _wizard(self, tx: Tx, cohort: Cohort) -> Wizard:
        now = self._clock()
        return Wizard(
            cohort, Step(cohort.wizard_step or Step.NAME), await plans(tx, cohort, now), now
        )

    async def _plan(
        self, tx: Tx, cohort: Cohort, kind: str, rule: Weekly, *, enabled: bool
    ) -> None:
        known = await schedules.find(tx, cohort.cohort_id, kind)
        by_default = USUAL.get(kind, USUAL[CHECKIN])
        await schedules.set_schedule(
            tx,
            cohort,
            kind,
            rule,
            known.scope if known else by_default.scope,
            grace=known.grace if known else by_default.grace,
            now=self._clock(),
            enabled=enabled,
        )

    async def get(self, caller: Caller, cohort_id: int) -> Cohort:
        """Return a cohort this moderator may change."""
        async with self._db.read() as tx:
            return await cohorts.moderated(tx, caller, cohort_id)

    async def propose_name(self, caller: Caller, cohort_id: int, naming: Naming) -> Effect:
        """Show what another name or other dates would do."""
        values = named(naming, self._clock().date())
        return await self._propose(caller, cohort_id, values)

    async def propose_zone(self, caller: Caller, cohort_id: int, typed: str) -> Effect:
        """Show what another zone would do."""
        return await self._propose(caller, cohort_id, {"zone": known_zone(typed)})

    async def propose(self, caller: Caller, cohort_id: int, field: str, value: Any) -> Effect:
        """Show what another channel, role or list of contacts would do."""
        if field not in (*PLACE_OF, *ROLES, "contacts"):
            raise NotFound(_("I do not know how to change that."))
        return await self._propose(caller, cohort_id, {field: value})

    async def _propose(self, caller: Caller, cohort_id: int, values: Mapping[str, Any]) -> Effect:
        now = self._clock()
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            if "name" in values:
                await self._name_is_free(tx, cohort, values["name"])
            changed = {k: v for k, v in values.items() if _plain(getattr(cohort, k)) != _plain(v)}
            if not changed:
                raise Refusal(_("That is how it is already; there is nothing to save."))
            stored = {name: _plain(value) for name, value in changed.items()}
            change = await self._store.propose(tx, cohort_id, "edit", stored, now)
            new = _with(cohort, stored)
            moved, dropped = await self._sends(tx, cohort, new, now)
            return Effect(
                change=change,
                cohort=cohort,
                lines=_lines(cohort, new, stored),
                today=_phase(new, now),
                today_before=_phase(cohort, now),
                moved=moved,
                dropped=dropped,
                old_card=await self._old_card(tx, cohort, new),
            )

    async def _sends(self, tx: Tx, old: Cohort, new: Cohort, now: datetime) -> tuple[int, int]:
        """Count the sends of the next weeks that move and that are dropped."""
        before = await self._due(tx, old, now)
        after = await self._due(tx, new, now)
        elsewhere = new.checkins_id != old.checkins_id
        moved = sum(
            1 for key in before if key in after and (after[key] != before[key] or elsewhere)
        )
        return moved, sum(1 for key in before if key not in after)

    async def _due(
        self, tx: Tx, cohort: Cohort, now: datetime
    ) -> dict[tuple[str, str | None, date], datetime]:
        until = now + LOOK_AHEAD
        found: dict[tuple[str, str | None, date], datetime] = {}
        for at, kind, zone in await sends(tx, cohort, now, MOST_SENDS):
            if at <= until:
                found[kind, zone, at.astimezone(zone_info(zone or cohort.zone)).date()] = at
        return found

    async def _old_card(self, tx: Tx, old: Cohort, new: Cohort) -> StandingCard | None:
        if old.announcements_id == new.announcements_id:
            return None
        for channel_id, dedupe in reversed(await self._store.invited(tx, old.cohort_id)):
            posted = await outbox.result(tx, dedupe)
            if channel_id == old.announcements_id and posted and posted.message_id:
                return StandingCard(channel_id, posted.message_id)
        return None

    async def save(
        self, caller: Caller, change_id: int, card: str
    ) -> tuple[Cohort, StandingCard | None]:
        """Save a change; return the cohort, and the old card when it is to be taken down.

        `card` says what becomes of a card in the old channel: move, leave or delete.
        """
        now = self._clock()
        async with self._db.write() as tx:
            change = await self._store.proposed(tx, change_id)
            if change is None:
                raise Refusal(_("That was saved or cancelled already. `/cohort edit` shows it."))
            old = await cohorts.moderated(tx, caller, change.cohort_id)
            if "name" in change.values:
                await self._name_is_free(tx, old, change.values["name"])
            new = await cohorts.change(tx, old.cohort_id, **_decoded(change.values))
            standing = await self._old_card(tx, old, new)
            if standing and card in ("move", "delete"):
                await self._take_down(tx, new, standing)
            if standing and card == "move" and new.announcements_id:
                await invite(tx, self._store, new, new.announcements_id, f"moved-{change_id}", now)
            await self._store.settle(tx, change_id)
            await self._follow(tx, old, new)
            detail = "; ".join(_lines(old, new, change.values))
            await cohorts.log(tx, old.cohort_id, caller.user_id, "changed", detail, now)
        return new, standing if card in ("move", "delete") else None

    async def _take_down(self, tx: Tx, cohort: Cohort, standing: StandingCard) -> None:
        for channel_id, dedupe in await self._store.invited(tx, cohort.cohort_id):
            posted = await outbox.result(tx, dedupe)
            here = channel_id == standing.channel_id
            if here and posted and posted.message_id == standing.message_id:
                await self._store.drop_invite(tx, dedupe)

    async def _follow(self, tx: Tx, old: Cohort, new: Cohort) -> None:
        """Have programmes that begin with the cohort begin with it still, and look again."""
        for schedule in await schedules.of_cohort(tx, new.cohort_id):
            if new.first_day and new.first_day < schedule.rule.anchor:
                rule = schedule.rule.model_copy(update={"anchor": new.first_day})
                await self._plan(tx, new, schedule.kind, rule, enabled=schedule.enabled)
        await schedules.touch(tx, new.cohort_id)

    async def cancel(self, caller: Caller, change_id: int) -> Cohort:
        """Forget a change; return the cohort as it stays."""
        async with self._db.write() as tx:
            change = await self._store.proposed(tx, change_id)
            if change is None:
                raise Refusal(_("That was saved or cancelled already. `/cohort edit` shows it."))
            cohort = await cohorts.moderated(tx, caller, change.cohort_id)
            await self._store.settle(tx, change_id)
            return cohort

    async def schedule(self, caller: Caller, cohort_id: int | None = None) -> Wizard:
        """Return a cohort's programmes with their next moments."""
        async with self._db.read() as tx:
            cohort = await self._managed(tx, caller, cohort_id)
            return await self._wizard(tx, cohort)

    async def reschedule(self, caller: Caller, cohort_id: int, kind: str, timing: Timing) -> Wizard:
        """Move a programme to another weekday, time or interval."""
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            now = self._clock()
            known = await schedules.find(tx, cohort_id, kind)
            rule = timed(timing, cohort, now)
            await self._plan(
                tx, cohort, kind, rule, enabled=known.enabled if known else cohort.runs
            )
            detail = f"{kind}: {rule.weekday} {rule.at:%H:%M} /{rule.every}"
            await cohorts.log(tx, cohort_id, caller.user_id, "rescheduled", detail, now)
            return await self._wizard(tx, cohort)

    async def switch(self, caller: Caller, cohort_id: int, kind: str, on: bool) -> Wizard:
        """Switch a programme on or off."""
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            known = await schedules.find(tx, cohort_id, kind)
            if known is None and kind not in USUAL:
                raise NotFound(_("That programme is not set up here."))
            now = self._clock()
            if (known is not None and known.enabled) != on:
                rule = known.rule if known else usual(cohort, now, kind)
                await self._plan(tx, cohort, kind, rule, enabled=on)
                word = "switched on" if on else "switched off"
                await cohorts.log(tx, cohort_id, caller.user_id, word, kind, now)
            return await self._wizard(tx, cohort)

    async def set_hours(self, caller: Caller, cohort_id: int, hours: int) -> Wizard:
        """Set how long a check-in stays open: two to five days."""
        if hours not in OPEN_HOURS:
            raise NotFound(_("A check-in stays open for two to five days."))
        async with self._db.write() as tx:
            old = await cohorts.moderated(tx, caller, cohort_id)
            cohort = await cohorts.change(tx, cohort_id, open_hours=hours)
            if old.open_hours != hours:
                now, detail = self._clock(), f"open {hours} h"
                await cohorts.log(tx, cohort_id, caller.user_id, "changed", detail, now)
            return await self._wizard(tx, cohort)

    async def _managed(self, tx: Tx, caller: Caller, cohort_id: int | None) -> Cohort:
        if cohort_id is None:
            return await cohorts.managed_by(tx, caller)
        return await cohorts.moderated(tx, caller, cohort_id)


def named(naming: Naming, today: date) -> dict[str, Any]:
    """Read a name and two dates. Raises Refusal when a date is none, or the end comes first."""
    name = " ".join(naming.name.split())
    if not name:
        raise Refusal(_("A cohort needs a name, for example *Summer 2026*."))
    first_day = read_date(naming.first_day, today, nearest=True)
    last_day = read_date(naming.last_day, first_day)
    check_dates(first_day, last_day)
    return {"name": name, "first_day": first_day, "last_day": last_day}


def timed(timing: Timing, cohort: Cohort, now: datetime) -> Weekly:
    """Read when a programme happens. Raises Refusal for a time that is none."""
    at = read_wall(timing.at)
    anchor = cohort.first_day or now.date()
    return Weekly(weekday=timing.weekday, at=at, every=timing.every, anchor=anchor)


def usual(cohort: Cohort, now: datetime, kind: str = CHECKIN) -> Weekly:
    """Return the usual time of a programme: a check-in is on Mondays at nine."""
    when = USUAL[kind]
    anchor = cohort.first_day or now.date()
    return Weekly(weekday=when.weekday, at=when.at, every=when.every, anchor=anchor)


async def plans(tx: Tx, cohort: Cohort, now: datetime) -> list[Plan]:
    """Return a cohort's programmes, those it could switch on too.

    A draft has a check-in and a digest on their usual days until they are changed; the rest comes
    once it is live.
    """
    known = await schedules.of_cohort(tx, cohort.cohort_id)
    found = [
        Plan(s.kind, s.rule, s.enabled, s.rule.next(now, cohort.zone).at if s.enabled else None)
        for s in known
    ]
    if not any(plan.kind == CHECKIN for plan in found):
        found.insert(0, Plan(CHECKIN, usual(cohort, now), enabled=False))
    have = {plan.kind for plan in found}
    if cohort.state is CohortState.DRAFT and DIGEST not in have:
        found.append(Plan(DIGEST, usual(cohort, now, DIGEST), enabled=True))
    if cohort.runs:
        found += [Plan(k, usual(cohort, now, k), enabled=False) for k in USUAL if k not in have]
    return found


async def sends(
    tx: Tx, cohort: Cohort, now: datetime, count: int
) -> list[tuple[datetime, str, str | None]]:
    """Return what goes out next; where nobody has joined yet, by the cohort's own clock."""
    found = await schedules.upcoming(tx, cohort, now, count)
    if await schedules.zones_of(tx, cohort.cohort_id):
        return found
    skipped = set(await cohorts.skipped(tx, cohort.cohort_id))
    for schedule in await schedules.of_cohort(tx, cohort.cohort_id):
        moment = now
        asks_nobody = schedule.enabled and schedule.scope is Scope.MEMBER
        for _n in range(min(count, 60) if asks_nobody else 0):
            on, moment = schedule.rule.next(moment, cohort.zone)
            if on not in skipped and schedules.in_span(cohort, on):
                found.append((moment, schedule.kind, cohort.zone))
    return sorted(found, key=lambda each: (each[0], each[1]))[:count]


async def invite(
    tx: Tx, store: CohortStore, cohort: Cohort, channel_id: int, mark: str, now: datetime
) -> None:
    """Write the letter that posts the *Join* card."""
    dedupe = f"cohorts.invite:{cohort.cohort_id}:{mark}"
    await outbox.enqueue(
        tx,
        kind="cohorts.invite",
        dedupe=dedupe,
        place=outbox.Place.channel(channel_id),
        now=now,
        cohort_id=cohort.cohort_id,
        subject={"cohort_id": cohort.cohort_id},
        counts=False,
    )
    await store.add_invite(tx, cohort.cohort_id, channel_id, dedupe, now)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [*cast(Sequence[Any], value)]
    return value


def _decoded(values: Mapping[str, Any]) -> dict[str, Any]:
    days = ("first_day", "last_day")
    return {k: date.fromisoformat(v) if k in days and v else v for k, v in values.items()}


def _with(cohort: Cohort, values: Mapping[str, Any]) -> Cohort:
    decoded = _decoded(values)
    if "contacts" in decoded:
        decoded["contacts"] = tuple(decoded["contacts"])
    return replace(cohort, **decoded)


def _phase(cohort: Cohort, now: datetime) -> Phase | None:
    return cohort.phase(cohort.local_date(now))


LABELS = {
    "name": N_("Name"),
    "first_day": N_("First day"),
    "last_day": N_("Last day"),
    "zone": N_("Zone"),
}


def _lines(old: Cohort, new: Cohort, values: Mapping[str, Any]) -> list[str]:
    """Say what changes, one line each."""
    return [
        f"{_label(name)}: {_shown(name, getattr(old, name))} → {_shown(name, getattr(new, name))}"
        for name in values
    ]


def _label(name: str) -> str:
    if name in PLACE_OF:
        return _(PLACE_OF[name].label)
    if name in ROLES:
        return _(ROLES[name])
    return _("People to contact") if name == "contacts" else _(LABELS[name])


def _shown(name: str, value: Any) -> str:
    if value in (None, ()):
        return _("none")
    if name in PLACE_OF:
        return f"<#{value}>"
    if name in ROLES:
        return f"<@&{value}>"
    if name == "contacts":
        return ", ".join(f"<@{user_id}>" for user_id in value)
    return short_date(value) if isinstance(value, date) else str(value)
