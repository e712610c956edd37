"""A headless Chromium for the tests that look at the page as a visitor does."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.config import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PICTURES = os.environ.get("STINT_PICTURES") == "1"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


@asynccontextmanager
async def chromium() -> AsyncIterator[Any]:
    """Open the browser, or skip the test and say what is missing."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium: install the package `chromium`")
    playwright = pytest.importorskip("playwright.async_api", reason="needs playwright")
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        try:
            yield browser
        finally:
            await browser.close()


class Visitor:
    """One browser tab, and the complaints it had."""

    def __init__(self, page: Any) -> None:
        self.page, self.complaints = page, list[str]()
        page.set_default_timeout(30_000)  # a busy machine is slow, not wrong
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._note)

    def _note(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    @property
    def room(self) -> Any:
        """The conversation on screen."""
        return self.page.frame_locator("#rooms iframe:not(.coming)")

    def said(self, text: str) -> Any:
        """Something that stands in the conversation."""
        return self.room.locator("#channel-message-list").get_by_text(text)

    async def arrive(self, address: str) -> None:
        """Open the page and wait for the first conversation."""
        await self.page.goto(address)
        await self.room.locator("#channel-name").wait_for()

    async def go(self, place: str) -> None:
        """Open a channel, thread or direct message by its name on the left."""
        await self.page.locator("nav").get_by_role("button", name=place, exact=False).first.click()
        await self.room.locator("#channel-name", has_text=place).wait_for()

    @property
    def form(self) -> Any:
        """The form on screen."""
        return self.room.get_by_role("dialog")

    async def press(self, label: str, then: str) -> None:
        """Press the newest button of this name, and wait for what comes of it."""
        await self.room.get_by_role("button", name=label, exact=True).last.click()
        await self.hear(then)

    async def hear(self, words: str) -> None:
        """Wait for something with these words, in the conversation or in a form."""
        await self.room.get_by_text(words).last.wait_for()

    async def command(self, text: str, then: str) -> None:
        """Type a command, choose it, send it, and wait for what comes of it."""
        await self.room.locator("#channel-composer-input").fill(text)
        await self.room.get_by_role("option", name=text).first.click()
        await self.room.get_by_role("button", name="Send", exact=False).last.click()
        await self.hear(then)

    async def submit(self, *answers: str, then: str) -> None:
        """Fill the first fields of the form, send it, and wait for what comes of it."""
        for place, answer in enumerate(answers):
            await self.form.get_by_role("textbox").nth(place).fill(answer)
        await self.form.get_by_role("button", name="Submit").click()
        await self.form.wait_for(state="detached")
        await self.hear(then)

    async def show(self, name: str) -> None:
        """Keep a picture for the documents, when asked to."""
        if PICTURES:
            await self.page.mouse.move(0, 0)
            await self.page.wait_for_timeout(1200)
            await self.page.screenshot(path=ROOT / "docs" / "pictures" / f"{name}.png")

    async def be(self, name: str) -> None:
        """Become someone else."""
        await self.page.locator("#me").click()
        await self.page.get_by_role("dialog").get_by_role("button", name=name).click()
        await self.page.locator(f"#my-name:has-text('{name}')").wait_for()
        await self.page.locator("#rooms iframe.coming").wait_for(state="detached")


async def arrive(browser: Any, port: int, size: dict[str, int], who: str = "amara") -> Visitor:
    """Come to the demo as somebody, in a browser window of this size."""
    context = await browser.new_context(viewport=size, reduced_motion="reduce")
    visitor = Visitor(await context.new_page())
    await visitor.arrive(f"http://127.0.0.1:{port}/?as={who}")
    return visitor
