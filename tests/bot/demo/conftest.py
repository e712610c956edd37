from collections.abc import AsyncIterator

import pytest

from bot.demo import seed
from bot.demo.cast import Stage, build_stage, face
from bot.demo.home import TemporaryHome
from bot.demo.server import running
from bot.demo.simulation import World
from tests.bot.demo.belfry import MORNING, Belfry
from tests.bot.demo.chromium import chromium
from tests.bot.demo.gallery import WINDOW, Gallery


@pytest.fixture
def belfry() -> Belfry:
    return Belfry()


@pytest.fixture
async def world(belfry: Belfry) -> AsyncIterator[World]:
    world = World(belfry, MORNING)
    await world.open("Bell", face("Bell", "bot", 0))
    try:
        yield world
    finally:
        await world.close()


@pytest.fixture
async def stage(world: World) -> Stage:
    stage = build_stage(world)
    await world.env.settle()
    return stage


@pytest.fixture
async def gallery() -> AsyncIterator[Gallery]:
    """The demo as it begins, with somebody who takes pictures."""
    async with chromium() as browser:
        context = await browser.new_context(viewport=WINDOW, reduced_motion="reduce")
        async with running(TemporaryHome(), seed.tell) as demo:
            yield Gallery(demo, await context.new_page())
