"""Openings to be found: a store with its finding rows, and a short way to fill it."""

from datetime import datetime
from typing import Any

from bot.storage.database import Database
from cogs.opportunities.finding_store import FindingStore
from cogs.opportunities.model import Entry, Filter, Posting, PostingState, Source
from cogs.opportunities.store import PostingStore
from cogs.opportunities.wording import wanted, words_of

GUILD = 500


def fits(wish: Filter, one: Entry | Posting) -> bool:
    """Say whether an opening is one of those looked for."""
    words = words_of(one)
    return all(beginning in words for beginning in wanted(wish))


class Board:
    """A server's openings, put up without any moderator."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.finding = FindingStore()
        self.postings = PostingStore()
        self.postings.watchers.append(self.finding.note)
        self.number = 0

    async def put(self, now: datetime, guild_id: int = GUILD, **values: Any) -> Posting:
        """Put one opening up; what is not said is usual."""
        self.number += 1
        url = f"https://jobs.example/{guild_id}/{self.number}"
        own = {name: values.pop(name) for name in list(values) if name in Entry.__slots__}
        entry = Entry(
            **{"company_name": f"Company {self.number}", "title": "Engineer", "url": url, **own}
        )
        kept = {
            "guild_id": guild_id,
            "source": Source.MODERATOR,
            "state": PostingState.OPEN,
            "canonical": url,
            "twin_key": url,
            "verified_at": now,
            "made_at": now,
            **values,
        }
        async with self.db.write() as tx:
            (posting_id,) = await self.postings.add_many(tx, [(entry, kept)])
            found = await self.postings.get(tx, posting_id)
        assert found is not None
        return found

    async def move(self, posting: Posting, state: PostingState, **values: Any) -> None:
        """Change what is to be done with an opening."""
        async with self.db.write() as tx:
            await self.postings.change(tx, posting.posting_id, state=state, **values)

    async def save(self, member_id: int, posting: Posting, now: datetime) -> None:
        """Save an opening for a member."""
        async with self.db.write() as tx:
            await self.postings.save(tx, member_id, posting.posting_id, at=now)
