"""How far ahead: in 2 weeks, an hour from now."""

import re
from fractions import Fraction

from bot.clockwork.grammar.said import Amount, Impossible, Pieces, Rules, Trouble
from bot.clockwork.grammar.words import (
    AMOUNT,
    DAYS,
    ITEM,
    MINUTES,
    MONTHS_IN,
    NUMBERS,
    UNIT,
    UNITS,
    WEEKDAY,
)

rule = Rules()
_digits = re.compile(r"[\d./]+").findall


@rule(rf"(?:the\s+)?week\s+after\s+next(?!\s+(?:{WEEKDAY}))")
def _week_after_next(said: Pieces, shown: re.Match[str]) -> None:
    said.once("next week")
    said.next_week = 2


@rule(rf"(?:in|after)\s+(\d+)\s?h(?:rs?|ours?)?\s?(\d{{2}})(?!\s*(?:{UNIT})\b)")
def _hours_and_minutes(said: Pieces, shown: re.Match[str]) -> None:
    said.once("amount")
    said.amount = Amount(minutes=60 * int(shown[1]) + int(shown[2]))


@rule(rf"({AMOUNT})\s+from(?=\s+(?!now|today))|({AMOUNT})\s+after(?=\s)")
@rule(
    rf"(?:in|after|within|\+)\s*(?:around\s+)?(?:the\s+next\s+)?({AMOUNT})(?:\s+time|\s+from\s+(?:now|today))?"
)
@rule(rf"({AMOUNT})\s+(?:from\s+(?:now|today)|hence)")
@rule(rf"(?:^(?:for\s+)?)({AMOUNT})(?:\s+time)?(?=$)")
def _ahead(said: Pieces, shown: re.Match[str]) -> None:
    said.once("amount")
    said.amount = measured(shown[0])


@rule(
    rf"((?:a|one|two|three|\d)\s+(?:week|fortnight|month|year)s?)"
    rf"(?:\s+today|(?=\s+(?:tomorrow|on\s+(?:{WEEKDAY})\b)))"
)
def _from_a_day(said: Pieces, shown: re.Match[str]) -> None:
    """Read "a week today", "a week on friday"."""
    said.once("amount")
    said.amount = measured(shown[1])


@rule(
    rf"(?:{AMOUNT})\s+ago|(?:(?:the\s+)?day\s+before\s+)?yesterday"
    rf"|last\s+(?:night|week|month|year|{WEEKDAY})"
)
def _gone(said: Pieces, shown: re.Match[str]) -> None:
    raise Impossible(Trouble.PAST)


@rule(r"(?:right\s+)?now")
def _now(said: Pieces, shown: re.Match[str]) -> None:
    raise Impossible(Trouble.PAST)


def measured(text: str) -> Amount:
    """Return how long all that is listed takes."""
    amount = Amount()
    for number, half, unit_word, tail in re.findall(ITEM, text):
        count = NUMBERS[number] if number in NUMBERS else float(sum(map(Fraction, _digits(number))))
        count += 0.5 if half or tail.endswith("half") else 0.25 if tail else 0
        unit = UNITS[unit_word]
        if unit in MINUTES:
            amount.minutes += count * MINUTES[unit]
        elif unit in DAYS:
            days = count * DAYS[unit]
            amount.days += int(days)
            amount.minutes += (days - int(days)) * 24 * 60
        else:
            amount.months += int(count * MONTHS_IN[unit])
            amount.days += 15 if unit == "month" and count % 1 else 0
    return amount
