"""How the cohort ends: a report without names, and one message to everybody who wants messages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.demo.cast import COHORT, Stage
from bot.demo.company import Company
from bot.demo.hands import words_in, words_of
from bot.demo.script import HOUR, PLAYERS
from bot.demo.simulation import World
from bot.demo.tally import Week

OVER = f"## {COHORT} is over"
LONG_ENOUGH = timedelta(days=2, hours=6)
"""Nobody's quiet hours or full week last longer than until Monday's noon."""
FEW = 5
CELL = re.compile(r"(\d+)\+")
ASKED = re.compile(r"Asked in a check-in: (.*)")


@dataclass(frozen=True)
class Ended:
    """What is left when the curtain has fallen: the report, and whom the news reached how often."""

    report: str
    letters: Counter[str]
    mentions: Counter[str]
    cards: int
    others: tuple[str, ...]
    is_alum: bool


class Curtain:
    """A moderator reads the report and closes the cohort; one member stays as an alum."""

    def __init__(self, world: World, stage: Stage) -> None:
        """Prepare it for the people on stage."""
        self._world, self._stage = world, stage
        self._company = Company(world, stage)

    async def fall(self) -> Ended:
        """Close the cohort, and wait until everybody was told."""
        mia, staff = self._company.hands("mia"), self._company.staff
        self._world.dismiss_answers()
        report = words_of(await mia.command(staff, "cohort report"))
        await mia.command(staff, "cohort close")
        closed_at = self._world.now()
        await mia.press(staff, "ending.confirm", form={"name": COHORT})
        await self._world.travel(closed_at + LONG_ENOUGH)
        amara = self._company.hands("amara")
        stays = words_of(await amara.press(amara.inbox, "ending.stay"))
        letters, mentions = Counter[str](), Counter[str]()
        others: list[str] = []
        desk = words_in(self._world, self._company.desk)
        for player in PLAYERS:
            inbox = self._stage.actors[player.key].user.dm_channel
            came = [one.text for one in words_in(self._world, inbox) if one.at >= closed_at]
            letters[player.key] = sum(OVER in text for text in came)
            others += [f"{player.key}: {text}" for text in came if OVER not in text]
            named = f"<@{self._stage.actors[player.key].id}>"
            mentions[player.key] = sum(OVER in one.text and named in one.text for one in desk)
        cards = sum(OVER in one.text for one in words_in(self._world, self._company.news))
        alum = "You stay as an alum" in stays
        return Ended(report, letters, mentions, cards, tuple(others), alum)


def mistakes(ended: Ended, weeks: Sequence[Week]) -> Iterator[str]:
    """Name who was told too often or not at all, and what a report gives away."""
    for player in PLAYERS:
        here = player.leaves_in is None and player.vanishes_in is None and not player.closed
        for way, came in (("dm", ended.letters), ("thread", ended.mentions)):
            due = int(here and player.joins == way)
            if came[player.key] != due:
                yield f"{player.name} was told {came[player.key]} times that it is over, not {due}"
    if ended.cards != 1:
        yield f"the end stands {ended.cards} times in the announcements"
    if not ended.is_alum:
        yield "amara does not stay as an alum"
    yield from (f"after the end came {other[:80]}" for other in ended.others)
    yield from _told_too_much(ended.report, weeks)


def _told_too_much(report: str, weeks: Sequence[Week]) -> Iterator[str]:
    """A report rounds every number down, and names nobody."""
    if any(int(number) % FEW for number in CELL.findall(report)):
        yield "the report says numbers that are not rounded"
    if any(player.name in report for player in PLAYERS):
        yield "the report names somebody"
    asked = ASKED.search(report)
    told = [int(number) for number in CELL.findall(asked[1])] if asked else []
    lived = [week.asked for week in weeks]
    if not told or any(not 0 <= real - n <= 2 * FEW for n, real in zip(told, lived, strict=False)):
        yield f"the report says that {told} were asked, but it were {lived}"


def summary(ended: Ended) -> str:
    """Say what was verified about the end, in figures."""
    return (
        f"Verified: the cohort was closed at its end; {sum(ended.letters.values())} heard it by a "
        f"direct message and {sum(ended.mentions.values())} by a mention, each once and outside "
        f"their quiet hours, everybody else by one card in the announcements; nothing else came "
        f"in the {LONG_ENOUGH // HOUR} hours after it; the report has no name and no number below "
        f"{FEW}; one stays as an alum."
    )
