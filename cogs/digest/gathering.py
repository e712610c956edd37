"""Puts a digest together from what every feature has to tell, and the words of the packs."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.clockwork.phases import Phase, Stage, week_of
from bot.delivery import schedules
from bot.face.escape import one_line
from bot.face.words import _, speaking
from bot.knowledge.content import Section
from bot.knowledge.packs import Packs
from bot.knowledge.week import week_for
from bot.logs import incident
from bot.people.cohorts import Cohort
from bot.people.contributions import Contributions, News
from bot.people.memberships import Member
from bot.storage.database import Tx

from .model import A_WEEK, DONE, FURTHEST, KIND, LATE_AFTER, Edition, Issue
from .pages import Column, column, lay_out, note_column, places
from .store import DigestStore

EVERYBODY = "en-US"
"""What a whole channel is told in, as every other post for a cohort."""


class Gatherer:
    """Ask; order; divide. Nothing here is kept."""

    def __init__(self, store: DigestStore, packs: Packs, hooks: Contributions) -> None:
        self._store = store
        self._packs = packs
        self._hooks = hooks

    async def edition(self, tx: Tx, cohort: Cohort, issue: Issue, now: datetime) -> Edition:
        """Return what an issue says if it goes out now."""
        with speaking(EVERYBODY):
            since = await self._since(tx, issue, now)
            told = self._actions(cohort, issue.period)
            for hook in self._hooks.digest:
                try:
                    told += await hook(tx, cohort, since, now)
                except Exception as error:
                    incident(f"the digest of cohort {cohort.cohort_id}", error)
            return self._edition(cohort, issue, told)

    async def _since(self, tx: Tx, issue: Issue, now: datetime) -> datetime:
        """Return up to when the issue before told everything; a gap is made up for."""
        before = await self._store.latest_out(tx, issue.cohort_id, issue.week_on)
        if before is not None and before.composed_at is not None:
            return max(before.composed_at, now - FURTHEST)
        schedule = await schedules.find(tx, issue.cohort_id, KIND)
        begun = schedule.since_at if schedule else now
        return max(min(begun, now) - A_WEEK, now - FURTHEST)

    def _edition(self, cohort: Cohort, issue: Issue, told: Sequence[News]) -> Edition:
        turn = issue.period.toordinal() // 7
        by_section = {section: [n for n in told if n.section is section] for section in Section}
        counts = {s: len(found) + sum(n.more for n in found) for s, found in by_section.items()}
        counts[Section.NOTE] = int(bool(issue.note.strip()))
        columns: list[Column] = []
        found_at = places(cohort.checkins_id)
        for section in issue.sections:
            words = self._packs.section(section)
            if section is Section.NOTE:
                columns.append(note_column(words.heading, issue.note))
                continue
            lead = words.leads[turn % len(words.leads)]
            where = found_at.get(section, "")
            columns.append(column(words.heading, lead, by_section[section], where))
        phase = cohort.phase(issue.period)
        opening = self._packs.digest_opening(phase, turn)
        if issue.due_at and issue.going_at and issue.going_at - issue.due_at > LATE_AFTER:
            opening = f"{opening}\n-# " + _("A little later than usual.")
        title = _title(cohort, phase, issue.period)
        return Edition(lay_out(title, opening, columns, self._packs.digest_closing(turn)), counts)

    def _actions(self, cohort: Cohort, day: date) -> list[News]:
        """Return the three actions of the cohort's phase."""
        phase = cohort.phase(day)
        if phase is None or cohort.first_day is None or cohort.last_day is None:
            return []
        week = week_for(self._packs, Stage.INTERNING, cohort.first_day, cohort.last_day, day)
        return [News(Section.ACTIONS, one_line(each.do)) for each in week.actions]

    # --- one member's own

    async def week(
        self, tx: Tx, member: Member, now: datetime
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what a member did in the last seven days, and what is next."""
        told: list[News] = []
        for hook in self._hooks.week:
            try:
                told += await hook(tx, member, now - A_WEEK, now)
            except Exception as error:
                incident(f"the week of member {member.member_id}", error)
        told.sort(key=lambda one: one.order)
        done = tuple(one.text for one in told if one.section in DONE)
        return done, tuple(one.text for one in told if one.section not in DONE)

    def own_actions(self, member: Member, now: datetime) -> tuple[str, ...]:
        """Return this week's actions by the member's own stage and dates."""
        today = member.local_date(now)
        week = week_for(self._packs, member.stage, member.starts_on, member.ends_on, today)
        return tuple(one_line(each.do) for each in week.actions)


def _title(cohort: Cohort, phase: Phase | None, day: date) -> str:
    name = one_line(cohort.name, 120)
    inside = phase is not None and phase not in (Phase.BEFORE, Phase.AFTER)
    if inside and cohort.first_day is not None:
        return _("{name} · week {n}").format(name=name, n=week_of(day, cohort.first_day))
    return name
