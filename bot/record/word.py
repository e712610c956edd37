"""The record as a document for a word processor, to be edited.

Import this only in a process that ends soon: the library takes longer to load than to write.
"""

import io
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from typing import Any, cast

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parser
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from bot.record.document import Document, Heading, Item, Line, Quote, Table, Tale, Text
from bot.record.letters import breakable

ACCENT = RGBColor(0x1D, 0x4F, 0x7C)
QUIET = RGBColor(0x55, 0x60, 0x6B)
ASK = RGBColor(0x8A, 0x4B, 0x08)
MOST_OF_A_PROPERTY = 255
"""Characters of a title, as the format has it."""


def composed(document: Document, made_on: date) -> bytes:
    """Return the file."""
    page = _Page(document, made_on)
    page.begin(document)
    for block in document.blocks:
        page.add(block)
    file = io.BytesIO()
    page.file.save(file)
    return file.getvalue()


class _Page:
    """A file that is being written; styles are looked up once, which is what takes the time."""

    def __init__(self, document: Document, made_on: date) -> None:
        self.file: Any = docx.Document()
        self._styles = {style.name: style for style in self.file.styles}
        self._end = self.file.element.body.sectPr
        self._look()
        facts = self.file.core_properties
        facts.title = document.title[:MOST_OF_A_PROPERTY]
        facts.author = document.name[:MOST_OF_A_PROPERTY]
        facts.last_modified_by = facts.comments = ""
        facts.created = facts.modified = datetime.combine(made_on, time(), UTC)
        facts.language = document.locale
        self._add: dict[type, Callable[[Any], None]] = {
            Heading: self._heading,
            Text: self._text,
            Item: self._item,
            Quote: self._quote,
            Line: self._line,
            Tale: self._tale,
            Table: self._table,
        }

    def _look(self) -> None:
        section = self.file.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(24)
        section.top_margin = section.bottom_margin = Mm(22)
        normal = self._styles["Normal"]
        normal.font.name, normal.font.size = "Calibri", Pt(11)
        normal.paragraph_format.space_after = Pt(5)
        for name, size in (("Title", 24), ("Heading 1", 16), ("Heading 2", 12.5)):
            font = self._styles[name].font
            font.name, font.size, font.color.rgb = "Calibri", Pt(size), ACCENT
            fonts = self._styles[name].element.rPr.rFonts
            for which in list(fonts.attrib):
                del fonts.attrib[which]
            fonts.set(qn("w:ascii"), "Calibri")
            fonts.set(qn("w:hAnsi"), "Calibri")
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            foot.add_run()._r.append(_field(kind, text))

    def begin(self, document: Document) -> None:
        """Write whose record it is."""
        self._paragraph("Title", document.name)
        for where in document.under:
            self._paragraph("Normal", where)
        if document.summary:
            self._run(self._paragraph("Normal"), document.summary, bold=True)
        if document.note:
            self._run(self._paragraph("Normal"), document.note, colour=QUIET, size=9.5)

    def add(self, block: Any) -> None:
        """Write a block."""
        self._add[type(block)](block)

    def _paragraph(self, style: str, text: str = "") -> Any:
        # Not the library's own way to the same, which looks through all that was written before.
        element = _piece("w:p")
        self._end.addprevious(element)
        element.style = self._styles[style].style_id
        paragraph = Paragraph(element, self.file._body)
        if text:
            self._run(paragraph, text)
        return paragraph

    def _run(
        self,
        paragraph: Any,
        text: str,
        *,
        bold: bool = False,
        colour: RGBColor | None = None,
        size: float = 0,
    ) -> None:
        run = paragraph.add_run(breakable(text))
        if bold:
            run.bold = True
        if colour is not None:
            run.font.color.rgb = colour
        if size:
            run.font.size = Pt(size)

    def _small(self, paragraph: Any, text: str) -> None:
        self._run(paragraph, text, colour=QUIET, size=9.5)

    def _heading(self, block: Heading) -> None:
        self._paragraph(f"Heading {block.level}", block.text)
        if block.aside or block.url:
            paragraph = self._paragraph("Normal")
            paragraph.paragraph_format.keep_with_next = True
            self._small(paragraph, block.aside + ("\n" if block.aside and block.url else ""))
            self._link(paragraph, block.url)

    def _text(self, block: Text) -> None:
        paragraph = self._paragraph("Normal")
        if block.quiet:
            self._small(paragraph, block.text)
        else:
            self._run(paragraph, block.text)

    def _item(self, block: Item) -> None:
        paragraph = self._paragraph("Normal")
        paragraph.paragraph_format.space_before = Pt(8)
        self._small(paragraph, f"{block.on}\n")
        self._run(paragraph, block.what)
        self._sign(paragraph, block.ref)
        self._facts(block.facts)
        if block.aside:
            self._small(self._paragraph("Normal"), block.aside)
        if block.url:
            self._link(self._paragraph("Normal"), block.url)

    def _facts(self, facts: Iterable[tuple[str, str]], indent: int = 0) -> None:
        for label, text in facts:
            paragraph = self._paragraph("Normal")
            if indent:
                paragraph.paragraph_format.left_indent = Mm(indent)
            self._run(paragraph, f"{label}: ", bold=True, colour=ACCENT)
            self._run(paragraph, text)

    def _quote(self, block: Quote) -> None:
        paragraph = self._paragraph("Normal", block.what)
        paragraph.paragraph_format.left_indent = Mm(6)
        paragraph.paragraph_format.space_before = Pt(8)
        by = self._paragraph("Normal")
        by.paragraph_format.left_indent = Mm(6)
        self._small(by, "— " + ", ".join(filter(None, (block.by, block.on))))
        self._sign(by, block.ref)
        self._facts(block.facts, 6)

    def _line(self, block: Line) -> None:
        paragraph = self._paragraph("List Bullet", block.text)
        self._gaps(paragraph, block.gaps)
        self._sign(paragraph, block.ref)

    def _tale(self, block: Tale) -> None:
        self._paragraph("Heading 2", block.title)
        for number, (label, text, gaps) in enumerate(block.parts, 1):
            paragraph = self._paragraph("Normal")
            self._run(paragraph, f"{label}: ", bold=True, colour=ACCENT)
            self._run(paragraph, text)
            self._gaps(paragraph, gaps)
            self._sign(paragraph, block.ref if number == len(block.parts) else "")

    def _table(self, block: Table) -> None:
        table = self.file.add_table(1 + len(block.rows), len(block.head))
        table.style = self._styles["Light List Accent 1"]
        for line, row in zip(table.rows, (block.head, *block.rows), strict=True):
            for cell, text in zip(line.cells, row, strict=True):
                cell.text = breakable(text)

    def _gaps(self, paragraph: Any, gaps: Iterable[str]) -> None:
        for gap in gaps:
            self._run(paragraph, f" [{gap}]", colour=ASK)

    def _sign(self, paragraph: Any, ref: str) -> None:
        if ref:
            self._run(paragraph, f" [{ref}]".replace(" ", "\u00a0"), colour=QUIET, size=8.5)

    def _link(self, paragraph: Any, url: str) -> None:
        if not url:
            return
        part = paragraph.part
        number = part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = _piece("w:hyperlink")
        link.set(qn("r:id"), number)
        self._run(paragraph, url, colour=ACCENT, size=9.5)
        link.append(paragraph.runs[-1]._r)
        paragraph._p.append(link)


def _field(kind: str, text: str) -> Any:
    """Return a piece of the field that a word processor fills with the page's number."""
    if text:
        piece = _piece("w:instrText")
        piece.text = text
    else:
        piece = _piece("w:fldChar")
        piece.set(qn("w:fldCharType"), kind)
    return piece


def _piece(name: str) -> Any:
    return cast(Any, parser).OxmlElement(name)
