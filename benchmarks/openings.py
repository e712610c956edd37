"""Fifty thousand openings that look like a public list's, and what people look for among them."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.storage.database import Tx
from cogs.opportunities.model import CATEGORIES, Entry, Filter, PostingState, Source
from cogs.opportunities.store import PostingStore, postings

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
TODAY = NOW.date()

FIRST = (
    "Acorn", "Alder", "Amber", "Anchor", "Apex", "Arbor", "Aspen", "Atlas", "Aurora", "Basalt",
    "Beacon", "Birch", "Boreal", "Cedar", "Cinder", "Cobalt", "Comet", "Copper", "Coral", "Crane",
    "Crest", "Delta", "Drift", "Dune", "Ember", "Falcon", "Fern", "Fjord", "Flint", "Forge",
    "Garnet", "Glacier", "Granite", "Grove", "Harbor", "Hazel", "Heron", "Indigo", "Iris",
    "Juniper", "Kestrel", "Lark", "Lumen", "Maple", "Marble", "Meadow", "Mesa", "Nimbus", "Nova",
    "Oak", "Onyx", "Opal", "Orchard", "Osprey", "Pebble", "Pine", "Quarry", "Quartz", "Raven",
    "Reef", "Ridge", "River", "Rowan", "Saffron", "Sage", "Sierra", "Slate", "Spruce", "Summit",
    "Tern", "Thistle", "Timber", "Tundra", "Vale", "Vertex", "Willow", "Wren", "Zephyr", "Zinc",
)  # fmt: skip
SECOND = (
    "Analytics", "Bank", "Biosciences", "Capital", "Cloud", "Data", "Dynamics", "Energy", "Foods",
    "Games", "Health", "Industries", "Insurance", "Labs", "Logistics", "Media", "Mobility",
    "Motors", "Networks", "Partners", "Payments", "Pharma", "Robotics", "Security", "Software",
    "Space", "Systems", "Technologies", "Therapeutics", "Trading",
)  # fmt: skip
LEVEL = ("", "Junior ", "Associate ", "Graduate ", "Summer ", "Senior ")
WORK = (
    "Software Engineer", "Backend Engineer", "Frontend Engineer", "Data Scientist", "Data Analyst",
    "Machine Learning Engineer", "Firmware Engineer", "Hardware Engineer", "Product Manager",
    "Product Designer", "Quantitative Researcher", "Quantitative Trader", "Security Analyst",
    "Site Reliability Engineer", "Mechanical Engineer", "Research Scientist", "UX Researcher",
    "Business Analyst", "DevOps Engineer", "Embedded C++ Developer", "Actuary", "Chip Designer",
)  # fmt: skip
KIND = ("Intern", "Internship", "Co-op", "New Grad", "Intern, PhD", "Werkstudent")
TEAM = ("", " – Platform", " – Payments", " – Search", " – Cloud", " – Growth", " – Compilers")
TOWNS = (
    "NYC", "SF", "Toronto, ON, Canada", "London, UK", "Chicago, IL", "Seattle, WA", "Austin, TX",
    "Boston, MA", "Remote in USA", "Remote in Canada", "Berlin, Germany", "Zürich, Switzerland",
    "San Mateo, CA", "Waterloo, ON, Canada", "Dublin, Ireland", "Atlanta, GA", "Bengaluru, India",
)  # fmt: skip
TERMS = ("Summer 2026", "Fall 2026", "Winter 2027", "Spring 2027", "Summer 2027")
SPONSORSHIP = ("Offers Sponsorship", "Does Not Offer Sponsorship", "Other", "Other", "Other")
DEGREES = ("Bachelor's", "Master's", "PhD")


def entries(number: int, seed: int = 1) -> Iterator[Entry]:
    """So many openings; a few companies have many of them, most have a few."""
    chance = random.Random(seed)
    companies = [f"{one} {two}" for one in FIRST for two in SECOND]
    chance.shuffle(companies)
    for n in range(number):
        company = companies[min(int(chance.paretovariate(0.5)) - 1, len(companies) - 1)]
        if chance.random() < 0.6:
            company = chance.choice(companies)
        title = chance.choice(LEVEL) + chance.choice(WORK) + " " + chance.choice(KIND)
        closes = TODAY + timedelta(days=chance.randint(0, 120)) if chance.random() < 0.3 else None
        yield Entry(
            company_name=company,
            title=title + chance.choice(TEAM),
            url=f"https://jobs.example/{n}",
            locations=tuple(chance.sample(TOWNS, chance.choice((1, 1, 1, 2, 3)))),
            terms=(chance.choice(TERMS),),
            sponsorship=chance.choice(SPONSORSHIP),
            category=chance.choice(CATEGORIES),
            degrees=tuple(chance.sample(DEGREES, 1)),
            deadline_on=closes,
            date_posted=NOW - timedelta(minutes=chance.randint(0, 120 * 24 * 60)),
        )


async def fill(tx: Tx, store: PostingStore, guild_id: int, number: int) -> None:
    """Keep so many open ones, a thousand at a time."""
    usual: dict[str, Any] = {
        "guild_id": guild_id,
        "source": Source.IMPORT,
        "state": PostingState.OPEN,
        "verified_at": NOW,
        "made_at": NOW,
    }
    rows = [
        (entry, {**usual, "canonical": entry.url, "twin_key": entry.url})
        for entry in entries(number)
    ]
    for start in range(0, number, 1000):
        await store.add_many(tx, rows[start : start + 1000])


def searches(number: int, seed: int = 2) -> list[Filter]:
    """What people look for: beginnings of words, places, terms, and sometimes what is not there."""
    chance = random.Random(seed)
    known = list(entries(2000, seed=1))

    def some(text: str, least: int = 3) -> str:
        word = chance.choice([each for each in text.split() if len(each) > 1])
        return word[: chance.randint(least, max(least, len(word)))]

    def one() -> Filter:
        entry = chance.choice(known)
        title, company = some(entry.title), some(entry.company_name)
        town = entry.locations[0].split(",")[0]
        ways = {
            "a word": (30, Filter(text=title)),
            "two words": (15, Filter(text=f"{company} {title}")),
            "a word and a place": (15, Filter(text=title, place=town)),
            "term and category": (10, Filter(term=entry.terms[0], category=entry.category)),
            "remote": (5, Filter(term=entry.terms[0], remote=True)),
            "a very one": (10, Filter(text=f"{entry.company_name} {entry.title}"[:100])),
            "visa": (5, Filter(text=title, sponsorship="Offers Sponsorship", degree="PhD")),
            "a mistake": (7, Filter(text="".join(chance.choices("bcdfghjklmnpqrstvwxz", k=5)))),
            "everything": (3, Filter()),
        }
        weights, wishes = zip(*ways.values(), strict=True)
        return chance.choices(wishes, weights)[0]

    return [one() for _number in range(number)]


def keystrokes(number: int, seed: int = 3) -> list[str]:
    """What stands in the field while people type a company or a title, now and then mistyped."""
    chance = random.Random(seed)
    known = list(entries(2000, seed=1))
    found: list[str] = []
    for _number in range(number):
        entry = chance.choice(known)
        text = chance.choice(
            (entry.company_name, entry.title, f"{entry.company_name} {entry.title}")
        )
        typed = text[: chance.randint(1, min(24, len(text)))].lower()
        if chance.random() < 0.1:
            place = chance.randrange(len(typed))
            typed = typed[:place] + chance.choice("qxzjk") + typed[place:]
        found.append(typed)
    return found


# --- the plain way: load what is open, look through it in Python


async def plain_search(tx: Tx, guild_id: int, wish: Filter) -> tuple[int, list[int]]:
    """How many fit, and the first page of them."""
    p = postings.c
    rows = await tx.execute(
        select(
            p.posting_id, p.company_name, p.title, p.locations, p.terms, p.sponsorship, p.category,
            p.degrees, p.deadline_on, p.date_posted,
        ).where(p.guild_id == guild_id, p.state == PostingState.OPEN)
    )  # fmt: skip
    fitting = [row for row in rows if _fits(row, wish, TODAY)]
    fitting.sort(key=lambda row: row.date_posted, reverse=True)
    return len(fitting), [row.posting_id for row in fitting[:6]]


def _fits(row: Any, wish: Filter, today: date) -> bool:
    if row.deadline_on is not None and row.deadline_on < today:
        return False
    places = " ".join(row.locations).lower()
    words = f"{row.company_name} {row.title} {places}".lower()
    return (
        all(word in words for word in wish.text.lower().split())
        and wish.place.lower() in places
        and (not wish.remote or "remote" in places)
        and (not wish.term or wish.term in row.terms)
        and (not wish.category or wish.category == row.category)
        and (not wish.sponsorship or wish.sponsorship == row.sponsorship)
        and (not wish.degree or wish.degree in row.degrees)
    )


async def plain_choices(tx: Tx, guild_id: int, typed: str) -> list[str]:
    """Twenty-five companies and openings that have what was typed."""
    rows = await tx.execute(
        select(postings.c.company_name, postings.c.title).where(
            postings.c.guild_id == guild_id, postings.c.state == PostingState.OPEN
        )
    )
    found: dict[str, None] = {}
    for row in rows.all():
        name = f"{row.company_name} {row.title}"
        if typed in row.company_name.lower():
            found[row.company_name] = None
        elif typed in name.lower():
            found[name] = None
        if len(found) == 25:
            break
    return list(found)
