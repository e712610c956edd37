"""Fifteen people and their twelve weeks: most answer; some are late, pause, move, leave, vanish.

A life is scripted by hand and lived through the real commands; what it comes to is read afterwards
from what the simulated Discord saw and from what the bot kept.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from bot.clockwork.recurrence import to_utc
from bot.demo import seed
from bot.demo.cast import PEOPLE, STARTS_ON, Person, Stage
from bot.demo.hands import Hands
from bot.demo.simulation import Answer, World
from bot.demo.tally import ASKED, Fate

ASKED_AT = time(9)
NEW_YORK, BERLIN, KOLKATA = "America/New_York", "Europe/Berlin", "Asia/Kolkata"
KATHMANDU, SAO_PAULO, LORD_HOWE = "Asia/Kathmandu", "America/Sao_Paulo", "Australia/Lord_Howe"
SANTIAGO = "America/Santiago"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPEN_FOR = 72 * HOUR
LETTERS_CLOSED = Answer(403, 50007, "Cannot send messages to this user")
ACCOUNT_GONE = Answer(404, 10013, "Unknown User")


class Move(NamedTuple):
    """Somebody goes to live elsewhere, so long after the check-in of a week came."""

    week: int
    zone: str
    after: timedelta


@dataclass(frozen=True)
class Player:
    """One scripted member: who, how they are reached, and how long they take to answer."""

    key: str
    name: str
    zone: str
    city: str
    joins: str
    takes: timedelta | None = None
    closed: bool = False
    leaves_in: int | None = None
    vanishes_in: int | None = None  # their account is deleted before this week
    away: frozenset[int] = field(default_factory=frozenset[int])
    moves: Move | None = None

    @property
    def person(self) -> Person:
        """The same one, as the server knows them."""
        return Person(self.key, self.name, "intern", self.zone, self.city, "", self.joins)

    def zone_in(self, week: int) -> str:
        """Say where they wake up on the Monday of a week."""
        return self.moves.zone if self.moves is not None and week > self.moves.week else self.zone

    def zone_at(self, moment: datetime) -> str:
        """Say where they live at a moment."""
        return self.moves.zone if self.moves is not None and moment >= self.moved_at else self.zone

    @property
    def moved_at(self) -> datetime:
        """Say when they moved."""
        assert self.moves is not None
        return self.asked_at(self.moves.week) + self.moves.after

    def asked_at(self, week: int) -> datetime:
        """Say when nine in the morning on that Monday is, where they are."""
        return to_utc(monday(week), ASKED_AT, self.zone_in(week))

    def fate_in(self, week: int) -> Fate:
        """Say what a week should mean for them."""
        if self.leaves_in is not None and week >= self.leaves_in:
            return Fate.LEFT
        if week in self.away:
            return Fate.PAUSED
        if self.vanishes_in is not None and week >= self.vanishes_in:
            return Fate.UNDELIVERED
        if self.takes is None:
            return Fate.SILENT
        return Fate.LATE if self.takes > OPEN_FOR else Fate.ANSWERED

    def called_in(self, week: int) -> bool:
        """Say whether that week's check-in should reach them by name, not only as a card."""
        return self.joins != "card" and self.fate_in(week) in ASKED

    def nudged_in(self, week: int) -> bool:
        """Say whether they should be reminded: by direct message, at eight before it closes."""
        slow = self.takes is None or self.takes > OPEN_FOR - HOUR
        return slow and self.joins == "dm" and not self.closed and self.called_in(week)


ALMOST_TOO_LATE = OPEN_FOR - HOUR / 2
PLAYERS = (
    Player("amara", "Amara Osei", NEW_YORK, "New York", "dm", 2 * HOUR),
    Player("ruth", "Ruth Feldman", NEW_YORK, "New York", "thread", 80 * HOUR),
    Player("omar", "Omar Haddad", NEW_YORK, "New York", "dm", 5 * HOUR, closed=True),
    Player(
        "hana",
        "Hana Sato",
        NEW_YORK,
        "New York",
        "dm",
        3 * HOUR,
        moves=Move(5, BERLIN, 2 * DAY + 4 * HOUR),
    ),
    Player("vera", "Vera Novak", NEW_YORK, "New York", "dm", 6 * HOUR, vanishes_in=11),
    Player("jonas", "Jonas Weber", BERLIN, "Berlin", "dm", HOUR),
    Player("katrin", "Katrin Vogel", BERLIN, "Berlin", "card", 26 * HOUR),
    Player("nils", "Nils Brandt", BERLIN, "Berlin", "dm", 4 * HOUR, leaves_in=8),
    Player("priya", "Priya Raman", KOLKATA, "Kolkata", "thread", 6 * HOUR),
    Player("arjun", "Arjun Sen", KOLKATA, "Kolkata", "dm", moves=Move(6, NEW_YORK, 2 * HOUR)),
    Player("suman", "Suman Gurung", KATHMANDU, "Kathmandu", "card", 7 * HOUR),
    Player("luiza", "Luiza Prado", SAO_PAULO, "São Paulo", "dm", ALMOST_TOO_LATE),
    Player("rafael", "Rafael Lima", SAO_PAULO, "São Paulo", "thread", HOUR, away=frozenset({5, 6})),
    Player("camila", "Camila Rojas", SANTIAGO, "Santiago", "dm", 5 * HOUR),
    Player(
        "tilly",
        "Tilly Hargrave",
        LORD_HOWE,
        "Lord Howe",
        "dm",
        2 * HOUR,
        moves=Move(9, NEW_YORK, 3 * DAY),
    ),
)
STAFF = tuple(person for person in PEOPLE if person.role != "intern")
ANSWER = {"progress": "One thing moved, one did not.", "confidence": "4"}
WINS = {
    ("amara", 2): "My first change is merged, and nobody had to explain it twice",
    ("jonas", 3): "The nightly run is 40 minutes shorter",
    ("priya", 5): "Two people asked a question after my talk",
    ("camila", 6): "A customer used my form and did not notice that it was new",
    ("amara", 7): "Somebody from another team asked me how I did it",
    ("hana", 9): "I said no to a meeting, and it was fine",
    ("rafael", 10): "The page loads in one second, it was six",
    ("jonas", 12): "Somebody else runs my pipeline now",
}
"""Whose check-in of which week has a win that they share with the cohort."""


def won() -> list[tuple[str, datetime]]:
    """Return who shared a win with the cohort, and when."""
    players = {player.key: player for player in PLAYERS}
    return [
        (key, players[key].asked_at(week) + takes)
        for key, week in WINS
        if (takes := players[key].takes) is not None
    ]


def monday(week: int) -> date:
    """Name the Monday of a week, counted from 1."""
    return STARTS_ON + timedelta(weeks=week - 1)


class Deed(NamedTuple):
    """Something somebody does at a moment."""

    at: datetime
    key: str
    do: Callable[[], Awaitable[object]]


class Script:
    """What everybody does, in the order of time."""

    def __init__(self, world: World, stage: Stage) -> None:
        """Hand the script to the people on stage."""
        self.world, self.stage = world, stage

    def deeds(self, weeks: int) -> list[Deed]:
        """Return everything that is done within these weeks."""
        found = [deed for player in PLAYERS for deed in self._life(player, weeks)]
        return sorted(found, key=lambda deed: (deed.at, deed.key))

    def _life(self, player: Player, weeks: int) -> Iterator[Deed]:
        for week in range(1, weeks + 1):
            asked_at = player.asked_at(week)
            if player.takes is not None and player.fate_in(week) in ASKED:
                yield Deed(asked_at + player.takes, player.key, self._answers(player, week))
            if player.moves is not None and player.moves.week == week:
                yield Deed(player.moved_at, player.key, self._moves(player, player.moves.zone))
            if player.leaves_in == week:
                yield Deed(asked_at - 2 * DAY, player.key, self._leaves(player))
            if player.vanishes_in == week:
                yield Deed(asked_at - 2 * DAY, player.key, self._vanishes(player))
            if week in player.away and week - 1 not in player.away:
                yield Deed(asked_at - DAY, player.key, self._pauses(player))

    def _answers(self, player: Player, week: int) -> Callable[[], Awaitable[object]]:
        async def answer() -> None:
            win = WINS.get((player.key, week))
            said = ANSWER | ({"win": win} if win else {})
            await seed.check_in(self.world, self.stage, player.person, said, f".{monday(week)}")
            if win:
                await seed.share_win(self.world, self.stage, player.person)

        return answer

    def _moves(self, player: Player, zone: str) -> Callable[[], Awaitable[object]]:
        return lambda: self._types(player, "profile timezone", zone=zone)

    def _pauses(self, player: Player) -> Callable[[], Awaitable[object]]:
        until = str(monday(max(player.away) + 1))
        return lambda: self._types(player, "profile pause", until=until)

    def _leaves(self, player: Player) -> Callable[[], Awaitable[object]]:
        async def leave() -> None:
            await self._types(player, "profile leave")
            hands = Hands(self.world, self.stage.actors[player.key])
            await hands.press(self.stage.channels["check-ins"], "profile.gone")

        return leave

    def _vanishes(self, player: Player) -> Callable[[], Awaitable[object]]:
        async def vanish() -> None:
            self.world.refuse_letters(self.stage.actors[player.key], ACCOUNT_GONE)

        return vanish

    async def _types(self, player: Player, command: str, **asked: Any) -> None:
        hands = Hands(self.world, self.stage.actors[player.key])
        await hands.command(self.stage.channels["check-ins"], command, **asked)
