"""How far the bot goes to read a page, what it brings back, and why it comes back without one."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import IO, Final

from bot.errors import Refusal

LONGEST_URL: Final = 2000
"""Characters; nobody's list needs a longer address, and tricks do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may cost: bytes on the way, bytes unpacked, seconds, redirects.

    `answer` is for connecting and the head of the answer, `whole` for everything together. Every
    stretch of `patience` seconds has to bring `slowest` bytes for each of them.
    """

    packed: int = 48 * 1024 * 1024
    unpacked: int = 64 * 1024 * 1024
    answer: float = 15.0
    whole: float = 90.0
    patience: float = 10.0
    slowest: int = 2048
    redirects: int = 4


class Why(StrEnum):
    """Why a page was not brought back; the word that stands in the log."""

    ADDRESS = "address"
    INSIDE = "inside"
    UNKNOWN = "unknown host"
    UNREACHABLE = "unreachable"
    REDIRECT = "redirect"
    SIZE = "size"
    SLOW = "slow"
    PACKING = "packing"
    BROKEN = "broken"
    STATUS = "status"
    BUSY = "busy"


class NotFetched(Refusal):
    """The page was not brought back; the text says why and what can be done.

    `rest_for` is how long the server asked to be left alone.
    """

    def __init__(self, why: Why, text: str, rest_for: timedelta | None = None) -> None:
        super().__init__(text)
        self.why = why
        self.rest_for = rest_for


@dataclass(frozen=True, slots=True)
class Page:
    """What was brought back: unpacked, in a file that is gone once it is closed.

    Without a `body` the page is what it was when `etag` and `last_modified` were noted.
    """

    url: str
    kind: str
    charset: str | None
    etag: str
    last_modified: str
    size: int
    body: IO[bytes] | None

    @property
    def unchanged(self) -> bool:
        """Say whether the server had nothing new."""
        return self.body is None

    def close(self) -> None:
        """Let go of the file."""
        if self.body is not None:
            self.body.close()
