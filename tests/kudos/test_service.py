"""What becomes of kudos when their people go."""

import asyncio

import pytest
from sqlalchemy import select

from bot.delivery.letters import letters
from bot.errors import NotFound, Refusal
from bot.people import activity, cohorts
from bot.people.contributions import Contributions
from bot.people.forgetting import forget
from bot.people.requests import Requests
from cogs.kudos.service import KudosService
from cogs.kudos.store import KudosStore
from tests.conftest import asks


@pytest.fixture
def kudos(db, clock):
    return KudosService(db, clock, KudosStore(), Requests())


async def test_kudos_stay_with_the_receiver_without_the_givers_name(kudos, db, ada, ben):
    await kudos.give(asks(ada), ben.user_id, "the review")
    async with db.write() as tx:
        await forget(tx, Contributions(erase=[kudos.erase]), ada.user_id)
        (got, gave) = await kudos.export(tx, ben.user_id)
    assert got.rows[0]["from"] == "somebody who left"
    assert got.rows[0]["for"] == "the review"
    assert gave.rows == []


async def test_kudos_go_when_both_are_gone(kudos, db, ada, ben):
    await kudos.give(asks(ada), ben.user_id, "the review")
    async with db.write() as tx:
        await forget(tx, Contributions(erase=[kudos.erase]), ben.user_id)
        await forget(tx, Contributions(erase=[kudos.erase]), ada.user_id)
        assert await KudosStore().get(tx, 1) is None


async def test_what_is_stored_is_said_without_a_number(kudos, db, ada, ben):
    await kudos.give(asks(ada), ben.user_id, "the review")
    async with db.read() as tx:
        (line,) = await kudos.stored(tx, ben.user_id)
    assert not any(sign.isdigit() for sign in line)


async def test_shared_twice_at_the_same_instant_is_told_once(kudos, db, cohort, ada, ben):
    async with db.write() as tx:
        await cohorts.change(tx, cohort.cohort_id, checkins_id=77)
    given = await kudos.give(asks(ada), ben.user_id, "the review")
    number = given.kudos.kudos_id
    await asyncio.gather(*(kudos.share(asks(ben), number) for _n in range(2)))
    async with db.read() as tx:
        told = await tx.execute(select(letters.c.kind).where(letters.c.kind == "kudos.shared"))
        deeds = [deed.word for deed in await activity.of_member(tx, ben.member_id)]
    assert len(told.all()) == 1
    assert deeds.count("kudos.shared") == 1


async def test_nobody_but_the_receiver_shares_or_keeps_them(kudos, ada, ben):
    given = await kudos.give(asks(ada), ben.user_id, "the review")
    for decide in (kudos.share, kudos.keep):
        with pytest.raises(Refusal, match="Only the person they are for"):
            await decide(asks(ada), given.kudos.kudos_id)


async def test_kudos_that_are_gone_say_so(kudos, ada):
    with pytest.raises(NotFound, match="gone"):
        await kudos.share(asks(ada), 404)
