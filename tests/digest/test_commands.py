"""Digests as moderators and members live them: seen ahead, changed, sent once, skipped, held."""

from datetime import timedelta

from bot.people import cohorts
from tests.conftest import words_of
from tests.digest.conftest import FRIDAY

A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)


def selects(result):
    message = getattr(result, "response", None) or result
    found = []

    def walk(part):
        if isinstance(part, dict):
            if "options" in part:
                found.append(part)
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for each in part:
                walk(each)

    for component in message.components:
        walk(component.to_dict() if hasattr(component, "to_dict") else component)
    return found


def named(result, action):
    return next(each["custom_id"] for each in selects(result) if action in each["custom_id"])


async def test_the_week_of_a_digest_from_the_notice_to_the_next_one(digests):
    await digests.win(digests.ada, "The parser reads *everything* now, @everyone")
    await digests.until(FRIDAY - A_DAY)
    card = digests.card()
    ahead = words_of(card)
    assert "by itself" in ahead
    assert "Things that went well" in ahead
    assert "**ada**: The parser reads \\*everything\\* now, @\u200beveryone" in ahead
    assert digests.told() == []
    form = await digests.moderator.click(card, label="Edit note")
    noted = await digests.moderator.submit_modal(form, {"note": "Office hours move to Monday."})
    assert "Your note is in it." in words_of(noted)
    page = await digests.moderator.click(card, label="Sections…")
    kept = [o["value"] for o in selects(page)[0]["options"] if o["value"] != "actions"]
    without = await digests.moderator.select(
        page.response, kept, custom_id=named(page, "digest.shown")
    )
    first = await digests.moderator.select(
        without.response, ["wins"], custom_id=named(without, "digest.first")
    )
    assert "1. Wins that were shared" in words_of(first)
    await digests.tick()
    changed = words_of(digests.card())
    assert "Office hours move to Monday." in changed
    assert changed.index("Things that went well") < changed.index("From the moderators")
    assert "Worth doing this week" not in changed
    await digests.restart()
    await digests.until(FRIDAY)
    (told,) = digests.told()
    assert changed.endswith(told.removesuffix("\nWhy did I get this?") + "\nWhy did I get this?")
    await digests.tick()
    assert "It went out" in words_of(digests.card())
    again = await digests.moderator.slash(digests.staff, "cohort digest send")
    assert "can send it early" in words_of(again)
    digests.env.errors.clear()
    await digests.until(FRIDAY + A_WEEK - A_DAY)
    newest = digests.staff.history()[-1]
    skipped = await digests.moderator.click(newest, label="Skip")
    assert "does not go out. A moderator skipped it." in words_of(skipped)
    await digests.until(FRIDAY + A_WEEK)
    assert len(digests.told()) == 1
    assert "A moderator skipped it." in words_of(digests.staff.history()[-1])


async def test_a_second_send_now_and_a_second_moderator_send_nothing_twice(digests):
    await digests.win(digests.ada, "It runs")
    await digests.until(FRIDAY - timedelta(minutes=1))
    card = digests.card()
    before = await digests.moderator.slash(digests.staff, "cohort digest preview")
    stale = await digests.moderator.slash(digests.staff, "cohort digest preview")
    sent = await digests.moderator.click(card, label="Send now")
    assert words_of(sent).count("on its way") == 1
    again = await digests.moderator.click(before.response, label="Send now")
    assert "It has gone out already." in words_of(again)
    by_hand = await digests.moderator.slash(digests.staff, "cohort digest send")
    assert "gone out already" in words_of(by_hand)
    await digests.until(FRIDAY + timedelta(hours=1))
    assert len(digests.told()) == 1
    assert "It went out" in words_of(digests.card())
    late = await digests.moderator.click(stale.response, label="Skip")
    assert "That digest has gone out" in words_of(late)
    digests.env.errors.clear()


async def test_members_may_not_decide_about_a_digest(digests):
    await digests.win(digests.ada, "It runs")
    await digests.until(FRIDAY - A_DAY)
    for label in ("Send now", "Skip", "Sections…", "Edit note"):
        refused = await digests.ada.click(digests.card(), label=label)
        assert "moderators" in words_of(refused)
    digests.env.errors.clear()


async def test_a_digest_that_is_held_waits_for_send_now(digests):
    await digests.win(digests.ada, "It runs")
    shown = await digests.moderator.slash(digests.staff, "cohort digest preview")
    page = await digests.moderator.click(shown.response, label="Sections…")
    held = await digests.moderator.select(
        page.response, ["yes"], custom_id=named(page, "digest.hold")
    )
    assert "waits for *Send now*" in words_of(held)
    await digests.until(FRIDAY - A_DAY)
    assert "once you press *Send now*" in words_of(digests.card())
    await digests.until(FRIDAY + timedelta(hours=2))
    assert digests.told() == []
    assert "It waits for your *Send now*" in words_of(digests.card())
    status = await digests.moderator.slash(digests.staff, "cohort status")
    assert "The digest waits for *Send now*" in words_of(status)
    await digests.restart()
    await digests.moderator.click(digests.card(), label="Send now")
    await digests.tick()
    (told,) = digests.told()
    assert "A little later than usual." in told


async def test_what_nobody_lets_go_grows_too_old_and_says_so(digests):
    await digests.win(digests.ada, "It runs")
    shown = await digests.moderator.slash(digests.staff, "cohort digest preview")
    page = await digests.moderator.click(shown.response, label="Sections…")
    await digests.moderator.select(page.response, ["yes"], custom_id=named(page, "digest.hold"))
    await digests.until(FRIDAY)
    await digests.until(FRIDAY + timedelta(days=3, hours=1))
    await digests.tick()
    assert digests.told() == []
    assert "grew too old" in words_of(digests.card())


async def test_a_channel_closed_on_the_day_leaves_a_reason_and_the_staff_knows(digests):
    await digests.win(digests.ada, "It runs")
    await digests.until(FRIDAY - timedelta(hours=1))
    path = f"/channels/{digests.announcements.id}/messages"
    digests.env.inject_error("POST", path, status=403, code=50013, times=None)
    await digests.until(FRIDAY + timedelta(minutes=5))
    staff = "\n".join(words_of(message) for message in digests.staff.history())
    assert "I may not write in the channel" in staff
    await digests.until(FRIDAY + timedelta(hours=26))
    issue = await digests.issue()
    assert issue.state == "failed"
    assert issue.why == "I may not write in the channel"
    status = await digests.moderator.slash(digests.staff, "cohort status")
    assert "The digest could not be posted: I may not write in the channel" in words_of(status)


async def test_without_a_staff_channel_the_commands_do_all_of_it(digests):
    await digests.win(digests.ada, "It runs")
    async with digests.db.write() as tx:
        await cohorts.change(tx, digests.cohort.cohort_id, staff_id=None)
    await digests.until(FRIDAY - A_DAY)
    assert digests.staff.history() == []
    form = await digests.moderator.slash(digests.checkins, "cohort digest note")
    await digests.moderator.submit_modal(form, {"note": "See you on Monday."})
    shown = await digests.moderator.slash(digests.checkins, "cohort digest preview")
    assert "See you on Monday." in words_of(shown)
    sent = await digests.moderator.slash(digests.checkins, "cohort digest send")
    assert "on its way" in words_of(sent)
    await digests.tick()
    assert "See you on Monday." in digests.told()[0]


async def test_the_staffs_card_may_be_taken_away(digests):
    await digests.win(digests.ada, "It runs")
    await digests.until(FRIDAY - A_DAY)
    shown = await digests.moderator.slash(digests.staff, "cohort digest preview")
    await digests.card().delete()
    await digests.moderator.click(shown.response, label="Skip")
    await digests.tick()
    back = await digests.moderator.slash(digests.staff, "cohort digest preview")
    await digests.moderator.click(back.response, label="Bring it back")
    await digests.until(FRIDAY)
    assert len(digests.told()) == 1
    status = await digests.moderator.slash(digests.staff, "cohort status")
    assert "Did not arrive" not in words_of(status)


async def test_sections_for_every_week_stay(digests):
    await digests.win(digests.ada, "It runs")
    shown = await digests.moderator.slash(digests.staff, "cohort digest preview")
    page = await digests.moderator.click(shown.response, label="Sections…")
    less = await digests.moderator.select(
        page.response, ["wins", "note"], custom_id=named(page, "digest.shown")
    )
    kept = await digests.moderator.click(less.response, label="Keep for every week")
    assert "Every week is arranged like this" in words_of(kept)
    await digests.until(FRIDAY)
    (first,) = digests.told()
    await digests.until(FRIDAY + A_WEEK - A_DAY)
    await digests.until(FRIDAY + A_WEEK)
    await digests.tick()
    assert "Worth doing this week" not in first
    assert (await digests.issue()).why == "nothing to say"
    card = words_of(digests.staff.history()[-1])
    assert "There was nothing to say, so nothing was posted." in card
