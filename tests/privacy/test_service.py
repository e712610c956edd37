"""What is said about what is kept, what is handed out, and that nothing stays."""

import io
import json
import logging
import zipfile
from datetime import date

import pytest

from bot.delivery import outbox
from bot.errors import Refusal
from bot.people import activity, cohorts, contact, profiles, roster
from bot.people.caller import Caller
from bot.people.contributions import Contributions, ExportPart
from bot.people.profiles import Detail
from bot.storage import drafts, whole
from cogs.privacy.model import bundle
from cogs.privacy.service import PrivacyService
from cogs.privacy.store import TraceStore
from tests.conftest import asks, enrol

ID = 424242424242424242
WORDS = "Borrow checkers and me"


@pytest.fixture
def hooks():
    return Contributions(erase=[outbox.forget, roster.erase, cohorts.forget])


@pytest.fixture
def privacy(db, clock, hooks):
    return PrivacyService(db, clock, TraceStore(), hooks)


@pytest.fixture
async def eve(db, cohort, clock):
    """Somebody who left traces everywhere."""
    member = await enrol(db, cohort, ID, "Evelina Kovacs", clock())
    entry = roster.Entry(ID, "evelina_k", "Evelina Kovacs", "Search")
    async with db.write() as tx:
        await cohorts.change(tx, cohort.cohort_id, contacts=[ID, 7])
        await cohorts.log(tx, cohort.cohort_id, ID, "paused", "", clock())
        await roster.replace(tx, cohort.cohort_id, [entry], clock())
        await profiles.write(tx, member.member_id, {Detail.LEARNING: WORDS}, clock())
        await activity.note(tx, member, "goal.made", 1, clock())
        await contact.stop(tx, 1002, ID, clock())
        await contact.stop(tx, ID, 1002, clock())
        for place, key in ((outbox.Place.user(ID), "a"), (outbox.Place.channel(5), "b")):
            await outbox.enqueue(
                tx, kind="x", dedupe=key, place=place, now=clock(), member_id=member.member_id
            )
    answers = json.dumps({"text": WORDS})
    await drafts.keep(db, drafts.Draft(9, ID, "goals.add", "", "goals.add", answers, clock()))
    return member


async def everything_in(db):
    async with db.read() as tx:
        return [
            f"{name}: {row}"
            for name in whole.table_names()
            async for row in whole.rows_of(tx, name, with_private=True)
        ]


async def test_deleting_leaves_the_person_in_no_table_and_not_in_the_files_bytes(
    privacy, db, database_file, eve, caplog
):
    caplog.set_level(logging.INFO)
    before = "\n".join(await everything_in(db))
    assert all(trace in before for trace in (str(ID), "Evelina", "evelina_k", WORDS))
    assert await privacy.delete(asks(eve), "delete")
    after = "\n".join(await everything_in(db))
    raw = b"".join(file.read_bytes() for file in database_file.parent.glob("stint.db*"))
    for trace in (str(ID), "Evelina", "evelina_k", WORDS):
        assert trace not in after
        assert trace.encode() not in raw
    assert ID.to_bytes(8, "big") not in raw
    assert str(ID) not in caplog.text
    assert "Evelina" not in caplog.text


async def test_others_records_stay(privacy, db, eve, ben, cohort):
    await privacy.delete(asks(eve), "DELETE")
    async with db.read() as tx:
        assert (await cohorts.require(tx, cohort.cohort_id)).contacts == (7,)
        assert len(await cohorts.history(tx, cohort.cohort_id)) == 1
        assert not await contact.may_meet(tx, 1002, ID)
    assert any("Ben" in row for row in await everything_in(db))


async def test_another_word_deletes_nothing(privacy, db, eve):
    before = await everything_in(db)
    with pytest.raises(Refusal, match="Nothing was deleted"):
        await privacy.delete(asks(eve), "yes")
    assert await everything_in(db) == before


async def test_somebody_unknown_has_nothing_to_delete(privacy, cohort):
    assert not await privacy.delete(Caller(5, 500, "Nobody"), "DELETE")


async def test_the_export_is_the_same_as_json_and_to_read(privacy, hooks, eve):
    async def goals(tx, user_id):
        return [ExportPart("goals", "Goals", [{"what": "Ship it", "notes": ["one", "two\nlines"]}])]

    hooks.export.append(goals)
    made = await privacy.export(asks(eve))
    assert made.filename == "stint-export-2026-03-02.zip"
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        data = json.loads(archive.read("record.json"))
        text = archive.read("record.md").decode()
    assert data["you"][0]["user"] == str(ID)
    assert data["goals"][0]["notes"] == ["one", "two\nlines"]
    assert WORDS in data["drafts"][0]["answers"][0]
    assert data["activity"][0]["what"] == "goal.made"
    assert "## Goals" in text
    assert "  - two\n    lines" in text


async def test_nothing_kept_is_nothing_to_hand_out(privacy, cohort):
    with pytest.raises(Refusal, match="nothing about you"):
        await privacy.export(Caller(5, 500, "Nobody"))


async def test_what_is_kept_is_said_in_sentences_with_its_readers(privacy, hooks, eve):
    async def stored(tx, user_id):
        return ["3 goals. You read them."]

    hooks.stored.append(stored)
    page = await privacy.show(asks(eve))
    assert page.known
    assert "3 goals. You read them." in page.lines
    assert any("1 form that is not saved" in line for line in page.lines)
    assert any("Moderators" in sentence for sentence in page.sentences)


async def test_nothing_is_known_of_a_stranger(privacy, cohort):
    assert not (await privacy.show(Caller(5, 500, "Nobody"))).known


def test_a_large_record_is_still_one_small_file(clock):
    rows = [{"text": "A week like any other. " * 40, "on": date(2026, 3, 2)} for _ in range(500)]
    made = bundle(
        [ExportPart("weeks", "Weeks", [{**r, "on": str(r["on"])} for r in rows])], clock()
    )
    assert len(made.content) < 1_000_000
    assert made.counts == (("Weeks", 500),)
