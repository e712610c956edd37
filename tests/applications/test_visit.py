"""The board and the picture on a phone, with no, few, many and very many applications.

With STINT_PICTURES=1 it also takes the pictures for the documents.
"""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from bot.config import ROOT
from bot.demo import seed
from bot.demo.home import TemporaryHome
from bot.demo.server import Demo, running
from bot.people.caller import Caller
from cogs.applications.importing import ImportService
from cogs.applications.service import ApplicationService
from cogs.applications.store import ApplicationStore
from tests.bot.demo.chromium import PHONE, PICTURES, Visitor, arrive, chromium

WIDTH = """(picture) => new Promise((done) => {
    const look = () => picture.naturalWidth ? done(picture.naturalWidth) : setTimeout(look, 50);
    look();
})"""

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TODAY = date(2026, 3, 5)
COMPANIES = (
    "Northwind", "Bluefin Robotics", "Halde & Söhne", "Quill", "Tern Energy", "Ostrava Labs",
    "Papaya Health", "Meridian Maps", "Kestrel Audio", "Linden Bank", "Sundial", "Vireo",
    "Fathom Ocean", "Granite Games", "Juniper Rail", "Moss Analytics",
)  # fmt: skip
TITLES = (
    "Software intern", "Data engineering intern", "Backend intern, summer 2026", "Machine learning "
    "intern", "Embedded intern", "Site reliability intern", "Web intern", "Security intern",
)  # fmt: skip
ENDS = ("Rejected", "Rejected", "No reply", "No reply", "No reply", "", "", "Withdrawn")


def table(number: int) -> bytes:
    """So many applications as somebody might have them by March."""
    chance = Random(number)
    lines = ["company,title,url,deadline,interview,steps"]
    for n in range(number):
        deadline = interview = ""
        steps = _steps(chance, n)
        if steps[-1][1] == "Saved" and chance.random() < 0.7:
            deadline = (TODAY + timedelta(days=chance.randint(1, 40))).isoformat()
        if steps[-1][1] == "Interview":
            interview = f"{TODAY + timedelta(days=chance.randint(1, 9))} 14:30"
        said = "; ".join(f"{day} {status}" for day, status in steps)
        company = COMPANIES[n % len(COMPANIES)]
        title = f"{TITLES[n // 2 % len(TITLES)]}"
        lines.append(f'{company},"{title}",https://jobs.example/{n},{deadline},{interview},{said}')
    return "\n".join(lines).encode()


def _steps(chance: Random, n: int) -> list[tuple[date, str]]:
    day = TODAY - timedelta(days=chance.randint(9, 90) if n > 2 else 9)
    steps = [(day, "Saved")]
    if n % 9 == 0:
        return steps
    ways = {"Applied": 1.0, "Online assessment": 0.3, "Interview": 0.22, "Offer": 0.3}
    for status, goes in ways.items():
        if n == 2 and status == "Interview":
            return [*steps, (TODAY, status)]
        if n == 1 and status != "Applied":
            return steps
        if chance.random() > goes:
            if status == "Online assessment":
                continue
            break
        day = min(TODAY, day + timedelta(days=chance.randint(1, 14)))
        steps.append((day, status))
    last = steps[-1][1]
    end = chance.choice(("Accepted", "Declined", "") if last == "Offer" else ENDS)
    return [*steps, (min(TODAY, day + timedelta(days=9)), end)] if end else steps


@pytest.fixture
async def browser() -> AsyncIterator[Any]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def demo(browser: Any) -> AsyncIterator[Demo]:
    async with running(TemporaryHome(), seed.tell) as demo:
        yield demo


async def bring(demo: Demo, number: int) -> None:
    """Give Jonas so many applications."""
    bot = demo.world.bot
    store = ApplicationStore()
    service = ApplicationService(bot.db, bot.clock, store)
    importing = ImportService(bot.db, bot.clock, store, service)
    jonas = Caller(demo.stage.actors["jonas"].id, demo.stage.guild.id, "Jonas Weber")
    preview = await importing.read(jonas, table(number))
    assert preview.problems == ()
    assert preview.import_id is not None
    await importing.take(jonas, preview.import_id)


async def arrive_as_jonas(browser: Any, demo: Demo) -> Visitor:
    tall = {**PHONE, "height": 1400} if PICTURES else PHONE
    visitor = await arrive(browser, demo.port, tall, "jonas")
    await visitor.page.get_by_role("button", name="Hide what to try").click()
    await visitor.page.get_by_role("button", name="Channels and people").click()
    await visitor.go("Stint")
    return visitor


async def show(visitor: Visitor, name: str) -> None:
    """Keep a picture of the newest card, when asked to."""
    if PICTURES:
        await visitor.page.wait_for_timeout(1200)
        newest = visitor.room.locator("#channel-message-list .channel-message").last
        await newest.screenshot(path=ROOT / "docs" / "pictures" / f"{name}.png")


@pytest.mark.parametrize("number", [0, 3, 40, 300])
async def test_board_and_picture_fit_a_phone(browser: Any, demo: Demo, number: int):
    if number:
        await bring(demo, number)
    visitor = await arrive_as_jonas(browser, demo)

    await visitor.command("/application list", then="Your applications")
    assert await visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await show(visitor, f"applications-board-{number}")

    await visitor.command("/application stats", then="What came of them")
    picture = visitor.room.locator("#channel-message-list img[alt*='icture']").last
    assert await picture.evaluate(WIDTH) > 400
    await show(visitor, f"applications-flow-{number}")
    assert visitor.complaints == []


async def test_one_application_is_opened_from_the_board_and_moved(browser: Any, demo: Demo):
    await bring(demo, 3)
    visitor = await arrive_as_jonas(browser, demo)

    await visitor.command("/application list", then="Your applications")
    await visitor.room.get_by_text("Open one…").last.click()
    await visitor.room.get_by_role("option", name="Northwind").last.click()
    await visitor.hear("Open the posting")
    await show(visitor, "application")
    assert visitor.complaints == []
