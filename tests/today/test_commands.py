"""/me and /help as people see them."""

import pytest

from bot.people.contributions import Line
from bot.people.memberships import Delivery, MemberState
from bot.people.users import Inbox
from bot.storage.drafts import Draft, keep
from tests.conftest import add_cohort, enrol, words_of


async def test_me_is_one_private_card_with_three_actions_and_the_ways_on(world):
    await world.join(world.ada)
    panel = await world.ada.slash(world.checkins, "me")
    shown = words_of(panel)
    assert panel.ephemeral
    assert "Spring · week 1" in shown
    assert all(f"\n{n}. " in shown for n in (1, 2, 3))
    for label in ("My settings", "Get my record", "Stop all messages", "How to do these"):
        assert label in shown


async def test_the_actions_open_with_their_reasons_and_sources(world):
    await world.join(world.ada)
    panel = await world.ada.slash(world.checkins, "me")
    how = await world.ada.click(panel.response, label="How to do these")
    assert "Source: " in words_of(how)
    back = await world.ada.click(how.response, label="Back")
    assert "week 1" in words_of(back)


async def test_me_shows_somebody_who_has_not_joined_how_to(world):
    door = await world.stranger.slash(world.checkins, "me")
    assert "three taps" in words_of(door)
    first = await world.stranger.click(door.response, label="Join Spring")
    assert "1 of 3" in words_of(first)


async def test_me_works_in_a_direct_message(world):
    await world.join(world.ada)
    panel = await world.ada.user.slash("me")
    assert "week 1" in words_of(panel)


async def test_a_paused_member_comes_back_from_the_panel(world):
    await world.join(world.ada, state=MemberState.PAUSED)
    panel = await world.ada.slash(world.checkins, "me")
    assert "paused until you come back" in words_of(panel)
    back = await world.ada.click(panel.response, label="Come back")
    assert "Welcome back" in words_of(back)


async def test_a_panel_with_very_much_on_it_still_fits(world):
    closed = {"delivery": Delivery.DM, "inbox": Inbox.CLOSED, "state": MemberState.PAUSED}
    await world.join(world.ada, **closed)
    other = await add_cohort(world.db, world.guild.id, world.env.now(), name="Other")
    await enrol(world.db, other, world.ada.id, "Ada", world.env.now(), **closed)
    for number in (1, 2, 3):
        draft = Draft(number, world.ada.id, "goals.add", "", "goals.add", "{}", world.env.now())
        await keep(world.db, draft)

    async def many(tx, member, now):
        return [Line(f"line {n} " + "x" * 60, "Go on", "goals.show", str(n)) for n in range(30)]

    world.bot.contributions.today.append(many)
    panel = await world.ada.slash(world.checkins, "me")
    assert "line 29" in words_of(panel)
    assert "Another cohort" in words_of(panel)


async def test_two_features_with_the_same_way_on_show_its_button_once(world):
    await world.join(world.ada)

    async def twice(tx, member, now):
        return [Line("one", "Goals", "goals.new"), Line("two", "Goals", "goals.new")]

    world.bot.contributions.today[:] = [twice]
    shown = words_of(await world.ada.slash(world.checkins, "me"))
    assert "two" in shown
    assert shown.count("Goals") == 1


async def test_what_somebody_typed_into_a_line_cannot_ping_and_moments_still_show(world):
    await world.join(world.ada)

    async def nasty(tx, member, now):
        return [Line("@everyone <@1> until <t:1772463600:F> in <#1478044208332800004>")]

    world.bot.contributions.today.append(nasty)
    shown = words_of(await world.ada.slash(world.checkins, "me"))
    assert "@everyone" not in shown
    assert "<@1>" not in shown
    assert "<t:1772463600:F> in <#1478044208332800004>" in shown


async def test_another_cohort_is_one_choice_away(world):
    await world.join(world.ada)
    other = await add_cohort(world.db, world.guild.id, world.env.now(), name="Other")
    member = await enrol(world.db, other, world.ada.id, "Ada", world.env.now())
    offered = await world.ada.autocomplete(world.checkins, "me", "cohort", "o")
    assert [choice["value"] for choice in offered] == ["Other"]
    panel = await world.ada.slash(world.checkins, "me", cohort="Spring")
    changed = await world.ada.select(panel.response, [str(member.member_id)])
    assert "Other · week 1" in words_of(changed)


async def test_help_answers_without_asking_the_database(world, monkeypatch):
    def refuse(self):
        pytest.fail("/help asked the database")

    monkeypatch.setattr(type(world.db), "read", refuse)
    monkeypatch.setattr(type(world.db), "write", refuse)
    shown = words_of(await world.ada.slash(world.checkins, "help"))
    monkeypatch.undo()
    assert shown.index("`/me`") < shown.index("`/help`") < shown.index("Everything else")
    assert "For moderators" not in shown


async def test_help_shows_moderators_their_commands(world):
    shown = await world.moderator.slash(world.staff, "help")
    assert "`/cohort setup`" in words_of(shown)
    refused = await world.ada.slash(world.checkins, "help")
    pressed = await world.ada.click(refused.response, label="I run a cohort")
    assert "for moderators" in words_of(pressed)
