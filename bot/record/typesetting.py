"""The record as a PDF, set by Typst. What people wrote is data to it and never a command.

Import this only in a process that ends soon: the typesetter weighs as much as the bot.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

import typst

from bot.record.coverage import covered
from bot.record.document import Document
from bot.record.letters import breakable

HERE: Final = Path(__file__).parent
FONT_DIRS: Final = (HERE / "fonts", HERE.parent / "face" / "fonts")
FIRST: Final = ("Libertinus Serif", "DejaVu Sans")
LAST: Final = ("Droid Sans Fallback", "Unifont", "Unifont Upper")
"""What shows every letter there is, where no better font is installed."""
_BETTER: Final = re.compile(r"Noto (Sans|Serif|Naskh|Nastaliq)(?! Mono)|Noto Emoji")
_BROKEN: Final = re.compile(r"(?<=[/?&=.,_-])(?=\w{6})")


def typeset(document: Document, made_on: date) -> bytes:
    """Return the PDF: tagged, with title, page numbers and every letter on its page."""
    (made,) = _set(document, made_on, format="pdf")
    return made


def drawn(document: Document, made_on: date, dots: float = 110) -> list[bytes]:
    """Return each page as a picture (PNG), with so many dots to the inch."""
    return _set(document, made_on, format="png", ppi=dots)


def _set(document: Document, made_on: date, **form: Any) -> list[bytes]:
    fonts = typst.Fonts(font_paths=[str(folder) for folder in FONT_DIRS])
    better = sorted(name for name in fonts.families() if _BETTER.match(name))
    families = [*FIRST, *better, *LAST]
    told = prepared(document, made_on)
    source = (HERE / "record.typ").read_bytes()
    try:
        return _compiled(source, fonts, families, told, pdf_standards=["ua-1"], **form)
    except typst.TypstError:
        pass  # most likely there are letters that no font has
    files = [file for folder in FONT_DIRS for file in sorted(folder.glob("*.?tf"))]
    return _compiled(source, fonts, families, _named(told, covered(files)), **form)


def _compiled(
    source: bytes, fonts: Any, families: list[str], told: dict[str, Any], **form: Any
) -> list[bytes]:
    made = typst.Compiler(
        font_paths=fonts,
        sys_inputs={"data": json.dumps(told), "fonts": json.dumps(families)},
    ).compile(source, **form)
    assert made is not None
    return made if isinstance(made, list) else [made]


def prepared(document: Document, made_on: date) -> dict[str, Any]:
    """Return what the template is told."""
    told = _on_the_page(asdict(document))
    told["title"] = document.title
    told["name"] = document.name
    told["sections"] = list(document.sections)
    told["footer"] = breakable(document.title)
    told["lang"] = document.locale.partition("-")[0][:3].lower()
    told["made"] = [made_on.year, made_on.month, made_on.day]
    return told


def _on_the_page(value: Any, name: str = "") -> Any:
    """Return a value with words that may break; an address also with its own, for the link."""
    if isinstance(value, dict):
        return {key: _on_the_page(inner, key) for key, inner in value.items()}  # pyright: ignore
    if isinstance(value, list | tuple):
        return [_on_the_page(inner) for inner in value]  # pyright: ignore
    if not isinstance(value, str):
        return value
    if name == "url":
        return [value, breakable(_BROKEN.sub("\u200b", value))] if value else ""
    return breakable(value)


def _named(value: Any, known: frozenset[int]) -> Any:
    """Show a letter that no font has by its number."""
    if isinstance(value, dict):
        return {key: _named(inner, known) for key, inner in value.items()}  # pyright: ignore
    if isinstance(value, list | tuple):
        return [_named(inner, known) for inner in value]  # pyright: ignore
    return "".join(_numbered(value, known)) if isinstance(value, str) else value


def _numbered(text: str, known: frozenset[int]) -> Iterable[str]:
    for sign in text:
        yield sign if sign in "\n\u200b" or ord(sign) in known else f"⟨U+{ord(sign):04X}⟩"
