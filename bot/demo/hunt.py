"""What the fifteen do about openings and applications in twelve weeks, and whether it adds up.

A list is imported, one opening a week is posted or suggested, people save some, find some closed,
and keep track of what they apply for. What came of it is counted in the simulated Discord and in
the words that answered people, and held against the script and against what the bot kept.
"""

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import discord

from bot.clockwork.recurrence import to_utc
from bot.clockwork.zones import zone_info
from bot.demo import ledger
from bot.demo.cast import Stage
from bot.demo.hands import words_of
from bot.demo.ledger import Row, sums
from bot.demo.market import Market, Offer, content_of
from bot.demo.plot import FRIDAY, THURSDAY, WEDNESDAY, on, week_at
from bot.demo.script import DAY, HOUR, NEW_YORK, PLAYERS, Deed, Player, monday
from bot.demo.simulation import World
from bot.storage import tables

LIST = "opportunity list"
MORNING = time(9)
REMIND_DAYS = (7, 1)
TUESDAY = 1
CLOSED_AFTER = 9 * DAY
"""A passed deadline is asked about the next morning; a week without an answer closes it."""
STATUSES = ("saved", "applied", "interview", "offer", "accepted", "rejected", "no_reply")


@dataclass(frozen=True)
class Opening:
    """One that is posted by hand: in which week, how long one can apply, who saves or doubts it."""

    week: int
    company: str
    title: str
    open_for: int  # days
    savers: tuple[str, ...] = ()
    suggested_by: str = ""
    doubters: tuple[str, ...] = ()
    over: bool = False  # what a moderator says of the doubt

    @property
    def deadline_on(self) -> date:
        """Return the last day on which one can apply."""
        return monday(self.week) + timedelta(days=WEDNESDAY + self.open_for)

    @property
    def offer(self) -> Offer:
        """Return what is typed."""
        slug = self.company.lower().replace(" ", "-")
        link = f"https://careers.example.org/{slug}/{self.week}"
        return Offer(link, self.company, self.title, "Remote", self.deadline_on.isoformat())

    @property
    def posted_at(self) -> datetime:
        """Return when it is posted."""
        return on(self.week, WEDNESDAY, 11)

    @property
    def settled_at(self) -> datetime:
        """Return when a moderator looks at what members doubted."""
        return on(self.week, FRIDAY, 12)


HALDE = Opening(1, "Halde Cycles", "Backend Intern", 14, ("amara", "jonas"))
OSTRAVA = Opening(4, "Ostrava Labs", "Compiler Intern", 28, ("hana", "priya"))
OPENINGS = (
    HALDE,
    Opening(2, "Quill", "Editor Intern", 21, ("tilly",), "tilly"),
    Opening(
        3,
        "Vireo",
        "Growth Intern",
        10,
        ("luiza",),
        doubters=("amara", "jonas", "priya"),
        over=True,
    ),
    OSTRAVA,
    Opening(5, "Granite Games", "Tools Intern", 16, ("jonas",), "jonas"),
    Opening(6, "Brightwater", "Hydrology Intern", 9, ("amara", "nils")),
    Opening(
        7, "Larch Robotics", "Firmware Intern", 15, ("nils",), doubters=("ruth", "suman", "katrin")
    ),
    Opening(8, "Halcyon", "Research Intern", 20, ("tilly",)),
    Opening(9, "Mistral Wind", "Data Intern", 30, ("hana",), "suman"),
    Opening(10, "Copper Bank", "Risk Intern", 12, ("luiza",)),
    Opening(11, "Tidepool", "Web Intern", 5, ("jonas",)),
)
AGAIN = ((1, "mia", HALDE), (6, "amara", OSTRAVA))
"""Who brings an opening, in which week, that is here already under almost the same link."""
STEPS = (
    (2, "jonas", "Halde Cycles", "saved"),
    (2, "jonas", "Halde Cycles", "applied"),
    (2, "amara", "Old Harbour", "applied"),
    (3, "amara", "Northbank", "saved"),
    (4, "jonas", "Halde Cycles", "interview"),
    (4, "amara", "Northbank", "applied"),
    (5, "hana", "Ostrava Labs", "saved"),
    (6, "hana", "Ostrava Labs", "applied"),
    (6, "amara", "Old Harbour", "no_reply"),
    (7, "jonas", "Halde Cycles", "offer"),
    (8, "jonas", "Halde Cycles", "accepted"),
    (9, "hana", "Ostrava Labs", "interview"),
    (10, "amara", "Copper Bank", "saved"),
    (11, "hana", "Ostrava Labs", "rejected"),
    (11, "amara", "Northbank", "interview"),
)
"""In which week whose application comes to stand where; an opening of ours is taken by one tap."""
PRESENT = re.compile(r"- (\d+) new\n|- (\d+) new$", re.MULTILINE)
TWICE = re.compile(r"- (\d+) here already")
COUNTS = re.compile(r"([A-Z][a-z ]+?) \*\*(\d+)\*\*")
REMINDER = re.compile(r"Closes (?:in (\d+) days|tomorrow)")


COLUMNS = ("posted", "refused", "reminded", "by votes", "by date", "unsure", *STATUSES)
HEADS = {"openings": 3, "closed": 3, "applications": len(STATUSES)}


class Hunt:
    """Everything people do about openings and applications, and the record of it."""

    def __init__(self, world: World, stage: Stage, listings: Path) -> None:
        """Prepare it for the people on stage."""
        self.market = Market(world, stage)
        self._world, self._stage, self._listings = world, stage, listings
        self._content = content_of(listings)
        self._statuses: list[tuple[int, str, str, str]] = []
        self._numbers: dict[tuple[str, str], str] = {}
        self._imported: list[tuple[int, int, int]] = []  # week, new, refused
        self._refused: list[int] = []

    # -- what is done ----------------------------------------------------------------------------

    def deeds(self, weeks: int) -> list[Deed]:
        """Return everything that is done within these weeks."""
        end = on(weeks + 1, 0, 0)
        return [deed for deed in self._deeds() if deed.at < end]

    def _deeds(self) -> Iterator[Deed]:
        for week in (1, 2):
            yield Deed(on(week, TUESDAY, 9), "mia", self._imports(week))
        for one in OPENINGS:
            yield from self._life(one)
        for week, key, one in AGAIN:
            yield Deed(on(week, THURSDAY, 16), key, self._brings_again(week, key, one))
        for place, (week, key, company, status) in enumerate(STEPS):
            at = on(week, FRIDAY, 13, place)
            yield Deed(at, key, self._steps(week, key, company, status))

    def _life(self, one: Opening) -> Iterator[Deed]:
        if one.suggested_by:
            yield Deed(one.posted_at - DAY, one.suggested_by, self._suggests(one))
        yield Deed(one.posted_at, "mia", self._posts(one))
        for key in one.savers:
            yield Deed(one.posted_at + 2 * HOUR, key, self._saves(key, one))
        for key in one.doubters:
            yield Deed(one.settled_at - HOUR, key, self._doubts(key, one))
        if one.doubters:
            yield Deed(one.settled_at, "mia", self._settles(one))

    def _imports(self, week: int) -> Callable[[], Awaitable[object]]:
        async def bring() -> None:
            told = await self.market.bring_list(self._listings.name, self._content)
            new, twice = PRESENT.search(told), TWICE.search(told)
            brought = int(new[1] or new[2]) if new else 0
            self._imported.append((week, brought, int(twice[1]) if twice else 0))

        return bring

    def _suggests(self, one: Opening) -> Callable[[], Awaitable[object]]:
        return lambda: self.market.suggest(one.suggested_by, one.offer)

    def _posts(self, one: Opening) -> Callable[[], Awaitable[object]]:
        async def post() -> None:
            if one.suggested_by:
                await self.market.approve()
            else:
                await self.market.post(one.offer)

        return post

    def _saves(self, key: str, one: Opening) -> Callable[[], Awaitable[object]]:
        return lambda: self.market.save(key, f"{one.company} {one.title}")

    def _doubts(self, key: str, one: Opening) -> Callable[[], Awaitable[object]]:
        return lambda: self.market.doubt(key, one.company)

    def _settles(self, one: Opening) -> Callable[[], Awaitable[object]]:
        return lambda: self.market.settle(over=one.over)

    def _brings_again(self, week: int, key: str, one: Opening) -> Callable[[], Awaitable[object]]:
        async def bring() -> None:
            same = one.offer._replace(link=f"{one.offer.link}/?utm_source=friend")
            told = await (
                self.market.post(same) if key == "mia" else self.market.suggest(key, same)
            )
            if "already" in told:
                self._refused.append(week)

        return bring

    def _steps(
        self, week: int, key: str, company: str, status: str
    ) -> Callable[[], Awaitable[object]]:
        async def step() -> None:
            number = self._numbers.get((key, company))
            if number is not None:
                await self.market.move(key, number, status)
            elif any(one.company == company for one in OPENINGS):
                self._numbers[key, company] = await self.market.track(key, company)
            else:
                title = "Intern"
                self._numbers[key, company] = await self.market.apply(key, company, title, status)
            self._statuses.append((week, key, company, status))

        return step

    # -- what came of it -------------------------------------------------------------------------

    async def weeks(self, weeks: int) -> list[Row]:
        """Put the figures together, one row for each week."""
        posted = Counter(week_at(opened) for opened in self._threads())
        refused = Counter(self._refused)
        for week, new, twice in self._imported:
            posted[week] += new
            refused[week] += twice
        reminded = Counter(week_at(at) for _key, _name, _days, at in self._reminders())
        closed = Counter(
            (week_at(row.closed_at), row.why) for row in await self._kept() if row.closed_at
        )
        found: list[Row] = []
        for week in range(1, weeks + 1):
            figures = {"posted": posted[week], "refused": refused[week]}
            figures |= {"reminded": reminded[week], "by votes": closed[week, "votes"]}
            figures |= {"by date": closed[week, "deadline"], "unsure": closed[week, "unverified"]}
            stand = Counter(self._standing(week).values())
            found.append(Row(week, figures | {name: stand[name] for name in STATUSES}))
        return found

    def _standing(self, week: int) -> dict[tuple[str, str], str]:
        return {
            (key, company): status
            for since, key, company, status in self._statuses
            if since <= week
        }

    def _threads(self) -> list[datetime]:
        """Return when each post of the forum was opened."""
        return [discord.utils.snowflake_time(one.id) for one in self.market.board.threads]

    def _reminders(self) -> list[tuple[str, str, int, datetime]]:
        """Return whom Discord shows to be reminded: of what, how many days before, when."""
        inboxes = {actor.user.dm_channel.id: key for key, actor in self._stage.actors.items()}
        found: list[tuple[str, str, int, datetime]] = []
        for said in self._world.said("opportunity.track"):
            days = REMINDER.search(said.text)
            if said.place_id in inboxes and days is not None:
                named = next((one.company for one in OPENINGS if one.company in said.text), "")
                found.append((inboxes[said.place_id], named, int(days[1] or 1), said.at))
        return found

    async def _kept(self) -> Sequence[Any]:
        """Return what the bot keeps of every opening."""
        posting = tables.everything().tables["posting"]
        async with self._world.bot.db.read() as tx:
            return (await tx.execute(posting.select())).all()

    # -- what does not agree ---------------------------------------------------------------------

    async def mistakes(self, weeks: int, rows: Sequence[Row]) -> list[str]:
        """Name everything on which the bot, Discord and the script differ."""
        return [
            *self._posts_missing(weeks),
            *await self._openings_miscounted(weeks, rows),
            *self._reminders_missing(),
            *self._closings_missing(),
            *await self._boards_unlike(weeks),
        ]

    def _posts_missing(self, weeks: int) -> Iterator[str]:
        due = [one for one in OPENINGS if one.week <= weeks]
        if len(self._threads()) != len(due):
            yield f"{len(self._threads())} openings stand in the forum, not {len(due)}"
        again = [week for week, _key, _one in AGAIN if week <= weeks]
        if self._refused != again:
            yield f"openings that are here already were refused in weeks {self._refused}"
        later = [new for week, new, _twice in self._imported if week > 1]
        if any(later):
            yield f"the same list brought {later} new openings the second time"

    async def _openings_miscounted(self, weeks: int, rows: Sequence[Row]) -> list[str]:
        """Compare what was posted and closed with what a member finds open, and the bot keeps."""
        total = sums(rows, STATUSES)
        shut = total["by votes"] + total["by date"] + total["unsure"]
        self._world.dismiss_answers()
        said = words_of(await self.market.hands("amara").command(self.market.desk, LIST))
        shown = re.search(r"## ([\d,]+) opening", said)
        seen = int(shown[1].replace(",", "")) if shown else 0
        today = self._world.now().astimezone(zone_info(NEW_YORK)).date()
        kept = [row for row in await self._kept() if row.state == "open"]
        late = sum(row.deadline_on is not None and row.deadline_on < today for row in kept)
        if not seen + late == len(kept) == total["posted"] - shut:
            told = f"{total['posted']} were posted and {shut} closed"
            return [f"{told}, but {seen} are found open, {late} late, and {len(kept)} kept"]
        return []

    def _reminders_missing(self) -> Iterator[str]:
        """Everyone who saved something hears of it a week and a day before, at nine, once."""
        came = Counter((key, name, days) for key, name, days, _at in self._reminders())
        minutes = {(key, name, days): at for key, name, days, at in self._reminders()}
        due = {
            (player.key, one.company, days): at
            for one in OPENINGS
            for player in PLAYERS
            if player.key in one.savers
            for days, at in self._due(one, player)
        }
        for one in sorted(due.keys() | came.keys()):
            if came[one] != (one in due):
                yield f"{one[0]} heard {came[one]} times of {one[1]}, {one[2]} days before"
            elif not timedelta(0) <= minutes[one] - due[one] < timedelta(minutes=1):
                yield f"{one[0]} heard of {one[1]} at {minutes[one]:%d %b %H:%M}"

    def _due(self, one: Opening, player: Player) -> Iterator[tuple[int, datetime]]:
        """Say when somebody should hear of a deadline they saved."""
        for days in REMIND_DAYS:
            day = one.deadline_on - timedelta(days=days)
            noon = to_utc(day, time(12), player.zone)
            at = to_utc(day, MORNING, player.zone_at(noon))
            here = player.joins == "dm" and not player.closed and at < self._world.now()
            gone = (
                player.leaves_in is not None and at >= player.asked_at(player.leaves_in) - 2 * DAY
            )
            shut = one.over and at > one.settled_at - HOUR
            if here and not gone and not shut and at > one.posted_at + 2 * HOUR:
                yield days, at

    def _closings_missing(self) -> Iterator[str]:
        """Each post says once that it is over, and why; whatever stands is not said to be over."""
        now = self._world.now()
        said = self._world.said("")
        for one in OPENINGS:
            if one.posted_at >= now:
                continue
            thread = self.market.thread(one.company)
            here = [each.text for each in said if each.place_id == thread.id]
            words = "members found it closed" if one.over else "its deadline has passed"
            settled = one.settled_at if one.over else _end(one.deadline_on) + CLOSED_AFTER
            told = sum(f"Closed: {words}" in text for text in here)
            over = sum("Closed: " in text for text in here)
            if settled < now and (told, over) != (2, 2):  # the post itself, and a word below it
                yield f"{one.company} says {over} times that it is over, {told} times why"
            if over and not one.over and now < _end(one.deadline_on):
                yield f"{one.company} is said to be over before its deadline"

    async def _boards_unlike(self, weeks: int) -> list[str]:
        """Compare everyone's board with what they did."""
        found: list[str] = []
        standing = self._standing(weeks)
        for key in sorted({key for key, _company in standing}):
            self._world.dismiss_answers()
            hands = self.market.hands(key)
            said = words_of(await hands.command(self.market.desk, "application list"))
            shown = {name: int(n) for name, n in COUNTS.findall(said)}
            mine = [status for (who, _company), status in standing.items() if who == key]
            lived = dict(Counter(each.replace("_", " ").capitalize() for each in mine))
            if shown != lived:
                found.append(f"{key}'s board counts {shown}, not {lived}")
        return found


def table(rows: Sequence[Row]) -> str:
    """Draw what came of openings, week by week; applications stand as in the last."""
    return ledger.table(HEADS, COLUMNS, rows, STATUSES)


def summary(rows: Sequence[Row]) -> str:
    """Say what was verified about openings and applications, in figures."""
    total = sums(rows, STATUSES)
    stand = ", ".join(f"{total[name]} {name.replace('_', ' ')}" for name in STATUSES if total[name])
    return (
        f"Verified: {total['posted']} openings were posted and {total['refused']} refused because "
        f"they were here already; {total['reminded']} reminders of saved deadlines came at 09:00 "
        f"where each member lived, a week and a day before, each once; {total['by votes']} closed "
        f"after three members said so, {total['by date']} after their deadline, {total['unsure']} "
        f"because nobody could say that they stand, and the others are what a member finds open; "
        f"applications are as on everybody's own board: {stand or 'none yet'}."
    )


def _end(day: date) -> datetime:
    return to_utc(day + timedelta(days=1), time(0), "Etc/UTC")
