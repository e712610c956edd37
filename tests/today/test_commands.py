"""/me and /help as people see them."""

import json

import pytest

from bot.clockwork.phases import Stage
from bot.people.contributions import Line
from bot.people.memberships import Delivery, MemberState
from bot.people.users import Inbox
from bot.storage.drafts import Draft, keep
from cogs.today.model import A_PAGE, SCREEN
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
    assert "Another cohort" in words_of(panel)
    more = await world.ada.click(panel.response, label="More (28)")
    for _page in range(3):
        more = await world.ada.click(more.response, label="Later")
    assert "line 29" in words_of(more)


def lines(number, **values):
    async def many(tx, member, now):
        return [
            Line(f"line {n} " + "and more words " * 5, "Go on", "goals.show", str(n), **values)
            for n in range(number)
        ]

    return many


def shown_text(panel):
    parts = [c.to_dict() if hasattr(c, "to_dict") else c for c in panel.response.components]
    return "".join(_contents(parts))


def _contents(part):
    if isinstance(part, list):
        return [text for each in part for text in _contents(each)]
    if not isinstance(part, dict):
        return []
    own = [part["content"]] if isinstance(part.get("content"), str) else []
    return own + [text for value in part.values() for text in _contents(value)]


async def test_thirty_things_are_one_phone_screen_and_the_rest_behind_more(world):
    await world.join(world.ada)
    world.bot.contributions.today[:] = [lines(30)]
    panel = await world.ada.slash(world.checkins, "me")
    assert len(shown_text(panel)) <= SCREEN
    assert "line 2 " in words_of(panel)
    for label in ("Get my record", "Stop all messages", "My settings", "Help"):
        assert label in words_of(panel)
    await world.restart()
    world.bot.contributions.today[:] = [lines(30)]
    found = seen(panel)
    rest = 30 - found
    more = await world.ada.click(panel.response, label=f"More ({rest})")
    for _page in range((rest - 1) // A_PAGE):
        found += seen(more)
        more = await world.ada.click(more.response, label="Later")
    assert "line 29 " in words_of(more)
    assert found + seen(more) == 30
    back = await world.ada.click(more.response, label="Back")
    assert "Spring · week 1" in words_of(back)


def seen(shown):
    return words_of(shown).count("line ")


async def test_the_emptiest_panel_has_no_more_and_still_says_what_to_do(world):
    await world.join(world.ada)
    world.bot.contributions.today[:] = []
    panel = await world.ada.slash(world.checkins, "me")
    assert "1. " in words_of(panel)
    assert "More" not in words_of(panel)


async def test_what_is_urgent_stands_on_the_panel_and_what_has_time_behind_more(world):
    await world.join(world.ada)

    async def late(tx, member, now):
        return [Line("closes today", "Open", "goals.new", urgent=True, order=99)]

    world.bot.contributions.today[:] = [lines(30), late]
    panel = await world.ada.slash(world.checkins, "me")
    assert "**closes today**" in words_of(panel)


@pytest.mark.parametrize(
    ("stage", "heading"),
    [
        (Stage.LOOKING, "Looking for an internship"),
        (Stage.FINISHED, "After your internship"),
    ],
)
async def test_the_panel_follows_what_somebody_says_of_themselves(world, stage, heading):
    await world.join(world.ada, stage=stage)
    panel = await world.ada.slash(world.checkins, "me")
    assert heading in words_of(panel)
    assert "Get my record" in words_of(panel)


async def test_a_guest_with_much_to_do_has_it_all_within_reach(world):
    async def many(tx, user_id, now):
        return [Line(f"line {n} ", "Go on", "goals.show", str(n)) for n in range(12)]

    world.bot.contributions.guests[:] = [many]
    door = await world.stranger.slash(world.checkins, "me")
    assert "Join Spring" in words_of(door)
    more = await world.stranger.click(door.response, label="More (6)")
    assert seen(door) + seen(more) == 12
    back = await world.stranger.click(more.response, label="Back")
    assert "three taps" in words_of(back)


async def keep_draft(world, number, text="half a *thought* @everyone"):
    answers = json.dumps({"what": text, "measure": ""})
    at = world.env.now()
    draft = Draft(number, world.ada.id, "goals.add", "technical-", "goals.add", answers, at)
    await keep(world.db, draft)


async def test_a_form_that_was_not_saved_goes_on_from_the_panel(world):
    await world.join(world.ada)
    await keep_draft(world, 5)
    panel = await world.ada.slash(world.checkins, "me")
    assert "half a" in words_of(panel)
    assert "@everyone" not in words_of(panel)
    await world.restart()
    opened = await world.ada.click(panel.response, label="Continue")
    assert "half a *thought*" in str(opened.modal)


async def test_a_draft_is_thrown_away_only_after_it_was_shown_and_twice_is_kind(world):
    await world.join(world.ada)
    await keep_draft(world, 5)
    panel = await world.ada.slash(world.checkins, "me")
    asked = await world.ada.click(panel.response, label="Discard")
    assert "Throw this away?" in words_of(asked)
    other = await world.ada.slash(world.checkins, "me")
    gone = await world.ada.click(asked.response, label="Throw it away")
    assert "Not saved yet" not in words_of(gone)
    late = await world.ada.click(other.response, label="Discard")
    assert "That draft is gone" in words_of(late)
    world.env.errors.clear()


async def test_several_drafts_are_one_line_with_the_newest_first(world):
    await world.join(world.ada)
    for number in (5, 6, 7):
        await keep_draft(world, number)
    panel = await world.ada.slash(world.checkins, "me")
    assert "3 things are not saved yet" in words_of(panel)


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
