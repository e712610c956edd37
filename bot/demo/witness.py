"""What Discord shows of people meeting and asking each other, and what the bot says it kept.

The two are read apart: threads and messages from the simulated Discord; history, report, status
and activity from the bot. Whatever they do not agree on is named.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from bot.demo.accounts import Evidence, Room
from bot.demo.cast import Stage
from bot.demo.hands import words_of
from bot.demo.plot import AVOIDS, MENTEES, PULSES, Did, Plot
from bot.demo.script import PLAYERS
from bot.demo.simulation import Said, World
from bot.people import activity, cohorts, memberships

WELCOME, THANKS, ANSWERED = "Read by: you", "** thanks **", " answered you."
RAN_OUT = "No answer this time"
PULSE_OPEN, PULSE_SHOWN, PULSE_HIDDEN = "How is it going here?", "What you said", "Fewer than"
FOUND = "is your mentor"
REPORT = re.compile(r"(\d+) met, (\d+) planned, (\d+) no reply, (\d+) re-matched, (\d+) undeliv")
TALLY = re.compile(r"Feedback: asked (\d+) times, answered (\d+), ran out (\d+)")
PAST = re.compile(r"(?m)^- [^:]+: (.+?) · ")
KEPT = {
    "introduction.met": (Did.MET,),
    "feedback.asked": (Did.ASKED,),
    "feedback.given": (Did.GIVEN, Did.UNASKED),
    "kudos.given": (Did.THANKED,),
    "kudos.shared": (Did.SHARED,),
}
"""Words of the activity log, and the deeds that they stand for."""


class Witness:
    """Somebody who looks at everything and knows nothing of the bot's inside."""

    def __init__(self, world: World, stage: Stage, plot: Plot) -> None:
        """Look at this world."""
        self._world, self._stage, self._plot = world, stage, plot
        self._key_of = {actor.id: key for key, actor in stage.actors.items()}
        self._said = world.said("")

    def evidence(self) -> Evidence:
        """Return what Discord shows and what people did."""
        declined = [one for one in self._plot.record if one.did is Did.DECLINED]
        expired = [
            one.at
            for player in PLAYERS
            for one in self._to(player.key, RAN_OUT)
            if not any(player.key == each.other and _over(each.at, one.at) for each in declined)
        ]
        return Evidence(list(self._rooms()), self._plot.record, expired)

    def _rooms(self) -> Iterator[Room]:
        company = self._plot.company
        for room in company.rooms():
            here = frozenset(self._key_of[one] for one in company.inside(room))
            wrote = frozenset(self._key_of[one] for one in self._world.writers(room.id))
            welcomes = sum(WELCOME in one.text for one in self._in(room.id))
            yield Room(room.id, company.opened(room), here, wrote, welcomes)

    def _in(self, place_id: int) -> list[Said]:
        return [one for one in self._said if one.place_id == place_id]

    def _to(self, key: str, words: str) -> list[Said]:
        inbox = self._stage.actors[key].user.dm_channel.id
        return [one for one in self._in(inbox) if words in one.text]

    # -- what does not agree ---------------------------------------------------------------------

    async def disagreements(self, evidence: Evidence, weeks: int) -> list[str]:
        """Name everything on which the bot and Discord differ."""
        return [
            *await self._histories(evidence),
            *self._reports(evidence),
            *await self._status(evidence),
            *await self._log(),
            *self._answers(evidence),
            *self._pulses(weeks),
            *self._mentors(weeks),
            *self._avoided(evidence),
        ]

    async def _histories(self, evidence: Evidence) -> list[str]:
        """Compare everyone's `/intro history` with the threads they are in."""
        names = {player.key: player.name for player in PLAYERS}
        found: list[str] = []
        for player in PLAYERS:
            if player.leaves_in is not None:
                continue
            hands = self._plot.company.hands(player.key)
            said = words_of(await hands.command(self._plot.company.hall, "intro history"))
            kept = Counter(
                frozenset(one.replace("\\", "").split(", ")) for one in PAST.findall(said)
            )
            mine = [room for room in evidence.rooms if player.key in room.people]
            seen = Counter(
                frozenset(names[key] for key in room.people - {player.key}) for room in mine
            )
            if kept != seen:
                found.append(f"{player.name} reads of {_listed(kept)}, but met {_listed(seen)}")
        return found

    def _reports(self, evidence: Evidence) -> Iterator[str]:
        """Compare the moderators' reports with the threads of each round."""
        staff = self._in(self._plot.company.staff.id)
        reports = [found for one in staff if (found := REPORT.search(one.text))]
        weeks = sorted({room.round_week for room in evidence.rooms})
        for week, report in zip(weeks, reports, strict=False):
            rooms = [room for room in evidence.rooms if room.round_week == week]
            latest = {key: room for room in sorted(rooms, key=_opened) for key in room.people}
            met = sum(room.room_id in evidence.meetings() for room in latest.values())
            again = len({key for room in rooms if room.again for key in room.people})
            told, planned, silent, rematched, missed = map(int, report.groups())
            if (told, rematched, told + planned + silent + missed) != (met, again, len(latest)):
                yield (
                    f"the report of week {week} says {report.group()}, but of {len(latest)} "
                    f"people {met} met and {again} were brought together again"
                )
        if len(reports) < len(weeks) - 1:
            yield f"there are {len(reports)} reports of {len(weeks)} rounds"

    async def _status(self, evidence: Evidence) -> list[str]:
        """Compare what `/cohort status` counts with what was asked, answered and ran out."""
        company = self._plot.company
        said = words_of(await company.hands("mia").command(company.staff, "cohort status"))
        done = Counter(one.did for one in evidence.done)
        told = TALLY.search(said)
        kept = tuple(map(int, told.groups())) if told else (0, 0, 0)
        ran_out = len(evidence.expired) + self._declined_and_over()
        seen = (done[Did.ASKED], done[Did.GIVEN], ran_out)
        if kept == seen:
            return []
        return [f"the status counts {kept} as asked, answered and run out, not {seen}"]

    def _declined_and_over(self) -> int:
        now = self._world.now()
        return sum(
            one.did is Did.DECLINED and _over(one.at, now, at_least=True)
            for one in self._plot.record
        )

    async def _log(self) -> list[str]:
        """Compare the activity log with the deeds, person by person."""
        kept = Counter[tuple[str, str]]()
        async with self._world.bot.db.read() as tx:
            cohort = (await cohorts.of_guild(tx, self._stage.guild.id))[0]
            for player in PLAYERS:
                user_id = self._stage.actors[player.key].id
                member = await memberships.find(tx, cohort.cohort_id, user_id)
                if member is not None:
                    every = await activity.of_member(tx, member.member_id, *KEPT)
                    kept.update((player.key, deed.word) for deed in every)
        lived = Counter(
            (one.key, word)
            for one in self._plot.record
            for word, dids in KEPT.items()
            if one.did in dids
        )
        return [
            f"{key}: {word} stands {kept[key, word]} times in the log, not {lived[key, word]}"
            for key, word in sorted(kept.keys() | lived.keys())
            if kept[key, word] != lived[key, word]
        ]

    def _answers(self, evidence: Evidence) -> Iterator[str]:
        """Whoever asked by direct message was told of every answer, once."""
        for player in PLAYERS:
            if player.joins == "dm" and not player.closed:
                came = len(self._to(player.key, ANSWERED))
                given = sum(
                    one.did is Did.GIVEN and one.other == player.key for one in evidence.done
                )
                if came != given:
                    yield f"{player.name} was told of {came} answers, not {given}"
        shared = sum(one.did is Did.SHARED for one in evidence.done)
        shown = sum(THANKS in one.text for one in self._in(self._plot.company.desk.id))
        if shown != shared:
            yield f"the cohort reads {shown} thanks, not {shared}"

    def _pulses(self, weeks: int) -> Iterator[str]:
        """A pulse is shown when five answered, and deleted when fewer did."""
        news = self._in(self._plot.company.news.id)
        opened = sum(PULSE_OPEN in one.text for one in news)
        due = [week for week in PULSES if week <= weeks]
        if opened != len(due):
            yield f"{opened} pulses were asked, not {len(due)}"
        over = [one.text for one in news if PULSE_SHOWN in one.text or PULSE_HIDDEN in one.text]
        for week, text in zip(due, over, strict=False):
            if (PULSE_SHOWN in text) != (len(PULSES[week]) >= 5):
                yield f"the pulse of week {week} was answered by {len(PULSES[week])}: {text[:80]}"

    def _mentors(self, weeks: int) -> Iterator[str]:
        """Everyone who asked for a mentor hears once whom they have."""
        for key in MENTEES if weeks > 2 else ():
            if (came := len(self._to(key, FOUND))) != 1:
                yield f"{key} was told {came} times of a mentor"

    def _avoided(self, evidence: Evidence) -> Iterator[str]:
        if any(set(AVOIDS) <= room.people for room in evidence.rooms):
            yield f"{' and '.join(AVOIDS)} were brought together"


def summary(evidence: Evidence, weeks: int) -> str:
    """Say what was verified between people, in figures."""
    rooms = evidence.rooms
    done = Counter(one.did for one in evidence.done)
    again = [room for room in rooms if room.again]
    settled = done[Did.GIVEN] + done[Did.DECLINED] + len(evidence.expired)
    pulses = [len(keys) for week, keys in PULSES.items() if week + 1 <= weeks]
    shown = sum(answers >= 5 for answers in pulses)
    return (
        f"Verified: {len({room.round_week for room in rooms})} rounds opened "
        f"{len(rooms) - len(again)} private threads and the daily draws {len(again)} more, each "
        f"welcomed once; everyone who took part sat in exactly one thread of each round, no two "
        f"met twice, {' and '.join(AVOIDS)} never; {done[Did.MET]} threads met, as everyone's own "
        f"history and the moderators' reports say; {done[Did.ASKED]} requests for feedback are "
        f"{done[Did.GIVEN]} answered, {done[Did.DECLINED]} declined, {len(evidence.expired)} "
        f"expired and {done[Did.ASKED] - settled} open, and whoever asked was told of each answer "
        f"once; {done[Did.SHARED]} of {done[Did.THANKED]} thanks were shared by whom they were "
        f"for; of {len(pulses)} pulses {shown} were shown and {len(pulses) - shown} deleted unread."
    )


def _over(asked_or_declined: datetime, moment: datetime, *, at_least: bool = False) -> bool:
    """Say whether a request declined at one moment (a day after it was made) is over at another."""
    days = (moment - asked_or_declined).total_seconds() / 86400
    return days >= 13 if at_least else 12.5 <= days <= 13.5


def _opened(room: Room) -> datetime:
    return room.at


def _listed(found: Counter[frozenset[str]]) -> str:
    return "; ".join(", ".join(sorted(one)) for one in sorted(found.elements(), key=sorted))
