"""A cohort with introductions: eight people in four zones, a channel, and rounds every Tuesday."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.clockwork.recurrence import Weekly
from bot.delivery import schedules
from bot.delivery.schedules import Scope
from bot.matching import solver, worker
from bot.people import cohorts, memberships, profiles
from bot.people.memberships import Delivery
from bot.people.profiles import Detail
from bot.people.users import Inbox
from cogs.introductions.model import GRACE
from tests.conftest import words_of

TUESDAY = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
"""Ten in the morning on the first Tuesday in New York, a day after the tests begin."""
RULE = Weekly(weekday=1, at=time(10), every=2, anchor=date(2026, 3, 3))

ZONES = {
    "ada": "America/New_York",
    "ben": "America/New_York",
    "chen": "Europe/Berlin",
    "dora": "Europe/Berlin",
    "emil": "Asia/Kolkata",
    "fay": "Asia/Kolkata",
    "gus": "America/Los_Angeles",
    "hana": "America/Los_Angeles",
}


@dataclass
class Rounds:
    """Introductions as their people live them."""

    world: object
    hall: object
    people: dict

    def __getattr__(self, name):
        people = self.__dict__["people"]
        return people[name] if name in people else getattr(self.__dict__["world"], name)

    async def member(self, name, **values):
        person = self.people[name]
        values = {
            "delivery": Delivery.DM,
            "inbox": Inbox.OPEN,
            "zone": ZONES.get(name, "America/New_York"),
            "volume": memberships.Volume.EVERYTHING,
            **values,
        }
        return await self.world.join(person, **values)

    async def everyone_in(self, *names, **values):
        for name in names or self.people:
            await self.member(name, **values)
            await self.people[name].slash(self.hall, "intro join")

    async def tell(self, name, **texts):
        async with self.world.db.write() as tx:
            found = await memberships.find(tx, self.world.cohort.cohort_id, self.people[name].id)
            about = {Detail(key): text for key, text in texts.items()}
            await profiles.write(tx, found.member_id, about, self.world.env.now())
            await profiles.show(tx, found.member_id, about, self.world.env.now())

    def inbox(self, name):
        return self.people[name].user.dm_channel.history()

    def letters(self, name):
        return "\n".join(words_of(message) for message in self.inbox(name))

    def threads(self):
        return sorted(self.hall.threads, key=lambda thread: thread.id)

    def thread_of(self, name):
        """The newest thread somebody is in."""
        mine = [t for t in self.threads() if self.people[name].id in self.inside(t)]
        return mine[-1] if mine else None

    def inside(self, thread):
        members = set(self.world.env.backend.get_thread(thread.id).thread_members)
        return members - {self.world.env.backend.bot_user.id}

    def partners(self, name):
        ids = self.inside(self.thread_of(name)) - {self.people[name].id}
        return sorted(n for n, person in self.people.items() if person.id in ids)

    def said(self, name):
        return "\n".join(words_of(message) for message in self.thread_of(name).history())

    async def tap(self, name, label, message=None):
        """Press a button on the newest message of one's thread that has it."""
        if message is None:
            found = self.thread_of(name).history()
            message = next(m for m in reversed(found) if f"{label}" in words_of(m).splitlines())
        return await self.people[name].click(message, label=label)

    async def travel(self, **by):
        await self.world.travel(self.world.env.now() + timedelta(**by))

    async def until(self, moment):
        await self.world.travel(moment)


async def at_once(question):
    """Ask the solver without a process of its own, which is a second's wait for every draw."""
    return solver.solve(question)


@pytest.fixture
def child_process():
    """Have draws made as they are made for people: in a process of their own."""


@pytest.fixture(autouse=True)
def quick_draws(request, monkeypatch):
    if "child_process" not in request.fixturenames:
        monkeypatch.setattr(worker, "in_a_child", at_once)


@pytest.fixture
async def intros(world):
    """Introductions are switched on, in a channel of their own."""
    env, guild = world.env, world.guild
    hall = guild.create_text_channel("introductions")
    people = {"ada": world.ada, "ben": world.ben, "chen": world.chen}
    for name in ("dora", "emil", "fay", "gus", "hana", "ivo"):
        people[name] = guild.add_member(env.create_user(name, global_name=name.capitalize()))
    await env.settle()
    async with world.db.write() as tx:
        cohort = await cohorts.change(tx, world.cohort.cohort_id, introductions_id=hall.id)
        await schedules.set_schedule(
            tx, cohort, "introduction", RULE, Scope.COHORT, grace=GRACE, now=env.now()
        )
    world.cohort = cohort
    return Rounds(world, hall, people)
