"""Taking letters out of the outbox, one at a time per place, and noting what became of them.

A letter is claimed in a transaction before anything is sent, and every note afterwards is fenced:
whoever lost the claim meanwhile cannot change it any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.clockwork.zones import zone_info
from bot.delivery import budget, outbox
from bot.delivery.letters import OPEN, Action, Letter, LetterState, PlaceKind, as_letter, letters
from bot.delivery.quiet import wait
from bot.delivery.recipients import Outcome
from bot.people.memberships import Member, MemberState, as_member, members, whole
from bot.storage.columns import Moment
from bot.storage.database import Tx

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Claim:
    """A letter that is ours to send, and the member it is for, as they are at this moment."""

    letter: Letter
    member: Member | None


def _posted(one: FromClause) -> ColumnElement[bool]:
    """Say whether what a letter needs is there: the letter it depends on, the thread it goes to."""
    first, opens = letters.alias(), letters.alias()
    depends = or_(
        one.c.depends_on.is_(None),
        exists().where(first.c.letter_id == one.c.depends_on, first.c.state == LetterState.SENT),
    )
    no_thread_to_come = or_(
        one.c.place != PlaceKind.THREAD,
        ~exists().where(
            opens.c.depends_on == one.c.place_id,
            opens.c.action == Action.THREAD,
            opens.c.state.in_(OPEN),
        ),
    )
    return and_(depends, no_thread_to_come)


async def claim(tx: Tx, owner: str, now: datetime, limit: int) -> list[Claim]:
    """Take the next letters: at most one per place, never past one that waits for a new attempt.

    On the way, what is too late expires, what nobody may hear any more is cancelled, and what
    would wake somebody waits for their morning.
    """
    await outbox.expire(tx, now)
    asked = {"moment": now, "claimer": owner, "lease_ends": now + LEASE, "most": limit}
    rows = await tx.execute(_take(), asked)
    claimed = sorted((as_letter(row) for row in rows), key=lambda one: (one.priority, one.due_at))
    return await _still_welcome(tx, claimed, now)


@cache
def _take() -> Update:
    now = bindparam("moment", type_=Moment())
    head = letters.alias("head")
    busy = letters.alias("busy")
    heads = (
        select(func.min(head.c.letter_id))
        .where(
            head.c.state == LetterState.PENDING,
            head.c.due_at <= now,
            _posted(head),
            ~exists().where(
                busy.c.order_key == head.c.order_key,
                busy.c.state == LetterState.SENDING,
            ),
        )
        .group_by(head.c.order_key)
    )
    free = and_(
        letters.c.state == LetterState.PENDING,
        letters.c.not_before <= now,
        letters.c.letter_id.in_(heads),
    )
    lost = and_(letters.c.state == LetterState.SENDING, letters.c.lease_until <= now)
    chosen = (
        select(letters.c.letter_id)
        .where(or_(free, lost))
        .order_by(letters.c.priority, letters.c.due_at, letters.c.letter_id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    return (
        update(letters)
        .where(letters.c.letter_id.in_(select(chosen.c.letter_id)))
        .values(
            state=LetterState.SENDING,
            owner=bindparam("claimer"),
            lease_until=bindparam("lease_ends", type_=Moment()),
            attempts=letters.c.attempts + 1,
            first_attempt_at=func.coalesce(letters.c.first_attempt_at, now),
            ambiguous_at=case((lost, _unsure()), else_=letters.c.ambiguous_at),
        )
        .returning(letters)
    )


def _unsure() -> ColumnElement[datetime | None]:
    """Return since when a claim that was lost may have been carried out: once its text froze."""
    since = func.coalesce(letters.c.ambiguous_at, letters.c.first_attempt_at)
    return case((letters.c.payload.is_not(None), since), else_=letters.c.ambiguous_at)


async def _still_welcome(tx: Tx, claimed: Sequence[Letter], now: datetime) -> list[Claim]:
    """Keep the letters that their members may hear now; end or put off the others."""
    wanted = {one.member_id for one in claimed if one.member_id is not None}
    rows = await tx.execute(whole().where(members.c.member_id.in_(wanted)))
    found = {member.member_id: member for member in map(as_member, rows)}
    kept: list[Claim] = []
    for letter in claimed:
        member = found.get(letter.member_id or 0)
        if member is None or letter.payload is not None or letter.ambiguous_at is not None:
            kept.append(Claim(letter, member))
        elif not _listens(member, now):
            why, outcome = _no_longer(member)
            await outbox.end(tx, letter.letter_id, LetterState.CANCELLED, why, now, outcome)
        elif (morning := _morning(letter, member, now)) > now:
            await put_off(tx, letter, member, morning)
        else:
            await budget.move(tx, letter.letter_id, member.member_id, member.local_date(now))
            kept.append(Claim(letter, member))
    return kept


def _listens(member: Member, now: datetime) -> bool:
    if member.state is MemberState.PAUSED:
        back_on = member.paused_until
        return back_on is not None and back_on <= member.local_date(now)
    return member.state is not MemberState.LEFT


def _no_longer(member: Member) -> tuple[str, Outcome]:
    if member.state is MemberState.LEFT:
        return "they left", Outcome.LEFT
    return "they are pausing", Outcome.PAUSED


def _morning(letter: Letter, member: Member, now: datetime) -> datetime:
    if letter.any_hour or letter.place.kind is not PlaceKind.USER:
        return now
    return wait(now, member.zone, member.quiet_from, member.quiet_to)


async def put_off(tx: Tx, letter: Letter, member: Member, until: datetime) -> None:
    """Let a letter that was never tried wait, and count its ping on the day it will be heard."""
    await tx.execute(
        update(letters)
        .where(letters.c.letter_id == letter.letter_id)
        .values(
            state=LetterState.PENDING,
            due_at=until,
            not_before=until,
            attempts=letters.c.attempts - 1,
            first_attempt_at=None,
            owner=None,
            lease_until=None,
        )
    )
    await budget.move(tx, letter.letter_id, member.member_id, _local(until, member.zone))


def _local(moment: datetime, zone: str) -> date:
    return moment.astimezone(zone_info(zone)).date()


def _ours(letter: Letter) -> tuple[ColumnElement[bool], ...]:
    """Return the fence: the letter as we claimed it, and nobody since."""
    return (
        letters.c.letter_id == letter.letter_id,
        letters.c.owner == letter.owner,
        letters.c.attempts == letter.attempts,
        letters.c.state == LetterState.SENDING,
    )


async def _note(tx: Tx, letter: Letter, **values: Any) -> bool:
    statement = update(letters).where(*_ours(letter)).values(**values)
    return bool((await tx.execute(statement.returning(letters.c.letter_id))).all())


async def freeze(tx: Tx, letter: Letter, payload: str, now: datetime) -> bool:
    """Keep the exact text before the first attempt, so that every retry is the same.

    Returns False when the claim was lost.
    """
    return await _note(tx, letter, payload=payload, lease_until=now + LEASE)


async def ack(
    tx: Tx,
    letter: Letter,
    channel_id: int | None,
    message_id: int | None,
    now: datetime,
    note: str = "",
) -> bool:
    """Note that the letter was said, and where. Returns False when the claim was lost."""
    return await _note(
        tx,
        letter,
        state=LetterState.SENT,
        channel_id=channel_id,
        message_id=message_id,
        payload=None,
        ended_at=now,
        owner=None,
        lease_until=None,
        last_error=note,
    )


async def nack(
    tx: Tx,
    letter: Letter,
    retry_at: datetime,
    note: str,
    now: datetime,
    *,
    ambiguous: bool,
    counted: bool,
    status: int | None = None,
    code: int | None = None,
) -> bool:
    """Put the letter back until `retry_at`. Returns False when the claim was lost.

    An ambiguous attempt may have been carried out; any other certainly was not. One that is not
    counted does not make the next wait longer.
    """
    unsure_at = letter.ambiguous_at or (now if ambiguous else None)
    return await _note(
        tx,
        letter,
        state=LetterState.PENDING,
        not_before=retry_at,
        owner=None,
        lease_until=None,
        ambiguous_at=unsure_at,
        first_attempt_at=letter.first_attempt_at if unsure_at else None,
        attempts=letter.attempts if counted else letter.attempts - 1,
        last_status=status,
        last_code=code,
        last_error=note,
    )


async def fail(
    tx: Tx,
    letter: Letter,
    state: LetterState,
    why: str,
    now: datetime,
    *,
    status: int | None = None,
    code: int | None = None,
) -> bool:
    """End the letter without a message. Returns False when the claim was lost."""
    if not await _note(tx, letter, last_status=status, last_code=code):
        return False
    await outbox.end(tx, letter.letter_id, state, why, now)
    return True


async def shelve(
    tx: Tx, letter: Letter, note: str, *, status: int | None, code: int | None
) -> bool:
    """Hold a letter whose place is closed to us. Returns False when the claim was lost."""
    return await _note(
        tx,
        letter,
        state=LetterState.HELD,
        owner=None,
        lease_until=None,
        first_attempt_at=letter.first_attempt_at if letter.ambiguous_at else None,
        last_status=status,
        last_code=code,
        last_error=note,
    )


async def anything(tx: Tx, now: datetime) -> bool:
    """Say whether a look into the outbox is worth a transaction."""
    return (await tx.execute(_anything(), {"now": now})).first() is not None


@cache
def _anything() -> Select[Any]:
    c, now = letters.c, bindparam("now", type_=Moment())
    ready = and_(c.state == LetterState.PENDING, c.not_before <= now)
    lost = and_(c.state == LetterState.SENDING, c.lease_until <= now)
    late = and_(c.state.in_([LetterState.PENDING, LetterState.HELD]), c.expires_at <= now)
    return select(c.letter_id).where(or_(ready, lost, late)).limit(1)


async def reclaim(tx: Tx, now: datetime) -> int:
    """Put back what a process that is gone had claimed; return how much that was.

    Only for a database that one process uses. What had a frozen text may have been sent. That the
    process died is not the letter's fault, and makes its next wait no longer.
    """
    rows = await tx.execute(
        update(letters)
        .where(letters.c.state == LetterState.SENDING)
        .values(
            state=LetterState.PENDING,
            owner=None,
            lease_until=None,
            ambiguous_at=_unsure(),
            attempts=letters.c.attempts - 1,
        )
        .returning(letters.c.letter_id)
    )
    return len(rows.all())


async def next_at(tx: Tx) -> datetime | None:
    """Return the earliest moment at which a letter can go out."""
    row = await tx.execute(_next())
    return row.scalar_one_or_none()


@cache
def _next() -> Select[Any]:
    head = letters.alias("head")
    return select(func.min(letters.c.not_before)).where(
        letters.c.state == LetterState.PENDING,
        _posted(letters),
        ~exists().where(
            head.c.order_key == letters.c.order_key,
            head.c.state == LetterState.PENDING,
            head.c.letter_id < letters.c.letter_id,
            head.c.due_at <= letters.c.not_before,
            head.c.not_before > letters.c.not_before,
            _posted(head),
        ),
    )
