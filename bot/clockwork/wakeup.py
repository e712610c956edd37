"""The alarm that wakes the bot: jobs that run every so often and remember nothing.

What is due stands in the database, so a wake-up that is missed, late or repeated loses nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from bot.clockwork.clock import system_clock
from bot.logs import incident

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import (  # pyright: ignore[reportMissingTypeStubs]
        AsyncIOScheduler,
    )

Run = Callable[[], Awaitable[None]]
OnFailure = Callable[[str, Exception, int], None]
"""Told the job's name, what went wrong, and how many times in a row it has by now."""


def log_failure(job: str, error: Exception, times: int) -> None:
    """Log a failed job as an incident, the 1st, 2nd, 4th, 8th time in a row, not every second."""
    if times & (times - 1) == 0:
        incident(f"the job {job} failed, {times} times in a row", error)


@dataclass
class _Job:
    name: str
    seconds: float
    run: Run
    first_after: float
    failures: int = 0


class Alarm:
    """Runs each job every so many seconds, one run of it at a time, whatever goes wrong in it."""

    def __init__(self, on_failure: OnFailure = log_failure) -> None:
        self._on_failure = on_failure
        self._jobs: dict[str, _Job] = {}
        self._running: set[asyncio.Task[Any]] = set()
        self._scheduler: AsyncIOScheduler | None = None

    def every(
        self, name: str, seconds: float, run: Run, *, first_after: float | None = None
    ) -> None:
        """Have `run` called every `seconds`; the first time after as long, or `first_after`."""
        if name in self._jobs:
            raise ValueError(f"there is already a job called {name}")
        first = seconds if first_after is None else first_after
        self._jobs[name] = job = _Job(name, seconds, run, first)
        if self._scheduler is not None:
            self._set(self._scheduler, job)

    def start(self) -> None:
        """Begin to wake; needs a running event loop."""
        # Imported here because the demo and the command line never ring a real alarm.
        from apscheduler.schedulers.asyncio import (  # pyright: ignore[reportMissingTypeStubs]
            AsyncIOScheduler,
        )

        # A tick that is still busy when the next is due is skipped: no news for the operator.
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        # Without a job store of its own the scheduler keeps its jobs in memory.
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for job in self._jobs.values():
            self._set(self._scheduler, job)
        self._scheduler.start()

    async def stop(self) -> None:
        """Wake no more, and return once every run that had begun is over."""
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is None:
            return
        scheduler.pause()
        this = asyncio.current_task()
        if others := self._running - {this}:
            await asyncio.wait(others)
        # Shutting down cancels what still runs, so it comes last, even when a job asked for it.
        if this is not None and this in self._running:
            this.add_done_callback(lambda _: scheduler.shutdown(wait=False))
            return
        scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # it takes effect on the loop's next turn

    def _set(self, scheduler: "AsyncIOScheduler", job: _Job) -> None:
        scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
            self._ring,
            "interval",
            args=[job],
            id=job.name,
            seconds=job.seconds,
            next_run_time=system_clock() + timedelta(seconds=job.first_after),
        )

    async def _ring(self, job: _Job) -> None:
        task = asyncio.current_task()
        if self._scheduler is None or task is None:
            return
        self._running.add(task)
        try:
            await job.run()
            job.failures = 0
        except Exception as error:
            job.failures += 1
            self._tell(job, error)
        finally:
            self._running.discard(task)

    def _tell(self, job: _Job, error: Exception) -> None:
        try:
            self._on_failure(job.name, error, job.failures)
        except Exception as worse:
            log_failure(job.name, worse, 1)
