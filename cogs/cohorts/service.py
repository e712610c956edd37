"""What a moderator does with a cohort that runs: look, hold, leave out, invite, import."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bot.clockwork.clock import Clock
from bot.clockwork.phrases import read_date
from bot.delivery import outbox, schedules
from bot.delivery.outbox import Letter
from bot.errors import NotAllowed, NotFound, Refusal
from bot.face.words import N_, _, ngettext
from bot.people import cohorts, memberships, roster
from bot.people.caller import Caller
from bot.people.cohorts import Cohort, CohortState
from bot.people.contributions import Contributions, ExportPart, HelpLine
from bot.people.memberships import Member, MemberState
from bot.people.roster import Entry
from bot.storage.database import Database, Tx
from cogs.cohorts.check import problems
from cogs.cohorts.model import (
    MOST_INVITES,
    PAGE_SIZE,
    Batch,
    Ground,
    Import,
    MissingPage,
    Problem,
    Send,
    StatusPage,
    Undelivered,
    Word,
)
from cogs.cohorts.sheet import read_sheet
from cogs.cohorts.store import CohortStore
from cogs.cohorts.wizard import invite, sends

LOOK_BACK = timedelta(days=14)
PREVIEWED = 10
FRESH = timedelta(days=7)
VITAL = ("announcements_id", "checkins_id")
"""Channels without which nothing can be sent."""


class CohortService:
    """Run a cohort; every action of a moderator is noted."""

    help = (
        HelpLine("/cohort setup", N_("Set a cohort up, step by step."), staff=True),
        HelpLine("/cohort status", N_("What waits for you, and what goes out next."), staff=True),
        HelpLine("/cohort pause", N_("The emergency brake: hold every message."), staff=True),
    )

    def __init__(
        self, db: Database, clock: Clock, store: CohortStore, contributions: Contributions
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._contributions = contributions

    async def status(
        self, caller: Caller, ground: Ground, cohort_id: int | None = None
    ) -> StatusPage:
        """Return what waits, what goes out next, and how many are in."""
        now = self._clock()
        async with self._db.read() as tx:
            cohort = await self._managed(tx, caller, cohort_id)
            waiting = [
                line for ask in self._contributions.status for line in await ask(tx, cohort, now)
            ]
            lost = await outbox.undelivered(tx, cohort.cohort_id, now - LOOK_BACK)
            counts = await memberships.counts(tx, cohort.cohort_id)
            today = cohort.local_date(now)
            return StatusPage(
                cohort=cohort,
                now=now,
                waiting=sorted(waiting, key=lambda line: (not line.urgent, line.order)),
                undelivered=_reasons(lost),
                problems=problems(cohort, ground, self._contributions.needs),
                sends=await self._next(tx, cohort, now, 3),
                joined=counts.get(MemberState.JOINED, 0),
                paused=counts.get(MemberState.PAUSED, 0),
                left=counts.get(MemberState.LEFT, 0),
                turnout=await roster.turnout(tx, cohort.cohort_id),
                held=len(await outbox.held(tx, cohort.cohort_id)),
                skipped=[d for d in await cohorts.skipped(tx, cohort.cohort_id) if d >= today],
                audit=[Word(*each) for each in await cohorts.history(tx, cohort.cohort_id, 5)],
            )

    async def _next(self, tx: Tx, cohort: Cohort, now: datetime, count: int) -> list[Send]:
        if cohort.state is CohortState.CLOSED:
            return []
        return [Send(*each) for each in await sends(tx, cohort, now, count)]

    async def history(self, caller: Caller, cohort_id: int) -> tuple[Cohort, list[Word]]:
        """Return what moderators did lately."""
        async with self._db.read() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            return cohort, [Word(*each) for each in await cohorts.history(tx, cohort_id, 25)]

    async def preview(
        self, caller: Caller, cohort_id: int | None = None
    ) -> tuple[Cohort, list[Send]]:
        """Return the next sends of a cohort."""
        async with self._db.read() as tx:
            cohort = await self._managed(tx, caller, cohort_id)
            return cohort, await self._next(tx, cohort, self._clock(), PREVIEWED)

    async def pause(
        self, caller: Caller, cohort_id: int | None = None
    ) -> tuple[Cohort, list[Batch]]:
        """Hold every send; doing so twice changes nothing."""
        async with self._db.write() as tx:
            cohort = await self._running(tx, caller, cohort_id)
            if cohort.state is not CohortState.PAUSED:
                cohort = await cohorts.change(tx, cohort.cohort_id, state=CohortState.PAUSED)
                number = await outbox.hold(tx, cohort.cohort_id)
                now = self._clock()
                await cohorts.log(tx, cohort.cohort_id, caller.user_id, "paused", str(number), now)
            return cohort, await self._held(tx, cohort.cohort_id)

    async def held(
        self, caller: Caller, cohort_id: int | None = None
    ) -> tuple[Cohort, list[Batch]]:
        """Return what a paused cohort holds. Raises Refusal when it is not paused."""
        async with self._db.read() as tx:
            cohort = await self._running(tx, caller, cohort_id)
            if cohort.state is not CohortState.PAUSED:
                raise Refusal(_("{name} is not paused.").format(name=cohort.name))
            return cohort, await self._held(tx, cohort.cohort_id)

    async def keep(
        self, caller: Caller, cohort_id: int, keys: Iterable[str], among: Iterable[str]
    ) -> tuple[Cohort, list[Batch]]:
        """Note which held batches are to go out after all; `among` is the page that was shown."""
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            change = await self._store.latest(tx, cohort_id, "resume")
            kept = set(change.values["keep"] if change else []) - set(among) | set(keys)
            values = {"keep": sorted(kept)}
            if change:
                await self._store.amend(tx, change.change_id, values)
            else:
                await self._store.propose(tx, cohort_id, "resume", values, self._clock())
            return cohort, await self._held(tx, cohort_id)

    async def resume(self, caller: Caller, cohort_id: int) -> tuple[Cohort, int, int]:
        """Go on: send what was kept, drop the rest; return the cohort and both numbers."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            if cohort.state is not CohortState.PAUSED:
                return cohort, 0, 0
            change = await self._store.latest(tx, cohort_id, "resume")
            kept = set(change.values["keep"]) if change else set[str]()
            letters = await outbox.held(tx, cohort_id)
            going = [letter.letter_id for letter in letters if _batch_key(letter) in kept]
            cohort = await cohorts.change(tx, cohort_id, state=CohortState.LIVE)
            sent = await outbox.release(tx, cohort_id, going) if going else 0
            dropped = await outbox.drop(tx, cohort_id, now)
            if change:
                await self._store.settle(tx, change.change_id)
            await schedules.touch(tx, cohort_id)
            detail = f"{sent} sent, {dropped} dropped"
            await cohorts.log(tx, cohort_id, caller.user_id, "resumed", detail, now)
            return cohort, sent, dropped

    async def _held(self, tx: Tx, cohort_id: int) -> list[Batch]:
        change = await self._store.latest(tx, cohort_id, "resume")
        kept = set(change.values["keep"]) if change else set[str]()
        found: dict[str, list[Letter]] = {}
        for letter in await outbox.held(tx, cohort_id):
            found.setdefault(_batch_key(letter), []).append(letter)
        batches = [
            Batch(key, letters[0].kind, letters[0].due_at, len(letters), key in kept)
            for key, letters in found.items()
        ]
        return sorted(batches, key=lambda batch: (batch.due_at, batch.key))

    async def skip(
        self, caller: Caller, typed: str, cohort_id: int | None = None
    ) -> tuple[Cohort, date, list[str]]:
        """Leave a day out; return the cohort, the day and the programmes that fall on it."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort = await self._running(tx, caller, cohort_id)
            today = cohort.local_date(now)
            on = read_date(typed, today)
            if on < today:
                raise Refusal(_("{day} has passed. Choose a day to come.").format(day=on))
            falling = [
                s.kind
                for s in await schedules.of_cohort(tx, cohort.cohort_id)
                if s.enabled and next(s.rule.dates(on - timedelta(days=1))) == on
            ]
            if on not in await cohorts.skipped(tx, cohort.cohort_id):
                await cohorts.skip(tx, cohort.cohort_id, on)
                await schedules.touch(tx, cohort.cohort_id)
                await cohorts.log(
                    tx, cohort.cohort_id, caller.user_id, "skipped", on.isoformat(), now
                )
            return cohort, on, falling

    async def unskip(self, caller: Caller, cohort_id: int, on: date) -> Cohort:
        """Take a skipped day back."""
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            if on in await cohorts.skipped(tx, cohort_id):
                await cohorts.unskip(tx, cohort_id, on)
                await schedules.touch(tx, cohort_id)
                now = self._clock()
                await cohorts.log(tx, cohort_id, caller.user_id, "unskipped", on.isoformat(), now)
            return cohort

    async def invite(
        self, caller: Caller, channel_id: int | None, cohort_id: int | None = None
    ) -> tuple[Cohort, int, int]:
        """Post the *Join* card; return the cohort, the channel, and how often it was posted.

        Raises Refusal the third time: a card that comes back again and again is noise.
        """
        async with self._db.write() as tx:
            cohort = await self._running(tx, caller, cohort_id)
            target = channel_id or cohort.announcements_id
            if target is None:
                raise Refusal(_("Say where: add `channel:` to the command."))
            number = await self._store.count_invites(tx, cohort.cohort_id)
            if number >= MOST_INVITES:
                where = (await self._store.invited(tx, cohort.cohort_id))[-1][0]
                raise Refusal(
                    _(
                        "The card was posted and repeated once; it stands in <#{channel}>. A third "
                        "one would only annoy. Point people to it instead."
                    ).format(channel=where)
                )
            now = self._clock()
            await invite(tx, self._store, cohort, target, str(number + 1), now)
            await cohorts.log(tx, cohort.cohort_id, caller.user_id, "invited", f"<#{target}>", now)
            return cohort, target, number + 1

    async def invitation(self, cohort_id: int) -> Cohort | None:
        """Return the cohort a *Join* card is for, or None when it is over."""
        async with self._db.read() as tx:
            cohort = await cohorts.get(tx, cohort_id)
        return cohort if cohort and cohort.runs else None

    async def read_roster(
        self, caller: Caller, content: bytes, cohort_id: int | None = None
    ) -> Import:
        """Read a roster file and keep it for *Import*. Raises Refusal naming every bad line."""
        now = self._clock()
        async with self._db.read() as tx:
            cohort = await self._managed(tx, caller, cohort_id)
        sheet = read_sheet(content, cohort.local_date(now))
        values = {"entries": [_packed(entry) for entry in sheet.entries]}
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort.cohort_id)
            change = await self._store.propose(tx, cohort.cohort_id, "import", values, now)
            known = await roster.keys(tx, cohort.cohort_id)
        new = [e for e in sheet.entries if not {e.discord_id, e.username} & known]
        listed = {key for e in sheet.entries for key in (e.discord_id, e.username)}
        return Import(
            change_id=change.change_id,
            cohort=cohort,
            count=len(sheet.entries),
            new=len(new),
            known=len(sheet.entries) - len(new),
            gone=len(known - listed),
            with_dates=sum(1 for e in sheet.entries if e.starts_on or e.ends_on),
            ignored=sheet.ignored,
            first_names=[e.name for e in sheet.entries[:5]],
        )

    async def take_roster(self, caller: Caller, change_id: int) -> tuple[Cohort, roster.Turnout]:
        """Import what was read; nobody is enrolled, nobody is written to."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort, change = await self._waiting(tx, caller, change_id)
            entries = [_unpacked(each) for each in change.values["entries"]]
            await roster.replace(tx, cohort.cohort_id, entries, now)
            await self._store.settle(tx, change_id)
            n = len(entries)
            await cohorts.log(tx, cohort.cohort_id, caller.user_id, "imported", str(n), now)
            found = await roster.turnout(tx, cohort.cohort_id)
            assert found is not None
            return cohort, found

    async def leave_roster(self, caller: Caller, change_id: int) -> None:
        """Forget a file that was read and not imported."""
        async with self._db.write() as tx:
            await self._waiting(tx, caller, change_id)
            await self._store.settle(tx, change_id)

    async def _waiting(self, tx: Tx, caller: Caller, change_id: int) -> tuple[Cohort, Any]:
        change = await self._store.proposed(tx, change_id)
        if change is None or change.kind != "import":
            raise NotFound(
                _("That list was imported or put aside already. `/cohort status` counts.")
            )
        return await cohorts.moderated(tx, caller, change.cohort_id), change

    async def missing(self, caller: Caller, cohort_id: int, page: int = 0) -> MissingPage:
        """Return those of the roster who have not joined."""
        async with self._db.read() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            found = await roster.turnout(tx, cohort_id)
            if found is None:
                raise NotFound(_("No roster was imported. `/cohort import` takes one."))
            pages = max(1, -(-(found.listed - found.joined) // PAGE_SIZE))
            page = min(max(page, 0), pages - 1)
            people = await roster.missing(tx, cohort_id, PAGE_SIZE, page * PAGE_SIZE)
            return MissingPage(cohort, found, people, page, pages)

    async def mend(self, caller: Caller, cohort_id: int, ground: Ground) -> list[Problem]:
        """Look again at a blocked cohort, and let it go on when everything is mended."""
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            left = problems(cohort, ground, self._contributions.needs)
            if cohort.state is CohortState.BLOCKED and not any(p.silences for p in left):
                await self._unblock(tx, cohort, caller.user_id)
        return left

    async def _unblock(self, tx: Tx, cohort: Cohort, user_id: int | None) -> None:
        await cohorts.change(tx, cohort.cohort_id, state=CohortState.LIVE, blocked_reason=None)
        await outbox.release(tx, cohort.cohort_id)
        await schedules.touch(tx, cohort.cohort_id)
        await cohorts.log(tx, cohort.cohort_id, user_id, "mended", "", self._clock())

    async def guilds(self) -> set[int]:
        """Return the servers in which a cohort runs."""
        async with self._db.read() as tx:
            running = await cohorts.live(tx) + await cohorts.blocked(tx)
        return {cohort.guild_id for cohort in running}

    async def survey(self, guild_id: int, ground: Ground) -> None:
        """Hold what could not be sent anyway; go on once the server is in order again."""
        async with self._db.read() as tx:
            here = await cohorts.of_guild(tx, guild_id)
        for cohort in here:
            found = problems(cohort, ground, self._contributions.needs)
            broken = _vital(found)
            if cohort.state is CohortState.LIVE and broken:
                async with self._db.write() as tx:
                    await self._block(tx, cohort, broken[0].text)
            elif cohort.state is CohortState.BLOCKED and not any(p.silences for p in found):
                async with self._db.write() as tx:
                    await self._unblock(tx, cohort, None)

    async def _block(self, tx: Tx, cohort: Cohort, reason: str) -> None:
        await cohorts.change(tx, cohort.cohort_id, state=CohortState.BLOCKED, blocked_reason=reason)
        await outbox.hold(tx, cohort.cohort_id)
        await cohorts.log(tx, cohort.cohort_id, None, "blocked", reason, self._clock())

    async def welcome(self, guild_id: int, channel_id: int, joined_at: datetime | None) -> None:
        """Write the one silent card of a new server; a server that knows the bot gets none."""
        now = self._clock()
        if joined_at is not None and now - joined_at > FRESH:
            return
        day = (joined_at or now).date().isoformat()
        async with self._db.write() as tx:
            if await cohorts.of_guild(tx, guild_id):
                return
            await outbox.enqueue(
                tx,
                kind="cohorts.welcome",
                dedupe=f"cohorts.welcome:{guild_id}:{day}",
                place=outbox.Place.channel(channel_id),
                now=now,
                counts=False,
            )

    async def sweep(self, now: datetime) -> None:
        """Forget who did not join within 14 days, and changes nobody saved."""
        if now.minute:
            return
        async with self._db.write() as tx:
            await roster.sweep(tx, now)
            await self._store.purge(tx, now)

    async def joined(self, tx: Tx, member: Member, now: datetime) -> None:
        """Note on the roster that somebody joined."""
        await roster.match_joined(tx, member.cohort_id, member.user_id, now)

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add what rosters say of the person to their export."""
        rows = [
            {
                "name": row.name,
                "username": row.username or "",
                "team": row.team,
                "role": row.role,
                "start": row.starts_on.isoformat() if row.starts_on else "",
                "end": row.ends_on.isoformat() if row.ends_on else "",
            }
            for row in await roster.of_user(tx, user_id)
        ]
        return [ExportPart("rosters", _("Rosters"), rows)] if rows else []

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say that a roster names the person, and who reads it."""
        number = len(await roster.of_user(tx, user_id))
        line = ngettext(
            "Your name, team, role and dates from {n} roster. Your moderators read it.",
            "Your name, team, role and dates from {n} rosters. Your moderators read them.",
            number,
        )
        return [line.format(n=number)] if number else []

    async def erase(self, tx: Tx, user_id: int) -> None:
        """Forget the person on rosters, among contacts and in the log."""
        await roster.erase(tx, user_id)
        await cohorts.forget(tx, user_id)
        await self._store.forget(tx, user_id)

    async def erase_member(self, tx: Tx, member: Member) -> None:
        """Forget the person on the roster of a membership that goes."""
        await roster.erase(tx, member.user_id, member.cohort_id)

    async def tied(self, tx: Tx, user_id: int) -> bool:
        """Say whether somebody is named for problems where a cohort is not closed."""
        return await cohorts.is_contact(tx, user_id)

    async def _managed(self, tx: Tx, caller: Caller, cohort_id: int | None) -> Cohort:
        if cohort_id is None:
            return await cohorts.managed_by(tx, caller)
        return await cohorts.moderated(tx, caller, cohort_id)

    async def _running(self, tx: Tx, caller: Caller, cohort_id: int | None) -> Cohort:
        cohort = await self._managed(tx, caller, cohort_id)
        if cohort.state is CohortState.DRAFT:
            raise Refusal(
                _("{name} is not live yet. `/cohort setup` goes on with it.").format(
                    name=cohort.name
                )
            )
        if cohort.state is CohortState.CLOSED:
            raise NotAllowed(_("{name} is closed.").format(name=cohort.name))
        return cohort


def _vital(found: Sequence[Problem]) -> list[Problem]:
    return [p for p in found if p.silences and p.field in VITAL]


def _reasons(lost: Iterable[outbox.Undelivered]) -> list[Undelivered]:
    counted = Counter((each.kind, each.why) for each in lost)
    return [Undelivered(kind, why, n) for (kind, why), n in counted.most_common(8)]


def _batch_key(letter: Letter) -> str:
    hour = letter.due_at.replace(minute=0, second=0, microsecond=0)
    return f"{letter.kind}@{int(hour.timestamp())}"


def _packed(entry: Entry) -> list[Any]:
    days = [day.isoformat() if day else None for day in (entry.starts_on, entry.ends_on)]
    return [entry.discord_id, entry.username, entry.name, entry.team, entry.role, *days]


def _unpacked(values: Sequence[Any]) -> Entry:
    discord_id, username, name, team, role, *days = values
    starts_on, ends_on = (date.fromisoformat(day) if day else None for day in days)
    return Entry(discord_id, username, name, team, role, starts_on, ends_on)
