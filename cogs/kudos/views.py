"""How kudos look."""

from bot.face.look import Tone, View, card, clip, plain, quote, row, safe
from bot.face.press import press
from bot.face.words import _

from .model import KudosPage, KudosState

SHOWN = 1000


def sent_card(page: KudosPage) -> View:
    """Confirm that thanks are on their way, and who decides what becomes of them."""
    return card(
        _("Thank you for thanking"),
        _("{name} reads it first and decides whether the cohort does too:").format(
            name=safe(page.receiver.name)
        ),
        quote(page.kudos.text, SHOWN),
        tone=Tone.GOOD,
    )


def copy_card(text: str) -> View:
    """Hand the words back when they can only be copied."""
    words = clip(plain(text), SHOWN).replace("```", "'''")
    return card(
        _("Words to copy"),
        _("They have not joined, so I send them nothing. Nothing was kept."),
        f"```\n{words}\n```",
    )


def _from(page: KudosPage) -> str:
    return safe(page.giver.name) if page.giver else _("somebody who left")


def kudos_card(page: KudosPage) -> View:
    """Show kudos to the person they are for, with *Share* and *Keep*."""
    kudos = page.kudos
    number = kudos.kudos_id
    about = f"-u{page.giver.user_id}" if page.giver else ""
    share = None
    if kudos.state is not KudosState.SHARED and page.channel_id is not None:
        share = press(_("Share with cohort"), "kudos.preview", number, style="primary")
    keep = press(_("Keep"), "kudos.keep", number) if kudos.state is KudosState.SENT else None
    journal = press(_("Keep in my journal"), "kudos.journal", number) if page.may_keep else None
    states = {
        KudosState.SENT: _("Only you and {name} read this, unless you share it."),
        KudosState.KEPT: _("Kept. Only you and {name} read this."),
        KudosState.SHARED: _("Shared with your cohort."),
    }
    return card(
        _("{name} says thank you").format(name=_from(page)),
        quote(kudos.text, SHOWN),
        states[kudos.state].format(name=_from(page)),
        row(share, keep, journal),
        row(press(_("Report a problem"), "safety.report", f"kudos-{number}{about}")),
        tone=Tone.GOOD,
    )


def share_preview(page: KudosPage) -> View:
    """Show the exact text and its readers before anything is posted."""
    return card(
        _("Share this?"),
        _("I would post this in <#{channel}>. Everyone who can see that channel reads it.").format(
            channel=page.channel_id
        ),
        shared_text(page),
        row(
            press(_("Share it"), "kudos.share", page.kudos.kudos_id, style="success"),
            press(_("Keep"), "kudos.keep", page.kudos.kudos_id),
        ),
    )


def shared_text(page: KudosPage) -> str:
    """Return the words with which kudos are shared."""
    heading = _("**{giver}** thanks **{receiver}**:").format(
        giver=_from(page), receiver=safe(page.receiver.name)
    )
    return f"{heading}\n{quote(page.kudos.text, SHOWN)}"


def shared_card(page: KudosPage) -> View:
    """Show kudos to the cohort."""
    about = f"kudos-{page.kudos.kudos_id}"
    return card(
        "",
        shared_text(page),
        row(press(_("Report a problem"), "safety.report", about)),
        tone=Tone.GOOD,
    )


def journal_card(entry_id: int) -> View:
    """Confirm that kudos were kept in the journal, and lead there."""
    return card(
        "",
        _("It is in your journal."),
        row(press(_("Open it"), "journal.open", entry_id)),
        tone=Tone.GOOD,
    )
