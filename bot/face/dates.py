"""Days and months by name, in the language of the person being answered."""

from datetime import date, datetime
from typing import Final

from bot.face.words import N_, _

WEEKDAYS: Final = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_SHORT_WEEKDAYS: Final = (
    N_("Mon"),
    N_("Tue"),
    N_("Wed"),
    N_("Thu"),
    N_("Fri"),
    N_("Sat"),
    N_("Sun"),
)
_MONTHS: Final = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
_SHORT_MONTHS: Final = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)


def short_day(on: date) -> str:
    """Return a day of this year: "2 Mar"."""
    return _("{day} {month}").format(day=on.day, month=_(_SHORT_MONTHS[on.month - 1]))


def short_date(on: date) -> str:
    """Return a day of any year: "2 Mar 2026"."""
    return _("{day} {month} {year}").format(
        day=on.day, month=_(_SHORT_MONTHS[on.month - 1]), year=on.year
    )


def month(on: date) -> str:
    """Return a month with its year: "March 2026"."""
    return _("{month} {year}").format(month=_(_MONTHS[on.month - 1]), year=on.year)


def whole_day(on: date) -> str:
    """Return a day with nothing left out: "Monday 2 March 2026"."""
    return _("{weekday} {day} {month} {year}").format(
        weekday=_(WEEKDAYS[on.weekday()]),
        day=on.day,
        month=_(_MONTHS[on.month - 1]),
        year=on.year,
    )


def short_clock(moment: datetime) -> str:
    """Return what a clock with its day shows: "Mon 09:00"."""
    return f"{_(_SHORT_WEEKDAYS[moment.weekday()])} {moment:%H:%M}"


def month_name(month: int) -> str:
    """Return a month by its number: "March"."""
    return _(_MONTHS[month - 1])


def stamp(moment: datetime, style: str = "F") -> str:
    """Return a moment as Discord shows it to everyone in their own zone."""
    return f"<t:{int(moment.timestamp())}:{style}>"
