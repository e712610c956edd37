"""Looking at a server: which channels and roles it has, and what the bot may do in them."""

from collections.abc import Iterable

import discord

from bot.errors import Refusal
from bot.face.words import _
from bot.people.cohorts import Cohort
from cogs.cohorts.check import permission_words
from cogs.cohorts.model import PERMISSIONS, PLACES, Channel, Ground, Place

Overwrites = dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite]


def look(guild: discord.Guild | None) -> Ground:
    """Return what the bot sees of a server, from what Discord keeps it told of."""
    if guild is None:
        return Ground()
    channels = {
        channel.id: _channel(guild, channel)
        for channel in guild.channels
        if isinstance(channel, discord.TextChannel | discord.ForumChannel)
    }
    roles = {role.id: role.name for role in guild.roles}
    return Ground(channels, roles, _granted(guild.me.guild_permissions))


def _channel(guild: discord.Guild, channel: discord.TextChannel | discord.ForumChannel) -> Channel:
    can_view = {role.id for role in guild.roles if channel.permissions_for(role).view_channel}
    return Channel(
        channel_id=channel.id,
        name=channel.name,
        kind="forum" if isinstance(channel, discord.ForumChannel) else str(channel.type),
        permissions=_granted(channel.permissions_for(guild.me)),
        everyone_sees=guild.default_role.id in can_view,
        seen_by=frozenset(can_view),
    )


def _granted(permissions: discord.Permissions) -> frozenset[str]:
    # by the names Discord shows: iterating would call View Channel "read_messages"
    return frozenset(name for name in PERMISSIONS if getattr(permissions, name))


async def create_missing(
    guild: discord.Guild, cohort: Cohort, presser: discord.abc.Snowflake
) -> list[tuple[str, int]]:
    """Create the channels a draft has none for; return field and id of each.

    One that stands already under the cohort's category, from an attempt that broke off, is taken
    instead of a second one. Raises Refusal when the bot may not create channels.
    """
    missing = [place for place in PLACES if getattr(cohort, place.field) is None]
    if missing and not guild.me.guild_permissions.manage_channels:
        raise Refusal(
            _(
                "I may not create channels here: I am missing *{permission}*. Allow it under "
                "*Server Settings → Roles → my role*, or choose channels that exist."
            ).format(permission=permission_words(["manage_channels"]))
        )
    category = discord.utils.get(guild.categories, name=cohort.name)
    if missing and category is None:
        category = await guild.create_category(cohort.name)
    made: list[tuple[str, int]] = []
    for place in missing:
        standing = discord.utils.get(category.text_channels, name=place.name) if category else None
        channel = standing or await guild.create_text_channel(
            place.name,
            category=category,
            overwrites=_overwrites(guild, cohort, place, presser),
            reason=_("Set-up of {cohort}").format(cohort=cohort.name),
        )
        made.append((place.field, channel.id))
    return made


def _overwrites(
    guild: discord.Guild, cohort: Cohort, place: Place, presser: discord.abc.Snowflake
) -> Overwrites:
    own = discord.PermissionOverwrite(**dict.fromkeys(place.permissions, True))
    found: Overwrites = {guild.me: own}
    if place.posts_only:
        found[guild.default_role] = discord.PermissionOverwrite(send_messages=False)
    if place.private:
        found[guild.default_role] = discord.PermissionOverwrite(view_channel=False)
        sees = discord.PermissionOverwrite(view_channel=True, send_messages=True)
        found[discord.Object(presser.id, type=discord.Member)] = sees
        for role in readers(guild, cohort, place):
            found[role] = sees
    return found


def readers(guild: discord.Guild, cohort: Cohort, place: Place) -> Iterable[discord.Role]:
    """Return the roles that should see a private channel."""
    fields = ["moderator_role_id", "mentor_role_id"]
    for field in fields[: 1 if place.field == "staff_id" else 2]:
        role = guild.get_role(getattr(cohort, field) or 0)
        if role is not None:
            yield role


async def let_in(guild: discord.Guild, cohort: Cohort) -> None:
    """Show the private channels to the roles just chosen, where the bot may do that."""
    if not guild.me.guild_permissions.manage_roles:
        return
    for place in PLACES:
        channel = guild.get_channel(getattr(cohort, place.field) or 0)
        if not place.private or not isinstance(channel, discord.TextChannel):
            continue
        for role in readers(guild, cohort, place):
            if not channel.permissions_for(role).view_channel:
                await channel.set_permissions(role, view_channel=True, send_messages=True)


async def take_down(guild: discord.Guild | None, channel_id: int, message_id: int) -> None:
    """Delete a card that stands in a channel; one that is gone already is fine."""
    channel = guild.get_channel(channel_id) if guild else None
    if isinstance(channel, discord.TextChannel):
        try:
            await channel.get_partial_message(message_id).delete()
        except discord.NotFound:
            return
