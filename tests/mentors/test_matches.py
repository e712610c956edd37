"""A draft of mentors: within their room, as the moderator changed it, nobody kept apart."""

from dataclasses import fields

import pytest

from bot.errors import NotAllowed, Refusal
from bot.matching.model import Weights
from bot.people import contact, memberships, profiles, users
from bot.people.memberships import MemberState
from bot.people.profiles import Detail
from cogs.mentors.model import PairPage, RequestPage
from tests.conftest import asks, enrol
from tests.mentors.conftest import BOSS, MIA, NOAH, ROLE


@pytest.fixture
async def people(mentoring, ada, ben, chen):
    """Two who ask about Python, one about design; a mentor for each, with little room."""
    await mentoring.offer(MIA, "Python, testing", mentees=1)
    await mentoring.offer(NOAH, "Design", mentees=1)
    await mentoring.service.request(asks(ada), "Python", "")
    await mentoring.service.request(asks(ben), "Design, Figma", "")
    return mentoring


def pairs(page):
    return {one.member.name: one.mentor.name for one in page.rows if not one.proposal.left_out}


def row_of(page, name):
    return next(one for one in page.rows if one.member.name == name).proposal.proposal_id


async def test_topics_decide_and_nobody_gets_more_than_they_have_room_for(people, chen):
    await people.service.request(asks(chen), "Cooking", "")
    page = await people.matches.draw(BOSS, people.cohort_id)
    assert pairs(page) == {"Ada": "Mia", "Ben": "Noah"}
    assert page.waiting == ("Chen",)
    assert page.room == 0
    assert {each.about for each in page.rows[0].reasons.curiosities} == {"python"}


async def test_nothing_goes_out_before_it_is_approved_and_then_once(people, ada):
    page = await people.matches.draw(BOSS, people.cohort_id)
    assert isinstance(await people.service.look_for(asks(ada)), RequestPage)
    done = await people.matches.approve(BOSS, page.match.match_id)
    assert (done.pairs, done.not_paired) == (2, ())
    with pytest.raises(Refusal, match="done with"):
        await people.matches.approve(BOSS, page.match.match_id)
    assert isinstance(await people.service.look_for(asks(ada)), PairPage)


async def test_two_mentees_change_places(people, ada):
    page = await people.matches.draw(BOSS, people.cohort_id)
    change = await people.matches.change(BOSS, row_of(page, "Ada"))
    assert [(one.mentor, one.swaps_with) for one in change.choices] == [("Noah", "Ben")]
    page = await people.matches.give(BOSS, row_of(page, "Ada"), change.choices[0].value)
    assert pairs(page) == {"Ada": "Noah", "Ben": "Mia"}
    await people.matches.approve(BOSS, page.match.match_id)
    where = await people.service.look_for(asks(ada))
    assert where.pair.mentor.name == "Noah"


async def test_leaving_somebody_out_makes_room_for_another_choice(people, ada, ben):
    page = await people.matches.draw(BOSS, people.cohort_id)
    page = await people.matches.leave_out(BOSS, row_of(page, "Ben"))
    assert (page.pairs, page.left_out, page.room) == (1, 1, 1)
    change = await people.matches.change(BOSS, row_of(page, "Ada"))
    assert ("Noah", None) in [(one.mentor, one.swaps_with) for one in change.choices]
    free = next(one.value for one in change.choices if one.swaps_with is None)
    page = await people.matches.give(BOSS, row_of(page, "Ada"), free)
    with pytest.raises(Refusal, match="no room"):
        await people.matches.leave_out(BOSS, row_of(page, "Ben"))
    done = await people.matches.approve(BOSS, page.match.match_id)
    assert done.pairs == 1
    assert isinstance(await people.service.look_for(asks(ben)), RequestPage)


async def test_a_stop_binds_the_draw_the_change_and_the_approval_in_the_same_words(
    people, db, ada, clock
):
    async with db.write() as tx:
        await contact.stop(tx, MIA.user_id, ada.user_id, clock())
    page = await people.matches.draw(BOSS, people.cohort_id)
    assert pairs(page).get("Ada") != "Mia"
    proposal = page.rows[0].proposal.proposal_id
    change = await people.matches.change(BOSS, proposal)
    assert change.choices == ()
    with pytest.raises(Refusal, match="cannot be paired"):
        await people.matches.give(BOSS, proposal, f"m{1}")


async def test_whoever_changed_since_the_draft_goes_on_waiting(people, db, ada, ben, clock):
    page = await people.matches.draw(BOSS, people.cohort_id)
    async with db.write() as tx:
        await contact.stop(tx, ada.user_id, MIA.user_id, clock())
        await memberships.change(tx, ben.member_id, state=MemberState.LEFT)
    done = await people.matches.approve(BOSS, page.match.match_id)
    assert done.pairs == 0
    assert set(done.not_paired) == {"Ada", "Ben"}


async def test_a_mentor_who_is_paused_is_not_drawn(people):
    await people.service.pause(MIA, "in 2 weeks")
    page = await people.matches.draw(BOSS, people.cohort_id)
    assert set(pairs(page).values()) == {"Noah"}


async def test_nobody_is_their_own_mentor(mentoring, db, cohort, clock):
    alum = await enrol(db, cohort, MIA.user_id, "Mia", clock())
    await mentoring.offer(MIA)
    await mentoring.service.request(asks(alum), "Python", "")
    page = await mentoring.matches.draw(BOSS, mentoring.cohort_id)
    assert page.rows == ()


async def test_there_is_a_reason_where_nothing_can_be_drawn(mentoring, ada, ben):
    with pytest.raises(Refusal, match="Nobody waits"):
        await mentoring.matches.draw(BOSS, mentoring.cohort_id)
    await mentoring.service.request(asks(ada), "Python", "")
    with pytest.raises(Refusal, match="no mentor yet"):
        await mentoring.matches.draw(BOSS, mentoring.cohort_id)
    await mentoring.offer(MIA, mentees=0)
    with pytest.raises(Refusal, match="as many mentees"):
        await mentoring.matches.draw(BOSS, mentoring.cohort_id)


async def test_another_draw_takes_the_drafts_place(people):
    first = await people.matches.draw(BOSS, people.cohort_id)
    second = await people.matches.draw(BOSS, people.cohort_id)
    with pytest.raises(Refusal, match="done with"):
        await people.matches.approve(BOSS, first.match.match_id)
    waiting = await people.matches.waiting_draft(BOSS, people.cohort_id)
    assert waiting is not None
    assert waiting.match == second.match
    await people.matches.drop(BOSS, second.match.match_id)
    assert await people.matches.waiting_draft(BOSS, people.cohort_id) is None


async def test_only_moderators_see_or_touch_a_draft(people, ada):
    page = await people.matches.draw(BOSS, people.cohort_id)
    for stranger in (MIA, asks(ada)):
        for attempt in (
            people.matches.cohort(stranger),
            people.matches.draw(stranger, people.cohort_id),
            people.matches.page(stranger, page.match.match_id),
            people.matches.change(stranger, page.rows[0].proposal.proposal_id),
            people.matches.approve(stranger, page.match.match_id),
        ):
            with pytest.raises(NotAllowed):
                await attempt


async def about(db, member, clock, **texts):
    """Say something on a profile, for everyone to read."""
    async with db.write() as tx:
        details = {Detail(key): text for key, text in texts.items()}
        await profiles.write(tx, member.member_id, details, clock())
        await profiles.show(tx, member.member_id, details, clock())


def heavy(**weights):
    """A cohort that finds only this important."""

    async def chosen(tx, cohort_id):
        nothing = {each.name: 0 for each in fields(Weights)}
        return Weights(**nothing | weights)

    return chosen


@pytest.fixture
async def choice(mentoring, db, clock, ada, cohort):
    """A mentor whose hours fit and one whose topics fit; they were asked by somebody in Berlin."""
    async with db.write() as tx:
        await users.change(tx, ada.user_id, zone="Europe/Berlin")
    await mentoring.offer(MIA, "Design", place="Europe/Berlin")
    await mentoring.offer(NOAH, "Python", place="Asia/Tokyo")
    await mentoring.service.request(asks(ada), "Python", "")
    return mentoring


@pytest.mark.parametrize(
    ("weights", "mentor"), [({"hours": 100}, "Mia"), ({"curiosity": 100}, "Noah")]
)
async def test_what_the_cohort_finds_important_decides_for_mentors_too(choice, weights, mentor):
    choice.hooks.weights = heavy(**weights)
    page = await choice.matches.draw(BOSS, choice.cohort_id)
    assert pairs(page) == {"Ada": mentor}


async def test_hours_that_somebody_typed_count_for_mentors(
    mentoring, db, clock, ada, ben, chen, cohort
):
    """Both mentors are members and live in one zone; one of them works in the evening."""
    mentoring.hooks.weights = heavy(hours=100)
    for mentor, hours in ((ben, "9-17"), (chen, "18:00 to 23:00")):
        await about(db, mentor, clock, hours=hours)
        await mentoring.offer(asks(mentor, role_ids=frozenset({ROLE})), "Python")
    await about(db, ada, clock, hours="6 pm - 11 pm")
    await mentoring.service.request(asks(ada), "Python", "")
    page = await mentoring.matches.draw(BOSS, mentoring.cohort_id)
    assert pairs(page) == {"Ada": "Chen"}
    assert page.rows[0].reasons.minutes == 300


async def test_a_reason_tells_nothing_that_a_profile_hides(mentoring, db, clock, ada, ben, cohort):
    for member in (ada, ben):
        async with db.write() as tx:
            await profiles.write(tx, member.member_id, {Detail.INTERESTS: "chess"}, clock())
    await mentoring.offer(asks(ben, role_ids=frozenset({ROLE})), "Python")
    await mentoring.service.request(asks(ada), "Python", "")
    page = await mentoring.matches.draw(BOSS, mentoring.cohort_id)
    assert page.rows[0].reasons.interests == ()
    await about(db, ada, clock, interests="chess")
    await about(db, ben, clock, interests="chess")
    page = await mentoring.matches.draw(BOSS, mentoring.cohort_id)
    assert page.rows[0].reasons.interests == ("chess",)
