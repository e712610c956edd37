"""A cohort with a forum for openings, and how its people post, press and wait."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.people import cohorts
from bot.people.memberships import Delivery
from bot.people.users import Inbox
from cogs.opportunities.store import PostingStore
from tests.conftest import words_of

ROBOTS = {
    "link": "https://jobs.example.com/robots?utm_source=x",
    "company": "Robots Inc",
    "title": "Software Engineering Intern",
    "places": "Toronto, ON; Remote",
    "deadline": "",
}


@dataclass
class Board:
    """Openings as people live them; everything else is the world's."""

    world: object
    channel: object
    store: PostingStore

    def __getattr__(self, name):
        return getattr(self.__dict__["world"], name)

    async def post(self, person=None, **answers):
        """Post an opening as a moderator; return the card that confirms."""
        person = person or self.moderator
        asked = await person.slash(self.staff, "post opportunity")
        return await person.submit_modal(asked, {**ROBOTS, **answers})

    async def paste(self, text):
        asked = await self.moderator.slash(self.staff, "post opportunity", several=True)
        return await self.moderator.submit_modal(asked, {"rows": text})

    async def feature(self, **answers):
        card = await self.post(**answers)
        featured = await self.moderator.click(card.response, label="Feature it")
        await self.tick()
        return featured

    async def suggest(self, person, **answers):
        asked = await person.slash(self.checkins, "opportunity suggest")
        return await person.submit_modal(asked, {**ROBOTS, **answers})

    async def posting(self, number=1):
        async with self.world.db.read() as tx:
            return await self.store.get(tx, number)

    async def member(self, person, **values):
        values = {"delivery": Delivery.DM, "inbox": Inbox.OPEN, **values}
        return await self.world.join(person, **values)

    def inbox(self, person):
        return "\n".join(words_of(message) for message in person.user.dm_channel.history())

    def posts(self):
        return sorted(self.channel.threads, key=lambda thread: thread.id)

    def tags(self, thread):
        state = self.world.env.backend.get_thread(thread.id)
        names = {int(t["id"]): t["name"] for t in self.forum().available_tags}
        return [names[int(each)] for each in state.applied_tags]

    def forum(self):
        return self.world.env.backend.get_channel(self.channel.id)

    async def travel(self, **by):
        await self.world.travel(self.world.env.now() + timedelta(**by))


async def board_in(world, channel):
    async with world.db.write() as tx:
        await cohorts.change(tx, world.cohort.cohort_id, opportunities_id=channel.id)
    await world.env.settle()
    return Board(world, channel, PostingStore())


@pytest.fixture
async def board(world):
    return await board_in(world, world.guild.create_forum_channel("opportunities"))


@pytest.fixture
async def text_board(world):
    return await board_in(world, world.guild.create_text_channel("openings"))
