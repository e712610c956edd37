"""Twelve weeks in under a minute: the real bot, scripted people, a table that is checked.

The table comes from what the bot kept; it is held against what the simulated Discord received.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot.delivery import recipients, schedules
from bot.delivery.recipients import Outcome, Recipient
from bot.demo import seed
from bot.demo.cast import ENDS_ON, Stage, build_stage, face
from bot.demo.home import TemporaryHome
from bot.demo.script import PLAYERS, STAFF, Player, Script, monday
from bot.demo.simulation import World
from bot.demo.tally import Fate, Line, mistakes, table, weeks_of
from bot.people import activity, cohorts, memberships
from bot.people.memberships import Member

log = logging.getLogger(__name__)

SATURDAY = datetime(2026, 2, 28, 15, 0, tzinfo=UTC)
CHECKIN = "checkin"
OPEN_FOR = timedelta(hours=72)
PINGS_A_DAY, PINGS_A_WEEK = 1, 3
FATES = {
    Outcome.PAUSED: Fate.PAUSED,
    Outcome.UNDELIVERED: Fate.UNDELIVERED,
    Outcome.LEFT: Fate.LEFT,
}


@dataclass(frozen=True)
class Ping:
    """A message that reached somebody by name: in their inbox, or mentioned in a thread."""

    player: Player
    at: datetime
    period: date


async def live(weeks: int, out: Callable[[str], object] = click.echo) -> bool:
    """Live these weeks and print them; say whether everything adds up."""
    began = time.monotonic()
    world = World(TemporaryHome(), SATURDAY)
    await world.open("Stint", face("Stint", "bot", 0))
    try:
        stage = await _gather(world, weeks)
        await _act(world, stage, weeks)
        lines = await _lines(world, stage, weeks)
        pings = list(_pings(world, stage))
        until = world.now()
    finally:
        await world.close()
    out(table(weeks_of(lines)))
    wrong = [*mistakes(lines, len(PLAYERS)), *unfit(pings, lines)]
    for each in wrong:
        out(f"wrong: {each}")
    zones = len({player.zone for player in PLAYERS})
    out(
        f"{weeks} weeks until {until:%d %B %Y}, {len(PLAYERS)} members in {zones} zones, "
        f"{len(pings)} messages to somebody by name, {time.monotonic() - began:.0f} s."
    )
    out(_verdict(wrong))
    return not wrong


def _verdict(wrong: Sequence[str]) -> str:
    if wrong:
        return f"It does not add up: {len(wrong)} things are wrong."
    return (
        "It adds up: every week speaks of every member once, every check-in came at nine where "
        "they live and once a week, nobody was asked while away, and the message budget held."
    )


async def _gather(world: World, weeks: int) -> Stage:
    """Put everyone on stage and let them join."""
    stage = build_stage(world, [*(player.person for player in PLAYERS), *STAFF])
    await world.env.settle()
    ends_on = max(ENDS_ON, monday(weeks) + timedelta(days=6))
    await seed.set_up(world, stage, ends_on=ends_on)
    for player in PLAYERS:
        if player.closed:
            world.close_inbox(stage.actors[player.key])
        await seed.join(world, stage, player.person)
    await world.travel(world.now() + seed.A_MOMENT)
    return stage


async def _act(world: World, stage: Stage, weeks: int) -> None:
    for deed in Script(world, stage).deeds(weeks):
        await world.travel(deed.at)
        await deed.do()
        world.dismiss_answers()
        world.forget_logs()
    end = monday(weeks) + timedelta(days=6)
    await world.travel(datetime(end.year, end.month, end.day, 12, tzinfo=UTC))


async def _lines(world: World, stage: Stage, weeks: int) -> list[Line]:
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
            nudged = _nudged(world, stage, player)
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
    if took is None or took >= timedelta(days=7):
        return Fate.SILENT, ""
    return (Fate.LATE if took > OPEN_FOR else Fate.ANSWERED), ""


def _nudged(world: World, stage: Stage, player: Player) -> set[date]:
    """Return the weeks whose check-in reached somebody's inbox a second time."""
    times = Counter(
        period
        for _, period in world.received_about(
            stage.actors[player.key].user.dm_channel.id, "checkins.open"
        )
    )
    return {date.fromisoformat(period) for period, count in times.items() if count > 1}


def _pings(world: World, stage: Stage) -> Iterator[Ping]:
    """Return what the simulated Discord saw reaching somebody by name."""
    threads = stage.channels["check-ins"].threads
    for player in PLAYERS:
        actor = stage.actors[player.key]
        inbox = world.received_about(actor.user.dm_channel.id, "checkins.open")
        called = [
            found
            for thread in threads
            for found in world.received_about(thread.id, "checkins.open", f"<@{actor.id}>")
        ]
        for at, period in [*inbox, *called]:
            yield Ping(player, at, date.fromisoformat(period))


def unfit(pings: Sequence[Ping], lines: Sequence[Line]) -> list[str]:
    """Name what Discord saw and should not have: a wrong minute, one too many, a broken budget."""
    found: list[str] = []
    days: Counter[tuple[str, Any]] = Counter()
    weeks: Counter[tuple[str, Any]] = Counter()
    fates = {(line.name, line.period): line.fate for line in lines}
    for (player, period), times in _by_week(pings).items():
        week = (period - monday(1)).days // 7 + 1
        if times[0] != player.asked_at(week):
            found.append(f"{player.name} was asked at {times[0]}, not at nine on {period}")
        if fates.get((player.name, period)) in (Fate.PAUSED, Fate.LEFT):
            found.append(f"{player.name} was asked on {period} while away")
    for ping in pings:
        local = ping.at.astimezone(ZoneInfo(ping.player.zone_in(_week(ping.at)))).date()
        days[ping.player.name, local] += 1
        weeks[ping.player.name, local - timedelta(days=local.weekday())] += 1
    found += [f"{n} had {c} pings on {d}" for (n, d), c in days.items() if c > PINGS_A_DAY]
    found += [f"{n} had {c} in the week of {d}" for (n, d), c in weeks.items() if c > PINGS_A_WEEK]
    return found


def _by_week(pings: Sequence[Ping]) -> dict[tuple[Player, date], list[datetime]]:
    found: dict[tuple[Player, date], list[datetime]] = {}
    for ping in sorted(pings, key=lambda one: one.at):
        found.setdefault((ping.player, ping.period), []).append(ping.at)
    return found


def _week(at: datetime) -> int:
    return (at.date() - monday(1)).days // 7 + 1
