"""The days of the calendar that a piece can mean."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from bot.clockwork.grammar.said import Days, Impossible, Trouble
from bot.clockwork.recurrence import LAST, months_later, nth_weekday

YEARS_AHEAD: Final = 9
"""How far a date without its year is looked for: 29 February can be eight years away."""


def day_number(digits: str) -> int:
    """Return a day of the month; the 42nd is none."""
    if not 1 <= int(digits) <= 31:
        raise Impossible(Trouble.NO_DAY)
    return int(digits)


def dated(day: int, month: int, year: str | None) -> Days:
    """A date in its year, or in the years to come; 31 June is in none."""
    try:
        date(2000, month, day)
        if year:
            on = date(int(year) + (2000 if len(year) == 2 else 0), month, day)
            return lambda today: iter([on])
    except ValueError:
        raise Impossible(Trouble.NO_DAY) from None
    return lambda today: in_years(today, lambda y: day_of(y, month, day))


def day_of(year: int, month: int, day: int) -> date | None:
    """Return that day of that year, if it has one."""
    if day == LAST:
        return end_of_month(date(year, month, 1))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def in_years(today: date, day_in: Callable[[int], date | None]) -> Iterator[date]:
    """Return the days of this year and the next ones that are not over."""
    days = (day_in(year) for year in range(today.year, today.year + YEARS_AHEAD))
    return (day for day in days if day is not None and day >= today)


def in_months(today: date, day: int, first: int, end: int) -> Iterator[date]:
    """Return that day of the months from `first` until before `end`, counted from this one."""
    months = (month_ahead(today, ahead) for ahead in range(first, end))
    days = (day_of(month.year, month.month, day) for month in months)
    return (on for on in days if on is not None and on >= today)


def nth_in(month: date, weekday: int, nth: int) -> Iterator[date]:
    """Return the nth weekday of a month, if it has one."""
    day = nth_weekday(month.year, month.month, weekday, nth)
    return iter([day] if day else [])


def month_ahead(day: date, ahead: int) -> date:
    """Return the first day of a month to come."""
    return months_later(day.replace(day=1), ahead)


def end_of_month(day: date) -> date:
    """Return the last day of a month."""
    return month_ahead(day, 1) - timedelta(1)
