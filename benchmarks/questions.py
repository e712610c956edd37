"""What people ask of the bots, and how long they wait for the first sign of life."""

from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks.contenders import Contender

CROWD = 50
ALONE = 100
FILLED = {"What do you want to reach?": "Ship the first pull request"}


@dataclass(frozen=True)
class Question:
    """A command, or the sending of the form that it opens."""

    command: str
    form: bool = False

    def ask(self, bot: Contender, people: int, each: int) -> dict[str, Any]:
        """So many people ask it so many times, all at once."""
        if self.form:
            return bot.load_forms(self.command, people, each, FILLED)
        return bot.load(self.command, people, each)

    def ask_alone(self, bot: Contender) -> dict[str, Any]:
        """One person asks a hundred times; of forms everyone sends two in turn, as goals end."""
        if self.form:
            return bot.load_forms(self.command, CROWD, ALONE // CROWD, FILLED, in_turn=True)
        return self.ask(bot, 1, ALONE)


HELP, KEEP, LIST = Question("help"), Question("keep"), Question("goal list")
ADD = Question("goal add", form=True)


@dataclass
class Waits:
    """The waits of one question at one crowd, over several rounds."""

    rounds: list[dict[str, Any]] = field(default_factory=list)

    def quantile(self, part: float) -> float:
        """The wait in milliseconds that this part of people did not exceed; the usual round's."""
        return median(_quantile(each["waits"], part) for each in self.rounds) * 1000

    @property
    def per_second(self) -> float:
        """How many were answered in a second; the usual round's."""
        return median(len(each["waits"]) / each["seconds"] for each in self.rounds)


def _quantile(waits: list[float], part: float) -> float:
    return sorted(waits)[min(len(waits) - 1, int(part * len(waits)))]
