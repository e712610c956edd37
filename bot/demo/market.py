"""What people do about openings and applications, by hand and with the real commands.

A moderator imports a list, posts, looks through what members suggest; members look for openings,
keep them in sight, and keep track of what they applied for.
"""

from pathlib import Path
from typing import Any, NamedTuple

import simcord

from bot.demo.cast import Stage
from bot.demo.hands import Hands, NothingToPress, words_of
from bot.demo.simulation import World


class Offer(NamedTuple):
    """An opening as somebody types it."""

    link: str
    company: str
    title: str
    places: str = ""
    deadline: str = ""

    @property
    def form(self) -> dict[str, str]:
        """Return what goes into the form."""
        return self._asdict()


class NotAList(ValueError):
    """A file that brings no openings; the bot says why."""


def content_of(openings: Path) -> bytes:
    """Read a file. Raises NotAList when that cannot be done."""
    try:
        return openings.read_bytes()
    except OSError as error:
        raise NotAList(f"I cannot read it: {error.strerror}.") from error


class Market:
    """Everyone's hands, where openings are concerned."""

    def __init__(self, world: World, stage: Stage) -> None:
        """Lend hands to everyone on stage."""
        self.world, self.stage = world, stage
        self.staff, self.desk = stage.channels["staff"], stage.channels["check-ins"]
        self.board = stage.channels["opportunities"]

    def hands(self, key: str) -> Hands:
        """Return somebody's hands."""
        return Hands(self.world, self.stage.actors[key])

    # -- moderators ------------------------------------------------------------------------------

    async def bring_list(self, name: str, content: bytes) -> str:
        """Import a list and post what is new in it; return what the bot says. Raises NotAList."""
        mia = self.hands("mia")
        self.world.dismiss_answers()
        looked = await mia.command(self.staff, "post import", file=(name, content))
        told = words_of(looked)
        if not mia.sees(self.staff, "listing.forget"):
            raise NotAList(" ".join(told.replace("#", "").split()))
        if mia.sees(self.staff, "listing.take"):
            told = words_of(await mia.press(self.staff, "listing.take"))
        return told

    async def post(self, offer: Offer) -> str:
        """Post an opening, and let it stand out in the channel; return what the bot says."""
        mia = self.hands("mia")
        self.world.dismiss_answers()
        told = words_of(await mia.command(self.staff, "post opportunity", offer.form))
        if mia.sees(self.staff, "posting.feature"):
            await mia.press(self.staff, "posting.feature")
        return told

    async def stand_out(self, number: int) -> None:
        """Let as many of what is open stand out in the channel."""
        mia = self.hands("mia")
        person = self.stage.actors["mia"]
        open_ones = await person.autocomplete(self.staff, "post close", "opening", "")
        for choice in open_ones[:number]:
            self.world.dismiss_answers()
            await mia.command(self.staff, "post edit", opening=choice["value"])
            if mia.sees(self.staff, "posting.feature"):
                await mia.press(self.staff, "posting.feature")

    async def approve(self) -> None:
        """Post the first suggestion of the queue, and let it stand out in the channel."""
        mia = self.hands("mia")
        self.world.dismiss_answers()
        await mia.command(self.staff, "post queue")
        await mia.press(self.staff, "posting.approve")
        await mia.press(self.staff, "posting.feature")

    async def settle(self, *, over: bool) -> None:
        """Say of what members found closed whether it is."""
        await self.hands("mia").press(self.staff, "posting.over" if over else "posting.stands")

    # -- members ---------------------------------------------------------------------------------

    async def suggest(self, key: str, offer: Offer) -> str:
        """Pass an opening on; return what the bot says."""
        return words_of(await self.hands(key).command(self.desk, "opportunity suggest", offer.form))

    async def look_at(self, key: str, text: str = "") -> Hands:
        """Open the first opening that a search finds."""
        hands = self.hands(key)
        self.world.dismiss_answers()
        await hands.command(self.desk, "opportunity search", text=text)
        await hands.press(self.desk, "opportunity.show")
        return hands

    async def save(self, key: str, text: str = "") -> None:
        """Keep an opening in sight."""
        hands = await self.look_at(key, text)
        await hands.press(self.desk, "opportunity.save")

    async def save_all(self, key: str, number: int) -> None:
        """Keep so many of the list in sight."""
        hands = self.hands(key)
        for place in range(number):
            self.world.dismiss_answers()
            await hands.command(self.desk, "opportunity list")
            if not hands.sees(self.desk, "opportunity.show"):
                return
            shown = hands.all(self.desk, "opportunity.show")[place:]
            if not shown:
                return
            await hands.press(self.desk, "opportunity.show", shown[0])
            await hands.press(self.desk, "opportunity.save")

    async def follow(self, key: str, **wish: str) -> None:
        """Hear of what fits."""
        await self.hands(key).command(self.desk, "opportunity follow", None, **wish)

    def thread(self, title: str) -> simcord.ChannelHandle:
        """Return the forum post of an opening."""
        found = [one for one in self.board.threads if title in (one.name or "")]
        if not found:
            raise NothingToPress(f"no post for {title}")
        return found[-1]

    async def doubt(self, key: str, title: str) -> None:
        """Press *Closed?* below an opening."""
        await self.hands(key).press(self.thread(title), "opportunity.closed")

    # -- applications ----------------------------------------------------------------------------

    async def apply(self, key: str, company: str, title: str, status: str, on: str = "") -> str:
        """Keep an application; return its number."""
        asked: dict[str, Any] = {"status": status} | ({"on": on} if on else {})
        form = {"company": company, "title": title}
        hands = self.hands(key)
        self.world.dismiss_answers()
        await hands.command(self.desk, "application add", form, **asked)
        return self._number(hands)

    async def track(self, key: str, text: str) -> str:
        """Keep an opening among one's applications, by one tap; return its number."""
        hands = await self.look_at(key, text)
        await hands.press(self.desk, "opportunity.track")
        choices = await self.stage.actors[key].autocomplete(
            self.desk, "application move", "application", text
        )
        return choices[0]["value"]

    async def move(self, key: str, number: str, to: str, on: str = "") -> None:
        """Say where an application stands now."""
        asked: dict[str, Any] = {"application": number, "to": to} | ({"on": on} if on else {})
        await self.hands(key).command(self.desk, "application move", **asked)

    async def bring_table(self, key: str, table: bytes) -> None:
        """Bring applications along from a table."""
        hands = self.hands(key)
        await hands.command(self.desk, "application import", file=("applications.csv", table))
        await hands.press(self.desk, "applications.take")

    def _number(self, hands: Hands) -> str:
        _message, custom_id = hands.find(self.desk, "applications.move")
        return custom_id.partition(":")[2]
