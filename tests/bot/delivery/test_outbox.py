"""Letters: written once, claimed one at a time per place, held, dropped, expired, forgotten."""

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.delivery import budget, claims, letters, outbox
from bot.delivery.letters import LetterState
from bot.delivery.outbox import Place
from bot.people import memberships, users
from bot.people.memberships import Delivery, MemberState
from tests.conftest import count, enrol


@pytest.fixture
def write(db, clock):
    async def write(dedupe, place=None, **values):
        async with db.write() as tx:
            return await outbox.enqueue(
                tx,
                kind="test",
                dedupe=dedupe,
                place=place or Place.channel(7),
                now=clock(),
                **values,
            )

    return write


@pytest.fixture
def claim(db, clock):
    async def claim(limit=40, owner="me"):
        async with db.write() as tx:
            return [each.letter for each in await claims.claim(tx, owner, clock(), limit)]

    return claim


async def said(db, letter, clock, channel_id=7, message_id=70):
    async with db.write() as tx:
        return await claims.ack(tx, letter, channel_id, message_id, clock())


async def state_of(db, dedupe):
    async with db.read() as tx:
        return (await outbox.result(tx, dedupe)).state


async def test_the_same_letter_is_written_once(write):
    assert await write("a") == 1
    assert await write("a") is None


async def test_a_nonce_is_short_and_belongs_to_this_installation():
    here, there = letters.nonce_of("here", "a"), letters.nonce_of("there", "a")
    assert here != there
    assert len(here) == 24


async def test_one_letter_per_place_is_on_its_way_at_a_time(db, write, claim, clock):
    await write("a")
    await write("b")
    await write("c", Place.channel(8))
    first = await claim()
    assert [letter.dedupe for letter in first] == ["a", "c"]
    assert await claim() == []
    await said(db, first[0], clock)
    assert [letter.dedupe for letter in await claim()] == ["b"]


async def test_a_letter_that_waits_for_a_new_attempt_is_not_overtaken_in_its_place(
    db, write, claim, clock
):
    await write("a")
    await write("b")
    [a] = await claim()
    async with db.write() as tx:
        await claims.nack(
            tx, a, clock() + timedelta(seconds=8), "down", clock(), ambiguous=True, counted=True
        )
    assert await claim() == []
    async with db.read() as tx:
        assert await claims.next_at(tx) == clock() + timedelta(seconds=8)
    clock.advance(seconds=8)
    assert [letter.dedupe for letter in await claim()] == ["a"]


async def test_what_depends_on_another_letter_waits_for_it_and_fails_with_it(
    db, write, claim, clock
):
    card = await write("card")
    await write("in thread", Place.thread_of(card))
    [letter] = await claim()
    assert letter.dedupe == "card"
    async with db.write() as tx:
        await claims.fail(tx, letter, LetterState.DEAD, "gone", clock(), code=10003)
    assert await claim() == []
    assert await state_of(db, "in thread") is LetterState.DEAD


async def test_whoever_lost_a_claim_can_no_longer_note_anything(db, write, claim, clock):
    await write("a")
    [mine] = await claim(owner="slow")
    clock.advance(seconds=61)
    [theirs] = await claim(owner="quick")
    assert not await said(db, mine, clock)
    assert await said(db, theirs, clock)


async def test_a_process_that_died_while_posting_leaves_a_doubt(db, write, claim, clock):
    await write("frozen")
    await write("not yet written", Place.channel(8))
    frozen, _other = await claim()
    async with db.write() as tx:
        await claims.freeze(tx, frozen, "{}", clock())
        assert await claims.reclaim(tx, clock()) == 2
    again = {letter.dedupe: letter for letter in await claim()}
    assert again["frozen"].ambiguous_at == clock()
    assert again["frozen"].payload == "{}"
    assert again["not yet written"].ambiguous_at is None


async def test_the_text_of_a_letter_is_not_readable_in_the_file(
    db, write, claim, clock, database_file
):
    await write("a")
    [letter] = await claim()
    async with db.write() as tx:
        await claims.freeze(tx, letter, '{"content":"a private win"}', clock())
    with sqlite3.connect(database_file) as file:
        [(stored,)] = file.execute("SELECT payload FROM letter").fetchall()
    assert "private" not in stored
    await said(db, letter, clock)
    with sqlite3.connect(database_file) as file:
        assert file.execute("SELECT payload FROM letter").fetchall() == [(None,)]


async def test_what_is_too_late_expires_and_is_listed_with_its_reason(
    db, cohort, write, claim, clock
):
    await write("a", cohort_id=cohort.cohort_id, expires_at=clock() + timedelta(hours=1))
    began = clock()
    clock.advance(hours=1)
    assert await claim() == []
    async with db.read() as tx:
        [lost] = await outbox.undelivered(tx, cohort.cohort_id, began)
    assert lost.why == "its time had passed"


async def test_a_cancelled_letter_is_not_sent(db, write, claim, clock):
    await write("ask:1:2026-03-09:5")
    await write("ask:11:2026-03-09:5", Place.channel(8))
    async with db.write() as tx:
        assert await outbox.cancel(tx, "ask:1:", clock()) == 1
    assert [letter.dedupe for letter in await claim()] == ["ask:11:2026-03-09:5"]


async def test_held_letters_are_listed_released_one_by_one_and_dropped(
    db, cohort, ada, write, claim, clock
):
    first = await write("a", cohort_id=cohort.cohort_id)
    await write("b", Place.user(ada.user_id), cohort_id=cohort.cohort_id, member_id=ada.member_id)
    async with db.write() as tx:
        assert await outbox.hold(tx, cohort.cohort_id) == 2
    assert await claim() == []
    async with db.write() as tx:
        held = await outbox.held(tx, cohort.cohort_id)
        assert [letter.dedupe for letter in held] == ["a", "b"]
        assert await outbox.release(tx, cohort.cohort_id, only=[first]) == 1
        assert await outbox.drop(tx, cohort.cohort_id, clock()) == 1
    assert [letter.dedupe for letter in await claim()] == ["a"]
    assert await count(db, budget.pings) == 0


async def test_a_letter_to_somebody_asleep_waits_for_their_morning(db, ada, write, claim, clock):
    clock.now = clock.now.replace(hour=3)  # ten in the evening in New York
    place = Place.user(ada.user_id)
    await write("a", place, member_id=ada.member_id)
    await write("b", Place.channel(9), member_id=ada.member_id)
    assert [letter.dedupe for letter in await claim()] == ["b"]
    clock.now = clock.now.replace(hour=13)  # eight in the morning
    assert "a" in [letter.dedupe for letter in await claim()]


async def test_what_was_asked_for_comes_at_any_hour(ada, write, claim, clock):
    clock.now = clock.now.replace(hour=3)
    await write("a", Place.user(ada.user_id), member_id=ada.member_id, any_hour=True)
    assert [letter.dedupe for letter in await claim()] == ["a"]


async def test_quiet_hours_set_after_a_letter_was_written_still_hold(db, ada, write, claim, clock):
    await write("a", Place.user(ada.user_id), member_id=ada.member_id)
    async with db.write() as tx:
        await users.change(
            tx, ada.user_id, quiet_from=clock().time().replace(hour=9), quiet_to=ada.quiet_from
        )
    assert await claim() == []
    async with db.read() as tx:
        assert await claims.next_at(tx) == clock.now.replace(day=3, hour=3)  # ten in the evening


@pytest.mark.parametrize(
    ("state", "outcome"),
    [(MemberState.LEFT, "they left"), (MemberState.PAUSED, "they are pausing")],
)
async def test_nothing_reaches_who_left_or_paused_meanwhile(
    db, ada, write, claim, clock, state, outcome
):
    await write("a", Place.user(ada.user_id), member_id=ada.member_id)
    async with db.write() as tx:
        await memberships.change(tx, ada.member_id, state=state)
    assert await claim() == []
    async with db.read() as tx:
        assert (await letters.get(tx, 1)).last_error == outcome
    assert await count(db, budget.pings) == 0


async def test_a_pause_that_is_over_keeps_nothing_back(db, ada, write, claim, clock):
    async with db.write() as tx:
        await memberships.pause(tx, ada, ada.local_date(clock()), ada.local_date(clock()))
    await write("a", Place.user(ada.user_id), member_id=ada.member_id)
    assert len(await claim()) == 1


async def test_urgent_letters_go_first(write, claim):
    await write("slow", Place.channel(1), priority=5)
    await write("quick", Place.channel(2), priority=1)
    assert [letter.dedupe for letter in await claim(limit=1)] == ["quick"]


async def test_old_letters_are_forgotten_with_their_pings(db, ada, write, claim, clock):
    await write("a", Place.user(ada.user_id), member_id=ada.member_id)
    [letter] = await claim()
    await said(db, letter, clock)
    async with db.write() as tx:
        assert await outbox.purge(tx, clock.advance(days=89)) == 0
        assert await outbox.purge(tx, clock.advance(days=2)) == 1
    assert await count(db, budget.pings) == 0


async def test_erasing_somebody_erases_letters_to_them_even_outside_a_cohort(db, ada, write, clock):
    await write("a", Place.user(ada.user_id))
    await write("b", member_id=ada.member_id)
    async with db.write() as tx:
        await users.erase(tx, ada.user_id)
    assert await count(db, letters.letters) == 0


async def test_the_budget_is_one_a_day_and_three_a_week(db, ada, write, clock):
    async def fits():
        async with db.read() as tx:
            return await budget.allows(tx, ada, clock())

    for number in range(3):
        assert await fits()
        await write(str(number), Place.user(ada.user_id), member_id=ada.member_id)
        assert not await fits()
        clock.advance(days=1)
    assert not await fits()  # a Thursday, after three pings since Monday
    clock.advance(days=4)
    assert await fits()


async def test_a_ping_at_night_counts_for_the_day_it_is_heard(db, ada, write, clock):
    clock.now = clock.now.replace(day=3, hour=3)  # Monday, ten in the evening
    await write("a", Place.user(ada.user_id), member_id=ada.member_id)
    async with db.read() as tx:
        row = (await tx.execute(select(budget.pings))).one()
    assert row.local_on.day == 3


async def test_what_was_asked_for_does_not_use_the_budget(db, ada, write, clock):
    await write("a", Place.user(ada.user_id), member_id=ada.member_id, counts=False)
    assert await count(db, budget.pings) == 0


async def test_a_shared_message_counts_for_everyone_it_pings(db, ada, ben, write):
    await write("a", pings=[ada.member_id, ben.member_id])
    assert await count(db, budget.pings) == 2


async def test_a_letter_nobody_got_gives_its_ping_back(db, ada, write, claim, clock):
    await write("a", Place.user(ada.user_id), member_id=ada.member_id)
    [letter] = await claim()
    async with db.write() as tx:
        await claims.fail(tx, letter, LetterState.DEAD, "closed", clock(), code=50007)
    async with db.read() as tx:
        assert await budget.allows(tx, ada, clock())


async def test_many_letters_are_written_in_one_go(db, cohort, clock):
    new = [
        outbox.NewLetter(
            kind="test", dedupe=str(n), place=Place.channel(n), due_at=clock(), counts=False
        )
        for n in range(1_200)
    ]
    async with db.write() as tx:
        numbers = await outbox.enqueue_all(tx, [*new, new[0]], clock())
    assert len(numbers) == len(new)


async def test_a_letter_that_depends_on_nothing_left_is_still_kept(db, write, clock):
    card = await write("card")
    await write("edit", action="edit", depends_on=card)
    async with db.write() as tx:
        await tx.execute(update(letters.letters).values(state=LetterState.SENT))
        await tx.execute(letters.letters.delete().where(letters.letters.c.letter_id == card))
    assert await count(db, letters.letters) == 1


async def test_somebody_without_membership_of_a_cohort_is_reached_all_the_same(
    db, cohort, write, claim, clock
):
    other = await enrol(db, cohort, 5, "Eve", clock(), delivery=Delivery.DM)
    await write("a", Place.user(99))
    await write("b", Place.user(other.user_id), member_id=other.member_id)
    assert {letter.user_id for letter in await claim()} == {None, 5}
