"""Introductions as their people live them: joined, told, met, silent, gone, counted."""

from datetime import timedelta

from bot.people import cohorts, users
from bot.people.cohorts import CohortState
from bot.people.memberships import Delivery
from bot.people.users import Inbox
from tests.conftest import words_of
from tests.introductions.conftest import TUESDAY


async def test_two_people_meet_in_a_private_thread_with_all_they_need(intros, child_process):
    await intros.everyone_in("ada", "chen")
    await intros.tell("ada", team="Billing", interests="climbing, chess")
    await intros.tell("chen", team="Data", interests="Chess")
    await intros.until(TUESDAY)
    (thread,) = intros.threads()
    assert intros.inside(thread) == {intros.ada.id, intros.chen.id}
    said = words_of(thread.history()[0])
    lines = [line for line in said.splitlines() if line]
    assert lines[0].startswith("Read by: you, ")
    assert lines[0].endswith("and this server's moderators.")
    assert "Interests: climbing, chess" in said
    assert "Team: Data" in said
    assert "Tue 10:00 for " in said and "Tue 16:00 for " in said
    assert "You all work at <t:" in said
    assert "you go first" in said
    assert "Report a problem" in said


async def test_one_is_asked_a_day_ahead_and_may_sit_it_out_and_come_back(intros):
    await intros.everyone_in("ada", "ben", "chen")
    await intros.travel(minutes=1)
    notice = intros.inbox("ada")[-1]
    skipped = await intros.ada.user.click(notice, label="Skip this one")
    assert "You sit this one out" in words_of(skipped)
    from_channel = await intros.ben.click(intros.hall.history()[-1], label="Skip this one")
    await intros.ben.click(from_channel.response, label="I'm in after all")
    outside = await intros.stranger.click(intros.hall.history()[-1], label="Skip this one")
    assert "You are not in this one anyway" in words_of(outside)
    await intros.until(TUESDAY)
    (thread,) = intros.threads()
    assert intros.inside(thread) == {intros.ben.id, intros.chen.id}
    (called,) = [one for one in intros.inbox("chen") if "Skip this one" in words_of(one)]
    late = await intros.chen.user.click(called, label="Skip this one")
    assert "This round has begun" in words_of(late)


async def test_somebody_avoided_is_never_met_and_nobody_learns_of_it(intros):
    await intros.everyone_in("ada", "ben")
    noted = await intros.ada.slash(intros.hall, "intro avoid", member=intros.ben.user)
    assert "You will not be paired with" in words_of(noted)
    await intros.travel(minutes=1)
    preview = words_of(intros.staff.history()[-1])
    assert "Cannot be paired: " in preview
    assert "avoid" not in preview.lower()
    await intros.until(TUESDAY)
    assert intros.threads() == []
    for name in ("ada", "ben"):
        assert "You cannot be paired in this round" in intros.letters(name)
    (picked,) = selects(noted)
    back = await intros.ada.select(noted.response, [picked["options"][0]["value"]])
    assert "You are paired with anybody" in words_of(back)
    await intros.until(TUESDAY.replace(day=4, minute=5))
    assert intros.partners("ada") == ["ben"]


async def test_an_introduction_under_way_ends_when_one_of_them_avoids_the_other(intros):
    await intros.everyone_in("ada", "ben")
    await intros.until(TUESDAY)
    await intros.ben.slash(intros.hall, "intro avoid", member=intros.ada.user)
    await intros.tick()
    ended = intros.said("ada")
    assert "This introduction ends here" in ended
    assert "ben" not in words_of(intros.thread_of("ada").history()[-1]).lower()


async def test_a_moderator_draws_again_separates_leaves_out_and_approves(intros):
    await intros.everyone_in("ada", "ben", "chen", "dora")
    await intros.travel(minutes=1)
    card = intros.staff.history()[-1]
    refused = await intros.ada.click(card, label="Re-draw")
    assert "moderators" in words_of(refused)
    again = await intros.moderator.click(card, label="Re-draw")
    assert "Drawn again." in words_of(again)
    which = await intros.moderator.click(again.response, label="Separate these two")
    (picked, *_rest) = selects(which)
    before = picked["options"][0]["label"]
    apart = await intros.moderator.select(
        which.response, [picked["options"][0]["value"]], custom_id=picked["custom_id"]
    )
    assert before.replace(", ", "**, **") not in words_of(apart)
    who = await intros.moderator.click(apart.response, label="Leave someone out")
    left = await intros.moderator.select(who.response, [intros.ada.user])
    assert "1 person sits this one out" in words_of(left)
    done = await intros.moderator.click(left.response, label="Approve")
    assert "It goes out at its time" in words_of(done)
    await intros.until(TUESDAY)
    seated = {each for thread in intros.threads() for each in intros.inside(thread)}
    assert seated == {intros.ben.id, intros.chen.id, intros.dora.id}


async def test_a_round_that_is_held_waits_for_its_approval(intros):
    await intros.everyone_in("ada", "ben")
    page = await intros.moderator.slash(intros.staff, "cohort intro preview")
    chosen = await intros.moderator.click(page.response, label="Settings")
    hold = next(each for each in selects(chosen) if "hold" in each["custom_id"])
    await intros.moderator.select(chosen.response, ["yes"], custom_id=hold["custom_id"])
    await intros.travel(minutes=1)
    assert "if you approve it" in words_of(intros.staff.history()[-1])
    await intros.until(TUESDAY)
    assert intros.threads() == []
    status = await intros.moderator.slash(intros.staff, "cohort status")
    assert "wait for your approval" in words_of(status)
    await intros.moderator.click(intros.staff.history()[-1], label="Approve")
    await intros.tick()
    assert len(intros.threads()) == 1


async def test_a_round_is_run_beside_the_schedule_once_it_is_approved(intros):
    await intros.everyone_in("ada", "ben", "chen")
    shown = await intros.moderator.slash(intros.staff, "cohort intro run")
    assert "1 group" in words_of(shown)
    assert "waits for your approval" in words_of(shown)
    await intros.moderator.click(shown.response, label="Approve")
    await intros.tick()
    (thread,) = intros.threads()
    assert len(intros.inside(thread)) == 3


async def test_weights_are_tuned_and_nonsense_is_refused(intros):
    page = await intros.moderator.slash(intros.staff, "cohort intro preview")
    chosen = await intros.moderator.click(page.response, label="Settings")
    form = await intros.moderator.click(chosen.response, label="Change what counts")
    good = {
        "other_team": "80",
        "interests": "10",
        "hours": "0",
        "curiosity": "25",
        "since_met": "60",
    }
    saved = await intros.moderator.submit_modal(form, good)
    assert "another team 80" in words_of(saved)
    form = await intros.moderator.click(chosen.response, label="Change what counts")
    bad = await intros.moderator.submit_modal(form, {**good, "hours": "-5"})
    assert "a number from 0 to 100" in words_of(bad)


async def test_where_threads_are_refused_people_meet_by_message_and_the_staff_knows(intros):
    await intros.everyone_in("ada", "ben")
    await intros.everyone_in("chen", delivery=Delivery.CARD)
    await intros.everyone_in("dora", inbox=Inbox.CLOSED)
    intros.env.inject_error("POST", "/channels/*/threads", status=400, code=160006, times=None)
    await intros.until(TUESDAY)
    await intros.travel(minutes=1)
    assert intros.threads() == []
    for name in ("ada", "ben"):
        assert "I could not open a thread for you" in intros.letters(name)
    assert "as many open threads as discord allows" in words_of(intros.staff.history()[-1])
    report = words_of(await intros.moderator.slash(intros.staff, "cohort intro report"))
    assert "2 undelivered (takes no direct messages)" in report
    me = words_of(await intros.chen.slash(intros.hall, "me"))
    assert "You are introduced to" in me


async def test_missing_permission_does_not_stop_the_cohort(intros):
    await intros.everyone_in("ada", "ben")
    intros.env.inject_error("POST", "/channels/*/threads", status=403, code=50013, times=None)
    await intros.until(TUESDAY)
    await intros.travel(minutes=1)
    assert "Meet" in words_of(intros.inbox("ada")[-1])
    async with intros.db.read() as tx:
        found = await cohorts.require(tx, intros.cohort.cohort_id)
    assert found.state is CohortState.LIVE


async def test_who_left_the_server_is_not_introduced_to_anybody(intros):
    await intros.everyone_in("ada", "ben", "chen", "dora")
    await intros.travel(minutes=1)
    intros.guild.remove_member(intros.ada)
    await intros.env.advance_time(3600)
    await intros.until(TUESDAY)
    seated = {each for thread in intros.threads() for each in intros.inside(thread)}
    assert seated == {intros.ben.id, intros.chen.id, intros.dora.id}


async def test_why_it_came_and_no_more_of_it(intros):
    await intros.everyone_in("ada", "ben")
    await intros.travel(minutes=1)
    why = await intros.ada.user.click(intros.inbox("ada")[-1], label="Why did I get this?")
    assert "You joined the introductions" in words_of(why)
    await intros.ada.user.click(why.response, label="Stop these")
    await intros.until(TUESDAY)
    assert intros.threads() == []


def selects(result):
    found = []

    def walk(part):
        if isinstance(part, list):
            for each in part:
                walk(each)
        elif isinstance(part, dict):
            if part.get("type") == 3:
                found.append(part)
            walk(part.get("components", []))

    walk([c.to_dict() if hasattr(c, "to_dict") else c for c in result.response.components])
    return found


async def test_a_thread_speaks_the_language_its_people_share(intros):
    await intros.everyone_in("ada", "ben")
    async with intros.db.write() as tx:
        for name in ("ada", "ben"):
            await users.change(tx, intros.people[name].id, locale="de")
    await intros.until(TUESDAY + timedelta(hours=26))
    assert "ada und ben, darf ich vorstellen?" in intros.said("ada")
    assert "Di 10:00 bei ada" in intros.said("ada")
    assert "eine erste Zeile von dir" in intros.said("ada")


async def test_people_of_two_languages_meet_in_english(intros):
    await intros.everyone_in("ada", "ben")
    async with intros.db.write() as tx:
        await users.change(tx, intros.ada.id, locale="de")
    await intros.until(TUESDAY + timedelta(minutes=5))
    assert "ada and ben, meet each other" in intros.said("ada")
