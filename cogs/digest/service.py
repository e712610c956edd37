"""What moderators do with a digest: look ahead, add a note, arrange, skip, send."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.clockwork.clock import Clock
from bot.clockwork.recurrence import Due
from bot.delivery.quiet import monday
from bot.errors import NotFound, Refusal
from bot.face.dates import stamp
from bot.face.words import N_, _
from bot.knowledge.content import Section
from bot.people import cohorts
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.contributions import HelpLine, Line
from bot.people.memberships import Member
from bot.storage.database import Database, Tx

from .gathering import Gatherer
from .issues import Issues
from .model import NOTICE, USUAL_ORDER, WHYS, Desk, Edition, Issue, IssueState, Settings, Why
from .store import DigestStore


class DigestService:
    """Let moderators see and change an issue; every action of theirs is noted."""

    help = (
        HelpLine(
            "/cohort digest preview", N_("see the week's digest before it goes out"), staff=True
        ),
    )

    def __init__(
        self, db: Database, clock: Clock, store: DigestStore, issues: Issues, gatherer: Gatherer
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._issues = issues
        self._gatherer = gatherer

    # --- looking

    async def preview(self, caller: Caller) -> Desk:
        """Return the issue that goes out next, as it would be now."""
        async with self._db.write() as tx:
            cohort, issue = await self._next(tx, caller)
        return await self._shown(cohort, issue)

    async def look_at(self, caller: Caller, digest_id: int) -> Desk:
        """Return an issue to a moderator of its cohort."""
        async with self._db.read() as tx:
            cohort, issue = await self._own(tx, caller, digest_id)
            return await self._desk(tx, cohort, issue)

    async def desk_of(self, digest_id: int) -> Desk | None:
        """Return an issue for the staff's own card."""
        async with self._db.read() as tx:
            issue = await self._store.get(tx, digest_id)
            if issue is None:
                return None
            return await self._desk(tx, await cohorts.require(tx, issue.cohort_id), issue)

    async def sample(self, cohort: Cohort, due: Due) -> Desk:
        """Return what would go out on a day, with nothing kept."""
        async with self._db.read() as tx:
            known = await self._store.of_week(tx, cohort.cohort_id, monday(due.on))
            chosen = await self._store.settings(tx, cohort.cohort_id)
            return await self._desk(tx, cohort, known or _imagined(cohort, due, chosen))

    async def _shown(self, cohort: Cohort, issue: Issue, news: str = "") -> Desk:
        async with self._db.read() as tx:
            return await self._desk(tx, cohort, issue, news)

    async def _desk(self, tx: Tx, cohort: Cohort, issue: Issue, news: str = "") -> Desk:
        now = self._clock()
        edition = Edition((), {})
        if not issue.is_out:
            edition = await self._gatherer.edition(tx, cohort, issue, now)
        chosen = await self._store.settings(tx, cohort.cohort_id)
        return Desk(cohort, issue, edition, chosen, now, news)

    async def _own(self, tx: Tx, caller: Caller, digest_id: int) -> tuple[Cohort, Issue]:
        issue = await self._store.get(tx, digest_id)
        if issue is None:
            raise NotFound(_("That digest is gone. `/cohort digest preview` shows the next one."))
        return await cohorts.moderated(tx, caller, issue.cohort_id), issue

    async def _next(self, tx: Tx, caller: Caller) -> tuple[Cohort, Issue]:
        """Return the issue a moderator means who names none: what waits, or what is due next."""
        cohort = await cohorts.managed_by(tx, caller)
        if not cohort.runs:
            raise Refusal(_("{name} is not live.").format(name=cohort.name))
        now = self._clock()
        week_on = monday(cohort.local_date(now))
        current = await self._store.of_week(tx, cohort.cohort_id, week_on)
        waits = (IssueState.HELD, IssueState.GOING, IssueState.FAILED)
        if current is not None and current.state in waits:
            return cohort, current
        due = await self._issues.upcoming(tx, cohort, now)
        if due is not None:
            return cohort, await self._issues.of_due(tx, cohort, due, IssueState.PLANNED)
        if current is None:
            current = await self._store.add(
                tx, cohort.cohort_id, week_on, cohort.local_date(now), None, IssueState.PLANNED
            )
        return cohort, current

    # --- before it goes out

    async def change_note(self, caller: Caller, digest_id: int, text: str) -> Desk:
        """Put the moderators' own words into an issue; empty takes them out."""
        news = _("Your note is in it.") if text else _("There is no note in it.")
        return await self._change(caller, digest_id, "note", news, note=text)

    async def arrange(self, caller: Caller, digest_id: int, shown: Sequence[Section]) -> Desk:
        """Choose which sections an issue has; those that stay keep their order."""
        async with self._db.read() as tx:
            _cohort, issue = await self._own(tx, caller, digest_id)
        kept = [section for section in issue.sections if section in shown]
        kept += [section for section in USUAL_ORDER if section in shown and section not in kept]
        return await self._change(caller, digest_id, "sections", _("Saved."), sections=kept)

    async def put_first(self, caller: Caller, digest_id: int, section: Section) -> Desk:
        """Move a section to the top."""
        async with self._db.read() as tx:
            _cohort, issue = await self._own(tx, caller, digest_id)
        rest = [each for each in issue.sections if each is not section]
        order = [section, *rest]
        return await self._change(caller, digest_id, "sections", _("Saved."), sections=order)

    async def keep_sections(self, caller: Caller, digest_id: int) -> Desk:
        """Have every week's issue arranged like this one."""
        async with self._db.write() as tx:
            cohort, issue = await self._own(tx, caller, digest_id)
            chosen = await self._store.settings(tx, cohort.cohort_id)
            chosen = replace(chosen, sections=issue.sections)
            await self._store.choose(tx, cohort.cohort_id, chosen)
            await self._log(tx, cohort, caller, "sections for every week", issue)
        return await self._shown(cohort, issue, _("Every week is arranged like this from now on."))

    async def choose_hold(self, caller: Caller, digest_id: int, *, hold: bool) -> Desk:
        """Choose whether digests go out by themselves, from the next one on."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort, issue = await self._own(tx, caller, digest_id)
            chosen = replace(await self._store.settings(tx, cohort.cohort_id), hold=hold)
            await self._store.choose(tx, cohort.cohort_id, chosen)
            early = (IssueState.PLANNED, IssueState.AHEAD)
            for each in await self._store.open_of(tx, cohort.cohort_id, *early):
                changed = await self._store.change(tx, each.digest_id, hold=hold)
                await self._issues.renew_card(tx, cohort, changed, now)
            await self._log(tx, cohort, caller, "held" if hold else "not held", issue)
            news = (
                _("From now on a digest waits for *Send now*.")
                if hold
                else _("From now on digests go out by themselves.")
            )
            _cohort, issue = await self._own(tx, caller, digest_id)
        return await self._shown(cohort, issue, news)

    async def skip(self, caller: Caller, digest_id: int) -> Desk:
        """Leave a week out. Raises Refusal once it has gone out."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort, issue = await self._own(tx, caller, digest_id)
            _refuse_if_out(issue)
            if issue.state is not IssueState.SKIPPED:
                issue = await self._issues.leave_out(tx, cohort, issue, Why.MODERATOR, now)
                await self._log(tx, cohort, caller, "skipped", issue)
        return await self._shown(cohort, issue)

    async def bring_back(self, caller: Caller, digest_id: int) -> Desk:
        """Let a week go out after all that was skipped. Raises Refusal when its time has passed."""
        now = self._clock()
        async with self._db.write() as tx:
            cohort, issue = await self._own(tx, caller, digest_id)
            _refuse_if_out(issue)
            if issue.state is IssueState.SKIPPED:
                if issue.due_at is None or issue.due_at <= now:
                    raise Refusal(_("Its time has passed. *Send now* posts it after all."))
                issue = await self._store.change(tx, digest_id, state=IssueState.AHEAD, why="")
                await self._issues.show_staff(tx, cohort, issue, now)
                await self._log(tx, cohort, caller, "brought back", issue)
        return await self._shown(cohort, issue, _("It goes out after all."))

    async def send(self, caller: Caller, digest_id: int | None = None) -> Desk:
        """Let an issue go out now; a second press, or the clock, sends it no second time.

        Raises Refusal for a week that is still to come, or when there is nothing to say.
        """
        now = self._clock()
        async with self._db.write() as tx:
            if digest_id is None:
                cohort, issue = await self._next(tx, caller)
            else:
                cohort, issue = await self._own(tx, caller, digest_id)
        desk = await self._shown(cohort, issue)
        if not issue.is_out:
            self._refuse_if_early(cohort, issue, now)
            if desk.channel_id is None:
                raise Refusal(_("Choose a channel for announcements first: `/cohort edit`."))
            if not desk.edition.says_something:
                raise Refusal(_("There is nothing to say yet. A note of yours would be enough."))
        async with self._db.write() as tx:
            cohort, issue = await self._own(tx, caller, issue.digest_id)
            if issue.is_out:
                return replace(desk, issue=issue, news=_("It has gone out already."))
            issue = await self._issues.go(tx, cohort, issue, now)
            await self._log(tx, cohort, caller, "sent", issue)
        return replace(desk, issue=issue)

    def _refuse_if_early(self, cohort: Cohort, issue: Issue, now: datetime) -> None:
        this_week = monday(cohort.local_date(now))
        if issue.week_on < this_week:
            raise Refusal(
                _("That week is over. `/cohort digest preview` shows the one that is next.")
            )
        if issue.week_on == this_week or issue.due_at is None:
            return
        if issue.due_at - NOTICE > now:
            raise Refusal(
                _(
                    "This week has had its digest, or has none. The next one is due {when}; from a "
                    "day before you can send it early."
                ).format(when=stamp(issue.due_at, "F"))
            )

    async def _change(
        self, caller: Caller, digest_id: int, what: str, news: str, **values: Any
    ) -> Desk:
        now = self._clock()
        async with self._db.write() as tx:
            cohort, issue = await self._own(tx, caller, digest_id)
            _refuse_if_out(issue)
            issue = await self._store.change(tx, digest_id, **values)
            await self._issues.renew_card(tx, cohort, issue, now)
            await self._log(tx, cohort, caller, what, issue)
        return await self._shown(cohort, issue, news)

    async def _log(self, tx: Tx, cohort: Cohort, caller: Caller, action: str, issue: Issue) -> None:
        words = f"digest {action}"
        detail = f"week of {issue.week_on}"
        await cohorts.log(tx, cohort.cohort_id, caller.user_id, words, detail, self._clock())

    # --- on other cards

    async def status(self, tx: Tx, cohort: Cohort, now: datetime) -> list[Line]:
        """Say on `/cohort status` when the digest goes out, waits, or why it did not."""
        found = await self._store.latest(tx, cohort.cohort_id, 2)
        lines: list[Line] = []
        for issue in found:
            number = str(issue.digest_id)
            if issue.state is IssueState.HELD:
                text = _("The digest waits for *Send now*.")
                lines.append(Line(text, _("Digest"), "digest.see", number, order=9, urgent=True))
            elif issue.state is IssueState.AHEAD and issue.due_at is not None:
                when = stamp(issue.due_at, "R")
                text = _("The digest goes out {when}.").format(when=when)
                lines.append(Line(text, _("Digest"), "digest.see", number, order=12))
            elif issue.state is IssueState.FAILED and issue is found[0]:
                text = _("The digest could not be posted: {why}.").format(why=issue.why)
                lines.append(Line(text, _("Digest"), "digest.see", number, order=9, urgent=True))
            elif issue.state is IssueState.SKIPPED and issue is found[0]:
                why = _(WHYS[Why(issue.why)]) if issue.why in set(Why) else issue.why
                text = _("The latest digest was left out. {why}").format(why=why)
                lines.append(Line(text, _("Digest"), "digest.see", number, order=62))
        return lines

    async def erase(self, tx: Tx, user_id: int) -> None:
        """Forget frozen words in which the user may be named."""
        await self._store.forget_pages(tx, user_id)

    async def erase_member(self, tx: Tx, member: Member) -> None:
        """Forget frozen words in which a membership that goes may be named."""
        await self._store.forget_pages(tx, member.user_id)

    async def cloned(self, tx: Tx, old: Cohort, new: Cohort) -> None:
        """Give a new cohort the digest that another one had."""
        await self._store.choose(tx, new.cohort_id, await self._store.settings(tx, old.cohort_id))


def _refuse_if_out(issue: Issue) -> None:
    if issue.is_out:
        raise Refusal(
            _("That digest has gone out. `/cohort digest preview` shows the one that is next.")
        )


def _imagined(cohort: Cohort, due: Due, chosen: Settings) -> Issue:
    return Issue(
        digest_id=0,
        cohort_id=cohort.cohort_id,
        week_on=monday(due.on),
        period=due.on,
        due_at=due.at,
        state=IssueState.PLANNED,
        why="",
        hold=chosen.hold,
        sections=chosen.sections,
        note="",
        pages=None,
        version=0,
        tries=0,
        going_at=None,
        composed_at=None,
        sent_at=None,
        channel_id=None,
        message_id=None,
    )
