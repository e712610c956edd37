"""What is read from the database is what the model says, in its order."""

from dataclasses import fields

import pytest
from sqlalchemy import select

from bot.people import memberships
from bot.people.memberships import Member
from cogs.goals.model import Goal
from cogs.goals.store import goals


@pytest.mark.parametrize(
    ("statement", "model"), [(memberships.whole(), Member), (select(goals), Goal)]
)
def test_columns_stand_in_the_order_of_their_model(statement, model):
    assert [each.key for each in statement.selected_columns] == [f.name for f in fields(model)]
