"""`stint check`: everything that has to be right, what is not, and how to mend it."""

import asyncio
import shutil
import stat
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import discord

from bot.client import Stint
from bot.config import Settings, unknown_names
from bot.errors import LOCKED, CannotStart
from bot.operating.discord_door import signed_in
from bot.operating.rooms import features, packs_of, watched
from bot.people import cohorts
from bot.people.cohorts import Cohort
from bot.storage import whole
from bot.storage.backup import check as check_file
from bot.storage.database import Database
from bot.storage.sealed import Keyring
from bot.storage.upgrade import newest, stored

LITTLE_SPACE: Final = 500 * 1024 * 1024


class Mark(StrEnum):
    """How a check went; the words say it, not a colour."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, and what to do where it is not as it should be."""

    mark: Mark
    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.mark:<6} {self.about}: {self.text}"


async def look(settings: Settings) -> AsyncIterator[Finding]:
    """Look at settings, files, packs, token, intents and permissions, one after the other."""
    for part in (_settings, _files, _packs):
        for finding in part(settings):
            yield finding
    async for finding in _database(settings):
        yield finding
    async for finding in _discord(settings):
        yield finding


def _settings(_settings: Settings) -> Iterator[Finding]:
    unknown = unknown_names()
    if unknown:
        yield Finding(
            Mark.NOTE, "settings", f"nothing here is called {', '.join(unknown)}; a typing mistake?"
        )
    else:
        yield Finding(Mark.OK, "settings", "all of them are understood")


def _files(settings: Settings) -> Iterator[Finding]:
    folder = settings.database_file.parent
    if not folder.is_dir():
        yield Finding(Mark.NOTE, "folder", f"{folder} does not exist yet; `stint run` makes it")
        return
    free = shutil.disk_usage(folder).free
    if free < LITTLE_SPACE:
        yield Finding(Mark.WRONG, "disk", f"only {free // 1024**2} MiB are free at {folder}")
    else:
        yield Finding(Mark.OK, "disk", f"{free // 1024**2} MiB are free")
    key = settings.key_file
    if key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield Finding(Mark.WRONG, "key", f"others can read {key}; run: chmod 600 {key}")


def _packs(settings: Settings) -> Iterator[Finding]:
    try:
        packs = packs_of(settings)
    except CannotStart as error:
        yield Finding(Mark.WRONG, "packs", str(error))
        return
    for problem in packs.problems:
        yield Finding(Mark.WRONG, "packs", f"{problem} (skipped)")
    if not packs.problems:
        yield Finding(Mark.OK, "packs", f"{len(packs.guides)} guides and all phases are valid")


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    file = settings.database_file
    if not file.is_file():
        yield Finding(Mark.NOTE, "database", f"there is none at {file} yet; `stint run` makes it")
        return
    try:
        Keyring.open(settings.key_file, create=False)
        await asyncio.to_thread(check_file, file, in_use=True)
        if stored(file) != newest():
            yield Finding(
                Mark.NOTE, "database", "it is older than this Stint; `stint run` upgrades it"
            )
            return
        async with watched(settings) as db, db.read() as tx:
            await whole.key_fits(tx)
    except CannotStart as error:
        yield Finding(Mark.WRONG, "database", str(error))
        return
    yield Finding(Mark.OK, "database", f"{file} is whole and its key fits")


async def _discord(settings: Settings) -> AsyncIterator[Finding]:
    try:
        async with signed_in(settings) as client:
            yield Finding(Mark.OK, "token", f"Discord knows it as {client.user}")
            for finding in _intents(settings, client):
                yield finding
            async for finding in _servers(settings, client):
                yield finding
    except CannotStart as error:
        mark = Mark.NOTE if error.exit_code == LOCKED else Mark.WRONG
        yield Finding(mark, "token", str(error))


def _intents(settings: Settings, client: discord.Client) -> Iterator[Finding]:
    flags = client.application_flags
    allowed = flags.gateway_guild_members or flags.gateway_guild_members_limited
    if settings.members_intent and not allowed:
        yield Finding(
            Mark.WRONG,
            "intents",
            "STINT_MEMBERS_INTENT is on, but Server Members Intent is off in the developer portal",
        )
    else:
        yield Finding(Mark.OK, "intents", "what is asked for is allowed")


async def _servers(settings: Settings, client: discord.Client) -> AsyncIterator[Finding]:
    if not settings.database_file.is_file():
        return
    async with watched(settings) as db, features(settings, db) as bot:
        for cohort in await _cohorts(db):
            for text in await _missing(client, bot, cohort):
                yield Finding(Mark.WRONG, f"permissions in “{cohort.name}”", text)


async def _cohorts(db: Database) -> list[Cohort]:
    async with db.read() as tx:
        return await cohorts.live(tx)


async def _missing(client: discord.Client, bot: Stint, cohort: Cohort) -> list[str]:
    """Name each permission that a feature needs and the bot does not have, with its channel."""
    assert client.user is not None
    try:
        guild = await client.fetch_guild(cohort.guild_id, with_counts=False)
        me = await guild.fetch_member(client.user.id)
    except discord.HTTPException:
        return ["the bot is not in that server (any more); invite it again"]
    found: list[str] = []
    for field, reasons in _needs(bot).items():
        channel_id: int | None = getattr(cohort, field)
        if channel_id is None:
            continue
        try:
            channel = await guild.fetch_channel(channel_id)
        except (discord.NotFound, discord.Forbidden):
            found.append(f"the channel for {field.removesuffix('_id')} is gone or hidden from me")
            continue
        has = channel.permissions_for(me)
        found += [
            f"“{name.replace('_', ' ')}” is missing in #{channel.name}: {because}"
            for name, because in reasons.items()
            if not getattr(has, name)
        ]
    return found


def _needs(bot: Stint) -> dict[str, dict[str, str]]:
    """Return, for each of a cohort's channels, what must be allowed there and why."""
    needs: dict[str, dict[str, str]] = {}
    for need in bot.contributions.needs:
        for name in need.permissions:
            needs.setdefault(need.channel, {}).setdefault(name, need.because)
    return needs
