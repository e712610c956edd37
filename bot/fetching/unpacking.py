"""Unpacking what was sent compressed, a piece at a time, so that no bomb goes off."""

import zlib
from collections.abc import Iterator
from typing import Any, Final, Protocol

from bot.face.words import _
from bot.fetching.model import NotFetched, Why

PIECE: Final = 256 * 1024
"""Bytes that are unpacked at once, however small they were packed."""


class Unpacker(Protocol):
    """Turns what came over the wire into what was published."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Yield what this part holds, in pieces of bounded size."""
        ...

    def finish(self) -> None:
        """Say that no more is coming. Raises NotFetched when something is missing."""
        ...


class Plain:
    """What was sent as it is."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Yield it."""
        yield data

    def finish(self) -> None:
        """Need nothing more."""


class Deflated:
    """What was packed by gzip or deflate, in one part or several."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._stream: Any = None
        self._held = b""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Yield what this part holds. Raises NotFetched when it is not what it says."""
        data = self._held + data
        self._held = b""
        more = bool(data)
        while more:
            if self._stream is None and len(data) < 2:
                self._held = data
                return
            if self._stream is None:
                self._stream = self._begin(data)
            try:
                piece = self._stream.decompress(data, PIECE)
            except zlib.error as error:
                raise _damaged() from error
            if piece:
                yield piece
            data = self._stream.unconsumed_tail
            more = bool(data) or len(piece) == PIECE
            if self._stream.eof:
                data = self._after()
                more = bool(data)

    def _after(self) -> bytes:
        """Return what follows one packed part; only gzip may have several."""
        left: bytes = self._stream.unused_data
        self._stream = None
        if left and self._coding != "gzip":
            raise _damaged()
        return left

    def _begin(self, data: bytes) -> Any:
        if self._coding == "gzip":
            return zlib.decompressobj(zlib.MAX_WBITS | 16)
        # Some servers mean the bare stream, most the one with a head: its first bytes tell.
        headed = data[0] & 15 == 8 and int.from_bytes(data[:2], "big") % 31 == 0
        return zlib.decompressobj(zlib.MAX_WBITS if headed else -zlib.MAX_WBITS)

    def finish(self) -> None:
        """Raise NotFetched when it ended in the middle."""
        if self._stream is not None or self._held:
            raise _damaged()


def unpacker(coding: str) -> Unpacker:
    """Return what unpacks this `Content-Encoding`. Raises NotFetched for one we did not ask for."""
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        return Plain()
    if coding in ("gzip", "x-gzip"):
        return Deflated("gzip")
    if coding == "deflate":
        return Deflated("deflate")
    raise NotFetched(
        Why.PACKING,
        _("That server packed its answer as {coding}, which I did not ask for.").format(
            coding=coding[:40]
        ),
    )


def _damaged() -> NotFetched:
    return NotFetched(Why.PACKING, _("What that server sent was packed wrongly, or was cut short."))
