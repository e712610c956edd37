"""How privacy looks: plain words, one file, one word to type."""

from bot.face.look import Tone, View, attached, card, row, safe
from bot.face.press import press
from bot.face.words import _
from cogs.privacy.model import Bundle, Kept


def kept_card(page: Kept) -> View:
    """Say what is kept about somebody and who reads it."""
    lines = "\n".join(f"- {safe(line)}" for line in page.lines)
    readers = "\n".join(f"- {sentence}" for sentence in page.sentences)
    return card(
        _("What I keep about you"),
        lines or _("Nothing. You have not joined, and I never write down who is in a server."),
        _("**Who reads what**\n{readers}").format(readers=readers),
        row(
            press(_("Get all of it"), "privacy.export", style="primary"),
            press(_("Delete everything…"), "privacy.delete", style="danger"),
        )
        if page.known
        else None,
    )


def bundle_card(page: Bundle) -> View:
    """Hand out the file, with its content in words."""
    counts = "\n".join(f"- {safe(title)}: {number}" for title, number in page.counts)
    return card(
        _("Everything of yours"),
        _(
            "The same twice: `record.md` to read, `record.json` for other programs.\n{counts}"
        ).format(counts=counts),
        attached(page.filename),
        _("-# Only you see this. Keep the file where only you can open it."),
    )


def deleted_card(*, known: bool) -> View:
    """Confirm that nothing is kept any more, and say what is not mine to delete."""
    if not known:
        return card(_("There was nothing"), _("I kept nothing about you."), tone=Tone.QUIET)
    return card(
        _("Everything is deleted"),
        _(
            "Your memberships, goals, check-ins, profile, drafts and messages still to be sent are "
            "gone, in every cohort. What others wrote stays theirs."
        ),
        _(
            "Not mine to delete: messages that stand in Discord already, mine to you included. "
            "Older copies of the database, which whoever hosts me keeps for a while, still hold it "
            "until they are replaced."
        ),
        tone=Tone.GOOD,
    )
