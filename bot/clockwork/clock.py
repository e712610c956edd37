"""What time it is, so that whatever depends on the moment can be lived through in a test."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Something that tells the present moment, always aware and in UTC."""


def system_clock() -> datetime:
    """The present moment where the bot runs; nothing else in Stint looks at the real clock."""
    return datetime.now(UTC)
