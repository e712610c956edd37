"""Where cards, plans and deeds are kept. The only SQL about the playbook."""

from collections.abc import Collection, Sequence
from datetime import datetime
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

from bot.clockwork.phases import Stage
from bot.people.cohorts import CohortState, cohorts
from bot.people.memberships import Member, MemberState, as_member, members, whole
from bot.people.users import users
from bot.storage.columns import Day, Flag, Id, Json, Moment, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed

from .model import Card, CardState, Deed, DeedKind, Plan, Why, Window

plans = table(
    "playbook_plan",
    Column(
        "member_id",
        Id,
        ForeignKey(members.c.member_id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    word("stage", Stage),
    Column("starts_on", Day),
    Column("ends_on", Day),
    Column("zone", Text, nullable=False),
    Column("next_at", Moment),
    Column("muted", Flag, nullable=False, server_default="0"),
    Column("pressed_at", Moment),
    Index(None, "next_at"),
)

cards = table(
    "playbook_card",
    Column("card_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("opens_on", Day, nullable=False),
    Column("closes_on", Day, nullable=False),
    word("state", CardState, server_default="waiting"),
    word("why", Why, nullable=True),
    Column("actions", Json, nullable=False, server_default="[]"),
    Column("tries", Id, nullable=False, server_default="0"),
    Column("letter_id", Id),
    Column("made_at", Moment, nullable=False),
    Column("said_at", Moment),
    UniqueConstraint("member_id", "key"),
)

deeds = table(
    "playbook_deed",
    Column("deed_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("action", Text, nullable=False),
    word("kind", DeedKind),
    Column("what", Sealed, nullable=False),
    Column("at", Moment, nullable=False),
    Column("for_at", Moment),
    UniqueConstraint("member_id", "key", "action", "kind"),
)

TAKING_PART = (MemberState.JOINED, MemberState.PAUSED)


def _card(row: Row[Any]) -> Card:
    values = dict(row._mapping)
    values["actions"] = tuple(values["actions"])
    return Card(**values)


def _deed(row: Row[Any]) -> Deed:
    return Deed(**row._mapping)


@cache
def _unplanned() -> Select[Any]:
    p = plans.c
    moved = or_(
        p.member_id.is_(None),
        p.stage != members.c.stage,
        p.starts_on.is_distinct_from(members.c.starts_on),
        p.ends_on.is_distinct_from(members.c.ends_on),
        p.zone != users.c.zone,
    )
    return (
        whole()
        .outerjoin(plans, p.member_id == members.c.member_id)
        .where(members.c.state.in_(TAKING_PART), cohorts.c.state == CohortState.LIVE, moved)
    )


@cache
def _planned() -> Select[Any]:
    """Return the statement for the plans of members who take part in a cohort that runs."""
    return (
        select(plans)
        .join(members, members.c.member_id == plans.c.member_id)
        .join(cohorts, cohorts.c.cohort_id == members.c.cohort_id)
        .where(members.c.state.in_(TAKING_PART), cohorts.c.state == CohortState.LIVE)
    )


class PlaybookStore:
    """Read and write what belongs to the playbook."""

    # --- plans

    async def unplanned(self, tx: Tx, limit: int) -> list[Member]:
        """Return members who were never planned for, or whose dates, stage or zone moved."""
        return [as_member(row) for row in await tx.execute(_unplanned().limit(limit))]

    async def plan(self, tx: Tx, member_id: int) -> Plan | None:
        """Return when a member is looked at next."""
        row = await tx.execute(select(plans).where(plans.c.member_id == member_id))
        found = row.one_or_none()
        return Plan(**found._mapping) if found else None

    async def set_plan(self, tx: Tx, member: Member, **values: Any) -> None:
        """Keep a member's plan, with what it was made from."""
        number = member.member_id
        known = await tx.execute(update(plans).where(plans.c.member_id == number).values(**values))
        if not known.rowcount:
            made_from = {
                "stage": member.stage,
                "starts_on": member.starts_on,
                "ends_on": member.ends_on,
                "zone": "",
            }
            await tx.execute(insert(plans).values(member_id=number, **{**made_from, **values}))

    async def plan_anew(self, tx: Tx, looks: Sequence[tuple[Member, datetime]]) -> None:
        """Look at each of these people at that moment, whether they were planned for or not."""
        numbers = [member.member_id for member, _at in looks]
        found = await tx.execute(select(plans.c.member_id).where(plans.c.member_id.in_(numbers)))
        known = set(found.scalars())
        made = [
            {
                "member_id": member.member_id,
                "stage": member.stage,
                "starts_on": member.starts_on,
                "ends_on": member.ends_on,
                "zone": member.zone,
                "next_at": at,
            }
            for member, at in looks
        ]
        if new := [row for row in made if row["member_id"] not in known]:
            await tx.execute(insert(plans), new)
        if moved := [
            {**row, "number": row["member_id"]} for row in made if row["member_id"] in known
        ]:
            await tx.execute(update(plans).where(plans.c.member_id == bindparam("number")), moved)

    async def due(self, tx: Tx, now: datetime, limit: int) -> list[tuple[Plan, Member]]:
        """Return whom to look at now, the one who waits longest first."""
        rows = await tx.execute(
            _planned().where(plans.c.next_at <= now).order_by(plans.c.next_at).limit(limit)
        )
        found = [Plan(**row._mapping) for row in rows]
        people = await tx.execute(
            whole().where(members.c.member_id.in_([plan.member_id for plan in found]))
        )
        by_id = {member.member_id: member for member in map(as_member, people)}
        return [(plan, by_id[plan.member_id]) for plan in found]

    async def next_at(self, tx: Tx) -> datetime | None:
        """Return the next moment at which somebody is looked at."""
        soonest = _planned().with_only_columns(func.min(plans.c.next_at))
        return (await tx.execute(soonest)).scalar_one_or_none()

    # --- cards

    async def cards_of(self, tx: Tx, member_ids: Sequence[int]) -> dict[int, list[Card]]:
        """Return the cards of these members, oldest first."""
        found: dict[int, list[Card]] = {number: [] for number in member_ids}
        rows = await tx.execute(
            select(cards).where(cards.c.member_id.in_(member_ids)).order_by(cards.c.card_id)
        )
        for card in map(_card, rows):
            found[card.member_id].append(card)
        return found

    async def card(self, tx: Tx, member_ids: Collection[int], card_id: int) -> Card | None:
        """Return a card, if it belongs to one of these memberships."""
        row = await tx.execute(
            select(cards).where(cards.c.card_id == card_id, cards.c.member_id.in_(member_ids))
        )
        found = row.one_or_none()
        return _card(found) if found else None

    async def card_called(self, tx: Tx, member_id: int, key: str) -> Card | None:
        """Return a member's card of that name, if there is one."""
        row = await tx.execute(
            select(cards).where(cards.c.member_id == member_id, cards.c.key == key)
        )
        found = row.one_or_none()
        return _card(found) if found else None

    async def add(self, tx: Tx, member_id: int, window: Window, now: datetime) -> Card:
        """Keep that a card is due."""
        row = await tx.execute(
            insert(cards)
            .values(
                member_id=member_id,
                key=window.key,
                opens_on=window.opens_on,
                closes_on=window.closes_on,
                made_at=now,
            )
            .returning(cards)
        )
        return _card(row.one())

    async def change(self, tx: Tx, card_id: int, **values: Any) -> Card:
        """Change a card and return it as it is now."""
        if "actions" in values:
            values["actions"] = list(values["actions"])
        row = await tx.execute(
            update(cards).where(cards.c.card_id == card_id).values(**values).returning(cards)
        )
        return _card(row.one())

    async def remove(self, tx: Tx, card_id: int) -> None:
        """Forget a card that was never said and whose time is yet to come again."""
        await tx.execute(delete(cards).where(cards.c.card_id == card_id))

    async def drop_waiting(self, tx: Tx, member_id: int, why: Why) -> None:
        """Let everything go that waits for a member."""
        await tx.execute(
            update(cards)
            .where(cards.c.member_id == member_id, cards.c.state == CardState.WAITING)
            .values(state=CardState.DROPPED, why=why)
        )

    async def said_to_user(self, tx: Tx, user_id: int, since: datetime) -> bool:
        """Say whether a card went to this person since a moment, in whichever cohort."""
        row = await tx.execute(
            select(cards.c.card_id)
            .join(members, members.c.member_id == cards.c.member_id)
            .where(members.c.user_id == user_id, cards.c.said_at >= since)
            .limit(1)
        )
        return row.first() is not None

    # --- deeds

    async def did(
        self,
        tx: Tx,
        member_id: int,
        key: str,
        action: str,
        kind: DeedKind,
        what: str,
        now: datetime,
        for_at: datetime | None = None,
    ) -> Deed:
        """Keep that something was done."""
        row = await tx.execute(
            insert(deeds)
            .values(
                member_id=member_id,
                key=key,
                action=action,
                kind=kind,
                what=what,
                at=now,
                for_at=for_at,
            )
            .returning(deeds)
        )
        return _deed(row.one())

    async def again(self, tx: Tx, deed_id: int, for_at: datetime, now: datetime) -> None:
        """Keep a later moment of a reminder."""
        await tx.execute(
            update(deeds).where(deeds.c.deed_id == deed_id).values(for_at=for_at, at=now)
        )

    async def undo(self, tx: Tx, deed_id: int) -> None:
        """Forget that something was done."""
        await tx.execute(delete(deeds).where(deeds.c.deed_id == deed_id))

    async def deeds_in(self, tx: Tx, member_id: int, key: str) -> list[Deed]:
        """Return what a member did in one period."""
        rows = await tx.execute(
            select(deeds).where(deeds.c.member_id == member_id, deeds.c.key == key)
        )
        return [_deed(row) for row in rows]

    async def deeds_of(
        self, tx: Tx, member_ids: Sequence[int], since: datetime | None = None
    ) -> list[Deed]:
        """Return everything that was done in these memberships, oldest first."""
        wanted = select(deeds).where(deeds.c.member_id.in_(member_ids))
        if since is not None:
            wanted = wanted.where(deeds.c.at >= since)
        return [_deed(row) for row in await tx.execute(wanted.order_by(deeds.c.deed_id))]

    async def done_now(self, tx: Tx, member_id: int, key: str) -> frozenset[str]:
        """Return the ids of the actions that were done in one period."""
        rows = await tx.execute(
            select(deeds.c.action).where(
                deeds.c.member_id == member_id,
                deeds.c.key == key,
                deeds.c.kind == DeedKind.DONE,
            )
        )
        return frozenset(rows.scalars())
