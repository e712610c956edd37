"""Twelve weeks in under a minute: the real bot, scripted people, and tables that are checked.

The first is about check-ins and comes from what the bot kept. The others (people, openings, what
somebody did for themselves, the digests) come from what was done and what the simulated Discord
shows. Each is held against the other side. Last comes what each week said to everybody.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import click

from bot.delivery import recipients, schedules
from bot.delivery.recipients import Outcome, Recipient
from bot.demo import accounts, curtain, gazette, growth, hunt, seed, verdict, witness
from bot.demo.cast import ENDS_ON, OPENINGS, Stage, build_stage, face
from bot.demo.curtain import Curtain, Ended
from bot.demo.gazette import Gazette
from bot.demo.growth import Growth
from bot.demo.home import TemporaryHome
from bot.demo.hunt import Hunt
from bot.demo.ledger import Row
from bot.demo.plot import Plot
from bot.demo.script import DAY, LETTERS_CLOSED, OPEN_FOR, PLAYERS, STAFF, Deed, Script, monday
from bot.demo.simulation import World
from bot.demo.tally import Fate, Line, mistakes, table, weeks_of
from bot.demo.verdict import Ping
from bot.demo.witness import Witness
from bot.people import activity, cohorts, memberships
from bot.people.memberships import Member

log = logging.getLogger(__name__)

SATURDAY = datetime(2026, 2, 28, 15, 0, tzinfo=UTC)
CHECKIN = "checkin"
FATES = {
    Outcome.PAUSED: Fate.PAUSED,
    Outcome.UNDELIVERED: Fate.UNDELIVERED,
    Outcome.LEFT: Fate.LEFT,
}


@dataclass(frozen=True)
class Lived:
    """What is left of these weeks when the world has ended."""

    lines: list[Line]
    heard: list[Ping]
    evidence: accounts.Evidence
    openings: list[Row]
    own: list[Row]
    digests: list[gazette.Week]
    grown: str
    ended: Ended | None
    apart: list[str]
    until: datetime


class Told(NamedTuple):
    """Everyone on stage, and those who saw to it that something happened."""

    stage: Stage
    plot: Plot
    search: Hunt
    paper: Gazette
    own: Growth


async def live(
    weeks: int, out: Callable[[str], object] = click.echo, openings: Path = OPENINGS
) -> bool:
    """Live these weeks and print them; say whether everything adds up."""
    began = time.monotonic()
    lived = await _live(weeks, openings)
    rows = accounts.accounts(lived.evidence, weeks)
    for drawn in (
        table(weeks_of(lived.lines)),
        accounts.table(rows),
        hunt.table(lived.openings),
        growth.table(lived.own),
        gazette.table(lived.digests),
        gazette.told(lived.digests),
    ):
        out(f"{drawn}\n")
    wrong = [
        *mistakes(lived.lines, len(PLAYERS)),
        *verdict.unlike_the_script(lived.lines, lived.heard),
        *verdict.ill_timed(lived.heard, weeks),
        *verdict.too_many(lived.heard),
        *accounts.mistakes(lived.evidence, rows),
        *lived.apart,
    ]
    for each in wrong:
        out(f"wrong: {each}")
    out(
        f"{weeks} weeks until {lived.until:%d %B %Y}, {len(PLAYERS)} members, "
        f"{len(lived.heard)} messages to somebody by name, {time.monotonic() - began:.0f} s."
    )
    if wrong:
        out(f"It does not add up: {len(wrong)} things are wrong.")
    else:
        out(verdict.summary(lived.lines, lived.heard, weeks))
        out(witness.summary(lived.evidence, weeks))
        out(hunt.summary(lived.openings))
        out(lived.grown)
        out(gazette.summary(lived.digests))
        if lived.ended is not None:
            out(curtain.summary(lived.ended))
    return not wrong


async def _live(weeks: int, openings: Path) -> Lived:
    """Let everybody do what they do in these weeks, then look around."""
    world = World(TemporaryHome(), SATURDAY)
    await world.open("Stint", face("Stint", "bot", 0))
    try:
        stage, plot, search, paper, own = await tell(world, weeks, openings)
        heard = list(verdict.pings(world, stage))
        lines = await _lines(world, stage, weeks, heard)
        seen = Witness(world, stage, plot)
        evidence = seen.evidence()
        found, digests = await search.weeks(weeks), paper.weeks(weeks)
        await own.take_records()
        apart = [
            *await seen.disagreements(evidence, weeks),
            *await search.mistakes(weeks, found),
            *await own.mistakes(_ends_on(weeks)),
            *paper.mistakes(digests, plot.record),
        ]
        mine, until, ended = own.weeks(weeks), world.now(), None
        grown = own.summary(mine)
        if until.date() >= _ends_on(weeks):
            ended = await Curtain(world, stage).fall()
            apart += curtain.mistakes(ended, weeks_of(lines))
            heard = list(verdict.pings(world, stage))
        return Lived(lines, heard, evidence, found, mine, digests, grown, ended, apart, until)
    finally:
        await world.close()


async def tell(world: World, weeks: int, openings: Path = OPENINGS) -> Told:
    """Let everybody do what they do in these weeks, and stop on the Sunday after them."""
    world.bot.rests_for = DAY
    stage = await _gather(world, weeks)
    plot, search = Plot(world, stage), Hunt(world, stage, openings)
    await plot.begin()
    paper = Gazette(world, stage)
    own = Growth(world, stage, paper)
    every = [*Script(world, stage).deeds(weeks), *plot.deeds(weeks), *search.deeds(weeks)]
    await _act(world, [*every, *paper.deeds(weeks), *own.deeds(weeks)], weeks)
    return Told(stage, plot, search, paper, own)


async def _gather(world: World, weeks: int) -> Stage:
    """Put everyone on stage and let them join."""
    stage = build_stage(world, [*(player.person for player in PLAYERS), *STAFF])
    await world.env.settle()
    await seed.set_up(world, stage, ends_on=_ends_on(weeks))
    for player in PLAYERS:
        if player.closed:
            world.refuse_letters(stage.actors[player.key], LETTERS_CLOSED)
        await seed.join(world, stage, player.person)
    await world.travel(world.now() + seed.A_MOMENT)
    return stage


def _ends_on(weeks: int) -> date:
    return max(ENDS_ON, monday(weeks) + timedelta(days=6))


async def _act(world: World, every: Sequence[Deed], weeks: int) -> None:
    for deed in sorted(every, key=lambda one: (one.at, one.key)):
        if deed.at > world.now():
            await world.travel(deed.at)
        await deed.do()
        world.dismiss_answers()
        world.forget_logs()
    end = monday(weeks) + timedelta(days=6)
    await world.travel(datetime(end.year, end.month, end.day, 12, tzinfo=UTC))


async def _lines(world: World, stage: Stage, weeks: int, heard: Sequence[Ping]) -> list[Line]:
    """Read from the bot's own memory what became of everyone."""
    lines: list[Line] = []
    async with world.bot.db.read() as tx:
        cohort = (await cohorts.of_guild(tx, stage.guild.id))[0]
        schedule = await schedules.find(tx, cohort.cohort_id, CHECKIN)
        if schedule is None:
            return lines
        periods = {
            week: {
                one.member_id: one
                for one in await recipients.of_period(tx, schedule.schedule_id, monday(week))
            }
            for week in range(1, weeks + 1)
        }
        for player in PLAYERS:
            user_id = stage.actors[player.key].id
            member = await memberships.find(tx, cohort.cohort_id, user_id)
            if member is None:
                continue
            deeds = await activity.of_member(tx, member.member_id, "checkin.answered")
            answered = [deed.at for deed in deeds]
            nudged = verdict.nudged(heard, player)
            for week, found in periods.items():
                asked = found.get(member.member_id)
                fate, why = _fate(member, asked, answered)
                lines.append(Line(player.name, monday(week), fate, monday(week) in nudged, why))
    return lines


def _fate(
    member: Member, asked: Recipient | None, answered: Sequence[datetime]
) -> tuple[Fate, str]:
    if asked is None:
        return (Fate.LEFT, "") if member.left_at is not None else (Fate.UNDELIVERED, "never asked")
    if asked.outcome in FATES:
        fate = FATES[asked.outcome]
        return fate, asked.why if fate is Fate.UNDELIVERED else ""
    after = [at - asked.due_at for at in answered if timedelta(0) <= at - asked.due_at]
    took = min(after, default=None)
    if took is None or took >= 7 * DAY:
        return Fate.SILENT, ""
    return (Fate.LATE if took > OPEN_FOR else Fate.ANSWERED), ""
