"""What the fifteen do for themselves in twelve weeks, and whether it adds up.

They keep journals, ask to be reminded, press what the cards of a phase bring, take small steps,
say what they can do, and take their record along. Reminders and cards are counted where Discord
shows them; what somebody kept is counted in the record that they are handed.
"""

import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.clockwork.phases import phase_spans, plan_back
from bot.clockwork.recurrence import to_utc
from bot.clockwork.zones import zone_info
from bot.demo import ledger
from bot.demo.cast import STARTS_ON, Stage
from bot.demo.diary import Diary, Page
from bot.demo.gazette import Gazette
from bot.demo.ledger import Row, sums
from bot.demo.plot import FRIDAY, THURSDAY, WEDNESDAY, on, week_at
from bot.demo.script import DAY, HOUR, PLAYERS, Deed, monday, won
from bot.demo.simulation import World
from bot.people import cohorts, memberships
from bot.storage import tables

PAGES = (
    (1, "amara", Page("Set up everything and ran the tests", "Where the logs are", "", "git")),
    (2, "amara", Page("Fixed the import", "Ask early", "3 teams use it", "Python, SQL", "Import")),
    (3, "hana", Page("Wrote the first page of the guide", "", "12 readers", "writing", "Guide")),
    (4, "amara", Page("Made the import faster", "", "40 % faster", "SQL", "Import")),
    (5, "katrin", Page("How decisions are written down here", kind="culture")),
    (6, "amara", Page("Showed it to the team", "", "9 people came", "talks", "Import")),
    (7, "jonas", Page("Moved the nightly run", "Read the plan first", "40 min", "SQL", "Nights")),
    (8, "hana", Page("Built a map of tide tables", kind="project")),
    (9, "amara", Page("Taught somebody the import", "", "1 hour", "teaching", "Import")),
    (11, "amara", Page("Wrote the hand-over page", "", "2 people tried it", "writing", "Import")),
    (12, "hana", Page("Finished the guide", "", "31 pages read it", "writing", "Guide")),
)
REFLECTS = ((1, "amara"), (6, "amara"), (12, "amara"), (6, "hana"))
MEETS = ((3, "hana", "Ravi from the data team"), (7, "amara", "Ada, two floors up"))
STEPS = ((3, "katrin", False), (4, "amara", False), (7, "katrin", True), (9, "amara", True))
"""In which week who takes a step nobody asked for, and whether they share it."""
LOOKS = ((1, "amara", (1, 1, 0)), (1, "hana", (0, 1)), (12, "amara", (3, 2, 2)))
"""Who says how it goes with some competencies, when, and with which answers."""
RECORDS = ("amara", "hana", "katrin", "jonas")


@dataclass(frozen=True)
class Asked:
    """A reminder that comes every week from one on, until its member lets it go."""

    key: str
    week: int
    weekday: int
    at: time
    words: str
    what: str
    until: int = 99


WEEKLY = (
    Asked("amara", 1, THURSDAY, time(17, 30), "every thursday at 17:30", "write it down"),
    Asked("jonas", 2, WEDNESDAY, time(18, 15), "every wednesday at 18:15", "water the plants", 7),
    Asked("hana", 4, THURSDAY, time(9), "every thursday at 9am", "ask one question", 8),
    Asked("tilly", 4, FRIDAY, time(16), "every friday at 16:00", "close the notebook", 6),
)
ONCE = (
    (3, "luiza", "in 2 weeks", "send the sketch", 14 * DAY),
    (2, "suman", "in 3 days", "look at the budget", None),
    (2, "priya", "in 3 weeks", "ask about the talk", 21 * DAY),
)
"""Reminders that come once: in which week, to whom, when; never to whom only looks at the card."""
LATER = ((3, "jonas", HOUR), (5, "amara", None), (2, "amara", timedelta(0)))
"""Who puts off (by an hour, or to nine tomorrow) or does what they are reminded of, when."""
CALLED = "something you asked me to remind you of is due"
CARD = re.compile(
    r"'playbook\.(?:done|undo|goal|remind):(\d+)\.((?:phase|step)-\w+)\.[\w-]+\.c'",
)
"""What stands on a card that came by itself; `/me` shows the same things without the `c`."""
CALL = re.compile(r"<@(\d+)>.*'playbook\.card:(\d+)'", re.DOTALL)
"""What calls somebody in the week's thread to a card that only they open."""
EARLIEST, LATEST = time(11), time(20)
PRESSES = (2, 4, 6, 7, 9, 10, 12)
ALOOF = ("arjun",)
"""Who presses nothing, and hears less and less."""
NINE = time(9)
COLUMNS = (
    "entries",
    "people",
    "answers",
    "asked",
    "came",
    "put off",
    "cards",
    "done",
    "goals",
    "steps",
    "looks",
)
HEADS = {"journal": 3, "reminders": 3, "playbook": 4, "oneself": 1}


@dataclass(frozen=True)
class Came:
    """A reminder that Discord shows: to whom, when."""

    key: str
    at: datetime


class Growth:
    """Everything people do for themselves, and the record of it."""

    def __init__(self, world: World, stage: Stage, gazette: Gazette) -> None:
        """Prepare it for the people on stage."""
        self.diary = Diary(world, stage)
        self._world, self._stage, self._gazette = world, stage, gazette
        self._players = {player.key: player for player in PLAYERS}
        self._done = Counter[tuple[int, str]]()
        self._kept = Counter[str]()
        self._steps = Counter[str]()
        self._due: list[Came] = []
        self._records: dict[str, int] = {}
        self._pdf: tuple[str, bytes] | None = None

    # -- what is done ----------------------------------------------------------------------------

    def deeds(self, weeks: int) -> list[Deed]:
        """Return everything that is done within these weeks."""
        end = on(weeks + 1, 0, 0)
        return [deed for deed in self._deeds(weeks) if deed.at < end]

    def _deeds(self, weeks: int) -> Iterator[Deed]:
        for week, key, page in PAGES:
            yield Deed(on(week, THURSDAY, 12), key, self._writes(key, page))
        for week, key in REFLECTS:
            yield Deed(on(week, THURSDAY, 12), key, self._reflects(key))
        for week, key, who in MEETS:
            yield Deed(on(week, THURSDAY, 12), key, self._meets(key, who))
        for week, key, share in STEPS:
            yield Deed(on(week, THURSDAY, 12), key, self._takes_step(key, share=share))
        for week, key, answers in LOOKS:
            yield Deed(on(week, THURSDAY, 12), key, self._looks(key, answers))
        for week in PRESSES:
            yield Deed(on(week, FRIDAY, 13), "", self._presses_cards(week))
        yield from self._reminders(weeks)

    def _count(self, name: str) -> None:
        self._done[week_at(self._world.now()), name] += 1

    def _writes(self, key: str, page: Page) -> Callable[[], Awaitable[object]]:
        async def write() -> None:
            await self.diary.write(key, page)
            self._kept[key] += 1
            self._count("entries")

        return write

    def _reflects(self, key: str) -> Callable[[], Awaitable[object]]:
        async def reflect() -> None:
            await self.diary.reflect(key, "Towards data, away from decks")
            self._count("answers")

        return reflect

    def _meets(self, key: str, who: str) -> Callable[[], Awaitable[object]]:
        async def meet() -> None:
            await self.diary.meet(key, who, "At lunch", "How they came here")
            self._count("people")

        return meet

    def _takes_step(self, key: str, *, share: bool) -> Callable[[], Awaitable[object]]:
        async def step() -> None:
            await self.diary.take_step(key, share=share)
            self._steps[key] += 1
            self._count("steps")
            if share:
                self._gazette.steps.append((self._world.now(), key))

        return step

    def _looks(self, key: str, answers: tuple[int, ...]) -> Callable[[], Awaitable[object]]:
        async def look() -> None:
            await self.diary.look_at_oneself(key, answers, "I ask before I guess")
            self._count("looks")

        return look

    def _presses_cards(self, week: int) -> Callable[[], Awaitable[object]]:
        """Have everyone who got a card do the first thing on it; some make a goal of the next."""

        async def press() -> None:
            for player in PLAYERS:
                gone = player.leaves_in is not None and week >= player.leaves_in
                if player.key in ALOOF or gone or not self.diary.has_card(player.key):
                    continue
                await self.diary.press_card(player.key, "done")
                self._count("done")
                if player.key == "amara" and week in (2, 7):
                    await self.diary.press_card(player.key, "goal")
                    self._count("goals")
                if player.key == "hana" and week == 4:
                    await self.diary.be_reminded_of_card(player.key)
                    self._count("asked")
                    self._due.append(Came("hana", self._tomorrow("hana")))

        return press

    def _tomorrow(self, key: str) -> datetime:
        zone = self._players[key].zone_at(self._world.now())
        today = self._world.now().astimezone(zone_info(zone)).date()
        return to_utc(today + DAY, NINE, zone)

    # -- reminders -------------------------------------------------------------------------------

    def _reminders(self, weeks: int) -> Iterator[Deed]:
        for one in WEEKLY:
            yield Deed(on(one.week, 1, 10, 30), one.key, self._asks(one.key, one.words, one.what))
            if one.until <= weeks:
                yield Deed(on(one.until, 0, 10, 30), one.key, self._lets_go(one))
            last = min(one.until - 1, weeks)
            self._due += [
                Came(one.key, self._at(one, week))
                for week in range(one.week, last + 1)
                if self._at(one, week) > on(one.week, 1, 10, 30)
            ]
        for week, key, words, what, after in ONCE:
            at = on(week, 1, 10, 30)
            yield Deed(at, key, self._asks(key, words, what))
            if after is not None and week <= weeks:
                self._due.append(Came(key, self._days_after(key, at, after)))
        for week, key, by in LATER:
            one = next(one for one in WEEKLY if one.key == key)
            if week <= weeks:
                yield Deed(self._at(one, week) + HOUR / 6, key, self._answers(key, by))

    def _at(self, one: Asked, week: int) -> datetime:
        """Say when a weekly reminder comes in a week, where its member lives by then."""
        day, player = monday(week) + timedelta(days=one.weekday), self._players[one.key]
        return to_utc(day, one.at, player.zone_at(to_utc(day, time(12), player.zone)))

    def _days_after(self, key: str, at: datetime, after: timedelta) -> datetime:
        """Say when *in so many weeks* is: at the same time of day, whatever the clocks did."""
        zone = self._players[key].zone_at(at)
        local = at.astimezone(zone_info(zone))
        return to_utc(local.date() + after, local.time(), zone)

    def _asks(self, key: str, words: str, what: str) -> Callable[[], Awaitable[object]]:
        async def ask() -> None:
            await self.diary.remind(key, words, what)
            self._count("asked")

        return ask

    def _lets_go(self, one: Asked) -> Callable[[], Awaitable[object]]:
        return lambda: self.diary.cancel_reminder(one.key, one.what)

    def _answers(self, key: str, by: timedelta | None) -> Callable[[], Awaitable[object]]:
        async def answer() -> None:
            if by is None:
                await self.diary.answer_reminder(key, "tomorrow")
                self._due.append(Came(key, self._tomorrow(key)))
            elif by:
                await self.diary.answer_reminder(key, "snooze")
                self._due.append(Came(key, self._world.now() + by))
            else:
                await self.diary.answer_reminder(key, "done")
            if by != timedelta(0):
                self._count("put off")

        return answer

    # -- the end ---------------------------------------------------------------------------------

    async def take_records(self) -> None:
        """Have some take their record along: a PDF first, and one that can be counted."""
        for key in RECORDS:
            self._world.dismiss_answers()
            if key == RECORDS[0]:
                self._pdf = await self.diary.get_record(key, "pdf")
                self._world.dismiss_answers()
            _name, content = await self.diary.get_record(key, "json")
            told = json.loads(content)
            chapters = Counter(str(one["chapter"]) for one in told["entries"])
            wrote = chapters["work"] + chapters["project"] + chapters["coursework"]
            self._records[key] = wrote + chapters["culture"] + chapters["challenges"]

    # -- what came of it -------------------------------------------------------------------------

    def weeks(self, weeks: int) -> list[Row]:
        """Put the figures together, one row for each week."""
        came = Counter(week_at(one.at) for one in self.came())
        cards = Counter(week_at(at) for _key, _card, at in self.cards())
        found: list[Row] = []
        for week in range(1, weeks + 1):
            figures = {name: self._done[week, name] for name in COLUMNS}
            figures |= {"came": came[week], "cards": cards[week]}
            found.append(Row(week, figures))
        return found

    def _whose(self) -> tuple[dict[int, str], dict[str, str]]:
        """Return whose each inbox is, and who each number in a mention is."""
        actors = self._stage.actors.items()
        inboxes = {actor.user.dm_channel.id: key for key, actor in actors}
        return inboxes, {str(actor.id): key for key, actor in actors}

    def came(self) -> list[Came]:
        """Return the reminders that Discord shows: in an inbox, or as a call in the thread."""
        inboxes, by_id = self._whose()
        found: list[Came] = []
        for said in self._world.said("reminders."):
            key = inboxes.get(said.place_id)
            if key is not None:
                found.append(Came(key, said.at))
            elif CALLED in said.text:
                named = re.search(r"<@(\d+)>", said.text)
                found.append(Came(by_id[named[1]] if named else "", said.at))
        return found

    def cards(self) -> list[tuple[str, str, datetime]]:
        """Return the cards that Discord shows: whose, which, since when.

        One lies in an inbox, or its member is called to it in the week's thread by its number.
        """
        inboxes, by_id = self._whose()
        found: list[tuple[str, str, datetime]] = []
        for said in self._world.said("playbook."):
            if said.place_id in inboxes:
                card = CARD.search(said.text)
                if card is not None:
                    found.append((inboxes[said.place_id], card[2], said.at))
            elif (call := CALL.search(said.text)) is not None:
                found.append((by_id[call[1]], call[2], said.at))
        return found

    # -- what does not agree ---------------------------------------------------------------------

    async def mistakes(self, ends_on: date) -> list[str]:
        """Name everything on which the bot, Discord and the script differ."""
        return [
            *self._reminders_unlike(),
            *self._cards_ill_timed(ends_on),
            *await self._cards_missing(),
            *self._records_unlike(),
        ]

    def _reminders_unlike(self) -> Iterator[str]:
        """Each reminder comes once, in the minute that was asked for, where its member lives."""
        now = self._world.now()
        due = Counter((one.key, _minute(one.at)) for one in self._due if one.at < now)
        came = Counter((one.key, _minute(one.at)) for one in self.came())
        for key, at in sorted(due.keys() | came.keys()):
            if due[key, at] != came[key, at]:
                times = f"{came[key, at]} times at {at:%d %b %H:%M} UTC, not {due[key, at]}"
                yield f"{key} was reminded {times}"

    def _cards_ill_timed(self, ends_on: date) -> Iterator[str]:
        """A card comes once to each, in its own phase, between eleven and eight in the evening."""
        spans = {
            f"phase-{span.phase.value}": (span.first_on, span.last_on)
            for span in phase_spans(STARTS_ON, ends_on)
        }
        spans |= {
            f"step-{step.kind.value}": (step.on, ends_on) for step in plan_back(STARTS_ON, ends_on)
        }
        cards = self.cards()
        seen = Counter((key, card) for key, card, _at in cards)
        for (key, card), times in seen.items():
            if times > 1:
                yield f"{key} got the card {card} {times} times"
        for key, card, at in cards:
            player = self._players[key]
            local = at.astimezone(zone_info(player.zone_at(at)))
            first, last = spans.get(card, (STARTS_ON, ends_on))
            if not first <= local.date() <= last or not EARLIEST <= local.time() < LATEST:
                yield f"{key} got the card {card} on {local:%d %b at %H:%M}"
            if player.joins == "card" or player.closed:
                yield f"{key} got the card {card} without having asked for messages"

    async def _cards_missing(self) -> list[str]:
        """What Discord does not show was not sent, and the bot knows why."""
        seen = {(key, card) for key, card, _at in self.cards()}
        found: list[str] = []
        for key, number, card, state, why in await self._cards_kept():
            name = number if self._players[key].joins == "thread" else card
            said = state in ("said", "written")
            if said != ((key, name) in seen) or not (said or why or state == "waiting"):
                found.append(f"{key}: {card} counts as {state} {why}, seen: {(key, name) in seen}")
        return found

    async def _cards_kept(self) -> list[tuple[str, str, str, str, str]]:
        kept = tables.everything().tables["playbook_card"]
        found: list[tuple[str, str, str, str, str]] = []
        async with self._world.bot.db.read() as tx:
            cohort = (await cohorts.of_guild(tx, self._stage.guild.id))[0]
            rows: Sequence[Any] = (await tx.execute(kept.select())).all()
            for player in PLAYERS:
                user_id = self._stage.actors[player.key].id
                member = await memberships.find(tx, cohort.cohort_id, user_id)
                if member is not None and player.vanishes_in is None:
                    found += [
                        (player.key, str(row.card_id), row.key, str(row.state), row.why or "")
                        for row in rows
                        if row.member_id == member.member_id and "-" in row.key
                    ]
        return found

    def _records_unlike(self) -> Iterator[str]:
        """A record has everything that its member wrote down and did, and nothing else."""
        for key, number in self._records.items():
            wins = sum(who == key and at < self._world.now() for who, at in won())
            lived = self._kept[key] + self._steps[key] + wins
            if number != lived:
                yield f"{key}'s record tells of {number} things they did, not {lived}"
        if self._pdf and not self._pdf[1].startswith(b"%PDF-"):
            yield "the record of amara is no PDF"

    def summary(self, rows: Sequence[Row]) -> str:
        """Say what was verified about what people did for themselves, in figures."""
        total = sums(rows)
        zones = {self._players[one.key].zone_at(one.at) for one in self.came()}
        cards = self.cards()
        seen = {card for _key, card, _at in cards if not card.isdecimal()}
        whose = {key for key, _card, _at in cards}
        kept = sum(self._records.values())
        record = ""
        if self._pdf:
            name, content = self._pdf
            record = f", and as a PDF ({name}, {len(content) / 1024:.0f} kB)"
        return (
            f"Verified: {total['came']} reminders came in the minute that was asked for, in "
            f"{len(zones)} zones, on both sides of the clock change and of two moves, each once; "
            f"{total['put off']} were put off and came again, what was let go stayed away; "
            f"{total['cards']} cards of {len(seen)} phases and last steps reached {len(whose)} "
            f"people, each once in its own phase, in the daytime, within their budget, and where "
            f"none came it is known why; {kept} things that {len(self._records)} people wrote "
            f"down or did stand in their records, none twice and none lost{record}."
        )


def table(rows: Sequence[Row]) -> str:
    """Draw what people did for themselves, week by week."""
    return ledger.table(HEADS, COLUMNS, rows)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
