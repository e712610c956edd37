"""What somebody typed, as letters that can stand on a page: nothing unseen, no word too long."""

import re
import unicodedata

_NEWLINE = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\U000e0000-\U000e0fff]"
)
_NOTHING = {plane << 16 | last: None for plane in range(17) for last in (0xFFFE, 0xFFFF)}
_HALF = re.compile("[\ud800-\udfff]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n ?(?:\n ?)+")
_LONG = re.compile(r"\S{25,}")
LONGEST = 24
"""Letters of a word after which a line may break."""
# Eight accents on one letter are as many as any language needs.
_STACKED = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{8})"
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)


def seen(text: str) -> str:
    """Return the text without what nobody sees: control characters, direction marks, halves."""
    text = _UNSEEN.sub("", _NEWLINE.sub("\n", text))
    text = text.translate(_NOTHING)
    text = _STACKED.sub(r"\1", _HALF.sub("\N{REPLACEMENT CHARACTER}", text))
    return _LINES.sub("\n\n", _BLANKS.sub(" ", text)).strip()


def one_line(text: str) -> str:
    """Return the text on a single line."""
    return " ".join(seen(text).split())


def clip(text: str, most: int) -> str:
    """Cut a long text at the end of a word and say so with an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > most // 2 else cut).rstrip() + "…"


def breakable(text: str) -> str:
    """Let a word that is longer than a line go on in the next one."""
    return _LONG.sub(lambda word: _in_pieces(word.group()), text)


def _in_pieces(word: str) -> str:
    pieces: list[str] = []
    length = 0
    for sign in word:
        if length >= LONGEST and not _belongs_to_last(sign, pieces[-1]):
            pieces.append("\u200b")
            length = 0
        pieces.append(sign)
        length += 1
    return "".join(pieces)


def _belongs_to_last(sign: str, last: str) -> bool:
    """Say whether a sign makes one letter with the sign before it."""
    return (
        unicodedata.category(sign) in ("Mn", "Mc", "Me", "Cf")
        or last == "\u200d"
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
        or ("\U0001f1e6" <= sign <= "\U0001f1ff" and "\U0001f1e6" <= last <= "\U0001f1ff")
    )
