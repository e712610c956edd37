"""The cohorts that are offered while somebody types: those they are in, or those they run."""

from discord import app_commands

from bot.face.look import clip, plain
from bot.face.press import Interaction
from bot.face.replies import caller
from bot.people import cohorts, memberships


async def own_cohorts(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Offer the person's cohorts."""
    async with interaction.client.db.read() as tx:
        names = await memberships.cohort_names(tx, interaction.user.id, current)
    return [app_commands.Choice(name=clip(plain(name), 100), value=name[:100]) for name in names]


async def run_cohorts(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Offer the cohorts of this server that this person runs."""
    async with interaction.client.db.read() as tx:
        found = await cohorts.run_by(tx, caller(interaction), current)
    return [
        app_commands.Choice(name=clip(plain(each.name), 100), value=str(each.cohort_id))
        for each in found
    ]
