"""What it takes to make somebody's record, in each form, and what it leaves behind in the bot.

A child process is counted whole: its start, its libraries, its end.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bot.record.model import Form
from bot.record.workshop import Workshop
from tests.bot.record.material import long_record

MOST = 10 * 1024 * 1024
SIDE_BY_SIDE = (Form.PDF, Form.DOCX, Form.MARKDOWN)


def in_memory() -> float:
    """Megabytes that this process holds."""
    status = Path("/proc/self/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.mark.parametrize("count", [60, 5000])
@pytest.mark.parametrize("form", SIDE_BY_SIDE)
def test_a_record_as(
    benchmark: BenchmarkFixture, loop: asyncio.AbstractEventLoop, form: Form, count: int
) -> None:
    record, workshop = long_record(count), Workshop(patience=120)

    def make() -> int:
        files = loop.run_until_complete(workshop.make(1, record, form, MOST))
        return sum(len(made.content) for made in files)

    make()
    before = in_memory()
    size = benchmark.pedantic(make, rounds=7 if count == 60 else 1)
    grown = in_memory() - before
    benchmark.group = f"{count} entries"
    benchmark.extra_info |= {"bytes": size, "megabytes before": before, "grown by": grown}
    print(f"\n{form}, {count} entries: {size} bytes; {before:.1f} MB before, {grown:+.1f} MB after")
    if (form, count) == (Form.PDF, 60):
        assert benchmark.stats.stats.median <= 0.5
        assert grown < 1
