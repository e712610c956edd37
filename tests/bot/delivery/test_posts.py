"""A post in a forum is made once, with the tags it can have; elsewhere it is a message."""

import pytest

from bot.delivery import frames, letters, outbox
from bot.delivery.letters import LetterState
from bot.delivery.outbox import Place
from bot.delivery.sender import Rendered
from bot.face.look import card
from bot.people.cohorts import CohortState, change, require
from tests.bot.delivery.test_rooms import break_after
from tests.conftest import words_of

OPEN = "/channels/*/threads"
TAG = {"moderated": False, "emoji_id": None, "emoji_name": None}


class Posts:
    """A feature that posts, and changes what it posted."""

    def __init__(self, world, channel):
        self.world = world
        self.channel = channel
        self.fallen = []
        self.tags = ("Software", "Remote")
        self.register()

    def register(self):
        self.world.bot.delivery.renderer("test.post", self.post)
        self.world.bot.delivery.renderer("test.change", self.change)
        self.world.bot.delivery.on_undelivered("test.post", self.fall_back)

    async def post(self, letter):
        return Rendered(card("Robots", "Apply"), thread_name="Robots – Intern", tags=self.tags)

    async def change(self, letter):
        return Rendered(card("Robots", "Closed"))

    async def fall_back(self, tx, letter, code, why, now):
        self.fallen.append((code, why))

    async def write(self, **values):
        values = {"kind": "test.post", "dedupe": "post", "action": "post", **values}
        async with self.world.db.write() as tx:
            return await outbox.enqueue(
                tx,
                place=Place.channel(self.channel.id),
                now=self.world.bot.clock(),
                cohort_id=self.world.cohort.cohort_id,
                **values,
            )

    async def send(self, seconds=0):
        await self.world.env.advance_time(seconds)
        await self.world.in_bot(self.world.bot.delivery.send_due(self.world.bot.clock()))

    async def letter(self):
        async with self.world.db.read() as tx:
            return await letters.get(tx, (await outbox.result(tx, "post")).letter_id)

    @property
    def forum(self):
        return self.world.env.backend.get_channel(self.channel.id)


async def posts_in(world, channel):
    async with world.db.write() as tx:
        await change(tx, world.cohort.cohort_id, opportunities_id=channel.id)
    await world.env.settle()
    return Posts(world, channel)


@pytest.fixture
async def posts(world):
    return await posts_in(world, world.guild.create_forum_channel("openings"))


async def test_a_post_is_a_thread_of_its_own_with_tags_made_for_it(posts):
    await posts.write()
    await posts.send()
    (thread,) = posts.channel.threads
    assert thread.name == "Robots – Intern"
    assert [tag["name"] for tag in posts.forum.available_tags] == ["Software", "Remote"]
    state = posts.world.env.backend.get_thread(thread.id)
    assert len(state.applied_tags) == 2
    (message,) = thread.history()
    assert message.flags.suppress_notifications
    letter = await posts.letter()
    assert (letter.channel_id, letter.message_id) == (thread.id, message.id)


async def test_in_a_text_channel_a_post_is_a_silent_message(world):
    posts = await posts_in(world, world.announcements)
    await posts.write()
    await posts.send()
    assert "Apply" in words_of(world.announcements.last_message)
    assert world.announcements.last_message.flags.suppress_notifications


async def test_a_post_made_before_the_connection_broke_is_adopted(posts):
    break_after(posts.world, "/threads")
    await posts.write()
    await posts.send()
    await posts.send(60)
    (thread,) = posts.channel.threads
    assert len(thread.history()) == 1
    assert (await posts.letter()).channel_id == thread.id


async def test_another_process_adopts_the_post_of_the_one_before(posts):
    break_after(posts.world, "/threads")
    await posts.write()
    await posts.send()
    await posts.world.restart()
    posts.register()
    await posts.send(7200)
    assert len(posts.channel.threads) == 1


async def test_an_empty_twin_is_taken_away_and_a_namesake_stays(posts):
    await posts.write(dedupe="namesake")
    await posts.send()
    http, request = posts.world.bot.http, posts.world.bot.http.request

    async def twice(route, **options):
        if route.method == "POST" and route.path.endswith("/threads"):
            await request(route, **options)
        return await request(route, **options)

    http.request = twice
    await posts.write()
    await posts.send(1)
    assert len(posts.channel.threads) == 2


async def test_a_message_broken_off_in_a_text_channel_is_not_said_twice(world):
    posts = await posts_in(world, world.announcements)
    break_after(world, "/messages")
    await posts.write()
    await posts.send()
    await posts.send(600)
    assert len([m for m in world.announcements.history() if "Apply" in words_of(m)]) == 1


@pytest.mark.parametrize(("status", "code"), [(400, 160006), (403, 50013), (404, 10003)])
async def test_where_nothing_can_be_posted_the_feature_hears_it_and_the_cohort_goes_on(
    posts, status, code
):
    posts.world.env.inject_error("POST", OPEN, status=status, code=code)
    await posts.write()
    await posts.send()
    assert [each for each, _why in posts.fallen] == [code]
    assert (await posts.letter()).state is LetterState.DEAD
    async with posts.world.db.read() as tx:
        assert (await require(tx, posts.world.cohort.cohort_id)).state is CohortState.LIVE


async def test_a_post_goes_without_tags_a_forum_does_not_let_us_make(posts):
    posts.forum.available_tags = [{"id": "7", "name": "remote", **TAG}]
    posts.world.env.inject_error("PATCH", "/channels/*", status=403, code=50013)
    await posts.write()
    await posts.send()
    (thread,) = posts.channel.threads
    assert posts.world.env.backend.get_thread(thread.id).applied_tags == [7]


async def test_a_post_that_sleeps_is_woken_to_be_changed(posts):
    letter_id = await posts.write()
    await posts.send()
    (thread,) = posts.channel.threads
    posts.world.env.inject_error("PATCH", "/channels/*/messages/*", status=400, code=50083)
    await posts.write(kind="test.change", dedupe="change", action="edit", depends_on=letter_id)
    await posts.send(5)
    assert "Closed" in words_of(thread.history()[0])


def forum(*names, **values):
    tags = [{"id": str(n), "name": name, **TAG} for n, name in enumerate(names, start=1)]
    return {"available_tags": tags, **values}


def test_a_forum_has_twenty_tags_at_most_and_a_post_five():
    many = forum(*(f"tag {n}" for n in range(19)))
    assert len(frames.tags_to_have(many, ["one", "two", "three"])) == 20
    assert len(frames.tags_to_have(forum(), [f"new {n}" for n in range(9)])) == 5
    wanted = [f"TAG {n}" for n in range(9)]
    assert frames.tags_to_have(many, wanted) == many["available_tags"]
    assert frames.tag_ids(many, wanted) == ["1", "2", "3", "4", "5"]


def test_where_a_forum_insists_on_a_tag_its_first_free_one_is_taken():
    insists = forum("staff", "other", flags=frames.NEEDS_TAG)
    insists["available_tags"][0]["moderated"] = True
    assert frames.tag_ids(insists, ["software"]) == ["2"]
    assert frames.tag_ids(insists, ["staff"]) == ["2"]
    assert frames.tag_ids(forum("other"), ["software"]) == []


def test_a_tag_is_twenty_characters_long_at_most():
    body = frames.post({}, "x" * 200, ["a very long tag that goes on", "", "short"])
    assert body["post"] == {"name": "x" * 100, "tags": ["a very long tag that", "short"]}
