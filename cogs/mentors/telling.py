"""Whom mentoring writes to, and when: consent, budget, quiet hours and a mentor's own days."""

from datetime import datetime, timedelta

from bot.delivery import budget, outbox
from bot.people import contact, memberships, users
from bot.people.memberships import Delivery, Member, MemberState
from bot.people.users import Inbox
from bot.storage.database import Tx
from cogs.mentors.model import LETTER_KEPT, Mentor, Pair, Side, welcome
from cogs.mentors.store import is_silent

FURTHEST = 8
"""Days a letter is put off for the budget: in the ninth a new week has begun in any case."""


async def hears(tx: Tx, mentor: Mentor) -> bool:
    """Say whether a mentor is written to: as members chose it, others by having offered."""
    member = await memberships.find(tx, mentor.cohort_id, mentor.user_id)
    if member is not None and member.state is MemberState.JOINED:
        return await wants(tx, member)
    user = await users.get(tx, mentor.user_id)
    return user is not None and user.dm_consent_at is not None and user.inbox is not Inbox.CLOSED


async def wants(tx: Tx, member: Member) -> bool:
    """Say whether a member takes direct messages, and those about mentoring."""
    reached = (
        member.state is MemberState.JOINED
        and member.delivery is Delivery.DM
        and member.inbox is not Inbox.CLOSED
    )
    return reached and not await is_silent(tx, member.member_id)


async def tell(
    tx: Tx, pair: Pair, side: Side, kind: str, now: datetime, when: str = ""
) -> datetime | None:
    """Write to one of the two about their pairing, once for each kind and occasion.

    Returns when it goes out. Whoever is not written to finds the same on `/me` or on their card.
    """
    key = f"{kind}:{pair.pairing.pairing_id}:{side}:{when}"
    subject = {"pairing_id": pair.pairing.pairing_id, "side": side.value}
    if side is Side.MENTOR:
        return await tell_mentor(tx, pair.mentor, kind, key, subject, now)
    if not await wants(tx, pair.member):
        return None
    moment = await _in_budget(tx, pair.member, now)
    await _write(tx, kind, key, pair.member.user_id, pair.member, moment, subject, now)
    return moment


async def tell_mentor(
    tx: Tx, mentor: Mentor, kind: str, key: str, subject: dict[str, int | str], now: datetime
) -> datetime | None:
    """Write to a mentor, on a day on which they may be pinged; return when."""
    user = await users.get(tx, mentor.user_id)
    if user is None or not await hears(tx, mentor):
        return None
    quiet = (user.quiet_from, user.quiet_to)
    moment = welcome(now, user.zone, quiet, mentor.days)
    member = await memberships.find(tx, mentor.cohort_id, mentor.user_id)
    if member is not None and member.state is MemberState.JOINED:
        for _day in range(FURTHEST):
            if moment is None or await budget.allows(tx, member, moment):
                break
            moment = welcome(moment + timedelta(days=1), user.zone, quiet, mentor.days)
    else:
        member = None
    if moment is not None:
        cohort_id = mentor.cohort_id
        await _write(tx, kind, key, mentor.user_id, member, moment, subject, now, cohort_id)
    return moment


async def _in_budget(tx: Tx, member: Member, now: datetime) -> datetime:
    moment = now
    for _day in range(FURTHEST):
        if await budget.allows(tx, member, moment):
            break
        moment += timedelta(days=1)
    return moment


async def _write(
    tx: Tx,
    kind: str,
    key: str,
    user_id: int,
    member: Member | None,
    moment: datetime,
    subject: dict[str, int | str],
    now: datetime,
    cohort_id: int | None = None,
) -> None:
    await outbox.enqueue(
        tx,
        kind=kind,
        dedupe=key,
        place=outbox.Place.user(user_id),
        now=now,
        due_at=moment,
        expires_at=moment + LETTER_KEPT,
        cohort_id=member.cohort_id if member else cohort_id,
        member_id=member.member_id if member else None,
        subject=subject,
    )


async def may_meet(tx: Tx, pair: Pair) -> bool:
    """Say whether nothing keeps the two apart."""
    return await contact.may_meet(tx, pair.mentor.user_id, pair.member.user_id)
