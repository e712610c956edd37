"""Kudos as their people live them: given, kept, shared, refused."""

import pytest

from bot.people import contact
from bot.people.memberships import Delivery, Volume
from bot.people.users import Inbox
from tests.conftest import words_of


@pytest.fixture
async def people(world):
    for person in (world.ada, world.ben):
        await world.join(person, delivery=Delivery.DM, inbox=Inbox.OPEN, volume=Volume.EVERYTHING)
    return world


def inbox(person):
    return person.user.dm_channel.history()


async def give(world, other, text="the review on Tuesday"):
    sent = await world.ada.slash(world.checkins, "kudos give", member=other, **{"for": text})
    await world.tick()
    return sent


async def test_the_receiver_reads_them_first_and_shares_after_seeing_the_words(people):
    sent = await give(people, people.ben)
    assert "decides whether the cohort does too" in words_of(sent)
    assert not people.checkins.history()
    arrived = inbox(people.ben)[-1]
    assert "the review on Tuesday" in words_of(arrived)
    await people.restart()
    preview = await people.ben.user.click(arrived, label="Share with cohort")
    assert "Everyone who can see that channel" in words_of(preview)
    assert not people.checkins.history()
    await people.restart()
    done = await people.ben.user.click(preview.response, label="Share it")
    assert "Shared with your cohort" in words_of(done)
    await people.tick()
    await people.tick()
    assert len(people.checkins.history()) == 1
    assert "**ada** thanks **ben**" in words_of(people.checkins.last_message)


async def test_kept_kudos_stay_between_two(people):
    await give(people, people.ben)
    kept = await people.ben.user.click(inbox(people.ben)[-1], label="Keep")
    assert "Kept" in words_of(kept)
    await people.tick()
    assert not people.checkins.history()


async def test_nobody_else_decides(people):
    await give(people, people.ben)
    panel = await people.ben.slash(people.checkins, "me")
    assert "ada says thank you" in words_of(panel)
    other = await people.ada.slash(people.checkins, "me")
    assert "says thank you" not in words_of(other)


async def test_markup_and_mentions_stay_words(people):
    await give(people, people.ben, "@everyone ``` <@1> [free](https://e.example) \u202eevil")
    shown = words_of(inbox(people.ben)[-1])
    assert "@everyone" not in shown
    assert "```" not in shown
    assert "<@1>" not in shown


async def test_bots_oneself_and_those_out_of_reach_are_refused_kindly(people):
    robot = people.guild.add_member(people.env.create_user("robot", bot=True))
    assert "That is a bot" in words_of(await give(people, robot))
    assert "That is you" in words_of(await give(people, people.ada))
    async with people.db.write() as tx:
        await contact.stop(tx, people.ben.id, people.ada.id, people.env.now())
    assert "cannot be reached through me" in words_of(await give(people, people.ben))
    assert not inbox(people.ben)
    people.env.errors.clear()


async def test_somebody_who_never_joined_is_sent_nothing(people):
    shown = await give(people, people.stranger)
    assert "Words to copy" in words_of(shown)
    assert people.stranger.user.dm_channel.last_message is None


async def test_a_fourth_before_the_first_was_looked_at_waits(people):
    for _n in range(3):
        await give(people, people.ben)
    assert "has not looked at your last ones" in words_of(await give(people, people.ben))
    people.env.errors.clear()
