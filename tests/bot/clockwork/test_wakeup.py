"""The alarm wakes every job, survives what goes wrong in one, and stops without cutting any off."""

import asyncio
import logging
import subprocess
import sys

import pytest

from bot.clockwork.wakeup import Alarm

SOON = 0.01


class Bell:
    """A job that counts its runs and lets a test wait for them."""

    def __init__(self, error: Exception | None = None) -> None:
        self.runs = 0
        self.error = error
        self._rung = asyncio.Condition()

    async def __call__(self) -> None:
        async with self._rung:
            self.runs += 1
            self._rung.notify_all()
        if self.error is not None:
            raise self.error

    async def has_rung(self, times: int) -> None:
        async with asyncio.timeout(5), self._rung:
            await self._rung.wait_for(lambda: self.runs >= times)


@pytest.fixture
async def alarm():
    alarm = Alarm()
    yield alarm
    await alarm.stop()


async def test_a_job_runs_again_and_again(alarm):
    bell = Bell()
    alarm.every("bell", SOON, bell)

    alarm.start()

    await bell.has_rung(3)


async def test_a_job_added_while_the_alarm_is_on_runs_too(alarm):
    bell = Bell()
    alarm.start()

    alarm.every("late", SOON, bell)

    await bell.has_rung(2)


async def test_a_rare_job_may_run_first_soon_after_the_start(alarm):
    bell = Bell()
    alarm.every("backup", 86_400, bell, first_after=0)

    alarm.start()

    await bell.has_rung(1)


async def test_a_failing_job_is_told_about_and_neither_it_nor_others_stop():
    told = []
    alarm = Alarm(lambda job, error, times: told.append((job, str(error), times)))
    failing, other = Bell(RuntimeError("the disk is full")), Bell()
    alarm.every("failing", SOON, failing)
    alarm.every("other", SOON, other)

    alarm.start()
    await failing.has_rung(3)
    await other.has_rung(3)
    await alarm.stop()

    assert told[:2] == [("failing", "the disk is full", 1), ("failing", "the disk is full", 2)]


async def test_a_job_that_recovers_counts_its_failures_from_one_again():
    told = []
    alarm = Alarm(lambda job, error, times: told.append(times))
    bell = Bell(RuntimeError("once"))
    alarm.every("bell", SOON, bell)

    alarm.start()
    await bell.has_rung(1)
    bell.error = None
    await bell.has_rung(bell.runs + 1)
    bell.error = RuntimeError("again")
    await bell.has_rung(bell.runs + 1)
    await alarm.stop()

    assert told.count(1) == 2


async def test_even_a_broken_listener_does_not_stop_the_alarm(caplog):
    def broken(job, error, times):
        raise LookupError("nobody listens")

    alarm = Alarm(broken)
    bell = Bell(RuntimeError("no"))
    alarm.every("bell", SOON, bell)

    alarm.start()
    await bell.has_rung(2)
    await alarm.stop()

    assert "nobody listens" in caplog.text


async def test_failures_in_a_row_are_logged_less_and_less_often(alarm, caplog):
    bell = Bell(RuntimeError("no"))
    alarm.every("tick", SOON, bell)

    alarm.start()
    await bell.has_rung(9)
    await alarm.stop()

    lines = [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]
    told = [line.split(" failed, ")[1] for line in lines]
    assert told[:4] == [f"{times} times in a row" for times in (1, 2, 4, 8)]


async def test_a_job_still_busy_is_not_started_a_second_time(alarm):
    busy = most = 0
    other, done = Bell(), asyncio.Event()

    async def slow() -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await done.wait()
        busy -= 1

    alarm.every("slow", SOON, slow)
    alarm.every("other", SOON, other)
    alarm.start()
    await other.has_rung(5)
    done.set()
    await alarm.stop()

    assert most == 1


async def test_stopping_waits_for_the_run_that_has_begun_and_starts_no_other():
    alarm = Alarm()
    begun, finish, ended = asyncio.Event(), asyncio.Event(), []

    async def job() -> None:
        begun.set()
        await finish.wait()
        ended.append("whole")

    alarm.every("job", SOON, job)
    alarm.start()
    await begun.wait()

    stopping = asyncio.create_task(alarm.stop())
    _, waiting = await asyncio.wait({stopping}, timeout=SOON)
    assert waiting
    finish.set()
    await stopping

    assert ended == ["whole"]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_job_may_stop_the_alarm_itself():
    alarm = Alarm()
    stopped = asyncio.Event()

    async def last() -> None:
        await alarm.stop()
        stopped.set()

    alarm.every("last", SOON, last)
    alarm.start()

    async with asyncio.timeout(5):
        await stopped.wait()


async def test_stopping_what_never_started_or_has_stopped_is_fine_and_it_can_start_again():
    alarm, bell = Alarm(), Bell()
    alarm.every("bell", SOON, bell)

    await alarm.stop()
    alarm.start()
    await bell.has_rung(1)
    await alarm.stop()
    await alarm.stop()
    alarm.start()
    await bell.has_rung(bell.runs + 1)
    await alarm.stop()


def test_two_jobs_of_one_name_are_a_mistake():
    alarm = Alarm()
    alarm.every("tick", 1, Bell())

    with pytest.raises(ValueError, match="tick"):
        alarm.every("tick", 1, Bell())


def test_the_scheduler_is_not_loaded_before_the_alarm_starts():
    code = "import sys, bot.clockwork.wakeup; sys.exit('apscheduler' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
