"""How the demo came to be what a visitor finds: everybody did it by hand, with the real commands.

A moderator set the cohort up on a Sunday evening, five interns joined, and the first days went by:
two pairs were introduced, somebody was thanked, a mentor was found, a pulse was asked, some began
to keep a journal, and the first weekly message went out.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import simcord

from bot.demo.cast import (
    BEGINS_AT,
    CITY,
    COHORT,
    ENDS_ON,
    OPENINGS,
    PEOPLE,
    ROSTER,
    STARTS_ON,
    Person,
    Stage,
)
from bot.demo.company import Company, Words
from bot.demo.diary import Diary, Page
from bot.demo.hands import Hands, NothingToPress
from bot.demo.market import Market, Offer, content_of
from bot.demo.simulation import World

PLACES = {
    "announcements_id": "announcements",
    "checkins_id": "check-ins",
    "introductions_id": "introductions",
    "opportunities_id": "opportunities",
    "mentors_id": "mentor-questions",
    "staff_id": "staff",
}
ROLES = {
    "moderator_role_id": "moderator",
    "mentor_role_id": "mentor",
    "intern_role_id": "intern",
}
A_MOMENT = timedelta(seconds=20)
DIGEST_AT = "10:00"
"""On Thursday, twelve minutes before a visitor comes."""


async def tell(world: World, stage: Stage, openings: Path = OPENINGS) -> None:
    """Let the first days happen, and stop on Thursday of week 1.

    Raises NotAList when the openings cannot be read.
    """
    await set_up(world, stage, digest_at=DIGEST_AT)
    await Market(world, stage).bring_list(openings.name, content_of(openings))
    await import_roster(world, stage, ROSTER.read_bytes())
    company = Company(world, stage)
    await company.switch_on()
    for person in PEOPLE:
        if person.joins is not None:
            await join(world, stage, person)
    await world.travel(world.now() + A_MOMENT)
    await _want_everything(world, stage)
    await _say_hello(stage)
    await _set_goals(world, stage)
    await _begin_together(company)
    await _answer_week_one(world, stage)
    await _live_together(world, company)
    await _begin_a_record(Diary(world, stage))
    await _look_for_work(Market(world, stage))
    await world.travel(BEGINS_AT)
    world.dismiss_answers()


async def set_up(
    world: World,
    stage: Stage,
    starts_on: date = STARTS_ON,
    ends_on: date = ENDS_ON,
    digest_at: str = "",
) -> None:
    """Set the cohort up through the wizard, as its moderator, and post the Join card."""
    mia, staff = Hands(world, stage.actors["mia"]), stage.channels["staff"]
    await mia.command(staff, "cohort setup")
    name = {"name": COHORT, "first_day": str(starts_on), "last_day": str(ends_on)}
    await mia.press(staff, "cohorts.name", form=name)
    await mia.press(staff, "cohorts.zone_form", form={"place": CITY})
    await mia.press(staff, "cohorts.step", "-channels")
    for field, channel in PLACES.items():
        await mia.pick(staff, "cohorts.place", stage.channels[channel], which=f"-{field}")
    await mia.press(staff, "cohorts.step", "-roles")
    for field, role in ROLES.items():
        await mia.pick(staff, "cohorts.role", stage.roles[role], which=f"-{field}")
    await mia.press(staff, "cohorts.step", "-times")
    if digest_at:
        timing = {"weekday": ["3"], "at": digest_at, "every": ["1"]}
        await mia.press(staff, "cohorts.time", "-digest", form=timing)
    await mia.press(staff, "cohorts.step", "-check")
    await mia.press(staff, "cohorts.live")
    await mia.command(staff, "cohort invite", channel=stage.channels["introductions"])
    await world.travel(world.now() + A_MOMENT)


NOTE = (
    "Thank you for asking so much this week. Lunch tomorrow is at half past twelve on the second "
    "floor, and nobody eats alone."
)
"""A word of the moderators in the first weekly message."""


async def import_roster(world: World, stage: Stage, roster: bytes) -> None:
    """Hand in the list of names, as a moderator would."""
    mia, staff = Hands(world, stage.actors["mia"]), stage.channels["staff"]
    await mia.command(staff, "cohort import", roster=("roster.csv", roster))
    await mia.press(staff, "cohorts.import")


async def join(world: World, stage: Stage, person: Person) -> None:
    """Join by the three taps: where, how, and yes."""
    hands, hall = Hands(world, stage.actors[person.key]), stage.channels["introductions"]
    await hands.press(hall, "profile.join")
    await hands.press(hall, "profile.elsewhere", form={"place": person.city})
    if hands.sees(hall, "profile.place") and not hands.sees(hall, "profile.reach"):
        await hands.pick(hall, "profile.place", person.zone)
    await hands.press(hall, "profile.reach", f"-{person.joins}")
    await hands.press(hall, "profile.finish")


async def check_in(
    world: World, stage: Stage, person: Person, answer: dict[str, str], which: str = ""
) -> simcord.InteractionResult:
    """Answer from wherever the check-in reached this person."""
    hands = Hands(world, stage.actors[person.key])
    places = [one for one in _asked_in(stage, hands) if hands.sees(one, "checkins.open", which)]
    if not places:
        raise NothingToPress(f"{person.name} was not asked for {which or 'a check-in'}")
    return await hands.press(places[0], "checkins.open", which, form=answer)


async def share_win(world: World, stage: Stage, person: Person) -> None:
    """Share the win of the check-in just sent with the cohort, after reading how it is told."""
    hands = Hands(world, stage.actors[person.key])
    place = next(one for one in _asked_in(stage, hands) if hands.sees(one, "checkins.win"))
    await hands.press(place, "checkins.win")
    await hands.press(place, "checkins.tell_win")


def _asked_in(stage: Stage, hands: Hands) -> Iterable[simcord.ChannelHandle]:
    card = stage.channels["check-ins"]
    return (hands.inbox, *reversed(card.threads), card)


async def _say_hello(stage: Stage) -> None:
    hall = stage.channels["introductions"]
    for key, words in (
        ("daniel", "Welcome, everyone! I have been a data engineer for nine years. Ask me things."),
        ("jonas", "Hi, I'm Jonas. I look after pipelines, mostly the ones I broke myself."),
        ("luiza", "Oi! Luiza, design systems. I collect badly labelled buttons."),
        ("tilly", "Tilly here, writing to you from tomorrow. Machine learning, and a lot of surf."),
    ):
        await stage.actors[key].send(hall, words)


CURIOUS = "luiza"
"""Who wants to hear of everything, and keeps a journal from the first day on."""


async def _want_everything(world: World, stage: Stage) -> None:
    """Let one hear of whatever there is, so that a visitor sees what comes by itself."""
    hands, desk = Hands(world, stage.actors[CURIOUS]), stage.channels["check-ins"]
    await hands.command(desk, "profile settings")
    await hands.pick(desk, "profile.volume", "everything")


GOALS = (
    ("jonas", "Ship the late-events fix", "The dashboard shows no gap for a week", "in 3 weeks"),
    ("priya", "Give a ten-minute talk to my team", "Two people ask a question", "in 6 weeks"),
    ("luiza", "Redo the date picker", "Five testers book a date without help", "in 4 weeks"),
)


async def _set_goals(world: World, stage: Stage) -> None:
    for key, what, measure, target in GOALS:
        hands = Hands(world, stage.actors[key])
        form = {"what": what, "measure": measure, "target": target, "first_step": ""}
        await hands.command(stage.channels["check-ins"], "goal add", form=form)


ANSWERS = (
    (
        "jonas",
        datetime(2026, 3, 2, 9, 40, tzinfo=UTC),
        {
            "progress": "Laptop, accounts, and I can run the whole pipeline on my own machine.",
            "win": "Found out why the tests were slow",
            "blocker": "Waiting for access to the staging cluster since Friday",
            "focus": "One small fix, merged",
            "confidence": "3",
        },
    ),
    (
        "priya",
        datetime(2026, 3, 2, 11, 5, tzinfo=UTC),
        {
            "progress": "Met the team and fixed two broken links in the setup guide.",
            "win": "My first review came back with only one comment",
            "focus": "Understand how releases work",
            "confidence": "4",
        },
    ),
)


async def _answer_week_one(world: World, stage: Stage) -> None:
    people = {person.key: person for person in PEOPLE}
    for key, at, answer in ANSWERS:
        await world.travel(at)
        await check_in(world, stage, people[key], answer)


INTERESTS = {
    "jonas": ("Batch jobs that fail kindly", "Climbing, board games, open source"),
    "priya": ("Compose, and reading stack traces", "Photography, board games, tea"),
    "luiza": ("Accessible forms", "Typography, cycling, photography"),
    "suman": ("What an error budget is for", "Mountains, running, open source"),
    "tilly": ("Why evaluation sets lie", "Surfing, astronomy, climbing"),
}
IN_TIME = ("jonas", "priya", "luiza", "tilly")
"""Who takes part in the first round; the last of the five comes in later."""


async def _begin_together(company: Company) -> None:
    """Have the mentors offer their time, and the interns say who they are."""
    await company.offer("daniel", "Data engineering, first jobs, careers", "Chicago")
    await company.offer("ines", "Design reviews, interviews, portfolios", "Lisbon")
    for key, (learning, interests) in INTERESTS.items():
        await company.describe(key, {"learning": learning, "interests": interests})
    for key in IN_TIME:
        await company.come_in(key)


FEEDBACK = Words(
    "You began with the three mistakes you had made, then showed the table.",
    "I understood in a minute why the first numbers were too good.",
    "Beginning with the mistake",
    "A caption under each chart",
)
PULSE = (
    ("jonas", "well", "That somebody answers within the hour", ""),
    ("priya", "great", "Small first tasks", "Fewer channels to read"),
    ("luiza", "so_so", "", "I never know whom to ask about access"),
    ("suman", "well", "The setup guide", ""),
    ("tilly", "well", "Recordings of the talks I sleep through", "Meetings at a time I am awake"),
)


async def _live_together(world: World, company: Company) -> None:
    """Let them meet, ask and thank each other from Tuesday to Thursday morning."""

    async def wait(day: int, hour: int, minute: int = 0) -> None:
        await world.travel(datetime(2026, 3, day, hour, minute, tzinfo=UTC))

    await wait(3, 16)
    await company.say("jonas", "Hello! I have time tomorrow afternoon, and I bring tea.")
    await wait(3, 22)
    await company.say("luiza", "Oi! Ten minutes are enough for a start. When are you awake?")
    await wait(4, 13)
    await company.look_for_mentor("priya", "Android, interviews", "Mock interviews, gentle ones")
    await wait(4, 14)
    await company.match_mentors()
    await wait(4, 15, 30)
    await company.answer("jonas", "yes")
    await _say_how_it_goes(company)
    await wait(4, 16)
    question = "What was hard to follow in my notes?"
    await company.ask("tilly", "luiza", "My notes on the evaluation set", question)
    await wait(4, 18)
    await company.tell("luiza", FEEDBACK)
    await company.thank("luiza", "suman", "showing me how to read a dashboard")
    await wait(4, 20)
    await company.thank("tilly", "luiza", "answering me at midnight, your time")
    await company.read_thanks("luiza", share=True)
    await wait(5, 9)
    question = "Where would you have stopped reading?"
    await company.ask("luiza", "priya", "The date picker draft", question)
    await wait(5, 13)
    await company.look_for_mentor("jonas", "Careers in data", "Find out what I want to do next")
    await wait(5, 14, 30)
    await company.come_in("suman")


async def _say_how_it_goes(company: Company) -> None:
    """Answer the pulse, each without a name, and add a word to the week's message."""
    for key, *said in PULSE:
        await company.answer_pulse(key, *said)
    await company.hands("mia").press(company.staff, "digest.note", form={"note": NOTE})


KEPT = (
    (
        "luiza",
        Page(
            "Rebuilt the date picker so that it works without a mouse",
            "Focus order is a design decision",
            "5 testers booked a date without help, before it was 2",
            "accessible forms, user tests",
            "Date picker",
        ),
    ),
    (
        "luiza",
        Page(
            "Wrote down how our buttons are named",
            "Ask the people who translate first",
            "1 page, used by 3 teams",
            "writing, design systems",
            "Design system",
        ),
    ),
    ("luiza", Page("Here a draft is shown on the first day, not on the last", kind="culture")),
    (
        "jonas",
        Page(
            "Found out why the tests of the pipeline were slow",
            "Measure before you guess",
            "From 14 minutes to 6",
            "Python, profiling",
            "Late events",
        ),
    ),
    ("jonas", Page("Questions belong into the channel, not into private messages", kind="culture")),
    ("priya", Page("Mended two links in the setup guide", "How a change is reviewed here")),
)
"""What three of them wrote into their journals in their first days."""
REMINDERS = (
    ("jonas", "every friday at 15:00", "Three lines about the week"),
    ("luiza", "tomorrow 9:30", "Send Tilly the sketch of the date picker"),
)
MET = ("Rosa from research", "In the lift, and then at lunch", "How she plans a test", "in 3 weeks")
DIRECTION = (
    "The hour in which I watched somebody use what I had drawn.",
    "Whether I want to design alone, or to be the one who watches.",
    "Ask Rosa whether I may come along once.",
)


async def _begin_a_record(diary: Diary) -> None:
    """Let some write into their journals, ask to be reminded, and think about where they go."""
    for key, page in KEPT:
        await diary.write(key, page)
    for key, when, what in REMINDERS:
        await diary.remind(key, when, what)
    await diary.meet("luiza", *MET)
    await diary.reflect("luiza", *DIRECTION)
    await diary.look_at_oneself("luiza", (1, 2), "I say what I saw, then what I think.")
    await diary.take_step("tilly", share=True)
    await diary.press_card(CURIOUS, "done")


SUGGESTED = Offer(
    "https://jobs.example.com/halde/207",
    "Halde Cycles",
    "Backend Intern",
    "Berlin, Germany; Remote",
    "2026-04-24",
)
SEEKER = "luiza"
"""Who is looking for the next place: something saved, and a board of applications."""
APPLICATIONS = """company,title,deadline,interview,note,steps
Quill,Design Systems Intern,,2026-03-10 15:00,"Ines knows somebody there",\
2026-02-09 Saved; 2026-02-11 Applied; 2026-02-27 Interview
Ostrava Labs,Interface Intern,,,,2026-02-16 Applied
Vireo,Product Design Intern,2026-03-13,,"Portfolio first",2026-03-02 Saved
Halcyon,UX Research Intern,,,,2026-02-03 Applied; 2026-02-20 Rejected
Brightwater,Frontend Intern,,,,2026-01-26 Applied; 2026-02-10 Online assessment; 2026-02-24 Offer
"""


async def _look_for_work(market: Market) -> None:
    """Let some openings stand out, one be suggested, and somebody keep track of a few."""
    await market.stand_out(3)
    await market.suggest("jonas", SUGGESTED)
    await market.save_all(SEEKER, 3)
    await market.bring_table(SEEKER, APPLICATIONS.encode())
