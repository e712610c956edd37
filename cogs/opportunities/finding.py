"""What a member can do to find openings, and to find again what they saved."""

from collections import Counter
from datetime import date, datetime, timedelta

from bot.clockwork.clock import Clock
from bot.errors import NotAllowed, NotFound, Refusal
from bot.face.words import N_, _, ngettext
from bot.people import memberships
from bot.people.caller import Caller
from bot.people.contributions import ExportPart, HelpLine, Line
from bot.people.memberships import Member, MemberState
from bot.storage.database import Database, Tx

from .finding_store import FindingStore
from .found import MOST_FOUND, MOST_SEARCHES, MOST_TYPED, ROWS, Found, SavedPage, Sort, pages
from .model import CATEGORIES, Filter, clean
from .rights import HERE, gone
from .store import PostingStore
from .wording import slug, split, wanted

THIS_WEEK = timedelta(days=6)
MOST_CHOICES = 25
COMPANIES_FIRST = 6
CHOICE_LIMIT = 100
SEASONS = ("Winter", "Spring", "Summer", "Fall")
NAMED = 2
REMOTE = "remote"


class FindingService:
    """Look; keep what was looked for, so that the next page is of the same search."""

    help = (
        HelpLine("/opportunity list", N_("Openings that your cohort found, the newest first.")),
        HelpLine("/opportunity search", N_("Look for a term, a place, remote, a category.")),
        HelpLine("/opportunity saved", N_("What you saved, and when it closes.")),
        HelpLine("/opportunity suggest", N_("Pass on an opening you came across.")),
    )

    def __init__(
        self, db: Database, clock: Clock, store: FindingStore, postings: PostingStore
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._postings = postings

    # --- searching

    async def look_for(self, caller: Caller, wish: Filter, sort: Sort = Sort.NEW) -> Found:
        """Return the first page of what fits."""
        wish = tidy(wish)
        async with self._db.read() as tx:
            member = await somebody(tx, caller)
            search_id = await self._store.search(tx, member.member_id, wish)
            if search_id is not None:
                return await self._page(tx, member, search_id, wish, 0, sort)
        async with self._db.write() as tx:
            now = self._clock()
            search_id = await self._store.keep_search(
                tx, member.member_id, wish, now, MOST_SEARCHES
            )
        async with self._db.read() as tx:
            return await self._page(tx, member, search_id, wish, 0, sort)

    async def turn_to(self, caller: Caller, search_id: int, page: int, sort: Sort) -> Found:
        """Return another page of a search. Raises NotAllowed for somebody else's."""
        async with self._db.read() as tx:
            member, wish = await searched(tx, self._store, caller, search_id)
            return await self._page(tx, member, search_id, wish, page, sort)

    async def looked_for(self, caller: Caller, search_id: int) -> Filter:
        """Return what a search looks for, to change it."""
        async with self._db.read() as tx:
            _member, wish = await searched(tx, self._store, caller, search_id)
        return wish

    async def _page(
        self, tx: Tx, member: Member, search_id: int, wish: Filter, page: int, sort: Sort
    ) -> Found:
        today = member.local_date(self._clock())
        ids = await self._store.ids(
            tx,
            member.guild_id,
            wanted(wish),
            today=today if wish.open_only else None,
            sort=sort,
        )
        page = max(0, min(page, pages(min(len(ids), MOST_FOUND)) - 1))
        shown = ids[page * ROWS : (page + 1) * ROWS]
        return Found(
            search_id=search_id,
            wanted=wish,
            sort=sort,
            postings=tuple(await self._postings.several(tx, shown)),
            page=page,
            total=len(ids),
            saved=await self._store.saved_ids(tx, member.member_id, shown),
            anything=bool(ids) or await self._anything(tx, member, today),
            zone=member.zone,
            today=today,
        )

    async def _anything(self, tx: Tx, member: Member, today: date) -> bool:
        return bool(await self._store.ids(tx, member.guild_id, [], today=today, limit=1))

    # --- while somebody types

    async def suggestions(self, caller: Caller, typed: str) -> list[str]:
        """Return companies and openings that begin with what was typed, for a list to choose."""
        async with self._db.read() as tx:
            member = await _at_the_door(tx, caller)
            if member is None:
                return []
            today = member.local_date(self._clock())
            beginnings = wanted(Filter(text=typed))
            found = await self._store.named(tx, member.guild_id, beginnings, today)
        begun = [" " + word for word in split(typed)]
        companies = [
            company
            for company in dict.fromkeys(company for company, _title in found)
            if begun and all(word in " " + " ".join(split(company)) for word in begun)
        ][:COMPANIES_FIRST]
        openings = [f"{company} {title}"[:CHOICE_LIMIT] for company, title in found]
        return list(dict.fromkeys([*companies, *openings]))[:MOST_CHOICES]

    async def categories(self, caller: Caller, typed: str) -> list[str]:
        """Return the categories there are here, the usual ones first."""
        async with self._db.read() as tx:
            member = await _at_the_door(tx, caller)
            found = await self._store.sorts(tx, member.guild_id) if member else []
        counted = Counter(category for category, _terms in found if category)
        here = [category for category, _number in counted.most_common()]
        return _beginning(typed, [*here, *CATEGORIES])

    async def terms(self, caller: Caller, typed: str) -> list[str]:
        """Return the study terms there are here, then the next ones of the calendar."""
        async with self._db.read() as tx:
            member = await _at_the_door(tx, caller)
            found = await self._store.sorts(tx, member.guild_id) if member else []
        counted = Counter(term for _category, terms in found for term in terms)
        here = [term for term, _number in counted.most_common()]
        return _beginning(typed, [*here, *_next_terms(self._clock())])

    # --- what somebody saved

    async def saved(self, caller: Caller, page: int = 0) -> SavedPage:
        """Return a page of what the caller saved, the nearest deadline first."""
        async with self._db.read() as tx:
            return await self._saved(tx, await somebody(tx, caller), page)

    async def unsave(self, caller: Caller, posting_id: int, page: int = 0) -> SavedPage:
        """Take an opening off the caller's list, and return what is left."""
        async with self._db.write() as tx:
            member = await somebody(tx, caller)
            posting = await self._postings.get(tx, posting_id)
            if posting is None or posting.guild_id != member.guild_id:
                raise gone()
            for member_id in await self._memberships(tx, member):
                await self._postings.unsave(tx, member_id, posting_id)
            return await self._saved(tx, member, page)

    async def _saved(self, tx: Tx, member: Member, page: int) -> SavedPage:
        today = member.local_date(self._clock())
        mine = await self._memberships(tx, member)
        total = await self._store.count_saved(tx, mine)
        page = max(0, min(page, pages(total) - 1))
        ids = await self._store.saved(tx, mine, today, ROWS, page * ROWS)
        found = tuple(await self._postings.several(tx, ids))
        return SavedPage(member.cohort_id, found, page, total, member.zone, today)

    async def _memberships(self, tx: Tx, member: Member) -> list[int]:
        """Return every membership of a user in this server: they have one list there."""
        mine = await memberships.of_user(tx, member.user_id)
        return [each.member_id for each in mine if each.guild_id == member.guild_id]

    async def may_look(self, caller: Caller) -> Member:
        """Return who looks, or suggests. Raises Refusal for those who have not joined."""
        async with self._db.read() as tx:
            return await somebody(tx, caller)

    # --- what other cards and files show

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Show on `/me` which saved openings close within a week."""
        today = member.local_date(now)
        closing = await self._store.closing(tx, member.member_id, today, today + THIS_WEEK)
        if not closing:
            return []
        names = [f"{company} ({_day(on, today)})" for company, _title, on in closing[:NAMED]]
        more = len(closing) - len(names)
        if more:
            names.append(ngettext("{n} more", "{n} more", more).format(n=more))
        text = _("You saved these, and they close soon: {openings}").format(
            openings=", ".join(names)
        )
        urgent = (closing[0][2] - today).days <= 1
        first = f"0-{member.cohort_id}"
        return [Line(text, _("My saved ones"), "finding.saved", first, order=20, urgent=urgent)]

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add what the user follows to their export."""
        mine = [m.member_id for m in await memberships.of_user(tx, user_id)]
        rows = [
            {"filter": each.wanted.as_json(), "since": each.made_at.isoformat()}
            for each in await self._store.follows_of(tx, *mine)
        ]
        return [ExportPart("opportunities_followed", _("Searches you follow"), rows)]

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept and who reads it."""
        mine = [m.member_id for m in await memberships.of_user(tx, user_id)]
        if await self._store.follows_of(tx, *mine) or await self._store.has_searched(tx, mine):
            return [_("What you look for among openings, and follow, encrypted. Only you read it.")]
        return []


def tidy(wish: Filter) -> Filter:
    """Return a filter without what says nothing; *remote* as a place is no place."""
    where = [word for word in wish.place.split() if slug(word) != REMOTE]
    return Filter(
        text=clean(wish.text, MOST_TYPED) if split(wish.text) else "",
        term=clean(wish.term, MOST_TYPED) if slug(wish.term) else "",
        place=clean(" ".join(where), MOST_TYPED) if slug(" ".join(where)) else "",
        remote=wish.remote or len(where) < len(wish.place.split()),
        category=clean(wish.category, MOST_TYPED) if slug(wish.category) else "",
        sponsorship=clean(wish.sponsorship, MOST_TYPED),
        degree=clean(wish.degree, MOST_TYPED),
        open_only=wish.open_only,
    )


async def somebody(tx: Tx, caller: Caller) -> Member:
    """Return the membership with which somebody looks at a server's openings.

    Raises Refusal for those who have not joined, and for those who write to the bot directly and
    are in cohorts of several servers, until they name one.
    """
    found = None if caller.cohort else await _at_the_door(tx, caller)
    return found or await memberships.of(tx, caller)


async def _at_the_door(tx: Tx, caller: Caller) -> Member | None:
    mine = [m for m in await memberships.of_user(tx, caller.user_id) if m.state in HERE]
    here = [m for m in mine if caller.guild_id in (None, m.guild_id)]
    joined = [m for m in here if m.state is MemberState.JOINED]
    return (joined or here)[0] if len({m.guild_id for m in here}) == 1 else None


async def searched(
    tx: Tx, store: FindingStore, caller: Caller, search_id: int
) -> tuple[Member, Filter]:
    """Return who looked for something, and for what, if it was the caller.

    Raises NotAllowed for anybody else, NotFound when it was too long ago, Refusal after leaving.
    """
    found = await store.searched(tx, search_id)
    if found is None:
        raise NotFound(_("I do not remember that search any more. `/opportunity search` does."))
    member = await memberships.get(tx, found[0])
    if member is None or member.user_id != caller.user_id:
        raise NotAllowed(_("That is somebody else's search. `/opportunity search` begins yours."))
    if member.state not in HERE:
        raise Refusal(
            _("You have not joined a cohort here yet. Press *Join* on the card in your server.")
        )
    return member, found[1]


def _beginning(typed: str, texts: list[str]) -> list[str]:
    known = {slug(text): text for text in reversed(texts)}
    return [text for key, text in reversed(known.items()) if slug(typed) in key][:MOST_CHOICES]


def _next_terms(now: datetime) -> list[str]:
    """Return this season and the five after it; a year begins with its winter."""
    season = now.year * 4 + (now.month - 1) // 3
    return [f"{SEASONS[(season + n) % 4]} {(season + n) // 4}" for n in range(6)]


def _day(on: date, today: date) -> str:
    days = (on - today).days
    if days == 0:
        return _("today")
    return _("tomorrow") if days == 1 else ngettext("{n} day", "{n} days", days).format(n=days)
