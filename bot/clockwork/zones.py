"""Time zones by the names people use: "toronto", "new york", "Bengaluru", or simply 19:42."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from bot.clockwork.echo import echo
from bot.errors import Refusal
from bot.face.words import _

MOST_CHOICES = 25
SHOWN_NEAREST = 4

LOOSE: Final = {
    "est": ("America/New_York", "America/Toronto"),
    "edt": ("America/New_York", "America/Toronto"),
    "et": ("America/New_York", "America/Toronto"),
    "est5edt": ("America/New_York", "America/Toronto"),
    "eastern": ("America/New_York", "America/Toronto"),
    "cst": ("America/Chicago", "America/Mexico_City", "Asia/Shanghai"),
    "cdt": ("America/Chicago", "America/Winnipeg"),
    "ct": ("America/Chicago", "America/Winnipeg"),
    "cst6cdt": ("America/Chicago", "America/Winnipeg"),
    "central": ("America/Chicago", "America/Winnipeg"),
    "mst": ("America/Denver", "America/Phoenix", "America/Edmonton"),
    "mdt": ("America/Denver", "America/Edmonton"),
    "mt": ("America/Denver", "America/Edmonton"),
    "mst7mdt": ("America/Denver", "America/Edmonton"),
    "mountain": ("America/Denver", "America/Edmonton"),
    "pst": ("America/Los_Angeles", "America/Vancouver"),
    "pdt": ("America/Los_Angeles", "America/Vancouver"),
    "pt": ("America/Los_Angeles", "America/Vancouver"),
    "pst8pdt": ("America/Los_Angeles", "America/Vancouver"),
    "pacific": ("America/Los_Angeles", "America/Vancouver"),
    "akst": ("America/Anchorage",),
    "hst": ("Pacific/Honolulu",),
    "brt": ("America/Sao_Paulo",),
    "gmt": ("Europe/London", "Africa/Accra", "UTC"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "wet": ("Europe/Lisbon",),
    "west": ("Europe/Lisbon",),
    "cet": ("Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Warsaw"),
    "cest": ("Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Warsaw"),
    "met": ("Europe/Berlin", "Europe/Paris"),
    "eet": ("Europe/Athens", "Europe/Kyiv", "Africa/Cairo"),
    "eest": ("Europe/Athens", "Europe/Kyiv", "Africa/Cairo"),
    "msk": ("Europe/Moscow",),
    "wat": ("Africa/Lagos",),
    "cat": ("Africa/Maputo",),
    "eat": ("Africa/Nairobi",),
    "sast": ("Africa/Johannesburg",),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "pkt": ("Asia/Karachi",),
    "npt": ("Asia/Kathmandu",),
    "sgt": ("Asia/Singapore",),
    "hkt": ("Asia/Hong_Kong",),
    "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "aedt": ("Australia/Sydney", "Australia/Melbourne"),
    "acst": ("Australia/Adelaide", "Australia/Darwin"),
    "awst": ("Australia/Perth",),
    "nzst": ("Pacific/Auckland",),
    "nzdt": ("Pacific/Auckland",),
    "georgia": ("America/New_York", "Asia/Tbilisi"),
    "us": ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    "usa": ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
}
"""Words that fit several clocks, and the places that most often mean them."""

CITIES: Final = {
    "America/New_York": (
        "Atlanta", "Boston", "Cambridge", "Charlotte", "Miami", "New York City", "NYC", "Orlando",
        "Philadelphia", "Pittsburgh", "Raleigh", "Washington", "Washington DC",
    ),
    "America/Chicago": ("Austin", "Birmingham", "Dallas", "Houston", "Minneapolis", "Nashville"),
    "America/Denver": ("Boulder", "Salt Lake City"),
    "America/Los_Angeles": (
        "Las Vegas", "Mountain View", "Palo Alto", "Portland", "Redmond", "Sacramento",
        "San Diego", "San Francisco", "San Jose", "Seattle", "Silicon Valley",
    ),
    "America/Toronto": ("Kitchener", "Ottawa", "Quebec City", "Waterloo"),
    "America/Edmonton": ("Calgary",),
    "America/Vancouver": ("Victoria",),
    "America/Costa_Rica": ("San Jose",),
    "America/Mexico_City": ("Guadalajara", "CDMX"),
    "America/Sao_Paulo": ("Rio de Janeiro", "Brasilia", "Belo Horizonte", "Curitiba"),
    "Europe/London": (
        "Birmingham", "Bristol", "Cambridge", "Edinburgh", "England", "Great Britain",
        "Manchester", "Oxford", "Scotland", "UK", "United Kingdom", "Wales",
    ),
    "Europe/Berlin": ("Cologne", "Frankfurt", "Hamburg", "Munich", "München", "Stuttgart"),
    "Europe/Paris": ("Lyon", "Marseille", "Toulouse"),
    "Europe/Madrid": ("Barcelona", "Valencia"),
    "Europe/Rome": ("Milan", "Turin", "Naples"),
    "Europe/Zurich": ("Geneva", "Basel", "Lausanne"),
    "Europe/Warsaw": ("Krakow", "Kraków", "Wroclaw", "Gdansk"),
    "Europe/Amsterdam": ("Eindhoven", "Rotterdam", "The Hague", "Utrecht"),
    "Europe/Istanbul": ("Ankara",),
    "Africa/Lagos": ("Abuja",),
    "Africa/Johannesburg": ("Cape Town", "Pretoria"),
    "Asia/Kolkata": (
        "Ahmedabad", "Bangalore", "Bengaluru", "Chennai", "Delhi", "Hyderabad", "Mumbai",
        "New Delhi", "Noida", "Pune",
    ),
    "Asia/Karachi": ("Islamabad", "Lahore"),
    "Asia/Shanghai": ("Beijing", "Guangzhou", "Hangzhou", "Shenzhen"),
    "Asia/Ho_Chi_Minh": ("Hanoi",),
    "Asia/Tokyo": ("Osaka", "Kyoto"),
    "Asia/Jerusalem": ("Haifa",),
    "Asia/Dubai": ("Abu Dhabi",),
    "Asia/Riyadh": ("Jeddah",),
    "Pacific/Auckland": ("Wellington", "Christchurch"),
}  # fmt: skip
"""Cities many people live in after which no zone is named."""

FIRST_OFFERED: Final = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "America/Toronto", "America/Vancouver", "America/Mexico_City", "America/Bogota",
    "America/Sao_Paulo", "Europe/London", "Europe/Lisbon", "Europe/Berlin", "Europe/Paris",
    "Europe/Athens", "Africa/Lagos", "Africa/Johannesburg", "Africa/Nairobi", "Asia/Dubai",
    "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Shanghai", "Asia/Singapore",
    "Asia/Tokyo", "Australia/Sydney",
)  # fmt: skip
"""What someone sees before they type: one zone for most people of each part of the world."""

_CLOCK_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}|\d?))?\s*(am|pm)?")
_OFFSET = re.compile(r"(?:utc|gmt)?\s*[+\-\u2212]\s*\d{1,2}(?:[:.]?\d{2})?")
_DAY_MINUTES = 24 * 60
_TYPING_MINUTES = 7


@dataclass(frozen=True, slots=True)
class Place:
    """A name someone may type, how it is written, and the zone whose clock hangs there."""

    key: str
    shown: str
    zone: str


@dataclass(frozen=True)
class Atlas:
    """Every place the bot can find a zone for."""

    exact: dict[str, str]  # "america/toronto" -> America/Toronto, former names included
    cities: tuple[Place, ...]
    countries: tuple[Place, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """Cities, then countries."""
        return self.cities + self.countries


def known_zone(text: str) -> str:
    """The IANA name of the zone someone means; when it is not certain, they are told the nearest.

    Takes the name itself, a city, or a country that has a single zone.
    """
    wanted = _plain(text)
    if loose := LOOSE.get(wanted):
        raise Refusal(_offset_words(text, loose))
    if _OFFSET.fullmatch(wanted):
        raise Refusal(
            _(
                "An offset like that is off by an hour for half of the year in many places. "
                'Type the nearest big city instead, like "Toronto" or "Berlin".'
            )
        )
    atlas = _atlas()
    for places in (atlas.cities, atlas.countries):
        zones = _distinct(place.zone for place in places if place.key == wanted)
        if len(zones) == 1:
            return zones[0]
        if zones:
            raise Refusal(_nearest_words(text, sorted(zones, key=_less_known)))
    if named := atlas.exact.get(wanted.replace(" ", "_")):
        return named
    raise Refusal(_nearest_words(text, _nearest(wanted)))


@cache
def zone_info(zone: str) -> ZoneInfo:
    """The rules of one zone's clock, read from disk only once (the standard cache keeps eight)."""
    return ZoneInfo(zone)


def law_version() -> str:
    """The edition of the zones' laws in use: clocks change by decree, sometimes within weeks."""
    import tzdata

    return tzdata.IANA_VERSION


def zone_choices(text: str, now: datetime) -> list[tuple[str, str]]:
    """Up to 25 (label, zone) to choose from while someone types a place or their present time."""
    wanted = _plain(text)
    if not wanted:
        found: Iterable[Place] = (_place_of(zone) for zone in FIRST_OFFERED)
    elif shown := _CLOCK_TIME.fullmatch(wanted):
        found = _showing(shown[1], shown[2] or "", shown[3], now)
    else:
        found = _matching(wanted)
    chosen: dict[str, str] = {}
    for place in found:
        if place.zone not in chosen and not _OFFSET.fullmatch(_plain(place.zone)):
            clock = now.astimezone(zone_info(place.zone))
            chosen[place.zone] = f"{place.shown} ({place.zone}), {clock:%H:%M}"
        if len(chosen) == MOST_CHOICES:
            break
    return [(label, zone) for zone, label in chosen.items()]


def _matching(wanted: str) -> Iterator[Place]:
    """Places by how well they fit: the name itself, its beginning, a word's, anywhere, nearly."""
    for zone in LOOSE.get(wanted, ()):
        yield _place_of(zone)
    atlas = _atlas()
    fitting = [place for place in atlas.places if wanted in place.key]
    yield from sorted(fitting, key=lambda place: (_fit(place, wanted), _less_known(place.zone)))
    underscored = wanted.replace(" ", "_")
    yield from (_place_of(zone) for name, zone in atlas.exact.items() if underscored in name)
    if not fitting:
        yield from map(_place_of, _nearest(wanted))


def _fit(place: Place, wanted: str) -> int:
    """0 for the whole name, 1 for its beginning, 2 for the beginning of a word, 3 for the rest."""
    if place.key == wanted:
        return 0
    if place.key.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in place.key else 3


def _showing(hour: str, minute: str, half: str | None, now: datetime) -> Iterator[Place]:
    """Places whose clocks show this hour (or, once typed, about this minute) at this moment."""
    hours = int(hour) if half is None else int(hour) % 12 + (12 if half == "pm" else 0)
    offered = dict.fromkeys((*FIRST_OFFERED, *(place.zone for place in _atlas().cities)))
    for zone in offered:
        clock = now.astimezone(zone_info(zone)).time()
        if clock.hour == hours if len(minute) < 2 else _close(clock, hours, int(minute)):
            yield _place_of(zone)


def _close(clock: time, hours: int, minutes: int) -> bool:
    """Whether the clock showed this while someone typed, though not yet at the next zone's."""
    apart = (clock.hour * 60 + clock.minute - hours * 60 - minutes) % _DAY_MINUTES
    return min(apart, _DAY_MINUTES - apart) <= _TYPING_MINUTES


def _nearest(wanted: str) -> list[str]:
    """The zones whose names look most like what was typed."""
    atlas = _atlas()
    zones: dict[str, list[str]] = {}
    for place in atlas.places:
        zones.setdefault(place.key, []).append(place.zone)
    tail = wanted.rpartition("/")[2].strip()
    close = get_close_matches(wanted, [*zones, *atlas.exact], SHOWN_NEAREST, 0.7)
    close += get_close_matches(tail, zones, SHOWN_NEAREST, 0.7) if tail else []
    found = (zone for key in close for zone in zones.get(key) or [atlas.exact[key]])
    return _distinct(found)[:SHOWN_NEAREST]


def _less_known(zone: str) -> bool:
    """Whether fewer people live by this zone, which sorts it after the others."""
    return zone not in FIRST_OFFERED


def _offset_words(text: str, zones: Iterable[str]) -> str:
    return _('"{text}" fits several clocks. Which one is yours: {zones}?').format(
        text=echo(text), zones=", ".join(zones)
    )


def _nearest_words(text: str, zones: list[str]) -> str:
    if not zones:
        return _(
            'I know no time zone called "{text}". '
            'Type a big city near you, like "Toronto", "Berlin" or "Kolkata".'
        ).format(text=echo(text))
    return _('I know no single time zone called "{text}". Did you mean {zones}?').format(
        text=echo(text), zones=", ".join(zones[:SHOWN_NEAREST])
    )


def _plain(text: str) -> str:
    """Lower case, no accents, words apart by single spaces."""
    bare = unicodedata.normalize("NFKD", text[:100]).replace("\u2019", "'")
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(letters.casefold().replace("_", " ").split())


def _distinct(zones: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(zones))


@cache
def _place_of(zone: str) -> Place:
    shown = zone.rpartition("/")[2].replace("_", " ")
    return Place(_plain(shown), shown, zone)


@cache
def _atlas() -> Atlas:
    """Read once from the zone tables that are installed with the bot."""
    homes = {zone: code for code, _where, zone in _rows("zone.tab")}
    countries = dict(_rows("iso3166.tab"))
    former = _former_names(homes)
    names = [*homes, "UTC", *(name for name in former if "/" in name), *_every_name()]
    exact = {_plain(name).replace(" ", "_"): former.get(name, name) for name in names}
    named = [_place_of(zone) for zone in (*homes, "UTC")]
    known_as = [
        Place(_plain(city), city, zone) for zone, cities in CITIES.items() for city in cities
    ]
    renamed = [
        Place(_place_of(old).key, _place_of(old).shown, zone)
        for old, zone in former.items()
        if old.startswith(("America/", "Asia/", "Europe/", "Africa/", "Pacific/", "Atlantic/"))
    ]
    lands = [
        Place(_plain(countries[code]), f"{countries[code]}: {_place_of(zone).shown}", zone)
        for zone, code in homes.items()
    ]
    return Atlas(exact, tuple(named + known_as + renamed), tuple(lands))


def _former_names(homes: dict[str, str]) -> dict[str, str]:
    """Names that were once in use, with the zone that took their place."""
    pairs = [line.split()[1:] for line in _lines("tzdata.zi") if line.startswith("L ")]
    utc = {name: "UTC" for today, name in pairs if today == "Etc/UTC"} | {"Etc/UTC": "UTC"}
    moved = {name: today for today, name in pairs if today in homes and name not in homes}
    return utc | moved


def _every_name() -> Iterator[str]:
    for name in (files("tzdata") / "zones").read_text("utf-8").split():
        if name != "Factory":
            yield name


def _rows(table: str) -> Iterator[list[str]]:
    """Rows of a tab-separated table; columns after the zone are remarks."""
    for line in _lines(table):
        if not line.startswith("#"):
            yield line.split("\t")[:3]


def _lines(name: str) -> list[str]:
    return (files("tzdata.zoneinfo") / name).read_text("utf-8").splitlines()
