"""What somebody is handed: their record's files, and which forms there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.face.words import N_
from bot.record.model import Form, Made

FORMS: dict[Form, str] = {
    Form.PDF: N_("PDF"),
    Form.DOCX: N_("Word (DOCX)"),
    Form.MARKDOWN: N_("Markdown"),
    Form.RESUME: N_("JSON Résumé"),
    Form.JSON: N_("JSON"),
    Form.CSV: N_("Table (CSV)"),
}
FILES_AT_ONCE = 10
"""Files that one message may carry (Discord, message reference)."""


@dataclass(frozen=True, slots=True)
class HandOut:
    """The files of a record in one form; `entries` says how many things stand in them.

    Without files, they could not be made.
    """

    user_id: int
    form: Form
    files: Sequence[Made]
    entries: int

    @property
    def bundles(self) -> list[Sequence[Made]]:
        """The files as they go into messages."""
        n = FILES_AT_ONCE
        return [self.files[at : at + n] for at in range(0, len(self.files), n)]
