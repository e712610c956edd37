"""Forget a person: the one way, for themselves and for the operator."""

from bot.people import contact, memberships, users
from bot.people.contributions import Contributions
from bot.people.memberships import Member
from bot.storage import drafts
from bot.storage.database import Tx


async def forget(tx: Tx, contributions: Contributions, user_id: int) -> bool:
    """Remove everything of a person; say whether they were known.

    Features first empty what no cascade reaches: their name in others' records, forms half done.
    """
    known = await users.get(tx, user_id) is not None
    for erase in contributions.erase:
        await erase(tx, user_id)
    await contact.erase(tx, user_id)
    await drafts.erase(tx, user_id)
    await users.erase(tx, user_id)
    return known


async def forget_membership(tx: Tx, contributions: Contributions, member: Member) -> None:
    """Remove one membership with its record; the person too when nothing else ties them here."""
    for erase in contributions.erase_member:
        await erase(tx, member)
    await memberships.remove(tx, member.member_id)
    if await memberships.of_user(tx, member.user_id):
        return
    for tied in contributions.tied:
        if await tied(tx, member.user_id):
            return
    await forget(tx, contributions, member.user_id)
