"""`python -m benchmarks.table`: the bots side by side, as the Markdown table of the README.

All of them are up at once and asked in turns, so that each meets the same moods of the machine;
what is shown is the usual round's. With `--write` the table goes into README.md.
"""

import argparse
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks.contenders import Contender, bare, bare_store, stint
from benchmarks.questions import ADD, CROWD, HELP, KEEP, LIST, Question, Waits
from tests.wire.remote import ROOT

MARKS = ("<!-- benchmarks -->", "<!-- /benchmarks -->")
STARTS, ROUNDS = 3, 5
MEMBERS = 5000

Row = tuple[str, str, str, str, str]


class Side:
    """One bot: how it starts and sits, and how it answers each of its questions."""

    def __init__(self, bot: Contender, big: Contender, questions: list[Question]) -> None:
        self.bot, self.big = bot, big
        self.starts: list[float] = []
        self.alone = {each: Waits() for each in questions}
        self.crowd = {each: Waits() for each in questions}
        self.idle = self.full = 0.0

    def begin(self) -> None:
        """The first start makes the database and is not counted."""
        self.bot.start()
        self.big.start()

    def restart(self) -> None:
        self.bot.kill()
        self.starts.append(self.bot.start())

    def weigh(self) -> None:
        """What it holds in memory before anybody asked anything."""
        self.idle, self.full = self.bot.memory(), self.big.memory()
        self.big.stop()

    def ask(self) -> None:
        for each in self.alone:
            self.alone[each].rounds.append(each.ask_alone(self.bot))
            self.crowd[each].rounds.append(each.ask(self.bot, CROWD, 2 if each.form else 10))

    def warm_up(self) -> None:
        for each in self.alone:
            each.ask(self.bot, CROWD, 1)


def measure() -> list[Side]:
    """Measure all of them in turns."""
    asked = {bare: [HELP], bare_store: [KEEP], stint: [HELP, LIST, ADD]}
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sides: list[Side] = []
        for number, (make, questions) in enumerate(asked.items()):
            bot = stack.enter_context(make(home / f"{number}", 0))
            big = stack.enter_context(make(home / f"{number}-big", MEMBERS))
            sides.append(Side(bot, big, questions))
        for side in sides:
            side.begin()
        for _ in range(STARTS):
            for side in sides:
                side.restart()
        for side in sides:
            side.weigh()
            side.warm_up()
        for _ in range(ROUNDS):
            for side in sides:
                side.ask()
    return sides


def rows(sides: list[Side]) -> Iterator[Row]:
    """The table's rows: what, (a), (b), Stint, and how Stint stands to its floor."""
    a, b, ours = sides
    starts = [median(side.starts) for side in sides]
    yield "start to commands registered", *_told(starts, "{:.2f} s"), _times(starts[2], starts[0])
    idle, full = [side.idle for side in sides], [side.full for side in sides]
    yield "memory, idle", *_told(idle, "{:.0f} MB"), _times(idle[2], idle[0])
    name = f"memory, {MEMBERS:,} members in the server"
    yield name, *_told(full, "{:.0f} MB"), _times(full[2], full[0])
    for crowd, people in (("alone", "one person"), ("crowd", f"{CROWD} people at once")):
        floor, kept = getattr(a, crowd)[HELP], getattr(b, crowd)[KEEP]
        yield (
            f"acknowledged, {people}: p50 / p99, each second",
            _waits(floor),
            _waits(kept),
            "",
            "",
        )
        for question, beside in ((HELP, floor), (LIST, floor), (ADD, kept)):
            found: Waits = getattr(ours, crowd)[question]
            against = "(b)" if beside is kept else "(a)"
            share = f"1/{beside.per_second / found.per_second:.1f} of {against}'s each second"
            slower = f"p50 {found.quantile(0.5) / beside.quantile(0.5):.1f} ×"
            sending = "sending " if question.form else ""
            yield (
                f"&emsp;{sending}`/{question.command}`",
                "",
                "",
                _waits(found),
                f"{slower}, {share}",
            )


def _told(figures: list[float], shape: str) -> tuple[str, str, str]:
    first, second, third = (shape.format(each) for each in figures)
    return first, second, third


def _times(ours: float, floor: float) -> str:
    return f"{ours / floor:.1f} × (a)"


def _waits(found: Waits) -> str:
    quick, slow = found.quantile(0.5), found.quantile(0.99)
    return f"{quick:.2f} / {slow:.2f} ms, {found.per_second:,.0f}/s"


def table(sides: list[Side]) -> str:
    """The whole table as Markdown."""
    head = ("", "(a) bare discord.py", "(b) the same, one row kept", "Stint", "Stint to its floor")
    lines = [head, ("---",) * len(head), *rows(sides)]
    text = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    machine = f"Python {platform.python_version()}, {platform.machine()}, two cores"
    return (
        f"{text}\n\n{machine}; each bot a process of its own against a local Discord, the usual "
        f"of {ROUNDS} rounds in turns. (a) answers a text; (b) keeps one row durably first."
    )


def write(text: str) -> None:
    """Put the table into README.md, between its marks."""
    readme = ROOT / "README.md"
    before, _mark, rest = readme.read_text("utf-8").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    readme.write_text(f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{after}", "utf-8")


def main() -> None:
    """Measure, print, and with --write keep it in the README."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--write", action="store_true", help="put the table into README.md")
    chosen = asked.parse_args()
    text = table(measure())
    sys.stdout.write(text + "\n")
    if chosen.write:
        write(text)


if __name__ == "__main__":
    main()
