"""One database: whole or not at all, one writer, sealed where it is private."""

import asyncio
import sqlite3
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from bot.errors import CannotStart, Refusal
from bot.people.users import users
from bot.storage import database, drafts, sealed, swift
from bot.storage.database import Database, engine, riding_along
from bot.storage.sealed import Keyring
from tests.conftest import MONDAY, count


def somebody(user_id):
    return insert(users).values(user_id=user_id, zone="UTC", created_at=MONDAY)


async def test_a_failure_leaves_nothing_half_written(db):
    with pytest.raises(RuntimeError):
        async with db.write() as tx:
            await tx.execute(somebody(1))
            raise RuntimeError
    assert await count(db, users) == 0


async def test_readers_see_only_what_is_committed(db):
    async with db.write() as tx:
        await tx.execute(somebody(1))
        assert await count(db, users) == 0
    assert await count(db, users) == 1


async def test_a_reader_cannot_write(db):
    async with db.read() as tx:
        with pytest.raises(Exception, match="readonly"):
            await tx.execute(somebody(1))


async def test_many_writers_wait_for_each_other(db):
    async def one(user_id):
        async with db.write() as tx:
            await tx.execute(somebody(user_id))

    await asyncio.gather(*(one(n) for n in range(1, 41)))
    assert await count(db, users) == 40


@pytest.mark.parametrize("opened", ["read", "write"])
async def test_who_waits_too_long_in_line_is_told_and_the_next_one_gets_in(db, monkeypatch, opened):
    monkeypatch.setattr(database, "PATIENCE", 0.01)
    async with AsyncExitStack() as stack:
        for _ in range(database.READERS if opened == "read" else 1):
            await stack.enter_async_context(getattr(db, opened)())
        with pytest.raises(TimeoutError):
            async with getattr(db, opened)():
                pass
    async with getattr(db, opened)() as tx:
        assert (await tx.execute(select(users))).all() == []


async def test_a_cancelled_write_lets_the_next_one_in(db):
    started = asyncio.Event()

    async def slow():
        async with db.write() as tx:
            await tx.execute(somebody(1))
            started.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(slow())
    await started.wait()
    task.cancel()
    await asyncio.wait([task])
    async with db.write() as tx:
        await tx.execute(somebody(2))
    assert await count(db, users) == 1


async def test_a_change_nobody_waits_for_any_more_is_not_made_by_half(db):
    async def change(reached):
        async with db.write() as tx:
            reached.set_result(None)
            await tx.execute(update(users).values(zone="Europe/Berlin"))
            await tx.execute(update(users).values(zone="Asia/Kolkata"))

    await _keep_somebody(db)
    for turns in range(8):
        reached = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(change(reached))
        await reached
        for _turn in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        async with db.write() as tx:
            assert (await tx.scalars(select(users.c.zone))).one() != "Europe/Berlin"
            await tx.execute(update(users).values(zone="UTC"))


async def test_what_rides_along_is_written_with_the_first_success_only(db):
    mark = drafts.seeing(7, MONDAY)
    async with riding_along(mark) as riders:
        with pytest.raises(RuntimeError):
            async with db.write():
                raise RuntimeError
        assert riders
        async with db.write() as tx:
            await tx.execute(somebody(1))
        async with db.write() as tx:
            await tx.execute(somebody(2))
        assert not riders
    assert await count(db, drafts.seen) == 1


async def test_a_second_process_is_refused_with_one_sentence(db, database_file, ring):
    with pytest.raises(CannotStart, match="already using") as refused:
        async with Database.open(f"sqlite+aiosqlite:///{database_file}", ring):
            pass
    assert refused.value.exit_code == 75


async def test_the_database_itself_refuses_a_word_it_does_not_know(db, database_file):
    with sqlite3.connect(database_file) as raw, pytest.raises(sqlite3.IntegrityError):
        raw.execute(
            "INSERT INTO user (user_id, zone, created_at, inbox) VALUES (1, 'UTC', 0, 'maybe')"
        )


async def test_a_draft_is_sealed_in_the_file_and_plain_to_its_owner(db):
    draft = drafts.Draft(9, 1, "goals.add", "x", "New goal", '{"what": "secret"}', MONDAY)
    assert await drafts.keep(db, draft)
    assert not await drafts.keep(db, draft)
    async with db.read() as tx:
        stored = (await tx.execute(text("SELECT answers FROM draft"))).scalar_one()
        assert "secret" not in stored
        assert await drafts.get(tx, 9, 1) == draft
        assert await drafts.get(tx, 9, 2) is None


async def test_what_a_crowd_types_is_kept_each_once(db):
    typed = [drafts.Draft(n % 40, 1, "goals.add", "", "", "{}", MONDAY) for n in range(80)]
    kept = await asyncio.gather(*(drafts.keep(db, draft) for draft in typed))
    assert kept == [True] * 40 + [False] * 40
    assert await count(db, drafts.drafts) == 40


async def test_one_who_gives_up_waiting_takes_nobody_along(db):
    mine, other = (drafts.Draft(n, 1, "goals.add", "", "", "{}", MONDAY) for n in (1, 2))
    async with db.write():
        first = asyncio.create_task(drafts.keep(db, mine))
        second = asyncio.create_task(drafts.keep(db, other))
        await asyncio.sleep(0)
        first.cancel()
    assert await second
    assert first.cancelled()
    assert await count(db, drafts.drafts) == 1


@pytest.mark.parametrize("first", ["odd", "good"])
async def test_what_cannot_be_kept_fails_for_who_brought_it_alone(db, first):
    odd = drafts.Draft(1, 1, None, "", "", "{}", MONDAY)  # pyright: ignore
    good = drafts.Draft(2, 1, "goals.add", "", "", "{}", MONDAY)
    brought = [odd, good] if first == "odd" else [good, odd]
    found = await asyncio.gather(
        *(drafts.keep(db, draft) for draft in brought), return_exceptions=True
    )
    failed, kept = found if first == "odd" else reversed(found)
    assert isinstance(failed, IntegrityError)
    assert kept is True
    assert await count(db, drafts.drafts) == 1


async def test_what_rides_along_goes_with_its_own_item_where_many_are_written_together(db):
    async def write(tx, numbers):
        for number in numbers:
            if number != 2:
                await tx.execute(somebody(number))
        return [Refusal("Not you.") if number == 2 else number for number in numbers]

    async def bring(number):
        async with riding_along(drafts.seeing(number, MONDAY)) as riders:
            try:
                return await db.write_together(write, number), len(riders)
            except Refusal as refused:
                return str(refused), len(riders)

    assert await asyncio.gather(*map(bring, (1, 2, 3))) == [(1, 0), ("Not you.", 1), (3, 0)]
    async with db.read() as tx:
        assert set(await tx.scalars(select(drafts.seen.c.interaction_id))) == {1, 3}
    assert await count(db, users) == 2


async def test_a_writer_waits_for_another_process(db, database_file):
    other = sqlite3.connect(database_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(_keep_somebody(db))
    for _turn in range(1000):
        await asyncio.sleep(0)
    assert not waiting.done()
    other.execute("COMMIT")
    await waiting
    other.close()
    assert await count(db, users) == 1


async def _keep_somebody(db):
    async with db.write() as tx:
        await tx.execute(somebody(1))


async def test_drafts_go_after_a_week(db):
    draft = drafts.Draft(9, 1, "goals.add", "x", "New goal", "{}", MONDAY)
    await drafts.keep(db, draft)
    async with db.write() as tx:
        await drafts.purge(tx, MONDAY + drafts.KEPT_FOR)
    assert await count(db, drafts.drafts) == 1
    async with db.write() as tx:
        await drafts.purge(tx, MONDAY + drafts.KEPT_FOR * 2)
    assert await count(db, drafts.drafts) == 0


def test_a_new_key_on_top_still_opens_what_the_old_one_sealed(tmp_path):
    file = tmp_path / "stint.key"
    old = Keyring.open(file, create=True)
    kept = old.seal("mine")
    other = Keyring.open(tmp_path / "other.key", create=True)
    file.write_text((tmp_path / "other.key").read_text() + file.read_text())
    assert Keyring.open(file, create=False).unseal(kept) == "mine"
    with pytest.raises(CannotStart, match="does not belong"):
        other.unseal(kept)


def test_a_key_file_is_its_owners_alone(tmp_path):
    Keyring.open(tmp_path / "stint.key", create=True)
    assert (tmp_path / "stint.key").stat().st_mode & 0o777 == 0o600


async def test_no_private_text_stands_in_an_error(db):
    async with db.write() as tx:
        await tx.execute(somebody(1))
    with pytest.raises(Exception) as failed:
        async with db.write() as tx:
            await tx.execute(
                insert(drafts.drafts).values(
                    draft_id=1, user_id=1, form="f", subject="s", title="t", answers="very private"
                )
            )
    assert "very private" not in str(failed.value)
    assert sealed.ring().seal("x") != "x"


async def test_moments_come_back_in_utc(db):
    async with db.write() as tx:
        await tx.execute(somebody(1))
    async with db.read() as tx:
        assert (await tx.execute(select(users.c.created_at))).scalar_one() == MONDAY


async def test_a_long_read_leaves_the_bot_free_meanwhile(db):
    counting = text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) "
        "SELECT count(*) FROM n"
    )
    turns = 0

    async def live():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    living = asyncio.create_task(live())
    async with db.read() as tx:
        counted = (await tx.execute(counting)).scalar_one()
        one = (await tx.execute(text("SELECT 1"))).scalar_one()
    living.cancel()
    assert (counted, one) == (1_000_000, 1)
    assert turns > 100


async def test_more_rows_than_are_brought_at_once_all_arrive_in_order(db):
    rows = text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5001) "
        "SELECT i FROM n"
    )
    async with db.read() as tx:
        at_once = list((await tx.execute(rows)).scalars())
        async with tx.stream(rows) as stream:
            one_by_one = [row.i async for row in stream]
    assert at_once == one_by_one == list(range(1, 5002))


@pytest.mark.parametrize("glance", [1, 4, 5, 8, 9, 10, 50])
async def test_a_read_that_is_broken_off_does_not_begin_its_transaction_twice(
    database_file, monkeypatch: pytest.MonkeyPatch, glance
):
    monkeypatch.setattr(swift, "GLANCE", glance)
    writer = engine(f"sqlite+aiosqlite:///{database_file}")
    for _n in range(3):
        async with writer.begin() as tx:
            assert (await tx.execute(select(users))).all() == []
    await writer.dispose()
