"""The Discord client: loads the features, hears each command, press and form, and keeps time."""

import asyncio
import gc
import importlib
import logging
import pkgutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from sqlalchemy.exc import IntegrityError

from bot.clockwork.clock import Clock
from bot.config import ROOT, Settings
from bot.delivery.sender import Delivery
from bot.errors import CannotStart, Refusal
from bot.face import replies
from bot.face.forms import AGAIN, Forms
from bot.face.press import Interaction, Presses
from bot.face.words import set_spoken
from bot.fetching.fetcher import Fetcher
from bot.knowledge.packs import Packs
from bot.logs import incident
from bot.matching.worker import Solver
from bot.people.contributions import Contributions
from bot.people.requests import Requests
from bot.storage import drafts
from bot.storage.backup import back_up_by_the_clock
from bot.storage.database import Database, riding_along

log = logging.getLogger(__name__)

SWEEP_EVERY = timedelta(hours=12)
"""How often a simulated clock stops for the features' own rounds, when nothing else is due."""

Sweep = Callable[[datetime], Awaitable[None]]
Appointment = Callable[[datetime], Awaitable[datetime | None]]
Listener = Callable[[discord.Message], Awaitable[None]]

if TYPE_CHECKING:
    Tree = app_commands.CommandTree["Stint"]
else:
    Tree = app_commands.CommandTree


class StintTree(Tree):
    """Slash commands; every error ends in one place."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Speak the person's language for the rest of this command."""
        set_spoken(interaction.locale.value)
        return True

    async def on_error(self, interaction: Interaction, error: Exception, /) -> None:
        """Explain the error to the person."""
        await replies.explain(interaction, error)


@dataclass(frozen=True, slots=True)
class House:
    """What the client is built from."""

    settings: Settings
    db: Database
    clock: Clock
    packs: Packs


class Stint(commands.AutoShardedBot):
    """The mentor: hands database, clock and registries to the features that are set up in it."""

    def __init__(self, house: House) -> None:
        settings = house.settings
        shards: dict[str, Any] = {}
        if settings.shard_ids:
            shards["shard_ids"] = list(settings.shard_ids)
        super().__init__(
            commands.when_mentioned,
            help_command=None,
            tree_cls=StintTree,
            intents=intents(settings),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=60,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            shard_count=settings.shard_count,
            **shards,
        )
        self.settings = settings
        self.db = house.db
        self.clock = house.clock
        self.packs = house.packs
        self.fetcher = Fetcher(house.clock, settings.feed_private_hosts)
        self.solver = Solver()
        self.contributions = Contributions()
        self.requests = Requests()
        self.presses = Presses()
        self.forms = Forms(house.db, house.clock)
        self.delivery = Delivery(self)
        self.sweeps: list[Sweep] = [self._purge]
        self.appointments: list[Appointment] = []
        self.promises: list[Appointment] = []  # those at which somebody hears what they asked for
        self.rests_for = SWEEP_EVERY  # a clock that is driven by hand stops at least as often
        self.errands: list[Sweep] = []
        self._errands: dict[int, asyncio.Task[None]] = {}
        self.direct_messages: list[Listener] = []
        self._below: list[tuple[str, app_commands.Command[Any, ..., Any]]] = []
        self._swept_at: datetime | None = None
        self._ran_at: datetime | None = None

    async def setup_hook(self) -> None:
        """Load every feature and tell Discord which commands there are."""
        await self.load_features()
        await self.delivery.recover()
        await self.tree.sync()
        log.info("commands registered")

    async def load_features(self) -> None:
        """Set every feature up; Discord hears nothing of it."""
        self.presses.listen(self)
        for found in pkgutil.iter_modules([str(ROOT / "cogs")]):
            # Not as discord.py's extensions: those forget their modules, and tables with them.
            feature = importlib.import_module(f"cogs.{found.name}")
            await feature.setup(self)
        for root, command in self._below:
            group = self.tree.get_command(root)
            assert isinstance(group, app_commands.Group), f"nobody brought /{root}"
            group.add_command(command)

    def below(self, root: str, command: app_commands.Command[Any, ..., Any]) -> None:
        """Put a command below one that another feature owns, whichever is set up first."""
        self._below.append((root, command))

    async def add_cog(self, cog: commands.Cog, /, **options: Any) -> None:
        """Also listen to the presses and forms the cog answers."""
        await super().add_cog(cog, **options)
        self.presses.listen(cog)
        self.forms.listen(cog)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Hear a press or a form; commands have their own way in."""
        if interaction.type is discord.InteractionType.component:
            await self._hear_press(interaction)
        elif interaction.type is discord.InteractionType.modal_submit:
            await self._answer(interaction, self.forms.dispatch(interaction))

    async def _hear_press(self, interaction: Interaction) -> None:
        async with riding_along(drafts.seeing(interaction.id, self.clock())):
            data: Any = interaction.data
            if data["custom_id"].startswith(f"{AGAIN}:"):
                draft_id = int(data["custom_id"].partition(":")[2])
                await self._answer(interaction, self.forms.reopen(interaction, draft_id))
            else:
                await self._answer(interaction, self.presses.dispatch(interaction))

    async def _answer(self, interaction: Interaction, work: Awaitable[None]) -> None:
        set_spoken(interaction.locale.value)
        try:
            await work
        except IntegrityError as error:
            if "interaction_seen" not in str(error.orig):
                await replies.explain(interaction, error)
        except Exception as error:
            await replies.explain(interaction, error)

    async def on_message(self, message: discord.Message, /) -> None:
        """Hear what somebody writes to the bot directly; nothing else is listened to."""
        if message.guild is None and not message.author.bot:
            for listener in self.direct_messages:
                try:
                    await listener(message)
                except Refusal as refusal:
                    with suppress(discord.HTTPException):
                        await message.channel.send(str(refusal))

    async def plan(self) -> None:
        """Turn what is due by now into letters, and let features do their rounds; send nothing."""
        now = self.clock()
        if self._swept_at is None or now - self._swept_at >= timedelta(minutes=1):
            self._swept_at = now
            for sweep in self.sweeps:
                await sweep(now)
        await self.delivery.plan(now)

    async def tick(self) -> None:
        """Plan, then wake the sender and the errands, without waiting for Discord."""
        await self.plan()
        if self._swept_at == self._ran_at or not self.is_ready():
            self.delivery.wake()
            return
        self._ran_at = self._swept_at
        now = self.clock()
        for number, errand in enumerate(self.errands):
            running = self._errands.get(number)
            if running is None or running.done():
                run = self._run_errand(errand, now)
                self._errands[number] = asyncio.create_task(run, name=f"errand {number}")
        self.delivery.wake()

    async def _run_errand(self, errand: Sweep, now: datetime) -> None:
        try:
            await errand(now)
        except Exception as error:
            incident("an errand", error)
        self.delivery.wake()

    async def tick_once(self) -> None:
        """Plan and send everything due by now; for a clock that is driven by hand."""
        self._swept_at = None
        await self.plan()
        for errand in self.errands:
            await errand(self.clock())
        await self.delivery.send_due(self.clock())

    async def next_due(self) -> datetime:
        """Return the next moment at which a driven clock has to stop."""
        now = self.clock()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        rest = midnight + self.rests_for * ((now - midnight) // self.rests_for + 1)
        found = [await self.delivery.next_due(now)]
        found += [await appointment(now) for appointment in self.appointments]
        return min([rest, *(at for at in found if at)])

    async def _purge(self, now: datetime) -> None:
        if now.minute:
            return
        async with self.db.write() as tx:
            await drafts.purge(tx, now)

    async def _back_up(self) -> None:
        file = self.settings.database_file
        await asyncio.to_thread(back_up_by_the_clock, file, file.parent / "backups", self.clock())

    async def serve(self) -> None:
        """Run on Discord until told to stop. Raises CannotStart when Discord does not let us in."""
        from bot.clockwork.wakeup import Alarm

        assert self.settings.token is not None
        alarm = Alarm()
        alarm.every("tick", 1, self.tick)
        alarm.every("heartbeat", 10, self.delivery.beat)
        alarm.every("backup", 3600, self._back_up, first_after=300)
        try:
            await self.login(self.settings.token.get_secret_value())
            _count, gateway, _limits = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
            gc.freeze()  # what is loaded by now stays; looking through it again holds people up
            gc.enable()
            alarm.start()
            await self.connect()
            if self.delivery.failure is not None:
                raise self.delivery.failure
        except discord.LoginFailure as error:
            raise CannotStart("Discord does not accept the token.", exit_code=78) from error
        except discord.PrivilegedIntentsRequired as error:
            raise CannotStart(
                "Discord refuses the members intent. Switch it on in the developer portal, or set "
                "STINT_MEMBERS_INTENT to false.",
                exit_code=78,
            ) from error
        finally:
            await alarm.stop()
            for errand in self._errands.values():
                errand.cancel()
            await self.delivery.stop()
            await self.close()
            await asyncio.sleep(0)


def intents(settings: Settings) -> discord.Intents:
    """Return what the bot listens to: guilds and direct messages; members only if switched on."""
    return discord.Intents(
        guilds=True, dm_messages=True, members=settings.members_intent, message_content=False
    )
