"""The demo's server: who it answers, and what it tells the page."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.demo.cast import Stage
from bot.demo.server import Demo, running
from bot.demo.simulation import World
from tests.bot.demo.belfry import MORNING, Belfry


async def greet(world: World, stage: Stage) -> None:
    await stage.actors["jonas"].send(stage.channels["introductions"], "Hello from Berlin")


@pytest.fixture
async def demo(belfry: Belfry) -> AsyncIterator[Demo]:
    async with running(belfry, greet, start=MORNING) as demo:
        yield demo


@pytest.fixture
async def browser(demo: Demo) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(
        f"http://127.0.0.1:{demo.port}", headers={"X-Demo-Key": demo.key}
    ) as session:
        yield session


async def look(browser: aiohttp.ClientSession, who: str, tab: str = "one") -> dict[str, Any]:
    async with browser.get("/demo/do/world", params={"as": who, "tab": tab}) as answer:
        return await answer.json()


async def do(browser: aiohttp.ClientSession, what: str, **asked: Any) -> tuple[int, Any]:
    async with browser.post(f"/demo/do/{what}", json=asked) as answer:
        is_json = answer.content_type == "application/json"
        return answer.status, await (answer.json() if is_json else answer.text())


async def test_another_name_for_this_machine_is_refused(browser: aiohttp.ClientSession):
    async with browser.get("/", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403


async def test_a_request_without_the_pages_key_is_refused(browser: aiohttp.ClientSession):
    async with browser.post("/demo/do/reset", json={}, headers={"X-Demo-Key": "x"}) as answer:
        assert answer.status == 403


async def test_a_conversation_without_its_secret_is_refused(browser: aiohttp.ClientSession):
    async with browser.post("/api/pages", json={}) as answer:
        assert answer.status == 401


async def test_the_page_runs_only_its_own_scripts_and_nobody_may_frame_it(
    browser: aiohttp.ClientSession, demo: Demo
):
    async with browser.get("/") as answer:
        policy, text = answer.headers["Content-Security-Policy"], await answer.text()
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert demo.key in text


@pytest.mark.parametrize("name", ["shell.css", "shell.js", "room.css", "room.js"])
async def test_the_page_finds_its_parts(browser: aiohttp.ClientSession, name: str):
    async with browser.get(f"/demo/page/{name}") as answer:
        assert answer.status == 200


async def test_nothing_but_the_pages_parts_is_served(browser: aiohttp.ClientSession):
    for name in ("index.html", "..%2fserver.py", "nothing.js"):
        async with browser.get(f"/demo/page/{name}") as answer:
            assert answer.status == 404


async def test_a_newcomer_finds_everything_read(browser: aiohttp.ClientSession):
    world = await look(browser, "amara")

    assert [place["unread"] for place in world["places"]] == [0] * len(world["places"])
    assert world["now"] >= MORNING.timestamp()


async def test_the_list_shows_where_something_new_came(browser: aiohttp.ClientSession):
    _, told = await do(browser, "travel", seconds=7200)

    places = {place["name"]: place["unread"] for place in (await look(browser, "amara"))["places"]}

    assert places["announcements"] == 1
    assert [(row["name"], row["count"]) for row in told["news"]] == [("announcements", 1)]


async def test_looking_at_a_place_reads_it(browser: aiohttp.ClientSession):
    await do(browser, "travel", seconds=7200)
    news = next(p for p in (await look(browser, "amara"))["places"] if p["name"] == "announcements")

    await do(browser, "enter", tab="one", **{"as": "amara"}, place=news["id"])

    after = {p["name"]: p["unread"] for p in (await look(browser, "amara"))["places"]}
    other = {p["name"]: p["unread"] for p in (await look(browser, "jonas"))["places"]}
    assert (after["announcements"], other["announcements"]) == (0, 1)


async def test_the_next_thing_due_is_where_time_stops(browser: aiohttp.ClientSession):
    before = await look(browser, "amara")

    _, told = await do(browser, "travel", to="next")

    assert told["now"] == before["due"]
    assert [row["name"] for row in told["news"]] == ["announcements"]


async def test_two_tabs_are_two_people(browser: aiohttp.ClientSession, demo: Demo):
    staff, hall = demo.stage.channels["staff"].id, demo.stage.channels["introductions"].id
    await do(browser, "enter", tab="one", **{"as": "mia"}, place=str(staff))
    await do(browser, "enter", tab="two", **{"as": "amara"}, place=str(hall))

    assert (await look(browser, "mia", "one"))["place"] == str(staff)
    assert (await look(browser, "amara", "two"))["place"] == str(hall)


async def test_a_place_that_is_not_theirs_stays_shut(browser: aiohttp.ClientSession, demo: Demo):
    staff = demo.stage.channels["staff"].id

    status, words = await do(browser, "enter", tab="one", **{"as": "amara"}, place=str(staff))

    assert status == 403
    assert words == "Amara Osei cannot see that place."


@pytest.mark.parametrize("asked", [{"seconds": "soon"}, {"seconds": None}, {"seconds": 1e400}])
async def test_nonsense_does_not_move_time(browser: aiohttp.ClientSession, asked: dict[str, Any]):
    before = (await look(browser, "amara"))["now"]

    status, _ = await do(browser, "travel", **asked)

    assert status == 400
    assert (await look(browser, "amara"))["now"] < before + 60


async def test_starting_over_brings_the_first_morning_back(
    browser: aiohttp.ClientSession, demo: Demo
):
    hall = str(demo.stage.channels["introductions"].id)
    await do(browser, "enter", tab="one", **{"as": "amara"}, place=hall)
    await do(browser, "travel", seconds=86400)

    await do(browser, "reset")

    world = await look(browser, "amara")
    assert world["now"] < MORNING.timestamp() + 60
    assert world["place"] is None


async def test_many_tabs_push_the_oldest_out(browser: aiohttp.ClientSession, demo: Demo):
    hall = str(demo.stage.channels["introductions"].id)
    for number in range(10):
        await do(browser, "enter", tab=f"tab {number}", **{"as": "amara"}, place=hall)

    assert (await look(browser, "amara", "tab 0"))["place"] is None
    assert (await look(browser, "amara", "tab 9"))["place"] == hall
