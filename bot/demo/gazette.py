"""What each week said to the cohort in one message, and whether it said what had happened.

A moderator adds a note in some weeks, leaves something out once and skips a week. What came of it
is read in the channel, as anybody reads it, and held against what people did in those days.
"""

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.demo import ledger
from bot.demo.cast import Stage
from bot.demo.company import Company
from bot.demo.hands import words_in
from bot.demo.hunt import OPENINGS as POSTED
from bot.demo.ledger import Row
from bot.demo.plot import FRIDAY, Did, Done, on
from bot.demo.script import DAY, HOUR, Deed, won
from bot.demo.simulation import World

NOTES = {
    2: "Laptops that still misbehave: come to the second floor on Tuesday, we have cake.",
    6: "Half time. Ask one person this week how you are doing; we will ask you too.",
    10: "The final talks are on 19 May, five minutes each. Say yes or no until Friday.",
}
WITHOUT = {4: "kudos"}
"""In which week a moderator leaves which section out."""
SKIPPED = 8
ACTIONS, WINS_HEAD, NEW, CLOSING = (
    "Worth doing this week",
    "Things that went well",
    "New openings",
    "Closing soon",
)
MET, THANKS, NOTE = "People who met", "Thanks", "From the moderators"
SHORT = {
    NOTE: "note",
    ACTIONS: "to do",
    WINS_HEAD: "wins",
    NEW: "new",
    CLOSING: "closing",
    MET: "met",
    THANKS: "thanks",
}
A_MINUTE = timedelta(minutes=1)
TOGETHER = timedelta(minutes=2)
SOON = 7  # days before its last day from which an opening closes soon
LONGEST = 96
REST = re.compile(r"^-# and (\d+) more")
MEETINGS = re.compile(r"(\d+) introductions? met")
LINK = re.compile(r"\[([^]]*)\]\(<[^>]*>\)")


@dataclass(frozen=True)
class Week:
    """One week's digest as it stands in the channel: when it came, and what it says."""

    number: int
    at: datetime | None = None
    times: int = 0
    title: str = ""
    opening: str = ""
    sections: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    more: Counter[str] = field(default_factory=Counter[str])

    def count(self, heading: str) -> int:
        """Say how many things a section tells of."""
        lines = self.sections.get(heading, ())
        if heading == MET:
            return sum(int(found[1]) for line in lines if (found := MEETINGS.search(line)))
        return len(lines) + self.more[heading]


class Gazette:
    """Everything that is done about the digest, and what it says in the end."""

    def __init__(self, world: World, stage: Stage) -> None:
        """Prepare it for the people on stage."""
        self._world = world
        self._company = Company(world, stage)
        self.steps: list[tuple[datetime, str]] = []
        """When somebody shared that they did what nobody had asked for, and who."""

    def deeds(self, weeks: int) -> Iterator[Deed]:
        """Return everything that a moderator does within these weeks."""
        for week in range(1, weeks + 1):
            at = due_at(week) - DAY + HOUR
            if week in NOTES:
                yield Deed(at, "mia", self._notes(NOTES[week]))
            if week in WITHOUT:
                yield Deed(at, "mia", self._leaves_out(WITHOUT[week]))
            if week == SKIPPED:
                yield Deed(at, "mia", self._skips())

    def _notes(self, note: str) -> Callable[[], Awaitable[object]]:
        hands, staff = self._company.hands("mia"), self._company.staff
        return lambda: hands.press(staff, "digest.note", form={"note": note})

    def _leaves_out(self, section: str) -> Callable[[], Awaitable[object]]:
        async def leave_out() -> None:
            hands, staff = self._company.hands("mia"), self._company.staff
            await hands.press(staff, "digest.sections")
            shown = [one for one in hands.choices(staff, "digest.shown") if one != section]
            await hands.pick(staff, "digest.shown", *shown)

        return leave_out

    def _skips(self) -> Callable[[], Awaitable[object]]:
        hands, staff = self._company.hands("mia"), self._company.staff
        return lambda: hands.press(staff, "digest.skip")

    # -- what it said ----------------------------------------------------------------------------

    def weeks(self, weeks: int) -> list[Week]:
        """Read what stands in the channel, one digest for each week."""
        said = words_in(self._world, self._company.news)
        first = [one for one in said if re.match(r"\s*## .* · week \d+\n", one.text)]
        found: list[Week] = []
        for week in range(1, weeks + 1):
            mine = [one for one in first if f" · week {week}\n" in one.text]
            if not mine:
                found.append(Week(week))
                continue
            at = mine[0].at
            more = [
                one.text
                for one in said
                if at <= one.at <= at + TOGETHER and one.text.lstrip().startswith(("###", "- "))
            ]
            found.append(_read(week, at, len(mine), "\n".join([mine[0].text, *more])))
        return found

    # -- what does not agree ---------------------------------------------------------------------

    def mistakes(self, found: Sequence[Week], done: Sequence[Done]) -> Iterator[str]:
        """Name everything in which a digest is not what these weeks were."""
        before = datetime.min.replace(tzinfo=self._world.now().tzinfo)
        for week in found:
            due = due_at(week.number)
            if week.number == SKIPPED:
                if week.times:
                    yield f"the digest of week {week.number} was skipped, and came"
                continue
            if week.times != 1 or week.at is None:
                yield f"the digest of week {week.number} came {week.times} times"
                continue
            if not timedelta(0) <= week.at - due < A_MINUTE:
                yield f"the digest of week {week.number} came at {week.at:%d %b %H:%M}"
            yield from self._unlike(week, done, before, week.at)
            before = week.at

    def _unlike(
        self, week: Week, done: Sequence[Done], since: datetime, until: datetime
    ) -> Iterator[str]:
        lived = Counter(one.did for one in done if since < one.at <= until)
        wins = sum(since < at <= until for _who, at in won())
        steps = sum(since < at <= until for at, _who in self.steps)
        thanks = 0 if WITHOUT.get(week.number) == "kudos" else lived[Did.SHARED]
        for heading, number in (
            (ACTIONS, 3),
            (WINS_HEAD, wins + steps),
            (MET, lived[Did.MET]),
            (THANKS, thanks),
            (NOTE, int(week.number in NOTES)),
        ):
            if week.count(heading) != number:
                yield f"week {week.number}: {heading} {week.count(heading)}, not {number}"
        if week.number in NOTES and NOTES[week.number] not in week.sections.get(NOTE, ("",))[0]:
            yield f"week {week.number}: the note says {week.sections.get(NOTE)}"
        yield from self._openings_missing(week, since, until)

    def _openings_missing(self, week: Week, since: datetime, until: datetime) -> Iterator[str]:
        """Every opening posted by hand is told as new, or as closing when its end is near."""
        today = until.date()
        for one in POSTED:
            closing = 0 <= (one.deadline_on - today).days <= SOON
            fresh = since < one.posted_at <= until and not closing and one.deadline_on > today
            over = one.over and one.settled_at <= until
            gone = one.posted_at > until or one.deadline_on < today
            for heading, due in ((NEW, fresh and not over), (CLOSING, closing and not gone)):
                named = any(one.company in line for line in week.sections.get(heading, ()))
                hidden = week.more[heading] > 0
                if (due and not over and not named and not hidden) or (named and not due):
                    yield f"week {week.number}: {one.company} is {'' if named else 'not '}{heading}"


def due_at(week: int) -> datetime:
    """Return when the digest of a week goes out: on Friday at four in New York."""
    return on(week, FRIDAY, 16)


def _read(number: int, at: datetime, times: int, text: str) -> Week:
    """Take a digest apart, as it stands in the channel."""
    head, *parts = text.strip().split("### ")
    title, _line, opening = head.strip().partition("\n")
    sections: dict[str, tuple[str, ...]] = {}
    more = Counter[str]()
    for part in parts:
        heading, *lines = part.strip().splitlines()
        shown = [line for line in lines if line.startswith("- ")]
        if heading == NOTE:
            shown = [line for line in lines if not line.startswith("-# ")][:1]
        sections[heading] = tuple(plainly(line) for line in shown)
        more[heading] = sum(int(rest[1]) for line in lines if (rest := REST.match(line)))
    return Week(number, at, times, title.lstrip("# "), plainly(opening), sections, more)


def plainly(line: str) -> str:
    """Return a line as it looks, without what makes it look so."""
    shown = LINK.sub("", line.removeprefix("- ")).replace("**", "").replace("\\", "")
    return " ".join(shown.split()).removesuffix(" ·")


def told(found: Sequence[Week]) -> str:
    """Print what each week said: when, how it began, each section with its first line."""
    lines = ["What each week said to everybody:"]
    for week in found:
        if week.at is None:
            lines.append(f"{week.number:4}  no digest: a moderator skipped it")
            continue
        lines.append(f"{week.number:4}  {week.at:%a %d %b %H:%M} UTC  {_clipped(week.opening)}")
        for heading, shown in week.sections.items():
            first = _clipped(shown[0]) if shown else ""
            lines.append(f"      {heading} ({week.count(heading)}): {first}")
    return "\n".join(lines)


def _clipped(line: str) -> str:
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def table(found: Sequence[Week]) -> str:
    """Draw what each digest told of, a sum below."""
    rows = [
        Row(week.number, {"came": week.times} | {SHORT[head]: week.count(head) for head in SHORT})
        for week in found
    ]
    return ledger.table({"digest": len(SHORT) + 1}, ("came", *SHORT.values()), rows)


def summary(found: Sequence[Week]) -> str:
    """Say what was verified about the digests, in figures."""
    came = [week for week in found if week.at is not None]
    total = Counter[str]()
    for week in came:
        total.update({head: week.count(head) for head in SHORT})
    skipped = len(found) - len(came)
    return (
        f"Verified: {len(came)} digests stood in the announcements, one a week on Friday at 16:00 "
        f"in New York, to the minute, and {skipped} did not because a moderator skipped it; they "
        f"told of each of {total[WINS_HEAD]} wins, {total[MET]} introductions that met, and "
        f"{total[THANKS]} thanks in the week in which they were shared or in the next that went "
        f"out, nothing twice and nothing that nobody had shared; {total[NOTE]} notes stood where "
        f"a moderator had put them, and a section that was left out stayed out; every opening "
        f"posted by hand was told as new or as closing soon."
    )
