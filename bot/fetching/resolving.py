"""Asking for a host's addresses once, and connecting to what was checked and nothing else."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any, Final

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.face.words import _
from bot.fetching.addresses import is_home, is_public, written
from bot.fetching.model import NotFetched, Why
from bot.fetching.targets import Named, Target, inside

Lookup = Callable[[str, int], Awaitable[list[str]]]
"""Asks for all addresses of a host."""

MOST_ADDRESSES: Final = 8


async def ask_the_system(host: str, port: int) -> list[str]:
    """Return a host's addresses as this machine knows them."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class Checked(AbstractResolver):
    """Gives the connector addresses that were checked, and opens sockets to no other.

    A host is asked for once a request: a server that names an open address for the check and a
    closed one for the connection finds nobody who asks the second time.
    """

    def __init__(self, named: Named, lookup: Lookup) -> None:
        self._named = named
        self._lookup = lookup
        self._allowed: set[str] = set()

    def allow(self, target: Target) -> None:
        """Let a host through that is an address itself, and was checked as such."""
        if written(target.host) is not None:
            self._allowed.add(target.host)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return where a host is. Raises NotFetched when one of its addresses is not open."""
        host = host.lower().rstrip(".")
        try:
            found = await self._lookup(host, port)
        except (OSError, UnicodeError) as error:
            raise _unknown(host) from error
        if not found:
            raise _unknown(host)
        named = (host, port) in self._named
        fits = is_home if named else is_public
        for each in found:
            if not fits(ip_address(each)):
                raise inside(host, closed=named)
        self._allowed.update(found)
        return [_result(host, each, port) for each in found[:MOST_ADDRESSES]]

    def open(self, info: Any) -> socket.socket:
        """Open a socket to a checked address: the last door, whoever came up with the address."""
        family, kind, protocol, _name, address = info
        if str(address[0]) not in self._allowed:
            raise inside(str(address[0]))
        return socket.socket(family, kind, protocol)

    async def close(self) -> None:
        """Forget which addresses were checked."""
        self._allowed.clear()


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host,
        host=address,
        port=port,
        family=family,
        proto=socket.IPPROTO_TCP,
        flags=socket.AI_NUMERICHOST,
    )


def _unknown(host: str) -> NotFetched:
    return NotFetched(
        Why.UNKNOWN, _("Nobody on the internet answers to {host}.").format(host=host[:100])
    )
