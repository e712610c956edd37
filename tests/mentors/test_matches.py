"""A draft of mentors: within their room, as the moderator changed it, nobody kept apart."""

import pytest

from bot.errors import NotAllowed, Refusal
from bot.people import contact, memberships
from bot.people.memberships import MemberState
from cogs.mentors.model import PairPage, RequestPage
from tests.conftest import asks, enrol
from tests.mentors.conftest import BOSS, MIA, NOAH


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
