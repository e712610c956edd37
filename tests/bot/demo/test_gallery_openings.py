"""Every main card about openings, looked at in the demo: empty, usual and long.

`make pictures` keeps what is seen in docs/pictures.
"""

import json

import pytest

from bot.demo import seed
from bot.demo.cast import OPENINGS
from tests.bot.demo.chromium import PICTURES
from tests.bot.demo.gallery import Gallery

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not PICTURES, reason="takes pictures when STINT_PICTURES=1"),
]

LONG = {
    "link": "https://jobs.example.com/" + "international-internship-programme/" * 12 + "7",
    "company": "The Consolidated Hydrographic and Meteorological Survey of the North Sea",
    "title": "Software Engineering Intern, Distributed Systems and Platform Reliability, "
    "Ocean Forecasting Department (Summer 2026, twelve to sixteen weeks)",
    "places": "; ".join(f"Harbour {n}, Coast of Scotland" for n in range(1, 13)),
    "deadline": "2026-04-01",
}
MORE = {
    "terms": "Summer 2026, Fall 2026, Winter 2026",
    "category": ["Research"],
    "sponsorship": ["Offers Sponsorship"],
    "degrees": "Bachelor's, Master's, PhD",
    "tags": "fortran, oceans, forecasting, distributed-systems, python",
}
PASTED = "\n".join(
    [
        "https://jobs.example.com/p/1\tCopper Bank\tRisk Intern\tZurich, Switzerland\t2026-04-09",
        "https://jobs.example.com/p/2\tTidepool\tWeb Intern\tRemote\t2026-04-12",
        "ftp://jobs.example.com/p/3\tMistral Wind\tData Intern\tMarseille, France",
        "https://jobs.example.com/p/4\t\tIntern",
        "https://jobs.example.com/northwind-freight/101?utm_source=x\tNorthwind Freight\tIntern",
        "https://jobs.example.com/p/6\tLarch Robotics\tFirmware Intern\tOslo\t2025-01-01",
    ]
)


def listing(number: int) -> dict[str, object]:
    return {
        "id": f"more-{number}",
        "company_name": ("Quill", "Vireo", "Sundial", "Halcyon")[number % 4],
        "title": f"Intern, Team {number}",
        "url": f"https://jobs.example.com/more/{number}",
        "locations": [("Toronto, ON", "Remote", "Lagos, Nigeria")[number % 3]],
        "terms": [("Summer 2026", "Fall 2026")[number % 2]],
        "category": ("Software", "Design", "Hardware")[number % 3],
        "active": True,
    }


MANY = [
    *(listing(number) for number in range(60)),
    {"company_name": "Nobody", "title": "Intern", "url": "javascript:alert(1)", "mood": "sunny"},
    {"title": "Intern", "url": "https://jobs.example.com/nameless", "date_posted": "soon"},
]


async def test_every_card_about_openings_is_looked_at(gallery: Gallery):
    assert (
        await gallery.live(
            Gallery.join, finding, one_opening, waiting, lists, pasting, many, afterwards
        )
        == []
    )
    assert min(len(shots) for shots in gallery.shots.values()) >= 8


async def finding(see: Gallery) -> None:
    desk = "check-ins"

    async def shot(caption: str, who: str, message: int) -> None:
        await see.shoot("openings", caption, who, desk, message)

    await shot("/opportunity list", "amara", await see.type("amara", desk, "opportunity list"))
    for name, asked in (
        ("/opportunity search", {"term": "Summer 2026", "category": "Data & AI"}),
        ("/opportunity search, nothing fits", {"text": "underwater basket weaving"}),
    ):
        await shot(name, "amara", await see.type("amara", desk, "opportunity search", **asked))
    empty = await see.type("amara", desk, "opportunity saved")
    await shot("/opportunity saved, empty", "amara", empty)
    saved = await see.type("luiza", desk, "opportunity saved")
    await shot("/opportunity saved", "luiza", saved)
    nothing = await see.type("amara", desk, "opportunity follow")
    await shot("/opportunity follow, empty", "amara", nothing)
    wish = {"text": "engineer", "place": "New York", "term": "Summer 2026"}
    followed = await see.type("amara", desk, "opportunity follow", **wish)
    await shot("following a search", "amara", followed)
    offer = seed.SUGGESTED._replace(link="https://jobs.example.com/k/1", company="Kitewright")
    thanks = await see.type("amara", desk, "opportunity suggest", offer.form)
    await shot("a suggestion", "amara", thanks)


async def one_opening(see: Gallery) -> None:
    board = see.demo.stage.channels["opportunities"]
    see.demo.stage.channels["post"] = board.threads[0]

    async def shot(caption: str, message: int) -> None:
        await see.shoot("openings", caption, "amara", "post", message)

    await shot("a post in the forum", see.find("amara", "post", "Apply until"))
    await shot("saved", await see.press("amara", "post", "opportunity.save"))
    await shot("tracked", await see.press("amara", "post", "opportunity.track"))
    await shot("closed?", await see.press("amara", "post", "opportunity.closed"))
    posted = await see.type("mia", "staff", "post opportunity", LONG)
    await see.shoot("openings-moderators", "a long one, posted", "mia", "staff", posted)
    detailed = await see.press("mia", "staff", "posting.details", form=MORE)
    await see.shoot("openings-moderators", "with more details", "mia", "staff", detailed)
    await see.type("amara", "check-ins", "opportunity search", text="hydrographic")
    long = await see.press("amara", "check-ins", "opportunity.show")
    await see.shoot("openings", "a long one", "amara", "check-ins", long)


async def waiting(see: Gallery) -> None:
    await staff(see, "/post queue", await see.type("mia", "staff", "post queue"))
    await staff(see, "approved", await see.press("mia", "staff", "posting.approve"))
    await see.type("mia", "staff", "post queue")
    form = {"reason": "It asks for three years of experience; the next one may fit."}
    declined = await see.press("mia", "staff", "posting.decline", form=form)
    await staff(see, "declined, and the queue is empty", declined)


async def lists(see: Gallery) -> None:
    again = (OPENINGS.name, OPENINGS.read_bytes())
    same = await see.type("mia", "staff", "post import", file=again)
    await staff(see, "/post import, the same again", same)
    feeds = await see.type("mia", "staff", "post feed list")
    await staff(see, "/post feed list, empty", feeds)
    await staff(see, "/post export", await see.type("mia", "staff", "post export"))


async def pasting(see: Gallery) -> None:
    rows = {"rows": PASTED}
    preview = await see.type("mia", "staff", "post opportunity", rows, several=True)
    await staff(see, "pasted rows", preview)
    await staff(see, "posted together", await see.press("mia", "staff", "posting.post_rows"))


async def many(see: Gallery) -> None:
    file = ("listings.json", json.dumps(MANY).encode())
    await staff(see, "/post import", await see.type("mia", "staff", "post import", file=file))
    await staff(see, "imported", await see.press("mia", "staff", "listing.queue"))
    await staff(see, "a long queue", await see.type("mia", "staff", "post queue"))
    fits = await see.pick("mia", "staff", "posting.narrow", "Design", which="category")
    await staff(see, "made shorter", fits)
    await staff(see, "once more", await see.press("mia", "staff", "posting.ask_all"))


async def afterwards(see: Gallery) -> None:
    await see.travel(days=7)
    sheet = "openings"
    deadline = see.find("luiza", "dm", "Its deadline is")
    await see.shoot(sheet, "a day before a deadline", "luiza", "dm", deadline)
    answer = see.find("amara", "dm", "About your suggestion")
    await see.shoot(sheet, "a suggestion, declined", "amara", "dm", answer)
    posted = see.find("jonas", "dm", "Your suggestion is posted")
    await see.shoot(sheet, "a suggestion, posted", "jonas", "dm", posted)


async def staff(see: Gallery, caption: str, message: int) -> None:
    await see.shoot("openings-moderators", caption, "mia", "staff", message)
