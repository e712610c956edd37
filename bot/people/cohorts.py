"""A cohort: the people, places and dates of one programme in one server."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Row,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.clockwork.phases import Phase, phase_on
from bot.clockwork.zones import zone_info
from bot.errors import NotAllowed, NotFound, Refusal
from bot.face.words import _
from bot.people.caller import Caller
from bot.storage.columns import Day, Id, Json, Moment, word
from bot.storage.database import Tx, table


class CohortState(StrEnum):
    """Where a cohort is in its life. Only a live one sends anything."""

    DRAFT = "draft"
    LIVE = "live"
    PAUSED = "paused"
    BLOCKED = "blocked"
    CLOSED = "closed"


cohorts = table(
    "cohort",
    Column("cohort_id", Id, primary_key=True),
    Column("guild_id", Id, nullable=False),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False, server_default="UTC"),
    Column("first_day", Day),
    Column("last_day", Day),
    Column("announcements_id", Id),
    Column("checkins_id", Id),
    Column("introductions_id", Id),
    Column("opportunities_id", Id),
    Column("mentors_id", Id),
    Column("staff_id", Id),
    Column("moderator_role_id", Id),
    Column("mentor_role_id", Id),
    Column("intern_role_id", Id),
    Column("contacts", Json, nullable=False, server_default="[]"),
    word("state", CohortState, server_default="draft"),
    Column("blocked_reason", Text),
    Column("wizard_step", Text),
    Column("open_hours", Id, nullable=False, server_default="72"),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("guild_id", "name"),
)

skips = table(
    "cohort_skip",
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), primary_key=True),
    Column("on", Day, primary_key=True),
)

audit = table(
    "audit",
    Column("audit_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("user_id", Id),
    Column("action", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("at", Moment, nullable=False),
    Index(None, "cohort_id", "at"),
)


@dataclass(frozen=True, slots=True)
class Cohort:
    """One programme: its name, zone, dates, channels, roles and the people to contact."""

    cohort_id: int
    guild_id: int
    name: str
    zone: str
    first_day: date | None
    last_day: date | None
    announcements_id: int | None
    checkins_id: int | None
    introductions_id: int | None
    opportunities_id: int | None
    mentors_id: int | None
    staff_id: int | None
    moderator_role_id: int | None
    mentor_role_id: int | None
    intern_role_id: int | None
    contacts: tuple[int, ...]
    state: CohortState
    blocked_reason: str | None
    wizard_step: str | None
    open_hours: int
    created_at: datetime

    @property
    def runs(self) -> bool:
        """Say whether people can take part: it is live, or paused for a while."""
        return self.state in (CohortState.LIVE, CohortState.PAUSED, CohortState.BLOCKED)

    def local(self, now: datetime) -> datetime:
        """Return the moment as the clocks of the cohort's zone show it."""
        return now.astimezone(zone_info(self.zone))

    def local_date(self, now: datetime) -> date:
        """Return the day it is in the cohort's zone."""
        return self.local(now).date()

    def phase(self, day: date) -> Phase | None:
        """Return the phase the cohort is in on a day, if it has dates."""
        if self.first_day is None or self.last_day is None:
            return None
        return phase_on(day, self.first_day, self.last_day)

    def moderated_by(self, caller: Caller) -> bool:
        """Say whether this person may run the cohort: Manage Server, or its moderator role."""
        if caller.guild_id != self.guild_id:
            return False
        return caller.manages_guild or self.moderator_role_id in caller.role_ids


def _cohort(row: Row[Any]) -> Cohort:
    values = dict(row._mapping)
    values["contacts"] = tuple(values["contacts"])
    return Cohort(**values)


_OF_NUMBER = select(cohorts).where(cohorts.c.cohort_id == bindparam("cohort_id"))


async def get(tx: Tx, cohort_id: int) -> Cohort | None:
    """Return the cohort of that number, if there is one."""
    row = (await tx.execute(_OF_NUMBER, {"cohort_id": cohort_id})).one_or_none()
    return _cohort(row) if row else None


async def require(tx: Tx, cohort_id: int) -> Cohort:
    """Return the cohort of that number. Raises NotFound when it is gone."""
    cohort = await get(tx, cohort_id)
    if cohort is None:
        raise NotFound(_("That cohort is gone."))
    return cohort


async def of_guild(tx: Tx, guild_id: int) -> list[Cohort]:
    """Return every cohort of a server, newest first."""
    rows = await tx.execute(
        select(cohorts).where(cohorts.c.guild_id == guild_id).order_by(cohorts.c.cohort_id.desc())
    )
    return [_cohort(row) for row in rows]


async def live(tx: Tx) -> list[Cohort]:
    """Return every cohort that sends things."""
    rows = await tx.execute(select(cohorts).where(cohorts.c.state == CohortState.LIVE))
    return [_cohort(row) for row in rows]


async def blocked(tx: Tx) -> list[Cohort]:
    """Return every cohort that cannot send because its server changed."""
    rows = await tx.execute(select(cohorts).where(cohorts.c.state == CohortState.BLOCKED))
    return [_cohort(row) for row in rows]


async def add(tx: Tx, guild_id: int, name: str, *, now: datetime, **values: Any) -> Cohort:
    """Start a cohort as a draft. Raises Refusal when the server has one of that name."""
    same = select(func.count()).where(
        cohorts.c.guild_id == guild_id, func.lower(cohorts.c.name) == name.lower()
    )
    if (await tx.execute(same)).scalar_one():
        raise Refusal(_("This server already has a cohort called {name}.").format(name=name))
    row = await tx.execute(
        insert(cohorts)
        .values(guild_id=guild_id, name=name, created_at=now, **values)
        .returning(cohorts)
    )
    return _cohort(row.one())


async def change(tx: Tx, cohort_id: int, **values: Any) -> Cohort:
    """Change a cohort and return it as it is now."""
    if "contacts" in values:
        values["contacts"] = list(values["contacts"])
    row = await tx.execute(
        update(cohorts).where(cohorts.c.cohort_id == cohort_id).values(**values).returning(cohorts)
    )
    return _cohort(row.one())


async def remove(tx: Tx, cohort_id: int) -> None:
    """Remove a cohort and everything in it."""
    await tx.execute(delete(cohorts).where(cohorts.c.cohort_id == cohort_id))


async def managed_by(tx: Tx, caller: Caller) -> Cohort:
    """Return the one cohort that this moderator means.

    Raises NotAllowed for anyone without the right, and Refusal when none or several fit.
    """
    if caller.guild_id is None:
        raise NotAllowed(_("Use this in the server of your cohort."))
    here = await of_guild(tx, caller.guild_id)
    mine = [cohort for cohort in here if cohort.moderated_by(caller)]
    if not mine and (here or not caller.manages_guild):
        raise NotAllowed(
            _("This is for moderators: people who manage this server or have its moderator role.")
        )
    if not mine:
        raise Refusal(_("There is no cohort here yet. Start one with `/cohort setup`."))
    return pick(mine, caller.cohort)


async def run_by(tx: Tx, caller: Caller, typed: str) -> list[Cohort]:
    """Return the cohorts this person may run here that fit what was typed, to choose from."""
    here = await of_guild(tx, caller.guild_id) if caller.guild_id else []
    fits = [c for c in here if typed.lower() in c.name.lower() and c.moderated_by(caller)]
    return fits[:25]


async def moderated(tx: Tx, caller: Caller, cohort_id: int) -> Cohort:
    """Return a cohort this person may run. Raises NotAllowed for anyone else, wherever they are."""
    cohort = await require(tx, cohort_id)
    if not cohort.moderated_by(caller):
        raise NotAllowed(
            _("Only the moderators of that cohort can do this, in the cohort's own server.")
        )
    return cohort


async def drafts(tx: Tx, caller: Caller) -> list[Cohort]:
    """Return the cohorts this person is setting up here, newest first.

    Raises NotAllowed for those who may not set one up.
    """
    if caller.guild_id is None:
        raise NotAllowed(_("Use this in the server of your cohort."))
    here = [c for c in await of_guild(tx, caller.guild_id) if c.state is CohortState.DRAFT]
    mine = [cohort for cohort in here if cohort.moderated_by(caller)]
    if not mine and not caller.manages_guild:
        raise NotAllowed(_("Only people who manage this server can set up a cohort."))
    return mine


def pick(fitting: list[Cohort], typed: str | None) -> Cohort:
    """Return the cohort that was typed, or the only one. Raises Refusal when that is unclear."""
    if typed:
        for cohort in fitting:
            if typed.strip().lower() in (cohort.name.lower(), str(cohort.cohort_id)):
                return cohort
        raise Refusal(_("I know no cohort called {name} here.").format(name=typed[:80]))
    ongoing = [cohort for cohort in fitting if cohort.state is not CohortState.CLOSED]
    running = [cohort for cohort in ongoing if cohort.runs] or ongoing or fitting
    if len(running) > 1:
        names = ", ".join(cohort.name for cohort in running[:5])
        raise Refusal(_("Which cohort? Add `cohort:` with one of: {names}.").format(names=names))
    return running[0]


async def log(
    tx: Tx, cohort_id: int, user_id: int | None, action: str, detail: str, now: datetime
) -> None:
    """Note what a moderator did, for the other moderators to see."""
    await tx.execute(
        insert(audit).values(
            cohort_id=cohort_id, user_id=user_id, action=action, detail=detail, at=now
        )
    )


async def forget(tx: Tx, user_id: int) -> None:
    """Take a person out of the lists of contacts and out of the log of moderators' actions."""
    await tx.execute(update(audit).where(audit.c.user_id == user_id).values(user_id=None))
    for cohort_id, contacts in (
        await tx.execute(select(cohorts.c.cohort_id, cohorts.c.contacts))
    ).all():
        if user_id in contacts:
            kept = [each for each in contacts if each != user_id]
            await change(tx, cohort_id, contacts=kept)


async def is_contact(tx: Tx, user_id: int) -> bool:
    """Say whether a cohort that is not closed names somebody for serious problems."""
    rows = await tx.execute(select(cohorts.c.contacts).where(cohorts.c.state != CohortState.CLOSED))
    return any(user_id in contacts for contacts in rows.scalars())


async def history(
    tx: Tx, cohort_id: int, limit: int = 20
) -> list[tuple[datetime, int | None, str, str]]:
    """Return the moderators' latest actions, newest first: moment, user, action, detail."""
    rows = await tx.execute(
        select(audit.c.at, audit.c.user_id, audit.c.action, audit.c.detail)
        .where(audit.c.cohort_id == cohort_id)
        .order_by(audit.c.audit_id.desc())
        .limit(limit)
    )
    return [(row.at, row.user_id, row.action, row.detail) for row in rows]


async def skip(tx: Tx, cohort_id: int, on: date) -> None:
    """Leave a day out, for example a holiday; doing so twice changes nothing."""
    await unskip(tx, cohort_id, on)
    await tx.execute(insert(skips).values(cohort_id=cohort_id, on=on))


async def unskip(tx: Tx, cohort_id: int, on: date) -> None:
    """Take a skipped day back."""
    await tx.execute(delete(skips).where(skips.c.cohort_id == cohort_id, skips.c.on == on))


async def skipped(tx: Tx, cohort_id: int) -> list[date]:
    """Return the days that are left out, oldest first."""
    rows = await tx.execute(
        select(skips.c.on).where(skips.c.cohort_id == cohort_id).order_by(skips.c.on)
    )
    return list(rows.scalars())
