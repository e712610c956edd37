"""The /intro commands, and what people press on the cards of their introductions."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.face.choosing import own_cohorts
from bot.face.look import plain, safe, stamp
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, show
from bot.face.words import _

from . import views
from .following import Following
from .model import Said
from .service import IntroductionService

WHICH = "Which cohort, if you are in several"


class Introductions(commands.GroupCog, name="intro", description="Meet people from your cohort"):
    """Commands about introductions."""

    def __init__(self, service: IntroductionService, following: Following) -> None:
        self._service = service
        self._following = following
        super().__init__()

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=own_cohorts)
    async def join(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Meet somebody new from your cohort, round by round."""
        mine = await self._service.join(caller(interaction, cohort))
        await show(interaction, views.mine_card(mine))

    @app_commands.command()
    @app_commands.describe(
        until="The day you are back, for example 24 Aug or in 3 weeks", cohort=WHICH
    )
    @app_commands.autocomplete(cohort=own_cohorts)
    async def pause(
        self, interaction: Interaction, until: str = "", cohort: str | None = None
    ) -> None:
        """Meet nobody for a while; you are back by yourself on that day."""
        mine = await self._service.pause(caller(interaction, cohort), until)
        await show(interaction, views.mine_card(mine))

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=own_cohorts)
    async def leave(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Meet nobody any more."""
        mine = await self._service.leave(caller(interaction, cohort))
        await show(interaction, views.mine_card(mine))

    @app_commands.command()
    @app_commands.describe(member="Who you never want to be paired with; nobody else learns of it")
    async def avoid(self, interaction: Interaction, member: discord.User) -> None:
        """Never be paired with somebody; only you see that."""
        avoided, note = await self._service.avoid(
            caller(interaction), member.id, plain(member.display_name)[:80], is_bot=member.bot
        )
        news = _("You will not be paired with {name}.").format(name=safe(member.display_name))
        await show(interaction, views.avoided_card(avoided, f"{news} {note}".strip()))

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    @app_commands.autocomplete(cohort=own_cohorts)
    async def history(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See whom you met, and whom you meet now."""
        found = await self._service.history(caller(interaction, cohort))
        await show(interaction, views.history_card(*found))

    @on_press("introductions.allow")
    async def allow(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Take an avoided person back."""
        avoided = await self._service.allow(caller(interaction), _id(values[0]))
        await carry_on(interaction, views.avoided_card(avoided, _("Taken back.")))

    @on_press("introductions.mine")
    async def mine(self, interaction: Interaction, subject: str) -> None:
        """Show where the member stands."""
        mine = await self._service.mine_of(caller(interaction), _id(subject))
        await carry_on(interaction, views.mine_card(mine))

    @on_press("introductions.in")
    async def count_in(self, interaction: Interaction, subject: str) -> None:
        """Take part, from the channel's card."""
        mine = await self._service.join(caller(interaction, str(_id(subject))))
        await show(interaction, views.mine_card(mine))

    @on_press("introductions.back")
    async def back(self, interaction: Interaction, subject: str) -> None:
        """Come back, or say that one is still in."""
        mine = await self._service.by_member(caller(interaction), _id(subject), "join")
        await carry_on(interaction, views.mine_card(mine))

    @on_press("introductions.rest")
    async def rest(self, interaction: Interaction, subject: str) -> None:
        """Pause from a card."""
        mine = await self._service.by_member(caller(interaction), _id(subject), "pause")
        await carry_on(interaction, views.mine_card(mine))

    @on_press("introductions.leave")
    async def go(self, interaction: Interaction, subject: str) -> None:
        """Leave from a card."""
        mine = await self._service.by_member(caller(interaction), _id(subject), "leave")
        await carry_on(interaction, views.mine_card(mine))

    @on_press("introductions.skip")
    async def skip(self, interaction: Interaction, subject: str) -> None:
        """Sit one round out."""
        mine = await self._service.skip(caller(interaction), _id(subject))
        await carry_on(interaction, views.skipped_card(mine, _id(subject)))

    @on_press("introductions.unskip")
    async def unskip(self, interaction: Interaction, subject: str) -> None:
        """Take a skip back."""
        mine = await self._service.skip(caller(interaction), _id(subject), back=True)
        await carry_on(interaction, views.mine_card(mine))

    @on_press("introductions.yes")
    async def yes(self, interaction: Interaction, subject: str) -> None:
        """They met."""
        await self._answer(interaction, subject, Said.YES)

    @on_press("introductions.not_yet")
    async def not_yet(self, interaction: Interaction, subject: str) -> None:
        """They mean to."""
        await self._answer(interaction, subject, Said.NOT_YET)

    @on_press("introductions.no")
    async def no(self, interaction: Interaction, subject: str) -> None:
        """They will not."""
        await self._answer(interaction, subject, Said.NO)

    @on_press("introductions.wrote")
    async def wrote(self, interaction: Interaction, subject: str) -> None:
        """Somebody has written where the bot cannot see it."""
        await self._answer(interaction, subject, Said.NOTHING)

    async def _answer(self, interaction: Interaction, subject: str, said: Said) -> None:
        intro = await self._service.answer(caller(interaction), _id(subject), said)
        await show(interaction, views.answered_card(intro, said))

    @on_press("introductions.still")
    async def still(self, interaction: Interaction, subject: str) -> None:
        """Somebody silent is still up for it."""
        mine = await self._service.still_up(caller(interaction), _id(subject))
        await carry_on(interaction, views.mine_card(mine))

    @on_press("introductions.else")
    async def someone_else(self, interaction: Interaction, subject: str) -> None:
        """Look for somebody else for who has waited."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        pool_at = await self._following.find_else(caller(interaction), _id(subject))
        await show(interaction, views.else_card(stamp(pool_at, "R")))


def _id(typed: str) -> int:
    return number_in(typed, _("That is gone. `/intro history` shows what is there now."))
