"""Opportunities: openings that fit you, found before their deadline, none dead and none twice."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Stint


async def setup(bot: "Stint") -> None:
    """Build the feature from the bottom up."""
