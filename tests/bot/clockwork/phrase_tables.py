"""The tables of phrases: what people type, what they mean, and how to compare the two."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from bot.clockwork.recurrence import LAST, Daily, MonthDay, Weekdays
from bot.clockwork.when import Once, Repeating, read_when
from bot.errors import Refusal

HERE = Path(__file__).parent
DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")


def cases(name: str) -> Iterator[tuple[str, str | list[str], datetime, str]]:
    """Every phrase of a table with what it means, the moment it is said and the zone it is in."""
    groups = yaml.load((HERE / name).read_text("utf-8"), yaml.BaseLoader)
    for group in groups:
        now = datetime.fromisoformat(group["now"]).replace(tzinfo=ZoneInfo(group["zone"]))
        for text, meant in group["phrases"].items():
            yield text, meant, now.astimezone(UTC), group["zone"]


def understood(text: str, now: datetime, zone: str) -> str | list[str]:
    """What the grammar makes of a phrase, in the notation of the tables."""
    try:
        found = read_when(text, now, zone)
    except Refusal as refusal:
        return "no" if not str(refusal).startswith("I could not read") else "not a time"
    shown = [in_words(one, now, zone) for one in found]
    return shown[0] if len(shown) == 1 else sorted(shown)


def in_words(one: Once | Repeating, now: datetime, home: str) -> str:
    place = one.zone or home
    if isinstance(one, Once):
        if one.wall is None and home != "UTC" and one.at.second == 0:
            place = home
        wall = one.at.astimezone(ZoneInfo(place)).strftime("%Y-%m-%d %H:%M")
        return wall if place == home else f"{wall} {place}"
    due = one.rule.next(now, place)
    words = f"{rule_words(one)} {one.rule.at:%H:%M}"
    return f"{words}{'' if place == home else f' {place}'}, next {due.on}"


def rule_words(one: Repeating) -> str:
    rule = one.rule
    every = f"/{rule.every}" if rule.every > 1 else ""
    if isinstance(rule, Daily):
        return f"daily{every}"
    if isinstance(rule, Weekdays):
        return f"weekly{every} {','.join(DAYS[day] for day in rule.days)}"
    if isinstance(rule, MonthDay):
        return f"monthly{every} {'last' if rule.day == LAST else rule.day}"
    return f"monthly{every} {rule.nth}{DAYS[rule.weekday]}"


def same(text: str, meant: str | list[str], now: datetime, zone: str) -> bool:
    found = understood(text, now, zone)
    if meant == "no":
        return found in ("no", "not a time")
    if isinstance(meant, str) and meant.endswith(" UTC") and isinstance(found, str):
        wall = datetime.fromisoformat(meant.removesuffix(" UTC")).replace(tzinfo=UTC)
        once = read_when(text, now, zone)[0]
        return isinstance(once, Once) and once.at == wall
    if isinstance(meant, list):
        return isinstance(found, list) and set(meant) <= set(found)
    return found == meant


def wrong(name: str) -> list[tuple[str, str | list[str], str | list[str]]]:
    return [
        (text, meant, understood(text, now, zone))
        for text, meant, now, zone in cases(name)
        if not same(text, meant, now, zone)
    ]


NOT_TIMES = [line for line in (HERE / "not_times.txt").read_text("utf-8").splitlines() if line]
