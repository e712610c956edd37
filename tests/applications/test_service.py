"""What is decided about applications, on a real database."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text

from bot.errors import NotFound, Refusal
from bot.people import activity, users
from bot.people.requests import TrackOpening
from cogs.applications.importing import ImportService
from cogs.applications.model import MOST_APPLICATIONS, ImportState, Shelf, Status
from cogs.applications.service import ApplicationService, Typed
from cogs.applications.store import ApplicationStore, applications, hints, imports, moves, notes
from tests.conftest import add_cohort, asks, count, enrol

NORTHWIND = Typed("Northwind", "Data intern", "https://jobs.northwind.example/7", "")


@pytest.fixture
def store():
    return ApplicationStore()


@pytest.fixture
def service(db, clock, store, packs):
    return ApplicationService(db, clock, store)


@pytest.fixture
def importing(db, clock, store, service):
    return ImportService(db, clock, store, service)


def opening(member, **values):
    wanted = {
        "posting_id": 7,
        "company": "Northwind",
        "title": "Data intern",
        "url": "https://jobs.northwind.example/7",
        "deadline_on": date(2026, 4, 1),
    }
    return TrackOpening(member, **{**wanted, **values})


async def track(service, db, clock, member, **values):
    async with db.write() as tx:
        return await service.accept(tx, opening(member, **values), clock())


# --- adding


async def test_an_application_begins_with_its_first_step(service, ada):
    page = await service.add(asks(ada), NORTHWIND, Status.APPLIED, "2026-02-27")
    assert page.application.status is Status.APPLIED
    assert [move.moved_on for move in page.moves] == [date(2026, 2, 27)]
    assert not page.known


async def test_the_same_one_is_shown_instead_of_added_and_the_note_is_kept(service, ada, db):
    await service.add(asks(ada), NORTHWIND)
    again = await service.add(
        asks(ada), Typed(" northwind", "Data  Intern", NORTHWIND.url + "/", "", "met Kim there")
    )
    assert again.known
    assert again.notes[0].text == "met Kim there"
    assert await count(db, applications) == 1


async def test_a_day_to_come_has_not_happened(service, ada):
    with pytest.raises(Refusal, match="has not come yet"):
        await service.add(asks(ada), NORTHWIND, Status.APPLIED, "2026-12-24")


async def test_there_is_an_end_to_how_many(service, ada, db, clock, monkeypatch):
    monkeypatch.setattr("cogs.applications.service.MOST_APPLICATIONS", 1)
    await service.add(asks(ada), NORTHWIND)
    with pytest.raises(Refusal, match="up to 1 applications"):
        await service.add(asks(ada), replace(NORTHWIND, title="Other"))
    with pytest.raises(Refusal):
        await track(service, db, clock, ada, posting_id=9, title="Third", url="")
    assert MOST_APPLICATIONS == 1000


async def test_in_two_cohorts_one_board_shows_all_and_a_new_one_goes_where_it_was_asked_for(
    service, ada, db, clock
):
    other = await add_cohort(db, 501, clock(), name="Summer")
    await enrol(db, other, ada.user_id, "Ada", clock())
    await service.add(asks(ada), NORTHWIND)
    await service.add(asks(ada, cohort="spring"), replace(NORTHWIND, title="Second"))
    board = await service.look_at(asks(ada), Shelf())
    assert board.found == 2
    assert {one.member_id for one in board.applications} == {ada.member_id}


# --- openings from elsewhere


async def test_an_opening_is_kept_once_however_often_it_is_handed_over(service, ada, db, clock):
    first = await track(service, db, clock, ada)
    assert await track(service, db, clock, ada) == first
    await service.edit(asks(ada), first, Typed("Northwind Ltd", "Intern", "", ""))
    assert await track(service, db, clock, ada) == first
    assert await count(db, applications) == 1


async def test_an_opening_that_was_added_by_hand_is_the_same(service, ada, db, clock):
    page = await service.add(asks(ada), NORTHWIND, Status.APPLIED)
    assert await track(service, db, clock, ada) == page.application.application_id
    kept = await service.get(asks(ada), page.application.application_id)
    assert kept.application.status is Status.APPLIED


async def test_an_opening_too_long_or_with_an_odd_link_is_still_kept(service, ada, db, clock):
    number = await track(
        service, db, clock, ada, posting_id=None, company="N" * 500, title="", url="ftp://x"
    )
    page = await service.get(asks(ada), number)
    assert len(page.application.company) == 120
    assert page.application.title == "An opening"
    assert page.application.url == ""


async def test_the_database_does_not_tell_which_opening_it_is(service, ada, ben, db, clock):
    await track(service, db, clock, ada)
    await track(service, db, clock, ben)
    async with db.read() as tx:
        rows = (await tx.execute(text("SELECT * FROM application"))).all()
    kept = str(rows)
    assert "Northwind" not in kept
    assert "Data intern" not in kept
    assert "jobs.northwind" not in kept
    marks = [row.opening for row in rows]
    assert len(set(marks)) == 2
    assert all(len(mark) == 64 for mark in marks)


# --- moving


async def test_steps_keep_their_days_and_the_last_one_can_be_taken_back(service, ada, clock):
    number = (await service.add(asks(ada), NORTHWIND)).application.application_id
    clock.advance(days=2)
    await service.move(asks(ada), number, Status.APPLIED)
    clock.advance(days=8)
    page = await service.move(asks(ada), number, Status.INTERVIEW, "yesterday")
    assert [(m.status, m.moved_on.day) for m in page.moves] == [
        (Status.SAVED, 2),
        (Status.APPLIED, 4),
        (Status.INTERVIEW, 11),
    ]
    undone = await service.undo(asks(ada), number, page.last.move_id)
    assert (undone.application.status, undone.application.moved_on.day) == (Status.APPLIED, 4)
    again = await service.undo(asks(ada), number, page.last.move_id)
    assert again.application.status is Status.APPLIED


async def test_the_first_step_stays(service, ada):
    page = await service.add(asks(ada), NORTHWIND)
    kept = await service.undo(asks(ada), page.application.application_id, page.last.move_id)
    assert kept.application.status is Status.SAVED


async def test_the_same_status_with_a_day_corrects_the_day(service, ada):
    number = (await service.add(asks(ada), NORTHWIND, Status.APPLIED)).application.application_id
    page = await service.move(asks(ada), number, Status.APPLIED, "2026-02-20")
    assert [move.moved_on for move in page.moves] == [date(2026, 2, 20)]
    same = await service.move(asks(ada), number, Status.APPLIED)
    assert same.moves == page.moves


async def test_what_follows_cannot_be_earlier(service, ada):
    number = (await service.add(asks(ada), NORTHWIND, Status.APPLIED)).application.application_id
    with pytest.raises(Refusal, match="came to “Applied” on 2 Mar 2026"):
        await service.move(asks(ada), number, Status.INTERVIEW, "2026-02-20")


async def test_deeds_are_noted_for_their_member_alone(service, ada, db):
    number = (await service.add(asks(ada), NORTHWIND)).application.application_id
    await service.move(asks(ada), number, Status.APPLIED)
    await service.remove(asks(ada), number)
    async with db.read() as tx:
        deeds = await activity.of_member(tx, ada.member_id)
    assert [deed.word for deed in deeds] == [
        "application.added",
        "application.moved",
        "application.removed",
    ]
    assert {deed.visibility for deed in deeds} == {activity.Visibility.ME}


async def test_an_interview_has_a_day_and_perhaps_an_hour(service, ada):
    number = (await service.add(asks(ada), NORTHWIND, Status.INTERVIEW)).application.application_id
    page = await service.set_interview(asks(ada), number, "next friday", "2pm")
    assert page.application.interview_at(ada.zone) is not None
    gone = await service.set_interview(asks(ada), number, "", "2pm")
    assert gone.application.interview_on is None
    assert gone.application.interview_wall is None


# --- privacy


@pytest.mark.parametrize("act", ["get", "move", "undo", "note", "edit", "remove", "set_interview"])
async def test_nobody_else_reaches_an_application(service, ada, ben, act):
    number = (await service.add(asks(ada), NORTHWIND)).application.application_id
    rest = {
        "get": (),
        "move": (Status.APPLIED,),
        "undo": (1,),
        "note": ("mine now",),
        "edit": (NORTHWIND,),
        "remove": (),
        "set_interview": ("today", ""),
    }
    stranger = asks(ben, manages_guild=True)
    with pytest.raises(NotFound):
        await getattr(service, act)(stranger, number, *rest[act])
    assert await service.choices(stranger, "") == []
    with pytest.raises(Refusal):
        await service.export_csv(stranger)


async def test_erasing_the_person_leaves_nothing(service, importing, ada, db):
    page = await service.add(asks(ada), NORTHWIND, Status.APPLIED)
    await service.note(asks(ada), page.application.application_id, "a line")
    preview = await importing.read(asks(ada), b"company,title\nAcme,Intern\n")
    await importing.take(asks(ada), preview.import_id)
    async with db.write() as tx:
        await users.erase(tx, ada.user_id)
    for table in (applications, moves, notes, hints, imports):
        assert await count(db, table) == 0


async def test_export_and_privacy_tell_everything_and_who_reads_it(service, ada, db):
    page = await service.add(
        asks(ada), Typed("Northwind", "Data intern", "", "2026-04-01", "asked Kim")
    )
    number = page.application.application_id
    await service.move(asks(ada), number, Status.INTERVIEW)
    await service.set_interview(asks(ada), number, "2026-03-09", "14:30")
    async with db.read() as tx:
        (part,) = await service.export(tx, ada.user_id)
        (line,) = await service.stored(tx, ada.user_id)
    (row,) = part.rows
    assert row["steps"] == ["2026-03-02 Saved", "2026-03-02 Interview"]
    assert row["interview"] == "2026-03-09 14:30"
    assert row["notes"] == ["asked Kim"]
    assert "moderators see nothing" in line


# --- the board


async def test_the_board_goes_from_what_is_nearest_to_a_decision(service, ada):
    for title, status, deadline in (
        ("saved late", Status.SAVED, "2026-05-01"),
        ("saved", Status.SAVED, ""),
        ("saved soon", Status.SAVED, "2026-03-05"),
        ("offer", Status.OFFER, ""),
        ("ended", Status.REJECTED, ""),
        ("applied", Status.APPLIED, ""),
    ):
        await service.add(asks(ada), Typed("N", title, "", deadline), status)
    board = await service.look_at(asks(ada), Shelf())
    titles = [one.title for one in board.applications]
    assert titles == ["offer", "applied", "saved soon", "saved late", "saved"]
    ended = await service.look_at(asks(ada), Shelf(ended=True))
    assert [one.title for one in ended.applications] == ["ended"]


async def test_pages_end_where_the_list_ends_and_words_find_one_of_many(service, importing, ada):
    rows = "".join(f"Company {n},Intern {n}\n" for n in range(300))
    preview = await importing.read(asks(ada), b"company,title\n" + rows.encode())
    await importing.take(asks(ada), preview.import_id)
    board = await service.look_at(asks(ada), Shelf(), 999)
    assert (board.page, board.pages, len(board.applications)) == (49, 50, 6)
    found = await service.look_at(asks(ada), Shelf(text="intern 299"))
    assert [one.company for one in found.applications] == ["Company 299"]
    assert [one.title for one in await service.choices(asks(ada), "ny 299 int")] == ["Intern 299"]
    assert len(await service.choices(asks(ada), "company")) == 25


# --- files


async def test_a_file_is_added_once_and_taken_out_except_what_was_touched(
    service, importing, ada, db
):
    content = b"company,title,status\nAcme,Intern,Applied\nBolt,Intern,Saved\n"
    preview = await importing.read(asks(ada), content)
    assert len(preview.new) == 2
    assert await count(db, applications) == 0
    _found, added = await importing.take(asks(ada), preview.import_id)
    assert added == 2
    assert (await importing.take(asks(ada), preview.import_id))[1] == 0
    acme = (await service.choices(asks(ada), "acme"))[0]
    await service.move(asks(ada), acme.application_id, Status.INTERVIEW)
    assert await importing.undo(asks(ada), preview.import_id) == (1, 1)
    assert [one.company for one in await service.choices(asks(ada), "")] == ["Acme"]
    with pytest.raises(Refusal):
        await importing.undo(asks(ada), preview.import_id)


async def test_what_was_handed_out_changes_nothing_when_it_comes_back(service, importing, ada, db):
    page = await service.add(asks(ada), Typed("=Acme()", "-Intern", "", "", "- asked Kim"))
    await service.move(asks(ada), page.application.application_id, Status.APPLIED)
    _name, content, number = await service.export_csv(asks(ada))
    assert number == 1
    preview = await importing.read(asks(ada), content)
    assert (preview.import_id, preview.known, preview.problems) == (None, 1, ())
    await service.remove(asks(ada), page.application.application_id)
    preview = await importing.read(asks(ada), content)
    await importing.take(asks(ada), preview.import_id)
    back = (await service.choices(asks(ada), ""))[0]
    whole = await service.get(asks(ada), back.application_id)
    assert (back.company, back.title, back.status) == ("=Acme()", "-Intern", Status.APPLIED)
    assert [move.status for move in whole.moves] == [Status.SAVED, Status.APPLIED]
    assert whole.notes[0].text == "- asked Kim"


async def test_a_file_is_forgotten_after_a_week_and_what_came_from_it_stays(
    service, importing, ada, db, clock
):
    preview = await importing.read(asks(ada), b"company,title\nAcme,Intern\n")
    await importing.take(asks(ada), preview.import_id)
    await importing.sweep(clock.advance(days=6))
    assert await count(db, imports) == 1
    await importing.sweep(clock.advance(days=2))
    assert await count(db, imports) == 0
    assert await count(db, applications) == 1
    with pytest.raises(NotFound):
        await importing.undo(asks(ada), preview.import_id)


async def test_nobody_else_takes_a_file(importing, ada, ben, db):
    preview = await importing.read(asks(ada), b"company,title\nAcme,Intern\n")
    for act in (importing.take, importing.undo, importing.leave):
        with pytest.raises(NotFound):
            await act(asks(ben), preview.import_id)
    async with db.read() as tx:
        assert (await tx.execute(select(imports.c.state))).scalar_one() is ImportState.READ


async def test_what_stands_in_a_file_is_sealed(importing, ada, db):
    await importing.read(asks(ada), b"company,title\nAcme,Intern\n")
    async with db.read() as tx:
        assert "Acme" not in str((await tx.execute(text("SELECT * FROM application_import"))).all())


async def test_figures_come_from_the_steps(service, importing, ada):
    content = (
        b"company,title,steps\n"
        b"A,x,2026-02-01 Applied; 2026-02-10 Interview; 2026-02-20 Rejected\n"
        b"B,x,2026-02-01 Applied; 2026-02-21 No reply\n"
        b"C,x,2026-02-01 Applied\n"
        b"D,x,2026-02-01 Saved\n"
        b"E,x,2026-02-01 Saved; 2026-02-02 Withdrawn\n"
    )
    preview = await importing.read(asks(ada), content)
    await importing.take(asks(ada), preview.import_id)
    stats = await service.stats(asks(ada))
    assert (stats.sent, stats.answered, stats.saved, stats.let_go) == (3, 1, 1, 1)
    assert stats.reached(Status.INTERVIEW) == 1
    assert stats.waits == (9,)
