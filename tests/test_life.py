"""Twelve weeks of one member's life with the bot, from joining to the record they take along.

The clocks where she lives change twice meanwhile: in Morocco, when Ramadan begins and when it is
over.
"""

import io
from collections import Counter
from datetime import date, time, timedelta

import pypdf
import pytest
from sqlalchemy import select

from bot.clockwork.recurrence import Weekly, to_utc
from bot.clockwork.zones import zone_info
from bot.delivery import schedules
from bot.delivery.budget import pings
from bot.delivery.schedules import Scope
from bot.face.look import card, row
from bot.face.press import press
from bot.people import cohorts, memberships
from bot.people.memberships import Delivery, MemberState, Volume
from bot.people.users import Inbox
from cogs.cohorts.model import CHECKIN_GRACE
from cogs.digest.model import GRACE as DIGEST_GRACE
from cogs.playbook.store import PlaybookStore
from tests.conftest import words_of
from tests.playbook.test_commands import first, inbox

ZONE = "Africa/Casablanca"
FIRST, LAST = date(2027, 1, 25), date(2027, 4, 18)
JOINED_ON = FIRST - timedelta(days=4)
CLOCKS = [date(2027, 2, 7), date(2027, 3, 14)]
AWAY = 5
"""The week in which she is away."""
WEEK = {"progress": "", "win": "", "blocker": "", "focus": "", "confidence": "4"}
PHASES = [
    f"phase-{one}"
    for one in (
        "before",
        "land",
        "plan",
        "stride",
        "midpoint",
        "reach",
        "close",
        "last_week",
        "after",
    )
]
STEPS = ["step-transition_meeting", "step-handover_document"]
ASKED_FOR = ("You asked me to remind you", "Hello Ada", "Your last seven days", "Spring is over")
GOAL = {
    "what": "Ship the search filter",
    "measure": "live by April",
    "target": "",
    "first_step": "",
}
ENTRY = {
    "what": "Made the import of invoices faster",
    "learned": "How to read a query plan",
    "result": "40 % faster for 12 teams",
    "skills": "SQL, profiling",
    "project": "Billing",
}
HOPE = {"one": "Whether I like talking to users", "two": "", "three": ""}


def at(day, clock=time(12)):
    return to_utc(day, clock, ZONE)


def monday_of(week):
    return FIRST + timedelta(weeks=week - 1)


def back_on(week):
    return monday_of(week + 1)


def win(week):
    return f"Week {week}: the {week * 10}th test is green"


class Life:
    """Ada, her cohort, and what she hears."""

    def __init__(self, world):
        self.world, self.ada, self.here = world, world.ada, world.checkins

    async def begin(self):
        """Let the cohort be one of Morocco, asked and told every Friday."""
        world, now = self.world, at(JOINED_ON, time(9, 30))
        async with world.db.write() as tx:
            number, days = world.cohort.cohort_id, {"first_day": FIRST, "last_day": LAST}
            await cohorts.change(tx, number, zone=ZONE, **days)
            world.cohort = await cohorts.require(tx, number)
            for kind, clock, scope, grace in (
                ("checkin", time(10), Scope.MEMBER, CHECKIN_GRACE),
                ("digest", time(16), Scope.COHORT, DIGEST_GRACE),
            ):
                rule = Weekly(weekday=4, at=clock, anchor=FIRST)
                await schedules.set_schedule(
                    tx, world.cohort, kind, rule, scope, grace=grace, now=now
                )
        await world.env.advance_time((now - world.env.now()).total_seconds())

    async def until(self, day, clock=time(12)):
        await self.world.travel(at(day, clock))

    async def command(self, name, **options):
        return await self.ada.slash(self.here, name, **options)

    async def member(self):
        async with self.world.db.read() as tx:
            return await memberships.find(tx, self.world.cohort.cohort_id, self.ada.id)

    def heard(self, words):
        """Return when she was written to with these words, by the clock where she lives."""
        zone = zone_info(ZONE)
        return [
            message.created_at.astimezone(zone)
            for message in inbox(self.ada)
            if words in words_of(message)
        ]

    def card(self, words):
        return next(one for one in reversed(inbox(self.ada)) if words in words_of(one))

    # --- what she does

    async def join(self):
        view = card("Spring", row(press("Join", "profile.join", self.world.cohort.cohort_id)))
        with self.world.env._bot_scope():
            await self.world.bot.get_channel(self.world.announcements.id).send(view=view)
        await self.world.env.settle()
        door = self.world.announcements.last_message
        one = await self.ada.click(door, label="Join")
        two = await self.ada.click(one.response, label="Yes, 09:30")
        await self.world.restart()
        three = await self.ada.click(two.response, label="Direct message")
        done = await self.ada.click(three.response, label="Join")
        assert "You are in, Ada" in words_of(done)

    async def rate(self, level, moment):
        """Say of the first competency how it goes at a moment."""
        listed = await self.command("goal competencies")
        opened = await self.ada.click(listed.response, custom_id=first(listed, "Open"))
        place = first_pick(opened, "competencies.moment")
        opened = await self.ada.select(opened.response, [moment], custom_id=place)
        pick = first_pick(opened, "competencies.choose")
        return await self.ada.select(opened.response, [str(level)], custom_id=pick)

    async def check_in(self, week):
        """Answer the message, keep the win in the journal, and share every other one."""
        asked = self.card(f"Week {week}: how is it going?")
        form = await self.ada.user.click(asked, label="Check in")
        if week == 6:
            await self.world.restart()
        told = {**WEEK, "progress": f"Part {week} of the filter", "win": win(week)}
        saved = await self.ada.user.submit_modal(form, told)
        assert f"Week {week}: saved" in words_of(saved)
        for _time in range(2):
            kept = await self.ada.user.click(saved.response, label="Add win to journal")
            assert "It is in your journal" in words_of(kept)
        if week % 2:
            preview = await self.ada.user.click(saved.response, label="Share win…")
            await self.ada.user.click(preview.response, label="Share it")

    async def do_what_belongs_to(self, week):
        special = {
            3: self.keep_an_entry,
            4: self.take_a_challenge,
            7: self.have_the_week_sent,
            8: self.keep_thanks,
            9: self.have_the_week_sent_no_more,
            10: self.reach_the_goal,
            12: self.compare_with_the_start,
        }
        if week in special:
            await special[week]()

    async def keep_an_entry(self):
        await self.ada.submit_modal(await self.command("journal add"), ENTRY)

    async def take_a_challenge(self):
        challenge = await self.command("challenge")
        done = await self.ada.click(challenge.response, label="Done")
        assert "nobody had to ask you" in words_of(done)

    async def have_the_week_sent(self):
        mine = await self.command("week")
        assert words_of(mine).count(win(6)) == 1
        await self.ada.click(mine.response, label="Send me this every week")

    async def have_the_week_sent_no_more(self):
        await self.ada.user.click(self.card("Your last seven days"), label="Send it no more")

    async def keep_thanks(self):
        thanks = {"for": "the calm review"}
        await self.world.ben.slash(self.here, "kudos give", member=self.ada, **thanks)
        panel = await self.command("me")
        kudos = await self.ada.click(panel.response, custom_id="kudos.read:1")
        for _time in range(2):
            await self.ada.click(kudos.response, label="Keep in my journal")

    async def reach_the_goal(self):
        done = await self.command("goal done", goal="1")
        await self.ada.click(done.response, label="Add to my journal")

    async def compare_with_the_start(self):
        rated = await self.rate(2, "end")
        assert "*Still new to me* became *On my own*" in words_of(rated)

    async def be_away(self, week):
        """Pause for a week, in which nothing comes."""
        await self.until(monday_of(week) - timedelta(days=1))
        before = len(inbox(self.ada))
        await self.command("profile pause", until=f"{back_on(week):%d %B}")
        await self.until(back_on(week) - timedelta(days=1), time(23, 59))
        assert len(inbox(self.ada)) == before
        await self.until(back_on(week), time(8, 30))
        assert (await self.member()).state is MemberState.JOINED

    async def cards(self):
        """Return the phases and last steps whose card came, in their order; each one message."""
        async with self.world.db.read() as tx:
            number = (await self.member()).member_id
            cards = (await PlaybookStore().cards_of(tx, [number]))[number]
        said = sorted((one for one in cards if one.said_at), key=lambda one: one.said_at)
        came = [one for one in inbox(self.ada) if "playbook." in str(words_in(one))]
        assert len(came) == len(said)
        return [one.key for one in said]

    async def budget_holds(self):
        """At most one message a day and three a week that she did not ask for."""
        zone = zone_info(ZONE)
        days = [
            message.created_at.astimezone(zone).date()
            for message in inbox(self.ada)
            if not any(words in words_of(message) for words in ASKED_FOR)
        ]
        assert set(Counter(days).values()) == {1}
        weeks = Counter(day - timedelta(days=day.weekday()) for day in days)
        assert max(weeks.values()) <= 3
        async with self.world.db.read() as tx:
            rows = (await tx.execute(select(pings))).all()
        assert max(Counter((row.member_id, row.local_on) for row in rows).values()) == 1
        assert max(Counter((row.member_id, row.week_on) for row in rows).values()) <= 3

    async def light_is_light(self):
        """Who wanted one message a week had no more, and where no card came it is known why."""
        async with self.world.db.read() as tx:
            ben = await memberships.find(tx, self.world.cohort.cohort_id, self.world.ben.id)
            weeks = (
                await tx.execute(select(pings.c.week_on).where(pings.c.member_id == ben.member_id))
            ).scalars()
            cards = (await PlaybookStore().cards_of(tx, [ben.member_id]))[ben.member_id]
        assert set(Counter(weeks).values()) == {1}
        assert {card.key for card in cards} <= {*PHASES, *STEPS}
        assert all(card.why for card in cards if not card.said_at)

    async def close_and_get_the_record(self):
        world = self.world
        shown = await world.moderator.slash(world.staff, "cohort close")
        form = await world.moderator.click(shown.response, label="Close…")
        await world.moderator.submit_modal(form, {"name": "Spring"})
        await world.tick()
        await self.until(LAST + timedelta(days=4))
        letter = self.card("Spring is over")
        for choice in ("Get my record", "Stay as alum", "Delete everything"):
            assert choice in words_of(letter)
        made = await self.ada.user.click(letter, label="Get my record")
        (file,) = made.response.attachments
        pages = pypdf.PdfReader(io.BytesIO(await file.read())).pages
        return "\n".join(page.extract_text() for page in pages)

    async def act(self, pressed):
        """Do the first thing of each card that is new."""
        for message in inbox(self.ada):
            if "Make it a goal" not in words_of(message) or message.id in pressed:
                continue
            pressed.add(message.id)
            done = await self.ada.user.click(message, custom_id=first(message, "Done"))
            assert words_of(done).count("· done") == 1


def words_in(message):
    return [c.to_dict() if hasattr(c, "to_dict") else c for c in message.components]


def first_pick(result, action):
    """The custom id of the first thing to press or choose that does this."""
    found = []

    def walk(part):
        if isinstance(part, list):
            for each in part:
                walk(each)
        elif isinstance(part, dict):
            if str(part.get("custom_id", "")).startswith(f"{action}:"):
                found.append(part["custom_id"])
            for each in part.values():
                walk(each)

    walk([c.to_dict() if hasattr(c, "to_dict") else c for c in result.response.components])
    return found[0]


@pytest.mark.slow
async def test_twelve_weeks_from_joining_to_the_record(world):
    life, pressed = Life(world), set()
    await life.begin()
    await life.join()
    await world.join(world.ben, delivery=Delivery.DM, inbox=Inbox.OPEN, volume=Volume.LIGHT)
    started = await life.command("goal add")
    await world.ada.submit_modal(started, GOAL)
    await life.rate(0, "start")
    asked = await life.command("remind me", when="every monday at 9am", what="note the numbers")
    await world.restart()
    await world.ada.click(asked.response, label="Save")
    questions = await life.command("journal reflect")
    form = await world.ada.click(questions.response, label="Answer")
    await world.restart()
    answered = await world.ada.submit_modal(form, HOPE)
    assert "Whether I like talking to users" in words_of(answered)

    for week in range(1, 13):
        if week == AWAY:
            await life.be_away(week)
            continue
        await life.until(monday_of(week) + timedelta(days=3))
        await life.act(pressed)
        await life.do_what_belongs_to(week)
        await life.until(monday_of(week) + timedelta(days=4), time(11, 30))
        await life.check_in(week)
    await life.until(LAST)
    history = words_of(await life.command("checkin history"))
    assert "11 weeks in a row" in history
    assert "W5: paused" in history
    await life.until(LAST + timedelta(days=3))
    await life.act(pressed)

    said = await life.cards()
    assert [one for one in said if one in PHASES] == PHASES
    assert sorted(said) == sorted([*PHASES, *STEPS])
    mondays = [FIRST + timedelta(weeks=n) for n in range(13)]
    assert [(said.date(), said.time()) for said in life.heard("You asked me to remind you")] == [
        (back_on(AWAY), time(8)) if day == monday_of(AWAY) else (day, time(9)) for day in mondays
    ]
    assert all(FIRST < changed < LAST for changed in CLOCKS)
    assert len(life.heard("Your last seven days")) == 2
    for week in range(1, 13):
        assert len(life.heard(f"Week {week}: how is it going?")) == (week != AWAY)
    told = [words_of(message) for message in world.announcements.history()]
    assert [sum(f"Spring · week {week}\n" in one for one in told) for week in range(1, 13)] == [
        1
    ] * 12
    shared = [week for week in range(1, 13) if any(win(week) in one for one in told)]
    assert shared == [1, 3, 7, 9, 11]
    await life.budget_holds()
    await life.light_is_light()
    text = await life.close_and_get_the_record()
    for found in [
        "Ship the search filter",
        "Made the import of invoices faster",
        "the calm review",
    ]:
        assert found in text
    for found in ["SQL, profiling", "40 % faster for 12 teams", "How to read a query plan"]:
        assert found in text
    work = text[: text.index("Goals\n", text.index("Work\nBilling"))]
    assert [work.count(f"{win(week)} [journal") for week in range(1, 13)] == [
        int(week != AWAY) for week in range(1, 13)
    ]
    assert text.count("the calm review") == 1
