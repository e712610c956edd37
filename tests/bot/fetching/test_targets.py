"""Where an address leads is read before anybody is asked."""

import pytest

from bot.fetching.model import NotFetched, Why
from bot.fetching.targets import Named, follow, target

NOBODY = Named()
HOME = Named(["wiki.corp.example", "Intranet:8080", "10.0.0.7", "[fd00::7]:8080"])


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://raw.githubusercontent.com/a/b/listings.json", "raw.githubusercontent.com"),
        ("http://Example.ORG:80/a#part", "example.org"),
        ("https://example.org./feed", "example.org"),
        ("https://bücher.example/feed", "xn--bcher-kva.example"),
        ("https://1.1.1.1/feed", "1.1.1.1"),
        ("https://[2606:4700::1]/feed", "2606:4700::1"),
    ],
)
def test_a_public_address_is_taken(url, host):
    assert target(url, NOBODY).host == host


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/list",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:application/json,[]",
        "gopher://example.org/",
        "//example.org/list",
        "example.org/list",
        "https://",
        "https:///list",
        "http:example.org",
        "",
        "https://ada:secret@example.org/list",
        "https://ada@example.org/list",
        "https://@example.org/list",
        "https://example.org:8080/list",
        "https://example.org:22/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org:x/",
        "https://example.org\\@localhost/",
        "https://exam ple.org/",
        "https://example.org/\r\nHost: localhost",
        "https://example.org/\x00",
        "https://exam\u200bple.org/",
        "https://" + "a" * 2000 + ".org/",
        "https://a..b/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://①②⑦.⓪.⓪.①.example.0x1/",
    ],
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(NotFetched) as refused:
        target(url, NOBODY)

    assert refused.value.why is Why.ADDRESS
    assert str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fd00:ec2::254]/",
        "http://10.0.0.1/",
        "http://localhost/",
        "http://localhost./",
        "http://LOCALHOST/",
        "http://metadata.google.internal/",
        "http://printer.local/",
        "http://intranet/",
        "http://app.localhost/",
        "http://①②⑦.⓪.⓪.①/",
        "http://%31%32%37.0.0.1/",
        "http://１２７.0.0.1/",
    ],
)
def test_an_address_inside_is_refused_before_anybody_is_asked(url):
    with pytest.raises(NotFetched) as refused:
        target(url, NOBODY)

    assert refused.value.why in (Why.INSIDE, Why.ADDRESS)


def test_the_refusal_of_an_inside_address_names_the_setting():
    with pytest.raises(NotFetched, match="STINT_FEED_PRIVATE_HOSTS"):
        target("http://intranet/", NOBODY)


@pytest.mark.parametrize(
    "url",
    [
        "http://wiki.corp.example/",
        "http://wiki.corp.example:9000/",
        "http://intranet:8080/",
        "http://10.0.0.7/",
        "http://[fd00::7]:8080/",
    ],
)
def test_a_named_host_is_taken(url):
    assert target(url, HOME).named


@pytest.mark.parametrize("url", ["http://intranet/", "http://[fd00::7]/", "http://10.0.0.8/"])
def test_what_stands_beside_a_named_host_is_not_named(url):
    with pytest.raises(NotFetched):
        target(url, HOME)


def test_not_even_the_operator_opens_where_clouds_keep_their_keys():
    with pytest.raises(NotFetched):
        target("http://169.254.169.254/", Named(["169.254.169.254"]))


START = target("https://example.org/a", HOME)


@pytest.mark.parametrize(
    "location", ["/b", "b?c=1", "https://www.example.org/", "//cdn.example.org/list"]
)
def test_a_redirect_in_the_open_is_followed(location):
    assert follow(START, START, location, HOME).url.scheme == "https"


@pytest.mark.parametrize(
    "location",
    [
        "",
        "http://example.org/a",
        "http://10.0.0.7/",
        "https://10.0.0.7/",
        "https://wiki.corp.example/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://ada:pw@example.org/",
        "https://example.org:8443/",
        "file:///etc/passwd",
        "http://[",
        "//[::1",
        "https://\udcff.example/",
        "/\udcff",
    ],
)
def test_a_redirect_that_leads_astray_is_not_followed(location):
    with pytest.raises(NotFetched):
        follow(START, START, location, HOME)


def test_a_named_host_may_send_us_on_within_itself():
    start = target("http://wiki.corp.example/", HOME)

    assert follow(start, start, "/new", HOME).named
