"""Every card of what people do with each other, looked at in the demo: empty, usual and long.

`make pictures` keeps what is seen in docs/pictures.
"""

from typing import Any

import pytest

from tests.bot.demo.chromium import PICTURES
from tests.bot.demo.gallery import Gallery

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not PICTURES, reason="takes pictures when STINT_PICTURES=1"),
]

LONG = (
    "You asked what the numbers were for before you drew a single chart, and then you showed the "
    "mistake first. I had read that table for a year and never seen it. Afterwards two people from "
    "the other team asked whether they could use your way of doing it, which they never do. "
)
ABOUT = {
    "team": "Payments",
    "role": "Software engineering intern",
    "learning": "How money moves between systems that do not trust each other, and how to test it",
    "interests": "Trail running, ceramics, board games, open source, very long novels",
}
TOLD = {
    "happened": "The review of my first change, on Thursday",
    "saw": LONG * 4,
    "changed": "We found the bug that had been there since March. " * 5,
    "keep": "Asking first, and saying what you did not understand",
    "focus": "Smaller changes: three of a hundred lines are read, one of three hundred is skimmed",
}


async def test_every_card_is_looked_at(gallery: Gallery):
    await gallery.join()
    assert (
        await gallery.live(
            introductions, rounds, mentors, feedback, thanks, pulse, safety, afterwards
        )
        == []
    )
    assert min(len(shots) for shots in gallery.shots.values()) >= 8


async def introductions(see: Gallery) -> None:
    sheet, desk, hall = "introductions", "check-ins", "introductions"

    async def shot(caption: str, who: str, where: str, message: int) -> None:
        await see.shoot(sheet, caption, who, where, message)

    await shot(
        "/intro history, empty", "amara", desk, await see.type("amara", desk, "intro history")
    )
    await see.type("amara", desk, "profile edit", ABOUT)
    await see.press("amara", desk, "profile.showall")
    await shot("/intro join", "amara", desk, await see.type("amara", desk, "intro join"))
    someone = see.demo.stage.actors["daniel"]
    avoided = await see.type("amara", desk, "intro avoid", member=someone)
    await shot("/intro avoid", "amara", desk, avoided)
    back = await see.pick("amara", desk, "introductions.allow", "1")
    await shot("/intro avoid, taken back", "amara", desk, back)
    paused = await see.type("jonas", desk, "intro pause", until="in 3 weeks")
    await shot("/intro pause", "jonas", desk, paused)
    await shot("back again", "jonas", desk, await see.press("jonas", desk, "introductions.back"))
    await shot("a day ahead", "tilly", "dm", see.find("tilly", "dm", "Tomorrow you meet"))
    notice = see.find("priya", hall, "Whoever is in meets")
    await shot("a day ahead, for the channel", "priya", hall, notice)
    nudge = see.find("priya", "room", "gets this going")
    await shot("after a day without a word", "priya", "room", nudge)
    await see.travel(hours=26)
    await shot("a thread of two", "amara", "room", see.find("amara", "room", "Read by: you"))
    quiet = see.find("luiza", "room", "It has been quiet")
    await shot("after three quiet days", "luiza", "room", quiet)
    again = await see.press("luiza", "room", "introductions.else")
    await shot("looking for somebody else", "luiza", "room", again)
    await shot(
        "not yet", "amara", "room", await see.press("amara", "room", "introductions.not_yet")
    )
    await shot("we met", "amara", "room", await see.press("amara", "room", "introductions.yes"))
    await shot("we won't", "suman", "room", await see.press("suman", "room", "introductions.no"))
    history = await see.type("jonas", desk, "intro history")
    await shot("/intro history", "jonas", desk, history)
    current = await see.press("jonas", desk, "introductions.mine")
    await shot("the current one", "jonas", desk, current)


async def rounds(see: Gallery) -> None:
    sheet, who, where = "introductions-moderators", "mia", "staff"

    async def shot(caption: str, message: int) -> None:
        await see.shoot(sheet, caption, who, where, message)

    await shot("/cohort intro preview, empty", await see.type(who, where, "cohort intro preview"))
    await shot("settings", await see.press(who, where, "introductions.settings"))
    await shot("/cohort intro report", await see.type(who, where, "cohort intro report"))
    await shot("/cohort intro run", await see.type(who, where, "cohort intro run"))
    await shot("who should not meet", await see.press(who, where, "introductions.apart"))
    await see.press(who, where, "introductions.preview")
    await shot("who is left out", await see.press(who, where, "introductions.omit"))
    left = await see.pick(who, where, "introductions.left_out", see.demo.stage.actors["jonas"])
    await shot("one left out", left)
    await shot("approved", await see.press(who, where, "introductions.approve"))
    await shot("/cohort schedule", await see.type(who, where, "cohort schedule"))


async def mentors(see: Gallery) -> None:
    sheet, desk = "mentors", "check-ins"

    async def shot(caption: str, who: str, where: str, message: int) -> None:
        await see.shoot(sheet, caption, who, where, message)

    form = {"topics": "First jobs, interviews, writing", "wish": LONG}
    asked = await see.type("amara", desk, "mentor request", form)
    await shot("/mentor request", "amara", desk, asked)
    room = "mentor-questions"
    empty = await see.type("daniel", room, "mentor join")
    await shot("/mentor join, nobody yet", "daniel", room, empty)
    await shot("/mentor join", "ines", room, await see.type("ines", room, "mentor join"))
    await shot(
        "a pause", "ines", room, await see.type("ines", room, "mentor pause", until="in 2 weeks")
    )
    await see.press("ines", room, "mentors.resume")
    guide = await see.press("daniel", room, "mentors.guide")
    await shot("the guide for mentors", "daniel", room, guide)
    found = see.find("ines", "dm", "Priya Raman would like")
    await shot("told about a mentee", "ines", "dm", found)
    await shot("a mentee's card", "priya", desk, await see.type("priya", desk, "mentor request"))
    await see.form(sheet, "asking for a mentor", "luiza", desk, "/mentor request")
    await see.form(sheet, "offering to mentor", "jonas", desk, "/mentor join")
    await shot("the agenda", "priya", desk, await see.press("priya", desk, "mentors.agenda"))
    await see.press("priya", desk, "mentors.pair")
    terms = {"goals": LONG, "cadence": ["fortnightly"], "channel": "A call on Thursdays"}
    agreed = await see.press("priya", desk, "mentors.terms", form=terms)
    await shot("agreed, by one of the two", "priya", desk, agreed)
    await shot("ending it", "priya", desk, await see.press("priya", desk, "mentors.end"))
    await see.press("priya", desk, "mentors.pair")
    await shot("notes, empty", "priya", desk, await see.press("priya", desk, "mentors.notes"))
    noted = await see.press("priya", desk, "mentors.note", form={"text": LONG})
    await shot("a note", "priya", desk, noted)
    await shot("/mentor leave", "priya", desk, await see.type("priya", desk, "mentor leave"))
    await see.press("priya", desk, "mentors.pair")
    await see.press("priya", desk, "mentors.end")
    await shot("ended", "priya", desk, await see.press("priya", desk, "mentors.ended"))
    draft = await see.type("mia", "staff", "cohort mentor match")
    await shot("/cohort mentor match", "mia", "staff", draft)
    await shot("another mentor", "mia", "staff", await see.press("mia", "staff", "mentors.change"))
    await see.press("mia", "staff", "mentors.draft")
    await shot("approved", "mia", "staff", await see.press("mia", "staff", "mentors.approve"))
    nobody = await see.type("mia", "staff", "cohort mentor match")
    await shot("/cohort mentor match, nobody waits", "mia", "staff", nobody)


async def feedback(see: Gallery) -> None:
    sheet, desk = "feedback", "check-ins"

    async def shot(caption: str, who: str, where: str, message: int) -> None:
        await see.shoot(sheet, caption, who, where, message)

    await shot(
        "/feedback list, empty", "amara", desk, await see.type("amara", desk, "feedback list")
    )
    reflect = await see.type("amara", desk, "feedback reflect")
    await shot("/feedback reflect, empty", "amara", desk, reflect)
    start = await see.press("amara", desk, "feedback.start")
    await shot("whom to ask", "amara", desk, start)
    form = {
        "occasion": "My first change",
        "question": "What would you have done?",
        "readers": ["me"],
    }
    jonas = see.demo.stage.actors["jonas"]
    preview = await see.type("amara", desk, "feedback ask", form, member=jonas)
    await shot("/feedback ask, before it is sent", "amara", desk, preview)
    await shot("asked", "amara", desk, await see.press("amara", desk, "feedback.send"))
    await see.type("jonas", desk, "feedback list")
    waiting = await see.press("jonas", desk, "feedback.list", "waiting-0")
    await shot("what I am asked", "jonas", desk, waiting)
    await shot("a request", "jonas", desk, await see.press("jonas", desk, "feedback.request"))
    await see.form(sheet, "answering", "jonas", desk, "Answer")
    await see.form(sheet, "/feedback log, the form", "amara", desk, "/feedback log")
    await shot("not now", "jonas", desk, await see.press("jonas", desk, "feedback.not_now"))
    given = await see.press("jonas", desk, "feedback.answer", form=TOLD)
    await shot("answered", "jonas", desk, given)
    await see.travel(minutes=1)
    arrived = see.find("amara", "dm", "Feedback for you")
    await shot("it came", "amara", "dm", arrived)
    await shot("read", "amara", "dm", await see.press("amara", "dm", "feedback.read"))
    await shot("read it all", "amara", "dm", await see.press("amara", "dm", "feedback.whole"))
    said = {"said": "Clear and quick, once you begin.", "occasion": "The weekly meeting"}
    logged = await see.type("amara", desk, "feedback log", said | {"focus": "Begin sooner"})
    await shot("/feedback log", "amara", desk, logged)
    await shot("/feedback list", "amara", desk, await see.type("amara", desk, "feedback list"))
    reflect = await see.type("amara", desk, "feedback reflect")
    await shot("/feedback reflect", "amara", desk, reflect)
    await see.type("priya", desk, "feedback list")
    await see.press("priya", desk, "feedback.list", "waiting-0")
    await see.press("priya", desk, "feedback.request")
    no = await see.press("priya", desk, "feedback.decline")
    await shot("declined quietly", "priya", desk, no)
    prompt = see.find("luiza", "dm", "A good week to ask")
    await shot("a good week to ask", "luiza", "dm", prompt)


async def outside(see: Gallery) -> None:
    sheet, who, desk = "feedback-outside", "amara", "check-ins"
    await see.form(sheet, "/feedback outside, the form", who, desk, "/feedback outside")

    async def shot(caption: str, message: int) -> None:
        await see.shoot(sheet, caption, who, desk, message)

    form = {"occasion": "My first change, and the review after it"}
    await shot("/feedback outside", await see.type(who, desk, "feedback outside", form))
    for caption in ("a smaller question", "a teammate", "a self-review", "how I am evaluated"):
        await shot(caption, await see.press(who, desk, "feedback.no_answer"))
    await shot("nothing more to try", await see.press(who, desk, "feedback.no_answer"))
    form = {"occasion": "The weekly meeting"}
    await see.type(who, desk, "feedback outside", form)
    await shot("they said no", await see.press(who, desk, "feedback.said_no"))
    await see.type(who, desk, "feedback list")
    await shot("people outside", await see.press(who, desk, "feedback.list", "outside-0"))


async def thanks(see: Gallery) -> None:
    await outside(see)
    sheet, desk = "thanks-pulse-safety", "check-ins"

    async def shot(caption: str, who: str, where: str, message: int) -> None:
        await see.shoot(sheet, caption, who, where, message)

    asked: dict[str, Any] = {"member": see.demo.stage.actors["jonas"], "for": LONG}
    sent = await see.type("amara", desk, "kudos give", **asked)
    await shot("/kudos give", "amara", desk, sent)
    await see.type("jonas", desk, "me")
    await shot("kudos for me", "jonas", desk, await see.press("jonas", desk, "kudos.read"))
    await shot("before sharing", "jonas", desk, await see.press("jonas", desk, "kudos.preview"))
    await see.press("jonas", desk, "kudos.share")
    await see.travel(minutes=1)
    await shot("shared", "jonas", desk, see.find("jonas", desk, "** thanks **"))
    await see.type("suman", desk, "me")
    await see.press("suman", desk, "kudos.read")
    await shot("kept", "suman", desk, await see.press("suman", desk, "kudos.keep"))


async def pulse(see: Gallery) -> None:
    sheet, news = "thanks-pulse-safety", "announcements"

    async def shot(caption: str, who: str, where: str, message: int) -> None:
        await see.shoot(sheet, caption, who, where, message)

    asked = see.find("amara", news, "How is it going here?")
    await shot("the pulse", "amara", news, asked)
    form = {"going": "well", "helps": LONG, "change": LONG}
    thanked = await see.press("amara", news, "pulse.answer", form=form)
    await shot("answered", "amara", news, thanked)
    await shot("/cohort pulse", "mia", "staff", await see.type("mia", "staff", "cohort pulse"))


async def safety(see: Gallery) -> None:
    sheet = "thanks-pulse-safety"

    async def shot(caption: str, message: int) -> None:
        await see.shoot(sheet, caption, "amara", "room", message)

    await shot("Report a problem", await see.press("amara", "room", "safety.report"))
    await see.pick("amara", "room", "safety.about", see.demo.stage.actors["suman"])
    await see.form(sheet, "talk to a coordinator", "amara", "room", "Talk to a coordinator…")
    await shot("no contact with them", await see.press("amara", "room", "safety.stop"))
    await shot("contact stopped", await see.press("amara", "room", "safety.stopped"))
    await see.press("amara", "room", "safety.report")
    told = await see.press("amara", "room", "safety.talk", form={"text": LONG})
    await shot("sent to the coordinators", told)
    await see.travel(minutes=1)
    for_mia = see.find("mia", "dm", "You are asked for")
    await see.shoot(sheet, "a coordinator is told", "mia", "dm", for_mia)
    read = await see.press("mia", "dm", "safety.read")
    await see.shoot(sheet, "what the coordinator reads", "mia", "dm", read)


async def afterwards(see: Gallery) -> None:
    """Come back after a fortnight: what ran out, what was said, what became of a round."""
    desk, news = "check-ins", "announcements"
    luiza = see.demo.stage.actors["luiza"]
    form = {"occasion": "My notes", "question": "What was missing?", "readers": ["me"]}
    await see.type("amara", desk, "feedback ask", form, member=luiza)
    await see.press("amara", desk, "feedback.send")
    await see.travel(days=15)
    sheet = "thanks-pulse-safety"
    over = see.find("priya", news, "What you said")
    await see.shoot(sheet, "the pulse is over", "priya", news, over)
    read = await see.press("priya", news, "pulse.read")
    await see.shoot(sheet, "what they said", "priya", news, read)
    gone = see.find("amara", "dm", "No answer this time")
    await see.shoot("feedback", "no answer in fourteen days", "amara", "dm", gone)
    await see.type("luiza", desk, "feedback list")
    report = see.find("mia", "staff", "what became of it")
    sheet = "introductions-moderators"
    await see.shoot(sheet, "at the end of a round", "mia", "staff", report)
    panel = await see.type("amara", desk, "me")
    await see.shoot("thanks-pulse-safety", "/me", "amara", desk, panel)
