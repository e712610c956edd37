"""A visit to the demo, from the first tap to the chart, with the real bot in a real browser.

With STINT_PICTURES=1 it also takes the pictures for the documents.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.demo import seed
from bot.demo.home import TemporaryHome
from bot.demo.server import Demo, running
from tests.bot.demo.chromium import DESK, PHONE, PICTURES, Visitor, arrive, chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MONDAY = "Mon 9 Mar, 09:00"
WEEKS = (
    ("Done means: the checkout tests run on every change. I wrote the first two.", "3 · So-so"),
    ("Found the flaky test: it was the clock.", "2 · Unsure"),
    ("Split the parser in two, reviewed by Priya.", "4 · Going well"),
    ("Showed the team what I have; two people asked for it.", "5 · On top of it"),
)

WIDTH = """(picture) => new Promise((done) => {
    const look = () => picture.naturalWidth ? done(picture.naturalWidth) : setTimeout(look, 50);
    look();
})"""


@pytest.fixture
async def browser() -> AsyncIterator[Any]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def demo(browser: Any) -> AsyncIterator[Demo]:
    async with running(TemporaryHome(), seed.tell) as demo:
        yield demo


async def join(visitor: Visitor, picture: str = "") -> None:
    await visitor.press("Join", then="1 of 3")
    await visitor.press("Yes, 10:12", then="2 of 3")
    if picture:
        await visitor.show(picture)
    await visitor.press("Direct message", then="3 of 3")
    await visitor.press("Join", then="You are in, Amara Osei.")


async def comes_into_sight(visitor: Visitor, label: str) -> None:
    """Wait until the newest button of this name stands on screen, without touching anything."""
    button = visitor.room.get_by_role("button", name=label, exact=True).last
    for _ in range(100):
        box = await button.bounding_box()
        if box and 160 < box["y"] < DESK["height"] - 100:
            return
        await visitor.page.wait_for_timeout(50)
    raise AssertionError(f"nobody sees {label}")


async def wait_until(visitor: Visitor, moment: str) -> None:
    """Press *Next thing due* until it is that moment where the visitor lives."""
    clock = visitor.page.locator("#time")
    for _ in range(12):
        if moment in await clock.inner_text():
            return
        await visitor.page.locator("#next").click()
        await visitor.page.locator("#next:enabled").wait_for()
    raise AssertionError(f"{moment} never came")


async def test_an_intern_joins_sets_a_goal_checks_in_and_sees_how_it_goes(browser: Any, demo: Demo):
    visitor = await arrive(browser, demo.port, DESK)
    await comes_into_sight(visitor, "Join")
    await visitor.page.get_by_role("button", name="Hide what to try").click()

    await join(visitor, picture="join")
    await visitor.go("Stint")
    await visitor.hear("this one proves that they reach you")
    await visitor.command("/goal add", then="What do you want to reach?")
    await visitor.submit("Write one integration test on my own", then="Goal saved")
    await wait_until(visitor, MONDAY)
    await visitor.press("Check in", then="How confident do you feel?")
    await visitor.form.get_by_text(WEEKS[0][1]).click()
    await visitor.form.get_by_role("textbox").first.fill(WEEKS[0][0])
    await visitor.show("checkin")
    await visitor.submit(then="Week 2: saved")
    await visitor.command("/me", then="Check-in for week 2: saved.")
    await visitor.hear("1 open goal: Write one integration test on my own")
    await visitor.show("demo")
    for number, (done, confidence) in enumerate(WEEKS[1:] if PICTURES else (), 3):
        await visitor.page.get_by_role("button", name="+1 week").click()
        await visitor.hear(f"Week {number}: how is it going?")
        await visitor.press("Check in", then="How confident do you feel?")
        await visitor.form.get_by_text(confidence).click()
        await visitor.submit(done, then=f"Week {number}: saved")
    await visitor.command("/checkin history", then="Your weeks")

    chart = visitor.room.locator("#channel-message-list img[alt*='onfidence']").last
    await chart.wait_for()
    assert await chart.evaluate(WIDTH) > 400
    assert visitor.complaints == []
    await visitor.show("chart")


async def test_a_moderator_sets_up_a_second_cohort(browser: Any, demo: Demo):
    visitor = await arrive(browser, demo.port, DESK, "mia")
    await visitor.page.get_by_role("button", name="Hide what to try").click()
    await visitor.go("staff")

    await visitor.command("/cohort setup", then="Set up a cohort")
    await visitor.press("Name and dates", then="First day")
    await visitor.submit("Summer interns", "2026-06-01", "2026-08-21", then="2 of 6")
    await visitor.press("Another place…", then="Submit")
    await visitor.submit("Berlin", then="It is 16:12 there")
    await visitor.press("Next", then="3 of 6")
    create = visitor.room.get_by_role("button", name="Create the missing ones")
    await create.click()
    await create.wait_for(state="detached")
    await visitor.press("Next", then="4 of 6")
    await visitor.press("Next", then="5 of 6")
    await visitor.press("Next", then="6 of 6")
    await visitor.show("wizard")
    await visitor.press("Go live", then="Summer interns is live")
    await visitor.press("Post the Join card", then="The Join card is on its way")
    await visitor.page.locator("li.new:has-text('announcements')").click()

    await visitor.hear("Join Summer interns")


async def test_on_a_phone_the_check_in_is_as_near(browser: Any, demo: Demo):
    visitor = await arrive(browser, demo.port, PHONE)
    await visitor.page.get_by_role("button", name="Hide what to try").click()

    await join(visitor)
    await visitor.page.get_by_role("button", name="Channels and people").click()
    await visitor.go("Stint")
    await visitor.hear("this one proves that they reach you")
    await wait_until(visitor, MONDAY)

    await visitor.hear("Week 2: how is it going?")
    assert await visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await visitor.show("phone")
