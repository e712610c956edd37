"""Pictures of cards, taken in the demo by somebody who uses it, put together on sheets."""

import io
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image, ImageDraw, ImageFont

from bot.config import ROOT
from bot.demo.company import Company
from bot.demo.server import Demo

FOLDER = ROOT / "docs" / "pictures"
FONT = ROOT / "bot" / "face" / "fonts" / "DejaVuSans.ttf"
WINDOW = {"width": 640, "height": 3400}
WIDTH, GAP, MARGIN, COLOURS, UNLIKE = 560, 18, 24, 64, 10
ALONE = """(message) => {
    for (const one of document.getElementById("channel-message-list").children) {
        const inner = `[data-message-id="${message}"]`;
        if (!one.matches(inner) && !one.querySelector(inner)) one.style.display = "none";
    }
}"""
PAPER, INK = (250, 250, 252), (40, 42, 50)


class Gallery:
    """Acts as anybody, and takes a picture of what they then see."""

    def __init__(self, demo: Demo, page: Any) -> None:
        self.demo, self.page = demo, page
        self.company = Company(demo.world, demo.stage)
        self.shots: dict[str, list[tuple[str, bytes]]] = {}

    def place(self, who: str, where: str) -> Any:
        if where == "dm":
            return self.company.hands(who).inbox
        if where == "room":
            return self.company.room(who)
        return self.demo.stage.channels[where]

    async def type(self, who: str, where: str, name: str, form: Any = None, **asked: Any) -> int:
        """Type a command; return the message that answers it."""
        async with self.demo.lock:
            result = await self.company.hands(who).command(
                self.place(who, where), name, form, **asked
            )
        return self._newest(who, where, result)

    async def press(
        self, who: str, where: str, action: str, which: str = "", form: Any = None
    ) -> int:
        """Press a button; return the message that answers it, or the one that changed."""
        async with self.demo.lock:
            hands, place = self.company.hands(who), self.place(who, where)
            pressed, _custom_id = hands.find(place, action, which)
            result = await hands.press(place, action, which, form)
        return result.response.id if result.response is not None else pressed.id

    async def pick(self, who: str, where: str, action: str, *values: Any, which: str = "") -> int:
        """Choose in a select; return the message that changed."""
        async with self.demo.lock:
            hands, place = self.company.hands(who), self.place(who, where)
            pressed, _custom_id = hands.find(place, action, which)
            result = await hands.pick(place, action, *values, which=which)
        return result.response.id if result.response is not None else pressed.id

    def _newest(self, who: str, where: str, result: Any) -> int:
        if result.response is not None:
            return result.response.id
        return self.demo.world.latest(self.place(who, where).id)

    def find(self, who: str, where: str, words: str) -> int:
        """Return the newest message somebody sees in a place that has these words."""
        place, reader = self.place(who, where), self.demo.stage.actors[who]
        messages = self.demo.world.env.backend.messages[place.id]
        return max(
            number
            for number, message in messages.items()
            if words in str(message.components) and message.visible_to(reader.id)
        )

    async def travel(self, **by: float) -> None:
        async with self.demo.lock:
            await self.demo.world.travel(self.demo.world.now() + timedelta(**by))

    async def join(self) -> None:
        """Join as Amara does, from the standing card."""
        hall = "introductions"
        await self.press("amara", hall, "profile.join")
        await self.press("amara", hall, "profile.elsewhere", form={"place": "New York"})
        await self.press("amara", hall, "profile.reach", "-dm")
        await self.press("amara", hall, "profile.finish")

    async def live(self, *scenes: Callable[["Gallery"], Awaitable[None]]) -> list[Exception]:
        """Live through scenes, hang what was seen, and return what went wrong in them."""
        wrong: list[Exception] = []
        for scene in scenes:
            try:
                await scene(self)
            except Exception as error:
                wrong.append(error)
        self.hang()
        return wrong

    async def shoot(self, sheet: str, caption: str, who: str, where: str, message: int) -> None:
        """Look at a message as somebody sees it, and keep the picture."""
        await self._enter(who, where)
        card = self.page.locator(f"[data-message-id='{message}']").last
        await card.wait_for()
        await self.page.evaluate(ALONE, str(message))
        await self.page.wait_for_timeout(300)
        self._keep(sheet, caption, await card.screenshot())

    async def form(self, sheet: str, caption: str, who: str, where: str, opener: str) -> None:
        """Open a form by a command without options or by a button, and keep its picture."""
        await self._enter(who, where)
        if opener.startswith("/"):
            await self.page.locator("#channel-composer-input").fill(opener)
            await self.page.get_by_role("option", name=opener).first.click()
            await self.page.get_by_role("button", name="Send", exact=False).last.click()
        else:
            await self.page.get_by_role("button", name=opener, exact=True).last.click()
        form = self.page.get_by_role("dialog")
        await form.get_by_role("button", name="Submit").wait_for()
        await self.page.wait_for_timeout(300)
        self._keep(sheet, caption, await form.screenshot())

    def _keep(self, sheet: str, caption: str, picture: bytes) -> None:
        self.shots.setdefault(sheet, []).append((caption, picture))

    async def _enter(self, who: str, where: str) -> None:
        """Come to a place as somebody, with their own eyes."""
        base = f"http://127.0.0.1:{self.demo.port}"
        asked = {"tab": "gallery", "as": who, "place": str(self.place(who, where).id)}
        async with (
            aiohttp.ClientSession(base, headers={"X-Demo-Key": self.demo.key}) as session,
            session.post("/demo/do/enter", json=asked) as answer,
        ):
            assert answer.status == 200, await answer.text()
            room = (await answer.json())["room"]
        await self.page.goto("about:blank")
        await self.page.goto(base + room)
        while not await self.page.evaluate("Boolean(window.simcordPreview?.ready)"):
            await self.page.wait_for_timeout(40)

    def hang(self) -> None:
        """Put the pictures of each sheet side by side, and write the sheets."""
        for name, shots in self.shots.items():
            write(FOLDER / f"cards-{name}.png", shots)

    def frame(self, sheet: str, name: str) -> None:
        """Write the only picture of a sheet as it is, without a caption."""
        ((_caption, png),) = self.shots[sheet]
        picture = Image.open(io.BytesIO(png)).convert("RGB")
        save(FOLDER / f"{name}.png", picture)


def write(path: Path, shots: Sequence[tuple[str, bytes]], columns: int = 3) -> None:
    """Lay pictures out in columns, each below its caption, in few colours."""
    font = ImageFont.truetype(str(FONT), 15)
    bottoms = [MARGIN] * columns
    places: list[tuple[int, int, str, Image.Image]] = []
    pictures = [Image.open(io.BytesIO(png)).convert("RGB") for _caption, png in shots]
    width = min(WIDTH, max(picture.width for picture in pictures))
    for (caption, _png), shown in zip(shots, pictures, strict=True):
        high = round(shown.height * width / shown.width)
        picture = shown.resize((width, high), Image.Resampling.LANCZOS)
        column = bottoms.index(min(bottoms))
        places.append((MARGIN + column * (width + GAP), bottoms[column], caption, picture))
        bottoms[column] += picture.height + 26 + GAP
    size = (2 * MARGIN + columns * width + (columns - 1) * GAP, max(bottoms))
    sheet = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(sheet)
    for left, top, caption, picture in places:
        draw.text((left, top), caption, INK, font)
        sheet.paste(picture, (left, top + 26))
    save(path, sheet)


def save(path: Path, sheet: Image.Image) -> None:
    """Write a picture in few colours."""
    few = sheet.quantize(palette=_palette(sheet), dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def _palette(sheet: Image.Image) -> Image.Image:
    """Return the colours seen most, each unlike the others, so that a green button stays green."""
    seen = sorted(sheet.getcolors(sheet.width * sheet.height) or [], reverse=True)
    kept: list[tuple[int, int, int]] = []
    for _times, colour in seen:
        if all(max(map(abs, map(int.__sub__, colour, one))) >= UNLIKE for one in kept):
            kept.append(colour)
        if len(kept) == COLOURS:
            break
    few = Image.new("P", (1, 1))
    few.putpalette([part for colour in kept for part in colour])
    return few
