"""The playbook as its people live it: a card in the morning, presses, a restart, somebody else."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot.clockwork.phases import Stage
from bot.clockwork.recurrence import Weekly
from bot.delivery import schedules
from bot.delivery.schedules import Scope
from bot.people import activity
from bot.people.memberships import Delivery, Volume
from bot.people.requests import RemindMe
from bot.people.users import Inbox
from cogs.goals.store import goals
from cogs.playbook.model import CardState, Why
from cogs.playbook.store import PlaybookStore, deeds
from tests.conftest import MONDAY, count, words_of

GRACE = timedelta(hours=30)

TUESDAY = datetime(2026, 3, 3, 16, 30, tzinfo=UTC)
"""Half an hour after cards go out in New York, the day after joining."""


@pytest.fixture
async def member(world):
    return await world.join(world.ada, delivery=Delivery.DM, inbox=Inbox.OPEN)


def first(result, label):
    """The custom id of the first button with that label: each of the three has one."""
    message = getattr(result, "response", None) or result
    parts = [c.to_dict() if hasattr(c, "to_dict") else c for c in message.components]
    return next(each["custom_id"] for each in _pressable(parts) if each["label"] == label)


def _pressable(part):
    if isinstance(part, list):
        return [found for each in part for found in _pressable(each)]
    if not isinstance(part, dict):
        return []
    own = [part] if part.get("custom_id") and part.get("label") else []
    return own + [found for value in part.values() for found in _pressable(value)]


def inbox(person):
    return person.user.dm_channel.history()


async def this_weeks(world):
    panel = await world.ada.slash(world.checkins, "me")
    how = await world.ada.click(panel.response, label="How to do these")
    return await world.ada.click(how.response, label="Done, goal, reminder")


async def words_done(world, member):
    async with world.db.read() as tx:
        return [deed.word for deed in await activity.of_member(tx, member.member_id)]


async def test_a_phase_begins_with_a_card_of_three_things(world, member):
    await world.travel(TUESDAY)
    card = inbox(world.ada)[-1]
    shown = words_of(card)
    assert "Your first week" in shown
    assert shown.count("Make it a goal") == 3
    assert "Read about it" in shown
    assert "Why did I get this?" in shown
    await world.travel(TUESDAY + timedelta(days=4))
    assert [words_of(one) for one in inbox(world.ada)].count(shown) == 1


async def test_a_card_pressed_in_a_later_phase_stays_the_card_it_was(world, member):
    await world.travel(TUESDAY)
    card = inbox(world.ada)[-1]
    before = words_of(card)
    await world.travel(TUESDAY + timedelta(days=9))
    assert any("Planning" in words_of(one) for one in inbox(world.ada))
    await world.ada.user.click(card, custom_id=first(card, "Done"))
    again = await world.ada.user.click(card, label="Undo")
    assert "Your first week" in words_of(again)
    assert set(before.splitlines()) <= set(words_of(again).splitlines())
    why = await world.ada.user.click(again.response, label="Why did I get this?")
    assert "Stop these" in words_of(why)


async def test_done_is_private_survives_a_restart_and_can_be_undone(world, member):
    await world.travel(TUESDAY)
    card = inbox(world.ada)[-1]
    await world.restart()
    done = await world.ada.user.click(card, custom_id=first(card, "Done"))
    assert "· done" in words_of(done)
    again = await world.ada.user.click(card, label="Undo")
    assert "· done" not in words_of(again)
    assert await words_done(world, member) == ["action.done", "action.undone"]
    assert not world.checkins.history()
    assert not world.announcements.history()


async def test_me_shows_what_is_done_and_leads_to_the_buttons(world, member):
    three = await this_weeks(world)
    done = await world.ada.click(three.response, custom_id=first(three.response, "Done"))
    assert words_of(done).count("· done") == 1
    back = await world.ada.click(done.response, label="Back")
    assert words_of(back).count("· done") == 1
    twice = await world.ada.slash(world.checkins, "me")
    assert words_of(twice).count("· done") == 1


async def test_a_second_press_on_done_changes_nothing(world, member):
    three = await this_weeks(world)
    await world.ada.click(three.response, custom_id=first(three.response, "Done"))
    stale = await world.ada.slash(world.checkins, "me")
    ref = await one_ref(world, member)
    for _time in range(2):
        await world.in_bot(press(world, world.ada, ref))
    assert "· done" in words_of(stale)
    assert await words_done(world, member) == ["action.done"]


async def one_ref(world, member):
    async with world.db.read() as tx:
        row = (await tx.execute(select(deeds))).one()
    from cogs.playbook.model import Ref

    return Ref(member.member_id, row.key, row.action, False)


async def press(world, person, ref):
    from bot.people.caller import Caller

    cog = world.bot.get_cog("Playbook")
    return await cog._service.do(Caller(person.id, world.guild.id, person.name), ref)


async def test_a_goal_comes_of_it_once(world, member):
    await world.travel(TUESDAY)
    card = inbox(world.ada)[-1]
    made = await world.ada.user.click(card, custom_id=first(card, "Make it a goal"))
    assert "It is one of your goals" in words_of(made)
    assert words_of(made).count("Make it a goal") == 2
    assert await count(world.db, goals) == 1


async def test_nobody_else_can_press_it(world, member):
    await world.join(world.ben)
    three = await this_weeks(world)
    await world.ada.click(three.response, custom_id=first(three.response, "Done"))
    ref = await one_ref(world, member)
    with pytest.raises(Exception, match="not yours"):
        await world.in_bot(press(world, world.ben, ref))
    assert await words_done(world, member) == ["action.done"]


async def test_remind_me_is_offered_where_somebody_reminds(world, member):
    if not world.bot.requests.accepts(RemindMe):
        asked = []

        async def accept(tx, request, now):
            asked.append(request)
            return 1

        world.bot.requests.accept(RemindMe, accept)
    three = await this_weeks(world)
    when = await world.ada.click(three.response, custom_id=first(three.response, "Remind me"))
    told = await world.ada.click(when.response, label="Tomorrow")
    assert "I will remind you" in words_of(told)


async def test_a_closed_inbox_leaves_the_card_on_me(world):
    await world.join(world.ada, delivery=Delivery.DM, inbox=Inbox.CLOSED)
    await world.travel(TUESDAY)
    assert "Your first week" in words_of(await this_weeks(world))


async def test_stopped_from_the_card_it_comes_no_more_and_starts_again(world, member):
    await world.travel(TUESDAY)
    card = inbox(world.ada)[-1]
    why = await world.ada.user.click(card, label="Why did I get this?")
    assert "your own time" in words_of(why)
    stopped = await world.ada.user.click(why.response, label="Stop these")
    assert "Stopped" in words_of(stopped)
    await world.travel(TUESDAY + timedelta(days=8))
    assert "Planning" not in "".join(words_of(one) for one in inbox(world.ada))
    three = await this_weeks(world)
    assert "You wanted no cards" in words_of(three)
    again = await world.ada.click(three.response, label="Send me these cards again")
    assert "No more of these cards" in words_of(again)


@pytest.mark.slow
async def test_the_steps_before_the_end_come_with_words_to_take_them(world):
    ends = date(2026, 3, 15)
    await world.join(
        world.ada, delivery=Delivery.DM, inbox=Inbox.OPEN, volume=Volume.EVERYTHING,
        starts_on=date(2026, 1, 5), ends_on=ends, stage=Stage.INTERNING,
    )  # fmt: skip
    await world.travel(datetime(2026, 3, 12, 16, 30, tzinfo=UTC))
    said = "\n".join(words_of(one) for one in inbox(world.ada))
    assert said.count("Hold the transition meeting") == 1
    assert said.count("Write the hand-over page") == 1
    assert "my last day is 15 Mar" in said
    panel = await world.ada.slash(world.checkins, "me")
    step = await world.ada.click(panel.response, custom_id=first(panel.response, "Words for it"))
    assert "Words to copy" in words_of(step)
    done = await world.ada.click(step.response, custom_id=first(step.response, "Done"))
    assert "· done" in words_of(done)


async def test_a_closed_inbox_is_noticed_and_the_card_waits_on_me(world, member):
    closed(world)
    await world.travel(TUESDAY)
    (card,) = await cards_of(world, member)
    assert (card.state, card.why) == (CardState.SHOWN, Why.CLOSED)
    assert "Your first week" in words_of(await this_weeks(world))


def closed(world):
    messages = f"/channels/{world.ada.user.dm_channel.id}/messages"
    world.env.inject_error("POST", messages, status=403, code=50007, message="Cannot send")


async def cards_of(world, member):
    async with world.db.read() as tx:
        return (await PlaybookStore().cards_of(tx, [member.member_id]))[member.member_id]


async def test_a_closed_inbox_with_a_private_thread_gets_the_card_there(world):
    room = world.guild.create_text_channel("only-for-ada")
    member = await world.join(
        world.ada,
        delivery=Delivery.DM,
        inbox=Inbox.OPEN,
        side_thread=True,
        side_thread_id=room.id,
    )
    closed(world)
    await world.travel(TUESDAY)
    await world.travel(TUESDAY + timedelta(hours=30))
    assert "Your first week" in words_of(room.history()[-1])
    assert len(room.history()) == 1
    (card, *_others) = await cards_of(world, member)
    assert card.state in (CardState.WRITTEN, CardState.SAID)


async def test_who_chose_the_weeks_thread_is_mentioned_there_and_reads_it_alone(world):
    await weekly(world)
    await world.join(world.ada, delivery=Delivery.THREAD)
    await world.join(world.ben)
    await world.travel(datetime(2026, 3, 10, 15, 30, tzinfo=UTC))
    said = [each for thread in world.checkins.threads for each in thread.history()]
    (call,) = [each for each in said if "worth doing now" in words_of(each)]
    assert f"<@{world.ada.id}>" in words_of(call)
    assert "Planning" not in words_of(call)
    mine = await world.ada.click(call, label="Show me")
    assert mine.ephemeral
    assert "Planning" in words_of(mine)
    theirs = await world.ben.click(call, label="Show me")
    assert "not yours" in words_of(theirs)
    world.env.errors.clear()
    curious = await world.ben.click(call, label="Why did I get this?")
    assert "Stop" not in words_of(curious)
    why = await world.ada.click(call, label="Why did I get this?")
    assert "your own time" in words_of(why)
    stopped = await world.ada.click(why.response, label="Stop these")
    assert "No more of these from Spring" in words_of(stopped)
    assert "You wanted no cards" in words_of(await this_weeks(world))


async def weekly(world):
    rule = Weekly(weekday=0, at=time(9), anchor=MONDAY.date())
    async with world.db.write() as tx:
        for kind, scope in (("checkin", Scope.MEMBER), ("introduction", Scope.COHORT)):
            await schedules.set_schedule(
                tx, world.cohort, kind, rule, scope, grace=GRACE, now=world.env.now()
            )
