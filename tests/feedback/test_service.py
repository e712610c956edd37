"""What happens to feedback when people go, and what others get to see of it."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import NotFound, Refusal
from bot.knowledge.content import Aspect
from bot.people import activity, memberships, profiles
from bot.people.activity import Visibility
from bot.people.caller import Caller
from bot.people.contributions import Contributions
from bot.people.forgetting import forget
from bot.people.memberships import MemberState
from bot.people.profiles import Askers
from bot.people.requests import Requests
from cogs.feedback.model import AskState, Role, Shelf, Words
from cogs.feedback.prompts import PromptService
from cogs.feedback.service import FeedbackService, Quote, Wish
from cogs.feedback.store import FeedbackStore
from tests.conftest import asks, enrol

WORDS = Words("Friday", "You began with the error", "I understood it", "That", "Slower")


@pytest.fixture
def feedback(db, clock, packs):
    return FeedbackService(db, clock, FeedbackStore(), packs, Requests())


@pytest.fixture
def prompts(db, clock):
    return PromptService(db, clock, FeedbackStore())


def wish(occasion="My demo", visibility=Visibility.ME):
    return Wish(occasion, "Where did I lose you?", visibility)


async def ask(feedback, asker, other, **values):
    page = await feedback.draft(
        asks(asker), other.user_id, other.cohort_id, Aspect.DELIVERABLE, wish(**values)
    )
    return (await feedback.send(asks(asker), page.ask.ask_id)).ask


async def answered(feedback, asker, other, **values):
    sent = await ask(feedback, asker, other, **values)
    return (await feedback.answer(asks(other), sent.ask_id, WORDS)).feedback


async def parts(feedback, db, user_id):
    async with db.read() as tx:
        return {part.name: part.rows for part in await feedback.export(tx, user_id)}


async def test_feedback_stays_with_the_receiver_without_the_givers_name(feedback, db, ada, ben):
    await answered(feedback, ada, ben)
    async with db.write() as tx:
        await forget(tx, Contributions(erase=[feedback.erase]), ben.user_id)
    (got,) = (await parts(feedback, db, ada.user_id))["feedback_got"]
    assert got["from"] == "somebody who left"
    assert got["What I saw"] == "You began with the error"
    page = await feedback.look_at(asks(ada))
    assert page.rows[0].title.startswith("somebody who left")


async def test_the_givers_record_stays_without_what_the_receiver_wrote(feedback, db, ada, ben):
    await answered(feedback, ada, ben)
    async with db.write() as tx:
        await forget(tx, Contributions(erase=[feedback.erase]), ada.user_id)
    exported = await parts(feedback, db, ben.user_id)
    (gave,) = exported["feedback_given"]
    assert gave["to"] == "somebody who left"
    assert "Occasion" not in gave
    assert exported["feedback_requests"] == []


async def test_feedback_goes_when_both_are_gone_and_a_quote_with_its_member(feedback, db, ada, ben):
    given = await answered(feedback, ada, ben)
    logged = await feedback.log(
        asks(ada), Quote("Result first", Role.MANAGER, Aspect.DELIVERABLE, "", "")
    )
    async with db.write() as tx:
        for member in (ada, ben):
            await forget(tx, Contributions(erase=[feedback.erase]), member.user_id)
        assert await FeedbackStore().get(tx, given.feedback_id) is None
        assert await FeedbackStore().get(tx, logged.feedback.feedback_id) is None


async def test_a_profile_shows_only_what_its_reader_may_read(feedback, db, ada, ben):
    await answered(feedback, ada, ben)
    await answered(feedback, ada, ben, occasion="Two", visibility=Visibility.MENTOR)
    await answered(feedback, ada, ben, occasion="Three", visibility=Visibility.COHORT)
    await feedback.log(asks(ada), Quote("Private", Role.MANAGER, Aspect.CONDUCT, "", ""))
    async with db.read() as tx:
        assert len(await feedback.shown(tx, ada, Visibility.COHORT)) == 1
        assert len(await feedback.shown(tx, ada, Visibility.MENTOR)) == 2


async def test_moderators_see_how_often_and_not_that_somebody_passed(
    feedback, db, cohort, clock, ada, ben
):
    sent = await ask(feedback, ada, ben)
    await feedback.decline(asks(ben), sent.ask_id)
    await answered(feedback, ben, ada)
    async with db.read() as tx:
        (line,) = await feedback.status(tx, cohort, clock())
    assert line.text == "Feedback: asked 2 times, answered 1, ran out 0."
    await feedback.sweep(clock.advance(days=14))
    async with db.read() as tx:
        (line,) = await feedback.status(tx, cohort, clock())
    assert line.text == "Feedback: asked 2 times, answered 1, ran out 1."


async def test_declining_twice_or_answering_after_all_is_fine(feedback, ada, ben):
    sent = await ask(feedback, ada, ben)
    await feedback.decline(asks(ben), sent.ask_id)
    again = await feedback.decline(asks(ben), sent.ask_id)
    assert again.ask.state is AskState.DECLINED
    given = await feedback.answer(asks(ben), sent.ask_id, WORDS)
    assert given.feedback.receiver_id == ada.member_id


async def test_asking_and_giving_are_deeds_with_ids_only(feedback, db, ada, ben):
    await answered(feedback, ada, ben)
    async with db.read() as tx:
        asked = await activity.of_member(tx, ada.member_id)
        gave = await activity.of_member(tx, ben.member_id)
    assert [deed.word for deed in asked] == ["feedback.asked"]
    assert [deed.word for deed in gave] == ["feedback.given"]


async def test_only_mentors_ask_whoever_wants_to_be_asked_by_mentors(
    feedback, db, cohort, clock, ada, ben
):
    from bot.people import cohorts

    async with db.write() as tx:
        await profiles.let_ask(tx, ben.member_id, Askers.MENTORS, clock())
        await cohorts.change(tx, cohort.cohort_id, mentor_role_id=55)
    with pytest.raises(Exception, match="cannot be asked through me"):
        await feedback.begin(asks(ada), ben.user_id, "Ben", Aspect.CONDUCT)
    mentor = Caller(ada.user_id, ada.guild_id, "Ada", role_ids=frozenset({55}))
    assert (await feedback.begin(mentor, ben.user_id, "Ben", Aspect.CONDUCT)).inside


async def test_somebody_else_reads_nothing(feedback, ada, ben):
    given = await answered(feedback, ada, ben)
    with pytest.raises(NotFound):
        await feedback.read(Caller(4242, ada.guild_id, "Eve"), given.feedback_id)


async def test_a_draft_is_forgotten_after_a_week(feedback, db, clock, ada, ben):
    page = await feedback.draft(asks(ada), ben.user_id, ben.cohort_id, Aspect.DELIVERABLE, wish())
    clock.advance(days=8)
    await feedback.sweep(clock.now.replace(minute=0))
    async with db.read() as tx:
        assert await FeedbackStore().ask(tx, page.ask.ask_id) is None


async def test_lists_turn_their_pages(feedback, ada, ben):
    for n in range(8):
        sent = await ask(feedback, ada, ben, occasion=f"Thing {n}")
        await feedback.answer(asks(ben), sent.ask_id, WORDS)
    first = await feedback.look_at(asks(ada), Shelf.GOT)
    last = await feedback.look_at(asks(ada), Shelf.GOT, 99)
    assert (len(first.rows), len(last.rows), first.pages) == (6, 2, 2)


async def test_prompts_follow_the_dates_when_they_move_and_skip_what_is_stale(
    prompts, db, clock, ada
):
    await prompts.sweep(clock())
    async with db.write() as tx:
        before = await FeedbackStore().plan(tx, ada.member_id)
        await memberships.change(tx, ada.member_id, starts_on=ada.starts_on + timedelta(weeks=2))
    await prompts.sweep(clock.advance(minutes=1))
    async with db.write() as tx:
        after = await FeedbackStore().plan(tx, ada.member_id)
        await memberships.change(tx, ada.member_id, state=MemberState.PAUSED)
    assert before.next_at != after.next_at
    await prompts.sweep(clock.advance(weeks=6))
    async with db.write() as tx:
        await memberships.change(tx, ada.member_id, state=MemberState.JOINED)
    await prompts.sweep(clock())
    async with db.read() as tx:
        plan = await FeedbackStore().plan(tx, ada.member_id)
        lines = await prompts.today(tx, ada, clock())
    assert plan.next_at > clock()
    assert lines == []


async def test_the_same_answer_sent_twice_at_the_same_instant_is_kept_once(feedback, ada, ben):
    sent = await ask(feedback, ada, ben)
    both = [feedback.answer(asks(ben), sent.ask_id, WORDS) for _n in range(2)]
    first, second = sorted(
        await asyncio.gather(*both, return_exceptions=True),
        key=lambda came: isinstance(came, Exception),
    )
    assert first.feedback.receiver_id == ada.member_id
    assert isinstance(second, Refusal)
    assert len((await feedback.look_at(asks(ada))).rows) == 1


async def test_two_people_who_answer_at_the_same_instant_are_both_heard(
    feedback, db, cohort, clock, ada, ben
):
    chen = await enrol(db, cohort, 1003, "Chen", clock())
    asked = [(other, await ask(feedback, ada, other)) for other in (ben, chen)]
    await asyncio.gather(
        *(feedback.answer(asks(other), sent.ask_id, WORDS) for other, sent in asked)
    )
    assert len((await feedback.look_at(asks(ada))).rows) == 2


async def test_asking_for_the_same_thing_twice_at_the_same_instant_asks_once(feedback, ada, ben):
    drafts = [
        await feedback.draft(
            asks(ada), ben.user_id, ben.cohort_id, Aspect.DELIVERABLE, wish("My demo")
        )
        for _n in range(2)
    ]
    came = await asyncio.gather(
        *(feedback.send(asks(ada), page.ask.ask_id) for page in drafts), return_exceptions=True
    )
    assert [isinstance(each, Refusal) for each in came].count(True) == 1
