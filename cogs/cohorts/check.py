"""What keeps a cohort from working in its server, in words, with what to click."""

from collections.abc import Iterable, Sequence

from bot.face.words import _
from bot.people.cohorts import Cohort
from bot.people.contributions import ChannelNeed
from cogs.cohorts.model import PERMISSIONS, PLACES, Channel, Ground, Place, Problem


def problems(cohort: Cohort, ground: Ground, needs: Sequence[ChannelNeed]) -> list[Problem]:
    """Return everything to mend before a cohort can run, the blocking things first."""
    found = [p for place in PLACES for p in _place(cohort, place, ground, needs)]
    found += _roles(cohort, ground)
    if not cohort.contacts:
        text = _("Nobody is named for a serious problem. Go back to *Times and people* and choose.")
        found.append(Problem("contacts", text))
    if cohort.first_day is None or cohort.last_day is None:
        found.append(Problem("first_day", _("The first and last day are missing.")))
    return sorted(found, key=lambda problem: not problem.blocks)


def needed(place: Place, needs: Iterable[ChannelNeed]) -> list[str]:
    """Return the permissions that the bot needs in a place: its own, and what features add."""
    added = [p for need in needs if need.channel == place.field for p in need.permissions]
    return list(dict.fromkeys([*place.permissions, *added]))


def permission_words(names: Iterable[str]) -> str:
    """Return permissions by the names Discord shows."""
    return ", ".join(_(PERMISSIONS.get(name, name.replace("_", " ").title())) for name in names)


def _place(
    cohort: Cohort, place: Place, ground: Ground, needs: Sequence[ChannelNeed]
) -> list[Problem]:
    label = _(place.label)
    chosen: int | None = getattr(cohort, place.field)
    if chosen is None:
        if not place.required:
            return []
        missing = _("{place}: no channel yet. Choose one, or let me create it.")
        return [Problem(place.field, missing.format(place=label), silences=True)]
    channel = ground.channels.get(chosen)
    if channel is None:
        gone = _(
            "{place}: the channel is gone, or I cannot see it. Choose another one, or open the "
            "channel's *Edit → Permissions*, add me and allow *View Channel*."
        )
        return [
            Problem(place.field, gone.format(place=label), place.required, silences=True, gone=True)
        ]
    found: list[Problem] = []
    lacking = [p for p in needed(place, needs) if p not in channel.permissions]
    if "view_channel" in lacking:
        lacking = ["view_channel"]
    if lacking:
        mend = _(
            "{place}: in **#{channel}** I am missing *{permissions}*. Open #{channel} → *Edit "
            "Channel → Permissions*, add me, and allow it."
        )
        words = permission_words(lacking)
        text = mend.format(place=label, channel=channel.name, permissions=words)
        found.append(Problem(place.field, text, silences=True))
    if place.private and channel.everyone_sees:
        found.append(_open(place, channel))
    return found


def _open(place: Place, channel: Channel) -> Problem:
    text = _(
        "{place}: everyone in the server can read **#{channel}**. Open #{channel} → *Edit Channel "
        "→ Permissions* and make it a private channel."
    )
    words = text.format(place=_(place.label), channel=channel.name)
    return Problem(place.field, words, blocks=place.field == "staff_id")


def _roles(cohort: Cohort, ground: Ground) -> list[Problem]:
    found: list[Problem] = []
    readers = (
        ("moderator_role_id", "staff_id"),
        ("moderator_role_id", "mentors_id"),
        ("mentor_role_id", "mentors_id"),
    )
    for role_field, channel_field in readers:
        role_id: int | None = getattr(cohort, role_field)
        channel = ground.channels.get(getattr(cohort, channel_field) or 0)
        if role_id is None:
            continue
        if role_id not in ground.roles:
            gone = _("A role you chose is gone. Choose another one under *Roles*.")
            found.append(Problem(role_field, gone, blocks=False, gone=True))
        elif channel and role_id not in channel.seen_by and not channel.everyone_sees:
            text = _(
                "**@{role}** cannot see **#{channel}**. Open #{channel} → *Edit Channel → "
                "Permissions* and add the role."
            )
            words = text.format(role=ground.roles[role_id], channel=channel.name)
            found.append(Problem(channel_field, words, blocks=False))
    return list(dict.fromkeys(found))
