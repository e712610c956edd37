"""Feedback as its people live it: asked, answered, passed on, run out, copied, restarted."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.people import contact
from bot.people.memberships import Delivery, Volume
from bot.people.users import Inbox
from bot.storage.drafts import drafts
from tests.conftest import MONDAY, count, words_of

ASK = {"occasion": "My demo on Friday", "question": "Where did I lose you?", "readers": ["me"]}
ANSWER = {
    "happened": "Friday's demo",
    "saw": "You showed the error first",
    "changed": "I knew at once why it mattered",
    "keep": "Beginning with the problem",
    "focus": "Fewer slides",
}
NASTY = "@everyone ``` [free](https://e.example) <@1> \u202eevil\n> quote\n# big"


@pytest.fixture
async def people(world):
    """Ada and Ben, reached by message, without a budget in the way."""
    for person in (world.ada, world.ben, world.chen):
        await world.join(person, delivery=Delivery.DM, inbox=Inbox.OPEN, volume=Volume.EVERYTHING)
    return world


def inbox(person):
    return person.user.dm_channel.history()


def last(person):
    return inbox(person)[-1]


async def ask(world, asker, other, **answers):
    form = await asker.slash(world.checkins, "feedback ask", member=other)
    return await asker.submit_modal(form, {**ASK, **answers})


async def send(world, asker, other, **answers):
    preview = await ask(world, asker, other, **answers)
    sent = await asker.click(preview.response, label="Send")
    await world.tick()
    return sent


async def test_a_request_is_previewed_sent_answered_and_read_across_restarts(people):
    preview = await ask(people, people.ada, people.ben)
    assert preview.ephemeral
    assert "Send this to ben?" in words_of(preview)
    assert "Where did I lose you?" in words_of(preview)
    assert "only you" in words_of(preview)
    assert not inbox(people.ben)
    await people.restart()
    sent = await people.ada.click(preview.response, label="Send")
    assert "I remind them once" in words_of(sent)
    await people.restart()
    await people.tick()
    asked = last(people.ben)
    assert "**ada** asks you for feedback" in words_of(asked)
    assert "Read by only ada" in words_of(asked)
    await people.restart()
    form = await people.ben.user.click(asked, label="Answer")
    assert form.modal["title"] == "Read by: only ada"
    assert "Read by only ada. That cannot be changed later." in str(form.modal)
    assert "My demo on Friday" in str(form.modal)
    await people.restart()
    given = await people.ben.user.submit_modal(form, ANSWER)
    assert "on its way" in words_of(given)
    await people.restart()
    await people.tick()
    arrived = last(people.ada)
    assert "ben answered you" in words_of(arrived)
    assert "You showed the error first" not in words_of(arrived)
    read = await people.ada.user.click(arrived, label="Read")
    for text in ANSWER.values():
        assert text in words_of(read)
    assert "Report a problem" in words_of(read)


async def test_refused_feedback_opens_again_with_its_readers_and_what_was_typed(people):
    await send(people, people.ada, people.ben)
    answer = await people.ben.user.click(last(people.ben), label="Answer")
    give = await people.ben.slash(people.checkins, "feedback give", member=people.ada)
    for ben, form in ((people.ben.user, answer), (people.ben, give)):
        refused = await ben.submit_modal(form, {**ANSWER, "happened": " "})
        again = await ben.click(refused.response, label="Try again")
        assert "Read by only ada. That cannot be changed later." in str(again.modal)
        assert "Fewer slides" in str(again.modal)
    people.env.errors.clear()


async def test_another_question_and_another_aspect_are_a_tap_away(people):
    preview = await ask(people, people.ada, people.ben)
    other = await people.ada.click(preview.response, label="Another question")
    assert "Where did I lose you?" not in words_of(other)
    team = await people.ada.select(other.response, ["teamwork"], custom_id="feedback.aspect:1")
    assert "Working with the team" in words_of(team)
    changed = await people.ada.click(team.response, label="Change")
    assert "My demo on Friday" in str(changed.modal)
    again = await people.ada.submit_modal(changed, {**ASK, "readers": ["cohort"]})
    assert "your cohort, on your profile" in words_of(again)
    gone = await people.ada.click(again.response, label="Throw away")
    assert "Nothing was sent" in words_of(gone)


@pytest.mark.slow
async def test_not_now_keeps_it_and_one_reminder_comes_after_three_working_days(people):
    await people.travel(datetime(2026, 3, 5, 15, 0, tzinfo=UTC))
    await send(people, people.ada, people.ben)
    later = await people.ben.user.click(last(people.ben), label="Not now")
    assert "I remind you once" in words_of(later)
    await people.travel(datetime(2026, 3, 10, 13, 59, tzinfo=UTC))
    assert len([m for m in inbox(people.ben) if "Still open" in words_of(m)]) == 0
    await people.travel(datetime(2026, 3, 10, 14, 0, tzinfo=UTC))
    await people.travel(datetime(2026, 3, 18, 14, 0, tzinfo=UTC))
    reminded = [m for m in inbox(people.ben) if "Still open" in words_of(m)]
    assert [m.created_at for m in reminded] == [datetime(2026, 3, 10, 14, 0, tzinfo=UTC)]


@pytest.mark.slow
async def test_after_fourteen_days_both_are_told_and_a_late_press_is_kind(people):
    await send(people, people.ada, people.ben)
    asked = last(people.ben)
    await people.travel(MONDAY + timedelta(days=14, minutes=1))
    assert any("No answer this time" in words_of(m) for m in inbox(people.ada))
    assert any("This request has run out" in words_of(m) for m in inbox(people.ben))
    late = await people.ben.user.click(asked, label="Not now")
    assert "nothing is held against you" in words_of(late)
    form = await people.ben.user.click(late.response, label="Tell them anyway")
    given = await people.ben.user.submit_modal(form, ANSWER)
    assert "on its way" in words_of(given)


async def test_a_form_that_comes_in_after_the_end_is_taken(people):
    await send(people, people.ada, people.ben)
    form = await people.ben.user.click(last(people.ben), label="Answer")
    await people.travel(MONDAY + timedelta(days=15))
    given = await people.ben.user.submit_modal(form, ANSWER)
    assert "on its way" in words_of(given)


@pytest.mark.slow
async def test_a_quiet_no_looks_open_to_whoever_asked_until_it_runs_out(people):
    await send(people, people.ada, people.ben)
    passed = await people.ben.user.click(last(people.ben), label="Decline quietly")
    assert "is not told" in words_of(passed)
    listed = await people.ada.slash(people.checkins, "feedback list")
    mine = await people.ada.click(listed.response, label="Asked (1)")
    assert "open" in words_of(mine)
    assert "declined" not in words_of(mine).lower()
    again = await send(people, people.ada, people.ben)
    assert "still open" in words_of(again)
    heard = len(inbox(people.ben))
    await people.travel(MONDAY + timedelta(days=14, minutes=1))
    assert any("No answer this time" in words_of(m) for m in inbox(people.ada))
    told = [words_of(m) for m in inbox(people.ben)[heard:]]
    assert not [words for words in told if "ada" in words]
    people.env.errors.clear()


async def test_the_same_thing_is_not_asked_twice(people):
    await send(people, people.ada, people.ben)
    again = await send(people, people.ada, people.ben, occasion="  my DEMO on friday. ")
    assert "still open" in words_of(again)
    form = await people.ben.user.click(last(people.ben), label="Answer")
    await people.ben.user.submit_modal(form, ANSWER)
    answered = await send(people, people.ada, people.ben)
    assert "has answered you on this" in words_of(answered)
    newer = await send(people, people.ada, people.ben, occasion="My write-up")
    assert "Asked" in words_of(newer)
    people.env.errors.clear()


async def test_nobody_has_more_than_three_open_requests(people):
    for n in range(3):
        await send(people, people.ada, people.ben, occasion=f"Thing {n}")
    refused = await send(people, people.chen, people.ben)
    assert "has 3 requests to answer already" in words_of(refused)
    people.env.errors.clear()


async def test_a_bot_and_oneself_are_refused_kindly(people):
    robot = people.guild.add_member(people.env.create_user("robot", bot=True))
    refused = await people.ada.slash(people.checkins, "feedback ask", member=robot)
    assert "That is a bot" in words_of(refused)
    refused = await people.ada.slash(people.checkins, "feedback ask", member=people.ada)
    assert "That is you" in words_of(refused)
    refused = await people.ada.slash(people.checkins, "feedback give", member=people.ada)
    assert "That is you" in words_of(refused)
    people.env.errors.clear()


@pytest.mark.parametrize("closed", [False, True])
async def test_whoever_cannot_be_written_to_is_not_asked_and_there_are_words_to_copy(
    people, closed
):
    if closed:
        await people.join(people.mentor, delivery=Delivery.DM, inbox=Inbox.CLOSED)
    other = people.mentor if closed else people.stranger
    form = await people.ada.slash(people.checkins, "feedback ask", member=other)
    assert form.modal["title"] == "Words to copy · only you"
    shown = await people.ada.submit_modal(
        form, {"who": ["teammate"], "occasion": "My demo", "question": "Where did I lose you?"}
    )
    assert "so I ask nothing of them" in words_of(shown)
    assert "Where did I lose you?" in words_of(shown)
    await people.tick()
    assert other.user.dm_channel.last_message is None


async def test_who_may_ask_me_and_stop_contact_are_refused_in_the_same_words(people):
    refusals = set()
    async with people.db.write() as tx:
        await contact.stop(tx, people.ben.id, people.ada.id, people.env.now())
    for other in (people.ben, people.chen):
        if other is people.chen:
            settings = await people.chen.slash(people.checkins, "profile pause", until="in 2 weeks")
            assert settings
        refused = await people.ada.slash(people.checkins, "feedback ask", member=other)
        refusals.add(words_of(refused).replace("ben", "X").replace("chen", "X"))
    assert refusals == {"\nX cannot be asked through me at the moment."}
    people.env.errors.clear()


async def test_a_request_on_its_way_when_contact_is_stopped_never_arrives(people):
    preview = await ask(people, people.ada, people.ben)
    await people.ada.click(preview.response, label="Send")
    async with people.db.write() as tx:
        await contact.stop(tx, people.ben.id, people.ada.id, people.env.now())
    await people.tick()
    assert not inbox(people.ben)


async def test_a_closed_inbox_found_while_sending_tells_whoever_asked(people):
    messages = f"/channels/{people.ben.user.dm_channel.id}/messages"
    people.env.inject_error("POST", messages, status=403, code=50007, message="Cannot send")
    await send(people, people.ada, people.ben)
    await people.tick()
    assert "did not reach them" in words_of(last(people.ada))
    panel = await people.ben.slash(people.checkins, "me")
    assert "ada asks you for feedback" in words_of(panel)


async def test_what_was_taken_back_says_so(people):
    sent = await send(people, people.ada, people.ben)
    asked = last(people.ben)
    form = await people.ben.user.click(asked, label="Answer")
    await people.ada.click(sent.response, label="Take it back")
    refused = await people.ben.user.click(asked, label="Answer")
    assert "has taken this request back" in words_of(refused)
    kept = await people.ben.user.submit_modal(form, ANSWER)
    assert "has taken this request back" in words_of(kept)
    assert await count(people.db, drafts) == 1
    people.env.errors.clear()


async def test_two_people_answer_at_once_and_the_same_one_only_once(people):
    await send(people, people.ada, people.ben)
    await send(people, people.ada, people.chen)
    forms = {
        person: await person.user.click(last(person), label="Answer")
        for person in (people.ben, people.chen)
    }
    again = await people.ben.user.click(last(people.ben), label="Answer")
    for person, form in forms.items():
        given = await person.user.submit_modal(form, ANSWER)
        assert "on its way" in words_of(given)
    twice = await people.ben.user.submit_modal(again, ANSWER)
    assert "You have answered this one" in words_of(twice)
    listed = await people.ada.slash(people.checkins, "feedback list")
    assert "Got (2)" in words_of(listed)
    people.env.errors.clear()


async def test_nobody_else_answers_or_reads(people):
    await send(people, people.ada, people.ben)
    form = await people.ben.user.click(last(people.ben), label="Answer")
    given = await people.ben.user.submit_modal(form, ANSWER)
    listed = await people.chen.slash(people.checkins, "feedback list")
    assert "Got (0)" in words_of(listed)
    shown = await people.ben.user.click(given.response, label="Read it again")
    assert "You told ada" in words_of(shown)
    profile = await people.chen.slash(people.checkins, "profile show", member=people.ada)
    assert "Beginning with the problem" not in words_of(profile)


async def test_what_the_cohort_may_read_stands_on_the_profile(people):
    await send(people, people.ada, people.ben, readers=["cohort"])
    form = await people.ben.user.click(last(people.ben), label="Answer")
    assert "ada's cohort" in form.modal["title"]
    await people.ben.user.submit_modal(form, ANSWER)
    profile = await people.chen.slash(people.checkins, "profile show", member=people.ada)
    assert "Beginning with the problem" in words_of(profile)


async def test_long_feedback_full_of_markup_is_shown_whole_and_tame(people):
    form = await people.ada.slash(people.checkins, "feedback give", member=people.ben)
    long = (NASTY + " word" * 1000)[:4000]
    given = await people.ada.submit_modal(form, {**ANSWER, "saw": long, "focus": long})
    assert "on its way" in words_of(given)
    await people.tick()
    read = await people.ben.user.click(last(people.ben), label="Read")
    assert "@everyone" not in words_of(read)
    assert "<@1>" not in words_of(read)
    whole = await people.ben.user.click(read.response, label="Read it all")
    seen = words_of(whole)
    while "Go on" in words_of(whole):
        whole = await people.ben.user.click(whole.response, label="Go on")
        seen += words_of(whole)
    assert seen.count("word") >= 1500
    assert "```" not in seen
    assert "@everyone" not in seen


async def test_feedback_unasked_waits_on_me_when_the_budget_is_used_up(world):
    await world.join(world.ada, delivery=Delivery.DM, inbox=Inbox.OPEN)
    await world.join(world.ben, delivery=Delivery.DM, inbox=Inbox.OPEN, volume=Volume.LIGHT)
    for _n in range(2):
        form = await world.ada.slash(world.checkins, "feedback give", member=world.ben)
        await world.ada.submit_modal(form, ANSWER)
        await world.tick()
    assert len(inbox(world.ben)) == 1
    panel = await world.ben.slash(world.checkins, "me")
    assert "2 pieces of feedback to read" in words_of(panel)
    read = await world.ben.click(panel.response, label="Read")
    assert "Feedback from ada" in words_of(read)


async def test_feedback_for_somebody_who_never_joined_is_handed_back_to_copy(people):
    form = await people.ada.slash(people.checkins, "feedback give", member=people.stranger)
    shown = await people.ada.submit_modal(form, {**ANSWER, "saw": "``` @everyone"})
    assert "Words to copy" in words_of(shown)
    assert words_of(shown).count("```") == 2
    await people.tick()
    assert people.stranger.user.dm_channel.last_message is None


async def test_the_ladder_is_walked_down_step_by_step(people):
    form = await people.ada.slash(people.checkins, "feedback outside")
    shown = await people.ada.submit_modal(
        form,
        {"who": ["manager"], "occasion": "My ``` report", "question": "What would you change?"},
    )
    for word in ("Chat", "E-mail", "Said in your 1:1", "What would you change?"):
        assert word in words_of(shown)
    assert words_of(shown).count("```") == 6
    await people.travel(datetime(2026, 3, 5, 15, 0, tzinfo=UTC))
    due = last(people.ada)
    assert "Have they answered?" in words_of(due)
    await people.restart()
    steps = [
        "One smaller question",
        "Ask a teammate instead",
        "A review of your own",
        "How and when are you evaluated?",
    ]
    card = await people.ada.user.click(due, label="No answer yet")
    for n, step in enumerate(steps):
        assert step in words_of(card)
        if n:
            await people.restart()
        card = await people.ada.user.click(card.response, label="No answer yet")
    assert "You asked in every way there is" in words_of(card)


async def test_the_same_no_answer_pressed_twice_is_one_step(people):
    form = await people.ada.slash(people.checkins, "feedback outside")
    shown = await people.ada.submit_modal(
        form, {"who": ["manager"], "occasion": "My report", "question": "What would you change?"}
    )
    await people.travel(datetime(2026, 3, 5, 15, 0, tzinfo=UTC))
    first = await people.ada.user.click(last(people.ada), label="No answer yet")
    again = await people.ada.user.click(last(people.ada), label="No answer yet")
    assert shown
    assert "One smaller question" in words_of(first)
    assert "One smaller question" in words_of(again)


async def test_an_answer_from_outside_is_logged_by_role_and_comes_back_in_reflect(people):
    form = await people.ada.slash(people.checkins, "feedback outside")
    shown = await people.ada.submit_modal(
        form, {"who": ["manager"], "occasion": "My report", "question": "What would you change?"}
    )
    form = await people.ada.click(shown.response, label="They answered: log it")
    kept = await people.ada.submit_modal(
        form,
        {
            "said": "Put the result first",
            "who": ["manager"],
            "aspect": ["deliverable"],
            "occasion": "My report",
            "focus": "Result first, always",
        },
    )
    assert "My manager said" in words_of(kept)
    assert "read by only you" in words_of(kept)
    reflected = await people.ada.slash(people.checkins, "feedback reflect")
    assert "Result first, always" in words_of(reflected)
    assert "(My manager)" in words_of(reflected)
    goal = await people.ada.click(reflected.response, label="Make the latest focus a goal")
    assert "It is a goal now" in words_of(goal)
    empty = await people.ada.click(reflected.response, label="Professional conduct (0)")
    assert "comes together here" in words_of(empty)


async def test_a_no_from_outside_is_met_with_another_way(people):
    form = await people.ada.slash(people.checkins, "feedback outside", aspect="teamwork")
    shown = await people.ada.submit_modal(
        form, {"who": ["mentor"], "occasion": "Pairing", "question": "What do you need from me?"}
    )
    no = await people.ada.click(shown.response, label="They said no")
    assert "A no is an answer" in words_of(no)
    mate = await people.ada.click(no.response, label="Ask a teammate instead")
    assert "Ask a teammate instead" in words_of(mate)
    left = await people.ada.click(mate.response, label="Leave it")
    assert "I ask no more" in words_of(left)


async def test_a_card_asks_whom_to_ask(people):
    listed = await people.ada.slash(people.checkins, "feedback list")
    whom = await people.ada.click(listed.response, label="Ask for feedback")
    form = await people.ada.select(
        whom.response, [people.ben], custom_id="feedback.whom:deliverable"
    )
    assert form.modal["title"] == "Ask for feedback"


async def test_somebody_who_has_not_joined_is_told_how(world):
    refused = await world.stranger.slash(world.checkins, "feedback list")
    assert "have not joined" in words_of(refused)
    world.env.errors.clear()


@pytest.mark.slow
async def test_prompts_come_by_the_members_own_dates_and_can_be_stopped(people):
    await people.travel(datetime(2026, 3, 14, 12, 0, tzinfo=UTC))
    nudges = [m for m in inbox(people.ada) if "A good week to ask" in words_of(m)]
    assert [m.created_at for m in nudges] == [
        datetime(2026, 3, 4, 15, 0, tzinfo=UTC),
        datetime(2026, 3, 12, 14, 0, tzinfo=UTC),
    ]
    panel = await people.ada.slash(people.checkins, "me")
    assert "first feedback" in words_of(panel)
    why = await people.ada.user.click(nudges[0], label="Why did I get this?")
    assert "your own dates" in words_of(why)
    await people.ada.user.click(why.response, label="Stop these")
    await people.travel(datetime(2026, 4, 30, 12, 0, tzinfo=UTC))
    assert nudges == [m for m in inbox(people.ada) if "A good week to ask" in words_of(m)]
    assert any("Halfway" in words_of(m) for m in inbox(people.ben))
