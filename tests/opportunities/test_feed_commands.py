"""What a moderator types and presses to bring lists in and take them out again."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.config import Settings
from cogs.opportunities.feed_model import PAUSE_AT
from cogs.opportunities.model import PostingState
from cogs.opportunities.store import feeds, postings
from tests.bot.fetching.hostile import Hostile, hostile
from tests.conftest import count, words_of
from tests.opportunities.lists import Published, as_list, row

REFUSALS = pytest.mark.simcord(check_errors=False)
ROWS = [row(1), row(2), row(3, active=False), row(4, url="ftp://nowhere.example")]


@pytest.fixture
def settings(database_file: Path, tmp_path: Path) -> Settings:
    """An operator who opened this very machine, for a server of our own."""
    return Settings(
        _env_file=None,
        token="not-a-real-token",
        database_url=f"sqlite+aiosqlite:///{database_file}",
        key_file=tmp_path / "stint.key",
        feed_private_hosts=("127.0.0.1",),
    )


@pytest.fixture
async def server() -> AsyncIterator[Hostile]:
    async with hostile() as made:
        yield made


async def states(world):
    async with world.db.read() as tx:
        rows = await tx.execute(select(postings.c.state).order_by(postings.c.posting_id))
        return list(rows.scalars())


async def send(world, content, name="listings.json", person=None):
    person = person or world.moderator
    return await person.slash(world.staff, "post import", file=(name, content))


async def press(world, answer, label, person=None):
    return await (person or world.moderator).click(answer.response, label=label)


async def test_a_file_is_shown_with_its_counts_before_it_is_imported(world):
    read = await send(world, as_list(ROWS))

    words = words_of(read)
    assert "4 rows" in words
    assert "2 new" in words
    assert "1 new but over already" in words
    assert "1 not taken" in words
    assert "(row 4)" in words
    assert "Nothing is imported yet" in words
    assert await count(world.db, postings) == 0


async def test_a_file_is_imported_with_a_press_and_again_without_effect(world):
    done = await press(world, await send(world, as_list(ROWS)), "Post them, silently")

    again = await send(world, as_list(ROWS))

    assert "Imported" in words_of(done)
    assert await states(world) == [PostingState.OPEN, PostingState.OPEN, PostingState.CLOSED]
    assert "3 as they are here" in words_of(again)
    assert "Nothing in it is new" in words_of(again)


async def test_the_press_works_after_a_restart_and_for_moderators_only(world):
    read = await send(world, as_list(ROWS))
    await world.restart()

    refused = await press(world, read, "Into the queue", world.moderator)

    assert "Imported" in words_of(refused)
    assert (await states(world))[:2] == [PostingState.QUEUED, PostingState.QUEUED]


@REFUSALS
async def test_a_file_that_is_a_web_page_is_refused_in_one_sentence(world):
    refused = await send(world, b"<!doctype html><title>Sign in</title>")

    assert "web page" in words_of(refused)


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("post import", {"file": ("x.json", b"[]")}),
        ("post export", {}),
        ("post feed add", {"url": "https://example.org/x"}),
        ("post feed list", {}),
        ("post feed remove", {"feed": "1"}),
    ],
)
async def test_members_are_not_offered_the_commands(world, command, options):
    with pytest.raises(Exception, match=r"default-member-permissions"):
        await world.ada.slash(world.staff, command, **options)


async def test_the_openings_are_handed_out_as_a_file(world):
    await press(world, await send(world, as_list(ROWS)), "Post them, silently")

    answer = await world.moderator.slash(world.staff, "post export")

    assert "2 openings" in words_of(answer)
    [file] = answer.response.attachments
    assert file.filename == "listings.json"


async def test_a_feed_is_looked_at_started_read_again_and_removed(world, server):
    list_ = Published(server, list(ROWS))
    url = f"http://127.0.0.1:{server.port}/list"

    looked = await world.moderator.slash(world.staff, "post feed add", url=url)
    assert "2 new" in words_of(looked)
    assert await count(world.db, postings) == 0

    started = await press(world, looked, "Start")
    assert "Read just now" in words_of(started)
    assert (await states(world))[:2] == [PostingState.QUEUED, PostingState.QUEUED]

    list_.rows = [*ROWS, row(9)]
    await world.travel(world.env.now() + timedelta(hours=7))
    assert len(await states(world)) == 4

    listed = await world.moderator.slash(world.staff, "post feed list")
    assert "127.0.0.1" in words_of(listed)
    removed = await world.moderator.slash(world.staff, "post feed remove", feed="1")
    assert "Removed" in words_of(removed)
    assert await count(world.db, feeds) == 0
    assert len(await states(world)) == 4


async def test_a_feed_that_keeps_failing_tells_the_staff_and_can_be_started_there(world, server):
    list_ = Published(server, list(ROWS))
    url = f"http://127.0.0.1:{server.port}/list"
    looked = await world.moderator.slash(world.staff, "post feed add", url=url)
    await press(world, looked, "Start")
    list_.status = "500 Oops"

    await world.travel(world.env.now() + timedelta(days=PAUSE_AT))

    told = world.staff.history()[-1]
    assert "A feed has stopped" in words_of(told)
    assert "500" in words_of(told)
    status = await world.moderator.slash(world.staff, "cohort status")
    assert "has stopped" in words_of(status)
    list_.status = "200 OK"
    again = await world.moderator.click(told, label="Start again")
    assert "read every six hours" in words_of(again)


@REFUSALS
async def test_an_address_inside_is_refused_with_the_setting_that_opens_it(world):
    refused = await world.moderator.slash(
        world.staff, "post feed add", url="http://wiki.internal/openings.csv"
    )

    assert "STINT_FEED_PRIVATE_HOSTS" in words_of(refused)
