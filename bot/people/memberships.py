"""A member: a user in a cohort, with their consent, their stage and the way they are reached."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Row,
    Select,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.clockwork.phases import Phase, Stage, phase_on
from bot.clockwork.zones import zone_info
from bot.errors import Refusal
from bot.face.words import _
from bot.people import users
from bot.people.caller import Caller
from bot.people.cohorts import CohortState, cohorts
from bot.storage.columns import Day, Flag, Id, Moment, word
from bot.storage.database import Tx, table


class MemberState(StrEnum):
    """How far someone is in: nothing is sent to anyone but the joined."""

    JOINING = "joining"
    JOINED = "joined"
    PAUSED = "paused"
    LEFT = "left"


class Delivery(StrEnum):
    """How a member wants to be reached."""

    DM = "dm"
    THREAD = "thread"
    CARD = "card"


class Volume(StrEnum):
    """How many automatic pings a member accepts: one a week, three, or everything."""

    LIGHT = "light"
    STANDARD = "standard"
    EVERYTHING = "everything"


members = table(
    "member",
    Column("member_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("user_id", Id, ForeignKey(users.users.c.user_id, ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    word("state", MemberState, server_default="joining"),
    word("delivery", Delivery, server_default="card"),
    word("volume", Volume, server_default="standard"),
    word("stage", Stage, server_default="interning"),
    Column("starts_on", Day),
    Column("ends_on", Day),
    Column("checkins", Flag, nullable=False, server_default="1"),
    Column("side_thread", Flag, nullable=False, server_default="0"),
    Column("side_thread_id", Id),
    Column("paused_until", Day),
    Column("joined_at", Moment),
    Column("left_at", Moment),
    UniqueConstraint("cohort_id", "user_id"),
    Index(None, "user_id"),
    Index(None, "cohort_id", "state"),
    Index(None, "paused_until"),
)

pauses = table(
    "member_pause",
    Column("pause_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("from_on", Day, nullable=False),
    Column("to_on", Day),
    Index(None, "member_id"),
)


@dataclass(frozen=True, slots=True)
class Member:
    """Someone who takes part in a cohort, with what holds for them everywhere beside it."""

    member_id: int
    cohort_id: int
    user_id: int
    name: str
    state: MemberState
    delivery: Delivery
    volume: Volume
    stage: Stage
    starts_on: date | None
    ends_on: date | None
    checkins: bool
    side_thread: bool
    side_thread_id: int | None
    paused_until: date | None
    joined_at: datetime | None
    left_at: datetime | None
    zone: str
    quiet_from: time
    quiet_to: time
    locale: str
    inbox: users.Inbox
    dm_channel_id: int | None
    dm_consent_at: datetime | None
    cohort_name: str
    guild_id: int

    def local(self, now: datetime) -> datetime:
        """Return the moment as the member's own clock shows it."""
        return now.astimezone(zone_info(self.zone))

    def local_date(self, now: datetime) -> date:
        """Return the day it is where the member lives."""
        return self.local(now).date()

    def stage_at(self, now: datetime) -> Stage:
        """Return the stage the member is in by now: what they said, moved on by their dates."""
        phase = self.phase(now)
        if self.stage is not Stage.STARTING or phase in (None, Phase.BEFORE):
            return self.stage
        return Stage.FINISHED if phase is Phase.AFTER else Stage.INTERNING

    def phase(self, now: datetime) -> Phase | None:
        """Return the phase of the member's own dates, if they have dates."""
        if self.starts_on is None or self.ends_on is None:
            return None
        return phase_on(self.local_date(now), self.starts_on, self.ends_on)


@cache
def whole() -> Select[Any]:
    """Return the statement for whole members: the membership with its user and cohort.

    Its columns come in the order of `Member`.
    """
    u = users.users.c
    return (
        select(
            members,
            u.zone,
            u.quiet_from,
            u.quiet_to,
            u.locale,
            u.inbox,
            u.dm_channel_id,
            u.dm_consent_at,
            cohorts.c.name.label("cohort_name"),
            cohorts.c.guild_id,
        )
        .join(users.users, u.user_id == members.c.user_id)
        .join(cohorts, cohorts.c.cohort_id == members.c.cohort_id)
    )


# Asked at nearly every command, so they are built once.
_NUMBERED = whole().where(members.c.member_id == bindparam("number"))
_FOUND = whole().where(
    members.c.cohort_id == bindparam("cohort"), members.c.user_id == bindparam("user")
)
_OF_USER = (
    whole().where(members.c.user_id == bindparam("user")).order_by(members.c.member_id.desc())
)
_TAKING_PART = whole().where(
    members.c.user_id == bindparam("user"),
    or_(members.c.state == MemberState.JOINED, members.c.state == MemberState.PAUSED),
    cohorts.c.state != CohortState.DRAFT,
)


def as_member(row: Row[Any]) -> Member:
    """Read a member from a row of `whole()`."""
    return Member(*row)


async def get(tx: Tx, member_id: int) -> Member | None:
    """Return the member of that number, if there is one."""
    row = (await tx.execute(_NUMBERED, {"number": member_id})).one_or_none()
    return as_member(row) if row else None


async def find(tx: Tx, cohort_id: int, user_id: int) -> Member | None:
    """Return the user's membership of a cohort, in whatever state it is."""
    row = await tx.execute(_FOUND, {"cohort": cohort_id, "user": user_id})
    found = row.one_or_none()
    return as_member(found) if found else None


async def of_user(tx: Tx, user_id: int) -> list[Member]:
    """Return every membership of a user, newest first."""
    rows = await tx.execute(_OF_USER, {"user": user_id})
    return [as_member(row) for row in rows]


async def in_cohort(tx: Tx, cohort_id: int, *states: MemberState) -> list[Member]:
    """Return the members of a cohort in these states (joined ones by default), by name."""
    wanted = states or (MemberState.JOINED,)
    rows = await tx.execute(
        whole()
        .where(members.c.cohort_id == cohort_id, members.c.state.in_(wanted))
        .order_by(members.c.name, members.c.member_id)
    )
    return [as_member(row) for row in rows]


async def counts(tx: Tx, cohort_id: int) -> dict[MemberState, int]:
    """Return how many are joining, joined, paused and gone."""
    rows = await tx.execute(
        select(members.c.state, func.count())
        .where(members.c.cohort_id == cohort_id)
        .group_by(members.c.state)
    )
    return {state: number for state, number in rows}


async def of(tx: Tx, caller: Caller) -> Member:
    """Return the membership this person means: joined or paused, in a cohort that fits here.

    Raises Refusal with what to do when none or several fit.
    """
    rows = await tx.execute(_TAKING_PART, {"user": caller.user_id})
    mine = [as_member(row) for row in rows]
    here = [m for m in mine if m.guild_id == caller.guild_id] if caller.guild_id else mine
    if not here:
        if mine:
            raise Refusal(
                _("You are not in a cohort of this server. Write to me directly to reach yours.")
            )
        raise Refusal(_("You have not joined a cohort yet. `/me` shows you the way in."))
    if caller.cohort:
        for member in here:
            if caller.cohort.strip().lower() in (member.cohort_name.lower(), str(member.cohort_id)):
                return member
        raise Refusal(_("You are not in a cohort called {name}.").format(name=caller.cohort[:80]))
    if len(here) > 1:
        here = await _still_running(tx, here)
    if len(here) > 1:
        names = ", ".join(member.cohort_name for member in here[:5])
        raise Refusal(_("Which cohort? Add `cohort:` with one of: {names}.").format(names=names))
    return here[0]


async def _still_running(tx: Tx, here: list[Member]) -> list[Member]:
    """Leave out closed cohorts, unless there are no others."""
    rows = await tx.execute(
        select(cohorts.c.cohort_id).where(
            cohorts.c.cohort_id.in_([member.cohort_id for member in here]),
            cohorts.c.state == CohortState.CLOSED,
        )
    )
    closed = set(rows.scalars())
    return [member for member in here if member.cohort_id not in closed] or here


async def cohort_names(tx: Tx, user_id: int, typed: str) -> list[str]:
    """Return the names of the user's cohorts that fit what was typed, for a list to choose from."""
    here = (MemberState.JOINED, MemberState.PAUSED)
    names = [m.cohort_name for m in await of_user(tx, user_id) if m.state in here]
    return [name for name in names if typed.lower() in name.lower()][:25]


async def start(tx: Tx, cohort_id: int, user_id: int, name: str, **values: Any) -> Member:
    """Return the user's membership, after beginning one (state joining) where there was none."""
    known = await find(tx, cohort_id, user_id)
    if known is None:
        await tx.execute(
            insert(members).values(cohort_id=cohort_id, user_id=user_id, name=name, **values)
        )
    elif known.state is MemberState.LEFT:
        await change(tx, known.member_id, state=MemberState.JOINING, left_at=None, name=name)
    begun = await find(tx, cohort_id, user_id)
    assert begun is not None
    return begun


async def change(tx: Tx, member_id: int, **values: Any) -> None:
    """Change a membership, for example `delivery`, `volume` or `stage`."""
    await tx.execute(update(members).where(members.c.member_id == member_id).values(**values))


async def remove(tx: Tx, member_id: int) -> None:
    """Remove a membership, and by the database's own cascade all that hangs on it."""
    await tx.execute(delete(members).where(members.c.member_id == member_id))


async def stop_checkins(tx: Tx, member: Member, now: datetime) -> None:
    """Ask the member no weekly question any more, until they switch it on again."""
    await change(tx, member.member_id, checkins=False)


async def pause(tx: Tx, member: Member, today: date, until: date | None) -> None:
    """Stop everything for a while; `until` is the first day on which things start again."""
    await _close_pause(tx, member.member_id, today)
    await tx.execute(insert(pauses).values(member_id=member.member_id, from_on=today, to_on=until))
    await change(tx, member.member_id, state=MemberState.PAUSED, paused_until=until)


async def resume(tx: Tx, member: Member, today: date) -> None:
    """Start again from today."""
    await _close_pause(tx, member.member_id, today)
    await change(tx, member.member_id, state=MemberState.JOINED, paused_until=None)


async def _close_pause(tx: Tx, member_id: int, today: date) -> None:
    still_open = or_(pauses.c.to_on.is_(None), pauses.c.to_on > today)
    await tx.execute(
        update(pauses).where(pauses.c.member_id == member_id, still_open).values(to_on=today)
    )
    await tx.execute(
        delete(pauses).where(pauses.c.member_id == member_id, pauses.c.from_on >= pauses.c.to_on)
    )


async def pauses_of(tx: Tx, member_id: int) -> list[tuple[date, date | None]]:
    """Return the member's pauses, oldest first: first day, and the first day back (or None)."""
    rows = await tx.execute(
        select(pauses.c.from_on, pauses.c.to_on)
        .where(pauses.c.member_id == member_id)
        .order_by(pauses.c.from_on)
    )
    return [(row.from_on, row.to_on) for row in rows]


async def due_back(tx: Tx, now: datetime) -> list[Member]:
    """Return paused members whose pause has ended where they live."""
    latest_day_anywhere = (now + timedelta(hours=14)).date()
    rows = await tx.execute(
        whole().where(
            members.c.state == MemberState.PAUSED,
            members.c.paused_until.is_not(None),
            members.c.paused_until <= latest_day_anywhere,
        )
    )
    found = [as_member(row) for row in rows]
    return [m for m in found if m.paused_until and m.paused_until <= m.local_date(now)]
