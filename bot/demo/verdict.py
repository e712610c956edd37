"""What the simulated Discord saw, held against the script: who was called by name, and when.

It knows nothing of the bot's own memory: only messages that stand somewhere count here.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.clockwork.zones import zone_info
from bot.demo.cast import Stage
from bot.demo.script import HOUR, OPEN_FOR, PLAYERS, Player, monday
from bot.demo.simulation import World
from bot.demo.tally import Fate, Line

AUTOMATIC = re.compile(r"'(?:why\.ask:|reminders\.|challenges\.|playbook\.[^']*\.c')")
"""What everything carries that the bot says by itself, also once a button of it was pressed."""
OWED = (
    " answered you.",
    "No answer this time",
    "My message did not reach them",
    "Your suggestion is posted",
    "You saved it. Its deadline is",
    "'reminders.",
)
"""Replies to what people asked for themselves, which no budget holds back."""
PINGS_A_DAY, PINGS_A_WEEK = 1, 3
REMINDED_BEFORE_END = 12 * HOUR
QUIET_FROM, QUIET_TO = time(22), time(8)


@dataclass(frozen=True)
class Ping:
    """A message that came by itself and reached somebody by name: in their inbox, or mentioned."""

    player: Player
    at: datetime
    period: date | None  # of the check-in it asks for; None when it is about something else
    owed: bool = False  # a reply to a question of theirs, which no budget holds back

    @property
    def local(self) -> datetime:
        """Say what time it was where they lived then."""
        return self.at.astimezone(zone_info(self.player.zone_at(self.at)))


def pings(world: World, stage: Stage) -> Iterator[Ping]:
    """Return everything that reached one of the players by name."""
    everything = [one for one in world.said("") if AUTOMATIC.search(one.text)]
    inboxes = {actor.user.dm_channel.id for actor in stage.actors.values()}
    for player in PLAYERS:
        actor = stage.actors[player.key]
        for one in everything:
            called = f"<@{actor.id}>" in one.text and one.place_id not in inboxes
            if called or one.place_id == actor.user.dm_channel.id:
                about = re.search(r"'checkins\.open:\d+\.(\d{4}-\d\d-\d\d)'", one.text)
                period = date.fromisoformat(about[1]) if about else None
                yield Ping(player, one.at, period, any(words in one.text for words in OWED))


def nudged(heard: Iterable[Ping], player: Player) -> set[date]:
    """Return the weeks whose check-in reached somebody a second time."""
    times = Counter(ping.period for ping in heard if ping.player == player)
    return {period for period, count in times.items() if period is not None and count > 1}


def unlike_the_script(lines: Sequence[Line], heard: Sequence[Ping] = ()) -> list[str]:
    """Name whom the bot remembers otherwise than it was lived.

    Nobody need have been reminded whose week was full of other messages.
    """
    players = {player.name: player for player in PLAYERS}
    found: list[str] = []
    for line in lines:
        player, week = players[line.name], _number(line.period)
        fate = player.fate_in(week)
        if line.fate is not fate:
            found.append(f"{line.name} counts as {line.fate}, not {fate}, on {line.period}")
        spared = not line.nudged and _was_full(player, week, heard)
        if line.nudged != player.nudged_in(week) and not spared:
            said = "was" if line.nudged else "was not"
            found.append(f"{line.name} {said} reminded of {line.period}")
        if line.fate is Fate.UNDELIVERED and not line.why:
            found.append(f"nobody knows why {line.name} was not reached on {line.period}")
    return found


def _was_full(player: Player, week: int, heard: Sequence[Ping]) -> bool:
    """Say whether a reminder of a week's check-in would have been one message too many."""
    last = player.asked_at(week) + OPEN_FOR
    days = [
        ping.local.date()
        for ping in heard
        if ping.player == player
        and not ping.owed
        and monday(week) <= ping.local.date()
        and ping.local < last + REMINDED_BEFORE_END
    ]
    remind_on = {
        (last - n * HOUR).astimezone(zone_info(player.zone_at(last))).date() for n in (0, 12)
    }
    return len(days) >= PINGS_A_WEEK or bool(remind_on & set(days))


def ill_timed(heard: Sequence[Ping], weeks: int) -> list[str]:
    """Name every check-in that came at another minute, once too often, too seldom or to nobody."""
    found: list[str] = []
    by_week: dict[tuple[Player, date], list[Ping]] = {}
    for ping in heard:
        if ping.period is not None:
            by_week.setdefault((ping.player, ping.period), []).append(ping)
    for player in PLAYERS:
        for week in range(1, weeks + 1):
            came = by_week.pop((player, monday(week)), [])
            found += _of_week(player, week, [ping.at for ping in came])
    return found + [f"{player.name} was asked for {period}" for player, period in by_week]


def _of_week(player: Player, week: int, came: Sequence[datetime]) -> Iterator[str]:
    due = [player.asked_at(week)] if player.called_in(week) else []
    if list(came[:1]) != due:
        yield f"{player.name} was asked at {_moments(came[:1])}, not at {_moments(due)}"
    closes = player.asked_at(week) + OPEN_FOR
    for at in came[1:2]:
        clock = at.astimezone(zone_info(player.zone_at(at))).time()
        if not closes - REMINDED_BEFORE_END <= at < closes or not QUIET_TO <= clock < QUIET_FROM:
            yield f"{player.name} was reminded of {monday(week)} at {at:%d %b %H:%M}"
    if len(came) > 2:
        yield f"{player.name} was asked {len(came)} times for {monday(week)}"


def too_many(heard: Sequence[Ping]) -> list[str]:
    """Name who had more than one message on a day or three in a week, whatever they were about.

    Replies to a question of their own do not count.
    """
    days = Counter((ping.player.name, ping.local.date()) for ping in heard if not ping.owed)
    weeks = Counter((name, on - timedelta(days=on.weekday())) for name, on in days.elements())
    found = [f"{who} had {n} messages on {on}" for (who, on), n in days.items() if n > PINGS_A_DAY]
    found += [
        f"{who} had {n} messages in the week of {on}"
        for (who, on), n in weeks.items()
        if n > PINGS_A_WEEK
    ]
    return found


def summary(lines: Sequence[Line], heard: Sequence[Ping], weeks: int) -> str:
    """Say what was verified, in figures."""
    asked = len({(ping.player, ping.period) for ping in heard if ping.period is not None})
    zones = {player.zone_in(week) for player in PLAYERS for week in range(1, weeks + 1)}
    changed = sum(_changes(zone, weeks) for zone in zones)
    fates = Counter(line.fate for line in lines)
    unasked = sum(not ping.owed for ping in heard)
    moved = sum(1 for player in PLAYERS if player.moves and player.moves.week <= weeks)
    return (
        f"Verified: {asked} check-ins called somebody by name, each at 09:00 where they lived, to "
        f"the second, in {len(zones)} zones, {changed} of which changed their clocks; one a week "
        f"for each member; {fates[Fate.PAUSED]} weeks of pauses and {fates[Fate.LEFT]} after "
        f"leaving stayed silent; {moved} moves to another zone lost none and doubled none; "
        f"{fates[Fate.UNDELIVERED]} reached nobody, and it is known why; of {unasked} automatic "
        f"messages that nobody had asked for, nobody had more than {PINGS_A_DAY} a day or "
        f"{PINGS_A_WEEK} a week; every line of the table is what the script lived."
    )


def _changes(zone: str, weeks: int) -> bool:
    mornings = [
        datetime.combine(monday(week), time(9), zone_info(zone)) for week in range(1, weeks + 1)
    ]
    return len({morning.utcoffset() for morning in mornings}) > 1


def _moments(moments: Sequence[datetime]) -> str:
    return " and ".join(f"{at:%d %b %H:%M:%S} UTC" for at in moments) or "no time"


def _number(period: date) -> int:
    return (period - monday(1)).days // 7 + 1
