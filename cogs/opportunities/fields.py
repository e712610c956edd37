"""The fields of an opening in the public lists' own names: from a record to an entry, and back."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, cast

from bot.clockwork.phrases import read_date
from bot.errors import Refusal
from bot.face.words import _

from .drift import Drift, Record
from .entry import NO_DEADLINE, Entry

NEWEST_YEAR: Final = 2100
OLDEST_YEAR: Final = 1990
FIELDS: Final = (
    "company_name",
    "title",
    "url",
    "locations",
    "terms",
    "sponsorship",
    "category",
    "degrees",
    "tags",
    "deadline",
    "date_posted",
    "date_updated",
    "active",
    "id",
)
"""The public lists' own field names, and the two we add: `deadline` and `tags`."""
NEEDED: Final = ("company_name", "title", "url")
EXPECTED: Final = (*NEEDED, "locations", "date_posted", "active")
PASSED_OVER: Final = frozenset({"source", "company_url", "is_visible", "season"})
"""Fields that the lists have and an opening does not need."""
_ALIASES: Final = {
    "company_name": ("company", "employer", "organization", "organisation", "firm"),
    "title": ("role", "position", "job_title", "job", "role_title", "position_title", "name"),
    "url": (
        "link",
        "apply_link",
        "application_link",
        "apply_url",
        "application_url",
        "job_url",
        "apply",
        "application",
        "href",
    ),
    "locations": ("location", "place", "places", "city", "cities", "office"),
    "terms": ("term", "study_term", "start_term", "semester"),
    "sponsorship": ("visa", "visa_work_permit", "visa_sponsorship", "work_permit"),
    "category": ("field", "area", "discipline", "job_category"),
    "degrees": ("degree", "education", "level_of_study"),
    "tags": ("tag", "keywords", "skills", "labels"),
    "deadline": (
        "closes",
        "closing_date",
        "close_date",
        "apply_by",
        "due",
        "due_date",
        "application_deadline",
        "expires",
        "valid_through",
    ),
    "date_posted": ("posted", "date", "posted_on", "posted_at", "published", "date_added", "added"),
    "date_updated": ("updated", "updated_at", "last_updated", "modified"),
    "active": ("open", "is_open", "is_active", "status"),
    "id": ("uuid", "guid", "job_id", "posting_id", "listing_id"),
}
NAMES: Final = {name: name for name in FIELDS} | {
    alias: name for name, aliases in _ALIASES.items() for alias in aliases
}
_NO: Final = frozenset(
    {"false", "no", "n", "0", "closed", "inactive", "expired", "filled", "off", "🔒", "✗", "❌"}
)
_NOT_A_NAME: Final = re.compile(r"[^a-z0-9]+")
_PARTS: Final = re.compile(r"\s*[;|\n]\s*")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_DATE_FIRST: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]")


def entry_of(record: Any, today: date, drift: Drift) -> Entry:
    """Return the opening of a record. Raises Refusal when it names none."""
    if not isinstance(record, dict):
        raise Refusal(_("It is not a record with fields."))
    values = _named(cast("dict[Any, Any]", record), drift)
    for name in EXPECTED:
        if values.get(name) in (None, "", []):
            drift.missing[name] += 1
    active = _is_active(values.get("active"))
    if cast("dict[Any, Any]", record).get("is_visible") is False:
        active = False
    return Entry(
        company_name=_text(values.get("company_name")),
        title=_text(values.get("title")),
        url=_text(values.get("url")),
        locations=_texts(values.get("locations"), "locations"),
        terms=_texts(values.get("terms"), "terms"),
        sponsorship=_text(values.get("sponsorship")),
        category=_text(values.get("category")),
        degrees=_texts(values.get("degrees"), "degrees"),
        tags=_texts(values.get("tags"), "tags"),
        deadline_on=_day(values.get("deadline"), today, drift),
        date_posted=_moment(values.get("date_posted"), "date_posted", today, drift),
        date_updated=_moment(values.get("date_updated"), "date_updated", today, drift),
        active=active,
        outside_id=_text(values.get("id")),
    )


def _named(record: Mapping[Any, Any], drift: Drift) -> Record:
    """Return the values by the names we know; a list's own name goes before an alias."""
    values: Record = {}
    for key, value in record.items():
        name = known_as(str(key))
        if name is None:
            if str(key) not in PASSED_OVER:
                drift.note_unknown(str(key))
        elif name not in values or key == name:
            values[name] = value
    return values


def known_as(key: str) -> str | None:
    """Return the field that a list means by a name."""
    return NAMES.get(key) or NAMES.get(_NOT_A_NAME.sub("_", key.casefold()).strip("_"))


def _text(value: object) -> str:
    """Return a value as text; a list of one is that one, a record is nothing we can read."""
    if isinstance(value, list):
        found = cast("list[object]", value)
        return _text(found[0]) if found else ""
    if value is None or isinstance(value, dict | bool):
        return ""
    return str(value)


def _texts(value: object, name: str) -> tuple[str, ...]:
    if isinstance(value, str):
        # Places have commas in them: "Toronto, ON".
        parts = _PARTS.split(value) if name == "locations" else re.split(r"\s*[;|,\n]\s*", value)
        return tuple(part for part in parts if part)
    if not isinstance(value, list):
        return tuple(filter(None, (_text(value),)))
    return tuple(filter(None, (_text(each) for each in cast("list[object]", value)[:200])))


def _is_active(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().casefold() not in _NO
    return value is None or bool(value)


def _moment(value: object, name: str, today: date, drift: Drift) -> datetime | None:
    """Return a moment written as seconds, milliseconds or text; what is none is noted."""
    if value is None or value == "":
        return None
    found = moment_of(value, today)
    if found is None:
        drift.note_unread(name, value)
    return found


def moment_of(value: object, today: date) -> datetime | None:
    """Return a moment however a list writes it, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        text = value.strip()[:64]
        if not _NUMBER.fullmatch(text):
            return _written(text, today)
        value = float(text)
    try:
        for _finer in range(2):  # milliseconds, microseconds
            value = value / 1000 if abs(value) >= 1e11 else value
        found = datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return found if OLDEST_YEAR <= found.year <= NEWEST_YEAR else None


def _written(text: str, today: date) -> datetime | None:
    for read in (_iso, parsedate_to_datetime, _phrase(today)):
        try:
            found = read(text)
        except (ValueError, TypeError, OverflowError, IndexError, Refusal):
            continue
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        if OLDEST_YEAR <= found.year <= NEWEST_YEAR:
            return found
    return None


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _phrase(today: date) -> Callable[[str], datetime]:
    def read(text: str) -> datetime:
        day = read_date(text, today, nearest=True)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)

    return read


def _day(value: object, today: date, drift: Drift) -> date | None:
    """Return a deadline: the day that is written, or the day of a moment in UTC."""
    if value is None or (isinstance(value, str) and value.strip().casefold() in NO_DEADLINE):
        return None
    if isinstance(value, str) and (dated := _DATE_FIRST.match(value.strip())):
        value = dated[1]
    found = moment_of(value, today)
    if found is None:
        drift.note_unread("deadline", value)
    return found.date() if found else None


def record_of(entry: Entry) -> Record:
    """Return an opening in the public lists' own field names."""
    return {
        "company_name": entry.company_name,
        "title": entry.title,
        "url": entry.url,
        "locations": list(entry.locations),
        "terms": list(entry.terms),
        "sponsorship": entry.sponsorship,
        "category": entry.category,
        "degrees": list(entry.degrees),
        "tags": list(entry.tags),
        "deadline": entry.deadline_on.isoformat() if entry.deadline_on else None,
        "date_posted": _seconds(entry.date_posted),
        "date_updated": _seconds(entry.date_updated),
        "active": entry.active,
        "id": entry.outside_id,
    }


def entry_kept(record: Record) -> Entry:
    """Read an opening that `record_of` wrote."""
    return Entry(
        company_name=record["company_name"],
        title=record["title"],
        url=record["url"],
        locations=tuple(record["locations"]),
        terms=tuple(record["terms"]),
        sponsorship=record["sponsorship"],
        category=record["category"],
        degrees=tuple(record["degrees"]),
        tags=tuple(record["tags"]),
        deadline_on=date.fromisoformat(record["deadline"]) if record["deadline"] else None,
        date_posted=_from_seconds(record["date_posted"]),
        date_updated=_from_seconds(record["date_updated"]),
        active=record["active"],
        outside_id=record["id"],
    )


def _seconds(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment else None


def _from_seconds(seconds: int | None) -> datetime | None:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds) if seconds else None
