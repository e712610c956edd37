"""Digests as moderators and members live them: seen ahead, changed, sent once, skipped, held."""

from datetime import timedelta

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
    assert "Nothing goes out this week" in words_of(skipped)
    await digests.until(FRIDAY + A_WEEK)
    assert len(digests.told()) == 1
    assert "A moderator skipped it." in words_of(digests.staff.history()[-1])
