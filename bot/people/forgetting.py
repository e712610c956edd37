"""Forget a person: the one way, for themselves and for the operator."""

from bot.people import contact, users
from bot.people.contributions import Contributions
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
