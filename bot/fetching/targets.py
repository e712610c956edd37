"""Reading an address before anything is asked of it: where it leads, and whether we go there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

import yarl

from bot.face.words import _
from bot.fetching.addresses import is_home, is_odd, is_public, written
from bot.fetching.model import LONGEST_URL, NotFetched, Why

PORTS: Final = (80, 443)
_UNSEEN: Final = re.compile(
    r"[\x00-\x20\x7f-\xa0\\\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
_NAME: Final = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?", re.ASCII)
_AT_HOME: Final = ("localhost", "local", "internal", "lan", "intranet", "home.arpa", "onion")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes; `named` when the operator named this host as one of our own."""

    url: yarl.URL
    host: str
    port: int
    named: bool


class Named:
    """The hosts inside our network that the operator opened: `wiki.lan`, `10.0.0.7:8080`."""

    def __init__(self, hosts: Iterable[str] = ()) -> None:
        self._hosts = frozenset(host.strip().lower().rstrip(".") for host in hosts)

    def __contains__(self, place: tuple[str, int]) -> bool:
        host, port = place
        shown = f"[{host}]" if ":" in host else host
        return not self._hosts.isdisjoint({host, shown, f"{shown}:{port}"})


def target(text: str, named: Named) -> Target:
    """Return where an address leads. Raises NotFetched, with words on what is wrong with it."""
    url = _read(text)
    host = (url.raw_host or "").lower().rstrip(".")
    port = url.port or 0
    known = (host, port) in named
    if not known:
        _check_host(host)
        if port not in PORTS:
            raise NotFetched(
                Why.ADDRESS,
                _("I read from the ports 80 and 443 only, and that address names {port}.").format(
                    port=port
                ),
            )
    elif (address := written(host)) is not None and not is_home(address):
        raise inside(host, closed=True)
    return Target(url.with_fragment(None), host, port, known)


def follow(start: Target, here: Target, location: str, named: Named) -> Target:
    """Return where a redirect leads. Raises NotFetched when we do not go there.

    Nobody outside may send us to a host of our own, and nobody out of a secure connection.
    """
    if not location:
        raise NotFetched(Why.REDIRECT, _("That server sent me on without saying where to."))
    try:
        found = target(urljoin(str(here.url), location), named)
    except ValueError as error:
        raise NotFetched(
            Why.REDIRECT, _("That server sent me on to something that is no address.")
        ) from error
    except NotFetched as refusal:
        raise NotFetched(
            refusal.why, _("It sent me on to another address. {why}").format(why=refusal)
        ) from refusal
    if found.named and (found.host, found.port) != (start.host, start.port):
        raise NotFetched(
            Why.INSIDE, _("That server sent me on into the network I run in; I do not go there.")
        )
    if here.url.scheme == "https" and found.url.scheme != "https":
        raise NotFetched(
            Why.REDIRECT, _("That server sent me from https to http; I do not go there.")
        )
    return found


def inside(host: str, *, closed: bool = False) -> NotFetched:
    """Return the refusal of an address that is not in the open; what is `closed` stays so."""
    text = _("{host} is not out in the open internet.").format(host=host[:100])
    if not closed:
        how = _("Whoever hosts me can open it with the setting `STINT_FEED_PRIVATE_HOSTS`.")
        text = f"{text} {how}"
    return NotFetched(Why.INSIDE, text)


def _read(text: str) -> yarl.URL:
    if len(text) > LONGEST_URL:
        raise NotFetched(
            Why.ADDRESS,
            _("That address is longer than {most} characters.").format(most=f"{LONGEST_URL:,}"),
        )
    if _UNSEEN.search(text):
        raise NotFetched(Why.ADDRESS, _("That address has blanks or invisible signs in it."))
    try:
        url = yarl.URL(text)
        host = url.raw_host
        port = url.port
    except (ValueError, TypeError) as error:
        raise NotFetched(Why.ADDRESS, _("That is not an address I can read.")) from error
    if url.scheme not in ("http", "https"):
        raise NotFetched(Why.ADDRESS, _("An address starts with `https://` or `http://`."))
    if not host or not port:
        raise NotFetched(Why.ADDRESS, _("That address names no server."))
    if url.user is not None or url.password is not None or "@" in text.split("/")[2]:
        raise NotFetched(
            Why.ADDRESS, _("That address has a name or password in it; I do not keep those.")
        )
    return url


def _check_host(host: str) -> None:
    address = written(host)
    if address is not None:
        if not is_public(address):
            raise inside(host, closed=not is_home(address))
        return
    if is_odd(host):
        raise NotFetched(
            Why.ADDRESS, _("That address names its server by an oddly written number.")
        )
    if not _NAME.fullmatch(host) or ".." in host or len(host) > 253:
        raise NotFetched(Why.ADDRESS, _("That address names no server."))
    if "." not in host or any(host == end or host.endswith(f".{end}") for end in _AT_HOME):
        raise inside(host)
