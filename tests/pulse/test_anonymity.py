"""Trying to find out who said what: with the database file, the key, the logs, and a moderator's
rights, before, during and after."""

import base64
import logging
import shutil
import sqlite3

import pytest
from cryptography.fernet import Fernet

from bot.errors import NotFound, Refusal
from bot.people import memberships
from bot.people.caller import Caller
from bot.people.contributions import Contributions
from bot.people.forgetting import forget
from bot.storage import whole
from bot.storage.drafts import drafts
from cogs.pulse.model import BATCH, Item, PulseState
from cogs.pulse.service import PulseService
from cogs.pulse.store import PulseStore, mark_of
from tests.conftest import asks, count, enrol, words_of
from tests.pulse.test_commands import OVER, answer, crowd, start

__all__ = ["crowd"]

MODERATOR = Caller(user_id=9, guild_id=500, name="Mo", manages_guild=True)


@pytest.fixture
def pulses(db, clock):
    return PulseService(db, clock, PulseStore())


@pytest.fixture
async def members(db, cohort, clock):
    return [await enrol(db, cohort, 7_000_000_001 + n, f"M{n}", clock()) for n in range(8)]


@pytest.fixture
async def crowded(db, cohort, clock):
    return [await enrol(db, cohort, 7_000_000_001 + n, f"M{n}", clock()) for n in range(2 * BATCH)]


@pytest.fixture
async def opened(pulses, db, cohort, clock):
    from bot.people import cohorts

    async with db.write() as tx:
        await cohorts.change(tx, cohort.cohort_id, announcements_id=77)
    desk = await pulses.start(MODERATOR, cohort.cohort_id)
    return desk.latest


def said(text):
    return [(Item.GOING, "well"), (Item.HELPS, text), (Item.CHANGE, "")]


def steal(database_file, tmp_path):
    """Copy the database as somebody with the disk would: the file, its log, its index."""
    stolen = tmp_path / "stolen.db"
    for ending in ("", "-wal", "-shm"):
        source = database_file.with_name(database_file.name + ending)
        if source.exists():
            shutil.copy(source, stolen.with_name(stolen.name + ending))
    return stolen


def rows(file, table):
    with sqlite3.connect(file) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()


async def test_nothing_in_the_file_leads_from_an_answer_to_a_person(
    pulses, members, opened, database_file, tmp_path, ring
):
    before = {name: rows(steal(database_file, tmp_path), name) for name in ("activity", "draft")}
    for member in members[:4]:
        await pulses.answer(asks(member), opened.pulse_id, said(f"I am {member.name}"))
    stolen = steal(database_file, tmp_path)

    raw = stolen.read_bytes() + stolen.with_name(stolen.name + "-wal").read_bytes()
    assert rows(stolen, "pulse_mark") == rows(stolen, "pulse_answer") == []
    for name, known in before.items():
        assert rows(stolen, name) == known
    assert b"I am M0" not in raw
    for member in members:
        assert mark_of(opened.pulse_id, member.user_id).encode() not in raw
    with sqlite3.connect(stolen) as connection:
        for table in ("pulse_answer", "pulse_mark"):
            (made,) = connection.execute(
                "SELECT sql FROM sqlite_master WHERE name = ?", (table,)
            ).fetchone()
            assert "WITHOUT ROWID" in made
            for word in ("user", "member", "_at", "_on"):
                assert word not in made.replace("pulse_mark", "").split("FOREIGN")[0]
            with pytest.raises(sqlite3.OperationalError):
                connection.execute(f"SELECT rowid FROM {table}")


async def test_the_log_of_the_database_is_folded_away_after_what_was_written(
    pulses, members, opened, database_file
):
    for member in members[:BATCH]:
        await pulses.answer(asks(member), opened.pulse_id, said("a secret"))

    wal = database_file.with_name(database_file.name + "-wal")
    assert not wal.exists() or wal.stat().st_size == 0


async def test_the_sealed_words_tell_neither_their_second_nor_their_length(
    pulses, members, opened, database_file, tmp_path
):
    texts = ["no", "a much longer story " * 10, "ä" * 80, "yes", "perhaps"]
    for member, text in zip(members, texts, strict=False):
        await pulses.answer(asks(member), opened.pulse_id, said(text))

    tokens = [row[3] for row in rows(steal(database_file, tmp_path), "pulse_answer")]

    assert len(tokens) == 2 * BATCH
    assert {base64.urlsafe_b64decode(token)[1:9] for token in tokens} == {bytes(8)}
    assert len({len(token) for token in tokens}) == 1


def places(file):
    """Return where in its page each answer stands, in the order of the random keys."""
    raw = file.read_bytes()
    return [raw.index(row[3].encode()) % 4096 for row in rows(file, "pulse_answer")]


async def test_where_a_row_stands_in_the_file_does_not_depend_on_when_it_came(
    pulses, members, opened, db, database_file, tmp_path
):
    """SQLite fills a page from its end, so that places could tell which of two came first."""
    for n, member in enumerate(members):
        await pulses.answer(asks(member), opened.pulse_id, said(f"number {n}"))
    as_they_came = places(steal(database_file, tmp_path))

    async with db.write() as tx:
        await PulseStore().shuffle(tx, opened.pulse_id)
    await whole.fold_log(db)

    assert places(steal(database_file, tmp_path)) == as_they_came


async def test_all_answers_get_new_keys_and_new_ciphers_when_others_come(
    pulses, crowded, opened, database_file, tmp_path
):
    seen = []
    for n, member in enumerate(crowded, start=1):
        await pulses.answer(asks(member), opened.pulse_id, said("words"))
        if n % BATCH == 0:
            seen.append(rows(steal(database_file, tmp_path), "pulse_answer"))
    first, second = seen
    for column in (1, 3):
        assert not {row[column] for row in first} & {row[column] for row in second}


async def test_two_copies_of_the_file_are_never_fewer_than_five_people_apart(
    pulses, crowded, opened, database_file, tmp_path
):
    """Whoever copies it before and after somebody answered learns nothing about them."""
    seen = []
    for member in crowded:
        await pulses.answer(asks(member), opened.pulse_id, said("words"))
        stolen = steal(database_file, tmp_path)
        seen.append((len(rows(stolen, "pulse_mark")), len(rows(stolen, "pulse_answer")) // 2))
    quiet, one, two = (0, 0), (BATCH, BATCH), (2 * BATCH, 2 * BATCH)
    assert seen == [quiet] * (BATCH - 1) + [one] * BATCH + [two]


async def test_the_file_does_not_change_at_all_while_fewer_than_five_wait(
    pulses, members, opened, database_file, tmp_path
):
    await whole.fold_log(pulses._db)
    before = steal(database_file, tmp_path).read_bytes()
    for member in members[: BATCH - 1]:
        await pulses.answer(asks(member), opened.pulse_id, said("words"))
    await whole.fold_log(pulses._db)
    assert steal(database_file, tmp_path).read_bytes() == before


async def test_a_restart_forgets_those_who_wait_and_lets_nobody_answer_twice(
    pulses, members, opened, db, clock
):
    """Four are forgotten and asked again; whoever was written down is not."""
    for member in members[:BATCH]:
        await pulses.answer(asks(member), opened.pulse_id, said("before"))
    for member in members[BATCH:]:
        await pulses.answer(asks(member), opened.pulse_id, said("forgotten"))
    again = PulseService(db, clock, PulseStore())
    for member in members[:BATCH]:
        with pytest.raises(Refusal, match="You have answered"):
            await again.answer(asks(member), opened.pulse_id, said("twice"))
    for member in members[BATCH:]:
        async with db.read() as tx:
            assert await again.today(tx, member, clock())
        await again.answer(asks(member), opened.pulse_id, said("anew"))
        async with db.read() as tx:
            assert not await again.today(tx, member, clock())
    clock.advance(days=8)
    await again.sweep(clock())
    shown = await again.results(MODERATOR, opened.pulse_id)
    assert sorted(shown.helps) == ["anew"] * 3 + ["before"] * 5
    assert sum(shown.going.values()) == len(members)


async def test_an_answer_that_could_not_be_written_is_not_counted(
    pulses, members, opened, db, monkeypatch
):
    """The fifth may try again; the four who wait are not forgotten."""
    for member in members[: BATCH - 1]:
        await pulses.answer(asks(member), opened.pulse_id, said("words"))
    full = OSError("database or disk is full")

    async def refuse(*_args):
        raise full

    with monkeypatch.context() as broken:
        broken.setattr(PulseStore, "mark", refuse)
        with pytest.raises(OSError, match="full"):
            await pulses.answer(asks(members[BATCH - 1]), opened.pulse_id, said("words"))
    await pulses.answer(asks(members[BATCH - 1]), opened.pulse_id, said("words"))
    async with db.read() as tx:
        assert len(await PulseStore().said(tx, opened.pulse_id)) == 2 * BATCH


async def test_leaving_and_coming_back_gives_no_second_answer(
    pulses, members, opened, db, cohort, clock
):
    """One victim and somebody who erases themselves again and again reach no five."""
    attacker = members[0]
    await pulses.answer(asks(members[1]), opened.pulse_id, said("the victim's words"))
    for _n in range(6):
        await pulses.answer(asks(attacker), opened.pulse_id, said("noise")) if not _n else None
        async with db.write() as tx:
            await forget(tx, Contributions(), attacker.user_id)
        attacker = await enrol(db, cohort, attacker.user_id, "M0", clock())
        with pytest.raises(Refusal, match="You have answered"):
            await pulses.answer(asks(attacker), opened.pulse_id, said("noise"))
    clock.advance(days=8)
    await pulses.sweep(clock())
    with pytest.raises(NotFound):
        await pulses.results(MODERATOR, opened.pulse_id)


async def test_marks_that_were_written_outlive_being_erased(
    pulses, members, opened, db, cohort, clock
):
    for member in members[:5]:
        await pulses.answer(asks(member), opened.pulse_id, said("words"))
    async with db.write() as tx:
        await forget(tx, Contributions(), members[0].user_id)
    back = await enrol(db, cohort, members[0].user_id, "M0", clock())
    with pytest.raises(Refusal, match="You have answered"):
        await pulses.answer(asks(back), opened.pulse_id, said("again"))


async def test_answers_from_before_a_restart_do_not_count_twice(pulses, members, opened, db, clock):
    """Who restarts the bot between answers to stuff the box with their own gets nothing shown."""
    await pulses.answer(asks(members[1]), opened.pulse_id, said("the victim's words"))
    for _n in range(6):
        again = PulseService(db, clock, PulseStore())
        await again.answer(asks(members[0]), opened.pulse_id, said("noise"))
    clock.advance(days=8)
    await again.sweep(clock())
    with pytest.raises(NotFound):
        await again.results(MODERATOR, opened.pulse_id)
    async with db.read() as tx:
        assert await PulseStore().said(tx, opened.pulse_id) == []


@pytest.mark.parametrize("leavers", [(), (0,), (0, 1, 2)])
@pytest.mark.parametrize("number", [0, 1, 4])
async def test_under_five_nothing_is_shown_whoever_left_in_between(
    pulses, members, opened, db, clock, number, leavers
):
    for n, member in enumerate(members[:number]):
        await pulses.answer(asks(member), opened.pulse_id, said("a secret"))
        if n in leavers:
            async with db.write() as tx:
                await memberships.change(tx, member.member_id, state=memberships.MemberState.LEFT)
    for caller in (MODERATOR, asks(members[7])):
        with pytest.raises(NotFound):
            await pulses.results(caller, opened.pulse_id)
    clock.advance(days=8)
    await pulses.sweep(clock())
    for caller in (MODERATOR, asks(members[7])):
        with pytest.raises(NotFound):
            await pulses.results(caller, opened.pulse_id)
    desk = await pulses.desk(MODERATOR)
    assert desk.latest.state is PulseState.HIDDEN
    assert desk.latest.counted == 0


async def test_who_answered_and_left_still_counts_as_the_person_they_were(
    pulses, members, opened, db, clock
):
    for member in members[:5]:
        await pulses.answer(asks(member), opened.pulse_id, said("words"))
    async with db.write() as tx:
        for member in members[:4]:
            await forget(tx, Contributions(), member.user_id)
    clock.advance(days=8)
    await pulses.sweep(clock())
    assert len((await pulses.results(MODERATOR, opened.pulse_id)).helps) == 5


async def test_the_floor_is_three_and_an_open_pulse_keeps_its_promise(
    pulses, members, opened, cohort, clock
):
    with pytest.raises(Refusal):
        await pulses.set_threshold(MODERATOR, cohort.cohort_id, 2)
    await pulses.set_threshold(MODERATOR, cohort.cohort_id, 3)
    for member in members[:4]:
        await pulses.answer(asks(member), opened.pulse_id, said("words"))
    clock.advance(days=8)
    await pulses.sweep(clock())
    with pytest.raises(NotFound):
        await pulses.results(MODERATOR, opened.pulse_id)
    second = (await pulses.start(MODERATOR, cohort.cohort_id)).latest
    for member in members[:3]:
        await pulses.answer(asks(member), second.pulse_id, said("words"))
    clock.advance(days=8)
    await pulses.sweep(clock())
    assert len((await pulses.results(MODERATOR, second.pulse_id)).helps) == 3


async def test_a_whole_pulse_leaves_no_name_in_the_logs_and_no_draft(crowd, caplog):
    caplog.set_level(logging.DEBUG)
    await start(crowd)
    caplog.clear()
    for person in crowd.people:
        await answer(crowd, person, helps="words of mine")
    assert await count(crowd.db, drafts) == 0
    ours = [r.getMessage() for r in caplog.records if r.name.startswith(("bot", "cogs"))]
    for person in crowd.people:
        assert not [line for line in ours if str(person.id) in line or person.name in line]
    assert not [line for line in ours if "words of mine" in line]
    await crowd.travel(OVER)
    read = await crowd.ada.click(crowd.announcements.last_message, label="Read")
    assert "words of mine" in words_of(read)


async def test_undated_text_opens_with_every_key_of_the_ring(ring):
    token = ring.seal_undated("hello")
    assert ring.unseal(token) == "hello"
    assert Fernet.generate_key() not in token.encode()


async def test_a_large_pulse_is_shown_in_another_order_than_it_came(opened, db):
    async with db.write() as tx:
        for n in range(60):
            new = [(Item.GOING, "well"), (Item.HELPS, f"{n}"), (Item.CHANGE, "more of it")]
            await PulseStore().add(tx, opened.pulse_id, new)
        await PulseStore().shuffle(tx, opened.pulse_id)
        every = await PulseStore().said(tx, opened.pulse_id)
    texts = [text for item, text in every if item is Item.HELPS]
    assert sorted(texts, key=int) == [str(n) for n in range(60)]
    assert texts != sorted(texts, key=int)
