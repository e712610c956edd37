"""A thread goes to sleep after a day; what is said in it later still reaches its people."""

from datetime import timedelta

import discord
import pytest

from bot.delivery.letters import LetterState, letters
from tests.conftest import words_of
from tests.introductions.conftest import TUESDAY


class Refusal:
    """The answer in which Discord refuses a request."""

    def __init__(self, status):
        self.status = status
        self.reason = "refused"
        self.headers = {"Via": "1"}


def nights(intros, *, locked=False):
    """Have threads sleep as they do: a message from the bot is refused until it wakes them."""
    http = intros.bot.http
    request = http.request
    woken = []

    def meta(route):
        thread = intros.env.backend.get_thread(int(route.channel_id or 0))
        return thread.thread_metadata if thread else None

    async def asked(route, **options):
        about = meta(route) if route.channel_id in ids else None
        says = route.path.startswith("/channels/{channel_id}/messages")
        if about and about.archived and says and route.method in ("POST", "PATCH"):
            raise discord.HTTPException(
                Refusal(400), {"code": 50083, "message": "Thread is archived"}
            )
        if about and route.method == "PATCH" and route.path == "/channels/{channel_id}":
            woken.append(route.channel_id)
            if locked:
                raise discord.Forbidden(
                    Refusal(403), {"code": 50013, "message": "Missing Permissions"}
                )
        return await request(route, **options)

    ids = {thread.id for thread in intros.threads()}
    for each in ids:
        intros.env.backend.get_thread(each).thread_metadata.archived = True
    http.request = asked
    return woken


@pytest.fixture
async def met(intros):
    """Two people were introduced, and their thread went to sleep a day later."""
    await intros.everyone_in("ada", "ben")
    await intros.until(TUESDAY + timedelta(hours=2))
    return intros


def asleep(intros):
    return intros.env.backend.get_thread(intros.threads()[0].id).thread_metadata.archived


async def test_who_goes_first_is_nudged_in_a_thread_that_sleeps(met):
    woken = nights(met)
    await met.until(TUESDAY + timedelta(hours=30))
    assert "a first line from you gets this going" in met.said("ada")
    assert woken == [met.threads()[0].id]
    assert not asleep(met)


async def test_a_press_in_a_thread_that_sleeps_is_answered(met):
    nights(met)
    answered = await met.tap("ada", "Not yet")
    assert answered.ephemeral
    assert "I ask once more" in words_of(answered)
    panel = await met.ada.slash(met.hall, "me")
    assert "You are introduced to ben" in words_of(panel)


async def test_what_somebody_wrote_in_a_thread_that_slept_since_is_heard(met):
    await met.ada.send(met.threads()[0], "Hello Ben, Thursday at ten?")
    await met.ben.send(met.threads()[0], "Gladly.")
    nights(met)
    await met.until(TUESDAY + timedelta(days=4))
    assert "It has been quiet here" not in met.said("ada")
    assert "Still up" not in met.letters("ben")


async def test_a_thread_that_cannot_be_woken_gives_way_to_direct_messages(met):
    before = len(met.said("ada"))
    nights(met, locked=True)
    await met.until(TUESDAY + timedelta(days=8))
    assert len(met.said("ada")) == before
    assert "a first line from you gets this going" in met.letters("ada") + met.letters("ben")
    for name in ("ada", "ben"):
        assert "did you meet" in met.letters(name)
    async with met.db.read() as tx:
        found = (await tx.execute(letters.select())).all()
    tried = [one for one in found if one.kind == "introduction.nudge" and one.channel_id is None]
    assert {one.state for one in tried} == {LetterState.DEAD}
    assert all("incident" not in (one.last_error or "") for one in found)


async def test_whoever_was_to_be_called_after_the_night_is_introduced_directly(intros):
    await intros.everyone_in("ada", "gus")
    await intros.until(TUESDAY + timedelta(minutes=5))
    nights(intros, locked=True)
    await intros.travel(hours=8)
    assert "Meet" in intros.letters("gus")
