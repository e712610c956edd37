"""How somebody joins, is reached, pauses, leaves, and what others may read."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.clockwork.phases import Phase, Stage
from bot.delivery.letters import LetterState, letters
from bot.errors import NotAllowed, Refusal
from bot.people import activity, cohorts, contact, memberships, profiles, roster, users
from bot.people.caller import Caller
from bot.people.cohorts import CohortState
from bot.people.contributions import Contributions
from bot.people.memberships import Delivery, MemberState, Volume, members
from bot.people.profiles import Detail
from bot.people.users import Inbox
from cogs.profile.model import Joined, Joining, Settings, Tap
from cogs.profile.service import ProfileService
from cogs.profile.store import EnrolmentStore
from tests.conftest import add_cohort, asks, count, enrol

NEW = Caller(user_id=1003, guild_id=500, name="Cy")


@pytest.fixture
def hooks():
    return Contributions()


@pytest.fixture
def service(db, clock, hooks):
    return ProfileService(db, clock, EnrolmentStore(), hooks)


async def join(service, cohort, delivery=Delivery.CARD, who=NEW):
    page = await service.join(who, cohort.cohort_id)
    member_id = page.member.member_id
    await service.set_zone(who, member_id, None)
    await service.set_delivery(who, member_id, delivery)
    return await service.finish(who, member_id)


async def all_letters(db):
    async with db.read() as tx:
        return (await tx.execute(select(letters))).all()


async def test_joining_takes_three_answers_and_guesses_the_cohorts_zone_and_dates(
    service, db, cohort
):
    first = await service.join(NEW, cohort.cohort_id)
    assert isinstance(first, Joining)
    assert (first.tap, first.member.zone) == (Tap.ZONE, "America/New_York")
    second = await service.set_zone(NEW, first.member.member_id, None)
    assert second.tap is Tap.REACH
    third = await service.set_delivery(NEW, first.member.member_id, Delivery.CARD)
    assert third.tap is Tap.DATES
    assert third.member.stage is Stage.INTERNING
    assert third.member.starts_on == date(2026, 3, 2)
    done = await service.finish(NEW, first.member.member_id)
    assert isinstance(done, Joined)
    assert done.member.state is MemberState.JOINED


async def test_nothing_is_sent_to_somebody_who_has_not_taken_the_last_tap(service, db, cohort):
    page = await service.join(NEW, cohort.cohort_id)
    await service.set_zone(NEW, page.member.member_id, None)
    await service.set_delivery(NEW, page.member.member_id, Delivery.DM)
    assert await all_letters(db) == []
    async with db.read() as tx:
        user = await users.get(tx, NEW.user_id)
    assert user is not None
    assert user.dm_consent_at is None


async def test_direct_messages_begin_with_a_hello_outside_the_budget(service, db, clock, cohort):
    done = await join(service, cohort, Delivery.DM)
    (letter,) = await all_letters(db)
    assert (letter.kind, letter.due_at, letter.any_hour) == ("profile.hello", clock(), True)
    assert done.opened
    async with db.read() as tx:
        user = await users.get(tx, NEW.user_id)
    assert user is not None
    assert user.dm_consent_at == clock()


async def test_the_last_tap_twice_joins_once(service, db, cohort):
    done = await join(service, cohort, Delivery.DM)
    again = await service.finish(NEW, done.member.member_id)
    assert isinstance(again, Settings)
    assert len(await all_letters(db)) == 1
    async with db.read() as tx:
        deeds = await activity.of_member(tx, done.member.member_id)
    assert [deed.word for deed in deeds] == ["member.joined"]


async def test_the_last_tap_is_not_taken_before_the_others(service, cohort):
    page = await service.join(NEW, cohort.cohort_id)
    still = await service.finish(NEW, page.member.member_id)
    assert isinstance(still, Joining)
    assert still.tap is Tap.ZONE


async def test_joining_again_goes_on_where_it_stopped(service, cohort):
    page = await service.join(NEW, cohort.cohort_id)
    await service.set_zone(NEW, page.member.member_id, "Europe/Berlin")
    again = await service.join(NEW, cohort.cohort_id)
    assert (again.tap, again.member.zone) == (Tap.REACH, "Europe/Berlin")


async def test_a_member_who_presses_join_sees_their_settings(service, cohort, ada):
    page = await service.join(asks(ada), cohort.cohort_id)
    assert isinstance(page, Settings)
    assert "You are in" in page.news


async def test_a_closed_cohort_takes_nobody_in(service, db, cohort):
    async with db.write() as tx:
        await cohorts.change(tx, cohort.cohort_id, state=CohortState.CLOSED)
    with pytest.raises(Refusal, match="takes nobody in"):
        await service.join(NEW, cohort.cohort_id)


async def test_the_roster_prefills_dates_team_and_role_and_is_matched(service, db, clock, cohort):
    entry = roster.Entry(
        None, "cy", "Cy", "Search", "Data intern", date(2026, 4, 1), date(2026, 6, 30)
    )
    async with db.write() as tx:
        await roster.replace(tx, cohort.cohort_id, [entry], clock())
    page = await service.join(NEW, cohort.cohort_id, "cy")
    assert page.member.starts_on == date(2026, 4, 1)
    assert page.member.stage is Stage.STARTING
    await service.set_zone(NEW, page.member.member_id, None)
    await service.set_delivery(NEW, page.member.member_id, Delivery.CARD)
    await service.finish(NEW, page.member.member_id, "cy")
    async with db.read() as tx:
        listed = await roster.find(tx, cohort.cohort_id, NEW.user_id)
        profile = await profiles.of_member(tx, page.member.member_id)
    assert listed is not None
    assert listed.matched_at == clock()
    assert profile.of(Detail.TEAM) == "Search"
    assert profile.for_others() == {}


async def test_an_enrolment_nobody_finished_is_forgotten_after_two_weeks(
    service, db, clock, cohort
):
    await service.join(NEW, cohort.cohort_id)
    await service.sweep(clock.advance(days=13))
    assert await count(db, members) == 1
    await service.sweep(clock.advance(days=2))
    assert await count(db, members) == 0
    assert await count(db, users.users) == 0


async def test_features_hear_of_joining_moving_and_leaving(service, hooks, cohort):
    heard = []

    def hear(what):
        async def hook(tx, member, now):
            heard.append((what, member.state))

        return hook

    hooks.joined.append(hear("joined"))
    hooks.moved.append(hear("moved"))
    hooks.left.append(hear("left"))
    done = await join(service, cohort)
    await service.set_timezone(NEW, "Berlin")
    await service.leave(NEW, done.member.member_id)
    assert heard == [
        ("joined", MemberState.JOINED),
        ("moved", MemberState.JOINED),
        ("left", MemberState.LEFT),
    ]


async def test_nobody_answers_for_somebody_else(service, cohort, ada):
    with pytest.raises(NotAllowed):
        await service.set_volume(NEW, ada.member_id, Volume.LIGHT)


async def test_leaving_stops_what_was_on_its_way_and_keeps_the_record(service, db, clock, cohort):
    done = await join(service, cohort, Delivery.DM)
    await service.leave(NEW, done.member.member_id)
    (letter,) = await all_letters(db)
    assert letter.state is LetterState.CANCELLED
    async with db.read() as tx:
        member = await memberships.get(tx, done.member.member_id)
    assert member is not None
    assert (member.state, member.left_at) == (MemberState.LEFT, clock())
    assert member.dm_consent_at is None


async def test_somebody_who_left_can_join_again(service, cohort):
    done = await join(service, cohort)
    await service.leave(NEW, done.member.member_id)
    again = await join(service, cohort)
    assert isinstance(again, Joined)
    assert again.member.member_id == done.member.member_id


async def test_a_pause_ends_by_itself_where_the_member_lives(service, db, clock, ada):
    await service.pause(asks(ada), "2026-03-05")
    clock.now = clock.now.replace(day=5, hour=4, minute=30)
    await service.sweep(clock())
    async with db.read() as tx:
        assert (await memberships.get(tx, ada.member_id)).state is MemberState.PAUSED
    clock.advance(hours=1)
    await service.sweep(clock())
    async with db.read() as tx:
        member = await memberships.get(tx, ada.member_id)
        pauses = await memberships.pauses_of(tx, ada.member_id)
    assert member.state is MemberState.JOINED
    assert pauses == [(date(2026, 3, 2), date(2026, 3, 5))]


async def test_a_pause_without_a_day_lasts_until_they_come_back(service, clock, ada):
    await service.pause(asks(ada), "")
    await service.sweep(clock.advance(days=60))
    page = await service.resume(asks(ada))
    assert page.member.state is MemberState.JOINED
    assert "Welcome back" in page.news


async def test_a_pause_until_yesterday_is_refused(service, ada):
    with pytest.raises(Refusal, match="day to come"):
        await service.pause(asks(ada), "2026-03-01")


async def test_an_end_before_the_start_is_refused_and_nothing_changes(service, ada):
    with pytest.raises(Refusal, match="before the first day"):
        await service.change_dates(asks(ada), "2026-06-01", "2026-05-01")
    assert (await service.dates(asks(ada))).member.starts_on == date(2026, 3, 2)


async def test_new_dates_show_which_phase_today_becomes(service, ada):
    changed = await service.change_dates(asks(ada), "2026-02-16", "2026-05-10")
    assert (changed.was, changed.phase) == (Phase.LAND, Phase.PLAN)
    assert changed.steps[0].on == date(2026, 4, 19)


async def test_looking_stays_looking_when_dates_change(service, ada):
    await service.change_dates(asks(ada), "", "", Stage.LOOKING)
    changed = await service.change_dates(asks(ada), "", "2026-05-10")
    assert changed.member.stage is Stage.LOOKING


async def test_an_unknown_zone_names_the_nearest(service, ada):
    with pytest.raises(Refusal, match="America/Toronto"):
        await service.set_timezone(asks(ada), "Torronto")


async def test_a_zone_is_echoed_as_the_time_on_its_clocks(service, ada):
    assert await service.set_timezone(asks(ada), "Kathmandu") == ("20:45", "Asia/Kathmandu")


async def test_a_closed_inbox_is_remembered_and_a_new_try_writes_again(service, db, clock, cohort):
    done = await join(service, cohort, Delivery.DM)
    async with db.write() as tx:
        await users.change(tx, NEW.user_id, inbox=Inbox.CLOSED)
    clock.advance(minutes=5)
    await service.greet_again(NEW, done.member.member_id)
    assert [letter.kind for letter in await all_letters(db)] == ["profile.hello"] * 2


async def test_others_read_only_what_was_shown(service, db, cohort, ada, ben):
    await service.write(asks(ada), ada.member_id, {Detail.TEAM: "Search", Detail.ROLE: "SWE"})
    hidden = await service.see(asks(ben), ada.user_id, "Ada")
    assert hidden.profile.for_others() == {}
    await service.set_shown(asks(ada), ada.member_id, [Detail.TEAM])
    seen = await service.see(asks(ben), ada.user_id, "Ada")
    assert seen.profile.for_others() == {Detail.TEAM: "Search"}


async def test_somebody_who_stopped_contact_shows_nothing_and_is_not_given_away(
    service, db, clock, cohort, ada, ben
):
    await service.write(asks(ada), ada.member_id, {Detail.TEAM: "Search"})
    await service.set_shown(asks(ada), ada.member_id, [Detail.TEAM])
    async with db.write() as tx:
        await contact.stop(tx, ada.user_id, ben.user_id, clock())
    seen = await service.see(asks(ben), ada.user_id, "Ada")
    assert seen.profile.for_others() == {}


async def test_somebody_who_has_not_joined_has_no_profile(service, ada):
    seen = await service.see(asks(ada), 4242, "Zoe")
    assert seen.profile is None


async def test_a_profile_is_unreadable_in_the_database_file(service, db, database_file, ada):
    await service.write(asks(ada), ada.member_id, {Detail.LEARNING: "Borrow checkers"})
    raw = b"".join(file.read_bytes() for file in database_file.parent.glob("stint.db*"))
    assert b"Borrow checkers" not in raw


async def test_quiet_hours_may_be_none(service, ada):
    page = await service.set_quiet(asks(ada), ada.member_id, "9", "9am")
    assert "no quiet hours" in page.news


async def test_several_cohorts_have_to_be_told_apart(service, db, clock, ada):
    other = await add_cohort(db, 500, clock(), name="Autumn")
    await enrol(db, other, ada.user_id, "Ada", clock())
    with pytest.raises(Refusal, match="Which cohort"):
        await service.settings(asks(ada))
    page = await service.settings(asks(ada, cohort="autumn"))
    assert page.member.cohort_name == "Autumn"


async def test_stops_hold_when_the_other_was_erased_and_comes_back(db, clock, cohort, ada, ben):
    async with db.write() as tx:
        await contact.stop(tx, ada.user_id, ben.user_id, clock())
        await contact.erase(tx, ben.user_id)
        assert await contact.stopped_by(tx, ada.user_id) == []
        assert not await contact.may_meet(tx, ben.user_id, ada.user_id)
        await contact.allow(tx, ada.user_id, ben.user_id)
        assert await contact.may_meet(tx, ada.user_id, ben.user_id)


async def test_export_holds_memberships_pauses_and_profile(service, db, clock, ada):
    await service.write(asks(ada), ada.member_id, {Detail.TEAM: "Search"})
    await service.pause(asks(ada), "in 2 weeks")
    async with db.read() as tx:
        joined, about = await service.export(tx, ada.user_id)
        stored = await service.stored(tx, ada.user_id)
    assert joined.rows[0]["pauses"] == ["2026-03-02 - 2026-03-16"]
    assert about.rows[0]["Team"] == "Search"
    assert "1 line of your profile" in stored[1]
