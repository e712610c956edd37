"""A record like the ones people have after twelve weeks, for the tests and the docs' example."""

from dataclasses import replace
from datetime import date, timedelta

from bot.people.record import Chapter, Entry
from bot.record.model import Record, Stay, told_once

ROLE, PLACE = "Software intern", "Northwind Freight"
MADE_ON = date(2026, 5, 22)
PULL = "https://github.com/northwind/pipeline/pull/412"


def entry(chapter: Chapter, ref: str, on: date, what: str, **values) -> Entry:
    return Entry(chapter, ref, on, what, **{"role": ROLE, "place": PLACE, **values})


def work(ref: str, on: date, what: str, **values) -> Entry:
    return entry(Chapter.WORK, ref, on, what, **values)


ENTRIES = (
    work(
        "journal 3",
        date(2026, 3, 5),
        "I set up my notes file and the test environment on my own machine.",
        learned="Reading the onboarding page twice saves a question.",
        skills=("Docker",),
    ),
    work(
        "journal 7",
        date(2026, 3, 12),
        "I fixed the flaky login test.\nIt waited for a spinner that is gone.",
        learned="Wait for the thing you need, not for time.",
        result="It failed 3 times a week before, and not once since.",
        skills=("Python", "Playwright"),
        people=("Mira",),
        project="Release pipeline",
        url=PULL,
        situation="Every second release waited for a test that nobody trusted.",
    ),
    work(
        "journal 11",
        date(2026, 3, 26),
        "Wrote the retry step for uploads",
        learned="Ask who is woken up when it fails.",
        result="Failed uploads went from 9 % to under 1 %.",
        skills=("Python", "SQL"),
        people=("Jonas", "Mira"),
        project="Release pipeline",
    ),
    work("checkin 6", date(2026, 4, 10), "My first review without a single comment."),
    work(
        "journal 14",
        date(2026, 4, 9),
        "We moved the nightly report to the new database",
        skills=("SQL",),
        project="Reports",
    ),
    work(
        "journal 19",
        date(2026, 4, 23),
        "Presented the report numbers to the finance team",
        learned="Say the number first, then how I got it.",
        result="They dropped 2 of 5 manual checks.",
        skills=("Presenting", "SQL"),
        people=("Amara",),
        project="Reports",
    ),
    entry(
        Chapter.PROJECT,
        "journal 21",
        date(2026, 4, 25),
        "Built a small timetable for my bus line",
        learned="Caching is most of the work.",
        result="40 people use it.",
        skills=("Rust",),
        project="Bus board",
        url="https://busboard.example/about",
    ),
    entry(
        Chapter.COURSEWORK,
        "journal 22",
        date(2026, 4, 28),
        "Handed in the database assignment",
        learned="Indexes before clever queries.",
        result="Graded 1.3",
        skills=("SQL",),
        project="Databases II",
        role="",
        place="",
    ),
    entry(
        Chapter.CULTURE,
        "journal 9",
        date(2026, 3, 19),
        "Questions go to the team channel first; a direct message is for urgent things.",
    ),
    entry(
        Chapter.PEOPLE,
        "person 2",
        date(2026, 3, 20),
        "Amara Nwosu",
        learned="Runs the data platform, came from physics. Ask her about query plans.",
        people=("Amara Nwosu",),
        place="introductions, week 3",
    ),
    entry(
        Chapter.FEEDBACK,
        "feedback 4",
        date(2026, 4, 17),
        "Your pull requests are easy to review because you say what you tried first.",
        learned="Bring questions earlier, not after a day.",
        result="I can approve in ten minutes.",
        said_by="My manager",
        situation="The retry step",
    ),
    entry(
        Chapter.KUDOS,
        "kudos 3",
        date(2026, 4, 2),
        "Thank you for staying on the call until my build ran.",
        said_by="Ben",
    ),
    entry(
        Chapter.GOALS,
        "goal 2",
        date(2026, 4, 20),
        "Understand how billing works",
        result="I can explain it to the next intern",
    ),
    entry(
        Chapter.GOALS,
        "goal 3",
        date(2026, 4, 21),
        "Ship the search filter",
        result="It is live by week 6",
    ),
    entry(
        Chapter.GOALS,
        "goal 5",
        date(2026, 5, 4),
        "Learn Kubernetes",
        learned="Nobody in my team needs it; I asked too late.",
        done=False,
    ),
    entry(
        Chapter.CHALLENGES,
        "challenge 1",
        date(2026, 4, 30),
        "Wrote down the three steps of the release that nobody had written down",
    ),
)
STAY = Stay(PLACE, ROLE, date(2026, 3, 2), date(2026, 5, 24), "https://ada.example")


def record(entries: tuple[Entry, ...] = ENTRIES, name: str = "Ada Okafor") -> Record:
    return Record(name, MADE_ON, (STAY,), told_once(entries))


def long_record(count: int) -> Record:
    """A record of that many entries over twelve weeks, or over years where they are thousands."""
    return record(
        tuple(
            replace(
                ENTRIES[n % len(ENTRIES)],
                ref=f"{ENTRIES[n % len(ENTRIES)].ref.split()[0]} {n + 1}",
                on=date(2026, 3, 2) + timedelta(days=n % 84 if count < 500 else n // 4),
                what=f"{ENTRIES[n % len(ENTRIES)].what} Number {n + 1} of many.",
            )
            for n in range(count)
        )
    )
