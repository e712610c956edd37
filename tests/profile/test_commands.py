"""Joining and settings as people live them: three taps, a restart in between, a closed inbox."""

import pytest

from bot.face.look import card, row
from bot.face.press import press
from bot.people import memberships, users
from bot.people.memberships import Delivery, MemberState
from bot.people.users import Inbox
from tests.conftest import words_of


@pytest.fixture
async def door(world):
    """The standing *Join* card."""
    view = card("Spring", row(press("Join", "profile.join", world.cohort.cohort_id)))
    with world.env._bot_scope():
        channel = world.bot.get_channel(world.announcements.id)
        await channel.send(view=view)
    await world.env.settle()
    return world.announcements.last_message


async def member_of(world, person):
    async with world.db.read() as tx:
        return await memberships.find(tx, world.cohort.cohort_id, person.id)


async def three_taps(world, door, person, way="Direct message"):
    first = await person.click(door, label="Join")
    second = await person.click(first.response, label=f"Yes, {clock_on(first)}")
    third = await person.click(second.response, label=way)
    return await person.click(third.response, label="Join")


def clock_on(result):
    return words_of(result).partition("Yes, ")[2][:5]


async def test_an_intern_joins_in_three_taps_and_is_greeted_directly(world, door):
    first = await world.ada.click(door, label="Join")
    assert first.ephemeral
    assert "It is **10:00** for me: **New York**" in words_of(first)
    second = await world.ada.click(first.response, label="Yes, 10:00")
    assert "Shows your name there" in words_of(second) or "shows your name" in words_of(second)
    third = await world.ada.click(second.response, label="Direct message")
    assert "2 Mar 2026" in words_of(third)
    done = await world.ada.click(third.response, label="Join")
    assert "You are in" in words_of(done)
    await world.tick()
    hello = world.ada.user.dm_channel.last_message
    assert "Hello" in words_of(hello)
    assert "Why did I get this?" in words_of(hello)
    member = await member_of(world, world.ada)
    assert (member.state, member.inbox) == (MemberState.JOINED, Inbox.OPEN)


async def test_joining_goes_on_after_a_restart_on_the_same_card(world, door):
    first = await world.ada.click(door, label="Join")
    second = await world.ada.click(first.response, label="Yes, 10:00")
    await world.restart()
    third = await world.ada.click(second.response, label="Only the card")
    await world.restart()
    done = await world.ada.click(third.response, label="Join")
    assert "You are in" in words_of(done)


async def test_joining_goes_on_by_pressing_join_again(world, door):
    first = await world.ada.click(door, label="Join")
    await world.ada.click(first.response, label="Yes, 10:00")
    await world.restart()
    again = await world.ada.click(door, label="Join")
    assert "2 of 3" in words_of(again)


async def test_two_people_press_the_same_card_and_each_joins_for_themselves(world, door):
    await three_taps(world, door, world.ada)
    await three_taps(world, door, world.ben, "Only the card")
    assert (await member_of(world, world.ada)).delivery is Delivery.DM
    assert (await member_of(world, world.ben)).delivery is Delivery.CARD


async def test_another_clock_is_found_by_city(world, door):
    first = await world.ada.click(door, label="Join")
    asked = await world.ada.click(first.response, label="Another place…")
    second = await world.ada.submit_modal(asked, {"place": "Munich"})
    assert "2 of 3" in words_of(second)
    assert (await member_of(world, world.ada)).zone == "Europe/Berlin"


async def test_a_mistyped_city_offers_the_nearest_to_choose(world, door):
    first = await world.ada.click(door, label="Join")
    asked = await world.ada.click(first.response, label="Another place…")
    offered = await world.ada.submit_modal(asked, {"place": "Torronto"})
    assert "Which clock is yours?" in words_of(offered)
    second = await world.ada.select(offered.response, ["America/Toronto"])
    assert "2 of 3" in words_of(second)


async def test_somebody_with_closed_messages_is_told_how_to_mend_it(world, door):
    dm = world.ada.user.dm_channel.id
    world.env.inject_error("POST", f"/channels/{dm}/messages", status=403, code=50007, times=1)
    await three_taps(world, door, world.ada)
    await world.tick()
    assert (await member_of(world, world.ada)).inbox is Inbox.CLOSED
    panel = await world.ada.slash(world.checkins, "me")
    assert "do not reach you" in words_of(panel)
    await world.env.advance_time(60)
    tried = await world.ada.click(panel.response, label="Write to me again")
    assert "writing to you now" in words_of(tried)
    await world.tick()
    assert (await member_of(world, world.ada)).inbox is Inbox.OPEN
    assert "Hello" in words_of(world.ada.user.dm_channel.last_message)


async def test_the_hello_opens_the_settings_beside_itself(world, door):
    await three_taps(world, door, world.ada)
    await world.tick()
    hello = world.ada.user.dm_channel.last_message
    opened = await world.ada.user.click(hello, label="My settings")
    assert "Your settings" in words_of(opened)
    assert "Hello" in words_of(world.ada.user.dm_channel.last_message)


async def test_a_member_pressing_join_again_sees_what_they_chose(world, door):
    await three_taps(world, door, world.ada, "Only the card")
    again = await world.ada.click(door, label="Join")
    assert "You are in" in words_of(again)
    assert "Only the card" in words_of(again)


async def test_settings_change_on_one_card_and_say_so(world):
    await world.join(world.ada)
    shown = await world.ada.slash(world.checkins, "profile settings")
    member_id = (await member_of(world, world.ada)).member_id
    light = await world.ada.select(
        shown.response, ["light"], custom_id=f"profile.volume:{member_id}"
    )
    assert "Saved" in words_of(light)
    off = await world.ada.click(light.response, label="Check-ins: on")
    assert "Check-ins: off" in words_of(off)
    asked = await world.ada.click(off.response, label="Quiet hours…")
    quiet = await world.ada.submit_modal(asked, {"begin": "22:30", "end": "7am"})
    assert "22:30 and 07:00" in words_of(quiet)
    member = await member_of(world, world.ada)
    assert (member.volume.value, member.checkins) == ("light", False)


async def test_a_profile_is_private_until_its_member_shows_it(world):
    await world.join(world.ada)
    await world.join(world.ben)
    asked = await world.ada.slash(world.checkins, "profile edit")
    saved = await world.ada.submit_modal(
        asked,
        {"team": "Search", "company": "", "role": "SWE <@1>", "learning": "", "interests": ""},
    )
    assert "only you" in words_of(saved)
    hidden = await world.ben.slash(world.checkins, "profile show", member=world.ada)
    assert "Search" not in words_of(hidden)
    await world.ada.click(saved.response, label="Show all of it to my cohort")
    seen = await world.ben.slash(world.checkins, "profile show", member=world.ada)
    assert "Search" in words_of(seen)
    assert "<@1>" not in words_of(seen)


async def test_the_other_half_of_a_profile_is_behind_more(world):
    await world.join(world.ada)
    asked = await world.ada.slash(world.checkins, "profile edit")
    empty = dict.fromkeys(("team", "company", "role", "learning", "interests"), "")
    saved = await world.ada.submit_modal(asked, empty)
    more = await world.ada.click(saved.response, label="More…")
    kept = await world.ada.submit_modal(
        more, {"understand": "Site reliability", "links": "", "hours": "9 to 5"}
    )
    assert "Site reliability" in words_of(kept)


async def test_asking_about_somebody_who_has_not_joined_gives_a_text_to_copy(world):
    await world.join(world.ada)
    shown = await world.ada.slash(world.checkins, "profile show", member=world.stranger)
    assert "has not joined" in words_of(shown)
    assert "text to copy" in words_of(shown)


async def test_dates_say_which_phase_today_becomes(world):
    await world.join(world.ada)
    shown = await world.ada.slash(
        world.checkins, "profile dates", start="16 Feb", end="10 May", stage="interning"
    )
    assert "Today becomes *plan*; it was *land*" in words_of(shown)
    assert "ask for substantial feedback" in words_of(shown)


async def test_an_end_before_the_start_is_one_sentence(world):
    await world.join(world.ada)
    shown = await world.ada.slash(world.checkins, "profile dates", start="1 June", end="1 May")
    assert "before the first day" in words_of(shown)
    world.env.errors.clear()


async def test_a_time_zone_is_offered_while_typing_and_echoed(world):
    await world.join(world.ada)
    offered = await world.ada.autocomplete(world.checkins, "profile timezone", "zone", "kath")
    assert offered[0]["value"] == "Asia/Kathmandu"
    moved = await world.ada.slash(world.checkins, "profile timezone", zone="Asia/Kathmandu")
    assert "it is 20:45 for you" in words_of(moved)


async def test_a_pause_ends_with_a_tap(world):
    await world.join(world.ada)
    paused = await world.ada.slash(world.checkins, "profile pause", until="in 2 weeks")
    assert "Quiet until 16 Mar 2026" in words_of(paused)
    back = await world.ada.click(paused.response, label="Come back")
    assert "Welcome back" in words_of(back)


async def test_leaving_asks_once_and_the_way_back_is_on_the_card(world):
    await world.join(world.ada)
    asked = await world.ada.slash(world.checkins, "profile leave")
    assert "Leave Spring?" in words_of(asked)
    gone = await world.ada.click(asked.response, label="Leave")
    assert "Your record is kept" in words_of(gone)
    assert (await member_of(world, world.ada)).state is MemberState.LEFT
    back = await world.ada.click(gone.response, label="Come back")
    assert "1 of 3" in words_of(back)


async def test_an_old_settings_card_after_leaving_says_how_to_come_back(world):
    await world.join(world.ada)
    old = await world.ada.slash(world.checkins, "profile settings")
    member = await member_of(world, world.ada)
    async with world.db.write() as tx:
        await memberships.change(tx, member.member_id, state=MemberState.LEFT)
    refused = await world.ada.click(old.response, label="Check-ins: on")
    assert "Press *Join*" in words_of(refused)
    world.env.errors.clear()


async def test_somebody_who_never_joined_has_nothing_to_set(world):
    refused = await world.stranger.slash(world.checkins, "profile settings")
    assert "have not joined" in words_of(refused)
    async with world.db.read() as tx:
        assert await users.get(tx, world.stranger.id) is None
    world.env.errors.clear()
