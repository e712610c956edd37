"""Somebody as matching sees them: where they work and when, and only words their profile shows."""

import re
from collections.abc import Iterable
from datetime import datetime

from bot.clockwork.hours import read_hours
from bot.matching.model import Person
from bot.people.memberships import Member
from bot.people.profiles import Detail, Profile

_PIECES = re.compile(r"[,;/|\n•·]+")
_WORDS = re.compile(r"[^\W\d_]{4,}")
_EMPTY_WORDS = frozenset(
    {
        *("about", "also", "does", "from", "have", "help", "into", "like", "more", "other"),
        *("people", "side", "some", "that", "them", "then", "they", "thing", "things", "this"),
        *("team", "teams", "understand", "want", "what", "when", "where", "which", "with"),
        *("work", "working", "works", "would", "your"),
    }
)


def likeness(member: Member, profile: Profile, now: datetime) -> Person:
    """Return a member as matching sees them, the same for everything that brings people together.

    Words count only where the member shows them: a reason must not tell what a profile hides.
    """
    shown = profile.for_others()
    hours = read_hours(profile.of(Detail.HOURS), member.zone)
    told = [shown.get(detail, "") for detail in (Detail.ROLE, Detail.TEAM)]
    return Person(
        person_id=member.member_id,
        team=profile.of(Detail.TEAM).strip().casefold(),
        interests=frozenset(pieces(shown.get(Detail.INTERESTS, ""))),
        curious_about=frozenset(topics([shown.get(Detail.UNDERSTAND, "")])),
        offers=frozenset(topics(told)),
        zone=member.zone,
        works_from=hours.begin,
        works_to=hours.end,
        phase=member.phase(now),
    )


def pieces(text: str) -> list[str]:
    """Return the things somebody listed, each once, in one spelling."""
    found = (" ".join(piece.split()).casefold() for piece in _PIECES.split(text))
    return list(dict.fromkeys(piece for piece in found if piece))


def topics(texts: Iterable[str]) -> set[str]:
    """Return what texts are about: what they list, and the words in it that say something."""
    found: set[str] = set()
    for text in texts:
        found.update(pieces(text))
        found.update(word for word in _WORDS.findall(text.casefold()) if word not in _EMPTY_WORDS)
    return found
