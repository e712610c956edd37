"""What the clock shows: 9am, half past ten, in the evening."""

import re
from datetime import time

from bot.clockwork.grammar.said import Amount, Clock, Impossible, Pieces, Rules, Trouble
from bot.clockwork.grammar.words import AT, HOUR, HOURS, MONTH, MONTHS_IN, PART

rule = Rules()


@rule(r"(?:same|this)\s+time(?:\s+next\s+(month|year))?")
def _same_time(said: Pieces, shown: re.Match[str]) -> None:
    said.once("clock")
    said.same_time = True
    if shown[1]:
        said.once("amount", "day", "weekday")
        said.amount = Amount(months=MONTHS_IN[shown[1]])


@rule(rf"(?:{AT})?(noon|midday|midnight)")
def _noon(said: Pieces, shown: re.Match[str]) -> None:
    said.once("clock")
    said.clock = Clock(time(0 if shown[1] == "midnight" else 12), True)
    if shown[1] == "midnight":
        said.part = said.part or "midnight"


@rule(
    rf"(?:{AT})?(?:a\s+)?(half|quarter|{HOUR}|twenty|\d{{1,2}})(?:\s*min(?:ute)?s?)?\s+(past|after|to|before|till)"
    rf"\s+(noon|midday|\d{{1,2}}|{HOUR})\s*(am|pm)?"
)
def _past(said: Pieces, shown: re.Match[str]) -> None:
    minutes = {"half": 30, "quarter": 15, "twenty": 20}.get(shown[1]) or HOURS.get(shown[1])
    minutes = minutes or int(shown[1])
    noon = shown[3] in ("noon", "midday")
    hour = 12 if noon else HOURS.get(shown[3]) or int(shown[3])
    whole = hour * 60 + (minutes if shown[2] in ("past", "after") else -minutes)
    set_clock(said, whole // 60, whole % 60, shown[4], sure=noon)


@rule(rf"({AT})?(\d{{1,2}})[:.](\d{{2}})(?::\d{{2}})?(?!\.)\s*(am|pm|a|p|uhr|hrs|h)?")
def _clock(said: Pieces, shown: re.Match[str]) -> None:
    said.bare_hour = "." in shown[0] and not (shown[1] or shown[4])
    sure = shown[2].startswith("0") or shown[4] in ("uhr", "hrs", "h")
    half = shown[4] if shown[4] in ("am", "pm", "a", "p") else None
    set_clock(said, int(shown[2]), int(shown[3]), half, sure=sure)


@rule(rf"(?:{AT})?(\d{{1,2}})\s*(am|pm|a|p)")
def _half_day(said: Pieces, shown: re.Match[str]) -> None:
    set_clock(said, int(shown[1]), 0, shown[2], sure=True)


@rule(rf"({AT})?(\d{{1,2}})\s?(?:h|uhr)\s?(\d{{2}})?")
def _hour_sign(said: Pieces, shown: re.Match[str]) -> None:
    set_clock(said, int(shown[2]), int(shown[3] or 0), None, sure=True)


@rule(rf"(?:{AT})?(\d{{2}})(\d{{2}})(?:\s?h(?:rs|ours)?)?(?=$|\s)")
def _four_digits(said: Pieces, shown: re.Match[str]) -> None:
    set_clock(said, int(shown[1]), int(shown[2]), None, sure=True)


@rule(rf"({AT})(\d{{1,2}}|{HOUR})(?:\s+oclock)?(?!\d*[/.\-]\d|\s*(?:{MONTH})\b)")
@rule(rf"()(\d{{1,2}}|{HOUR})\s+oclock")
def _at_hour(said: Pieces, shown: re.Match[str]) -> None:
    set_clock(said, HOURS.get(shown[2]) or int(shown[2]), 0, None, sure=False)


@rule(rf"(?:in\s+the\s+|at\s+|this\s+|around\s+)?({PART})")
def _part(said: Pieces, shown: re.Match[str]) -> None:
    if said.part != "midnight":
        said.once("part")
        said.part = shown[1]
    if shown[0].startswith("this"):
        said.once("day")
        said.today = True


@rule(rf"early|mid(?!\s+(?:{MONTH})\b)|late")
def _shade(said: Pieces, shown: re.Match[str]) -> None:
    said.once("shade")
    said.shade = shown[0]


def set_clock(said: Pieces, hour: int, minute: int, half: str | None, *, sure: bool) -> None:
    """Take note of a time of day; `half` is am or pm."""
    said.once("clock")
    if half is not None:
        if not 1 <= hour <= 12 or minute > 59:
            raise Impossible(Trouble.NO_CLOCK)
        hour = hour % 12 + (12 if half[0] == "p" else 0)
        sure = True
    if hour > 23 or minute > 59:
        raise Impossible(Trouble.NO_CLOCK)
    said.clock = Clock(time(hour, minute), sure or not 1 <= hour <= 12)
