"""The door to matching: a question goes to a child process and the bot goes on meanwhile.

The solver holds Python's lock for as long as it thinks, and its libraries weigh as much as the
bot, so it lives in a process that exists for one question only.
"""

import asyncio
import contextlib
import io
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from bot.matching.model import (
    LARGEST,
    NOBODY,
    SMALLEST,
    Assignment,
    Avoid,
    History,
    Mentor,
    Mentoring,
    Pairing,
    Person,
    Round,
    Weights,
)
from bot.matching.parcels import Answer, Question, packed, unpacked

PATIENCE: Final = 300.0
"""Seconds; 5,000 people take two in pairs and twenty in groups, more where all is busy."""


Ask = Callable[[Question], Awaitable[Answer]]


class NoAnswer(RuntimeError):
    """The solver ended without an answer; asking again later may help."""


class Solver:
    """Draws rounds and assigns mentors by asking a child process, or whoever answers instead."""

    def __init__(self, ask: Ask | None = None) -> None:
        self._ask = ask or in_a_child

    async def match(
        self,
        people: Iterable[Person],
        weights: Weights | None = None,
        history: History | None = None,
        avoid: Avoid = NOBODY,
        size: int = SMALLEST,
        *,
        on: date,
        seed: int,
    ) -> Round:
        """Return the best round of groups of `size` (2 to 5); the same seed gives the same round.

        Pass everyone eligible and nobody else; ids that `history` and `avoid` name besides are
        ignored. An odd cohort of pairs has one trio. Cancelling the task ends the child process.
        """
        if not SMALLEST <= size <= LARGEST:
            raise ValueError(f"a group has {SMALLEST} to {LARGEST} people, not {size}")
        everyone = tuple(people)
        ids = _different([person.person_id for person in everyone])
        if len(everyone) < SMALLEST:
            return Round((), (), ids, seed)
        question = Pairing(
            everyone, on, size, weights or Weights(), history or History(), avoid, seed
        )
        answer = await self._ask(question)
        assert isinstance(answer, Round)
        return answer

    async def assign(
        self,
        mentees: Iterable[Person],
        mentors: Iterable[Mentor],
        weights: Weights | None = None,
        avoid: Avoid = NOBODY,
        *,
        on: date,
        seed: int,
    ) -> Assignment:
        """Return the best assignment: as many mentees as there is room, loads spread, best scores.

        A mentee's `curious_about` meets a mentor's `offers`; who was `left_out` before goes first.
        Existing pairs that shall not come again belong into `avoid`. Nobody is their own mentor.
        """
        served = tuple(mentees)
        ids = _different([person.person_id for person in served])
        serving = tuple(mentor for mentor in mentors if mentor.capacity > 0)
        _different([mentor.person.person_id for mentor in serving])
        if not served or not serving:
            return Assignment((), (), ids, seed)
        answer = await self._ask(Mentoring(served, serving, on, weights or Weights(), avoid, seed))
        assert isinstance(answer, Assignment)
        return answer


def _different(ids: Sequence[int]) -> tuple[int, ...]:
    if len(set(ids)) < len(ids):
        raise ValueError("somebody is there twice")
    return tuple(sorted(ids))


async def in_a_child(question: Question) -> Answer:
    """Return the solver's answer; it is gone afterwards, however this ends."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.matching.solver",
        env=_environment(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            await _told(child, question)
            output, complaint = await child.communicate()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        last = complaint.decode(errors="replace").strip().splitlines()[-1:]
        raise NoAnswer(f"the solver ended with {child.returncode}: {''.join(last)}")
    return await _read(output)


async def _told(child: asyncio.subprocess.Process, question: Question) -> None:
    assert child.stdin
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        for piece in packed(question):
            child.stdin.write(piece)
            await child.stdin.drain()
            await asyncio.sleep(0)
        child.stdin.close()


async def _read(output: bytes) -> Answer:
    for answer in unpacked(io.BytesIO(output)):
        if isinstance(answer, Round | Assignment):
            return answer
        await asyncio.sleep(0)
    raise NoAnswer("the solver's answer is incomplete")


def _environment() -> dict[str, str]:
    """Return what the solver needs to know, which is none of the bot's secrets.

    One thread for the arithmetic: the other processors belong to the bot.
    """
    inherited = {name: value for name, value in os.environ.items() if "STINT_" not in name}
    here = str(Path(__file__).parents[2])
    return {**inherited, "PYTHONPATH": here, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
