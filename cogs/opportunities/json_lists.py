"""`listings.json`, read one record at a time: a long list is never whole in memory."""

import json
import re
from collections.abc import Iterator
from typing import IO, Any, Final, cast

from bot.face.words import _

from .drift import Unreadable

LONGEST_ROW: Final = 1024 * 1024
"""Characters of one record; a longer one is no opening."""
LARGEST_OBJECT: Final = 16 * 1024 * 1024
"""Characters of JSON that is not a list but holds one; it is read whole."""
CHUNK: Final = 64 * 1024
_LISTS_UNDER: Final = ("listings", "jobs", "items", "results", "postings", "data", "opportunities")
_BLANK: Final = re.compile(r"[ \t\r\n]*")


def records_of(text: IO[str]) -> Iterator[tuple[int, Any]]:
    """Yield what a JSON list holds, one at a time: it is never whole in memory."""
    window = Window(text)
    first = window.peek()
    if first == "[":
        yield from _elements(window)
    elif first == "{":
        yield from enumerate(_inside(window.rest()), 1)
    else:
        raise Unreadable(_("That is not JSON: it begins with {sign}.").format(sign=first[:1]))


class Window:
    """A piece of a long text that moves along as it is read."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self._decoder = json.JSONDecoder(strict=False, parse_constant=lambda _name: None)
        self._held = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """Return the next sign that is no blank, empty at the end."""
        while True:
            blank = _BLANK.match(self._held, self._at)
            assert blank is not None
            self._at = blank.end()
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def skip(self) -> None:
        """Step over one sign."""
        self._at += 1

    def value(self) -> Any:
        """Return the next value. Raises ValueError when there is none."""
        self.peek()
        while True:
            try:
                found, end = self._decoder.raw_decode(self._held, self._at)
            except ValueError:
                if len(self._held) - self._at > LONGEST_ROW or not self._more():
                    raise
                continue
            if end == len(self._held) and self._more():
                continue
            self._at = end
            return found

    def rest(self) -> str:
        """Return everything that is left. Raises Unreadable when that is too much."""
        rest = self._held[self._at :] + self._text.read(LARGEST_OBJECT)
        if len(rest) > LARGEST_OBJECT:
            raise Unreadable(
                _("That JSON is one object of more than {most} MB; a list may be larger.").format(
                    most=LARGEST_OBJECT // (1024 * 1024)
                )
            )
        return rest

    def _more(self) -> bool:
        chunk = "" if self._ended else self._text.read(CHUNK)
        self._ended = not chunk
        self._held = self._held[self._at :] + chunk
        self._at = 0
        return bool(chunk)


def _elements(window: Window) -> Iterator[tuple[int, Any]]:
    window.skip()
    number = 0
    while (sign := window.peek()) != "]":
        number += 1
        if not sign:
            raise _cut_short(number)
        try:
            found = window.value()
        except (ValueError, RecursionError) as error:
            raise _not_json(number) from error
        yield number, found
        if window.peek() == ",":
            window.skip()
        elif window.peek() not in ("]", ""):
            raise _not_json(number + 1)


def _inside(text: str) -> list[Any]:
    """Return the list that stands inside an object, under one of the usual names."""
    try:
        whole: Any = json.loads(text, strict=False, parse_constant=lambda _name: None)
    except (ValueError, RecursionError) as error:
        raise _not_json(1) from error
    for name in _LISTS_UNDER:
        found = whole.get(name)
        if isinstance(found, list):
            return cast("list[Any]", found)
    raise Unreadable(
        _("That JSON holds no list of openings. I look for a list, or for one called `listings`.")
    )


def _not_json(number: int) -> Unreadable:
    return Unreadable(
        _("That is not valid JSON: I could not read row {number}.").format(number=number)
    )


def _cut_short(number: int) -> Unreadable:
    return Unreadable(
        _("That JSON breaks off before row {number}; it is not whole.").format(number=number)
    )
