"""What people do for themselves, by hand and with the real commands.

They keep a journal, think about where they want to go, ask to be reminded, press what a card
brings, take a small step nobody asked for, say what they can do, and take their record along.
"""

from typing import Any, NamedTuple

from bot.demo.cast import Stage
from bot.demo.hands import Hands, NothingToPress
from bot.demo.simulation import World


class Page(NamedTuple):
    """An entry of a journal as somebody types it."""

    what: str
    learned: str = ""
    result: str = ""
    skills: str = ""
    project: str = ""
    kind: str = "work"

    @property
    def form(self) -> dict[str, str]:
        """Return what goes into the form."""
        told = self._asdict()
        del told["kind"]
        return told


class Diary:
    """Everyone's hands, where nobody else is concerned."""

    def __init__(self, world: World, stage: Stage) -> None:
        """Lend hands to everyone on stage."""
        self.world, self.stage = world, stage
        self.desk = stage.channels["check-ins"]

    def hands(self, key: str) -> Hands:
        """Return somebody's hands."""
        return Hands(self.world, self.stage.actors[key])

    # -- journal ---------------------------------------------------------------------------------

    async def write(self, key: str, page: Page) -> None:
        """Keep something in one's journal."""
        await self.hands(key).command(self.desk, "journal add", page.form, kind=page.kind)

    async def reflect(self, key: str, *answers: str) -> None:
        """Answer up to three questions to oneself."""
        hands = self.hands(key)
        await hands.command(self.desk, "journal reflect")
        form: dict[str, Any] = dict(zip(("one", "two", "three"), answers, strict=False))
        await hands.press(self.desk, "journal.answer", form=form)

    async def meet(self, key: str, name: str, met: str, about: str, touch: str = "") -> None:
        """Keep somebody one has met, and when to say hello again."""
        hands = self.hands(key)
        await hands.command(self.desk, "journal people")
        form = {"name": name, "met": met, "about": about, "touch": touch}
        await hands.press(self.desk, "journal.meet", form=form)

    # -- reminders -------------------------------------------------------------------------------

    async def remind(self, key: str, when: str, what: str) -> None:
        """Ask to be reminded, and save what was understood."""
        hands = self.hands(key)
        await hands.command(self.desk, "remind me", when=when, what=what)
        await hands.press(self.desk, "reminders.save", "-0")

    async def answer_reminder(self, key: str, verb: str) -> None:
        """Press what stands below the newest reminder: done, snooze or tomorrow."""
        hands = self.hands(key)
        await hands.press(hands.inbox, f"reminders.{verb}")

    async def cancel_reminder(self, key: str, words: str) -> None:
        """Let a reminder go."""
        person = self.stage.actors[key]
        found = await person.autocomplete(self.desk, "remind cancel", "reminder", words)
        if not found:
            raise NothingToPress(f"{person.name} has no reminder of {words}")
        await self.hands(key).command(self.desk, "remind cancel", reminder=found[0]["value"])

    # -- cards of a phase, challenges --------------------------------------------------------------

    def has_card(self, key: str) -> bool:
        """Say whether a card lies in somebody's inbox with something still to do."""
        hands = self.hands(key)
        return hands.sees(hands.inbox, "playbook.done", ".c")

    async def press_card(self, key: str, verb: str) -> None:
        """Press a button on the newest card: done, or goal."""
        hands = self.hands(key)
        await hands.press(hands.inbox, f"playbook.{verb}", ".c")

    async def be_reminded_of_card(self, key: str) -> None:
        """Be reminded tomorrow morning of the first thing on the newest card."""
        hands = self.hands(key)
        await hands.press(hands.inbox, "playbook.remind", ".c")
        await hands.press(hands.inbox, "playbook.at")

    async def take_step(self, key: str, *, share: bool) -> None:
        """Do this week's challenge, and share it with the cohort or keep it."""
        hands = self.hands(key)
        await hands.command(self.desk, "challenge")
        await hands.press(self.desk, "challenges.done")
        if share:
            await hands.press(self.desk, "challenges.preview")
            await hands.press(self.desk, "challenges.share")

    # -- oneself -----------------------------------------------------------------------------------

    async def look_at_oneself(self, key: str, answers: tuple[int, ...], words: str = "") -> None:
        """Say how it goes with some competencies, with an answer for each and words for one."""
        hands = self.hands(key)
        for number, answer in enumerate(answers):
            self.world.dismiss_answers()
            await hands.command(self.desk, "goal competencies")
            await hands.press(self.desk, "competencies.next")
            if words and not number:
                await hands.press(self.desk, "competencies.write", form={"words": words})
            await hands.pick(self.desk, "competencies.choose", str(answer))

    async def get_record(self, key: str, form: str) -> tuple[str, bytes]:
        """Take one's record along; return the file's name and what is in it."""
        asked: dict[str, Any] = {"format": form}
        shown = await self.hands(key).command(self.desk, "journal export", None, **asked)
        if shown.response is None or not shown.response.attachments:
            raise NothingToPress(f"{key} got no record")
        (file,) = shown.response.attachments
        return file.filename, await file.read()
