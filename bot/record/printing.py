"""The child process that makes a record's files: `python -m bot.record.printing`.

It reads what is wanted on standard input and writes the files on standard output: a line of JSON
with their names and lengths, then their bytes. It holds no secrets, only one person's record, and
takes no more memory and time than a record may cost.
"""

import contextlib
import json
import os
import resource
import sys
from collections.abc import Callable, Iterable
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, Final

from bot.face.words import set_spoken
from bot.record.document import read
from bot.record.model import Form, Made, Record, halves, unpacked

MOST_MEMORY: Final = 3 * 1024**3
MOST_SECONDS: Final = 120
MANY: Final = 500
POLITE: Final = 5
"""How far the printer of so many entries stands back where the bot wants the processor too."""


def printed(record: Record, form: Form, most: int) -> list[Made]:
    """Return the record as one file, or as several where it is longer than `most` bytes."""
    content = FORMS[form](record)
    if len(content) <= most or len(record.entries) < 2:
        return [Made(record.filename(form), content)]
    return [made for half in halves(record) for made in printed(half, form, most)]


def _pdf(record: Record) -> bytes:
    from bot.record.brag import composed
    from bot.record.typesetting import typeset

    return typeset(composed(record), record.made_on)


def _docx(record: Record) -> bytes:
    from bot.record import word
    from bot.record.brag import composed

    return word.composed(composed(record), record.made_on)


def _markdown(record: Record) -> bytes:
    from bot.record.brag import composed
    from bot.record.markdown import written

    return written(composed(record)).encode()


def _resume(record: Record) -> bytes:
    from bot.record.resume import resume

    return json.dumps(resume(record), ensure_ascii=False, indent=1).encode()


def _json(record: Record) -> bytes:
    from bot.record.plain import as_json

    return as_json(record)


def _csv(record: Record) -> bytes:
    from bot.record.plain import as_table

    return as_table(record)


FORMS: Final[dict[Form, Callable[[Record], bytes]]] = {
    Form.PDF: _pdf,
    Form.DOCX: _docx,
    Form.MARKDOWN: _markdown,
    Form.RESUME: _resume,
    Form.JSON: _json,
    Form.CSV: _csv,
}


def bound() -> None:
    """Take no more memory and time than a record may cost; be the first to go where it lacks."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    for what, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def _record(lines: Iterable[bytes]) -> list[Made]:
    record, form, most, locale = unpacked(lines)
    if len(record.entries) > MANY:
        with contextlib.suppress(AttributeError, OSError):
            os.nice(POLITE)
    set_spoken(locale)
    return printed(record, form, most)


def _composed(asked: dict[str, Any]) -> list[Made]:
    """Set a document that somebody else has composed already."""
    from bot.record.typesetting import typeset

    content = typeset(read(asked["document"]), date.fromisoformat(asked["made_on"]))
    return [Made(asked["filename"], content)]


def main() -> None:
    """Make what is asked for on standard input."""
    bound()
    lines = iter(sys.stdin.buffer)
    first = next(lines)
    asked = json.loads(first)
    files = _composed(asked) if "document" in asked else _record(chain([first], lines))
    out = sys.stdout.buffer
    out.write(json.dumps([[made.filename, len(made.content)] for made in files]).encode() + b"\n")
    for made in files:
        out.write(made.content)
    out.flush()


if __name__ == "__main__":
    main()
