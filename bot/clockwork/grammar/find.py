"""Reading a phrase from its left end, rule by rule."""

import re
from functools import cache
from typing import Final

from bot.clockwork.grammar import amounts, days, hours, rhythms
from bot.clockwork.grammar.places import place_of
from bot.clockwork.grammar.said import NoTime, Pieces, Reader
from bot.clockwork.grammar.words import PARTS, plain, readings

_filler = re.compile(
    r"(?:on|the|by|for|of|um|from|starting|with|-)\s+"
    r"|(?:sometime|or so|sharp|exactly|(?:my|our|local) time)(?:\s+|$)"
)
_gap = re.compile(r"\s*")
_dangling = re.compile(r"\b(?:on|the|at|by|for|of|in|um|from|and|around)$")
IN_ORDER: Final = (rhythms.rule, amounts.rule, hours.rule, days.rule)


@cache
def _compiled() -> list[tuple[re.Pattern[str], Reader]]:
    """Compiled for the first phrase, so that starting does not wait for it."""
    return [(re.compile(pattern), reader) for rules in IN_ORDER for pattern, reader in rules]


def find(text: str) -> list[Pieces]:
    """Return what a phrase can say. Raises NoTime where it says anything else."""
    wanted = plain(text)
    if not wanted or _dangling.search(wanted):
        raise NoTime
    return [_read(reading) for reading in readings(wanted)]


def _read(wanted: str) -> Pieces:
    said = Pieces()
    at = 0
    while at < len(wanted):
        at = _next_piece(said, wanted, at)
        at = _gap.match(wanted, at).end()  # pyright: ignore[reportOptionalMemberAccess]
    if not said.found or said.found == {"zone"}:
        raise NoTime
    if said.shade:
        said.part = f"{said.shade} {said.part}"
        if said.part not in PARTS:
            raise NoTime
    return said


def _next_piece(said: Pieces, wanted: str, at: int) -> int:
    for pattern, read in _compiled():
        if shown := pattern.match(wanted, at):
            read(said, shown)
            return shown.end()
    if filler := _filler.match(wanted, at):
        return filler.end()
    return place_of(said, wanted, at)
