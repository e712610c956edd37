"""The cards of what a member keeps for themselves and of what each week brings, looked at.

A journal, reminders, the digest, cards of a phase, challenges, competencies, the end, and `/me` on
a phone: empty, usual and long. `make pictures` keeps what is seen in docs/pictures.
"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.config import ROOT
from bot.demo import gazette, headless, seed
from bot.demo.cast import COHORT, Stage
from bot.demo.diary import Diary
from bot.demo.hands import words_in
from bot.demo.home import TemporaryHome
from bot.demo.server import running
from bot.demo.simulation import World
from tests.bot.demo.chromium import PHONE, PICTURES, chromium
from tests.bot.demo.gallery import WINDOW, Gallery

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not PICTURES, reason="takes pictures when STINT_PICTURES=1"),
]

DESK, NEWS, STAFF = "check-ins", "announcements", "staff"
LONG = (
    "I moved the nightly run from one long query to twelve short ones, each of which can be run "
    "again alone, and wrote down beside each of them what it expects and what it leaves behind. "
)
ENTRY = {
    "what": LONG * 5,
    "learned": "To write the test before I understand why it fails. " * 8,
    "result": "From 52 minutes to 12, and nobody was called at night in three weeks.",
    "skills": "SQL, Python, profiling, writing tests, asking early, reading plans, scheduling, "
    "documentation, estimation",
    "project": "The nightly run of the payments warehouse, and everything that hangs on it",
}
FLOOD = tuple(f"{what} of the {which}" for what in ("Slides", "Notes", "Numbers", "Photographs")
              for which in ("talk", "visit", "survey"))  # fmt: skip
WORDS = "I showed the draft on the first day. It felt early, and it saved me a week."


async def test_every_card_of_what_somebody_keeps_is_looked_at(gallery: Gallery):
    assert await gallery.live(Gallery.join, journal, reminders, their_hour, phone) == []
    assert min(len(shots) for shots in gallery.shots.values()) >= 4


async def test_every_card_of_what_a_week_brings_is_looked_at(gallery: Gallery):
    assert (
        await gallery.live(Gallery.join, competencies, playbook, challenges, digest, week, middle)
        == []
    )
    assert min(len(shots) for shots in gallery.shots.values()) >= 8


async def test_every_card_of_the_end_is_looked_at(gallery: Gallery):
    assert await gallery.live(Gallery.join, steps, ending) == []
    assert min(len(shots) for shots in gallery.shots.values()) >= 8


async def test_the_digest_of_week_six_is_what_its_document_says():
    async def story(world: World, stage: Stage) -> None:
        told = await headless.tell(world, 6)
        stage.guild, stage.actors = told.stage.guild, told.stage.actors
        stage.channels, stage.roles = told.stage.channels, told.stage.roles

    async with chromium() as browser:
        page = await browser.new_page(viewport=WINDOW, reduced_motion="reduce")
        async with running(TemporaryHome(), story, start=headless.SATURDAY) as demo:
            see = Gallery(demo, page)
            number = see.find("amara", NEWS, "· week 6")
            await see.shoot("digest", "week 6", "amara", NEWS, number)
            said = words_in(demo.world, see.place("amara", NEWS))
    see.frame("digest", "digest-week-6")
    (text,) = [one.text for one in said if "· week 6\n" in one.text]
    document = gazette.plainly((ROOT / "docs" / "digest.md").read_text("utf-8"))
    for line in text.splitlines():
        if gazette.MEETINGS.search(line):
            continue  # who is drawn with whom, and meets, is not the same each time
        assert gazette.plainly(line.lstrip("#- ")) in document, text


# --- what somebody keeps for themselves


async def journal(see: Gallery) -> None:
    async def shot(caption: str, who: str, message: int) -> None:
        await see.shoot("journal", caption, who, DESK, message)

    async def typed(caption: str, who: str, name: str, **asked: str) -> None:
        await shot(caption, who, await see.type(who, DESK, name, **asked))

    await typed("/journal list, empty", "amara", "journal list")
    await typed("/journal search, no hits", "amara", "journal search", words="sailing")
    await typed("/journal people, empty", "amara", "journal people")
    await typed("/journal skills, empty", "amara", "journal skills")
    await see.form("journal", "/journal add", "amara", DESK, "/journal add")
    await shot("kept, a long one", "amara", await see.type("amara", DESK, "journal add", ENTRY))
    await typed("/journal list, one long entry", "amara", "journal list")
    await see.press("amara", DESK, "journal.open")
    await shot("deleted", "amara", await see.press("amara", DESK, "journal.delete"))
    await see.press("amara", DESK, "journal.restore")
    await typed("/journal reflect, the first time", "amara", "journal reflect")
    form = {"one": "A week in which I may be slow.", "two": "", "three": WORDS}
    answered = await see.press("amara", DESK, "journal.answer", form=form)
    await shot("answered", "amara", answered)
    await typed("/journal list", "luiza", "journal list")
    await typed("/journal search", "luiza", "journal search", words="design")
    await typed("/journal skills", "luiza", "journal skills")
    await typed("/journal people", "luiza", "journal people")
    await shot("somebody met", "luiza", await see.press("luiza", DESK, "journal.person"))
    await typed("/journal reflect, again", "luiza", "journal reflect")
    await shot("earlier answers", "luiza", await see.press("luiza", DESK, "journal.answers"))


async def reminders(see: Gallery) -> None:
    async def shot(caption: str, message: int, where: str = DESK) -> None:
        await see.shoot("reminders", caption, "amara", where, message)

    async def ask(when: str, what: str) -> int:
        return await see.type("amara", DESK, "remind me", when=when, what=what)

    await shot("/remind list, empty", await see.type("amara", DESK, "remind list"))
    await shot("/remind me", await ask("in 20 minutes", "Ask Jonas about the staging cluster"))
    await shot("saved", await see.press("amara", DESK, "reminders.save"))
    await shot("two meanings", await ask("tomorrow at 3", "Bring the laptop to the second floor"))
    await see.press("amara", DESK, "reminders.save", "-0")
    await shot("not understood", await ask("when the moon is full", "Water the plant"))
    again = await ask("first friday of the month 10:00", LONG * 2)
    await shot("again and again, a long one", again)
    await see.press("amara", DESK, "reminders.save", "-0")
    await shot("/remind list", await see.type("amara", DESK, "remind list"))


async def their_hour(see: Gallery) -> None:
    async def shot(caption: str, message: int) -> None:
        await see.shoot("reminders", caption, "amara", "dm", message)

    await see.travel(minutes=21)
    await shot("it comes", see.find("amara", "dm", "staging cluster"))
    await shot("put off", await see.press("amara", "dm", "reminders.snooze"))
    await see.travel(minutes=61)
    again = see.find("amara", "dm", "staging cluster")
    await shot("an hour later", again)
    await shot("done", await see.press("amara", "dm", "reminders.done"))
    diary = Diary(see.demo.world, see.demo.stage)
    async with see.demo.lock:
        for what in FLOOD:
            await diary.remind("amara", "today 16:00", what)
    await see.travel(hours=5)
    await shot("twelve at once", see.find("amara", "dm", "remind you of 12 things"))
    async with see.demo.lock:
        await diary.remind("amara", "in 10 minutes", "Send the room plan")
        await see.demo.world.env.advance_time(2 * 3600)  # nobody is there in the meantime
    await see.travel(seconds=30)
    await shot("late", see.find("amara", "dm", "Send the room plan"))
    listed = await see.type("amara", DESK, "remind list")
    await see.shoot("reminders", "what waits for Done", "amara", DESK, listed)
    async with see.demo.lock:
        await diary.cancel_reminder("amara", "laptop")
    gone = see.find("amara", DESK, "It will not come any more")
    await see.shoot("reminders", "cancelled", "amara", DESK, gone)


async def competencies(see: Gallery) -> None:
    async def shot(caption: str, who: str, message: int) -> None:
        await see.shoot("competencies", caption, who, DESK, message)

    untouched = await see.type("amara", DESK, "goal competencies")
    await shot("/goal competencies, untouched", "amara", untouched)
    await shot("the first", "amara", await see.press("amara", DESK, "competencies.next"))
    await see.form("competencies", "own words", "amara", DESK, "In my own words")
    form = {"words": WORDS}
    await see.press("amara", DESK, "competencies.write", form=form)
    said = await see.pick("amara", DESK, "competencies.choose", "1")
    await shot("said", "amara", said)
    goal = await see.press("amara", DESK, "competencies.goal")
    await shot("a goal of it", "amara", goal)
    usual = await see.type("luiza", DESK, "goal competencies")
    await shot("/goal competencies", "luiza", usual)


async def middle(see: Gallery) -> None:
    """Say it again in week 6, and see what moved."""
    see.demo.world.dismiss_answers()
    listed = await see.type("luiza", DESK, "goal competencies")
    await see.shoot("competencies", "in the middle", "luiza", DESK, listed)
    before = await see.press("luiza", DESK, "competencies.next")
    await see.shoot("competencies", "what was said before", "luiza", DESK, before)
    form = {"words": "I ask what they saw before I say what I meant. " * 3}
    await see.press("luiza", DESK, "competencies.write", form=form)
    changed = await see.pick("luiza", DESK, "competencies.choose", "3")
    await see.shoot("competencies", "what changed", "luiza", DESK, changed)
    await see.type("luiza", DESK, "goal competencies")
    beside = await see.press("luiza", DESK, "competencies.picture")
    await see.shoot("competencies", "side by side", "luiza", DESK, beside)


# --- what a week brings


async def playbook(see: Gallery) -> None:
    async def shot(caption: str, where: str, message: int) -> None:
        await see.shoot("playbook-challenges", caption, "luiza", where, message)

    card = see.find("luiza", "dm", "playbook.done")
    await shot("a phase begins, one thing done", "dm", card)
    await shot("a goal of it", "dm", await see.press("luiza", "dm", "playbook.goal", ".c"))
    await shot("remind me", "dm", await see.press("luiza", "dm", "playbook.remind", ".c"))
    await shot("when", "dm", await see.press("luiza", "dm", "playbook.at"))
    await see.type("luiza", DESK, "me")
    await see.press("luiza", DESK, "today.how")
    page = await see.press("luiza", DESK, "playbook.week")
    await shot("this week's three, from /me", DESK, page)
    await shot("no more of these", DESK, await see.press("luiza", DESK, "playbook.stop"))
    await see.press("luiza", DESK, "playbook.start")


async def challenges(see: Gallery) -> None:
    async def shot(caption: str, message: int, who: str = "amara") -> None:
        await see.shoot("playbook-challenges", caption, who, DESK, message)

    await shot("/challenge", await see.type("amara", DESK, "challenge"))
    await shot("another one", await see.press("amara", DESK, "challenges.another"))
    await shot("not this week", await see.press("amara", DESK, "challenges.skip"))
    await see.press("amara", DESK, "challenges.undo")
    await shot("when", await see.press("amara", DESK, "challenges.remind"))
    await shot("a challenge done", await see.press("amara", DESK, "challenges.done"))
    await shot("before sharing", await see.press("amara", DESK, "challenges.preview"))
    await see.press("amara", DESK, "challenges.share")
    await see.travel(minutes=1)
    await shot("shared", see.find("priya", DESK, "took a step"), "priya")
    await see.type("amara", DESK, "challenge")
    await shot("what I did", await see.press("amara", DESK, "challenges.history"))
    await see.type("amara", DESK, "challenge")


async def phone(see: Gallery) -> None:
    """Look at `/me` as wide as a telephone."""
    usual = see.page.viewport_size
    await see.page.set_viewport_size(PHONE | {"height": usual["height"]})
    for caption, who in (
        ("on the first day", "amara"),
        ("with everything", "luiza"),
        ("of a mentor", "daniel"),
        ("of a moderator", "mia"),
    ):
        panel = await see.type(who, DESK, "me")
        await see.shoot("me-phone", caption, who, DESK, panel)
    await see.page.set_viewport_size(usual)


async def digest(see: Gallery) -> None:
    """See the digest of week 2 a day ahead, change it, and read it."""

    async def shot(caption: str, message: int) -> None:
        await see.shoot("digest-week", caption, "mia", STAFF, message)

    await _until(see, datetime(2026, 3, 11, 14, 30, tzinfo=UTC))
    ahead = see.find("mia", STAFF, "What is shared until then")
    await shot("for moderators, 24 hours ahead", ahead)
    await shot("sections", await see.press("mia", STAFF, "digest.sections"))
    await see.press("mia", STAFF, "digest.see")
    await shot("skipped", await see.press("mia", STAFF, "digest.skip"))
    await see.press("mia", STAFF, "digest.back")
    await see.form("digest-week", "a note", "mia", STAFF, "Edit note")
    noted = await see.press("mia", STAFF, "digest.note", form={"note": seed.NOTE})
    await shot("with a note", noted)
    await shot("sent", await see.press("mia", STAFF, "digest.send"))
    await see.travel(minutes=1)
    news = see.find("amara", NEWS, "· week 2")
    await see.shoot("digest-week", "the digest", "amara", NEWS, news)


async def week(see: Gallery) -> None:
    mine = await see.type("luiza", DESK, "week")
    await see.shoot("digest-week", "/week", "luiza", DESK, mine)
    every = await see.press("luiza", DESK, "digest.every")
    await see.shoot("digest-week", "every week", "luiza", DESK, every)
    await see.press("luiza", DESK, "digest.stop")
    await _press_until(see, datetime(2026, 4, 8, 15, tzinfo=UTC))
    empty = await see.type("suman", DESK, "week")
    await see.shoot("digest-week", "/week, empty", "suman", DESK, empty)


async def steps(see: Gallery) -> None:
    """Wait for the steps before the end."""
    await _press_until(see, datetime(2026, 5, 13, 18, tzinfo=UTC))
    see.demo.world.dismiss_answers()
    step = see.find("luiza", "dm", "Words to copy")
    await see.shoot("close-report", "two weeks before the end", "luiza", "dm", step)


async def _press_until(see: Gallery, moment: datetime) -> None:
    """Let time pass, with a press on each card: after three without one no more would come."""
    diary = Diary(see.demo.world, see.demo.stage)
    while see.demo.world.now() < moment:
        await _until(see, min(moment, see.demo.world.now() + timedelta(days=7)))
        if diary.has_card("luiza"):
            async with see.demo.lock:
                await diary.press_card("luiza", "done")


async def ending(see: Gallery) -> None:
    async def shot(caption: str, message: int) -> None:
        await see.shoot("close-report", caption, "mia", STAFF, message)

    async def told(caption: str, who: str, where: str, message: int) -> None:
        await see.shoot("close-report", caption, who, where, message)

    await shot("/cohort report", await see.type("mia", STAFF, "cohort report"))
    early = await see.type("mia", STAFF, "cohort close")
    await shot("/cohort close, too early", early)
    await _until(see, datetime(2026, 5, 23, 15, tzinfo=UTC))
    await shot("/cohort close", await see.type("mia", STAFF, "cohort close"))
    await see.form("close-report", "to be sure", "mia", STAFF, "Close…")
    form = {"name": COHORT}
    await shot("closed", await see.press("mia", STAFF, "ending.confirm", form=form))
    await see.travel(days=2)
    news = see.find("priya", NEWS, "is over")
    await told("for everybody", "priya", NEWS, news)
    await told("directly", "luiza", "dm", see.find("luiza", "dm", "is over"))
    mine = await see.press("priya", NEWS, "ending.own")
    await told("what becomes of my record", "priya", NEWS, mine)
    await told("an alum", "luiza", "dm", await see.press("luiza", "dm", "ending.stay"))
    asked = await see.press("luiza", "dm", "ending.asked")
    await told("an alum who may be asked", "luiza", "dm", asked)
    see.demo.world.dismiss_answers()
    await see.type("mia", STAFF, "cohort close")
    alumni = await see.press("mia", STAFF, "ending.alumni")
    await shot("alumni who would mentor", alumni)
    await see.type("mia", STAFF, "cohort report")
    await shot("as a file", await see.press("mia", STAFF, "ending.paper"))
    await see.type("mia", STAFF, "cohort close")
    await shot("opened again", await see.press("mia", STAFF, "ending.reopen"))


async def _until(see: Gallery, moment: datetime) -> None:
    await see.travel(seconds=max(timedelta(0), moment - see.demo.world.now()).total_seconds())
