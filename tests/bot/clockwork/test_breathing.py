"""Long work lets others go on, and leaves the garbage collector as it was."""

import asyncio
import gc

import pytest

from bot.clockwork.breathing import NEVER, breathing, collecting_later


async def test_somebody_else_has_a_turn_between_two_breaths():
    turns = []

    async def other():
        while True:
            turns.append(len(done))
            await asyncio.sleep(0)

    done = []
    task = asyncio.create_task(other())
    async for each in breathing(range(10), 4):
        done.append(each)
    task.cancel()

    assert done == list(range(10))
    assert turns == [4, 8]


async def test_nothing_to_do_is_done_at_once():
    assert [each async for each in breathing([])] == []


def test_the_collector_looks_at_everything_again_once_the_last_who_put_it_off_is_done():
    usual = gc.get_threshold()

    with collecting_later():
        with pytest.raises(ZeroDivisionError), collecting_later():
            raise ZeroDivisionError
        assert gc.get_threshold() == (*usual[:2], NEVER)

    assert gc.get_threshold() == usual
