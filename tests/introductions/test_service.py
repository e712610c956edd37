"""What is refused, what counts, and what small cohorts come to, without any Discord around it."""

from datetime import timedelta

import pytest

from bot.clockwork.recurrence import Weekly
from bot.delivery import outbox, schedules
from bot.delivery.schedules import Scope
from bot.errors import NotAllowed, Refusal
from bot.matching.worker import Solver
from bot.people import cohorts, contact, forgetting, memberships
from bot.people.contributions import Contributions
from bot.people.memberships import Delivery, MemberState
from bot.people.users import Inbox
from cogs.introductions.following import Following, Heard
from cogs.introductions.model import Entry, GroupState, Part, Said
from cogs.introductions.rounds import Rounds
from cogs.introductions.service import IntroductionService
from cogs.introductions.staff import StaffService
from cogs.introductions.store import IntroductionStore
from cogs.introductions.telling import Telling
from tests.conftest import asks, enrol
from tests.introductions.conftest import at_once


class Surroundings:
    """Who has left the server, and who wrote in which thread."""

    def __init__(self):
        self.gone, self.wrote = set(), {}

    async def absent(self, guild_id, user_ids):
        return self.gone & set(user_ids)

    async def heard(self, thread_id, after):
        return Heard(self.wrote.get(thread_id, {}), after)


class House:
    """Introductions on a real database, with their clock in a test's hands."""

    def __init__(self, db, clock, cohort, packs):
        self.db, self.clock, self.cohort = db, clock, cohort
        self.around, self.store = Surroundings(), IntroductionStore()
        telling = Telling(self.store)
        self.rounds = Rounds(db, clock, self.store, telling, self.around, Solver(at_once).match)
        self.following = Following(db, clock, self.store, self.rounds, telling, self.around)
        self.service = IntroductionService(
            db, clock, self.store, self.rounds, self.following, packs
        )
        self.staff = StaffService(db, clock, self.store, self.rounds)
        self.people = []

    async def member(self, name, **values):
        number = len(self.people)
        values = {"delivery": Delivery.DM, "inbox": Inbox.OPEN, **values}
        made = await enrol(self.db, self.cohort, 2001 + number, name, self.clock(), **values)
        self.people.append(made)
        return made

    async def cast(self, number):
        for n in range(number):
            await self.service.join(asks(await self.member(f"Intern {n}")))
        return self.people

    async def run(self):
        """Hold a round of which everybody is told by message, and return its groups."""
        async with self.db.write() as tx:
            round = await self.rounds.begin_now(tx, self.cohort, self.clock())
        await self.rounds.draw(round.round_id)
        moderator = asks(self.people[0], manages_guild=True)
        await self.staff.approve(moderator, round.round_id)
        await self.following.work(self.clock())
        self.round_id = round.round_id
        return await self.groups()

    async def groups(self, *states):
        async with self.db.read() as tx:
            return await self.store.groups_of(tx, self.round_id, *states)

    async def over(self):
        """Let a whole round pass."""
        async with self.db.read() as tx:
            round = await self.store.round(tx, self.round_id)
        while self.clock() < round.closes_at + timedelta(hours=4):
            self.clock.advance(hours=2)
            await self.following.work(self.clock())

    async def part(self, member):
        async with self.db.read() as tx:
            return await self.store.participant(tx, member.member_id)

    async def entered(self, entry):
        async with self.db.read() as tx:
            return set(await self.store.entered(tx, self.round_id, entry))

    async def wrote(self, dedupe):
        async with self.db.read() as tx:
            return await outbox.result(tx, dedupe) is not None


@pytest.fixture
def house(db, clock, cohort, packs):
    return House(db, clock, cohort, packs)


def ids(group):
    return tuple(seat.member_id for seat in group.seats)


async def test_nobody_can_avoid_themselves_or_a_bot(house):
    ada = await house.member("Ada")
    with pytest.raises(Refusal, match="yourself"):
        await house.service.avoid(asks(ada), ada.user_id, "Ada", is_bot=False)
    with pytest.raises(Refusal, match="bot"):
        await house.service.avoid(asks(ada), 77, "Robot", is_bot=True)


async def test_avoiding_somebody_who_left_holds_for_their_return(house):
    ada, ben = await house.cast(2)
    async with house.db.write() as tx:
        await memberships.change(tx, ben.member_id, state=MemberState.LEFT)
    avoided, note = await house.service.avoid(asks(ada), ben.user_id, "Ben", is_bot=False)
    assert [each.user_id for each in avoided] == [ben.user_id]
    assert "if they come back" in note
    async with house.db.write() as tx:
        await memberships.change(tx, ben.member_id, state=MemberState.JOINED)
    assert await house.run() == []


async def test_avoiding_somebody_twice_keeps_one_note(house):
    ada, ben = await house.cast(2)
    for _n in range(2):
        avoided, _note = await house.service.avoid(asks(ada), ben.user_id, "Ben", is_bot=False)
    assert len(avoided) == 1
    assert await house.service.allow(asks(ada), avoided[0].avoid_id) == []


@pytest.mark.parametrize(("number", "sizes"), [(1, []), (2, [2]), (3, [3]), (5, [2, 3])])
async def test_small_cohorts_meet_as_far_as_they_can(house, number, sizes):
    await house.cast(number)
    groups = await house.run()
    assert sorted(len(ids(group)) for group in groups) == sizes
    assert len(await house.entered(Entry.UNMATCHED)) == (1 if number == 1 else 0)


async def test_where_everyone_avoids_everyone_nobody_meets_and_each_hears_the_same(house):
    people = await house.cast(4)
    for one in people:
        for other in people:
            if one is not other:
                await house.service.avoid(asks(one), other.user_id, other.name, is_bot=False)
    assert await house.run() == []
    assert await house.entered(Entry.UNMATCHED) == {one.member_id for one in people}
    for one in people:
        key = f"introduction:{house.round_id}:unmatched:{one.member_id}"
        assert await house.wrote(key)


async def test_a_stop_of_contact_binds_introductions(house):
    ada, ben = await house.cast(2)
    async with house.db.write() as tx:
        await contact.stop(tx, ben.user_id, ada.user_id, house.clock())
    assert await house.run() == []


async def test_somebody_who_leaves_between_drawing_and_opening_leaves_no_one_alone(house):
    people = await house.cast(4)
    async with house.db.write() as tx:
        round = await house.rounds.begin_now(tx, house.cohort, house.clock())
    await house.rounds.draw(round.round_id)
    await house.service.leave(asks(people[0]))
    await house.staff.approve(asks(people[1], manages_guild=True), round.round_id)
    await house.following.work(house.clock())
    house.round_id = round.round_id
    (group,) = await house.groups()
    assert set(ids(group)) == {one.member_id for one in people[1:]}


async def test_who_is_gone_from_the_server_is_left_out_at_the_last_moment(house):
    people = await house.cast(4)
    async with house.db.write() as tx:
        round = await house.rounds.begin_now(tx, house.cohort, house.clock())
    await house.rounds.draw(round.round_id)
    house.around.gone = {people[3].user_id}
    await house.staff.approve(asks(people[0], manages_guild=True), round.round_id)
    await house.following.work(house.clock())
    house.round_id = round.round_id
    seated = {number for group in await house.groups() for number in ids(group)}
    assert seated == {one.member_id for one in people[:3]}


async def test_nobody_is_paired_with_the_same_person_twice_running(house):
    people = await house.cast(6)
    met = set()
    for _n in range(5):
        for group in await house.run():
            assert ids(group) not in met
            met.add(ids(group))
            for member in people:
                if member.member_id in ids(group):
                    await house.service.answer(asks(member), group.group_id, Said.NOT_YET)
        house.clock.advance(days=14)
    assert len(met) == 15


@pytest.mark.slow
async def test_two_misses_ask_three_pause_and_one_tap_comes_back(house):
    ada, ben = await house.cast(2)
    for misses in (1, 2, 3):
        (group,) = await house.run()
        await house.service.answer(asks(ada), group.group_id, Said.NOTHING)
        await house.over()
        part = await house.part(ben)
        assert part.misses == misses
        asked = await house.wrote(f"introduction:asking:{group.group_id}:{ben.member_id}")
        assert asked == (misses == 2)
    assert part.part is Part.PAUSED
    assert await house.wrote(f"introduction:paused:{group.group_id}:{ben.member_id}")
    assert (await house.part(ada)).misses == 0
    back = await house.service.by_member(asks(ben), ben.member_id, "join")
    assert back.participant.part is Part.IN
    assert back.participant.misses == 0


async def test_one_yes_and_one_no_counts_as_met_and_against_nobody(house):
    ada, ben = await house.cast(2)
    (group,) = await house.run()
    await house.service.answer(asks(ada), group.group_id, Said.YES)
    await house.service.answer(asks(ben), group.group_id, Said.NO)
    await house.over()
    report = await house.staff.report(asks(ada, manages_guild=True))
    assert (report.met, report.no_reply, report.not_met) == (2, 0, 0)
    assert (await house.part(ben)).misses == 0


async def test_somebody_else_answers_for_nobody(house):
    await house.cast(2)
    (group,) = await house.run()
    stranger = await house.member("Stranger")
    with pytest.raises(NotAllowed):
        await house.service.answer(asks(stranger), group.group_id, Said.YES)
    with pytest.raises(NotAllowed):
        await house.following.find_else(asks(stranger), group.group_id)


async def test_somebody_else_is_found_only_after_three_days_of_silence(house):
    ada, ben = await house.cast(2)
    (group,) = await house.run()
    with pytest.raises(Refusal, match="three days"):
        await house.following.find_else(asks(ada), group.group_id)
    house.clock.advance(hours=73)
    await house.service.answer(asks(ben), group.group_id, Said.NOTHING)
    with pytest.raises(Refusal, match="written or answered"):
        await house.following.find_else(asks(ada), group.group_id)


async def test_a_pause_ends_by_itself(house):
    ada, _ben = await house.cast(2)
    await house.service.pause(asks(ada), "in 3 days")
    assert await house.run() == []
    house.clock.advance(days=4)
    await house.following.work(house.clock())
    assert (await house.part(ada)).part is Part.IN


async def test_a_pause_into_the_past_is_refused(house):
    ada, _ben = await house.cast(2)
    with pytest.raises(Refusal):
        await house.service.pause(asks(ada), "yesterday")


async def test_erasing_somebody_ends_their_introduction_and_keeps_the_others_history(house):
    ada, ben = await house.cast(2)
    await house.run()
    give = Contributions()
    give.erase.append(house.service.erase)
    async with house.db.write() as tx:
        await forgetting.forget(tx, give, ben.user_id)
    await house.following.work(house.clock())
    assert [g.state for g in await house.groups()] == [GroupState.ENDED]
    assert ada.member_id in await house.entered(Entry.WAITING)
    _member, past = await house.service.history(asks(ada))
    assert [each.names for each in past] == [()]


async def test_only_moderators_see_and_change_a_round(house):
    ada, _ben = await house.cast(2)
    for attempt in (house.staff.preview, house.staff.run, house.staff.report):
        with pytest.raises(NotAllowed):
            await attempt(asks(ada))


async def test_the_holiday_of_a_cohort_has_no_round(house):
    ada, _ben = await house.cast(2)
    assert (await house.service.mine(asks(ada))).next_at is None
    rule = Weekly.model_validate({"weekday": 1, "at": "10:00", "every": 1, "anchor": "2026-03-03"})

    async with house.db.write() as tx:
        await schedules.set_schedule(
            tx,
            house.cohort,
            "introduction",
            rule,
            Scope.COHORT,
            grace=timedelta(hours=72),
            now=house.clock(),
        )
        await cohorts.skip(tx, house.cohort.cohort_id, rule.anchor)
    mine = await house.service.mine(asks(ada))
    assert mine.next_at is not None
    assert mine.next_at.date().isoformat() == "2026-03-10"
