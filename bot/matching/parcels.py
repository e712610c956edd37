"""How questions and answers travel between the bot and the solver: in small pieces.

Packing everything at once would hold the bot up; each piece takes about a millisecond.
"""

import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from typing import Any, BinaryIO, Final

from bot.matching.model import Assignment, History, Mentoring, Pairing, Round

Question = Pairing | Mentoring
Answer = Round | Assignment

_PIECE: Final = 200
_MADE_OF: Final[dict[str, Callable[[list[Any]], Any]]] = {
    "avoid": frozenset,
    "history": lambda meetings: History(tuple(meetings)),
}


def packed(parcel: Question | Answer) -> Iterator[bytes]:
    """Give a question or an answer in pieces."""
    long: dict[str, Sequence[Any]] = {}
    short: dict[str, Any] = {}
    for field in fields(parcel):
        value = getattr(parcel, field.name)
        if isinstance(value, History):
            long[field.name] = value.meetings
        elif isinstance(value, tuple | frozenset):
            long[field.name] = list(value)  # type: ignore[reportUnknownArgumentType]
        else:
            short[field.name] = value
    yield pickle.dumps((type(parcel), short, list(long)))
    for name, items in long.items():
        for start in range(0, len(items), _PIECE):
            yield pickle.dumps((name, items[start : start + _PIECE]))


def unpacked(stream: BinaryIO) -> Iterator[Question | Answer | None]:
    """Give None after each piece, and the whole parcel at last.

    Only for streams between the bot and the child it started itself: a pickle can do anything.
    """
    made, values, names = pickle.load(stream)  # noqa: S301
    parts: dict[str, list[Any]] = {name: [] for name in names}
    while True:
        yield None
        try:
            name, items = pickle.load(stream)  # noqa: S301
        except EOFError:
            break
        parts[name] += items
    whole = {name: _MADE_OF.get(name, tuple)(items) for name, items in parts.items()}
    yield made(**values, **whole)
