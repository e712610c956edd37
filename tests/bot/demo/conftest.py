from collections.abc import AsyncIterator

import pytest

from bot.demo.cast import Stage, build_stage, face
from bot.demo.simulation import World
from tests.bot.demo.belfry import MORNING, Belfry


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
