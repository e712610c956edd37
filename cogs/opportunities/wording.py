"""The words by which an opening is found: what it says, and what somebody looks for, folded alike.

An opening's words stand in one line: first what it is (`#software;$offerssponsorship;!summer2026;
^phd;~;@toronto;`), then every word somebody may type, each after a space. What is looked for is a
list of beginnings that all have to stand in that line, so that *eng* finds *engineer* and *ai*
does not find *maintain*.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from .model import Entry, Filter, Posting, is_remote

MOST_WANTED: Final = 12
"""So many words of what somebody typed are looked for; nobody needs more to find an opening."""
MOST_KEPT: Final = 160
"""So many different words are kept of one opening."""

OFTEN: Final = 4096
"""So many terms, categories and places, which many openings share, are taken apart only once."""

_ASCII = str.maketrans("‐‑‒–—’‘“”·•", "-----''\"\"  ")
_WORD = re.compile(r"[^\W_]+[+#]*")
_APOSTROPHES = re.compile(r"(?<=\w)'(?=\w)")
_DOTTED = re.compile(r"\b(?:\w{1,2}\.){2,}")
_SHORT: Final = {
    "nyc": ("new", "york"),
    "sf": ("san", "francisco"),
    "uk": ("united", "kingdom"),
    "us": ("united", "states"),
    "usa": ("united", "states"),
}
"""Places that the lists write in two ways."""


def split(text: str) -> list[str]:
    """Return the words of a text without capitals and accents; `c++` and `c#` stay themselves."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text.translate(_ASCII))
        text = "".join(sign for sign in apart if not unicodedata.combining(sign))
    text = _APOSTROPHES.sub("", text.casefold())
    text = _DOTTED.sub(lambda found: found.group().replace(".", ""), text)
    return _WORD.findall(text)


@lru_cache(OFTEN)
def slug(text: str) -> str:
    """Return a text as one word: *Summer 2026* and *summer-2026* are the same term."""
    return "".join(split(text))


@lru_cache(OFTEN)
def place(text: str) -> tuple[str, ...]:
    """Return the words of a place, with the long form beside a short one."""
    return tuple(each for word in split(text) for each in (word, *_SHORT.get(word, ())))


def words_of(one: Posting | Entry) -> str:
    """Return the line in which an opening is found."""
    where = dict.fromkeys(word for text in one.locations for word in place(text))
    marks = [
        *_marked("#", [one.category]),
        *_marked("$", [one.sponsorship]),
        *_marked("!", one.terms),
        *_marked("^", one.degrees),
        *(["~"] if is_remote(one.locations) else []),
        *("@" + word for word in where),
    ]
    said = split(" ".join((one.company_name, one.title, *one.tags, *one.terms)))
    kept = list(dict.fromkeys([*said, *where]))[:MOST_KEPT]
    return "".join(mark + ";" for mark in marks[:MOST_KEPT]) + "".join(" " + word for word in kept)


def wanted(looked_for: Filter) -> list[str]:
    """Return what has to stand in the line of every opening that fits."""
    found = [" " + word for word in dict.fromkeys(split(looked_for.text))][:MOST_WANTED]
    found += _marked("#", [looked_for.category])
    found += _marked("$", [looked_for.sponsorship])
    found += _marked("!", [looked_for.term])
    found += _marked("^", [looked_for.degree])
    found += ["~"] if looked_for.remote else []
    found += ["@" + word for word in dict.fromkeys(_long(split(looked_for.place)))][:MOST_WANTED]
    # The rarest is looked for first, and a long one is more likely rare.
    return sorted(found, key=len, reverse=True)


def _long(words: Iterable[str]) -> list[str]:
    return [long for word in words for long in _SHORT.get(word, (word,))]


def _marked(sign: str, texts: Iterable[str]) -> list[str]:
    return [sign + word for word in map(slug, texts) if word]
