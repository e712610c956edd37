"""How a record is handed out."""

from collections.abc import Sequence

from bot.face.look import Item, Tone, View, attached, card, row
from bot.face.press import press
from bot.face.words import _, ngettext
from bot.record.model import Form, Made

from .model import FORMS, HandOut


def record_card(page: HandOut) -> View:
    """Hand out a record in one form, with buttons for the others."""
    if not page.files:
        return failed_card(page)
    several = len(page.files) > 1
    return card(
        _("Your record"),
        _counted(page.entries) if page.entries else _empty(),
        _("It was too long for one file here, so it comes in {n} parts.").format(n=len(page.files))
        if several
        else "",
        _about(page.form) if page.entries else "",
        *_files(page.bundles[0]),
        *_other_forms(page),
        tone=Tone.GOOD,
    )


def more_card(files: Sequence[Made]) -> View:
    """Hand out the files that found no place on the first card."""
    return card("", *_files(files))


def failed_card(page: HandOut) -> View:
    """Say that this form cannot be had now, and which one can."""
    if page.form is Form.MARKDOWN:
        text = _("I could not make that file just now. Nothing is lost; please try again later.")
        return card("", text, *_other_forms(page), tone=Tone.WARN)
    text = _("I could not make the {form} just now. Markdown holds the same words.")
    return card(
        "",
        text.format(form=_(FORMS[page.form])),
        row(_button(page, Form.MARKDOWN, "primary"), _button(page, page.form)),
        tone=Tone.WARN,
    )


def _counted(entries: int) -> str:
    text = ngettext(
        "{n} thing you did, in your own words, with drafts for a résumé and for interviews. Only "
        "you see this message.",
        "{n} things you did, in your own words, with drafts for a résumé and for interviews. Only "
        "you see this message.",
        entries,
    )
    return text.format(n=entries)


def _empty() -> str:
    return _(
        "Nothing stands in it yet. It begins with one line: `/journal add`, or a win in your next "
        "check-in."
    )


def _about(form: Form) -> str:
    texts = {
        Form.PDF: _("Read it before you hand it on: feedback, people and goals stand in it too."),
        Form.DOCX: _("To edit: what says “draft” is yours to change, questions in brackets to go."),
        Form.RESUME: _("For tools that read the open form of jsonresume.org."),
        Form.CSV: _("One row for each entry, for a spreadsheet."),
    }
    return texts.get(form, "")


def _files(files: Sequence[Made]) -> list[Item]:
    return [attached(made.filename) for made in files]


def _other_forms(page: HandOut) -> list[Item | None]:
    buttons = [_button(page, form) for form in FORMS if form is not page.form]
    return [row(*buttons)]


def _button(page: HandOut, form: Form, style: str = "secondary") -> Item:
    return press(_(FORMS[form]), "record.get", f"{form.value}.{page.user_id}", style=style)
