"""One import in a process of its own: `python -m benchmarks.importing stint|plain LIST HOME`.

Prints what it took as JSON: seconds, by how much the process grew, and for how long at a stretch
nobody would have been answered.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks.openings import entries
from bot.storage import sealed
from bot.storage.database import Database, engine
from bot.storage.sealed import Keyring
from bot.storage.tables import everything
from cogs.opportunities.drift import Drift as Unused
from cogs.opportunities.fields import entry_of, record_of
from cogs.opportunities.finding_store import FindingStore
from cogs.opportunities.intake import Intake, Origin
from cogs.opportunities.model import Filter, PostingState, Source
from cogs.opportunities.store import PostingStore, columns_of, postings
from cogs.opportunities.taking import Taking
from cogs.opportunities.telling import Telling
from tests.conftest import add_cohort

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
GUILD, MOST = 500, 200_000
MB = 1024


def write(file: Path, number: int) -> None:
    """Publish so many openings, one row after another, as the public lists do."""
    with file.open("w") as out:
        out.write("[\n")
        for n, entry in enumerate(entries(number)):
            record = record_of(entry) | {"id": f"{n:08x}-e673-400c-9fed-0d9b222403bc"}
            record["url"] = f"https://boards.greenhouse.io/x{n % 900}/jobs/{n}?utm_source=list"
            record["deadline"] = None
            out.write((",\n" if n else "") + json.dumps(record, indent=1))
        out.write("\n]\n")


@asynccontextmanager
async def home(folder: Path) -> AsyncIterator[Database]:
    """A database with a cohort, as the bot has it."""
    url = f"sqlite+aiosqlite:///{folder / 'stint.db'}"
    ring = Keyring.open(folder / "stint.key", create=True)
    sealed.use(ring)
    made = engine(url)
    async with made.begin() as tx:
        await tx.run_sync(everything().create_all)
    await made.dispose()
    async with Database.open(url, ring) as db:
        await add_cohort(db, GUILD, NOW)
        yield db


async def ours(db: Database, file: Path) -> None:
    """Import as the bot does: read elsewhere, made canonical, checked, findable."""
    store = PostingStore()
    store.watchers.append(FindingStore().note)
    taking = Taking(db, Intake(store, Telling(store)), MOST)
    origin = Origin(GUILD, Source.IMPORT, 1, goes=PostingState.OPEN)
    with file.open("rb") as body:
        await taking.take(body, origin, Filter(open_only=False), NOW)


async def plain(db: Database, file: Path) -> None:
    """Import as one would write it down: load it all, look each link up, insert what is new."""
    rows: list[dict[str, Any]] = json.loads(file.read_text())  # noqa: ASYNC240 - that is the point
    async with db.write() as tx:
        for row in rows:
            entry = entry_of(row, NOW.date(), Unused())
            known = select(postings.c.posting_id).where(
                postings.c.guild_id == GUILD, postings.c.canonical == entry.url
            )
            if (await tx.execute(known)).first() is None:
                values = {
                    "guild_id": GUILD,
                    "source": Source.IMPORT,
                    "canonical": entry.url,
                    "twin_key": f"{entry.company_name}|{entry.title}",
                    "state": PostingState.OPEN,
                    "verified_at": NOW,
                    "made_at": NOW,
                }
                await tx.execute(insert(postings).values(**columns_of(entry), **values))


async def measured(work: Callable[[], Awaitable[None]]) -> dict[str, float]:
    """Do it while somebody looks at the clock every few milliseconds."""
    gaps: list[float] = [0.0]

    async def watch() -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.005)
            now = time.monotonic()
            gaps.append(now - last - 0.005)
            last = now

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    before, used = _peak(), resource.getrusage(resource.RUSAGE_SELF)
    began = time.monotonic()
    await work()
    took = time.monotonic() - began
    watching.cancel()
    after = resource.getrusage(resource.RUSAGE_SELF)
    slow = sorted(gaps)
    return {
        "seconds": took,
        "cpu": after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime,
        "grew": (_peak() - before) / MB,
        "pause": slow[-1] * 1000,
        "pause99": slow[len(slow) * 99 // 100] * 1000,
    }


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


async def run(who: str, file: Path, folder: Path) -> dict[str, float]:
    """Import the list; we do so twice, and the second time nothing is new."""
    does = ours if who == "stint" else plain
    async with home(folder) as db:
        first = await measured(lambda: does(db, file))
        async with db.read() as tx:
            rows = int((await tx.execute(select(func.count()).select_from(postings))).scalar_one())
        again = await measured(lambda: does(db, file)) if who == "stint" else {"seconds": 0.0}
    return first | {"rows": rows, "again": again["seconds"]}


def lines() -> Iterator[str]:
    """Yield the answer."""
    who, file, folder = sys.argv[1:]
    yield json.dumps(asyncio.run(run(who, Path(file), Path(folder))))


if __name__ == "__main__":
    sys.stdout.writelines(lines())
