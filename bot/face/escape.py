"""What people wrote, shown as they wrote it: no ping, no markup, no way out of the card."""

import re

_BIDI = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MARKUP = re.compile(r"([\\*_~`|\[\]<])")
_LINE_MARKUP = re.compile(r"(?m)^(\s*)(?=[>#+-])|^(\s*\d+)(?=\.)")
_LINK = re.compile(r"https?://\S+")


def plain(text: str) -> str:
    """Take out what nobody sees: control characters, zero-width and direction marks."""
    return _CONTROL.sub("", _BIDI.sub("", text)).strip()


def safe(text: str) -> str:
    """Show what somebody wrote as they wrote it: no ping, no markup, no way out of the card."""
    cleaned = plain(text)
    parts: list[str] = []
    end = 0
    for link in _LINK.finditer(cleaned):
        parts += [_escape(cleaned[end : link.start()]), link.group()]
        end = link.end()
    return "".join([*parts, _escape(cleaned[end:])])


def _escape(text: str) -> str:
    escaped = _MARKUP.sub(r"\\\1", text).replace("@", "@\u200b")
    return _LINE_MARKUP.sub(lambda start: start.group() + "\\", escaped)


def quote(text: str, most: int = 700) -> str:
    """Show what somebody wrote as a quotation, cut at a word."""
    return "\n".join("> " + line for line in safe(clip(text, most)).splitlines())


def clip(text: str, most: int) -> str:
    """Cut long text at the end of a word and say so with an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > most // 2 else cut).rstrip() + "…"


def one_line(text: str, most: int = 200) -> str:
    """Show what somebody wrote on a single line of at most so many characters, signs of ours too.

    The longest beginning that fits is shown, cut at a word.
    """
    words = " ".join(plain(text).split())
    room = most
    while len(shown := safe(clip(words, room))) > most:
        room -= max(1, (len(shown) - most) // 2)
    return shown
