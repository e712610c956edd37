"""A year with random downtime: never two digests for a week, and a reason where there is none."""

import asyncio
import shutil
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.clockwork.recurrence import to_utc
from bot.delivery import planner, schedules
from bot.delivery.planner import programme
from bot.errors import Refusal
from bot.people import cohorts
from bot.people.caller import Caller
from bot.people.contributions import Contributions
from bot.storage.database import Database
from cogs.checkins.store import CheckinStore
from cogs.checkins.weekly import CheckinWeekly
from cogs.digest.gathering import Gatherer
from cogs.digest.issues import Issues
from cogs.digest.model import FURTHEST, GRACE, NOTICE, IssueState, Why
from cogs.digest.service import DigestService
from cogs.digest.store import DigestStore
from tests.conftest import NEW_YORK, FrozenClock, add_cohort, enrol
from tests.digest.conftest import say, share_win, switch_on

BEGIN = datetime(2026, 3, 2, 15, tzinfo=UTC)
WEEKS = 52
MODERATOR = Caller(
    1, 500, "Morgan", manages_guild=True, role_ids=frozenset(), cohort=None, locale="en-US"
)
FRIDAYS = [date(2026, 3, 6) + timedelta(weeks=n) for n in range(WEEKS)]
DUE = {day: to_utc(day, time(16), NEW_YORK) for day in FRIDAYS}


class Year:
    """Lives through it, and works out from what happened what each week has to show."""

    def __init__(self, db, packs, seed):
        self.db, self.random = db, Random(seed)
        self.clock = FrozenClock(BEGIN)
        self.store = DigestStore()
        hooks = Contributions()
        wins = CheckinWeekly(CheckinStore(), None)
        hooks.digest.append(wins.digest)
        gatherer = Gatherer(self.store, packs, hooks)
        self.issues = Issues(db, self.clock, self.store, gatherer)
        self.service = DigestService(db, self.clock, self.store, self.issues, gatherer)
        self.programmes = {"digest": programme(self.issues)}
        self.said = []
        self.wins = []
        self.skipped, self.holidays, self.looked_at = set(), set(), []

    async def live(self):
        # Without dates there are no actions of a phase: a week can have nothing to say.
        self.cohort = await add_cohort(
            self.db, 500, BEGIN, announcements_id=7, staff_id=8, first_day=None, last_day=None
        )
        self.people = [
            await enrol(self.db, self.cohort, 1000 + n, f"P{n}", BEGIN) for n in range(60)
        ]
        await switch_on(self.db, self.cohort, BEGIN)
        end = DUE[FRIDAYS[-1]] + timedelta(days=3)
        up = True
        while self.clock() < end:
            until = self.clock() + timedelta(hours=self.random.choice([5, 20, 40, 90, 200]))
            if up:
                await self.run(min(until, end))
            self.clock.now = max(self.clock.now, min(until, end))
            up = not up
        await self.tick()

    async def run(self, until):
        """The bot is up: it looks at every moment at which something is due, and in between."""
        await self.tick()
        while self.clock() < until:
            async with self.db.read() as tx:
                planned = await schedules.next_at(tx)
            found = [await self.issues.next_at(self.clock()), planned, until]
            wander = self.clock() + timedelta(minutes=self.random.randint(200, 2000))
            self.clock.now = max(
                min(each for each in [*found, wander] if each), self.clock() + timedelta(seconds=1)
            )
            await self.something_happens()
            await self.tick()

    async def tick(self):
        now = self.clock()
        self.looked_at.append(now)
        async with self.db.write() as tx:
            await planner.plan(tx, now, self.programmes)
        await self.issues.work(now)
        for digest_id, page in await say(self.db, self.issues, now):
            if page.title:
                self.said.append((digest_id, now))

    async def something_happens(self):
        chance = self.random.random()
        now = self.clock()
        if chance < 0.25:
            await self.somebody_wins(now)
        elif chance < 0.30:
            await self.moderator_sends()
        elif chance < 0.33:
            await self.moderator_skips()
        elif chance < 0.35:
            await self.holiday(now)

    async def somebody_wins(self, now):
        if self.people:
            await share_win(None, self.db, self.people.pop(), "Something worked", now)
            self.wins.append(now)

    async def moderator_sends(self):
        """Press twice; what is refused is refused in words."""
        for _press in range(2):
            try:
                await self.service.send(MODERATOR)
            except Refusal as refusal:
                assert str(refusal)

    async def moderator_skips(self):
        desk = await self.service.preview(MODERATOR)
        if desk.issue.is_out or desk.issue.due_at is None:
            return
        await self.service.skip(MODERATOR, desk.issue.digest_id)
        self.skipped.add(desk.issue.period)

    async def holiday(self, now):
        day = next((day for day in FRIDAYS if now < DUE[day]), None)
        if day is not None:
            async with self.db.write() as tx:
                await cohorts.skip(tx, self.cohort.cohort_id, day)
            self.holidays.add(day)

    # --- what has to be true

    async def check(self):
        async with self.db.read() as tx:
            issues = await self.store.latest(tx, self.cohort.cohort_id, 100)
            schedule = await schedules.find(tx, self.cohort.cohort_id, "digest")
            rows = await schedules.occurrences_of(tx, schedule.schedule_id)
        week_of = {each.digest_id: each.week_on for each in issues}
        said = {}
        for digest_id, at in self.said:
            assert week_of[digest_id] not in said, "never two for one week"
            said[week_of[digest_id]] = at
        by_week = {each.week_on: each for each in issues}
        occurred = {row.on: row for row in rows}
        reasons = set()
        for day in FRIDAYS:
            week_on = day - timedelta(days=4)
            at = said.get(week_on)
            if at is not None:
                assert at >= DUE[day] - NOTICE - timedelta(days=4)
                assert at - DUE[day] <= GRACE or by_week[week_on].tries
                assert by_week[week_on].state is IssueState.SENT
                continue
            reasons.add(self.reason(day, by_week.get(week_on), occurred.get(day)))
            timely = [t for t in self.looked_at if DUE[day] <= t <= DUE[day] + GRACE]
            if timely and day not in self.skipped | self.holidays:
                assert not self.had_something(timely[0], said), "it was up and had something to say"
        return reasons, len(said)

    def reason(self, day, issue, occurrence):
        """Every week without a message has a row that says why."""
        if occurrence is not None:
            assert occurrence.state is schedules.OccurrenceState.SKIPPED
            assert occurrence.why
            return occurrence.why
        assert issue is not None and issue.state is IssueState.SKIPPED and issue.why
        return issue.why

    def had_something(self, at, said):
        before = [told for told in said.values() if told < at]
        since = max(before[-1:] or [BEGIN - timedelta(days=7)])
        since = max(since, at - FURTHEST)
        return any(since <= won < at for won in self.wins)


def live(blank_database, ring, packs, seed):
    async def run():
        with tempfile.TemporaryDirectory() as folder:
            file = shutil.copy(blank_database, Path(folder) / "stint.db")
            async with Database.open(f"sqlite+aiosqlite:///{file}", ring) as db:
                year = Year(db, packs, seed)
                await year.live()
                return await year.check()

    return asyncio.run(run())


@pytest.mark.slow
def test_a_year_of_downtime_never_brings_two_and_always_a_reason(blank_database, ring, packs):
    reasons, sent = set(), 0
    for seed in (1, 2):
        why, number = live(blank_database, ring, packs, seed)
        reasons |= why
        sent += number
    assert sent > 25
    assert {Why.NOTHING, Why.STALE, Why.MODERATOR, Why.HOLIDAY} <= reasons
