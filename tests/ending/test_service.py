"""When records go: never unannounced, never early, not twice, whatever happens in between."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from bot.delivery import blockages, budget, outbox
from bot.delivery.letters import LetterState, as_letter, letters
from bot.errors import NotAllowed, NotFound, Refusal
from bot.people import cohorts as people_cohorts
from bot.people import memberships, users
from bot.people.caller import Caller
from bot.people.cohorts import CohortState, cohorts
from bot.people.forgetting import forget_membership
from bot.people.memberships import Delivery, MemberState, Volume
from bot.people.users import Inbox
from cogs.ending.farewell import AT_ONCE, BREATH
from cogs.ending.model import CallKind, ClosedPage, Effect
from cogs.ending.service import Naming
from cogs.ending.store import calls, choices, endings, notices
from tests.conftest import add_cohort, asks, count, enrol
from tests.ending.conftest import BOSS

CLOSED_AT = (2026, 3, 17, 15)
"""With 120 days records stay until Wednesday 15 July."""


async def told(end, kind="ending.letter"):
    async with end.db.read() as tx:
        rows = await tx.execute(
            select(letters.c.member_id, func.count())
            .where(letters.c.kind == kind, letters.c.state == LetterState.SENT)
            .group_by(letters.c.member_id)
        )
        return {member_id: number for member_id, number in rows}


async def whole_end(end):
    """Live through the end with the post going out in time."""
    for moment in ((2026, 7, 1, 15), (2026, 7, 12, 15), (2026, 7, 16, 5)):
        await end.at(*moment)


async def test_silence_keeps_a_record_to_the_last_announced_day_and_no_longer(end):
    ada = await end.member(1)
    await end.at(*CLOSED_AT)
    await end.close()
    await end.work()
    assert await end.delete_on() == date(2026, 7, 15)
    await end.at(2026, 7, 1, 13)
    assert (await told(end))[ada.member_id] == 1
    await end.at(2026, 7, 1, 15)
    assert (await told(end))[ada.member_id] == 2
    await end.at(2026, 7, 12, 15)
    await end.at(2026, 7, 16, 3)
    assert await end.here() == {1}
    await end.at(2026, 7, 16, 5)
    assert await end.here() == set()
    async with end.db.read() as tx:
        assert await users.get(tx, 1) is None
    assert (await end.log())[-2:] == ["closed", "erased"]


async def test_alumni_keep_everything(end):
    ada, ben = await end.member(1), await end.member(2)
    await end.at(*CLOSED_AT)
    await end.close()
    await end.work()
    await end.service.stay(asks(ada), end.cohort.cohort_id)
    await whole_end(end)
    assert await end.here() == {1}
    async with end.db.read() as tx:
        kept = await memberships.get(tx, ada.member_id)
    assert kept.stage == "finished"
    assert (await told(end))[ada.member_id] == 1
    assert ben.member_id not in await told(end)


async def test_an_alum_who_takes_it_back_is_told_before_anything_goes(end):
    ada = await end.member(1)
    await end.at(*CLOSED_AT)
    await end.close()
    await end.work()
    await end.service.stay(asks(ada), end.cohort.cohort_id)
    await end.at(2026, 7, 1, 15)
    await end.at(2026, 7, 12, 15)
    await end.at(2026, 7, 14, 15)
    page = await end.service.rather_not(asks(ada), end.cohort.cohort_id)
    assert not page.choice.alum
    assert page.member.stage == "interning"
    await end.work()
    await end.at(2026, 7, 16, 15)
    assert await end.here() == {1}
    page = await end.service.own(asks(ada), end.cohort.cohort_id)
    assert page.stays_until == date(2026, 7, 28)
    await end.at(2026, 7, 28, 23)
    assert await end.here() == {1}
    await end.at(2026, 7, 29, 5)
    assert await end.here() == set()


async def test_after_downtime_the_day_moves_so_that_both_notices_are_given(end):
    await end.member(1)
    await end.at(*CLOSED_AT)
    await end.close()
    await end.work()
    await end.at(2026, 9, 1, 15)
    assert await end.here() == {1}
    assert await end.delete_on() == date(2026, 9, 15)
    await end.at(2026, 9, 15, 23)
    assert await end.here() == {1}
    assert await end.delete_on() == date(2026, 9, 18)
    await end.at(2026, 9, 18, 23)
    assert await end.here() == {1}
    await end.at(2026, 9, 19, 5)
    assert await end.here() == set()
    assert (await end.log()).count("deletion moved") == 2


async def test_nobody_goes_whom_a_letter_has_not_reached_for_long_enough(end):
    ada = await end.member(1)
    await end.at(*CLOSED_AT)
    await end.close()
    await end.work()
    await end.at(2026, 7, 1, 15, post=False)
    await end.at(2026, 7, 8, 15)
    page = await end.service.own(asks(ada), end.cohort.cohort_id)
    assert page.stays_until == date(2026, 7, 22)
    await end.at(2026, 7, 12, 15)
    assert await told(end) == {ada.member_id: 2}
    await end.at(2026, 7, 19, 15)
    await end.at(2026, 7, 22, 23)
    assert await end.here() == {1}
    await end.at(2026, 7, 23, 5)
    assert await end.here() == set()


async def test_paused_left_joining_and_closed_inboxes_are_told_by_the_channel_alone(end):
    quiet = [
        await end.member(1, state=MemberState.PAUSED),
        await end.member(2, state=MemberState.LEFT),
        await end.member(3, state=MemberState.JOINING),
        await end.member(4, inbox=Inbox.CLOSED),
        await end.member(5, delivery=Delivery.CARD),
    ]
    await end.at(*CLOSED_AT)
    page = await end.service.about_to_close(BOSS)
    assert (page.by_letter, page.by_mention, page.by_channel) == (0, 0, 5)
    await end.close()
    await end.work()
    await whole_end(end)
    assert await told(end) == {}
    assert (await told(end, "ending.post")) == {None: 3}
    assert await end.here() == set()
    assert quiet


async def test_a_private_thread_brings_what_no_direct_message_does(end):
    ada = await end.member(1, inbox=Inbox.CLOSED, side_thread=True, side_thread_id=701)
    ben = await end.member(2, side_thread=True, side_thread_id=702)
    await end.at(*CLOSED_AT)
    await end.close()
    await end.farewell.work(end.clock())
    async with end.db.read() as tx:
        rows = await tx.execute(select(letters).where(letters.c.kind == "ending.letter"))
        found = {row.member_id: as_letter(row) for row in rows}
    assert found[ada.member_id].place == outbox.Place.channel(701)
    assert (await end.farewell.page(found[ada.member_id])).mentions == [1]
    assert found[ben.member_id].place == outbox.Place.user(2)
    async with end.db.write() as tx:
        await end.farewell.came_back(tx, found[ben.member_id], 50007, "closed", end.clock())
        rows = await tx.execute(select(letters.c.place_id).where(letters.c.place_id == 702))
        assert rows.scalars().all() == [702]
        told_by = select(notices.c.letter_id).where(notices.c.member_id == ben.member_id)
        assert (await tx.execute(told_by)).scalar_one() != found[ben.member_id].letter_id


async def test_somebody_who_left_still_chooses(end):
    ada = await end.member(1, state=MemberState.LEFT)
    await end.at(*CLOSED_AT)
    await end.close()
    page = await end.service.stay(asks(ada), end.cohort.cohort_id)
    assert page.choice.alum


async def test_a_day_without_room_waits_for_one_that_has_it(end):
    ada = await end.member(1, volume=Volume.STANDARD)
    await end.at(*CLOSED_AT)
    async with end.db.write() as tx:
        await outbox.enqueue(
            tx,
            kind="checkin.ask",
            dedupe="today",
            place=outbox.Place.user(1),
            now=end.clock(),
            cohort_id=end.cohort.cohort_id,
            member_id=ada.member_id,
        )
    await end.close()
    await end.farewell.work(end.clock())
    assert await count(end.db, notices) == 0
    end.clock.advance(hours=25)
    await end.work()
    assert (await told(end))[ada.member_id] == 1


async def test_who_wants_no_letters_about_it_gets_none(end):
    ada = await end.member(1)
    async with end.db.write() as tx:
        await end.service.no_letters(tx, ada, end.clock())
    await end.at(*CLOSED_AT)
    await end.close()
    await end.work()
    assert await told(end) == {}


async def test_a_channel_that_is_closed_to_us_holds_nothing_up_for_ever(end):
    await end.member(1)
    await end.at(*CLOSED_AT)
    await end.close()
    await end.work()
    for moment in ((2026, 7, 1, 15), (2026, 7, 12, 15)):
        await end.at(*moment, post=False)
        async with end.db.write() as tx:
            posts = (letters.c.kind == "ending.post") & (letters.c.state == LetterState.PENDING)
            await tx.execute(letters.update().where(posts).values(state=LetterState.HELD))
        await end.post()
    await end.at(2026, 7, 16, 5)
    assert await end.here() == {1}
    await end.at(2026, 7, 17, 16)
    assert await end.here() == set()


async def test_a_channel_that_is_closed_to_us_keeps_no_letter_from_anybody(end):
    ada = await end.member(1)
    await end.at(*CLOSED_AT)
    await end.close()
    await end.farewell.work(end.clock())
    async with end.db.write() as tx:
        cohort = await people_cohorts.require(tx, end.cohort.cohort_id)
        await blockages.block(tx, cohort, "no permission")
    await end.post()
    assert (await told(end))[ada.member_id] == 1
    async with end.db.read() as tx:
        cohort = await people_cohorts.require(tx, end.cohort.cohort_id)
    assert cohort.state is CohortState.CLOSED


async def test_a_closed_cohort_stands_in_nobodys_way(end):
    ada = await end.member(1)
    await end.at(*CLOSED_AT)
    await end.close()
    other = await add_cohort(end.db, 500, end.clock(), name="Autumn")
    await enrol(end.db, other, 1, "P1", end.clock())
    async with end.db.read() as tx:
        member = await memberships.of(tx, asks(ada))
    assert member.cohort_name == "Autumn"


async def test_who_mentors_elsewhere_or_is_named_for_problems_stays_known(end):
    ada = await end.member(1)
    other = await add_cohort(end.db, 501, end.clock(), name="Autumn", contacts=[1])

    async def tied(tx, user_id):
        return await people_cohorts.is_contact(tx, user_id)

    end.hooks.tied.append(tied)
    async with end.db.write() as tx:
        await forget_membership(tx, end.hooks, ada)
        assert await users.get(tx, 1) is not None
        assert await memberships.get(tx, ada.member_id) is None
        assert (await people_cohorts.require(tx, other.cohort_id)).contacts == (1,)


async def test_records_go_a_few_at_a_time_and_a_kill_in_between_loses_nothing(end):
    people = 3 * AT_ONCE + 2
    for n in range(people):
        await end.member(100 + n)
    await end.at(*CLOSED_AT)
    await end.close()
    await end.work()
    await end.at(2026, 7, 1, 15)
    await end.at(2026, 7, 12, 15)
    end.clock.now = datetime(2026, 7, 16, 5, tzinfo=UTC)
    async with end.db.read() as tx:
        (ending,) = await end.store.unfinished(tx)
    assert await end.farewell._let_go(ending.ending_id, end.clock()) == AT_ONCE
    broken = []

    async def dies(tx, member):
        broken.append(member)
        if len(broken) == 3:
            raise asyncio.CancelledError

    end.hooks.erase_member.append(dies)
    with pytest.raises(asyncio.CancelledError):
        await end.farewell._let_go(ending.ending_id, end.clock())
    assert len(await end.here()) == people - AT_ONCE
    end.hooks.erase_member.clear()
    await end.work()
    await end.work()
    assert await end.here() == set()
    async with end.db.read() as tx:
        over = await end.store.get(tx, ending.ending_id)
    assert over.erased == people
    assert over.finished_at is not None
    assert (await end.log()).count("erased") == 1


async def test_closing_twice_at_the_same_instant_is_once(end):
    await end.member(1)
    await end.at(*CLOSED_AT)
    pages = await asyncio.gather(*(end.close() for _n in range(2)))
    assert pages
    assert await count(end.db, endings) == 1
    await end.work()
    assert (await end.log()).count("closed") == 1
    async with end.db.read() as tx:
        made = (await tx.execute(select(calls.c.kind))).scalars().all()
    assert made == [CallKind.CLOSED]


async def test_before_the_first_day_closing_says_that_it_has_not_begun(end):
    await end.at(2026, 2, 20, 15)
    page = await end.service.about_to_close(BOSS)
    assert isinstance(page, Effect)
    assert not page.has_begun


async def test_the_channel_hears_a_week_ahead_once_for_each_last_day(end):
    await end.at(2026, 3, 8, 13)
    assert await told(end, "ending.post") == {}
    await end.at(2026, 3, 8, 15)
    await end.at(2026, 3, 9, 15)
    assert await told(end, "ending.post") == {None: 1}
    async with end.db.write() as tx:
        await tx.execute(cohorts.update().values(last_day=date(2026, 3, 29)))
    await end.at(2026, 3, 21, 15)
    assert await told(end, "ending.post") == {None: 1}
    await end.at(2026, 3, 22, 15)
    assert await told(end, "ending.post") == {None: 2}


async def test_fewer_days_than_promised_are_refused(end):
    for days in (0, 30, 119, 10_000):
        with pytest.raises(Refusal, match="120"):
            await end.close(days)
    async with end.db.read() as tx:
        state = (await tx.execute(select(cohorts.c.state))).scalar_one()
    assert state is CohortState.LIVE


async def test_opened_again_everything_is_as_it_was(end):
    ada = await end.member(1)
    await end.at(*CLOSED_AT)
    async with end.db.write() as tx:
        await outbox.enqueue(
            tx,
            kind="goals.shared",
            dedupe="waits",
            place=outbox.Place.channel(72),
            now=end.clock(),
            due_at=end.clock() + timedelta(hours=2),
            cohort_id=end.cohort.cohort_id,
        )
    await end.close()
    await end.work()
    await end.service.stay(asks(ada), end.cohort.cohort_id)
    end.clock.advance(days=1)
    cohort = await end.service.reopen(BOSS, end.cohort.cohort_id)
    assert cohort.state is CohortState.LIVE
    assert (await end.service.reopen(BOSS, end.cohort.cohort_id)).state is CohortState.LIVE
    async with end.db.read() as tx:
        member = await memberships.get(tx, ada.member_id)
        waits = await outbox.result(tx, "waits")
    assert member.stage == "interning"
    assert waits.state is LetterState.PENDING
    assert (await end.log())[-1] == "reopened"
    await end.work()
    assert (await told(end))[ada.member_id] == 2
    await end.close()
    page = await end.service.own(asks(ada), end.cohort.cohort_id)
    assert page.choice.alum
    assert page.member.stage == "finished"


async def test_a_paused_cohort_is_paused_again_when_it_is_opened_again(end):
    async with end.db.write() as tx:
        await tx.execute(cohorts.update().values(state=CohortState.PAUSED))
    await end.at(*CLOSED_AT)
    await end.close()
    assert (await end.service.reopen(BOSS, end.cohort.cohort_id)).state is CohortState.PAUSED


async def test_nobody_else_closes_opens_copies_or_reads_names(end):
    ada = await end.member(1)
    await end.at(*CLOSED_AT)
    number = end.cohort.cohort_id
    naming = Naming("Next", "1 June 2026", "1 August 2026")
    elsewhere = Caller(9, 501, "Boss elsewhere", manages_guild=True)
    alone = Caller(9, None, "Boss in a message", manages_guild=True)
    for caller in (asks(ada), elsewhere, alone):
        for attempt in (
            end.service.about_to_close(caller, number),
            end.service.close(caller, number, 120, "Spring"),
            end.service.closed(caller, number),
            end.service.reopen(caller, number),
            end.service.mentors_to_be(caller, number),
            end.service.before_cloning(caller, number),
            end.service.clone(caller, number, naming),
        ):
            with pytest.raises(NotAllowed):
                await attempt


async def test_a_moderator_by_role_may_close_but_not_begin_another_cohort(end):
    async with end.db.write() as tx:
        await tx.execute(cohorts.update().values(moderator_role_id=7))
    mia = Caller(8, 500, "Mia", role_ids=frozenset({7}))
    await end.at(*CLOSED_AT)
    page = await end.service.close(mia, end.cohort.cohort_id, 120, " spring ")
    assert isinstance(page, ClosedPage)
    with pytest.raises(NotAllowed, match="manage this server"):
        await end.service.clone(mia, end.cohort.cohort_id, Naming("Next", "1 June", "1 August"))


async def test_a_name_that_is_taken_or_dates_that_cannot_be_begin_nothing(end):
    await end.at(*CLOSED_AT)
    for naming in (
        Naming("SPRING", "1 June 2026", "1 August 2026"),
        Naming(" ", "1 June 2026", "1 August 2026"),
        Naming("Next", "31 February", "1 August 2026"),
        Naming("Next", "1 August 2026", "1 June 2026"),
    ):
        with pytest.raises(Refusal):
            await end.service.clone(BOSS, end.cohort.cohort_id, naming)
    assert await count(end.db, cohorts) == 1


async def test_what_a_stranger_presses_shows_nothing(end):
    await end.at(*CLOSED_AT)
    await end.close()
    with pytest.raises(NotFound):
        await end.service.own(Caller(404, 500, "Nobody"), end.cohort.cohort_id)
    assert await count(end.db, choices) == 0


async def test_privacy_says_how_long_things_stay(end):
    ada = await end.member(1)
    async with end.db.read() as tx:
        (open_,) = await end.service.stored(tx, 1)
    assert "120 to 180 days after it is closed" in open_
    await end.at(*CLOSED_AT)
    await end.close()
    async with end.db.read() as tx:
        (closed,) = await end.service.stored(tx, 1)
    assert "Wednesday 15 July 2026" in closed
    await end.service.stay(asks(ada), end.cohort.cohort_id)
    async with end.db.read() as tx:
        (alum,) = await end.service.stored(tx, 1)
    assert "until you delete it" in alum


@pytest.mark.slow
async def test_five_thousand_are_told_in_breaths_and_let_go(end):

    people = 5000
    async with end.db.write() as tx:
        zones = ("America/New_York", "Europe/Berlin", "Asia/Kolkata")
        rows = [
            {"user_id": n, "zone": zones[n % 3], "created_at": end.clock(), "inbox": "open"}
            for n in range(1, people + 1)
        ]
        await tx.execute(insert(users.users), rows)
        await tx.execute(
            insert(memberships.members),
            [
                {
                    "cohort_id": end.cohort.cohort_id,
                    "user_id": n,
                    "name": f"P{n}",
                    "state": "joined",
                    "delivery": "dm",
                    "joined_at": end.clock(),
                }
                for n in range(1, people + 1)
            ],
        )
    await end.at(*CLOSED_AT)
    await end.close()
    await end.farewell.work(end.clock())
    async with end.db.read() as tx:
        written = await tx.execute(select(func.count()).where(letters.c.kind == "ending.letter"))
    assert written.scalar_one() == people
    assert people > BREATH
    async with end.db.write() as tx:
        await tx.execute(letters.update().values(state=LetterState.SENT, ended_at=end.clock()))
    for moment in ((2026, 7, 1, 15), (2026, 7, 12, 15), (2026, 7, 16, 5)):
        end.clock.now = datetime(*moment, tzinfo=UTC)
        await end.farewell.work(end.clock())
        async with end.db.write() as tx:
            await tx.execute(letters.update().values(state=LetterState.SENT, ended_at=end.clock()))
    assert await end.here() == set()


async def test_that_the_end_comes_uses_up_nobodys_messages(end):
    await end.member(1)
    await end.member(2, delivery=Delivery.THREAD)
    await end.at(2026, 3, 9, 15)
    async with end.db.read() as tx:
        kinds = (await tx.execute(select(letters.c.kind, letters.c.member_id))).all()
        counted = (await tx.execute(select(func.count()).select_from(budget.pings))).scalar_one()
    assert kinds == [("ending.post", None)]
    assert counted == 0
