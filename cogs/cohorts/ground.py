"""Looking at a server: which channels and roles it has, and what the bot may do in them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

import discord

from bot.errors import Refusal
from bot.face.words import _
from bot.people.cohorts import Cohort
from bot.people.contributions import ChannelNeed
from cogs.cohorts.check import needed, permission_words
from cogs.cohorts.model import PERMISSIONS, PLACES, Channel, Ground, Place

MOST_CHANNELS_REACHED = 30013
"""Discord's code for a server that is full of channels."""

Overwrites = dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite]


def look(guild: discord.Guild | None) -> Ground:
    """Return what the bot sees of a server, from what Discord keeps it told of."""
    if guild is None:
        return Ground()
    return Ground(_Channels(guild), {role.id: role.name for role in guild.roles})


class _Channels(Mapping[int, Channel]):
    """The channels of a server, each looked at only when somebody asks for it."""

    def __init__(self, guild: discord.Guild) -> None:
        self._guild = guild

    def __getitem__(self, channel_id: int) -> Channel:
        channel = self._guild.get_channel(channel_id)
        if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
            raise KeyError(channel_id)
        return _channel(self._guild, channel)

    def __iter__(self) -> Iterator[int]:
        return (channel.id for channel in self._guild.channels)

    def __len__(self) -> int:
        return len(self._guild.channels)


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
    guild: discord.Guild,
    cohort: Cohort,
    presser: discord.abc.Snowflake,
    needs: Sequence[ChannelNeed],
) -> list[tuple[str, int]]:
    """Create the channels a draft has none for; return field and id of each.

    One that stands already under the cohort's category, from an attempt that broke off, is taken
    instead of a second one. Raises Refusal when the bot may not create channels.
    """
    missing = [place for place in PLACES if getattr(cohort, place.field) is None]
    _may_create(guild, [p for place in missing for p in needed(place, needs)])
    try:
        return await _create(guild, cohort, presser, missing, needs)
    except discord.Forbidden as error:
        raise Refusal(
            _("Discord did not let me create a channel. Create it yourself and choose it here.")
        ) from error
    except discord.HTTPException as error:
        if error.code != MOST_CHANNELS_REACHED:
            raise
        raise Refusal(
            _("This server has as many channels as Discord allows. Choose some that exist.")
        ) from error


def _may_create(guild: discord.Guild, wanted: Sequence[str]) -> None:
    """Refuse where Discord would: a bot cannot allow itself what its own role does not have."""
    granted = _granted(guild.me.guild_permissions)
    lacking = [p for p in dict.fromkeys(["manage_channels", *wanted]) if p not in granted]
    if wanted and lacking:
        raise Refusal(
            _(
                "I may not create channels here: I am missing *{permission}*. Allow it under "
                "*Server Settings → Roles → my role*, or choose channels that exist."
            ).format(permission=permission_words(lacking))
        )


async def _create(
    guild: discord.Guild,
    cohort: Cohort,
    presser: discord.abc.Snowflake,
    missing: Sequence[Place],
    needs: Sequence[ChannelNeed],
) -> list[tuple[str, int]]:
    category = discord.utils.get(guild.categories, name=cohort.name)
    if missing and category is None:
        category = await guild.create_category(cohort.name)
    made: list[tuple[str, int]] = []
    for place in missing:
        standing = discord.utils.get(category.text_channels, name=place.name) if category else None
        channel = standing or await guild.create_text_channel(
            place.name,
            category=category,
            overwrites=_overwrites(guild, cohort, place, presser, needed(place, needs)),
            reason=_("Set-up of {cohort}").format(cohort=cohort.name),
        )
        made.append((place.field, channel.id))
    return made


def _overwrites(
    guild: discord.Guild,
    cohort: Cohort,
    place: Place,
    presser: discord.abc.Snowflake,
    wanted: Sequence[str],
) -> Overwrites:
    own = discord.PermissionOverwrite(**dict.fromkeys(wanted, True))
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
                with suppress(discord.Forbidden):
                    await channel.set_permissions(role, view_channel=True, send_messages=True)


async def take_down(guild: discord.Guild | None, channel_id: int, message_id: int) -> None:
    """Delete a card that stands in a channel; one that is gone, or out of reach, is fine."""
    channel = guild.get_channel(channel_id) if guild else None
    if isinstance(channel, discord.TextChannel):
        with suppress(discord.NotFound, discord.Forbidden):
            await channel.get_partial_message(message_id).delete()
