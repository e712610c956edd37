"""How words are found in a text, and how the place is shown."""

import re
from collections.abc import Iterable, Sequence

from .model import Entry, Words, fold

BEGIN, END = "\ue000", "\ue001"
"""Signs without a meaning of their own; a card makes them bold."""
AROUND = 160
_LINK = re.compile(r"https?://\S+")
_MARKS = re.compile(f"[{BEGIN}{END}]")


def asked_for(query: str) -> list[str]:
    """Return the words of a query as they are compared."""
    return list(dict.fromkeys(fold(word) for word in query.split() if fold(word)))


def texts_of(words: Words) -> tuple[str, ...]:
    """Return everything of an entry's own words that can be found."""
    return (
        words.what,
        words.learned,
        words.result,
        ", ".join(words.people),
        words.said_by,
        words.url,
    )


def missing(words: Words, wanted: Sequence[str]) -> list[int]:
    """Return the places of the wanted words that stand nowhere in the entry's own words."""
    text = fold("\n".join(texts_of(words)))
    return [place for place, word in enumerate(wanted) if word not in text]


def snippet(entry: Entry, wanted: Sequence[str]) -> str:
    """Return the part of an entry in which most was found, the found words between two signs."""
    texts = [*texts_of(entry.words), entry.project, ", ".join(entry.skills)]
    best = max(texts, key=lambda text: sum(word in fold(text) for word in wanted))
    return _cut(_MARKS.sub("", best), wanted)


def _cut(text: str, wanted: Sequence[str]) -> str:
    hits = list(_hits(text, wanted))
    first = hits[0][0] if hits else 0
    begin = max(0, first - AROUND // 3)
    if begin:
        space = text.find(" ", begin, first)
        begin = space + 1 if space >= 0 else begin
    end = min(len(text), begin + AROUND)
    if end < len(text):
        space = text.rfind(" ", begin + AROUND // 2, end)
        end = space if space >= 0 else end
    shown = _marked(text, begin, end, hits)
    return ("…" if begin else "") + " ".join(shown.split()) + ("…" if end < len(text) else "")


def _marked(text: str, begin: int, end: int, hits: Iterable[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = begin
    for start, stop in hits:
        if start < at or stop > end:
            continue
        parts += [text[at:start], BEGIN, text[start:stop], END]
        at = stop
    return "".join([*parts, text[at:end]])


def _hits(text: str, wanted: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Yield where the wanted words stand, from left to right, but not inside of links."""
    folded, places = _mapped(text)
    links = [match.span() for match in _LINK.finditer(text)]
    spans: list[tuple[int, int]] = []
    for word in wanted:
        at = folded.find(word)
        while at >= 0 and len(spans) < 50:
            spans.append((places[at], places[at + len(word) - 1] + 1))
            at = folded.find(word, at + len(word))
    last = 0
    for start, stop in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= last and not any(a < stop and start < b for a, b in links):
            yield start, stop
            last = stop


def _mapped(text: str) -> tuple[str, Sequence[int]]:
    """Return the folded text, and for each of its signs the place it has in the text."""
    if text.isascii():
        return fold(text), range(len(text))
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        plain = fold(sign)
        signs.append(plain)
        places += [place] * len(plain)
    return "".join(signs), places
