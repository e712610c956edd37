"""*Why did I get this?*, for whom it was, for others, and the ways to have no more of it."""

from datetime import date, time, timedelta

import pytest

from bot.clockwork.recurrence import Weekly
from bot.delivery import outbox, schedules
from bot.delivery.schedules import Scope
from bot.errors import NotAllowed
from bot.face.look import Rendered, card
from bot.people import memberships, users
from bot.people.caller import Caller
from bot.people.contributions import Reason
from bot.people.memberships import Delivery
from cogs.why.model import Was, recall, remember
from tests.conftest import words_of


@pytest.fixture
async def told(world):
    """A function that sends a member a direct message of the made-up kind `tip`."""
    stopped = []

    async def render(letter):
        return Rendered(card("", "A tip"))

    async def stop(tx, member, now):
        stopped.append(member.member_id)

    world.bot.delivery.renderer("tip.weekly", render)
    reason = Reason("It is the weekly tip of {cohort}.", stop)
    world.bot.contributions.reasons["tip"] = reason

    async def tell(person, *, private=True, **values):
        member = await world.join(person, delivery=Delivery.DM, **values)
        now = world.env.now()
        place = outbox.Place.user(person.id) if private else outbox.Place.channel(world.checkins.id)
        async with world.db.write() as tx:
            await schedules.set_schedule(
                tx,
                world.cohort,
                "tip",
                Weekly(weekday=2, at=time(9), anchor=date(2026, 3, 2)),
                Scope.MEMBER,
                grace=timedelta(hours=26),
                now=now,
            )
            await outbox.enqueue(
                tx,
                kind="tip.weekly",
                dedupe=f"tip:{member.member_id}",
                place=place,
                now=now,
                cohort_id=world.cohort.cohort_id,
                member_id=member.member_id if private else None,
            )
        await world.tick()
        where = person.user.dm_channel if private else world.checkins
        return where.last_message

    tell.stopped, tell.reason = stopped, reason
    return tell


async def member_of(world, person):
    async with world.db.read() as tx:
        return await memberships.find(tx, world.cohort.cohort_id, person.id)


async def test_a_message_says_which_schedule_and_which_choice_caused_it(world, told):
    message = await told(world.ada)
    why = await world.ada.user.click(message, label="Why did I get this?")
    shown = words_of(why)
    assert "It is the weekly tip of Spring" in shown
    assert "Wednesdays at 09:00, on your own clock" in shown
    assert "You chose direct messages" in shown
    assert why.ephemeral


async def test_stop_these_stops_only_that_kind(world, told):
    message = await told(world.ada)
    why = await world.ada.user.click(message, label="Why did I get this?")
    await world.restart()
    world.bot.contributions.reasons["tip"] = told.reason
    done = await world.ada.user.click(why.response, label="Stop these")
    assert "No more of these from Spring" in words_of(done)
    member = await member_of(world, world.ada)
    assert told.stopped == [member.member_id]
    assert member.delivery is Delivery.DM


async def test_stop_all_asks_once_stops_everything_and_can_be_undone(world, told):
    message = await told(world.ada)
    why = await world.ada.user.click(message, label="Why did I get this?")
    asked = await world.ada.user.click(why.response, label="Stop all")
    assert "Stop all messages?" in words_of(asked)
    assert (await member_of(world, world.ada)).delivery is Delivery.DM
    done = await world.ada.user.click(asked.response, label="Stop all")
    member = await member_of(world, world.ada)
    assert (member.delivery, member.dm_consent_at) == (Delivery.CARD, None)
    await world.restart()
    back = await world.ada.user.click(done.response, label="Undo")
    assert "as before in Spring" in words_of(back)
    member = await member_of(world, world.ada)
    assert member.delivery is Delivery.DM
    assert member.dm_consent_at is not None


async def test_stop_all_stands_on_the_panel_too(world):
    await world.join(world.ada, delivery=Delivery.THREAD)
    panel = await world.ada.slash(world.checkins, "me")
    asked = await world.ada.click(panel.response, label="Stop all messages")
    kept = await world.ada.click(asked.response, label="Keep them")
    assert "Nothing changed" in words_of(kept)
    assert (await member_of(world, world.ada)).delivery is Delivery.THREAD


async def test_who_gets_nothing_is_told_so(world):
    await world.join(world.ada)
    panel = await world.ada.slash(world.checkins, "me")
    asked = await world.ada.click(panel.response, label="Stop all messages")
    assert "Nothing is sent to you" in words_of(asked)


async def test_a_card_for_everyone_explains_itself_and_offers_nothing_to_stop(world, told):
    message = await told(world.ada, private=False)
    why = await world.ben.click(message, label="Why did I get this?")
    assert "stands here for everyone" in words_of(why)
    assert "Stop" not in words_of(why)


async def test_only_who_got_a_direct_message_learns_why(world, told):
    await told(world.ada)
    await world.join(world.ben)
    service = world.bot.get_cog("Why")._service
    with pytest.raises(NotAllowed):
        await service.ask(Caller(world.ben.id, world.guild.id, "Ben"), 1)


async def test_what_waits_to_be_sent_is_not_sent_after_stop_all(world, told):
    await told(world.ada)
    async with world.db.write() as tx:
        member = await memberships.find(tx, world.cohort.cohort_id, world.ada.id)
        later = world.env.now().replace(hour=18)
        await outbox.enqueue(
            tx,
            kind="tip.weekly",
            dedupe="tip:later",
            place=outbox.Place.user(world.ada.id),
            now=world.env.now(),
            due_at=later,
            cohort_id=world.cohort.cohort_id,
            member_id=member.member_id,
        )
    asked = await world.ada.slash(world.checkins, "me")
    asked = await world.ada.click(asked.response, label="Stop all messages")
    await world.ada.click(asked.response, label="Stop all")
    before = world.ada.user.dm_channel.last_message.id
    await world.travel(later)
    assert world.ada.user.dm_channel.last_message.id == before


def test_the_way_back_fits_into_a_button_and_nonsense_is_left_out():
    before = [Was(n, Delivery.DM, True) for n in range(1, 60)]
    token = remember(before)
    assert len(token) <= 90
    assert recall(token) == before[: len(recall(token))]
    assert recall("12d1-evil-3x9") == [Was(12, Delivery.DM, True)]


async def test_nobody_brings_back_somebody_elses_messages(world):
    ada = await world.join(world.ada)
    await world.join(world.ben, delivery=Delivery.THREAD)
    service = world.bot.get_cog("Why")._service
    back = await service.undo(
        Caller(world.ben.id, world.guild.id, "Ben"), [Was(ada.member_id, Delivery.DM, True)]
    )
    assert back == []
    assert (await member_of(world, world.ada)).delivery is Delivery.CARD
    async with world.db.read() as tx:
        assert (await users.get(tx, world.ada.id)).dm_consent_at is None
