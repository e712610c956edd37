"""The door to matching: the bot goes on while a child thinks, and learns when it cannot."""

import asyncio
import os
import subprocess
import sys

import pytest

from bot.config import ROOT
from bot.matching import worker
from bot.matching.model import Mentor
from bot.matching.parcels import packed
from bot.matching.solver import solve
from bot.matching.worker import NoAnswer, Solver
from tests.bot.matching.crowds import DAY, ask, crowd, mentors, random_rounds


async def test_the_child_gives_the_round_the_solver_gives():
    people, history = crowd(41), random_rounds(41, 3)
    avoid = frozenset([frozenset((1, 2)), frozenset((3, 400))])

    made = await Solver().match(people, None, history, avoid, on=DAY, seed=5)

    assert made == ask(people, history=history, avoid=avoid, seed=5)


async def test_mentors_are_assigned_by_the_child():
    made = await Solver().assign(crowd(5), mentors(4, 2), on=DAY, seed=1)

    assert len(made.pairs) == 5
    assert len(made.reasons) == 5


async def test_nobody_is_asked_about_nobody(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nonexistent")

    assert (await Solver().match([], on=DAY, seed=1)).groups == ()
    assert (await Solver().match(crowd(1), on=DAY, seed=1)).unmatched == (1,)
    assert (await Solver().assign(crowd(2), [], on=DAY, seed=1)).waiting == (1, 2)
    assert (await Solver().assign(crowd(1), [Mentor(crowd(1)[0], 0)], on=DAY, seed=1)).waiting == (
        1,
    )


async def test_whoever_draws_here_starts_no_child(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nonexistent")

    async def here(question):
        return solve(question)

    made = await Solver(here).match(crowd(6), on=DAY, seed=5)

    assert made == ask(crowd(6), seed=5)


async def test_questions_without_sense_are_refused():
    with pytest.raises(ValueError, match="2 to 5"):
        await Solver().match(crowd(9), size=6, on=DAY, seed=1)
    with pytest.raises(ValueError, match="twice"):
        await Solver().match(crowd(2) * 2, on=DAY, seed=1)


async def test_the_bot_hears_when_the_solver_fails(monkeypatch, tmp_path):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'MemoryError' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))

    with pytest.raises(NoAnswer, match="MemoryError"):
        await Solver().match(crowd(3000), on=DAY, seed=1)


async def test_a_solver_that_takes_for_ever_is_ended(monkeypatch, tmp_path):
    sleeper = tmp_path / "python"
    sleeper.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 600\n")
    sleeper.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(sleeper))
    monkeypatch.setattr(worker, "PATIENCE", 0.5)

    with pytest.raises(TimeoutError):
        await Solver().match(crowd(4), on=DAY, seed=1)

    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_the_solver_learns_no_secrets(monkeypatch):
    monkeypatch.setenv("STINT_TOKEN", "secret")

    assert "secret" not in worker._environment().values()


def test_the_bot_itself_never_loads_the_solver():
    code = "import sys, bot.matching.worker, bot.matching.reasons as r; print(sys.modules.keys())"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert "bot.matching.worker" in loaded
    assert "numpy" not in loaded
    assert "rustworkx" not in loaded


async def test_the_bot_has_its_turn_between_the_pieces_while_many_are_matched(monkeypatch):
    turns, pieces = 0, []

    async def breathe() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    def noted(parcel):
        for piece in packed(parcel):
            pieces.append((turns, len(piece)))
            yield piece

    monkeypatch.setattr(worker, "packed", noted)
    breathing = asyncio.create_task(breathe())
    await Solver().match(crowd(2000), None, random_rounds(2000, 10), on=DAY, seed=1)
    breathing.cancel()

    at = [turn for turn, _size in pieces]
    assert len(at) > 50
    assert len(set(at)) == len(at)
    assert max(size for _turn, size in pieces) < 100_000
