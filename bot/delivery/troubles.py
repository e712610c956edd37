"""What Discord's refusals mean for a letter: wait, ask again, give up, or stop everything."""

import random
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto


class Meaning(Enum):
    """What is to be done about a letter that was not simply taken."""

    WAIT = auto()
    """Not carried out; try again when told."""
    UNREACHED = auto()
    """Not carried out, Discord was not reached; try again soon, then less often."""
    UNSURE = auto()
    """Perhaps carried out; try again soon, then less often, and look first."""
    BAN = auto()
    """The address is banned for a while: send nothing at all."""
    FATAL = auto()
    """The token is not accepted any more: stop and keep everything."""
    CLOSED = auto()
    """The person's direct messages are closed."""
    OPENING = auto()
    """Too many direct messages were opened; those that are open go on."""
    GONE = auto()
    """The place is gone."""
    BLOCKED = auto()
    """The place exists, and we may not write there."""
    STRANGER = auto()
    """The person is gone."""
    SAID = auto()
    """It was said, and removed by somebody since."""
    ARCHIVED = auto()
    """The thread sleeps and can be woken."""
    ADOPT = auto()
    """The thread is there already."""
    CROWDED = auto()
    """The server has too many threads."""
    REFUSED = auto()
    """Discord does not take this text: a fault of ours, or a filter."""


CODES = {
    50014: Meaning.FATAL,
    50007: Meaning.CLOSED,
    50278: Meaning.CLOSED,
    40003: Meaning.OPENING,
    10003: Meaning.GONE,
    10004: Meaning.GONE,
    50001: Meaning.BLOCKED,
    50013: Meaning.BLOCKED,
    160005: Meaning.BLOCKED,
    10013: Meaning.STRANGER,
    10007: Meaning.STRANGER,
    10008: Meaning.SAID,
    50083: Meaning.ARCHIVED,
    160004: Meaning.ADOPT,
    160006: Meaning.CROWDED,
    20016: Meaning.WAIT,
    20028: Meaning.WAIT,
    20029: Meaning.WAIT,
}

A_MINUTE = timedelta(minutes=1)
SOON = (1, 2, 4, 8, 15)
LATER = (60, 300, 900, 3600)


@dataclass
class Trouble(Exception):
    """An attempt that did not simply succeed, in terms of what to do about it."""

    meaning: Meaning
    note: str
    status: int | None = None
    code: int | None = None
    retry_after: timedelta | None = None


def meaning(status: int, code: int, *, from_discord: bool) -> Meaning:
    """Return what an answer means; `from_discord` is false for a page of the network before it."""
    if code in CODES:
        return CODES[code]
    if status == 401:
        return Meaning.FATAL
    if status == 429:
        return Meaning.WAIT if from_discord else Meaning.BAN
    if status >= 500:
        return Meaning.UNSURE
    if status in (403, 404) and not from_discord:
        return Meaning.BAN if status == 403 else Meaning.UNSURE
    return Meaning.REFUSED


def gone(code: int | None) -> bool:
    """Say whether a refusal means that the person is not there any more."""
    return code is not None and CODES.get(code) is Meaning.STRANGER


def patience(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: seconds at first, then up to an hour."""
    if attempts <= len(SOON):
        return timedelta(seconds=SOON[max(0, attempts - 1)])
    longest = LATER[min(attempts - len(SOON), len(LATER)) - 1]
    return timedelta(seconds=random.uniform(longest / 2, longest))  # noqa: S311
