"""A check-in and a digest of the simplest kind, and the moments tests talk about."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clockwork.recurrence import Weekly
from bot.delivery import outbox, planner, recipients, schedules
from bot.delivery.outbox import NewLetter, Place
from bot.delivery.schedules import Scope
from bot.people import cohorts
from bot.people.memberships import Delivery

MONDAYS_AT_NINE = Weekly(weekday=0, at=time(9), anchor=date(2026, 3, 2))
GRACE = timedelta(hours=26)
NEXT_MONDAY = date(2026, 3, 9)


def local(zone: str, *when: int) -> datetime:
    """A moment as a clock in `zone` shows it."""
    return datetime(*when, tzinfo=ZoneInfo(zone))


@dataclass
class Asking:
    """A programme that writes everyone asked a direct message, and the cohort's channel a card."""

    fired: list[tuple[str, date, list[int]]] = field(default_factory=list)

    async def fire(self, tx, cohort, occurrence, members, now):
        self.fired.append((occurrence.zone, occurrence.on, [m.member_id for m in members]))
        new = [
            NewLetter(
                kind="test.ask",
                dedupe=f"ask:{occurrence.schedule_id}:{occurrence.on}:{member.member_id}",
                place=Place.user(member.user_id),
                due_at=occurrence.due_at,
                cohort_id=cohort.cohort_id,
                member_id=member.member_id,
            )
            for member in members
            if member.delivery is not Delivery.CARD
        ]
        numbers = await outbox.enqueue_all(tx, new, now)
        await recipients.link(
            tx,
            occurrence.schedule_id,
            occurrence.on,
            [(one.member_id, numbers[one.dedupe]) for one in new if one.dedupe in numbers],
        )


@dataclass
class Rhythm:
    """A cohort's weekly check-in in a test's hands."""

    db: object
    cohort: object
    clock: object
    asking: Asking

    def __post_init__(self):
        kinds = ("checkin", "test", "test.other", "test.third")
        self.programmes = {kind: planner.programme(self.asking) for kind in kinds}

    async def set(self, scope=Scope.MEMBER, rule=MONDAYS_AT_NINE, grace=GRACE, kind="test"):
        async with self.db.write() as tx:
            cohort = await cohorts.require(tx, self.cohort.cohort_id)
            return await schedules.set_schedule(
                tx, cohort, kind, rule, scope, grace=grace, now=self.clock()
            )

    async def plan(self, at=None):
        if at is not None:
            self.clock.now = at
        async with self.db.write() as tx:
            return await planner.plan(tx, self.clock(), self.programmes)

    async def change(self, **values):
        async with self.db.write() as tx:
            return await cohorts.change(tx, self.cohort.cohort_id, **values)

    async def outcomes(self, schedule, period=NEXT_MONDAY):
        async with self.db.read() as tx:
            rows = await recipients.of_period(tx, schedule.schedule_id, period)
        return {row.member_id: (row.outcome.value, row.why) for row in rows}

    async def came_to(self, schedule):
        async with self.db.read() as tx:
            found = await schedules.occurrences_of(tx, schedule.schedule_id)
        return [(each.zone, each.on, each.state.value, each.why) for each in reversed(found)]

    async def next_fire_at(self, schedule):
        async with self.db.read() as tx:
            return (await schedules.get(tx, schedule.schedule_id)).next_fire_at


@pytest.fixture
def rhythm(db, cohort, clock):
    return Rhythm(db, cohort, clock, Asking())
