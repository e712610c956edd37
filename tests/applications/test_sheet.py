"""Tables as spreadsheets save them, and files that are none."""

import csv
import io
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.face.cells import neutral
from cogs.applications.model import Entry, Status
from cogs.applications.sheet import MOST_ROWS, read, written

TODAY = date(2026, 3, 20)
PLAIN = "company,title,status,since\nNorthwind,Data intern,Applied,2026-03-02\n"


def one(text, encoding="utf-8"):
    sheet = read(text.encode(encoding), TODAY)
    assert sheet.problems == ()
    return sheet.entries[0]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_way_of_saving_is_read(encoding, delimiter):
    text = PLAIN.replace(",", delimiter).replace("Northwind", "Nørdwind")
    entry = one(text, encoding)
    assert entry.company == "Nørdwind"
    assert entry.steps == ((Status.APPLIED, date(2026, 3, 2)),)


def test_a_line_that_names_the_separator_is_no_header():
    assert one("sep=;\r\nCompany;Job title\r\nNorthwind;Data intern").title == "Data intern"


def test_columns_are_known_by_the_names_that_other_trackers_give_them():
    entry = one(
        "Employer,Position,Job Link,Stage,Date Applied,Comments\n"
        "Northwind,Data intern,jobs.example/7,Ghosted,2026-03-02,met them at the fair\n"
    )
    assert entry.url == "https://jobs.example/7"
    assert entry.steps == ((Status.APPLIED, date(2026, 3, 2)), (Status.NO_REPLY, date(2026, 3, 2)))
    assert entry.notes == ("met them at the fair",)


def test_the_public_lists_own_field_names_are_read():
    entry = one("company_name,title,url\nNorthwind,Data intern,https://jobs.example/7\n")
    assert (entry.company, entry.steps) == ("Northwind", ((Status.SAVED, TODAY),))


def test_each_row_that_cannot_be_used_is_named_with_its_reason_and_the_others_stay():
    sheet = read(
        b"company,title,url,status,since,interview\n"
        b"Northwind,Data intern,,Applied,2026-03-02,2026-03-25 14:30\n"
        b",Intern,,,,\n"
        b"Acme,Intern,javascript:alert(1),,,\n"
        b"Acme,Intern,,dreaming,,\n"
        b"Acme,Intern,,Applied,32 March,\n"
        b"northwind, data  intern,,Saved,,\n",
        TODAY,
    )
    assert [entry.company for entry in sheet.entries] == ["Northwind"]
    assert sheet.entries[0].interview_wall == time(14, 30)
    assert len(sheet.problems) == 5
    for line, (problem, words) in enumerate(
        zip(
            sheet.problems,
            ("Which company", "link", "“dreaming” is none of", "`since`", "same as line 2"),
            strict=True,
        ),
        start=3,
    ):
        assert f"Line {line}:" in problem
        assert words in problem


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "company"),
        (b"name,when\nNorthwind,today\n", "`company`, `title`"),
        (b"company,title\n", "no row"),
        (b"company,title,company name\na,b,c\n", "twice"),
        (b"PK\x03\x04" + bytes(40), "workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a text file"),
        (b'company,title\n"' + b"a" * 200_000 + b'",b\n', "not a table"),
        (b"company,title\n" + b"a,b\n" * (MOST_ROWS + 1), "I take up to"),
    ],
)
def test_what_is_no_table_of_applications_is_refused_with_what_to_do(content, words):
    with pytest.raises(Refusal, match=words):
        read(content, TODAY)


def test_steps_have_to_be_in_order_and_to_have_happened():
    for steps in ("2026-03-09 Applied; 2026-03-02 Interview", "2027-01-01 Applied", "soon"):
        sheet = read(f"company,title,steps\nNorthwind,Intern,{steps}\n".encode(), TODAY)
        assert not sheet.entries
        assert "`steps`" in sheet.problems[0]


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "＝1",
        "'=1",
        "\ufeff=1",
        "=HYPERLINK()",
    ],
)
def test_no_cell_runs_as_a_formula(cell):
    assert neutral(cell) == "'" + cell


def test_ordinary_cells_stay_as_they_are():
    for cell in ("Northwind", "'quoted'", "2026-03-02", "https://jobs.example", "C++ intern", ""):
        assert neutral(cell) == cell


WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cf")),
    min_size=1,
    max_size=40,
)


@given(
    company=WORDS,
    title=WORDS,
    notes=st.lists(WORDS, max_size=3),
    status=st.sampled_from(Status),
    deadline=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
)
def test_what_is_written_is_read_back_as_it_was_and_never_runs(
    company, title, notes, status, deadline
):
    steps = ((Status.SAVED, date(2026, 3, 1)), (status, date(2026, 3, 9)))
    entry = Entry(
        line=2,
        company=company,
        title=title,
        deadline_on=deadline,
        interview_on=date(2026, 4, 1),
        interview_wall=time(9, 5),
        steps=steps,
        notes=tuple(notes),
    )
    content = written([entry])
    cells = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
    sheet = read(content, TODAY)
    assert sheet.problems == ()
    assert sheet.entries == (entry,)
