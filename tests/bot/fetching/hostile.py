"""A small web server that does what one must not do, one trick a path."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Writer = asyncio.StreamWriter
Trick = Callable[["Hostile", Writer, dict[str, str]], Awaitable[None]]

TRICKS: dict[str, Trick] = {}
LIST = b'[{"company_name": "Acme"}]'


def trick(path: str) -> Callable[[Trick], Trick]:
    def mark(does: Trick) -> Trick:
        TRICKS[path] = does
        return does

    return mark


@dataclass
class Hostile:
    """What was asked of it, and how many asked at the same time."""

    port: int = 0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    sent: int = 0
    routes: dict[str, Trick] = field(default_factory=dict)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, path: str, host: str = "feeds.test") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _headers in self.asked]

    async def serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            path = head[0].split()[1]
            headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:])}
            self.asked.append((path, headers))
            does = {**TRICKS, **self.routes}.get(path, missing)
            await does(self, writer, headers)
            await writer.drain()
        self.at_once -= 1
        writer.close()

    async def push(self, writer: Writer, data: bytes) -> None:
        writer.write(data)
        self.sent += len(data)
        await writer.drain()


@asynccontextmanager
async def hostile() -> AsyncIterator[Hostile]:
    made = Hostile()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        made.gate.set()
        server.close()


def answer(body: bytes = LIST, status: str = "200 OK", **headers: str) -> bytes:
    named = {"Content-Length": str(len(body)), "Content-Type": "application/json", **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def endless(**headers: str) -> bytes:
    """The head of an answer that does not say how long it is."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{lines}\r\n".encode()


async def missing(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    writer.write(answer(b"", "404 Not Found"))


@trick("/list")
async def plain(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    writer.write(answer())


@trick("/marked")
async def marked(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    if headers.get("if-none-match") == '"one"':
        writer.write(b'HTTP/1.1 304 Not Modified\r\nETag: "one"\r\n\r\n')
        return
    date = "Mon, 02 Mar 2026 15:00:00 GMT"
    writer.write(answer(ETag='"one"', Last_Modified=date))


@trick("/304")
async def unasked(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    writer.write(b"HTTP/1.1 304 Not Modified\r\n\r\n")


@trick("/gzip")
async def zipped(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    writer.write(answer(gzip.compress(LIST), Content_Encoding="gzip"))


@trick("/gzip/parts")
async def parts(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    body = gzip.compress(LIST[:9]) + gzip.compress(LIST[9:])
    writer.write(answer(body, Content_Encoding="gzip"))


@trick("/deflate")
async def deflated(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    writer.write(answer(zlib.compress(LIST), Content_Encoding="deflate"))


@trick("/deflate/bare")
async def bare(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    packer = zlib.compressobj(wbits=-15)
    body = packer.compress(LIST) + packer.flush()
    writer.write(answer(body, Content_Encoding="deflate"))


@trick("/gzip/cut")
async def cut(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    writer.write(answer(gzip.compress(LIST)[:-9], Content_Encoding="gzip"))


@trick("/gzip/not")
async def not_zipped(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    writer.write(answer(Content_Encoding="gzip"))


@trick("/gzip/twice")
async def twice(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    body = gzip.compress(gzip.compress(LIST))
    writer.write(answer(body, Content_Encoding="gzip, gzip"))


@trick("/br")
async def brotli(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    writer.write(answer(Content_Encoding="br"))


def packed_nothing(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    parts = [packer.compress(bytes(1024 * 1024)) for _ in range(megabytes)]
    return b"".join([*parts, packer.flush()])


BOMB = packed_nothing(256)
"""A quarter of a gigabyte of nothing, packed into a quarter of a megabyte."""


@trick("/bomb")
async def bomb(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    writer.write(answer(BOMB, Content_Encoding="gzip"))


@trick("/2gb")
async def two_gigabytes(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    head = endless(Content_Length=str(2 * 1024**3))
    await here.push(writer, head)
    while True:
        await here.push(writer, b"x" * 65536)


@trick("/endless")
async def without_end(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    await here.push(writer, endless())
    while True:
        await here.push(writer, b"x" * 65536)


@trick("/endless/chunked")
async def chunked(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    await here.push(writer, endless(Transfer_Encoding="chunked"))
    while True:
        await here.push(writer, b"10000\r\n" + b"x" * 65536 + b"\r\n")


@trick("/endless/headers")
async def headers_without_end(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    await here.push(writer, b"HTTP/1.1 200 OK\r\n")
    while True:
        await here.push(writer, b"X-More: and more\r\n" * 1000)


@trick("/endless/header")
async def header_without_end(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    await here.push(writer, b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        await here.push(writer, b"x" * 65536)


@trick("/endless/hints")
async def hints_without_end(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    while True:
        await here.push(writer, b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await asyncio.sleep(0.001)


@trick("/silent")
async def silent(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    await here.gate.wait()


@trick("/silent/later")
async def silent_later(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    await here.push(writer, endless(Content_Length="1000") + b"[")
    await here.gate.wait()


@trick("/drip")
async def drip(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    await here.push(writer, endless(Content_Length="100000"))
    while True:
        await here.push(writer, b"x")
        await asyncio.sleep(0.01)


@trick("/drip/head")
async def drip_head(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    while True:
        for sign in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 100_000:
            await here.push(writer, bytes([sign]))
            await asyncio.sleep(0.01)


@trick("/short")
async def short(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    writer.write(endless(Content_Length="1000") + b"[")


@trick("/gibberish")
async def gibberish(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    writer.write(bytes(range(256)) * 4)


@trick("/hang-up")
async def hang_up(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
    pass


def onward(to: str, status: str = "302 Found") -> Trick:
    async def does(here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
        where = to.replace("PORT", str(here.port))
        writer.write(answer(b"", status, Location=where))

    return does
