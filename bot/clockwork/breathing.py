"""Long work in short breaths, so that whoever presses a button meanwhile is answered."""

import asyncio
import gc
from collections.abc import AsyncGenerator, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar

T = TypeVar("T")

AT_ONCE: Final = 50
"""Things done between two breaths: a few milliseconds' work, even for rows of a database."""
NEVER: Final = 1_000_000

_thresholds: list[tuple[int, int, int]] = []


async def breathing(things: Iterable[T], at_once: int = AT_ONCE) -> AsyncGenerator[T]:
    """Go through many things, and let the bot do something else now and then."""
    for number, thing in enumerate(things, 1):
        yield thing
        if number % at_once == 0:
            await asyncio.sleep(0)


def slices(things: Sequence[T], at_once: int) -> Iterator[Sequence[T]]:
    """Return many things a few at a time, in order: no more than one statement may hold."""
    return (things[start : start + at_once] for start in range(0, len(things), at_once))


@contextmanager
def collecting_later() -> Generator[None]:
    """Put off the garbage collector's look at everything while very much is held for a moment.

    It would take long just then, and find nothing.
    """
    _thresholds.append(gc.get_threshold())
    gc.set_threshold(*_thresholds[0][:2], NEVER)
    try:
        yield
    finally:
        first = _thresholds[0]
        _thresholds.pop()
        if not _thresholds:
            gc.set_threshold(*first)
