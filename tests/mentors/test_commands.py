"""Mentoring as people live it: offering, asking, a draft, a yes, a restart, silence."""

from datetime import timedelta

import pytest

from bot.people import cohorts
from bot.people.memberships import Delivery
from bot.people.users import Inbox
from tests.conftest import words_of

OFFER = {"topics": "Python, first jobs", "minutes": ["20"], "mentees": ["1"]}


@pytest.fixture
async def role(world):
    """The mentors' role of the cohort."""
    role = world.guild.create_role("Mentors")
    async with world.db.write() as tx:
        await cohorts.change(tx, world.cohort.cohort_id, mentor_role_id=role.id)
    return role


@pytest.fixture
async def mia(world, role):
    """Somebody from outside the cohort with the mentors' role."""
    return await mentor(world, role, "Mia")


async def mentor(world, role, name):
    person = world.guild.add_member(
        world.env.create_user(name.lower(), global_name=name), roles=[role]
    )
    await world.env.settle()
    return person


async def offer(world, person, **answers):
    opened = await person.slash(world.mentors, "mentor join")
    assert "moderators and mentees" in str(opened.modal)
    return await person.submit_modal(opened, OFFER | answers)


async def ask(world, person, topics="Python", wish="Settle in"):
    opened = await person.slash(world.checkins, "mentor request")
    return await person.submit_modal(opened, {"topics": topics, "wish": wish})


async def reachable(world, *people):
    for person in people:
        await world.join(person, delivery=Delivery.DM, inbox=Inbox.OPEN)


def messages(person):
    return [words_of(message) for message in person.user.dm_channel.history()]


async def test_two_pairs_are_drawn_changed_approved_and_told_once(world, role, mia):
    noah = await mentor(world, role, "Noah")
    await reachable(world, world.ada, world.ben)
    card = await offer(world, mia, place="New York")
    assert card.ephemeral
    assert "up to 1 mentee " in words_of(card)
    await offer(world, noah, topics="Design", place="New York")
    asked = await ask(world, world.ada)
    assert "2 mentors are in your cohort" in words_of(asked)
    await ask(world, world.ben, "Design", "Look at my portfolio")

    draft = await world.moderator.slash(world.staff, "cohort mentor match")
    assert "Nobody has been told" in words_of(draft)
    assert "**ada** → **Mia**\nasked about python" in words_of(draft)
    changed = await world.moderator.click(draft.response, custom_id="mentors.change:1")
    assert "changes places with ben" in words_of(changed)
    swapped = await world.moderator.select(changed.response, ["p2"], custom_id="mentors.give:1")
    assert "**ada** → **Noah**" in words_of(swapped)
    await world.tick()
    assert messages(mia) == messages(world.ada) == []
    await world.restart()
    out = await world.moderator.click(swapped.response, label="Approve 2 pairs")
    assert "2 pairs are being told" in words_of(out)
    await world.tick()
    await world.restart()
    await world.tick()

    assert ["Noah is your mentor" in words for words in messages(world.ada)] == [True]
    assert ["ben would like you as a mentor" in words for words in messages(mia)] == [True]
    assert "Look at my portfolio" in messages(mia)[0]
    panel = await world.ada.slash(world.checkins, "me")
    assert "Your mentor: Noah" in words_of(panel)
    status = await world.moderator.slash(world.staff, "cohort status")
    assert "Mentors: 2. Free places: 0. Pairs: 2. Waiting: 0." in words_of(status)


async def pair_up(world, mia, **place):
    await reachable(world, world.ada)
    await offer(world, mia, **place)
    await ask(world, world.ada)
    draft = await world.moderator.slash(world.staff, "cohort mentor match")
    await world.moderator.click(draft.response, label="Approve 1 pair")
    await world.tick()
    return world.ada.user.dm_channel.last_message, mia.user.dm_channel.last_message


async def test_two_people_agree_across_a_restart(world, mia):
    _hers, theirs = await pair_up(world, mia)
    agenda = await mia.user.click(theirs, label="Agenda")
    assert "Get to know each other" in words_of(agenda)
    opened = await mia.user.click(theirs, label="Open")
    form = await mia.user.click(opened.response, label="Agree on the basics")
    answers = {"goals": "Settle in", "cadence": ["fortnightly"], "channel": "A call"}
    written = await mia.user.submit_modal(form, answers)
    assert "Written down; ada is asked" in words_of(written)
    await world.travel(world.env.now() + timedelta(days=1))
    asked = world.ada.user.dm_channel.last_message
    assert "Mia wrote this. Does it fit?" in words_of(asked)
    await world.restart()
    yes = await world.ada.user.click(asked, label="Yes, that fits")
    assert "You two agreed on" in words_of(yes)
    assert "Every two weeks · A call" in words_of(yes)
    talked = await world.ada.user.click(yes.response, label="We talked")
    assert "Last talked" in words_of(talked)


async def test_notes_stay_with_their_writer(world, mia):
    await pair_up(world, mia)
    empty = await mia.slash(world.mentors, "mentor notes", member=world.ada)
    assert "Only you read these" in words_of(empty)
    form = await mia.click(empty.response, label="Write a note")
    kept = await mia.submit_modal(form, {"text": "Bring @everyone the *slides*"})
    assert "Bring @\u200beveryone the \\*slides\\*" in words_of(kept)
    other = await world.ada.slash(world.checkins, "mentor notes", member=mia)
    assert "slides" not in words_of(other)
    gone = await mia.click(kept.response, label="Delete")
    assert "Nothing yet" in words_of(gone)


async def test_a_mentor_passes_and_the_mentee_waits_again(world, mia):
    _hers, theirs = await pair_up(world, mia)
    passed = await mia.user.click(theirs, label="Pass")
    assert "no reason needed" in words_of(passed)
    again = await mia.user.click(theirs, label="Pass")
    assert "has ended" in words_of(again)
    await world.travel(world.env.now() + timedelta(days=1))
    told = world.ada.user.dm_channel.last_message
    assert "waits again" in words_of(told)
    request = await world.ada.user.click(told, label="My request")
    assert "Settle in" in words_of(request)


async def test_what_is_for_mentors_is_read_by_ones_own_mentor_alone(world, mia):
    await world.join(mia, delivery=Delivery.DM, inbox=Inbox.OPEN)
    _hers, theirs = await pair_up(world, mia)
    await world.join(world.ben)
    opened = await world.ada.slash(world.checkins, "goal add")
    answers = {"what": "Ship the importer", "measure": "", "target": "", "first_step": ""}
    saved = await world.ada.submit_modal(opened, answers)
    await world.ada.select(saved.response, ["mentor"], custom_id="goals.readers:1")
    card = await mia.user.click(theirs, label="Open")
    assert "Ship the importer" in words_of(card)
    profile = await mia.slash(world.mentors, "profile show", member=world.ada)
    assert "Ship the importer" in words_of(profile)
    others = await world.ben.slash(world.checkins, "profile show", member=world.ada)
    assert "Ship the importer" not in words_of(others)


async def skip(world, **by):
    """Let quiet days pass at once; nothing else is due in them."""
    await world.env.advance_time(timedelta(**by).total_seconds())
    await world.tick()


async def test_silence_is_asked_about_and_then_the_place_is_free(world, mia):
    hers, _theirs = await pair_up(world, mia)
    await skip(world, days=90)
    assert "would like you" in words_of(mia.user.dm_channel.last_message)
    await skip(world, days=1)  # from Sunday to Monday, a day on which mentors are pinged
    assert "Does it go on with Mia?" in "".join(messages(world.ada))
    assert "Does it go on with ada?" in "".join(messages(mia))
    await world.restart()
    await skip(world, days=7)
    assert "It has ended with your mentor" in "".join(messages(world.ada))
    assert "A place is free again" in "".join(messages(mia))
    late = await world.ada.user.click(hers, label="Open")
    assert "has ended" in words_of(late)


async def test_somebody_without_the_role_is_let_in_and_leaves_again(world):
    card = await offer(world, world.stranger, place="New York")
    assert "The moderators take a look first" in words_of(card)
    status = await world.moderator.slash(world.staff, "cohort status")
    assert "1 person offers to mentor." in words_of(status)
    offers = await world.moderator.click(status.response, custom_id="mentors.offers:1")
    done = await world.moderator.click(offers.response, label="Let in")
    assert "Nobody waits" in words_of(done)
    await world.tick()
    assert "You are in" in messages(world.stranger)[0]
    leaving = await world.stranger.slash(world.mentors, "mentor leave")
    left = await world.stranger.click(leaving.response, label="Stop mentoring")
    assert "not a mentor any more" in words_of(left)


async def test_a_mentor_pauses_chooses_days_and_changes_the_offer_in_a_direct_message(world, mia):
    await offer(world, mia, place="Lisbon")
    paused = await mia.slash(world.mentors, "mentor pause", until="in 2 weeks")
    assert "You are pausing until Monday 16 March 2026" in words_of(paused)
    back = await mia.click(paused.response, label="Take mentees again")
    days = await mia.select(back.response, [], custom_id="mentors.days:1")
    assert "I never ping you" in words_of(days)
    card = await mia.user.slash("mentor join")
    assert "Python, first jobs" in words_of(card)
    form = await mia.user.click(card.response, label="Change my offer")
    changed = await mia.user.submit_modal(form, OFFER | {"topics": "Rust", "place": "Lisbon"})
    assert "Rust" in words_of(changed)
    guide = await mia.user.click(changed.response, label="Guide for mentors")
    assert "Being a mentor in ten minutes a week" in words_of(guide)


async def test_a_match_says_why_there_is_nothing_to_match(world):
    nothing = await world.moderator.slash(world.staff, "cohort mentor match")
    assert "Nobody waits for a mentor" in words_of(nothing)
    world.env.errors.clear()


async def test_a_mentee_has_no_more_messages_about_mentoring_and_keeps_their_mentor(world, mia):
    news, _theirs = await pair_up(world, mia)
    why = await world.ada.user.click(news, label="Why did I get this?")
    assert "it is about you two" in words_of(why)
    stopped = await world.ada.user.click(why.response, label="Stop these")
    assert "No more of these from Spring" in words_of(stopped)

    card = await mia.slash(world.mentors, "mentor join")
    pair = await mia.click(card.response, label="Open")
    opened = await mia.click(pair.response, label="Agree on the basics")
    await mia.submit_modal(opened, {"goals": "Settle in", "cadence": ["weekly"], "channel": "here"})
    await world.travel(world.env.now() + timedelta(days=2))
    assert not [words for words in messages(world.ada) if "Does it fit?" in words]
    panel = await world.ada.slash(world.checkins, "me")
    assert "wrote down what you two agree on" in words_of(panel)

    mine = await world.ada.slash(world.checkins, "mentor request")
    again = await world.ada.click(mine.response, label="Write to me again")
    assert "Write to me again" not in words_of(again)


async def test_a_mentor_from_outside_stops_what_comes_and_finds_it_on_me(world, mia):
    _hers, news = await pair_up(world, mia)
    why = await mia.user.click(news, label="Why did I get this?")
    assert "because you offered this yourself" in words_of(why)
    stopped = await mia.user.click(why.response, label="Stop these")
    assert "What there is stands on `/me`" in words_of(stopped)

    panel = await mia.slash(world.mentors, "me")
    assert "You mentor 1 person." in words_of(panel)
    card = await mia.click(panel.response, label="My mentoring")
    assert "I never ping you about mentoring" in words_of(card)
    number = len(messages(mia))
    pair = await world.ada.slash(world.checkins, "mentor request")
    opened = await world.ada.click(pair.response, label="Agree on the basics")
    await world.ada.submit_modal(
        opened, {"goals": "Settle in", "cadence": ["weekly"], "channel": "here"}
    )
    await world.travel(world.env.now() + timedelta(days=3))
    assert len(messages(mia)) == number
    panel = await mia.user.slash("me")
    assert "wrote down what you two agree on" in words_of(panel)


async def test_somebody_who_is_no_mentor_and_no_member_sees_only_the_doorstep(world, mia):
    panel = await world.stranger.slash(world.checkins, "me")
    assert "mentor in" not in words_of(panel)
    await offer(world, mia)
    panel = await mia.slash(world.mentors, "me")
    assert "You are a mentor in Spring." in words_of(panel)
    assert "not joined" not in words_of(panel)


async def test_what_people_write_for_mentoring_stays_words(world, mia):
    nasty = "@everyone ``` <@1> [free](https://e.example) \u202eevil"
    await reachable(world, world.ada)
    card = await offer(world, mia, topics=nasty)
    assert "@everyone" not in words_of(card)
    asked = await ask(world, world.ada, nasty, nasty)
    draft = await world.moderator.slash(world.staff, "cohort mentor match")
    await world.moderator.click(draft.response, label="Approve 1 pair")
    await world.tick()
    for seen in (words_of(asked), *messages(world.ada), *messages(mia)):
        assert "@everyone" not in seen
        assert "```" not in seen
        assert "<@1>" not in seen
        assert "[free](" not in seen
        assert "\u202e" not in seen


async def test_a_request_of_only_spaces_is_not_made(world):
    await reachable(world, world.ada)
    opened = await world.ada.slash(world.checkins, "mentor request")
    refused = await world.ada.submit_modal(opened, {"topics": "   ", "wish": "  "})
    assert "Try again" in words_of(refused)
    mine = await world.ada.slash(world.checkins, "me")
    assert "You asked for a mentor" not in words_of(mine)
    world.env.errors.clear()
