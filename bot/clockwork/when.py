"""What somebody means by "tomorrow 9am", "in 2 weeks" or "every other tuesday at noon".

A phrase means a moment or a rule. Where it can mean two, both are returned, to be asked about:
a guess that is wrong by twelve hours is worse than a question.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.clockwork.echo import echo
from bot.clockwork.grammar.find import find
from bot.clockwork.grammar.said import Amount, Clock, Days, Impossible, NoTime, Pieces, Trouble
from bot.clockwork.grammar.words import LATE, PARTS
from bot.clockwork.recurrence import (
    AnyRule,
    Daily,
    MonthDay,
    MonthWeekday,
    Weekdays,
    months_later,
    to_utc,
)
from bot.clockwork.zones import zone_info
from bot.errors import Refusal
from bot.face.words import _

MORNING: Final = time(9)
FURTHEST: Final = timedelta(days=5 * 366)
MOST_MEANINGS: Final = 4
WEEK: Final = 7
DAYS_LOOKED_AT: Final = 4
FIRST_MORNING_HOUR: Final = 7
"""With a day beside it, "at 9" is in the morning, while "at 5" can be either."""
LAST_AFTERNOON_HOUR: Final = 6
HOURS_ALONE: Final = 5
"""By itself "2h" is how long, "14h" is when."""


class Once(BaseModel):
    """One moment. `wall` is what the clock shows then, where a wall time was meant."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["once"] = "once"
    at: datetime
    wall: datetime | None = None
    zone: str | None = None
    """The zone that the phrase named, if it did."""


class Repeating(BaseModel):
    """A rule, in the zone that the phrase named or in the person's own."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["repeating"] = "repeating"
    rule: AnyRule
    zone: str | None = None

    def next(self, after: datetime, zone: str) -> datetime:
        """The first moment later than `after`, for somebody who lives in `zone`."""
        return self.rule.next(after, self.zone or zone).at


Meaning = Annotated[Once | Repeating, Field(discriminator="kind")]


def read_when(text: str, now: datetime, zone: str) -> list[Once | Repeating]:
    """What the phrase means to somebody in `zone`; two meanings are theirs to choose between.

    Raises Refusal, with a sentence that says why and what to type instead.
    """
    try:
        return _either([_Reading(said, now, zone) for said in find(_alone(text))])
    except NoTime:
        raise Refusal(
            _(
                "I could not read {text} as a time. Type it like tomorrow 9am, in 2 weeks, "
                "friday 16:00 or every monday at 9."
            ).format(text=_quoted(text))
        ) from None
    except Impossible as error:
        raise Refusal(_why(error.trouble, text)) from None
    except (OverflowError, ValueError):
        raise Refusal(_why(Trouble.TOO_FAR, text)) from None


def _either(readings: list["_Reading"]) -> list[Once | Repeating]:
    """Return all that a phrase can mean; what cannot be is left out, unless it is all there is."""
    found: list[Once | Repeating] = []
    trouble: Impossible | None = None
    for reading in readings:
        try:
            found.extend(one for one in reading.meanings() if one not in found)
        except Impossible as error:
            trouble = trouble or error
    if not found and trouble:
        raise trouble
    return found[:MOST_MEANINGS]


def _alone(text: str) -> str:
    """Read "14h" by itself as a time of day, which "2h" by itself is not."""
    bare = text.strip().casefold()
    if bare[:-1].isdigit() and bare.endswith("h") and HOURS_ALONE < int(bare[:-1][:4]) < 24:
        return f"at {bare}"
    return text


class _Reading:
    """One phrase, read at one moment by somebody in one zone."""

    def __init__(self, said: Pieces, now: datetime, home: str) -> None:
        self.said = said
        self.now = now
        self.home = home

    def meanings(self) -> list[Once | Repeating]:
        said = self.said
        if "zone" in said.found and not {"clock", "part"} & said.found:
            raise NoTime
        if said.bare_hour and said.found == {"clock"}:
            raise NoTime
        named = self._zones()
        found: list[Once | Repeating] = []
        for zone in named or [None]:
            place = zone or self.home
            if "repeat" in said.found:
                found.extend(self._rules(place, zone))
            else:
                found.extend(self._moments(place, zone))
        return found

    def _zones(self) -> list[str]:
        """Return the zones a word can stand for, unless they show the same time anyway."""
        if self.home in self.said.zones:
            return [self.home]
        kept: dict[object, str] = {}
        half_a_year = self.now + timedelta(days=182)
        for zone in self.said.zones:
            tz = zone_info(zone)
            shown = (self.now.astimezone(tz).utcoffset(), half_a_year.astimezone(tz).utcoffset())
            kept.setdefault(shown, zone)
        return list(kept.values())

    # --- one moment

    def _moments(self, place: str, named: str | None) -> list[Once | Repeating]:
        said = self.said
        local = self.now.astimezone(zone_info(place)).replace(tzinfo=None)
        if said.amount is not None and not self._names_a_day():
            return [self._after(said.amount, local, place, named)]
        today = self._today()
        firsts = (
            self._first(days, clock, today, place, named)
            for days in map(self._later, self._days())
            for clock in self._clocks(local)
        )
        found = [once for once in firsts if once]
        if not found:
            raise Impossible(Trouble.PAST)
        for once in found:
            self._not_too_far(once.at)
        return list(self._chosen(found, place))

    def _today(self) -> date:
        """Return the day it is for the person: "tomorrow" is theirs, whatever place is named."""
        return self.now.astimezone(zone_info(self.home)).date()

    def _after(self, amount: Amount, local: datetime, place: str, named: str | None) -> Once:
        """Days keep the wall clock; hours and minutes pass as they pass."""
        if not (amount.months or amount.days or amount.minutes):
            raise Impossible(Trouble.PAST)
        if not (amount.months or amount.days):
            if self.said.clock or self.said.part:
                raise NoTime
            at = self.now + timedelta(minutes=amount.minutes)
            self._not_too_far(at)
            return Once(at=at.replace(microsecond=0))
        day = _ahead(local.date(), amount)
        wall = local.time().replace(second=0, microsecond=0)
        if self.said.clock or self.said.part:
            day = _ahead(self._today(), amount)
            wall = self._clocks(local)[0].at
        at = to_utc(day, wall, place) + timedelta(minutes=amount.minutes)
        self._not_too_far(at)
        if amount.minutes:
            return Once(at=at)
        return Once(at=at, wall=datetime.combine(day, wall), zone=named)

    def _days(self) -> list[Days]:
        said = self.said
        if said.next_week and (said.days or said.today or not self._whole_weeks()):
            raise NoTime
        if said.weekdays:
            self._one_weekday()
            if said.days:
                return [_on_weekday(days, said.weekdays[0]) for days in said.days]
            return self._weekdays(said.weekdays[0])
        if said.today:
            return [lambda today: iter([today])]
        if said.next_week:
            if said.same_time:
                return [lambda today: iter([today + timedelta(WEEK * said.next_week)])]
            return [lambda today: iter([self._monday(today)])]
        if said.days:
            return list(said.days)
        around = range(-1, 3) if said.zones or said.offset is not None else range(2)
        return [lambda today: (today + timedelta(day) for day in around)]

    def _whole_weeks(self) -> bool:
        amount = self.said.amount
        return amount is None or not (amount.months or amount.days % WEEK)

    def _one_weekday(self) -> None:
        if len(self.said.weekdays) > 1:
            raise NoTime

    def _weekdays(self, weekday: int) -> list[Days]:
        """Return one or two readings of a weekday: "next friday" is not the same to everybody."""
        said = self.said

        def coming(today: date) -> Iterator[date]:
            first = today + timedelta((weekday - today.weekday()) % WEEK)
            return iter([first, first + timedelta(WEEK)])

        def in_next_week(today: date) -> Iterator[date]:
            return iter([self._monday(today) + timedelta(weekday)])

        if said.next_week:
            return [in_next_week]
        if not said.next_weekday:
            return [coming]

        def soonest(today: date) -> Iterator[date]:
            return iter([today + timedelta((weekday - today.weekday() - 1) % WEEK + 1)])

        return [soonest, in_next_week]

    def _monday(self, today: date) -> date:
        """Return the first day of the next week, or of the one after it."""
        return today + timedelta(WEEK * (self.said.next_week or 1) - today.weekday())

    def _later(self, days: Days) -> Days:
        """Move days by an amount said beside them: "a week from monday"."""
        amount = self.said.amount
        if amount is None:
            return days
        if amount.minutes:
            raise NoTime
        return lambda today: (_ahead(day, amount) for day in days(today))

    def _clocks(self, local: datetime) -> list[Clock]:
        """Return the times of day that are meant: one, or two where it can be either half."""
        said, part = self.said, self.said.part
        if said.same_time:
            return [Clock(local.time().replace(second=0, microsecond=0), True)]
        clock = said.clock or self._usual(local)
        if clock.sure:
            return [clock]
        early, late = _halves(clock.at)
        if part:
            kind = part.split()[-1]
            midnight = kind == "night" and clock.at.hour == 12
            return [late if kind in LATE and not midnight else early]
        if clock.at.hour == 12:
            return [late] if self._dated() else [late, early]
        if self._dated():
            return [early] if clock.at.hour >= FIRST_MORNING_HOUR else [early, late]
        return self._undated(early, late, local)

    def _names_a_day(self) -> bool:
        said = self.said
        return bool(said.days or said.weekdays or said.next_week or said.today)

    def _dated(self) -> bool:
        """Whether a day is named other than today."""
        said = self.said
        return bool(said.days or said.weekdays or said.next_week or "repeat" in said.found)

    def _undated(self, early: Clock, late: Clock, local: datetime) -> list[Clock]:
        """Return what "at 8" is by itself: the half of today that is left, or both."""
        now = local.time()
        if self.said.today:
            left = [clock for clock in (early, late) if clock.at > now]
            if len(left) == 2 and early.at.hour >= FIRST_MORNING_HOUR:
                return [early]
            return left or [late]
        if early.at > now and early.at.hour >= FIRST_MORNING_HOUR:
            return [early]
        if early.at <= now < late.at and late.at.hour <= 12 + LAST_AFTERNOON_HOUR:
            return [late]
        return [early, late]

    def _usual(self, local: datetime) -> Clock:
        """Return the time of day where none is said: nine, or what the part of the day suggests."""
        said = self.said
        if said.part:
            usual = PARTS.get(said.part, MORNING)
            night = said.part.split()[-1] == "night"
            if night and said.today and local.hour >= usual.hour:
                later = local.replace(second=0, microsecond=0) + timedelta(hours=1)
                return Clock(later.time(), True)
            return Clock(usual, True)
        if said.today:
            raise Impossible(Trouble.NO_HOUR)
        return Clock(MORNING, True)

    def _first(
        self, days: Days, clock: Clock, today: date, place: str, named: str | None
    ) -> Once | None:
        """Return the first of these days on which that time is still to come."""
        said = self.said
        midnight_after = said.today and clock.at.hour == 0 and said.clock is not None
        for day in islice(days(today), DAYS_LOOKED_AT):
            on = day + timedelta(1) if midnight_after else day
            if said.offset is not None:
                wall = datetime.combine(on, clock.at, UTC)
                at, shown, zone = wall - said.offset, None, None
            else:
                at = to_utc(on, clock.at, place)
                shown, zone = datetime.combine(on, clock.at), named
            if at > self.now:
                return Once(at=at, wall=shown, zone=zone)
        return None

    def _chosen(self, found: list[Once], place: str) -> Iterable[Once]:
        """Return each moment once; the midnight of a day is the one before it or after it."""
        said = self.said
        if said.part == "midnight" and self._dated() and len(found) == 1:
            after = found[0].wall
            assert after is not None
            next_day = after + timedelta(1)
            at = to_utc(next_day.date(), next_day.time(), place)
            found = [*found, replace_once(found[0], at, next_day)]
        return {once.at: once for once in found}.values()

    def _not_too_far(self, at: datetime) -> None:
        if at > self.now + FURTHEST:
            raise Impossible(Trouble.TOO_FAR)

    # --- a rule

    def _rules(self, place: str, named: str | None) -> list[Once | Repeating]:
        said = self.said
        if said.offset is not None:
            raise Impossible(Trouble.NO_ZONE_TO_REPEAT)
        if said.every < 1:
            raise Impossible(Trouble.NEVER)
        if said.every > {"day": 366, "week": 52, "month": 60}[said.unit]:
            raise Impossible(Trouble.TOO_RARE)
        if said.amount is not None or said.next_week or said.today or said.next_weekday:
            raise NoTime
        local = self.now.astimezone(zone_info(place)).replace(tzinfo=None)
        return [
            Repeating(rule=self._rule(clock.at, local.date(), place), zone=named)
            for clock in self._clocks(local)
        ]

    def _rule(self, at: time, today: date, place: str) -> AnyRule:
        """Return the rule, counted from the first day on which it comes."""
        said = self.said
        if said.unit == "month" and not (said.month_day or said.nth or said.weekdays or said.days):
            return self._pattern(at, months_later(today, said.every), said.every)
        once = self._pattern(at, today, 1)
        if said.days and said.month_day and said.every % 12 == 0:
            days = said.days[0](today)
            first = next(on for on in days if to_utc(on, at, place) > self.now)
        else:
            first = once.next(self.now, place).on
        return self._pattern(at, first, said.every)

    def _pattern(self, at: time, anchor: date, every: int) -> AnyRule:
        said = self.said
        if said.unit == "day":
            if said.weekdays or said.days:
                raise NoTime
            return Daily(at=at, anchor=anchor, every=every)
        if said.unit == "week":
            if said.days:
                raise NoTime
            days = said.weekdays or (anchor.weekday(),)
            return Weekdays(at=at, anchor=anchor, every=every, days=days)
        if said.nth:
            weekday = said.weekdays[0]
            return MonthWeekday.model_validate(
                {"at": at, "anchor": anchor, "every": every, "nth": said.nth, "weekday": weekday}
            )
        if said.weekdays or (said.days and not said.month_day):
            raise NoTime
        return MonthDay(at=at, anchor=anchor, every=every, day=said.month_day or anchor.day)


def replace_once(once: Once, at: datetime, wall: datetime) -> Once:
    """The same at another moment."""
    return once.model_copy(update={"at": at, "wall": wall})


def _halves(at: time) -> tuple[Clock, Clock]:
    hour = at.hour % 12
    return (
        Clock(at.replace(hour=hour), True),
        Clock(at.replace(hour=hour + 12), True),
    )


def _ahead(day: date, amount: Amount) -> date:
    return months_later(day, amount.months) + timedelta(amount.days)


def _on_weekday(days: Days, weekday: int) -> Days:
    """Check that a date is the weekday said beside it."""

    def checked(today: date) -> Iterator[date]:
        for day in islice(days(today), DAYS_LOOKED_AT):
            if day.weekday() != weekday:
                raise Impossible(Trouble.OTHER_WEEKDAY)
            yield day

    return checked


def _quoted(text: str) -> str:
    shown = echo(text)
    return f'"{shown}"' if shown else _("that")


def _why(trouble: Trouble, text: str) -> str:
    """Say why there is no such time, with an example of what there is."""
    return {
        Trouble.PAST: _("{text} is over. Name a time to come, like tomorrow 9am."),
        Trouble.NO_DAY: _("There is no such day as {text}. Try one like 28 February."),
        Trouble.NO_CLOCK: _("No clock shows {text}. Type the time like 9am, 14:30 or noon."),
        Trouble.TOO_OFTEN: _(
            "{text} is closer than I repeat things. Once a day is the most: every day at 9."
        ),
        Trouble.TOO_RARE: _("{text} is too far apart for me. Try every 12 months."),
        Trouble.NEVER: _("{text} would never come. Try every day at 9 or every 2 weeks."),
        Trouble.TOO_FAR: _(
            "{text} is further ahead than I can promise: five years at most. Check the year?"
        ),
        Trouble.NO_HOUR: _("What time today? Type it like today at 17:00 or in 2 hours."),
        Trouble.OTHER_WEEKDAY: _(
            "{text}: the weekday and the date do not belong together. Leave one of them out."
        ),
        Trouble.NO_ZONE_TO_REPEAT: _(
            "An offset like that is off by an hour for half of the year in many places. "
            "Name a city instead: every monday at 9 Berlin time."
        ),
    }[trouble].format(text=_quoted(text))
