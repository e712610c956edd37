"""A file is looked at, then taken; the counts add up, and a second time changes nothing."""

import asyncio
import csv
import io
import json
import os
import tempfile
import zipfile
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from sqlalchemy import select

from bot.errors import NotAllowed, NotFound, Refusal
from cogs.opportunities import feed_model
from cogs.opportunities.canonical import canonical
from cogs.opportunities.drift import Unreadable
from cogs.opportunities.feed_model import Goes, Tally
from cogs.opportunities.feed_store import FeedStore
from cogs.opportunities.files import FileService
from cogs.opportunities.intake import Intake
from cogs.opportunities.listings import Format
from cogs.opportunities.model import PostingState, Source
from cogs.opportunities.reading import reading
from cogs.opportunities.store import PostingStore, as_posting, imports, postings
from cogs.opportunities.taking import Taking
from cogs.opportunities.telling import Telling
from tests.bot.fetching.hostile import hostile
from tests.conftest import count
from tests.opportunities.lists import MODERATOR, STRANGER, as_list, row

LISTINGS = os.environ.get("STINT_TEST_LISTINGS", "")


@pytest.fixture
def taking(db) -> Taking:
    store = PostingStore()
    return Taking(db, Intake(store, Telling(store)), 1000)


@pytest.fixture
def files(db, clock, taking, cohort) -> FileService:
    return FileService(db, clock, FeedStore(), taking)


async def bring(files, rows, goes=Goes.OPEN):
    content = rows if isinstance(rows, bytes) else as_list(rows)
    found = await files.look(MODERATOR, "list.json", content)
    return (await files.take(MODERATOR, found.import_id, goes)).report.tally


async def all_of(db):
    async with db.read() as tx:
        rows = await tx.execute(select(postings).order_by(postings.c.posting_id))
        return [as_posting(row) for row in rows]


def adds_up(tally: Tally) -> bool:
    parts = ("new", "over", "updated", "same", "duplicate", "rejected", "left_out")
    return tally.rows == sum(getattr(tally, part) for part in parts)


MIXED = [
    row(1),
    row(2),
    row(3, active=False),
    row(4, url="javascript:alert(1)"),
    row(5, url="http://127.0.0.1/jobs/5"),
    row(6, company_name=""),
    "not a record",
    row(1, id="other", title="The same link again"),
    row(8, deadline="2020-01-01"),
]


async def test_looking_changes_nothing_and_the_counts_add_up(db, files):
    found = await files.look(MODERATOR, "list.json", as_list(MIXED))

    tally = found.report.tally
    assert (tally.rows, tally.new, tally.over) == (9, 2, 1)
    assert (tally.duplicate, tally.rejected) == (1, 5)
    assert adds_up(tally)
    assert sum(tally.reasons.values()) == 6
    assert await count(db, postings) == 0


async def test_taking_brings_what_was_foreseen(db, files):
    found = await files.look(MODERATOR, "list.json", as_list(MIXED))

    done = await files.take(MODERATOR, found.import_id, Goes.OPEN)

    assert done.report.tally == found.report.tally
    there = await all_of(db)
    assert [p.state for p in there] == [PostingState.OPEN] * 2 + [PostingState.CLOSED]
    assert {p.source for p in there} == {Source.IMPORT}


async def test_a_second_run_changes_nothing(db, files):
    await bring(files, MIXED)
    before = await all_of(db)

    tally = await bring(files, MIXED)

    assert (tally.new, tally.over, tally.updated, tally.same) == (0, 0, 0, 3)
    assert adds_up(tally)
    assert await all_of(db) == before


@pytest.mark.parametrize("kind", ["csv", "rss"])
async def test_a_second_run_of_a_list_without_ids_changes_nothing(db, files, kind):
    table = b"company,title,url\n" + b"".join(
        f"C{n % 700},T{n},https://c.example/{n % 700}\n".encode() for n in range(900)
    )
    items = "".join(
        f"<item><title>T{n} at C{n}</title><link>https://c.example/{n % 20}</link></item>"
        for n in range(30)
    )
    rss = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode()
    content, kept = (table, 700) if kind == "csv" else (rss, 20)

    first = await bring(files, content)
    before = await all_of(db)
    second = await bring(files, content)

    assert (first.new, second.new, second.updated, second.same) == (kept, 0, 0, kept)
    assert first.duplicate == second.duplicate > 0
    assert adds_up(first)
    assert adds_up(second)
    assert await all_of(db) == before


async def test_an_opening_that_was_posted_anew_is_not_mistaken_for_its_old_self(db, files):
    """The list still has the old row, which is over, before the new one with the same link."""
    rows = [row(1, id="old", active=False), row(1, id="new")]

    await bring(files, rows)
    [first] = await all_of(db)
    again = await bring(files, rows)

    assert first.state is PostingState.OPEN
    assert (again.same, again.duplicate, again.updated) == (1, 1, 0)


async def test_an_edit_in_the_list_updates_one_posting(db, files):
    rows = [row(n) for n in range(1, 6)]
    await bring(files, rows)

    rows[2]["title"] = "Another title"
    tally = await bring(files, rows)

    assert (tally.updated, tally.same) == (1, 4)
    assert [p.title for p in await all_of(db)][2] == "Another title"


async def test_into_the_queue_means_that_nobody_sees_it_yet(db, files):
    await bring(files, [row(1)], Goes.QUEUE)

    [posting] = await all_of(db)
    assert posting.state is PostingState.QUEUED


async def test_a_second_press_changes_nothing(db, files):
    found = await files.look(MODERATOR, "list.json", as_list([row(1)]))
    first = await files.take(MODERATOR, found.import_id, Goes.OPEN)

    again = await files.take(MODERATOR, found.import_id, Goes.QUEUE)

    assert again.report.tally == first.report.tally
    assert [p.state for p in await all_of(db)] == [PostingState.OPEN]


async def test_two_moderators_who_press_at_once_import_it_once(db, files):
    found = await files.look(MODERATOR, "list.json", as_list([row(n) for n in range(40)]))

    done = await asyncio.gather(
        *(files.take(MODERATOR, found.import_id, Goes.OPEN) for _time in range(2)),
        return_exceptions=True,
    )

    first, second = done
    assert first.report.tally.new == 40
    assert isinstance(second, Refusal) or second.report == first.report
    assert len(await all_of(db)) == 40


async def test_a_process_that_died_half_way_goes_on_where_it_was(db, files, taking, clock):
    """What was written stays; the same press takes the rest."""
    rows = [row(n) for n in range(600)]
    found = await files.look(MODERATOR, "list.json", as_list(rows))
    await bring(files, rows[:250])

    done = await files.take(MODERATOR, found.import_id, Goes.OPEN)

    assert (done.report.tally.new, done.report.tally.same) == (350, 250)


async def test_only_moderators_of_that_server_may(files, cohort):
    found = await files.look(MODERATOR, "list.json", as_list([row(1)]))
    elsewhere = type(MODERATOR)(user_id=7, guild_id=999, name="Else", manages_guild=True)

    with pytest.raises(NotAllowed):
        await files.look(STRANGER, "list.json", as_list([row(1)]))
    with pytest.raises(NotAllowed):
        await files.take(STRANGER, found.import_id, Goes.OPEN)
    with pytest.raises(Refusal):
        await files.take(elsewhere, found.import_id, Goes.OPEN)
    with pytest.raises(NotAllowed):
        await files.export(STRANGER, Format.CSV, all=True)


async def test_a_file_that_was_put_aside_is_gone(db, files):
    found = await files.look(MODERATOR, "list.json", as_list([row(1)]))

    await files.put_aside(MODERATOR, found.import_id)

    with pytest.raises(NotFound):
        await files.take(MODERATOR, found.import_id, Goes.OPEN)
    assert await count(db, imports) == 0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "nothing in it"),
        (b"<!doctype html><html>", "web page"),
        (b'{"message": "Not Found"}', "no list"),
        (b"[{]", "not valid JSON"),
        (b"[" * 200_000, "not valid JSON"),
        (b'[{"url": 1e999, "date_posted": 1e999, "deadline": -1e999}]', ""),
        (json.dumps([row(n) for n in range(1001)]).encode(), "STINT_FEED_ROWS"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "lacks these columns"),
    ],
    ids=lambda part: repr(part)[:24],
)
async def test_a_file_that_is_no_list_is_refused_and_nothing_is_kept(db, files, content, says):
    try:
        found = await files.look(MODERATOR, "x", content)
    except Unreadable as refused:
        assert says in str(refused)
        assert says
        assert await count(db, imports) == 0
    else:
        assert found.report.tally.rejected == 1


async def test_a_list_that_fills_the_memory_is_refused_within_bounds(files):
    content = b'{"listings": [' + b"[]," * 5_000_000 + b"[]]}"

    with pytest.raises(Unreadable, match=r"memory|rows"):
        await files.look(MODERATOR, "x.json", content)


async def test_xml_that_points_elsewhere_makes_nobody_ask_there(files):
    async with hostile() as server:
        outside = server.url("/list", "127.0.0.1")
        rss = (
            f'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "{outside}">'
            f'<?xml-stylesheet href="{outside}"?><rss version="2.0" '
            f'xmlns:xi="http://www.w3.org/2001/XInclude"><channel><title>x</title>'
            f"<item><title>Intern at Acme</title><link>https://acme.example/1</link></item>"
            f'<xi:include href="{outside}"/></channel></rss>'
        )

        found = await files.look(MODERATOR, "x.xml", rss.encode())

        assert found.report.tally.new == 1
        assert not server.asked


async def test_a_file_that_is_too_large_is_refused_before_it_is_read(files):
    with pytest.raises(Refusal, match="25 MB"):
        await files.may_import(MODERATOR, feed_model.MOST_FILE + 1)


async def test_a_reader_that_is_given_up_leaves_no_process(clock):
    with tempfile.TemporaryFile() as body:
        body.write(as_list([row(n) for n in range(5000)]))
        async with reading(body, today=clock().date(), most=5000) as reader:
            async for _batch in reader.batches():
                break
            child = reader._child

    assert child.returncode is not None


# --- out again


async def test_what_is_exported_is_imported_the_same(db, files):
    await bring(files, [row(1, tags=["=cmd|' /C calc'!A0"]), row(2, title="+1 Intern, 🚀")])
    before = await all_of(db)
    export = await files.export(MODERATOR, Format.LISTINGS, all=False)

    tally = await bring(files, export.content)

    assert (export.name, export.count) == ("listings.json", 2)
    assert (tally.same, tally.updated) == (2, 0)
    assert await all_of(db) == before


async def test_the_table_for_spreadsheets_has_no_formula_in_it(files):
    await bring(files, [row(1, title="=1+1", company_name="@home", locations=["+x", "-y"])])

    export = await files.export(MODERATOR, Format.CSV, all=False)

    [_head, cells] = csv.reader(io.StringIO(export.content.decode("utf-8-sig")))
    assert (cells[0], cells[1]) == ("'@home", "'=1+1")
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


async def test_closed_ones_are_exported_when_asked_for(files):
    await bring(files, [row(1), row(2, active=False)])

    assert (await files.export(MODERATOR, Format.LISTINGS, all=False)).count == 1
    assert (await files.export(MODERATOR, Format.LISTINGS, all=True)).count == 2


async def test_a_large_export_is_packed(files, monkeypatch):
    monkeypatch.setattr("cogs.opportunities.files.MOST_ATTACHED", 2000)
    await bring(files, [row(n) for n in range(20)])

    export = await files.export(MODERATOR, Format.LISTINGS, all=False)

    assert export.name == "listings.json.zip"
    packed = zipfile.ZipFile(io.BytesIO(export.content)).read("listings.json")
    assert len(json.loads(packed)) == 20


async def test_an_empty_server_has_nothing_to_export(files):
    with pytest.raises(Refusal, match="no opening"):
        await files.export(MODERATOR, Format.CSV, all=True)


@pytest.mark.skipif(not LISTINGS, reason="STINT_TEST_LISTINGS names no list")
async def test_a_real_list_is_taken_and_a_second_time_changes_nothing(db, files):
    content = Path(LISTINGS).read_bytes()  # noqa: ASYNC240 - before anything runs
    number = len(json.loads(content))

    first = await bring(files, content)
    before = await all_of(db)
    second = await bring(files, content)

    assert first.rows == second.rows == number
    assert adds_up(first)
    assert adds_up(second)
    assert second.brings == 0
    assert second.same == first.brings
    assert await all_of(db) == before


@pytest.mark.skipif(not LISTINGS, reason="STINT_TEST_LISTINGS names no list")
def test_in_a_real_list_no_two_openings_are_one_and_copies_of_a_link_are():
    rows = json.loads(Path(LISTINGS).read_bytes())
    by_key = defaultdict(set)
    for each in rows:
        by_key[canonical(each["url"])].add((each["company_name"], each["title"]))

    merged = {key: names for key, names in by_key.items() if len(names) > 1}
    missed = [
        (each["url"], copy)
        for each in rows
        for copy in copies(each["url"])
        if canonical(copy) != canonical(each["url"])
    ]

    assert not merged
    assert not missed


def copies(url):
    """The same link as people and lists pass it on."""
    parts = urlsplit(url)
    query = f"{parts.query}&" if parts.query else ""
    yield urlunsplit(parts._replace(query=query + "utm_source=x&utm_medium=y&ref=somewhere"))
    yield urlunsplit(parts._replace(netloc=parts.netloc.upper()))
    yield urlunsplit(parts._replace(scheme="http"))
    if not parts.query and not parts.fragment:
        yield url.rstrip("/") + "/"
        yield url + "#apply"
