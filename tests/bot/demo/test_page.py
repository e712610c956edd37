"""The page around the conversation, in a real browser: on a desk, on a phone, by keyboard alone."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.demo.cast import Stage
from bot.demo.server import Demo, running
from bot.demo.simulation import World
from tests.bot.demo.belfry import MORNING, Belfry
from tests.bot.demo.chromium import DESK, PHONE, arrive, chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def greet(world: World, stage: Stage) -> None:
    await stage.actors["jonas"].send(stage.channels["introductions"], "Hello from Berlin")


@pytest.fixture
async def demo(belfry: Belfry) -> AsyncIterator[Demo]:
    async with running(belfry, greet, start=MORNING) as demo:
        yield demo


@pytest.fixture
async def browser() -> AsyncIterator[Any]:
    async with chromium() as browser:
        yield browser


async def test_a_visitor_sees_what_is_new_and_goes_there(browser: Any, demo: Demo):
    visitor = await arrive(browser, demo.port, DESK)
    page = visitor.page

    await page.locator("#next").click()
    await page.locator("li.new:has-text('announcements') .badge:has-text('1')").wait_for()
    await page.locator("#news button", has_text="#announcements").click()

    await visitor.said("Ring at").wait_for()
    assert await page.locator("li.new").count() == 0
    assert visitor.complaints == []


async def test_what_comes_while_looking_appears_by_itself(browser: Any, demo: Demo):
    visitor = await arrive(browser, demo.port, DESK)
    await visitor.go("announcements")

    await visitor.page.get_by_role("button", name="+1 day").click()

    await visitor.said("Ring at").nth(1).wait_for()


async def test_a_command_is_three_keys_away(browser: Any, demo: Demo):
    visitor = await arrive(browser, demo.port, DESK)

    await visitor.room.get_by_role("button", name="Show the commands").click()
    await visitor.room.get_by_role("option", name="/ring").wait_for()
    await visitor.page.keyboard.press("Enter")
    await visitor.page.keyboard.press("Enter")
    await visitor.room.get_by_role("button", name="Ring", exact=True).click()

    await visitor.said("It rang.").wait_for()
    assert visitor.complaints == []


async def test_two_tabs_talk_to_each_other(browser: Any, demo: Demo):
    amara = await arrive(browser, demo.port, DESK)
    jonas = await arrive(browser, demo.port, DESK, "jonas")

    await amara.room.locator("#channel-composer-input").fill("Hello from New York")
    await amara.page.keyboard.press("Enter")

    await jonas.said("Hello from New York").wait_for()
    assert amara.complaints == jonas.complaints == []


async def test_everyone_has_their_own_time_and_places(browser: Any, demo: Demo):
    visitor = await arrive(browser, demo.port, DESK)
    assert (await visitor.page.locator("#clock").inner_text()).endswith("in New York")

    await visitor.be("Mia Lindqvist")
    await visitor.page.locator("nav").get_by_role("button", name="staff").wait_for()
    await visitor.be("Suman Gurung")

    assert "20:57 in Kathmandu" in await visitor.page.locator("#clock").inner_text()
    assert await visitor.page.locator("nav").get_by_role("button", name="staff").count() == 0


async def test_the_keyboard_is_enough(browser: Any, demo: Demo):
    visitor = await arrive(browser, demo.port, DESK)
    page = visitor.page
    focused = "document.activeElement.id || document.activeElement.textContent.trim()"

    await page.keyboard.press("Tab")
    assert await page.evaluate(focused) == "Skip to the conversation"
    order = list[str]()
    for _ in range(16):
        await page.keyboard.press("Tab")
        order.append(await page.evaluate(focused))
    assert order[:5] == ["+1 hour", "+1 day", "+1 week", "next", "reset"]
    assert order[5:11] == [
        "announcements",
        "check-ins",
        "introductions",
        "opportunities",
        "Stint",
        "me",
    ]
    assert order[11] == "step-go"

    await page.locator("#me").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("dialog").wait_for()
    await page.keyboard.press("Escape")
    assert await page.evaluate(focused) == "me"


async def test_on_a_phone_the_channels_wait_in_a_drawer(browser: Any, demo: Demo):
    visitor = await arrive(browser, demo.port, PHONE)
    page = visitor.page
    announcements = page.locator("nav").get_by_role("button", name="announcements")
    assert not await announcements.is_visible()

    await page.get_by_role("button", name="Channels and people").click()
    await announcements.click()

    await visitor.room.get_by_role("heading", name="announcements").wait_for()
    assert not await announcements.is_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


async def test_escape_closes_the_drawer_and_gives_the_focus_back(browser: Any, demo: Demo):
    visitor = await arrive(browser, demo.port, PHONE)
    menu = visitor.page.get_by_role("button", name="Channels and people")

    await menu.click()
    await visitor.page.keyboard.press("Escape")

    assert await menu.get_attribute("aria-expanded") == "false"
    assert await menu.evaluate("menu => menu === document.activeElement")


async def test_what_to_try_can_be_hidden_and_comes_back(browser: Any, demo: Demo):
    visitor = await arrive(browser, demo.port, DESK)
    page = visitor.page

    await page.get_by_role("button", name="Hide what to try").click()
    assert not await page.locator("#guide").is_visible()
    await page.get_by_role("button", name="What to try").click()

    assert await page.locator("#guide").is_visible()


async def test_starting_over_asks_first(browser: Any, demo: Demo):
    visitor = await arrive(browser, demo.port, DESK)
    visitor.page.on("dialog", lambda dialog: dialog.accept())
    await visitor.page.get_by_role("button", name="+1 week").click()
    await visitor.page.locator("#time:has-text('12 Mar')").wait_for()

    await visitor.page.get_by_role("button", name="Start over").click()

    await visitor.page.locator("#time:has-text('5 Mar')").wait_for()
    await visitor.said("Hello from Berlin").wait_for()


async def test_nothing_on_the_page_lacks_a_name(browser: Any, demo: Demo):
    visitor = await arrive(browser, demo.port, DESK)

    nameless = await visitor.page.evaluate(
        """[...document.querySelectorAll("button, input, select, iframe, a")]
        .filter((one) => !(one.textContent.trim() || one.ariaLabel || one.title))
        .map((one) => one.outerHTML)"""
    )

    assert nameless == []
