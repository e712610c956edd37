"""What a member says about themselves, and what of it others in the cohort may read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, Row, insert, select, update

from bot.clockwork.breathing import breathing, slices
from bot.people.memberships import members
from bot.storage.columns import Id, Json, Moment, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed

AT_ONCE = 40
"""Profiles opened without letting anything else happen: a few milliseconds' work."""


class Detail(StrEnum):
    """One thing a profile tells."""

    TEAM = "team"
    COMPANY = "company"
    ROLE = "role"
    LEARNING = "learning"
    INTERESTS = "interests"
    UNDERSTAND = "understand"
    LINKS = "links"
    HOURS = "hours"


class Askers(StrEnum):
    """Who may ask a member for something: anyone of the cohort, only mentors, nobody."""

    COHORT = "cohort"
    MENTORS = "mentors"
    NOBODY = "nobody"


profiles = table(
    "profile",
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), primary_key=True),
    *(Column(detail.value, Sealed, nullable=False) for detail in Detail),
    Column("shown", Json, nullable=False, server_default="[]"),
    word("askers", Askers, server_default="cohort"),
    Column("changed_at", Moment),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a member wrote, detail by detail, which details others may read, and who may ask."""

    member_id: int
    texts: dict[Detail, str]
    shown: frozenset[Detail]
    askers: Askers

    def of(self, detail: Detail) -> str:
        """Return what the member wrote there, or nothing."""
        return self.texts.get(detail, "")

    def for_others(self) -> dict[Detail, str]:
        """Return what a fellow member may read, in the order of a profile."""
        return {d: self.texts[d] for d in Detail if d in self.shown and self.texts.get(d)}


async def of_member(tx: Tx, member_id: int) -> Profile:
    """Return the member's profile; an empty one shows nothing to anybody."""
    found = await tx.execute(select(profiles).where(profiles.c.member_id == member_id))
    row = found.one_or_none()
    if row is None:
        return Profile(member_id, {}, frozenset(), Askers.COHORT)
    return _profile(row)


async def of_members(tx: Tx, member_ids: Sequence[int]) -> dict[int, Profile]:
    """Return the profiles of these members, a few at a time: opening them takes a while."""
    found: dict[int, Profile] = {}
    async for some in breathing(slices(member_ids, AT_ONCE), 1):
        found.update({n: Profile(n, {}, frozenset(), Askers.COHORT) for n in some})
        rows = await tx.execute(select(profiles).where(profiles.c.member_id.in_(some)))
        found.update({row.member_id: _profile(row) for row in rows})
    return found


def _profile(row: Row[Any]) -> Profile:
    values = row._mapping
    texts = {detail: values[detail.value] for detail in Detail if values[detail.value]}
    shown = frozenset(Detail(name) for name in values["shown"])
    return Profile(values["member_id"], texts, shown, values["askers"])


async def write(tx: Tx, member_id: int, texts: dict[Detail, str], now: datetime) -> None:
    """Keep what the member wrote; details that are not named stay as they were."""
    await _change(tx, member_id, {d.value: text for d, text in texts.items()}, now)


async def show(tx: Tx, member_id: int, shown: Iterable[Detail], now: datetime) -> None:
    """Decide which details others may read."""
    await _change(tx, member_id, {"shown": sorted(detail.value for detail in shown)}, now)


async def let_ask(tx: Tx, member_id: int, askers: Askers, now: datetime) -> None:
    """Decide who may ask the member for something."""
    await _change(tx, member_id, {"askers": askers}, now)


async def _change(tx: Tx, member_id: int, values: dict[str, Any], now: datetime) -> None:
    known = await tx.execute(select(profiles.c.member_id).where(profiles.c.member_id == member_id))
    if known.one_or_none() is None:
        empty = dict.fromkeys((detail.value for detail in Detail), "")
        await tx.execute(
            insert(profiles).values(**(empty | values), member_id=member_id, changed_at=now)
        )
        return
    await tx.execute(
        update(profiles).where(profiles.c.member_id == member_id).values(**values, changed_at=now)
    )
