"""What a form, a pasted row or a list says of an opening, before it is one of ours.

It stands apart from the model because a process that reads strangers' lists loads nothing else.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from bot.errors import Refusal
from bot.face.dates import short_date
from bot.face.words import _

from .canonical import canonical, tidy, twin_key

MOST_COMPANY: Final = 100
MOST_TITLE: Final = 200
MOST_WORD: Final = 60
MOST_PLACES: Final = 50
MOST_WORDS: Final = 10

NO_DEADLINE: Final = frozenset(
    {"", "-", "–", "?", "n/a", "na", "none", "no", "open", "rolling", "tbd", "until filled", "asap"}
)

_SPACES = re.compile(r"\s+")
_PLAIN = re.compile(r"[ -~]*")
_JOINERS = "\u200d\ufe0f"
_UNSEEN = ("Cc", "Cf", "Cs", "Co")


def clean(text: str, most: int) -> str:
    """Take out what nobody sees, make one line of it, and cut what is too long."""
    text = text[: most * 4]
    if not _PLAIN.fullmatch(text):
        text = "".join(
            letter
            for letter in text
            if letter in _JOINERS or letter.isspace() or unicodedata.category(letter) not in _UNSEEN
        )
    text = _SPACES.sub(" ", text).strip()
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def clean_all(texts: Iterable[str], most: int, number: int) -> tuple[str, ...]:
    """Clean several short texts, leave out empty ones and repetitions."""
    found = dict.fromkeys(filter(None, (clean(text, most) for text in texts)))
    return tuple(found)[:number]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a form, a pasted row or a list brings, before it is a posting.

    The names are those of the public lists; `outside_id` is their `id`, `deadline_on` what we add.
    """

    company_name: str
    title: str
    url: str
    locations: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    sponsorship: str = ""
    category: str = ""
    degrees: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    deadline_on: date | None = None
    date_posted: datetime | None = None
    date_updated: datetime | None = None
    active: bool = True
    outside_id: str = ""

    def checked(self, today: date) -> "Sound":
        """Return it cleaned, with its keys. Raises Refusal with what is wrong with it.

        What is over may have a deadline in the past; what is offered may not.
        """
        company = clean(self.company_name, MOST_COMPANY)
        title = clean(self.title, MOST_TITLE)
        if not self.url.strip():
            raise Refusal(_("The link is missing."))
        if not company:
            raise Refusal(_("The company is missing."))
        if not title:
            raise Refusal(_("The title is missing."))
        key = canonical(self.url)
        if self.active and self.deadline_on is not None and self.deadline_on < today:
            raise Refusal(
                _("The deadline, {day}, has passed.").format(day=short_date(self.deadline_on))
            )
        entry = replace(
            self,
            company_name=company,
            title=title,
            url=tidy(self.url),
            locations=clean_all(self.locations, MOST_WORD, MOST_PLACES),
            terms=clean_all(self.terms, MOST_WORD, MOST_WORDS),
            sponsorship=clean(self.sponsorship, MOST_WORD),
            category=clean(self.category, MOST_WORD),
            degrees=clean_all(self.degrees, MOST_WORD, MOST_WORDS),
            tags=clean_all(self.tags, MOST_WORD, MOST_WORDS),
            outside_id=clean(self.outside_id, 100),
        )
        return Sound(entry, key, twin_key(company, title, entry.terms))


@dataclass(frozen=True, slots=True)
class Sound:
    """An entry that can be taken, with the keys by which it is known again."""

    entry: Entry
    canonical: str
    twin_key: str
