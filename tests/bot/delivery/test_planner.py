"""Rules become occurrences and recipients: each member once per period, wherever they live."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot.clockwork.recurrence import Weekly
from bot.delivery import budget, outbox, planner, recipients, schedules
from bot.delivery.letters import letters
from bot.delivery.schedules import Scope
from bot.people import cohorts, memberships, users
from bot.people.cohorts import CohortState
from bot.people.memberships import Delivery, Stage, Volume
from tests.bot.delivery.conftest import MONDAYS_AT_NINE, NEXT_MONDAY, local
from tests.conftest import add_cohort, enrol

BERLIN, NEW_YORK, AUCKLAND = "Europe/Berlin", "America/New_York", "Pacific/Auckland"


async def person(rhythm, user_id, zone=NEW_YORK, **values):
    values = {"delivery": Delivery.DM, **values}
    return await enrol(
        rhythm.db, rhythm.cohort, user_id, f"P{user_id}", rhythm.clock(), zone=zone, **values
    )


async def moves(rhythm, member, zone):
    async with rhythm.db.write() as tx:
        await users.change(tx, member.user_id, zone=zone)
        await schedules.touch_user(tx, member.user_id)


async def test_everyone_is_asked_at_nine_where_they_live(rhythm):
    berlin = await person(rhythm, 1, BERLIN)
    new_york = await person(rhythm, 2, NEW_YORK)
    schedule = await rhythm.set()
    await rhythm.plan()

    assert await rhythm.next_fire_at(schedule) == local(BERLIN, 2026, 3, 9, 9)
    await rhythm.plan(local(BERLIN, 2026, 3, 9, 8, 59))
    assert rhythm.asking.fired == []
    await rhythm.plan(local(BERLIN, 2026, 3, 9, 9))
    assert rhythm.asking.fired == [(BERLIN, NEXT_MONDAY, [berlin.member_id])]
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    assert rhythm.asking.fired[1:] == [(NEW_YORK, NEXT_MONDAY, [new_york.member_id])]
    assert await rhythm.next_fire_at(schedule) == local(BERLIN, 2026, 3, 16, 9)


async def test_a_rule_that_is_set_does_not_make_up_for_what_was_before_it(rhythm):
    await person(rhythm, 1, joined_at=datetime(2026, 1, 1, tzinfo=UTC))
    schedule = await rhythm.set()  # a Monday, an hour after nine
    await rhythm.plan()
    assert await rhythm.came_to(schedule) == []


async def test_saving_the_same_rule_again_loses_nothing(rhythm):
    ada = await person(rhythm, 1)
    schedule = await rhythm.set()
    rhythm.clock.now = local(NEW_YORK, 2026, 3, 9, 9, 30)
    await rhythm.set()
    await rhythm.plan()
    assert await rhythm.outcomes(schedule) == {ada.member_id: ("asked", "")}


async def test_whoever_was_asked_before_moving_west_is_not_asked_again(rhythm):
    ada = await person(rhythm, 1, BERLIN)
    schedule = await rhythm.set()
    await rhythm.plan(local(BERLIN, 2026, 3, 9, 9))
    await moves(rhythm, ada, NEW_YORK)
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    assert [ids for _zone, _on, ids in rhythm.asking.fired] == [[ada.member_id]]
    assert await rhythm.next_fire_at(schedule) == local(NEW_YORK, 2026, 3, 16, 9)


async def test_whoever_moves_to_where_nine_has_passed_is_asked_at_once(rhythm):
    ada = await person(rhythm, 1, NEW_YORK)
    await rhythm.set()
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 8))
    await moves(rhythm, ada, AUCKLAND)
    await rhythm.plan()
    assert rhythm.asking.fired == [(AUCKLAND, NEXT_MONDAY, [ada.member_id])]


async def test_the_widest_jump_there_is_loses_nobody(rhythm):
    ada = await person(rhythm, 1, "Etc/GMT+12")
    await rhythm.set()
    await rhythm.plan(local("Etc/GMT+12", 2026, 3, 9, 8, 59))
    await moves(rhythm, ada, "Pacific/Kiritimati")
    await rhythm.plan()
    assert [ids for _zone, _on, ids in rhythm.asking.fired] == [[ada.member_id]]


async def test_a_long_absence_sends_only_the_newest_and_notes_the_others(rhythm):
    ada = await person(rhythm, 1)
    schedule = await rhythm.set()
    await rhythm.plan()
    await rhythm.plan(local(NEW_YORK, 2026, 3, 24, 10))  # Tuesday, 25 hours late
    assert await rhythm.came_to(schedule) == [
        (NEW_YORK, NEXT_MONDAY, "skipped", "stale"),
        (NEW_YORK, date(2026, 3, 16), "skipped", "stale"),
        (NEW_YORK, date(2026, 3, 23), "done", ""),
    ]
    assert await rhythm.outcomes(schedule) == {ada.member_id: ("skipped", "stale")}
    assert len(rhythm.asking.fired) == 1


async def test_what_is_older_than_its_grace_is_not_sent(rhythm):
    await person(rhythm, 1)
    schedule = await rhythm.set()
    await rhythm.plan()
    await rhythm.plan(local(NEW_YORK, 2026, 3, 10, 11, 1))
    assert await rhythm.came_to(schedule) == [(NEW_YORK, NEXT_MONDAY, "skipped", "stale")]
    assert rhythm.asking.fired == []


async def test_a_pause_covers_its_days_and_ends_on_the_day_back(rhythm):
    ada = await person(rhythm, 1)
    schedule = await rhythm.set()
    async with rhythm.db.write() as tx:
        await memberships.pause(tx, ada, date(2026, 3, 8), date(2026, 3, 16))
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    await rhythm.plan(local(NEW_YORK, 2026, 3, 16, 9))
    assert await rhythm.outcomes(schedule) == {ada.member_id: ("paused", "pause")}
    assert await rhythm.outcomes(schedule, date(2026, 3, 16)) == {ada.member_id: ("asked", "")}


async def test_a_skipped_day_asks_nobody_and_says_so(rhythm):
    ada = await person(rhythm, 1)
    schedule = await rhythm.set()
    async with rhythm.db.write() as tx:
        await cohorts.skip(tx, rhythm.cohort.cohort_id, NEXT_MONDAY)
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    assert await rhythm.came_to(schedule) == [(NEW_YORK, NEXT_MONDAY, "skipped", "holiday")]
    assert await rhythm.outcomes(schedule) == {ada.member_id: ("skipped", "holiday")}
    assert rhythm.asking.fired == []


async def test_whoever_chose_the_card_is_handed_over_without_a_letter(rhythm):
    ada = await person(rhythm, 1, delivery=Delivery.CARD)
    schedule = await rhythm.set()
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    assert await rhythm.outcomes(schedule) == {ada.member_id: ("card", "")}
    assert rhythm.asking.fired == [(NEW_YORK, NEXT_MONDAY, [ada.member_id])]


@pytest.mark.parametrize(
    ("volume", "expected"),
    [(Volume.LIGHT, "bundled"), (Volume.STANDARD, "bundled"), (Volume.EVERYTHING, "asked")],
)
async def test_a_second_ping_on_one_day_is_bundled_unless_everything_is_wanted(
    rhythm, volume, expected
):
    ada = await person(rhythm, 1, volume=volume)
    await rhythm.set()
    later = await rhythm.set(
        kind="test.other", rule=Weekly(weekday=0, at=time(15), anchor=date(2026, 3, 2))
    )
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 15))
    assert (await rhythm.outcomes(later))[ada.member_id][0] == expected


async def test_a_member_who_joined_after_nine_waits_for_next_week(rhythm):
    await rhythm.set()
    rhythm.clock.now = local(NEW_YORK, 2026, 3, 9, 9, 1)
    await person(rhythm, 1)
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9, 2))
    assert rhythm.asking.fired == []


async def test_personal_prompts_follow_the_members_own_dates_while_interning(rhythm):
    await person(rhythm, 1, starts_on=date(2026, 3, 10))
    await person(rhythm, 2, ends_on=date(2026, 3, 8))
    looking = await person(rhythm, 3, stage=Stage.LOOKING, starts_on=date(2027, 1, 1))
    await rhythm.set()
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    assert [ids for _zone, _on, ids in rhythm.asking.fired] == [[looking.member_id]]


async def test_nobody_is_asked_after_the_cohorts_last_day(rhythm):
    await person(rhythm, 1, starts_on=None, ends_on=None)
    await rhythm.change(last_day=date(2026, 3, 8))
    schedule = await rhythm.set()
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    assert await rhythm.came_to(schedule) == []


async def test_only_those_the_programme_wants_leave_a_trace(rhythm):
    ada = await person(rhythm, 1)
    await person(rhythm, 2, checkins=False)
    schedule = await rhythm.set()
    wants = planner.programme(rhythm.asking, memberships.members.c.checkins)
    rhythm.clock.now = local(NEW_YORK, 2026, 3, 9, 9)
    async with rhythm.db.write() as tx:
        await planner.plan(tx, rhythm.clock(), {"test": wants})
    assert await rhythm.outcomes(schedule) == {ada.member_id: ("asked", "")}


async def test_a_draft_says_nothing_and_begins_when_it_goes_live(rhythm):
    await person(rhythm, 1)
    await rhythm.change(state=CohortState.DRAFT)
    schedule = await rhythm.set()
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    await rhythm.change(state=CohortState.LIVE)
    async with rhythm.db.write() as tx:
        await schedules.touch(tx, rhythm.cohort.cohort_id)
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 10))
    assert await rhythm.came_to(schedule) == []
    await rhythm.plan(local(NEW_YORK, 2026, 3, 16, 9))
    assert [on for _zone, on, _ids in rhythm.asking.fired] == [date(2026, 3, 16)]


@pytest.mark.parametrize("state", [CohortState.PAUSED, CohortState.BLOCKED])
async def test_what_a_paused_or_blocked_cohort_would_say_is_held(rhythm, state):
    await person(rhythm, 1)
    await rhythm.set()
    await rhythm.change(state=state)
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    async with rhythm.db.read() as tx:
        held = await outbox.held(tx, rhythm.cohort.cohort_id)
    assert [letter.kind for letter in held] == ["test.ask"]


async def test_a_channel_post_follows_the_cohorts_clock_once(rhythm):
    schedule = await rhythm.set(scope=Scope.COHORT)
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    async with rhythm.db.write() as tx:
        await schedules.touch(tx, rhythm.cohort.cohort_id)
    await rhythm.change(zone="America/Los_Angeles")
    await rhythm.plan(local("America/Los_Angeles", 2026, 3, 9, 9))
    assert rhythm.asking.fired == [(NEW_YORK, NEXT_MONDAY, [])]
    assert len(await rhythm.came_to(schedule)) == 1


@pytest.mark.parametrize("scope", list(Scope))
async def test_moving_the_rule_to_a_later_day_repeats_nothing_in_that_week(rhythm, scope):
    await person(rhythm, 1)
    await rhythm.set(scope=scope)
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    await rhythm.set(scope=scope, rule=MONDAYS_AT_NINE.model_copy(update={"weekday": 2}))
    await rhythm.plan(local(NEW_YORK, 2026, 3, 11, 9))
    assert len(rhythm.asking.fired) == 1
    await rhythm.plan(local(NEW_YORK, 2026, 3, 18, 9))
    assert len(rhythm.asking.fired) == 2


async def test_who_joined_before_the_hour_to_which_the_rule_moved_is_asked_then(rhythm):
    await person(rhythm, 1)
    await rhythm.set()
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    rhythm.clock.now = local(NEW_YORK, 2026, 3, 9, 12)
    new = await person(rhythm, 2)
    await rhythm.set(rule=MONDAYS_AT_NINE.model_copy(update={"at": time(15)}))
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 15))
    assert rhythm.asking.fired[1:] == [(NEW_YORK, NEXT_MONDAY, [new.member_id])]


async def test_a_channel_post_ends_with_the_cohort(rhythm):
    schedule = await rhythm.set(scope=Scope.COHORT)
    await rhythm.change(last_day=date(2026, 3, 10))
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    assert await rhythm.next_fire_at(schedule) is None


async def test_a_programme_that_breaks_is_tried_again_and_stops_nobody_else(rhythm, caplog):
    class Broken:
        async def fire(self, tx, cohort, occurrence, members, now):
            raise RuntimeError("broken")

    ada = await person(rhythm, 1, volume=Volume.EVERYTHING)
    broken = await rhythm.set()
    well = await rhythm.set(kind="test.other")
    rhythm.clock.now = local(NEW_YORK, 2026, 3, 9, 9)
    async with rhythm.db.write() as tx:
        await planner.plan(
            tx,
            rhythm.clock(),
            {"test": planner.programme(Broken()), "test.other": planner.programme(rhythm.asking)},
        )
    assert await rhythm.outcomes(broken) == {}
    assert await rhythm.outcomes(well) == {ada.member_id: ("asked", "")}
    assert "Incident" in caplog.text
    await rhythm.plan(rhythm.clock.advance(minutes=5))
    assert await rhythm.outcomes(broken) == {ada.member_id: ("asked", "")}


async def test_erasing_a_member_takes_their_recipients_letters_and_pings_along(rhythm):
    ada = await person(rhythm, 1)
    schedule = await rhythm.set()
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9))
    async with rhythm.db.write() as tx:
        await users.erase(tx, ada.user_id)
    assert await rhythm.outcomes(schedule) == {}
    async with rhythm.db.read() as tx:
        assert (await tx.execute(select(letters))).all() == []
        assert await recipients.tally(tx, schedule.schedule_id, NEXT_MONDAY) == {}


async def test_the_preview_lists_what_comes_next_without_skipped_days(rhythm):
    await person(rhythm, 1, BERLIN)
    await rhythm.set()
    await rhythm.set(scope=Scope.COHORT, kind="test.other")
    async with rhythm.db.write() as tx:
        await cohorts.skip(tx, rhythm.cohort.cohort_id, NEXT_MONDAY)
        cohort = await cohorts.require(tx, rhythm.cohort.cohort_id)
        found = await schedules.upcoming(tx, cohort, rhythm.clock(), 3)
    assert found == [
        (local(BERLIN, 2026, 3, 16, 9), "test", BERLIN),
        (local(NEW_YORK, 2026, 3, 16, 9), "test.other", None),
        (local(BERLIN, 2026, 3, 23, 9), "test", BERLIN),
    ]


async def test_other_cohorts_are_left_alone(rhythm):
    other = await add_cohort(rhythm.db, 501, rhythm.clock(), name="Autumn")
    await enrol(rhythm.db, other, 9, "Nine", rhythm.clock(), delivery=Delivery.DM)
    await rhythm.set()
    await rhythm.plan(local(NEW_YORK, 2026, 3, 9, 9) + timedelta(minutes=1))
    assert rhythm.asking.fired == []


FRIDAYS_AT_NINE = Weekly(weekday=4, at=time(9), anchor=date(2026, 3, 2))
FRIDAY = date(2026, 3, 6)


async def hears_of_other_things(rhythm, member, days, at=10):
    """Let something else be said on each of these days of March, where it says there is room."""
    said = []
    for day in days:
        await rhythm.plan(local(NEW_YORK, 2026, 3, day, at))
        async with rhythm.db.write() as tx:
            if await budget.allows(tx, member, rhythm.clock()):
                said.append(day)
                await outbox.enqueue(
                    tx,
                    kind="tip",
                    dedupe=f"tip:{member.member_id}:{day}",
                    place=outbox.Place.user(member.user_id),
                    now=rhythm.clock(),
                    member_id=member.member_id,
                )
    return said


@pytest.mark.parametrize(
    ("volume", "said"),
    [(Volume.LIGHT, []), (Volume.STANDARD, [3, 4]), (Volume.EVERYTHING, [3, 4, 5])],
)
async def test_a_check_in_late_in_the_week_is_asked_whatever_else_there_was_to_say(
    rhythm, volume, said
):
    ada = await person(rhythm, 1, volume=volume)
    schedule = await rhythm.set(rule=FRIDAYS_AT_NINE, kind="checkin")
    assert await hears_of_other_things(rhythm, ada, (3, 4, 5)) == said
    await rhythm.plan(local(NEW_YORK, 2026, 3, 6, 9))
    assert await rhythm.outcomes(schedule, FRIDAY) == {ada.member_id: ("asked", "")}


async def test_nothing_comes_before_the_check_in_on_its_own_day(rhythm):
    ada = await person(rhythm, 1)
    schedule = await rhythm.set(rule=FRIDAYS_AT_NINE, kind="checkin")
    assert await hears_of_other_things(rhythm, ada, (6,), at=8) == []
    await rhythm.plan(local(NEW_YORK, 2026, 3, 6, 9))
    assert await rhythm.outcomes(schedule, FRIDAY) == {ada.member_id: ("asked", "")}


async def test_a_place_is_kept_only_for_a_check_in_that_will_come(rhythm):
    ada = await person(rhythm, 1)
    await rhythm.set(rule=FRIDAYS_AT_NINE, kind="checkin")
    async with rhythm.db.write() as tx:
        await memberships.change(tx, ada.member_id, checkins=False)
        stopped = await memberships.get(tx, ada.member_id)
    assert await hears_of_other_things(rhythm, stopped, (3, 4, 5)) == [3, 4, 5]
    await rhythm.change(last_day=date(2026, 3, 11))
    assert await hears_of_other_things(rhythm, ada, (10, 11, 12)) == [10, 11, 12]


async def test_what_is_put_off_to_another_day_leaves_the_ask_before_it_its_place(rhythm):
    ada = await person(rhythm, 1, volume=Volume.LIGHT)
    await rhythm.set(rule=FRIDAYS_AT_NINE, kind="checkin")
    await rhythm.plan(local(NEW_YORK, 2026, 3, 3, 10))
    async with rhythm.db.read() as tx:
        assert not await budget.allows(tx, ada, local(NEW_YORK, 2026, 3, 7, 10))
