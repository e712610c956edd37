"""Which day: tomorrow, next friday, 24 Dec, the end of the month."""

import re
from datetime import date, timedelta
from typing import Final

from bot.clockwork.grammar.calendars import (
    dated,
    day_number,
    day_of,
    in_months,
    in_years,
    month_ahead,
)
from bot.clockwork.grammar.hours import set_clock
from bot.clockwork.grammar.rhythms import listed
from bot.clockwork.grammar.said import Amount, Impossible, NoTime, Pieces, Rules, Trouble
from bot.clockwork.grammar.words import (
    AND,
    EDGE,
    EDGES,
    HOLIDAY,
    HOLIDAYS,
    MONTH,
    NTH,
    ORDINALS,
    WEEK,
    WEEKDAY,
)
from bot.clockwork.phrases import MONTHS, WEEKDAYS
from bot.clockwork.recurrence import LAST

rule = Rules()
WEEK_EDGES: Final = {1: 0, 15: 2, LAST: 4}
YEAR_EDGES: Final = {1: 1, 15: 7, LAST: 12}


@rule(r"today|tonight|this\s+(?:morning|afternoon|evening|night)")
def _today(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    said.today = True
    if shown[0] == "tonight":
        said.part = "night"


@rule(r"(?:the\s+)?day\s+after\s+tomorrow|overmorrow")
def _in_two_days(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    said.days = (lambda today: iter([today + timedelta(2)]),)


@rule(r"tomorrow")
def _tomorrow(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    said.days = (lambda today: iter([today + timedelta(1)]),)


@rule(rf"({WEEKDAY})\s+week")
def _a_week_later(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day", "amount")
    said.weekdays, said.amount = (WEEKDAYS[shown[1]],), Amount(days=WEEK)


@rule(rf"({WEEKDAY})\s+after\s+next")
def _weekday_after_next(said: Pieces, shown: re.Match[str]) -> None:
    said.once("weekday", "amount")
    said.weekdays, said.amount = (WEEKDAYS[shown[1]],), Amount(days=WEEK)
    said.next_weekday = True


@rule(rf"(?:(next|this\s+coming|this|coming)\s+)?({WEEKDAY})((?:{AND}(?:{WEEKDAY})(?![a-z]))*)")
def _weekday(said: Pieces, shown: re.Match[str]) -> None:
    if shown[3] and "repeat" not in said.found and not shown[3].strip().startswith(("and", "&")):
        raise NoTime
    said.once("weekday")
    said.weekdays = listed(shown[2] + " " + shown[3])
    said.next_weekday = shown[1] == "next"
    if len(said.weekdays) > 1 and "repeat" not in said.found:
        said.once("repeat")
        said.every, said.unit = 1, "week"


@rule(r"next\s+week(?!end)")
def _next_week(said: Pieces, shown: re.Match[str]) -> None:
    said.once("next week")
    said.next_week = 1


@rule(r"next\s+(month|year)")
def _next_unit(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    if shown[1] == "month":
        said.days = (lambda today: iter([month_ahead(today, 1)]),)
    else:
        said.days = (lambda today: iter([date(today.year + 1, 1, 1)]),)


@rule(r"(?:at\s+)?(this|the|next)?\s*weekend")
def _weekend(said: Pieces, shown: re.Match[str]) -> None:
    said.once("weekday")
    said.weekdays, said.next_weekday = (5,), shown[1] == "next"


@rule(rf"(?:({EDGE})\s+of|eo)\s?(?:(the|this|next)\s+)?(week|month|year|w|m|y)")
def _edge_of_unit(said: Pieces, shown: re.Match[str]) -> None:
    edge, unit = EDGES[shown[1] or "end"], shown[3][0]
    ahead = int(shown[2] == "next")
    if unit == "w":
        said.once("weekday")
        said.weekdays = (WEEK_EDGES[edge],)
        if ahead:
            said.once("next week")
            said.next_week = ahead
        if edge == LAST:
            said.part = said.part or "eod"
        return
    said.once("day")
    if unit == "m":
        said.days = (lambda today: in_months(today, edge, ahead, 13),)
    else:
        month = YEAR_EDGES[edge]
        said.days = (
            lambda today: in_years(
                today.replace(month=1, day=1, year=today.year + 1) if ahead else today,
                lambda year: day_of(year, month, LAST if edge == LAST else 1),
            ),
        )


@rule(rf"(?:({EDGE})\s+of|mid)\s+({MONTH})(?:\s+(20\d\d)(?!\s*(?:hrs|h)))?")
def _edge_of_a_month(said: Pieces, shown: re.Match[str]) -> None:
    edge, month = EDGES[shown[1] or "mid"], MONTHS[shown[2]]
    year = int(shown[3] or 0)
    said.once("day")
    said.days = (
        lambda today: in_years(today, lambda y: day_of(y, month, edge) if year in (0, y) else None),
    )


@rule(HOLIDAY)
def _holiday(said: Pieces, shown: re.Match[str]) -> None:
    month, day = HOLIDAYS[shown[0]]
    _date_said(said, day, month, None)


@rule(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:t|\s+(?:at\s+)?)(\d{1,2}):(\d{2})(?::\d{2})?(z)?(?!\s*[ap]m)"
)
def _iso_moment(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    _fixed(said, int(shown[1]), int(shown[2]), int(shown[3]))
    set_clock(said, int(shown[4]), int(shown[5]), None, sure=True)
    if shown[6]:
        said.once("zone")
        said.zones = ("UTC",)


@rule(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
def _iso(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    _fixed(said, int(shown[1]), int(shown[2]), int(shown[3]))


@rule(r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4})|(\d{2})(?=\s|$))?")
def _dotted(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    said.days = (dated(int(shown[1]), int(shown[2]), shown[3] or shown[4]),)


@rule(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}|\d{2}))?")
def _slashed(said: Pieces, shown: re.Match[str]) -> None:
    said.once("day")
    one, two, year = int(shown[1]), int(shown[2]), shown[3]
    pairs = [(one, two), (two, one)] if one != two else [(one, two)]
    readings = [(day, month) for day, month in pairs if 1 <= month <= 12]
    if not readings:
        raise Impossible(Trouble.NO_DAY)
    said.days = tuple(dated(day, month, year) for day, month in readings)


@rule(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?\.?[\s-]*(?:of\s+)?({MONTH})\.?(?![a-z])[\s-]*(\d{{4}}(?!\s*(?:hrs|h)))?"
)
def _day_month(said: Pieces, shown: re.Match[str]) -> None:
    _date_said(said, int(shown[1]), MONTHS[shown[2]], shown[3])


@rule(
    rf"({MONTH})\.?\s*(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]|\s?(?:am|pm|h|uhr))(?:\s+(\d{{4}})(?!\s*(?:hrs|h)))?"
)
def _month_day(said: Pieces, shown: re.Match[str]) -> None:
    _date_said(said, int(shown[2]), MONTHS[shown[1]], shown[3])


@rule(rf"{NTH}|(?<=the )(first|second|third|fourth|fifth)(?=$|\s+at\b)")
def _ordinal(said: Pieces, shown: re.Match[str]) -> None:
    day = day_number(shown[1]) if shown[1] else ORDINALS[shown[2]]
    said.once("day")
    if said.unit == "month":
        said.month_day = day
    said.days = (lambda today: in_months(today, day, 0, 13),)


@rule(r"(\d{1,2})")
def _bare_hour(said: Pieces, shown: re.Match[str]) -> None:
    if int(shown[1]) > 24:
        raise NoTime
    said.bare_hour = True
    set_clock(said, int(shown[1]), 0, None, sure=False)


def _date_said(said: Pieces, day: int, month: int, year: str | None) -> None:
    said.once("day")
    if said.unit == "month" and not year:
        said.month_day = day
    said.days = (dated(day, month, year),)


def _fixed(said: Pieces, year: int, month: int, day: int) -> None:
    said.days = (dated(day, month, str(year)),)
