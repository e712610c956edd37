"""How fast the bot may speak: below Discord's limits, slower after refusals, or not at all."""

import asyncio
from collections import deque
from datetime import datetime, timedelta

PER_SECOND = 40
BURST = 10
IN_FLIGHT = 40
IN_FLIGHT_SLOW = 5
WINDOW = 600
SLOW_FROM = 500
STOP_FROM = 2000
PAUSE = timedelta(minutes=15)


class Pace:
    """One bucket for everything that is sent, a count of refusals, and a switch for emergencies.

    Discord allows 50 requests a second and bans an address after 10,000 invalid ones (401, 403,
    429) in ten minutes. Ten at once and forty a second stay below the first; at 500 refusals one
    request a second is made, at 2,000 none for a while.
    """

    def __init__(self) -> None:
        self._level = float(BURST)
        self._filled_at: float | None = None
        self._refusals: deque[float] = deque()
        self.closed_until: datetime | None = None

    async def turn(self) -> None:
        """Take the next place in the line, and wait until it has come."""
        rate = 1 if self.slow else PER_SECOND
        now = asyncio.get_running_loop().time()
        since = now - self._filled_at if self._filled_at is not None else 0.0
        self._level = min(1.0 if self.slow else BURST, self._level + since * rate) - 1
        self._filled_at = now
        if self._level < 0:
            await asyncio.sleep(-self._level / rate)

    @property
    def slow(self) -> bool:
        """Say whether Discord refused so much lately that care is needed."""
        return len(self._refusals) >= SLOW_FROM

    @property
    def in_flight(self) -> int:
        """Return how many letters may be on their way at once."""
        return IN_FLIGHT_SLOW if self.slow else IN_FLIGHT

    def refused(self, status: int, now: datetime) -> None:
        """Count an answer that Discord holds against us."""
        if status not in (401, 403, 429):
            return
        moment = asyncio.get_running_loop().time()
        self._refusals.append(moment)
        while self._refusals and self._refusals[0] < moment - WINDOW:
            self._refusals.popleft()
        if len(self._refusals) >= STOP_FROM:
            self.close(now, PAUSE)

    def close(self, now: datetime, pause: timedelta) -> None:
        """Send nothing at all for a while."""
        self.closed_until = max(self.closed_until or now, now + pause)

    def open(self, now: datetime) -> bool:
        """Say whether anything may be sent now."""
        return self.closed_until is None or self.closed_until <= now
