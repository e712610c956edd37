"""A week's issue: announced a day ahead, sent once, and what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.clockwork.clock import Clock
from bot.clockwork.recurrence import Due
from bot.delivery import letters, outbox, schedules, undeliverable
from bot.delivery.letters import Letter, LetterState
from bot.delivery.outbox import Place
from bot.delivery.quiet import monday
from bot.delivery.schedules import Occurrence, OccurrenceState
from bot.people import cohorts
from bot.people.cohorts import Cohort, CohortState
from bot.people.memberships import Member
from bot.storage.database import Database, Tx

from .gathering import Gatherer
from .model import (
    COMES_BACK,
    GRACE,
    HELD_FOR,
    KIND,
    NOTICE,
    OPEN,
    TOO_LATE,
    Issue,
    IssueState,
    Page,
    Why,
    channel_of,
)
from .pages import freeze, thaw
from .store import DigestStore

A_MOMENT = timedelta(seconds=1)
STANDS = (LetterState.SENDING, LetterState.SENT)


class Issues:
    """Take issues from the notice to the last page said."""

    def __init__(self, db: Database, clock: Clock, store: DigestStore, gatherer: Gatherer) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._gatherer = gatherer

    # --- what the schedule says

    async def fire(
        self, tx: Tx, cohort: Cohort, occurrence: Occurrence, members: list[Member], now: datetime
    ) -> str | None:
        """Let the week's issue go out; return why it does not, if so."""
        due = Due(occurrence.on, occurrence.due_at)
        issue = await self.of_due(tx, cohort, due, IssueState.AHEAD)
        if issue.is_out:
            return None
        if issue.state is IssueState.SKIPPED and issue.why == Why.MODERATOR:
            return issue.why
        if issue.hold:
            issue = await self._store.change(tx, issue.digest_id, state=IssueState.HELD, why="")
            await self.show_staff(tx, cohort, issue, now)
            return None
        issue = await self.go(tx, cohort, issue, now)
        return issue.why or None

    async def of_due(self, tx: Tx, cohort: Cohort, due: Due, state: IssueState) -> Issue:
        """Return the issue of a moment's week, after beginning or moving it there."""
        week_on = monday(due.on)
        known = await self._store.of_week(tx, cohort.cohort_id, week_on)
        if known is None:
            return await self._store.add(tx, cohort.cohort_id, week_on, due.on, due.at, state)
        if known.is_out or (known.period, known.due_at) == (due.on, due.at):
            return known
        return await self._store.change(tx, known.digest_id, period=due.on, due_at=due.at)

    async def upcoming(self, tx: Tx, cohort: Cohort, now: datetime) -> Due | None:
        """Return when a cohort's next digest is, if it is switched on."""
        schedule = await schedules.find(tx, cohort.cohort_id, KIND)
        if schedule is None or not schedule.enabled or not cohort.runs:
            return None
        skipped = set(await cohorts.skipped(tx, cohort.cohort_id))
        moment = now
        for _n in range(len(skipped) + 1):
            due = schedule.rule.next(moment, cohort.zone)
            if due.on not in skipped:
                return due if schedules.in_span(cohort, due.on) else None
            moment = due.at
        return None

    # --- by itself, every minute

    async def work(self, now: datetime) -> None:
        """Announce, pass over what will not be, and note what became of what went out."""
        await self.plan_ahead(now)
        await self.follow(now)

    async def next_at(self, now: datetime) -> datetime | None:
        """Return the next moment at which something is announced or grows too old."""
        moments: list[datetime] = []
        async with self._db.read() as tx:
            for cohort_id in await self._store.cohorts_with_digests(tx):
                due = await self.upcoming(tx, await cohorts.require(tx, cohort_id), now)
                moments += [due.at - NOTICE, due.at] if due else []
            for issue in await self._store.in_state(tx, IssueState.HELD):
                moments += [issue.due_at + HELD_FOR] if issue.due_at else []
            for issue in await self._store.in_state(tx, IssueState.GOING):
                moments += [now + A_MOMENT] if await self._first(tx, issue) else []
        return min((at for at in moments if at > now), default=None)

    async def plan_ahead(self, now: datetime) -> None:
        """Announce the issues of the next day; leave out those that will not be."""
        async with self._db.read() as tx:
            planned: dict[int, Due | None] = {}
            for cohort_id in await self._store.cohorts_with_digests(tx):
                cohort = await cohorts.require(tx, cohort_id)
                planned[cohort_id] = await self.upcoming(tx, cohort, now)
            waiting = await self._store.in_state(tx, *OPEN)
            new = [
                (cohort_id, due)
                for cohort_id, due in planned.items()
                if due and due.at - NOTICE <= now and await self._is_news(tx, cohort_id, due)
            ]
        over = [(one, why) for one in waiting if (why := _over(one, planned, now))]
        if not new and not over:
            return
        async with self._db.write() as tx:
            for issue, why in over:
                await self._pass_over(tx, issue, why, now)
            for cohort_id, due in new:
                await self._announce(tx, await cohorts.require(tx, cohort_id), due, now)

    async def _is_news(self, tx: Tx, cohort_id: int, due: Due) -> bool:
        known = await self._store.of_week(tx, cohort_id, monday(due.on))
        if known is None or known.state is IssueState.PLANNED:
            return True
        moved = (known.period, known.due_at) != (due.on, due.at)
        if known.state is IssueState.AHEAD:
            return moved
        return known.state is IssueState.SKIPPED and known.why in COMES_BACK

    async def _announce(self, tx: Tx, cohort: Cohort, due: Due, now: datetime) -> None:
        issue = await self.of_due(tx, cohort, due, IssueState.AHEAD)
        if issue.is_out:
            return
        issue = await self._store.change(tx, issue.digest_id, state=IssueState.AHEAD, why="")
        await self.show_staff(tx, cohort, issue, now)

    async def _pass_over(self, tx: Tx, issue: Issue, why: Why, now: datetime) -> None:
        current = await self._store.get(tx, issue.digest_id)
        if current is None or current.state not in OPEN:
            return
        cohort = await cohorts.require(tx, issue.cohort_id)
        if why is Why.OFF and issue.period in await cohorts.skipped(tx, issue.cohort_id):
            why = Why.HOLIDAY
        await self.leave_out(tx, cohort, current, why, now)

    async def leave_out(
        self, tx: Tx, cohort: Cohort, issue: Issue, why: Why, now: datetime
    ) -> Issue:
        """Note that an issue does not go out, and why; its occurrence says the same."""
        state = IssueState.SKIPPED
        issue = await self._store.change(tx, issue.digest_id, state=state, why=why, pages=None)
        schedule = await schedules.find(tx, issue.cohort_id, KIND)
        if schedule is not None:
            was = await schedules.occurrence(tx, schedule.schedule_id, issue.period)
            if was is not None:
                await schedules.settle(tx, was.occurrence_id, OccurrenceState.SKIPPED, why)
        await self.renew_card(tx, cohort, issue, now)
        return issue

    # --- the staff's card

    async def show_staff(self, tx: Tx, cohort: Cohort, issue: Issue, now: datetime) -> None:
        """Put the issue before the staff, or bring the card up to date that stands there."""
        if cohort.staff_id is None:
            return
        sent = await outbox.enqueue(
            tx,
            kind="digest.card",
            dedupe=f"{issue.key}card",
            place=Place.channel(cohort.staff_id),
            now=now,
            expires_at=(issue.due_at or now) + HELD_FOR,
            cohort_id=cohort.cohort_id,
            subject={"digest_id": issue.digest_id},
            counts=False,
        )
        if sent is None:
            await self.renew_card(tx, cohort, issue, now)

    async def renew_card(self, tx: Tx, cohort: Cohort, issue: Issue, now: datetime) -> None:
        """Have the staff's card say how things are now; one that waits says so by itself."""
        stands = await outbox.result(tx, f"{issue.key}card")
        if stands is None or stands.state not in STANDS or cohort.staff_id is None:
            return
        await outbox.cancel(tx, f"{issue.key}again:", now, "something newer is said")
        await outbox.enqueue(
            tx,
            kind="digest.card",
            dedupe=f"{issue.key}again:{issue.version}",
            place=Place.channel(stands.channel_id or cohort.staff_id),
            now=now,
            expires_at=now + HELD_FOR,
            cohort_id=cohort.cohort_id,
            subject={"digest_id": issue.digest_id},
            depends_on=stands.letter_id,
            action="edit",
            counts=False,
        )

    # --- going out

    async def go(self, tx: Tx, cohort: Cohort, issue: Issue, now: datetime) -> Issue:
        """Write the letter of an issue, once; its words are found when it is about to be said."""
        channel_id = channel_of(cohort)
        if issue.is_out:
            return issue
        if channel_id is None:
            return await self.leave_out(tx, cohort, issue, Why.NO_CHANNEL, now)
        issue = await self._store.change(
            tx,
            issue.digest_id,
            state=IssueState.GOING,
            why="",
            going_at=now,
            pages=None,
            composed_at=None,
            tries=issue.tries + 1,
        )
        await outbox.enqueue(
            tx,
            kind="digest.page",
            dedupe=f"{issue.post_key}0",
            place=Place.channel(channel_id),
            now=now,
            expires_at=max(issue.due_at or now, now) + GRACE,
            cohort_id=cohort.cohort_id,
            subject={"digest_id": issue.digest_id, "page": 0},
            counts=False,
        )
        await self.renew_card(tx, cohort, issue, now)
        return issue

    async def page(self, letter: Letter) -> Page | None:
        """Return one page of an issue; the first to ask has all of them put together and kept.

        None when there is nothing to say any more.
        """
        digest_id, number = int(letter.subject["digest_id"]), int(letter.subject["page"])
        now = self._clock()
        async with self._db.read() as tx:
            issue = await self._store.get(tx, digest_id)
            if issue is None or issue.state is not IssueState.GOING:
                return None
            if issue.pages is not None:
                return _nth(thaw(issue.pages), number)
            cohort = await cohorts.require(tx, issue.cohort_id)
            edition = await self._gatherer.edition(tx, cohort, issue, now)
        async with self._db.write() as tx:
            issue = await self._store.get(tx, digest_id)
            if issue is None or issue.state is not IssueState.GOING:
                return None
            if not edition.says_something:
                await self.leave_out(tx, cohort, issue, Why.NOTHING, now)
                return None
            if issue.pages is None:
                issue = await self._store.change(
                    tx, digest_id, pages=freeze(edition.pages), composed_at=now
                )
                await self._write_the_rest(tx, letter, len(edition.pages), now)
            assert issue.pages is not None
            return _nth(thaw(issue.pages), number)

    async def _write_the_rest(self, tx: Tx, first: Letter, number: int, now: datetime) -> None:
        for page in range(1, number):
            await outbox.enqueue(
                tx,
                kind="digest.page",
                dedupe=f"{first.dedupe.rpartition(':')[0]}:{page}",
                place=first.place,
                now=now,
                expires_at=first.expires_at,
                cohort_id=first.cohort_id,
                subject={**first.subject, "page": page},
                depends_on=first.letter_id,
                counts=False,
            )

    async def follow(self, now: datetime) -> None:
        """Note what became of the issues on their way, and tell the staff's card."""
        async with self._db.read() as tx:
            going = await self._store.in_state(tx, IssueState.GOING)
            ended = [one for one in going if await self._first(tx, one) is not None]
        if not ended:
            return
        async with self._db.write() as tx:
            for each in ended:
                await self._note(tx, each.digest_id, now)

    async def _first(self, tx: Tx, issue: Issue) -> Letter | None:
        """Return the letter of the first page once its way has ended."""
        posted = await outbox.result(tx, f"{issue.post_key}0")
        if posted is None or posted.state in letters.OPEN:
            return None
        for number in range(1, len(thaw(issue.pages)) if issue.pages else 1):
            later = await outbox.result(tx, f"{issue.post_key}{number}")
            if later is not None and later.state in letters.OPEN:
                return None
        return await letters.get(tx, posted.letter_id)

    async def _note(self, tx: Tx, digest_id: int, now: datetime) -> None:
        issue = await self._store.get(tx, digest_id)
        if issue is None or issue.state is not IssueState.GOING:
            return
        letter = await self._first(tx, issue)
        if letter is None:
            return
        cohort = await cohorts.require(tx, issue.cohort_id)
        if letter.state is LetterState.CANCELLED:
            await self.leave_out(tx, cohort, issue, Why.DROPPED, now)
            return
        if letter.state is LetterState.SENT:
            issue = await self._store.change(
                tx,
                digest_id,
                state=IssueState.SENT,
                sent_at=letter.ended_at,
                channel_id=letter.channel_id,
                message_id=letter.message_id,
                pages=None,
            )
        else:
            why = undeliverable.plain(letter.last_code, letter.last_error)
            if cohort.state is CohortState.BLOCKED and cohort.blocked_reason:
                why = cohort.blocked_reason
            issue = await self._store.change(
                tx, digest_id, state=IssueState.FAILED, why=why, pages=None
            )
        await self.renew_card(tx, cohort, issue, now)


def _nth(pages: Sequence[Page], number: int) -> Page | None:
    return pages[number] if number < len(pages) else None


def _over(issue: Issue, planned: dict[int, Due | None], now: datetime) -> Why | None:
    """Return why an issue that waits will not be, if so."""
    if issue.due_at is None:
        return None
    if issue.state is IssueState.HELD:
        return Why.HELD if now >= issue.due_at + HELD_FOR else None
    due = planned.get(issue.cohort_id)
    if issue.due_at <= now:
        return Why.STALE if now - issue.due_at > TOO_LATE else None
    if due is None or monday(due.on) > issue.week_on:
        return Why.OFF
    return None
