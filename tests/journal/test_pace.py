"""A journal of years: answered quickly, and nobody waits meanwhile."""

import asyncio
import time
from datetime import date, timedelta

import pytest

from cogs.journal.model import Kind, Shelf, Sort, Words
from cogs.journal.service import JournalService
from cogs.journal.store import EntryStore, entries, links, topics
from tests.conftest import asks

MANY = 5000
A_LONG_DAY = date(2026, 3, 2)


@pytest.fixture
async def journal(db, clock, ada):
    """Five thousand entries of a few hundred characters, with 60 skills and 20 projects."""
    from cogs.journal.model import packed

    async with db.write() as tx:
        await tx.execute(
            topics.insert(),
            [
                {
                    "topic_id": n + 1,
                    "member_id": ada.member_id,
                    "sort": Sort.SKILL if n < 60 else Sort.PROJECT,
                    "name": f"Skill {n}" if n < 60 else f"Project {n}",
                    "mark": f"mark {n}",
                }
                for n in range(80)
            ],
        )
        rows = []
        for n in range(MANY):
            on = A_LONG_DAY - timedelta(days=n // 5)
            what = f"Entry {n}: " + "moved the import of invoices to the new queue. " * 6
            rows.append(
                {
                    "entry_id": n + 1,
                    "member_id": ada.member_id,
                    "kind": Kind.WORK,
                    "words": packed(Words(what, "How queues fail", "40 % faster")),
                    "on": on,
                    "week_on": on - timedelta(days=on.weekday()),
                    "source": None,
                    "made_at": clock(),
                }
            )
        await tx.execute(entries.insert(), rows)
        await tx.execute(
            links.insert(),
            [
                {"entry_id": n + 1, "topic_id": t}
                for n in range(MANY)
                for t in {n % 60 + 1, n % 7 + 1, 61 + n % 20}
            ],
        )
    return JournalService(db, clock, EntryStore())


async def watched(work):
    """Do something; return what came of it, how long it took, and the longest others waited."""
    waits = []

    async def others():
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0)
            waits.append(time.perf_counter() - before)

    task = asyncio.create_task(others())
    await asyncio.sleep(0)
    begin = time.perf_counter()
    found = await work
    took = time.perf_counter() - begin
    task.cancel()
    return found, took, max(waits)


@pytest.mark.slow
async def test_five_thousand_entries_are_answered_quickly_and_in_breaths(journal, ada):
    caller = asks(ada)
    for name, work in [
        ("list", lambda: journal.look_at(caller, Shelf())),
        ("last page", lambda: journal.look_at(caller, Shelf(page=10_000))),
        ("search, rare", lambda: journal.search(caller, "entry 4321:")),
        ("search, all", lambda: journal.search(caller, "invoices queue")),
        ("search, none", lambda: journal.search(caller, "kubernetes")),
        ("skills", lambda: journal.skills(caller)),
        ("choices", lambda: journal.choices(caller, "nothing like it")),
    ]:
        _found, took, waited = await watched(work())
        assert took < 3.0, name
        assert waited < 0.25, name
