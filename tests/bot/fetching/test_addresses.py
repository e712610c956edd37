"""What lies out in the open, and what only looks like it."""

from ipaddress import ip_address

import pytest

from bot.fetching.addresses import is_home, is_odd, is_public, written

OPEN = ["1.1.1.1", "93.184.215.14", "140.82.121.4", "2606:4700::6810:84e5", "64:ff9b::8.8.8.8"]

CLOSED = {
    "this machine": ["127.0.0.1", "127.255.255.254", "::1"],
    "nowhere": ["0.0.0.0", "0.1.2.3", "::"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd00::1", "fc00::1"],
    "link-local": ["169.254.169.254", "169.254.0.1", "fe80::1"],
    "a carrier's inside": ["100.64.0.1", "100.127.255.255", "100.100.100.200"],
    "a cloud's inside": ["168.63.129.16", "192.0.0.192", "fd00:ec2::254"],
    "many at once": ["224.0.0.1", "239.255.255.255", "ff02::1", "255.255.255.255"],
    "reserved": ["240.0.0.1", "192.0.2.1", "198.51.100.7", "203.0.113.7", "198.18.0.1", "4000::1"],
    "papers": ["2001:db8::1", "3fff::1"],
    "IPv4 inside IPv6": [
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:1.1.1.1",
        "::ffff:0:127.0.0.1",
        "::127.0.0.1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::7f00:1",
        "2001:0:7f00:1::1",
    ],
    "old": ["fec0::1", "192.88.99.1"],
}


@pytest.mark.parametrize("address", OPEN)
def test_an_address_in_the_open_is_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", [each for kind in CLOSED.values() for each in kind])
def test_an_address_that_is_not_in_the_open_is_not_public(address):
    assert not is_public(ip_address(address))


def test_an_address_that_belongs_to_one_cable_is_closed():
    assert not is_public(ip_address("fe80::1%eth0"))
    assert not is_public(ip_address("2606:4700::1%eth0"))
    assert not is_home(ip_address("fd00::1%eth0"))


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "fd00::1", "1.1.1.1"])
def test_a_named_host_may_live_at_home(address):
    assert is_home(ip_address(address))


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fe80::1", "224.0.0.1", "0.0.0.0", "::ffff:127.0.0.1"]
)
def test_not_even_a_named_host_may_live_where_clouds_keep_their_keys(address):
    assert not is_home(ip_address(address))


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "127.0.1",
        "127.0.0.1.",
        "127.000.000.001",
        "1.2.3.4.5",
        "256.1.1.1",
        "0x",
        "example.0x7f",
        "example.1",
        "999999999999",
    ],
)
def test_a_number_in_another_spelling_is_odd(host):
    assert is_odd(host)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "::1", "example.org", "7eleven.com", "1.example.org"]
)
def test_a_usual_spelling_is_not_odd(host):
    assert not is_odd(host)


def test_only_the_usual_spelling_is_an_address():
    assert written("127.0.0.1") == ip_address("127.0.0.1")
    assert written("example.org") is None
