"""The demo: the real bot in a simulated Discord, where a visitor can be anyone and move time."""

import asyncio
import contextlib
import logging
import sys


def begin(*, headless: bool, weeks: int, port: int, open_browser: bool) -> None:
    """Live some weeks and print them, or serve the page until someone stops it."""
    logging.getLogger("discord").setLevel(logging.ERROR)  # its advice is for a real Discord
    if headless:
        from bot.demo.headless import live

        if not asyncio.run(live(weeks)):
            sys.exit(1)
        return

    from bot.demo.server import serve

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(port, open_browser))
