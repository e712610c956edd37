"""The demo: the real bot in a simulated Discord, where a visitor can be anyone and move time."""

import asyncio
import contextlib
import logging
import sys
from pathlib import Path

from bot.errors import CannotStart


def begin(
    *, headless: bool, weeks: int, port: int, open_browser: bool, listings: Path | None = None
) -> None:
    """Live some weeks and print them, or serve the page until someone stops it.

    Raises CannotStart when `listings` cannot be read as a list of openings.
    """
    logging.getLogger("discord").setLevel(logging.ERROR)  # its advice is for a real Discord
    from bot.demo.market import NotAList

    try:
        _live(headless, weeks, port, open_browser, listings)
    except NotAList as error:
        raise CannotStart(f"{listings}: {error}") from error


def _live(headless: bool, weeks: int, port: int, open_browser: bool, listings: Path | None) -> None:
    from bot.demo.cast import OPENINGS

    openings = listings or OPENINGS
    if headless:
        from bot.demo.headless import live

        if not asyncio.run(live(weeks, openings=openings)):
            sys.exit(1)
        return

    from bot.demo.server import serve

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(port, open_browser, openings))
