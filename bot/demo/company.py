"""What people do with each other, by hand and with the real commands.

They meet, ask, answer, thank, look for a mentor, and say how it is going. Both stories of the demo
are told with these: the days before a visitor comes, and the weeks without a browser.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord
import simcord

from bot.demo.cast import Stage
from bot.demo.hands import Hands
from bot.demo.simulation import World


@dataclass(frozen=True)
class Words:
    """Feedback as somebody types it."""

    saw: str
    changed: str = ""
    keep: str = ""
    focus: str = ""


class Company:
    """Everyone's hands, and the places in which people deal with each other."""

    def __init__(self, world: World, stage: Stage) -> None:
        """Lend hands to everyone on stage."""
        self.world, self.stage = world, stage
        self.hall, self.staff = stage.channels["introductions"], stage.channels["staff"]
        self.desk, self.news = stage.channels["check-ins"], stage.channels["announcements"]

    def hands(self, key: str) -> Hands:
        """Return somebody's hands."""
        return Hands(self.world, self.stage.actors[key])

    # -- the moderator ---------------------------------------------------------------------------

    async def switch_on(self) -> None:
        """Have rounds of introductions, and a pulse every four weeks."""
        mia = self.hands("mia")
        await mia.command(self.staff, "cohort schedule")
        await mia.press(self.staff, "cohorts.on", "-introduction")
        await mia.command(self.staff, "cohort pulse")
        await mia.press(self.staff, "pulse.repeat")

    async def match_mentors(self) -> None:
        """Draw who gets which mentor, and let it go out as it is."""
        mia = self.hands("mia")
        await mia.command(self.staff, "cohort mentor match")
        await mia.press(self.staff, "mentors.approve")

    # -- introductions ---------------------------------------------------------------------------

    async def describe(self, key: str, about: Mapping[str, str]) -> None:
        """Write a profile, and let the cohort read all of it."""
        hands = self.hands(key)
        await hands.command(self.desk, "profile edit", dict(about))
        await hands.press(self.desk, "profile.showall")

    async def come_in(self, key: str) -> None:
        """Take part in introductions."""
        await self.hands(key).command(self.hall, "intro join")

    async def avoid(self, key: str, other: str) -> None:
        """Never be paired with somebody."""
        whom = self.stage.actors[other]
        await self.hands(key).command(self.hall, "intro avoid", member=whom)

    def rooms(self) -> list[simcord.ChannelHandle]:
        """Return every private thread in which people were introduced, the oldest first."""
        return sorted(self.hall.threads, key=lambda one: one.id)

    def room(self, key: str) -> simcord.ChannelHandle | None:
        """Return the newest private thread in which somebody was introduced."""
        me = self.stage.actors[key].id
        return next((one for one in reversed(self.rooms()) if me in self.inside(one)), None)

    def opened(self, room: simcord.ChannelHandle) -> datetime:
        """Say when a thread was opened."""
        return discord.utils.snowflake_time(room.id)

    def inside(self, room: simcord.ChannelHandle) -> list[int]:
        """Return who is in a private thread, without the bot."""
        return self.world.inside(room)

    async def say(self, key: str, words: str) -> None:
        """Write in one's newest private thread."""
        room = self.room(key)
        assert room is not None
        await self.stage.actors[key].send(room, words)

    async def answer(self, key: str, verb: str) -> None:
        """Press one of the answers to *did you meet?*: yes, not_yet or no."""
        room = self.room(key)
        assert room is not None
        await self.hands(key).press(room, f"introductions.{verb}")

    # -- feedback and thanks ---------------------------------------------------------------------

    async def ask(
        self, key: str, other: str, occasion: str, question: str, aspect: str = "deliverable"
    ) -> None:
        """Ask somebody for feedback on one thing they saw."""
        hands = self.hands(key)
        form = {"occasion": occasion, "question": question, "readers": ["me"]}
        whom = self.stage.actors[other]
        await hands.command(self.desk, "feedback ask", form, member=whom, aspect=aspect)
        await hands.press(self.desk, "feedback.send")

    async def find_request(self, key: str) -> Hands:
        """Open the newest request that waits for somebody, from their own list."""
        hands = self.hands(key)
        await hands.command(self.desk, "feedback list")
        await hands.press(self.desk, "feedback.list", "waiting-0")
        await hands.press(self.desk, "feedback.request")
        return hands

    async def tell(self, key: str, words: Words) -> None:
        """Answer a request for feedback."""
        hands = await self.find_request(key)
        form = {"saw": words.saw, "changed": words.changed, "keep": words.keep}
        await hands.press(self.desk, "feedback.answer", form=form | {"focus": words.focus})

    async def decline(self, key: str) -> None:
        """Say no to a request without anybody being told."""
        hands = await self.find_request(key)
        await hands.press(self.desk, "feedback.decline")

    async def tell_unasked(self, key: str, other: str, happened: str, words: Words) -> None:
        """Tell somebody what one saw, without having been asked."""
        form = {"happened": happened, "saw": words.saw, "changed": words.changed}
        form |= {"keep": words.keep, "focus": words.focus}
        whom = self.stage.actors[other]
        await self.hands(key).command(self.desk, "feedback give", form, member=whom)

    async def thank(self, key: str, other: str, what: str) -> None:
        """Thank somebody for one thing."""
        asked: dict[str, Any] = {"member": self.stage.actors[other], "for": what}
        await self.hands(key).command(self.desk, "kudos give", **asked)

    async def read_thanks(self, key: str, *, share: bool) -> None:
        """Look at thanks on `/me`, and share them with the cohort or keep them."""
        hands = self.hands(key)
        await hands.command(self.desk, "me")
        await hands.press(self.desk, "kudos.read")
        await hands.press(self.desk, "kudos.preview" if share else "kudos.keep")
        if share:
            await hands.press(self.desk, "kudos.share")

    # -- mentors ---------------------------------------------------------------------------------

    async def offer(self, key: str, topics: str, place: str, mentees: int = 2) -> None:
        """Give some time to others."""
        form = {"topics": topics, "minutes": ["20"], "mentees": [str(mentees)], "place": place}
        await self.hands(key).command(self.stage.channels["mentor-questions"], "mentor join", form)

    async def look_for_mentor(self, key: str, topics: str, wish: str) -> None:
        """Ask for a mentor, and say what for."""
        form = {"topics": topics, "wish": wish}
        await self.hands(key).command(self.desk, "mentor request", form)

    # -- pulse -----------------------------------------------------------------------------------

    async def answer_pulse(self, key: str, going: str, helps: str = "", change: str = "") -> None:
        """Answer the open pulse."""
        form = {"going": going, "helps": helps, "change": change}
        await self.hands(key).press(self.news, "pulse.answer", form=form)
