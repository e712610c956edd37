"""Asking for help, as the person and the coordinator live it."""

import pytest

from bot.people import cohorts, contact
from tests.conftest import words_of


@pytest.fixture
async def contacts(world):
    async with world.db.write() as tx:
        await cohorts.change(tx, world.cohort.cohort_id, contacts=[world.mentor.id])


async def test_the_person_sees_who_reads_it_before_writing_and_the_contact_reads_it(
    world, contacts
):
    await world.join(world.ada)
    desk = await world.ada.slash(world.checkins, "report")
    assert desk.ephemeral
    assert f"<@{world.mentor.id}> and to nobody else" in words_of(desk)
    asked = await world.ada.click(desk.response, label="Talk to a coordinator…")
    assert "Read by 1 person" in str(asked.modal)
    sent = await world.ada.submit_modal(asked, {"text": "Somebody shouts at me."})
    assert "Sent" in words_of(sent)
    await world.tick()
    arrived = world.mentor.user.dm_channel.last_message
    assert "You are asked for" in words_of(arrived)
    assert "shouts" not in words_of(arrived)
    await world.restart()
    read = await world.mentor.user.click(arrived, label="Read")
    assert "Somebody shouts at me" in words_of(read)
    taken = await world.mentor.user.click(read.response, label="I have it")
    assert f"<@{world.mentor.id}> has it" in words_of(taken)
    panel = await world.ada.slash(world.checkins, "me")
    assert "A coordinator has read" in words_of(panel)


async def test_a_contact_with_closed_messages_is_called_where_others_cannot_read(world, contacts):
    await world.join(world.ada)
    dm = world.mentor.user.dm_channel.id
    world.env.inject_error("POST", f"/channels/{dm}/messages", status=403, code=50007, times=1)
    desk = await world.ada.slash(world.checkins, "report")
    asked = await world.ada.click(desk.response, label="Talk to a coordinator…")
    await world.ada.submit_modal(asked, {"text": "Somebody shouts at me."})
    await world.tick()
    called = world.staff.last_message
    assert f"<@{world.mentor.id}>" in words_of(called)
    assert "shouts" not in words_of(called)
    refused = await world.moderator.click(called, label="Read")
    assert "Only the people it was sent to" in words_of(refused)
    read = await world.mentor.click(called, label="Read")
    assert "shouts" in words_of(read)
    world.env.errors.clear()


async def test_contact_is_stopped_without_anybody_being_told(world, contacts):
    await world.join(world.ada)
    await world.join(world.ben)
    desk = await world.ada.slash(world.checkins, "report", member=world.ben)
    asked = await world.ada.click(desk.response, label="No contact with them…")
    assert "They are not told" in words_of(asked)
    done = await world.ada.click(asked.response, label="Stop contact")
    assert "keep you and" in words_of(done)
    await world.tick()
    assert world.mentor.user.dm_channel.last_message is None
    assert world.ben.user.dm_channel.last_message is None
    async with world.db.read() as tx:
        assert not await contact.may_meet(tx, world.ben.id, world.ada.id)
    again = await world.ada.click(done.response, label="Back")
    back = await world.ada.select(again.response, [str(world.ben.id)], custom_id="safety.allow:1")
    assert "take it back" not in words_of(back)


async def test_the_person_is_chosen_on_the_card_too(world, contacts):
    await world.join(world.ada)
    desk = await world.ada.slash(world.checkins, "report")
    named = await world.ada.select(desk.response, [world.mentor], custom_id="safety.about:1")
    assert "nothing can be sent from here" in words_of(named)
    none = await world.ada.select(named.response, [], custom_id="safety.about:1")
    assert "and to nobody else" in words_of(none)


async def test_a_stranger_in_the_server_finds_help(world, contacts):
    desk = await world.stranger.slash(world.checkins, "report")
    assert "and to nobody else" in words_of(desk)
