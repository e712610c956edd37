"""The end of a cohort as its people live it: told, asked, kept, gone; opened again; begun anew."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.clockwork.recurrence import Weekly
from bot.delivery import schedules
from bot.delivery.schedules import Scope
from bot.people import activity, cohorts, memberships, users
from bot.people.cohorts import CohortState
from bot.people.memberships import Delivery, MemberState, Volume
from bot.people.users import Inbox
from cogs.ending.store import endings
from tests.conftest import add_cohort, count, enrol, words_of

CLOSED_AT = datetime(2026, 3, 17, 15, tzinfo=UTC)
"""A Tuesday in New York, two days after the last day."""


@pytest.fixture
async def short(world):
    """A cohort of two weeks."""
    async with world.db.write() as tx:
        await cohorts.change(tx, world.cohort.cohort_id, last_day=date(2026, 3, 15))
    return world


async def leap(world, until):
    """Be there at a moment, having looked at nothing on the way."""
    await world.env.advance_time((until - world.env.now()).total_seconds())
    for _n in range(3):
        await world.tick()


@pytest.fixture
async def people(short):
    world = short
    for person in (world.ada, world.ben, world.chen, world.mentor):
        await world.join(person, delivery=Delivery.DM, inbox=Inbox.OPEN, volume=Volume.EVERYTHING)
    return world


def inbox(person):
    return person.user.dm_channel.history()


def heard(person, title):
    return [words_of(message) for message in inbox(person) if title in words_of(message)]


async def ask_weekly(world):
    """Switch check-ins on, on Mondays at noon."""
    async with world.db.write() as tx:
        rule = Weekly(weekday=0, at=time(12), anchor=date(2026, 3, 2))
        scope, grace = Scope.MEMBER, timedelta(hours=48)
        cohort, now = world.cohort, world.env.now()
        await schedules.set_schedule(tx, cohort, "checkin", rule, scope, grace=grace, now=now)


async def close(world, name="Spring", days=None):
    shown = await world.moderator.slash(world.staff, "cohort close")
    if days:
        shown = (await world.moderator.select(shown.response, [str(days)])).response
    else:
        shown = shown.response
    asked = await world.moderator.click(shown, label="Close…")
    done = await world.moderator.submit_modal(asked, {"name": name})
    await world.tick()
    return done


async def state_of(world):
    async with world.db.read() as tx:
        return (await cohorts.require(tx, world.cohort.cohort_id)).state


async def member(world, person):
    async with world.db.read() as tx:
        return await memberships.find(tx, world.cohort.cohort_id, person.id)


async def test_closing_shows_its_effect_first_and_needs_the_name(people):
    await leap(people, CLOSED_AT)
    shown = await people.moderator.slash(people.staff, "cohort close")
    words = words_of(shown)
    assert "4 directly" in words
    assert "Sunday 13 September 2026" in words
    assert await state_of(people) is CohortState.LIVE
    wrong = await close(people, name="Autumn")
    assert "Nothing was closed" in words_of(wrong)
    assert await state_of(people) is CohortState.LIVE
    people.env.errors.clear()


async def test_one_takes_the_record_one_stays_one_deletes_one_says_nothing(people):
    await leap(people, datetime(2026, 3, 8, 16, tzinfo=UTC))
    assert "Spring ends soon" in words_of(people.announcements.last_message)
    assert "Spring ends on" in words_of(await people.ada.slash(people.checkins, "me"))
    await leap(people, CLOSED_AT)
    done = await close(people)
    assert "Spring is closed" in words_of(done)
    assert "Spring is over" in words_of(people.announcements.last_message)
    letter = inbox(people.ada)[-1]
    assert "Sunday 13 September 2026" in words_of(letter)
    assert "/privacy export" in words_of(letter) or "Get my record" in words_of(letter)

    await people.restart()
    stays = await people.ben.user.click(inbox(people.ben)[-1], label="Stay as alum")
    assert "You stay as an alum" in words_of(stays)
    agreed = await people.ben.user.click(stays.response, label="You may ask me to mentor")
    assert "may ask you to mentor" in words_of(agreed)
    form = await people.chen.user.click(inbox(people.chen)[-1], label="Delete everything…")
    await people.chen.user.submit_modal(form, {"word": "DELETE"})
    assert await member(people, people.chen) is None

    await leap(people, datetime(2026, 8, 30, 18, tzinfo=UTC))
    assert heard(people.ada, "have not chosen")
    assert heard(people.mentor, "have not chosen")
    assert not heard(people.ben, "have not chosen")
    await people.restart()
    await leap(people, datetime(2026, 9, 10, 18, tzinfo=UTC))
    assert heard(people.ada, "the last reminder")
    late = await people.ada.user.click(inbox(people.ada)[-1], label="Stay as alum")
    assert "You stay as an alum" in words_of(late)
    await leap(people, datetime(2026, 9, 13, 23, tzinfo=UTC))
    assert await member(people, people.mentor) is not None
    await leap(people, datetime(2026, 9, 14, 12, tzinfo=UTC))
    assert await member(people, people.mentor) is None
    async with people.db.read() as tx:
        assert await users.get(tx, people.mentor.id) is None
    assert await member(people, people.ada) is not None
    assert await member(people, people.ben) is not None
    log = await people.moderator.slash(people.staff, "cohort status")
    assert "erased" in words_of(log)


async def test_alumni_who_agreed_are_named_to_moderators_alone(people):
    await leap(people, CLOSED_AT)
    await close(people)
    stays = await people.ben.user.click(inbox(people.ben)[-1], label="Stay as alum")
    page = await people.moderator.slash(people.staff, "cohort close")
    assert "Alumni who would mentor" not in words_of(page)
    await people.ben.user.click(stays.response, label="You may ask me to mentor")
    page = await people.moderator.slash(people.staff, "cohort close")
    named = await people.moderator.click(page.response, label="Alumni who would mentor")
    assert "ben" in words_of(named)


async def test_nothing_but_the_end_is_said_in_a_closed_cohort(people):
    await ask_weekly(people)
    await leap(people, CLOSED_AT)
    await close(people)
    before = {person.id: len(inbox(person)) for person in (people.ada, people.ben)}
    await people.ada.slash(people.checkins, "kudos give", member=people.ben, **{"for": "thanks"})
    await leap(people, CLOSED_AT + timedelta(days=40))
    assert {person.id: len(inbox(person)) for person in (people.ada, people.ben)} == before


async def test_a_cohort_opened_again_goes_on_and_says_so(people):
    await ask_weekly(people)
    await leap(people, datetime(2026, 3, 5, 15, tzinfo=UTC))
    await close(people)
    assert heard(people.ada, "Spring is over")
    page = await people.moderator.slash(people.staff, "cohort close")
    done = await people.moderator.click(page.response, label="Open it again")
    assert "is open again" in words_of(done)
    await people.tick()
    assert await state_of(people) is CohortState.LIVE
    assert heard(people.ada, "Spring goes on")
    old = await people.ada.user.click(
        next(m for m in inbox(people.ada) if "Spring is over" in words_of(m)), label="Stay as alum"
    )
    assert "nothing to decide" in words_of(old)
    people.env.errors.clear()
    await leap(people, datetime(2026, 3, 9, 17, tzinfo=UTC))
    assert heard(people.ada, "Check in")


@pytest.mark.slow
async def test_two_weeks_later_it_stays_closed(people):
    await leap(people, CLOSED_AT)
    await close(people)
    page = await people.moderator.slash(people.staff, "cohort close")
    await leap(people, CLOSED_AT + timedelta(days=15))
    late = await people.moderator.click(page.response, label="Open it again")
    assert "stays closed" in words_of(late)
    assert await state_of(people) is CohortState.CLOSED
    people.env.errors.clear()


async def test_two_moderators_close_it_once(people):
    await leap(people, CLOSED_AT)
    first = await people.moderator.slash(people.staff, "cohort close")
    second = await people.moderator.slash(people.staff, "cohort close")
    one = await people.moderator.click(first.response, label="Close…")
    two = await people.moderator.click(second.response, label="Close…")
    await people.moderator.submit_modal(one, {"name": "Spring"})
    done = await people.moderator.submit_modal(two, {"name": "Spring"})
    assert "Spring is closed" in words_of(done)
    await people.tick()
    assert await count(people.db, endings) == 1
    assert len(heard(people.ada, "Spring is over")) == 1


async def test_what_never_went_live_cannot_be_closed(world):
    async with world.db.write() as tx:
        await cohorts.change(tx, world.cohort.cohort_id, state=CohortState.DRAFT)
    refused = await world.moderator.slash(world.staff, "cohort close")
    assert "never went live" in words_of(refused)
    world.env.errors.clear()


async def test_the_next_cohort_has_the_settings_and_nobody_in_it(people):
    await leap(people, CLOSED_AT)
    await close(people)
    page = await people.moderator.slash(people.staff, "cohort close")
    asked = await people.moderator.click(
        page.response, label="Start the next one with these settings"
    )
    done = await people.moderator.submit_modal(
        asked,
        {"name": "Summer", "first_day": "1 June 2026", "last_day": "21 August 2026"},
    )
    assert "Summer is a draft" in words_of(done)
    async with people.db.read() as tx:
        old = await cohorts.require(tx, people.cohort.cohort_id)
        new = next(c for c in await cohorts.of_guild(tx, people.guild.id) if c.name == "Summer")
        assert new.checkins_id == old.checkins_id
        assert new.staff_id == old.staff_id
        assert new.last_day == date(2026, 8, 21)
        assert new.state is CohortState.DRAFT
        assert await memberships.in_cohort(tx, new.cohort_id, *MemberState) == []
    on = await people.moderator.click(done.response, label="Go on with the set-up")
    assert "Summer" in words_of(on)


async def test_the_status_reminds_of_closing_near_the_last_day(world):
    people = world
    early = await people.moderator.slash(people.staff, "cohort status")
    assert "close the cohort" not in words_of(early)
    await leap(people, datetime(2026, 5, 20, 15, tzinfo=UTC))
    late = await people.moderator.slash(people.staff, "cohort status")
    assert "close the cohort" in words_of(late)
    assert "Close…" in words_of(late)


async def crowd(world, number):
    for n in range(number):
        await enrol(world.db, world.cohort, 70_000 + n, f"P{n}", world.env.now())


async def did(world, word, number):
    async with world.db.write() as tx:
        for member in (await memberships.in_cohort(tx, world.cohort.cohort_id))[:number]:
            await activity.note(tx, member, word, None, world.env.now())


async def test_four_people_are_too_few_to_report(people):
    await leap(people, datetime(2026, 3, 24, 15, tzinfo=UTC))
    shown = words_of(await people.moderator.slash(people.staff, "cohort report"))
    assert "The whole programme" in shown
    assert "Took part: –" in shown
    assert "Answered a check-in: –" in shown


async def test_forty_people_make_a_report_to_take_away(short):
    world = short
    await crowd(world, 40)
    await ask_weekly(world)
    await did(world, "entry.kept", 9)
    await did(world, "challenge.done", 4)
    for day in (2, 9):
        await leap(world, datetime(2026, 3, day, 18, tzinfo=UTC))
    await leap(world, datetime(2026, 3, 24, 15, tzinfo=UTC))
    page = await world.moderator.slash(world.staff, "cohort report")
    assert "Took part: at least 40 people" in words_of(page)
    assert "Asked in a check-in: at least 35 people" in words_of(page)
    assert "Kept something in a journal: at least 5 people, 5 times" in words_of(page)
    assert "Did a weekly challenge: –" in words_of(page)
    assert words_of(page).count("in a journal") == 1
    taken = await world.moderator.click(page.response, label="As a file")
    names = [file.filename for file in taken.response.attachments]
    assert names == [f"stint-report-spring-2026-03-24.{form}" for form in ("pdf", "md", "csv")]
    log = await world.moderator.slash(world.staff, "cohort status")
    assert "took the report" in words_of(log)


async def test_mentions_reach_those_who_chose_them_and_the_card_the_others(short):
    world = short
    await world.join(world.ada, delivery=Delivery.THREAD)
    await world.join(world.ben)
    await leap(world, CLOSED_AT)
    await close(world)
    called = [m for m in world.checkins.history() if "Spring is over" in words_of(m)]
    assert len(called) == 1
    assert f"<@{world.ada.id}>" in words_of(called[0])
    assert f"<@{world.ben.id}>" not in words_of(called[0])
    panel = await world.ben.slash(world.checkins, "me")
    assert "Your record stays until" in words_of(panel)
    mine = await world.ben.click(panel.response, label="My choice")
    assert "Stay as alum" in words_of(mine)


async def test_a_stranger_has_nothing_to_choose(people):
    await leap(people, CLOSED_AT)
    await close(people)
    card = people.announcements.last_message
    told = await people.stranger.click(card, label="What becomes of my record…")
    assert "I keep nothing of yours" in words_of(told)
    people.env.errors.clear()


@pytest.mark.slow
async def test_only_this_cohorts_record_goes_of_somebody_in_two(people):
    other = await add_cohort(
        people.db, people.guild.id, people.env.now(), name="Autumn", last_day=date(2027, 2, 1)
    )
    await enrol(people.db, other, people.ada.id, "ada", people.env.now(), delivery=Delivery.DM)
    await leap(people, CLOSED_AT)
    shown = await people.moderator.slash(people.staff, "cohort close", cohort="Spring")
    asked = await people.moderator.click(shown.response, label="Close…")
    await people.moderator.submit_modal(asked, {"name": "Spring"})
    await people.tick()
    for day in (date(2026, 8, 30), date(2026, 9, 10), date(2026, 9, 14)):
        await leap(people, datetime.combine(day, time(18), UTC))
    assert await member(people, people.ada) is None
    async with people.db.read() as tx:
        assert await memberships.find(tx, other.cohort_id, people.ada.id) is not None
