"""Fetching from a server that means harm: each trick is refused, in time, and noted."""

import asyncio
import logging
import ssl
import time
import tracemalloc
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.fetching.fetcher import Fetcher
from bot.fetching.model import Limits, NotFetched, Why
from tests.bot.fetching.hostile import LIST, Hostile, answer, hostile, onward
from tests.conftest import FrozenClock

LIMITS = Limits(
    packed=4 * 1024 * 1024,
    unpacked=8 * 1024 * 1024,
    answer=0.5,
    whole=2.0,
    patience=0.3,
    slowest=4096,
    redirects=3,
)
MB = 1024 * 1024


@pytest.fixture
async def server() -> AsyncIterator[Hostile]:
    async with hostile() as made:
        yield made


def knowing(*answers: list[str]):
    """A phone book that gives these answers one after another, and the last one for ever."""
    asked: list[str] = []

    async def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    lookup.asked = asked
    return lookup


@pytest.fixture
def fetcher(clock: FrozenClock) -> Fetcher:
    """One whose operator named feeds.test and other.test, which are on this machine."""
    return Fetcher(clock, ["feeds.test", "other.test"], LIMITS, knowing(["127.0.0.1"]))


async def body_of(fetcher: Fetcher, url: str) -> bytes:
    page = await fetcher.fetch(url)
    try:
        return page.body.read()
    finally:
        page.close()


@pytest.mark.parametrize("path", ["/list", "/gzip", "/gzip/parts", "/deflate", "/deflate/bare"])
async def test_a_page_is_brought_back_unpacked(path, fetcher, server):
    assert await body_of(fetcher, server.url(path)) == LIST


async def test_it_says_who_is_asking_and_asks_for_nothing_it_cannot_unpack(fetcher, server):
    await body_of(fetcher, server.url("/list"))

    [(_path, headers)] = server.asked
    assert headers["user-agent"].startswith("Stint/")
    assert headers["accept-encoding"] == "gzip, deflate"
    assert "cookie" not in headers
    assert "authorization" not in headers


async def test_what_is_unchanged_is_not_sent_again(fetcher, server):
    first = await fetcher.fetch(server.url("/marked"))
    first.close()

    again = await fetcher.fetch(
        server.url("/marked"), etag=first.etag, last_modified=first.last_modified
    )

    assert again.unchanged
    assert server.asked[1][1]["if-modified-since"] == "Mon, 02 Mar 2026 15:00:00 GMT"


async def test_a_mark_that_could_break_a_request_is_not_sent(fetcher, server):
    page = await fetcher.fetch(server.url("/list"), etag='"a"\r\nX: y', last_modified="x" * 501)
    page.close()

    assert "if-none-match" not in server.asked[0][1]
    assert "if-modified-since" not in server.asked[0][1]


REFUSED = {
    "/304": Why.STATUS,
    "/nowhere": Why.STATUS,
    "/gzip/cut": Why.PACKING,
    "/gzip/not": Why.PACKING,
    "/gzip/twice": Why.PACKING,
    "/br": Why.PACKING,
    "/bomb": Why.SIZE,
    "/2gb": Why.SIZE,
    "/endless": Why.SIZE,
    "/endless/chunked": Why.SIZE,
    "/endless/headers": Why.BROKEN,
    "/endless/header": Why.BROKEN,
    "/endless/hints": Why.SLOW,
    "/silent": Why.SLOW,
    "/silent/later": Why.SLOW,
    "/drip": Why.SLOW,
    "/drip/head": Why.SLOW,
    "/short": Why.BROKEN,
    "/gibberish": Why.BROKEN,
    "/hang-up": Why.UNREACHABLE,
}


@pytest.mark.parametrize(("path", "why"), REFUSED.items())
async def test_a_trick_is_refused_with_its_reason_in_time_and_within_memory(
    path, why, fetcher, server, caplog
):
    began = time.monotonic()
    tracemalloc.start()
    try:
        with caplog.at_level(logging.WARNING), pytest.raises(NotFetched) as refused:
            await fetcher.fetch(server.url(path))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert refused.value.why is why
    assert len(str(refused.value)) > 20
    assert f"did not fetch from feeds.test: {why.value}" in caplog.text
    assert time.monotonic() - began < LIMITS.whole + 3
    assert peak < 12 * MB


async def test_a_length_over_the_limit_is_believed_and_nothing_is_read(fetcher, server):
    with pytest.raises(NotFetched):
        await fetcher.fetch(server.url("/2gb"))

    assert server.sent < 8 * MB


async def test_the_log_tells_no_secrets(fetcher, server, caplog):
    with caplog.at_level(logging.DEBUG, "bot"), pytest.raises(NotFetched):
        await fetcher.fetch(server.url("/nowhere?key=hunter2"))
    with caplog.at_level(logging.DEBUG, "bot"), pytest.raises(NotFetched):
        await fetcher.fetch("https://ada:hunter2@example.org/")

    assert "did not fetch" in caplog.text
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"],
)
async def test_a_name_that_leads_inside_is_refused(address, clock, server):
    fetcher = Fetcher(clock, [], LIMITS, knowing([address]))

    with pytest.raises(NotFetched) as refused:
        await fetcher.fetch("http://rebind.example/list")

    assert refused.value.why is Why.INSIDE
    assert not server.asked


async def test_one_address_inside_among_open_ones_is_enough(clock):
    fetcher = Fetcher(clock, [], LIMITS, knowing(["1.1.1.1", "127.0.0.1"]))

    with pytest.raises(NotFetched) as refused:
        await fetcher.fetch("http://rebind.example/list")

    assert refused.value.why is Why.INSIDE


async def test_a_name_that_changes_its_mind_after_the_check_is_asked_only_once(clock, server):
    book = knowing(["127.0.0.1"], ["10.0.0.1"])
    fetcher = Fetcher(clock, ["feeds.test"], LIMITS, book)

    assert await body_of(fetcher, server.url("/list")) == LIST
    assert book.asked == ["feeds.test"]


async def test_nothing_connects_to_an_address_that_was_not_checked(clock, server, monkeypatch):
    """Even if the connector came by another address, no socket is opened to it."""
    from bot.fetching.resolving import Checked

    resolve = Checked.resolve

    async def astray(self, host, port=0, family=0):
        found = await resolve(self, host, port, family)
        return [{**each, "host": "127.0.0.2"} for each in found]

    monkeypatch.setattr(Checked, "resolve", astray)
    fetcher = Fetcher(clock, ["feeds.test"], LIMITS, knowing(["127.0.0.1"]))

    with pytest.raises(NotFetched) as refused:
        await fetcher.fetch(server.url("/list"))

    assert refused.value.why is Why.INSIDE
    assert not server.asked


async def test_a_named_host_where_clouds_keep_their_keys_is_refused(clock):
    fetcher = Fetcher(clock, ["feeds.test"], LIMITS, knowing(["169.254.169.254"]))

    with pytest.raises(NotFetched) as refused:
        await fetcher.fetch("http://feeds.test/latest/meta-data")

    assert refused.value.why is Why.INSIDE


async def test_a_host_nobody_knows_is_refused(clock):
    async def nobody(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    with pytest.raises(NotFetched) as refused:
        await Fetcher(clock, [], LIMITS, nobody).fetch("https://nobody.example/")

    assert refused.value.why is Why.UNKNOWN


async def test_a_redirect_is_followed_and_checked(fetcher, server):
    server.routes["/go"] = onward("/list")

    page = await fetcher.fetch(server.url("/go"))
    page.close()

    assert server.paths == ["/go", "/list"]
    assert page.url == server.url("/list")


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1:PORT/list",
        "http://[::1]:PORT/list",
        "http://localhost:PORT/list",
        "http://2130706433:PORT/list",
        "http://0x7f.1:PORT/list",
        "http://other.test:PORT/list",
        "http://169.254.169.254/latest",
        "http://[::ffff:127.0.0.1]:PORT/",
        "file:///etc/passwd",
        "http://ada:pw@feeds.test:PORT/list",
        "gopher://feeds.test:PORT/list",
        "",
    ],
)
async def test_a_redirect_into_our_own_network_is_not_followed(to, fetcher, server):
    server.routes["/go"] = onward(to)

    with pytest.raises(NotFetched) as refused:
        await fetcher.fetch(server.url("/go"))

    assert refused.value.why in (Why.INSIDE, Why.ADDRESS, Why.REDIRECT)
    assert server.paths == ["/go"]


async def test_a_redirect_is_resolved_and_checked_again(clock, server):
    fetcher = Fetcher(clock, ["feeds.test"], LIMITS, knowing(["127.0.0.1"], ["169.254.169.254"]))
    server.routes["/go"] = onward("/list")

    with pytest.raises(NotFetched) as refused:
        await fetcher.fetch(server.url("/go"))

    assert refused.value.why is Why.INSIDE
    assert server.paths == ["/go"]


async def test_a_circle_of_redirects_ends(fetcher, server):
    server.routes["/go"] = onward("/go", "308 Permanent Redirect")

    with pytest.raises(NotFetched) as refused:
        await fetcher.fetch(server.url("/go"))

    assert refused.value.why is Why.REDIRECT
    assert len(server.paths) == LIMITS.redirects + 1


async def test_a_host_is_asked_by_one_at_a_time_and_two_hosts_side_by_side(fetcher, server):
    both_are_in = asyncio.Event()

    async def wait(here, writer, headers):
        if here.at_once == 2:
            both_are_in.set()
        await here.gate.wait()
        writer.write(answer())

    server.routes["/wait"] = wait
    first = asyncio.create_task(body_of(fetcher, server.url("/wait")))
    second = asyncio.create_task(body_of(fetcher, server.url("/wait")))
    beside = asyncio.create_task(body_of(fetcher, server.url("/wait", "other.test")))
    async with asyncio.timeout(30):
        await both_are_in.wait()
    server.gate.set()

    assert await asyncio.gather(first, second, beside) == [LIST, LIST, LIST]
    assert server.most_at_once == 2


@pytest.mark.parametrize(
    ("status", "after", "rest"),
    [
        ("429 Too Many Requests", "120", timedelta(minutes=2)),
        ("503 Service Unavailable", "Mon, 02 Mar 2026 16:00:00 GMT", timedelta(hours=1)),
        ("429 Too Many Requests", "soon", timedelta(minutes=30)),
        ("429 Too Many Requests", "99999999999999", timedelta(days=7)),
        ("429 Too Many Requests", "-5", timedelta(minutes=30)),
    ],
)
async def test_a_server_that_wants_rest_gets_it(status, after, rest, fetcher, server, clock):
    async def busy(here, writer, headers):
        writer.write(answer(b"", status, Retry_After=after))

    server.routes["/busy"] = busy
    with pytest.raises(NotFetched) as refused:
        await fetcher.fetch(server.url("/busy"))
    with pytest.raises(NotFetched):
        await fetcher.fetch(server.url("/list"))

    assert (refused.value.why, refused.value.rest_for) == (Why.BUSY, rest)
    assert server.paths == ["/busy"]

    clock.now += rest
    assert await body_of(fetcher, server.url("/list")) == LIST


async def test_a_page_that_was_given_up_leaves_no_file_open(fetcher, server, monkeypatch):
    import tempfile

    made = []
    make = tempfile.SpooledTemporaryFile
    monkeypatch.setattr(
        tempfile, "SpooledTemporaryFile", lambda *args: made.append(make(*args)) or made[-1]
    )

    with pytest.raises(NotFetched):
        await fetcher.fetch(server.url("/endless"))

    assert [each.closed for each in made] == [True]


async def test_a_certificate_that_nobody_vouches_for_is_refused(clock, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "feeds.test")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(private + made.public_bytes(pem))
    secured = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secured.load_cert_chain(file)
    server = Hostile()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=secured)
    port = listening.sockets[0].getsockname()[1]
    fetcher = Fetcher(clock, ["feeds.test"], LIMITS, knowing(["127.0.0.1"]))

    with pytest.raises(NotFetched, match="certificate") as refused:
        await fetcher.fetch(f"https://feeds.test:{port}/list")
    listening.close()

    assert refused.value.why is Why.UNREACHABLE
    assert not server.asked
