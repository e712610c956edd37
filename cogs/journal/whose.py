"""Whose journal is meant: a member's own, kept and readable also after they left."""

from bot.errors import Refusal
from bot.face.words import _
from bot.people import memberships
from bot.people.caller import Caller
from bot.people.memberships import Member, MemberState
from bot.storage.database import Tx

HERE = (MemberState.JOINED, MemberState.PAUSED)
KEPT = (*HERE, MemberState.LEFT)


async def reads(tx: Tx, caller: Caller, member_id: int = 0) -> Member:
    """Return the membership whose journal the caller looks at: the one in a button, or named.

    Somebody who left still reads what they kept. Raises Refusal when none or several fit.
    """
    mine = [m for m in await memberships.of_user(tx, caller.user_id) if m.state in KEPT]
    if member_id:
        found = next((m for m in mine if m.member_id == member_id), None)
        if found is None:
            raise Refusal(_("That journal is not yours. `/journal list` shows yours."))
        return found
    if caller.cohort:
        typed = caller.cohort.strip().lower()
        for member in mine:
            if typed in (member.cohort_name.lower(), str(member.cohort_id)):
                return member
    elif not any(m.state in HERE for m in mine):
        past = [m for m in mine if caller.guild_id in (None, m.guild_id)]
        if past:
            return past[0]
    return await memberships.of(tx, caller)


async def owns(tx: Tx, caller: Caller) -> dict[int, Member]:
    """Return every membership of the caller by its number."""
    return {m.member_id: m for m in await memberships.of_user(tx, caller.user_id)}


async def at_hand(tx: Tx, caller: Caller) -> Member:
    """Return the membership to keep something in where no cohort can be named: the newest here."""
    mine = [m for m in await memberships.of_user(tx, caller.user_id) if m.state in HERE]
    here = [m for m in mine if caller.guild_id in (None, m.guild_id)]
    return here[0] if here else await memberships.of(tx, caller)
