"""A year in jumps, while people move around the world and pause: each is asked once a week."""

import asyncio
import shutil
import tempfile
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.clockwork.recurrence import Weekly
from bot.delivery import budget, recipients, schedules
from bot.delivery.letters import letters
from bot.delivery.recipients import Outcome
from bot.people import memberships, users
from bot.people.memberships import Delivery, Volume
from bot.storage.database import Database
from tests.bot.delivery.conftest import Asking, Rhythm
from tests.conftest import FrozenClock, add_cohort, enrol

ZONES = [
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "Africa/Cairo",
]
BEGIN = datetime(2026, 3, 2, 0, tzinfo=UTC)
PEOPLE = 6


class Year:
    """Lives through the programme and remembers who was pausing when."""

    def __init__(self, db, random, volume, weeks):
        self.db, self.random, self.volume, self.weeks = db, random, volume, weeks
        self.clock = FrozenClock(BEGIN)

    async def live(self):
        self.cohort = await add_cohort(
            self.db, 500, BEGIN, first_day=date(2026, 3, 1), last_day=date(2027, 3, 1)
        )
        self.rhythm = Rhythm(self.db, self.cohort, self.clock, Asking())
        self.people = [
            await enrol(
                self.db,
                self.cohort,
                number,
                f"P{number}",
                BEGIN - timedelta(days=2),
                zone=self.random.choice(ZONES),
                delivery=Delivery.DM,
                volume=self.volume,
            )
            for number in range(1, PEOPLE + 1)
        ]
        self.schedule = await self.rhythm.set()
        self.clock.now = BEGIN + timedelta(days=1)
        await self.rhythm.plan()
        await self.more_schedules()
        while self.clock() < BEGIN + timedelta(weeks=self.weeks, days=-3):
            self.clock.advance(seconds=self.random.randint(60, 20 * 3600))
            await self.rhythm.plan()
            if self.random.random() < 0.3:
                await self.something_changes()
                await self.rhythm.plan()

    async def more_schedules(self):
        for kind, weekday, hour in (("test.other", 0, 15), ("test.third", 3, 23)):
            rule = Weekly(weekday=weekday, at=time(hour), anchor=date(2026, 3, 2))
            await self.rhythm.set(kind=kind, rule=rule)

    async def something_changes(self):
        chosen = self.random.choice(self.people)
        async with self.db.write() as tx:
            member = await memberships.get(tx, chosen.member_id)
            today = member.local_date(self.clock())
            change = self.random.random()
            if change < 0.7:
                await users.change(tx, member.user_id, zone=self.random.choice(ZONES))
            elif change < 0.85:
                until = today + timedelta(days=self.random.randint(1, 20))
                await memberships.pause(tx, member, today, until)
            else:
                await memberships.resume(tx, member, today)
            await schedules.touch_user(tx, member.user_id)

    async def check(self):
        mondays = [date(2026, 3, 9) + timedelta(weeks=n) for n in range(self.weeks - 1)]
        async with self.db.read() as tx:
            for person in self.people:
                met = await recipients.of_member(tx, self.schedule.schedule_id, person.member_id)
                met = [row for row in met if row.period >= mondays[0]]
                assert [row.period for row in met] == mondays
                wanted = {Outcome.ASKED, Outcome.PAUSED, Outcome.BUNDLED}
                assert {row.outcome for row in met} <= wanted
                await self.check_letters(tx, person.member_id)
                await self.check_budget(tx, person.member_id)

    async def check_letters(self, tx, member_id):
        asked = (
            select(recipients.recipients.c.period)
            .where(recipients.recipients.c.member_id == member_id)
            .where(recipients.recipients.c.outcome == Outcome.ASKED)
        )
        written = select(letters).where(letters.c.member_id == member_id)
        assert len((await tx.execute(asked)).all()) == len((await tx.execute(written)).all())

    async def check_budget(self, tx, member_id):
        rows = (await tx.execute(select(budget.pings).filter_by(member_id=member_id))).all()
        assert max(Counter(row.local_on for row in rows).values()) == 1
        most = 1 if self.volume is Volume.LIGHT else 3
        assert max(Counter(row.week_on for row in rows).values()) <= most


def live(blank_database, ring, seed, volume, weeks):
    async def run():
        with tempfile.TemporaryDirectory() as folder:
            file = shutil.copy(blank_database, Path(folder) / "stint.db")
            async with Database.open(f"sqlite+aiosqlite:///{file}", ring) as db:
                year = Year(db, Random(seed), Volume(volume), weeks)
                await year.live()
                await year.check()

    asyncio.run(run())


lives = given(seed=st.integers(0, 2**32), volume=st.sampled_from(["light", "standard"]))
HOW = {
    "deadline": None,
    "phases": [Phase.generate],
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


@settings(max_examples=3, **HOW)
@lives
@pytest.mark.slow
def test_weeks_of_jumps_moves_and_pauses_ask_everyone_exactly_once_a_week(
    blank_database, ring, seed, volume
):
    live(blank_database, ring, seed, volume, weeks=5)


@pytest.mark.slow
@settings(max_examples=6, **HOW)
@lives
def test_a_whole_year_of_them_does_so_too(blank_database, ring, seed, volume):
    live(blank_database, ring, seed, volume, weeks=52)
