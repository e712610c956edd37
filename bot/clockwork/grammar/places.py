"""Whose clock: PST, Berlin time, in New York."""

import re
from datetime import timedelta
from typing import Final

from bot.clockwork.grammar.said import Impossible, NoTime, Pieces, Trouble
from bot.clockwork.zones import LOOSE, known_zone
from bot.errors import Refusal

_SHIFT: Final = re.compile(r"(?:utc|gmt)\s?([+-])\s?(\d{1,2})(?::?(\d{2}))?(?=\s|$)")
_TIME: Final = re.compile(r"\s+(?:local\s+)?(?:time(?:zone)?|zone)$")
_LONGEST_PLACE: Final = 5


def place_of(said: Pieces, wanted: str, at: int) -> int:
    """Read a place's clock: "PST", "Berlin time", "in New York"."""
    if shift := _SHIFT.match(wanted, at):
        said.once("zone")
        minutes = int(shift[2]) * 60 + int(shift[3] or 0)
        if minutes > 14 * 60:
            raise Impossible(Trouble.NO_CLOCK)
        said.offset = timedelta(minutes=minutes if shift[1] == "+" else -minutes)
        return shift.end()
    start = at + (3 if wanted.startswith("in ", at) else 0)
    ends = [m.end() for m in re.finditer(r"\S+", wanted[start:])][:_LONGEST_PLACE]
    for end in reversed(ends):
        name = wanted[start : start + end]
        place = _TIME.sub("", name)
        if found := _zones_of(place):
            said.once("zone")
            said.zones = found
            return start + end
        if place != name and said.clock is not None:
            known_zone(place)  # it can only be a place: its refusal names the nearest
    raise NoTime


def _zones_of(place: str) -> tuple[str, ...]:
    if loose := LOOSE.get(place):
        return loose
    if len(place) < 3:
        return ()
    try:
        return (known_zone(place),)
    except Refusal:
        return ()
