"""Every form holds the same words, whoever typed them and however hostile they look."""

import csv
import io
import json
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker
from markdown_it import MarkdownIt

from bot.face.words import speaking
from bot.people.record import Chapter, Entry
from bot.record.brag import composed
from bot.record.document import Heading
from bot.record.letters import seen
from bot.record.model import Form, Record
from bot.record.printing import printed
from tests.bot.record.material import MADE_ON, record, work

DAY = date(2026, 3, 5)
HOSTILE = (
    '#panic("typst") #import "@preview/x:1.0.0" #read("/etc/passwd") $x^2$ @ref <label>',
    r"\documentclass{article} \input{/etc/passwd} \write18{id} $$\int$$ % gone",
    '<script>alert("x")</script> <img src=x onerror=y> &amp; &#65; <!-- gone -->',
    "# heading\n- list\n1. one\n> quote\n```\ncode\n```\n| a | b |\n|---|---|\n---\n===\n~~x~~",
    "**bold** _em_ `code` [link](https://evil.example) ![x](y) <https://x.example> [^1] \\*",
    "=1+1 +2 -3 @SUM(A1) =cmd|' /C calc'!A0 ;,\t\"'",
    "{{ 7*7 }} ${7*7} %s %(x)s {0} {page} {pages}",
    "日本語 한국어 中文 العربية עברית हिन्दी ไทย ქართული Ελληνικά Кириллица አማርኛ ᚠᛇᚻ",
    "zero\u200bwidth \u202eevil\u202c \x00\x07\x1b[31mred\x1b[0m \ufeff \u2028line \x0b",
    "x" * 300 + " " + "ü" * 300 + " " + "漢" * 300,
    "👩‍👩‍👧‍👦 🦀 🇨🇦 👍🏽 é́́́́́́́́́́́́́́́́ 𝓐 𐍈 𠮷 \U0010fffd",
    "https://example.com/" + "a/very-long?path=" * 20,
)


def hostile_record(*texts: str) -> Record:
    return record(
        tuple(
            work(
                f"journal {n}",
                DAY,
                text,
                learned=text,
                result=text,
                project=text[:80],
                skills=(text[:60],),
                people=(text[:60],),
                url=text,
            )
            for n, text in enumerate(texts, 1)
        )
        + tuple(
            Entry(Chapter.FEEDBACK, f"feedback {n}", DAY, text, said_by=text[:60], situation=text)
            for n, text in enumerate(texts, 1)
        ),
        name=texts[0][:90],
    )


def made(whole: Record, form: Form) -> bytes:
    (only,) = printed(whole, form, 10**9)
    return only.content


def letters(text: str) -> str:
    """The text without what is only layout."""
    return re.sub(r"[\s\u200b]+", "", text)


def in_pdf(content: bytes) -> str:
    return letters(
        "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    )


def in_docx(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return letters("".join(node.text or "" for node in body.iter() if node.tag.endswith("}t")))


def in_markdown(content: bytes) -> str:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    shown = []
    for token in parser.parse(content.decode()):
        assert token.type not in ("html_block", "fence", "code_block")
        for child in token.children or ():
            assert child.type not in ("html_inline", "image", "code_inline", "s_open")
            shown.append(child.content)
    return letters("".join(shown))


READ = {Form.PDF: in_pdf, Form.DOCX: in_docx, Form.MARKDOWN: in_markdown}
LETTERS_OF_A_LINE = 110
FROM_THE_LEFT = re.compile(r"[A-Za-z0-9À-ÿ#$%&*_=+.,;:!?(){}\[\]<>/\\|@'\"~^` -]+")


@pytest.mark.parametrize("form", READ)
def test_hostile_text_is_shown_as_text(form):
    read = READ[form](made(hostile_record(*HOSTILE), form))
    for text in HOSTILE:
        for line in seen(text).split("\n"):
            for run in FROM_THE_LEFT.findall(line) if form is Form.PDF else [line]:
                assert letters(run) in read


@pytest.mark.parametrize("letter", "日한中عहไქΕКአᚠ𝓐🦀")
def test_every_script_has_a_letter_on_the_page(letter):
    content = made(record((work("journal 1", DAY, letter),)), Form.PDF)
    assert letter in in_pdf(content)


def test_a_letter_no_font_has_is_shown_by_its_number():
    read = in_pdf(made(record((work("journal 1", DAY, "my name is 𠮷野"),)), Form.PDF))
    assert "mynameis⟨U+20BB7⟩野" in read


def test_no_word_leaves_the_page():
    wide = [text for text in HOSTILE if "\N{CRAB}" not in text]  # signs of several letters
    content = made(hostile_record(*wide), Form.PDF)
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        lines = page.extract_text().replace(" .", "").split("\n")
        assert max(map(len, lines)) < LETTERS_OF_A_LINE


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=60))
@pytest.mark.parametrize("form", [Form.DOCX, Form.MARKDOWN])
def test_any_text_is_read_back_as_it_was_typed(form, text):
    read = READ[form](made(record((work("journal 1", DAY, text, learned=text),)), form))
    for line in seen(text).split("\n"):
        assert letters(line) in read


ASCII = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=1)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=ASCII)
def test_any_keys_are_read_back_from_the_pdf(text):
    assert letters(text) in in_pdf(made(record((work("journal 1", DAY, text),)), Form.PDF))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(alphabet=st.characters(), min_size=1, max_size=60))
def test_any_text_at_all_makes_a_pdf_with_pages(text):
    content = made(record((work("journal 1", DAY, text, project=text),)), Form.PDF)
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) >= 1


@given(text=st.text(alphabet=st.characters(), max_size=80))
def test_json_holds_every_word_as_it_was_typed(text):
    whole = record((work("journal 1", DAY, text, learned=text),))
    (told,) = json.loads(made(whole, Form.JSON))["entries"]
    assert told["what"] == text.encode("utf-8", "replace").decode()
    assert told["on"] == "2026-03-05"


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80))
def test_no_cell_of_the_table_runs_and_every_one_is_read_back(text):
    content = made(record((work("journal 1", DAY, text, project=text),)), Form.CSV)
    head, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    cell = row[head.index("what")]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell in (text, "'" + text)


def test_the_pdf_has_title_author_language_tags_and_headings():
    reader = pypdf.PdfReader(io.BytesIO(made(record(), Form.PDF)))
    assert reader.metadata.title == "Record of Ada Okafor"
    assert reader.metadata.author == "Ada Okafor"
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    titles = [part.title for part in reader.outline if not isinstance(part, list)]
    assert titles[:2] == ["Work", "Personal projects"]
    assert "1 of " in reader.pages[0].extract_text()
    assert float(reader.pages[0].mediabox.width) < 430


def test_links_lead_where_they_say_and_nowhere_else():
    risky = replace(work("journal 1", DAY, "x"), url="javascript:alert(1)")
    fine = replace(work("journal 2", DAY, "y"), url="https://fine.example/a")
    reader = pypdf.PdfReader(io.BytesIO(made(record((risky, fine)), Form.PDF)))
    found = [
        note.get_object()["/A"]["/URI"]
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/URI" in note.get_object().get("/A", {})
    ]
    assert found == ["https://fine.example/a"]


@pytest.mark.parametrize("form", Form)
def test_a_record_with_nothing_in_it_is_a_whole_file_that_says_how_to_begin(form):
    content = made(record(()), form)
    if form in READ:
        assert letters("How to begin") in READ[form](content)
        assert letters("/journal add") in READ[form](content)
    elif form is Form.CSV:
        assert len(content.decode("utf-8-sig").splitlines()) == 1
    else:
        assert json.loads(content)


@pytest.mark.parametrize("form", [Form.PDF, Form.DOCX, Form.MARKDOWN])
def test_drafts_name_the_entry_they_come_from(form):
    read = READ[form](made(record(), form))
    assert letters("Fixed the flaky login test – it failed 3 times a week") in read
    assert letters("[journal 7]") in read
    assert letters("[which part was yours?]") in read


def test_the_document_goes_from_what_was_done_to_what_others_said_and_the_drafts():
    sections = composed(record()).sections
    assert sections == (
        "Work",
        "Personal projects",
        "Coursework",
        "Skills",
        "Goals",
        "Feedback I got",
        "Thanks I got",
        "Challenges I took",
        "How things work here",
        "People I met",
        "Résumé lines · draft",
        "Interview stories · draft",
    )


def test_work_stands_by_project_with_its_link():
    headings = [b for b in composed(record()).blocks if isinstance(b, Heading)]
    pipeline = next(b for b in headings if b.text == "Release pipeline")
    assert pipeline.url == "https://github.com/northwind/pipeline/pull/412"
    assert "12 Mar 2026 – 26 Mar 2026" in pipeline.aside


def test_the_words_around_it_are_in_the_readers_language():
    with speaking("xx"):
        assert composed(record()).locale == "xx"


def resumes() -> list[dict]:
    every = [record(), record(()), hostile_record(*HOSTILE)]
    return [json.loads(made(whole, Form.RESUME)) for whole in every]


def test_the_resume_fits_its_open_schema():
    if not os.environ.get("JSONRESUME_SCHEMA"):
        pytest.skip("JSONRESUME_SCHEMA names no schema to hold résumés against")
    schema = json.loads(Path(os.environ["JSONRESUME_SCHEMA"]).read_text("utf-8"))
    judge = Draft7Validator(schema, format_checker=FormatChecker())
    for told in resumes():
        assert [error.message for error in judge.iter_errors(told)] == []


def test_the_resume_tells_jobs_projects_courses_and_skills():
    told = resumes()[0]
    assert told["basics"] == {
        "name": "Ada Okafor",
        "label": "Software intern",
        "url": "https://ada.example",
    }
    (job,) = told["work"]
    assert (job["name"], job["position"]) == ("Northwind Freight", "Software intern")
    assert (job["startDate"], job["endDate"]) == ("2026-03-02", "2026-05-24")
    assert job["highlights"][0].startswith("Fixed the flaky login test")
    assert [one["name"] for one in told["projects"]] == ["Release pipeline", "Reports", "Bus board"]
    assert told["education"] == [{"courses": ["Databases II"]}]
    assert told["skills"][0] == {"name": "SQL"}
    assert "Thank you for staying" not in json.dumps(told)


def test_a_record_over_the_limit_comes_in_parts_that_hold_everything():
    whole = hostile_record(*HOSTILE)
    one = made(whole, Form.MARKDOWN)
    files = printed(whole, Form.MARKDOWN, len(one) - 1)
    assert [file.filename for file in files] == [
        f"stint-record-{MADE_ON}-work.md",
        f"stint-record-{MADE_ON}-feedback.md",
    ]
    assert all(len(file.content) < len(one) for file in files)
