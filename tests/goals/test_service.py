"""What a member can do with goals."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from bot.errors import NotFound, Refusal
from bot.people import activity
from bot.people.activity import Visibility
from bot.people.requests import Requests
from cogs.goals.model import MOST_OPEN_GOALS, Area, GoalState
from cogs.goals.service import GoalService, Wish
from cogs.goals.store import GoalStore
from tests.conftest import asks


@pytest.fixture
def goals(db, clock):
    return GoalService(db, clock, GoalStore(), Requests())


def wish(what="Ship a small change", **values):
    return Wish(
        what=what,
        measure=values.get("measure", ""),
        target=values.get("target", ""),
        first_step=values.get("first_step", ""),
        area=values.get("area", Area.TECHNICAL),
    )


async def test_a_goal_is_private_until_its_member_says_otherwise(goals, ada):
    made = await goals.make(asks(ada), wish())
    assert made.goal.visibility is Visibility.ME


async def test_a_target_in_words_is_read_in_the_members_own_zone(goals, ada):
    made = await goals.make(asks(ada), wish(target="tomorrow"))
    assert made.goal.target_on == date(2026, 3, 3)


async def test_a_target_that_has_passed_is_refused_and_nothing_is_saved(goals, ada):
    with pytest.raises(Refusal, match="has passed"):
        await goals.make(asks(ada), wish(target="2026-03-01"))
    assert (await goals.look_at(asks(ada))).counts == {}


async def test_a_finished_goal_leaves_the_open_list(goals, ada):
    made = await goals.make(asks(ada), wish())
    await goals.finish(asks(ada), made.goal.goal_id)
    assert (await goals.look_at(asks(ada))).goals == ()
    assert (await goals.look_at(asks(ada), GoalState.DONE)).goals[0].what == "Ship a small change"


async def test_whoever_finished_every_goal_is_not_told_that_they_had_none(goals, db, ada, clock):
    async def line():
        async with db.read() as tx:
            return (await goals.today(tx, ada, clock()))[0].text

    assert "No goal yet" in await line()
    made = await goals.make(asks(ada), wish())
    await goals.finish(asks(ada), made.goal.goal_id)
    assert "No goal is open" in await line()


async def test_finishing_twice_is_one_deed(goals, db, ada):
    made = await goals.make(asks(ada), wish())
    await goals.finish(asks(ada), made.goal.goal_id)
    await goals.finish(asks(ada), made.goal.goal_id)
    async with db.read() as tx:
        deeds = await activity.of_member(tx, ada.member_id)
    assert [deed.word for deed in deeds] == ["goal.made", "goal.done"]


async def test_nobody_reaches_somebody_elses_goal(goals, ada, ben):
    made = await goals.make(asks(ada), wish())
    for attempt in (
        goals.get(asks(ben), made.goal.goal_id),
        goals.finish(asks(ben), made.goal.goal_id),
        goals.note(asks(ben), made.goal.goal_id, "mine now"),
        goals.set_visibility(asks(ben), made.goal.goal_id, Visibility.COHORT),
    ):
        with pytest.raises(NotFound, match="not yours"):
            await attempt


async def test_a_dropped_goal_keeps_its_lesson_and_can_be_picked_up_again(goals, ada):
    made = await goals.make(asks(ada), wish())
    dropped = await goals.drop(asks(ada), made.goal.goal_id, "It was somebody else's idea.")
    assert dropped.goal.lesson == "It was somebody else's idea."
    again = await goals.pick_up_again(asks(ada), made.goal.goal_id)
    assert again.goal.is_open


async def test_there_is_an_end_to_open_goals(goals, ada):
    for n in range(MOST_OPEN_GOALS):
        await goals.make(asks(ada), wish(f"Goal {n}"))
    with pytest.raises(Refusal, match="let one go first"):
        await goals.make(asks(ada), wish())


async def test_of_those_who_send_a_goal_at_once_each_is_answered_alone_in_their_language(
    goals, ada, ben
):
    made, no_day, other = await asyncio.gather(
        goals.make(asks(ada), wish("Ship it")),
        goals.make(replace(asks(ben), locale="de"), wish(target="2020-01-01")),
        goals.make(asks(ben), wish("Read it")),
        return_exceptions=True,
    )
    assert (made.goal.what, other.goal.what) == ("Ship it", "Read it")
    assert isinstance(no_day, Refusal)
    assert "vorbei" in str(no_day)
    assert [len((await goals.look_at(asks(one))).goals) for one in (ada, ben)] == [1, 1]


async def test_many_goals_come_in_pages(goals, ada):
    for n in range(8):
        await goals.make(asks(ada), wish(f"Goal {n}"))
    first, last = await goals.look_at(asks(ada)), await goals.look_at(asks(ada), page=99)
    assert (len(first.goals), first.pages, last.page, len(last.goals)) == (6, 2, 1, 2)


async def test_only_a_finished_goal_can_be_shared(goals, ada):
    made = await goals.make(asks(ada), wish())
    with pytest.raises(Refusal, match="when it is done"):
        await goals.share(asks(ada), made.goal.goal_id)


async def test_a_cohort_reads_only_the_goals_shown_to_it(goals, db, ada):
    shown = await goals.make(asks(ada), wish("Give a talk"))
    await goals.make(asks(ada), wish("Something private"))
    await goals.set_visibility(asks(ada), shown.goal.goal_id, Visibility.COHORT)
    async with db.read() as tx:
        lines = await goals.shown(tx, ada, Visibility.COHORT)
    assert lines == ["Goal: Give a talk"]


async def test_words_in_the_file_are_sealed(goals, ada, database_file):
    await goals.make(asks(ada), wish("Nobody reads this in the file"))
    pages = [database_file, database_file.with_name("stint.db-wal")]
    assert not any(b"Nobody reads this" in page.read_bytes() for page in pages if page.exists())
