"""Which addresses lie out in the open, and which only look like it."""

import re
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

Address = IPv4Address | IPv6Address

_NUMBERS: Final = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?", re.ASCII)
_LAST_NUMBER: Final = re.compile(r"(^|\.)(0x[0-9a-f]*|[0-9]+)\.?$", re.ASCII)


def _nets(*texts: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(text) for text in texts)


_SPECIAL_V4: Final = _nets(
    "0.0.0.0/8",  # this network
    "10.0.0.0/8",
    "100.64.0.0/10",  # behind a carrier's translation
    "127.0.0.0/8",
    "168.63.129.16/32",  # a cloud's inside, at an address that looks public
    "169.254.0.0/16",  # link-local, where clouds hand out credentials
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",  # relays of 6to4
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
)
_GLOBAL_V6: Final = ip_network("2000::/3")
_SPECIAL_V6: Final = _nets(
    "2001::/23",  # Teredo, benchmarks, ORCHID
    "2001:db8::/32",
    "2002::/16",  # 6to4: an IPv4 address in disguise
    "2620:4f:8000::/48",
    "3fff::/20",
)
_NAT64: Final = ip_network("64:ff9b::/96")
_HOME: Final = _nets(
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::1/128",
    "fc00::/7",
)


def is_public(address: Address) -> bool:
    """Say whether an address is one machine on the open internet, not an inside in disguise.

    What is not known to be open is closed: of IPv6 only the global unicast range. An IPv4 address
    inside IPv6 (mapped, compatible, 6to4, Teredo) is refused; behind NAT64, where all of IPv4 is
    written so, the address inside decides.
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not _within(address, _SPECIAL_V4)
    if address.scope_id:
        return False
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _GLOBAL_V6 and address.is_global and not _within(address, _SPECIAL_V6)


def is_home(address: Address) -> bool:
    """Say whether a host that the operator named may live here: in the open, or at home.

    Link-local addresses stay closed even then: clouds hand out their keys there.
    """
    if isinstance(address, IPv6Address) and address.scope_id:
        return False
    return is_public(address) or _within(address, _HOME)


def _within(address: Address, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    return any(address in network for network in networks if network.version == address.version)


def written(host: str) -> Address | None:
    """Return the address that a host is, if it is one in its usual spelling."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    if isinstance(address, IPv4Address) and str(address) != host:
        return None
    return address


def is_odd(host: str) -> bool:
    """Say whether a host is a number in a spelling that programs read differently.

    `2130706433`, `0x7f.1`, `0177.0.0.1` and `127.1` are all this machine to some of them.
    """
    if ":" in host or written(host) is not None:
        return False
    return bool(_NUMBERS.fullmatch(host) or _LAST_NUMBER.search(host))
