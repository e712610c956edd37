"""The one place that answers: who is asking, what they are shown, and what went wrong."""

import logging
import secrets
from collections.abc import Sequence
from typing import Any

import discord

from bot.errors import Offer, Refusal
from bot.face.look import MOST_COMPONENTS, Item, Tone, View, card, row
from bot.face.press import WHY, Interaction, press
from bot.face.words import _
from bot.people.caller import Caller

log = logging.getLogger(__name__)


def caller(interaction: Interaction, cohort: str | None = None) -> Caller:
    """Return who is asking, with the rights Discord says they have in this channel's server."""
    user = interaction.user
    in_guild = interaction.guild_id is not None
    roles = user._roles if isinstance(user, discord.Member) else ()  # pyright: ignore[reportPrivateUsage]
    return Caller(
        user_id=user.id,
        guild_id=interaction.guild_id,
        name=user.display_name,
        manages_guild=in_guild and interaction.permissions.manage_guild,
        role_ids=frozenset(roles),
        cohort=cohort,
        locale=interaction.locale.value,
    )


async def show(
    interaction: Interaction,
    view: View,
    *,
    files: Sequence[discord.File] = (),
    public: bool = False,
) -> None:
    """Answer with a card that only this person sees, unless `public`."""
    view.stop()
    if interaction.response.is_done():
        await interaction.followup.send(view=view, files=list(files), ephemeral=not public)
    else:
        await interaction.response.send_message(view=view, files=list(files), ephemeral=not public)


async def redraw(
    interaction: Interaction, view: View, *, files: Sequence[discord.File] = ()
) -> None:
    """Replace the card whose button was pressed; *Why did I get this?* stays below it."""
    view.stop()
    if (why := _why(interaction.message)) and view.total_children_count + 2 <= MOST_COMPONENTS:
        view.add_item(why)
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view, attachments=list(files))
    else:
        await interaction.response.edit_message(view=view, attachments=list(files))


def _why(message: discord.Message | None) -> Item | None:
    """Return the row below a letter that leads to why it came."""
    for below in message.components if message else ():
        for part in getattr(below, "children", ()):
            name = getattr(part, "custom_id", None) or ""
            if name.startswith(f"{WHY}:"):
                return row(press(part.label, WHY, name.removeprefix(f"{WHY}:")))
    return None


async def carry_on(
    interaction: Interaction, view: View, *, files: Sequence[discord.File] = ()
) -> None:
    """Go on in the card that only this person sees; beside anything else, show a new one."""
    message = interaction.message
    if message is not None and message.flags.ephemeral:
        await redraw(interaction, view, files=files)
    else:
        await show(interaction, view, files=files)


async def explain(interaction: Interaction, error: BaseException) -> None:
    """Say in one sentence what went wrong and what to do; log what only the operator can mend.

    A form that failed is kept, and *Try again* opens it filled.
    """
    cause = getattr(error, "original", error)
    if isinstance(cause, Refusal):
        text = str(cause)
    elif isinstance(cause, discord.NotFound) and cause.code in (10062, 10015):
        log.warning("an interaction ran out before it was answered")
        return
    else:
        text = _note(cause)
    try:
        await show(interaction, card("", text, row(*_ways_on(interaction, cause)), tone=Tone.WARN))
    except discord.HTTPException as failed:
        log.warning("an answer could not be delivered: %s %s", failed.status, failed.code)


def _ways_on(interaction: Interaction, cause: Any) -> list[Item]:
    """Return the buttons that go on from a form that was not saved."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return []
    offers: tuple[Offer, ...] = getattr(cause, "offers", ()) or (
        Offer(_("Try again"), "form.again"),
    )
    return [press(offer.label, offer.action, interaction.id, style="primary") for offer in offers]


def _note(cause: BaseException) -> str:
    incident = secrets.token_hex(3)
    log.error("incident %s", incident, exc_info=cause, extra={"incident": incident})
    if is_disk_full(cause):
        return _(
            "I could not save that: my disk is full. Whoever hosts me can see it as `{id}`."
        ).format(id=incident)
    return _("Something broke on my side. It is noted as `{id}`; please try again later.").format(
        id=incident
    )


def is_disk_full(cause: Any) -> bool:
    """Say whether the database could not write because there is no room."""
    return "database or disk is full" in str(cause)
