"""What becomes of kudos when their people go."""

import pytest

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
