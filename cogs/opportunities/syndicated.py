"""RSS and Atom, in which openings are published with everything in the title."""

import importlib
import io
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

from bot.face.words import _

from .drift import Record, Unreadable

LARGEST_SYNDICATED: Final = 8 * 1024 * 1024
"""Bytes of RSS or Atom; they are read whole."""
_ENTITY: Final = re.compile(rb"<!(DOCTYPE[^>]*\[|ENTITY)", re.I)


def syndicated(body: IO[bytes]) -> Iterator[tuple[int, Any]]:
    """Yield the entries of RSS or Atom as records."""
    content = body.read(LARGEST_SYNDICATED + 1)
    if len(content) > LARGEST_SYNDICATED:
        raise Unreadable(
            _("That RSS or Atom is larger than {most} MB.").format(
                most=LARGEST_SYNDICATED // (1024 * 1024)
            )
        )
    if _ENTITY.search(content.replace(b"\0", b"")):
        raise Unreadable(_("That XML defines entities of its own, which no list needs."))
    # It takes a tenth of a second to load, which only those who read RSS shall pay.
    feedparser: Any = importlib.import_module("feedparser")
    stream = io.BytesIO(content)
    found = feedparser.parse(stream, sanitize_html=False, resolve_relative_uris=False)
    if not found.entries and not found.get("version"):
        raise Unreadable(_("That is neither RSS nor Atom."))
    publisher = str(found.feed.get("title", ""))
    for number, entry in enumerate(found.entries, 1):
        yield number, syndicated_record(dict(entry), publisher)


def syndicated_record(entry: Mapping[str, Any], publisher: str) -> Record:
    """Return an entry of RSS or Atom as a record; most put the company into the title."""
    title, company = split_title(_plain(entry.get("title")))
    company = _plain(entry.get("company") or entry.get("job_listing_company")) or company
    tags = [_plain(tag.get("term")) for tag in entry.get("tags", ())]
    record = {
        "company_name": company or _plain(entry.get("author")) or publisher,
        "title": title,
        "url": entry.get("link"),
        "locations": [_plain(entry.get("location") or entry.get("job_listing_location"))],
        "tags": tags,
        "deadline": entry.get("expired") or entry.get("deadline") or entry.get("closing_date"),
        "date_posted": entry.get("published") or entry.get("updated"),
        "date_updated": entry.get("updated"),
        "id": entry.get("id"),
    }
    return {name: value for name, value in record.items() if value}


def split_title(text: str) -> tuple[str, str]:
    """Return title and company of "Intern at Acme" and "Acme: Intern"."""
    title, at, company = text.rpartition(" at ")
    if at and 0 < len(company) <= 60:
        return title.strip(), company.strip()
    company, colon, title = text.partition(": ")
    if colon and 0 < len(company) <= 60 and title.strip():
        return title.strip(), company.strip()
    return text, ""


def _plain(value: object) -> str:
    return re.sub(r"<[^>]{0,500}>", "", str(value)).strip() if value else ""
