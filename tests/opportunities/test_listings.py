"""Lists in every form they are published in, and in every form they should not be."""

import io
import json
from datetime import UTC, date, datetime

import pytest

from bot.face.cells import neutral, revived
from cogs.opportunities.drift import Unreadable
from cogs.opportunities.entry import Entry
from cogs.opportunities.fields import FIELDS, moment_of
from cogs.opportunities.listings import Format, Reading, as_csv, as_json
from cogs.opportunities.syndicated import split_title

TODAY = date(2026, 3, 2)
ACME = {
    "source": "Simplify",
    "company_name": "Acme",
    "id": "a-1",
    "title": "Software Intern",
    "active": True,
    "date_updated": 1772400000,
    "date_posted": 1772300000,
    "url": "https://acme.example/jobs/1",
    "locations": ["Toronto, ON", "Remote"],
    "terms": ["Summer 2026"],
    "company_url": "",
    "is_visible": True,
    "sponsorship": "Other",
    "category": "Software",
    "degrees": ["Bachelor's"],
}
WHOLE = Entry(
    company_name="Acme",
    title="Intern, =2+2",
    url="https://acme.example/jobs/1",
    locations=("Toronto, ON", "Remote"),
    terms=("Summer 2026",),
    sponsorship="Other",
    category="Software",
    degrees=("Bachelor's", "Master's"),
    tags=("@home", "python"),
    deadline_on=date(2026, 4, 1),
    date_posted=datetime(2026, 3, 1, 12, tzinfo=UTC),
    date_updated=datetime(2026, 3, 2, tzinfo=UTC),
    active=True,
    outside_id="a-1",
)


def read(content, **options):
    content = content if isinstance(content, bytes) else content.encode()
    reading = Reading(io.BytesIO(content), today=TODAY, most=options.pop("most", 1000), **options)
    return list(reading.items()), reading


def entries(content, **options):
    return [item.entry for item in read(content, **options)[0]]


def of(**fields):
    [entry] = entries(json.dumps([{**ACME, **fields}]))
    return entry


# --- listings.json


def test_the_public_lists_own_fields_are_read():
    entry = of()

    assert (entry.company_name, entry.title, entry.outside_id) == ("Acme", "Software Intern", "a-1")
    assert entry.locations == ("Toronto, ON", "Remote")
    assert (entry.terms, entry.degrees) == (("Summer 2026",), ("Bachelor's",))
    assert entry.date_posted == datetime.fromtimestamp(1772300000, UTC)
    assert entry.active


@pytest.mark.parametrize(
    "written",
    [
        1772452800,
        1772452800000,
        1772452800000000,
        1772452800.0,
        "1772452800",
        "1772452800000",
        "2026-03-02T12:00:00Z",
        "2026-03-02T07:00:00-05:00",
        "Mon, 02 Mar 2026 12:00:00 GMT",
    ],
)
def test_a_moment_is_read_in_seconds_milliseconds_and_text(written):
    assert moment_of(written, TODAY) == datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("written", ["2 March 2026", "Mar 2, 2026", "2026-03-02", "02.03.2026"])
def test_a_day_is_read_as_people_write_it(written):
    assert moment_of(written, TODAY) == datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        True,
        "soon",
        "rolling",
        "9" * 60,
        10**400,
        -(10**30),
        float("inf"),
        [],
        {},
        "0",
        0,
        "31/31/26",
    ],
)
def test_a_moment_that_is_none_is_none(written):
    assert moment_of(written, TODAY) is None


def test_a_deadline_that_is_not_understood_is_told_and_the_row_is_kept():
    items, reading = read(json.dumps([{**ACME, "deadline": "mid June"}]))

    assert items[0].entry.deadline_on is None
    assert reading.drift.unread == {"deadline": 1}
    assert reading.drift.examples == {"deadline": "mid June"}


@pytest.mark.parametrize("written", ["Rolling", "N/A", "-", " ", None])
def test_no_deadline_is_none_in_every_words(written):
    items, reading = read(json.dumps([{**ACME, "deadline": written}]))

    assert items[0].entry.deadline_on is None
    assert not reading.drift.unread


@pytest.mark.parametrize("written", ["2026-04-01", "1 April 2026", 1775001600, "2026-04-01T23:59"])
def test_a_deadline_is_a_day(written):
    assert of(deadline=written).deadline_on == date(2026, 4, 1)


def test_what_is_not_visible_in_the_list_is_over():
    assert not of(is_visible=False).active
    assert not of(active=False).active
    assert not of(active="Closed").active


def test_unknown_and_missing_fields_are_told_once_and_stop_nothing():
    rows = [{"company_name": "A", "title": "T", "url": "https://a.example", "pay": 1}] * 3

    items, reading = read(json.dumps(rows))

    assert all(item.entry for item in items)
    assert reading.drift.unknown == {"pay": 3}
    assert reading.drift.missing == {"locations": 3, "date_posted": 3, "active": 3}


def test_a_thousand_unknown_names_do_not_fill_the_report():
    _items, reading = read(json.dumps([{**ACME, f"field{n}" * 50: 1} for n in range(1000)]))

    assert len(reading.drift.unknown) == 30
    assert all(len(name) == 40 for name in reading.drift.unknown)


@pytest.mark.parametrize("strange", [1, None, "text", [1], True, 1.5])
def test_a_row_that_is_no_record_is_an_error_with_its_number(strange):
    items, _reading = read(json.dumps([ACME, strange, ACME]))

    assert [item.number for item in items if item.error] == [2]


@pytest.mark.parametrize("strange", [None, {}, {"a": 1}, [[]], [None], 7, True, "  "])
def test_a_field_of_another_kind_breaks_nothing(strange):
    of(**dict.fromkeys(ACME, strange))


def test_emoji_stay_and_control_characters_are_taken_in():
    content = json.dumps([{**ACME, "title": "Intern 🚀\u0000\u202e"}], ensure_ascii=False)

    [entry] = entries(content.replace("\\u0000", "\x01"))

    assert "🚀" in entry.title
    assert entry.checked(TODAY).entry.title == "Intern 🚀"


def test_a_list_is_read_through_a_narrow_window():
    rows = [{**ACME, "id": str(n), "title": "é" * (n % 700)} for n in range(900)]

    assert [entry.outside_id for entry in entries(json.dumps(rows, indent=2))] == [
        str(n) for n in range(900)
    ]


@pytest.mark.parametrize("name", ["listings", "jobs", "items", "data"])
def test_a_list_inside_an_object_is_found(name):
    assert len(entries(json.dumps({"version": 2, name: [ACME, ACME]}))) == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "nothing in it"),
        (b" \n \x00", "nothing in it"),
        ("[]", "empty"),
        ("[", "breaks off"),
        ('[{"company_name": "A"', "not valid JSON"),
        ('[{"company_name": "A"},', "breaks off"),
        ("[{]", "not valid JSON"),
        ("[1 2]", "not valid JSON"),
        ('{"message": "Not Found"}', "no list of openings"),
        ('{"listings": 3}', "no list of openings"),
        ("[" * 100_000, "not valid JSON"),
        ('[{"a":' * 50_000, "not valid JSON"),
        ("[" + "9" * 5000 + "]", "not valid JSON"),
        ('["' + "x" * 3_000_000, "not valid JSON"),
        ('{"listings": [' + "1," * 9_000_000 + "1]}", "one object of more than 16 MB"),
        ("<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        ("<html lang=en><title>404</title>", "web page"),
        ("<!-- hello --><!doctype HTML>", "web page"),
    ],
    ids=lambda part: str(part)[:24],
)
def test_what_is_no_list_is_refused_with_what_it_is(content, says):
    with pytest.raises(Unreadable, match=says):
        read(content)


def test_a_list_over_the_limit_is_refused_and_the_setting_is_named():
    with pytest.raises(Unreadable, match=r"more than 2 rows.*STINT_FEED_ROWS"):
        read(json.dumps([ACME] * 3), most=2)


# --- tables

TABLE = (
    "company_name,title,url,locations\r\n"
    'Acme,Intern,https://acme.example/1,"Toronto, ON; Remote"\r\n'
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_a_table_is_read_however_the_spreadsheet_saved_it(encoding):
    [entry] = entries(TABLE.replace("Acme", "Café").encode(encoding))

    assert (entry.company_name, entry.locations) == ("Café", ("Toronto, ON", "Remote"))


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_other_marks_between_the_cells_are_seen(mark):
    [entry] = entries(
        f"Company{mark}Role{mark}Link\nAcme{mark}Intern, new{mark}https://a.example\n"
    )

    assert (entry.company_name, entry.title) == ("Acme", "Intern, new")


def test_the_line_that_names_the_mark_is_no_row():
    items, _reading = read("sep=;\nCompany;Role;Link\nAcme;Intern;https://a.example\n")

    assert [(item.number, item.entry.title) for item in items] == [(3, "Intern")]


def test_a_table_with_other_names_for_its_columns_is_understood():
    table = (
        "Company Name,Position,Application Link,Apply by,Posted,Status,Visa / work permit,"
        "Study term\n"
        "Acme,Intern,https://a.example,1 April 2026,2026-03-01,closed,Other,Summer 2026\n"
    )

    [entry] = entries(table)

    assert (entry.deadline_on, entry.active) == (date(2026, 4, 1), False)
    assert (entry.sponsorship, entry.terms) == ("Other", ("Summer 2026",))


def test_a_table_without_a_needed_column_says_which():
    with pytest.raises(Unreadable, match="`title`, `url`"):
        read("company,where\nAcme,Toronto\n")


def test_short_long_and_empty_rows_break_nothing():
    items, _reading = read("company,title,url\nAcme\n\n,,\nA,B,https://c.example,D,E\n")

    assert [(item.number, item.entry.company_name) for item in items] == [(2, "Acme"), (5, "A")]


@pytest.mark.parametrize(
    "content",
    [
        "company,title,url\n" + '"' + "x" * 200_000,
        "company,title,url\n" + "x" * 2_000_000,
        "company,title,url," + ",".join(f"c{n}" for n in range(100_000)) + "\n" + "," * 100_000,
    ],
    ids=["a quotation that does not end", "a line that does not end", "very many columns"],
)
def test_a_table_that_is_a_trap_is_refused_or_read_in_bounds(content):
    with pytest.raises(Unreadable, match=r"table|empty"):
        read(content)


def test_nul_bytes_in_a_table_are_left_out():
    assert entries(TABLE.replace("Intern", "In\x00tern").encode())[0].title == "Intern"


# --- RSS and Atom

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Jobs here</title>
<item><title>Software Intern at Acme</title><link>https://acme.example/1</link>
<guid>tag:1</guid><category>python</category><pubDate>Mon, 02 Mar 2026 12:00:00 GMT</pubDate></item>
<item><title>Globex: Data &amp; AI Intern</title><link>https://globex.example/2</link></item>
<item><title>Nothing to click</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Acme careers</title>
<entry><title>Design Intern</title><link href="https://acme.example/9"/><id>urn:9</id>
<updated>2026-03-01T00:00:00Z</updated></entry></feed>"""


def test_rss_is_read_and_the_company_is_found_in_the_title():
    first, second, third = entries(RSS)

    assert (first.company_name, first.title) == ("Acme", "Software Intern")
    assert (first.outside_id, first.tags) == ("tag:1", ("python",))
    assert first.date_posted == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert (second.company_name, second.title) == ("Globex", "Data & AI Intern")
    assert (third.company_name, third.url) == ("Jobs here", "")


def test_atom_is_read_and_the_publisher_is_the_company():
    [entry] = entries(ATOM)

    assert (entry.company_name, entry.title, entry.url) == (
        "Acme careers",
        "Design Intern",
        "https://acme.example/9",
    )


@pytest.mark.parametrize(
    "content",
    [
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">]><rss version="2.0"></rss>',
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss/>',
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">]><rss/>'.encode("utf-16"),
        '<?xml version="1.0"?><note>hello</note>',
        '<?xml version="1.0"?>',
        "<rss version='2.0'></rss>",
    ],
)
def test_xml_that_is_no_list_is_refused(content):
    with pytest.raises(Unreadable):
        read(content)


def test_a_name_that_looks_like_a_file_or_an_address_is_not_opened():
    with pytest.raises(Unreadable):
        read("/etc/passwd", format=Format.SYNDICATED)
    with pytest.raises(Unreadable):
        read("http://127.0.0.1:1/", format=Format.SYNDICATED)


def test_rss_of_ten_megabytes_is_refused():
    with pytest.raises(Unreadable, match="8 MB"):
        read(RSS.encode() + b" " * 9_000_000)


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("Intern at Acme", ("Intern", "Acme")),
        ("Look at this at Acme", ("Look at this", "Acme")),
        ("Acme: Intern", ("Intern", "Acme")),
        ("Intern", ("Intern", "")),
        ("Acme: ", ("Acme: ", "")),
    ],
)
def test_title_and_company_are_told_apart(text, split):
    assert split_title(text) == split


# --- back again


@pytest.mark.parametrize("write", [as_json, as_csv])
def test_what_is_written_is_read_back_the_same(write):
    assert entries(write([WHOLE])) == [WHOLE]


def test_the_written_list_has_the_public_field_names():
    [record] = json.loads(as_json([WHOLE]))

    assert tuple(record) == FIELDS
    assert record["date_posted"] == 1772366400


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")']
)
def test_no_cell_of_the_table_is_run_by_a_spreadsheet(cell):
    table = as_csv([Entry(cell, cell, "https://a.example", (cell,), tags=(cell,))]).decode()

    assert f"\n{cell}" not in table
    assert f",{cell}" not in table
    assert f'"{cell}' not in table
    assert revived(neutral(cell)) == cell
