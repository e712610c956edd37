"""What the fifteen do with each other in twelve weeks: meet, ask, tell, thank, look for a mentor.

Who meets whom is drawn by the bot, so these deeds look first at who was brought together. Each
deed that was done is put on record, to be held against what the bot kept.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.clockwork.recurrence import to_utc
from bot.demo.cast import Stage
from bot.demo.company import Company, Words
from bot.demo.script import DAY, HOUR, NEW_YORK, PLAYERS, Deed, monday
from bot.demo.simulation import World

ROUND_AT = time(10)
EVERY_WEEKS = 2
MENTORS = {"daniel": ("Data, first jobs", "Chicago"), "ines": ("Design, talks", "Lisbon")}
MENTEES = {"hana": "First jobs", "luiza": "Design", "camila": "Data"}
LATE = {"vera": 2, "camila": 2, "omar": 5}
"""Who comes to introductions only in this week; the others are in from the beginning."""
SILENT = {"arjun": frozenset(range(1, 13)), "luiza": frozenset({1}), "vera": frozenset({11})}
"""Who neither writes nor presses, in the rounds of which weeks."""
AVOIDS = ("katrin", "nils")
SKIPS = ("jonas", 7)
LOOK_AGAIN = (1, 5)
"""In the rounds of these weeks, whoever waits alone asks for somebody else."""
WRITES_AFTER = {"America": 3 * HOUR, "Europe": 2 * HOUR, "Asia": 16 * HOUR, "Australia": 10 * HOUR}


class Did(StrEnum):
    """Something that somebody did with or for others."""

    MET = "met"
    LOOKED_AGAIN = "looked again"
    ASKED = "asked"
    GIVEN = "given"
    UNASKED = "unasked"
    DECLINED = "declined"
    THANKED = "thanked"
    SHARED = "shared"
    PULSED = "pulsed"


@dataclass(frozen=True)
class Done:
    """One thing that was done; `room_id` says in which thread, where it was in one."""

    at: datetime
    key: str
    did: Did
    other: str = ""
    room_id: int = 0

    @property
    def week(self) -> int:
        """Say in which week it was done, counted from 1."""
        return week_at(self.at)


@dataclass(frozen=True)
class Question:
    """A request for feedback: in which week and on which day, and what becomes of it after."""

    week: int
    day: int
    asker: str
    asked: str
    answered: timedelta | None = None
    declined: timedelta | None = None


@dataclass(frozen=True)
class Thanks:
    """Somebody thanks somebody, who shares it with the cohort or keeps it."""

    week: int
    day: int
    giver: str
    receiver: str
    shared: bool = False


WEDNESDAY, THURSDAY, FRIDAY = 2, 3, 4
QUESTIONS = (
    Question(2, WEDNESDAY, "amara", "jonas", answered=DAY),
    Question(3, THURSDAY, "hana", "katrin", answered=DAY),
    Question(3, THURSDAY, "camila", "priya", declined=DAY),
    Question(4, WEDNESDAY, "nils", "arjun"),
    Question(6, THURSDAY, "jonas", "amara", answered=5 * DAY),
    Question(7, WEDNESDAY, "luiza", "tilly", answered=2 * DAY),
    Question(8, WEDNESDAY, "vera", "ruth", declined=DAY),
    Question(9, THURSDAY, "tilly", "rafael", answered=DAY),
    Question(10, WEDNESDAY, "camila", "luiza", answered=DAY),
    Question(11, THURSDAY, "hana", "jonas"),
    Question(12, WEDNESDAY, "amara", "camila", answered=2 * DAY),
)
UNASKED = ((8, "amara", "jonas"), (11, "jonas", "suman"))
THANKS = (
    Thanks(1, FRIDAY, "priya", "suman"),
    Thanks(2, THURSDAY, "jonas", "amara", shared=True),
    Thanks(4, THURSDAY, "tilly", "luiza", shared=True),
    Thanks(5, FRIDAY, "ruth", "hana"),
    Thanks(6, THURSDAY, "camila", "priya", shared=True),
    Thanks(8, WEDNESDAY, "hana", "rafael"),
    Thanks(10, THURSDAY, "suman", "katrin", shared=True),
    Thanks(12, THURSDAY, "amara", "tilly", shared=True),
)
PULSES = {
    1: ("amara", "jonas", "priya", "suman", "tilly", "ruth"),
    5: ("amara", "hana", "katrin"),
    9: ("amara", "jonas", "priya", "suman", "katrin", "hana", "ruth"),
}
"""Who answers the pulse that is asked in a week; three are too few for anything to be shown."""


def week_at(moment: datetime) -> int:
    """Say in which week a moment lies, counted from 1."""
    return (moment.date() - monday(1)).days // 7 + 1


def on(week: int, day: int, hour: int = 15, minute: int = 0) -> datetime:
    """Return a time of day in New York on a weekday (0 is Monday) of a week."""
    return to_utc(monday(week) + timedelta(days=day), time(hour, minute), NEW_YORK)


def round_weeks(weeks: int) -> range:
    """Return the weeks in which a round of introductions goes out."""
    return range(1, weeks + 1, EVERY_WEEKS)


def round_at(week: int) -> datetime:
    """Return when the round of a week goes out: on Tuesday at ten in New York."""
    return on(week, 1, ROUND_AT.hour)


def expected_in(week: int) -> set[str]:
    """Return whom the round of a week should bring together, or name as left over."""
    found = set[str]()
    for player in PLAYERS:
        gone = player.leaves_in is not None and week >= player.leaves_in
        late = week <= LATE.get(player.key, 0)
        if not gone and not late and week not in player.away and (player.key, week) != SKIPS:
            found.add(player.key)
    return found


class Plot:
    """Everything people do with each other, in the order of time, and the record of it."""

    def __init__(self, world: World, stage: Stage) -> None:
        """Prepare the plot for the people on stage."""
        self.company = Company(world, stage)
        self.record: list[Done] = []
        self._world = world
        self._key_of = {actor.id: key for key, actor in stage.actors.items()}

    async def begin(self) -> None:
        """Switch everything on, and let in who takes part from the beginning."""
        company = self.company
        await company.switch_on()
        for key, (topics, place) in MENTORS.items():
            await company.offer(key, topics, place)
        for player in PLAYERS:
            if player.key not in LATE:
                await company.come_in(player.key)
        one, other = AVOIDS
        await company.avoid(one, other)

    def deeds(self, weeks: int) -> list[Deed]:
        """Return everything that is done within these weeks."""
        end = on(weeks + 1, 0, 0)
        every = [*self._introductions(weeks), *self._feedback(), *self._thanks(), *self._rest()]
        return [deed for deed in every if deed.at < end]

    def _note(self, key: str, did: Did, other: str = "", room_id: int = 0) -> None:
        self.record.append(Done(self._world.now(), key, did, other, room_id))

    # -- introductions ---------------------------------------------------------------------------

    def _introductions(self, weeks: int) -> Iterator[Deed]:
        for week in round_weeks(weeks):
            begun, again = round_at(week), round_at(week) + 5 * DAY
            for place, after in WRITES_AFTER.items():
                yield Deed(begun + after, "", self._greet(week, begun, place))
            yield Deed(again, "", self._greet(week, begun + DAY))
            yield Deed(begun + 2 * DAY + 6 * HOUR, "", self._meet(begun, later=False))
            yield Deed(begun + 8 * DAY, "", self._meet(begun, later=True))
            if week in LOOK_AGAIN:
                yield Deed(begun + 74 * HOUR, "", self._look_again(week))
        for key, week in LATE.items():
            yield Deed(on(week, THURSDAY, 16), key, self._comes_in(key))
        who, week = SKIPS
        yield Deed(on(week, 0, 14), who, self._skips(who))

    def _comes_in(self, key: str) -> Callable[[], Awaitable[object]]:
        return lambda: self.company.come_in(key)

    def _skips(self, key: str) -> Callable[[], Awaitable[object]]:
        return lambda: self.company.hands(key).press(self.company.hall, "introductions.skip")

    def _greet(
        self, week: int, since: datetime, place: str = ""
    ) -> Callable[[], Awaitable[object]]:
        """Have everyone in a part of the world write into the thread that is new to them."""

        async def greet() -> None:
            for player in PLAYERS:
                here = player.zone_in(week).startswith(place)
                room = self.company.room(player.key)
                if room is None or not here or week in SILENT.get(player.key, ()):
                    continue
                if self.company.opened(room) >= since:
                    await self.company.say(player.key, "Hello! When would half an hour suit you?")

        return greet

    def _meet(self, since: datetime, *, later: bool) -> Callable[[], Awaitable[object]]:
        """Have somebody press *We met* in every thread in which two have written.

        In every fourth it is *Not yet* at first.
        """

        async def meet() -> None:
            rooms = [one for one in self.company.rooms() if self.company.opened(one) >= since]
            for place, room in enumerate(rooms):
                wrote = self._wrote(room.id)
                if len(wrote) < 2 or self._met(room.id):
                    continue
                if place % 4 == 3 and not later:
                    await self.company.hands(wrote[0]).press(room, "introductions.not_yet")
                elif self.company.hands(wrote[0]).sees(room, "introductions.yes"):
                    await self.company.hands(wrote[0]).press(room, "introductions.yes")
                    self._note(wrote[0], Did.MET, room_id=room.id)

        return meet

    def _met(self, room_id: int) -> bool:
        return any(one.room_id == room_id and one.did is Did.MET for one in self.record)

    def _wrote(self, room_id: int) -> list[str]:
        return sorted({self._key_of[one] for one in self._world.writers(room_id)})

    def _look_again(self, week: int) -> Callable[[], Awaitable[object]]:
        """Have whoever wrote alone ask for somebody else."""

        async def look() -> None:
            for room in self.company.rooms():
                wrote = self._wrote(room.id)
                if self.company.opened(room) >= round_at(week) and len(wrote) == 1:
                    await self.company.hands(wrote[0]).press(room, "introductions.else")
                    self._note(wrote[0], Did.LOOKED_AGAIN, room_id=room.id)

        return look

    # -- feedback, thanks, mentors, pulse --------------------------------------------------------

    def _feedback(self) -> Iterator[Deed]:
        for one in QUESTIONS:
            at = on(one.week, one.day)
            yield Deed(at, one.asker, self._asks(one))
            if one.answered is not None:
                yield Deed(at + one.answered, one.asked, self._tells(one))
            if one.declined is not None:
                yield Deed(at + one.declined, one.asked, self._declines(one))
        for week, giver, receiver in UNASKED:
            yield Deed(on(week, THURSDAY, 11), giver, self._tells_unasked(giver, receiver))

    def _asks(self, one: Question) -> Callable[[], Awaitable[object]]:
        async def ask() -> None:
            occasion = f"My part in week {one.week}"
            await self.company.ask(one.asker, one.asked, occasion, "What would you change?")
            self._note(one.asker, Did.ASKED, one.asked)

        return ask

    def _tells(self, one: Question) -> Callable[[], Awaitable[object]]:
        async def tell() -> None:
            await self.company.tell(one.asked, SAID)
            self._note(one.asked, Did.GIVEN, one.asker)

        return tell

    def _declines(self, one: Question) -> Callable[[], Awaitable[object]]:
        async def decline() -> None:
            await self.company.decline(one.asked)
            self._note(one.asked, Did.DECLINED, one.asker)

        return decline

    def _tells_unasked(self, giver: str, receiver: str) -> Callable[[], Awaitable[object]]:
        async def tell() -> None:
            await self.company.tell_unasked(giver, receiver, "Tuesday's demo", SAID)
            self._note(giver, Did.UNASKED, receiver)

        return tell

    def _thanks(self) -> Iterator[Deed]:
        for one in THANKS:
            at = on(one.week, one.day, 12)
            yield Deed(at, one.giver, self._thank(one))
            yield Deed(at + 3 * HOUR, one.receiver, self._reads_thanks(one))

    def _thank(self, one: Thanks) -> Callable[[], Awaitable[object]]:
        async def thank() -> None:
            await self.company.thank(one.giver, one.receiver, "an hour of patience")
            self._note(one.giver, Did.THANKED, one.receiver)

        return thank

    def _reads_thanks(self, one: Thanks) -> Callable[[], Awaitable[object]]:
        async def read() -> None:
            await self.company.read_thanks(one.receiver, share=one.shared)
            if one.shared:
                self._note(one.receiver, Did.SHARED, one.giver)

        return read

    def _rest(self) -> Iterator[Deed]:
        for key, topics in MENTEES.items():
            yield Deed(on(1, WEDNESDAY), key, self._looks_for_mentor(key, topics))
        yield Deed(on(2, WEDNESDAY, 12), "mia", self.company.match_mentors)
        for week, keys in PULSES.items():
            for minute, key in enumerate(keys):
                yield Deed(on(week, THURSDAY, 10, minute), key, self._answers_pulse(key))

    def _looks_for_mentor(self, key: str, topics: str) -> Callable[[], Awaitable[object]]:
        return lambda: self.company.look_for_mentor(key, topics, "Half an hour now and then")

    def _answers_pulse(self, key: str) -> Callable[[], Awaitable[object]]:
        async def answer() -> None:
            await self.company.answer_pulse(key, "well", "Being asked")
            self._note(key, Did.PULSED)

        return answer


SAID = Words("You asked before you built.", "It saved us a day.", "Asking early", "Shorter notes")
