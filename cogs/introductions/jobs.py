"""What introductions do by themselves: see who is here, hear who wrote, write to people."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import discord

from bot.clockwork.breathing import slices
from bot.delivery.letters import Letter, PlaceKind
from bot.delivery.quiet import wait
from bot.face.look import Rendered, View
from bot.face.words import speak_to_all
from bot.people.cohorts import Cohort
from bot.people.memberships import Member

from . import staff_views, views
from .following import Following, Heard
from .model import Introduction, Mine
from .service import IntroductionService
from .staff import StaffService

log = logging.getLogger(__name__)

AT_ONCE = 100
FRESH_FOR = timedelta(minutes=10)
MOST_READ = 100
UNKNOWN_MEMBER = (10007, 10013)


class ServerPresence:
    """Asks Discord in hundreds who is still in a server; what it does not know is present."""

    def __init__(self, bot: discord.Client, clock: Callable[[], datetime]) -> None:
        self._bot = bot
        self._clock = clock
        self._lock = asyncio.Lock()
        self._seen: dict[tuple[int, int], tuple[bool, datetime]] = {}

    async def absent(self, guild_id: int, user_ids: Sequence[int]) -> set[int]:
        """Return which of these users are certainly not in the server any more."""
        async with self._lock:
            fresh_since = self._clock() - FRESH_FOR
            self._seen = {key: was for key, was in self._seen.items() if was[1] > fresh_since}
            asked = [each for each in user_ids if (guild_id, each) not in self._seen]
            guild = self._bot.get_guild(guild_id)
            if guild is not None:
                for some in slices(asked, AT_ONCE):
                    await self._ask(guild, some)
            known = {each: self._seen.get((guild_id, each)) for each in user_ids}
        return {each for each, was in known.items() if was is not None and not was[0]}

    async def _ask(self, guild: discord.Guild, user_ids: Sequence[int]) -> None:
        try:
            found = await guild.query_members(user_ids=list(user_ids), limit=100, cache=False)
            here = {member.id for member in found}
            gone = {each for each in user_ids if each not in here}
        except (TimeoutError, RuntimeError, discord.DiscordException):
            log.warning("the gateway did not say who is here; asking one by one")
            gone = {each for each in user_ids if await self._is_gone(guild, each)}
        now = self._clock()
        for each in user_ids:
            self._seen[guild.id, each] = (each not in gone, now)

    async def _is_gone(self, guild: discord.Guild, user_id: int) -> bool:
        try:
            await guild.fetch_member(user_id)
        except discord.NotFound as error:
            return error.code in UNKNOWN_MEMBER
        except discord.HTTPException:
            return False
        return False


class ThreadEar:
    """Reads who wrote in our own threads; what they wrote is not looked at."""

    def __init__(self, bot: discord.Client) -> None:
        self._bot = bot

    async def heard(self, thread_id: int, after: int) -> Heard | None:
        """Return who wrote after a message, or None where the thread cannot be read."""
        thread = self._bot.get_partial_messageable(thread_id)
        users: dict[int, datetime] = {}
        last_id = after
        try:
            since = discord.Object(after) if after else None
            async for message in thread.history(limit=MOST_READ, after=since, oldest_first=True):
                last_id = max(last_id, message.id)
                spoke = message.type in (discord.MessageType.default, discord.MessageType.reply)
                if spoke and not message.author.bot:
                    users.setdefault(message.author.id, message.created_at)
        except discord.HTTPException as error:
            log.info("a thread could not be read", extra={"code": error.code})
            return None
        return Heard(users, last_id)


class Messages:
    """Render every letter about introductions."""

    def __init__(
        self,
        service: IntroductionService,
        staff: StaffService,
        following: Following,
        presence: ServerPresence,
        clock: Callable[[], datetime],
    ) -> None:
        self._service = service
        self._staff = staff
        self._following = following
        self._presence = presence
        self._clock = clock

    async def room(self, letter: Letter) -> Rendered | None:
        """Open a group's thread, if all of it may still meet and is still here."""
        intro = await self._still_on(letter)
        if intro is None:
            return None
        people = [who.member.user_id for who in intro.people]
        return Rendered(thread_name=views.room_name(intro), mentions=people)

    async def _still_on(self, letter: Letter) -> Introduction | None:
        group_id = int(letter.subject["group_id"])
        if not await self._following.still_on(group_id):
            return None
        intro = await self._service.introduction(group_id)
        if intro is None or len(intro.people) < 2:
            return None
        users = [who.member.user_id for who in intro.people]
        gone = await self._presence.absent(intro.people[0].member.guild_id, users)
        if not gone:
            return intro
        await self._following.gone(group_id, gone)
        left = await self._service.introduction(group_id)
        return left if left is not None and len(left.group.here) >= 2 else None

    async def welcome(self, letter: Letter) -> Rendered | None:
        """Introduce a group in its thread; call those who are awake."""
        intro = await self._intro(letter)
        if intro is None:
            return None
        here = {who.member.member_id for who in intro.people}
        called = [m.user_id for m in await self._called(letter) if m.member_id in here]
        view = views.welcome_card(intro, called)
        return Rendered(view, mentions=called, silent=not called)

    async def _intro(self, letter: Letter) -> Introduction | None:
        group_id = int(letter.subject["group_id"])
        if not await self._following.still_on(group_id):
            return None
        return await self._told(letter, group_id)

    async def _told(self, letter: Letter, group_id: int) -> Introduction | None:
        """Return an introduction; what its thread hears is in the language its people share."""
        intro = await self._service.introduction(group_id)
        if intro is not None and letter.place.kind is not PlaceKind.USER:
            speak_to_all(who.member.locale for who in intro.people)
        return intro

    async def _called(self, letter: Letter) -> list[Member]:
        """Return whom a letter calls, without those who sleep now."""
        now = self._clock()
        found = await self._service.called([int(each) for each in letter.subject["mentions"]])
        return [m for m in found if wait(now, m.zone, m.quiet_from, m.quiet_to) == now]

    async def direct(self, letter: Letter) -> Rendered | None:
        """Introduce a group to one of them by direct message."""
        return await self._to_one(letter, views.direct_card)

    async def still_up(self, letter: Letter) -> Rendered | None:
        """Ask somebody who was silent, unless they were heard meanwhile."""
        intro = await self._service.introduction(int(letter.subject["group_id"]))
        seat = intro.group.seat_of(letter.member_id or 0) if intro else None
        member = await self._member(letter)
        if intro is None or seat is None or seat.heard_at is not None or member is None:
            return None
        return Rendered(views.still_up_card(intro, member), silent=False)

    async def _to_one(
        self, letter: Letter, show: Callable[[Introduction, Member], View]
    ) -> Rendered | None:
        intro = await self._intro(letter)
        member = await self._member(letter)
        if intro is None or member is None or not intro.others(member.user_id):
            return None
        return Rendered(show(intro, member), silent=False)

    async def _member(self, letter: Letter) -> Member | None:
        found = await self._part(letter)
        return found[0] if found else None

    async def _part(self, letter: Letter) -> tuple[Member, Mine] | None:
        return await self._service.part_of(letter.member_id or 0)

    async def call(self, letter: Letter) -> Rendered | None:
        """Call somebody into the thread after their quiet hours."""
        intro = await self._intro(letter)
        called = await self._called(letter)
        seat = intro.group.seat_of(letter.member_id or 0) if intro else None
        if intro is None or not called or seat is None or seat.heard_at is not None:
            return None
        users = [member.user_id for member in called]
        return Rendered(views.call_card(intro, called), mentions=users, silent=False)

    async def nudge(self, letter: Letter) -> Rendered | None:
        """Remind who goes first."""
        intro = await self._intro(letter)
        if intro is None:
            return None
        users = await self._users(letter)
        return Rendered(views.nudge_card(intro, users), mentions=users, silent=not users)

    async def quiet(self, letter: Letter) -> Rendered | None:
        """Offer somebody else."""
        intro = await self._intro(letter)
        return Rendered(views.quiet_card(intro)) if intro else None

    async def middle(self, letter: Letter) -> Rendered | None:
        """Ask halfway whether they met."""
        return await self._ask(letter, last=False)

    async def last(self, letter: Letter) -> Rendered | None:
        """Ask at the end whether they met."""
        return await self._ask(letter, last=True)

    async def _ask(self, letter: Letter, *, last: bool) -> Rendered | None:
        intro = await self._intro(letter)
        if intro is None or intro.group.met:
            return None
        users = await self._users(letter)
        view = views.ask_card(intro, users, last=last)
        return Rendered(view, mentions=users, silent=not users)

    async def _users(self, letter: Letter) -> list[int]:
        if "mentions" not in letter.subject:
            return []
        return [member.user_id for member in await self._called(letter)]

    async def ended(self, letter: Letter) -> Rendered | None:
        """Say that a group does not go on."""
        intro = await self._told(letter, int(letter.subject["group_id"]))
        return Rendered(views.ended_card(intro)) if intro else None

    async def notice(self, letter: Letter) -> Rendered | None:
        """Tell a member of the round of tomorrow."""
        round_id = int(letter.subject["round_id"])
        found = await self._service.noticed(round_id, letter.member_id or 0)
        return Rendered(views.notice_card(*found), silent=False) if found else None

    async def card(self, letter: Letter) -> Rendered | None:
        """Tell the channel of the round of tomorrow."""
        found = await self._service.round(int(letter.subject["round_id"]))
        return Rendered(views.channel_notice(*found)) if found else None

    async def unmatched(self, letter: Letter) -> Rendered | None:
        """Tell somebody that there is nobody for them yet."""
        found = await self._service.round(int(letter.subject["round_id"]))
        part = await self._part(letter)
        if found is None or part is None or part[1].waiting_since is None:
            return None
        return Rendered(views.unmatched_card(*found), silent=False)

    async def asking(self, letter: Letter) -> Rendered | None:
        """Ask somebody who missed two."""
        member = await self._member(letter)
        return Rendered(views.asking_card(member), silent=False) if member else None

    async def paused(self, letter: Letter) -> Rendered | None:
        """Tell somebody who missed three."""
        member = await self._member(letter)
        return Rendered(views.paused_card(member), silent=False) if member else None

    async def preview(self, letter: Letter) -> Rendered | None:
        """Show the moderators a round that was drawn."""
        found = await self._staff.preview_of(int(letter.subject["round_id"]))
        return Rendered(staff_views.preview_card(found)) if found else None

    async def report(self, letter: Letter) -> Rendered | None:
        """Tell the moderators what became of a round."""
        found = await self._staff.report_of(int(letter.subject["round_id"]))
        return Rendered(staff_views.report_card(found)) if found else None

    async def note(self, letter: Letter) -> Rendered | None:
        """Tell the moderators that threads could not be opened."""
        found = await self._service.round(int(letter.subject["round_id"]))
        if found is None:
            return None
        return Rendered(staff_views.note_card(found[1], str(letter.subject["why"])))

    async def sample(self, cohort: Cohort, period: date) -> View:
        """Return the round of a day as moderators see it, for a preview."""
        found = await self._staff.round_on(cohort, period)
        preview = await self._staff.preview_of(found.round_id) if found else None
        return staff_views.preview_card(preview or await self._staff.nothing_yet(cohort))


KINDS = (
    "room",
    "welcome",
    "call",
    "direct",
    "nudge",
    "quiet",
    "still_up",
    "middle",
    "last",
    "ended",
    "notice",
    "card",
    "unmatched",
    "asking",
    "paused",
    "preview",
    "report",
    "note",
)
"""The kinds of letters, each rendered by the method of its name."""
