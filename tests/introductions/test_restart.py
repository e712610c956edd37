"""Wherever the process dies or the connection breaks, every group has one thread, one welcome."""

from datetime import timedelta
from types import SimpleNamespace

import discord
import pytest
from sqlalchemy import select

from bot.delivery.letters import LetterState, letters
from cogs.introductions.model import RoundState
from cogs.introductions.store import groups, rounds
from tests.conftest import words_of
from tests.introductions.conftest import TUESDAY

SIX = ("ada", "ben", "chen", "dora", "emil", "fay")


class Killed(BaseException):
    """What ends a process without asking it."""


class Weather:
    """Discord as its nonces make it: the same word again is the same message; and what breaks."""

    def __init__(self, world):
        self.world = world
        self.said = {}
        self.seen = 0
        self.listen()

    def listen(self, breaks=None, number=0, error=None, *, for_good=False):
        """Do what is asked; from the so-maniest matching answer on, raise instead of giving it."""
        request = type(self.world.bot.http).request.__get__(self.world.bot.http)
        self.seen = 0

        async def asked(route, **options):
            nonce = (options.get("json") or {}).get("nonce")
            if nonce in self.said:
                return self.said[nonce]
            answer = await request(route, **options)
            if nonce:
                self.said[nonce] = answer
            if breaks and (route.method, route.path.endswith(breaks[1])) == (breaks[0], True):
                self.seen += 1
            if error and (self.seen == number or (for_good and self.seen >= number)):
                self.seen += 0 if for_good else 1
                raise error
            return answer

        self.world.bot.http.request = asked


def bad_gateway():
    response = SimpleNamespace(status=502, reason="Bad gateway", headers={"Via": "1"})
    return discord.DiscordServerError(response, "")


async def decided(intros):
    """Live until the moment of the round, and let its groups be decided but not told."""
    await intros.everyone_in(*SIX)
    await intros.until(TUESDAY - timedelta(minutes=1))
    await intros.env.advance_time(60)
    bot = intros.bot
    await intros.in_bot(bot.plan())
    for errand in bot.errands:
        await intros.in_bot(errand(bot.clock()))


def each_group_was_told_once(intros):
    threads = intros.threads()
    assert len(threads) == 3
    assert sorted(p for t in threads for p in intros.inside(t)) == sorted(
        intros.people[name].id for name in SIX
    )
    for thread in threads:
        welcomes = [m for m in thread.history() if "meet each other" in words_of(m)]
        assert len(welcomes) == 1


async def test_a_round_that_was_decided_is_told_after_a_restart(intros):
    await decided(intros)
    assert intros.threads() == []
    await intros.restart()
    await intros.travel(hours=2)
    each_group_was_told_once(intros)


@pytest.mark.slow
@pytest.mark.parametrize("end", ["/threads", "/messages"])
@pytest.mark.parametrize("number", [1, 3])
async def test_an_answer_that_never_came_leads_to_no_second_thread_and_no_second_welcome(
    intros, end, number
):
    await decided(intros)
    Weather(intros).listen(("POST", end), number, bad_gateway())
    await intros.travel(hours=2)
    each_group_was_told_once(intros)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "end", "number"),
    [
        ("POST", "/threads", 1),
        ("POST", "/threads", 2),
        ("GET", "/threads/active", 1),
        ("PUT", "/thread-members/{user_id}", 3),
        ("POST", "/messages", 1),
        ("POST", "/messages", 3),
    ],
)
async def test_a_process_that_dies_at_any_step_leaves_nobody_alone_and_nobody_twice(
    intros, method, end, number
):
    await decided(intros)
    weather, bot = Weather(intros), intros.bot
    weather.listen((method, end), number, Killed(), for_good=True)

    async def send():
        try:
            await bot.delivery.send_due(bot.clock())
        except Killed:
            return

    await intros.in_bot(send())
    await intros.restart()
    weather.listen()
    await intros.travel(hours=2)
    each_group_was_told_once(intros)


async def test_a_process_that_dies_before_it_decided_decides_once_afterwards(intros):
    await intros.everyone_in(*SIX)
    await intros.until(TUESDAY - timedelta(minutes=1))
    await intros.env.advance_time(60)
    await intros.in_bot(intros.bot.plan())
    await intros.restart()
    await intros.travel(hours=2)
    each_group_was_told_once(intros)
    async with intros.db.read() as tx:
        found = (await tx.execute(select(rounds.c.state))).scalars().all()
        number = len((await tx.execute(select(groups.c.group_id))).all())
        stuck = await tx.execute(
            select(letters.c.kind).where(letters.c.state == LetterState.SENDING)
        )
        assert stuck.all() == []
    assert (found, number) == ([RoundState.OPEN], 3)


async def test_buttons_work_after_a_restart(intros):
    await intros.everyone_in("ada", "ben")
    await intros.until(TUESDAY)
    await intros.restart()
    answered = await intros.tap("ada", "We met")
    assert "Good to hear" in words_of(answered)
    again = await intros.tap("ben", "We won't meet")
    assert "counts against nobody" in words_of(again)
