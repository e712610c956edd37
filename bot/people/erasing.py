"""What has to be forgotten of a person where no row of theirs hangs on them."""

from sqlalchemy import select, update

from bot.people import contact, roster
from bot.people.cohorts import audit, cohorts
from bot.storage import drafts
from bot.storage.database import Tx


async def forget(tx: Tx, user_id: int) -> None:
    """Take the person out of drafts, rosters, contacts and logs; records of others stay."""
    await drafts.erase(tx, user_id)
    await roster.erase(tx, user_id)
    await contact.erase(tx, user_id)
    await tx.execute(update(audit).where(audit.c.user_id == user_id).values(user_id=None))
    for cohort_id, contacts in await tx.execute(select(cohorts.c.cohort_id, cohorts.c.contacts)):
        if user_id in contacts:
            rest = [other for other in contacts if other != user_id]
            await tx.execute(
                update(cohorts).where(cohorts.c.cohort_id == cohort_id).values(contacts=rest)
            )
