"""Searches that go on by themselves: once a day, in the morning, whoever follows one hears of it.

Nobody is written to who did not ask for it. A member who takes no direct messages, or had enough
of them this week, finds the same on `/me`.
"""

from collections.abc import Sequence, Set
from datetime import date, datetime, time, timedelta

from bot.clockwork.clock import Clock
from bot.clockwork.recurrence import to_utc
from bot.clockwork.zones import zone_info
from bot.delivery import budget, outbox
from bot.delivery.letters import Letter
from bot.delivery.outbox import NewLetter, Place
from bot.errors import NotFound, Refusal
from bot.face.words import N_, _, ngettext
from bot.people import activity, memberships
from bot.people.caller import Caller
from bot.people.contributions import HelpLine, Line, Reason
from bot.people.memberships import Member
from bot.storage.database import Database, Tx

from .finding import searched, somebody, tidy
from .finding_store import FindingStore
from .found import (
    MOST_FOLLOWS,
    MOST_TOLD,
    NEWS_FOR,
    SETTLED,
    Follow,
    Following,
    News,
    Opened,
    digest,
)
from .model import Filter, takes_messages
from .store import PostingStore
from .wording import wanted

KIND = "follow.news"
NOTHING: frozenset[int] = frozenset()
NEWS_AT = time(10)
"""An hour after the check-in, so that news never takes its place among a day's messages."""
EVENING = time(20)
AT_A_TIME = 200
A_MOMENT = timedelta(seconds=1)
FRESH = timedelta(hours=20)
"""How long a morning's note may wait, for example for the end of quiet hours."""


class FollowService:
    """Follow, stop following, and tell what is new."""

    help = (HelpLine("/opportunity follow", N_("Hear once a day when something new fits you.")),)

    def __init__(
        self, db: Database, clock: Clock, store: FindingStore, postings: PostingStore
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._postings = postings
        self.reason = Reason(N_("You follow a search for openings."), self.stop_all)

    # --- following

    async def follow(self, caller: Caller, wish: Filter) -> Following:
        """Follow a search. Raises Refusal for one without words, or one too many."""
        async with self._db.write() as tx:
            return await self._follow(tx, await somebody(tx, caller), tidy(wish))

    async def follow_search(self, caller: Caller, search_id: int) -> Following:
        """Follow what the caller just looked for."""
        async with self._db.write() as tx:
            member, wish = await searched(tx, self._store, caller, search_id)
            return await self._follow(tx, member, wish)

    async def _follow(self, tx: Tx, member: Member, wish: Filter) -> Following:
        if not wanted(wish):
            raise Refusal(
                _(
                    "That would be every opening. Say what you look for: a word, a place, a term, "
                    "or remote."
                )
            )
        mine = await self._store.follows_of(tx, member.member_id)
        if digest(wish) not in {digest(each.wanted) for each in mine}:
            if len(mine) >= MOST_FOLLOWS:
                raise Refusal(
                    _("You follow {n} searches already. Stop one in `/opportunity follow`.").format(
                        n=len(mine)
                    )
                )
            now = self._clock()
            told_on = member.local_date(now) if member.local(now).time() >= NEWS_AT else None
            await self._store.follow(tx, member.member_id, wish, now, told_on, now + A_MOMENT)
            await activity.note(tx, member, "opportunity.followed", None, now)
        return await self._following(tx, member)

    async def mine(self, caller: Caller) -> Following:
        """Return what the caller follows."""
        async with self._db.read() as tx:
            return await self._following(tx, await somebody(tx, caller))

    async def stop(self, caller: Caller, follow_id: int) -> Following:
        """Stop following; doing so twice changes nothing. Raises NotFound for somebody else's."""
        async with self._db.write() as tx:
            for member in await memberships.of_user(tx, caller.user_id):
                if await self._store.unfollow(tx, member.member_id, follow_id):
                    return await self._following(tx, member)
            raise NotFound(_("You do not follow that any more."))

    async def _following(self, tx: Tx, member: Member) -> Following:
        return Following(
            member.cohort_id,
            tuple(await self._store.follows_of(tx, member.member_id)),
            takes_messages(member),
            next_morning(member.zone, self._clock()),
        )

    async def stop_all(self, tx: Tx, member: Member, now: datetime) -> None:
        """Follow nothing any more: the member wants no more of it, or has left."""
        await self._store.unfollow_all(tx, member.member_id)

    # --- once a day

    async def sweep(self, now: datetime) -> None:
        """Tell whoever's morning has come what is new; look at nobody twice a day."""
        async with self._db.read() as tx:
            mornings = [
                (zone, today)
                for zone in await self._store.zones(tx)
                if (today := _morning_of(zone, now)) is not None
            ]
            due = [zone for zone, today in mornings if await self._store.due_in(tx, zone, today, 1)]
        for zone, today in mornings:
            while zone in due and await self._tell_some(zone, today, now) == AT_A_TIME:
                pass

    async def _tell_some(self, zone: str, today: date, now: datetime) -> int:
        """Tell so many of a zone in one transaction; return how many were looked at."""
        async with self._db.write() as tx:
            people = await self._store.due_in(tx, zone, today, AT_A_TIME)
            if not people:
                return 0
            until = now - SETTLED
            follows = _by_member(
                await self._store.follows_of(tx, *(member.member_id for member in people))
            )
            since = max(min(each[0].told_at for each in follows.values()), now - NEWS_FOR)
            opened = {
                guild_id: await self._store.opened(tx, guild_id, since, until, today)
                for guild_id in {member.guild_id for member in people}
            }
            saved = await self._store.all_saved(tx, list(follows))
            used_up = await budget.without_room(tx, people, now)
            letters: list[NewLetter] = []
            heard: list[int] = []
            for member in people:
                number = member.member_id
                mine = follows[number]
                known = saved.get(number, NOTHING)
                fitting = _fitting(number, mine, opened[member.guild_id], known)
                if fitting and (number in used_up or not takes_messages(member)):
                    continue
                heard.append(number)
                if fitting:
                    letters.append(_letter(member, fitting, mine[0].told_at, today, now))
            await outbox.enqueue_all(tx, letters, now)
            await self._store.told(tx, heard, told_at=until)
            await self._store.told(tx, [m.member_id for m in people], told_on=today)
            return len(people)

    async def next_at(self, now: datetime) -> datetime | None:
        """Return the next morning of somebody who follows something."""
        async with self._db.read() as tx:
            zones = await self._store.zones(tx)
        return min((next_morning(zone, now) for zone in zones), default=None)

    async def for_letter(self, member_id: int, ids: Sequence[int], more: int) -> News | None:
        """Return the news of a letter as they are now; None when nothing of it stands."""
        async with self._db.read() as tx:
            member = await memberships.get(tx, member_id)
            if member is None:
                return None
            return await self._news(tx, member, ids, more)

    async def _news(self, tx: Tx, member: Member, ids: Sequence[int], more: int) -> News | None:
        today = member.local_date(self._clock())
        found = await self._postings.several(tx, ids)
        stand = tuple(each for each in found if each.stands_on(today))
        if not stand:
            return None
        return News(member.cohort_id, stand, more, member.zone, today)

    async def undelivered(
        self, tx: Tx, letter: Letter, code: int | None, why: str, now: datetime
    ) -> None:
        """Show on `/me` what a closed direct message kept from somebody."""
        since = datetime.fromtimestamp(int(letter.subject["since"]), now.tzinfo)
        await self._store.told(tx, [letter.member_id or 0], told_at=since)

    # --- on `/me`

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Show on `/me` what is new for those who are not written to."""
        number = len(await self._unheard(tx, member, now))
        if not number:
            return []
        text = ngettext(
            "{n} new opening fits what you follow.", "{n} new openings fit what you follow.", number
        ).format(n=number)
        return [Line(text, _("Look"), "finding.news", str(member.member_id), order=24)]

    async def _unheard(self, tx: Tx, member: Member, now: datetime) -> list[int]:
        mine = await self._store.follows_of(tx, member.member_id)
        if not mine:
            return []
        since = max(min(each.told_at for each in mine), now - NEWS_FOR)
        today = member.local_date(now)
        opened = await self._store.opened(
            tx, member.guild_id, since, now + timedelta(seconds=1), today
        )
        saved = await self._store.all_saved(tx, [member.member_id])
        known = saved.get(member.member_id, NOTHING)
        return _fitting(member.member_id, mine, opened, known)

    async def news(self, caller: Caller, member_id: int) -> News | None:
        """Return what is new for the caller; it is not told again. None when nothing is."""
        now = self._clock()
        async with self._db.write() as tx:
            mine = await memberships.of_user(tx, caller.user_id)
            member = next((each for each in mine if each.member_id == member_id), None)
            if member is None:
                member = await somebody(tx, caller)
            fitting = await self._unheard(tx, member, now)
            shown = await self._news(tx, member, fitting[:MOST_TOLD], len(fitting[MOST_TOLD:]))
            await self._store.told(tx, [member.member_id], told_at=now)
            return shown


def next_morning(zone: str, now: datetime) -> datetime:
    """Return when it is morning next for somebody who lives there."""
    today = _today(zone, now)
    at = to_utc(today, NEWS_AT, zone)
    return at if at > now else to_utc(today + timedelta(1), NEWS_AT, zone)


def _morning_of(zone: str, now: datetime) -> date | None:
    """Return the day whose morning has come there and whose evening has not, if there is one."""
    today = _today(zone, now)
    return today if to_utc(today, NEWS_AT, zone) <= now < to_utc(today, EVENING, zone) else None


def _today(zone: str, now: datetime) -> date:
    return now.astimezone(zone_info(zone)).date()


def _fitting(
    member_id: int,
    follows: Sequence[Follow],
    opened: Sequence[tuple[datetime, Opened]],
    saved: Set[int],
) -> list[int]:
    """Return what opened since the member heard, fits, and is neither their own nor saved."""
    found: set[int] = set()
    for each in follows:
        left = [one for at, one in opened if at >= each.told_at]
        for beginning in wanted(each.wanted):
            left = [one for one in left if beginning in one.words]
        found |= {one.posting_id for one in left if one.suggested_by != member_id}
    found -= saved
    return [one.posting_id for _at, one in opened if one.posting_id in found]


def _letter(
    member: Member, fitting: list[int], since: datetime, today: date, now: datetime
) -> NewLetter:
    return NewLetter(
        kind=KIND,
        dedupe=f"follow:{member.member_id}:{today}",
        place=Place.user(member.user_id),
        due_at=now,
        expires_at=now + FRESH,
        cohort_id=member.cohort_id,
        member_id=member.member_id,
        subject={
            "postings": fitting[:MOST_TOLD],
            "more": len(fitting[MOST_TOLD:]),
            "since": int(since.timestamp()),
        },
    )


def _by_member(follows: Sequence[Follow]) -> dict[int, list[Follow]]:
    """Sort follows by member, in each the one told longest ago first."""
    found: dict[int, list[Follow]] = {}
    for each in sorted(follows, key=lambda follow: follow.told_at):
        found.setdefault(each.member_id, []).append(each)
    return found
