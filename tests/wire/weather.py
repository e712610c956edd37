"""Bad days of the network: rate limits, and the faults a test asks for, by chance or by name."""

import asyncio
import random
import re
import time
from collections import Counter, deque
from dataclasses import dataclass
from typing import Literal

How = Literal["before", "after", "cut", "drop", "limited", "banned", "hang", "refuse"]

SENDING = r"^POST /channels/\d+/messages$"
UNCOUNTED = re.compile(r"^\w+ /(interactions|webhooks)/")


@dataclass
class Fault:
    """One kind of trouble for the requests whose "METHOD /path" matches.

    before: 500 and nothing happened; after: it happened, but the answer is 502; cut: the connection
    breaks and nothing happened; drop: it happened and the connection breaks; limited: 429 with
    `retry_after`; banned: Cloudflare's 429 page; hang: no answer for `seconds` and nothing
    happened; refuse: `status` with Discord's `code`.
    """

    how: How
    where: str = SENDING
    rate: float = 1.0
    times: int | None = None
    status: int = 403
    code: int = 50013
    retry_after: float = 0.2
    seconds: float = 3600.0

    def strikes(self, chance: random.Random, line: str) -> bool:
        if self.times == 0 or not re.search(self.where, line):
            return False
        if self.rate < 1 and chance.random() >= self.rate:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class Limit:
    """Discord's promise for a kind of request: so many in so many seconds for each channel."""

    where: str
    most: int
    seconds: float


class Bucket:
    """What is left of a limit in the window that runs now."""

    def __init__(self, limit: Limit, name: str) -> None:
        self.limit, self.name = limit, name
        self.left, self.ends_at = limit.most, 0.0

    def take(self) -> bool:
        now = time.monotonic()
        if now >= self.ends_at:
            self.left, self.ends_at = self.limit.most, now + self.limit.seconds
        if self.left == 0:
            return False
        self.left -= 1
        return True

    @property
    def resets_in(self) -> float:
        return max(0.0, self.ends_at - time.monotonic())

    def headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limit.most),
            "X-RateLimit-Remaining": str(self.left),
            "X-RateLimit-Reset": f"{time.time() + self.resets_in:.3f}",
            "X-RateLimit-Reset-After": f"{self.resets_in:.3f}",
            "X-RateLimit-Bucket": self.name,
        }


class Weather:
    """Decides for each request whether it gets through, and counts what it did to them."""

    def __init__(self) -> None:
        self.chance = random.Random()
        self.faults: list[Fault] = []
        self.limits = [
            Limit(SENDING, 5, 5.0),
            Limit(r"^PATCH /channels/\d+/messages/\d+$", 5, 5.0),
            Limit(r"^POST /channels/\d+/.*threads$", 10, 10.0),
        ]
        self.per_second = 50
        self.latency = (0.0, 0.0)
        self.counts: Counter[str] = Counter()
        self._buckets: dict[tuple[int, str], Bucket] = {}
        self._recent: deque[float] = deque()

    def seed(self, number: int) -> None:
        """Makes the chances of this run repeatable."""
        self.chance.seed(number)

    def trouble(self, how: How, **details: object) -> None:
        """From now on this fault strikes; see Fault for what can be said about it."""
        self.faults.append(Fault(how, **details))  # pyright: ignore[reportArgumentType]

    def storm(self, rate: float = 0.02, where: str = SENDING) -> None:
        """Every kind of trouble for sent messages, or for what is named, each at this rate."""
        for how in ("before", "after", "drop", "limited"):
            self.trouble(how, rate=rate, where=where)

    def clear(self) -> None:
        """No more faults."""
        self.faults.clear()

    def calm(self) -> None:
        """No faults and no limits: for measuring."""
        self.clear()
        self.limits.clear()
        self.per_second = 0

    def counted(self) -> dict[str, int]:
        return dict(self.counts)

    def fault_for(self, line: str) -> Fault | None:
        for fault in self.faults:
            if fault.strikes(self.chance, line):
                self.counts[fault.how] += 1
                return fault
        return None

    def bucket_for(self, line: str) -> Bucket | None:
        for number, limit in enumerate(self.limits):
            if re.search(limit.where, line):
                major = re.search(r"/(?:channels|guilds)/(\d+)", line)
                key = (number, major[1] if major else "")
                if key not in self._buckets:
                    self._buckets[key] = Bucket(limit, f"bucket{number}")
                return self._buckets[key]
        return None

    def too_many_for(self, line: str) -> float:
        """Seconds to wait because the bot as a whole asks too much; 0 when it does not."""
        if not self.per_second or UNCOUNTED.match(line):
            return 0.0
        now = time.monotonic()
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) >= self.per_second:
            return self._recent[0] + 1 - now + 0.01
        self._recent.append(now)
        return 0.0

    async def lag(self) -> None:
        if self.latency[1]:
            await asyncio.sleep(self.chance.uniform(*self.latency) / 2)
