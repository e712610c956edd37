"""What somebody can do when something is wrong, and who gets to read it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.clockwork.clock import Clock
from bot.delivery import letters, outbox
from bot.delivery.letters import Letter
from bot.errors import NotAllowed, NotFound, Refusal
from bot.face.dates import stamp
from bot.face.words import N_, _, ngettext
from bot.people import cohorts, contact, memberships
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.contributions import ExportPart, HelpLine, Line
from bot.people.memberships import Delivery, Member, MemberState
from bot.storage.database import Database, Tx
from cogs.safety.model import (
    BEGUN_KEPT_FOR,
    Desk,
    Report,
    ReportState,
    Stopped,
    Waiting,
    What,
    person_in,
)
from cogs.safety.store import ReportStore


class SafetyService:
    """Decide; then keep what was decided."""

    help = (HelpLine("/report", N_("Talk to a coordinator, or stop contact with somebody.")),)

    def __init__(self, db: Database, clock: Clock, store: ReportStore) -> None:
        self._db = db
        self._clock = clock
        self._store = store

    # --- before anything is sent

    async def begin(self, caller: Caller, subject: str = "", other_id: int | None = None) -> Desk:
        """Show who would read a report, before a word of it is written."""
        async with self._db.write() as tx:
            cohort = await self._cohort(tx, caller, from_card=bool(subject))
            other_id = other_id or person_in(subject)
            if other_id == caller.user_id:
                other_id = None
            readers = [c for c in cohort.contacts if c not in (caller.user_id, other_id)]
            report = await self._store.begin(
                tx,
                cohort.cohort_id,
                caller.user_id,
                self._clock(),
                subject=subject,
                other_id=other_id,
                readers=readers,
            )
            return await self._desk(tx, caller, report)

    async def _cohort(self, tx: Tx, caller: Caller, *, from_card: bool) -> Cohort:
        mine = await memberships.of_user(tx, caller.user_id)
        ids = [
            m.cohort_id
            for m in mine
            if m.state is not MemberState.LEFT and caller.guild_id in (None, m.guild_id)
        ]
        found = [await cohorts.require(tx, cohort_id) for cohort_id in ids]
        if not found and caller.guild_id:
            found = [c for c in await cohorts.of_guild(tx, caller.guild_id) if c.runs]
        if not found:
            raise Refusal(
                _(
                    "I know no cohort that you could reach here. Write to a moderator of your "
                    "server, or report it to Discord: hold the message, then *Report*."
                )
            )
        return found[0] if from_card else cohorts.pick(found, caller.cohort)

    async def desk(self, caller: Caller, report_id: int) -> Desk:
        """Show the report again as far as it is."""
        async with self._db.read() as tx:
            return await self._desk(tx, caller, await self._begun(tx, caller, report_id))

    async def choose_readers(self, caller: Caller, report_id: int, wanted: Sequence[int]) -> Desk:
        """Leave out contacts who should not read it."""
        async with self._db.write() as tx:
            report = await self._begun(tx, caller, report_id)
            allowed = await self._possible(tx, report)
            readers = [reader for reader in allowed if reader in wanted]
            report = await self._store.change(tx, report_id, readers=readers)
            return await self._desk(tx, caller, report)

    async def name_person(self, caller: Caller, report_id: int, other_id: int | None) -> Desk:
        """Say whom it is about; they never read it, contact or not."""
        if other_id == caller.user_id:
            raise Refusal(_("That is you. Choose the other person, or nobody."))
        async with self._db.write() as tx:
            report = await self._begun(tx, caller, report_id)
            readers = [reader for reader in report.readers if reader != other_id]
            before = report.other_id
            if before is not None and before != other_id:
                readers += [one for one in await self._contacts(tx, report) if one == before]
            report = await self._store.change(tx, report_id, other_id=other_id, readers=readers)
            return await self._desk(tx, caller, report)

    async def _contacts(self, tx: Tx, report: Report) -> list[int]:
        cohort = await cohorts.require(tx, report.cohort_id)
        return [one for one in cohort.contacts if one != report.user_id]

    async def _possible(self, tx: Tx, report: Report) -> list[int]:
        return [one for one in await self._contacts(tx, report) if one != report.other_id]

    # --- sending

    async def send(self, caller: Caller, report_id: int, what: What, text: str) -> Report:
        """Send it to the readers the person saw, and to nobody else. Twice is once."""
        async with self._db.write() as tx:
            report = await self._own(tx, caller, report_id)
            if report.state is not ReportState.BEGUN:
                return report
            possible = await self._possible(tx, report)
            readers = [reader for reader in report.readers if reader in possible]
            if not readers:
                raise Refusal(
                    _("Nobody is left who could read this. Write to a moderator you trust.")
                )
            now = self._clock()
            report = await self._store.change(
                tx,
                report_id,
                what=what,
                text=text,
                readers=readers,
                state=ReportState.SENT,
                at=now,
            )
            for number, reader in enumerate(readers):
                await self._tell(tx, "safety.report", reader, report, number, now)
            return report

    async def _tell(
        self, tx: Tx, kind: str, user_id: int, report: Report, number: int, now: datetime
    ) -> None:
        await outbox.enqueue(
            tx,
            kind=kind,
            dedupe=f"{kind}:{report.report_id}:{number}",
            place=outbox.Place.user(user_id),
            now=now,
            subject={"report_id": report.report_id},
            priority=1,
            counts=False,
            any_hour=True,
        )

    async def report_came_back(
        self, tx: Tx, letter: Letter, code: int | None, why: str, now: datetime
    ) -> None:
        """Call a contact whose direct messages are closed to the staff channel, without a word."""
        report = await self._store.get(tx, int(letter.subject["report_id"]))
        cohort = await cohorts.get(tx, report.cohort_id) if report else None
        if report is None or cohort is None or cohort.staff_id is None:
            return
        await outbox.enqueue(
            tx,
            kind="safety.waiting",
            dedupe=f"safety.waiting:{letter.letter_id}",
            place=outbox.Place.channel(cohort.staff_id),
            now=now,
            subject={"report_id": report.report_id, "letter_id": letter.letter_id},
            priority=1,
            counts=False,
        )

    # --- no contact

    async def stop_contact(self, caller: Caller, report_id: int) -> Desk:
        """Never bring these two together again; the other is not told."""
        async with self._db.write() as tx:
            report = await self._own(tx, caller, report_id)
            if report.other_id is None:
                raise Refusal(_("Choose the person first."))
            await contact.stop(tx, caller.user_id, report.other_id, self._clock())
            return await self._desk(tx, caller, report)

    async def allow_contact(self, caller: Caller, report_id: int, other_id: int) -> Desk:
        """Take it back."""
        async with self._db.write() as tx:
            report = await self._own(tx, caller, report_id)
            await contact.allow(tx, caller.user_id, other_id)
            return await self._desk(tx, caller, report)

    # --- the people it goes to

    async def read(self, caller: Caller, report_id: int) -> Report:
        """Return a report to one of its readers. Raises NotAllowed for everyone else."""
        async with self._db.read() as tx:
            return await self._for_reader(tx, caller, report_id)

    async def take(self, caller: Caller, report_id: int) -> Report:
        """Say *I have it*: the person who sent it is told by whom."""
        async with self._db.write() as tx:
            report = await self._for_reader(tx, caller, report_id)
            if report.state is not ReportState.SENT:
                return report
            now = self._clock()
            report = await self._store.change(
                tx, report_id, state=ReportState.TAKEN, taken_by=caller.user_id, taken_at=now
            )
            if await self._writes_to(tx, report.user_id):
                await self._tell(tx, "safety.taken", report.user_id, report, 0, now)
            return await self._named(tx, report)

    async def close(self, caller: Caller, report_id: int) -> Report:
        """Say that it is dealt with; it leaves the list of what waits."""
        async with self._db.write() as tx:
            await self._for_reader(tx, caller, report_id)
            closed = await self._store.change(tx, report_id, state=ReportState.CLOSED)
            return await self._named(tx, closed)

    async def waiting(self, caller: Caller, cohort_id: int) -> Waiting:
        """Return what waits for this contact. Raises NotAllowed for anyone who is none."""
        async with self._db.read() as tx:
            cohort = await cohorts.require(tx, cohort_id)
            if caller.user_id not in cohort.contacts:
                raise NotAllowed(_("Only the people named as contacts can read that."))
            found = await self._store.of_cohort(tx, cohort_id, ReportState.SENT, ReportState.TAKEN)
        mine = tuple(report for report in found if caller.user_id in report.readers)
        return Waiting(cohort.name, mine)

    async def _writes_to(self, tx: Tx, user_id: int) -> bool:
        mine = await memberships.of_user(tx, user_id)
        return any(m.delivery is Delivery.DM and m.state is MemberState.JOINED for m in mine)

    async def _for_reader(self, tx: Tx, caller: Caller, report_id: int) -> Report:
        report = await self._store.get(tx, report_id)
        if report is None or report.state is ReportState.BEGUN:
            raise NotFound(_("That report is gone; the person may have had it deleted."))
        cohort = await cohorts.require(tx, report.cohort_id)
        if caller.user_id not in report.readers or caller.user_id not in cohort.contacts:
            raise NotAllowed(_("Only the people it was sent to can read this."))
        return await self._named(tx, report)

    async def _named(self, tx: Tx, report: Report) -> Report:
        found = [
            await memberships.find(tx, report.cohort_id, user_id)
            for user_id in (report.user_id, report.other_id)
            if user_id
        ]
        return replace(report, names={each.user_id: each.name for each in found if each})

    # --- for letters

    async def find(self, report_id: int) -> Report | None:
        """Return a report that was sent, for the messages that name it."""
        async with self._db.read() as tx:
            report = await self._store.get(tx, report_id)
        return report if report and report.state is not ReportState.BEGUN else None

    async def missed_by(self, letter_id: int, report: Report) -> int | None:
        """Return the reader whom a letter did not reach."""
        async with self._db.read() as tx:
            letter = await letters.get(tx, letter_id)
        reached = letter.place.id if letter else None
        return reached if reached in report.readers else None

    # --- what other cards and files show

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Say on `/me` what became of something the member sent."""
        lines: list[Line] = []
        for report in await self._store.by_user(tx, member.user_id):
            if report.cohort_id != member.cohort_id or report.state is ReportState.CLOSED:
                continue
            since = stamp(report.at, "R")
            if report.state is ReportState.TAKEN:
                text = _("A coordinator has read what you sent {since} and will be in touch.")
            else:
                text = _("You asked for a coordinator {since}. Nobody has picked it up yet.")
            lines.append(Line(text.format(since=since), order=15))
        return lines

    async def status(self, tx: Tx, cohort: Cohort, now: datetime) -> list[Line]:
        """Say on `/cohort status` how many asked for a coordinator, never who or why."""
        n = await self._store.waiting(tx, cohort.cohort_id)
        if not n:
            return []
        text = ngettext(
            "{n} person asked for a coordinator. Only the named contacts can read it.",
            "{n} people asked for a coordinator. Only the named contacts can read it.",
            n,
        )
        return [
            Line(
                text.format(n=n),
                _("Read"),
                "safety.waiting",
                str(cohort.cohort_id),
                order=1,
                urgent=True,
            )
        ]

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add what the person sent, and whom they want no contact with."""
        rows: list[dict[str, Any]] = [
            {
                "sent": report.at.isoformat(),
                "what": report.what.value,
                "about": str(report.other_id or ""),
                "text": report.text,
                "state": report.state.value,
            }
            for report in await self._store.by_user(tx, user_id)
        ]
        stops = [{"user": str(other)} for other in await contact.stopped_by(tx, user_id)]
        return [
            ExportPart("reports", _("Reports"), rows),
            ExportPart("no_contact", _("No contact with"), stops),
        ]

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept and who reads it."""
        lines: list[str] = []
        if n := len(await self._store.by_user(tx, user_id)):
            line = ngettext(
                "{n} report. Only the people you sent it to read it.",
                "{n} reports. Only the people you sent them to read them.",
                n,
            )
            lines.append(line.format(n=n))
        if n := len(await contact.stopped_by(tx, user_id)):
            line = ngettext(
                "{n} person you want no contact with. Nobody reads that.",
                "{n} people you want no contact with. Nobody reads that.",
                n,
            )
            lines.append(line.format(n=n))
        return lines

    async def erase(self, tx: Tx, user_id: int) -> None:
        """Forget the person in reports, their own and others'."""
        await self._store.erase(tx, user_id)

    async def sweep(self, now: datetime) -> None:
        """Forget reports that were begun and never sent."""
        if not now.minute:
            async with self._db.write() as tx:
                await self._store.forget_begun_before(tx, now - BEGUN_KEPT_FOR)

    # ---

    async def _own(self, tx: Tx, caller: Caller, report_id: int) -> Report:
        report = await self._store.get(tx, report_id)
        if report is None or report.user_id != caller.user_id:
            raise NotFound(_("That is gone. `/report` starts again."))
        return report

    async def _begun(self, tx: Tx, caller: Caller, report_id: int) -> Report:
        report = await self._own(tx, caller, report_id)
        if report.state is not ReportState.BEGUN:
            raise Refusal(_("That has been sent. `/report` starts another one."))
        return report

    async def _desk(self, tx: Tx, caller: Caller, report: Report) -> Desk:
        cohort = await cohorts.require(tx, report.cohort_id)
        stopped: list[Stopped] = []
        for user_id in await contact.stopped_by(tx, caller.user_id):
            known = await memberships.of_user(tx, user_id)
            name = known[0].name if known else _("somebody who left")
            stopped.append(Stopped(user_id, name))
        return Desk(
            report,
            cohort.name,
            tuple(await self._possible(tx, report)),
            tuple(stopped),
            in_server=caller.guild_id is not None,
        )
