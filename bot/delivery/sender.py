"""The sender: the one place from which the bot speaks by itself, and the door features use.

A letter is claimed in a transaction, written by its feature's renderer, frozen, posted with a
nonce that is the same at every attempt, and acknowledged. A process that dies in between says it
again within ninety seconds under the same nonce, which Discord takes for the same message; later
it first looks for its own mark in the channel.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Protocol

import aiohttp
import discord
from discord.http import Route
from sqlalchemy import ColumnElement

from bot.clockwork.clock import Clock
from bot.delivery import blockages, claims, frames, letters, outbox, planner, schedules
from bot.delivery.claims import Claim
from bot.delivery.failpoints import reach
from bot.delivery.letters import Action, Letter, LetterState, PlaceKind
from bot.delivery.pace import Pace
from bot.delivery.planner import Fire, Programme, programme
from bot.delivery.post_room import AN_HOUR, BLOCKED_KIND, Handler, PostRoom
from bot.delivery.troubles import Meaning, Trouble, meaning
from bot.errors import CannotStart
from bot.face.look import Rendered, card, safe
from bot.face.words import _, speaking
from bot.logs import incident
from bot.people import users
from bot.people.users import Inbox, User
from bot.storage.database import Database

__all__ = ["Delivery", "Rendered"]

log = logging.getLogger(__name__)

Renderer = Callable[[Letter], Awaitable[Rendered | None]]

ATTEMPT = 30.0
WHOLE_ATTEMPT = 50.0
NONCE_HOLDS = timedelta(seconds=90 - ATTEMPT)
"""How old a first attempt may be when the next begins, so that it ends within ninety seconds."""
BEFORE = timedelta(minutes=2)
"""How far our clock may be ahead of Discord's, and we still find what we said."""
PAGE = 100
MOST_PAGES = 5
OPENS_A_DAY = 100
GOODBYE = 10.0
PURGE_EVERY = timedelta(hours=12)
ROOM_SLEEPS_AFTER = timedelta(hours=20)
"""After so long a room nobody wrote in may be archived, and is looked for there too."""
PRIVATE_ASLEEP = "/channels/{channel_id}/users/@me/threads/archived/private"
PUBLIC_ASLEEP = "/channels/{channel_id}/threads/archived/public"
NO_NEW_TAGS = (Meaning.BLOCKED, Meaning.REFUSED, Meaning.WAIT)
"""A post goes without a new tag where the forum takes none from us."""
FINAL = (Meaning.STRANGER, Meaning.BLOCKED, Meaning.GONE, Meaning.REFUSED)
"""Answers to a step on the way that another attempt would get again."""


class Client(Protocol):
    """What the sender needs of the bot."""

    db: Database
    clock: Clock
    http: Any

    @property
    def user(self) -> Any:
        """The bot's own account."""
        ...

    async def close(self) -> None:
        """Go offline."""
        ...

    def add_listener(self, func: Any, /, name: str = ...) -> None:
        """Call a function whenever Discord says so."""
        ...


class Delivery:
    """What features register with, and what the clock drives: plan, send, say when next."""

    def __init__(self, bot: Client) -> None:
        self._bot = bot
        self._db = bot.db
        self._pace = Pace()
        self._room = PostRoom()
        self._carrier = Carrier(bot, self._pace)
        self._programmes: dict[str, Programme] = {}
        self._renderers: dict[str, Renderer] = {}
        self._runner: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._stopping = False
        self._claims = 0
        self._purged_at: datetime | None = None
        self.failure: CannotStart | None = None
        self.renderer(BLOCKED_KIND, _blocked)

    # --- what features register

    def programme(self, kind: str, act: Fire, eligible: ColumnElement[bool] | None = None) -> None:
        """Name who acts when a schedule of this kind is due.

        `eligible` is a condition on `member` columns: only those it holds for are asked, and those
        it does not hold for leave no trace.
        """
        self._programmes[kind] = programme(act, eligible)

    def renderer(self, kind: str, render: Renderer) -> None:
        """Name who writes letters of this kind; None means there is nothing to say any more."""
        self._renderers[kind] = render

    def on_undelivered(self, kind: str, handler: Handler) -> None:
        """Name who falls back when a letter of this kind reached nobody."""
        self._room.handlers[kind] = handler

    # --- what the clock drives

    async def recover(self) -> None:
        """At the start: take back what a process before this one had claimed."""
        now = self._bot.clock()
        async with self._db.write() as tx:
            await letters.instance(tx)
            if tx.dialect.name == "sqlite":
                found = await claims.reclaim(tx, now)
                if found:
                    log.info("taking up letters that were on their way", extra={"letters": found})
        for event in ("on_guild_channel_update", "on_guild_role_update"):
            self._bot.add_listener(self._something_changed, event)

    async def plan(self, now: datetime) -> None:
        """Turn what is due into occurrences and letters."""
        async with self._db.read() as tx:
            at = await schedules.next_at(tx)
        if at is not None and at <= now:
            async with self._db.write() as tx:
                await planner.plan(tx, now, self._programmes)
        if self._purged_at is None or now - self._purged_at >= PURGE_EVERY:
            self._purged_at = now
            async with self._db.write() as tx:
                await outbox.purge(tx, now)

    async def next_due(self, now: datetime) -> datetime | None:
        """Return the earliest moment at which anything happens by itself."""
        async with self._db.read() as tx:
            schedule_at = await schedules.next_at(tx)
            letter_at = await claims.next_at(tx)
            probe_at = await blockages.next_at(tx)
        sends = [at for at in (letter_at, probe_at) if at is not None]
        closed_until = self._pace.closed_until
        if closed_until is not None and closed_until > now:
            sends = [max(at, closed_until) for at in sends]
        return min([*sends, *([schedule_at] if schedule_at else [])], default=None)

    def wake(self) -> None:
        """Have the sender look for letters, without waiting for it."""
        if not self._stopping and (self._runner is None or self._runner.done()):
            self._runner = asyncio.create_task(self._run(), name="sender")

    async def send_due(self, now: datetime) -> None:
        """Send everything that may go out now, and come back when nothing is left.

        Raises CannotStart when Discord does not accept the token any more.
        """
        running: set[asyncio.Task[None]] = set()
        try:
            while True:
                for claim in await self._claim(self._pace.in_flight - len(running)):
                    running.add(asyncio.create_task(self._carry(claim)))
                if not running:
                    return
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                _raise_first(done)
        except asyncio.CancelledError:
            for task in running:
                task.cancel()
            raise
        finally:
            if running:
                done, _none = await asyncio.wait(running)
                with suppress(CannotStart):
                    _raise_first(done)

    async def beat(self) -> None:
        """Write down that the bot is alive."""
        async with self._db.write() as tx:
            await letters.beat(tx, "bot", self._bot.clock())

    async def stop(self) -> None:
        """Claim nothing more, and give what is on its way a moment to arrive."""
        self._stopping = True
        runner, self._runner = self._runner, None
        if runner is not None:
            await asyncio.wait([runner], timeout=GOODBYE)
            runner.cancel()
            with suppress(asyncio.CancelledError):
                await runner

    async def _run(self) -> None:
        try:
            await self.send_due(self._bot.clock())
        except CannotStart as error:
            self.failure = error
            log.error("%s", error)
            self._closing = asyncio.create_task(self._bot.close())
        except Exception as error:
            incident("sending", error)

    async def _something_changed(self, _before: Any, after: Any) -> None:
        """A channel or a role was changed: what was closed to us may be open."""
        async with self._db.write() as tx:
            await blockages.try_again(tx, after.guild.id, self._bot.clock())

    # --- one letter

    async def _claim(self, room: int) -> list[Claim]:
        now = self._bot.clock()
        if (
            room <= self._pace.in_flight // 4
            or self._stopping
            or self.failure
            or not self._pace.open(now)
        ):
            return []
        async with self._db.read() as tx:
            probe_at = await blockages.next_at(tx)
            probing = probe_at is not None and probe_at <= now
            if not probing and not await claims.anything(tx, now):
                return []
        self._claims += 1
        async with self._db.write() as tx:
            if probing:
                await blockages.probe(tx, now)
            claimed = await claims.claim(tx, f"{id(self):x}-{self._claims}", now, room)
        reach("after_claim")
        return claimed

    async def _carry(self, claim: Claim) -> None:
        """Say one letter, or note why not."""
        letter = claim.letter
        where = Where()
        try:
            async with asyncio.timeout(WHOLE_ATTEMPT):
                body = await self._body(claim)
                if body is None:
                    return
                await self._carrier.deliver(letter, body, where)
        except Trouble as trouble:
            await self._troubled(letter, where, trouble)
        except TimeoutError:
            await self._troubled(letter, where, Trouble(Meaning.UNSURE, "no answer in time"))
        else:
            reach("before_ack")
            async with self._db.write() as tx:
                now = self._bot.clock()
                await self._room.said(tx, letter, where.channel_id, where.message_id, now)

    async def _troubled(self, letter: Letter, where: "Where", trouble: Trouble) -> None:
        async with self._db.write() as tx:
            now = self._bot.clock()
            await self._room.failed(tx, letter, where.reported, trouble, now)
        if trouble.meaning is Meaning.FATAL:
            raise CannotStart("Discord does not accept the token any more.", exit_code=78)

    async def _body(self, claim: Claim) -> frames.Body | None:
        """Return the frozen body of a letter; write and freeze it at the first attempt."""
        letter = claim.letter
        if letter.payload is not None:
            return frames.thaw(letter.payload)
        try:
            with speaking(await self._language(claim)):
                body = await self._write(letter)
        except Exception as error:
            async with self._db.write() as tx:
                await self._room.our_fault(tx, letter, error, self._bot.clock())
            return None
        now = self._bot.clock()
        async with self._db.write() as tx:
            if body is None:
                await self._room.nothing_to_say(tx, letter, now)
                return None
            if not await claims.freeze(tx, letter, frames.freeze(body), now):
                return None
        reach("after_freeze")
        return body

    async def _language(self, claim: Claim) -> str:
        """Return what the one person speaks whom a letter is for, member or not."""
        if claim.member is not None:
            return claim.member.locale
        if claim.letter.place.kind is PlaceKind.USER:
            async with self._db.read() as tx:
                user = await users.get(tx, claim.letter.place.id)
            if user is not None:
                return user.locale
        return "en-US"

    async def _write(self, letter: Letter) -> frames.Body | None:
        rendered = await self._renderers[letter.kind](letter)
        if rendered is None:
            return None
        if letter.opens_room:
            return frames.room(rendered.thread_name, letter.letter_id, rendered.mentions)
        if letter.action is Action.THREAD:
            return frames.thread(rendered.thread_name)
        components = rendered.view.to_components() if rendered.view else []
        if letter.action is Action.EDIT:
            return frames.change(letter.depends_on or letter.letter_id, components)
        body = frames.message(
            letter.letter_id,
            components,
            nonce=letter.nonce,
            mentions=rendered.mentions,
            silent=rendered.silent,
        )
        if letter.action is Action.POST:
            return frames.post(body, rendered.thread_name, rendered.tags)
        return body


class Where:
    """Where an attempt got to: the channel and message, and the channel to name in a report."""

    def __init__(self) -> None:
        self.channel_id: int | None = None
        self.message_id: int | None = None
        self.parent_id: int | None = None

    @property
    def reported(self) -> int | None:
        """Return the channel that a person would look at."""
        return self.parent_id or self.channel_id


class Carrier:
    """Speaks to Discord: opens direct messages and threads, posts, edits, looks back."""

    def __init__(self, bot: Client, pace: Pace) -> None:
        self._bot = bot
        self._db = bot.db
        self._pace = pace
        self._opens_again_at: datetime | None = None

    async def deliver(self, letter: Letter, body: frames.Body, where: Where) -> None:
        """Carry out what the letter asks for. Raises Trouble when it was not simply taken."""
        await self._find(letter, where)
        assert where.channel_id is not None
        if letter.opens_room:
            await self._open_room(letter, body, where)
        elif letter.action is Action.THREAD:
            await self._open_thread(body, where)
        elif letter.action is Action.EDIT:
            await self._edit(body, where)
        elif letter.action is Action.POST:
            await self._publish(letter, body, where)
        elif not await self._said_before(letter, where):
            await self._post(body, where)
        reach("after_post")

    # --- where it goes

    async def _find(self, letter: Letter, where: Where) -> None:
        if letter.action in (Action.EDIT, Action.THREAD) and not letter.opens_room:
            first = await self._letter(letter.depends_on)
            if first is None or first.message_id is None:
                raise Trouble(Meaning.REFUSED, "what it belonged to is gone", code=10008)
            where.channel_id, where.message_id = first.channel_id, first.message_id
        elif letter.place.kind is PlaceKind.CHANNEL:
            where.channel_id = letter.place.id
        elif letter.place.kind is PlaceKind.THREAD:
            await self._find_thread(letter, where)
        else:
            where.channel_id = await self._inbox(letter.place.id)

    async def _letter(self, letter_id: int | None) -> Letter | None:
        async with self._db.read() as tx:
            return await letters.get(tx, letter_id or 0)

    async def _find_thread(self, letter: Letter, where: Where) -> None:
        """Find the thread under a letter's message, or the channel where none could be opened."""
        async with self._db.read() as tx:
            under = await letters.get(tx, letter.place.id)
            opened = await letters.thread_under(tx, letter.place.id)
        if under is not None and under.opens_room and under.channel_id is not None:
            where.channel_id = under.channel_id
            return
        if under is None or under.message_id is None:
            raise Trouble(Meaning.REFUSED, "what it belonged to is gone", code=10008)
        where.parent_id = under.channel_id
        if opened is None:
            where.channel_id = under.message_id
        elif opened.state is LetterState.SENT:
            where.channel_id = opened.channel_id
        elif opened.state in letters.OPEN:
            raise Trouble(
                Meaning.WAIT, "its thread is not open yet", retry_after=timedelta(seconds=5)
            )
        else:
            where.channel_id = under.channel_id

    async def _inbox(self, user_id: int) -> int:
        """Return the channel of somebody's direct messages, opening it where it never was."""
        async with self._db.read() as tx:
            user = await users.get(tx, user_id)
            opened = await letters.tallied(tx, "dm_open", self._bot.clock().date())
        if user is not None and user.inbox is Inbox.CLOSED:
            raise Trouble(Meaning.CLOSED, "their direct messages are closed", code=50007)
        if user is not None and user.dm_channel_id is not None:
            return user.dm_channel_id
        return await self._open(user_id, user, opened)

    async def _open(self, user_id: int, user: User | None, opened: int) -> int:
        now = self._bot.clock()
        again_at = self._opens_again_at
        if again_at is not None and again_at > now:
            raise Trouble(Meaning.OPENING, "opened too many at once", retry_after=again_at - now)
        if opened >= OPENS_A_DAY:
            midnight = now.replace(hour=0, minute=0, second=0) + timedelta(days=1)
            raise Trouble(Meaning.OPENING, "opened enough today", retry_after=midnight - now)
        try:
            channel = await self._ask("POST", "/users/@me/channels", {"recipient_id": user_id})
        except Trouble as trouble:
            if trouble.meaning is Meaning.OPENING:
                self._opens_again_at = now + AN_HOUR
                trouble.retry_after = AN_HOUR
            raise
        channel_id = int(channel["id"])
        async with self._db.write() as tx:
            await letters.add_to_tally(tx, "dm_open", now.date())
            if user is not None:
                await users.change(tx, user_id, dm_channel_id=channel_id)
        return channel_id

    # --- what is done there

    async def _post(self, body: frames.Body, where: Where) -> None:
        path = "/channels/{channel_id}/messages"
        message = await self._wake_and_ask("POST", path, body, channel_id=where.channel_id)
        where.message_id = int(message["id"])

    async def _wake_and_ask(
        self, method: str, path: str, body: frames.Body, *, channel_id: int | None, **ids: Any
    ) -> Any:
        """Post or change a message; the thread it belongs to is woken where it sleeps."""
        try:
            return await self._ask(method, path, body, channel_id=channel_id, **ids)
        except Trouble as trouble:
            if trouble.meaning is not Meaning.ARCHIVED:
                raise
        awake = {"archived": False}
        await self._ask("PATCH", "/channels/{channel_id}", awake, channel_id=channel_id)
        return await self._ask(method, path, body, channel_id=channel_id, **ids)

    async def _open_thread(self, body: frames.Body, where: Where) -> None:
        """Open the thread under a message, whose number it will have, or stay in the channel."""
        path = "/channels/{channel_id}/messages/{message_id}/threads"
        where.parent_id = where.channel_id
        try:
            await self._ask(
                "POST", path, body, channel_id=where.channel_id, message_id=where.message_id
            )
        except Trouble as trouble:
            if trouble.meaning is Meaning.CROWDED:
                return
            if trouble.meaning is not Meaning.ADOPT:
                raise
        where.channel_id = where.message_id

    async def _open_room(self, letter: Letter, body: frames.Body, where: Where) -> None:
        """Open a private thread, once: adopt ours where it is there, and let its people in.

        Discord knows no nonce for threads, and its library repeats the request on a server error;
        so a room is looked for after every attempt, and an empty twin is taken away.
        """
        where.parent_id = where.channel_id
        about = {key: value for key, value in body.items() if key != "people"}
        found = await self._rooms(letter, about["name"], where) if letter.ambiguous_at else []
        made = None if found else await self._new_room(letter, about, where)
        with _there_by_now():
            if made is not None:
                found = await self._rooms(letter, about["name"], where, made) or [made]
            kept = await self._only_one(found)
            await self._let_in(int(kept["id"]), body["people"])
        where.channel_id = int(kept["id"])

    async def _new_room(self, letter: Letter, about: frames.Body, where: Where) -> frames.Body:
        try:
            path = "/channels/{channel_id}/threads"
            made = await self._ask("POST", path, about, channel_id=where.channel_id)
        except Trouble as trouble:
            if trouble.meaning is not Meaning.CROWDED:
                raise
            # The library asked again after a server error: ours may have taken the last place.
            found = await self._rooms(letter, about["name"], where)
            if not found:
                raise
            return found[0]
        reach("after_room")
        return made

    async def _rooms(
        self, letter: Letter, name: str, where: Where, beside: frames.Body | None = None
    ) -> list[frames.Body]:
        """Return the rooms this letter has opened so far; `beside` is one of them if known."""
        path = "/channels/{channel_id}"
        around: frames.Body = beside or await self._ask("GET", path, channel_id=where.channel_id)
        return await self._opened(letter, name, where, int(around["guild_id"]), PRIVATE_ASLEEP)

    async def _opened(
        self, letter: Letter, name: str, where: Where, guild_id: int, asleep: str
    ) -> list[frames.Body]:
        """Return the threads of this name we opened in a channel since the letter's first attempt.

        Those that may have gone to sleep meanwhile are looked for at the path `asleep`.
        """
        listed = await self._ask("GET", "/guilds/{guild_id}/threads/active", guild_id=guild_id)
        threads: list[frames.Body] = listed["threads"]
        first_at = letter.first_attempt_at or letter.created_at
        if self._bot.clock() - first_at > ROOM_SLEEPS_AFTER:
            slept = await self._ask("GET", asleep, channel_id=where.channel_id)
            threads = [*threads, *slept["threads"]]
        after, mine = frames.snowflake(first_at - BEFORE), self._bot.user.id
        parent_id = where.channel_id or 0
        return [one for one in threads if frames.is_our_room(one, name, parent_id, after, mine)]

    async def _only_one(self, found: list[frames.Body]) -> frames.Body:
        """Return the thread that stays, one somebody talked in or the oldest; empty twins go."""
        kept, *twins = sorted(found, key=lambda one: (not _talked_in(one), int(one["id"])))
        await self._remove_empty(twins)
        return kept

    async def _publish(self, letter: Letter, body: frames.Body, where: Where) -> None:
        """Post once: a thread of its own in a forum, a message anywhere else.

        Like a private room, a post in a forum has no nonce: ours is adopted where it is there, and
        an empty twin is taken away.
        """
        channel = await self._ask("GET", "/channels/{channel_id}", channel_id=where.channel_id)
        if channel["type"] not in frames.FORUMS:
            if not await self._said_before(letter, where):
                await self._post(frames.only_message(body), where)
            return
        where.parent_id = where.channel_id
        name, guild_id = body["post"]["name"], int(channel["guild_id"])
        found: list[frames.Body] = []
        if letter.ambiguous_at is not None:
            found = await self._posts(letter, name, where, guild_id)
        made: frames.Body | None = None
        if not found:
            tags = await self._tags(channel, body["post"]["tags"])
            path = "/channels/{channel_id}/threads"
            about = frames.forum_post(body, tags)
            made = await self._ask("POST", path, about, channel_id=where.channel_id)
            reach("after_room")
        with _there_by_now():
            if made is not None:
                found = await self._posts(letter, name, where, guild_id) or [made]
            kept = await self._only_one(found)
        where.channel_id = int(kept["id"])
        where.message_id = int((kept.get("message") or kept)["id"])

    async def _posts(
        self, letter: Letter, name: str, where: Where, guild_id: int
    ) -> list[frames.Body]:
        """Return the posts this letter has made so far, each with the message it begins with."""
        after = frames.snowflake((letter.first_attempt_at or letter.created_at) - BEFORE)
        ours: list[frames.Body] = []
        for one in await self._opened(letter, name, where, guild_id, PUBLIC_ASLEEP):
            inside = Where()
            inside.channel_id = int(one["id"])
            page = await self._history(inside, after)
            mine = self._bot.user.id
            said = [each for each in page if frames.is_ours(each, letter.letter_id, mine)]
            if said:
                others = len(page) - len(said)
                ours.append({**one, "message": said[0], "message_count": others})
        return ours

    async def _tags(self, channel: frames.Body, wanted: list[str]) -> list[str]:
        """Return the tags of a post, after adding those its forum lacks, where we may."""
        tags = frames.tags_to_have(channel, wanted)
        if len(tags) > len(channel.get("available_tags") or []):
            try:
                channel = await self._ask(
                    "PATCH",
                    "/channels/{channel_id}",
                    {"available_tags": tags},
                    channel_id=int(channel["id"]),
                )
            except Trouble as trouble:
                if trouble.meaning not in NO_NEW_TAGS:
                    raise
        return frames.tag_ids(channel, wanted)

    async def _remove_empty(self, twins: list[frames.Body]) -> None:
        """Take empty twins away, as far as we may."""
        for twin in filter(lambda one: not _talked_in(one), twins):
            try:
                await self._ask("DELETE", "/channels/{channel_id}", channel_id=int(twin["id"]))
            except Trouble as trouble:
                if trouble.meaning not in FINAL:
                    raise

    async def _let_in(self, channel_id: int, people: list[int]) -> None:
        """Add people to a room; whoever cannot be added is left to the feature."""
        path = "/channels/{channel_id}/thread-members/{user_id}"
        for user_id in people:
            try:
                await self._ask("PUT", path, channel_id=channel_id, user_id=user_id)
            except Trouble as trouble:
                if trouble.meaning not in FINAL:
                    raise
            reach("after_letting_in")

    async def _edit(self, body: frames.Body, where: Where) -> None:
        path = "/channels/{channel_id}/messages/{message_id}"
        await self._wake_and_ask(
            "PATCH", path, body, channel_id=where.channel_id, message_id=where.message_id
        )

    async def _said_before(self, letter: Letter, where: Where) -> bool:
        """Look for the letter in the channel, if it may be there and Discord has forgotten it."""
        first_at = letter.first_attempt_at
        if letter.ambiguous_at is None or first_at is None:
            return False
        if self._bot.clock() - first_at <= NONCE_HOLDS:
            return False
        after = frames.snowflake(first_at - BEFORE)
        for _page in range(MOST_PAGES):
            page = await self._history(where, after)
            for found in page:
                if frames.is_ours(found, letter.letter_id, self._bot.user.id):
                    where.message_id = int(found["id"])
                    return True
            if len(page) < PAGE:
                return False
            after = max(int(found["id"]) for found in page)
        return False

    async def _history(self, where: Where, after: int) -> list[frames.Body]:
        path = "/channels/{channel_id}/messages"
        try:
            return await self._ask(
                "GET", path, channel_id=where.channel_id, params={"after": after, "limit": PAGE}
            )
        except Trouble as trouble:
            if trouble.meaning is Meaning.BLOCKED:
                return []
            raise

    # --- every request

    async def _ask(
        self,
        method: str,
        path: str,
        body: frames.Body | None = None,
        *,
        params: dict[str, Any] | None = None,
        **ids: Any,
    ) -> Any:
        """Make one request at our pace. Raises Trouble for every answer but success."""
        await self._pace.turn()
        options: dict[str, Any] = {"params": params} if body is None else {"json": body}
        try:
            async with asyncio.timeout(ATTEMPT):
                return await self._bot.http.request(Route(method, path, **ids), **options)
        except discord.RateLimited as error:
            wait = timedelta(seconds=error.retry_after)
            raise Trouble(Meaning.WAIT, "asked to wait", 429, retry_after=wait) from error
        except discord.HTTPException as error:
            raise self._answered(error) from error
        except TimeoutError as error:
            self._let_others_go_on()
            raise Trouble(Meaning.UNSURE, "no answer in time") from error
        except aiohttp.ClientConnectorError as error:
            raise Trouble(Meaning.UNREACHED, "Discord was not reached") from error
        except (OSError, aiohttp.ClientError) as error:
            raise Trouble(Meaning.UNSURE, "the connection broke") from error

    def _let_others_go_on(self) -> None:
        """End a global pause whose sleeper was cancelled, for which everyone else would wait."""
        over = getattr(self._bot.http, "_global_over", None)
        if isinstance(over, asyncio.Event):
            over.set()

    def _answered(self, error: discord.HTTPException) -> Trouble:
        """Return what a refusal means, after counting it."""
        now = self._bot.clock()
        self._pace.refused(error.status, now)
        headers: Any = error.response.headers
        from_discord = bool(headers.get("Via")) or error.code != 0
        means = meaning(error.status, error.code, from_discord=from_discord)
        wait = _seconds(headers.get("Retry-After"))
        if means is Meaning.BAN:
            wait = wait or timedelta(minutes=15)
            self._pace.close(now, wait)
            log.error("Discord bans this address for a while; nothing is sent until then")
        note = error.text.splitlines()[0][:200] if error.text else f"status {error.status}"
        return Trouble(means, note, error.status, error.code or None, wait)


@contextmanager
def _there_by_now() -> Generator[None]:
    """Leave no doubt that a thread was opened, whatever goes wrong since.

    The next attempt has to look for it.
    """
    try:
        yield
    except Trouble as trouble:
        raise Trouble(Meaning.UNSURE, trouble.note, trouble.status, trouble.code) from trouble


def _talked_in(thread: frames.Body) -> bool:
    return bool(thread.get("message_count"))


def _raise_first(done: set[asyncio.Task[None]]) -> None:
    """Raise what the first failed task met; the others met the same."""
    failures = [task.exception() for task in done if not task.cancelled()]
    for failure in filter(None, failures):
        raise failure


def _seconds(text: str | None) -> timedelta | None:
    try:
        return timedelta(seconds=float(text)) if text else None
    except ValueError:
        return None


async def _blocked(letter: Letter) -> Rendered:
    """Tell the staff what is closed to us, and that the rest waits."""
    channel = f"<#{letter.subject['channel_id']}>" if letter.subject["channel_id"] else ""
    return Rendered(
        card(
            _("I had to stop in {cohort}").format(cohort=safe(str(letter.subject["cohort"]))),
            _("{channel}: {why}. Everything else is held, nothing is lost.").format(
                channel=channel or _("A channel"), why=letter.subject["why"]
            ),
            _("Give me access again, or choose another channel with `/cohort edit`."),
        ),
        silent=False,
    )
