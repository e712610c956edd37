"""Who reads a report, and what stopping contact binds."""

import pytest
from sqlalchemy import select

from bot.delivery.letters import letters
from bot.errors import NotAllowed, NotFound, Refusal
from bot.people import cohorts, contact
from bot.people.caller import Caller
from cogs.safety.model import ReportState, What
from cogs.safety.service import SafetyService
from cogs.safety.store import ReportStore, reports
from cogs.safety.views import read_card
from tests.conftest import asks, count

MIA = Caller(9001, 500, "Mia")
DAN = Caller(9002, 500, "Dan")
BOSS = Caller(9003, 500, "Boss", manages_guild=True)


@pytest.fixture
def safety(db, clock):
    return SafetyService(db, clock, ReportStore())


@pytest.fixture
async def contacts(db, cohort):
    async with db.write() as tx:
        await cohorts.change(tx, cohort.cohort_id, contacts=[MIA.user_id, DAN.user_id])


async def places(db):
    async with db.read() as tx:
        return [row.place_id for row in await tx.execute(select(letters.c.place_id))]


async def test_only_the_named_contacts_are_told_and_nothing_written_leaves_the_bot(
    safety, db, contacts, ada
):
    desk = await safety.begin(asks(ada))
    assert desk.report.readers == (MIA.user_id, DAN.user_id)
    await safety.send(asks(ada), desk.report.report_id, What.TALK, "Please call me")
    assert await places(db) == [MIA.user_id, DAN.user_id]
    async with db.read() as tx:
        assert "call me" not in str((await tx.execute(select(letters))).all())


async def test_a_contact_who_was_left_out_does_not_read_it(safety, db, contacts, ada):
    number = (await safety.begin(asks(ada))).report.report_id
    await safety.choose_readers(asks(ada), number, [MIA.user_id])
    await safety.send(asks(ada), number, What.TALK, "")
    assert await places(db) == [MIA.user_id]
    with pytest.raises(NotAllowed):
        await safety.read(DAN, number)


async def test_a_contact_reads_who_it_is_from_by_name(safety, db, contacts, ada):
    number = (await safety.begin(asks(ada))).report.report_id
    await safety.send(asks(ada), number, What.TALK, "")
    for does in (safety.read, safety.take, safety.close):
        report = await does(MIA, number)
        assert f"{ada.name} (<@{ada.user_id}>)" in str(read_card(report).to_components())


async def test_a_contact_it_is_about_never_reads_it(safety, db, contacts, ada):
    desk = await safety.begin(asks(ada), other_id=DAN.user_id)
    assert desk.report.readers == (MIA.user_id,)
    number = (await safety.begin(asks(ada))).report.report_id
    named = await safety.name_person(asks(ada), number, MIA.user_id)
    assert named.report.readers == (DAN.user_id,)
    changed = await safety.name_person(asks(ada), number, None)
    assert set(changed.report.readers) == {MIA.user_id, DAN.user_id}


async def test_a_moderator_who_is_no_contact_cannot_read_it(safety, contacts, ada):
    number = (await safety.begin(asks(ada))).report.report_id
    await safety.send(asks(ada), number, What.TALK, "hello")
    for stranger in (BOSS, asks(ada)):
        with pytest.raises(NotAllowed):
            await safety.read(stranger, number)
    with pytest.raises(NotAllowed):
        await safety.waiting(BOSS, 1)


async def test_a_contact_who_is_one_no_longer_cannot_read_it(safety, db, cohort, contacts, ada):
    number = (await safety.begin(asks(ada))).report.report_id
    await safety.send(asks(ada), number, What.TALK, "hello")
    async with db.write() as tx:
        await cohorts.change(tx, cohort.cohort_id, contacts=[DAN.user_id])
    with pytest.raises(NotAllowed):
        await safety.read(MIA, number)


async def test_what_nobody_has_sent_nobody_reads(safety, contacts, ada):
    number = (await safety.begin(asks(ada))).report.report_id
    with pytest.raises(NotFound):
        await safety.read(MIA, number)


async def test_sending_twice_tells_once(safety, db, contacts, ada):
    number = (await safety.begin(asks(ada))).report.report_id
    await safety.send(asks(ada), number, What.TALK, "one")
    again = await safety.send(asks(ada), number, What.TALK, "two")
    assert again.text == "one"
    assert len(await places(db)) == 2


async def test_without_contacts_nothing_is_sent_and_stopping_contact_still_works(
    safety, db, ada, ben
):
    desk = await safety.begin(asks(ada), other_id=ben.user_id)
    with pytest.raises(Refusal, match="moderator you trust"):
        await safety.send(asks(ada), desk.report.report_id, What.TALK, "hello")
    await safety.stop_contact(asks(ada), desk.report.report_id)
    async with db.read() as tx:
        assert not await contact.may_meet(tx, ben.user_id, ada.user_id)
    assert await places(db) == []


async def test_a_stop_can_be_taken_back(safety, db, ada, ben):
    number = (await safety.begin(asks(ada), other_id=ben.user_id)).report.report_id
    desk = await safety.stop_contact(asks(ada), number)
    assert [stopped.name for stopped in desk.stopped] == ["Ben"]
    desk = await safety.allow_contact(asks(ada), number, ben.user_id)
    assert desk.stopped == ()


async def test_the_status_counts_and_names_nobody(safety, db, cohort, contacts, clock, ada):
    number = (await safety.begin(asks(ada))).report.report_id
    await safety.send(asks(ada), number, What.TALK, "hello")
    async with db.read() as tx:
        (line,) = await safety.status(tx, cohort, clock())
    assert line.text.startswith("1 person asked for a coordinator")
    assert "Ada" not in line.text
    await safety.take(MIA, number)
    async with db.read() as tx:
        assert await safety.status(tx, cohort, clock()) == []
        (mine,) = await safety.today(tx, ada, clock())
    assert "A coordinator has read" in mine.text


async def test_somebody_who_has_not_joined_may_ask_too(safety, db, contacts):
    zoe = Caller(4242, 500, "Zoe")
    number = (await safety.begin(zoe)).report.report_id
    sent = await safety.send(zoe, number, What.TALK, "hello")
    assert sent.state is ReportState.SENT


async def test_a_card_that_names_a_person_begins_with_them(safety, contacts, ada):
    desk = await safety.begin(asks(ada), "intro-12-u123456789012345678")
    assert desk.report.other_id == 123456789012345678
    assert desk.report.subject.startswith("intro-12")


async def test_nobody_sends_somebody_elses_report(safety, contacts, ada, ben):
    number = (await safety.begin(asks(ada))).report.report_id
    with pytest.raises(NotFound):
        await safety.send(asks(ben), number, What.TALK, "not mine")


async def test_a_report_never_sent_is_forgotten_after_a_week(safety, db, contacts, clock, ada):
    await safety.begin(asks(ada))
    await safety.sweep(clock.advance(days=8))
    assert await count(db, reports) == 0


async def test_a_report_is_unreadable_in_the_database_file(
    safety, db, database_file, contacts, ada
):
    number = (await safety.begin(asks(ada))).report.report_id
    await safety.send(asks(ada), number, What.TALK, "Please call me")
    raw = b"".join(file.read_bytes() for file in database_file.parent.glob("stint.db*"))
    assert b"Please call me" not in raw


async def test_erasing_forgets_the_reporter_the_other_and_the_reader(
    safety, db, contacts, ada, ben
):
    own = (await safety.begin(asks(ben), other_id=ada.user_id)).report.report_id
    await safety.send(asks(ben), own, What.TALK, "about Ada")
    mine = (await safety.begin(asks(ada))).report.report_id
    await safety.send(asks(ada), mine, What.TALK, "mine")
    async with db.write() as tx:
        await safety.erase(tx, ada.user_id)
        await safety.erase(tx, MIA.user_id)
        left = (await tx.execute(select(reports))).all()
    assert [(row.report_id, row.other_id, row.readers) for row in left] == [
        (own, None, [DAN.user_id])
    ]
