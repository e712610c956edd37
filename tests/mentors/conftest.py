"""A cohort with mentors: one who is a member, one from outside, and a moderator."""

from dataclasses import dataclass

import pytest

from bot.matching.worker import Solver
from bot.people import cohorts
from bot.people.caller import Caller
from bot.people.contributions import Contributions
from bot.storage.database import Database
from cogs.mentors.matches import MatchService
from cogs.mentors.model import Offer
from cogs.mentors.service import MentorService
from cogs.mentors.store import MentorStore
from cogs.mentors.upkeep import Upkeep
from tests.conftest import asks, enrol

ROLE = 77
MIA = Caller(9001, 500, "Mia", role_ids=frozenset({ROLE}))
NOAH = Caller(9002, 500, "Noah", role_ids=frozenset({ROLE}))
BOSS = Caller(9003, 500, "Boss", manages_guild=True)


@dataclass
class Mentoring:
    """The feature's own parts on one database."""

    db: Database
    store: MentorStore
    cohort_id: int
    service: MentorService
    matches: MatchService
    upkeep: Upkeep
    hooks: Contributions

    async def offer(self, caller, topics="Python", mentees=2, place=""):
        """Have somebody offer their time."""
        offer = Offer(topics, 20, mentees)
        return (await self.service.join(caller, self.cohort_id, offer, place)).mentor

    async def paired(self, member, caller=MIA, topics="Python"):
        """Bring a member and a mentor together, through a draft that a moderator approves."""
        asked = (await self.service.request(asks(member), topics, "Settle in")).request
        async with self.db.write() as tx:
            mentor = await self.store.mentor_of(tx, self.cohort_id, caller.user_id)
            pair = (asked.request_id, mentor.mentor_id)
            draft = await self.store.add_match(tx, self.cohort_id, 1, [pair], asked.at)
        assert (await self.matches.approve(BOSS, draft.match_id)).pairs == 1
        return (await self.service.look_for(asks(member))).pair.pairing.pairing_id


@pytest.fixture
async def mentoring(db, clock, packs, cohort):
    async with db.write() as tx:
        await cohorts.change(tx, cohort.cohort_id, mentor_role_id=ROLE)
    store, hooks = MentorStore(), Contributions()
    service = MentorService(db, clock, store, packs, hooks)
    matches, upkeep = MatchService(db, clock, store, hooks, Solver()), Upkeep(db, store)
    return Mentoring(db, store, cohort.cohort_id, service, matches, upkeep, hooks)


@pytest.fixture
async def chen(db, cohort, clock):
    return await enrol(db, cohort, 1003, "Chen", clock())
