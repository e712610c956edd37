"""Which letters the shipped fonts have, read from the fonts themselves."""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path


def covered(files: Iterable[Path]) -> frozenset[int]:
    """Return the number of every letter that one of the fonts can show."""
    return frozenset(number for file in files for number in _of_font(file.read_bytes()))


def _of_font(font: bytes) -> Iterator[int]:
    (tables,) = struct.unpack_from(">H", font, 4)
    for n in range(tables):
        tag, _sum, offset, _length = struct.unpack_from(">4sLLL", font, 12 + 16 * n)
        if tag == b"cmap":
            yield from _of_map(font, offset)


def _of_map(font: bytes, start: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">H", font, start + 2)
    for n in range(count):
        (offset,) = struct.unpack_from(">L", font, start + 8 + 8 * n)
        (form,) = struct.unpack_from(">H", font, start + offset)
        if form == 4:
            yield from _of_segments(font, start + offset)
        elif form == 12:
            yield from _of_groups(font, start + offset)


def _of_segments(font: bytes, at: int) -> Iterator[int]:
    (twice,) = struct.unpack_from(">H", font, at + 6)
    lasts = struct.unpack_from(f">{twice // 2}H", font, at + 14)
    firsts = struct.unpack_from(f">{twice // 2}H", font, at + 16 + twice)
    for first, last in zip(firsts, lasts, strict=True):
        if last != 0xFFFF:
            yield from range(first, last + 1)


def _of_groups(font: bytes, at: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">L", font, at + 12)
    for n in range(count):
        first, last, _glyph = struct.unpack_from(">LLL", font, at + 16 + 12 * n)
        yield from range(first, last + 1)
