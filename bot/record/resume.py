"""The record as a JSON Résumé, the open form that other résumé tools read."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from bot.people.record import Chapter, Entry
from bot.record.brag import skills, web_address
from bot.record.drafting import Bullet, bullets
from bot.record.letters import clip, one_line, seen
from bot.record.model import Record, Stay, texts_changed

SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
MOST_HIGHLIGHTS = 12
ASCII = 128


def resume(record: Record) -> dict[str, Any]:
    """Return the résumé; a part with nothing in it is left out."""
    entries = tuple(texts_changed(entry, seen) for entry in record.entries)
    record = Record(record.name, record.made_on, record.stays, entries, record.part)
    drafted = bullets(record)
    told = {
        "$schema": SCHEMA,
        "basics": _basics(record),
        "work": [_work(stay, record, drafted) for stay in record.stays],
        "projects": list(_projects(record, drafted)),
        "education": _courses(record),
        "skills": [{"name": name} for name, _since, _often in skills(record)],
        "meta": {
            "version": "v1.0.0",
            "lastModified": f"{record.made_on.isoformat()}T00:00:00",
            "stint": {"drafted": True, "from": {line.text: line.ref for line in drafted}},
        },
    }
    return {name: part for name, part in told.items() if part}


def _basics(record: Record) -> dict[str, Any]:
    roles = [one_line(stay.role) for stay in record.stays if stay.role]
    links = [url for stay in record.stays for word in stay.links.split() if (url := address(word))]
    basics = {
        "name": one_line(record.name),
        "label": roles[0] if roles else "",
        "url": links[0] if links else "",
        "profiles": [{"url": url} for url in dict.fromkeys(links[1:])],
    }
    return {name: value for name, value in basics.items() if value}


def address(url: str) -> str:
    """Return an address as the form wants it: whole, and in plain letters."""
    found = web_address(url)
    return found if all(" " < sign < "\x7f" for sign in found) else ""


def _work(stay: Stay, record: Record, drafted: Iterable[Bullet]) -> dict[str, Any]:
    mine = {entry.ref for entry in record.of(Chapter.WORK, Chapter.CHALLENGES)}
    place = one_line(stay.place)
    here = [line.text for line in drafted if line.ref in mine and line.place == place]
    work = {
        "name": place,
        "position": one_line(stay.role),
        "startDate": _day(stay.first_on),
        "endDate": _day(stay.last_on),
        "highlights": here[:MOST_HIGHLIGHTS],
    }
    return {name: value for name, value in work.items() if value}


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""


def _projects(record: Record, drafted: Iterable[Bullet]) -> Iterable[dict[str, Any]]:
    """Yield each project with its own lines; what belongs to none stands alone."""
    by_name: dict[str, list[Entry]] = {}
    for entry in record.of(Chapter.WORK, Chapter.PROJECT):
        if name := one_line(entry.project):
            by_name.setdefault(name.casefold(), []).append(entry)
    texts = {line.ref: line.text for line in drafted}
    for entries in by_name.values():
        links = [url for entry in entries if (url := address(entry.url))]
        named = dict.fromkeys(one_line(skill) for entry in entries for skill in entry.skills)
        project = {
            "name": clip(one_line(entries[0].project), 200),
            "url": links[0] if links else "",
            "startDate": _day(min(entry.on for entry in entries)),
            "endDate": _day(max(entry.on for entry in entries)),
            "keywords": list(named),
            "highlights": [texts[e.ref] for e in entries if e.ref in texts][:MOST_HIGHLIGHTS],
        }
        yield {name: value for name, value in project.items() if value}


def _courses(record: Record) -> list[dict[str, Any]]:
    names = dict.fromkeys(
        clip(one_line(entry.project) or one_line(entry.what), 200)
        for entry in record.of(Chapter.COURSEWORK)
    )
    return [{"courses": list(names)}] if names else []
