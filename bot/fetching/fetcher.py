"""Fetching a page: one at a time from each host, checked at every step, never more than agreed."""

import asyncio
import logging
import tempfile
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import IO, Any, Final
from weakref import WeakValueDictionary

import aiohttp

from bot.clockwork.clock import Clock
from bot.face.words import _
from bot.fetching.model import Limits, NotFetched, Page, Why
from bot.fetching.resolving import Checked, Lookup, ask_the_system
from bot.fetching.targets import Named, Target, follow, target
from bot.fetching.unpacking import unpacker

log = logging.getLogger(__name__)

USER_AGENT: Final = "Stint/0.1 (reads public lists of internships; asks rarely, stops when told)"
ACCEPTED: Final = (
    "application/json, application/feed+json, application/rss+xml, application/atom+xml, text/csv,"
    " application/xml;q=0.9, text/xml;q=0.9, text/plain;q=0.8, */*;q=0.5"
)
KEPT_IN_MEMORY: Final = 1024 * 1024
CHUNK: Final = 64 * 1024
LONGEST_MARK: Final = 500
LONGEST_REST: Final = timedelta(days=7)
USUAL_REST: Final = timedelta(minutes=30)
ONWARD: Final = (301, 302, 303, 307, 308)

Response = aiohttp.ClientResponse


class Fetcher:
    """Brings pages from the open internet, and from hosts the operator named."""

    def __init__(
        self,
        clock: Clock,
        private_hosts: Iterable[str] = (),
        limits: Limits | None = None,
        lookup: Lookup = ask_the_system,
    ) -> None:
        self._clock = clock
        self._named = Named(private_hosts)
        self._limits = limits or Limits()
        self._lookup = lookup
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._resting: dict[str, datetime] = {}

    def check(self, url: str) -> str:
        """Return where an address leads, without asking anybody. Raises NotFetched."""
        return str(target(url, self._named).url)

    async def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Page:
        """Bring a page, or word that it is unchanged. Raises NotFetched with the reason.

        Whoever gets a page closes it.
        """
        host = "?"
        try:
            start = target(url, self._named)
            host = start.host
            return await self._travel(start, _conditions(etag, last_modified))
        except NotFetched as refusal:
            log.warning("did not fetch from %s: %s", host[:100], refusal.why.value)
            raise

    async def _travel(self, start: Target, conditions: dict[str, str]) -> Page:
        left = self._limits.whole
        here = start
        for _step in range(self._limits.redirects + 1):
            async with self._turn(here.host), self._session() as (session, checked):
                checked.allow(here)
                began = _seconds()
                found = await self._ask(session, here, conditions, left)
                left -= _seconds() - began
            if isinstance(found, Page):
                return found
            here = follow(start, here, found, self._named)
        raise NotFetched(
            Why.REDIRECT, _("That server sent me on too often; I gave up looking for the page.")
        )

    @asynccontextmanager
    async def _turn(self, host: str) -> AsyncGenerator[None]:
        """Wait until nobody else asks this host; leave it alone while it wants a rest."""
        async with self._turns.setdefault(host, asyncio.Lock()):
            until = self._resting.get(host)
            now = self._clock()
            if until is not None and until > now:
                raise _busy(until - now)
            self._resting.pop(host, None)
            yield

    @asynccontextmanager
    async def _session(self) -> AsyncGenerator[tuple[aiohttp.ClientSession, Checked]]:
        checked = Checked(self._named, self._lookup)
        connector = aiohttp.TCPConnector(
            resolver=checked,
            use_dns_cache=False,
            force_close=True,
            limit=1,
            socket_factory=checked.open,
        )
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            trust_env=False,
        ) as session:
            yield session, checked

    async def _ask(
        self,
        session: aiohttp.ClientSession,
        here: Target,
        conditions: dict[str, str],
        left: float,
    ) -> Page | str:
        """Return the page, or where the server says it is."""
        try:
            async with asyncio.timeout(max(0.0, left)):
                response = await self._answer(session, here, conditions)
                try:
                    return await self._take(here, response)
                finally:
                    response.close()
        except TimeoutError as error:
            raise _slow() from error
        except aiohttp.ClientConnectorCertificateError as error:
            raise NotFetched(
                Why.UNREACHABLE, _("That server's certificate does not prove who it is.")
            ) from error
        except (aiohttp.ClientConnectionError, ConnectionError) as error:
            raise NotFetched(
                Why.UNREACHABLE, _("That server did not answer, or broke off.")
            ) from error
        except (aiohttp.ClientError, ValueError) as error:
            raise NotFetched(
                Why.BROKEN, _("What that server sent is not an answer I can read.")
            ) from error

    async def _answer(
        self, session: aiohttp.ClientSession, here: Target, conditions: dict[str, str]
    ) -> Response:
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": ACCEPTED,
            "Accept-Encoding": "gzip, deflate",
            **conditions,
        }
        async with asyncio.timeout(self._limits.answer):
            return await session.get(here.url, headers=headers, allow_redirects=False)

    async def _take(self, here: Target, response: Response) -> Page | str:
        if response.status in ONWARD:
            return response.headers.get("Location", "")[:4000]
        asked = response.request_info.headers
        if response.status == 304 and ("If-None-Match" in asked or "If-Modified-Since" in asked):
            return _page(here, response, 0, None)
        if response.status in (429, 503):
            rest = self._rest(response)
            self._resting[here.host] = self._clock() + rest
            raise _busy(rest)
        if response.status != 200:
            raise _status(response.status)
        body = tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115 - the page closes it
        try:
            size = await self._pour(response, body)
            body.seek(0)
            return _page(here, response, size, body)
        except BaseException:
            body.close()
            raise

    def _rest(self, response: Response) -> timedelta:
        """Return how long the server wants to be left alone."""
        text = response.headers.get("Retry-After", "").strip()
        try:
            if text.isascii() and text.isdigit():
                wanted = timedelta(seconds=min(int(text[:9]), LONGEST_REST.total_seconds()))
            else:
                until = parsedate_to_datetime(text)
                wanted = until.replace(tzinfo=until.tzinfo or UTC) - self._clock()
        except (ValueError, TypeError, OverflowError):
            return USUAL_REST
        return max(timedelta(seconds=1), min(wanted, LONGEST_REST))

    async def _pour(self, response: Response, body: IO[bytes]) -> int:
        """Unpack the answer into a file, and stop at the first limit."""
        limits = self._limits
        if (response.content_length or 0) > limits.packed:
            raise _too_large(limits)
        unpack = unpacker(response.headers.get("Content-Encoding", ""))
        pace = Pace(limits)
        size = 0
        while chunk := await pace.next(response.content):
            for piece in unpack.pieces(chunk):
                size += len(piece)
                if size > limits.unpacked:
                    raise _too_large(limits)
                body.write(piece)
                await asyncio.sleep(0)
        unpack.finish()
        return size


class Pace:
    """Watches that an answer keeps coming, and does not come for ever."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._taken = 0
        self._mark_at = _seconds()
        self._mark = 0

    async def next(self, content: aiohttp.StreamReader) -> bytes:
        """Return the next part, empty at the end. Raises NotFetched when it is slow or endless."""
        try:
            async with asyncio.timeout(self._limits.patience):
                chunk = await content.read(CHUNK)
        except TimeoutError as error:
            raise _slow() from error
        self._taken += len(chunk)
        if self._taken > self._limits.packed:
            raise _too_large(self._limits)
        stretch = _seconds() - self._mark_at
        if chunk and stretch >= self._limits.patience:
            if self._taken - self._mark < self._limits.slowest * stretch:
                raise _slow()
            self._mark_at, self._mark = _seconds(), self._taken
        return chunk


def _seconds() -> float:
    return asyncio.get_running_loop().time()


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    """Ask only for what is new since the marks the server itself gave us."""
    found = {"If-None-Match": _mark(etag), "If-Modified-Since": _mark(last_modified)}
    return {name: mark for name, mark in found.items() if mark}


def _mark(text: str) -> str:
    """Keep a mark only if it is one that may be sent back."""
    return text if len(text) <= LONGEST_MARK and text.isascii() and text.isprintable() else ""


def _page(here: Target, response: Response, size: int, body: Any) -> Page:
    return Page(
        url=str(here.url),
        kind=response.content_type,
        charset=response.charset,
        etag=_mark(response.headers.get("ETag", "")),
        last_modified=_mark(response.headers.get("Last-Modified", "")),
        size=size,
        body=body,
    )


def _too_large(limits: Limits) -> NotFetched:
    return NotFetched(
        Why.SIZE,
        _("That page is larger than {most} MB; I read no more than that.").format(
            most=max(1, limits.unpacked // (1024 * 1024))
        ),
    )


def _slow() -> NotFetched:
    return NotFetched(Why.SLOW, _("That server is too slow; I stopped waiting for it."))


def _busy(rest: timedelta) -> NotFetched:
    minutes = max(1, round(rest.total_seconds() / 60))
    return NotFetched(
        Why.BUSY,
        _("That server asks to be left alone for {n} min; I keep to that.").format(n=minutes),
        rest,
    )


def _status(status: int) -> NotFetched:
    if status in (404, 410):
        text = _("There is no page at that address any more ({status}).")
    elif status in (401, 403, 407):
        text = _("That server does not let me read the page ({status}).")
    elif status >= 500:
        text = _("That server has trouble of its own ({status}).")
    else:
        text = _("That server answered with {status} in place of the page.")
    return NotFetched(Why.STATUS, text.format(status=status))
