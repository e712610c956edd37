"""A cohort as a moderator lives it: type, fill, press, restart, press again, be refused."""

import discord
import pytest

from bot.delivery import outbox
from bot.people import cohorts
from bot.people.cohorts import CohortState
from bot.storage.drafts import drafts
from tests.conftest import count, words_of

NAMING = {"name": "Summer", "first_day": "2026-06-01", "last_day": "2026-08-21"}
REFUSALS = pytest.mark.simcord(check_errors=False)


async def begin(world, **answers):
    """Open the set-up and send its first form."""
    opened = await world.moderator.slash(world.staff, "cohort setup")
    form = await world.moderator.click(opened.response, label="Name and dates")
    return await world.moderator.submit_modal(form, {**NAMING, **answers})


def button(result, label):
    """The custom id of a button on a card."""
    return next(b["custom_id"] for b in parts(result) if b.get("label") == label)


def parts(result):
    found = []

    def walk(part):
        if isinstance(part, dict):
            if "custom_id" in part:
                found.append(part)
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for each in part:
                walk(each)

    message = getattr(result, "response", None) or result
    for component in message.components:
        walk(component.to_dict() if hasattr(component, "to_dict") else component)
    return found


def select(result, ending):
    return next(p["custom_id"] for p in parts(result) if p["custom_id"].endswith(ending))


async def press(world, result, label, who=None):
    return await (who or world.moderator).click(result.response, label=label)


async def happens(world, event, guild):
    """Tell the bot what the simulation does not: that it was taken into a server, or out of it."""
    with world.env._bot_scope():
        world.bot.dispatch(event, world.bot.get_guild(guild.id))
    await world.env.settle()


async def newest(world):
    async with world.db.read() as tx:
        return (await cohorts.of_guild(tx, world.guild.id))[0]


async def through_channels(world):
    """Come as far as the roles, with channels created by the bot."""
    zone = await begin(world)
    channels = await press(world, zone, "Next")
    created = await press(world, channels, "Create the missing ones")
    return await press(world, created, "Next")


async def test_a_moderator_sets_up_a_second_cohort_through_the_wizard(world):
    zone = await begin(world)
    assert "2 of 6" in words_of(zone)
    chosen = await world.moderator.select(
        zone.response,
        ["Europe/Berlin"],
        custom_id=select(zone, f"zone:{(await newest(world)).cohort_id}"),
    )
    assert "It is 16:00 there: Europe/Berlin" in words_of(chosen)
    channels = await press(world, chosen, "Next")
    created = await press(world, channels, "Create the missing ones")
    roles = await press(world, created, "Next")
    assert "4 of 6" in words_of(roles)
    times = await press(world, roles, "Next")
    assert "Monday 09:00, every week" in words_of(times)
    check = await press(world, times, "Next")
    assert "every permission I need" in words_of(check)
    live = await press(world, check, "Go live")
    assert "Summer is live" in words_of(live)
    assert (await newest(world)).state is CohortState.LIVE


async def test_a_cohort_begins_with_a_digest_unless_it_is_left_out(world):
    roles = await through_channels(world)
    times = await press(world, roles, "Next")
    assert "**Weekly digest** · Friday 16:00, every week" in words_of(times)
    without = await press(world, times, "Begin without a digest")
    assert "Weekly digest" not in words_of(without)
    again = await press(world, without, "Begin with a digest")
    draft = (await newest(world)).cohort_id
    form = await world.moderator.click(again.response, custom_id=f"cohorts.time:{draft}-digest")
    moved = await world.moderator.submit_modal(
        form, {"weekday": ["3"], "at": "15:00", "every": ["1"]}
    )
    assert "**Weekly digest** · Thursday 15:00, every week" in words_of(moved)
    check = await press(world, moved, "Next")
    live = await press(world, check, "Go live")
    assert "**Weekly digest** · Thursday 15:00" in words_of(live)


async def test_channels_the_bot_creates_keep_the_staff_to_itself(world):
    await through_channels(world)
    cohort = await newest(world)
    staff = world.bot.get_channel(cohort.staff_id)
    announcements = world.bot.get_channel(cohort.announcements_id)
    everyone = staff.guild.default_role
    assert not staff.permissions_for(everyone).view_channel
    assert staff.permissions_for(staff.guild.me).send_messages
    assert not announcements.permissions_for(everyone).send_messages
    assert announcements.permissions_for(announcements.guild.me).send_messages


async def test_pressing_create_twice_creates_once(world):
    zone = await begin(world)
    channels = await press(world, zone, "Next")
    await press(world, channels, "Create the missing ones")
    before = len(world.bot.get_guild(world.guild.id).channels)
    draft = await newest(world)
    async with world.db.write() as tx:
        await cohorts.change(tx, draft.cohort_id, staff_id=None)
    opened = await world.moderator.slash(world.staff, "cohort setup")
    again = await world.moderator.select(opened.response, [str(draft.cohort_id)])
    await press(world, again, "Create the missing ones")
    assert len(world.bot.get_guild(world.guild.id).channels) == before
    assert (await newest(world)).staff_id == draft.staff_id


async def test_the_set_up_goes_on_after_a_restart_with_its_old_buttons(world):
    zone = await begin(world)
    await world.restart()
    channels = await press(world, zone, "Next")
    assert "3 of 6" in words_of(channels)
    back = await press(world, channels, "Back")
    assert "2 of 6" in words_of(back)


async def test_the_set_up_is_found_again_where_it_stood(world):
    await through_channels(world)
    await world.restart()
    opened = await world.moderator.slash(world.staff, "cohort setup")
    assert "Go on where you were?" in words_of(opened)
    draft = await newest(world)
    found = await world.moderator.select(opened.response, [str(draft.cohort_id)])
    assert "4 of 6" in words_of(found)


@REFUSALS
async def test_dates_the_wrong_way_round_are_kept_and_opened_again(world):
    refused = await begin(world, last_day="2026-05-01")
    assert "before the first day" in words_of(refused)
    assert await count(world.db, drafts) == 1
    await world.restart()
    again = await press(world, refused, "Try again")
    assert "Summer" in str(again.modal)
    saved = await world.moderator.submit_modal(again, NAMING)
    assert "2 of 6" in words_of(saved)


@REFUSALS
async def test_a_place_that_does_not_exist_gets_the_nearest_ones(world):
    zone = await begin(world)
    form = await press(world, zone, "Another place…")
    refused = await world.moderator.submit_modal(form, {"place": "Torronto"})
    assert "Toronto" in words_of(refused)


async def test_the_time_of_the_check_in_can_be_changed_in_the_set_up(world):
    roles = await through_channels(world)
    times = await press(world, roles, "Next")
    change = f"cohorts.time:{(await newest(world)).cohort_id}-checkin"
    form = await world.moderator.click(times.response, custom_id=change)
    changed = await world.moderator.submit_modal(
        form, {"weekday": ["4"], "at": "4pm", "every": ["2"]}
    )
    assert "Friday 16:00, every 2 weeks" in words_of(changed)


async def test_the_two_clicks_for_the_moderator_role_are_printed(world):
    roles = await through_channels(world)
    role = world.guild.create_role("Cohort team")
    await world.env.settle()
    cohort = await newest(world)
    chosen = await world.moderator.select(
        roles.response,
        [role],
        custom_id=select(roles, f"{cohort.cohort_id}-moderator_role_id"),
    )
    times = await press(world, chosen, "Next")
    check = await press(world, times, "Next")
    assert "Server Settings → Integrations → Stint" in words_of(check)
    assert "@Cohort team" in words_of(check)


@REFUSALS
async def test_whoever_stops_being_a_moderator_is_refused_on_the_next_press(world):
    zone = await begin(world)
    status = await world.moderator.slash(world.staff, "cohort status")
    role = world.guild.roles["Moderator"]
    losing = world.bot.http.remove_role(world.guild.id, world.moderator.id, role.id)
    await world.in_bot(losing)
    for card, label in ((zone, "Next"), (status, "Pause everything"), (status, "Preview")):
        refused = await press(world, card, label)
        assert "Only the moderators of that cohort" in words_of(refused)
    async with world.db.read() as tx:
        assert (await cohorts.require(tx, world.cohort.cohort_id)).state is CohortState.LIVE


async def test_interns_do_not_even_see_the_command(world):
    with pytest.raises(Exception, match=r"default-member-permissions"):
        await world.ada.slash(world.checkins, "cohort status")


async def test_a_sample_is_the_real_card_and_nobody_else_sees_it(world):
    roles = await through_channels(world)
    check = await press(world, await press(world, roles, "Next"), "Next")
    live = await press(world, check, "Go live")
    preview = await press(world, live, "Preview")
    assert "Weekly check-in" in words_of(preview)
    sample = await press(world, preview, "Send me a sample")
    assert sample.ephemeral
    assert "Check-in, week 1" in words_of(sample)


async def test_what_the_brake_held_goes_out_only_when_it_was_chosen(world):
    await world.moderator.slash(world.staff, "cohort invite")
    held = await world.moderator.slash(world.staff, "cohort pause")
    assert "will be dropped" in words_of(held)
    key = next(p for p in parts(held) if p["custom_id"].startswith("cohorts.keep"))
    chosen = await world.moderator.select(
        held.response, [key["options"][0]["value"]], custom_id=key["custom_id"]
    )
    assert "will be sent" in words_of(chosen)
    resumed = await press(world, chosen, "Resume")
    assert "1 goes out now, 0 were dropped" in words_of(resumed)
    await world.tick()
    assert "Join Spring" in words_of(world.announcements.last_message)


@REFUSALS
async def test_a_moderator_of_another_server_is_refused(world):
    page = await world.moderator.slash(world.staff, "cohort status")
    other = world.env.create_guild("Elsewhere")
    admin = other.create_role("Admin", permissions=discord.Permissions(manage_guild=True))
    room = other.create_text_channel("room")
    boss = other.add_member(world.env.create_user("boss"), roles=(admin,))
    await world.env.settle()
    nothing = await boss.slash(room, "cohort status")
    assert "no cohort here yet" in words_of(nothing)
    typed = await boss.slash(room, "cohort status", cohort=str(world.cohort.cohort_id))
    assert "no cohort here yet" in words_of(typed)
    assert "Spring" in words_of(page)


async def test_status_says_how_many_are_in_and_what_goes_out(world):
    await world.join(world.ada)
    page = await world.moderator.slash(world.staff, "cohort status")
    assert page.ephemeral
    assert "1 joined, 0 paused, 0 left" in words_of(page)
    assert "Nothing waits for you" in words_of(page)


async def test_the_brake_and_its_release(world):
    page = await world.moderator.slash(world.staff, "cohort status")
    held = await press(world, page, "Pause everything")
    assert "is paused" in words_of(held)
    await world.restart()
    resumed = await press(world, held, "Resume")
    assert "Spring goes on" in words_of(resumed)


async def test_a_holiday_is_left_out_and_taken_back(world):
    skipped = await world.moderator.slash(world.staff, "cohort skip", date="25 May")
    assert "Monday 25 May 2026 is left out" in words_of(skipped)
    undone = await press(world, skipped, "Undo")
    assert "counts again" in words_of(undone)


@REFUSALS
async def test_the_join_card_is_posted_repeated_once_and_then_no_more(world):
    for _n in range(2):
        await world.moderator.slash(world.staff, "cohort invite")
        await world.tick()
    assert "Join Spring" in words_of(world.announcements.last_message)
    third = await world.moderator.slash(world.staff, "cohort invite")
    assert "posted and repeated once" in words_of(third)
    what = await world.stranger.click(world.announcements.last_message, label="What is this?")
    assert what.ephemeral
    assert "Only you read your answers" in words_of(what)


async def roster(world, text, encoding="utf-8"):
    return await world.moderator.slash(
        world.staff, "cohort import", roster=("people.csv", text.encode(encoding))
    )


async def test_a_roster_is_shown_before_it_is_imported(world):
    read = await roster(world, f"discord_id,name,team\n{world.ada.id},Ada,Engines\n")
    assert "1 person" in words_of(read)
    await world.restart()
    imported = await press(world, read, "Import")
    assert "0 of 1 joined" in words_of(imported)
    await world.join(world.ada)
    page = await world.moderator.slash(world.staff, "cohort status")
    assert "1 of 1 joined" in words_of(page)


@REFUSALS
@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("name\nAda\n", "utf-8", "Line 1: the column"),
        ("username,name\nada,Ada\nada,Ada\n", "utf-8", "Line 3: Ada is on line 2 already"),
        ("username,name\nada,=1+1\n", "utf-8", "Line 2: `name` starts with"),
        ("username,name\nzoe,Zoë\n", "latin-1", "Line 2: these letters are not UTF-8"),
        (
            "username,name\n" + "".join(f"u{n},N\n" for n in range(5001)),
            "utf-8",
            "Line 5002: the file lists 5001 people",
        ),
    ],
)
async def test_a_bad_roster_is_named_with_its_line_and_nothing_is_imported(
    world, text, encoding, said
):
    refused = await roster(world, text, encoding)
    assert said in words_of(refused)
    assert "Nothing was imported." in words_of(refused)


async def test_an_edit_shows_its_effect_and_saves_only_when_told(world):
    opened = await world.moderator.slash(world.staff, "cohort edit")
    form = await press(world, opened, "Name and dates")
    effect = await world.moderator.submit_modal(
        form, {"name": "Spring", "first_day": "2026-02-16", "last_day": "2026-05-24"}
    )
    assert "Today becomes *plan*" in words_of(effect)
    assert "none is repeated" in words_of(effect)
    assert (await newest(world)).first_day == world.cohort.first_day
    await world.restart()
    saved = await press(world, effect, "Save")
    assert "Saved" in words_of(saved)
    assert (await newest(world)).first_day.isoformat() == "2026-02-16"


async def test_a_standing_card_moves_with_its_channel(world):
    await world.moderator.slash(world.staff, "cohort invite")
    await world.tick()
    old = world.announcements.last_message
    fresh = world.guild.create_text_channel("news")
    await world.env.settle()
    opened = await world.moderator.slash(world.staff, "cohort edit")
    channels = await press(world, opened, "Channels")
    effect = await world.moderator.select(
        channels.response,
        [fresh],
        custom_id=select(channels, f"{world.cohort.cohort_id}-announcements_id"),
    )
    assert "1 card stands in the old channel" in words_of(effect)
    await press(world, effect, "Save, move the card")
    await world.tick()
    assert "Join Spring" in words_of(fresh.last_message)
    assert old.id not in {message.id for message in world.announcements.history()}


async def test_a_deleted_channel_blocks_the_cohort_and_status_says_how_to_mend_it(world):
    await world.in_bot(world.bot.get_channel(world.checkins.id).delete())
    page = await world.moderator.slash(world.staff, "cohort status")
    assert "blocked: nothing is sent" in words_of(page)
    assert "Check-ins: the channel is gone" in words_of(page)


async def test_a_new_server_gets_one_silent_card(world):
    other = world.env.create_guild("Elsewhere")
    room = other.create_text_channel("general")
    await world.env.settle()
    for _n in range(2):
        await happens(world, "guild_join", other)
        await world.tick()
    posted = room.history()
    assert len(posted) == 1
    assert "Nothing is switched on" in words_of(room.last_message)
    somebody = other.add_member(world.env.create_user("visitor"))
    await world.env.settle()
    about = await somebody.click(room.last_message, label="What will I do here?")
    assert "What I never do" in words_of(about)


@REFUSALS
async def test_only_moderators_set_up_from_the_welcome_card(world):
    other = world.env.create_guild("Elsewhere")
    room = other.create_text_channel("general")
    visitor = other.add_member(world.env.create_user("visitor"))
    await world.env.settle()
    await happens(world, "guild_join", other)
    await world.tick()
    refused = await visitor.click(room.last_message, label="Set up")
    assert "Only people who manage this server" in words_of(refused)


async def test_the_schedule_is_changed_and_switched_off(world):
    roles = await through_channels(world)
    check = await press(world, await press(world, roles, "Next"), "Next")
    live = await press(world, check, "Go live")
    assert "Summer is live" in words_of(live)
    number = (await newest(world)).cohort_id
    page = await world.moderator.slash(world.staff, "cohort schedule", cohort=str(number))
    for kind in ("checkin", "digest"):
        off = await world.moderator.click(page.response, custom_id=f"cohorts.off:{number}-{kind}")
    assert "Next:" not in words_of(off)
    switch = f"cohorts.on:{number}-checkin"
    on = await world.moderator.click(off.response, custom_id=switch)
    assert "Next:" in words_of(on)


async def test_a_programme_nobody_set_up_is_offered_and_switched_on(world):
    page = await world.moderator.slash(world.staff, "cohort schedule")
    assert "**Introductions** · Tuesday 10:00, every 2 weeks" in words_of(page)
    switch = f"cohorts.on:{world.cohort.cohort_id}-introduction"
    on = await world.moderator.click(page.response, custom_id=switch)
    assert "Next:" in words_of(on)


async def test_the_cohort_option_offers_what_this_moderator_runs(world):
    offered = await world.moderator.autocomplete(world.staff, "cohort status", "cohort", "spr")
    assert [choice["name"] for choice in offered] == ["Spring"]


@REFUSALS
async def test_creating_channels_without_the_right_to_names_the_right(world):
    zone = await begin(world)
    channels = await press(world, zone, "Next")
    guild = world.bot.get_guild(world.guild.id)
    everything = discord.Permissions.all()
    everything.update(administrator=False, manage_channels=False)
    for role in guild.me.roles:
        limited = role.permissions & everything
        world.env.backend.guilds[guild.id].roles[role.id].permissions = limited.value
        role._permissions = limited.value
    refused = await press(world, channels, "Create the missing ones")
    assert "I am missing *Manage Channels*" in words_of(refused.followups[0])
    assert "Server Settings → Roles" in words_of(refused.followups[0])


async def test_a_blocked_cohort_is_mended_with_another_channel(world):
    async with world.db.write() as tx:
        await cohorts.change(tx, world.cohort.cohort_id, contacts=[world.moderator.id])
    await world.in_bot(world.bot.get_channel(world.checkins.id).delete())
    fresh = world.guild.create_text_channel("check-ins-again")
    await world.env.settle()
    opened = await world.moderator.slash(world.staff, "cohort edit")
    channels = await press(world, opened, "Channels")
    effect = await world.moderator.select(
        channels.response,
        [fresh],
        custom_id=select(channels, f"{world.cohort.cohort_id}-checkins_id"),
    )
    await press(world, effect, "Save")
    page = await world.moderator.slash(world.staff, "cohort status")
    await press(world, page, "Check again")
    assert (await newest(world)).state is CohortState.LIVE


async def test_a_cohort_waits_while_the_bot_is_out_of_the_server(world):
    await happens(world, "guild_remove", world.guild)
    assert (await newest(world)).state is CohortState.BLOCKED
    await happens(world, "guild_join", world.guild)
    assert (await newest(world)).state is CohortState.LIVE


async def test_how_long_a_check_in_stays_open_can_be_chosen(world):
    page = await world.moderator.slash(world.staff, "cohort schedule")
    await world.moderator.select(
        page.response, ["96"], custom_id=f"cohorts.hours:{world.cohort.cohort_id}"
    )
    assert (await newest(world)).open_hours == 96


async def test_the_log_names_who_did_what(world):
    await world.moderator.slash(world.staff, "cohort skip", date="25 May")
    page = await world.moderator.slash(world.staff, "cohort status")
    log = await press(world, page, "Log")
    assert f"<@{world.moderator.id}> skipped: 25 May 2026" in words_of(log)


async def test_a_second_press_on_go_live_is_harmless(world):
    roles = await through_channels(world)
    check = await press(world, await press(world, roles, "Next"), "Next")
    custom_id = button(check, "Go live")
    await world.moderator.click(check.response, custom_id=custom_id)
    cohort = await newest(world)
    assert cohort.state is CohortState.LIVE
    again = await world.moderator.slash(world.staff, "cohort setup")
    assert "Name and dates" in words_of(again)


async def edited(world, part, value, ending):
    opened = await world.moderator.slash(world.staff, "cohort edit")
    card = await press(world, opened, part)
    return await world.moderator.select(card.response, [value], custom_id=select(card, ending))


async def test_roles_and_contacts_are_changed_with_their_effect_shown(world):
    number = world.cohort.cohort_id
    role = world.guild.create_role("Cohort team")
    await world.env.settle()
    effect = await edited(world, "Roles and people", role, f"{number}-moderator_role_id")
    assert f"none → <@&{role.id}>" in words_of(effect)
    await press(world, effect, "Save")
    effect = await edited(world, "Roles and people", world.mentor, f"edit_contacts:{number}")
    await press(world, effect, "Save")
    cohort = await newest(world)
    assert (cohort.moderator_role_id, cohort.contacts) == (role.id, (world.mentor.id,))


async def test_another_zone_is_shown_and_can_be_cancelled(world):
    opened = await world.moderator.slash(world.staff, "cohort edit")
    form = await press(world, opened, "Zone")
    effect = await world.moderator.submit_modal(form, {"place": "Berlin"})
    assert "Zone: America/New\\_York → Europe/Berlin" in words_of(effect)
    cancelled = await press(world, effect, "Cancel")
    assert "Nothing changed" in words_of(cancelled)
    assert (await newest(world)).zone == "America/New_York"


async def test_the_time_of_a_running_programme_is_changed_by_form(world):
    roles = await through_channels(world)
    check = await press(world, await press(world, roles, "Next"), "Next")
    await press(world, check, "Go live")
    number = str((await newest(world)).cohort_id)
    page = await world.moderator.slash(world.staff, "cohort schedule", cohort=number)
    change = f"cohorts.retime:{number}-checkin"
    form = await world.moderator.click(page.response, custom_id=change)
    moved = await world.moderator.submit_modal(
        form, {"weekday": ["3"], "at": "10:30", "every": ["1"]}
    )
    assert "Thursday 10:30, every week" in words_of(moved)


async def test_a_set_up_is_thrown_away_and_its_old_buttons_say_so(world):
    zone = await begin(world)
    name = await press(world, zone, "Back")
    form = await press(world, name, "Change")
    renamed = await world.moderator.submit_modal(form, {**NAMING, "name": "Autumn"})
    assert "Autumn" in words_of(renamed)
    back = await press(world, renamed, "Back")
    gone = await press(world, back, "Throw this set-up away")
    assert "Thrown away" in words_of(gone)
    assert (await newest(world)).cohort_id == world.cohort.cohort_id


async def test_contacts_are_chosen_in_the_set_up(world):
    roles = await through_channels(world)
    times = await press(world, roles, "Next")
    number = (await newest(world)).cohort_id
    chosen = await world.moderator.select(
        times.response,
        [world.mentor, world.moderator],
        custom_id=select(times, f"contacts:{number}"),
    )
    check = await press(world, chosen, "Next")
    assert f"<@{world.mentor.id}>" in words_of(check)


async def test_who_has_not_joined_is_listed_in_pages(world):
    people = "".join(f"user{n:02},Name {n:02},Team\n" for n in range(25))
    read = await roster(world, "username,name,team,shoe\n" + people.replace("Team", "Team,38"))
    assert "Columns I leave out: shoe" in words_of(read)
    imported = await press(world, read, "Import")
    first = await press(world, imported, "Who has not joined")
    assert "Name 00 · Team" in words_of(first)
    second = await press(world, first, "Later")
    assert "Name 24 · Team" in words_of(second)
    status = await press(world, second, "Status")
    assert "Roster: 0 of 25 joined" in words_of(status)


async def test_a_file_put_aside_is_not_imported(world):
    read = await roster(world, "username,name\nada,Ada\n")
    aside = await press(world, read, "Put aside")
    assert "Nothing was imported" in words_of(aside)


async def test_status_lists_what_did_not_arrive_and_why(world):
    async with world.db.write() as tx:
        await outbox.enqueue(
            tx,
            kind="checkin.ask",
            dedupe="late",
            place=outbox.Place.channel(world.checkins.id),
            now=world.env.now(),
            expires_at=world.env.now(),
            cohort_id=world.cohort.cohort_id,
        )
    await world.tick()
    page = await world.moderator.slash(world.staff, "cohort status")
    assert "Did not arrive" in words_of(page)
    assert "its time had passed" in words_of(page)
